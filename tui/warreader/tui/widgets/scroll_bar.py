"""Scroll bars that are kept as drawn: with every layout Textual draws those of all panes anew, a millisecond each."""

from __future__ import annotations

from functools import lru_cache

from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.css.styles import RulesMap
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

_KEPT = 64
"""Bars that are kept: those of a screen in a few positions each."""


class KeptBar(ScrollBarRender):
    """Textual's own scroll bar, drawn once for each of its looks."""

    def visualize(self) -> Visual | RenderableType:
        """What Textual is to draw; a horizontal bar, which no pane has, in its own way."""
        return _Bar(self) if self.vertical else self


class _Bar(Visual):
    def __init__(self, bar: KeptBar) -> None:
        self._bar = bar

    def render_strips(
        self,
        width: int,
        height: int | None,
        style: Style,
        options: RenderOptions,  # noqa: ARG002
    ) -> list[Strip]:
        """The bar, a strip each line."""
        bar = self._bar
        size, ground = (width, height or 0), style.rich_style
        return _drawn(size, bar.virtual_size, bar.window_size, bar.position, bar.style, ground)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:  # noqa: ARG002
        """All there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:  # noqa: ARG002
        """One line at least."""
        return 1


@lru_cache(_KEPT)
def _drawn(
    size: tuple[int, int],
    virtual: int,
    window: int,
    position: float,
    style: str | RichStyle,
    ground: RichStyle,
) -> list[Strip]:
    width, height = size
    colours = RichStyle.parse(style) if isinstance(style, str) else style
    assert colours.bgcolor is not None and colours.color is not None
    drawn = ScrollBarRender.render_bar(
        height, virtual, window, position, width, True, colours.bgcolor, colours.color
    )
    return [Strip([segment], width) for segment in Segment.apply_style(drawn.segments, ground)]


def keep_bars() -> None:
    """Have every scroll bar drawn so."""
    ScrollBar.renderer = KeptBar

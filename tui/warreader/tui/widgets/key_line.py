"""The line of keys at the bottom: one widget that draws itself.

Textual's own footer makes a widget a key anew whenever the focus moves, and with that a layout of the whole screen:
two thirds of what going from pane to pane cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.screen import Screen


@dataclass(frozen=True, slots=True)
class _Key:
    """A key on the line."""

    key: str
    shown: str
    words: str
    enabled: bool
    tooltip: str

    @property
    def width(self) -> int:
        """Cells it takes, the gap after it included."""
        return Content(f"{self.shown} {self.words} ").cell_length


class KeyLine(Widget, can_focus=False):
    """The keys that hold where the focus is, as far as the line reaches; a click presses one, the wheel shows more."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--words", "key-line--hover"}
    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; color: $footer-foreground; background: $footer-background; }
    KeyLine > .key-line--key {
        color: $footer-key-foreground; background: $footer-key-background; text-style: bold;
    }
    KeyLine > .key-line--words {
        color: $footer-description-foreground; background: $footer-description-background;
    }
    KeyLine > .key-line--hover { color: $footer-key-foreground; background: $block-hover-background; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: Sequence[_Key] = ()
        self._first = 0
        self._hover: _Key | None = None

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        """No more."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _changed(self, screen: Screen[object]) -> None:
        if not self.app.app_focus or not self.is_attached or screen is not self.screen:
            return
        actions: dict[str, _Key] = {}
        for _, binding, enabled, tooltip in screen.active_bindings.values():
            if binding.show:
                shown = self.app.get_key_display(binding)
                key = _Key(binding.key, shown, binding.description, enabled, tooltip)
                actions.setdefault(binding.action, key)
        if (keys := tuple(actions.values())) != self._keys:
            self._keys = keys
            self._first = 0
            self._hover = None
            self.tooltip = None
            self.refresh()

    def render(self) -> Content:
        """The keys, one after the other."""
        key_style = self.get_visual_style("key-line--key")
        words_style = self.get_visual_style("key-line--words")
        hover_style = self.get_visual_style("key-line--hover")
        parts: list[Content] = []
        for key in self._keys[self._first :]:
            hovered = key is self._hover
            one = Content.assemble(
                (key.shown, key_style), (f" {key.words}" if key.words else "", words_style)
            )
            one = one.stylize(hover_style) if hovered else one
            parts.append(one if key.enabled else one.stylize("dim"))
        return Content(" ").join(parts)

    # mouse

    def _at(self, x: int) -> _Key | None:
        for key in self._keys[self._first :]:
            if x < key.width:
                return key if x < key.width - 1 else None
            x -= key.width
        return None

    def _hover_over(self, key: _Key | None) -> None:
        if key is not self._hover:
            self._hover = key
            self.tooltip = key.tooltip or None if key else None
            self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which key the mouse is over, and what it does."""
        self._hover_over(self._at(event.x))

    def on_leave(self) -> None:
        """The mouse has gone."""
        self._hover_over(None)

    def on_click(self, event: events.Click) -> None:
        """Press the key; not before the button is up, when Textual clears what is selected."""
        if (key := self._at(event.x)) is not None:
            if key.enabled:
                self.app.simulate_key(key.key)
            else:
                self.app.bell()

    def on_mouse_scroll_down(self) -> None:
        """Show the keys further on."""
        self._shift(1)

    def on_mouse_scroll_up(self) -> None:
        """And those before."""
        self._shift(-1)

    def _shift(self, by: int) -> None:
        hidden = sum(key.width for key in self._keys[self._first :]) > self.size.width
        if by < 0 < self._first or (by > 0 and hidden):
            self._first += by
            self._hover_over(None)
            self.refresh()

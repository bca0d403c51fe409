"""What all lists share: the keys of lists, hostile text kept plain, the place kept when the rows change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option, OptionDoesNotExist

from warreader.index.api import visible
from warreader.tui.commands import DEFAULT_KEYS, bindings
from warreader.tui.widgets.steady import SteadyInput

_MOST_PASTED = 4_000
"""Code points that are taken of what is pasted."""


def plain(text: str, limit: int = 0) -> str:
    """Text as one line that can't steer the terminal; cut to ``limit`` code points if that is not 0."""
    line = " ".join(visible(text[: limit * 2] if limit else text).split())
    return f"{line[: limit - 1].rstrip()}…" if limit and len(line) > limit else line


def plain_inline(text: str) -> str:
    """Text on one line, every code point kept or replaced one for one."""
    return visible(text).replace("\n", " ")


class TypedBox(SteadyInput):
    """A box of one line whose letters don't move the screen: Textual's own lays all of it out for each.

    Of what doesn't fit it shows the place of the cursor while one types, else its beginning, and that there is more.
    """

    virtual_size = Reactive(Size(0, 0))

    def on_focus(self) -> None:
        """Show where one types."""
        at = self.cursor_screen_offset.x - self.content_region.x + self.scroll_offset.x
        self.scroll_to_region(Region(at, 0, 1, 1), force=True, animate=False)

    def on_blur(self) -> None:
        """Show its beginning: what was added to a query last is of use only with what went before."""
        self.scroll_to(x=0, animate=False, immediate=True, force=True)

    def watch_selection(self) -> None:
        """The same of what another than the one who types puts in."""
        if not self.has_focus:
            self.on_blur()

    def render_line(self, y: int) -> Strip:
        """The line, with ``…`` where it goes on beyond the box."""
        strip = super().render_line(y)
        width, left = self.scrollable_content_region.width, self.scroll_offset.x
        if y != 0 or width < 3 or not self.value:
            return strip
        more = Strip([Segment("…", self.rich_style + Style(dim=True))])
        # The cell after the last letter is the cursor's.
        if cell_len(self.value) > left + width:
            strip = Strip.join([strip.crop(0, width - 1), more])
        if left > 0:
            strip = Strip.join([more, strip.crop(1, width)])
        return strip

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted becomes one line of letters; of several lines Textual's own box takes the first alone."""
        event.prevent_default()
        event.stop()
        letters = "".join(one for one in event.text if one.isprintable() or one.isspace())
        if text := " ".join(letters[:_MOST_PASTED].split()):
            self.replace(text, *sorted(self.selection))


class FilterBox(TypedBox):
    """A box over a list, that filters it; the footer tells how to leave it."""

    BINDINGS = [  # noqa: RUF012
        Binding("enter", "submit", "To the list"),
        Binding("escape", "screen.escape", "Clear", id="close"),
    ]


class Rows(OptionList):
    """A list of rows with ids."""

    BINDINGS = bindings("list", DEFAULT_KEYS)
    DEFAULT_CSS = """
    Rows { border: none; padding: 0; height: 1fr; background: $background; scrollbar-size-vertical: 1; }
    Rows:focus { border: none; background-tint: $foreground 0%; }
    Rows.pane { border: round $border-blurred; }
    Rows.pane:focus { border: round $border; }
    Rows > .option-list--option { padding: 0 1; }
    Rows > .option-list--option-disabled { color: $text-muted; }
    """

    LOOKED_AROUND_IN: ClassVar[bool] = False
    """Whether to choose a row leads away, so that a click alone only goes to it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._clicked: str | None = None

    def on_click(self, event: events.Click) -> None:
        """A click chooses; in a list in which one looks around, the second on a row does."""
        place = event.style.meta.get("option")
        if not self.LOOKED_AROUND_IN or place is None or (option := self.get_option_at_index(place)).disabled:
            return
        event.prevent_default()
        again = option.id == self._clicked or event.chain > 1
        self._clicked = option.id
        there, self.highlighted = self.highlighted == place, place
        if again:
            self.action_select()
        elif there:
            # The row was highlighted while nobody was in the list: it is gone to all the same.
            self.post_message(self.OptionHighlighted(self, option, place))

    def on_blur(self) -> None:
        """Who comes back begins anew."""
        self._clicked = None

    def fill(self, rows: Iterable[tuple[str | None, Content]]) -> None:
        """Replace all rows; a row without an id is a heading. The highlighted row stays, by id, if it can."""
        held = self.highlighted_id
        self.clear_options()
        self.add_options(Option(prompt, id=row_id, disabled=row_id is None) for row_id, prompt in rows)
        if not (held is not None and self.highlight(held)) and self.option_count:
            self.action_first()

    @property
    def highlighted_id(self) -> str | None:
        """The id of the highlighted row."""
        option = self.highlighted_option
        return option.id if option is not None else None

    def highlight(self, row_id: str) -> bool:
        """Highlight a row by its id; false if there is none."""
        try:
            self.highlighted = self.get_option_index(row_id)
        except OptionDoesNotExist:
            return False
        return True

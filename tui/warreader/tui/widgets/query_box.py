"""The box that a query is typed in: it shows what it takes for fields and signs, and where a query goes wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from warreader.tui.commands import DEFAULT_KEYS, bindings
from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.lists import TypedBox, plain

if TYPE_CHECKING:
    from warreader.index.api import Completion

# Values of completion.Kind, whose module is not imported before there is something to complete.
_VALUE, _QUERY = "value", "query"

_MARKED = re.compile(r"(?<![^\s(\-])[^\W\d_]+:=?|\b(?:AND|OR|NOT)\b|(?<!\S)[-=](?=\S)|[()]")


class QueryHighlighter(Highlighter):
    """Fields and signs in the theme's accent, and where something is wrong underlined."""

    def __init__(self, theme: ReaderTheme) -> None:
        self.theme = theme
        self.problem_at: int | None = None

    def highlight(self, text: Text) -> None:
        """Style the query as it stands."""
        for match in _MARKED.finditer(text.plain):
            text.stylize(self.theme.accent, match.start(), match.end())
        if self.problem_at is not None and len(text):
            start = min(self.problem_at, len(text) - 1)
            end = start + 1
            while end < len(text) and not text.plain[end].isspace():
                end += 1
            text.stylize(f"underline bold {self.theme.warning}", start, end)


class QueryBox(TypedBox):
    """A query on one line; what may follow is offered below it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("box", DEFAULT_KEYS),
        Binding("enter", "submit", "Open"),
        Binding("escape", "screen.escape", "Clear", id="close"),
    ]

    class Step(Message):
        """Down or up was pressed with nothing to choose from here."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Leave(Message):
        """Tab was pressed with nothing to take."""

    class Chosen(Message):
        """A whole query was chosen from those offered."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query = query

    def __init__(self, theme: ReaderTheme, offers: Offers, *, id: str) -> None:
        self._query_highlighter = QueryHighlighter(theme)
        super().__init__(
            placeholder="/ to search", id=id, select_on_focus=False, highlighter=self._query_highlighter
        )
        self.offers = offers

    def point_at(self, problem_at: int | None) -> None:
        """Mark the place where the query goes wrong."""
        if self._query_highlighter.problem_at != problem_at:
            self._query_highlighter.problem_at = problem_at
            self.refresh()

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours."""
        self._query_highlighter.theme = theme
        self.refresh()

    def action_complete(self) -> None:
        """Take what is offered; else on to the next pane."""
        if not self.take():
            self.post_message(self.Leave())

    def action_right(self) -> None:
        """A character right; at the end, take what is offered."""
        if not (self.cursor_at_end and self.take()):
            self.action_cursor_right()

    def action_choose(self, by: int) -> None:
        """To the next or previous of what is offered, if there is a choice; else into the results."""
        if not self.offers.step(by):
            self.post_message(self.Step(by))

    def take(self) -> bool:
        """Take what is offered; false if nothing is."""
        offer = self.offers.current
        if offer is None:
            return False
        if offer.kind == _QUERY:
            self.post_message(self.Chosen(offer.text))
            return True
        self.value, self.cursor_position = offer.into(self.value)
        return True


class Offers(Static):
    """What a query may go on with: one line while words are typed, a list to choose from where a value is wanted.

    The line has its place while the box is in use; the list lies over what is below, so that nothing moves.
    """

    DEFAULT_CSS = """
    Offers { display: none; height: 1; width: 100%; padding: 0 1; background: $panel; color: $foreground; }
    Offers.-list { overlay: screen; constrain: none inside; height: auto; }
    """

    class Taken(Message):
        """One was clicked."""

    def __init__(self, theme: ReaderTheme, *, id: str) -> None:
        super().__init__("", id=id, markup=False)
        self.theme = theme
        self._offers: Sequence[Completion] = ()
        self._at = 0
        self._listed = False
        self._chosen = False
        self._width = 0

    def show(self, offers: Sequence[Completion], *, listed: bool | None = None, keep: bool = False) -> None:
        """Offer these, the first as the one that is taken.

        Args:
            listed: as a list; if not said, where all are values or whole queries.
            keep: keep the line's place even if there is nothing.
        """
        self._offers = offers
        self._at = 0
        self._chosen = False
        choice = bool(offers) and all(one.kind in (_VALUE, _QUERY) for one in offers)
        self._listed = choice if listed is None else listed
        self.display = bool(offers) or keep
        self.set_class(self._listed, "-list")
        self._paint()

    def on_resize(self) -> None:
        """Lines are cut to the width there is."""
        if self.size.width != self._width:
            self._width = self.size.width
            self._paint()

    @property
    def current(self) -> Completion | None:
        """What would be taken."""
        return self._offers[self._at] if self.display and self._offers else None

    @property
    def chosen(self) -> Completion | None:
        """What was gone to in the list; ``None`` where nothing was."""
        return self.current if self._chosen else None

    def step(self, by: int) -> bool:
        """To another one; false if there is no list, or its end is passed."""
        if not self.display or not self._listed:
            return False
        at = self._at + by if self._chosen else (0 if by > 0 else -1)
        if not 0 <= at < len(self._offers):
            if self._chosen and by < 0:
                self._chosen, self._at = False, 0
                self._paint()
                return True
            return False
        self._at, self._chosen = at, True
        self._paint()
        return True

    def on_click(self, event: events.Click) -> None:
        """A click takes what is offered there."""
        if (place := event.style.meta.get("offer")) is not None and place < len(self._offers):
            self._at, self._chosen = place, True
            self.post_message(self.Taken())

    def _paint(self) -> None:
        if not self.display:
            return
        width = max(10, (self.size.width or 36) - 2)
        if not self._listed:
            self.update(self._line(width) if self._offers else "", layout=False)
            return
        field = self._common_field()
        rows = []
        for place, one in enumerate(self._offers):
            name, told = (
                plain(one.text[len(field) :].strip('"') if field else one.text, 80),
                plain(one.detail, 24),
            )
            room = max(4, width - len(told) - 2)
            cut = Content(name).truncate(room, ellipsis=True)
            pad = " " * max(1, width - cut.cell_length - len(told))
            row = Content.assemble(cut, pad, (told, "dim")).stylize(_pointing(place))
            rows.append(row.stylize("reverse") if place == self._at and self._chosen else row)
        self.update(Content("\n").join(rows))

    def _common_field(self) -> str:
        """The field all values are of, ``person:``: the box shows it already, and room is short."""
        fields = {one.text.partition(":")[0] for one in self._offers}
        values = all(one.kind == _VALUE for one in self._offers)
        return f"{fields.pop()}:" if values and len(fields) == 1 else ""

    def _line(self, width: int) -> Content:
        pieces: list[str | tuple[str, str] | Content] = [("tab ", "dim")]
        for place, one in enumerate(self._offers):
            style = f"bold {self.theme.accent}" if place == 0 else "dim"
            pieces.append(Content.styled(plain(one.text, 60), style).stylize(_pointing(place)))
            pieces.append("  ")
        return Content.assemble(*pieces).truncate(width, ellipsis=True)


def _pointing(place: int) -> Style:
    """Says of a stretch which of the offers it stands for."""
    return Style.from_meta({"offer": place})

"""Quotations of the whole library: the most repeated, all that hold some words, who is quoted, where and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from warreader.tui.screens.modal import Modal
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.row_list import RowList, fitted
from warreader.tui.widgets.steady import SteadyInput
from warreader.tui.widgets.uneven_list import UnevenList

VIEWS: Mapping[str, str] = {
    "repeated": "Repeated",
    "all": "All",
    "speakers": "Speakers",
    "outlets": "Outlets",
    "months": "Months",
    "alike": "Articles",
}
"""What is listed, by id, in the order of the keys 1 to 6."""

_FIELD = re.compile(r'(said|outlet|date):("[^"]*"?|\S+)')
_DELAY = 0.15


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, as typed: words of the quotation, and ``said:``, ``outlet:``, ``date:``."""

    words: str = ""
    said: str = ""
    outlet: str = ""
    date: str = ""

    def narrowed(self, view: str, name: str) -> Wanted:
        """This, of one speaker, outlet or month only."""
        return replace(self, **{{"speakers": "said", "outlets": "outlet", "months": "date"}[view]: name})

    @classmethod
    def read(cls, typed: str) -> Wanted:
        """What a line asks for."""
        fields = {name: value.strip('"').strip() for name, value in _FIELD.findall(typed)}
        return cls(" ".join(_FIELD.sub(" ", typed).split()).strip('"'), **fields)

    def __str__(self) -> str:
        """As a line to be typed."""
        named = {"said": self.said, "outlet": self.outlet, "date": self.date}
        fields = [
            f'{name}:"{value}"' if " " in value else f"{name}:{value}"
            for name, value in named.items()
            if value
        ]
        return " ".join([*fields, self.words]).strip()


@dataclass(frozen=True, slots=True)
class Go:
    """Where to go: a match to compare, or an article at a place, with another article's shared words lit."""

    match: str | None = None
    article: str | None = None
    at: int = 0
    other: str | None = None


Row = tuple[Content, Content, Go | Wanted]
"""What a row shows first, what is said about it, and what choosing it does."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows by id, and what is told of them: how many there are, and of what."""

    rows: Mapping[str, Row]
    told: str


class EverywhereScreen(Modal[Go | None]):
    """Lists quotations of the library, or who said them; leaves with where to go.

    Args:
        fetch: lists a view for what is wanted; off the event loop.
        compare: opens the comparison of a match over this.
        step: takes the last change back (``undo``), or makes it again (``redo``).
        typed: what stands in the box at first.
        view: what is listed at first.
    """

    DEFAULT_CSS = """
    EverywhereScreen { background: $surface; }
    EverywhereScreen #views { height: 1; color: $text-muted; }
    EverywhereScreen #asked { border: none; height: 1; background: $background; padding: 0 1; }
    EverywhereScreen #told { height: 1; color: $text-muted; }
    EverywhereScreen UnevenList { background: $surface; height: 1fr; }
    EverywhereScreen .hint { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close"),
        Binding("q", "cancel", "Close"),
        Binding("slash", "box", "Search"),
        Binding("c", "compare", "Compare", id="compare"),
        Binding("tab", "view(1)", "Next view", priority=True),
        Binding("shift+tab", "view(-1)", "Previous view", priority=True),
        Binding("u", "step('undo')", "Undo", id="undo"),
        Binding("ctrl+r", "step('redo')", "Redo", id="redo"),
        *(Binding(str(number), f"show('{view}')", show=False) for number, view in enumerate(VIEWS, 1)),
    ]
    AUTO_FOCUS = "RowList"

    def __init__(
        self,
        fetch: Callable[[str, Wanted], Listed],
        compare: Callable[[str], None],
        step: Callable[[str], None],
        *,
        typed: str = "",
        view: str = "repeated",
    ) -> None:
        super().__init__()
        self._fetch = fetch
        self._compare = compare
        self._step = step
        self._said = ""
        self.typed = typed
        self.view = view
        self._listed = Listed({}, "")
        self._shown: tuple[str, Wanted] | None = None

    def compose(self) -> ComposeResult:
        """Views, box, list."""
        with Vertical() as frame:
            frame.border_title = "Quotations of the library"
            yield Static("", id="views", markup=False)
            yield SteadyInput(
                self.typed,
                placeholder="/ words of a quotation, said:name outlet:name date:2022-03",
                id="asked",
                compact=True,
            )
            yield Static("", id="told", markup=False)
            yield UnevenList(self._draw, self._height, id="found")
            yield Static(
                "tab or 1-6 view · / narrows · enter opens, compares or narrows · esc closes",
                classes="hint",
                markup=False,
            )

    def on_mount(self) -> None:
        """List what was asked for."""
        self._ask()

    @property
    def behind(self) -> bool:
        """Whether another list than the one that is shown was asked for."""
        return self._shown != (self.view, self.wanted)

    @property
    def wanted(self) -> Wanted:
        """What is asked for now."""
        return Wanted.read(self.query_one(Input).value)

    def _ask(self, said: str = "") -> None:
        self._said = said
        views = Content("  ").join(
            Content.styled(f"{number} {title}", "bold reverse" if view == self.view else "")
            for number, (view, title) in enumerate(VIEWS.items(), 1)
        )
        self.query_one("#views", Static).update(views)
        in_thread(self, partial(self._list, self.view, self.wanted), group="list", exclusive=True)

    def _list(self, view: str, wanted: Wanted) -> None:
        self.app.call_from_thread(self._show, view, wanted, self._fetch(view, wanted))

    def _show(self, view: str, wanted: Wanted, listed: Listed) -> None:
        # Another view or other words may have been asked for meanwhile.
        if self.left or (view, wanted) != (self.view, self.wanted):
            return
        same, self._shown = (view, wanted) == self._shown, (view, wanted)
        self._listed = listed
        self.tell(" · ".join(filter(None, (self._said, listed.told))))
        rows = self.query_one(RowList)
        rows.fill(list(listed.rows))
        if not same:
            rows.action_first()

    def tell(self, words: str) -> None:
        """Say something above the list."""
        if not self.left:
            self.query_one("#told", Static).update(plain(words, 200))

    def renew(self, said: str = "") -> None:
        """List the same anew, as after a ruling; it is said above the list."""
        if not self.left:
            self._ask(said)

    def _height(self, row_id: str, width: int) -> int:
        """Of a quotation the words are on one line or two; two titles have a line each; a count is all on one."""
        head = self._listed.rows[row_id][0]
        shown = self._shown[0] if self._shown else self.view
        if shown not in ("repeated", "all", "alike"):
            return 1
        return 3 if "\n" in head.plain or head.cell_length > width else 2

    def _draw(self, row_id: str, width: int, lines: int) -> Sequence[Content]:
        head, about, _ = self._listed.rows[row_id]
        if lines == 1:
            return [Content.assemble(head, "  ", about).truncate(width, ellipsis=True)]
        # Of two titles each has its line.
        told = (
            [piece.truncate(width, ellipsis=True) for piece in head.split()] if "\n" in head.plain else None
        )
        return [*(told or fitted(head, width, lines - 1)), about.truncate(width, ellipsis=True)]

    # keys

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self.typed = event.value
        self.set_timer(_DELAY, partial(self._ask_for, event.value))

    def _ask_for(self, typed: str) -> None:
        if not self.left and self.query_one(Input).value == typed:
            self._ask()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.query_one(RowList).focus()

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self.behind:
            self.tell("being listed: enter again when it is there")
            return
        meant = self._listed.rows[event.row_id][2]
        if isinstance(meant, Wanted):
            self.view = "all" if self.wanted.words else "repeated"
            self.query_one(Input).value = str(meant)
            self._ask()
        elif meant.match is not None:
            self._compare(meant.match)
        else:
            self.dismiss(meant)

    def action_compare(self) -> None:
        """The versions of the highlighted quotation, as everywhere."""
        row = self._listed.rows.get(self.query_one(RowList).highlighted_id or "")
        if self.behind or row is None:
            return
        if isinstance(row[2], Go) and row[2].match is not None:
            self._compare(row[2].match)
        else:
            self.tell("no quotation here that stands in several articles")

    def action_box(self) -> None:
        """Type what to look for."""
        self.query_one(Input).focus()

    @on(events.Click, "#views")
    def _clicked(self, event: events.Click) -> None:
        place = 0
        for number, (view, title) in enumerate(VIEWS.items(), 1):
            if place <= event.x < place + len(f"{number} {title}"):
                self.action_show(view)
            place += len(f"{number} {title}") + 2

    def action_step(self, which: str) -> None:
        """Take the last change back, or make it again."""
        self._step(which)

    def action_show(self, view: str) -> None:
        """List another view."""
        self.view = view
        self._ask()

    def action_view(self, by: int) -> None:
        """The next view."""
        order = list(VIEWS)
        self.action_show(order[(order.index(self.view) + by) % len(order)])

    def action_leave(self) -> None:
        """Out of the box; from the list, clear what was asked for; then close."""
        box = self.query_one(Input)
        if box.has_focus:
            self.query_one(RowList).focus()
        elif box.value:
            box.value = ""
        else:
            self.dismiss(None)

    def action_cancel(self) -> None:
        """Close."""
        self.dismiss(None)

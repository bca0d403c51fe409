"""What is known of one name: how often when, under which names and why these are one; and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warreader.index.api import Joined, many
from warreader.tui.screens.modal import Modal
from warreader.tui.threads import threaded
from warreader.tui.widgets.entity_pane import KINDS
from warreader.tui.widgets.lists import Rows, plain

if TYPE_CHECKING:
    from warreader.index.api import Entity, Library
    from warreader.tui.themes import ReaderTheme

_BLOCKS = "▁▂▃▄▅▆▇█"
_WIDEST = 68
ACTIONS = {
    "a": "articles",
    "w": "with",
    "s": "said",
    "r": "rename",
    "t": "kind",
    "m": "merge",
    "p": "pin",
    "o": "split",
    "x": "ignore",
}
"""Keys to what they do."""

_LEADS = "a its articles · w with another · s what it says"
_MENDS = "r rename · t kind · m join to another"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is opened on: an entity by id and name; a form of it; where that stands.

    ``article`` is the open article where it names the entity, ``start`` the mention's offset where the card was
    opened on one.
    """

    entity: str
    name: str
    form: str | None = None
    article: str | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done: an action, on which form, and where that is to hold."""

    action: str
    form: str
    article: str | None
    start: int | None


def sparkline(months: Sequence[tuple[str, int]], width: int) -> tuple[str, int]:
    """A line of blocks for counts by month; and how many months one block stands for.

    A month without any is a space, so that what is low and what is nothing can be told apart.
    """
    if not months:
        return "", 0
    each = -(-len(months) // max(1, width))
    sums = [sum(count for _, count in months[at : at + each]) for at in range(0, len(months), each)]
    most = max(sums) or 1
    line = "".join(" " if not n else _BLOCKS[min(7, (n * 8 - 1) // most)] for n in sums)
    return line, each


class EntityCard(Modal[Wish | None]):
    """Leaves with what is to be done."""

    LIGHT = True
    DEFAULT_CSS = """
    EntityCard > Vertical { width: 76; max-width: 98%; height: auto; max-height: 96%; }
    EntityCard Static { height: auto; }
    EntityCard #months { margin: 1 0; }
    EntityCard Rows { background: $surface; height: auto; max-height: 12; min-height: 2; }
    EntityCard #doing { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "cancel", "Close")]

    def __init__(self, library: Library, theme: ReaderTheme, subject: Subject) -> None:
        super().__init__()
        self._library = library
        self._theme = theme
        self._subject = subject
        self._joins: Sequence[Joined] = ()
        self._reach = 0

    def compose(self) -> ComposeResult:
        """Counts, months, names with reasons, what can be done."""
        with Vertical() as frame:
            frame.border_title = Content(plain(self._subject.name, 60))
            frame.border_subtitle = "esc closes"
            yield Static("…", id="counts", markup=False)
            yield Static("", id="months", markup=False)
            yield Rows(id="joins")
            yield Static("", id="doing", markup=False, classes="hint")

    def on_mount(self) -> None:
        """Fetch what is known."""
        self.query_one(Rows).focus()
        self._tell()
        self._fetch()

    @threaded()
    def _fetch(self) -> None:
        entities, named = self._library.entities, self._subject.entity
        self.app.call_from_thread(self._counts, entities.get(named))
        self.app.call_from_thread(self._names, entities.pivots.joins(named))
        self.app.call_from_thread(self._months, entities.pivots.months(named))

    def _counts(self, entity: Entity | None) -> None:
        told = "no longer named in this library"
        if entity is not None:
            articles, times = many(entity.articles, "article"), many(entity.mentions, "time")
            told = f"{KINDS[entity.label]} · {articles} · named {times}"
        self.query_one("#counts", Static).update(told)

    def _months(self, months: Sequence[tuple[str, int]]) -> None:
        shown = self.query_one("#months", Static)
        if not months:
            shown.update(Content.styled("no dated article names it", "dim"))
            return
        width = min(_WIDEST, max(10, self.query_one(Rows).size.width))
        line, each = sparkline(months, width)
        peak, most = max(months, key=lambda month: month[1])
        first, last = months[0][0], months[-1][0]
        axis = first if first == last else first + " " * max(1, len(line) - len(first) - len(last)) + last
        step = "a month" if each == 1 else f"{each} months"
        about = f"articles, {step} a bar; most in {peak}: {most:,}"
        shown.update(Content.assemble((line, self._theme.accent), f"\n{axis}\n", (about, "dim")))

    def _names(self, joins: Sequence[Joined]) -> None:
        self._joins = joins
        rows = self.query_one(Rows)
        rows.fill(
            (
                str(number),
                Content.assemble(
                    (plain(join.form, 40), "bold"), f"  {join.mentions:,}  ", (plain(join.reason, 90), "dim")
                ),
            )
            for number, join in enumerate(joins)
        )
        wanted = " ".join((self._subject.form or "").split())
        if wanted:
            at = next((n for n, join in enumerate(joins) if " ".join(join.form.split()) == wanted), 0)
            rows.highlight(str(at))

    def _tell(self) -> None:
        reach = self._reaches[self._reach]
        more = " (h: elsewhere)" if len(self._reaches) > 1 else ""
        self.query_one("#doing", Static).update(
            f"{_LEADS}\n{_MENDS}\nthe name chosen above, {reach}{more}:\np is another · o set apart · x is no name"
        )

    @property
    def _reaches(self) -> Sequence[str]:
        found = ["everywhere"]
        if self._subject.article is not None:
            found.append("in this article")
            if self._subject.start is not None:
                found.append("at this place")
        return found

    def on_key(self, event: events.Key) -> None:
        """A letter does what the card says."""
        if event.key == "h":
            event.stop()
            self._reach = (self._reach + 1) % len(self._reaches)
            self._tell()
        elif (action := ACTIONS.get(event.key)) is not None:
            event.stop()
            self.dismiss(self._wish(action))

    def _wish(self, action: str) -> Wish:
        chosen = self.query_one(Rows).highlighted_id
        subject = self._subject
        form = (
            self._joins[int(chosen)].form
            if chosen is not None and self._joins
            else subject.form or subject.name
        )
        return Wish(
            action,
            " ".join(form.split()),
            subject.article if self._reach else None,
            subject.start if self._reach == 2 else None,
        )

    def action_cancel(self) -> None:
        """Leave without."""
        self.dismiss(None)

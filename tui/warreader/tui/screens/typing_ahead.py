"""Choosing by typing ahead: a box, and below it the list of what fits."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from warreader.index.api import many
from warreader.tui.screens.modal import Modal
from warreader.tui.widgets.lists import Rows, plain
from warreader.tui.widgets.steady import SteadyInput

Chosen = TypeVar("Chosen")

_MOST = 200
"""Tags listed: each row is measured, at every letter, while nothing else is done."""


class AheadPicker(Modal[Chosen | None], Generic[Chosen]):
    """Leaves with what was chosen, or without.

    Args:
        title: on the frame.
        asked: in the empty box.
        about: shown above the box, where the choice needs to be told what it is for.
        hint: on the frame's lower edge.
    """

    LIGHT = True
    DEFAULT_CSS = """
    AheadPicker > Vertical { width: 64; max-width: 96%; height: 20; max-height: 90%; }
    AheadPicker #about { height: auto; max-height: 3; color: $text-muted; }
    AheadPicker Input { border: none; height: 1; background: $background; }
    AheadPicker Rows { background: $surface; border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
    ]

    def __init__(self, title: str, *, asked: str = "type a name", about: str = "", hint: str = "") -> None:
        super().__init__()
        self._title = title
        self._asked = asked
        self._about = about
        self._hint = hint

    @abstractmethod
    def offer(self, typed: str) -> object:
        """Find what fits, and :meth:`fill` the list with it."""

    @abstractmethod
    def chosen(self, row: str) -> Chosen:
        """What a row of the list stands for."""

    def compose(self) -> ComposeResult:
        """Box and list."""
        with Vertical() as frame:
            frame.border_title = Content(plain(self._title, 58))
            frame.border_subtitle = Content(self._hint)
            if self._about:
                yield Static(self._about, id="about", markup=False)
            yield SteadyInput(placeholder=self._asked, compact=True)
            yield Rows()

    def on_mount(self) -> None:
        """What there is before anything is typed."""
        self.offer("")

    @property
    def typed(self) -> str:
        """What stands in the box, without spaces around it."""
        return self.query_one(Input).value.strip()

    @on(Input.Changed)
    def _changed(self) -> None:
        self.offer(self.typed)

    def fill(self, rows: Iterable[tuple[str | None, Content]]) -> None:
        """Show these, the first of them highlighted."""
        shown = self.query_one(Rows)
        shown.fill(rows)
        shown.action_first()

    def action_step(self, by: int) -> None:
        """Move in the list while typing."""
        rows = self.query_one(Rows)
        (rows.action_cursor_down if by > 0 else rows.action_cursor_up)()

    @on(Input.Submitted)
    @on(Rows.OptionSelected)
    def _pick(self) -> None:
        if not self.behind and (row := self.query_one(Rows).highlighted_id) is not None:
            self.dismiss(self.chosen(row))

    def action_cancel(self) -> None:
        """Leave without."""
        self.dismiss(None)


class TagPicker(AheadPicker[str]):
    """Pick a tag by typing ahead, or make a new one; the recent nine are on 1 to 9.

    Args:
        recent: those used last.
        known: all there are, and how often each is used.
        about: what is to have it, where that is not in sight.
    """

    DEFAULT_CSS = """
    TagPicker > Vertical { width: 48; height: 18; }
    """

    def __init__(self, recent: Sequence[str], known: Mapping[str, int], about: str = "") -> None:
        super().__init__("Tag", asked="type a tag, or 1-9", about=about)
        self._recent = recent
        self._known = known

    def offer(self, typed: str) -> None:
        """All tags at first, the recent ones on top; a digit alone takes one of those."""
        if len(typed) == 1 and typed.isdigit() and 0 < int(typed) <= len(self._recent):
            self.dismiss(self._recent[int(typed) - 1])
            return
        wanted = typed.casefold()
        order = [*self._recent, *sorted(set(self._known) - set(self._recent), key=str.casefold)]
        found = [tag for tag in order if _fits(wanted, tag.casefold())]
        found.sort(key=lambda tag: _farness(wanted, tag.casefold()))
        rows: list[tuple[str | None, Content]] = [
            (f"={tag}", self._row(tag, numbered=not wanted)) for tag in found[:_MOST]
        ]
        if typed and wanted not in (tag.casefold() for tag in found):
            rows.append((f"+{typed}", Content.assemble(("+ new tag ", "dim"), plain(typed, 60))))
        if more := len(found[_MOST:]):
            rows.append((None, Content(f"  and {many(more, 'tag')} more: type on")))
        self.fill(rows)

    def _row(self, tag: str, *, numbered: bool) -> Content:
        number = self._recent.index(tag) + 1 if numbered and tag in self._recent else " "
        return Content.assemble(f"{number} {plain(tag, 60)}", (f"  {self._known.get(tag, 0)}", "dim"))

    def chosen(self, row: str) -> str:
        """The tag, whether it was there or is new."""
        return row[1:]


def _fits(wanted: str, tag: str) -> bool:
    """Whether what is typed stands in a tag, or begins levels of it one below the other: ``ev/vi``."""
    if wanted in tag:
        return True
    levels = iter(tag.split("/"))
    return "/" in wanted and all(
        any(level.startswith(part) for level in levels) for part in wanted.split("/")
    )


def _farness(wanted: str, tag: str) -> int:
    """How far a tag is from what is typed: 0 begins so, 1 one of its levels does, 2 it holds it."""
    if tag.startswith(wanted):
        return 0
    return 1 if any(level.startswith(wanted) for level in tag.split("/")) else 2

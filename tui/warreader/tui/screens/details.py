"""What is known about an article, field by field; a wrong or missing one is filled in where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from warreader.tui.screens.modal import Modal
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.steady import SteadyInput

FIELDS: Sequence[tuple[str, str]] = (
    ("title", "Title"),
    ("outlet", "Outlet"),
    ("author", "Author"),
    ("agency", "Agency"),
    ("date", "Date"),
    ("url", "Address"),
    ("language", "Language"),
)
"""The fields of an article's metadata that a reader may correct, each with its name on the screen."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the details.

    ``field`` names the metadata field it may be corrected in, or is ``None``; ``was`` is what stood there before it
    was ``corrected``.
    """

    name: str
    value: str | None
    field: str | None = None
    corrected: bool = False
    was: str | None = None


Save = Callable[[str, str | None, Callable[[Sequence[Fact]], None], Callable[[Exception], None]], None]
"""Stores a corrected field (``None``: not known); may take a while. Then all facts go to the one, or an error to the
other."""

TakeBack = Callable[[str, Callable[[Sequence[Fact]], None], Callable[[Exception], None]], None]
"""Takes the correction of a field back, in the same way."""


class FactRow(Horizontal, can_focus=True):
    """A fact with its name; focused, it can be edited in its place."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(classes="fact")
        self.fact = fact

    def compose(self) -> ComposeResult:
        """Name, value, and where it stands a box to edit it."""
        yield Static(self.fact.name, classes="name", markup=False)
        yield Static("", classes="value", markup=False)

    def on_mount(self) -> None:
        """Show the value."""
        self.show(self.fact)

    def show(self, fact: Fact) -> None:
        """Show a fact in place of the one before."""
        self.fact = fact
        value = self.query_one(".value", Static)
        mark = (
            f"  ✎ corrected, was: {plain(fact.was, 100) if fact.was else 'not known'}"
            if fact.corrected
            else ""
        )
        value.update(f"{plain(fact.value, 600) if fact.value else 'not known'}{mark}")
        value.set_class(not fact.value, "-unknown")
        self.set_class(fact.corrected, "-corrected")

    @property
    def editing(self) -> bool:
        """Whether its box is open."""
        return bool(self.query(Input))

    def edit(self) -> bool:
        """Open the box; false where the fact can't be changed."""
        if self.fact.field is None:
            return False
        if not self.editing:
            value = plain(self.fact.value) if self.fact.value else ""
            box = SteadyInput(value, compact=True, select_on_focus=False)
            self.query_one(".value").display = False
            self.mount(box)
            box.focus()
        return True

    def close(self) -> None:
        """Close the box; the focus comes back to the row."""
        if self.editing:
            self.focus()
            self.query_one(Input).remove()
            self.query_one(".value").display = True


class DetailsDialog(Modal[None]):
    """The details of one article.

    Args:
        facts: what is known.
        save: stores a correction of a field; then it calls the first with what is known, or the second with the error.
        take_back: takes the correction of a field back, and goes on so.
        edit: open the first field at once.
    """

    LIGHT = True
    DEFAULT_CSS = """
    DetailsDialog > Vertical { width: 96; max-width: 96%; height: auto; max-height: 92%; }
    DetailsDialog VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    DetailsDialog .fact { height: auto; }
    DetailsDialog .fact:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    DetailsDialog .name { width: 14; color: $text-muted; }
    DetailsDialog .fact:focus .name, DetailsDialog .fact:focus .value { color: $block-cursor-foreground; }
    DetailsDialog .value { width: 1fr; height: auto; }
    DetailsDialog .value.-unknown { color: $text-muted; text-style: italic; }
    DetailsDialog .fact Input { width: 1fr; height: 1; border: none; padding: 0; background: $background; }
    DetailsDialog #problem { height: auto; color: $text-warning; display: none; }
    DetailsDialog .hint { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close"),
        Binding("down", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
    ]

    def __init__(self, facts: Sequence[Fact], save: Save, take_back: TakeBack, *, edit: bool = False) -> None:
        super().__init__()
        self._facts = facts
        self._save = save
        self._take_back = take_back
        self._edit = edit

    def compose(self) -> ComposeResult:
        """One row a fact."""
        with Vertical() as frame:
            frame.border_title = "Details"
            with VerticalScroll(can_focus=False):
                for fact in self._facts:
                    yield FactRow(fact)
            yield Static("", id="problem", markup=False)
            yield Static("", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin at the first field."""
        self._hint()
        first = self.query(FactRow).first()
        first.focus()
        if self._edit:
            first.edit()
            self._hint()

    def _hint(self) -> None:
        editing = any(row.editing for row in self.query(FactRow))
        self.query_one(".hint", Static).update(
            "enter saves, empty is not known · esc leaves it as it was"
            if editing
            else "j k move · e edits · x takes a correction back · esc closes"
        )

    def _tell(self, problem: str) -> None:
        line = self.query_one("#problem", Static)
        line.update(plain(problem, 300))
        line.display = bool(problem)

    @property
    def _here(self) -> FactRow | None:
        focused = self.focused
        if isinstance(focused, FactRow):
            return focused
        return focused.parent if focused is not None and isinstance(focused.parent, FactRow) else None

    def on_key(self, event: events.Key) -> None:
        """The letters are keys while nothing is typed."""
        row = self._here
        if row is None or row.editing:
            return
        action = {
            "j": self._down,
            "k": self._up,
            "e": self._begin,
            "enter": self._begin,
            "x": self._withdraw,
        }.get(event.key)
        if event.key in ("q", "i"):
            self.dismiss(None)
        elif action is not None:
            event.stop()
            action()

    def _down(self) -> None:
        self.action_step(1)

    def _up(self) -> None:
        self.action_step(-1)

    def action_step(self, by: int) -> None:
        """To the next or previous fact; what is being edited stays as it was."""
        rows = list(self.query(FactRow))
        row = self._here
        at = rows.index(row) if row is not None else 0
        if row is not None:
            row.close()
        self._tell("")
        rows[max(0, min(at + by, len(rows) - 1))].focus()
        self._hint()

    def _begin(self) -> None:
        row = self._here
        self._tell(
            "" if row is not None and row.edit() else "this follows from the article and can't be changed"
        )
        self._hint()

    def _withdraw(self) -> None:
        row = self._here
        if row is None or row.fact.field is None or not row.fact.corrected:
            self._tell("this was not corrected; e corrects it")
            return
        self._take_back(row.fact.field, partial(self._stored, row), self._missed)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        row = self._here
        if row is None or row.fact.field is None:
            return
        value = event.value.strip() or None
        if value == (row.fact.value or None):
            row.close()
            self._hint()
            return
        self._save(row.fact.field, value, partial(self._stored, row), self._missed)

    def _missed(self, error: Exception) -> None:
        """What was typed stands there still."""
        if self.is_attached:
            self._tell(str(error))

    def _stored(self, row: FactRow, facts: Sequence[Fact]) -> None:
        if not self.is_attached:
            return
        self._tell("")
        row.close()
        for shown, fact in zip(self.query(FactRow), facts, strict=True):
            shown.show(fact)
        self._hint()

    def on_click(self, event: events.Click) -> None:
        """A click on a fact goes to it, two edit it; beside the dialogue it leaves. What is being typed stays."""
        if (edited := next((row for row in self.query(FactRow) if row.editing), None)) is not None:
            edited.query_one(Input).focus()
            event.prevent_default()
            return
        row = event.widget
        while row is not None and not isinstance(row, FactRow):
            row = row.parent if row.parent is not self else None  # type: ignore[assignment]
        if isinstance(row, FactRow):
            row.focus()
            self._tell("")
            if event.chain == 2:
                self._begin()

    def action_leave(self) -> None:
        """Leave the field that is edited as it was, else the dialogue."""
        row = self._here
        if row is not None and row.editing:
            row.close()
            self._tell("")
            self._hint()
        else:
            self.dismiss(None)

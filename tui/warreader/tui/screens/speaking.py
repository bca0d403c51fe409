"""Who said it: one of those the article names, or a name as typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from warreader.index.article import Label
from warreader.index.text import fold
from warreader.tui.widgets.lists import Rows, plain

Picked = tuple[str, Label | None]
_NOBODY = "nobody is known to have said it"


class SpeakerPicker(ModalScreen[Picked | None]):
    """Leaves with a name and, where it is one of the article's names, its kind; an empty name: nobody is known.

    Args:
        quoted: the quotation, to be shown.
        known: whom the article names, in the order to be offered.
    """

    CSS = """
    SpeakerPicker { align: center middle; background: $background 60%; }
    SpeakerPicker > Vertical {
        width: 64; max-width: 96%; height: 20; max-height: 90%;
        background: $surface; border: round $border; padding: 0 1;
    }
    SpeakerPicker #quoted { height: auto; max-height: 3; color: $text-muted; }
    SpeakerPicker Input { border: none; height: 1; background: $background; }
    SpeakerPicker Rows { background: $surface; border: none; }
    SpeakerPicker .hint { height: 1; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
    ]

    def __init__(self, quoted: str, known: Sequence[tuple[str, Label]]) -> None:
        super().__init__()
        self._quoted = quoted
        self._known = known
        self._choices: dict[str, Picked] = {}

    def compose(self) -> ComposeResult:
        """Quotation, box, list."""
        with Vertical() as frame:
            frame.border_title = "Who said it"
            yield Static(f"▎{plain(self._quoted, 170)}", id="quoted", markup=False)
            yield Input(placeholder="type a name", id="speaker", compact=True)
            yield Rows(id="speakers")
            yield Static("enter chooses · esc leaves it as it is", classes="hint")

    def on_mount(self) -> None:
        """All names at first."""
        self._list("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._list(event.value.strip())

    def _list(self, typed: str) -> None:
        wanted = fold(typed)
        choices: list[Picked] = [known for known in self._known if wanted in fold(known[0])]
        choices.sort(key=lambda choice: not fold(choice[0]).startswith(wanted))
        if typed and wanted not in [fold(name) for name, _ in choices]:
            choices.append((typed, None))
        if not typed:
            choices.append(("", None))
        self._choices = {str(number): choice for number, choice in enumerate(choices)}
        rows = self.query_one(Rows)
        rows.fill((key, _row(*choice)) for key, choice in self._choices.items())
        rows.action_first()

    def action_step(self, by: int) -> None:
        """Move in the list while typing."""
        rows = self.query_one(Rows)
        if by > 0:
            rows.action_cursor_down()
        else:
            rows.action_cursor_up()

    @on(Input.Submitted)
    @on(Rows.OptionSelected)
    def _pick(self) -> None:
        if (picked := self.query_one(Rows).highlighted_id) is not None:
            self.dismiss(self._choices[picked])

    def action_cancel(self) -> None:
        """Leave without."""
        self.dismiss(None)


def _row(name: str, label: Label | None) -> Content:
    if not name:
        return Content.styled(_NOBODY, "italic")
    return Content.assemble(plain(name, 50), (f"  {label.value if label else 'as typed'}", "dim"))

"""A question that one line answers, over another screen."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from warreader.tui.screens.modal import Modal


class Prompt(Modal[str | None]):
    """Leaves with what was typed, trimmed, or ``None``.

    Args:
        title: over the box.
        value: what stands in it at first.
        hint: below it.
    """

    CSS = """
    Prompt { align: center middle; background: $background 60%; }
    Prompt > Vertical {
        width: 64; max-width: 96%; height: auto; background: $surface; border: round $border; padding: 0 1;
    }
    Prompt Input { border: none; height: 1; background: $background; }
    Prompt .hint { height: auto; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel")]

    def __init__(self, title: str, value: str = "", hint: str = "enter keeps it · esc drops it") -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical() as frame:
            frame.border_title = Content(self._title)
            yield Input(self._value, id="answer", compact=True, select_on_focus=False)
            yield Static(self._hint, classes="hint", markup=False)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        """Leave without."""
        self.dismiss(None)

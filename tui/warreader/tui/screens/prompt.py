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
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.steady import SteadyInput


class Prompt(Modal[str | None]):
    """Leaves with what was typed, trimmed, or ``None``.

    Args:
        title: over the box.
        value: what stands in it at first.
        about: above it, what is asked about.
        hint: below it.
        empty: whether nothing is an answer too; else it is ``None``.
        anew: whether what is typed takes the place of what stands there; else it goes on from it.
    """

    DEFAULT_CSS = """
    Prompt > Vertical { width: 64; max-width: 96%; height: auto; }
    Prompt Input { border: none; height: 1; background: $background; }
    Prompt .about { height: auto; max-height: 3; color: $text-muted; }
    Prompt .hint { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel")]

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        about: str = "",
        hint: str = "enter keeps it · esc drops it",
        empty: bool = False,
        anew: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._about = about
        self._hint = hint
        self._empty = empty
        self._anew = anew

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical() as frame:
            frame.border_title = Content(plain(self._title, 58))
            if self._about:
                yield Static(plain(self._about, 200), classes="about", markup=False)
            yield SteadyInput(plain(self._value), id="answer", compact=True, select_on_focus=self._anew)
            yield Static(self._hint, classes="hint", markup=False)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        typed = event.value.strip()
        self.dismiss(typed if typed or self._empty else None)

    def action_cancel(self) -> None:
        """Leave without."""
        self.dismiss(None)

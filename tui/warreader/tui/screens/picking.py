"""A small list to choose from, over the reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warreader.tui.screens.modal import Modal
from warreader.tui.widgets.lists import Rows


class Picker(Modal[str | None]):
    """Leaves with the id of the row chosen.

    Args:
        title: over the list.
        rows: ids and what is shown.
        current: id of the row to begin at.
        keys: keys that choose a row at once, to its id.
        hint: below the list.
    """

    LIGHT = True
    DEFAULT_CSS = """
    Picker > Vertical { width: auto; min-width: 40; max-width: 96%; height: auto; max-height: 90%; }
    Picker Rows { width: 76; max-width: 100%; background: $surface; height: auto; max-height: 24; }
    Picker .hint { width: 76; max-width: 100%; height: auto; }
    Picker.-narrow Rows, Picker.-narrow .hint { width: 46; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "cancel", "Close")]

    def __init__(
        self,
        title: str,
        rows: Sequence[tuple[str, Content]],
        *,
        current: str | None = None,
        keys: Mapping[str, str] | None = None,
        hint: str = "enter chooses · esc closes",
    ) -> None:
        super().__init__()
        self._title = title
        self._rows = rows
        self._current = current
        self._keys = keys or {}
        self._hint = hint
        if all("\n" not in content.plain and len(content.plain) < 44 for _, content in rows):
            self.add_class("-narrow")

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical() as frame:
            frame.border_title = Content(self._title)
            yield Rows(id="choices")
            yield Static(self._hint, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin at the current one."""
        rows = self.query_one(Rows)
        rows.fill(self._rows)
        if self._current is not None:
            rows.highlight(self._current)
        rows.focus()

    def on_key(self, event: events.Key) -> None:
        """A key of its own chooses a row at once."""
        if (row_id := self._keys.get(event.key)) is not None:
            event.stop()
            self.dismiss(row_id)

    @on(Rows.OptionSelected)
    def _chosen(self, event: Rows.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_cancel(self) -> None:
        """Leave without."""
        self.dismiss(None)

"""The dialogue that themes are chosen in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warreader.tui.screens.modal import Modal
from warreader.tui.widgets.lists import Rows, plain


class ThemeRows(Rows):
    """A click shows a theme, a second one keeps it."""

    LOOKED_AROUND_IN = True


class ThemePicker(Modal[str | None]):
    """Choose a theme; each is shown as it is moved to."""

    LIGHT = True
    DEFAULT_CSS = """
    ThemePicker { align: right middle; background: transparent; }
    ThemePicker > Vertical {
        width: 36; max-width: 96%; height: auto; max-height: 90%;
        margin: 0 2;
    }
    ThemePicker Rows { background: $surface; height: auto; max-height: 20; }
    ThemePicker .hint { height: 1; }
    """
    BINDINGS = [Binding("escape,T,q", "cancel", "Cancel")]  # noqa: RUF012

    def __init__(
        self, themes: Sequence[tuple[str, str]], current: str, preview: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._themes = themes
        self._current = current
        self._preview = preview

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical() as frame:
            frame.border_title = "Theme"
            yield ThemeRows(id="themes")
            yield Static("enter keeps it · esc goes back", classes="hint")

    def on_mount(self) -> None:
        """Start at the theme in force."""
        rows = self.query_one(Rows)
        rows.fill((name, Content(plain(title, 30))) for name, title in self._themes)
        rows.highlight(self._current)
        rows.focus()

    @on(Rows.OptionHighlighted)
    def _moved(self, event: Rows.OptionHighlighted) -> None:
        if event.option_id is not None and event.option_list.has_focus:
            self._preview(event.option_id)

    @on(Rows.OptionSelected)
    def _chosen(self, event: Rows.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_cancel(self) -> None:
        """Back to the theme there was."""
        self._preview(self._current)
        self.dismiss(None)

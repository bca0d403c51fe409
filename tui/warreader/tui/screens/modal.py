"""What all dialogues are: a screen over the reader that is left once."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

from warreader.tui.screens.sparing import SparingCompositor

Result = TypeVar("Result")


class Behind(Screen[Result]):
    """A screen that stands still while another is over it, and of which is drawn what changes.

    One in which something changed behind a dialogue asks Textual to paint it, and to be asked again as it is painted:
    the whole screen would be painted four times a second for as long as the dialogue is open.
    """

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._compositor = SparingCompositor()

    def _compositor_refresh(self) -> None:
        super()._compositor_refresh()
        if self is not self.app.screen:
            # What changed is given to the screen on top by now.
            self._repaint_required = False


class Modal(Behind[Result], ModalScreen[Result]):
    """A screen over the reader that gives one result and goes.

    Keys that came together, as they do over a slow line, are all handled before the screen has gone. Textual would
    give each one's result, and take away the screen below for each.
    """

    LIGHT: ClassVar[bool] = False
    """Whether nothing is lost by leaving it: a click beside it does."""

    # What one looks like otherwise it says itself.
    DEFAULT_CSS = """
    Modal { align: center middle; background: $background 60%; }
    Modal > Vertical, Modal > VerticalScroll { background: $surface; border: round $border; padding: 0 1; }
    Modal .hint { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "app.help", "Keys", id="help", show=False)
    ]

    _left = False
    unasked = False
    """Whether no key led to it: keys pressed before it can be seen are not meant for it."""
    _seen: float | None = None

    @property
    def left(self) -> bool:
        """Whether it goes: Textual takes its parts away one by one, while it still counts as attached."""
        return self._left or not self.is_attached

    @property
    def behind(self) -> bool:
        """Whether what it lists is about to be replaced by what was asked for: ``enter`` waits for that."""
        return False

    def on_screen_resume(self) -> None:
        """From when it is painted first, keys may be meant for it."""
        if self._seen is None:
            self.call_after_refresh(self._is_seen)

    def _is_seen(self) -> None:
        self._seen = events.Event().time

    def meant(self, event: events.Event) -> bool:
        """Whether a key may be meant for it."""
        return not self.unasked or (self._seen is not None and event.time > self._seen)

    def parting(self) -> None:
        """The reader is left while it is open: keep what would be lost."""

    def action_cancel(self) -> None:
        """Leave without a result."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click beside it leaves a dialogue that only asks or tells."""
        if self.LIGHT and self.get_widget_at(event.screen_x, event.screen_y)[0] is self:
            self.action_cancel()

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave with a result; what comes after the first is not heard."""
        if self._left:
            return AwaitComplete()
        self._left = True
        return super().dismiss(result)

"""What all dialogues are: a screen over the reader that is left once."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Result = TypeVar("Result")


class Modal(ModalScreen[Result]):
    """A screen over the reader that gives one result and goes.

    Keys that came together, as they do over a slow line, are all handled before the screen has gone. Textual would
    give each one's result, and take away the screen below for each.
    """

    _left = False

    @property
    def left(self) -> bool:
        """Whether it goes: Textual takes its parts away one by one, while it still counts as attached."""
        return self._left or not self.is_attached

    @property
    def behind(self) -> bool:
        """Whether what it lists is about to be replaced by what was asked for: ``enter`` waits for that."""
        return False

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave with a result; what comes after the first is not heard."""
        if self._left:
            return AwaitComplete()
        self._left = True
        return super().dismiss(result)

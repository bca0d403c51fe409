"""The tag that marks get without being asked: the one used last, by whatever name it goes now."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from warreader.index.api import Annotations
    from warreader.tui.screens.reader import ReaderScreen

_T = TypeVar("_T")


class CurrentTag:
    """The current tag, which follows what is renamed, deleted, undone and redone."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self.name: str | None = None
        self._before: tuple[str | None, str] | None = None
        """The current tag that took another's place, and that other: what is undone may bring it back."""

    @property
    def _store(self) -> Annotations:
        return self._screen.library.annotations

    def start(self) -> None:
        """Go on with the tag used last."""
        self.name = self._latest()

    def _latest(self) -> str | None:
        return next(iter(self._store.recent_tags(1)), None)

    def following(
        self, step: Callable[[], _T], renamed: Callable[[str], str] | None = None
    ) -> Callable[[], tuple[_T, Callable[[], None]]]:
        """A step that may take the current tag away, for a thread; what it gives besides is for the event loop.

        Args:
            renamed: what a tag is called after the step; ``None``: it undoes or redoes.
        """
        tag, before, store = self.name, self._before, self._store

        def work() -> tuple[_T, Callable[[], None]]:
            known = tag is not None and store.knows(tag)
            result = step()
            after = tag
            if renamed is None and before is not None and before[0] == tag and store.knows(before[1]):
                after = before[1]
            elif tag is not None and known and not store.knows(tag):
                # It would be made again with the next mark: its new name, or the latest in use, takes its place.
                new = renamed(tag) if renamed is not None else tag
                after = new if store.knows(new) else self._latest()
            return result, partial(self._settle, tag, after)

        return work

    def _settle(self, tag: str | None, after: str | None) -> None:
        # Another may have been picked meanwhile.
        if self.name == tag != after:
            came_back = self._before is not None and self._before == (tag, after)
            self.name, self._before = after, None if came_back or tag is None else (after, tag)
            self._screen.refresh_status()

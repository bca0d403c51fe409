"""What other processes add to the library, and find in it, is shown without being asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warreader.tui.screens.reader import ReaderScreen


class Watching:
    """Looks now and then whether the library changed."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self._seen = screen.library.changes()
        self._restless = False

    def look(self) -> None:
        """List new articles as they come; count names anew when no more come for a while."""
        articles, names = seen = self._screen.library.changes()
        before, self._seen = self._seen, seen
        if articles != before[0]:
            self._screen.listing.refresh_soon()
        if names != before[1]:
            self._restless = True
        elif self._restless:
            self._restless = False
            self._screen.renew()

"""What other processes do with the library and the annotations is shown without being asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warreader.tui.threads import in_thread

if TYPE_CHECKING:
    from warreader.tui.screens.reader import ReaderScreen


class Watching:
    """Looks now and then, off the event loop, whether something changed."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self._names: int | None = None
        self._restless = False
        self._looking = False
        self._failing = False

    def look(self) -> None:
        """Look whether something changed. That it can't be seen is told once, and tried again all the same."""
        if not self._looking:
            self._looking = True
            in_thread(self._screen, self._look, group="watching")

    def _look(self) -> None:
        library = self._screen.library
        try:
            articles, names = library.changes()
            generation = library.annotations.generation()
        except Exception:
            told, self._failing = self._failing, True
            if not told:
                raise
        else:
            self._failing = False
            self._screen.app.call_from_thread(self._seen, articles, names, generation)
        finally:
            self._looking = False

    def _seen(self, articles: int, names: int, generation: int) -> None:
        """List new articles as they come; count names anew when no more come for a while."""
        screen = self._screen
        screen.annotated.seen(generation)
        if screen.listing.number not in (None, articles):
            screen.listing.refresh_soon()
        before, self._names = self._names, names
        if before is not None and names != before:
            self._restless = True
        elif self._restless:
            self._restless = False
            screen.renew()

"""The articles of the library as the list shows them: fetched off the event loop, again while more come."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from textual.timer import Timer

from warreader.index.api import Summaries, Summary, WarreaderError
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.tui.screens.reader import ReaderScreen

LAST_READ = "reader.last"
"""The setting that names the article read last."""

_PAUSE = 0.7
"""Seconds at least between two fetches while articles come in."""

_FIRST = 60
"""Rows that are read with the list: from its beginning, and around the article read last."""
_SHARE = 8
"""A fetch is followed by a pause of so many times what it took: the list must not cost the adding its time."""


class Listing:
    """What is listed, and bringing it up to date.

    ``number`` counts the changes of articles that it knows of; ``last_read`` is the id of the article read last.
    """

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self.summaries: Mapping[str, Summary] = {}
        self.number: int | None = None
        self.last_read: str | None = None
        self._copies: Mapping[int, tuple[int, int]] = {}
        self._noted: Mapping[str, int] = {}
        self._fetching = False
        self._again = False
        self._later: Timer | None = None
        self._next = 0.0
        self._touched: dict[str, dict[str, Any]] = {}
        self._versions = False

    def __len__(self) -> int:
        return len(self.summaries)

    @property
    def ids(self) -> list[str]:
        """Ids of all articles, in the list's order."""
        return list(self.summaries)

    def title(self, article_id: str) -> str:
        """An article's title, or its id where it is not listed."""
        summary = self.summaries.get(article_id)
        return summary.title if summary is not None else article_id

    def told(self, article_id: str) -> tuple[str, str | None]:
        """An article's title and outlet."""
        summary = self.summaries.get(article_id)
        return (summary.title, summary.outlet) if summary is not None else (article_id, None)

    def refresh(self) -> None:
        """Fetch the list again: articles came or changed."""
        if self._fetching:
            self._again = True
            return
        self._fetching, self._again = True, False
        in_thread(self._screen, self._fetch, group="list")

    def refresh_soon(self) -> None:
        """Fetch the list again when the last fetch is long enough ago; asked often, it is done once."""
        wait = self._next - time.monotonic()
        if wait <= 0:
            self.refresh()
        elif self._later is None:
            self._later = self._screen.set_timer(wait, self._due)

    def _due(self) -> None:
        self._later = None
        self.refresh()

    def _fetch(self) -> None:
        began = time.monotonic()
        library, app = self._screen.library, self._screen.app
        try:
            # Asked before: what comes while the list is read is told as a change.
            self.number = library.changes()[0]
            summaries = library.articles.listing()
            # Here, not on the event loop: what the first rows say.
            summaries.read(islice(summaries, _FIRST))
            self.last_read = library.setting(LAST_READ)
            if self.last_read is not None:
                at = summaries.places.get(self.last_read, 0)
                summaries.read([self.last_read, *summaries.ids[max(0, at - _FIRST) : at + _FIRST]])
            copies = library.stories.sizes()
            versions = summaries.has_versions
        except Exception as error:
            self._fetching = False
            told = f"the list can't be read ({plain(str(error), 120)}); run: warreader check"
            app.call_from_thread(self._screen.say, told)
            if isinstance(error, (WarreaderError, sqlite3.Error)):
                return
            raise
        app.call_from_thread(self._take, summaries, copies, time.monotonic() - began, versions)

    def _take(
        self, summaries: Summaries, copies: Mapping[int, tuple[int, int]], took: float, versions: bool = False
    ) -> None:
        self._fetching = False
        self._next = time.monotonic() + max(_PAUSE, _SHARE * took)
        for article_id, changes in self._touched.items():
            summaries.change(article_id, **changes)
        self._touched.clear()
        self.summaries, self._copies, self._versions = summaries, copies, versions
        self._show()
        self._screen.listed()
        if self._again:
            self.refresh_soon()

    def _show(self) -> None:
        screen = self._screen
        current = screen.page.article.id if screen.page else None
        screen.articles.show_articles(
            self.summaries, self._noted, self._copies, current, versions=self._versions
        )

    def show_noted(self, noted: Mapping[str, int]) -> None:
        """Show how many notes each article has."""
        self._noted = noted
        self._screen.articles.show_noted(noted)

    def change(self, article_id: str, **changes: Any) -> None:
        """Show at once what the reader did with one article."""
        if self._fetching:
            # What is being fetched may have been read before the change.
            self._touched[article_id] = self._touched.get(article_id, {}) | changes
        if isinstance(self.summaries, Summaries):
            self.summaries.change(article_id, **changes)
            self._screen.articles.show_changed(article_id)

    def order(self) -> Sequence[str]:
        """Ids in the order to go through them: the results while a query stands, else all."""
        return self._screen.articles.order

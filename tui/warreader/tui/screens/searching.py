"""What is done with a search beside typing it: its order, its facets, keeping it, asking it again."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

from warreader.index.api import WarreaderError, give_back
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.understood import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warreader.index.api import Completion, StandingSearch
    from warreader.tui.screens.reader import ReaderScreen

_ORDER = "search.order"
_RECENT = 8


class Searching:
    """The commands of a search, and what the library keeps of it."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self._fetching = False
        self._again = False
        self._warmed = False

    def start(self) -> None:
        """Take up the order that was chosen last, and what was searched for before."""
        from warreader.index.api import Order

        kept = self._screen.library.setting(_ORDER)
        if kept in list(Order):
            self._screen.articles.order_by = Order(kept)
        self.refresh()

    # order, facets, copies

    def order(self) -> None:
        """The next order of results; it is kept."""
        from warreader.index.api import Order

        pane = self._screen.articles
        orders = list(Order)
        chosen = orders[(orders.index(pane.order_by or Order.RELEVANCE) + 1) % len(orders)]
        pane.order_by = chosen
        pane.again()
        keep = partial(self._screen.library.set_setting, _ORDER, chosen.value)
        self._screen.keep(keep, instead=_ORDER)
        self._screen.say(f"results: {in_words(chosen)}")

    def facets(self) -> None:
        """To the facets of the results, and away from them."""
        self._screen.columns.show_articles()
        if not self._screen.articles.toggle_facets():
            self._screen.say("no results to count; / searches")

    def exclude(self) -> None:
        """Search without the highlighted value."""
        pane = self._screen.articles
        if pane.facets.has_focus:
            pane.facets.choose(exclude=True)
        else:
            self._screen.say("a value of the facets can be left out; 6 goes there")

    def fold(self) -> None:
        """Show copies of one story as one result, or each."""
        pane = self._screen.articles
        pane.folding = not pane.folding
        pane.again()
        self._screen.say("copies of a story are one result" if pane.folding else "all copies are listed")

    def take_meant(self) -> None:
        """Search for what was probably meant."""
        pane = self._screen.articles
        if pane.meant is None:
            self._screen.say("every word is found as it is")
        else:
            pane.run(pane.meant)

    # kept searches

    def save(self) -> None:
        """Keep the search that stands, under a name."""
        from warreader.tui.screens.prompt import Prompt

        query = self._screen.articles.asked
        if query is None:
            self._screen.say("no search to save; / searches")
            return

        def done(name: str | None) -> None:
            if name is not None:
                self._screen.keeping.do(partial(self._save, query, name))

        self._screen.app.push_screen(
            Prompt("Save this search", query.strip(), about=query.strip(), anew=True), done
        )

    def _save(self, query: str, name: str) -> None:
        search = self._screen.library.search
        saved = search.searches.save(search.settled(query), name)
        self._screen.app.call_from_thread(self._screen.say, f"saved: {plain(saved.name, 60)}")
        self._screen.app.call_from_thread(self.refresh)

    def saved(self) -> None:
        """The saved searches and those made before."""
        in_thread(self._screen, self._fetch_all, group="saved", exclusive=True, opens=True)

    def _fetch_all(self) -> None:
        searches = self._screen.library.search.searches
        found, recent = searches.standing(), searches.recent(30)
        self._screen.app.call_from_thread(self._show_all, found, recent)

    def _show_all(self, found: Sequence[StandingSearch], recent: Sequence[str]) -> None:
        from warreader.tui.screens.saved_searches import SavedSearches

        def done(query: str | None) -> None:
            if query is not None:
                self._screen.columns.show_articles()
                self._screen.articles.run(query, to_list=True)
            # After what was changed there is written.
            counted = partial(self._screen.app.call_from_thread, self.refresh)
            self._screen.keeping.do(counted)

        searches = self._screen.library.search.searches
        keep = None if self._screen.library.read_only else self._screen.keeping.do
        shown = SavedSearches(searches, keep, found, recent)
        self._screen.app.push_screen(shown, done)

    def refresh(self) -> None:
        """Count the saved searches anew, in the background; what came in the meantime is marked as new."""
        if self._fetching:
            self._again = True
            return
        self._fetching, self._again = True, False
        in_thread(self._screen, self._fetch, group="saved")

    def _fetch(self) -> None:
        found: list[Completion] = []
        try:
            found = self._standing()
        finally:
            self._screen.app.call_from_thread(self._take, found)

    def _warm(self) -> None:
        """Have open and at hand what the first letter typed needs: else it waits for that."""
        search = self._screen.library.search
        # What is wrong with the index is told when something is searched for.
        with contextlib.suppress(WarreaderError):
            search.search("a", 1, as_you_type=True, snippets=False)
            search.facets.of(search.answer("a", as_you_type=True).keys, 1)
        # Of a hundred thousand articles, 30 MB were needed but to read what they name.
        give_back()

    def _standing(self) -> list[Completion]:
        from warreader.index.api import Completion, CompletionKind

        searches = self._screen.library.search.searches
        standing = searches.standing()
        offers = [
            Completion(
                one.saved.query, 0, 0, CompletionKind.QUERY, f"★ {plain(one.saved.name, 30)} {told(one)}"
            )
            for one in standing
        ]
        kept = {one.saved.query for one in standing}
        recent = (query for query in searches.recent(_RECENT) if query not in kept)
        return offers + [Completion(query, 0, 0, CompletionKind.QUERY, "") for query in recent]

    def _take(self, offers: Sequence[Completion]) -> None:
        self._fetching = False
        self._screen.articles.show_standing(offers)
        if not self._warmed:
            self._warmed = True
            in_thread(self._screen, self._warm, group="warm")
        if self._again:
            self.refresh()


def told(standing: StandingSearch) -> str:
    """How many articles answer a saved search, and how many are new."""
    return f"{standing.total:,}" + (f" +{standing.new:,} new" if standing.new else "")

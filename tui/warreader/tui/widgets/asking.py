"""Asking the library while a query is typed: off the event loop, the newest query first, the rest of it later.

One query at a time is asked. Of those typed meanwhile the last is asked after it; the others never are. First come as
many results as a screen holds, then what may be offered to go on with, then facets, snippets and all other results:
each only while the query is still the one in the box.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from textual.timer import Timer

from warreader.index.api import Summaries, give_back
from warreader.tui.page import Lit, snippets_of
from warreader.tui.threads import in_thread
from warreader.tui.widgets.article_rows import Folded
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from textual.widget import Widget

    from warreader.index.api import Completion, Facet, Library, Order, SearchResult, Snippet, Summary

_AT_ONCE = 60
"""Results that are found and shown before all the others are asked for."""

_READ = 100
"""Results whose rows are read before they come to the screen."""

_REST_DELAY = 0.25
"""Seconds without a key until the others are asked for: while typing, nobody goes that far down."""

_FACETS_DELAY = 0.06
"""Seconds after the results until their facets are counted: the next letter of who types on comes first."""

_SNIPPETS_PERIOD = 0.03
"""Seconds after which snippets are shown even if more are to come: each time costs a frame."""

_VALUES = 5
"""Values of each facet that are shown at first."""

_MORE = 200
"""Values of a facet that are shown when more are asked for."""


@dataclass(frozen=True)
class Wish:
    """How results are wanted.

    Attributes:
        order: by relevance if ``None``.
        folding: of the copies of a story the first alone.
        more: the field of the facet of which more values are wanted.
        here: id of the open article, whose places are to be lit.
        chosen: id of a result that is to be opened: among the first or not, it is to be listed.
    """

    order: Order | None = None
    folding: bool = False
    more: str | None = None
    here: str | None = None
    chosen: str | None = None


@dataclass(frozen=True)
class Listed:
    """The rows of a result: ids in their order, and what is folded under them."""

    ids: Sequence[str] = ()
    folded: Folded = field(default_factory=lambda: Folded({}, {}))


class Shows(Protocol):
    """What shows answers. All is called on the event loop; what belongs to another query it leaves."""

    def show_found(self, result: SearchResult, lit: Lit, listed: Listed) -> None:
        """The first results of a query."""

    def show_rest(self, result: SearchResult, listed: Listed) -> None:
        """All results of a query of which the first were shown."""

    def show_snippets(self, query: str, snippets: Mapping[str, tuple[Snippet, ...]]) -> None:
        """Stretches of some of the articles, by article id."""

    def show_facets(self, query: str, facets: Sequence[Facet]) -> None:
        """What all results have in common."""

    def show_offers(self, query: str, offers: Sequence[Completion]) -> None:
        """What the query may go on with."""


class Asking:
    """Asks the library for one pane.

    Args:
        pane: whose threads they are: none outlives it.
        shows: shows the answers.
    """

    def __init__(self, pane: Widget, shows: Shows, library: Library) -> None:
        self.value = ""
        self.wish = Wish()
        self.summaries: Mapping[str, Summary] = {}
        self._pane = pane
        self._shows = shows
        self._library = library
        self._asked: tuple[str, Wish] | None = None
        self._cursor = 0
        self._rest: Timer | None = None

    def ask(self, query: str, cursor: int, wish: Wish) -> None:
        """Ask a query, after the one that is being asked.

        Args:
            cursor: where in it something is being typed.
        """
        self.value, self._cursor, self.wish = query, cursor, wish
        self.leave_rest()
        if self._asked is None and query.strip():
            self._asked = query, wish
            in_thread(self._pane, partial(self._ask, query, cursor, wish), group="search")

    def leave_rest(self) -> None:
        """The other results are not wanted any more."""
        if self._rest is not None:
            self._rest.stop()

    def facets(self, query: str) -> None:
        """Count what the results have in common, in a moment."""
        work = partial(self._facets, query, self.wish)
        in_thread(self._pane, work, group="facets", exclusive=True)

    def snippets(self, query: str, wanted: Sequence[str]) -> None:
        """Make the snippets of some articles."""
        in_thread(self._pane, partial(self._snippets, query, wanted), group="snippets", exclusive=True)

    # in threads

    def _ask(self, query: str, cursor: int, wish: Wish) -> None:
        tell = self._pane.app.call_from_thread
        try:
            search = self._library.search
            order = _order(wish)
            found = search.search(query, _AT_ONCE, as_you_type=True, snippets=False, order=order)
            listed = self._listed([hit.key for hit in found.hits], [hit.id for hit in found.hits], wish)
            if wish.chosen is not None and wish.chosen not in listed.ids:
                listed = self._all(query, wish)
            title = plain(f"{query}*" if found.unfinished else query, 40)
            lit = Lit(title, listed.ids, partial(search.spans, query, as_you_type=True))
            if wish.here is not None:
                lit.spans(wish.here)
            self._have_at_hand(listed.ids)
            tell(self._found, found, lit, listed)
            if self._is_current(query):
                tell(self._shows.show_offers, query, search.completer.at(query, cursor))
        finally:
            tell(self._ended)

    def _listed(self, keys: Sequence[int], ids: Sequence[str], wish: Wish) -> Listed:
        """What to list: of the copies of a story the first alone, where they are folded."""
        if not wish.folding:
            return Listed(ids)
        folded = Folded.of(self._library.stories.grouped(), keys, ids)
        return Listed([one for one in ids if one not in folded.under], folded=folded)

    def _have_at_hand(self, article_ids: Sequence[str]) -> None:
        """Read, in this thread, what the first rows say."""
        if isinstance(self.summaries, Summaries):
            self.summaries.read(article_ids[:_READ])

    def _all(self, query: str, wish: Wish) -> Listed:
        search = self._library.search
        keys = search.answer(query, as_you_type=True, order=_order(wish)).keys
        return self._listed(keys.tolist(), search.ids(keys), wish)

    def _remaining(self, first: SearchResult, lit: Lit, wish: Wish) -> None:
        listed = self._all(first.query, wish)
        lit.grow(listed.ids)
        self._have_at_hand(listed.ids)
        if wish.here is not None:
            lit.spans(wish.here)
        self._pane.app.call_from_thread(self._shows.show_rest, first, listed)
        # Nobody types at the moment: what searching took meanwhile, of a hundred thousand articles 60 MB, goes back.
        give_back()

    def _facets(self, query: str, wish: Wish) -> None:
        time.sleep(_FACETS_DELAY)
        if not self._is_current(query):
            return
        search = self._library.search
        keys = search.matching(query, as_you_type=True)
        found = search.facets.of(keys, _VALUES)
        if wish.more is not None:
            more = search.facets.of(keys, _MORE, only=wish.more)
            found = tuple(more[0] if facet.field == wish.more and more else facet for facet in found)
        self._pane.app.call_from_thread(self._shows.show_facets, query, found)

    def _snippets(self, query: str, wanted: Sequence[str]) -> None:
        made: dict[str, tuple[Snippet, ...]] = {}
        began = time.monotonic()
        for article_id in wanted:
            if not self._is_current(query):
                return
            made[article_id] = snippets_of(self._library, query, article_id)
            if article_id == wanted[-1] or time.monotonic() - began > _SNIPPETS_PERIOD:
                self._pane.app.call_from_thread(self._shows.show_snippets, query, made)
                made, began = {}, time.monotonic()

    def _is_current(self, query: str) -> bool:
        # Read from another thread: at worst one step is done in vain.
        return self.value == query

    # on the event loop

    def _found(self, result: SearchResult, lit: Lit, listed: Listed) -> None:
        # An older answer may come after the box has changed.
        if not self._is_current(result.query):
            return
        self._shows.show_found(result, lit, listed)
        if result.total > len(result.hits):
            work = partial(self._remaining, result, lit, self.wish)
            self._rest = self._pane.set_timer(
                _REST_DELAY, lambda: in_thread(self._pane, work, group="rest", exclusive=True)
            )

    def _ended(self) -> None:
        asked, self._asked = self._asked, None
        if asked != (self.value, self.wish):
            self.ask(self.value, self._cursor, self.wish)


def _order(wish: Wish) -> Order:
    from warreader.index.api import Order

    return wish.order or Order.RELEVANCE

"""Beside the article: its quotations, or those of the articles found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from warreader.index.api import Quotation, QuotationKind, Scope
from warreader.tui.commands import DEFAULT_KEYS, bindings
from warreader.tui.page import Page
from warreader.tui.themes import ReaderTheme
from warreader.tui.threads import threaded
from warreader.tui.widgets.lists import Rows, plain

if TYPE_CHECKING:
    from warreader.index.api import Library

MOST = 200
"""Quotations that are listed, of results or of an article; a further search narrows those of results down. To measure
so many takes 30 ms, in which no key is answered: where the width changes it is done at once."""
_IN_SIGHT, _AT_A_TIME = 30, 20
"""Rows that are filled in first, more than a screen has, and so many as then come at a time between two keys."""

_NOWHERE_ELSE = "none of them stands in another article"

_SHOWN_KINDS = {
    QuotationKind.MIXED: "mixed",
    QuotationKind.INDIRECT: "indirect",
    QuotationKind.SCARE: "scare quotes",
}


class QuotationPane(Rows):
    """The quotations of the article, with the count of other articles that carry them; or of the results.

    Args:
        library: is asked for those of the results, off the event loop.
        about: title and outlet of an article by its id.
    """

    BINDINGS = bindings("quotations", DEFAULT_KEYS)
    # The gutter is kept: rows are measured before it is known whether there is a scrollbar.
    DEFAULT_CSS = "QuotationPane { scrollbar-gutter: stable; }"
    LOOKED_AROUND_IN = True
    key_scopes = ("quotations", "list", "global")

    class Preview(Message):
        """A quotation was moved to."""

        def __init__(self, quotation: Quotation) -> None:
            super().__init__()
            self.quotation = quotation

    class Follow(Message):
        """A quotation is to be followed to where else it stands."""

        def __init__(self, quotation: Quotation) -> None:
            super().__init__()
            self.quotation = quotation

    class Go(Message):
        """A quotation of the results is to be gone to."""

        def __init__(self, quotation: Quotation) -> None:
            super().__init__()
            self.quotation = quotation

    class Unasked(Message):
        """The results were wanted, but nothing is searched for."""

    def __init__(
        self,
        library: Library,
        theme: ReaderTheme,
        about: Callable[[str], tuple[str, str | None]],
        *,
        id: str,
    ) -> None:
        super().__init__(id=id)
        self.theme = theme
        self._library = library
        self._about = about
        self._page: Page | None = None
        self._query: str | None = None
        self._of_results = False
        self._elsewhere = False
        self._quotations: dict[str, Quotation] = {}
        self._rest: Iterator[Option] = iter(())

    # what is listed

    def show(self, page: Page | None) -> None:
        """Another article is open, or none, or what is derived from it is there."""
        self._page = page
        if not self._of_results:
            self._list_article()

    def results_are(self, query: str | None) -> None:
        """The results of another query are listed, or of none."""
        self._query = query
        if self._of_results:
            self._of_results = query is not None
            self._list()

    def renew(self) -> None:
        """The library changed."""
        if self._of_results:
            self._list()

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours."""
        self.theme = theme
        self._list()

    def action_scope(self) -> None:
        """From the article to the results, and back."""
        if not self._of_results and self._query is None:
            self.post_message(self.Unasked())
            return
        self._of_results = not self._of_results
        self._list()

    def action_elsewhere(self) -> None:
        """Only those that stand in other articles too, and all again."""
        self._elsewhere = not self._elsewhere
        self._list()

    def _list(self) -> None:
        if not self._of_results:
            self._list_article()
        elif self._query is not None:
            self._fetch(self._query)

    def _list_article(self) -> None:
        if (page := self._page) is None:
            self._quotations = {}
            self._fill_in_turn(())
            self.border_subtitle = Content("")
            return
        wanted = page.quotations
        if self._elsewhere:
            wanted = [one for one in wanted if page.counts.get(one.id)]
        listed = wanted[:MOST]
        self._quotations = {quotation.id: quotation for quotation in listed}
        told = ""
        if self._elsewhere and page.quotations and not wanted:
            told = _NOWHERE_ELSE
        elif more := len(wanted) - len(listed):
            told = f"and {more:,} more: in the text Q selects the one at the cursor"
        self._fill_in_turn(
            (self._row(one, page.counts.get(one.id, 0), retold=page.retold.get(one.id, 0)) for one in listed),
            told,
        )
        crossing = sum(1 for match in page.matches if match.scope is Scope.CROSS)
        total = f"{len(page.quotations):,}"
        counts = [f"{len(wanted):,} of {total}" if self._elsewhere else total]
        counts += [f"⇄ {crossing}"] if crossing else []
        # Suggestions, counted apart.
        counts += [f"≈ {len(page.retold)}"] if page.retold else []
        self.border_subtitle = Content(" · ".join(counts))

    def _fill_in_turn(self, rows: Iterable[Content], told: str = "") -> None:
        """Replace all rows: what is in sight comes first, the rest bit by bit, so that no key waits for it.

        Args:
            rows: those of the quotations, in their order.
            told: stands below them.
        """
        held = self.highlighted_id
        self.clear_options()
        options = (Option(row, id=one) for one, row in zip(self._quotations, rows, strict=True))
        self._rest = chain(options, [Option(told, disabled=True)] if told else [])
        self._take_more(_IN_SIGHT)
        if not (held is not None and self.highlight(held)) and self.option_count:
            self.action_first()
        self.call_after_refresh(self._go_on, self._rest)

    def _take_more(self, number: int) -> bool:
        """Fill in so many rows more; whether there were any."""
        options = list(islice(self._rest, number))
        self.add_options(options)
        return bool(options)

    def _go_on(self, rest: Iterator[Option]) -> None:
        if rest is self._rest and self._take_more(_AT_A_TIME):
            self.call_after_refresh(self._go_on, rest)

    def highlight(self, row_id: str) -> bool:
        """Highlight a row by its id; false if there is none."""
        there = row_id in self._quotations
        while there and not super().highlight(row_id) and self._take_more(_AT_A_TIME):
            pass
        return there

    def action_last(self) -> None:
        """To the last row, which may not be filled in yet."""
        self._take_more(MOST + 1)
        super().action_last()

    @threaded("quotations", exclusive=True)
    def _fetch(self, query: str) -> None:
        from warreader.index.api import Asked

        worker = get_current_worker()
        elsewhere = self._elsewhere
        asked = Asked(articles=self._library.search.answer(query, as_you_type=True).json)
        if worker.is_cancelled:
            return
        found = self._library.quotations.find(asked, limit=MOST)
        total = self._library.quotations.count(asked) if len(found) == MOST else len(found)
        if worker.is_cancelled:
            return
        if not elsewhere:
            self.app.call_from_thread(self._take, query, found, total, {})
        # In how many other articles each stands takes longer.
        counts: dict[str, int] = {}
        for article in dict.fromkeys(one.article for one in found):
            if worker.is_cancelled:
                return
            counts |= self._library.matches.counts(article)
        if elsewhere:
            found = [one for one in found if counts.get(one.id)]
        if (counts or elsewhere) and not worker.is_cancelled:
            self.app.call_from_thread(self._take, query, found, total, counts)

    def _take(self, query: str, found: Sequence[Quotation], total: int, counts: Mapping[str, int]) -> None:
        # An older answer may come after the search or the scope has changed.
        if not self._of_results or query != self._query:
            return
        self._quotations = {quotation.id: quotation for quotation in found}
        self._fill_in_turn(
            (self._row(one, counts.get(one.id, 0), placed=True) for one in found),
            _NOWHERE_ELSE if self._elsewhere and not found else "",
        )
        told = f"{len(found):,} of {total:,}" if total > len(found) else f"{total:,}"
        self.border_subtitle = Content(f"{told} · results")

    # drawing

    def _row(self, quotation: Quotation, count: int, *, retold: int = 0, placed: bool = False) -> Content:
        """A row, with the number of other articles it stands in, and apart from that the number of places that may be
        it in other words; ``placed`` tells the article too."""
        who = quotation.speaker.name or quotation.speaker.text if quotation.speaker else ""
        about = " · ".join(
            part
            for part in (
                plain(who, 40) + ("?" if who and quotation.inferred else ""),
                plain(quotation.cue.text, 20) if quotation.cue else "",
                _SHOWN_KINDS.get(quotation.kind, ""),
                f"≈{retold} in other words" if retold else "",
            )
            if part
        )
        where = ""
        if placed:
            title, outlet = self._about(quotation.article)
            where = plain(" · ".join(part for part in (outlet, title) if part), max(24, self.size.width - 3))
        return Content.assemble(
            (f"⇄{count} " if count else "", f"bold {self.theme.accent}"),
            plain(quotation.text, 110),
            ("\n" + about if about else "", "dim"),
            ("\n" + where if where else "", "dim"),
        )

    def _highlighted_one(self) -> Quotation | None:
        return self._quotations.get(self.highlighted_id or "")

    def current(self) -> Quotation | None:
        """The highlighted quotation, if it stands in the open article: commands are about that."""
        one = self._highlighted_one()
        here = self._page is not None and one is not None and one.article == self._page.article.id
        return one if here else None

    @on(Rows.OptionHighlighted)
    def _highlighted(self, event: Rows.OptionHighlighted) -> None:
        event.stop()
        if self.has_focus and (quotation := self.current()) is not None:
            self.post_message(self.Preview(quotation))

    @on(Rows.OptionSelected)
    def _selected(self, event: Rows.OptionSelected) -> None:
        event.stop()
        if (quotation := self._highlighted_one()) is not None:
            self.post_message(self.Go(quotation) if self._of_results else self.Follow(quotation))

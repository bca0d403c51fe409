"""The articles, and while a query stands, its results and what they have in common: found as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from warreader.index.api import Library, SearchResult, Snippet, Summaries, Summary
from warreader.tui.page import Lit
from warreader.tui.themes import ReaderTheme
from warreader.tui.threads import in_thread, threaded
from warreader.tui.widgets.article_lists import ArticleList, ResultList, is_wide
from warreader.tui.widgets.asking import Asking, Listed, Wish
from warreader.tui.widgets.facet_pane import FacetPane
from warreader.tui.widgets.frame import write_below
from warreader.tui.widgets.query_box import QueryBox
from warreader.tui.widgets.row_list import RowList
from warreader.tui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from warreader.index.api import Completion, Facet, Order

_NEAR, _AHEAD = 30, 200
"""Rows before and after those on the screen that are to be at hand, and how many are read when they aren't."""

_TALL = 30
"""Rows from which facets are shown below the results without being asked for."""


class ArticlesPane(Vertical):
    """The search box over the list of articles, or of results with their facets."""

    class Open(Message):
        """An article is to be opened; with ``lit``, at the first place of what is lit; ``asked`` found it."""

        def __init__(self, article_id: str, lit: Lit | None, asked: str | None = None) -> None:
            super().__init__()
            self.asked = asked
            self.article_id = article_id
            self.lit = lit

    class Searched(Message):
        """A query was answered (or cleared: ``lit`` is ``None``)."""

        def __init__(self, lit: Lit | None) -> None:
            super().__init__()
            self.lit = lit

    class Grew(Message):
        """Further results came."""

    def __init__(self, library: Library, theme: ReaderTheme, *, id: str) -> None:
        super().__init__(id=id)
        self.theme = theme
        self.lit: Lit | None = None
        self.order_by: Order | None = None
        self.folding = False
        self._library = library
        self._articles = ArticleList(id="articles")
        self._results = ResultList(self._articles, theme, id="results")
        self._asking = Asking(self, self, library)
        self._picked: str | None = None
        self._wanted: str | None = None
        self._to_list = False
        self._near: str | None = None
        self._open: str | None = None
        self._facets_wanted: bool | None = None
        self._facets_more: str | None = None

    def compose(self) -> ComposeResult:
        """The box, the list, the facets."""
        yield SearchBox(self._library, self.theme, id="search")
        yield self._articles
        self._results.display = False
        yield self._results
        facets = FacetPane(self.theme, id="facets")
        facets.display = False
        yield facets

    def on_mount(self) -> None:
        """Snippets are made for the results that come to the screen; what their rows say is read before."""
        self.watch(self._results, "scroll_y", self._ask_snippets, init=False)
        for rows in (self._articles, self._results):
            self.watch(rows, "scroll_y", partial(self._read_ahead, rows), init=False)

    @property
    def rows(self) -> RowList:
        """The list that is shown: results while a query stands, else the articles."""
        return self._results if self._result is not None else self._articles

    @property
    def _result(self) -> SearchResult | None:
        return self._results.result

    @property
    def search_box(self) -> SearchBox:
        """Where a query is typed."""
        return self.query_one("#search", SearchBox)

    @property
    def box(self) -> QueryBox:
        """What a query is typed in."""
        return self.search_box.box

    @property
    def facets(self) -> FacetPane:
        """What the results have in common."""
        return self.query_one("#facets", FacetPane)

    @property
    def order(self) -> Sequence[str]:
        """Ids of what is listed, in that order."""
        return list(self._articles.summaries) if self._result is None else self._results.listed.ids

    @property
    def finding(self) -> bool:
        """Whether the first result is to be opened, or gone to, when there are results."""
        return self.search_box.waiting or self._to_list

    def give_up(self) -> None:
        """Open nothing of what is still being searched for."""
        self.search_box.waiting = self._to_list = False

    @property
    def asked(self) -> str | None:
        """The query in the box; a space at its end says that its last word is not being typed any more."""
        return self.box.value if self.box.value.strip() else None

    @property
    def total(self) -> int:
        """How many articles the query found."""
        return self._result.total if self._result is not None else 0

    @property
    def meant(self) -> str | None:
        """A query that was probably meant in place of the one that stands."""
        return self._result.meant if self._result is not None else None

    def show_articles(
        self,
        summaries: Mapping[str, Summary],
        noted: Mapping[str, int],
        copies: Mapping[int, tuple[int, int]],
        current: str | None,
        *,
        versions: bool,
    ) -> None:
        """List the library's articles.

        Args:
            summaries: by article id, in the order of the list; a row changed in it is shown by :meth:`show_changed`.
            noted: how many notes the reader made, by article id.
            copies: by article key, in how many articles and outlets the same story stands.
            current: id of the open article.
            versions: whether there are several of any article.
        """
        self._open = current
        self._asking.summaries = summaries
        self._articles.take(summaries, noted, copies, versions=versions, wide=self._is_wide)
        self._results.redraw_all()
        self._count()

    def _count(self) -> None:
        """In the frame: how many articles there are, and while a query stands, how many of them it found."""
        there_are = f"{len(self._articles.summaries):,}"
        result = self._result
        write_below(self, Content(there_are if result is None else f"{result.total:,} of {there_are}"))

    @property
    def _is_wide(self) -> bool:
        return is_wide(self.size.width)

    def on_resize(self) -> None:
        """Rows are higher where there is less width."""
        self._articles.lay(wide=self._is_wide)
        self._results.lay(wide=self._is_wide)
        self._explain()
        self._arrange()

    def on_show(self) -> None:
        """What was found while the list was out of sight gets its snippets."""
        self.call_after_refresh(self._ask_snippets)

    def show_noted(self, noted: Mapping[str, int]) -> None:
        """Show new counts of notes."""
        before = self._articles.noted
        changed = {key for key in {*noted, *before} if noted.get(key) != before.get(key)}
        self._articles.noted = noted
        for article_id in changed:
            self.show_changed(article_id)

    def show_changed(self, article_id: str) -> None:
        """Show what changed about one article."""
        self._articles.redraw(article_id)
        self._results.redraw(article_id)

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours; the articles' rows name theirs and follow by themselves."""
        self.theme = theme
        self._results.restyle(theme)
        self.search_box.restyle(theme)
        self.facets.restyle(theme)

    def highlight(self, article_id: str) -> None:
        """Show which article is open."""
        self._open = article_id
        self._articles.highlight(article_id)
        if self._result is not None:
            self._results.highlight(article_id)

    def _read_ahead(self, rows: RowList) -> None:
        """Have at hand, before they come to the screen, what the next rows say: read then, a frame waited for it."""
        summaries = self._articles.summaries
        if isinstance(summaries, Summaries) and not summaries.knows(rows.ids_around(_NEAR)):
            read = partial(summaries.read, rows.ids_around(_AHEAD))
            in_thread(self, read, group="ahead", exclusive=True)

    # searching: what is typed is asked, the answers are shown

    @on(SearchBox.Typed)
    def _typed(self, event: SearchBox.Typed) -> None:
        event.stop()
        if not event.completed:
            self._picked = None
        self._search()

    def _search(self) -> None:
        query = self.box.value
        wish = Wish(self.order_by, self.folding, self._facets_more, self._open, self._picked)
        self._asking.ask(query, self.box.cursor_position, wish)
        if not query.strip():
            self._answer(None, None, Listed())
            self.search_box.offer_standing()

    def again(self, *, near: str | None = None) -> None:
        """Ask the query again: another order, or what is kept together, is wanted, or an article is gone.

        Args:
            near: id of the article to go to in the list, where it is found; else the first.
        """
        self._near = near
        if self._result is not None:
            self._search()

    def show_found(self, result: SearchResult, lit: Lit, listed: Listed) -> None:
        """The first results of the query in the box."""
        if result.query == self.box.value:
            self._answer(result, lit, listed)
            if self._facets_shown:
                self._asking.facets(result.query)

    def show_rest(self, result: SearchResult, listed: Listed) -> None:
        """All results of a query of which the first were shown."""
        if self._result is result:
            self._results.listed = listed
            self._results.lay(wide=self._is_wide)
            self._ask_snippets()
            self.post_message(self.Grew())

    def _ask_snippets(self) -> None:
        if (result := self._result) is not None and (wanted := self._results.bare()):
            self._asking.snippets(result.query, wanted)

    def show_snippets(self, query: str, snippets: Mapping[str, tuple[Snippet, ...]]) -> None:
        """Stretches of some of the results."""
        if self._result is not None and self._result.query == query:
            self._results.show_snippets(snippets)

    def _answer(self, result: SearchResult | None, lit: Lit | None, listed: Listed) -> None:
        self._asking.leave_rest()
        self._results.take(result, listed)
        self.lit = lit
        self.search_box.answer(result)
        self._explain()
        self._count()
        in_list = self._articles.has_focus or self._results.has_focus
        self._articles.display = result is None
        self._results.display = result is not None
        if in_list or self._to_list:
            # From a list that goes, the keys would fall into the box.
            self._to_list = False
            self.call_after_refresh(lambda: self.rows.focus())
        self._arrange()
        if result is not None:
            self._results.lay(wide=self._is_wide)
            if self._near is None or not self._results.highlight(self._near):
                self._results.action_first()
            self.call_after_refresh(self._ask_snippets)
        self.post_message(self.Searched(self.lit))
        if result is not None and not self.search_box.is_whole(result.query):
            # Enter may have been pressed before the answer to what was typed came: what its last word begins is
            # not what is to be opened.
            return
        waiting, self.search_box.waiting = self.search_box.waiting, False
        if waiting and result is not None and result.hits:
            self._open_wanted()

    def _explain(self) -> None:
        if self._result is not None:
            width = self.size.width - 2
            self.search_box.explain(self._result, width, order=self.order_by, folding=self.folding)

    def clear(self) -> bool:
        """Drop the query; false if there was none."""
        had = bool(self.box.value) or self._result is not None
        self.search_box.clear()
        self._answer(None, None, Listed())
        return had

    # what the box says

    def show_offers(self, query: str, offers: Sequence[Completion]) -> None:
        """What the query may go on with."""
        self.search_box.offer(query, offers, self.meant)

    def show_standing(self, standing: Sequence[Completion]) -> None:
        """Saved searches and queries asked before, offered in the empty box."""
        self.search_box.stand(standing)

    @on(SearchBox.Down)
    def _down(self, event: SearchBox.Down) -> None:
        event.stop()
        self.rows.focus()

    @on(SearchBox.Chosen)
    def _take_query(self, event: SearchBox.Chosen) -> None:
        event.stop()
        self.run(event.query)

    def run(self, query: str, *, to_list: bool = False) -> None:
        """Put a whole query into the box; no word of it is still being typed.

        Args:
            query: what to search for.
            to_list: go to the list of results, now and when they come.
        """
        self._to_list = to_list
        if to_list:
            self.rows.focus()
        self.search_box.put(query)

    @on(SearchBox.Submitted)
    def _submitted(self, event: SearchBox.Submitted) -> None:
        event.stop()
        self._open_when_complete()

    @on(SearchBox.Failed)
    def _failed(self, event: SearchBox.Failed) -> None:
        event.stop()
        self.give_up()

    def _open_when_complete(self, chosen: str | None = None) -> None:
        """Open a result: the word that was being typed is a whole one from now on, and the query in the box says so.

        Args:
            chosen: id of the one that was chosen from the list; without, that is highlighted, or the first.
        """
        result, query = self._result, self.box.value
        current = result is not None and result.query == query
        if not query.strip() or (result is not None and current and not result.unfinished):
            self._open_highlighted()
            return
        self._picked = chosen
        self._wanted = chosen or (self._results.highlighted_id if current else None)
        self.search_box.complete(chosen)

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if event.rows is self.facets:
            self.facets.choose()
        else:
            self._open_when_complete(event.rows.highlighted_id)

    def _open_wanted(self) -> None:
        """Open what was wanted before the query was complete, if it is found still; else the first."""
        wanted, self._wanted, self._picked = self._wanted, None, None
        if wanted is not None:
            self._results.highlight(wanted)
        self._open_highlighted()

    def _open_highlighted(self) -> None:
        article_id = self.rows.highlighted_id
        if article_id is not None:
            asked = self._result.query if self._result is not None else None
            self.post_message(self.Open(article_id, self.lit, asked))

    # facets

    @property
    def _facets_shown(self) -> bool:
        wanted = self.size.height >= _TALL if self._facets_wanted is None else self._facets_wanted
        return wanted and bool(self.box.value.strip())

    def _arrange(self) -> None:
        self.set_class(self.size.height < _TALL, "-small")
        shown = self._facets_shown and self._result is not None
        if not shown and self.facets.has_focus:
            self.rows.focus()
        self.facets.display = shown

    def toggle_facets(self) -> bool:
        """Go to the facets, showing them; from there, hide them. False if there is no query."""
        if self._result is None:
            return False
        if self.facets.has_focus:
            self._facets_wanted = False
            self._arrange()
            return True
        self._facets_wanted = True
        self._arrange()
        self.facets.focus()
        if not self.facets.row_count:
            self._asking.facets(self._result.query)
        return True

    def count_again(self) -> None:
        """Count the facets anew: names were found meanwhile. The results stay as they are."""
        if self._result is not None and self._facets_shown:
            self._asking.facets(self._result.query)

    def show_facets(self, query: str, facets: Sequence[Facet]) -> None:
        """What all results have in common."""
        if query == self.box.value:
            self.facets.show(facets, query)

    @on(FacetPane.More)
    def _more(self, event: FacetPane.More) -> None:
        event.stop()
        self._facets_more = event.field
        self._search()

    @on(FacetPane.Narrow)
    def _narrow(self, event: FacetPane.Narrow) -> None:
        event.stop()
        self._narrowed(self.box.value, event.clause, event.exclude)

    @threaded("narrow", exclusive=True)
    def _narrowed(self, query: str, clause: str, exclude: bool) -> None:
        from warreader.index.api import query_narrowed

        wanted = query_narrowed(self._library.search.settled(query), clause, exclude=exclude)
        self.app.call_from_thread(self.run, wanted)

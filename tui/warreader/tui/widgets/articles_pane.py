"""The articles, and while a query stands, its results: found as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from warreader.index.article import SearchHit, SearchResult, Snippet
from warreader.index.articles import Summary
from warreader.index.library import Library
from warreader.tui.page import Lit, snippets_of
from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.lists import plain, plain_inline
from warreader.tui.widgets.row_list import RowList, fitted

_DELAY = 0.04
_AT_ONCE = 60
"""Results that are found and shown, with snippets, before all the others are asked for."""

_REST_DELAY = 0.25
"""Seconds without a key until the others are asked for: while typing, nobody goes that far down."""

_WIDE = 60
"""Cells from which a row's title has room on one line."""


def same_story(copies: int, outlets: int) -> str:
    """That an article's story stands in others too, in words; empty where it does not."""
    if copies < 2:
        return ""
    return f"same story: {outlets} outlets" if outlets > 1 else f"same story: {copies} articles"


class ArticlesPane(Vertical):
    """The search box over the list of articles or results."""

    DEFAULT_CSS = """
    ArticlesPane Input { border: none; height: 1; padding: 0 1; background: $surface; }
    ArticlesPane Input:focus { border: none; background: $panel; }
    ArticlesPane #understood { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    ArticlesPane #understood.-problem { color: $text-warning; }
    """

    class Open(Message):
        """An article is to be opened; with ``lit``, at the first place of what is lit."""

        def __init__(self, article_id: str, lit: Lit | None) -> None:
            super().__init__()
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
        self._library = library
        self._summaries: Mapping[str, Summary] = {}
        self._noted: Mapping[str, int] = {}
        self._copies: Mapping[int, tuple[int, int]] = {}
        self._result: SearchResult | None = None
        self._hits: dict[str, SearchHit] = {}
        self._bare: set[str] = set()
        self._timer: Timer | None = None
        self._rest: Timer | None = None
        self._waiting = False
        self._open: str | None = None

    def compose(self) -> ComposeResult:
        """The box, what was understood, the list."""
        yield Input(placeholder="/ to search", id="query", select_on_focus=False)
        understood = Static("", id="understood", markup=False)
        understood.display = False
        yield understood
        yield RowList(self._article_row, id="articles")
        results = RowList(self._hit_row, id="results")
        results.display = False
        yield results

    def on_mount(self) -> None:
        """Snippets are made for the results that come to the screen."""
        self.watch(self._results, "scroll_y", self._ask_snippets, init=False)

    @property
    def rows(self) -> RowList:
        """The list that is shown: results while a query stands, else the articles."""
        return self._results if self._result is not None else self._articles

    @property
    def _articles(self) -> RowList:
        return self.query_one("#articles", RowList)

    @property
    def _results(self) -> RowList:
        return self.query_one("#results", RowList)

    @property
    def box(self) -> Input:
        """The search box."""
        return self.query_one("#query", Input)

    @property
    def order(self) -> Sequence[str]:
        """Ids of what is listed, in that order."""
        return list(self._summaries) if self._result is None else list(self._hits)

    def show_articles(
        self,
        summaries: Mapping[str, Summary],
        noted: Mapping[str, int],
        copies: Mapping[int, tuple[int, int]],
        current: str | None,
    ) -> None:
        """List the library's articles.

        Args:
            summaries: by article id, in the order of the list. Kept, not copied: a row changed in it is shown
                by :meth:`show_changed`.
            noted: how many notes the reader made, by article id.
            copies: by article key, in how many articles and outlets the same story stands.
            current: id of the open article.
        """
        self._open = current
        self._summaries = summaries
        self._noted = noted
        self._copies = copies
        self._fill_articles()

    def _fill_articles(self) -> None:
        signs = bool(self._copies) or any(summary.versions > 1 for summary in self._summaries.values())
        lines = 2 if self._is_wide else 4 if signs else 3
        self._articles.fill(list(self._summaries), lines=lines)

    @property
    def _is_wide(self) -> bool:
        return self.size.width >= _WIDE

    def on_resize(self) -> None:
        """Rows are higher where there is less width."""
        self._fill_articles()
        self._fill_results()

    def show_noted(self, noted: Mapping[str, int]) -> None:
        """Show new counts of notes."""
        changed = {key for key in {*noted, *self._noted} if noted.get(key) != self._noted.get(key)}
        self._noted = noted
        for article_id in changed:
            self._articles.redraw(article_id)

    def show_changed(self, article_id: str) -> None:
        """Show what changed about one article."""
        self._articles.redraw(article_id)

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours; the articles' rows name theirs and follow by themselves."""
        self.theme = theme
        self._results.redraw_all()

    def _fill_results(self) -> None:
        self._results.fill(list(self._hits), lines=4 if self._is_wide else 6)

    def highlight(self, article_id: str) -> None:
        """Show which article is open."""
        self._open = article_id
        self._articles.highlight(article_id)
        if self._result is not None:
            self._results.highlight(article_id)

    # rows

    def _article_row(self, article_id: str, width: int, lines: int) -> list[Content]:
        summary = self._summaries[article_id]
        signs = ("★ " if summary.starred else "") + ("" if summary.read else "● ")
        title = Content.assemble(
            (signs, "$accent"), (plain(summary.title, 180), "" if summary.read else "bold")
        )
        about = [plain(part, 40) for part in (summary.outlet, (summary.date or "")[:10]) if part]
        if summary.versions > 1:
            about.append(f"{summary.versions} versions")
        if told := same_story(*self._copies.get(summary.key, (1, 1))):
            about.append(told)
        if notes := self._noted.get(article_id, 0):
            about.append(f"✎{notes}")
        about.append(f"{_words(summary.length)} words")
        return _headed(title, about, width, lines)

    def _hit_row(self, article_id: str, width: int, lines: int) -> list[Content]:
        hit = self._hits[article_id]
        about = [plain(part, 40) for part in (hit.outlet, (hit.date or "")[:10]) if part]
        title = Content.styled(plain(hit.title, 180), "bold")
        shown = fitted(title, width, 1 if self._is_wide else 2)
        if about:
            shown.append(Content.styled(" · ".join(about), "dim").truncate(width, ellipsis=True))
        for snippet in hit.snippets[:2]:
            room = lines - len(shown)
            shown += fitted(self._snippet(snippet, width * room), width, room)
        return shown

    def _snippet(self, snippet: Snippet, room: int) -> Content:
        lit = f"{self.theme.hit_foreground} on {self.theme.hit_background}"
        pieces: list[str | tuple[str, str]] = ["…"]
        at = _begin(snippet, room)
        for hit in snippet.hits:
            pieces.append(_inline(snippet, at, hit.start))
            pieces.append((_inline(snippet, hit.start, hit.end), lit))
            at = hit.end
        pieces += [_inline(snippet, at, snippet.end), "…"]
        return Content.assemble(*pieces)

    # searching

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._waiting = False
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_DELAY, lambda: self._search(event.value))

    def _search(self, query: str) -> None:
        if self._timer is not None:
            self._timer.stop()
        if query.strip():
            self._ask(query, self._open)
        else:
            # A search still under way must not bring its results back.
            self.workers.cancel_group(self, "search")
            self._answer(None, None)

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def _ask(self, query: str, current: str | None) -> None:
        result = self._library.search.search(query, limit=_AT_ONCE, as_you_type=True)
        find = partial(self._library.search.spans, query, as_you_type=True)
        lit = Lit(plain(query, 40), [hit.id for hit in result.hits], find)
        if current is not None:
            lit.spans(current)
        self.app.call_from_thread(self._answered, result, lit)

    def _answered(self, result: SearchResult, lit: Lit) -> None:
        # An older answer may come after the box has changed.
        if result.query == self.box.value:
            self._answer(result, lit)
            if result.total > len(result.hits):
                self._rest = self.set_timer(_REST_DELAY, lambda: self._ask_rest(result, lit, self._open))

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def _ask_rest(self, first: SearchResult, lit: Lit, current: str | None) -> None:
        result = self._library.search.search(first.query, limit=first.total, as_you_type=True, snippets=False)
        lit.grow(list(dict.fromkeys(hit.id for hit in (*first.hits, *result.hits))))
        if current is not None:
            lit.spans(current)
        self.app.call_from_thread(self._take_rest, first, result)

    def _take_rest(self, first: SearchResult, result: SearchResult) -> None:
        if self._result is not first:
            return
        more = [hit for hit in result.hits if hit.id not in self._hits]
        self._result = result
        self._hits |= {hit.id: hit for hit in more}
        self._bare.update(hit.id for hit in more)
        self._fill_results()
        self._ask_snippets()
        self.post_message(self.Grew())

    def _ask_snippets(self) -> None:
        wanted = [row_id for row_id in self._results.shown_ids if row_id in self._bare]
        if wanted and self._result is not None:
            self._fetch_snippets(self._result.query, wanted)

    @work(thread=True, exclusive=True, group="snippets", exit_on_error=False)
    def _fetch_snippets(self, query: str, wanted: Sequence[str]) -> None:
        for article_id in wanted:
            found = snippets_of(self._library, query, article_id)
            self.app.call_from_thread(self._take_snippets, query, article_id, found)

    def _take_snippets(self, query: str, article_id: str, found: tuple[Snippet, ...]) -> None:
        if self._result is not None and self._result.query == query and article_id in self._bare:
            self._bare.discard(article_id)
            self._hits[article_id] = replace(self._hits[article_id], snippets=found)
            self._results.redraw(article_id)

    def _answer(self, result: SearchResult | None, lit: Lit | None) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._result = result
        self.lit = lit
        self._hits = {hit.id: hit for hit in result.hits} if result is not None else {}
        self._bare = set()
        understood = self.query_one("#understood", Static)
        understood.display = result is not None
        if result is not None:
            understood.set_class(result.problem is not None, "-problem")
            understood.update(_explain(result))
        self._articles.display = result is None
        self._results.display = result is not None
        if result is not None:
            self._fill_results()
            self._results.action_first()
        self.post_message(self.Searched(self.lit))
        waiting, self._waiting = self._waiting, False
        if waiting and result is not None and result.hits:
            self._open_highlighted()

    def clear(self) -> bool:
        """Drop the query; false if there was none."""
        had = bool(self.box.value) or self._result is not None
        self.box.value = ""
        self._search("")
        return had

    @on(Input.Submitted, "#query")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        answered = self._result.query if self._result is not None else ""
        if self.box.value.strip() and answered != self.box.value:
            # Enter came before the results: open the first of them when they are there.
            self._waiting = True
            self._search(self.box.value)
        else:
            self._open_highlighted()

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self._open_highlighted()

    def _open_highlighted(self) -> None:
        article_id = self.rows.highlighted_id
        if article_id is not None:
            self.post_message(self.Open(article_id, self.lit))

    def key_down(self) -> None:
        """From the box into the list."""
        if self.box.has_focus:
            self.rows.focus()


def _headed(title: Content, about: Sequence[str], width: int, lines: int) -> list[Content]:
    """A title with what is said about it below, in so many lines.

    The last thing said is left out where it would take a line of its own, then the title is cut, to no less
    than one line.
    """
    whole, short = (Content.styled(" · ".join(parts), "dim") for parts in (about, about[:-1]))
    told = fitted(whole if whole.cell_length <= width or not about[:-1] else short, width, lines - 1)
    return [*fitted(title, width, lines - len(told)), *told]


def _begin(snippet: Snippet, room: int) -> int:
    """The offset at which to begin a snippet so that its first hit is seen in so many cells."""
    if not snippet.hits or snippet.hits[0].end - snippet.start < room * 3 // 4:
        return snippet.start
    first = snippet.hits[0].start
    begin = max(snippet.start, first - room // 3)
    space = snippet.text.find(" ", begin - snippet.start, first - snippet.start)
    return begin if space < 0 else snippet.start + space + 1


def _inline(snippet: Snippet, start: int, end: int) -> str:
    # Line ends and tabs become spaces one for one: hits inside keep their places.
    return plain_inline(snippet.text[start - snippet.start : end - snippet.start])


def _words(length: int) -> str:
    """About how many words a text of so many code points has."""
    count = max(1, length // 6)
    return f"{count / 1000:.1f}k" if count >= 1000 else f"{round(count, -1) or count}"


def _explain(result: SearchResult) -> str:
    count = f"{result.total} article{'' if result.total == 1 else 's'}"
    if result.problem is None:
        return f"{count} · {plain(result.understood, 120)}"
    where = f" (at {result.problem_at + 1})" if result.problem_at is not None else ""
    return f"{plain(result.problem, 120)}{where} · {count}"

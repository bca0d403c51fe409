"""The articles, and while a query stands, its results: found as it is typed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from warreader.tui.page import Lit
from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.lists import Rows, plain, plain_inline

_DELAY = 0.04
_LIMIT = 60


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

    def __init__(self, library: Library, theme: ReaderTheme, *, id: str) -> None:
        super().__init__(id=id)
        self.theme = theme
        self.lit: Lit | None = None
        self._library = library
        self._summaries: Sequence[Summary] = ()
        self._noted: dict[str, int] = {}
        self._result: SearchResult | None = None
        self._timer: Timer | None = None
        self._waiting = False
        self._open: str | None = None

    def compose(self) -> ComposeResult:
        """The box, what was understood, the list."""
        yield Input(placeholder="/ to search", id="query", select_on_focus=False)
        understood = Static("", id="understood", markup=False)
        understood.display = False
        yield understood
        yield Rows(id="articles")
        results = Rows(id="results")
        results.display = False
        yield results

    @property
    def rows(self) -> Rows:
        """The list that is shown: results while a query stands, else the articles."""
        return self._results if self._result is not None else self._articles

    @property
    def _articles(self) -> Rows:
        return self.query_one("#articles", Rows)

    @property
    def _results(self) -> Rows:
        return self.query_one("#results", Rows)

    @property
    def box(self) -> Input:
        """The search box."""
        return self.query_one("#query", Input)

    @property
    def order(self) -> list[str]:
        """Ids of what is listed, in that order."""
        if self._result is not None:
            return [hit.id for hit in self._result.hits]
        return [summary.id for summary in self._summaries]

    def show_articles(self, summaries: Sequence[Summary], noted: dict[str, int], current: str | None) -> None:
        """List the library's articles; ``noted`` counts the reader's notes by article."""
        self._open = current
        if summaries != self._summaries or noted != self._noted:
            self._summaries = summaries
            self._noted = noted
            self._articles.fill((summary.id, self._article_row(summary)) for summary in summaries)

    def show_noted(self, noted: dict[str, int]) -> None:
        """Show new counts of notes."""
        changed = {key for key in {*noted, *self._noted} if noted.get(key) != self._noted.get(key)}
        self._noted = noted
        self._renew_rows(changed)

    def show_changed(self, summaries: Sequence[Summary], article_id: str) -> None:
        """Show what changed about one article; ``summaries`` differ in this one only."""
        if summaries != self._summaries:
            self._summaries = summaries
            self._renew_rows({article_id})

    def _renew_rows(self, article_ids: Collection[str]) -> None:
        # Row by row: a long list is not made again for one of its rows.
        for summary in self._summaries if article_ids else ():
            if summary.id in article_ids:
                self._articles.replace_option_prompt(summary.id, self._article_row(summary))

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours; the articles' rows name theirs and follow by themselves."""
        self.theme = theme
        self._fill_results()

    def _fill_results(self) -> None:
        hits = self._result.hits if self._result is not None else ()
        self._results.fill((hit.id, self._hit_row(hit)) for hit in hits)

    def highlight(self, article_id: str) -> None:
        """Show which article is open."""
        self._open = article_id
        self._articles.highlight(article_id)
        if self._result is not None:
            self._results.highlight(article_id)

    def _article_row(self, summary: Summary) -> Content:
        signs = ("★ " if summary.starred else "") + ("" if summary.read else "● ")
        notes = self._noted.get(summary.id, 0)
        about = [plain(part, 40) for part in (summary.outlet, (summary.date or "")[:10]) if part]
        about.append(f"{_words(summary.length)} words")
        if notes:
            about.append(f"✎{notes}")
        return Content.assemble(
            (signs, "$accent"),
            (plain(summary.title, 90), "" if summary.read else "bold"),
            "\n",
            (" · ".join(about), "dim"),
        )

    def _hit_row(self, hit: SearchHit) -> Content:
        parts: list[Content | str | tuple[str, str]] = [(plain(hit.title, 90), "bold")]
        about = [plain(part, 40) for part in (hit.outlet, (hit.date or "")[:10]) if part]
        if about:
            parts += ["\n", (" · ".join(about), "dim")]
        for snippet in hit.snippets[:2]:
            parts += ["\n", self._snippet(snippet)]
        return Content.assemble(*parts)

    def _snippet(self, snippet: Snippet) -> Content:
        lit = f"{self.theme.hit_foreground} on {self.theme.hit_background}"
        pieces: list[str | tuple[str, str]] = ["…"]
        at = snippet.start
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
        result = self._library.search.search(query, limit=_LIMIT, as_you_type=True)
        find = partial(self._library.search.spans, query, as_you_type=True)
        lit = Lit(plain(query, 40), [hit.id for hit in result.hits], find)
        if current is not None:
            lit.spans(current)
        self.app.call_from_thread(self._answered, result, lit)

    def _answered(self, result: SearchResult, lit: Lit) -> None:
        # An older answer may come after the box has changed.
        if result.query == self.box.value:
            self._answer(result, lit)

    def _answer(self, result: SearchResult | None, lit: Lit | None) -> None:
        self._result = result
        self.lit = lit
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

    @on(Rows.OptionSelected)
    def _chosen(self, event: Rows.OptionSelected) -> None:
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


def _inline(snippet: Snippet, start: int, end: int) -> str:
    # Line ends and tabs become spaces one for one: hits inside keep their places.
    return plain_inline(snippet.text[start - snippet.start : end - snippet.start])


def _words(length: int) -> str:
    """About how many words a text of so many code points has."""
    count = max(1, length // 6)
    return f"{count / 1000:.1f}k" if count >= 1000 else f"{round(count, -1) or count}"


def _explain(result: SearchResult) -> str:
    count = f"{result.total} article{'' if result.total == 1 else 's'}"
    if result.total > len(result.hits):
        count = f"the first {len(result.hits)} of {count}"
    if result.problem is None:
        return f"{count} · {plain(result.understood, 120)}"
    where = f" (at {result.problem_at + 1})" if result.problem_at is not None else ""
    return f"{plain(result.problem, 120)}{where} · {count}"

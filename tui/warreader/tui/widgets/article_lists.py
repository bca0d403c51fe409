"""The two lists of articles: those of the library, and the results of a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from warreader.index.api import SearchHit, SearchResult, Snippet, Summaries, Summary
from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.article_rows import article_row, hit_row, lines_of_articles, lines_of_hits
from warreader.tui.widgets.asking import Listed
from warreader.tui.widgets.row_list import RowList

_WIDE = 60
"""Cells from which a row's title has room on one line."""


def is_wide(width: int) -> bool:
    """Whether a row's title has room on one line in so many cells."""
    return width >= _WIDE


class ArticleList(RowList):
    """The articles of the library."""

    def __init__(self, *, id: str) -> None:
        super().__init__(self._article_row, id=id)
        self.summaries: Mapping[str, Summary] = {}
        """By article id, in the order of the list."""
        self.noted: Mapping[str, int] = {}
        """How many notes the reader made, by article id."""
        self._copies: Mapping[int, tuple[int, int]] = {}
        self._signs = False

    def take(
        self,
        summaries: Mapping[str, Summary],
        noted: Mapping[str, int],
        copies: Mapping[int, tuple[int, int]],
        *,
        versions: bool,
        wide: bool,
    ) -> None:
        """List other articles; for the rest see :meth:`.ArticlesPane.show_articles`."""
        self.summaries = summaries
        self.noted = noted
        self._copies = copies
        self._signs = versions or bool(copies)
        self.lay(wide=wide)

    def lay(self, *, wide: bool) -> None:
        """Rows are higher where there is less width."""
        listing = self.summaries
        ids = listing.ids if isinstance(listing, Summaries) else list(listing)
        self.fill(ids, lines=lines_of_articles(wide=wide, signs=self._signs))

    def _article_row(self, article_id: str, width: int, lines: int) -> list[Content]:
        summary = self.summaries[article_id]
        noted = self.noted.get(article_id, 0)
        return article_row(summary, noted, self._copies.get(summary.key, (1, 1)), width, lines)


class ResultList(RowList):
    """The results of a query.

    Args:
        articles: the list of all articles, which knows what is said about each.
    """

    def __init__(self, articles: ArticleList, theme: ReaderTheme, *, id: str) -> None:
        super().__init__(self._hit_row, id=id)
        self.result: SearchResult | None = None
        """What the query was answered; ``None`` while none stands."""
        self.listed = Listed()
        self.snippets: dict[str, tuple[Snippet, ...]] = {}
        self._articles = articles
        self._theme = theme
        self._hits: dict[str, SearchHit] = {}
        self._wide = False

    def take(self, result: SearchResult | None, listed: Listed) -> None:
        """Take the answer to another query; the rows follow with :meth:`lay`."""
        self.result = result
        self.listed = listed
        self.snippets = {}
        self._hits = {hit.id: hit for hit in result.hits} if result is not None else {}

    def lay(self, *, wide: bool) -> None:
        """Rows are higher where there is less width."""
        self._wide = wide
        self.fill(self.listed.ids, lines=lines_of_hits(wide=wide))

    def bare(self) -> Sequence[str]:
        """Ids of the rows on the screen that have no snippets yet."""
        return [row_id for row_id in self.shown_ids if row_id not in self.snippets]

    def show_snippets(self, snippets: Mapping[str, tuple[Snippet, ...]]) -> None:
        """Stretches of some of the results."""
        self.snippets.update(snippets)
        for article_id in snippets:
            self.redraw(article_id)

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours."""
        self._theme = theme
        self.redraw_all()

    def _hit_row(self, article_id: str, width: int, lines: int) -> list[Content]:
        summary = self._articles.summaries.get(article_id)
        about = summary if summary is not None else self._hits.get(article_id)
        if about is None:
            return []
        return hit_row(
            about,
            self._articles.noted.get(article_id, 0),
            self.listed.folded.told(article_id),
            self.snippets.get(article_id, ()),
            self._theme,
            width,
            lines,
            wide=self._wide,
        )

"""A small library to match in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from warreader.index.article import Article, Line, LineKind, Metadata
from warreader.index.articles import Articles, Incoming
from warreader.index.matching.fingerprinting import Fingerprints
from warreader.index.matching.matches import Matches
from warreader.index.quotations.quotations import Quotations
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database
from warreader.index.text import line_spans

Add = Callable[..., Article]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty library file."""
    opened = Database(tmp_path / "library.sqlite", LIBRARY_MIGRATIONS)
    yield opened
    opened.close()


@pytest.fixture
def add(database: Database) -> Add:
    """Stores an article and derives its quotations and matches."""

    def adding(
        article_id: str,
        text: str,
        *,
        date: str | None = None,
        outlet: str | None = None,
        headline: bool = False,
        lines: tuple[Line, ...] = (),
    ) -> Article:
        made = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
        if headline:
            made = (Line(made[0].start, made[0].end, LineKind.HEADLINE), *made[1:])
        articles = Articles(database)
        meta = Metadata(date=date, outlet=outlet)
        articles.store(Incoming(article_id, text, lines or made, meta, article_id, stated_id=True))
        article = articles.get(article_id)
        Quotations(database).derive(article)
        Fingerprints(database).derive(article)
        Matches(database).derive(article)
        return article

    return adding

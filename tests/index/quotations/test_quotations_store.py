"""Quotations as a library stores and answers them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from warreader.index.article import Article, Line, LineKind, Metadata
from warreader.index.articles import Articles, Incoming
from warreader.index.quotations.quotations import Quotations
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database
from warreader.index.text import line_spans

TEXT = "Michael Clarke said: “We will see.\n\n“We go on.”\n\nHe said that it would cross “a legal line”."


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty library file."""
    opened = Database(tmp_path / "library.sqlite", LIBRARY_MIGRATIONS)
    yield opened
    opened.close()


def add(database: Database, article_id: str, text: str) -> Article:
    """An article with a mention of Clarke."""
    lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
    articles = Articles(database)
    articles.store(Incoming(article_id, text, lines, Metadata(), article_id, stated_id=True))
    article = articles.get(article_id)
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO entity (id, name, label, match) VALUES ('p:c', 'Michael Clarke', 'PERSON', 'p:c')"
        )
        if "Michael Clarke" in text:
            at = text.index("Michael Clarke")
            connection.execute(
                "INSERT INTO mention SELECT ?, ?, ?, 'Michael Clarke', 'PERSON', key, '' FROM entity",
                (article.key, at, at + 14),
            )
    return article


@pytest.mark.parametrize("name", ["", "a", "a:1-2", "a:1:0-0", "a:99999999999999999999-3", "a:1:x-y"])
def test_unknown_ids(database: Database, name: str) -> None:
    Quotations(database).derive(add(database, "a:1", TEXT))
    assert Quotations(database).get(name) is None
    assert Quotations(database).of(name) == []


def test_deriving_again_replaces(database: Database) -> None:
    article = add(database, "a", TEXT)
    quotations = Quotations(database)
    quotations.derive(article)
    before = quotations.of("a")
    quotations.derive(article)
    assert quotations.of("a") == before


def test_said_by_nobody_and_by_many(database: Database) -> None:
    quotations = Quotations(database)
    quotations.derive(add(database, "a", TEXT))
    assert quotations.said_by([]) == []
    assert len(quotations.said_by([*(f"e{n}" for n in range(1200)), "p:c"])) == 3


def test_nul_and_wide_characters_keep_offsets(database: Database) -> None:
    text = "\x00🙂 Clarke said: “We\x00 will 战 see.”"
    quotations = Quotations(database)
    quotations.derive(add(database, "a", text))
    (found,) = quotations.of("a")
    assert found.text == "“We\x00 will 战 see.”"


def test_deleting_an_article_takes_its_quotations(database: Database) -> None:
    quotations = Quotations(database)
    quotations.derive(add(database, "a", TEXT))
    database.connection.execute("DELETE FROM article")
    assert list(quotations.all()) == []

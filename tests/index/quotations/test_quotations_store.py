"""Quotations as a library stores and answers them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from warreader.index.article import Article, Line, LineKind, Metadata, QuotationKind
from warreader.index.articles import Articles, Incoming
from warreader.index.quotations.quotations import Quotations
from warreader.index.quotations.spoken import Asked, Tally
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.search.analyzer import key
from warreader.index.storage import Database
from warreader.index.text import line_spans

NOTHING = Metadata()
TEXT = "Michael Clarke said: “We will see.\n\n“We go on.”\n\nHe said that it would cross “a legal line”."


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty library file."""
    opened = Database(tmp_path / "library.sqlite", LIBRARY_MIGRATIONS)
    yield opened
    opened.close()


def add(database: Database, article_id: str, text: str, metadata: Metadata = NOTHING) -> Article:
    """An article with a mention of Clarke."""
    lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
    articles = Articles(database)
    articles.store(Incoming(article_id, text, lines, metadata, article_id, stated_id=True))
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


def asked_like(database: Database, words: str) -> set[str]:
    """Quotations that hold words one after another, found by reading all of them."""
    wanted = key(words)
    found = set()
    for quotation in Quotations(database).all():
        held = key(quotation.text)
        if any(held[at : at + len(wanted)] == wanted for at in range(len(held) - len(wanted) + 1)):
            found.add(quotation.id)
    return found


@pytest.mark.parametrize(
    "words",
    ["go on", "GOES", "we will see", "see we", "cross a legal line", "乌克兰", "o'neil", "U.S.", 'a "b"'],
)
def test_words_are_found_as_by_reading_all(database: Database, words: str) -> None:
    quotations = Quotations(database)
    quotations.derive(add(database, "a", TEXT))
    quotations.derive(add(database, "b", "Clarke said: “It goes on, O’Neil: in the US 乌克兰 wins a “b”.”"))
    found = quotations.find(Asked(words=words))
    assert {quotation.id for quotation in found} == asked_like(database, words)
    assert quotations.count(Asked(words=words)) == len(found)


def test_asking_by_speaker_outlet_month_and_kind(database: Database) -> None:
    quotations = Quotations(database)
    quotations.derive(add(database, "a", TEXT, Metadata(outlet="The Post", date="2022-03-04")))
    quotations.derive(add(database, "b", TEXT, Metadata(outlet="The Mail", date="2022-10")))
    quotations.derive(add(database, "c", "An old general said: “We will see.”"))
    every = quotations.find(Asked())
    assert [q.article for q in every[:1]] == ["b"] and every[-1].article == "c"
    assert {q.article for q in quotations.find(Asked(called="General old"))} == {"c"}
    assert {q.article for q in quotations.find(Asked(entities=("p:c",), outlet="The Post"))} == {"a"}
    assert {q.article for q in quotations.find(Asked(month="2022-1"))} == {"b"}
    assert {q.article for q in quotations.find(Asked(month="2022"))} == {"a", "b"}
    row = database.connection.execute("SELECT key FROM article WHERE id = 'b'").fetchone()
    assert {q.article for q in quotations.find(Asked(articles=f"[{row[0]}]"))} == {"b"}
    assert quotations.find(Asked(articles="[]")) == []
    assert quotations.find(Asked(kinds=(QuotationKind.SCARE,))) == []
    assert quotations.find(Asked(words="?")) == []
    each = quotations.count(Asked(entities=("p:c",))) // 2
    assert quotations.speakers(Asked()) == [Tally("p:c", "Michael Clarke", 2 * each, 2)]
    outlets = quotations.outlets(Asked(words="we go on"))
    assert [(t.id, t.articles) for t in outlets] == [("The Mail", 1), ("The Post", 1)]
    assert [t.id for t in quotations.months(Asked())] == ["2022-03", "2022-10"]


def test_nothing_is_left_of_what_was_deleted_or_derived_again(database: Database) -> None:
    quotations = Quotations(database)
    article = add(database, "a", TEXT)
    quotations.derive(article)
    quotations.derive(article)
    count = "SELECT count(*) FROM spoken"
    assert database.connection.execute(count).fetchone()[0] == len(quotations.of("a"))
    database.connection.execute("DELETE FROM article")
    assert database.connection.execute(count).fetchone()[0] == 0


def test_marks_read_in_a_wrong_encoding_are_marks(database: Database) -> None:
    text = "Michael Clarke said: “We’ll see, and we will go on.” Nobody else spoke."
    misread = text.encode().decode("latin-1")
    quotations = Quotations(database)
    quotations.derive(add(database, "a", misread))
    (one,) = quotations.of("a")
    assert one.text.encode("latin-1").decode() == "“We’ll see, and we will go on.”"
    assert one.kind is QuotationKind.DIRECT
    assert one.speaker is not None
    assert one.speaker.text == "Michael Clarke"

"""Questions about the quotations of the whole library."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from warreader.index.article import Article
from warreader.index.matching.matches import Matches
from warreader.index.matching.repeated import Repeated
from warreader.index.storage import Database
from warreader.index.stories.stories import Stories

Add = Callable[..., Article]
ONE = (
    "We will rebuild every bridge, every school and every hospital that the invader destroyed in this valley"
)
TWO = "Nobody in the harbour slept through that terrible night of sirens, smoke and burning warehouses"


def said(words: str, by: str = "the governor") -> str:
    """A quotation as a paper has it."""
    return f"“{words},” {by} said."


def name(database: Database, article: Article, person: str) -> None:
    """Have all quotations of an article be said by someone."""
    connection = database.connection
    connection.execute(
        "INSERT OR IGNORE INTO entity (id, name, label, match) VALUES (?, ?, 'PERSON', ?)", (person,) * 3
    )
    connection.execute(
        "UPDATE quotation SET entity = (SELECT key FROM entity WHERE id = ?) WHERE article = ?",
        (person, article.key),
    )


@pytest.fixture
def shelf(database: Database, add: Add) -> Matches:
    """One quotation in three articles, another in two."""
    name(database, add("a", said(ONE), date="2024-03-02", outlet="Alpha"), "Anna Berg")
    name(database, add("b", said(ONE), date="2024-03-01", outlet="Beta"), "Anna Berg")
    name(database, add("c", f"{said(ONE)}\n\n{said(TWO)}", date="2024-04-01", outlet="Gamma"), "Carl Dahl")
    add("d", said(TWO), date="2024-05-01", outlet="Alpha")
    return Matches(database)


def told(rows: tuple[Repeated, ...]) -> list[tuple[str, int]]:
    """First carrier and number of articles."""
    return [(row.first.article, row.articles) for row in rows]


def test_the_most_repeated_come_first_with_who_carried_them_first(shelf: Matches) -> None:
    found = shelf.repeated()
    assert found.total == 2
    first, second = found.rows
    assert (first.articles, first.reports, first.outlets) == (3, 3, 3)
    assert (first.first.article, first.first.outlet, first.first.date) == ("b", "Beta", "2024-03-01")
    assert first.last == "2024-04-01"
    assert first.text == f"“{ONE},”"
    assert first.speakers == (("Anna Berg", "Anna Berg"), ("Carl Dahl", "Carl Dahl"))
    assert told((second,)) == [("c", 2)]
    assert shelf.get(first.match) is not None and shelf.get(second.match) is not None


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"speaker": "Anna Berg"}, [("b", 3)]),
        ({"speaker": "Carl Dahl"}, [("b", 3), ("c", 2)]),
        ({"speaker": "Nobody"}, []),
        ({"outlet": "alpha"}, [("b", 3), ("c", 2)]),
        ({"outlet": "Beta"}, [("b", 3)]),
        ({"month": "2024-03"}, [("b", 3)]),
        ({"month": "2024"}, [("b", 3), ("c", 2)]),
        ({"month": "2024-05", "outlet": "Alpha"}, [("c", 2)]),
        ({"month": "2024-05", "outlet": "Gamma"}, []),
        ({"speaker": "Anna Berg", "outlet": "Gamma"}, []),
    ],
)
def test_by_speaker_outlet_and_month(
    shelf: Matches, asked: dict[str, str], wanted: list[tuple[str, int]]
) -> None:
    found = shelf.repeated(**asked)  # type: ignore[arg-type]
    assert (told(found.rows), found.total) == (wanted, len(wanted))


def test_page_by_page(shelf: Matches) -> None:
    assert told(shelf.repeated(limit=1).rows) == [("b", 3)]
    assert told(shelf.repeated(limit=1, offset=1).rows) == [("c", 2)]
    assert shelf.repeated(limit=1).total == 2


def test_speakers_by_how_many_of_their_quotations_are_repeated(shelf: Matches) -> None:
    assert [(one.name, one.quotations) for one in shelf.speakers()] == [("Carl Dahl", 2), ("Anna Berg", 1)]


def test_articles_that_share_most(shelf: Matches) -> None:
    pairs = {(pair.one.article, pair.two.article): pair.words for pair in shelf.alike()}
    assert set(pairs) == {("a", "b"), ("a", "c"), ("b", "c"), ("c", "d")}
    assert pairs["a", "b"] == len(ONE.split()) and pairs["c", "d"] == len(TWO.split())
    assert [(pair.one.article, pair.two.article) for pair in shelf.alike("d")] == [("c", "d")]
    assert shelf.alike("nobody") == [] and len(shelf.alike(limit=1)) == 1


def test_copies_of_one_report_count_once(database: Database, add: Add) -> None:
    body = " ".join(
        f"In village number {n} the {word} was rebuilt by {who} before the winter of that year came."
        for n, (word, who) in enumerate(zip(["bridge", "mill", "school", "road"], "ABCD", strict=True))
    )
    for article_id in "abc":
        Stories(database).derive(add(article_id, f"{said(ONE)} {body}" if article_id != "c" else said(ONE)))
    matches = Matches(database)
    database.connection.execute("INSERT OR IGNORE INTO unclustered SELECT key FROM article")
    (row,) = matches.repeated().rows
    assert (row.articles, row.reports) == (3, 2)
    assert [pair.copies for pair in matches.alike(copies=True)].count(True) == 1
    assert not any(pair.copies for pair in matches.alike())


def test_articles_of_which_no_outlet_is_known_are_counted(database: Database, add: Add) -> None:
    add("a", said(ONE), outlet="Alpha")
    add("b", said(ONE), outlet="Beta")
    add("c", said(TWO), outlet="Alpha")
    add("d", said(TWO), outlet=None)
    rows = {row.first.article: row for row in Matches(database).repeated().rows}
    assert (rows["a"].articles, rows["a"].outlets, rows["a"].unplaced) == (2, 2, 0)
    assert (rows["c"].articles, rows["c"].outlets, rows["c"].unplaced) == (2, 1, 1)


def test_articles_taken_away_are_counted_no_more(database: Database, shelf: Matches) -> None:
    shelf.repeated()
    database.connection.execute("DELETE FROM article WHERE id = 'b'")
    assert sorted(told(shelf.repeated().rows)) == [("a", 2), ("c", 2)]
    database.connection.execute("DELETE FROM article WHERE id = 'c'")
    assert shelf.repeated().total == 0
    assert database.problems() == []


def test_what_one_outlet_repeats_for_itself_is_left_out(database: Database, add: Add) -> None:
    for number in range(9):
        add(str(number), f"Story {number}. {said(TWO)}", outlet="Alpha")
    matches = Matches(database)
    assert matches.repeated().total == 0 and list(matches.all()) == []
    add("b", said(TWO), outlet="Beta")
    assert matches.repeated().total == 1

"""The variants of a quotation side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from warreader.index import jsonable
from warreader.index.article import Article, Scope, Span
from warreader.index.matching.comparison import Comparison
from warreader.index.matching.differences import PieceKind
from warreader.index.matching.matches import Matches
from warreader.index.quotations.quotations import Quotations
from warreader.index.storage import Database
from warreader.index.stories.stories import Stories

Add = Callable[..., Article]
HEAD = (
    "We will rebuild every bridge, every school and every hospital that the invader destroyed in this valley"
)
TAIL = "and we will send the bill for it to those who gave the order"
WHOLE = f"{HEAD}, {TAIL}"


def compared(database: Database, against: int = 0) -> Comparison:
    """The one match of the library, compared."""
    matches = Matches(database)
    (match,) = matches.all(Scope.CROSS)
    found = matches.compare(match.id, against)
    assert found is not None and found.match == match
    return found


def person(database: Database, article: Article, name: str) -> None:
    """Have a quotation of the article be said by a person who is named there."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO entity (id, name, label, match) VALUES (?, ?, 'PERSON', ?)",
            (name, name, name),
        )
        connection.execute(
            "UPDATE quotation SET entity = (SELECT key FROM entity WHERE id = ?) WHERE article = ?",
            (name, article.key),
        )


def test_what_was_cut_is_seen(database: Database, add: Add) -> None:
    add("a", f"The governor said: “{WHOLE}.”", date="2024-05-01")
    add("b", f"“{HEAD},” the governor claimed on Tuesday.", date="2024-05-02")
    found = compared(database)
    first, second = found.variants
    assert (first.article, second.article) == ("a", "b")
    assert first.text == f"“{WHOLE}.”"
    assert second.dropped == TAIL + ".”"
    assert [p.kind for p in first.pieces] == [PieceKind.SAME]
    assert first.shared != Span(first.start, first.end)
    assert compared(database, against=1).variants[0].pieces[-1].kind is PieceKind.ADDED


def test_who_said_it_with_which_verb_and_where_that_stands(database: Database, add: Add) -> None:
    add("a", f"Rain fell.\n\nThe governor said: “{HEAD}.” Nobody answered.", date="2024-05-01")
    add("b", f"“{HEAD},” the governor claimed on Tuesday. It rained.", date="2024-05-02")
    add("c", f"Much was promised. {HEAD}. It rained.", date="2024-05-03")
    said, claimed, nobody = (variant.attribution for variant in compared(database).variants)
    assert said is not None and claimed is not None and nobody is None
    assert (said.verb, said.stem, said.speaker) == ("said", "say", "The governor")
    assert (claimed.verb, claimed.stem) == ("claimed", "claim")
    assert said.passage == f"The governor said: “{HEAD}.”"
    assert claimed.passage == f"“{HEAD},” the governor claimed on Tuesday."


@pytest.mark.parametrize(
    ("names", "conflict"),
    [
        (("Anna Berg", "Carl Dahl"), ("Anna Berg", "Carl Dahl")),
        (("Anna Berg", "Anna Berg"), ()),
        (("Anna Berg", "Berg"), ()),
        (("Anna Berg", None), ()),
    ],
)
def test_a_conflict_needs_two_persons_who_are_named(
    database: Database, add: Add, names: tuple[str | None, ...], conflict: tuple[str, ...]
) -> None:
    for number, name in enumerate(names):
        article = add(str(number), f"“{HEAD},” {name or 'the governor'} said.")
        if name is not None:
            person(database, article, name)
    assert compared(database).conflict == conflict
    (match,) = Matches(database).all(Scope.CROSS)
    assert Matches(database).conflict(match) == conflict
    assert jsonable.match(match, conflict)["conflict"] == list(conflict)


def test_a_role_that_was_resolved_is_no_conflict(database: Database, add: Add) -> None:
    person(database, add("a", f"“{HEAD},” Anna Berg said."), "Anna Berg")
    person(database, add("b", f"“{HEAD},” the governor said."), "Carl Dahl")
    assert compared(database).conflict == ()


@pytest.mark.parametrize(
    ("one", "two", "names"),
    [
        ("“{}.”", "“{},” Anna Berg said.", ("Bill Dahl", "Anna Berg")),
        ("“{},” said Anna Berg.", "Praised by Anna Berg, “{},” Bill Dahl said.", ("Anna Berg", "Bill Dahl")),
        ("“{},” said Erica Shields.", "“{},” said Erika Shield.", ("Erica Shields", "Erika Shield")),
        ("“{},” said Anna Berg.", "Bill Dahl pointed to a time of hope: “{}.”", ("Anna Berg", "Bill Dahl")),
        ("“{},” said Anna Berg.", "“{},” said a spokesman for Bill Dahl.", ("Anna Berg", "Bill Dahl")),
        (
            "“{},” said Anna Berg.",
            "“{},” Bill Dahl said, quoting from Berg's letter.",
            ("Anna Berg", "Bill Dahl"),
        ),
        ("“{},” said Anna Berg.", "“{},” Dahl said.", ("Anna Berg", "Dahl")),
        (
            "“{},” said Anna Berg.",
            "“You are the one who promised in winter that {}, and then you forgot all of it,” Bill Dahl said.",
            ("Anna Berg", "Bill Dahl"),
        ),
    ],
)
def test_what_may_be_an_error_of_reading_is_no_conflict(
    database: Database, add: Add, one: str, two: str, names: tuple[str, str]
) -> None:
    for article_id, text, name in zip("ab", (one, two), names, strict=True):
        person(database, add(article_id, text.format(HEAD)), name)
    assert compared(database).conflict == ()


def test_copies_of_one_report_are_one_group(database: Database, add: Add) -> None:
    body = " ".join(
        f"In village number {n} the {word} was rebuilt by {name} before the winter of that year came."
        for n, (word, name) in enumerate(zip(["bridge", "mill", "school", "road"], "ABCD", strict=True))
    )
    report = f"“{HEAD},” the governor said. {body}"
    for article_id, text in (("a", report), ("b", f"Elsewhere, “{HEAD},” she said."), ("c", report)):
        Stories(database).derive(add(article_id, text, date="2024-05-01"))
    found = compared(database)
    assert found.reports == ((0, 2), (1,))
    assert [variant.report for variant in found.variants] == [0, 1, 0]


def test_no_such_match(database: Database, add: Add) -> None:
    add("a", f"“{HEAD},” the governor said.")
    add("b", f"“{HEAD},” the governor said.")
    assert Matches(database).compare("cross:a:1-2") is None
    with pytest.raises(IndexError):
        compared(database, against=7)
    assert Quotations(database).of("a")


def test_where_each_version_stands_is_told(database: Database, add: Add) -> None:
    add("a", f"Rain\n\nIt fell.\n\nShe said: “{WHOLE}.”", date="2024-05-01", headline=True)
    add("b", f"“{WHOLE}”\n\nRain fell.", date="2024-05-02", headline=True)
    assert [one.paragraph for one in compared(database).variants] == [3, 0]


def test_who_interrupts_a_quotation_adds_nothing_to_it(database: Database, add: Add) -> None:
    add("a", f"“{HEAD}. And we will send the bill.”", date="2024-05-01")
    add("b", f"“{HEAD},” she said. “And we will send the bill.”", date="2024-05-02")
    (_, second) = compared(database).variants
    assert {piece.kind for piece in second.pieces} == {PieceKind.SAME, PieceKind.ASIDE}

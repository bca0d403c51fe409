"""Narrowing a query by a clause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.search.editing import holds, narrowed
from warreader.index.search.parsing import parse
from warreader.index.search.query import All, Not

CLAUSE = 'outlet:"BBC News"'


@pytest.mark.parametrize(
    ("query", "exclude", "wanted"),
    [
        ("", False, CLAUSE),
        ("", True, f"-{CLAUSE}"),
        ("war ", False, f"war {CLAUSE}"),
        ("war", True, f"war -{CLAUSE}"),
        ("a OR b", False, f"(a OR b) {CLAUSE}"),
        (f"war {CLAUSE}", False, "war"),
        (f"war {CLAUSE} peace", False, "war peace"),
        (f"war {CLAUSE}", True, f"war -{CLAUSE}"),
        (f"war -{CLAUSE}", False, f"war {CLAUSE}"),
        (f"war -{CLAUSE}", True, "war"),
        (f"war NOT {CLAUSE}", True, "war"),
        ('war "open', False, f'("war" AND "open") {CLAUSE}'.replace('"war"', "war")),
        ("war (and", False, f"war (and {CLAUSE}"),
    ],
)
def test_narrowed(query: str, exclude: bool, wanted: str) -> None:
    assert narrowed(query, CLAUSE, exclude=exclude) == wanted


QUERIES = st.lists(
    st.sampled_from(
        ["war", "peace", "OR", "AND", "NOT", "(", ")", '"a b"', '"', "-", "date:2022", CLAUSE, "x:y", "is:"]
    ),
    max_size=8,
).map(" ".join)


@given(QUERIES, st.booleans())
def test_what_is_narrowed_holds_the_clause_and_all_that_was_understood(query: str, exclude: bool) -> None:
    clause = 'person:"Joe Biden"'
    text = narrowed(query, clause, exclude=exclude)
    read, before, added = parse(text), parse(query).node, parse(clause).node
    assert added is not None
    wanted = Not(added) if exclude else added
    parts = () if before is None else before.children if isinstance(before, All) else (before,)
    assert read.node == (All((*parts, wanted)) if parts else wanted)
    assert holds(text, f"-{clause}" if exclude else clause)
    # Taken back, the query means what it meant.
    assert parse(narrowed(text, clause, exclude=exclude)).node == before

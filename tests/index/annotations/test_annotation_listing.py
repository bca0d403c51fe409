"""Filtering the list of notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.listing import Wanted, parse

TEXT = "Shelling hit the station at dawn, officials said. The market burned until noon."


@dataclass(frozen=True)
class Known:
    id: str
    outlet: str | None
    date: str | None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Annotations]:
    opened = Annotations(tmp_path / "annotations.sqlite")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", Wanted()),
        ("mayor said", Wanted("mayor said")),
        ("#claim mayor", Wanted("mayor", tag="claim")),
        ('tag:"two words" x', Wanted("x", tag="two words")),
        ("OUTLET:Times", Wanted(outlet="Times")),
        ("date:2022-03", Wanted(since="2022-03", until="2022-03")),
        ("date:2022..", Wanted(since="2022")),
        ("date:..2022-03-05 y", Wanted("y", until="2022-03-05")),
        ("date:soon", Wanted("date:soon")),
        ("http://x#frag", Wanted("http://x#frag")),
        ("#", Wanted()),
        ('tag:"open', Wanted(tag="open")),
    ],
)
def test_what_is_typed(typed: str, wanted: Wanted) -> None:
    assert parse(typed) == wanted


def test_outlet_and_date_leave_articles() -> None:
    known = [
        Known("a", "The Times", "2022-03-01"),
        Known("b", "Daily", "2022-04-01T10:00"),
        Known("c", None, None),
    ]
    assert Wanted("x").articles(known) is None
    assert Wanted(outlet="times").articles(known) == {"a"}
    assert Wanted(since="2022-03", until="2022-03").articles(known) == {"a"}
    assert Wanted(since="2022-03-02").articles(known) == {"b"}
    assert Wanted(until="2022").articles(known) == {"a", "b"}


def test_keys_in_order_and_what_they_hold(store: Annotations) -> None:
    made = [
        store.add("a", TEXT, 9, 12, note="Mayor’s word", tags=["claim/video"]),
        store.add("b", TEXT, 0, 8, tags=["claim"]),
        store.add("a", TEXT, 0, 8, note="other"),
        store.add("c", TEXT, None, None, note="mayor"),
    ]

    def listed(wanted: Wanted, articles: set[str] | None = None, first: str | None = None) -> list[int]:
        here, rest = store.listing.keys(wanted, articles, first)
        keys = here + rest
        found = store.listing.some(keys)
        return [made.index(found[key]) for key in keys]

    assert listed(Wanted()) == [2, 0, 1, 3]
    assert listed(Wanted(), first="b") == [1, 2, 0, 3]
    assert listed(Wanted("mayor"), first="a") == [0, 3] and listed(Wanted(), first="none") == [2, 0, 1, 3]
    assert listed(Wanted("MAYOR's")) == [0]
    assert listed(Wanted("mayor")) == [0, 3]
    assert listed(Wanted(tag="claim")) == [0, 1]
    assert listed(Wanted("mayor", tag="claim")) == [0]
    assert listed(Wanted("station", tag="nothing")) == []
    assert listed(Wanted(), articles={"a"}) == [2, 0]
    assert store.listing.by_article() == {"a": 2, "b": 1, "c": 1}
    assert store.listing.key(made[1].id) in store.listing.keys(Wanted(tag="claim"))[1]
    assert store.listing.key("urn:none") is None


def test_notes_on_entities_and_on_words_wherever_they_stand(store: Annotations) -> None:
    one = store.add("a", TEXT, None, None, note="who?", about="entity:person:x")
    two = store.add("a", TEXT, 0, 8, note="often", about="match")
    assert store.get(one.id).entity == "person:x" and store.get(two.id).entity is None
    assert store.listing.about("match") == [two]
    assert store.listing.about("entity:person:x") == [one]
    assert store.listing.entities() == {"person:x": 1}
    store.update(two.id, note="changed")
    assert store.get(two.id).about == "match"
    store.delete(one.id)
    store.undo()
    assert store.get(one.id) == one
    with pytest.raises(ValueError, match="span"):
        store.add("a", TEXT, None, None, about="match")


def test_a_pasted_page_filters_by_all_its_words(store: Annotations) -> None:
    store.add("a", TEXT, 0, len(TEXT))
    assert len(store.listing.keys(Wanted(TEXT))[1]) == 1
    words = " ".join(f"word{n}" for n in range(40_000))
    assert store.listing.keys(Wanted(words)) == ([], [])
    assert store.listing.keys(Wanted(f"{TEXT} and {TEXT} {words}")) == ([], [])


def test_a_note_that_is_deleted_meanwhile_takes_no_others_place(store: Annotations) -> None:
    """Another reader's gesture comes between what is read of the open article and of all."""
    notes = [store.add("a", TEXT, at, at + 4, note=str(at)) for at in (0, 9, 13)]
    other = Annotations(store.database.path)
    read = 0

    def between(statement: str) -> None:
        nonlocal read
        if "group_concat(key)" in statement:
            read += 1
            if read == 2:
                other.delete(notes[0].id)

    store.database.connection.set_trace_callback(between)
    here, rest = store.listing.keys(Wanted(), first="a")
    store.database.connection.set_trace_callback(None)
    other.close()
    assert read == 2
    assert len(here) == 3
    assert rest == []

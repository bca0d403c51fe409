"""Lists of entities for a pane, and where one entity leads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from warreader.index.article import Label, Line, LineKind, Metadata
from warreader.index.articles import Incoming
from warreader.index.entities.listing import Listed, Roll, folded_fits
from warreader.index.entities.pivots import query_for
from warreader.index.library import Library
from warreader.index.text import line_spans

ARTICLES = {
    "a": ("2022-01-30", "Marta Kovac left Kyiv. Marta Kovac was tired, said Oleh Bondar."),
    "b": ("2022-03-02", "Marta Kovac and Oleh Bondar met in Poltava. “We stay,” Marta Kovac said."),
    "c": ("2022-03-09T10:00:00", "Oleh Bondar was in Kyiv."),
    "d": (None, "Marta Kovac came back to Kyiv. Ms Kovac was tired."),
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path) as opened:
        for name, (date, text) in ARTICLES.items():
            lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
            meta = Metadata(title=name, outlet="The Courier", date=date)
            opened.articles.store(Incoming(name, text, lines, meta, name, stated_id=True))
        opened.update()
        yield opened


def all_of(roll: Roll) -> list[Listed]:
    return [one for label, count in roll.counts.items() for one in roll.stretch(label, 0, count)]


def keys_json(library: Library, article_ids: Iterable[str]) -> str:
    return json.dumps([library.articles.key(article_id) for article_id in article_ids])


def names(roll: Roll) -> set[str]:
    return {one.name for one in all_of(roll)}


def test_a_roll_of_the_library_holds_all_by_kind_the_most_mentioned_first(library: Library) -> None:
    roll = library.entities.lists.library()
    assert roll.complete
    listed = all_of(roll)
    assert [(one.id, one.articles, one.mentions) for one in listed] == [
        (entity.id, entity.articles, entity.mentions) for entity in library.entities.entities()
    ]
    assert sum(roll.counts.values()) == len(listed)
    assert list(roll.counts) == [label for label in Label if label in roll.counts]


def test_any_stretch_can_be_asked_for(library: Library) -> None:
    roll = library.entities.lists.library()
    people = roll.stretch(Label.PERSON, 0, 100)
    assert roll.stretch(Label.PERSON, 1, 2) == people[1:2]
    assert roll.stretch(Label.PERSON, 100, 200) == []
    assert roll.stretch(Label.WEAPON, 0, 10) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kov", {"Marta Kovac"}),
        ("KOV", {"Marta Kovac"}),
        ("marta k", {"Marta Kovac"}),
        ("kov mar", {"Marta Kovac"}),
        ("oleh kov", set()),
        ("ovac", set()),
        ("kie", {"Kyiv"}),
        ("zz", set()),
        ("%", set()),
        ('"', set()),
    ],
)
def test_a_filter_looks_at_all_names_and_their_words(library: Library, typed: str, found: set[str]) -> None:
    lists = library.entities.lists
    assert names(lists.library(typed)) == found
    assert names(lists.named_in(keys_json(library, list(ARTICLES)), typed)) == found
    assert names(lists.library(typed, glance=True)) == found


def test_a_glance_after_a_change_says_that_there_may_be_more(library: Library) -> None:
    lists = library.entities.lists
    assert lists.library("m", glance=True).complete
    text = "Marko Petrenko spoke in Kyiv."
    library.articles.store(
        Incoming("late", text, [Line(0, len(text), LineKind.BODY)], Metadata(), "x", stated_id=True)
    )
    library.update()
    glance = lists.library("m", glance=True)
    assert not glance.complete
    assert names(glance) == {"Marta Kovac"}
    assert names(lists.library("m")) == {"Marta Kovac", "Marko Petrenko"}
    assert lists.library("m", glance=True).complete


def test_a_filter_keeps_order_and_counts(library: Library) -> None:
    lists = library.entities.lists
    for typed in ("m", "k", "o", "b"):
        roll = lists.library(typed)
        found = {one.id for one in all_of(roll)}
        assert all_of(roll) == [one for one in all_of(lists.library()) if one.id in found]
        assert sum(roll.counts.values()) == len(found) > 0
        assert roll.stretch(Label.WEAPON, 0, 5) == []


def test_counts_follow_the_articles(library: Library) -> None:
    lists = library.entities.lists
    roll = lists.named_in(keys_json(library, ["b", "c"]))
    assert {(one.name, one.articles, one.mentions) for one in all_of(roll) if one.label is Label.PERSON} == {
        ("Oleh Bondar", 2, 2),
        ("Marta Kovac", 1, 2),
    }
    assert all_of(lists.named_in("[]")) == []
    assert all_of(lists.named_in(keys_json(library, ["nothing so called"]))) == []


def test_what_fits_in_memory_is_what_fits_in_the_library() -> None:
    assert folded_fits(("Volodymyr Zelenskyy",), "ZEL")
    assert folded_fits(("Volodymyr Zelenskyy",), "zel vol")
    assert not folded_fits(("Volodymyr Zelenskyy",), "zel x")
    assert folded_fits(("Kyiv", "Kiev"), "kie")
    assert folded_fits(("Kyiv",), "")


def id_of(library: Library, name: str) -> str:
    return next(entity.id for entity in library.entities.entities() if entity.name == name)


def test_months_run_from_the_first_to_the_last_none_left_out(library: Library) -> None:
    pivots = library.entities.pivots
    assert pivots.months(id_of(library, "Kyiv")) == [("2022-01", 1), ("2022-02", 0), ("2022-03", 1)]
    assert pivots.months(id_of(library, "Poltava")) == [("2022-03", 1)]
    assert pivots.months("nobody") == []


def test_a_date_that_is_none_spoils_no_months(library: Library) -> None:
    with library._database.transaction() as connection:
        connection.execute("UPDATE article SET date = 'yesterday' WHERE id = 'c'")
    assert library.entities.pivots.months(id_of(library, "Kyiv")) == [("2022-01", 1)]


def test_companions_are_those_of_the_same_articles(library: Library) -> None:
    roll = library.entities.pivots.together(id_of(library, "Marta Kovac"))
    assert {(one.name, one.articles) for one in all_of(roll)} >= {
        ("Oleh Bondar", 2),
        ("Kyiv", 2),
        ("Poltava", 1),
    }
    assert "Marta Kovac" not in names(roll)


def test_articles_come_by_date_and_places_by_article(library: Library) -> None:
    pivots, marta = library.entities.pivots, id_of(library, "Marta Kovac")
    assert pivots.articles(marta) == ["a", "b", "d"]
    text = ARTICLES["a"][1]
    assert [span.of(text) for span in pivots.spans(marta, "a")] == ["Marta Kovac", "Marta Kovac"]
    assert pivots.spans(marta, "c") == []


def test_joins_say_why(library: Library) -> None:
    marta = id_of(library, "Marta Kovac")
    joins = {(one.form, one.mentions) for one in library.entities.pivots.joins(marta)}
    assert ("Marta Kovac", 5) in joins
    lone = next(one for one in library.entities.pivots.joins(marta) if one.form != "Marta Kovac")
    assert lone.reason == "last name of Marta Kovac"
    assert dict(library.entities.pivots.forms(marta))["Marta Kovac"] == 5
    assert library.entities.pivots.forms(marta, "a") == [("Marta Kovac", 2)]


def test_sayings_come_latest_first(library: Library) -> None:
    found = library.entities.pivots.sayings(id_of(library, "Marta Kovac"))
    assert [one.article for one in found] == ["b"]
    assert "We stay" in found[0].span.of(ARTICLES["b"][1])


def test_queries_find_what_they_are_for(library: Library) -> None:
    marta, kyiv = (library.entities.get(id_of(library, name)) for name in ("Marta Kovac", "Kyiv"))
    assert marta is not None
    assert kyiv is not None
    found = library.search.search(f"{query_for(marta)} {query_for(kyiv)}")
    assert {hit.id for hit in found.hits} == {"a", "d"}

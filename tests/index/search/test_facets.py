"""What answers have in common: counts over all of them, by SQL for few and by arrays for many."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from warreader.index.search import facets as module
from warreader.index.search.facets import Facet
from warreader.index.search.search import Search

if TYPE_CHECKING:
    from tests.index.search.conftest import Shelf


@pytest.fixture
def press(shelf: Shelf) -> Shelf:
    kyiv = shelf.entity("place:kyiv", "Kyiv", "GPE")
    oblast = shelf.entity("place:kyiv_oblast", "Kyiv Oblast", "GPE")
    biden = shelf.entity("person:biden", "Joe Biden", "PERSON")
    for number in range(12):
        outlet = ("CNN", "CNN Business", None)[number % 3]
        meta = {"date": f"2022-{number % 4 + 1:02}-11"} | ({"outlet": outlet} if outlet else {})
        key = shelf.add(f"a{number}", "war Kyiv Biden Kiev", None, **meta)
        if number % 2 == 0:
            shelf.mention(key, 4, "Kyiv", kyiv, "GPE")
            shelf.mention(key, 15, "Kiev", kyiv, "GPE")
        if number < 5:
            shelf.mention(key, 9, "Biden", biden, "PERSON")
        if number == 7:
            shelf.mention(key, 4, "Kyiv Oblast", oblast, "GPE")
    shelf.search.update()
    return shelf


def _counts(found: tuple[Facet, ...]) -> dict[str, dict[str, int]]:
    return {facet.field: {value.name: value.articles for value in facet.values} for facet in found}


@pytest.mark.parametrize("few", [0, 150])
def test_counts_follow_the_query(press: Shelf, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(module, "FEW", few)
    found = _counts(press.search.facets.of(press.search.answer("war").keys))
    assert found["outlet"] == {"CNN": 4, "CNN Business": 4}
    assert found["date"] == {"2022-04": 3, "2022-03": 3, "2022-02": 3, "2022-01": 3}
    assert found["person"] == {"Joe Biden": 5}
    assert found["place"]["Kyiv"] == 6
    # An entity of one article is told among few only.
    assert ("Kyiv Oblast" in found["place"]) is (few > 0)
    narrower = _counts(press.search.facets.of(press.search.answer("war date:2022-01").keys))
    assert narrower["date"] == {"2022-01": 3} and narrower["place"]["Kyiv"] == 3
    assert press.search.facets.of(press.search.answer("nothing").keys) == ()


@pytest.mark.parametrize("common", [0, 2, 64])
@pytest.mark.parametrize(("few", "dense"), [(0, 0), (0, 1000), (150, 0)])
def test_every_value_narrows_to_as_many_as_it_says(
    press: Shelf, monkeypatch: pytest.MonkeyPatch, few: int, dense: int, common: int
) -> None:
    monkeypatch.setattr(module, "FEW", few)
    monkeypatch.setattr(module, "_DENSE", dense)
    monkeypatch.setattr(module, "_COMMON", common)
    monkeypatch.setattr(module, "_LEAST", 0)
    for query in ("war", "war -date:2022-02"):
        for facet in press.search.facets.of(press.search.answer(query).keys):
            for value in facet.values:
                assert len(press.search.answer(f"{query} {value.clause}")) == value.articles, value


def test_mentions_that_come_are_counted(press: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEW", 0)
    monkeypatch.setattr(module, "_PATIENCE", 0)
    keys = press.search.answer("war").keys
    before = _counts(press.search.facets.of(keys))
    key = press.database.connection.execute("SELECT key FROM entity WHERE name = 'Joe Biden'").fetchone()[0]
    press.mention(12, 9, "Biden", key, "PERSON")
    assert _counts(press.search.facets.of(keys))["person"]["Joe Biden"] == before["person"]["Joe Biden"] + 1


def test_mentions_are_read_some_at_a_time(press: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = press.search.answer("war").keys
    monkeypatch.setattr(module, "FEW", 0)
    whole = press.search.facets.entities(keys)
    monkeypatch.setattr(module, "_PART", 1)
    again = Search(press.folder / "search", press.database, secret=b"s" * 32)
    assert again.facets.entities(keys) == whole and len(whole) == 2


def test_years_where_months_are_too_many(shelf: Shelf) -> None:
    for number in range(40):
        shelf.add(f"a{number}", "war", date=f"{2000 + number // 4}-{number % 12 + 1:02}")
    shelf.search.update()
    (facet,) = shelf.search.facets.of(shelf.search.answer("war").keys, most=3)
    assert [(value.name, value.clause, value.articles) for value in facet.values] == [
        ("2009", "date:2009", 4),
        ("2008", "date:2008", 4),
        ("2007", "date:2007", 4),
    ]
    assert facet.total == 10


def test_tags_are_a_facet(shelf: Shelf) -> None:
    for number in range(3):
        shelf.add(f"a{number}", "war")
    shelf.search.update()
    search = shelf.open(tags=lambda: {"check": {"a0", "a2"}, "done": {"gone"}})
    (facet,) = search.facets.of(search.answer("war").keys)
    assert [(value.name, value.clause, value.articles) for value in facet.values] == [
        ("check", 'tag:"check"', 2)
    ]


def test_one_facet_alone_and_more_of_it(press: Shelf) -> None:
    keys = press.search.answer("war").keys
    assert [facet.field for facet in press.search.facets.of(keys, only="place")] == ["place"]
    (facet,) = press.search.facets.of(keys, most=1, only="outlet")
    assert len(facet.values) == 1 and facet.total == 2
    everything = Counter(press.search.facets.entities(keys))
    assert sorted(everything.values()) == [1, 5, 6]

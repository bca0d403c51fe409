"""Other names of what is asked for, and words that were probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from warreader.index.article import Label

if TYPE_CHECKING:
    from tests.index.search.conftest import Shelf


@pytest.fixture
def named(shelf: Shelf) -> Shelf:
    kyiv = shelf.entity("place:kyiv", "Kyiv", "GPE")
    states = shelf.entity("place:united_states", "United States", "GPE")
    person = shelf.entity("person:zelensky", "Volodymyr Zelensky", "PERSON")
    who = shelf.entity("org:who", "World Health Organization", "ORG")
    for name, entity in (("Kiev", kyiv), ("Kief", kyiv), ("US", states), ("USA", states), ("WHO", who)):
        shelf.named(entity, name)
    new = shelf.add("new", "Shelling of Kyiv went on. Zelensky spoke.", title="Kyiv")
    old = shelf.add("old", "Shelling of Kiev went on. It told us nothing, said Volodymyr.")
    usa = shelf.add("usa", "The USA and the United States, who knows.")
    shelf.add("kin", "The united colours of the states.")
    shelf.mention(new, 12, "Kyiv", kyiv, "GPE")
    shelf.mention(new, 26, "Zelensky", person, "PERSON")
    shelf.mention(old, 12, "Kiev", kyiv, "GPE")
    shelf.mention(old, 52, "Volodymyr", person, "PERSON")
    shelf.mention(usa, 4, "USA", states, "GPE")
    shelf.mention(usa, 16, "United States", states, "GPE")
    shelf.search.update()
    return shelf


def test_a_name_finds_its_other_names_and_says_so(named: Shelf) -> None:
    result = named.search.search("kyiv")
    assert [hit.id for hit in result.hits] == ["new", "old"]
    assert result.also == (("kyiv", ("kiev",)),)
    assert result.understood == "kyiv"
    assert named.lit("kyiv", "old") == ["Kiev"]
    assert set(named.found("kiev shelling")) == {"new", "old"}
    # No article is lost, none counted twice.
    assert result.total == 2 == len(named.search.answer("kyiv"))


@pytest.mark.parametrize("query", ["Київ", "київ", "Києва", "Киев", "place:Київ"])
def test_a_listed_name_is_found_in_cyrillic_letters(named: Shelf, query: str) -> None:
    assert {hit.id for hit in named.search.search(query).hits} == {"new", "old"}
    assert named.found("Харків") == []


def test_a_name_no_list_has_is_found_as_its_cyrillic_letters_are_written_in_latin_ones(named: Shelf) -> None:
    place = named.entity("place:zorbivka", "Zorbivka", "GPE")
    key = named.add("far", "They left Zorbivka.")
    named.mention(key, 10, "Zorbivka", place, "GPE")
    named.search.update()
    assert named.found("Зорбівка") == ["far"]


@pytest.mark.parametrize("query", ["=kyiv", '"kyiv"', "kyiv*", "text OR =Kyiv"])
def test_quoted_or_exact_it_finds_itself_alone(named: Shelf, query: str) -> None:
    assert named.found(query) == ["new"]
    assert named.search.search(query).also == ()


def test_not_wanted_is_only_what_is_said(named: Shelf) -> None:
    assert set(named.found("shelling -kyiv")) == {"old"}


def test_names_of_several_words(named: Shelf) -> None:
    result = named.search.search("united states")
    # Words that stand apart are still found: they are no phrase.
    assert {hit.id for hit in result.hits} == {"usa", "kin"}
    assert result.also == (("united states", ("usa",)),)
    assert named.search.search("usa").also == (("usa", ("united states",)),)
    assert named.found("usa") == ["usa"]


def test_short_words_and_parts_of_names_are_no_names(named: Shelf) -> None:
    for query in ("us", "zelensky", "volodymyr", "states"):
        assert named.search.search(query).also == (), query
    assert "old" not in named.found("zelensky")


def test_a_name_of_two_is_nobodys(named: Shelf) -> None:
    other = named.entity("person:kyiv", "Kyiv", "PERSON")
    key = named.add("person", "Kyiv is his name.")
    named.mention(key, 0, "Kyiv", other, "PERSON")
    assert named.search.search("kyiv").also == ()


def test_whole_names(named: Shelf) -> None:
    names = named.search.names
    assert len(names.keys("zelenskyi", {Label.PERSON})) == 1
    assert names.keys("zelensky", {Label.GPE}) == set()
    assert names.keys("Volodymyr Zelensky", None, exact=True) == names.keys("zelensky", None)
    # A whole name that is nobody's is looked for as words.
    assert names.keys("Zelenskiy", None, exact=True) == names.keys("zelensky", None)
    assert names.keys("", None) == names.keys("!", None) == set()


def test_slips_are_seen(shelf: Shelf) -> None:
    for number in range(12):
        shelf.add(f"a{number}", "Ukraine put forward its defence; mass graves. Putin.")
    shelf.add("slip", "Ukrane")
    shelf.search.update()
    for query, meant in (
        ("ukrane", "ukraine"),
        ("ukraien ", "ukraine "),
        ('"mass gravse" -defenxe', '"mass graves" -defence'),
        ('"mass gravse', '"mass graves"'),
        ('=kyiv (putin OR "mass gravse', '=kyiv (putin OR "mass graves")'),
        ("ukrane OR", None),
        ("ukraine", None),
        ("title:ukrane", None),
        ("=ukrane", None),
        ("xyzzyxyz", None),
        ("", None),
    ):
        assert shelf.search.search(query).meant == meant, query
    putin = shelf.entity("person:putin", "Putin", "PERSON")
    assert shelf.search.search("putn").meant in ("put", "putin")
    shelf.mention(1, 46, "Putin", putin, "PERSON")
    assert shelf.search.search("putn").meant == "putin"

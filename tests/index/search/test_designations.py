"""Designations written with a hyphen and without: F-16, F16, F-16s."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.search.designations import spellings
from warreader.index.search.parsing import parse
from warreader.index.search.widening import widened

if TYPE_CHECKING:
    from tests.index.search.conftest import Shelf


@pytest.fixture
def armed(shelf: Shelf) -> Shelf:
    shelf.add("hyphen", "An F-16 came down near a T-72B3 on Monday.")
    shelf.add("several", "Kyiv asked for F-16s, and for S-300 systems.")
    shelf.add("plain", "Pilots train on the F16 now.")
    shelf.add("truce", "After a 10-day truce 16 men, f Company, went on; a Су-27 flew over.")
    shelf.search.update()
    return shelf


@pytest.mark.parametrize(
    ("query", "first", "ids", "told"),
    [
        ("f16", "plain", {"plain", "hyphen", "several"}, ("f-16", "f-16s")),
        ("f-16", "hyphen", {"plain", "hyphen", "several"}, ("f16", "f-16s")),
        ("F16s", "several", {"plain", "hyphen", "several"}, ("F-16s", "F-16", "F16")),
        ("t72b3", "hyphen", {"hyphen"}, ("t-72b3",)),
        ("s300", "several", {"several"}, ("s-300",)),
        ("су27", "truce", {"truce"}, ("су-27",)),
        ("f 16", "hyphen", {"plain", "hyphen", "several", "truce"}, ("f-16", "f16", "f-16s")),
    ],
)
def test_a_designation_is_found_as_others_write_it_and_says_so(
    armed: Shelf, query: str, first: str, ids: set[str], told: tuple[str, ...]
) -> None:
    result = armed.search.search(query)
    assert {hit.id for hit in result.hits} == ids and result.total == len(ids)
    assert result.hits[0].id == first or first not in ids or query == "F16s"
    assert result.also == ((query, told),)
    assert set(armed.search.answer(query).keys.tolist()) == set(armed.search.matching(query).tolist())
    assert len(armed.search.answer(query)) == len(ids)


def test_what_a_designation_is_the_beginning_of_comes_after_it_while_it_is_typed(shelf: Shelf) -> None:
    shelf.add("asked", "Kyiv asked for F16s, said the minister, who spoke of nothing else all week.")
    shelf.add("flew", "An F-16 flew over the town, which many people in the streets and fields could see.")
    shelf.add(
        "lorry", "The F-160 is a lorry; an F-160 came through the streets of the town, slowly, last week."
    )
    shelf.add("shown", "An F-16x was shown to those who came to the fields behind the station on Monday.")
    shelf.search.update()
    typing = shelf.search.search("f-16", as_you_type=True)
    assert [hit.id for hit in typing.hits][:2] == ["flew", "asked"] and typing.total == 4
    assert typing.understood == '"f-16*"'
    for whole in ("f-16 ", "f-16 OR nowhere"):
        found = shelf.search.search(whole, as_you_type=True)
        assert ({hit.id for hit in found.hits}, found.total) == ({"flew", "asked"}, 2)


@pytest.mark.parametrize(
    ("query", "ids", "told"),
    [
        ("2s19", {"gun", "guns"}, ("2s-19",)),
        ("2S-19", {"gun", "guns"}, ("2S19",)),
        ("S-300PMU-2", {"missile", "missiles"}, ("S-300 PMU2",)),
        ("s300pmu2", {"missile", "missiles"}, ("s-300pmu-2", "s-300 pmu2")),
        ("s 300 pmu 2", {"missile", "missiles"}, ("s-300pmu-2", "s-300 pmu2")),
        ("T-80BVM", {"tank", "tanks"}, ("T-80 BVM",)),
        ("T-80 BVM", {"tank", "tanks"}, ("T-80BVM",)),
        ("t 80 bvm guards", {"tank"}, ("t-80 bvm", "t-80bvm")),
    ],
)
def test_parts_of_a_designation_together_and_apart(
    shelf: Shelf, query: str, ids: set[str], told: tuple[str, ...]
) -> None:
    shelf.add("gun", "A 2S19 fired.")
    shelf.add("guns", "The 2S-19 is a gun; 19 men hold 2.")
    shelf.add("missile", "Iran has the S-300PMU-2 now.")
    shelf.add("missiles", "An S-300 PMU2 was seen.")
    shelf.add("tank", "Guards with a T-80BVM.")
    shelf.add("tanks", "Soldiers with a T-80 BVM.")
    shelf.search.update()
    result = shelf.search.search(query)
    assert ({hit.id for hit in result.hits}, [also for _, also in result.also]) == (ids, [told])


@pytest.mark.parametrize("query", ["may 16", "16 men", "f 16 a", "T-80 jets", "a 10"])
def test_words_beside_a_number_are_no_designation(shelf: Shelf, query: str) -> None:
    shelf.add("day", "On May 16 men of f company saw T-80 jets, a 10th of them an hour.")
    shelf.search.update()
    assert shelf.search.search(query).also == ()


def test_it_is_found_among_other_words_and_lit(armed: Shelf) -> None:
    assert set(armed.found("f16 kyiv")) == {"several"}
    assert set(armed.found("pilots OR (f16 kyiv)")) == {"plain", "several"}
    assert armed.lit("f16", "hyphen") == ["F-16"] and armed.lit("f-16", "plain") == ["F16"]
    assert set(armed.found("pilots -f16")) == set() and set(armed.found("-f16 kyiv")) == {"several"}


def test_while_it_is_typed(armed: Shelf) -> None:
    for query in ("f16", "f-16"):
        assert set(armed.found(query, as_you_type=True)) == {"hyphen", "several", "plain"}, query


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ('"f16"', {"plain"}),
        ("=f16", {"plain"}),
        ('"f-16"', {"hyphen"}),
        ('="f-16"', {"hyphen"}),
        ("title:f16", set()),
        ("f16*", {"plain"}),
        ("a10", set()),
        ("b52", set()),
        ("b-52", set()),
        ("10-day", {"truce"}),
    ],
)
def test_quoted_exact_or_no_designation_it_finds_itself_alone(
    armed: Shelf, query: str, ids: set[str]
) -> None:
    result = armed.search.search(query)
    assert ({hit.id for hit in result.hits}, result.also) == (ids, ())


def test_what_comes_later_is_found_too(armed: Shelf) -> None:
    assert armed.search.search("b52").also == ()
    armed.add("bomber", "A B-52 took off.")
    assert armed.found("b52") == ["bomber"] and armed.search.search("b52").also == (("b52", ("b-52",)),)


def test_spellings() -> None:
    assert spellings("F-16") == ("F16", "F-16s", "F16s")
    assert spellings("Т‑72") == ("Т72", "Т-72s", "Т72s")
    assert spellings("kh101") == ("kh-101", "kh-101s", "kh101s")
    assert spellings("a10") == ("a10s",) and spellings("в-17") == ("в17", "в17s")
    for text in ("f", "16", "f-16-a", "2022", "u.s.", "covid", "16-f", "f-12345", "", "f_16", "h1n1n1x"):
        assert spellings(text) == (), text


_OTHERS = [
    "war",
    "full-scale",
    "1,500",
    "2022",
    "OR",
    "-",
    "(",
    ")",
    "=f16",
    '"f-16"',
    "it's",
    "-f16",
    "title:f16",
]


@given(st.lists(st.sampled_from(_OTHERS)), st.booleans())
def test_a_query_without_designations_stays_as_it_is(words: list[str], typing: bool) -> None:
    parsed = parse(" ".join(words), typing=typing)
    if parsed.node is not None:
        assert widened(parsed.node, parsed.words, lambda _: (), spellings) == (parsed.node, ())

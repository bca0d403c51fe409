"""What a query may go on with; queries remembered and saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warreader.index.search import saved as saved_module
from warreader.index.search.completion import Kind

if TYPE_CHECKING:
    from tests.index.search.conftest import Shelf

    from warreader.index.search.search import Search


@pytest.fixture
def desk(shelf: Shelf) -> Search:
    biden = shelf.entity("person:biden", "Joe Biden", "PERSON")
    kyiv = shelf.entity("place:kyiv", "Kyiv", "GPE")
    for number in range(3):
        outlet = ("BBC News", "CNN", "CNN Business")[number]
        key = shelf.add(
            f"a{number}", "Biden shelled shells in Kyiv", outlet=outlet, date=f"2022-0{number + 1}"
        )
        shelf.mention(key, 0, "Biden", biden, "PERSON")
        shelf.mention(key, 24, "Kyiv", kyiv, "GPE")
    shelf.quotation(1, 0, 5, (0, 5), biden)
    search = shelf.open(tags=lambda: {"war crimes": {"a0"}, "check": {"a0", "a1"}})
    search.update()
    return search


def _offered(search: Search, query: str) -> list[str]:
    return [one.into(query)[0] for one in search.completer.at(query, len(query))]


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("outl", ["outlet:"]),
        ("war -per", ["war -person:"]),
        ("is:", ["is:unread ", "is:starred ", "is:annotated ", "is:older "]),
        ("war is:st", ["war is:starred "]),
        ("outlet:cn", ['outlet:="CNN" ', 'outlet:"CNN Business" ']),
        ('outlet:"bbc n', ['outlet:"BBC News" ']),
        ("-outlet:bus", ['-outlet:"CNN Business" ']),
        ("person:bi", ['person:"Joe Biden" ']),
        ("person:", ['person:"Joe Biden" ']),
        ("place:bi", []),
        ("said:jo", ['said:"Joe Biden" ']),
        ("said:ky", []),
        ("tag:", ['tag:"check" ', 'tag:"war crimes" ']),
        ("tag:crim", ['tag:"war crimes" ']),
        ("date:", ["date:2022 "]),
        ("date:2022", ["date:2022-03 ", "date:2022-02 ", "date:2022-01 "]),
        ("date:2021..2022-02", ["date:2021..2022-02 "]),
        ("war (she", ["war (shelled ", "war (shells "]),
        ("ky", ['place:"Kyiv" ', "kyiv "]),
        ('"joe she', ['"joe shelled ', '"joe shells ']),
        ("", []),
        ("war ", []),
        ("nothing:x", []),
        ("title:", []),
    ],
)
def test_offered(desk: Search, query: str, offered: list[str]) -> None:
    found = [text for text in _offered(desk, query) if text != query + " "]
    assert found == [text for text in offered if text != query + " "]


def test_among_words_names_are_offered_by_their_own_words(shelf: Shelf) -> None:
    bbc, russia = shelf.entity("org:bbc", "BBC", "ORG"), shelf.entity("place:russia", "Russia", "GPE")
    shelf.named(bbc, "BBC Russian Service")
    key = shelf.add("a", "BBC on Russia")
    shelf.mention(key, 0, "BBC", bbc, "ORG")
    shelf.mention(key, 7, "Russia", russia, "GPE")
    shelf.search.update()
    assert _offered(shelf.search, "russ") == ['place:"Russia" ', "russia "]
    # Asked for by its field, it is found by any of its names.
    assert _offered(shelf.search, "org:russ") == ['org:"BBC" ']


def test_only_at_the_end_of_a_word(desk: Search) -> None:
    assert desk.completer.at("outlet:cnn war", 9) == []
    (one, *_) = desk.completer.at("outlet:cn war", 9)
    assert one.kind is Kind.VALUE and one.into("outlet:cn war") == ('outlet:="CNN" war', 14)


def test_queries_asked_before(desk: Search) -> None:
    for query in ("shelling kyiv", "other", "shelling  lviv ", "other"):
        desk.searches.remember(query)
    assert desk.searches.recent() == ["other", "shelling lviv", "shelling kyiv"]
    assert desk.searches.recent(begin="Shell") == ["shelling lviv", "shelling kyiv"]
    assert _offered(desk, "shelling k")[-1].strip() == "shelling kyiv"
    desk.searches.forget("other")
    assert "other" not in desk.searches.recent()
    desk.searches.remember("  ")
    assert len(desk.searches.recent()) == 2


def test_only_so_many_queries_are_remembered(desk: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_module, "REMEMBERED", 3)
    for number in range(5):
        desk.searches.remember(f"query {number}")
    assert desk.searches.recent() == ["query 4", "query 3", "query 2"]


def test_saved_searches_and_what_is_new(shelf: Shelf) -> None:
    shelf.add("a", "tanks")
    shelf.search.update()
    searches = shelf.search.searches
    saved = searches.save("tanks", "Armour")
    plain = searches.save("tanks -trucks")
    assert [one.name for one in searches.saved()] == ["Armour", "tanks -trucks"]
    assert [(one.total, one.new) for one in searches.standing()] == [(1, 0), (1, 0)]
    shelf.add("b", "tanks and trucks")
    shelf.search.update()
    assert [(one.total, one.new) for one in searches.standing()] == [(2, 1), (1, 0)]
    searches.look(saved.key)
    assert [(one.total, one.new) for one in searches.standing()] == [(2, 0), (1, 0)]
    assert searches.rename(plain.key, "Armour") is False and searches.rename(plain.key, "") is False
    assert searches.rename(plain.key, "Without trucks")
    assert searches.save("trucks", "Armour").key == saved.key
    searches.delete(plain.key)
    assert [(one.name, one.query) for one in searches.saved()] == [("Armour", "trucks")]
    with pytest.raises(ValueError, match="empty"):
        searches.save(" ")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.text(max_size=20)
    | st.lists(
        st.sampled_from(['"', "person:", "=", "-", "outlet:", "ky", "b", " ", "(", ")", "%", "_"])
    ).map("".join)
)
def test_any_text_may_be_typed(desk: Search, query: str) -> None:
    for cursor in range(len(query) + 1):
        for one in desk.completer.at(query, cursor):
            text, at = one.into(query)
            assert 0 <= one.start <= one.end == cursor and at <= len(text) + 1
            assert text.startswith(query[: one.start])

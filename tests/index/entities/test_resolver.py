"""Whose a lone last name is, among the full names of one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Label, Line, LineKind
from warreader.index.entities import resolver, spellings
from warreader.index.entities.candidates import Found
from warreader.index.entities.names import fold_name
from warreader.index.entities.recogniser import Recogniser
from warreader.index.entities.resolver import Resolved, resolve

_FULL = ("Anna Zorbaxa", "Boris Zorbaxa", "Boris Zorbaxa Jr", "Carla Quimbel")
_LONE = ("Zorbaxa", "Zorbaxa Jr", "Quimbel")


def _article(names: list[str]) -> tuple[str, list[Found]]:
    text, found = "", []
    for name in names:
        found.append(Found(len(text), len(text) + len(name), Label.PERSON))
        text += f"{name} spoke. "
    return text, found


def _named(names: list[str]) -> list[str]:
    return [one.identity.name for one in resolve(*_article(names))]


@given(st.lists(st.sampled_from(_FULL + _LONE), min_size=1, max_size=14))
def test_a_lone_name_is_whose_was_named_last_before_it_else_first_after_it(names: list[str]) -> None:
    for at, (name, said) in enumerate(zip(names, _named(names), strict=True)):
        if name not in _LONE:
            assert said == name
            continue
        order = [*reversed(names[:at]), *names[at + 1 :]]
        if name == "Quimbel":
            wanted = [other for other in order if other == "Carla Quimbel"]
        elif name == "Zorbaxa Jr":
            wanted = [other for other in order if other == "Boris Zorbaxa Jr"]
        else:
            fathers = [other for other in order if other in ("Anna Zorbaxa", "Boris Zorbaxa")]
            wanted = fathers or [other for other in order if other == "Boris Zorbaxa Jr"]
        if wanted:
            assert said == wanted[0]


@pytest.mark.parametrize(
    ("full", "last"),
    [
        ("Hussam Abu Zorban", "Abu Zorban"),
        ("Izzat Al Zorban", "Al Zorban"),
        ("Marieke van der Quimbel", "van der Quimbel"),
        ("Erika Zorbaxa Quimbel", "Zorbaxa Quimbel"),
    ],
)
def test_a_last_name_may_have_several_words(full: str, last: str) -> None:
    assert _named([full, last, last]) == [full] * 3
    assert _named([last, full]) == [full] * 2
    assert _named([last, "Carla Quimbel"])[0] == last, "whom the article names otherwise is somebody else"


def test_a_full_name_is_no_last_name_of_a_longer_one() -> None:
    """What stands before it may be no name at all: a title run into it."""
    assert _named(["Netminder Boris Quimbel", "Boris Quimbel"]) == [
        "Netminder Boris Quimbel",
        "Boris Quimbel",
    ]


def test_names_that_stand_a_thousand_times_are_looked_at_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    is_son = resolver._is_son

    def counted(identity: resolver.Identity) -> bool:
        nonlocal looked
        looked += 1
        return is_son(identity)

    monkeypatch.setattr(resolver, "_is_son", counted)
    names = ["Anna Zorbaxa", "Zorbaxa", "Carla Quimbel", "Quimbel"] * 300
    assert set(_named(names)) == {"Anna Zorbaxa", "Carla Quimbel"}
    assert looked <= len(names)


@pytest.mark.parametrize(
    ("spelt", "name"),
    [
        ("Vladmir Putin", "Vladimir Putin"),
        ("Hasan Nasrallah", "Hassan Nasrallah"),
        ("Victor Orban", "Viktor Orbán"),
        ("Benjamin Netanayhu", "Benjamin Netanyahu"),
        ("Naim Qassim", "Naim Qassem"),
        ("Denis Shmyhal", "Denys Shmyhal"),
        ("Barrack Obama", "Barack Obama"),
    ],
)
def test_a_listed_person_is_known_by_a_name_spelt_a_little_otherwise(spelt: str, name: str) -> None:
    found = resolve(*_article([spelt, name]))
    assert len({one.identity.match for one in found}) == 1 and found[0].identity.name == name
    assert found[0].reason in (spellings.SOUND, spellings.NEAR) and found[1].reason == "listed name"


@pytest.mark.parametrize(
    "other",
    [
        # Others' families, a woman's name, another first name, too short to tell, and more than a letter.
        "James Comer",
        "Mike Walsh",
        "Alexander Stubbs",
        "Vladimira Putin",
        "Bladimir Putin",
        "Joey Biden",
        "Vldmir Putin",
    ],
)
def test_who_may_be_somebody_else_is_nobody_of_the_lists(other: str) -> None:
    [found] = resolve(*_article([other]))
    assert found.identity.id is None and found.identity.name == other


@pytest.mark.parametrize(
    ("place", "name", "other"),
    [
        ("Oklahoma City", "Oklahoma City", "Oklahoma"),
        ("Quebec City", "Quebec City", "Quebec"),
        ("Kuwait City", "Kuwait City", "Kuwait"),
        ("Gaza City", "Gaza City", "Gaza"),
        ("Atlantic City", "Atlantic City", "Atlantic"),
        ("Nassau County", "Nassau County", "Nassau"),
        ("Delaware County", "Delaware County", "Delaware"),
        ("Springfield City", "Springfield City", "Cambridge City"),
    ],
)
def test_a_city_or_county_is_not_the_state_or_far_town_of_the_name(place: str, name: str, other: str) -> None:
    assert _place(place).name == name
    assert _place(place).match != _place(other).match


@pytest.mark.parametrize(
    ("place", "other"),
    [
        ("Aleppo City", "Aleppo"),
        ("Kyiv City", "Kiev"),
        ("New York City", "New York"),
        ("Sumy Region", "Sumy"),
    ],
)
def test_a_towns_name_with_city_or_region_after_it_is_the_town(place: str, other: str) -> None:
    assert _place(place).match == _place(other).match


def _place(name: str) -> resolver.Identity:
    return resolve(name, [Found(0, len(name), Label.GPE)])[0].identity


def test_a_middle_name_makes_nobody_else_where_the_article_has_the_name_without_it() -> None:
    assert _named(["Anna Marie Zorbaxa", "Anna Zorbaxa", "Zorbaxa"]) == ["Anna Zorbaxa"] * 3
    assert _named(["Anna M. Zorbaxa", "Boris Zorbaxa"]) == ["Anna M. Zorbaxa", "Boris Zorbaxa"]
    assert _named(["Erika Marie van der Quimbel", "Erika van der Quimbel"]) == ["Erika van der Quimbel"] * 2


def test_two_whom_middle_names_tell_apart_are_two() -> None:
    names = ["Anna M. Zorbaxa", "Anna P. Zorbaxa", "Anna Zorbaxa"]
    assert _named(names) == names
    assert len({one.identity.match for one in resolve(*_article(names))}) == 3
    sons = ["Boris Zorbaxa", "Boris M. Zorbaxa Jr"]
    assert _named(sons) == sons


@pytest.mark.parametrize(
    ("longer", "name"),
    [
        ("Barack Hussein Obama", "Barack Obama"),
        ("Lloyd J. Austin III", "Lloyd Austin"),
        ("Volodymyr Oleksandrovych Zelensky", "Volodymyr Zelensky"),
        ("Ursula Gertrud von der Leyen", "Ursula von der Leyen"),
        ("Donald J. Trump Jr", "Donald J. Trump Jr"),
        ("George P. Bush", "George P. Bush"),
    ],
)
def test_a_listed_person_is_known_by_a_middle_name_more(longer: str, name: str) -> None:
    assert _named([longer]) == [name]


def test_a_fathers_name_is_left_out_or_not() -> None:
    with_it, without = (resolve(*_article([name]))[0] for name in ("Boris Ivanovych Zorbak", "Boris Zorbak"))
    assert with_it.identity.match == without.identity.match


def test_a_short_name_of_the_same_sound_is_another_where_it_is_spelt_quite_otherwise() -> None:
    assert _named(["Narendra Modi", "Moody"]) == ["Narendra Modi", "Moody"]


def test_a_short_name_a_letter_otherwise_is_the_same() -> None:
    assert _named(["Olaf Scholz", "Sholz"]) == ["Olaf Scholz"] * 2


def test_initials_are_who_the_article_names_in_full_if_it_is_one() -> None:
    assert _named(["S. Zorbaxa", "Sarah Zorbaxa"]) == ["Sarah Zorbaxa"] * 2
    assert _named(["LK Zorbaxa", "Lal Kim Zorbaxa"]) == ["Lal Kim Zorbaxa"] * 2
    assert _named(["V. Putin", "Vladimir Putin"]) == ["Vladimir Putin"] * 2
    assert _named(["S. Zorbaxa", "Sarah Zorbaxa", "Simon Zorbaxa"])[0] == "S. Zorbaxa", "it may be either"
    assert _named(["LM Zorbaxa", "Lal Kim Zorbaxa"])[0] == "LM Zorbaxa", "another middle name"


def test_initials_are_the_same_with_spaces_and_without() -> None:
    one, other = resolve(*_article(["H. R. Zorbaxa", "H.R. Zorbaxa"]))
    assert one.identity == other.identity
    assert _named(["J. Scott Zorbaxa"]) == ["J. Scott Zorbaxa"]


def test_a_name_with_a_mark_that_was_read_in_a_wrong_encoding_is_called_as_it_is_written() -> None:
    assert _named(["Pat O\u00e2\u0080\u0099Zorban", "Pat O’Zorban"]) == ["Pat O’Zorban"] * 2


def _read(text: str) -> list[tuple[str, str]]:
    found = Recogniser().recognise(text, [Line(0, len(text), LineKind.BODY)])
    return [(text[one.found.start : one.found.end], one.identity.name) for one in resolve(text, found)]


@pytest.mark.parametrize(
    ("text", "short", "whole"),
    [
        ("Anna Zorban, call sign Wolnik, spoke. Wolnik left.", "Wolnik", "Anna Zorban"),
        ("Anna Zorban – who uses the call sign “Wolnik” – spoke. Wolnik left.", "Wolnik", "Anna Zorban"),
        ("They met Anna Zorban (nom de guerre Wolnik).", "Wolnik", "Anna Zorban"),
        ("Anna Zorban came. Zorban, also known as Alex Quimbel, left.", "Alex Quimbel", "Anna Zorban"),
        ("Hassan Zorban, known as Abu Quimbel, left.", "Abu Quimbel", "Hassan Zorban"),
        ("Anna Zorban, nicknamed “Pat Quimbel”, left.", "Pat Quimbel", "Anna Zorban"),
        ("Anna Zorban, better known as Pat Quimbel, left. Zorban sang.", "Zorban", "Pat Quimbel"),
        ("Pat Quimbel, whose real name is Anna Zorban, left.", "Anna Zorban", "Pat Quimbel"),
        ("Pat Quimbel, born Anna Zorban, left.", "Anna Zorban", "Pat Quimbel"),
        ("JD Vance was born Anna Zorban in Ohio.", "Anna Zorban", "JD Vance"),
        (
            "The Zorban Watch Council, also known as the ZQX, met. The ZQX left.",
            "ZQX",
            "Zorban Watch Council",
        ),
        (
            "The Israel Security Agency, also known as the Shin Bet, met.",
            "Israel Security Agency",
            "Shin Bet",
        ),
    ],
)
def test_what_an_article_says_to_be_one_is_one(text: str, short: str, whole: str) -> None:
    named = _read(text)
    assert {name for form, name in named if form == short} == {whole}


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Anna Zorban, known as Putin’s cook, left.", "Putin"),
        ("Anna Zorban, nicknamed the Donald Trump of Zorbaqa, left.", "Donald Trump"),
        ("He met the brother of Anna Zorban, also known as Pat Quimbel.", "Pat Quimbel"),
        ("Anna Zorban was known to Pat Quimbel.", "Pat Quimbel"),
        ("Emma Zorban and Karl Zorban met. Zorban, born Anna Quimbel, left.", "Anna Quimbel"),
        ("Joe Biden, also known as Donald Trump, left.", "Donald Trump"),
        ("The wing of Hamas, also known as the Zorban Brigades, fell.", "Hamas"),
        ("It left the border with Egypt, known as the Zorban Corridor.", "Egypt"),
    ],
)
def test_what_only_looks_as_if_an_article_called_them_one(text: str, apart: str) -> None:
    named = dict(_read(text))
    assert fold_name(apart) in fold_name(named[apart])
    assert list(named.values()).count(named[apart]) == 1, "nobody else is called so"


def test_two_letters_in_each_others_place_are_a_slip() -> None:
    for names in (("Zorbivka", "Zorbivak"), ("Kharkiv", "Khakriv"), ("Khakriv", "Kharkiv")):
        named = {one.identity.name for one in _kind(names, Label.GPE)}
        assert named == {"Zorbivka" if "Zorbivka" in names else "Kharkiv"}
    apart = [("112th Zorban Brigade", "121th Zorban Brigade"), ("ZORBAN", "ZOBRAN"), ("Zorbivka", "Zabrivko")]
    for names in apart:
        one, other = _kind(names, Label.ORG)
        assert one.identity != other.identity


def _kind(names: Sequence[str], label: Label) -> list[Resolved]:
    text, found = _article(list(names))
    listed = {"Kharkiv": "place:kharkiv"}
    return resolve(
        text, [replace(one, label=label, entity=listed.get(text[one.start : one.end])) for one in found]
    )

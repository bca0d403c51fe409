"""Words that are said anew on each occasion are no statement that two articles share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from warreader.index.article import Article, Tier
from warreader.index.matching.matches import Matches
from warreader.index.storage import Database

Add = Callable[..., Article]

SHORT = "some of the rockets were shot down"
LONG = "before the raid our crews took many careful steps to spare the villagers of the whole valley"
REWORDED = "before the raid our crews took very many steps to spare the villagers of the valley"


SCENES = (
    ("Rain fell all night.", "Nobody was hurt."),
    ("Ships left at dawn.", "Markets stayed closed."),
    ("Two bridges are down.", "Talks go on."),
    ("It was a cold week.", "Schools open again."),
    ("Fires burn near here.", "Trains run late."),
)


def said(words: str, speaker: str, scene: int = 0) -> str:
    """An article in which somebody says this."""
    before, after = SCENES[scene]
    return f"{before} “{words[0].upper()}{words[1:]},” {speaker} said. {after}"


def tiers(database: Database) -> set[Tier]:
    """The tiers of all matches."""
    return {match.tier for match in Matches(database).all()}


@pytest.mark.parametrize(
    ("words", "days", "speakers", "expected"),
    [
        (SHORT, ("2024-05-01", "2024-05-02"), ("the army", "the army"), Tier.SURE),
        (SHORT, ("2024-05-01", "2024-05-07"), ("the army", "the army"), Tier.POSSIBLE),
        (SHORT, ("2024-05-01", "2024-05-07"), ("Ann Lee", "Mrs Lee"), Tier.SURE),
        (SHORT, ("2024-05-01", "2024-05-07"), ("Ann Lee", "Bo Clarke"), Tier.POSSIBLE),
        (LONG, ("2024-05-01", "2024-06-07"), ("the army", "the army"), Tier.SURE),
        (LONG, ("2022-05-01", "2024-05-07"), ("a spokesman", "the army"), Tier.POSSIBLE),
        (LONG, ("2022-05-01", "2024-05-07"), ("Ann Lee", "Ann Lee"), Tier.SURE),
    ],
)
def test_speakers_and_days_tell_a_formula(
    database: Database, add: Add, words: str, days: tuple[str, str], speakers: tuple[str, str], expected: Tier
) -> None:
    for scene, (date, speaker) in enumerate(zip(days, speakers, strict=True)):
        add("ab"[scene], said(words, speaker, scene), date=date)
    assert tiers(database) == {expected}


@pytest.mark.parametrize(("date", "expected"), [("2024-05-02", {Tier.SURE}), ("2024-06-02", set())])
def test_much_the_same_words_weeks_later_are_another_statement(
    database: Database, add: Add, date: str, expected: set[Tier]
) -> None:
    add("a", said(LONG, "the army"), date="2024-05-01")
    add("b", said(REWORDED, "the army", 1), date=date)
    assert tiers(database) == expected


NEARLY = "we will leave no bridge and no road of that whole valley to the invader"
ALSO = "we will leave no bridge and no road or rail of that valley to the invader"


@pytest.mark.parametrize(
    ("outlets", "days", "expected"),
    [
        (("The Post", "The Post"), ("2024-05-01", "2024-05-03"), Tier.POSSIBLE),
        (("The Post", "The Post"), ("2024-05-01", "2024-05-02"), Tier.SURE),
        (("The Post", "The Sun"), ("2024-05-01", "2024-05-03"), Tier.SURE),
        ((None, None), ("2024-05-01", "2024-05-03"), Tier.SURE),
    ],
)
def test_an_outlet_that_prints_nearly_its_words_days_later_tells_what_was_said_anew(
    database: Database,
    add: Add,
    outlets: tuple[str | None, str | None],
    days: tuple[str, str],
    expected: Tier,
) -> None:
    for scene, (words, outlet, date) in enumerate(zip((NEARLY, ALSO), outlets, days, strict=True)):
        add("ab"[scene], said(words, "Ann Lee", scene), date=date, outlet=outlet)
    assert tiers(database) == {expected}


@pytest.mark.parametrize(("words", "expected"), [("brave boats", Tier.POSSIBLE), ("boats", Tier.SURE)])
def test_what_one_person_says_on_each_occasion_somewhat_otherwise_is_a_formula(
    database: Database, add: Add, words: str, expected: Tier
) -> None:
    aim = "we bring all the {} safely home to Izmail soon"
    for scene, date in enumerate(("2024-05-08", "2024-05-09", "2024-05-15", "2024-05-22")):
        spoken = aim.format(words if not scene else "boats")
        add("abcd"[scene], said(spoken, "Ann Lee", scene), date=date, outlet=f"Paper {scene}")
    found = {match.tier for match in Matches(database).of("a")}
    assert found == {expected}


def test_what_stands_there_on_many_occasions_is_possible_even_the_next_day(
    database: Database, add: Add
) -> None:
    for scene, date in enumerate(("2024-05-01", "2024-05-08", "2024-05-15", "2024-05-22", "2024-05-23")):
        add("abcde"[scene], said(SHORT, "the army", scene), date=date)
    assert tiers(database) == {Tier.POSSIBLE}


WEEKS = ("2024-05-01", "2024-05-08", "2024-05-15", "2024-05-22", "2024-05-29")
ENDS = ("near Oskil", "this morning", "last night", "along rivers", "before noon")


@pytest.mark.parametrize(
    ("speaker", "occasions", "expected"),
    [("the army", 2, {Tier.POSSIBLE}), ("the army", 5, set()), ("Ann Lee", 5, {Tier.POSSIBLE})],
)
def test_a_formula_that_bodies_end_otherwise_on_each_occasion_is_no_match(
    database: Database, add: Add, speaker: str, occasions: int, expected: set[Tier]
) -> None:
    formula = "our crews took many careful steps to spare the villagers of the valley"
    for scene, date in enumerate(WEEKS[:occasions]):
        add("abcde"[scene], said(f"{formula} {ENDS[scene]}", speaker, scene), date=date)
    assert tiers(database) == expected


@pytest.mark.parametrize(
    ("dates", "expected"), [(WEEKS[:1], {Tier.POSSIBLE}), (WEEKS[:2], {Tier.POSSIBLE}), (WEEKS, set())]
)
def test_what_papers_tell_again_with_each_report_is_background(
    database: Database, add: Add, dates: tuple[str, ...], expected: set[Tier]
) -> None:
    told = (
        "Officials said the old ferries carried barley and wheat from Izmail to Romania under a foreign flag."
    )
    days = (*dates, dates[-1][:-1] + str(int(dates[-1][-1]) - 1))
    for number, date in enumerate(days):
        before, after = SCENES[number % len(SCENES)]
        add("abcdef"[number], f"{before} {told} {after}", date=date, outlet=f"Paper {number}")
    assert tiers(database) == expected


@pytest.mark.parametrize("occasions", [2, 5])
def test_what_both_have_whole_in_marks_is_told_however_often(
    database: Database, add: Add, occasions: int
) -> None:
    for scene, date in enumerate(WEEKS[:occasions]):
        add("abcde"[scene], said("out of an abundance of caution", "the army", scene), date=date)
    assert tiers(database) == {Tier.POSSIBLE}


@pytest.mark.parametrize("speaker", ["the IDF", "the army"])
def test_an_abbreviation_is_nobodys_family(database: Database, add: Add, speaker: str) -> None:
    add("a", said(SHORT, speaker), date="2024-05-01")
    add("b", said(SHORT, speaker, 1), date="2024-05-07")
    assert tiers(database) == {Tier.POSSIBLE}


def test_undated_articles_are_not_held_to_be_far_apart(database: Database, add: Add) -> None:
    add("a", said(SHORT, "the army"))
    add("b", said(SHORT, "the army", 1), date="2024-05-07")
    assert tiers(database) == {Tier.SURE}


@pytest.mark.parametrize(
    ("words", "expected"),
    [("muddy boots on a clean carpet", {Tier.POSSIBLE}), ("The Evening Hour with Ann Lee", set())],
)
def test_what_one_outlet_has_in_marks_again_is_told_unless_it_is_a_name(
    database: Database, add: Add, words: str, expected: set[Tier]
) -> None:
    add("a", f"Rain fell all night. Many laughed at “{words}” last week.", date="2024-05-01", outlet="Alpha")
    add("b", f"Two bridges are down. All was “{words}” again to them.", date="2024-06-20", outlet="Alpha")
    assert tiers(database) == expected

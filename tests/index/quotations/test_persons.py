"""Whom "she" and "the minister" stand for."""

from __future__ import annotations

import pytest

from warreader.index.article import Label, Line, LineKind, Mention, QuotationKind
from warreader.index.quotations.extraction import extract
from warreader.index.text import line_spans


def entity_of(text: str, words: str, **names: str) -> str | None:
    """The entity that says what holds ``words``; ``names`` are the persons' ids and their forms."""
    mentions = [
        Mention("a", at, at + len(form), form, label, name)
        for form, label, name in (
            *((form, Label.PERSON, name) for name, form in names.items()),
            ("US", Label.GPE, "place:united_states"),
            ("Chinese", Label.NORP, "norp:chinese"),
            ("American", Label.NORP, "norp:american"),
        )
        for at in range(len(text))
        if text.startswith(form, at)
    ]
    mentions.sort(key=lambda mention: mention.start)
    lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]
    found = extract(text, lines, mentions)
    found = [q for q in found if q.kind is not QuotationKind.SCARE and words in text[q.start : q.end]]
    return min(found, key=lambda q: q.end - q.start).entity


@pytest.mark.parametrize(
    ("pronoun", "who"),
    [("she", "lee"), ("he", "clarke")],
)
def test_he_and_she_fit_their_names(pronoun: str, who: str) -> None:
    text = f"Anna Lee met David Clarke on Monday. David Clarke smiled, Anna Lee did not.\n\n“We go on,” {pronoun} said."
    assert entity_of(text, "We go on", lee="Anna Lee", clarke="David Clarke") == who


def test_a_title_tells_as_a_name_does() -> None:
    text = "Ms Shoigu met Mr Volkov. “It rains,” Mr Volkov said.\n\n“We go on,” she said."
    assert entity_of(text, "We go on", s="Shoigu", v="Volkov") != "v"


def test_a_role_is_whose_it_is() -> None:
    text = (
        "Defence Minister David Clarke met Kremlin spokesman Igor Volkov in May. “It rains,” Volkov said.\n\n"
        "“We go on,” the minister said."
    )
    assert entity_of(text, "We go on", clarke="David Clarke", volkov="Volkov") == "clarke"


def test_a_spokesman_is_not_the_president() -> None:
    text = "“It rains,” Kremlin spokesman Igor Volkov said.\n\n“We go on,” the president said."
    assert entity_of(text, "We go on", volkov="Igor Volkov") is None


def test_of_two_presidents_the_one_whose_country_it_is() -> None:
    text = (
        "Russian President Igor Volkov and French President David Clarke met. It rained.\n\n"
        "“We go on,” the Russian president said."
    )
    assert entity_of(text, "We go on", volkov="Igor Volkov", clarke="David Clarke") == "volkov"


def test_a_pictures_author_says_nothing() -> None:
    text = (
        "“It rains,” David Clarke said. The bridge in May. Igor Volkov/Getty Images\n\n“We go on,” he said."
    )
    assert entity_of(text, "We go on", clarke="David Clarke", volkov="Igor Volkov") == "clarke"


def test_a_source_is_not_whom_it_works_for() -> None:
    text = "“We go on,” one Clarke campaign source told the paper."
    assert entity_of(text, "We go on", clarke="Clarke") is None


@pytest.mark.parametrize(
    ("phrase", "who"),
    [
        ("a spokesperson for Sir David Clarke", None),
        ("an adviser to opposition leader David Clarke", None),
        ("one Clarke insider", None),
        ("a leaked Clarke campaign memo", None),
        ("Secretary of State David Clarke", "clarke"),
        ("the head of the office David Clarke", "clarke"),
        ("Clarke himself", "clarke"),
    ],
)
def test_whose_man_says_it_does_not_say_it_himself(phrase: str, who: str | None) -> None:
    form = "David Clarke" if "David" in phrase else "Clarke"
    assert entity_of(f"“We go on,” {phrase} told the paper.", "We go on", clarke=form) == who
    assert entity_of(f"“We go on,” said {phrase.rstrip(',')}.", "We go on", clarke=form) == who


def test_an_official_goes_on_as_an_official() -> None:
    text = (
        "“It rains,” a senior official said. David Clarke was in town.\n\n“We go on,” the official said.\n\n"
        "“We stay,” another official asked."
    )
    assert entity_of(text, "We go on", clarke="David Clarke") is None


def test_no_ministers_country_is_another_ones() -> None:
    text = (
        "US defense chief David Clarke met Igor Volkov in May. “It rains,” Clarke said. He left.\n\n"
        "“We go on,” the {} defense chief said."
    )
    assert entity_of(text.format("Chinese"), "We go on", clarke="Clarke", volkov="Volkov") is None
    assert entity_of(text.format("American"), "We go on", clarke="Clarke", volkov="Volkov") == "clarke"


def test_who_is_brought_in_without_a_name_has_none_later() -> None:
    text = "“It rains,” Igor Volkov, an analyst, said. {}\n\n“We go on,” the analyst said. “It is late,” he said."
    assert (
        entity_of(text.format("A senior analyst had this to say."), "We go on", volkov="Igor Volkov") is None
    )
    assert entity_of(text.format("He left."), "We go on", volkov="Igor Volkov") == "volkov"
    official = text.replace("the analyst", "the official")
    assert entity_of(official.format("He left."), "We go on", volkov="Igor Volkov") is None


@pytest.mark.parametrize(
    ("before", "phrase", "who"),
    [
        # Another office, rank or time; a role of a person who has another.
        ("Press secretary Igor Volkov", "the foreign secretary", None),
        ("Vice President Igor Volkov", "the president", None),
        ("Vice President Igor Volkov", "the vice president", "volkov"),
        ("President Igor Volkov", "the former president", None),
        ("Former president Igor Volkov", "the former president", "volkov"),
        ("President Igor Volkov", "the leader", "volkov"),
        ("President Igor Volkov", "the entrepreneur", None),
        ("Foreign secretary Igor Volkov", "the minister", "volkov"),
        # One who is described anew, or whose relation is meant; a name that looks like a role.
        ("President Igor Volkov", "the president who had left", None),
        ("President Igor Volkov", "the daughter of the president", None),
        ("Igor Volkov", "the Evening Reporter", None),
        ("Igor Volkov", "the reporter", "volkov"),
    ],
)
def test_a_role_has_to_be_theirs(before: str, phrase: str, who: str | None) -> None:
    text = f"{before} met the press in May. “It rains,” Volkov said.\n\n“We go on,” {phrase} said."
    assert entity_of(text, "We go on", volkov="Volkov") == who


def test_when_it_was_said_is_not_who_said_it() -> None:
    text = (
        "President Igor Volkov met the press. “It rains,” Volkov said.\n\n“We go on,” said the president {}."
    )
    assert entity_of(text.format("during a visit"), "We go on", volkov="Volkov") == "volkov"
    assert entity_of(text.format("calling for peace"), "We go on", volkov="Volkov") is None


@pytest.mark.parametrize(
    ("named", "phrase", "who"),
    [
        ("David Clarke, the defence minister,", "the minister", "clarke"),
        ("The defence minister, David Clarke,", "the minister", "clarke"),
        ("David Clarke, who was the defence minister,", "the defence minister", "clarke"),
        ("David Clarke, 41,", "the 41-year-old", "clarke"),
        ("David Clarke, 41,", "the 43-year-old", None),
        ("Gen. David Clarke", "the general", "clarke"),
        ("Sen. David Clarke, R-Tex.,", "the Republican", "clarke"),
        ("Secretary General David Clarke", "the general", None),
        ("Secretary General David Clarke", "the secretary general", "clarke"),
        ("Prime Minister David Clarke", "the PM", "clarke"),
        # Of whom nothing is told nothing is taken; an owner's role is not one's own.
        ("David Clarke", "the official", None),
        ("President Volkov's lawyer David Clarke", "the president", None),
        ("The late President David Clarke", "the president", None),
        ("Spokeswoman Anna Clarke", "the spokesman", None),
        # What a phrase says after its role.
        ("Minister David Clarke", "those who", None),
        ("Minister David Clarke", "the minister with ties to the firm", None),
    ],
)
def test_only_who_is_told_to_be_one_is_called_so(named: str, phrase: str, who: str | None) -> None:
    text = f"{named} met the press in May. It rained.\n\n“We go on,” {phrase} said."
    assert entity_of(text, "We go on", clarke="Anna Clarke" if "Anna" in named else "David Clarke") == who


def test_of_one_named_since_the_role_may_be_as_well() -> None:
    text = (
        "Russian President Igor Volkov met the press. David Clarke was in town. David Clarke left.\n\n"
        "“We go on,” the {}president said."
    )
    assert entity_of(text.format(""), "We go on", volkov="Igor Volkov", clarke="David Clarke") is None
    assert (
        entity_of(text.format("Russian "), "We go on", volkov="Igor Volkov", clarke="David Clarke")
        == "volkov"
    )


@pytest.mark.parametrize(
    ("sentences", "who"),
    [
        # What another is reported to have said within it, or somebody named after "he", changes nothing.
        ("Clarke said that Volkov had told him of the plan. “We go on,” he said.", "clarke"),
        ("Clarke said it rains. He recounted a call from Volkov thanking him as “why we go on.”", "clarke"),
        ("“It rains,” Clarke said. Volkov, he added, “we go on” says.", "clarke"),
        ("It rains, Clarke told “Fox News Sunday.”\n\n“We go on,” he said.", "clarke"),
        ("“It rains,” Clarke said. The Volkov administration is out.\n\n“We go on,” he said.", "clarke"),
        ("“It rains,” Clarke said.\n\nVOLKOV ADVISERS SAY IT RAINS\n\n“We go on,” he said.", "clarke"),
    ],
)
def test_he_is_who_speaks_not_who_is_spoken_of(sentences: str, who: str) -> None:
    forms = {"clarke": "Clarke", "volkov": "Volkov"}
    if "VOLKOV" in sentences:
        forms["volkov"] = "VOLKOV"
    words = "We go on" if "We go on" in sentences else "we go on"
    assert entity_of(sentences, words, **forms) == who

"""Statements that may be the same in other words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from warreader.index.article import Article
from warreader.index.matching.matches import Matches
from warreader.index.matching.suggestions import suggestions
from warreader.index.quotations.quotations import Quotations
from warreader.index.storage import Database

Add = Callable[..., Article]
ONE = "“Russian missiles destroyed the grain terminals of Izmail, and our exporters lost their harvest,” she said."
TWO = "“The harvest was lost when a missile hit grain terminals in Izmail; exporters are ruined,” she said."
OTHER = "“Our football team deserved to win the championship in that stadium,” she said."


def by(database: Database, article: Article, person: str) -> None:
    """Have what an article quotes be said by someone."""
    connection = database.connection
    connection.execute(
        "INSERT OR IGNORE INTO entity (id, name, label, match) VALUES (?, ?, 'PERSON', ?)", (person,) * 3
    )
    connection.execute(
        "UPDATE quotation SET entity = (SELECT key FROM entity WHERE id = ?) WHERE article = ?",
        (person, article.key),
    )


def suggested(database: Database, article: str) -> list[str]:
    """Articles in which something like the article's first quotation stands."""
    (quotation, *_) = Quotations(database).of(article)
    return [one.place.article for one in Matches(database).suggestions(quotation.id)]


def test_the_same_speaker_within_days_in_the_same_rare_words(database: Database, add: Add) -> None:
    by(database, add("a", ONE, date="2024-05-02"), "Anna Berg")
    by(database, add("b", TWO, date="2024-05-04"), "Anna Berg")
    by(database, add("c", OTHER, date="2024-05-04"), "Anna Berg")
    by(database, add("d", TWO, date="2024-05-04"), "Carl Dahl")
    by(database, add("e", TWO, date="2024-09-04"), "Anna Berg")
    by(database, add("f", TWO), "Anna Berg")
    assert suggested(database, "a") == ["b"]
    (found,) = Matches(database).suggestions(Quotations(database).of("a")[0].id)
    assert {"izmail", "exporters", "terminals"} <= set(found.shared) and 0.3 <= found.score <= 1


def test_what_matches_is_not_suggested_and_a_suggestion_is_no_match(database: Database, add: Add) -> None:
    by(database, add("a", ONE, date="2024-05-02"), "Anna Berg")
    by(database, add("b", ONE, date="2024-05-03"), "Anna Berg")
    by(database, add("c", TWO, date="2024-05-03"), "Anna Berg")
    assert suggested(database, "a") == ["c"]
    assert [{m.article for m in match.members} for match in Matches(database).all()] == [{"a", "b"}]


def test_nothing_is_suggested_without_speaker_date_or_quotation(database: Database, add: Add) -> None:
    add("a", ONE, date="2024-05-02")
    by(database, add("b", TWO), "Anna Berg")
    assert suggested(database, "a") == suggested(database, "b") == []
    assert Matches(database).suggestions("nothing:1-2") == []


def test_within_an_article_headlines_and_what_others_did_not_say(database: Database, add: Add) -> None:
    article = add(
        "a",
        "Torpedoed ferry was sinking for hours\n\n“The ferry that they torpedoed took hours to sink,” she said.\n\n"
        "“The torpedoed ferry sank within hours,” he said.\n\n“Ferries are cheap,” he said.",
        headline=True,
    )
    first, second, _ = Quotations(database).of("a")
    said = [(one.place.start, one.place.quotation) for one in Matches(database).suggestions(first.id)]
    assert said == [(0, None)], "two that are not known to be one say much the same of one matter"
    by(database, article, "Anna Berg")
    said = [(one.place.start, one.place.quotation) for one in Matches(database).suggestions(first.id)]
    assert sorted(said) == [(0, None), (second.start, second.id)]
    by(database, article, "Carl Dahl")
    database.connection.execute(
        "UPDATE quotation SET entity = (SELECT key FROM entity WHERE id = 'Anna Berg') WHERE start = ?",
        (first.start,),
    )
    assert [one.place.start for one in Matches(database).suggestions(first.id)] == [0]


def test_what_is_printed_by_both_makes_the_rest_one_matter(database: Database, add: Add) -> None:
    shared = "“We will rebuild every bridge, every school and every hospital that the invader destroyed,” she said."
    by(
        database,
        add("a", f"{shared}\n\n“China ships shells to Russia on barges in secret,” she said."),
        "Anna Berg",
    )
    by(
        database,
        add("b", f"{shared}\n\n“In secret barges with shells go from China to Russia,” she said."),
        "Anna Berg",
    )
    by(database, add("c", "“In secret barges with shells go from China to Russia,” she said."), "Anna Berg")
    second = Quotations(database).of("a")[1]
    assert [one.place.article for one in Matches(database).suggestions(second.id)] == ["b"]
    assert Matches(database).retold("a") == {second.id: 1}
    assert Matches(database).retold("c") == {} and Matches(database).retold("nobody") == {}


def test_a_statement_cut_in_two_counts_as_one(database: Database, add: Add) -> None:
    article = add(
        "a",
        "“The ferries carry urban welders,” she said, “and skilled fighters.”\n\nRain fell.\n\n"
        "“Welders from urban wards and fighters of skill came,” she said.",
    )
    by(database, article, "Anna Berg")
    first, second, other = Quotations(database).of(article.id)
    found = [one.place.quotation for one in Matches(database).suggestions(other.id)]
    assert sorted(found, key=str) == sorted([first.id, second.id])


def test_with_a_sentence_model_one_rare_word_in_common_is_enough_where_the_meaning_is_one(
    database: Database, add: Add
) -> None:
    said = "“Whoever built those fortifications wanted to stay,” she said."
    retold = "“The fortifications were not raised by people who meant to leave,” she said."
    by(database, add("a", said, date="2024-05-02"), "Anna Berg")
    by(database, add("b", retold, date="2024-05-03"), "Anna Berg")
    by(database, add("c", OTHER, date="2024-05-03"), "Anna Berg")
    (asked,) = Quotations(database).of("a")
    assert suggestions(database, asked.id, ()) == []

    asked_of: list[str] = []

    def alike(_: str, two: str) -> float:
        asked_of.append(two)
        return 0.8 if "fortifications" in two else 0.99

    (found,) = suggestions(database, asked.id, (), alike)
    assert found.place.article == "b" and found.shared == ("fortifications",) and found.score <= 1
    assert len(asked_of) == 1, "what has no rare word in common is not read by the model"
    assert suggestions(database, asked.id, (), lambda *_: 0.3) == []


def test_what_a_paper_says_around_a_matched_version_is_no_retelling(database: Database, add: Add) -> None:
    frame = "She said that the exporters of Izmail lost grain terminals: "
    by(database, add("a", ONE, date="2024-05-02"), "Anna Berg")
    by(database, add("b", frame + ONE, date="2024-05-03"), "Anna Berg")
    by(database, add("c", TWO, date="2024-05-03"), "Anna Berg")
    (asked,) = [one for one in Quotations(database).of("a") if one.kind.value == "direct"]
    matches = Matches(database)
    assert any(member.article == "b" for one in matches.for_quotation(asked.id) for member in one.members)
    assert any(one.kind.value == "indirect" for one in Quotations(database).of("b"))
    assert {one.place.article for one in matches.suggestions(asked.id)} == {"c"}


def test_two_words_of_the_matter_are_not_enough(database: Database, add: Add) -> None:
    shared = "“We stand with the fishermen of this coast in every season and weather,” she said.\n\n"
    one = "“The agreement with Ukraine is a bridge that leads our alliance into another century,” she said."
    two = "“No agreement about Ukraine may forget the prisoners who wait in those cold camps,” she said."
    rain = "Rain fell on the harbour. " * 12
    by(database, add("a", f"{one}\n\n{rain}\n\n{shared}", date="2024-05-02"), "Anna Berg")
    by(database, add("b", f"{two}\n\n{rain}\n\n{shared}", date="2024-05-03"), "Anna Berg")
    assert suggested(database, "a") == []


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("the governor", "the governor", True),
        ("Governor Ann Lee", "Lee", True),
        ("the governor", "a fisherman", False),
        ("the Chinese governor", "a Chinese fisherman", False),
    ],
)
def test_within_an_article_who_is_called_otherwise_says_something_else(
    database: Database, add: Add, first: str, second: str, *, found: bool
) -> None:
    text = (
        f"“Ferries full of barley sank in the estuary,” {first} said.\n\nRain fell.\n\n"
        f"“In that estuary lie ferries that carried barley,” {second} said."
    )
    asked, other = Quotations(database).of(add("a", text).id)
    assert asked.speaker is not None and other.speaker is not None
    assert suggested(database, "a") == (["a"] if found else [])


@pytest.mark.parametrize(
    "told", ["Hungary talks with Moldova about Odesa", "the governor of Odesa wrote to Hungary and Moldova"]
)
def test_names_alone_make_no_statement_the_same(database: Database, add: Add, told: str) -> None:
    text = f"“Moldova and Hungary mourn with Odesa,” Lee said.\n\nRain fell.\n\nLee said that {told}."
    add("a", text)
    assert suggested(database, "a") == []


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("police would open a criminal investigation of that violation", ["b"]),
        ("it was “a criminal violation”", ["b", "b"]),
        ("it was an open secret of the town", []),
        ("police had nothing to open and left for the border with all the others of the town", []),
    ],
)
def test_days_apart_common_words_tell_if_they_are_most_of_what_is_said(
    database: Database, add: Add, told: str, found: list[str]
) -> None:
    asked = "“Police opened a criminal investigation into the violation,” Lee said."
    by(database, add("a", asked, date="2024-05-02"), "Anna Berg")
    by(database, add("b", f"Lee said that {told}.", date="2024-05-03"), "Anna Berg")
    assert suggested(database, "a") == found


def test_days_apart_names_tell_nothing(database: Database, add: Add) -> None:
    asked = "“Moldova and Hungary sent envoys to the Izmail harbour,” Lee said."
    by(database, add("a", asked, date="2024-05-02"), "Anna Berg")
    told = "Lee said that Hungary, Moldova and Izmail were names in novels."
    by(database, add("b", told, date="2024-05-03"), "Anna Berg")
    assert suggested(database, "a") == []


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("our gunners sank 14 ferries in the estuary of Izmail", ["b"]),
        ("our gunners sank many ferries in the estuary of Izmail", ["b"]),
        ("our gunners sank nine ferries in the estuary of Izmail", []),
    ],
)
def test_what_is_counted_otherwise_is_another_day(
    database: Database, add: Add, told: str, found: list[str]
) -> None:
    asked = "“In the Izmail estuary gunners sank 14 ferries,” Lee said."
    by(database, add("a", asked, date="2024-05-02"), "Anna Berg")
    by(database, add("b", f"Lee said that {told}.", date="2024-05-03"), "Anna Berg")
    assert suggested(database, "a") == found


@pytest.mark.parametrize(("date", "found"), [("2024-05-04", ["b"]), ("2024-05-06", []), (None, [])])
@pytest.mark.parametrize(
    "shared", ["", "“We will rebuild every bridge and every school in this valley,” she said."]
)
def test_days_later_it_is_another_statement(
    database: Database, add: Add, date: str | None, found: list[str], shared: str
) -> None:
    by(database, add("a", f"{ONE}\n\n{shared}", date="2024-05-02"), "Anna Berg")
    by(database, add("b", f"{TWO}\n\n{shared}", date=date), "Anna Berg")
    assert suggested(database, "a") == (["b"] if date is None and shared else found)


@pytest.mark.parametrize(("between", "found"), [("", ["b"]), ("Rain fell on the harbour. " * 12, [])])
def test_what_leads_to_the_same_words_in_two_papers_needs_to_share_less(
    database: Database, add: Add, between: str, found: list[str]
) -> None:
    shared = "“We will rebuild every bridge, every school and every hospital that the invader destroyed,” she said."
    by(database, add("a", f"Lee said that China was backing Russia in earnest.\n\n{shared}"), "Anna Berg")
    told = "Lee said that support by China for Russia spelled trouble."
    by(database, add("b", f"{told}\n\n{between}\n\n{shared}"), "Anna Berg")
    assert suggested(database, "a") == found


@pytest.mark.parametrize(
    ("line", "between", "found"),
    [
        ("Welders refuse to fight", "", 1),
        ("Welders refuse to fight", "Rain fell on the harbour. " * 80, 0),
        ("Welders open harbour", "", 0),
    ],
)
def test_a_headline_is_told_again_near_it(
    database: Database, add: Add, line: str, between: str, found: int
) -> None:
    add(
        "a",
        f"{line} near Odesa\n\n{between}\n\nThe crews said that they refused orders to fight on after losses.",
        headline=True,
    )
    (asked,) = Quotations(database).of("a")
    places = [one.place.quotation for one in Matches(database).suggestions(asked.id)]
    assert places == [None] * found


def test_a_fragment_told_again_is_suggested_whoever_says_it(database: Database, add: Add) -> None:
    text = (
        "“The ferries carry urban welders with skilled fighters to the estuary at night,” Lee said.\n\n"
        "Rain fell.\n\nThey spoke of “ferries with welders and fighters”."
    )
    add("a", text)
    assert suggested(database, "a") == ["a"]


@pytest.mark.parametrize(
    ("told", "found"),
    [("“the torpedoes”", ["b"]), ("“of torpedoes in harbour”", []), ("“of torpedoes in the estuary”", ["b"])],
)
def test_a_word_alone_tells_something_where_it_is_all_that_is_said(
    database: Database, add: Add, told: str, found: list[str]
) -> None:
    by(database, add("a", "“We saw torpedoes in the estuary,” Lee said.", date="2024-05-02"), "Anna Berg")
    by(database, add("b", f"Lee spoke {told}.", date="2024-05-03"), "Anna Berg")
    assert suggested(database, "a") == found


def test_a_fragment_is_not_what_goes_on_with_the_statement_it_is_part_of(
    database: Database, add: Add
) -> None:
    text = (
        "The crews are working “to weld the urban ferries that keep skilled fighters safe,” Lee said. “And let us"
        " be clear: urban ferries with skilled fighters are a threat.”"
    )
    by(database, add("a", text), "Anna Berg")
    assert [one.kind.value for one in Quotations(database).of("a")] == ["indirect", "mixed", "direct"]
    assert [Matches(database).suggestions(one.id) for one in Quotations(database).of("a")] == [[], [], []]

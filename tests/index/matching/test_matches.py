"""The same words in several places: what is found, how it is shown, and that it stays true."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warreader.index.article import Article, Line, LineKind, Match, MatchKind, Metadata, Scope, Tier
from warreader.index.articles import Articles, Incoming
from warreader.index.matching import shared
from warreader.index.matching.fingerprinting import Fingerprints
from warreader.index.matching.matches import Matches
from warreader.index.quotations.quotations import Quotations
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database
from warreader.index.text import line_spans

Add = Callable[..., Article]
SEEDS = Path(__file__).parents[3] / "seeds"

LONG = (
    "We will rebuild every bridge, every school and every hospital that the invader destroyed in this valley"
)
ONE = f"The governor said: “{LONG}.” Rain fell on the town."
TWO = f'Asked about the damage, she replied, "{LONG}."'
SHORTER = "In the north the governor said “every school and every hospital that the invader destroyed in this valley”."
REWORDED = f"“{LONG.replace('every school and', 'all schools,')},” the governor said."


def texts(match: Match) -> list[tuple[str, str]]:
    """Article and words of each member."""
    return [(member.article, member.text) for member in match.members]


def test_exact_across_marks_and_outlets(database: Database, add: Add) -> None:
    add("a", ONE, date="2024-05-02")
    add("b", TWO, date="2024-05-01")
    (match,) = Matches(database).all()
    assert (match.kind, match.scope) == (MatchKind.EXACT, Scope.CROSS)
    assert texts(match) == [("b", f'"{LONG}."'), ("a", f"“{LONG}.”")]
    assert [m.speaker for m in match.members] == ["she", "The governor"]
    assert [m.quotation for m in match.members] == [Quotations(database).of(i)[0].id for i in "ba"]


@pytest.mark.parametrize(("other", "kind"), [(SHORTER, MatchKind.TRUNCATED), (REWORDED, MatchKind.REWORDED)])
def test_kinds(database: Database, add: Add, other: str, kind: MatchKind) -> None:
    add("a", ONE)
    add("b", other)
    (match,) = Matches(database).all(Scope.CROSS)
    assert match.kind is kind


def test_unmarked_copy_is_found(database: Database, add: Add) -> None:
    add("a", ONE)
    add("b", f"Officials promised much. {LONG}. Nobody answered.")
    (match,) = Matches(database).all()
    assert texts(match) == [("a", f"“{LONG}.”"), ("b", LONG)]
    assert match.members[1].quotation is None


@pytest.mark.parametrize(("added", "kind"), [("", MatchKind.EXACT), ("slowly ", MatchKind.REWORDED)])
def test_a_place_begins_with_the_copy_of_its_first_word_that_goes_on(
    database: Database, add: Add, added: str, kind: MatchKind
) -> None:
    said = (
        "Marchenko's divers are {}draining the flooded tunnels, and they ask everyone to leave the embankment"
    )
    add("a", f"“{said.format('')},” the mayor said.")
    add("b", f'The work of Marchenko is underway. "{said.format(added)}," the mayor said.')
    (match,) = Matches(database).all(Scope.CROSS)
    assert match.kind is kind
    assert texts(match) == [("a", f"“{said.format('')},”"), ("b", f'"{said.format(added)},"')]


def test_variants_are_one_cluster_in_order_of_date_unknown_last(database: Database, add: Add) -> None:
    add("a", ONE)
    add("b", TWO, date="2024-05-03")
    add("c", REWORDED, date="2024-05-02")
    (match,) = Matches(database).all()
    assert [m.article for m in match.members] == ["c", "b", "a"]
    assert match.kind is MatchKind.REWORDED


def test_paragraphs_against_one_line_and_a_number_with_a_space(database: Database, add: Add) -> None:
    add(
        "a",
        "He said: “Some 16\u00a0000 volunteers crossed the frozen river at night.\n\n“Nobody stopped them at all.”",
    )
    add(
        "b",
        'He said: "Some 16,000 volunteers crossed the frozen river at night. Nobody stopped them at all."',
    )
    (match,) = Matches(database).all()
    assert match.kind is MatchKind.EXACT
    assert [m.span for m in match.members] == [Quotations(database).of(i)[0].span for i in "ab"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("He said he wants to fight in Ukraine.", "“They went to fight in Ukraine,” she said."),
        (
            "“US President Donald Trump met Russian President Vladimir Putin,” he said.",
            "Then US President Donald Trump met Russian President Vladimir Putin in Paris.",
        ),
        (
            "Officials said the death toll from the strikes on the old town had risen to 492 by noon.",
            "Officials said the death toll from the strikes on the old town had risen to 356 by noon.",
        ),
        ("“I am not going to do that,” he said.", "She said she is not going to do that at all."),
    ],
)
def test_stock_phrases_names_and_other_numbers_do_not_match(
    database: Database, add: Add, one: str, two: str
) -> None:
    add("a", one, date="2024-05-01")
    add("b", two, date="2024-05-01")
    assert list(Matches(database).all()) == []


@pytest.mark.parametrize(
    ("day", "outlet", "told"), [("06", "A", True), ("29", "B", True), ("29", "A", False)]
)
def test_what_one_outlet_prints_again_with_all_around_it_is_no_match(
    database: Database, add: Add, day: str, outlet: str, told: bool
) -> None:
    background = (
        "The harbour ministry said foreign trawlers would stay moored outside Varnholm until the autumn storms"
        " had battered the last of the concrete breakwaters."
    )
    add("a", background, date="2024-05-02", outlet="A")
    add("b", f"Rain fell. {background}", date=f"2024-05-{day}", outlet=outlet)
    assert [match.tier for match in Matches(database).all()] == [Tier.POSSIBLE] * told


@pytest.mark.parametrize(("day", "told"), [("06", True), ("29", False)])
def test_a_few_words_in_a_row_are_nothing_weeks_apart(
    database: Database, add: Add, day: str, told: bool
) -> None:
    one = "It “forbids harbour pilots from gambling on ferries and tugs near the lighthouse,” he said."
    add("a", one, date="2024-05-02")
    two = "The rule keeps all harbour pilots from gambling on ferries near the lighthouse."
    add("b", two, date=f"2024-05-{day}")
    assert bool(list(Matches(database).all())) is told


@pytest.mark.parametrize(
    ("one", "two"),
    [
        # Six words, of which "that's" is two.
        ("“That’s not going to happen,” the mayor said.", '"That\'s not going to happen." So it went.'),
        # All of one stands in marks within the other.
        (
            "She asked: “Are you a citizen of this town?”",
            "“I was asked: are you a citizen of this town? And I am.”",
        ),
        (
            "“I was asked: are you a citizen of this town? And I am.”",
            "She asked: “Are you a citizen of this town?”",
        ),
    ],
)
def test_a_short_quotation_of_common_words_is_a_possible_match_as_a_whole(
    database: Database, add: Add, one: str, two: str
) -> None:
    add("a", one, date="2024-05-01")
    add("b", two, date="2021-05-01")
    (match,) = Matches(database).all()
    assert match.tier is Tier.POSSIBLE


def test_its_words_in_a_papers_own_voice_are_none(database: Database, add: Add) -> None:
    add("a", "She asked: “Are you a citizen of this town?”", date="2024-05-01")
    add("b", "Who will know if you are you a citizen of this town or not?", date="2021-05-01")
    assert list(Matches(database).all()) == []


FORMULA = "struck fighters who were operating inside a command centre embedded in the compound"


@pytest.mark.parametrize(
    ("one", "two", "tier"),
    [
        (
            f"“Our planes {FORMULA} of Anbar at night,”",
            f"“The fleet precisely {FORMULA} near Sirwan,”",
            "possible",
        ),
        (f"“Our planes {FORMULA} of Anbar at night,”", f"“{FORMULA},”", "sure"),
        (f"“Our planes {FORMULA} of Anbar,”", f"“Planes of ours … planes {FORMULA} of Anbar,”", "sure"),
    ],
)
def test_two_quotations_that_part_around_a_formula_are_possible_only(
    database: Database, add: Add, one: str, two: str, tier: str
) -> None:
    add("a", f"{one} the army said.", date="2024-05-01")
    add("b", f"{two} the army said.", date="2024-05-02")
    (match,) = Matches(database).all(Scope.CROSS)
    assert match.tier.value == tier


def test_one_outlets_words_after_a_mark_never_closed_are_possible_only(database: Database, add: Add) -> None:
    links = "Seven ways to see the northern harbours. All you need to know about the winter regatta guide"
    add(
        "a",
        f"“The race was lost within a minute, and nobody on board knew why it was. {links}",
        outlet="Alpha",
    )
    add("b", f"The town slept. {links}", outlet="Alpha")
    assert [match.tier.value for match in Matches(database).all(Scope.CROSS)] in ([], ["possible"])


def test_furniture_takes_no_part(database: Database, add: Add) -> None:
    add("a", ONE, lines=(Line(0, len(ONE), LineKind.FURNITURE),))
    add("b", TWO)
    assert list(Matches(database).all()) == []


@pytest.mark.parametrize(
    ("headline", "body", "members"),
    [
        (
            "Soldiers are ‘tip of iceberg’",
            "He said it is the “tip of the iceberg”.",
            ["‘tip of iceberg’", "“tip of the iceberg”"],
        ),
        (
            "War goes on",
            "She saw a “clear signal” in it.\n\nShe said: “This is a clear signal to us all.”",
            ["“clear signal”", "clear signal"],
        ),
        ("A clear signal for peace", "She said it was a “clear signal”.", ["clear signal", "“clear signal”"]),
    ],
)
def test_fragments_within_an_article(
    database: Database, add: Add, headline: str, body: str, members: list[str]
) -> None:
    add("a", f"{headline}\n\n{body}", headline=True)
    (match,) = Matches(database).all()
    assert match.scope is Scope.INTRA
    assert [m.text for m in match.members] == members


def test_a_word_alone_or_of_grammar_only_is_no_fragment(database: Database, add: Add) -> None:
    add(
        "a",
        "He would “destroy” them.\n\nHe said: “We destroy what is not of this world.”\n\nA “not of this” thing.",
    )
    assert list(Matches(database).all()) == []


def test_queries_agree(database: Database, add: Add) -> None:
    add("a", ONE)
    add("b", TWO)
    add("c", SHORTER)
    add("d", "Nothing here.")
    matches = Matches(database)
    (match,) = matches.all(Scope.CROSS)
    quotation = Quotations(database).of("a")[0]
    assert matches.of("a") == matches.of("b", Scope.CROSS) == matches.for_quotation(quotation.id) == [match]
    assert matches.get(match.id) == match
    assert matches.counts("a") == {quotation.id: 2}
    assert matches.of("d") == matches.of("nobody") == matches.of("a", Scope.INTRA) == []
    assert matches.counts("d") == {} and matches.for_quotation("x:1-2") == []
    assert (
        matches.get("cross:a:0-1") is None and matches.get("") is None and matches.get("other:a:1-2") is None
    )


@pytest.mark.parametrize("text", ["", "\n", "…—…", "“”", "\x00", "“ ”"])
def test_texts_without_words(database: Database, add: Add, text: str) -> None:
    add("a", text)
    add("b", text)
    assert list(Matches(database).all()) == []


def test_any_order_gives_the_same_matches(tmp_path: Path) -> None:
    articles = {"a": ONE, "b": TWO, "c": SHORTER, "d": REWORDED}
    seen = []
    for number, order in enumerate(permutations(articles)):
        database = Database(tmp_path / f"{number}.sqlite", LIBRARY_MIGRATIONS)
        for article_id in order:
            put(database, article_id, articles[article_id])
        seen.append(sorted(Matches(database).all(), key=lambda match: match.id))
        database.close()
    assert seen[0] and all(other == seen[0] for other in seen)


def put(database: Database, article_id: str, text: str) -> Article:
    """Store and derive one article of body lines."""
    lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
    articles = Articles(database)
    articles.store(Incoming(article_id, text, lines, Metadata(), article_id, stated_id=True))
    article = articles.get(article_id)
    Quotations(database).derive(article)
    Fingerprints(database).derive(article)
    Matches(database).derive(article)
    return article


def test_deriving_again_changes_nothing(database: Database, add: Add) -> None:
    first = add("a", ONE)
    add("b", TWO)
    before = list(Matches(database).all())
    changed = database.connection.total_changes
    Matches(database).derive(first)
    assert database.connection.total_changes == changed
    Fingerprints(database).derive(first)
    Matches(database).derive(first)
    assert list(Matches(database).all()) == before


def test_deleting_an_article_leaves_the_others(database: Database, add: Add) -> None:
    for article_id, text in (("a", ONE), ("b", TWO), ("c", SHORTER)):
        add(article_id, text)
    database.connection.execute("DELETE FROM article WHERE id = 'a'")
    (match,) = Matches(database).all()
    assert [m.article for m in match.members] == ["b", "c"]
    database.connection.execute("DELETE FROM article WHERE id = 'b'")
    assert list(Matches(database).all()) == []
    assert database.connection.execute("SELECT count(*) FROM pair").fetchone()[0] == 0
    assert database.problems() == []


def test_statements_in_two_shipped_seeds(database: Database, add: Add) -> None:
    first, second = (next(SEEDS.glob(f"{n}_*.txt")).read_bytes().decode("utf-8") for n in ("000", "001"))
    add("000", first, headline=True)
    add("001", second)
    matches = {match.members[0].start: match for match in Matches(database).all(Scope.CROSS)}
    start = first.index("“That would mean")
    assert texts(matches[start]) == [
        ("000", first[start : first.index("country.”") + 9]),
        ("001", second[second.index('"That would mean') : second.index('country."') + 9]),
    ]
    start = first.index("“The Chinese would pretend")
    assert texts(matches[start]) == [
        ("000", first[start : first.index("since 1991.”") + 12]),
        ("001", second[second.index('"The Chinese would pretend') : second.index('since 1991."') + 12]),
    ]
    assert matches[start].kind is MatchKind.EXACT


WORDS = st.sampled_from(
    [
        "bridge",
        "hospital",
        "the",
        "of",
        "16\u00a0000",
        "said",
        "He",
        "“",
        "”",
        '"',
        "‘",
        "’",
        ".",
        "\n",
        "战争",
        "\x00",
        "İ",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(WORDS, max_size=40).map(" ".join), min_size=1, max_size=3))
def test_any_texts_give_true_places(tmp_path_factory: pytest.TempPathFactory, bodies: list[str]) -> None:
    database = Database(tmp_path_factory.mktemp("any") / "library.sqlite", LIBRARY_MIGRATIONS)
    try:
        for number, body in enumerate(bodies):
            put(database, str(number), body)
        matches = Matches(database)
        for match in matches.all():
            assert len(match.members) > 1
            assert len({m.article for m in match.members}) == 1 or match.scope is Scope.CROSS
            assert all(m.text and m.text == m.span.of(bodies[int(m.article)]) for m in match.members)
            assert matches.get(match.id) == match
    finally:
        database.close()


@pytest.mark.parametrize("piece", ["a", "“", "A ", "said ", "“many more” ", "he said “a b c d e”, ", "1 "])
def test_endless_lines(database: Database, add: Add, piece: str) -> None:
    text = piece * (60_000 // len(piece))
    add("a", text)
    add("b", text)
    Matches(database).of("a")


@pytest.mark.parametrize("first", ["a", "b"])
def test_a_quotation_is_found_in_a_longer_one_though_some_of_its_words_are_everywhere(
    database: Database, add: Add, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setattr(shared, "HOLDERS", 3)
    for name in "cdef":
        add(name, f"Nobody in {name} left “a village of the united valleys” at night.", date="2019-01-01")
    asked = {
        "a": "The form asks “Are you a friend of the united valleys?” on its first page.",
        "b": "“It is good that the simple question ‘Are you a friend of the united valleys?’ will be put,” he said.",
    }
    for name in sorted(asked, key=lambda name: name != first):
        add(name, asked[name], date={"a": "2023-05-01", "b": "2024-05-01"}[name])
    found = [match for match in Matches(database).all() if {m.article for m in match.members} == {"a", "b"}]
    assert [member.text for member in found[0].members] == [
        "“Are you a friend of the united valleys?”",
        "Are you a friend of the united valleys",
    ]


def test_a_quotation_that_says_words_twice_is_no_part_of_itself(database: Database, add: Add) -> None:
    said = (
        "You know that we will not leave this valley to anybody, the ministers of seven countries came here last week,"
        " they saw the burnt orchards with their own eyes, and I repeat that we will not leave this valley while one"
        " family waits in a cellar for bread and for news of its sons"
    )
    rain = "It rained on the market and the carts stood empty beside the well. "
    snow = "Snow lay on the bridge when the lorries came down the pass at noon. "
    add("a", f"{rain * 6}“{said},” the governor said.", date="2024-05-01")
    add("b", f"{snow * 6}The governor told reporters: “{said}.” Then she left.", date="2024-05-02")
    (match,) = Matches(database).all(Scope.CROSS)
    assert match.kind is MatchKind.EXACT
    assert [member.text for member in match.members] == [f"“{said},”", f"“{said}.”"]
    (pair,) = database.connection.execute("SELECT kind FROM pair")
    assert pair["kind"] == "exact"

"""Copies of one story are found and grouped, other articles on the same event are not."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.article import Line, LineKind, Metadata
from warreader.index.articles import Articles, Incoming
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database
from warreader.index.stories.grouping import Pair, Printed, groups
from warreader.index.stories.stories import Stories
from warreader.index.stories.wording import marks, plain
from warreader.index.text import line_spans

_SYLLABLES = [
    first + second for first in "bdfgklmnprstvz" for second in ("a", "e", "i", "o", "u", "an", "er", "il")
]


def prose(seed: int, paragraphs: int = 8, words: int = 45) -> list[str]:
    """Paragraphs of words that occur nowhere else, of lengths as in a language."""
    chance = random.Random(seed)
    vocabulary = [
        "".join(chance.choices(_SYLLABLES, k=chance.choice((1, 2, 2, 3, 3, 4)))) for _ in range(400)
    ]

    def sentence(length: int) -> str:
        return " ".join(chance.choices(vocabulary, k=length)).capitalize() + "."

    return [" ".join(sentence(15) for _ in range(words // 15)) for _ in range(paragraphs)]


class Shelf:
    """A library's database with stories derived as articles come."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path, LIBRARY_MIGRATIONS)
        self.articles = Articles(self.database)
        self.stories = Stories(self.database)

    def put(
        self,
        name: str,
        text: str | list[str],
        outlet: str | None = None,
        date: str | None = "2022-03-01",
        kinds: dict[int, LineKind] | None = None,
        source: str | None = None,
    ) -> str:
        """Store an article, of body lines but for ``kinds`` (by number), and derive it."""
        text = text if isinstance(text, str) else "\n\n".join(text)
        lines = [
            Line(span.start, span.end, (kinds or {}).get(at, LineKind.BODY))
            for at, span in enumerate(line_spans(text))
        ]
        meta = Metadata(title=f"On {name}", outlet=outlet or f"The {name}", date=date)
        _, stored = self.articles.store(Incoming(name, text, lines, meta, source or name, stated_id=True))
        self.derive_all()
        return stored

    def derive_all(self) -> None:
        for article in sorted(self.articles, key=lambda article: article.key):
            if not self.database.connection.execute(
                "SELECT 1 FROM derived WHERE stage = 'stories' AND article = ?", (article.key,)
            ).fetchone():
                with self.database.transaction() as connection:
                    self.stories.derive(article)
                    connection.execute("INSERT INTO derived VALUES ('stories', ?, 1)", (article.key,))

    def together(self) -> list[set[str]]:
        return [{copy.article for copy in story.members} for story in self.stories.all()]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    opened = Shelf(tmp_path / "library.sqlite")
    yield opened
    opened.database.close()


WIRE = prose(1)
OTHER = prose(2)


def test_the_same_text_in_two_outlets_is_one_story(shelf: Shelf) -> None:
    shelf.put("Courier", WIRE, date="2022-03-02")
    shelf.put("Herald", WIRE)
    shelf.put("Mail", OTHER)
    story = shelf.stories.of("Courier")
    assert story is not None
    assert [(copy.article, copy.outlet, copy.title, copy.date, copy.share) for copy in story.members] == [
        ("Herald", "The Herald", "On Herald", "2022-03-01", 1.0),
        ("Courier", "The Courier", "On Courier", "2022-03-02", 1.0),
    ]
    assert story.outlets == 2
    assert shelf.stories.of("Herald") == story
    assert shelf.stories.of("Mail") is None
    assert shelf.stories.of("nowhere\ud800") is None
    keys = {name: shelf.articles.key(name) for name in ("Courier", "Herald")}
    assert shelf.stories.sizes() == {keys["Courier"]: (2, 2), keys["Herald"]: (2, 2)}


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("the first half", WIRE[:4]),
        ("the beginning", WIRE[:2]),
        ("paragraphs added at the end", [*WIRE[:6], *OTHER[:3]]),
        ("paragraphs added between", [WIRE[0], OTHER[0], *WIRE[1:5], OTHER[1], *WIRE[5:]]),
        ("another first sentence", [OTHER[0], *WIRE]),
        ("another headline", ["Another headline altogether here", *WIRE]),
        ("other line breaks", [sentence for line in WIRE for sentence in re.split(r"(?<=\.) ", line)]),
        ("one line", [" ".join(WIRE)]),
        ("capitals", [line.upper() for line in WIRE]),
        ("other spaces", [line.replace(" ", "\u00a0 ") for line in WIRE]),
        ("a word here and there", [line.replace(" ba", " other", 1) for line in WIRE]),
        ("furniture", ["Share", "Read more: about us and them", *WIRE, "Subscribe to our newsletter now"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("first", [True, False])
def test_what_outlets_do_to_a_text_leaves_it_a_copy(
    shelf: Shelf, name: str, copy: list[str], first: bool
) -> None:
    one, two = (WIRE, copy) if first else (copy, WIRE)
    shelf.put("Courier", one)
    shelf.put("Herald", two)
    assert shelf.together() == [{"Courier", "Herald"}], name


def test_marks_and_dashes_written_otherwise_are_no_difference(shelf: Shelf) -> None:
    quoted = [f"“{line}” – he said, don't ask." for line in WIRE]
    plainly = [f'"{line}" -- he said, don’t ask.' for line in WIRE]
    british = [f"‘{line}’ — he said, don’t ask." for line in WIRE]
    shelf.put("Courier", quoted)
    shelf.put("Herald", plainly)
    shelf.put("Mail", british)
    assert shelf.together() == [{"Courier", "Herald", "Mail"}]


def test_furniture_and_captions_are_not_read(shelf: Shelf) -> None:
    page = ["Share this", *prose(9, 20), "More"]
    every = dict.fromkeys(range(0, 100), LineKind.FURNITURE)
    own = {0: LineKind.BODY, 2: LineKind.BODY}
    shelf.put("Courier", [WIRE[0], *page], kinds=every | {0: LineKind.BODY})
    shelf.put("Herald", [OTHER[0], *page], kinds=every | own)
    assert shelf.together() == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param([*OTHER[:4], *WIRE[:2]], [*prose(3, 4), *WIRE[:2]], id="background"),
        pytest.param(
            [*OTHER[:3], *WIRE[:4]], [*prose(3, 3), *WIRE[:4]], id="background longer than the news"
        ),
        pytest.param(
            [OTHER[0], *(f"“{line}” she said." for line in WIRE)],
            [prose(3, 1)[0], *(f"“{line}” the minister told us." for line in WIRE)],
            id="a speech quoted at length",
        ),
        pytest.param(
            [*OTHER[:2], "Reporting by A. Writer and B. Writer; editing by C. Editor and D. Editor."],
            [*prose(3, 2), "Reporting by A. Writer and B. Writer; editing by C. Editor and D. Editor."],
            id="credits",
        ),
        pytest.param(["Yes."], ["Yes."], id="next to nothing"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_articles_that_share_something_are_no_copies(shelf: Shelf, one: list[str], two: list[str]) -> None:
    shelf.put("Courier", one)
    shelf.put("Herald", two)
    assert shelf.together() == []


def _tally(day: int) -> str:
    chance = random.Random(day)
    counted = [
        "tanks",
        "armoured vehicles",
        "artillery systems",
        "air defence systems",
        "aircraft",
        "helicopters",
    ]
    rows = "; ".join(f"{what} - {chance.randint(100, 9999)} (+{chance.randint(0, 30)})" for what in counted)
    return (
        f"The total losses of the enemy from the first day to day {day} are estimated at about "
        f"{chance.randint(10_000, 99_999)} people, of them {chance.randint(100, 900)} over the last day. "
        f"Destroyed were: {rows}. The data are being updated.\n{prose(100 + day, 1, 30)[0]}"
    )


def test_a_daily_template_is_no_story(shelf: Shelf) -> None:
    for day in range(1, 6):
        shelf.put(f"d{day}", _tally(day), outlet="The Courier", date=f"2022-03-{day:02}")
        shelf.put(f"e{day}", _tally(day + 50), outlet=f"Outlet {day}", date=f"2022-03-{day:02}")
    assert shelf.together() == []


def test_within_one_outlet_only_what_is_nearly_the_same_is_a_copy(shelf: Shelf) -> None:
    shelf.put("a", WIRE, outlet="Courier")
    shelf.put("b", [*OTHER[:2], *WIRE[:6]], outlet="courier")
    assert shelf.together() == []
    shelf.put("c", [*WIRE, "One more line."], outlet="Courier")
    assert shelf.together() == [{"a", "c"}]


def test_far_apart_in_time_only_what_is_nearly_the_same_is_a_copy(shelf: Shelf) -> None:
    shelf.put("a", WIRE)
    shelf.put("b", [*WIRE[:6], *OTHER[:2]], date="2024-03-01")
    assert shelf.together() == []
    shelf.put("c", WIRE, date="2023-03-01T10:00:00+00:00")
    assert shelf.stories.of("b") is None
    assert shelf.together() == [{"a", "c"}]


def test_a_digest_joins_nothing(shelf: Shelf) -> None:
    briefs = [prose(20 + number, 3) for number in range(4)]
    for number, brief in enumerate(briefs):
        shelf.put(f"Brief{number}", brief)
    shelf.put("Digest", [line for brief in briefs for line in brief])
    assert shelf.together() == []
    shelf.put("Brief9", briefs[0])
    assert shelf.together() == [{"Brief0", "Brief9"}]


def test_short_cuts_of_one_long_text_are_one_story(shelf: Shelf) -> None:
    long = prose(5, 20)
    for name, length in (("Courier", 20), ("Herald", 4), ("Mail", 6), ("Post", 3)):
        shelf.put(name, long[:length])
    assert shelf.together() == [{"Courier", "Herald", "Mail", "Post"}]


def test_a_superseded_version_is_no_copy(shelf: Shelf) -> None:
    first = shelf.put("a", WIRE, outlet="Courier")
    assert shelf.stories.of(first) is None
    shelf.put("Herald", WIRE)
    assert shelf.together() == [{"a", "Herald"}]
    second = shelf.put("a", [*WIRE, "Corrected."], outlet="Courier")
    assert second != first
    assert shelf.together() == [{second, "Herald"}]
    story = shelf.stories.of(first)
    assert story is not None
    assert {copy.article for copy in story.members} == {second, "Herald"}


def test_a_deleted_article_leaves_nothing(shelf: Shelf) -> None:
    for name in ("Courier", "Herald", "Mail"):
        shelf.put(name, WIRE)
    with shelf.database.transaction() as connection:
        connection.execute("DELETE FROM article WHERE id = 'Courier'")
    assert shelf.together() == [{"Herald", "Mail"}]
    with shelf.database.transaction() as connection:
        connection.execute("DELETE FROM article")
    for table in ("story", "story_mark", "story_pair"):
        assert shelf.database.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
    assert shelf.database.problems() == []


def test_deriving_twice_changes_nothing(shelf: Shelf) -> None:
    for name in ("Courier", "Herald", "Mail"):
        shelf.put(name, WIRE)
    before = shelf.stories.all(), shelf.stories.sizes()
    for article in shelf.articles:
        shelf.stories.derive(article)
    assert (shelf.stories.all(), shelf.stories.sizes()) == before


def test_a_story_in_very_many_outlets_is_one(shelf: Shelf) -> None:
    for number in range(90):
        shelf.put(f"Outlet{number}", WIRE[: 4 + number % 5])
    (story,) = shelf.stories.all()
    assert len(story.members) == 90
    assert story.outlets == 90
    assert shelf.stories.of("Outlet89") == story


def test_an_outlet_that_is_corrected_counts_as_it_stands(shelf: Shelf) -> None:
    shelf.put("a", WIRE, outlet="Courier")
    shelf.put("b", [*WIRE, *OTHER[:3]], outlet="Herald")
    assert shelf.stories.sizes()
    with shelf.database.transaction() as connection:
        connection.execute("UPDATE article SET outlet = NULL")
    (story,) = shelf.stories.all()
    assert story.outlets == 0


def test_a_text_of_any_kind_is_read_in_bounded_time(shelf: Shelf) -> None:
    for number, text in enumerate(["a" * 3_000_000, '"' * 300_000, "é " * 500_000, "\ud7ff\x00\u202e" * 9]):
        begun = time.process_time()
        shelf.put(f"t{number}", text)
        assert time.process_time() - begun < 5
    assert shelf.together() == []


def test_unspaced_scripts_are_compared_too(shelf: Shelf) -> None:
    chance = random.Random(3)
    clauses = ["".join(chance.choices("天地玄黄宇宙洪荒日月盈昃辰宿列张", k=8)) for _ in range(80)]
    text = "，".join(clauses)
    shelf.put("Courier", text)
    shelf.put("Herald", f"{text}。完")
    assert shelf.together() == [{"Courier", "Herald"}]


def _lines(text: str) -> list[Line]:
    return [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]


@given(
    st.lists(st.sampled_from(["shelling", "Kyiv", "“no”", "–", "station", "officials", "said."]), max_size=80)
)
def test_marks_are_those_of_the_words_however_written(words: list[str]) -> None:
    text = " ".join(words)
    other = "\n".join(words).upper().replace("“", '"').replace("”", "''").replace("–", "-")
    assert marks(plain(text, _lines(text))) == marks(plain(other, _lines(other)))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0, 1), st.floats(0, 1)), max_size=20)
)
def test_groups_hold_every_article_once(edges: list[tuple[int, int, float, float]]) -> None:
    pairs = [
        Pair(Printed(one, None, None), Printed(two, None, None), share, back, 1.0)
        for one, two, share, back in edges
        if one < two
    ]
    found = list(groups(pairs))
    members = [key for group in found for key in group]
    assert len(members) == len(set(members))
    assert all(len(group) > 1 for group in found)
    alike = {key for pair in pairs if pair.copies for key in (pair.one.key, pair.two.key)}
    assert set(members) <= alike
    strong = [pair for pair in pairs if pair.copies and pair.whole]
    assert all(any({pair.one.key, pair.two.key} <= set(group) for group in found) for pair in strong)

"""What matches does not hang on the order in which articles come, nor on what came and went in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from warreader.index.article import Article, Line, LineKind, Metadata
from warreader.index.articles import Articles, Incoming
from warreader.index.matching import worn
from warreader.index.matching.fingerprinting import Fingerprints
from warreader.index.matching.matches import Matches
from warreader.index.quotations.quotations import Quotations
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database
from warreader.index.text import line_spans

STATEMENTS = (
    "We will rebuild every bridge and every hospital that the invader destroyed in this valley",
    "We will rebuild every school and every hospital that the enemy destroyed in that valley",
    "The strike hit terrorists who were operating inside a command centre in the old harbour",
    "a precise strike on terrorists who were operating inside a command and control centre",
    "Don't let them win again",
    "I told my people: don't let them win again, whatever it takes, and do not look back",
    "for as long as it takes",
    "We stand with our friends for as long as it takes, and the grain ships will sail tomorrow",
    "out of an abundance of caution",
    "The museum was closed out of an abundance of caution, said nobody who saw the smoke rise",
    "let us make the harbour great again",
)
FRAMES = (
    "“{}”, said {}.",
    '{1} said: "{0}."',
    "{1} said that {0}.",
    "{1} told reporters the plan was “{0}” and left.",
    "It was {0}, as far as {1} could tell.",
)
SPEAKERS = ("Oleh Marchuk", "the army", "Ines Duarte", "a spokesman", "she")
DAYS = ("2024-05-01", "2024-05-03", "2024-05-09", "2024-06-20", "2024-09-01", None)

Text = tuple[str, str | None, str]
"""Text, date, outlet."""

SENTENCES = st.builds(
    lambda frame, words, who: frame.format(words, who),
    st.sampled_from(FRAMES),
    st.sampled_from(STATEMENTS),
    st.sampled_from(SPEAKERS),
)
TEXTS: st.SearchStrategy[Text] = st.tuples(
    st.lists(SENTENCES, min_size=1, max_size=3).map(" Rain fell on the town.\n".join),
    st.sampled_from(DAYS),
    st.sampled_from(["Alpha", "Beta", "Gamma"]),
)


class Shelf:
    """A library that is matched as articles come and go."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._articles = Articles(database)
        self._quotations, self._prints = Quotations(database), Fingerprints(database)
        self._matches = Matches(database)
        for table in ("article", "cluster", "unclustered", "changed_pair", "broken_cluster", "wear"):
            database.connection.execute(f"DELETE FROM {table}")

    def add(self, texts: Sequence[tuple[int, Text]]) -> None:
        """Several articles, of which all is derived together, stage by stage."""
        made = [self._store(*text) for text in texts]
        for article in made:
            self._quotations.derive(article)
            self._prints.derive(article)
        context = self._matches.begin(sorted(article.key for article in made))
        assert isinstance(context, np.ndarray)
        for article in made:
            self._matches.store(article, self._matches.prepare(article, context))
        self._matches.finish()

    def _store(self, number: int, text: Text) -> Article:
        lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text[0]))
        meta = Metadata(date=text[1], outlet=text[2])
        self._articles.store(Incoming(str(number), text[0], lines, meta, str(number), stated_id=True))
        return self._articles.get(str(number))

    def take(self, number: int) -> None:
        """An article goes."""
        self._database.connection.execute("DELETE FROM article WHERE id = ?", (str(number),))
        self._matches.begin([])
        self._matches.finish()

    def told(self) -> list[tuple[object, ...]]:
        """All matches."""
        return sorted(
            (m.id, m.kind, m.score, m.tier, [(one.article, one.start, one.end) for one in m.members])
            for m in self._matches.all()
        )

    def kept(self) -> list[tuple[object, ...]]:
        """What is kept of the sure ones."""
        return sorted(
            (row.text, row.kind, row.articles, row.outlets) for row in self._matches.repeated().rows
        )


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Database]]:
    """Two library files, emptied by whoever uses them."""
    folder: Path = tmp_path_factory.mktemp("order")
    made = tuple(Database(folder / f"{name}.sqlite", LIBRARY_MIGRATIONS) for name in "ab")
    yield made[0], made[1]
    for database in made:
        database.close()


TOLD_TWICE: list[Text] = [
    (
        "she said that We will rebuild every school and every hospital that the enemy destroyed in that valley."
        " Rain fell on the town.\nthe army told reporters the plan was “We will rebuild every school and every"
        " hospital that the enemy destroyed in that valley” and left.",
        "2024-06-20",
        "Gamma",
    ),
    (
        "Ines Duarte said that We will rebuild every bridge and every hospital that the invader destroyed in this"
        " valley.",
        "2024-06-20",
        "Beta",
    ),
]
"""What stands twice in the one, once in the other."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(texts=TOLD_TWICE, more=[], random=Random(5))
@given(
    st.lists(TEXTS, min_size=2, max_size=7), st.lists(TEXTS, max_size=2), st.randoms(use_true_random=False)
)
def test_the_order_in_which_articles_come_changes_nothing(
    databases: tuple[Database, Database],
    monkeypatch: pytest.MonkeyPatch,
    texts: list[Text],
    more: list[Text],
    random: Random,
) -> None:
    # In so small a library nothing would be an idiom.
    monkeypatch.setattr(worn, "IDIOM", 4)
    staying = list(enumerate(texts))
    passing = list(enumerate(more, len(texts)))
    one_by_one, shuffled = map(Shelf, databases)
    for text in staying:
        one_by_one.add([text])
    coming = [*staying, *passing]
    random.shuffle(coming)
    while coming:
        batch = [coming.pop() for _ in range(min(len(coming), random.randint(1, 4)))]
        shuffled.add(batch)
        if random.random() < 0.4:
            one = random.choice(batch)
            shuffled.take(one[0])
            if one in staying:
                shuffled.add([one])
            else:
                passing.remove(one)
    for number, _ in passing:
        shuffled.take(number)
    assert shuffled.told() == one_by_one.told()
    assert shuffled.kept() == one_by_one.kept()

"""Statements that may be the same, told in other words: shown as suggestions, never counted as matches.

Two papers that paraphrase a speech share no run of words. What they share is the speaker, the days, and the rare words
of the matter; those are compared by their stems.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from warreader.index.article import Quotation
from warreader.index.matching.comparing import NEAR_DAYS
from warreader.index.matching.rarity import rarity
from warreader.index.matching.sides import day
from warreader.index.quotations.quotations import Quotations
from warreader.index.search.analyzer import stem
from warreader.index.storage import Database
from warreader.index.text import fold, words

RARE = 3.5
"""Rarity (nats) from which on a word tells what a statement is about."""

LEAST_STEMS = 3
"""Rare stems that two statements must share."""

LEAST_SHARE = 0.3
"""Share of the weight of the rare stems of the shorter one that must be shared."""

MOST = 20
"""Suggestions at most."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A statement of the same speaker that may be the same. ``score`` is from 0 to 1; ``shared`` are words of it."""

    quotation: Quotation
    score: float
    shared: tuple[str, ...]


def suggestions(database: Database, quotation_id: str, known: Iterable[str]) -> list[Suggestion]:
    """What the same speaker said within days of a quotation in much the same rare words, likest first.

    Args:
        database: the library's database.
        quotation_id: of the quotation.
        known: ids of quotations that are left out, as those it matches.
    """
    quotations = Quotations(database)
    asked = quotations.get(quotation_id)
    if asked is None or asked.speaker is None or asked.speaker.entity is None:
        return []
    connection = database.connection
    row = connection.execute("SELECT key, date FROM article WHERE id = ?", (asked.article,)).fetchone()
    date = day(row["date"])
    own = _stems(asked.text)
    if date is None or len(own) < LEAST_STEMS:
        return []
    first, last = date - timedelta(NEAR_DAYS), date + timedelta(NEAR_DAYS + 1)
    rows = connection.execute(
        # Few articles are of these days, while a speaker may have said thousands of things.
        "SELECT DISTINCT a.id FROM article AS a CROSS JOIN quotation AS q ON q.article = a.key"
        " WHERE a.date >= ? AND a.date < ? AND a.latest = 1 AND a.key <> ?"
        " AND q.entity = (SELECT key FROM entity WHERE id = ?)",
        (first.isoformat(), last.isoformat(), row["key"], asked.speaker.entity),
    ).fetchall()
    left_out = {*known, asked.id}
    found = []
    for article in rows:
        for other in quotations.of(article["id"]):
            same = other.speaker is not None and other.speaker.entity == asked.speaker.entity
            if same and other.id not in left_out and (made := _suggestion(own, other)) is not None:
                found.append(made)
    found.sort(key=lambda one: (-one.score, one.quotation.id))
    return found[:MOST]


def _suggestion(own: dict[str, tuple[str, float]], other: Quotation) -> Suggestion | None:
    theirs = _stems(other.text)
    shared = own.keys() & theirs.keys()
    if len(shared) < LEAST_STEMS:
        return None
    # The lighter of both words: a common form ("attacks") makes its stem no telling one.
    weight = sum(min(own[stem][1], theirs[stem][1]) for stem in shared)
    least = min(sum(held for _, held in side.values()) for side in (own, theirs))
    score = weight / least
    if score < LEAST_SHARE:
        return None
    return Suggestion(other, round(min(1.0, score), 3), tuple(sorted(theirs[stem][0] for stem in shared)))


def _stems(text: str) -> dict[str, tuple[str, float]]:
    """Stem -> a word of it and how rare that is, for the rare words of a text."""
    found: dict[str, tuple[str, float]] = {}
    for span in words(text):
        word = fold(span.of(text)).removesuffix("'s")
        weight = rarity(word)
        if weight >= RARE:
            found.setdefault(stem(word), (word, weight))
    return found

"""Statements that may be the same, told in other words: shown as suggestions, never counted as matches.

Two papers that paraphrase a speech share no run of words, nor does a headline with the sentence it sums up. What they
share is the speaker, the days, and the rare words of the matter; those are compared by their stems.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from warreader.index.article import LineKind, MatchMember, Quotation, Speaker, lines_of
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
"""Rare stems that statements in two articles must share."""

LEAST_SHARE = 0.3
"""Share of the weight of the rare stems of the shorter one that must be shared."""

TELLING = 1.5
"""Rarity from which on a word tells something within one article, whose matter is one."""

LEAST_WITHIN = 2.3
"""Weight of the shared stems of two statements of one article, times the root of their share of the shorter one."""

ALONE = 5.0
"""Rarity of a stem that is enough alone, where it is all that one of the two says."""

MOST = 20
"""Suggestions at most."""

Stems = dict[str, tuple[str, float]]
"""Stem -> a word of it and how rare that is."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that may say the same: a quotation, or a headline of the same article.

    ``score`` orders them, from 0 to 1; ``shared`` are its words that both have.
    """

    place: MatchMember
    score: float
    shared: tuple[str, ...]


def suggestions(database: Database, quotation_id: str, known: Iterable[str]) -> list[Suggestion]:
    """What may be a quotation in other words: of the same speaker within days, and in its own article; likest first.

    Args:
        database: the library's database.
        quotation_id: of the quotation.
        known: ids of quotations that are left out, as those it matches.
    """
    asked = Quotations(database).get(quotation_id)
    if asked is None:
        return []
    left_out = {*known, asked.id}
    found = [*_elsewhere(database, asked, left_out), *_within(database, asked, left_out)]
    found.sort(key=lambda one: (-one.score, one.place.article, one.place.start))
    return found[:MOST]


def _elsewhere(database: Database, asked: Quotation, left_out: set[str]) -> Iterator[Suggestion]:
    """What the same speaker says in other articles of these days."""
    connection = database.connection
    row = connection.execute("SELECT key, date FROM article WHERE id = ?", (asked.article,)).fetchone()
    date = day(row["date"])
    own = _stems(asked.text, RARE)
    if asked.speaker is None or asked.speaker.entity is None or date is None or len(own) < LEAST_STEMS:
        return
    first, last = date - timedelta(NEAR_DAYS), date + timedelta(NEAR_DAYS + 1)
    rows = connection.execute(
        # Few articles are of these days, while a speaker may have said thousands of things.
        "SELECT DISTINCT a.id FROM article AS a CROSS JOIN quotation AS q ON q.article = a.key"
        " WHERE a.date >= ? AND a.date < ? AND a.latest = 1 AND a.key <> ?"
        " AND q.entity = (SELECT key FROM entity WHERE id = ?)",
        (first.isoformat(), last.isoformat(), row["key"], asked.speaker.entity),
    ).fetchall()
    for article in rows:
        for other in Quotations(database).of(article["id"]):
            if other.id in left_out or other.speaker is None or other.speaker.entity != asked.speaker.entity:
                continue
            theirs = _stems(other.text, RARE)
            shared = own.keys() & theirs.keys()
            share = _share(own, theirs, shared)
            if len(shared) >= LEAST_STEMS and share >= LEAST_SHARE:
                yield _suggestion(_place(other), share, theirs, shared)


def _within(database: Database, asked: Quotation, left_out: set[str]) -> Iterator[Suggestion]:
    """What stands in the same article, unless someone else is said to have said it."""
    own = _stems(asked.text, TELLING)
    for other, speaker in _places(database, asked.article, left_out):
        if (other.start < asked.end and asked.start < other.end) or _differ(asked.speaker, speaker):
            continue
        theirs = _stems(other.text, TELLING)
        shared = own.keys() & theirs.keys()
        share = _share(own, theirs, shared)
        weight = _weight(own, theirs, shared)
        alone = len(shared) == 1 and share >= 0.99 and weight >= ALONE
        if (len(shared) > 1 or alone) and weight * share**0.5 >= LEAST_WITHIN:
            yield _suggestion(other, share, theirs, shared)


def _places(
    database: Database, article_id: str, left_out: set[str]
) -> Iterator[tuple[MatchMember, Speaker | None]]:
    """The quotations of an article and its headlines, each with who said it."""
    for quotation in Quotations(database).of(article_id):
        if quotation.id not in left_out:
            yield _place(quotation), quotation.speaker
    row = database.connection.execute(
        "SELECT text, kinds FROM article WHERE id = ?", (article_id,)
    ).fetchone()
    for line in lines_of(row["text"], row["kinds"]):
        if line.kind is LineKind.HEADLINE and line.end > line.start:
            yield MatchMember(article_id, line.start, line.end, row["text"][line.start : line.end]), None


def _place(quotation: Quotation) -> MatchMember:
    speaker = quotation.speaker
    return MatchMember(
        quotation.article,
        quotation.start,
        quotation.end,
        quotation.text,
        quotation.id,
        (speaker.name or speaker.text) if speaker else None,
    )


def _differ(one: Speaker | None, two: Speaker | None) -> bool:
    """Whether both are known and not the same."""
    return bool(one and two and one.entity and two.entity and one.entity != two.entity)


def _weight(one: Stems, two: Stems, shared: Iterable[str]) -> float:
    # The rarer of both words may be a rare form of a common one ("attacks"): the commoner counts.
    return sum(min(one[stem][1], two[stem][1]) for stem in shared)


def _share(one: Stems, two: Stems, shared: Iterable[str]) -> float:
    least = min(sum(weight for _, weight in side.values()) for side in (one, two))
    return min(1.0, _weight(one, two, shared) / least) if least else 0.0


def _suggestion(place: MatchMember, score: float, theirs: Stems, shared: Iterable[str]) -> Suggestion:
    return Suggestion(place, round(score, 3), tuple(sorted(theirs[stem][0] for stem in shared)))


def _stems(text: str, least: float) -> Stems:
    """The stems of the words of a text that are rare enough; figures tell nothing of a matter."""
    found: Stems = {}
    for span in words(text):
        word = fold(span.of(text)).removesuffix("'s")
        weight = rarity(word)
        if weight >= least and not word[0].isdigit():
            root = stem(word)
            # A Syrian is of Syria.
            found.setdefault(root[:-1] if root.endswith("ian") else root, (word, weight))
    return found

"""Whether words that two articles share are one statement, or a formula that is used anew on each occasion.

A statement is carried by others within days, and whoever names its speaker names the same person. Officials, armies
and lawyers say the same words of each strike, call and case, and so does everybody who acts "out of an abundance of
caution". Such runs stand in a library on many occasions, or in two articles weeks apart; the words alone don't tell.
Long runs are left alone: nobody says thirty words twice by chance.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from statistics import median

from warreader.index.article import Label, MatchKind, QuotationKind, Span
from warreader.index.matching.candidates import Holding
from warreader.index.matching.comparing import NEAR_DAYS, Place
from warreader.index.matching.sides import Side, day
from warreader.index.quotations import vocabulary as v
from warreader.index.text import fold, words

CARRIED = 3
"""Days within which papers carry what was said; what lies farther apart are two occasions."""

LONG = 30
"""Equal words that no formula has."""

SHORT = 12
"""Equal words below which a run may be a phrase that anyone uses."""

FEW = 10
"""The same for articles far apart in time."""

WORN = 20
"""Equal words from which on what one person says in much the same words weeks later is the same."""

TELLING = 16.0
"""Weight from which on a short run is no phrase, if it is told again within days."""

OCCASIONS = 3
"""Occasions on which a short run stands in the library, from which on it is a phrase."""

BRIEFINGS = 4
"""The same for a run that bodies and their spokesmen say."""

LATER = 180
"""Days after which a body that says the same says it of something else."""

_BODIES = frozenset([Label.ORG.value, Label.UNIT.value, Label.GPE.value, Label.NORP.value])


@dataclass(frozen=True, slots=True)
class Voice:
    """Who is said to say something: their entity's key, the last word of their name, and what they are."""

    entity: int | None = None
    family: str = ""
    person: bool = False
    body: bool = False

    def same(self, other: Voice) -> bool:
        """Whether both are one person by name."""
        if self.entity is not None and other.entity is not None:
            return self.person and self.entity == other.entity
        return bool(self.family) and self.family == other.family and not (self.body or other.body)


def formula(connection: Connection, sides: tuple[Side, Side], place: Place, holding: Holding) -> bool:
    """Whether what was found is more likely a formula than one statement.

    Args:
        connection: of the library.
        sides: the article of the quotation and the other, in the order of ``place``.
        place: where they share it.
        holding: who has the fingerprints of one of them.
    """
    own, other = sides
    if place.words >= LONG:
        return False
    known = own.published is not None and other.published is not None
    days = abs((own.published - other.published).days) if own.published and other.published else 0
    one, two = _voice(connection, own.key, place.own), _voice(connection, other.key, place.other)
    same = one.same(two)
    if days > NEAR_DAYS and place.kind is MatchKind.REWORDED and not (same and place.words >= WORN):
        return True
    official = (one.body or two.body) and not (one.person or two.person)
    if official and days > LATER:
        return True
    if same:
        return False
    short = place.words < SHORT
    if (
        short
        and days > CARRIED
        and (_weight(own, place) < TELLING or (days > NEAR_DAYS and place.words < FEW))
    ):
        return True
    if not known or not (short or (official and days > CARRIED)):
        return False
    words = place.own_words if holding.article == own.key else place.other_words
    return _occasions(connection, holding.holders(words)) >= (OCCASIONS if short else BRIEFINGS)


def _weight(side: Side, place: Place) -> float:
    """How rare the equal words are together."""
    run = place.own_words
    summed = side.summed_over(run.start, run.end)
    return (summed[-1] - summed[0]) * place.words / len(run)


def _voice(connection: Connection, article: int, span: Span) -> Voice:
    """Who says what stands at a place, by the quotation that shares most of it."""
    row = connection.execute(
        "SELECT q.entity, e.label, coalesce(q.named, substr(a.text, q.speaker_start + 1,"
        " q.speaker_end - q.speaker_start)) AS name FROM quotation q JOIN article a ON a.key = q.article"
        " LEFT JOIN entity e ON e.key = q.entity WHERE q.article = ? AND q.start < ? AND q.end > ?"
        " ORDER BY min(q.end, ?) - max(q.start, ?) DESC, q.kind = ?, q.start LIMIT 1",
        (article, span.end, span.start, span.end, span.start, QuotationKind.INDIRECT.value),
    ).fetchone()
    if row is None:
        return Voice()
    name = row["name"] or ""
    last = next((found.of(name) for found in reversed(list(words(name)))), "")
    low = fold(last).removesuffix("'s")
    person = row["label"] == Label.PERSON.value
    body = row["label"] in _BODIES or (not person and (low in v.BODIES or low in v.SPOKESPEOPLE))
    return Voice(row["entity"], low if last[:1].isupper() and low not in v.PRONOUNS else "", person, body)


def _occasions(connection: Connection, holders: Sequence[Sequence[int]]) -> float:
    """On how many occasions the fingerprints of a run stand in the library: the middle of them, 0 if one is new."""
    keys = sorted({key for held in holders for key in held})
    dated = {
        row["key"]: found.toordinal()
        for row in connection.execute(
            "SELECT key, date FROM article WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(keys),)
        )
        if (found := day(row["date"])) is not None
    }
    counts = [_apart(sorted({dated[key] for key in held if key in dated})) for held in holders]
    return median(counts) if counts and min(counts) > 1 else 0


def _apart(days: Sequence[int]) -> int:
    """How many groups of days there are, each more than :data:`CARRIED` from the next."""
    return sum(1 for at, one in enumerate(days) if not at or one - days[at - 1] > CARRIED)

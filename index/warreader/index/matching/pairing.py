"""Comparing one article with all others, in both directions, and storing the pairs of places found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from warreader.index.article import Span, Tier
from warreader.index.matching.candidates import (
    LEAST_RUN,
    Candidate,
    Hits,
    Holding,
    promising,
    quoted_there,
    ranked,
    shared_fingerprints,
    within,
)
from warreader.index.matching.comparing import LEAST_INDIRECT, NEAR_DAYS, Place, Sought, far, places
from warreader.index.matching.fingerprints import GRAM, fingerprints
from warreader.index.matching.formulas import formula
from warreader.index.matching.gram_index import GramIndex
from warreader.index.matching.sides import Side, Sides
from warreader.index.matching.wording import Quoted

HOUSE = 8
"""Articles that have a passage, from which on it may be one outlet's own."""

HOUSE_SHARE = 0.8
"""Share of them that are of the one outlet."""

Found = tuple[int, int, Place]
"""The keys of the two articles, and where: ``own`` in the first."""


def across(
    connection: Connection,
    side: Side,
    left_out: NDArray[np.int64],
    sides: Sides,
    grams: GramIndex,
) -> list[Found]:
    """All places that quotations of one article share with others, and theirs with it.

    Args:
        connection: of the library.
        side: the article.
        left_out: keys of articles that are not to be compared with it, in order.
        sides: the others.
        grams: who has which fingerprints.
    """
    prints = grams.prints(side.key) or fingerprints(
        side.numbers, side.places.flags, side.rarities, side.quotations
    )
    shared = shared_fingerprints(connection, side.key, prints, left_out, grams)
    asked = list(ranked(side, shared, [*filter(_worth_asking, side.quotations)]))
    back = quoted_there(side, shared)
    strange = _strange(side, sides, chain((candidate for _, candidate in asked), back))
    asked = [item for item in asked if not (item[1].short and item[1].article in strange)]
    back = [candidate for candidate in back if not (candidate.short and candidate.article in strange)]
    sides.fetch([candidate.article for candidate in chain((one for _, one in asked), back)])
    found: list[Found] = []
    met: dict[int, list[Place]] = {}
    sought: Sought | None = None
    for quoted, (other, hits, held_by, single, _) in asked:
        there = sides.get(other)
        if single and there and far(side, there) and _run(side, there, *hits[0]) < LEAST_RUN:
            continue
        if sought is None or sought.quoted is not quoted:
            sought = Sought(side, quoted)
        for place in places(sought, there, hits, held_by) if there else ():
            if there and not _house(connection, side, there, place.own_words, shared.holding):
                found.append((side.key, other, _judged(connection, (side, there), place, shared.holding)))
                met.setdefault(other, []).append(place)
    for other, hits, held_by, *_ in back:
        left = [hit for hit in hits if not _met(hit, met[other])] if other in met else hits
        if len(left) < len(hits) and not promising(side, [(own, theirs) for theirs, own in left]):
            continue
        there = sides.get(other)
        found += _back(connection, side, there, left, held_by, shared.holding) if there else ()
    return found


def _strange(side: Side, sides: Sides, candidates: Iterable[Candidate]) -> set[int]:
    """The articles (keys) far apart in time of which only one run of a few words is shared.

    Of two on different events that is common speech: of fifteen thousand that shared one fingerprint fourteen came to a
    match, none of these to a sure one.
    """
    own = side.published
    if own is None:
        return set()
    short = [candidate.article for candidate in candidates if candidate.short]
    days = sides.published(short)
    return {
        key for key in short if (other := days.get(key)) is not None and abs((own - other).days) > NEAR_DAYS
    }


def _run(one: Side, two: Side, here: int, there: int) -> int:
    """How many words around those of a shared fingerprint are the same."""
    first, second = one.numbers, two.numbers
    before, after = 0, GRAM
    while before < min(here, there) and first[here - before - 1] == second[there - before - 1]:
        before += 1
    most = min(len(first) - here, len(second) - there)
    while after < most and first[here + after] == second[there + after]:
        after += 1
    return before + after


def _back(
    connection: Connection, side: Side, there: Side, hits: Hits, held_by: int, holding: Holding
) -> Iterator[Found]:
    """Where quotations of the other article stand in this one."""
    apart = far(side, there)
    for quoted in filter(_worth_asking, there.quotations_at([theirs for theirs, _ in hits], GRAM)):
        inside = within(hits, quoted.words)
        if apart and len(inside) == 1 and _run(there, side, *inside[0]) < LEAST_RUN:
            continue
        # The words are the same on both sides: what is too common here is so there.
        if promising(side, [(own, theirs) for theirs, own in inside], quoted):
            for place in places(Sought(there, quoted), side, inside, held_by):
                if not _house(connection, side, there, place.other_words, holding):
                    yield there.key, side.key, _judged(connection, (there, side), place, holding)


def _judged(connection: Connection, sides: tuple[Side, Side], place: Place, holding: Holding) -> Place:
    """What was found, possible only where it may be a formula."""
    if place.tier is Tier.SURE and formula(connection, sides, place, holding):
        return replace(place, tier=Tier.POSSIBLE)
    return place


def _met(hit: tuple[int, int], known: Sequence[Place]) -> bool:
    """Whether a hit (theirs, own) lies in a place that was found from this side."""
    theirs, own = hit
    return any(p.own_words.contains(own) and p.other_words.contains(theirs) for p in known)


def _house(connection: Connection, own: Side, other: Side, words: Span, holding: Holding) -> bool:
    """Whether a passage that two articles of one outlet share is the outlet's own: a digest, a related headline.

    Args:
        connection: of the library.
        own: the article whose fingerprints ``holding`` tells of.
        other: the other.
        words: where the passage is in the first.
        holding: who has the fingerprints of the first.
    """
    if own.outlet is None or own.outlet != other.outlet:
        return False
    holders = holding.of_rarest(words)
    if len(holders) <= HOUSE:
        return False
    found = connection.execute(
        "SELECT outlet FROM article WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(list(set(holders))),),
    ).fetchall()
    same = sum(1 for row in found if row[0] and row[0].casefold() == own.outlet)
    return len(found) > HOUSE and same > HOUSE_SHARE * len(found)


def _worth_asking(quoted: Quoted) -> bool:
    return len(quoted.words) >= (LEAST_INDIRECT if quoted.indirect else GRAM)


Ends = tuple[int, int, int, int, int, int]
"""Key, start and end of a pair's one place, then of the other, in order."""

Told = tuple[str, str, float, int]
"""Kind, tier, score and equal words of a pair."""


def pairs(found: Iterable[Found]) -> dict[Ends, Told]:
    """The pairs as they are stored: each once, whichever side found it."""
    made: dict[Ends, Told] = {}
    for own, other, place in found:
        one, two = (own, place.own.start, place.own.end), (other, place.other.start, place.other.end)
        ends = (*one, *two) if one < two else (*two, *one)
        told = (place.kind.value, place.tier.value, place.score, place.words)
        known = made.get(ends)
        if known is not None:
            # The tier's names are in order.
            told = (
                max(known[0], told[0]),
                max(known[1], told[1]),
                max(known[2], told[2]),
                max(known[3], told[3]),
            )
        made[ends] = told
    return made


def store_pairs(connection: Connection, article: int, found: Iterable[Found], *, within: bool) -> None:
    """Replace the pairs of an article: those within it, or those it has with others.

    What stays as it was is not touched, so that an article derived again for nothing changes no cluster.

    Args:
        connection: of the library, in a transaction.
        article: its key.
        found: all its pairs of this sort.
        within: which sort.
    """
    sign = "=" if within else "<>"
    rows = connection.execute(
        f"SELECT * FROM pair WHERE one = :key AND one {sign} two UNION ALL"
        f" SELECT * FROM pair WHERE two = :key AND one <> two AND one {sign} two",
        {"key": article},
    )
    rows.row_factory = None
    before = {row[:6]: row[6:] for row in rows}
    after = pairs(found)
    connection.executemany(
        "DELETE FROM pair"
        " WHERE one = ? AND one_start = ? AND one_end = ? AND two = ? AND two_start = ? AND two_end = ?",
        [ends for ends, told in before.items() if after.get(ends) != told],
    )
    connection.executemany(
        "INSERT INTO pair VALUES (?,?,?,?,?,?,?,?,?,?)",
        [(*ends, *told) for ends, told in after.items() if before.get(ends) != told],
    )

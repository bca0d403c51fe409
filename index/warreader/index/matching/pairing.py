"""Comparing one article with all others, in both directions, and storing the pairs of places found."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from sqlite3 import Connection
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from warreader.index.article import MatchKind
from warreader.index.matching.candidates import LEAST_RUN, Candidate, ranked, run
from warreader.index.matching.comparing import NEAR_DAYS, Place, enough, far, places
from warreader.index.matching.fingerprints import GRAM, STEP, WHOLE, fingerprints
from warreader.index.matching.formulas import Voices, beyond_doubt, judged
from warreader.index.matching.gram_index import GramIndex
from warreader.index.matching.quoting import Quoting
from warreader.index.matching.schema import DATED
from warreader.index.matching.shared import Holding, shared_fingerprints
from warreader.index.matching.sides import Side, Sides
from warreader.index.matching.sought import LEAST_INDIRECT, LEAST_WORDS, Sought
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
    asked = list(ranked(side, shared, [quoted for quoted in side.quotations if _worth_asking(side, quoted)]))
    quoting = Quoting(side, shared, prints.places[prints.places & WHOLE == 0] // STEP)
    back, few = (column.tolist() for column in quoting.candidates())
    short = {*itertools.compress(back, few), *(found.article for _, found in asked if found.short)}
    strange = _strange(side, sides, short)
    asked = [item for item in asked if not (item[1].short and item[1].article in strange)]
    back = [key for key, light in zip(back, few, strict=True) if not (light and key in strange)]
    met = [*_quoted(side, sides, asked)]
    met += _quoting(side, sides, quoting, back, _both_ways(side, met))
    return _told(connection, side, met, shared.holding)


_Met = tuple[Side, Side, Place]
"""The article of a quotation, another one, and where it stands in that."""


_Whole = tuple[int, int, int, int]
"""Key of another article, where a quotation's words begin there and end, and how far from there they are here."""


def _told(connection: Connection, side: Side, met: Iterable[_Met], holding: Holding) -> list[Found]:
    """What an article was found to share with others, as it is told."""
    houses, voices = Houses(connection), Voices(connection)
    left: list[tuple[Side, Side, Place, tuple[int, ...]]] = []
    for own, other, place in met:
        there, words = (other, place.own_words) if own is side else (own, place.other_words)
        theirs = place.other_words if own is side else place.own_words
        common = holding.common_to(words, there.key, theirs)
        if not houses.own((side, there), holding, common):
            left.append((own, other, place, common))
    asked = [item for item in left if not beyond_doubt(item[2])]
    voices.read(
        told for own, other, place, _ in asked for told in ((own.key, place.own), (other.key, place.other))
    )
    found = ((own, other, judged(voices, (own, other), place, common)) for own, other, place, common in left)
    return [(own.key, other.key, told) for own, other, told in found if told]


def _both_ways(side: Side, met: Iterable[_Met]) -> set[_Whole]:
    """Of what an article's quotations led to what comes out the same from the other side: word for word the whole of a
    quotation in marks on both sides, with the same capitals."""
    found = set()
    for _, there, place in met:
        mine, theirs = place.own_words, place.other_words
        if (
            place.kind is MatchKind.EXACT
            and any(mine == quoted.words for quoted in side.marked_at(mine))
            and any(theirs == quoted.words for quoted in there.marked_at(theirs))
            and np.array_equal(
                side.places.flags[mine.start : mine.end], there.places.flags[theirs.start : theirs.end]
            )
        ):
            found.add((there.key, theirs.start, theirs.end, mine.start - theirs.start))
    return found


def _quoted(side: Side, sides: Sides, asked: Sequence[tuple[Quoted, Candidate]]) -> Iterator[_Met]:
    """Where an article's quotations stand in their candidates, which come quotation by quotation."""
    sides.fetch(candidate.article for _, candidate in asked)
    sought: Sought | None = None
    for quoted, (other, hits, single, _) in asked:
        there = sides.get(other)
        if there is None:
            continue
        words = quoted.words.start, quoted.words.end
        if single and far(side, there) and run(side, words, there, hits[0]) < LEAST_RUN:
            continue
        if sought is None or sought.quoted is not quoted:
            sought = Sought(side, quoted)
        for place in places(sought, there, hits):
            yield side, there, place


def _quoting(
    side: Side, sides: Sides, quoting: Quoting, others: Sequence[int], known: Collection[_Whole]
) -> Iterator[_Met]:
    """Where quotations of others (keys) stand in an article: what those would find if they came later.

    Without those of which it is known.
    """
    for several in sides.several(others):
        for there, quoted, hits in quoting.quotations(several):
            ways = {own - theirs for theirs, own in hits}
            whole = there.key, quoted.words.start, quoted.words.end, ways.pop()
            if not ways and not quoted.indirect and whole in known:
                continue
            if not _worth_asking(there, quoted):
                continue
            for place in places(Sought(there, quoted), side, hits):
                yield there, side, place


def _strange(side: Side, sides: Sides, short: Collection[int]) -> set[int]:
    """The articles (keys) far apart in time, of those of which only one run of a few words is shared.

    Of two on different events that is common speech: of fifteen thousand that shared one fingerprint fourteen came to a
    match, none of these to a sure one.
    """
    own = side.published
    if own is None:
        return set()
    days = sides.published(short)
    return {
        key for key in short if (other := days.get(key)) is not None and abs((own - other).days) > NEAR_DAYS
    }


class Houses:
    """Whose own the passages are that articles of one outlet share: digests, related headlines.

    Args:
        connection: of the library.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[int, ...], tuple[str, ...]] = {}

    def own(self, sides: tuple[Side, Side], holding: Holding, prints: tuple[int, ...]) -> bool:
        """Whether a passage that two articles share is their outlet's own.

        Args:
            sides: the two.
            holding: who has which fingerprints.
            prints: those that both have there, of which the rarest tells.
        """
        one, two = sides
        if one.outlet is None or one.outlet != two.outlet:
            return False
        if prints not in self._known:
            self._known[prints] = self._outlets({*holding.of_rarest(prints)})
        outlets = self._known[prints]
        return len(outlets) > HOUSE and outlets.count(one.outlet) > HOUSE_SHARE * len(outlets)

    def _outlets(self, holders: Collection[int]) -> tuple[str, ...]:
        """The outlets of articles, where they are many enough to tell."""
        if len(holders) <= HOUSE:
            return ()
        found = self._connection.execute(
            f"SELECT outlet FROM {DATED} WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(holders)),),
        )
        return tuple((row[0] or "").casefold() for row in found)


def _worth_asking(side: Side, quoted: Quoted) -> bool:
    """Whether there are words enough in a quotation to be found; so few as four are by being the whole of it only."""
    if len(quoted.words) < (LEAST_INDIRECT if quoted.indirect else GRAM):
        return False
    return len(quoted.words) >= LEAST_WORDS or enough(side, quoted.words)


_ENDS = "one, one_start, one_end, two, two_start, two_end"

Ends = tuple[int, int, int, int, int, int]
"""Key, start and end of a pair's one place, then of the other, in order."""


class Told(NamedTuple):
    """Kind, tier, score and equal words of a pair, and on what its tier hangs: see :class:`.comparing.Place`."""

    kind: str
    tier: str
    score: float
    words: int
    worn: str | None = None
    often: str | None = None
    occasions: int = 0
    prints: tuple[int, ...] = ()

    @property
    def stored(self) -> tuple[str, str, float, int]:
        """As it is in ``pair``, where nobody else has the words."""
        return self[:4]

    @property
    def hangs(self) -> bool:
        """Whether its tier hangs on who else has the words."""
        return bool(self.prints)

    def joined(self, other: Told) -> Told:
        """What both say of one pair: the most, of what either is told to be."""
        first, second = sorted((self, other), key=lambda told: told.tier, reverse=True)
        hang = [first] if first.tier > second.tier else [first, second]
        free = not all(told.hangs for told in hang)
        return Told(
            max(first.kind, second.kind),
            first.tier,
            max(first.score, second.score),
            max(first.words, second.words),
            None if free else max(told.worn or "" for told in hang) or None,
            None if free else max(told.often or "" for told in hang) or None,
            0 if free or not all(told.occasions for told in hang) else max(told.occasions for told in hang),
            () if free else tuple(sorted({value for told in hang for value in told.prints})),
        )


def pairs(found: Iterable[Found]) -> dict[Ends, Told]:
    """The pairs as they are stored: each once, whichever side found it."""
    made: dict[Ends, Told] = {}
    for own, other, place in found:
        one, two = (own, place.own.start, place.own.end), (other, place.other.start, place.other.end)
        ends = (*one, *two) if one < two else (*two, *one)
        told = Told(place.kind.value, place.tier.value, place.score, place.words)
        if place.prints:
            worn, often = (tier and tier.value for tier in (place.worn, place.often))
            told = Told(*told.stored, worn, often, place.occasions, place.prints)
        made[ends] = made[ends].joined(told) if ends in made else told
    return made


AT = "one = ? AND one_start = ? AND one_end = ? AND two = ? AND two_start = ? AND two_end = ?"


def store_pairs(connection: Connection, article: int, found: Iterable[Found], *, within: bool) -> None:
    """Replace the pairs of an article: those within it, or those it has with others.

    What stays as it was is not touched, so that an article derived again for nothing changes no cluster.

    Args:
        connection: of the library, in a transaction.
        article: its key.
        found: all its pairs of this sort.
        within: which sort.
    """
    hanging = {} if within else _stored(connection, "worn_pair", _WORN, article, within=within)
    before = _stored(connection, "pair", "kind, tier, score, words", article, within=within)
    after = pairs(found)
    same = {ends for ends, told in after.items() if told.hangs and hanging.get(ends) == _packed(told)}
    gone = [
        ends
        for ends, told in before.items()
        if ends not in same and (ends not in after or after[ends].stored != told)
    ]
    new = [
        (*ends, *told.stored)
        for ends, told in after.items()
        if ends not in same and before.get(ends) != told.stored
    ]
    connection.executemany(f"DELETE FROM worn_pair WHERE {AT}", [*hanging.keys() - same])
    connection.executemany(f"DELETE FROM pair WHERE {AT}", gone)
    connection.executemany("INSERT INTO pair VALUES (?,?,?,?,?,?,?,?,?,?)", new)
    for ends, told in after.items():
        if told.hangs and ends not in same:
            _hang(connection, ends, told)


_WORN = "kind, base, score, words, worn, often, occasions, prints"


def _stored(
    connection: Connection, table: str, columns: str, article: int, *, within: bool
) -> dict[Ends, tuple[Any, ...]]:
    """The pairs of an article that are stored, those within it or the others, with these columns."""
    sign = "=" if within else "<>"
    rows = connection.execute(
        f"SELECT {_ENDS}, {columns} FROM {table} WHERE one = :key AND one {sign} two UNION ALL"
        f" SELECT {_ENDS}, {columns} FROM {table} WHERE two = :key AND one <> two AND one {sign} two",
        {"key": article},
    )
    rows.row_factory = None
    return {row[:6]: row[6:] for row in rows}


def _hang(connection: Connection, ends: Ends, told: Told) -> None:
    """Store on what the tier of a pair hangs."""
    key = connection.execute(
        f"INSERT INTO worn_pair ({_ENDS}, {_WORN}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (*ends, *_packed(told)),
    ).lastrowid
    prints = [(value,) for value in told.prints]
    connection.executemany(f"INSERT INTO worn_print VALUES (?, {key})", prints)
    # What was known of them may be out of date when this one comes.
    connection.executemany("INSERT OR REPLACE INTO wear VALUES (?, NULL)", prints)


def _packed(told: Told) -> tuple[Any, ...]:
    return (*told[:-1], np.array(told.prints, "<i8").tobytes())

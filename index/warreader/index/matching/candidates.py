"""Which articles may share a quotation: shared fingerprints, weighed by how few articles hold them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from sqlite3 import Connection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from warreader.index.article import Span
from warreader.index.matching.fingerprints import (
    GRAM,
    LEAST_WHOLE,
    MOST_WHOLE,
    QUOTED,
    STEP,
    WHOLE,
    Hashes,
    Prints,
    among,
    rank_within,
    run_lengths,
)
from warreader.index.matching.gram_index import HOLDERS, GramIndex
from warreader.index.matching.sides import Side
from warreader.index.matching.wording import Quoted

CANDIDATES = 60
"""Articles a quotation is compared with at most."""

LEAST_RARITY = 6.0
"""Weight the words of the shared fingerprints must have together to be worth a closer look."""

LEAST_RARITY_INDIRECT = 10.0
"""The same for a quotation without marks, of which more is asked later."""

LEAST_RUN = 8
"""Words that a run must have that is all that two articles far apart in time share."""

Hits = list[tuple[int, int]]
"""Word positions in two articles."""


@dataclass(frozen=True)
class Holding:
    """Who has each fingerprint of an ``article``: its ``position`` there, whether it is ``quoted``, its hash, and the
    bounds of its ``rows``.

    Those that only the article is known to have are asked for with ``all_of``: nobody may quote them and yet have them.
    """

    article: int
    position: NDArray[np.int64]
    quoted: NDArray[np.bool_]
    hashes: Hashes
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    rows: NDArray[np.int64]
    all_of: Callable[[Hashes], NDArray[np.int64]]
    rarest: dict[Span, list[int]] = field(default_factory=dict)
    """What was asked before: a passage that is everywhere is asked for with each who has it."""

    @cached_property
    def _by_article(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows of runs in order of article, and these articles."""
        rows = self.rows[self.rows[:, 2] & WHOLE == 0]
        rows = rows[np.argsort(rows[:, 1], kind="stable")]
        return rows, rows[:, 1]

    def common_to(self, words: Span, other: int, there: Span) -> tuple[int, ...]:
        """The fingerprints that both articles have in a run they share, one of them in a quotation; in order.

        Args:
            words: the run in this article.
            other: the other article.
            there: the run there.
        """
        rows, articles = self._by_article
        low, high = np.searchsorted(articles, (other, other + 1))
        rows = rows[low:high]
        place = rows[:, 2] // STEP
        rows = rows[(place >= there.start) & (place + GRAM <= there.end)]
        inside = (self.position >= words.start) & (self.position + GRAM <= words.end)
        quoted = {*self.hashes[inside & self.quoted].tolist()}
        quoted.update(rows[(rows[:, 2] & QUOTED).astype(bool), 0].tolist())
        return tuple(sorted(quoted.intersection(self.hashes[inside].tolist(), rows[:, 0].tolist())))

    def of_rarest(self, words: Span) -> list[int]:
        """The articles, a place each, that have the rarest fingerprint in a range of the article's words."""
        if words not in self.rarest:
            self.rarest[words] = min(self.holders(words), key=len, default=[])
        return self.rarest[words]

    def holders(self, words: Span) -> list[list[int]]:
        """For each fingerprint in a range of the article's words the articles, a place each, that have it."""
        inside = np.flatnonzero((self.position >= words.start) & (self.position + GRAM <= words.end))
        alone = self.hashes[inside[self.last[inside] - self.first[inside] == 1]]
        rows = self.all_of(np.sort(alone)) if len(alone) else self.rows[:0]
        more: dict[int, list[int]] = {}
        for value, article in rows[:, :2].tolist():
            more.setdefault(value, []).append(article)
        return [
            more.get(int(self.hashes[at])) or self.rows[self.first[at] : self.last[at], 1].tolist()
            for at in inside
        ]


@dataclass(frozen=True, slots=True)
class Shared:
    """The fingerprints that an article has in common with others, a row each, in order of its own words.

    Columns: ``position`` in the article, ``article`` that has it too, ``there`` where, whether these are in a quotation
    (``quoted_here``, ``quoted_there``), whether it is of a whole quotation (``whole``), and how many places have the
    fingerprint in all (``held``). ``common`` are those of the fingerprints that are everywhere; ``holding`` is what
    they are all made from.
    """

    position: NDArray[np.int64]
    article: NDArray[np.int64]
    there: NDArray[np.int64]
    quoted_here: NDArray[np.bool_]
    quoted_there: NDArray[np.bool_]
    whole: NDArray[np.bool_]
    held: NDArray[np.int64]
    total: int
    holding: Holding
    common: Shared | None = None

    def within(self, words: Span) -> slice:
        """The rows that lie in a range of the article's words."""
        low, high = np.searchsorted(self.position, (words.start, max(words.start, words.end - GRAM + 1)))
        return slice(int(low), int(high))


def shared_fingerprints(
    connection: Connection,
    article: int,
    prints: Prints,
    left_out: NDArray[np.int64],
    grams: GramIndex,
) -> Shared:
    """What an article's fingerprints have in common with all others.

    A fingerprint counts where it lies in a quotation on one side at least.

    Args:
        connection: of the library.
        article: its key.
        prints: its fingerprints.
        left_out: keys of articles that are not to be compared with it, in order.
        grams: who has which fingerprints.
    """
    rows = grams.lookup(article, prints)
    taken = rows[:, 1] != article
    if len(left_out):
        taken &= ~among(rows[:, 1], left_out)
    held = run_lengths(rows[:, 0])
    row, own = _meetings(prints, rows, held, taken)
    total = connection.execute("SELECT max(article) FROM wording").fetchone()[0] or 1
    places = np.repeat(held, held)[row]
    everywhere = places >= HOLDERS
    holding = _holding(article, prints, rows, held, grams.holders)

    def table(chosen: NDArray[np.bool_], common: Shared | None) -> Shared:
        articles, there = rows[row[chosen], 1], rows[row[chosen], 2]
        quoted, whole = (there & QUOTED).astype(bool), (there & WHOLE).astype(bool)
        here = own[chosen]
        return Shared(
            here // STEP,
            articles,
            there // STEP,
            (here & QUOTED).astype(bool),
            quoted,
            whole,
            places[chosen],
            total,
            holding,
            common,
        )

    return table(~everywhere, table(everywhere, None))


def _meetings(
    prints: Prints, rows: NDArray[np.int64], held: NDArray[np.int64], taken: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which rows meet which places of the article, in order of these, then of article and place there.

    Where the article has a fingerprint twice, each of its places meets each of the others'.

    Args:
        prints: the article's fingerprints.
        rows: who has them.
        held: how many rows each has.
        taken: the rows that count.
    """
    values = rows[np.cumsum(held) - held, 0]
    low = np.searchsorted(prints.hashes, values)
    times = np.searchsorted(prints.hashes, values, "right") - low
    # Most rows are of words that neither quotes: away with them first.
    quoted = np.append(0, np.cumsum(prints.places & QUOTED))
    quoting = np.repeat(quoted[low + times] > quoted[low], held)
    chosen = np.flatnonzero(taken & (quoting | (rows[:, 2] & QUOTED).astype(bool)))
    value = np.repeat(np.arange(len(held)), held)[chosen]
    times = times[value]
    row = np.repeat(chosen, times)
    own = prints.places[np.repeat(low[value] - np.cumsum(times) + times, times) + np.arange(len(row))]
    keep = ((own | rows[row, 2]) & QUOTED).astype(bool)
    row, own = row[keep], own[keep]
    order = np.lexsort((rows[row, 2], rows[row, 1], own))
    return row[order], own[order]


def _holding(
    article: int,
    prints: Prints,
    rows: NDArray[np.int64],
    held: NDArray[np.int64],
    all_of: Callable[[Hashes], NDArray[np.int64]],
) -> Holding:
    end = np.cumsum(held)
    values = rows[end - held, 0]
    runs = among(prints.hashes, values) & (prints.places & WHOLE == 0)
    hashes = prints.hashes[runs]
    at = np.searchsorted(values, hashes)
    quoted = (prints.places[runs] & QUOTED).astype(bool)
    position = prints.places[runs] // STEP
    return Holding(article, position, quoted, hashes, (end - held)[at], end[at], rows, all_of)


class Candidate(NamedTuple):
    """An article to compare with: the positions (own, theirs) of what is shared; ``single``: it is one fingerprint, not
    of a whole quotation; ``short``: and the same words around it are fewer than :data:`LEAST_RUN`."""

    article: int
    hits: Hits
    single: bool
    short: bool


class Quoting(NamedTuple):
    """An article that may quote this one: the positions (theirs, own) of what is shared, those of it that both quote
    (``both``), where its whole quotations begin that are quotations here (``wholes``); ``short`` as above."""

    article: int
    hits: Hits
    both: frozenset[tuple[int, int]]
    wholes: frozenset[int]
    short: bool

    def is_whole(self, quoted: Quoted, inside: Hits) -> bool:
        """Whether all of a short quotation there is, or is in, one here.

        Args:
            quoted: the quotation.
            inside: the hits in it.
        """
        if not _short(quoted):
            return False
        if quoted.words.start in self.wholes:
            return True
        covered = {word for hit in self.both.intersection(inside) for word in range(hit[0], hit[0] + GRAM)}
        return len(covered) >= len(quoted.words)


def ranked(side: Side, shared: Shared, quotations: Sequence[Quoted]) -> Iterator[tuple[Quoted, Candidate]]:
    """For each quotation of an article the articles that share most of its words, best first.

    Those are left out that share too little to be worth a closer look.
    """
    slices = [shared.within(quoted.words) for quoted in quotations]
    found = _ranked(side, shared, slices, quotations)
    common = shared.common
    if common is not None and len(common.position):
        # What is quoted everywhere is found through any of those who have it.
        nothing = slice(0, 0)
        slices = [
            nothing if own.start < own.stop else common.within(quoted.words)
            for own, quoted in zip(slices, quotations, strict=True)
        ]
        found += _ranked(side, common, slices, quotations)
        found.sort(key=itemgetter(0))
    for number, candidate in found:
        yield quotations[number], candidate


def _ranked(
    side: Side, shared: Shared, slices: Sequence[slice], quotations: Sequence[Quoted]
) -> list[tuple[int, Candidate]]:
    """The candidates of the quotations (by number) whose words' fingerprints are these rows; of each best first."""
    sizes = [rows.stop - rows.start for rows in slices]
    if not sum(sizes):
        return []
    least = [_least(quoted) for quoted in quotations]
    lengths = [len(quoted.words) if _short(quoted) else math.inf for quoted in quotations]
    row = np.concatenate([np.arange(rows.start, rows.stop) for rows in slices])
    quotation = np.repeat(np.arange(len(slices)), sizes)
    groups = _grouped(row, (quotation, shared.article[row]))
    article, held = shared.article[groups.row], shared.held[groups.row]
    number = quotation[groups.order][groups.first]
    weight = np.add.reduceat(np.log(1 + shared.total / held), groups.first)
    order = np.lexsort((article[groups.first], -weight, number))
    kept = order[rank_within(number[order]) < CANDIDATES]
    position = shared.position[groups.row]
    # A short quotation of common words may all stand in others.
    quoted = shared.quoted_there[groups.row] & (np.array(lengths)[quotation[groups.order]] < math.inf)
    whole = _together(side.counted, position, groups, quoted) >= np.array(lengths)[number]
    whole |= np.logical_or.reduceat(shared.whole[groups.row], groups.first)
    worth = whole | (_together(side.summed_array, position, groups) >= np.array(least)[number])
    single = ~whole & (groups.end - groups.first == 1)
    # In quotations all fingerprints are kept: where no next one is shared, the next word isn't.
    short = single & shared.quoted_there[groups.row][groups.first]
    there = shared.there[groups.row]
    return [
        (
            int(number[group]),
            Candidate(
                int(article[low]),
                _hits(position[low:high], there[low:high]),
                bool(single[group]),
                bool(short[group]),
            ),
        )
        for group in kept[worth[kept]].tolist()
        for low, high in ((groups.first[group], groups.end[group]),)
    ]


class _Groups(NamedTuple):
    """Rows put together: ``row`` in ``order``, and where each group begins and ends."""

    row: NDArray[np.int64]
    order: NDArray[np.int64]
    first: NDArray[np.int64]
    end: NDArray[np.int64]


def _grouped(row: NDArray[np.int64], by: tuple[NDArray[np.int64], ...]) -> _Groups:
    """Rows with the same values together, within a group in the order they had."""
    order = np.lexsort(by[::-1])
    new = np.append(True, np.zeros(len(row) - 1, bool))
    for column in by:
        ordered = column[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    first = np.flatnonzero(new)
    return _Groups(row[order], order, first, np.append(first[1:], len(row)))


def _together(
    summed: NDArray[np.float64],
    position: NDArray[np.int64],
    groups: _Groups,
    counting: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """What the words of each group's fingerprints, in order, come to together; each counts once.

    Args:
        summed: what all words before each come to.
        position: the first word of each fingerprint.
        groups: of the fingerprints.
        counting: those of them that count; without, all.
    """
    reached = np.full(len(position), -1, np.int64)
    reached[1:] = position[:-1] + GRAM
    if counting is not None:
        # Where the last one that counts ends: they are in order within a group.
        last = np.maximum.accumulate(np.where(counting, np.arange(len(position)), -1))
        reached[1:] = np.where(last[:-1] < 0, -1, position[last[:-1]] + GRAM)
        reached[1:][last[:-1] < np.repeat(groups.first, groups.end - groups.first)[1:]] = -1
    start = np.maximum(position, reached)
    start[groups.first] = position[groups.first]
    end = position + GRAM
    each = summed[end] - summed[np.minimum(start, end)]
    return np.add.reduceat(each if counting is None else each * counting, groups.first)


def _short(quoted: Quoted) -> bool:
    return not quoted.indirect and len(quoted.words) <= MOST_WHOLE


def _hits(first: NDArray[np.int64], second: NDArray[np.int64]) -> Hits:
    return list(zip(first.tolist(), second.tolist(), strict=True))


def quoted_there(side: Side, shared: Shared) -> list[Quoting]:
    """Articles of which a quotation shares enough for a closer look."""
    rows = np.flatnonzero(shared.quoted_there)
    if not len(rows):
        return []
    groups = _grouped(rows, (shared.article[rows],))
    position, whole = shared.position[groups.row], shared.whole[groups.row]
    both = shared.quoted_here[groups.row] & ~whole
    there = shared.there[groups.row]
    heavy = _together(side.summed_array, position, groups) >= LEAST_RARITY
    # What is light counts where all of it is quoted, and is enough to be looked for as a whole.
    light = np.logical_or.reduceat(whole, groups.first) | _together_in_both(
        side, groups, position, there, both
    )
    room = _room(shared)
    found = []
    for group in np.flatnonzero(heavy | light).tolist():
        low, high = int(groups.first[group]), int(groups.end[group])
        hits = _hits(there[low:high], position[low:high])
        found.append(
            Quoting(
                int(shared.article[groups.row[low]]),
                sorted({*hits}),
                frozenset(hit for hit, quoted in zip(hits, both[low:high].tolist(), strict=True) if quoted),
                frozenset(there[low:high][whole[low:high]].tolist()),
                high - low == 1 and not whole[low] and room[int(position[low])] < LEAST_RUN,
            )
        )
    return found


def _together_in_both(
    side: Side,
    groups: _Groups,
    position: NDArray[np.int64],
    there: NDArray[np.int64],
    both: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Which groups have a run of words, quoted on both sides, that is long enough for a whole quotation."""
    found = np.zeros(len(groups.first), bool)
    at = np.flatnonzero(both)
    if not len(at):
        return found
    group = np.searchsorted(groups.first, at, "right") - 1
    order = np.lexsort((position[at], there[at] - position[at], group))
    at, group = at[order], group[order]
    first, apart = position[at], there[at] - position[at]
    new = np.append(
        True, (group[1:] != group[:-1]) | (apart[1:] != apart[:-1]) | (first[1:] != first[:-1] + 1)
    )
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(at)) - 1
    enough = side.lengths[first[ends] + GRAM] - side.lengths[first[starts]] >= LEAST_WHOLE
    found[group[starts[enough]]] = True
    return found


def _room(shared: Shared) -> dict[int, int]:
    """For each fingerprint of the article, by position, how many words a run with no other can have."""
    common = shared.common.position.tolist() if shared.common is not None else ()
    kept = sorted({*shared.holding.position.tolist()}.difference(common))
    around = zip([-GRAM, *kept], kept, [*kept[1:], math.inf], strict=False)
    return {at: min(after - before + GRAM - 2, MOST_WHOLE) for before, at, after in around}


def _least(quoted: Quoted) -> float:
    return LEAST_RARITY_INDIRECT if quoted.indirect else LEAST_RARITY


def within(hits: Hits, words: Span) -> Hits:
    """The hits of which the fingerprint lies in a range of words, by their first position."""
    return [hit for hit in hits if words.start <= hit[0] <= words.end - GRAM]


def promising(side: Side, hits: Sequence[tuple[int, int]], quoted: Quoted | None = None) -> bool:
    """Whether the words of the shared fingerprints (first positions) are rare enough together to be worth aligning.

    Args:
        side: the article.
        hits: positions in it, and elsewhere.
        quoted: the quotation that is looked for; without, one in marks.
    """
    least = LEAST_RARITY if quoted is None else _least(quoted)
    total, reached = 0.0, -1
    for position, _ in hits if len(hits) == 1 else sorted(hits):
        end = position + GRAM
        total += side.summed[end] - side.summed[max(position, reached)]
        if total >= least:
            return True
        reached = end
    return False

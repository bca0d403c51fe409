"""Which articles may share a quotation: shared fingerprints, weighed by how few articles hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from warreader.index.matching.fingerprints import GRAM, MOST_WHOLE, rank_within
from warreader.index.matching.shared import Shared
from warreader.index.matching.sides import Side
from warreader.index.matching.wording import Quoted

CANDIDATES = 60
"""Articles a quotation is compared with at most."""

LEAST_RARITY = 6.0
"""Weight the words of the shared fingerprints must have together to be worth a closer look."""

LEAST_RARITY_INDIRECT = 10.0
"""The same for a quotation without marks, of which more is asked later."""

LEAST_RUN = 8
"""Words of a quotation that a run must have that is all that two articles far apart in time share of it."""

Hits = list[tuple[int, int]]
"""Word positions in two articles."""


class Candidate(NamedTuple):
    """An article to compare with: the positions (own, theirs) of what is shared; ``single``: it is one fingerprint, not
    of a whole quotation; ``short``: and so the same words around it are surely fewer than :data:`LEAST_RUN`."""

    article: int
    hits: Hits
    single: bool
    short: bool


def ranked(side: Side, shared: Shared, quotations: Sequence[Quoted]) -> Iterator[tuple[Quoted, Candidate]]:
    """For each quotation of an article the articles that share most of its words, best first.

    Those are left out that share too little to be worth a closer look.
    """
    slices = [shared.within(quoted.words) for quoted in quotations]
    rare = np.append(0.0, np.cumsum(~everywhere(side, shared)))
    found = _ranked(side, shared, slices, quotations, rare)
    common = shared.common
    if common is not None and len(common.position):
        # What is quoted everywhere is found through any of those who have it.
        nothing = slice(0, 0)
        slices = [
            nothing if own.start < own.stop else common.within(quoted.words)
            for own, quoted in zip(slices, quotations, strict=True)
        ]
        found += _ranked(side, common, slices, quotations, side.counted)
        found.sort(key=itemgetter(0))
    for number, candidate in found:
        yield quotations[number], candidate


def everywhere(side: Side, shared: Shared) -> NDArray[np.bool_]:
    """Which words of an article stand in a fingerprint of which no further holders are remembered.

    Another article may have these beside what it is known to share.
    """
    found = np.zeros(len(side.numbers), bool)
    if shared.common is not None:
        for step in range(GRAM):
            found[shared.common.position + step] = True
    return found


def _ranked(
    side: Side,
    shared: Shared,
    slices: Sequence[slice],
    quotations: Sequence[Quoted],
    counted: NDArray[np.float64],
) -> list[tuple[int, Candidate]]:
    """The candidates of the quotations (by number) whose words' fingerprints are these rows; of each best first.

    A quotation is whole in another of which all words are shared that are ``counted`` (those before each).
    """
    sizes = [rows.stop - rows.start for rows in slices]
    if not sum(sizes):
        return []
    row = np.concatenate([np.arange(rows.start, rows.stop) for rows in slices])
    quotation = np.repeat(np.arange(len(slices)), sizes)
    groups = grouped(row, (quotation, shared.article[row]))
    article, held = shared.article[groups.row], shared.held[groups.row]
    number = quotation[groups.order][groups.first]
    weight = np.add.reduceat(np.log(1 + shared.total / held), groups.first)
    order = np.lexsort((article[groups.first], -weight, number))
    kept = order[rank_within(number[order]) < CANDIDATES]
    position = shared.position[groups.row]
    short = np.array([is_short(quoted) for quoted in quotations])[number]
    # A short quotation of common words may all stand in others.
    quoted = shared.quoted_there[groups.row]
    lengths = np.array([counted[q.words.end] - counted[q.words.start] for q in quotations])[number]
    covered = together(counted, groups, position, position, quoted)
    covered[~np.logical_or.reduceat(quoted, groups.first)] = -1
    whole = short & ((covered >= lengths) | np.logical_or.reduceat(shared.whole[groups.row], groups.first))
    least = np.array([least_rarity(quoted) for quoted in quotations])[number]
    worth = whole | (together(side.summed_array, groups, position, position) >= least)
    single = ~whole & (groups.end - groups.first == 1)
    few = single & (side.room[position[groups.first]] < LEAST_RUN)
    hits = paired(position, shared.there[groups.row])
    return [
        (
            int(number[group]),
            Candidate(
                int(article[low]),
                hits[low:high],
                bool(single[group]),
                bool(few[group]),
            ),
        )
        for group in kept[worth[kept]].tolist()
        for low, high in ((groups.first[group], groups.end[group]),)
    ]


class Groups(NamedTuple):
    """Rows put together: ``row`` in ``order``, and where each group begins and ends."""

    row: NDArray[np.int64]
    order: NDArray[np.int64]
    first: NDArray[np.int64]
    end: NDArray[np.int64]


def grouped(row: NDArray[np.int64], by: tuple[NDArray[np.int64], ...]) -> Groups:
    """Rows with the same values together, within a group in the order they had."""
    order = np.lexsort(by[::-1])
    new = np.zeros(len(row), bool)
    new[:1] = True
    for column in by:
        ordered = column[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    first = np.flatnonzero(new)
    return Groups(row[order], order, first, np.append(first[1:], len(row)))


def together(
    summed: NDArray[np.float64],
    groups: Groups,
    position: NDArray[np.int64],
    quotation: NDArray[np.int64],
    counting: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """What the words of each group's fingerprints come to together; each word of a quotation counts once.

    Args:
        summed: what all words of the article before each come to.
        groups: of the fingerprints.
        position: the first word of each fingerprint in the article.
        quotation: the same in the quotation's article, in order within a group.
        counting: those of them that count; without, all.
    """
    number = np.repeat(np.arange(len(groups.first)), groups.end - groups.first)
    if counting is not None:
        number, position, quotation = number[counting], position[counting], quotation[counting]
    counted = np.zeros(len(number), np.int64)
    after = np.flatnonzero(number[1:] == number[:-1]) + 1
    counted[after] = np.clip(quotation[after - 1] + GRAM - quotation[after], 0, GRAM)
    each = summed[position + GRAM] - summed[position + counted]
    return np.bincount(number, each, len(groups.first)).astype(np.float64)


def is_short(quoted: Quoted) -> bool:
    return not quoted.indirect and len(quoted.words) <= MOST_WHOLE


def paired(first: NDArray[np.int64], second: NDArray[np.int64]) -> Hits:
    return list(zip(first.tolist(), second.tolist(), strict=True))


def least_rarity(quoted: Quoted) -> float:
    return LEAST_RARITY_INDIRECT if quoted.indirect else LEAST_RARITY


def run(own: Side, words: tuple[int, int], other: Side, hit: tuple[int, int]) -> int:
    """How many words of a range of an article around those of a shared fingerprint are the same in another.

    Args:
        own: the article.
        words: where the range begins and ends.
        other: the other article.
        hit: where the fingerprint stands in each.
    """
    first, second = own.numbers, other.numbers
    start, end = words
    here, there = hit
    before, after = 0, GRAM
    while before < min(here - start, there) and first[here - before - 1] == second[there - before - 1]:
        before += 1
    most = min(end - here, len(second) - there)
    while after < most and first[here + after] == second[there + after]:
        after += 1
    return before + after

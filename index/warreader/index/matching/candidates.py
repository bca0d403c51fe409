"""Which articles may share a quotation: shared fingerprints, weighed by how few articles hold them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from warreader.index.article import Span
from warreader.index.matching.fingerprints import GRAM, LEAST_WHOLE, MOST_WHOLE, rank_within
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


class Quoting(NamedTuple):
    """An article that may quote this one: the positions (theirs, own) of what is shared, those of it that both quote
    (``both``), where its whole quotations begin that are quotations here (``wholes``); ``short`` as above. Which of the
    words here are :func:`_everywhere`."""

    article: int
    hits: Hits
    both: frozenset[tuple[int, int]]
    wholes: frozenset[int]
    short: bool
    everywhere: NDArray[np.bool_]

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
        quoting = self.both.intersection(inside)
        covered = {word for hit in quoting for word in range(hit[0], hit[0] + GRAM)}
        if len(covered) >= len(quoted.words):
            return True
        if not quoting or not self.everywhere.any():
            return False
        beside = {own - theirs for theirs, own in quoting}
        missing = (word for word in range(quoted.words.start, quoted.words.end) if word not in covered)
        return all(self._may_have(word, beside) for word in missing)

    def _may_have(self, word: int, beside: Collection[int]) -> bool:
        """Whether a word of theirs may be here at one of these distances, as nobody remembers who has it."""
        return any(0 <= word + way < len(self.everywhere) and self.everywhere[word + way] for way in beside)


def ranked(side: Side, shared: Shared, quotations: Sequence[Quoted]) -> Iterator[tuple[Quoted, Candidate]]:
    """For each quotation of an article the articles that share most of its words, best first.

    Those are left out that share too little to be worth a closer look.
    """
    slices = [shared.within(quoted.words) for quoted in quotations]
    rare = np.append(0.0, np.cumsum(~_everywhere(side, shared)))
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


def _everywhere(side: Side, shared: Shared) -> NDArray[np.bool_]:
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
    groups = _grouped(row, (quotation, shared.article[row]))
    article, held = shared.article[groups.row], shared.held[groups.row]
    number = quotation[groups.order][groups.first]
    weight = np.add.reduceat(np.log(1 + shared.total / held), groups.first)
    order = np.lexsort((article[groups.first], -weight, number))
    kept = order[rank_within(number[order]) < CANDIDATES]
    position = shared.position[groups.row]
    short = np.array([_short(quoted) for quoted in quotations])[number]
    # A short quotation of common words may all stand in others.
    quoted = shared.quoted_there[groups.row]
    lengths = np.array([counted[q.words.end] - counted[q.words.start] for q in quotations])[number]
    covered = _together(counted, groups, position, position, quoted)
    covered[~np.logical_or.reduceat(quoted, groups.first)] = -1
    whole = short & ((covered >= lengths) | np.logical_or.reduceat(shared.whole[groups.row], groups.first))
    least = np.array([_least(quoted) for quoted in quotations])[number]
    worth = whole | (_together(side.summed_array, groups, position, position) >= least)
    single = ~whole & (groups.end - groups.first == 1)
    few = single & (side.room[position[groups.first]] < LEAST_RUN)
    there = shared.there[groups.row]
    return [
        (
            int(number[group]),
            Candidate(
                int(article[low]),
                _hits(position[low:high], there[low:high]),
                bool(single[group]),
                bool(few[group]),
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
    groups: _Groups,
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


def _short(quoted: Quoted) -> bool:
    return not quoted.indirect and len(quoted.words) <= MOST_WHOLE


def _hits(first: NDArray[np.int64], second: NDArray[np.int64]) -> Hits:
    return list(zip(first.tolist(), second.tolist(), strict=True))


def quoted_there(side: Side, shared: Shared) -> list[Quoting]:
    """Articles of which a quotation shares enough for a closer look."""
    rows = np.flatnonzero(shared.quoted_there)
    if not len(rows):
        return []
    rows = rows[np.argsort(shared.there[rows], kind="stable")]
    groups = _grouped(rows, (shared.article[rows],))
    position, whole = shared.position[groups.row], shared.whole[groups.row]
    both = shared.quoted_here[groups.row] & ~whole
    there = shared.there[groups.row]
    heavy = _together(side.summed_array, groups, position, there) >= LEAST_RARITY
    # What is light counts where all of it is quoted, and is enough to be looked for as a whole.
    everywhere = _everywhere(side, shared)
    light = np.logical_or.reduceat(whole, groups.first) | _together_in_both(
        side, groups, position, there, both, everywhere
    )
    found = []
    for group in np.flatnonzero(heavy | light).tolist():
        low, high = int(groups.first[group]), int(groups.end[group])
        hits = _hits(there[low:high], position[low:high])
        first = int(position[low])
        more = bool(both[low] and everywhere[max(0, first - 1) : first + GRAM + 1].any())
        found.append(
            Quoting(
                int(shared.article[groups.row[low]]),
                sorted({*hits}),
                frozenset(hit for hit, quoted in zip(hits, both[low:high].tolist(), strict=True) if quoted),
                frozenset(there[low:high][whole[low:high]].tolist()),
                high - low == 1 and not (whole[low] or more) and bool(side.room[first] < LEAST_RUN),
                everywhere,
            )
        )
    return found


def _together_in_both(
    side: Side,
    groups: _Groups,
    position: NDArray[np.int64],
    there: NDArray[np.int64],
    both: NDArray[np.bool_],
    everywhere: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Which groups have a run of words, quoted on both sides, that is long enough for a whole quotation.

    What is ``everywhere`` beside it may be part of it.
    """
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
    number = np.arange(len(everywhere) + 1)
    before = np.maximum.accumulate(np.where(np.append(True, ~everywhere), number, 0))
    after = np.minimum.accumulate(np.where(np.append(~everywhere, True), number, number[-1])[::-1])[::-1]
    enough = side.lengths[after[first[ends] + GRAM]] - side.lengths[before[first[starts]]] >= LEAST_WHOLE
    found[group[starts[enough]]] = True
    return found


def _least(quoted: Quoted) -> float:
    return LEAST_RARITY_INDIRECT if quoted.indirect else LEAST_RARITY


def within(hits: Hits, words: Span) -> Hits:
    """The hits, in order, of which the fingerprint lies in a range of words, by their first position."""
    low = bisect_left(hits, (words.start, 0))
    return hits[low : bisect_left(hits, (words.end - GRAM + 1, 0), lo=low)]


def promising(side: Side, hits: Hits, quoted: Quoted) -> bool:
    """Whether the words that a quotation shares with an article are rare enough together to be worth aligning.

    Args:
        side: the article.
        hits: the positions (of the quotation's article, own) of the fingerprints they share.
        quoted: the quotation.
    """
    total, reached = 0.0, -1
    # The words are the same on both sides; but what stands twice in the one may stand once in the other.
    for theirs, own in sorted(hits):
        total += side.summed[own + GRAM] - side.summed[own + min(GRAM, max(0, reached - theirs))]
        reached = theirs + GRAM
    return total >= _least(quoted)

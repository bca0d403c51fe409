"""Which articles may quote one: what that would find of quotations of theirs in it, if it came later.

There are far more of them than of those that its own quotations lead to, and few come to anything. So all are looked
at together, as columns of numbers, before any is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from warreader.index.article import Span
from warreader.index.matching.candidates import (
    LEAST_RARITY,
    LEAST_RARITY_INDIRECT,
    LEAST_RUN,
    Groups,
    Hits,
    everywhere,
    grouped,
    paired,
    run,
    together,
)
from warreader.index.matching.comparing import far
from warreader.index.matching.fingerprints import GRAM, LEAST_WHOLE, MOST_WHOLE
from warreader.index.matching.shared import Shared
from warreader.index.matching.sides import Side, all_quotations
from warreader.index.matching.sought import LEAST_INDIRECT
from warreader.index.matching.wording import Quoted

_FAR = 1 << 32
"""More than there are words in any article."""


class Quoting:
    """The runs that quotations of other articles share with one.

    Args:
        side: the article.
        shared: what it has in common with all others.
        kept: where its runs are of which there are fingerprints, by their first words.
    """

    def __init__(self, side: Side, shared: Shared, kept: NDArray[np.int64]) -> None:
        self._side = side
        self._everywhere = everywhere(side, shared)
        self._open = np.ones(len(self._everywhere), bool)
        """Which runs of the article nobody may remember that another article has."""
        self._open[kept] = False
        if shared.common is not None:
            self._open[shared.common.position] = True
        # By itself a value of an array takes long to read.
        self._common = self._everywhere.tobytes()
        rows = np.flatnonzero(shared.quoted_there)
        # What is all of a quotation is there twice.
        runs = grouped(rows, (shared.article[rows], shared.there[rows], shared.position[rows]))
        first = runs.row[runs.first]
        self._article, self._there, self._here = (
            shared.article[first],
            shared.there[first],
            shared.position[first],
        )
        self._where = self._article * _FAR + self._there
        self._hits = paired(self._there, self._here)
        self._whole = _any_of(shared.whole[runs.row], runs.first)
        """Of a whole quotation on both sides."""
        self._both = _any_of(shared.quoted_here[runs.row] & ~shared.whole[runs.row], runs.first)
        """Quoted on both sides."""

    def candidates(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The articles (keys) of which all quotations together share enough for a closer look, in order.

        And whether each is ``short``: see :class:`.candidates.Candidate`.
        """
        groups = grouped(np.arange(len(self._article)), (self._article,))
        start = self._here[groups.first]
        heavy = together(self._side.summed_array, groups, self._here, self._there) >= LEAST_RARITY
        # What is light counts where all of it is quoted, and is enough to be looked for as a whole.
        enough = heavy | _any_of(self._whole, groups.first) | self._long_in_both(groups)
        common = np.append(0, np.cumsum(self._everywhere))
        beside = common[np.minimum(start + GRAM + 1, len(common) - 1)] > common[np.maximum(0, start - 1)]
        more = self._whole[groups.first] | (self._both[groups.first] & beside)
        short = (groups.end - groups.first == 1) & ~more & (self._side.room[start] < LEAST_RUN)
        return self._article[groups.first][enough], short[enough]

    def _long_in_both(self, groups: Groups) -> NDArray[np.bool_]:
        """Which groups have a run of words, quoted on both sides, that is long enough for a whole quotation.

        What is everywhere beside it may be part of it.
        """
        found = np.zeros(len(groups.first), bool)
        at = np.flatnonzero(self._both)
        if not len(at):
            return found
        group = np.searchsorted(groups.first, at, "right") - 1
        order = np.lexsort((self._here[at], self._there[at] - self._here[at], group))
        at, group = at[order], group[order]
        first, apart = self._here[at], self._there[at] - self._here[at]
        new = np.append(
            True, (group[1:] != group[:-1]) | (apart[1:] != apart[:-1]) | (first[1:] != first[:-1] + 1)
        )
        starts = np.flatnonzero(new)
        ends = np.append(starts[1:], len(at)) - 1
        before, after = _reach(self._everywhere)
        low, high = before[first[starts]], after[first[ends] + GRAM]
        # Nor does what both have go on over a run of which it would be known that both have it: of quotations in marks
        # all runs are kept.
        before, after = _reach(self._open)
        low = np.maximum(low, before[first[starts]])
        high = np.minimum(high, after[first[ends] + 1] + GRAM - 1)
        lengths = self._side.lengths
        enough = lengths[high] - lengths[low] >= LEAST_WHOLE
        found[group[starts[enough]]] = True
        return found

    def quotations(self, others: Sequence[Side]) -> Iterator[tuple[Side, Quoted, Hits]]:
        """The quotations of some of the articles that share enough: whose, which, and where (theirs, own) the runs are.

        Args:
            others: these articles.
        """
        bounds, owner = all_quotations(others)
        keys = np.array([other.key for other in others])[owner] * _FAR
        first, last, indirect = bounds[:, 2], bounds[:, 3], bounds[:, 4] > 0
        low = np.searchsorted(self._where, keys + first)
        high = np.searchsorted(self._where, keys + np.maximum(first, last - GRAM + 1))
        asked = np.flatnonzero((low < high) & (last - first >= np.where(indirect, LEAST_INDIRECT, GRAM)))
        owner, bounds, low, high = owner[asked], bounds[asked], low[asked], high[asked]
        least = np.where(indirect, LEAST_RARITY_INDIRECT, LEAST_RARITY)[asked]
        promising = self._weight(low, high) >= least
        marked = np.append(0, np.cumsum(self._both | self._whole))
        short = (~indirect & (last - first <= MOST_WHOLE))[asked]
        maybe = short & (marked[high] > marked[low])
        alone = (high - low == 1) & np.array([far(self._side, other) for other in others])[owner]
        for at in np.flatnonzero(promising | maybe).tolist():
            other, runs = others[owner[at]], slice(low[at], high[at])
            row, hits = bounds[at].tolist(), self._hits[runs]
            words = row[2], row[3]
            much = promising[at] and not (alone[at] and run(other, words, self._side, hits[0]) < LEAST_RUN)
            if much or (maybe[at] and self._is_whole(Span(*words), runs)):
                yield other, Quoted.of(row), hits

    def _weight(self, low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.float64]:
        """How rare the words of ranges of runs, each in one quotation, are together; each word there counts once."""
        summed, here, there = self._side.summed_array, self._here, self._there
        # What stands twice there may stand once here.
        counted = np.clip(np.append(0, there[:-1] + GRAM - there[1:]), 0, GRAM)
        each = summed[here + GRAM] - summed[here + counted]
        before = np.append(0.0, np.cumsum(each))
        # What is before the first of a range is not in it.
        first = summed[here[low] + GRAM] - summed[here[low]]
        weight: NDArray[np.float64] = first + before[high] - before[low + 1]
        return weight

    def _is_whole(self, words: Span, runs: slice) -> bool:
        """Whether all of a short quotation there is, or is in, one here.

        Args:
            words: those of the quotation.
            runs: which of the runs lie in it.
        """
        hits = self._hits[runs]
        if any(there == words.start for there, _ in compress(hits, self._whole[runs].tobytes())):
            return True
        found = [*compress(hits, self._both[runs].tobytes())]
        if not found:
            return False
        beside = {here - there for there, here in found}
        # What is in none of the runs, from one to the next.
        at = words.start
        for start in (*(there for there, _ in found), words.end):
            if not all(self._may_have(word, beside) for word in range(at, start)):
                return False
            at = max(at, start + GRAM)
        return True

    def _may_have(self, word: int, beside: Collection[int]) -> bool:
        """Whether a word of theirs may be here at one of these distances, as nobody remembers who has it."""
        return any(0 <= word + way < len(self._common) and self._common[word + way] for way in beside)


def _any_of(flags: NDArray[np.bool_], first: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether any in each of the groups that begin there is told so."""
    found: NDArray[np.bool_] = np.logical_or.reduceat(flags, first) if len(first) else np.empty(0, bool)
    return found


def _reach(told: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each place between the members of a row how far down and up from it all are told so."""
    number = np.arange(len(told) + 1)
    before = np.maximum.accumulate(np.where(np.append(True, ~told), number, 0))
    after = np.minimum.accumulate(np.where(np.append(~told, True), number, number[-1])[::-1])[::-1]
    return before, after

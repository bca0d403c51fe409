"""The best articles for words of which some are needed, without scoring all that answer.

How often a word stands in each article is held as one byte an article, for all articles; so which
answer, and which may be among the best, is told by a few steps over these bytes. A word that stands in an
article less than so often can't add more than so much to its score (Turtle and Flood 1995, "max score").
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from warreader.index.search.arrays import Array

MOST = 64
"""So many words are counted so."""

_FEW, _RARER = 1024, 8
"""So few articles of a word are all scored, and so small a part of those that answer: in titles words weigh much."""

_COUNTS = (48, 32, 24, 16, 12, 10, 8, 7, 6, 5, 4, 3, 2)
_TRIED = 4  # times as many as are wanted
_LARGEST = 255  # or more
_SLACK = 1e-7
"""More than what scores that are equal differ by."""


class Counted(NamedTuple):
    """A word: the articles that hold it, how often they do, its weight, and of its field codes of lengths and norms."""

    ids: Array
    counts: Array
    weight: float
    lengths: Array
    norms: Array


class _Row(NamedTuple):
    """A word's counts by number of article, and what they are worth."""

    counts: Array
    word: Counted
    weight: float
    least: float


class Ranker:
    """Finds the best among so many articles, scored by a weighting."""

    def __init__(self, size: int, weighting: Any) -> None:
        self._size = size
        self._weighting = weighting
        # Zero between uses.
        self._spare: list[Array] = []

    def best(
        self, groups: Sequence[Sequence[Counted]], masks: Sequence[Array], limit: int
    ) -> tuple[Array, Array, int]:
        """Numbers and scores of the best articles and some others, in order of number; how many answer in all.

        Args:
            groups: an article answers if it holds one word of each.
            masks: and if all of these say so.
            limit: how many of the best are wanted; those that equal the last of them are there too.
        """
        rows: list[_Row] = []
        answers: Array | None = None
        for group in groups:
            own = self._rows(group)
            rows += own
            held = reduce(np.logical_or, [row.counts for row in own]).astype(np.bool_, copy=False)
            answers = held if answers is None else answers & held
        assert answers is not None
        for mask in masks:
            answers = answers & mask
        total = int(np.count_nonzero(answers))
        if total > max(limit, _FEW):
            ids, scores = self._likely(rows, answers, total, limit)
        else:
            ids = answers.nonzero()[0]
            scores = self._scores(rows, ids)
        for row in rows:
            row.counts.fill(0)
            self._spare.append(row.counts)
        return ids, scores, total

    def _rows(self, group: Sequence[Counted]) -> list[_Row]:
        rows: dict[int, _Row] = {}
        for word in group:
            # A stem of one form and that form are held by the same.
            if (known := rows.get(id(word.ids))) is not None:
                rows[id(word.ids)] = known._replace(weight=known.weight + word.weight)
                continue
            row = self._spare.pop() if self._spare else np.zeros(self._size, np.uint8)
            narrow = word.counts.dtype == np.uint8
            row[word.ids] = word.counts if narrow else np.minimum(word.counts, _LARGEST).astype(np.uint8)
            rows[id(word.ids)] = _Row(row, word, word.weight, float(word.norms[0]))
        return list(rows.values())

    def _likely(self, rows: Sequence[_Row], answers: Array, total: int, limit: int) -> tuple[Array, Array]:
        """Those that may be among the best, and their scores."""
        bound = max(_FEW, total // _RARER)
        few = [row.counts > 0 for row in rows if len(row.word.ids) <= bound]
        many = [row for row in rows if len(row.word.ids) > bound]

        def holding(least: int) -> Array:
            found = reduce(np.logical_or, [row.counts >= least for row in many] + few)
            return (found & answers).nonzero()[0]

        most = max(many, key=lambda row: len(row.word.ids)).word.counts if many else answers
        wanted = _TRIED * limit * len(most) // total
        least = next((count for count in _COUNTS if np.count_nonzero(most >= count) >= wanted), 1)
        ids = holding(least)
        if len(ids) < limit:
            ids, least = answers.nonzero()[0], 1
        scores = self._scores(rows, ids)
        if least == 1:
            return ids, scores
        reached = float(np.partition(scores, -limit)[-limit]) - _SLACK
        needed = 1
        while needed < least and sum(self._highest(row, needed) for row in many) < reached:
            needed += 1
        if needed < least:
            ids = holding(needed)
            scores = self._scores(rows, ids)
        return ids, scores

    def _highest(self, row: _Row, count: int) -> float:
        """What a word adds to a score at most where it stands so often: in the shortest article."""
        return float(self._weighting.scores(row.weight, count, row.least))

    def _scores(self, rows: Sequence[_Row], ids: Array) -> Array:
        norms: dict[int, Array] = {}
        scores = np.zeros(len(ids))
        for row in rows:
            word = row.word
            if (norm := norms.get(id(word.lengths))) is None:
                norm = norms[id(word.lengths)] = word.norms.take(word.lengths.take(ids))
            counts = row.counts.take(ids)
            if word.counts.dtype != np.uint8:
                large = (counts == _LARGEST).nonzero()[0]
                counts = counts.astype(word.counts.dtype)
                counts[large] = word.counts[np.searchsorted(word.ids, ids[large])]
            scores += self._weighting.scores(row.weight, counts, norm)
        return scores

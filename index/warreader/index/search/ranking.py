"""The best articles for words of which some are needed, without scoring all that answer.

How often a word stands in each article is held as one byte an article, for all articles; so which
answer, and which may be among the best, is told by a few steps over these bytes. A word that stands in an
article less than so often can't add more than so much to its score (Turtle and Flood 1995, "max score").
"""

from __future__ import annotations

from collections.abc import Sequence
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
_SPARSE = 16
"""Of a word that so small a part of all articles hold these are marked one by one."""

_SLACK = 1e-7
"""More than what scores that are equal differ by."""


class Counted(NamedTuple):
    """A word: the articles that hold it, how often they do, its weight, and of its field codes of lengths and norms.

    ``whole`` are the articles of another word of its group, which stands wherever it does and as often: of a form,
    those of its stem.
    """

    ids: Array
    counts: Array
    weight: float
    lengths: Array
    norms: Array
    whole: Array | None = None


class _Row(NamedTuple):
    """A word's counts by number of article, and what they are worth."""

    counts: Array
    word: Counted
    weight: float
    least: float

    def into(self, found: Array | None, least: int) -> Array:
        """The articles found, and those that hold the word so often."""
        held: Array = self.counts >= least
        return held if found is None else np.logical_or(found, held, out=found)


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
            held = self._held([row for row in own if row.word.whole is None], 1)
            answers = held if answers is None else np.logical_and(answers, held, out=answers)
        assert answers is not None
        for mask in masks:
            np.logical_and(answers, mask, out=answers)
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
                whole = word if word.whole is None else known.word
                rows[id(word.ids)] = known._replace(word=whole, weight=known.weight + word.weight)
                continue
            row = self._spare.pop() if self._spare else np.zeros(self._size, np.uint8)
            narrow = word.counts.dtype == np.uint8
            row[word.ids] = word.counts if narrow else np.minimum(word.counts, _LARGEST).astype(np.uint8)
            rows[id(word.ids)] = _Row(row, word, word.weight, float(word.norms[0]))
        return list(rows.values())

    def _likely(self, rows: Sequence[_Row], answers: Array, total: int, limit: int) -> tuple[Array, Array]:
        """Those that may be among the best, and their scores."""
        bound = max(_FEW, total // _RARER)
        whole = [row for row in rows if row.word.whole is None]
        few = [row for row in whole if len(row.word.ids) <= bound]
        many = [row for row in whole if len(row.word.ids) > bound]

        def holding(least: int) -> Array:
            found = self._held(many, least, few)
            return np.logical_and(found, answers, out=found).nonzero()[0]

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
        many += [row for row in rows if row.word.whole is not None and len(row.word.whole) > bound]
        needed = 1
        while needed < least and sum(self._highest(row, needed) for row in many) < reached:
            needed += 1
        if needed < least:
            ids = holding(needed)
            scores = self._scores(rows, ids)
        return ids, scores

    def _held(self, rows: Sequence[_Row], least: int, every: Sequence[_Row] = ()) -> Array:
        """Which articles hold one of some words so often, or one of others."""
        found: Array | None = None
        listed = [row.word.ids for row in every]
        for row in rows:
            if least == 1 and len(row.word.ids) * _SPARSE < self._size:
                listed.append(row.word.ids)
            else:
                found = row.into(found, least)
        if found is None:
            found = np.zeros(self._size, np.bool_)
        for ids in listed:
            found[ids] = True
        return found

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

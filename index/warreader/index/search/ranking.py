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
from warreader.index.search.held import Held, Some
from warreader.index.search.reading import once
from warreader.index.search.segment import LARGE

MOST = 64
"""So many words are counted so."""

_FEW = 1 << 12
"""Where no more articles can answer, what they hold is looked up for them alone."""

_ALL = 1024
"""So few are all scored."""

_RARER = 8
"""Of words so many times rarer than the most frequent one each article is looked at: in titles words weigh much."""

_TRIED = 2  # times as many as are wanted are scored at first
_SAMPLED = 8  # one of so many articles tells how often words stand
_SPARSE = 16
"""Of a word that so small a part of all articles hold these are marked one by one."""

_STRETCHES = 4

_SLACK = 1e-7
"""More than what scores that are equal differ by."""

_LISTED = 8
"""What one of so many articles holds is read as a list."""

_ONE = np.uint8(1)
_LARGE = 2 * LARGE  # as a mark, or the next one
_MARKS = np.arange(256)
_LED = (_MARKS & 1).astype(np.float64)


class Counted(NamedTuple):
    """A word: what holds it, its weight, and of its field codes of lengths and what each does to scores.

    ``whole`` is another word of its group, which stands wherever it does and as often: of a form, its stem.
    ``lede`` is added where the word stands in the lede.
    """

    held: Held
    weight: float
    lengths: Array
    norms: Array
    whole: Held | None = None
    lede: float = 0.0


class _Row(NamedTuple):
    """A word's marks by number of article (:func:`.segment.marked`), and what they are worth."""

    marks: Array
    word: Counted

    def at_most(self, forms: Sequence[Counted]) -> _Row:
        """The same, as if the word stood nowhere but in one of these forms of it: no article scores more."""
        held, weight, lengths, norms, _, lede = self.word
        weight += sum([form.weight for form in forms if form.whole is held])
        return _Row(self.marks, Counted(held, weight, lengths, norms, None, lede))


class Ranker:
    """Finds the best among so many articles, scored by a weighting."""

    def __init__(self, size: int, weighting: Any) -> None:
        self._size = size
        self._weighting = weighting
        # Zero between uses.
        self._spare: list[Array] = []
        self._blank = np.zeros(size, np.uint8)
        self._bases: dict[float, Array] = {}

    def best(
        self, groups: Sequence[Sequence[Counted]], masks: Sequence[Array], limit: int
    ) -> tuple[Array, Array, int]:
        """Numbers and scores of the best articles and some others; how many answer in all.

        Args:
            groups: an article answers if it holds one word of each.
            masks: and if all of these say so.
            limit: how many of the best are wanted; those that equal the last of them are there too.
        """
        groups = [merged(group) for group in groups]
        least = min(groups, key=_at_most)
        if not _at_most(least):
            return np.empty(0, np.intp), np.empty(0), 0
        if _at_most(least) <= _FEW and all(word.held.listed for word in least):
            return self._few([least, *(group for group in groups if group is not least)], masks, limit)
        rows: list[_Row] = []
        answers: Array | None = None
        for group in groups:
            own = [self._row(word) for word in group]
            rows += own
            held = self._holding([row for row in own if row.word.whole is None])
            answers = held if answers is None else np.logical_and(answers, held, out=answers)
        assert answers is not None
        for mask in masks:
            np.logical_and(answers, mask, out=answers)
        total = int(np.count_nonzero(answers))
        if total > _TRIED * limit:
            sole = not masks and len(groups) == 1
            ids, scores = self._likely(rows, answers, total, limit, sole=sole)
        else:
            ids = answers.nonzero()[0]
            scores = self._scores(rows, ids)
        self._give_back(rows)
        return ids, scores, total

    def _few(
        self, groups: Sequence[Sequence[Counted]], masks: Sequence[Array], limit: int
    ) -> tuple[Array, Array, int]:
        """The same, where few articles hold a word of the first group: the others are looked up for these alone."""
        ids = _together([word.held.ids for word in groups[0] if word.whole is None])
        for mask in masks:
            ids = ids.compress(mask[ids])
        rows: list[_Row] = []
        for group in groups:
            some = Some(ids)
            own = [_Row(word.held.among(some, self._blank), word) for word in group if word.whole is None]
            if rows:
                held = reduce(np.logical_or, [row.marks != 0 for row in own])
                ids = ids.compress(held)
                rows = [_Row(marks.compress(held), word) for marks, word in (*rows, *own)]
            else:
                rows = own
        forms = [word for group in groups for word in group if word.whole is not None]
        total = len(ids)
        wanted = _TRIED * limit
        if total <= max(_ALL, wanted):
            some = Some(ids)
            rows += [_Row(word.held.among(some, self._blank), word) for word in forms]
            return ids, self._scores(rows, np.arange(total), ids), total
        at_most = self._scores([row.at_most(forms) for row in rows], np.arange(total), ids)
        least = _exceeded(at_most, wanted)
        first = (at_most >= least).nonzero()[0]
        scores = self._few_scores(rows, forms, ids, first)
        others = ((at_most >= _reached(scores, limit)) & (at_most < least)).nonzero()[0]
        if len(others):
            scores = np.concatenate((scores, self._few_scores(rows, forms, ids, others)))
            first = np.concatenate((first, others))
        return ids[first], scores, total

    def _few_scores(self, rows: Sequence[_Row], forms: Sequence[Counted], ids: Array, at: Array) -> Array:
        """The scores of those at some places among few articles; forms are looked up."""
        ids = ids[at]
        some = Some(ids)
        own = [_Row(row.marks[at], row.word) for row in rows]
        own += [_Row(word.held.among(some, self._blank), word) for word in forms]
        return self._scores(own, np.arange(len(at)), ids)

    def _row(self, word: Counted) -> _Row:
        row = self._spare.pop() if self._spare else np.zeros(self._size, np.uint8)
        word.held.mark(row)
        return _Row(row, word)

    def _give_back(self, rows: Sequence[_Row]) -> None:
        for row in rows:
            row.marks.fill(0)
            self._spare.append(row.marks)

    def _holding(self, rows: Sequence[_Row]) -> Array:
        """Which articles hold one of some words."""
        found: Array | None = None
        listed = []
        for row in rows:
            if row.word.held.often * _SPARSE < self._size:
                listed.append(row.word.held.ids)
            else:
                held = row.marks != 0
                found = held if found is None else np.logical_or(found, held, out=found)
        if found is None:
            found = np.zeros(self._size, np.bool_)
        for ids in listed:
            found[ids] = True
        return found

    def _likely(
        self, rows: Sequence[_Row], answers: Array, total: int, limit: int, *, sole: bool
    ) -> tuple[Array, Array]:
        """Those that may be among the best, and their scores.

        Args:
            sole: what holds one of the words answers.
        """
        forms = [row.word for row in rows if row.word.whole is not None]
        whole = [row.at_most(forms) for row in rows if row.word.whole is None]
        most = max([row.word.held.often for row in whole])
        bound = most // _RARER
        many = [row for row in whole if row.word.held.often > bound]
        rare = _together([row.word.held.ids for row in whole if row.word.held.often <= bound])
        rare = rare if sole else rare.compress(answers[rare])
        at_most = self._scores(whole, rare)

        # Some that are likely tell what score is reached: words are rare in titles, where they weigh much.
        wanted = _TRIED * limit
        if len(rare) > wanted:
            likely = at_most >= _exceeded(at_most, wanted)
            first = rare.compress(likely)
            # Without forms it is what they score.
            scores = self._scores(rows, first) if forms else at_most.compress(likely)
        else:
            often = self._often_in([row.marks for row in many], answers, total, wanted)
            first = _together((rare, _often(many, often, answers)))
            if len(first) < limit:
                first = answers.nonzero()[0]
            scores = self._scores(rows, first)
            if len(first) == total:
                return first, scores
        reached = _reached(scores, limit)

        # What else might reach it: of the rare ones those worth as much, and words that stand so often.
        sums = np.maximum.accumulate(sum([self._worth(row.word) for row in many], np.zeros(256)))
        others = _often(many, int(sums[1::2].searchsorted(reached)), answers)
        if len(others) > wanted:
            others = others.compress(self._scores(whole, others) >= reached)
        others = _together((rare.compress(at_most >= reached), others))
        self._blank[first] = 1
        others = others[self._blank[others] == 0]
        self._blank[first] = 0
        if len(others):
            scores = np.concatenate((scores, self._scores(rows, others)))
            first = np.concatenate((first, others))
        return first, scores

    def _worth(self, word: Counted) -> Array:
        """What a word adds to a score at most, by its marks: in the shortest article."""
        least = float(word.norms[0])
        if (known := self._bases.get(least)) is None:
            known = self._bases[least] = self._weighting.scores(1.0, _MARKS >> 1, least)
            # Of a count that is listed apart no more is known.
            known[2 * LARGE :] = np.inf
        found: Array = known * word.weight
        return found + _LED * word.lede if word.lede else found

    def _often_in(self, rows: Sequence[Array], answers: Array, total: int, wanted: int) -> int:
        """About how often the words stand in so many of the articles that answer."""
        step = _SAMPLED if total > _SAMPLED * wanted else 1
        sample = np.zeros(256, np.intp)
        for row in rows:
            sample += np.bincount(row[::step] * answers[::step], minlength=256)
        reach = np.cumsum(sample[:1:-1])
        return max(1, (255 - int(reach.searchsorted(wanted / step))) >> 1)

    def _scores(self, rows: Sequence[_Row], at: Array, ids: Array | None = None) -> Array:
        """The scores of some articles, by their places in the rows; ``ids`` where these are not their numbers."""
        ids = at if ids is None else ids
        norms: dict[int, Array] = {}
        scores = np.zeros(len(ids))
        for row in rows:
            word = row.word
            marks = row.marks[at]
            if not np.count_nonzero(marks):
                continue
            if (norm := norms.get(id(word.lengths))) is None:
                norm = norms[id(word.lengths)] = word.norms.take(word.lengths[ids])
            # Each step is on numbers of one kind: numpy takes twice as long where it has to change it on the way.
            counts = (marks >> _ONE).astype(np.float64)
            held = marks.tobytes()
            if _LARGE in held or _LARGE + 1 in held:
                large = counts == LARGE
                counts[large] = word.held.apart(ids[large])
            scores += self._weighting.scores(word.weight, counts, norm)
            if word.lede:
                scores += (marks & _ONE).astype(np.float64) * word.lede
        return scores


def _reached(scores: Array, limit: int) -> float:
    """What so many of some articles score at least, and slightly less."""
    return _highest(scores, limit) - _SLACK


def _highest(values: Array, count: int) -> float:
    """The least of so many of the highest."""
    # Most are equal: sorting is many times as quick as parting them then.
    values = values.copy()
    values.sort()
    return float(values[-count])


def _exceeded(values: Array, count: int) -> float:
    """What so many of the values reach, and not many more."""
    if (stretch := len(values) // (_STRETCHES * count)) > 1:
        # Sorting what is the highest of each stretch takes a fraction of sorting all.
        values = np.maximum.reduceat(values, np.arange(0, len(values), stretch))
    return _highest(values, count)


def _often(many: Sequence[_Row], least: int, answers: Array) -> Array:
    """The articles that answer and have one of some words so often."""
    least = min(2 * least, 255)
    found: Array | None = None
    listed = []
    for row in many:
        if (held := row.word.held).often * _LISTED < len(answers):
            listed.append(held.reaching(least))
            continue
        there = row.marks >= least
        found = there if found is None else np.logical_or(found, there, out=found)
    if found is not None:
        listed.append(found.nonzero()[0])
    ids = _together(listed)
    return ids.compress(answers[ids])


def merged(group: Sequence[Counted]) -> list[Counted]:
    """The words of a group, those that are held by the same as one: a stem of one form, and that form."""
    words: dict[int, Counted] = {}
    for word in group:
        if (known := words.get(id(word.held))) is None:
            words[id(word.held)] = word
        else:
            whole = word if word.whole is None else known
            words[id(word.held)] = whole._replace(
                weight=known.weight + word.weight, lede=known.lede + word.lede
            )
    return list(words.values())


def _at_most(group: Sequence[Counted]) -> int:
    """How many articles hold one of some words, at most."""
    return sum([word.held.often for word in group if word.whole is None])


def _together(parts: Sequence[Array]) -> Array:
    """All numbers of some arrays in which each stands once, each once; in order, if one has to be put to another."""
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:
        return parts[0] if parts else np.empty(0, np.intp)
    return once(parts)

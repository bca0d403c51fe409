"""What holds a word, in all segments of an open index: which articles, and how often it stands in each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from warreader.index.search.arrays import Array
from warreader.index.search.segment import LARGE, Field, marked

_RARER = 8
"""Looking up is quicker than marking where one side is so many times rarer, or has no more than so many:"""

_FEW = 256
_NONE = np.empty(0, np.intp)
_NO_MARKS = np.empty(0, np.uint8)


class Some:
    """Some articles by number, in order, and those of each segment."""

    def __init__(self, ids: Array) -> None:
        self.ids = ids
        self._own: dict[tuple[int, int], tuple[slice, Array]] = {}

    def of(self, base: int, size: int) -> tuple[slice, Array]:
        """Where those of a segment are among them, and their numbers there."""
        if (known := self._own.get((base, size))) is None:
            span = slice(int(self.ids.searchsorted(base)), int(self.ids.searchsorted(base + size)))
            known = self._own[base, size] = span, (self.ids[span] - base).astype(np.uint16)
        return known


class Held:
    """The articles that hold a word.

    Args:
        parts: of each segment that has any, its first number, the field, and the number of the list.
    """

    def __init__(self, parts: Sequence[tuple[int, Field, int]]) -> None:
        self._parts = parts
        self.often = sum([field.holding(number, number + 1) for _, field, number in parts])
        """How many they are."""
        self._rows = [field.row(number) for _, field, number in parts]
        self._ids: Array | None = None
        self._marks = _NO_MARKS
        self._counts: Array | None = None
        self._large: tuple[Array, Array] | None = None

    def rest(self) -> None:
        """Forget what was made of what was read: it may take much memory."""
        self._ids = self._counts = self._large = None
        self._marks = _NO_MARKS

    @cached_property
    def _read(self) -> list[tuple[Array, Array]]:
        """Of each part the articles by their numbers in the segment, and the marks."""
        return [field.marked(number) for _, field, number in self._parts]

    def _listed(self) -> Array:
        if self._ids is None:
            listed = [
                docs + np.intp(base) for (docs, _), (base, _, _) in zip(self._read, self._parts, strict=True)
            ]
            self._ids = listed[0] if len(listed) == 1 else np.concatenate([_NONE, *listed])
            marks = [marks for _, marks in self._read]
            self._marks = marks[0] if len(marks) == 1 else np.concatenate([_NO_MARKS, *marks])
        return self._ids

    @property
    def ids(self) -> Array:
        """Their numbers, in order."""
        return self._listed() if self._ids is None else self._ids

    @property
    def marks(self) -> Array:
        """How often it stands in each, and whether in the lede (:func:`.segment.marked`)."""
        self._listed()
        return self._marks

    @property
    def counts(self) -> Array:
        """How often it stands in each."""
        if self._counts is None:
            counts = self.marks >> 1
            if int(counts.max(initial=0)) >= LARGE:
                at, large = self.large
                counts = counts.astype(np.uint32)
                counts[at] = large
            self._counts = counts
        return self._counts

    @property
    def large(self) -> tuple[Array, Array]:
        """The places among them of those in which it stands very often, and how often."""
        if self._large is None:
            self._large = self._listed_apart()
        return self._large

    def _listed_apart(self) -> tuple[Array, Array]:
        places, counts, before = [_NONE], [_NONE], 0
        for _, field, number in self._parts:
            at, large = field.large(number)
            places.append(at + before)
            counts.append(large)
            before += field.holding(number, number + 1)
        return np.concatenate(places), np.concatenate(counts)

    def among(self, some: Some, spare: Array) -> Array:
        """The marks of some articles.

        Args:
            spare: a row for all articles, zero before and after.
        """
        fewer, more = sorted((len(some.ids), self.often))
        if fewer > _FEW and fewer * _RARER > more and not any(row is not None for row in self._rows):
            return self._looked_up(some, spare)
        found = np.zeros(len(some.ids), np.uint8)
        for at, (base, field, _) in enumerate(self._parts):
            span, wanted = some.of(base, len(field.lengths))
            if (dense := self._rows[at]) is not None:
                found[span] = dense.take(wanted)
            else:
                _look_up(*self._read[at], wanted, found[span])
        return found

    def _looked_up(self, some: Some, spare: Array) -> Array:
        if self.ids is some.ids:
            return self.marks
        spare[self.ids] = self.marks
        found = spare.take(some.ids)
        spare[self.ids] = 0
        return found

    def apart(self, ids: Array) -> Array:
        """How often it stands in some of those where that is very often; the others are not read for it."""
        found = np.empty(len(ids), np.uint32)
        for (docs, _), (base, field, number) in zip(self._read, self._parts, strict=True):
            here = (ids >= base) & (ids < base + len(field.lengths))
            at, large = field.large(number)
            places = docs.searchsorted((ids[here] - base).astype(docs.dtype))
            found[here] = large[at.searchsorted(places)]
        return found

    listed = True
    """Whether their numbers are had without looking through all articles."""

    # What follows lists no more of them than it must.

    @property
    def led(self) -> int:
        """In how many it stands in the lede."""
        return sum([field.begun(number) for _, field, number in self._parts])

    def mark(self, row: Array) -> None:
        """Write the marks of these articles into a row for all, by their numbers."""
        for at, (base, _, _) in enumerate(self._parts):
            if (dense := self._rows[at]) is not None:
                row[base : base + len(dense)] = dense
            else:
                docs, marks = self._read[at]
                row[base:][docs.astype(np.intp)] = marks

    def reaching(self, least: int) -> Array:
        """Those that have such a mark or a higher one."""
        found = [_NONE]
        for (docs, marks), (base, _, _) in zip(self._read, self._parts, strict=True):
            found.append(docs.take((marks >= least).nonzero()[0]) + np.intp(base))
        return np.concatenate(found)


class Listed(Held):
    """The articles that hold one of several forms, and how often they do, found out already.

    Args:
        led: which of them have it in the lede.
    """

    def __init__(self, ids: Array, counts: Array, led: Array | None = None) -> None:
        super().__init__(())
        self.often = len(ids)
        self._counts = counts
        self._ids, self._marks = ids, marked(counts, led)

    def rest(self) -> None:
        """It is made of nothing that could be read again."""

    @property
    def led(self) -> int:
        return int(np.count_nonzero(self._marks & 1))

    def mark(self, row: Array) -> None:
        row[self._ids] = self._marks

    def reaching(self, least: int) -> Array:
        return self.ids.compress(self._marks >= least)

    def among(self, some: Some, spare: Array) -> Array:
        return self._looked_up(some, spare)

    def apart(self, ids: Array) -> Array:
        found: Array = self.counts[self.ids.searchsorted(ids)]
        return found


class Rowed(Held):
    """The same, as a row for all articles; of those that are listed apart the numbers, and how often it is there."""

    listed = False

    def __init__(self, row: Array, large: tuple[Array, Array]) -> None:
        super().__init__(())
        self.often = int(np.count_nonzero(row))
        self._row = row
        self._apart = large

    def _listed(self) -> Array:
        if self._ids is None:
            self._ids = (self._row != 0).nonzero()[0]
            self._marks = self._row[self._ids]
        return self._ids

    def _listed_apart(self) -> tuple[Array, Array]:
        ids, counts = self._apart
        return self.ids.searchsorted(ids), counts

    def apart(self, ids: Array) -> Array:
        every, counts = self._apart
        found: Array = counts[every.searchsorted(ids)]
        return found

    @property
    def led(self) -> int:
        return int(np.count_nonzero(self._row & 1))

    def mark(self, row: Array) -> None:
        row[:] = self._row

    def reaching(self, least: int) -> Array:
        return (self._row >= least).nonzero()[0]

    def among(self, some: Some, spare: Array) -> Array:  # noqa: ARG002
        found: Array = self._row[some.ids]
        return found


def _look_up(docs: Array, marks: Array, wanted: Array, found: Array) -> None:
    """Write the marks of the articles wanted: of the fewer each is sought among the others; both are in order."""
    if not len(docs) or not len(wanted):
        return
    if len(wanted) <= len(docs):
        at = docs.searchsorted(wanted)
        np.multiply(marks.take(at, mode="clip"), docs.take(at, mode="clip") == wanted, out=found)
    else:
        at = wanted.searchsorted(docs)
        there = wanted.take(at, mode="clip") == docs
        found[at[there]] = marks[there]

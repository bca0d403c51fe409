"""Reading the postings of a query's words, all segments of an open index as one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

import numpy as np

from warreader.index.search import clauses
from warreader.index.search.arrays import Array
from warreader.index.search.codec import FORM, LENGTHS, Segment
from warreader.index.search.segment import LARGE, LED, LEDE, Field, Fields, marked

_RARER = 16
"""Looking up is quicker than marking where one side is so many times rarer."""


_SHORT = 1 << 15
"""Of articles that have no more words two bytes count them."""


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

    def _listed(self) -> Array:
        if self._ids is None:
            read = [(base, *field.marked(number)) for base, field, number in self._parts]
            if len(read) == 1:
                self._ids, self._marks = read[0][1] + np.intp(read[0][0]), read[0][2]
            else:
                self._ids = np.concatenate([_NONE, *[docs + np.intp(base) for base, docs, _ in read]])
                self._marks = np.concatenate([_NO_MARKS, *[marks for _, _, marks in read]])
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

    @cached_property
    def counts(self) -> Array:
        """How often it stands in each."""
        counts = self.marks >> 1
        at, large = self.large
        if len(at):
            counts = counts.astype(np.uint32)
            counts[at] = large
        return counts

    @cached_property
    def large(self) -> tuple[Array, Array]:
        """The places among them of those in which it stands very often, and how often."""
        places, counts, before = [_NONE], [_NONE], 0
        for _, field, number in self._parts:
            at, large = field.large(number)
            places.append(at + before)
            counts.append(large)
            before += field.holding(number, number + 1)
        return np.concatenate(places), np.concatenate(counts)

    def among(self, ids: Array, spare: Array) -> Array:
        """The marks of some articles, which are in order.

        Args:
            spare: a row for all articles, zero before and after.
        """
        if self.often > _RARER * len(ids) or any(row is not None for row in self._rows):
            found = np.zeros(len(ids), np.uint8)
            for dense, (base, field, number) in zip(self._rows, self._parts, strict=True):
                first, last = np.searchsorted(ids, (base, base + len(field.lengths)))
                wanted = ids[first:last] - base
                if dense is not None:
                    found[first:last] = dense.take(wanted)
                else:
                    docs, marks = field.marked(number)
                    at = np.searchsorted(docs, wanted.astype(docs.dtype))
                    at[at == len(docs)] = 0
                    found[first:last] = marks.take(at) * (docs.take(at) == wanted)
            return found
        return self._looked_up(ids, spare)

    def _looked_up(self, ids: Array, spare: Array) -> Array:
        if self.ids is ids:
            return self.marks
        spare[self.ids] = self.marks
        found = spare.take(ids)
        spare[self.ids] = 0
        return found

    def apart(self, ids: Array) -> Array:
        """How often it stands in some of those where that is very often; the others are not read for it."""
        found = np.empty(len(ids), np.uint32)
        for base, field, number in self._parts:
            here = (ids >= base) & (ids < base + len(field.lengths))
            docs, _ = field.marked(number)
            at, large = field.large(number)
            places = np.searchsorted(docs, (ids[here] - base).astype(docs.dtype))
            found[here] = large[np.searchsorted(at, places)]
        return found

    # What follows lists no more of them than it must.

    @property
    def led(self) -> int:
        """In how many it stands in the lede."""
        found = 0
        for dense, (_, field, number) in zip(self._rows, self._parts, strict=True):
            marks = field.marked(number)[1] if dense is None else dense
            found += int(np.count_nonzero(marks & 1))
        return found

    def mark(self, row: Array) -> None:
        """Write the marks of these articles into a row for all, by their numbers."""
        for dense, (base, field, number) in zip(self._rows, self._parts, strict=True):
            if dense is not None:
                row[base : base + len(dense)] = dense
            else:
                docs, marks = field.marked(number)
                row[base:][docs.astype(np.intp)] = marks

    def reaching(self, least: int) -> Array:
        """Those that have such a mark or a higher one."""
        found = [_NONE]
        for base, field, number in self._parts:
            docs, marks = field.marked(number)
            found.append(docs.take((marks >= least).nonzero()[0]) + np.intp(base))
        return np.concatenate(found)


class Counted(Held):
    """The articles that hold one of several forms, and how often they do, found out already.

    Args:
        led: which of them have it in the lede.
    """

    def __init__(self, ids: Array, counts: Array, led: Array | None = None) -> None:
        super().__init__(())
        self.often = len(ids)
        self.counts = counts
        self._ids, self._marks = ids, marked(counts, led)

    @property
    def led(self) -> int:
        return int(np.count_nonzero(self._marks & 1))

    def mark(self, row: Array) -> None:
        row[self._ids] = self._marks

    def reaching(self, least: int) -> Array:
        return np.compress(self._marks >= least, self.ids)

    def among(self, ids: Array, spare: Array) -> Array:
        return self._looked_up(ids, spare)

    def apart(self, ids: Array) -> Array:
        found: Array = self.counts[np.searchsorted(self.ids, ids)]
        return found


class Rowed(Held):
    """The same, as a row for all articles; of those that are listed apart the numbers, and how often it is there."""

    def __init__(self, row: Array, large: tuple[Array, Array]) -> None:
        super().__init__(())
        self.often = int(np.count_nonzero(row))
        self._row = row
        self._apart = large

    def _listed(self) -> Array:
        if self._ids is None:
            self._ids = self._row.nonzero()[0]
            self._marks = self._row[self._ids]
        return self._ids

    @cached_property
    def large(self) -> tuple[Array, Array]:
        ids, counts = self._apart
        return np.searchsorted(self.ids, ids), counts

    def apart(self, ids: Array) -> Array:
        every, counts = self._apart
        found: Array = counts[np.searchsorted(every, ids)]
        return found

    @property
    def led(self) -> int:
        return int(np.count_nonzero(self._row & 1))

    def mark(self, row: Array) -> None:
        row[:] = self._row

    def reaching(self, least: int) -> Array:
        return (self._row >= least).nonzero()[0]

    def among(self, ids: Array, spare: Array) -> Array:  # noqa: ARG002
        found: Array = self._row.take(ids)
        return found


_NONE = np.empty(0, np.intp)
_NO_MARKS = np.empty(0, np.uint8)


class Leaf:
    """One segment of an open index; its first article has the number ``base``."""

    def __init__(self, fields: Fields, segment: Segment, base: int = 0) -> None:
        self.fields = fields
        self.base = base
        self.size = segment.count
        self.deleted = sorted(segment.deleted)
        self._known: dict[str, Field | None] = {}

    def field(self, name: str) -> Field | None:
        """A field by its name in the schema."""
        if name not in self._known:
            stored = name.removesuffix(FORM)
            self._known[name] = self.fields[stored] if stored in self.fields.names else None
        return self._known[name]

    def forms(self, query: clauses.Word) -> list[tuple[int, int]]:
        """The forms that a word of a query stands for, as ranges of their numbers."""
        if (field := self.field(query.fieldname)) is None:
            return []
        if not isinstance(query, clauses.Forms):
            exact = query.fieldname.endswith(FORM)
            forms = field.find(query.text) if exact else field.stemmed(query.text.decode())
            return [(form, form + 1) for form in forms]
        found = [(form, form + 1) for word in query.words for form in field.find(word)]
        if query.prefix is not None:
            start, end = field.prefixed(query.prefix)
            for form in sorted(form for word in query.without for form in field.find(word)):
                if start <= form < end:
                    found.append((start, form))
                    start = form + 1
            found.append((start, end))
        return [(start, end) for start, end in found if start < end]

    def lists(self, query: clauses.Word) -> list[tuple[int, int]]:
        """What has the articles of a word of a query, as ranges of numbers: forms, or the union that a stem is."""
        if isinstance(query, clauses.Forms) or query.fieldname.endswith(FORM):
            return self.forms(query)
        field = self.field(query.fieldname)
        return [] if field is None else [(each, each + 1) for each in field.united(query.text.decode())]


class Reader:
    """Reads postings for one query after another. Articles have numbers below ``size`` in all segments together."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.leaves = leaves
        self.size = sum(leaf.size for leaf in leaves)
        self._read: dict[tuple[object, ...], Held] = {}
        # By number of article, all zero between uses: made anew each time, they would cost more than what is done.
        self._there = np.zeros(self.size, np.bool_)
        self._wanted: Array | None = None
        self._among = np.zeros(self.size, np.bool_)
        # No word stands more often than an article has words; the codes of lengths are rounded.
        fields = [leaf.fields[name] for leaf in leaves for name in leaf.fields.names]
        longest = max((LENGTHS[int(field.lengths.max(initial=0))] for field in fields), default=0)
        self._often = np.zeros(self.size, np.uint16 if longest < _SHORT else np.uint32)
        self._sums = np.zeros(self.size)

    def forget(self) -> None:
        """The query is answered."""
        self._read.clear()
        self._mark(None)

    def held(self, query: clauses.Word) -> Held:
        """What holds a word of a query."""
        name = clauses.identity(query)
        if (known := self._read.get(name)) is None:
            known = self._read[name] = self._led(query) if query.fieldname == LEDE else self._held(query)
        return known

    def _led(self, query: clauses.Word) -> Held:
        held = self.held(clauses.term(LED, query.text.decode()))
        ids = held.ids[(held.marks & 1).nonzero()[0]]
        return Counted(ids, np.ones(len(ids), np.uint8))

    def _held(self, query: clauses.Word) -> Held:
        name, led = query.fieldname.removesuffix(FORM), query.fieldname == LED
        lists = []
        sole = True
        for leaf in self.leaves:
            if (field := leaf.field(name)) is not None and (ranges := leaf.lists(query)):
                lists.append((leaf.base, field, ranges))
                sole = sole and len(ranges) == 1 and ranges[0][1] - ranges[0][0] == 1
        # A stem of one form and that form are the same.
        same = (name, led and not sole, *[(base, *ranges) for base, _, ranges in lists])
        if (known := self._read.get(same)) is None:
            if sole:
                known = Held([(base, field, ranges[0][0]) for base, field, ranges in lists])
            else:
                known = self._added_up(lists, led=led)
            self._read[same] = known
        return known

    def _added_up(self, lists: Sequence[tuple[int, Field, Sequence[tuple[int, int]]]], *, led: bool) -> Held:
        """Of several forms an article may come more than once. There may be very many: they are read piece by piece."""
        held = sum(field.holding(*each) for _, field, ranges in lists for each in ranges)
        rare = 0 < held * _RARER < self.size
        often = self._often
        listed: list[Array] = []
        ledes: list[Array] = []
        for base, field, ranges in lists:
            for start, end in ranges:
                for docs, counts in field.pieces(start, end):
                    ids = docs + np.intp(base)
                    np.add.at(often, ids, counts.astype(often.dtype))
                    if rare:
                        listed.append(ids)
                if led:
                    docs, marks = field.marked(start)
                    ledes.append(docs[(marks & 1).nonzero()[0]] + np.intp(base))
        begun = np.concatenate(ledes) if ledes else _NONE
        if rare:
            found = once(listed)
            counts = often[found]
            often[found] = 0
            return Counted(found, counts, self.marked(found, begun))
        row = marked(often)
        row[begun] |= 1
        large = np.greater_equal(often, LARGE).nonzero()[0] if int(often.max(initial=0)) >= LARGE else _NONE
        apart = large, often[large]
        often.fill(0)
        return Rowed(row, apart)

    def summed(self, parts: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
        """Each number once, in order, with the sum of its values; in no part does one stand twice."""
        for ids, values in parts:
            self._there[ids] = True
            np.add.at(self._sums, ids, values)
        ids = self._there.nonzero()[0]
        values = self._sums[ids]
        self._there[ids] = False
        self._sums[ids] = 0.0
        return ids, values

    def picked(self, ids: Array, values: Array, wanted: Array) -> Array:
        """The values of some of these."""
        self._sums[ids] = values
        found: Array = self._sums[wanted]
        self._sums[ids] = 0.0
        return found

    def among(self, ids: Array, wanted: Array) -> Array:
        """Which of the first are among the second, by their places; both in order, and each once."""
        if len(wanted) * _RARER < len(ids):
            return sought(ids, wanted)
        return self.marked(ids, wanted).nonzero()[0]

    def marked(self, ids: Array, wanted: Array) -> Array:
        """For each of the first whether it is among the second; in any order."""
        if self._wanted is not wanted:  # Of an OR every word is asked for among the same.
            self._mark(wanted)
        found: Array = self._among.take(ids)
        return found

    def _mark(self, wanted: Array | None) -> None:
        if self._wanted is not None:
            self._among[self._wanted] = False
        self._wanted = wanted
        if wanted is not None:
            self._among[wanted] = True


def once(listed: Sequence[Array], kind: Literal["stable", "quicksort"] = "stable") -> Array:
    """All the numbers in order, each once; ``stable`` is quick where they are few parts, each in order."""
    ids = np.concatenate(listed)
    ids.sort(kind=kind)
    fresh = np.ones(len(ids), np.bool_)
    np.not_equal(ids[1:], ids[:-1], out=fresh[1:])
    found: Array = ids[fresh]
    return found


def sought(ids: Array, wanted: Array) -> Array:
    """Which of the first are among the second, by their places; both in order, and each once."""
    at = np.searchsorted(ids, wanted)
    at[at == len(ids)] = 0
    return np.compress(ids[at] == wanted, at)

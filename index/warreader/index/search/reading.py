"""Reading the postings of a query's words, all segments of an open index as one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from warreader.index.search import clauses
from warreader.index.search.arrays import Array
from warreader.index.search.codec import FORM, Segment
from warreader.index.search.segment import LARGE, LED, LEDE, Field, Fields, marked

_RARER = 16
"""Looking up is quicker than marking where one side is so many times rarer."""


class Held:
    """The articles that hold a word.

    Args:
        parts: of each segment that has any, its first number, the field, and the number of the list.
    """

    def __init__(self, parts: Sequence[tuple[int, Field, int]]) -> None:
        self._parts = parts
        self.often = sum(field.holding(number, number + 1) for _, field, number in parts)
        """How many they are."""

    @cached_property
    def _listed(self) -> tuple[Array, Array]:
        read = [(base, *field.marked(number)) for base, field, number in self._parts]
        marks = read[0][2] if len(read) == 1 else np.concatenate([_NO_MARKS, *(each[2] for each in read)])
        ids = np.empty(len(marks), np.intp)
        at = 0
        for base, docs, _ in read:
            np.add(docs, np.intp(base), out=ids[at : at + len(docs)])
            at += len(docs)
        return ids, marks

    @property
    def ids(self) -> Array:
        """Their numbers, in order."""
        return self._listed[0]

    @property
    def marks(self) -> Array:
        """How often it stands in each, and whether in the lede (:func:`.segment.marked`)."""
        return self._listed[1]

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

    @cached_property
    def led(self) -> int:
        """In how many it stands in the lede."""
        rows = [(field.row(number), field, number) for _, field, number in self._parts]
        marks = [field.marked(number)[1] if row is None else row for row, field, number in rows]
        return sum(int(np.count_nonzero(each & 1)) for each in marks)

    def mark(self, row: Array) -> None:
        """Write the marks of these articles into a row for all, by their numbers."""
        for base, field, number in self._parts:
            if (dense := field.row(number)) is not None:
                row[base : base + len(dense)] = dense
            else:
                docs, marks = field.marked(number)
                row[base:][docs.astype(np.intp)] = marks


class Counted(Held):
    """The articles that hold one of several forms, and how often they do, found out already.

    Args:
        led: which of them have it in the lede.
    """

    def __init__(self, ids: Array, counts: Array, led: Array | None = None) -> None:
        super().__init__(())
        self.often = len(ids)
        self.counts = counts
        self._given = ids, marked(counts, led)

    @property
    def _listed(self) -> tuple[Array, Array]:
        return self._given

    @cached_property
    def large(self) -> tuple[Array, Array]:
        at = (self.counts >= LARGE).nonzero()[0]
        return at, self.counts[at]

    @cached_property
    def led(self) -> int:
        return int(np.count_nonzero(self.marks & 1))

    def mark(self, row: Array) -> None:
        row[self.ids] = self.marks


class Rowed(Held):
    """The same, as a row for all articles; of those that are listed apart the numbers, and how often it is there."""

    def __init__(self, row: Array, large: tuple[Array, Array]) -> None:
        super().__init__(())
        self.often = int(np.count_nonzero(row))
        self._row = row
        self._apart = large

    @cached_property
    def _listed(self) -> tuple[Array, Array]:
        ids = self._row.nonzero()[0]
        return ids, self._row[ids]

    @cached_property
    def large(self) -> tuple[Array, Array]:
        ids, counts = self._apart
        return np.searchsorted(self.ids, ids), counts

    @cached_property
    def led(self) -> int:
        return int(np.count_nonzero(self._row & 1))

    def mark(self, row: Array) -> None:
        row[:] = self._row


_NONE = np.empty(0, np.intp)
_NO_MARKS = np.empty(0, np.uint8)


class Leaf:
    """One segment of an open index; its first article has the number ``base``."""

    def __init__(self, fields: Fields, segment: Segment, base: int = 0) -> None:
        self.fields = fields
        self.base = base
        self.size = segment.count
        self.deleted = sorted(segment.deleted)

    def field(self, name: str) -> Field | None:
        """A field by its name in the schema."""
        name = name.removesuffix(FORM)
        return self.fields[name] if name in self.fields.names else None

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
        self._often = np.zeros(self.size, np.uint32)
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
        field_of = query.fieldname.removesuffix(FORM)
        lists = [
            (leaf.base, field, leaf.lists(query))
            for leaf in self.leaves
            if (field := leaf.field(query.fieldname)) is not None
        ]
        # A stem of one form and that form are the same.
        same = (field_of, *(tuple(each) for _, _, each in lists), "lists")
        if (known := self._read.get(same)) is None:
            if all(
                len(ranges) < 2 and all(end - start == 1 for start, end in ranges) for *_, ranges in lists
            ):
                known = Held([(base, field, ranges[0][0]) for base, field, ranges in lists if ranges])
            else:
                known = self._added_up(lists, led=query.fieldname == LED)
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
                    np.add.at(often, ids, counts.astype(np.uint32))
                    if rare:
                        listed.append(ids)
                if led:
                    docs, marks = field.marked(start)
                    ledes.append(docs[(marks & 1).nonzero()[0]] + np.intp(base))
        begun = np.concatenate(ledes) if ledes else _NONE
        if rare:
            found = _once(listed)
            counts = often[found]
            often[found] = 0
            return Counted(found, counts, self.marked(found, begun))
        row = marked(often)
        row[begun] |= 1
        large = (often >= LARGE).nonzero()[0]
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


def _once(listed: Sequence[Array]) -> Array:
    """All the numbers in order, each once."""
    ids = np.concatenate(listed)
    ids.sort()
    return np.compress(np.append(True, ids[1:] != ids[:-1]), ids)


def sought(ids: Array, wanted: Array) -> Array:
    """Which of the first are among the second, by their places; both in order, and each once."""
    at = np.searchsorted(ids, wanted)
    at[at == len(ids)] = 0
    return np.compress(ids[at] == wanted, at)

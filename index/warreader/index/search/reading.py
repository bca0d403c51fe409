"""Reading the postings of a query's words, all segments of an open index as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from warreader.index.search import clauses
from warreader.index.search.arrays import Array
from warreader.index.search.codec import FORM, LENGTHS, Segment
from warreader.index.search.held import Held, Listed, Rowed
from warreader.index.search.segment import LARGE, LED, LEDE, Field, Fields, marked

_RARER = 16
"""Looking up is quicker than marking where one side is so many times rarer."""


_NONE = np.empty(0, np.intp)
_Lists = list[tuple[int, Field, Sequence[tuple[int, int]]]]
"""Of segments the first number, a field, and ranges of the numbers of its lists."""

_SHORT = 1 << 15
"""Of articles that have no more words two bytes count them."""


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
        if isinstance(query, clauses.Forms):
            return self.forms(query)
        if (field := self.field(query.fieldname)) is None:
            return []
        exact = query.fieldname.endswith(FORM)
        numbers = field.find(query.text) if exact else field.united(query.text.decode())
        return [(number, number + 1) for number in numbers]


class Reader:
    """Reads postings for one query after another. Articles have numbers below ``size`` in all segments together."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.leaves = leaves
        self.size = sum(leaf.size for leaf in leaves)
        self._read: dict[tuple[object, ...], Held] = {}
        self._before: dict[tuple[object, ...], Held] = {}
        # By number of article, all zero between uses: made anew each time, they would cost more than what is done.
        self._there = np.zeros(self.size, np.bool_)
        self._wanted: Array | None = None
        self._among = np.zeros(self.size, np.bool_)
        # No word stands more often than an article has words; the codes of lengths are rounded.
        fields = [leaf.fields[name] for leaf in leaves for name in leaf.fields.names]
        longest = max((LENGTHS[int(field.lengths.max(initial=0))] for field in fields), default=0)
        self._often = np.zeros(self.size, np.uint16 if longest < _SHORT else np.uint32)
        self._sums = np.zeros(self.size)

    def end(self) -> None:
        """The query is answered."""
        self._mark(None)

    def forget(self) -> None:
        """Another query is asked. Who types on, or asks for less or more, asks for most of the same words."""
        self._before, self._read = self._read, {}
        for held in self._before.values():
            held.rest()
        self._mark(None)

    def held(self, query: clauses.Word) -> Held:
        """What holds a word of a query."""
        exact = not isinstance(query, clauses.Forms)
        name = (query.fieldname, query.text) if exact else clauses.identity(query)
        if (known := self._read.get(name)) is None:
            if (known := self._before.get(name)) is None:
                known = self._led(query) if query.fieldname == LEDE else self._held(query)
            self._read[name] = known
        return known

    def plain(self, name: str, stem: str, form: str) -> tuple[Held, Held]:
        """What holds a stem in a field, and what this form of it: looked for at one go."""
        asked = (name, stem.encode()), (name + FORM, form.encode())
        held, own = [self._read.get(each) or self._before.get(each) for each in asked]
        if held is None or own is None:
            stems: _Lists = []
            forms: _Lists = []
            for leaf in self.leaves:
                if (field := leaf.field(name)) is not None:
                    alike, united = field.alike(stem)
                    if numbers := sorted(alike.values()) if united is None else [united]:
                        stems.append((leaf.base, field, [(number, number + 1) for number in numbers]))
                    if (number := alike.get(asked[1][1])) is not None:
                        forms.append((leaf.base, field, [(number, number + 1)]))
            held, own = self._of(name, stems, led=name == LED), self._of(name, forms)
        self._read[asked[0]], self._read[asked[1]] = held, own
        return held, own

    def _led(self, query: clauses.Word) -> Held:
        held = self.held(clauses.term(LED, query.text.decode()))
        ids = held.ids[(held.marks & 1).view(np.bool_).nonzero()[0]]
        return Listed(ids, np.ones(len(ids), np.uint8))

    def _held(self, query: clauses.Word) -> Held:
        name = query.fieldname.removesuffix(FORM)
        lists: _Lists = []
        for leaf in self.leaves:
            if (field := leaf.field(name)) is not None and (ranges := leaf.lists(query)):
                lists.append((leaf.base, field, ranges))
        return self._of(name, lists, led=query.fieldname == LED)

    def _of(self, name: str, lists: _Lists, *, led: bool = False) -> Held:
        """What holds any of some forms of a field, or stems."""
        parts = [
            (base, field, ranges[0][0])
            for base, field, ranges in lists
            if len(ranges) == 1 and ranges[0][1] - ranges[0][0] == 1
        ]
        # A stem of one form and that form are the same.
        sole = len(parts) == len(lists)
        same: tuple[object, ...] = (
            (name, *[(base, number) for base, _, number in parts])
            if sole
            else (name, led, *[(base, *ranges) for base, _, ranges in lists])
        )
        if (known := self._read.get(same)) is None:
            if (known := self._before.get(same)) is None:
                known = Held(parts) if sole else self._added_up(lists, led=led)
            self._read[same] = known
        return known

    def _added_up(self, lists: _Lists, *, led: bool) -> Held:
        """Of several forms an article may come more than once. There may be very many: they are read piece by piece."""
        held = sum(field.holding(*each) for _, field, ranges in lists for each in ranges)
        rare = held * _RARER < self.size
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
                    ledes.append(docs[(marks & 1).view(np.bool_).nonzero()[0]] + np.intp(base))
        if rare:
            found = once(listed, "quicksort") if listed else _NONE
            counts = often[found]
            often[found] = 0
            return Listed(found, counts, self.marked(found, np.concatenate(ledes)) if ledes else None)
        row = marked(often)
        if ledes:
            row[np.concatenate(ledes)] |= 1
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
    return at.compress(ids[at] == wanted)

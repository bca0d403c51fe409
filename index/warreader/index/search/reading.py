"""Reading the postings of a query's words, all segments of an open index as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from warreader.index.search import clauses
from warreader.index.search.arrays import Array
from warreader.index.search.codec import FORM, Segment
from warreader.index.search.segment import Field, Fields

_RARER = 16
"""Looking up is quicker than marking where one side is so many times rarer."""


class Held(NamedTuple):
    """The articles that hold a word, by number and in order, and how often each does."""

    ids: Array
    counts: Array


_NONE = Held(np.empty(0, np.intp), np.empty(0, np.uint8))


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
        self._often = np.zeros(self.size, np.uint32)
        self._sums = np.zeros(self.size)

    def forget(self) -> None:
        """The query is answered."""
        self._read.clear()

    def held(self, query: clauses.Word) -> Held:
        """What holds a word of a query."""
        name = clauses.identity(query)
        if (known := self._read.get(name)) is None:
            lists = [(leaf, leaf.lists(query)) for leaf in self.leaves]
            # A stem of one form and that form are the same.
            same = (query.fieldname.removesuffix(FORM), *(tuple(each) for _, each in lists), "lists")
            if (known := self._read.get(same)) is None:
                known = self._read[same] = self._together(query.fieldname, lists)
            self._read[name] = known
        return known

    def _together(self, name: str, lists: Sequence[tuple[Leaf, Sequence[tuple[int, int]]]]) -> Held:
        if any(len(ranges) > 1 or any(end - start > 1 for start, end in ranges) for _, ranges in lists):
            return self._added_up(name, lists)
        read = [
            (leaf.base, *field.docs(*ranges[0]))
            for leaf, ranges in lists
            if ranges and (field := leaf.field(name)) is not None
        ]
        if not read:
            return _NONE
        counts = read[0][2] if len(read) == 1 else np.concatenate([each for _, _, each in read])
        ids = np.empty(len(counts), np.intp)
        at = 0
        for base, docs, _ in read:
            np.add(docs, np.intp(base), out=ids[at : at + len(docs)])
            at += len(docs)
        return Held(ids, counts)

    def _added_up(self, name: str, lists: Sequence[tuple[Leaf, Sequence[tuple[int, int]]]]) -> Held:
        """Of several forms an article may come more than once. There may be very many: they are read piece by piece."""
        held = sum(
            field.holding(*each) for leaf, ranges in lists if (field := leaf.field(name)) for each in ranges
        )
        rare = 0 < held * _RARER < self.size
        often = self._often
        listed: list[Array] = []
        for leaf, ranges in lists:
            if (field := leaf.field(name)) is None:
                continue
            for start, end in ranges:
                for docs, counts in field.pieces(start, end):
                    ids = docs + np.intp(leaf.base)
                    np.add.at(often, ids, counts.astype(np.uint32))
                    if rare:
                        listed.append(ids)
        found = _once(listed) if rare else often.nonzero()[0]
        counts = often[found]
        often[found] = 0
        return Held(found, counts)

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
        self._there[wanted] = True
        found: Array = self._there[ids]
        self._there[wanted] = False
        return found


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

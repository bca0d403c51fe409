"""Answering queries over the arrays of segments, all articles at a time.

The answers, their scores and their order are those of Whoosh's own matchers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from whoosh import query as wq

from warreader.index.search import clauses
from warreader.index.search.arrays import Array
from warreader.index.search.codec import FORM, LENGTHS, Segment
from warreader.index.search.segment import Field, Fields, stretches, summed

_PLACES = 34
"""Bits of a position beside the number of its article, for positions up to 2**33 and :data:`_MARGIN`."""

_MARGIN = 1 << 12
"""Keeps what is before the beginning of an article out of the one before it: phrases are shorter."""


class Found(NamedTuple):
    """Articles of a segment by number, in order, with their scores."""

    ids: Array
    scores: Array


_NONE = Found(np.empty(0, np.intp), np.empty(0))


class Leaf:
    """One segment of an open index."""

    def __init__(self, fields: Fields, segment: Segment) -> None:
        self.fields = fields
        self.size = segment.count
        self.keys: Array = fields.file["key"]
        self.dates: Array = fields.file["date"]
        self.live: Array | None = None
        if segment.deleted:
            self.live = np.ones(self.size, np.bool_)
            self.live[sorted(segment.deleted)] = False
        self._postings: dict[tuple[object, ...], tuple[Array, Array]] = {}

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

    def postings(self, query: clauses.Word) -> tuple[Array, Array]:
        """The articles that hold a word of a query, in order, and how often they do."""
        name = clauses.identity(query)
        if (known := self._postings.get(name)) is None:
            known = self._postings[name] = self._read(query)
        return known

    def holding(self, query: clauses.Word) -> int:
        """How many articles hold a word; of one term those deleted count, as in Whoosh."""
        ids, _ = self.postings(query)
        if self.live is None or not isinstance(query, clauses.Forms):
            return len(ids)
        return int(self.live[ids].sum())

    def forget(self) -> None:
        """Forget the postings read: they may be many."""
        self._postings.clear()

    def _read(self, query: clauses.Word) -> tuple[Array, Array]:
        ranges = self.forms(query)
        field = self.field(query.fieldname)
        if field is None or not ranges:
            return _NONE
        read = [field.docs(start, end) for start, end in ranges]
        if len(read) == 1 and ranges[0][1] - ranges[0][0] == 1:
            docs, counts = read[0]
            return docs.astype(np.intp), counts
        return summed([docs for docs, _ in read], [counts for _, counts in read], self.size)


class Executor:
    """Answers queries over the segments of an open index, scored by a weighting of its searcher."""

    def __init__(self, searcher: Any, leaves: Sequence[Leaf]) -> None:
        self._searcher = searcher
        self._weighting: Any = searcher.weighting
        self._leaves = leaves
        self._articles = sum(leaf.size for leaf in leaves)
        self._weights: dict[tuple[object, ...], float] = {}

    def run(self, query: wq.Query) -> tuple[Array, Array]:
        """Keys and scores of all articles that answer, in no particular order."""
        keys, scores = [np.empty(0, np.int64)], [np.empty(0)]
        for leaf in self._leaves:
            found = self._find(query, leaf)
            if leaf.live is not None:
                found = _only(found, leaf.live[found.ids])
            keys.append(leaf.keys[found.ids])
            scores.append(found.scores)
        for leaf in self._leaves:
            leaf.forget()
        self._weights.clear()
        return np.concatenate(keys), np.concatenate(scores)

    def _find(self, query: wq.Query, leaf: Leaf) -> Found:
        match query:
            case wq.Term() | clauses.Forms():
                ids, counts = leaf.postings(query)
                return Found(ids, self._scores(query, leaf, ids, counts) * query.boost)
            case clauses.Phrase():
                return self._phrase(query, leaf)
            case wq.And():
                return reduce(_both, (self._find(part, leaf) for part in query.subqueries))
            case wq.Or():
                return _either([self._find(part, leaf) for part in query.subqueries], leaf.size)
            case wq.AndNot():
                found = self._find(query.a, leaf)
                there = np.zeros(leaf.size, np.bool_)
                there[self._find(query.b, leaf).ids] = True
                return _only(found, ~there[found.ids])
            case clauses.Dates(first=first, last=last):
                return _unscored((leaf.dates >= first) & (leaf.dates <= last))
            case clauses.Keys(keys=None):
                return _unscored(np.ones(leaf.size, np.bool_))
            case clauses.Keys():
                return _unscored(np.isin(leaf.keys, np.fromiter(query.keys or (), np.int64)))
            case _:
                assert query == wq.NullQuery, query
                return _NONE

    def _scores(self, query: clauses.Word, leaf: Leaf, ids: Array, counts: Array) -> Array:
        """The scores of a word in these articles of a segment, boost left aside."""
        if not len(ids) or (field := leaf.field(query.fieldname)) is None:
            return np.empty(0)
        name = clauses.identity(query)
        if (idf := self._weights.get(name)) is None:
            holding = sum(each.holding(query) for each in self._leaves)
            idf = self._weights[name] = self._weighting.idf_of(self._articles, holding)
        average = self._searcher.avg_field_length(query.fieldname) or 1
        scores: Array = self._weighting.scores(idf, counts, LENGTHS[field.lengths[ids]], average)
        return scores

    def _phrase(self, query: clauses.Phrase, leaf: Leaf) -> Found:
        scored = []
        for word in query.distinct():
            ids, counts = leaf.postings(word)
            scored.append(Found(ids, self._scores(word, leaf, ids, counts) * word.boost))
        found = reduce(_both, scored)
        there = found.ids
        held: Array | None = None
        # The rarest words first: few articles are left for those that stand everywhere.
        for at, word in sorted(enumerate(query.words), key=lambda pair: len(leaf.postings(pair[1])[0])):
            if not len(there):
                return _NONE
            starts = self._starts(word, leaf, there) - at
            held = starts if held is None else held[_among(held, starts)]
            there = np.unique(held >> _PLACES)
        kept = _only(found, _among(found.ids, there))
        return Found(kept.ids, kept.scores * query.boost)

    def _starts(self, term: clauses.Word, leaf: Leaf, there: Array) -> Array:
        """Where a word stands in these articles, in order: number and position as one number."""
        wanted = np.zeros(leaf.size, np.bool_)
        wanted[there] = True
        field = leaf.field(term.fieldname)
        assert field is not None
        parts = []
        ranges = leaf.forms(term)
        for start, end in ranges:
            docs, counts, places = field.postings(start, end)
            kept = wanted[docs]
            before = np.cumsum(counts, dtype=np.int64) - counts
            chosen = places[stretches(before[kept], counts[kept])]
            parts.append((np.repeat(docs[kept].astype(np.int64), counts[kept]) << _PLACES) + chosen + _MARGIN)
        # One form's places are in order; those of several forms come one form after the other.
        alone = len(ranges) == 1 and ranges[0][1] - ranges[0][0] == 1
        return parts[0] if alone else np.sort(np.concatenate(parts))


def _only(found: Found, kept: Array) -> Found:
    return Found(found.ids[kept], found.scores[kept])


def _unscored(wanted: Array) -> Found:
    ids = np.flatnonzero(wanted)
    return Found(ids, np.zeros(len(ids)))


def _among(some: Array, others: Array) -> Array:
    """Which of some are among others; both in order."""
    if not len(others):
        return np.zeros(len(some), np.bool_)
    at = np.searchsorted(others, some)
    at[at == len(others)] = 0
    found: Array = others[at] == some
    return found


def _both(one: Found, other: Found) -> Found:
    few, many = (one, other) if len(one.ids) <= len(other.ids) else (other, one)
    if not len(few.ids):
        return _NONE
    at = np.searchsorted(many.ids, few.ids)
    at[at == len(many.ids)] = 0
    same = many.ids[at] == few.ids
    return Found(few.ids[same], few.scores[same] + many.scores[at[same]])


def _either(parts: Sequence[Found], size: int) -> Found:
    parts = [part for part in parts if len(part.ids)]
    if len(parts) < 2:
        return parts[0] if parts else _NONE
    return Found(*summed([part.ids for part in parts], [part.scores for part in parts], size))

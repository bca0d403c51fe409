"""Answering queries over the arrays of segments, all articles at a time.

The answers, their scores and their order are those of Whoosh's own matchers. What makes it
quick: the segments are read as one, so that each step is a few calls to numpy; of what all is
wanted, the rarest is read first and the rest only in the articles left; places are read only
where all words of a phrase stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from whoosh import query as wq

from warreader.index.search import clauses
from warreader.index.search.arrays import Array
from warreader.index.search.codec import FORM, LENGTHS, Segment
from warreader.index.search.segment import MARGIN, Field, Fields, stretches

_RARER = 16
"""Looking up is quicker than marking where one side is so many times rarer."""


_SCARCER = 6
"""Looking up is quicker than sorting where one side is so many times rarer."""


class Found(NamedTuple):
    """Articles by number, in order, with their scores."""

    ids: Array
    scores: Array


_NONE = Found(np.empty(0, np.intp), np.empty(0))


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


class Executor:
    """Answers queries over the segments of an open index, scored by a weighting of its searcher."""

    def __init__(self, searcher: Any, leaves: Sequence[Leaf]) -> None:
        self._searcher = searcher
        self._weighting: Any = searcher.weighting
        self._leaves = leaves
        self._size = sum(leaf.size for leaf in leaves)
        self._keys = self._column("key")
        self._by_key: Array | None = None
        self._dates = self._column("date")
        self._live: Array | None = None
        for leaf in leaves:
            if leaf.deleted:
                if self._live is None:
                    self._live = np.ones(self._size, np.bool_)
                self._live[leaf.base + np.array(leaf.deleted)] = False
        self._norms: dict[str, Array] = {}
        self._forms: dict[tuple[object, ...], list[tuple[Leaf, Field, int, int]]] = {}
        self._held: dict[tuple[object, ...], tuple[Array, Array]] = {}
        # By number of article, all zero between uses: made anew each time, they would cost more than what is done.
        self._there = np.zeros(self._size, np.bool_)
        self._often = np.zeros(self._size, np.uint32)
        self._sums = np.zeros(self._size)

    def _column(self, name: str) -> Array:
        return np.concatenate([np.empty(0, np.int64)] + [leaf.fields.file[name] for leaf in self._leaves])

    def run(self, query: wq.Query) -> Found:
        """All articles that answer, with their scores."""
        found = self._find(query, None)
        self._forms.clear()
        self._held.clear()
        return found if self._live is None else _only(found, self._live[found.ids])

    def keys(self, ids: Array) -> Array:
        """Keys of articles by their numbers."""
        return self._keys[ids]

    def _find(self, query: wq.Query, within: Array | None) -> Found:
        """The articles that answer, of these alone if any are given."""
        match query:
            case wq.Term() | clauses.Forms():
                ids, counts = self._postings(query)
                if within is not None:
                    at = self._among(ids, within)
                    ids, counts = ids[at], counts[at]
                return Found(ids, self._scores(query, ids, counts))
            case clauses.Phrase():
                return self._phrase(query, within)
            case wq.And():
                first, *rest = sorted(query.subqueries, key=self._most)
                return reduce(self._also, rest, self._find(first, within))
            case wq.Or():
                return self._either([self._find(part, within) for part in _parts(query)])
            case wq.AndNot():
                found = self._find(query.a, within)
                return _only(found, ~self._marked(found.ids, self._find(query.b, found.ids).ids))
            case clauses.Dates(first=first, last=last):
                dates = self._dates if within is None else self._dates[within]
                return _unscored((dates >= first) & (dates <= last), within)
            case clauses.Keys(keys=None):
                return _unscored(np.ones(self._size if within is None else len(within), np.bool_), within)
            case clauses.Keys():
                numbers = np.sort(self._numbers(query.keys or ()))
                return (
                    Found(numbers, np.zeros(len(numbers)))
                    if within is None
                    else _unscored(self._marked(within, numbers), within)
                )
            case _:
                assert query == wq.NullQuery, query
                return _NONE

    def _also(self, found: Found, query: wq.Query) -> Found:
        """What was found, where it answers this query too."""
        other = self._find(query, found.ids)
        if len(other.ids) == len(found.ids):
            return Found(found.ids, found.scores + other.scores)
        self._sums[found.ids] = found.scores
        scores = self._sums[other.ids] + other.scores
        self._sums[found.ids] = 0.0
        return Found(other.ids, scores)

    def _either(self, parts: Sequence[Found]) -> Found:
        """What any of these found, its scores summed."""
        parts = [part for part in parts if len(part.ids)]
        if len(parts) < 2:
            return parts[0] if parts else _NONE
        for ids, scores in parts:
            self._there[ids] = True
            np.add.at(self._sums, ids, scores)
        ids = self._there.nonzero()[0]
        scores = self._sums[ids]
        self._there[ids] = False
        self._sums[ids] = 0.0
        return Found(ids, scores)

    def _most(self, query: wq.Query) -> int:
        """About how many articles answer, at most."""
        match query:
            case wq.Term() | clauses.Forms():
                return sum(field.holding(start, end) for _, field, start, end in self._read(query))
            case clauses.Phrase():
                return min(map(self._most, query.words))
            case wq.And():
                return min(map(self._most, query.subqueries))
            case wq.Or():
                return sum(map(self._most, query.subqueries))
            case wq.AndNot():
                return self._most(query.a)
            case clauses.Keys(keys=keys) if keys is not None:
                return len(keys)
            case _:
                return 0 if query == wq.NullQuery else self._size

    def _read(self, query: clauses.Word) -> list[tuple[Leaf, Field, int, int]]:
        """The forms that a word of a query stands for, by segment."""
        name = clauses.identity(query)
        if (known := self._forms.get(name)) is None:
            known = self._forms[name] = [
                (leaf, field, start, end)
                for leaf in self._leaves
                if (field := leaf.field(query.fieldname)) is not None
                for start, end in leaf.forms(query)
            ]
        return known

    def _postings(self, query: clauses.Word) -> tuple[Array, Array]:
        """The articles that hold a word of a query, in order, and how often they do."""
        name = clauses.identity(query)
        if (known := self._held.get(name)) is None:
            known = self._held[name] = self._together(self._read(query))
        return known

    def _together(self, forms: Sequence[tuple[Leaf, Field, int, int]]) -> tuple[Array, Array]:
        """The articles that hold any of these forms, in order, and how often they do."""
        if not forms:
            return _NONE
        read = [(leaf.base, *field.docs(start, end)) for leaf, field, start, end in forms]
        counts = np.concatenate([each for _, _, each in read])
        ids = np.empty(len(counts), np.intp)
        at = 0
        for base, docs, _ in read:
            np.add(docs, np.intp(base), out=ids[at : at + len(docs)])
            at += len(docs)
        if len({base for base, _, _ in read}) == len(read) and all(e - s == 1 for _, _, s, e in forms):
            return ids, counts
        # Of several forms an article may come more than once.
        self._there[ids] = True
        np.add.at(self._often, ids, counts.astype(np.uint32))
        found = self._there.nonzero()[0]
        counts = self._often[found]
        self._there[found] = False
        self._often[found] = 0
        return found, counts

    def _scores(self, query: clauses.Word, ids: Array, counts: Array) -> Array:
        """The scores of a word in these articles."""
        if not len(ids):
            return np.empty(0)
        name = query.fieldname
        if (norms := self._norms.get(name)) is None:
            average = self._searcher.avg_field_length(name) or 1
            table = self._weighting.norm(LENGTHS, average)
            norms = self._norms[name] = np.concatenate(
                [
                    table[field.lengths] if (field := leaf.field(name)) is not None else np.ones(leaf.size)
                    for leaf in self._leaves
                ]
            )
        held, _ = self._postings(query)
        # Of one term those deleted count, as in Whoosh.
        every = self._live is None or not isinstance(query, clauses.Forms)
        idf = self._weighting.idf_of(self._size, len(held) if every else int(self._live[held].sum()))  # type: ignore[index]
        scores: Array = self._weighting.scores(idf * query.boost, counts, norms[ids])
        return scores

    def _phrase(self, query: clauses.Phrase, within: Array | None) -> Found:
        # The rarest words first: few articles are left for those that stand everywhere.
        order = sorted(range(len(query.words)), key=lambda at: self._most(query.words[at]))
        for at in order:
            ids, _ = self._postings(query.words[at])
            within = ids if within is None else ids[self._among(ids, within)]
        assert within is not None
        found = [self._following(query.words, order, leaf, within) for leaf in self._leaves]
        ids = np.concatenate(found) if found else _NONE.ids
        scores = np.zeros(len(ids))
        for word in query.distinct():
            every, counts = self._postings(word)
            scores += self._scores(word, ids, counts[np.searchsorted(every, ids)])
        return Found(ids, scores * query.boost)

    def _following(
        self, words: Sequence[clauses.Word], order: Iterable[int], leaf: Leaf, ids: Array
    ) -> Array:
        """Of these articles those of one segment in which the words follow one another."""
        there = ids[slice(*np.searchsorted(ids, (leaf.base, leaf.base + leaf.size)))] - leaf.base
        held: Array | None = None
        for at in order:
            if not len(there):
                break
            starts = self._starts(words[at], leaf, there, MARGIN - at)
            held = starts if held is None else _common(held, starts)
            docs = held >> (8 * held.itemsize // 2)
            there = docs[np.append(True, docs[1:] != docs[:-1])] if len(docs) else docs
        return there.astype(np.intp) + leaf.base

    def _starts(self, word: clauses.Word, leaf: Leaf, wanted: Array, shift: int) -> Array:
        """Where a word stands in these articles, in order: number and position, shifted, as one number."""
        parts: list[Array] = []
        alone = True
        there = np.zeros(leaf.size, np.bool_)
        there[wanted] = True
        for each, field, start, end in self._read(word):
            if each is not leaf:
                continue
            alone = alone and not parts and end - start == 1
            docs, counts, places = _held(field.postings(start, end), wanted, there, sole=end - start == 1)
            kind = np.dtype(f"u{2 * places.itemsize}")
            numbers = (docs.astype(kind) << kind.type(8 * places.itemsize)) + kind.type(shift)
            numbers = np.repeat(numbers, counts)
            numbers += places
            parts.append(numbers)
        if alone:
            return parts[0]
        # Of several forms the places come one form after the other; two may stand in one place.
        starts = np.sort(np.concatenate(parts))
        return np.compress(np.append(True, starts[1:] != starts[:-1]), starts)

    def _among(self, ids: Array, wanted: Array) -> Array:
        """Which of the first are among the second, by their places; both in order, and each once."""
        if len(wanted) * _RARER < len(ids):
            return _sought(ids, wanted)
        return self._marked(ids, wanted).nonzero()[0]

    def _marked(self, ids: Array, wanted: Array) -> Array:
        """For each of the first whether it is among the second; in any order."""
        self._there[wanted] = True
        found: Array = self._there[ids]
        self._there[wanted] = False
        return found

    def _numbers(self, keys: Iterable[int]) -> Array:
        """The articles of these keys that are there."""
        if self._by_key is None:
            self._by_key = np.argsort(self._keys)
        wanted = np.fromiter(keys, np.int64)
        at = np.searchsorted(self._keys, wanted, sorter=self._by_key)
        wanted, found = wanted[at < self._size], self._by_key[at[at < self._size]]
        return np.compress(self._keys[found] == wanted, found)


def _parts(query: wq.Or) -> Iterator[wq.Query]:
    """What answers it, those of an OR in it among them."""
    for part in query.subqueries:
        yield from _parts(part) if isinstance(part, wq.Or) else (part,)


def _only(found: Found, kept: Array) -> Found:
    return Found(found.ids[kept], found.scores[kept])


def _unscored(wanted: Array, within: Array | None) -> Found:
    ids = np.flatnonzero(wanted) if within is None else within[wanted]
    return Found(ids, np.zeros(len(ids)))


def _held(
    postings: tuple[Array, Array, Array], wanted: Array, there: Array, *, sole: bool
) -> tuple[Array, Array, Array]:
    """Of postings those in some articles.

    Args:
        wanted: the articles, in order.
        there: by number whether an article is one of them.
        sole: the postings are of one form: of several the articles come one form after the other.
    """
    docs, counts, places = postings
    if sole and len(wanted) * _RARER < len(docs):
        at = _sought(docs, wanted)
        before = np.cumsum(counts, dtype=np.int64) - counts
        docs, counts = docs[at], counts[at]
        return docs, counts, places[stretches(before[at], counts)]
    kept = there[docs]
    at = np.flatnonzero(kept)
    if len(at) == len(docs):
        return postings
    return docs[at], counts[at], places[np.repeat(kept, counts)]


def _sought(ids: Array, wanted: Array) -> Array:
    """Which of the first are among the second, by their places; both in order, and each once."""
    at = np.searchsorted(ids, wanted)
    at[at == len(ids)] = 0
    return np.compress(ids[at] == wanted, at)


def _common(one: Array, other: Array) -> Array:
    """What both have; both in order, and each once."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    if len(few) * _SCARCER < len(many):
        return many[_sought(many, few)]
    both = np.concatenate((few, many))
    both.sort()
    return np.compress(both[1:] == both[:-1], both[:-1])

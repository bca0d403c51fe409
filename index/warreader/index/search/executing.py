"""Answering queries over the arrays of segments, all articles at a time.

The answers, their scores and their order are those of Whoosh's own matchers. What makes it
quick: the segments are read as one, so that each step is a few calls to numpy; of what all is
wanted, the rarest is read first and the rest only in the articles left; places are read only
where all words of a phrase stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from whoosh import query as wq

from warreader.index.search import clauses
from warreader.index.search.analyzer import stem
from warreader.index.search.arrays import Array
from warreader.index.search.codec import FORM, LENGTHS
from warreader.index.search.following import following
from warreader.index.search.held import Held
from warreader.index.search.ranking import MOST, Counted, Ranker, merged
from warreader.index.search.reading import Leaf, Reader
from warreader.index.search.segment import LED, LEDE


class Found(NamedTuple):
    """Articles by number, in order, with their scores."""

    ids: Array
    scores: Array


_DAYS = 1 << 16
"""Fewer different days are told apart by two bytes."""

_COUNTED = (wq.Term, clauses.Forms, clauses.Plain)
_PARTS = 5
"""So many words a plain one is, with its form, in text, title and lede."""

_Group = Sequence[clauses.Word | clauses.Plain]
_NONE = Found(np.empty(0, np.intp), np.empty(0))


class Executor:
    """Answers queries over the segments of an open index, scored by a weighting of its searcher."""

    def __init__(self, searcher: Any, leaves: Sequence[Leaf]) -> None:
        self._searcher = searcher
        self._weighting: Any = searcher.weighting
        self._leaves = leaves
        self._size = sum(leaf.size for leaf in leaves)
        self._keys = self._column("key")
        self._by_key: Array | None = None
        self._numbered: tuple[Collection[int], Array] | None = None
        self._days: tuple[Array, Array] | None = None
        self._live: Array | None = None
        for leaf in leaves:
            if leaf.deleted:
                if self._live is None:
                    self._live = np.ones(self._size, np.bool_)
                self._live[leaf.base + np.array(leaf.deleted)] = False
        self._reader = Reader(leaves)
        self._last: tuple[wq.Query, Found] | None = None
        self._asked: wq.Query | None = None
        self._ranker = Ranker(self._size, self._weighting)
        self._lengths: dict[str, tuple[Array, Array]] = {}

    def _column(self, name: str) -> Array:
        return np.concatenate([np.empty(0, np.int64)] + [leaf.fields.file[name] for leaf in self._leaves])

    def _begin(self, query: wq.Query) -> None:
        """What was read for a query is kept until another one is asked: facets follow results."""
        if query is not self._asked:
            self._reader.forget()
            self._asked = query

    def run(self, query: wq.Query) -> Found:
        """All articles that answer, with their scores. What was asked last is known."""
        self._begin(query)
        if self._last is None or self._last[0] is not query:
            found = self._find(query, None)
            self._reader.end()
            self._last = query, found if self._live is None else _only(found, self._live[found.ids])
        return self._last[1]

    def matching(self, query: wq.Query) -> Array:
        """All articles that answer, in order; nothing is scored."""
        self._begin(query)
        there = self._marked(query)
        if self._live is not None:
            there &= self._live
        self._reader.end()
        found: Array = there.nonzero()[0]
        return found

    def _marked(self, query: wq.Query) -> Array:
        """Which articles answer."""
        if self._last is not None and self._last[0] is query:
            return self._mask(self._last[1].ids)
        match query:
            case wq.Term() | clauses.Forms():
                return self._mask(self._reader.held(query).ids)
            case wq.And():
                return reduce(np.logical_and, map(self._marked, query.subqueries))
            case wq.Or() if self._size:
                # Forms stand nowhere that their stems don't.
                parts = list(_parts(query))
                words = merged(self._counted([part for part in parts if isinstance(part, _COUNTED)]))
                found = [self._mask(word.held.ids) for word in words if word.whole is None]
                found += [self._marked(part) for part in parts if not isinstance(part, _COUNTED)]
                return reduce(np.logical_or, found, np.zeros(self._size, np.bool_))
            case wq.AndNot():
                return self._marked(query.a) & ~self._marked(query.b)
            case _:
                return self._mask(self._find(query, None).ids)

    def best(self, query: wq.Query, limit: int) -> tuple[Found, int]:
        """So many of the best articles and some others, all that equal the last of them among these, and the total."""
        self._begin(query)
        if (needed := self._needed(query)) is None:
            found = self.run(query)
            return found, len(found.ids)
        groups, masks = needed
        if self._live is not None:
            masks.append(self._live)
        leaves = [self._counted(group) for group in groups]
        ids, scores, total = self._ranker.best(leaves, masks, limit)
        self._reader.end()
        return Found(ids, scores), total

    def _needed(self, query: wq.Query) -> tuple[list[_Group], list[Array]] | None:
        """A query as words of which one of each group is needed, and masks of articles; ``None`` if it isn't so."""
        groups: list[_Group] = []
        masks: list[Array] = []
        for part in query.subqueries if isinstance(query, wq.And) else (query,):
            wanted = part.a if isinstance(part, wq.AndNot) else part
            words = list(_parts(wanted))
            if all(isinstance(word, _COUNTED) for word in words):
                groups.append(words)
            elif isinstance(wanted, clauses.Dates):
                masks.append(self._dated(wanted, None))
            elif isinstance(wanted, clauses.Keys):
                masks.append(self._mask(self._find(wanted, None).ids))
            else:
                return None
            if wanted is not part:
                masks.append(~self._mask(self._find(part.b, None).ids))
        count = sum([_PARTS if isinstance(word, clauses.Plain) else 1 for group in groups for word in group])
        return (groups, masks) if self._size and groups and count <= MOST else None

    def _mask(self, ids: Array) -> Array:
        found = np.zeros(self._size, np.bool_)
        found[ids] = True
        return found

    def _plainly(self, word: clauses.Plain) -> Iterator[Counted]:
        """What holds a word and its stem, where any article does."""
        idf_of, size = self._weighting.idf_of, self._size
        for name, (boost, exact) in word.boosts.items():
            held, form = self._reader.plain(name, word.stem, word.form)
            if not held.often:
                continue
            weight, own, lede = idf_of(size, held.often) * boost, idf_of(size, form.often) * exact, 0.0
            if name == LED:
                lede = float(
                    self._weighting.scores(idf_of(size, held.led) * word.lede, 1, self._weighting.K1)
                )
            lengths, norms = self._normed(name)
            if form is held:
                yield Counted(held, weight + own, lengths, norms, None, lede)
                continue
            yield Counted(held, weight, lengths, norms, None, lede)
            if form.often:
                yield Counted(form, own, lengths, norms, held)

    def _counted(self, group: _Group) -> list[Counted]:
        """What holds the words of a group, and what they weigh; the lede is told with the text."""
        plain = [word for word in group if isinstance(word, clauses.Plain)]
        found = [counted for word in plain for counted in self._plainly(word)]
        if len(plain) == len(group):
            return found
        group = [word for word in group if not isinstance(word, clauses.Plain)]
        stems: dict[tuple[str, bytes], Held] = {}
        ledes: dict[bytes, float] = {}
        for word in group:
            if isinstance(word, wq.Term):
                if word.fieldname == LEDE:
                    ledes[word.text] = ledes.get(word.text, 0.0) + word.boost
                elif not word.fieldname.endswith(FORM):
                    stems[word.fieldname, word.text] = self._reader.held(word)
        for word in group:
            whole, lede = None, 0.0
            if isinstance(word, wq.Term):
                if word.fieldname == LEDE and (LED, word.text) in stems:
                    continue
                if word.fieldname.endswith(FORM):
                    name = word.fieldname.removesuffix(FORM)
                    whole = stems.get((name, stem(word.text.decode()).encode()))
                elif word.fieldname == LED and word.text in ledes:
                    holding = stems[LED, word.text].led
                    weight = self._weighting.idf_of(self._size, holding) * ledes.pop(word.text)
                    lede = float(self._weighting.scores(weight, 1, self._weighting.K1))
            held = self._reader.held(word)
            found.append(Counted(held, self._weight(word, held), *self._normed(word.fieldname), whole, lede))
        return found

    def keys(self, ids: Array) -> Array:
        """Keys of articles by their numbers."""
        return self._keys[ids]

    def _find(self, query: wq.Query, within: Array | None) -> Found:
        """The articles that answer, of these alone if any are given."""
        match query:
            case wq.Term() | clauses.Forms():
                held = self._reader.held(query)
                ids, counts = held.ids, held.counts
                if within is not None:
                    at = self._reader.among(ids, within)
                    ids, counts = ids[at], counts[at]
                return Found(ids, self._scores(query, ids, counts))
            case clauses.Phrase():
                return self._phrase(query, within)
            case wq.And():
                first, *rest = sorted(query.subqueries, key=self._most)
                return reduce(self._also, rest, self._find(first, within))
            case wq.Or() if self._size:
                parts = list(_parts(query))
                words = merged(self._counted([part for part in parts if isinstance(part, _COUNTED)]))
                others = [part for part in parts if not isinstance(part, _COUNTED)]
                answers = [self._holding(word, within) for word in words]
                return self._either([*answers, *[self._find(part, within) for part in others]])
            case wq.AndNot():
                found = self._find(query.a, within)
                return _only(found, ~self._reader.marked(found.ids, self._find(query.b, found.ids).ids))
            case clauses.Dates():
                return _unscored(self._dated(query, within), within)
            case clauses.Keys(keys=None):
                return _unscored(np.ones(self._size if within is None else len(within), np.bool_), within)
            case clauses.Keys():
                numbers = self._numbers(query.keys or ())
                if within is None:
                    return Found(numbers, np.zeros(len(numbers)))
                return _unscored(self._reader.marked(within, numbers), within)
            case _:
                assert query == wq.NullQuery or not self._size, query
                return _NONE

    def _holding(self, word: Counted, within: Array | None) -> Found:
        """The articles that hold a word, of these alone if any are given."""
        ids, counts, marks = word.held.ids, word.held.counts, word.held.marks
        if within is not None:
            at = self._reader.among(ids, within)
            ids, counts, marks = ids[at], counts[at], marks[at]
        scores = self._weighting.scores(word.weight, counts, word.norms[word.lengths[ids]])
        return Found(ids, scores + (marks & 1) * word.lede if word.lede else scores)

    def _dated(self, query: clauses.Dates, within: Array | None) -> Array:
        """Which articles, of all or of these, have such a date."""
        if self._days is None:
            # Days are few: small numbers in their order are compared in a fraction of the time.
            days, codes = np.unique(self._column("date"), return_inverse=True)
            self._days = days, codes.astype(np.uint16 if len(days) < _DAYS else np.uint32)
        days, codes = self._days
        first, end = days.searchsorted((query.first, query.last + 1)).tolist()
        codes = codes if within is None else codes[within]
        # What is before the first comes round at the upper end.
        found: Array = codes - codes.dtype.type(first) < max(end - first, 0)
        return found

    def _also(self, found: Found, query: wq.Query) -> Found:
        """What was found, where it answers this query too."""
        other = self._find(query, found.ids)
        if len(other.ids) == len(found.ids):
            return Found(found.ids, found.scores + other.scores)
        return Found(other.ids, self._reader.picked(*found, other.ids) + other.scores)

    def _either(self, parts: Sequence[Found]) -> Found:
        """What any of these found, its scores summed."""
        parts = [part for part in parts if len(part.ids)]
        if len(parts) > 1 and all(part.ids is parts[0].ids for part in parts):
            return Found(parts[0].ids, reduce(np.add, [scores for _, scores in parts]))
        return Found(*self._reader.summed(parts)) if len(parts) > 1 else parts[0] if parts else _NONE

    def _most(self, query: wq.Query) -> int:
        """About how many articles answer, at most."""
        match query:
            case wq.Term() | clauses.Forms():
                return self._reader.held(query).often
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

    def _scores(self, query: clauses.Word, ids: Array, counts: Array) -> Array:
        """The scores of a word in these articles."""
        if not len(ids):
            return np.empty(0)
        lengths, norms = self._normed(query.fieldname)
        weight = self._weight(query, self._reader.held(query))
        scores: Array = self._weighting.scores(weight, counts, norms[lengths[ids]])
        return scores

    def _weight(self, query: clauses.Word, held: Held) -> float:
        # Of one term those deleted count, as in Whoosh.
        every = self._live is None or not isinstance(query, clauses.Forms)
        holding = held.often if every else int(self._live[held.ids].sum())  # type: ignore[index]
        return float(self._weighting.idf_of(self._size, holding) * query.boost)

    def _normed(self, name: str) -> tuple[Array, Array]:
        """The lengths of a field, as codes by number of article, and what each code does to scores."""
        name = name.removesuffix(FORM)
        if (known := self._lengths.get(name)) is None:
            if name == LEDE:
                known = np.zeros(self._size, np.uint8), np.full(len(LENGTHS), self._weighting.K1)
                return self._lengths.setdefault(name, known)
            average = self._searcher.avg_field_length(name) or 1
            lengths = [
                np.zeros(leaf.size, np.uint8) if (field := leaf.field(name)) is None else field.lengths
                for leaf in self._leaves
            ]
            known = np.concatenate(lengths), self._weighting.norm(LENGTHS, average)
            self._lengths[name] = known
        return known

    def _phrase(self, query: clauses.Phrase, within: Array | None) -> Found:
        # The rarest words first: few articles are left for those that stand everywhere.
        order = sorted(range(len(query.words)), key=lambda at: self._most(query.words[at]))
        for at in order:
            ids = self._reader.held(query.words[at]).ids
            if within is None:
                within = ids
            elif len(ids) * 2 < self._size:  # What stands nearly everywhere leaves out next to nothing.
                within = ids[self._reader.among(ids, within)]
            if not len(within):
                return _NONE
        assert within is not None
        ids = np.concatenate(
            [_NONE.ids, *(self._following(query, order, leaf, within) for leaf in self._leaves)]
        )
        scores = np.zeros(len(ids))
        for word in query.distinct():
            held = self._reader.held(word)
            scores += self._scores(word, ids, held.counts[self._reader.among(held.ids, ids)])
        return Found(ids, scores * query.boost)

    def places(self, phrase: clauses.Phrase) -> int:
        """At how many places the rarest word of a phrase stands; beginnings of words are left out of account."""
        words = [word for word in phrase.words if isinstance(word, wq.Term)] or phrase.words
        rarest = min(map(self._reader.held, words), key=lambda held: held.often)
        return int(rarest.counts.sum(dtype=np.int64))

    def _following(self, query: clauses.Phrase, order: Sequence[int], leaf: Leaf, ids: Array) -> Array:
        """Of these articles those of one segment in which the words follow one another."""
        first, last = np.searchsorted(ids, (leaf.base, leaf.base + leaf.size))
        words = [
            (at, field, leaf.forms(query.words[at]))
            for at in order
            if (field := leaf.field(query.words[at].fieldname)) is not None
        ]
        found: Array = following(words, ids[first:last] - leaf.base) + leaf.base
        return found

    def _numbers(self, keys: Collection[int]) -> Array:
        """The articles of these keys that are there, in order.

        Those asked for last are kept: most articles are unread, and who types on asks for them with each letter.
        """
        if (known := self._numbered) is not None and known[0] is keys:
            return known[1]
        if self._by_key is None:
            self._by_key = np.argsort(self._keys)
        wanted = np.fromiter(keys, np.int64)
        at = np.searchsorted(self._keys, wanted, sorter=self._by_key)
        wanted, found = wanted[at < self._size], self._by_key[at[at < self._size]]
        numbers = np.sort(np.compress(self._keys[found] == wanted, found))
        self._numbered = keys, numbers
        return numbers


def _parts(query: wq.Query) -> Iterator[wq.Query]:
    """What answers it, those of an OR in it among them; but for a plain word's, which come as one."""
    if isinstance(query, wq.Or) and not isinstance(query, clauses.Plain):
        for part in query.subqueries:
            yield from _parts(part)
    else:
        yield query


def _only(found: Found, kept: Array) -> Found:
    return Found(found.ids[kept], found.scores[kept])


def _unscored(wanted: Array, within: Array | None) -> Found:
    ids = np.flatnonzero(wanted) if within is None else within[wanted]
    return Found(ids, np.zeros(len(ids)))

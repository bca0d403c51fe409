"""The Whoosh queries that queries of ours are made of, beside Whoosh's own terms, AND and OR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from whoosh import matching
from whoosh import query as wq
from whoosh.util import make_binary_tree

if TYPE_CHECKING:
    from warreader.index.search.engine import Snapshot


class Documents(wq.Query):  # type: ignore[misc]
    """Articles by key, as a leaf of a Whoosh query: it restricts and adds ``score`` to each.

    ``member`` says whether a key is one of them.
    """

    def __init__(self, owner: Snapshot, member: Callable[[int], bool], score: float = 0.0) -> None:
        self.owner = owner
        self.member = member
        self.score = score
        self.boost = 1.0

    def is_leaf(self) -> bool:
        return True

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    estimate_min_size = estimate_size

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ARG002
        reader = searcher.reader()
        keys = self.owner.keys_of(reader)
        ids = [number for number in reader.all_doc_ids() if self.member(keys[number])]
        return matching.ListMatcher(
            ids, all_weights=self.score or None, weights=None if self.score else [0.0] * len(ids)
        )


class Union(wq.Query):  # type: ignore[misc]
    """Documents that hold any of very many terms of one field, each scored alike."""

    def __init__(self, fieldname: str, terms: Sequence[bytes], score: float) -> None:
        self.fieldname = fieldname
        self.terms_ = terms
        self.score = score
        self.boost = 1.0

    def is_leaf(self) -> bool:
        return True

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    estimate_min_size = estimate_size

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ARG002
        reader = searcher.reader()
        found: set[int] = set()
        for term in self.terms_:
            if (self.fieldname, term) in reader:
                found.update(reader.postings(self.fieldname, term).all_ids())
        ids = sorted(found)
        return matching.ListMatcher(ids, weights=[self.score] * len(ids))


class Phrase(wq.Query):  # type: ignore[misc]
    """Terms of one field that follow one another, scored as their sum.

    In place of Whoosh's own, which makes an object of every place of every word.
    """

    def __init__(self, fieldname: str, words: Sequence[str], boost: float) -> None:
        self.fieldname = fieldname
        self.words = [word.encode() for word in words]
        self.boost = boost

    def is_leaf(self) -> bool:
        return True

    def _terms(self) -> wq.Query:
        return wq.And([wq.Term(self.fieldname, word) for word in self.words])

    def estimate_size(self, ixreader: Any) -> int:
        return int(self._terms().estimate_size(ixreader))

    def estimate_min_size(self, ixreader: Any) -> int:  # noqa: ARG002
        return 0

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        reader = searcher.reader()
        if any((self.fieldname, word) not in reader for word in self.words):
            return matching.NullMatcher()
        # One matcher a word, however often the phrase repeats it.
        each = {
            word: wq.Term(self.fieldname, word).matcher(searcher, context)
            for word in dict.fromkeys(self.words)
        }
        both = make_binary_tree(matching.IntersectionMatcher, list(each.values()))
        ids: list[int] = []
        scores: list[float] = []
        while both.is_active():
            if _follow([each[word].value_as("positions") for word in self.words]):
                ids.append(both.id())
                scores.append(both.score() * self.boost)
            both.next()
        return matching.ListMatcher(ids, weights=scores)


def _follow(places: Sequence[Sequence[int]]) -> bool:
    """Whether some place of the first is followed by one of the second, and so on."""
    starts = set(places[0])
    for step, found in enumerate(places[1:], 1):
        starts.intersection_update([place - step for place in found])
        if not starts:
            return False
    return True


def term(field: str, text: str, boost: float = 1.0) -> wq.Query:
    """One term of one field."""
    return wq.Term(field, text.encode(), boost=boost)


def phrase(field: str, words: Sequence[str], boost: float = 1.0) -> wq.Query:
    """Stems that follow one another."""
    return Phrase(field, words, boost) if len(words) > 1 else term(field, words[0], boost)


def any_of(queries: Sequence[wq.Query]) -> wq.Query:
    """Any of them; none of them if empty."""
    return queries[0] if len(queries) == 1 else wq.Or(list(queries)) if queries else wq.NullQuery


def all_of(queries: Sequence[wq.Query]) -> wq.Query:
    """All of them."""
    return queries[0] if len(queries) == 1 else wq.And(list(queries))


class _WithoutMatcher(matching.AndNotMatcher):  # type: ignore[misc]
    """Whoosh's own looks, at its start, only at the first document of each side and lets others through."""

    def _find_first(self) -> None:
        if self.a.is_active() and self.b.is_active():
            self._find_next()


class Without(wq.AndNot):  # type: ignore[misc]
    """The first query without the second."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        unwanted = self.b.matcher(searcher, searcher.boolean_context())
        return _WithoutMatcher(self.a.matcher(searcher, context), unwanted)


def but_not(wanted: wq.Query, unwanted: wq.Query) -> wq.Query:
    """The first without the second."""
    return Without(wanted, unwanted)

"""The Whoosh queries that queries of ours are made of, beside Whoosh's own terms, AND and OR.

Each can be answered in two ways: by its matcher, on any Whoosh index of our schema, and
by :mod:`.executing`, over the arrays of our own segments. Tests hold one against the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from whoosh import matching
from whoosh import query as wq

from warreader.index.search.codec import FORM
from warreader.index.search.segment import LEDE


class _Leaf(wq.Query):  # type: ignore[misc]
    """A query that is answered at once."""

    boost = 1.0

    def is_leaf(self) -> bool:
        return True

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    def estimate_min_size(self, ixreader: Any) -> int:  # noqa: ARG002
        return 0


class Keys(_Leaf):
    """Articles by key, ``None`` for all; they restrict, and score nothing."""

    def __init__(self, keys: Collection[int] | None) -> None:
        self.keys = keys

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ARG002
        return _unscored(searcher.reader(), "key", lambda key: self.keys is None or key in self.keys)


class Dates(_Leaf):
    """Articles with a date from ``first`` to ``last``, as numbers (:func:`day`)."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ARG002
        return _unscored(searcher.reader(), "date", lambda day: self.first <= day <= self.last)


class Forms(_Leaf):
    """Any of several forms of one field, scored as if they were one word.

    Args:
        words: the forms.
        prefix: forms that begin so count too, unless they are among ``without``.
    """

    def __init__(
        self,
        fieldname: str,
        words: Iterable[str] = (),
        boost: float = 1.0,
        *,
        prefix: str | None = None,
        without: Iterable[str] = (),
    ) -> None:
        self.fieldname = fieldname
        self.words = tuple(word.encode() for word in words)
        self.boost = boost
        self.prefix = None if prefix is None else prefix.encode()
        self.without = frozenset(word.encode() for word in without)

    def expanded(self, reader: Any) -> set[bytes]:
        """The forms meant that the index has."""
        found = {word for word in self.words if (self.fieldname, word) in reader}
        if self.prefix is not None:
            found.update(set(reader.expand_prefix(self.fieldname, self.prefix)) - self.without)
        return found

    def counts(self, reader: Any) -> dict[int, float]:
        """How often they stand in each article."""
        found: dict[int, float] = {}
        for word in self.expanded(reader):
            postings = reader.postings(self.fieldname, word)
            while postings.is_active():
                found[postings.id()] = found.get(postings.id(), 0.0) + postings.weight()
                postings.next()
        return found

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ARG002
        whole = searcher.get_parent()
        weighting = whole.weighting
        idf = weighting.idf_of(whole.doc_count_all(), len(self.counts(whole.reader())))
        average = whole.avg_field_length(self.fieldname) or 1
        length = searcher.reader().doc_field_length
        counts = self.counts(searcher.reader())
        ids = sorted(counts)
        scores = [
            weighting.scores(idf, counts[doc], weighting.norm(length(doc, self.fieldname, 1), average))
            * self.boost
            for doc in ids
        ]
        return matching.ListMatcher(ids, weights=scores)


Word: TypeAlias = wq.Term | Forms


class Phrase(_Leaf):
    """Words that follow one another in one field, each by stem or by form, scored as their sum.

    In place of Whoosh's own, which makes an object of every place of every word.
    """

    def __init__(self, words: Sequence[Word], boost: float = 1.0) -> None:
        self.words = words
        self.boost = boost

    def distinct(self) -> list[Word]:
        """Each word once: what a phrase repeats does not score again."""
        return list({identity(word): word for word in self.words}.values())

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        places = [_places(searcher.reader(), word) for word in self.words]
        ids = sorted(doc for doc in places[0] if _follow([found.get(doc, []) for found in places]))
        scores = dict.fromkeys(ids, 0.0)
        for word in self.distinct():
            matcher = word.matcher(searcher, context)
            while matcher.is_active():
                if matcher.id() in scores:
                    scores[matcher.id()] += matcher.score()
                matcher.next()
        return matching.ListMatcher(ids, weights=[scores[doc] * self.boost for doc in ids])


def identity(word: Word) -> tuple[object, ...]:
    """What two words that mean the same have in common; boosts aside."""
    if isinstance(word, Forms):
        return word.fieldname, word.words, word.prefix, word.without
    return word.fieldname, word.text


def _places(reader: Any, word: Word) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for text in word.expanded(reader) if isinstance(word, Forms) else {word.text}:
        if (word.fieldname, text) in reader:
            postings = reader.postings(word.fieldname, text)
            while postings.is_active():
                found.setdefault(postings.id(), []).extend(postings.value_as("positions"))
                postings.next()
    return found


def _unscored(reader: Any, column: str, wanted: Any) -> Any:
    values = reader.column_reader(column)
    ids = [number for number in reader.all_doc_ids() if wanted(values[number])]
    return matching.ListMatcher(ids, weights=[0.0] * len(ids))


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


def phrase(words: Sequence[Word], boost: float = 1.0) -> wq.Query:
    """Words that follow one another."""
    if len(words) > 1:
        return Phrase(words, boost)
    return words[0].with_boost(words[0].boost * boost)


class _Either(wq.Or):  # type: ignore[misc]
    """Whoosh's own drops, among few documents, those that score nothing."""

    matcher_type = wq.Or.DEFAULT_MATCHER


class Plain(_Either):
    """A word of one form and one stem: the stem, weighing more where it is the form itself or stands in the lede.

    Most words asked for are such: their parts are made only where somebody looks at them.

    Args:
        boosts: of the stem and of the form by field.
        lede: that of the stem in the lede.
    """

    boost, minmatch, scale = 1.0, 0, None  # what Whoosh's own is made with

    def __init__(self, form: str, stem: str, boosts: Mapping[str, tuple[float, float]], lede: float) -> None:
        self.form, self.stem, self.boosts, self.lede = form, stem, boosts, lede

    @cached_property
    def subqueries(self) -> list[wq.Query]:
        found = []
        for field, (boost, exact) in self.boosts.items():
            found += [term(field, self.stem, boost), term(field + FORM, self.form, exact)]
        return [*found, term(LEDE, self.stem, self.lede)]


def any_of(queries: Sequence[wq.Query]) -> wq.Query:
    """Any of them; none of them if empty."""
    return queries[0] if len(queries) == 1 else _Either(list(queries)) if queries else wq.NullQuery


def all_of(queries: Sequence[wq.Query]) -> wq.Query:
    """All of them."""
    return queries[0] if len(queries) == 1 else wq.And(list(queries))


class _WithoutMatcher(matching.AndNotMatcher):  # type: ignore[misc]
    """Whoosh's own lets documents through at its start, and fails where it is skipped to its end."""

    def _find_first(self) -> None:
        if self.a.is_active() and self.b.is_active():
            self._find_next()

    def skip_to(self, id: int) -> None:
        if self.a.id() < id:
            self.a.skip_to(id)
            self._find_first()


class Without(wq.AndNot):  # type: ignore[misc]
    """The first query without the second."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        unwanted = self.b.matcher(searcher, searcher.boolean_context())
        return _WithoutMatcher(self.a.matcher(searcher, context), unwanted)


def but_not(wanted: wq.Query, unwanted: wq.Query) -> wq.Query:
    """The first without the second."""
    return Without(wanted, unwanted)


def day(date: str | None, *, end: bool = False) -> int:
    """An ISO 8601 date as a number that sorts: 2022-03-01 is 20220301, 2022-03 is 20220300; unknown is 0.

    Args:
        end: the last number of the year, month or day rather than the first.
    """
    digits = (date or "")[:10].replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in (4, 6, 8)):
        return 0
    return int(digits.ljust(8, "9" if end else "0"))

"""The Whoosh index: its schema, reading one commit of it, writing one.

Only this module and its neighbours ``sealing`` (files) and ``clauses`` (queries)
import Whoosh, and they are themselves imported when the index is first needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from itertools import accumulate
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import analysis, columns, fields, scoring
from whoosh import query as wq
from whoosh.index import TOC, FileIndex
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader
from whoosh.searching import Searcher
from whoosh.writing import SegmentWriter

from warreader.index.search import analyzer, clauses, merging
from warreader.index.search.analyzer import Vocabulary
from warreader.index.search.arrays import Array, ArrayFile, Damaged
from warreader.index.search.clauses import day
from warreader.index.search.codec import FORM, Codec, Segment
from warreader.index.search.executing import Executor
from warreader.index.search.gathering import Gathering
from warreader.index.search.reading import Leaf
from warreader.index.search.sealing import NAME, Sealed
from warreader.index.search.segment import LEDE, Fields

BOOSTS = {"text": 1.0, "title": 2.5, LEDE: 0.3, "outlet": 1.0, "author": 1.0}
"""Weight of a word by the field it stands in. What stands in the lede counts in the text, too."""

EXACT = 0.3
"""Weight of a word standing exactly as typed, added to that of its stem."""


_EQUAL = 1e-8
"""More than what rounding makes of equal scores."""

_STRETCH = 64
_MANY = 256
_STEPS, _KEYS = 1 << 40, (1 << 22) - 1  # what together fits into one number


class WordAnalyzer(analysis.Analyzer):  # type: ignore[misc]
    """:func:`warreader.index.search.analyzer.tokens` as Whoosh tokens, with positions and offsets.

    Args:
        stems: stems rather than forms.
        once: each no more than once.
    """

    def __init__(self, *, stems: bool, once: bool = False) -> None:
        self.stems = stems
        self.once = once

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, **options: Any
    ) -> Iterator[Any]:
        token = analysis.Token(positions=positions, chars=chars, **options)
        seen: set[str] = set()
        for start, end, position, term in analyzer.tokens(value):
            token.boost, token.stopped = 1.0, False
            if positions:
                token.pos = position
            if chars:
                token.startchar, token.endchar = start, end
            for form in term.forms:
                token.original = form
                token.text = analyzer.stem(form) if self.stems else form
                if not self.once or token.text not in seen:
                    seen.add(token.text)
                    yield token


class WordField(fields.TEXT):  # type: ignore[misc]
    """Words with positions: stems, or exact forms."""

    def __init__(self, *, stems: bool, once: bool = False) -> None:
        super().__init__(analyzer=WordAnalyzer(stems=stems, once=once), phrase=True)


def schema() -> Any:
    """The fields of the index; nothing is stored but the article's key and date, as numbers."""
    return fields.Schema(
        key=fields.COLUMN(columns.NumericColumn("q")),
        date=fields.COLUMN(columns.NumericColumn("q")),
        **{name: WordField(stems=True, once=name == LEDE) for name in BOOSTS},
        **{name + FORM: WordField(stems=False) for name in BOOSTS},
    )


class Weighting(scoring.BM25F):  # type: ignore[misc]
    """BM25F (Robertson and Zaragoza 2009) as Whoosh has it, per field, summed with :data:`BOOSTS`.

    Of a lede neither its length matters nor how often a word stands there.
    """

    def __init__(self) -> None:
        super().__init__(**{f"{LEDE}_B": 0.0})

    @staticmethod
    def idf_of(articles: int, holding: int) -> float:
        """The weight of a word that so many of all articles hold."""
        return log(articles / (holding + 1)) + 1

    def norm(self, lengths: Any, average: float) -> Any:
        """What an article's length does to its scores, for one length of the field or for an array of them."""
        return self.K1 * ((1 - self.B) + self.B * lengths / average)

    def scores(self, idf: float, counts: Any, norms: Any) -> Any:
        """The score of a word, for one article or for arrays of them: its counts there, the norms of the field."""
        return counts * (idf * (self.K1 + 1)) / (counts + norms)


class Snapshot:
    """One commit, opened for reading. Not thread-safe."""

    def __init__(self, storage: Sealed, generation: int) -> None:
        self.stamp = storage.stamp(generation)
        names = storage.verified(generation)
        toc = TOC.read(storage, NAME, gen=generation, schema=schema())
        for segment in toc.segments:
            if segment.filename not in names:
                raise Damaged(f"segment {segment.segment_id()} is missing")
        self.files = names
        self.segments: list[Segment] = toc.segments
        readers = [SegmentReader(storage, toc.schema, segment, generation) for segment in toc.segments]
        reader: IndexReader = (
            EmptyReader(toc.schema)
            if not readers
            else readers[0]
            if len(readers) == 1
            else MultiReader(readers, generation)
        )
        bases = accumulate((segment.count for segment in toc.segments), initial=0)
        self.leaves = [
            Leaf(storage.fields(segment.filename), segment, base)
            for segment, base in zip(toc.segments, bases, strict=False)
        ]
        self.searcher = Searcher(reader, weighting=Weighting())
        self._executor = Executor(self.searcher, self.leaves)

    def all_keys(self) -> list[int]:
        """Keys of all articles in the index; twice the same key would be a fault."""
        found: list[int] = self.run(clauses.Keys(None))[0].tolist()
        return found

    def prefixed(self, field: str, prefix: str) -> set[str]:
        """Forms of a field that begin so."""
        found: set[str] = set()
        for leaf in self.leaves:
            if (words := leaf.field(field)) is not None:
                found.update(word.decode() for word in words.words(*words.prefixed(prefix.encode())))
        return found

    def beginning(self, field: str, prefix: str) -> int:
        """How many articles hold each of the forms of a field that begin so, all added up."""
        fields = [words for leaf in self.leaves if (words := leaf.field(field)) is not None]
        return sum(words.holding(*words.prefixed(prefix.encode())) for words in fields)

    def places(self, phrase: clauses.Phrase) -> int:
        """At how many places the rarest word of a phrase stands: about so many are looked at."""
        return self._executor.places(phrase)

    def near(self, field: str, word: str, limit: int) -> set[str]:
        """Forms of a field that may be had from a word by changing so many letters, and some others."""
        found: set[str] = set()
        for leaf in self.leaves:
            if (forms := leaf.field(field)) is not None:
                found.update(forms.near(word.encode(), limit))
        return found

    def run(self, query: wq.Query) -> tuple[Array, Array]:
        """Keys and scores of the articles that answer the query, in no particular order."""
        ids, scores = self._executor.run(query)
        return self._executor.keys(ids), scores

    def matching(self, query: wq.Query) -> Array:
        """Keys of the articles that answer the query, in no particular order; nothing is scored."""
        return self._executor.keys(self._executor.matching(query))

    def ranked(self, query: wq.Query, limit: int | None = None) -> tuple[Array, Array, int]:
        """Keys and scores of so many of the best articles, equal scores by key, and how many answer in all."""
        if limit is not None and limit > 0:
            (ids, scores), total = self._executor.best(query, limit)
            if len(ids) > limit + _MANY:  # Fewer are put in order as soon as looked through.
                best = _best(scores, limit)
                ids, scores = ids[best], scores[best]
            keys = self._executor.keys(ids)
        else:
            keys, scores = self.run(query)
            total = len(keys)
        keys, scores = _in_order(keys, scores)
        return keys[:limit], scores[:limit], total

    def top(self, query: wq.Query, limit: int) -> tuple[list[tuple[int, float]], int]:
        """The same as :meth:`ranked`, in pairs."""
        keys, scores, total = self.ranked(query, limit)
        return list(zip(keys.tolist(), scores.tolist(), strict=True)), total


def _best(scores: Array, count: int) -> Array:
    """The places of so many of the highest scores, and of those equal to the lowest of them."""
    at: Array | None = None
    if len(scores) > _STRETCH * count:
        # So many are as high as the lowest of as many stretches' highest: what is lower is not looked at again.
        highest = np.maximum.reduceat(scores, np.arange(0, len(scores), _STRETCH))
        at = (scores >= np.partition(highest, -count)[-count] - _EQUAL).nonzero()[0]
        scores = scores[at]
    # Where most are equal, sorting is many times as quick as parting them.
    found: Array = (scores >= np.sort(scores)[-count] - _EQUAL).nonzero()[0]
    return found if at is None else at[found]


def _in_order(keys: Array, scores: Array) -> tuple[Array, Array]:
    """The highest scores first, equal ones by key.

    What differs in the last bits only, by the order of adding, is equal.
    """
    steps = np.rint(scores * 1e9)
    if len(keys) > _MANY and steps.max() < _STEPS and keys.max() <= _KEYS:
        # Both as one number: sorting numbers is many times as quick as sorting places by two of them.
        packed = ((_STEPS - steps.astype(np.int64)) * (_KEYS + 1)) + keys
        packed.sort()
        return packed & _KEYS, (_STEPS - packed // (_KEYS + 1)) / 1e9
    order = np.lexsort((keys, -steps))
    return keys[order], steps[order] / 1e9


def snapshot(storage: Sealed, *, whole: bool = False) -> Snapshot:
    """Open the newest commit.

    Args:
        whole: check all of it at once, rather than what is read when it is read.

    Raises:
        Damaged: there is none that may be opened.
    """
    reason: Exception | None = None
    # A writer may commit and remove the files of the commit being opened: look again then.
    for _ in range(20):
        generation = storage.generation()
        if generation < 0 or storage.directory.is_symlink():
            raise Damaged("there is no index")
        try:
            opened = Snapshot(storage, generation)
            if whole:
                storage.check(opened.files)
            return opened
        except Damaged:
            if storage.generation() == generation:
                raise
        except Exception as error:  # Whoosh answers damage with errors of any kind.
            reason = error
            if storage.generation() == generation:
                break
    raise Damaged(f"it can't be opened ({reason})") from reason


class Writer:
    """One commit. Use as a context manager: committed at its end, cancelled by an error.

    Args:
        vocabulary: kept from one commit to the next, so that words are analysed once.
    """

    def __init__(self, storage: Sealed, vocabulary: Vocabulary) -> None:
        self._storage = storage
        self._gathered = Gathering(vocabulary)
        self._removed: set[int] = set()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            commit(self._storage, _written(self._storage.directory, self._gathered), self._removed)

    @property
    def full(self) -> bool:
        """Whether it is time to commit."""
        return self._gathered.full

    def remove(self, keys: Collection[int]) -> None:
        """Take articles out; nothing happens if they aren't in."""
        self._removed.update(keys)

    def add(self, key: int, date: str | None, **texts: str | None) -> None:
        """Put an article in that is not in; texts by field, furniture left out."""
        self._gathered.add(key, day(date), texts)


def build(
    directory: Path,
    vocabulary: Vocabulary,
    articles: Iterable[tuple[int, str | None, Mapping[str, str | None]]],
) -> Segment:
    """Write articles (key, date, texts by field) as a segment that :func:`commit` takes into the index."""
    gathered = Gathering(vocabulary)
    for key, date, texts in articles:
        gathered.add(key, day(date), texts)
    return _written(directory, gathered)


def _written(directory: Path, gathered: Gathering) -> Segment:
    segment = Segment(NAME)
    segment.count, segment.size = len(gathered), gathered.size
    gathered.write((directory / passing(segment)).open("wb"))
    return segment


def commit(storage: Sealed, segment: Segment, stale: Collection[int] = ()) -> None:
    """Take a segment that was built into the index, and these articles out of what was there before."""
    writer = _committer(storage)
    try:
        _remove(storage, writer.segments, stale)
        _take(storage, segment)
    except BaseException:
        writer.cancel()
        raise
    new = [segment] if segment.count else []
    writer.commit(mergetype=lambda _, segments: [s for s in segments if s.doc_count()] + new)


def passing(segment: Segment) -> str:
    """The name of a segment's file until it is committed: one that Whoosh does not take for a segment's, left over."""
    return f"new-{segment.filename}.tmp"


def _take(storage: Sealed, segment: Segment) -> None:
    path = storage.directory / passing(segment)
    if segment.count:
        path.replace(storage.directory / segment.filename)
    else:
        path.unlink()


def _remove(storage: Sealed, segments: Iterable[Segment], keys: Collection[int]) -> None:
    if keys:
        wanted = np.fromiter(keys, np.int64)
        for segment in segments:
            held = storage.fields(segment.filename).file["key"]
            for number in np.flatnonzero(np.isin(held, wanted)).tolist():
                segment.delete_document(number)


def _committer(storage: Sealed) -> Any:
    """Whoosh's own writer: it adds nothing, and commits the segments that it is told."""
    if storage.generation() < 0:
        TOC.create(storage, schema(), NAME)
    return SegmentWriter(FileIndex(storage, schema(), NAME), timeout=30.0, codec=Codec())


def merge(storage: Sealed, *, most: int = 1) -> bool:
    """Merge segments if there are more than so many, some of them small; returns whether there were.

    A commit of its own, so that what was added is found before. Broken off, it leaves all as it was.
    """
    toc = TOC.read(storage, NAME, gen=storage.generation(), schema=schema())
    old: list[Segment] = merging.due(toc.segments, most)
    if not old:
        return False
    new = Segment(NAME)
    with ExitStack() as stack:
        sources = []
        for segment in old:
            file = stack.enter_context(closing(ArrayFile(storage.directory / segment.filename, mapped=False)))
            live = np.ones(segment.count, np.bool_)
            live[sorted(segment.deleted)] = False
            sources.append(merging.Source(Fields(file), live))
        merging.merge(stack.enter_context((storage.directory / passing(new)).open("w+b")), sources)
    new.count = sum(int(live.sum()) for _, live in sources)
    new.size = sum(segment.size for segment in old)
    writer = _committer(storage)
    _take(storage, new)
    writer.commit(mergetype=lambda _, segments: [s for s in segments if s not in old] + [new])
    return True

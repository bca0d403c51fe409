"""Answering a query that was read: over the newest commit of the index, and over what the library itself answers."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from warreader.index.article import Span
from warreader.index.errors import LibraryError
from warreader.index.search.arrays import Array, Damaged
from warreader.index.search.catalogue import Catalogues, Order
from warreader.index.search.fields import FieldSource
from warreader.index.search.indexing import Indexing
from warreader.index.search.query import How, Node, Sourced, Words, leaves

if TYPE_CHECKING:
    from whoosh.query import Query

    from warreader.index.search.engine import Snapshot
    from warreader.index.search.sealing import Sealed


_T = TypeVar("_T")


@dataclass(slots=True)
class Asked:
    """One query being answered: its problem, what library fields have answered so far, and what was left out."""

    query: str
    problem: str | None = None
    problem_at: int | None = None
    answers: dict[Sourced, set[int]] = field(default_factory=dict)
    used: Node | None = None
    """The query without what was left out, if anything was."""

    def fail(self, problem: str, at: int | None = None) -> None:
        """Keep the first problem; one of reading the query comes before one of answering it."""
        if self.problem is None:
            self.problem, self.problem_at = problem, at


class Found(NamedTuple):
    """Articles by key, in the order asked for, with their scores, and how many answer in all."""

    keys: Array
    scores: Array
    total: int


_OWN = frozenset({"tag", "note", "is:annotated", "is:starred", "is:older"})
"""What finds older versions of articles too: the reader's marks on them, and what names them."""

_NO_VERSIONS: frozenset[int] = frozenset()
_NOTHING = Found(np.empty(0, np.int64), np.empty(0), 0)


class Answering:
    """Answers trees of queries over one index. Used from several threads, one at a time (:meth:`opened`).

    Args:
        directory: where the index is.
        indexing: what writes it, and its key.
        catalogues: the articles of the library, for orders.
        sources: what answers fields that the index doesn't.
    """

    def __init__(
        self, directory: Path, indexing: Indexing, catalogues: Catalogues, sources: Mapping[str, FieldSource]
    ) -> None:
        self.directory = directory
        self._indexing = indexing
        self._catalogues = catalogues
        self._sources = sources
        self._lock = threading.RLock()
        self._snapshot: Snapshot | None = None
        self._last: tuple[Snapshot, Node, frozenset[int], Query] | None = None
        # Files as they are read; as they are written, the indexing has them: two threads may be at it.
        self._storage: Sealed | None = None

    @contextmanager
    def opened(self, asked: Asked | None = None) -> Iterator[Snapshot | None]:
        """The newest commit, opened once; ``None``, and the reason told, where there is none to trust."""
        with self._lock:
            yield self._open(asked)

    def found(self, node: Node, limit: int | None, asked: Asked, order: Order = Order.RELEVANCE) -> Found:
        """So many of the articles that answer (all: ``None``) in an order.

        Words rank by BM25F; what asks for no word has scores of 1, and by relevance comes newest first.
        """
        found = self._tried(asked, lambda opened: self._answered(opened, node, limit, asked, order))
        return _NOTHING if found is None else found

    def matching(self, node: Node, asked: Asked) -> Array:
        """Keys of all articles that answer, in no particular order."""
        found = self._tried(asked, lambda opened: opened.matching(self._compiled(opened, node, asked)))
        return _NOTHING.keys if found is None else found

    def _tried(self, asked: Asked, ask: Callable[[Snapshot], _T]) -> _T | None:
        """Ask the newest commit, once more where it is found to be damaged; ``None`` where there is none to trust."""
        with self._lock:
            for _ in range(2):
                if (snapshot := self._open(asked)) is None:
                    break
                try:
                    return ask(snapshot)
                except Damaged:
                    self._snapshot = self._last = None
                    self._mend(asked)
        return None

    def spans(self, leaf: Sourced, key: int) -> Sequence[Span]:
        """Where an article answers a field that the index doesn't."""
        source = self._source(leaf)
        with suppress(LibraryError, sqlite3.Error):
            return source.spans(leaf.value, key) if source is not None else ()
        return ()

    def _answered(
        self, snapshot: Snapshot, node: Node, limit: int | None, asked: Asked, order: Order
    ) -> Found:
        compiled = self._compiled(snapshot, node, asked)
        scored = any(isinstance(leaf, Words) for leaf in leaves(node, negated=False))
        if scored and order is Order.RELEVANCE:
            return Found(*snapshot.ranked(compiled, limit))
        keys, scores = snapshot.run(compiled)
        if not scored:
            scores = np.ones(len(keys))
            order = Order.NEWEST if order is Order.RELEVANCE else order
        ordered = self._catalogues.sorted(keys, order)[:limit]
        by_key = np.argsort(keys)
        at = by_key[np.searchsorted(keys, ordered, sorter=by_key)] if len(keys) else by_key
        return Found(ordered, scores[at], len(keys))

    def _compiled(self, snapshot: Snapshot, node: Node, asked: Asked) -> Query:
        """The query; the last one as it was, if it asks the index alone: facets are asked for after results."""
        sourced = (
            [] if isinstance(node, Words) else [leaf for leaf in leaves(node) if isinstance(leaf, Sourced)]
        )
        older = self._replaced(sourced)
        if (last := self._last) is not None and last[0] is snapshot and last[1] == node and last[2] is older:
            return last[3]
        from warreader.index.search.clauses import Keys, but_not
        from warreader.index.search.compiling import Compiler

        left_out: list[Words] = []
        compiler = Compiler(snapshot, lambda leaf: self._answer(leaf, asked), left_out.append)
        compiled = compiler.compile(node)
        asked.used = compiler.used if left_out else None
        if left_out:
            asked.fail(*_told(list(dict.fromkeys(left_out)), asked.query))
        if older:
            compiled = but_not(compiled, Keys(older))
        if not left_out and not sourced:
            self._last = snapshot, node, older, compiled
        return compiled

    def _replaced(self, sourced: Sequence[Sourced]) -> frozenset[int]:
        """The versions that newer ones replaced: they answer those who ask for them, or for their own marks."""
        for leaf in sourced:
            if leaf.field in _OWN or f"{leaf.field}:{leaf.value}" in _OWN:
                return _NO_VERSIONS
        return self._catalogues.older()

    def _source(self, leaf: Sourced) -> FieldSource | None:
        if leaf.field == "is":
            return self._sources.get(f"is:{leaf.value}")
        return (self._sources.get(f"{leaf.field}=") if leaf.exact else None) or self._sources.get(leaf.field)

    def _answer(self, leaf: Sourced, asked: Asked) -> set[int]:
        if (known := asked.answers.get(leaf)) is None:
            source = self._source(leaf)
            name = f"is:{leaf.value}" if leaf.field == "is" else f"{leaf.field}:"
            known = set()
            if source is None:
                at = asked.query.lower().find(f"{leaf.field}:")
                asked.fail(f"{name} can't be answered here: nothing in this library keeps it", max(at, 0))
            else:
                try:
                    known = source.articles(leaf.value)
                except (LibraryError, sqlite3.Error) as error:
                    asked.fail(f"{name} finds nothing, it could not be looked up: {error}")
            asked.answers[leaf] = known
        return known

    def _open(self, asked: Asked | None) -> Snapshot | None:
        storage = self._storage
        if storage is not None and self._snapshot is not None and self._snapshot.stamp == storage.newest():
            return self._snapshot
        from warreader.index.search import engine, sealing

        if storage is None:
            storage = self._storage = sealing.Sealed(self.directory, self._indexing.key())
        try:
            self._snapshot, self._last = engine.snapshot(storage), None
            storage.keep(self._snapshot.files)
        except Damaged:
            if self._snapshot is None:
                self._mend(asked)
        return self._snapshot

    def _mend(self, asked: Asked | None) -> None:
        from warreader.index.search import engine

        if self._indexing.build_at_once():
            assert self._storage is not None
            with suppress(Damaged):
                self._snapshot = engine.snapshot(self._storage)
                return
        if asked is not None:
            asked.fail(
                "the search index is missing or not to be trusted and is being built anew;"
                " to build it now: warreader check --repair"
            )


def _told(left_out: Sequence[Words], query: str) -> tuple[str, int | None]:
    """That words of a query are left out, the first by name, and where it stands in the query."""
    words, more = left_out[0], len(left_out) - 1
    several = f" and {more} more are left out" if more else " is left out"
    if words.how is How.PREFIX:
        told = f"{words.text}*{several}, as too many words begin so: write more of it"
        at = query.lower().find(f"{words.text.lower()}*")
    else:
        their = "their" if more else "its"
        told = (
            f'"{words.text[:40]}"{several}, as {their} words stand in too many places: ask for fewer phrases'
        )
        at = query.lower().find(words.text.lower())
    return told, at if at >= 0 else None

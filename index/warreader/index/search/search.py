"""Search over a library: bringing the index up to date, answering queries, lighting an article."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warreader.index.article import Line, Progress, SearchHit, SearchResult, Snippet, Span, lines_of
from warreader.index.errors import NotFoundError
from warreader.index.search import lexis
from warreader.index.search.analyzer import terms, tokens
from warreader.index.search.catalogue import Catalogues, Order
from warreader.index.search.completion import Completer
from warreader.index.search.facets import Facets, TagsOf
from warreader.index.search.fields import FieldSource, library_sources
from warreader.index.search.indexing import Indexing
from warreader.index.search.lighting import light, merged
from warreader.index.search.names import Find, Names
from warreader.index.search.query import How, Node, Parsed, Sourced, Words, leaves, parse
from warreader.index.search.saved import Searches
from warreader.index.search.snippets import snippets as make_snippets
from warreader.index.search.widening import Also, widened
from warreader.index.storage import Database

if TYPE_CHECKING:
    from warreader.index.search.arrays import Array
    from warreader.index.search.engine import Snapshot
    from warreader.index.search.sealing import Sealed

BEGINNING = 2500
"""Snippets are looked for in so many code points first: readers of news want them early, and soon."""

LONGEST = 4000
"""Queries are read up to this many code points."""

_ALL = 1 << 62
_BRIEF = "key, id, title, outlet, date"
_COLUMNS = "key, id, title, outlet, author, date, text, kinds, digest"


@dataclass(frozen=True, slots=True)
class Answer:
    """All articles that answer a query: what facets, further orders and other panes go by.

    ``keys`` are the articles' keys in ``library.sqlite``, best first; those of older versions are among them.
    ``problem`` is as in :class:`~warreader.index.article.SearchResult`.
    """

    query: str
    keys: Array
    understood: str = ""
    problem: str | None = None

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def json(self) -> str:
        """The keys as SQL takes them: ``article IN (SELECT value FROM json_each(?))``."""
        return json.dumps(self.keys.tolist())


@dataclass(slots=True)
class _Asked:
    """One query being answered: its problem, and what library fields have answered so far."""

    query: str
    problem: str | None
    problem_at: int | None
    answers: dict[Sourced, set[int]]

    def fail(self, problem: str, at: int | None = None) -> None:
        """Keep the first problem; one of reading the query comes before one of answering it."""
        if self.problem is None:
            self.problem, self.problem_at = problem, at


class Search:
    """The search index of one library. Safe to use from several threads and beside a writing process.

    Args:
        directory: where the index lives; everything in it can be rebuilt from ``database``.
        database: ``library.sqlite``.
        fields: sources of further fields (``tag``, ``note``, ``is:annotated``) or in place of
            the library's own, by field; states of ``is:`` under their whole name.
        find: knows entities by aliases that stand in no article.
        secret: the user's half of the key that seals the index; from the user's state folder if absent.
        tags: the reader's tags, as a facet.
    """

    def __init__(
        self,
        directory: Path,
        database: Database,
        fields: Mapping[str, FieldSource] | None = None,
        *,
        find: Find | None = None,
        secret: bytes | None = None,
        tags: TagsOf | None = None,
    ) -> None:
        self.directory = directory
        self._database = database
        self._indexing = Indexing(directory, database, secret)
        self._catalogues = Catalogues(database)
        self.facets = Facets(database, self._catalogues, tags)
        self.searches = Searches(database, self.answer)
        self.completer = Completer(
            database, self._catalogues, self.facets, self._begun, tags, self.searches.recent
        )
        self.names = Names(database, find)
        self._sources = {**library_sources(database, self.names), **(fields or {})}
        self._lock = threading.RLock()
        self._snapshot: Snapshot | None = None
        # Files as they are read; as they are written, the indexing has them: two threads may be at it.
        self._storage: Sealed | None = None

    def due(self) -> int:
        """How many articles the index has yet to take in."""
        return self._indexing.due()

    def update(self, progress: Callable[[Progress], None] | None = None, *, settle: bool = True) -> int:
        """Take in what is new or changed, take out what was deleted; returns how many articles were indexed.

        Killed at any point, it goes on when run again. An index that is missing,
        damaged or was not made by this user for this library is built anew.

        Args:
            settle: merge what is there into a few segments at the end; without, as while more
                articles come, only where there are very many.

        Raises:
            LibraryBusyError: another process is writing the index and doesn't end.
        """
        return self._indexing.update(progress, settle=settle)

    def rebuild(self, progress: Callable[[Progress], None] | None = None) -> int:
        """Build the index anew from ``library.sqlite``; returns how many articles were indexed."""
        return self._indexing.rebuild(progress)

    def check(self) -> list[str]:
        """What is wrong with the index; all of it :meth:`rebuild` or :meth:`update` mends.

        What it has yet to take in is not wrong: :meth:`due` counts it.
        """
        return self._indexing.check()

    # -- reading ---------------------------------------------------------------

    def search(
        self,
        query: str,
        limit: int = 50,
        as_you_type: bool = False,
        snippets: bool = True,
        order: Order = Order.RELEVANCE,
    ) -> SearchResult:
        """The articles that answer the query, best first.

        Words and phrases rank by BM25F; a query of other fields alone lists the newest
        first, each with score 1. Nothing in a query raises: what could not be read is
        told in ``problem``.

        Args:
            limit: how many hits to return at most; ``total`` counts all.
            as_you_type: the last word is found as a prefix too, unless a space follows it.
            snippets: whether hits carry snippets.
            order: of all articles that answer, not just of those returned.
        """
        parsed = _parse(query, as_you_type)
        asked = _Asked(query, parsed.problem, parsed.problem_at, {})
        if parsed.node is None:
            return SearchResult(query, (), 0, "", parsed.problem, parsed.problem_at)
        with self._lock:
            node, also = self._widened(parsed.node)
            found, total = self._found(node, max(0, limit), asked, order)
            meant = self._meant(parsed, query) if total <= lexis.RARE else None
        hits = self._hits(found, node, snippets)
        told = [(one.name, one.others) for one in also]
        return SearchResult(
            query, hits, total, parsed.understood, asked.problem, asked.problem_at, tuple(told), meant
        )

    def best(self, query: str, limit: int = 50) -> tuple[list[tuple[int, float]], int]:
        """Keys and scores of the articles that answer the query, best first, and how many do in all."""
        parsed = _parse(query, typing=False)
        if parsed.node is None:
            return [], 0
        with self._lock:
            return self._found(parsed.node, limit, _Asked(query, None, None, {}), Order.RELEVANCE)

    def answer(self, query: str, as_you_type: bool = False, order: Order = Order.RELEVANCE) -> Answer:
        """All articles that answer the query, without looking into any of them.

        This is the query as a scope: what another pane is to be limited to. Nothing in a query raises.

        Args:
            as_you_type: as for :meth:`search`.
            order: as for :meth:`search`.
        """
        from warreader.index.search.arrays import as_keys

        parsed = _parse(query, as_you_type)
        asked = _Asked(query, parsed.problem, parsed.problem_at, {})
        keys: Sequence[int] = ()
        if parsed.node is not None:
            with self._lock:
                node, _ = self._widened(parsed.node)
                found, _ = self._found(node, None, asked, order)
            keys = [key for key, _ in found]
        return Answer(query, as_keys(keys), parsed.understood, asked.problem)

    def settled(self, query: str) -> str:
        """The query as one that is no longer being typed: a beginning of a word that isn't one gets its ``*``."""
        typed = parse(query, typing=True).node
        if typed is None or typed == (plain := parse(query).node) or not query[-1:].isalnum():
            return query.rstrip()
        assert plain is not None
        few, many = len(self.answer(query)), len(self.answer(query, as_you_type=True))
        last = leaves(typed)[-1]
        is_word = isinstance(last, Words) and last.how is How.WORD
        return f"{query}*" if few * 2 < many and is_word else query

    def _begun(self, prefix: str, most: int) -> list[str]:
        """Words of the index that begin so, the commonest first."""
        with self._lock:
            snapshot = self._open(None)
            return lexis.begun(snapshot, prefix, most) if snapshot is not None else []

    def ids(self, keys: Array) -> list[str]:
        """Ids of articles by their keys, in the same order; of those that are gone there is none."""
        return self._catalogues.now().ids_of(keys)

    def spans(self, query: str, article_id: str, as_you_type: bool = False) -> list[Span]:
        """All places in one article that answer the query, in order, none overlapping.

        Args:
            as_you_type: as for :meth:`search`.

        Raises:
            NotFoundError: there is no such article.
        """
        row = self._database.connection.execute(
            "SELECT key, text FROM article WHERE id = ?", (_clean(article_id),)
        ).fetchone()
        if row is None:
            raise NotFoundError(f"{article_id}: there is no such article; see: warreader export articles")
        node = _parse(query, as_you_type).node
        if node is None:
            return []
        with self._lock:
            node, _ = self._widened(node)
        lines = _lines(self._database, row["key"])
        return merged(light(node, row["text"], lines, self._lit_by(row["key"])))

    def _widened(self, node: Node) -> tuple[Node, tuple[Also, ...]]:
        return widened(node, self._other_names)

    def _other_names(self, name: str) -> list[str]:
        """Other names that some article holds, those that most hold first."""
        if not (others := self.names.others(name)) or (snapshot := self._open(None)) is None:
            return []
        held = [
            (min((lexis.holding_term(snapshot, t) for t in terms(other)), default=0), other)
            for other in others
        ]
        return [other for count, other in sorted(held, key=lambda pair: (-pair[0], pair[1])) if count]

    def _meant(self, parsed: Parsed, query: str) -> str | None:
        """The query with words in place of those that are probably slips; ``None`` if there are none."""
        if (snapshot := self._open(None)) is None:
            return None
        better = query
        for start, end, words in reversed(parsed.words):
            if words.how not in (How.WORD, How.PHRASE):
                continue
            for token in reversed(list(tokens(query[start:end]))):
                word = query[start + token.start : start + token.end]
                if (other := lexis.meant(snapshot, word, self.names.known)) is not None:
                    better = better[: start + token.start] + other + better[start + token.end :]
        return better if better != query else None

    def _found(
        self, node: Node, limit: int | None, asked: _Asked, order: Order
    ) -> tuple[list[tuple[int, float]], int]:
        """Keys and scores of so many articles (all: ``None``) in an order, and how many there are in all."""
        from warreader.index.search.arrays import Damaged

        for _ in range(2):
            if (snapshot := self._open(asked)) is None:
                break
            try:
                return self._answered(snapshot, node, limit, asked, order)
            except Damaged:
                self._snapshot = None
                self._mend(asked)
        return [], 0

    def _answered(
        self, snapshot: Snapshot, node: Node, limit: int | None, asked: _Asked, order: Order
    ) -> tuple[list[tuple[int, float]], int]:
        from warreader.index.search.arrays import as_keys
        from warreader.index.search.compiling import Compiler

        compiled = Compiler(snapshot, lambda leaf: self._answer(leaf, asked)).compile(node)
        scored = any(isinstance(leaf, Words) for leaf in leaves(node, negated=False))
        if scored and order is Order.RELEVANCE:
            return snapshot.top(compiled, _ALL if limit is None else limit)
        if scored:
            found, total = snapshot.top(compiled, _ALL)
            scores = dict(found)
        else:
            scores = dict.fromkeys(snapshot.run(compiled), 1.0)
            total = len(scores)
            order = Order.NEWEST if order is Order.RELEVANCE else order
        keys = self._catalogues.sorted(as_keys(scores), order).tolist()
        return [(key, scores[key]) for key in keys[:limit]], total

    def _hits(self, found: list[tuple[int, float]], node: Node, snippets: bool) -> tuple[SearchHit, ...]:
        rows = {
            row["key"]: row
            for row in self._database.connection.execute(
                f"SELECT {_COLUMNS if snippets else _BRIEF} FROM article"
                " WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps([key for key, _ in found]),),
            )
        }
        hits = []
        for key, score in found:
            # An article deleted since the index was written is no hit.
            if (row := rows.get(key)) is None:
                continue
            shown: tuple[Snippet, ...] = ()
            if snippets:
                shown = self._shown(node, key, row["text"], row["kinds"])
            hits.append(
                SearchHit(
                    row["id"],
                    row["title"] or row["id"],
                    row["outlet"],
                    row["date"],
                    round(score, 4),
                    shown,
                    key,
                )
            )
        return tuple(hits)

    def _shown(self, node: Node, key: int, text: str, kinds: str) -> tuple[Snippet, ...]:
        """Snippets, from the beginning of a long article where that answers the whole query."""
        lines = lines_of(text, kinds)
        return make_snippets(text, lines, light(node, text, lines, self._lit_by(key), enough=BEGINNING))

    def _source(self, leaf: Sourced) -> FieldSource | None:
        if leaf.field == "is":
            return self._sources.get(f"is:{leaf.value}")
        return (self._sources.get(f"{leaf.field}=") if leaf.exact else None) or self._sources.get(leaf.field)

    def _answer(self, leaf: Sourced, asked: _Asked) -> set[int]:
        if (known := asked.answers.get(leaf)) is None:
            source = self._source(leaf)
            known = set()
            if source is None:
                name = f"is:{leaf.value}" if leaf.field == "is" else f"{leaf.field}:"
                at = asked.query.lower().find(f"{leaf.field}:")
                asked.fail(f"{name} can't be answered here: nothing in this library keeps it", max(at, 0))
            else:
                try:
                    known = source.articles(leaf.value)
                except sqlite3.Error as error:
                    asked.fail(f"{leaf.field}: could not be looked up ({error})")
            asked.answers[leaf] = known
        return known

    def _lit_by(self, key: int) -> Callable[[Sourced], Sequence[Span]]:
        def spans(leaf: Sourced) -> Sequence[Span]:
            source = self._source(leaf)
            with suppress(sqlite3.Error):
                return source.spans(leaf.value, key) if source is not None else ()
            return ()

        return spans

    def _open(self, asked: _Asked | None) -> Snapshot | None:
        """The newest commit, opened once; ``None``, and the reason told, where there is none to trust."""
        from warreader.index.search import engine, sealing
        from warreader.index.search.arrays import Damaged

        if self._storage is None:
            self._storage = sealing.Sealed(self.directory, self._indexing.key())
        storage = self._storage
        if self._snapshot is not None and self._snapshot.stamp == storage.newest():
            return self._snapshot
        try:
            self._snapshot = engine.snapshot(storage)
            storage.keep(self._snapshot.files)
        except Damaged:
            if self._snapshot is None:
                self._mend(asked)
        return self._snapshot

    def _mend(self, asked: _Asked | None) -> None:
        from warreader.index.search import engine
        from warreader.index.search.arrays import Damaged

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


def _parse(query: str, typing: bool) -> Parsed:
    query = _clean(query)
    parsed = parse(query[:LONGEST], typing=typing)
    if len(query) > LONGEST and parsed.problem is None:
        return Parsed(parsed.node, f"only the first {LONGEST} characters of the query are read", LONGEST)
    return parsed


def _clean(text: str) -> str:
    """The text without lone surrogates, which no database takes; as long as before."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _lines(database: Database, key: int) -> tuple[Line, ...]:
    row = database.connection.execute("SELECT text, kinds FROM article WHERE key = ?", (key,)).fetchone()
    return lines_of(row[0], row[1]) if row else ()

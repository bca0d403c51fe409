"""Search over a library: bringing the index up to date, answering queries, lighting an article."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice, product, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from warreader.index.article import (
    Line,
    Progress,
    SearchHit,
    SearchResult,
    Snippet,
    Span,
    lines_of,
)
from warreader.index.errors import LibraryBusyError, NotFoundError
from warreader.index.search.fields import FieldSource, Find, library_sources
from warreader.index.search.lighting import light, merged
from warreader.index.search.query import Node, Parsed, Sourced, Words, leaves, parse
from warreader.index.search.secret import seal_key
from warreader.index.search.snippets import snippets as make_snippets
from warreader.index.storage import Database

if TYPE_CHECKING:
    from warreader.index.search.analyzer import Vocabulary
    from warreader.index.search.engine import Snapshot
    from warreader.index.search.sealing import Sealed

STAGE = "search"
VERSION = 2
"""Version of the analysis; with a higher one every article is indexed again."""

BATCH_ARTICLES = 10_000
"""So many articles are committed at once, unless they have too many words."""

BATCH_SECONDS = 1.0
"""What was indexed is found after about so long."""

_READ = 50
"""Articles read from the library at once."""

BEGINNING = 4000
"""Snippets are looked for in so many code points first: readers of news want them early, and soon."""

AT_ONCE = 300
"""A missing index of so few articles is built when first searched, without waiting to be asked."""

LONGEST = 4000
"""Queries are read up to this many code points."""

WAIT_SECONDS = 30.0
_SPELLINGS = 64
_SEEN = ("key", "id", "digest", "title", "outlet", "author", "date")
_BRIEF = "key, id, title, outlet, date"
_COLUMNS = "key, id, title, outlet, author, date, text, kinds, digest"


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
    """

    def __init__(
        self,
        directory: Path,
        database: Database,
        fields: Mapping[str, FieldSource] | None = None,
        *,
        find: Find | None = None,
        secret: bytes | None = None,
    ) -> None:
        self.directory = directory
        self._database = database
        self._secret = secret
        self._sources = {**library_sources(database, self._holding, find), **(fields or {})}
        self._lock = threading.RLock()
        self._snapshot: Snapshot | None = None
        # Files as they are read and as they are written: two threads may be at it.
        self._storage: Sealed | None = None
        self._written: Sealed | None = None
        self._vocabulary: Vocabulary | None = None
        self._known: tuple[object, set[int]] | None = None

    # -- writing ---------------------------------------------------------------

    def due(self) -> int:
        """How many articles the index has yet to take in."""
        row = self._database.connection.execute(
            "SELECT count(*) FROM article WHERE NOT EXISTS"
            " (SELECT 1 FROM derived WHERE stage = ? AND article = key AND version = ?)",
            (STAGE, VERSION),
        ).fetchone()
        return int(row[0])

    def update(self, progress: Callable[[Progress], None] | None = None) -> int:
        """Take in what is new or changed, take out what was deleted; returns how many articles were indexed.

        Killed at any point, it goes on when run again. An index that is missing,
        damaged or was not made by this user for this library is built anew.

        Raises:
            LibraryBusyError: another process is writing the index and doesn't end.
        """
        with self._writing() as storage:
            return self._bring(storage, progress or (lambda _: None))

    def rebuild(self, progress: Callable[[Progress], None] | None = None) -> int:
        """Build the index anew from ``library.sqlite``; returns how many articles were indexed."""
        with self._writing() as storage:
            self._discard()
            return self._bring(storage, progress or (lambda _: None))

    def check(self) -> list[str]:
        """What is wrong with the index; all of it :meth:`rebuild` or :meth:`update` mends.

        What it has yet to take in is not wrong: :meth:`due` counts it.
        """
        from warreader.index.search import engine
        from warreader.index.search.arrays import Damaged
        from warreader.index.search.sealing import Sealed

        try:
            keys = engine.snapshot(Sealed(self.directory, self._key()), whole=True).all_keys()
        except Damaged as error:
            # Before anything was taken in, there is none to be damaged.
            return [f"the index can't be used: {error}"] if self.due() < self._count() else []
        found: list[str] = []
        there, known = set(keys), self._all() - set(self._waiting())
        if len(keys) > len(there):
            found.append(f"{len(keys) - len(there)} articles are in the index twice")
        if known - there:
            found.append(f"{len(known - there)} articles are missing from the index")
        if gone := there - self._all():
            found.append(f"{len(gone)} articles in the index are no longer in the library")
        return found

    def _bring(self, storage: Sealed, progress: Callable[[Progress], None]) -> int:
        from warreader.index.search import analyzer, engine

        indexed = self._indexed(storage)
        due, stale = self._to_do(indexed)
        if self._vocabulary is None:
            self._vocabulary = analyzer.Vocabulary()
        articles = self._articles(due)
        if due:
            progress(Progress(STAGE, 0, len(due)))
        done = 0
        more = bool(stale) or storage.generation() < 0
        while done < len(due) or more:
            began = time.monotonic()
            batch: list[tuple[object, ...]] = []
            with engine.Writer(storage, self._vocabulary) as writer:
                writer.remove(stale)
                for row in articles:
                    if row["key"] in indexed:
                        writer.remove([row["key"]])
                    text = _unfurnished(row["text"], row["kinds"])
                    names = {name: row[name] for name in ("title", "outlet", "author")}
                    writer.add(row["key"], row["date"], text=text, **names)
                    batch.append(tuple(row[name] for name in _SEEN))
                    progress(Progress(STAGE, done + len(batch), len(due), row["id"]))
                    late = time.monotonic() - began > BATCH_SECONDS
                    if writer.full or late or len(batch) >= BATCH_ARTICLES:
                        break
            self._mark(batch)
            # Texts that were read once need not be kept in SQLite's cache.
            self._database.connection.execute("PRAGMA shrink_memory")
            while engine.merge(storage):
                pass
            indexed -= stale
            indexed.update(row[0] for row in batch)  # type: ignore[misc]
            self._known = (storage.stamp(storage.generation()), indexed)
            done, stale, more = done + len(batch), set(), False
            if not batch:
                break
        return done

    def _articles(self, due: Sequence[int]) -> Iterator[sqlite3.Row]:
        """The articles of these keys, in their order, that are still there."""
        for at in range(0, len(due), _READ):
            yield from self._database.connection.execute(
                f"SELECT {_COLUMNS} FROM article WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key",
                (json.dumps(due[at : at + _READ]),),
            ).fetchall()

    def _to_do(self, indexed: set[int]) -> tuple[list[int], set[int]]:
        """Keys of articles to take in, in order, and of those to take out for good."""
        waiting = self._waiting()
        # While one run goes on, nothing else happens: counting is enough then.
        if (
            self._known is not None
            and len(indexed) + sum(key not in indexed for key in waiting) == self._count()
        ):
            return waiting, set()
        everything = self._all()
        return sorted(everything - (indexed - set(waiting))), indexed - everything

    def _waiting(self) -> list[int]:
        """Keys of the articles not noted as indexed."""
        rows = self._database.connection.execute(
            "SELECT key FROM article WHERE NOT EXISTS (SELECT 1 FROM derived"
            " WHERE stage = ? AND article = key AND version = ?) ORDER BY key",
            (STAGE, VERSION),
        )
        return [int(row[0]) for row in rows]

    def _mark(self, seen: Sequence[tuple[object, ...]]) -> None:
        """Note as indexed what is committed, except what changed in the library meanwhile."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO derived (stage, article, version) SELECT ?, key, ? FROM article"
                " WHERE key = ? AND id = ? AND digest = ?"
                " AND title IS ? AND outlet IS ? AND author IS ? AND date IS ?",
                [(STAGE, VERSION, *values) for values in seen],
            )

    def _indexed(self, storage: Sealed) -> set[int]:
        """Keys of the articles in the index, which is checked whole unless this wrote it; none if it is damaged."""
        from warreader.index.search import engine
        from warreader.index.search.arrays import Damaged

        if self._known is not None and self._known[0] == storage.stamp(storage.generation()):
            return self._known[1]
        self._known = None
        try:
            keys = engine.snapshot(storage, whole=True).all_keys()
            if len(keys) == len(set(keys)):
                return set(keys)
        except Damaged:
            pass
        self._discard()
        return set()

    def _discard(self) -> None:
        from warreader.index.search import sealing

        self._known = None
        sealing.discard(self.directory)
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM derived WHERE stage = ?", (STAGE,))

    @contextmanager
    def _writing(self, seconds: float = WAIT_SECONDS) -> Iterator[Sealed]:
        from filelock import FileLock, Timeout

        from warreader.index.search import sealing

        if self.directory.is_symlink() or self.directory.is_file():
            # Following a link could delete and write elsewhere.
            self.directory.unlink()
        self.directory.mkdir(parents=True, exist_ok=True)
        lock = self.directory / "writing.lock"
        if lock.is_symlink():
            lock.unlink()
        try:
            with FileLock(lock, timeout=seconds):
                if self._written is None:
                    self._written = sealing.Sealed(self.directory, self._key())
                yield self._written
        except Timeout as error:
            raise LibraryBusyError(
                f"{self.directory}: another process is writing the search index; wait until it is done"
            ) from error

    # -- reading ---------------------------------------------------------------

    def search(
        self, query: str, limit: int = 50, as_you_type: bool = False, snippets: bool = True
    ) -> SearchResult:
        """The articles that answer the query, best first.

        Words and phrases rank by BM25F; a query of other fields alone lists the newest
        first, then by id, each with score 1. Nothing in a query raises: what could not
        be read is told in ``problem``.

        Args:
            limit: how many hits to return at most; ``total`` counts all.
            as_you_type: the last word is found as a prefix too, unless a space follows it.
            snippets: whether hits carry snippets.
        """
        parsed = _parse(query, as_you_type)
        asked = _Asked(query, parsed.problem, parsed.problem_at, {})
        if parsed.node is None:
            return SearchResult(query, (), 0, "", parsed.problem, parsed.problem_at)
        with self._lock:
            found, total = self._found(parsed.node, max(0, limit), asked)
        hits = self._hits(found, parsed.node, snippets)
        return SearchResult(query, hits, total, parsed.understood, asked.problem, asked.problem_at)

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
        lines = _lines(self._database, row["key"])
        return merged(light(node, row["text"], lines, self._lit_by(row["key"])))

    def _found(self, node: Node, limit: int, asked: _Asked) -> tuple[list[tuple[int, float]], int]:
        from warreader.index.search.arrays import Damaged

        for _ in range(2):
            if (snapshot := self._open(asked)) is None:
                break
            try:
                return self._answered(snapshot, node, limit, asked)
            except Damaged:
                self._snapshot = None
                self._mend(asked)
        return [], 0

    def _answered(
        self, snapshot: Snapshot, node: Node, limit: int, asked: _Asked
    ) -> tuple[list[tuple[int, float]], int]:
        from warreader.index.search.compiling import Compiler

        compiled = Compiler(snapshot, lambda leaf: self._answer(leaf, asked)).compile(node)
        if any(isinstance(leaf, Words) for leaf in leaves(node, negated=False)):
            return snapshot.top(compiled, limit)
        keys = snapshot.run(compiled)
        rows = self._database.connection.execute(
            "SELECT key FROM article WHERE key IN (SELECT value FROM json_each(?))"
            " ORDER BY date IS NULL, date DESC, id LIMIT ?",
            (json.dumps(keys), limit),
        )
        return [(int(row[0]), 1.0) for row in rows], len(keys)

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
                shown = self._shown(node, key, row["text"])
            hits.append(
                SearchHit(
                    row["id"], row["title"] or row["id"], row["outlet"], row["date"], round(score, 4), shown
                )
            )
        return tuple(hits)

    def _shown(self, node: Node, key: int, text: str) -> tuple[Snippet, ...]:
        """Snippets, from the beginning of a long article where that answers the whole query."""
        lines = _lines(self._database, key)
        sourced = self._lit_by(key)
        head = tuple(line for line in lines if line.start < BEGINNING)
        if head and len(head) < len(lines):
            cut = text[: head[-1].end]
            lit = light(node, cut, head, sourced)
            if len({entry.leaf for entry in lit}) == len(set(leaves(node, negated=False))):
                return make_snippets(cut, head, lit)
        return make_snippets(text, lines, light(node, text, lines, sourced))

    def _source(self, leaf: Sourced) -> FieldSource | None:
        return self._sources.get(f"{leaf.field}:{leaf.value}" if leaf.field == "is" else leaf.field)

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

    def _holding(self, value: str) -> set[int]:
        """Keys of the articles that hold the words of the value; in quotation marks, as a phrase."""
        from warreader.index.search import clauses
        from warreader.index.search.analyzer import terms
        from warreader.index.search.arrays import Damaged

        words = [[clauses.term("text", stem) for stem in term.stems] for term in terms(value)]
        if not words:
            return set()
        if value.startswith('"'):
            query = clauses.any_of(
                [clauses.phrase(spelling) for spelling in islice(product(*words), _SPELLINGS)]
            )
        else:
            query = clauses.all_of([clauses.any_of(spellings) for spellings in words])
        with self._lock:
            snapshot = self._open(None)
            try:
                return set(snapshot.run(query)) if snapshot is not None else set()
            except Damaged:
                self._snapshot = None
                return set()

    def _open(self, asked: _Asked | None) -> Snapshot | None:
        """The newest commit, opened once; ``None``, and the reason told, where there is none to trust."""
        from warreader.index.search import engine, sealing
        from warreader.index.search.arrays import Damaged

        if self._storage is None:
            self._storage = sealing.Sealed(self.directory, self._key())
        storage = self._storage
        if self._snapshot is not None and self._snapshot.stamp == storage.stamp(storage.generation()):
            return self._snapshot
        try:
            self._snapshot = engine.snapshot(storage)
            storage.keep(self._snapshot.files)
        except Damaged:
            if self._snapshot is None:
                self._mend(asked)
        return self._snapshot

    def _mend(self, asked: _Asked | None) -> None:
        if not self._build_at_once() and asked is not None:
            asked.fail(
                "the search index is missing or not to be trusted and is being built anew;"
                " to build it now: warreader check --repair"
            )

    def _build_at_once(self) -> bool:
        """Build a small library's index here and now, unless another process is at it."""
        from warreader.index.search import engine
        from warreader.index.search.arrays import Damaged

        if self._count() > AT_ONCE:
            return False
        try:
            with self._writing(0.0) as storage:
                self._bring(storage, lambda _: None)
            assert self._storage is not None
            self._snapshot = engine.snapshot(self._storage)
        except (LibraryBusyError, Damaged, OSError, sqlite3.Error):
            return False
        return True

    def _key(self) -> bytes:
        return seal_key(self._database, self._secret)

    def _count(self) -> int:
        return int(self._database.connection.execute("SELECT count(*) FROM article").fetchone()[0])

    def _all(self) -> set[int]:
        return {int(row[0]) for row in self._database.connection.execute("SELECT key FROM article")}


def _parse(query: str, typing: bool) -> Parsed:
    query = _clean(query)
    parsed = parse(query[:LONGEST], typing=typing)
    if len(query) > LONGEST and parsed.problem is None:
        return Parsed(parsed.node, f"only the first {LONGEST} characters of the query are read", LONGEST)
    return parsed


def _clean(text: str) -> str:
    """The text without lone surrogates, which no database takes; as long as before."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _unfurnished(text: str, kinds: str) -> str:
    """The text without what search leaves out; for each such line there is an empty one."""
    if "f" not in kinds:
        return text
    lines = text.split("\n")
    return "\n".join(["" if kind == "f" else line for line, kind in zip_longest(lines, kinds[: len(lines)])])


def _lines(database: Database, key: int) -> tuple[Line, ...]:
    row = database.connection.execute("SELECT text, kinds FROM article WHERE key = ?", (key,)).fetchone()
    return lines_of(row[0], row[1]) if row else ()

"""Bringing the index of a library up to date with its articles."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from warreader.index.article import Progress
from warreader.index.counting import many
from warreader.index.errors import LibraryBusyError
from warreader.index.memory import give_back
from warreader.index.search.building import SEEN, stored, texts
from warreader.index.search.secret import seal_key
from warreader.index.storage import Database

if TYPE_CHECKING:
    from warreader.index.search.analyzer import Vocabulary
    from warreader.index.search.arrays import Array
    from warreader.index.search.sealing import Sealed

STAGE = "search"
VERSION = 3
"""Version of the analysis; with a higher one every article is indexed again."""

BATCH_ARTICLES = 10_000
"""So many articles are committed at once, unless they have too many words."""

BATCH_SECONDS = 1.0
"""What was indexed is found after about so long, of work: a busy machine makes no more, smaller segments."""

AT_ONCE = 300
"""A missing index of so few articles is built when first searched, without waiting to be asked."""

WAIT_SECONDS = 30.0

LENGTH_ALONE = 4_000_000
"""So many code points of text are indexed here; for more, other processes are started."""

LENGTH_FAMILIAR = 40_000_000
"""The same where this process has met most of the words before, which every other has to learn."""

LENGTH_FIRST, LENGTH_MOST = 200_000, 6_000_000
"""Code points in the first batch of a process, found soon, and in the largest: what it keeps in memory."""

MANY = 32
"""While articles come in, segments are merged only if there are more than so many."""


class Indexing:
    """Writes the search index of one library. Safe to use beside another process that writes it.

    Args:
        directory: where the index lives; everything in it can be rebuilt from ``database``.
        database: ``library.sqlite``.
        secret: the user's half of the key that seals the index; from the user's state folder if absent.
        jobs: processes at most that build segments where many articles wait; a few if absent.
    """

    def __init__(
        self, directory: Path, database: Database, secret: bytes | None = None, jobs: int | None = None
    ) -> None:
        self.directory = directory
        self._database = database
        self._secret = secret
        self._jobs = jobs or max(1, min(4, os.cpu_count() or 1))
        self._storage: Sealed | None = None
        self._vocabulary: Vocabulary | None = None
        # Keys of the articles in the index, in order, and the commit they are of, where this process brought
        # it up to date. As an array: long runs have many.
        self._known: tuple[object, Array] | None = None

    def due(self) -> int:
        """How many articles the index has yet to take in: all, where there is none that can be used."""
        return self._untaken() if self._usable() else self._count()

    def _usable(self) -> bool:
        """Whether the newest index bears this user's seal for this library, and is of this version."""
        from warreader.index.search.arrays import Damaged
        from warreader.index.search.sealing import Sealed

        storage = Sealed(self.directory, self.key())
        # A file that vanishes is taken away by another process, which has written what is newer.
        with suppress(FileNotFoundError):
            try:
                storage.verified(storage.generation())
            except Damaged:
                return False
        return True

    def _untaken(self) -> int:
        row = self._database.connection.execute(
            "SELECT count(*) FROM article WHERE NOT EXISTS"
            " (SELECT 1 FROM derived WHERE stage = ? AND article = key AND version = ?)",
            (STAGE, VERSION),
        ).fetchone()
        return int(row[0])

    def update(
        self,
        progress: Callable[[Progress], None] | None = None,
        *,
        settle: bool = True,
        alone: bool = False,
    ) -> int:
        """:meth:`.search.Search.update`, where the arguments are told."""
        with self._writing() as storage:
            done = self._bring(storage, progress or (lambda _: None), alone=alone)
            if settle:
                self._vocabulary = None  # merging takes its room
            while engine_merge(storage, 1 if settle else MANY):
                pass
            self._note(storage)
            return done

    def rebuild(self, progress: Callable[[Progress], None] | None = None) -> int:
        """Build the index anew from ``library.sqlite``; returns how many articles were indexed."""
        with self._writing() as storage:
            self._discard()
            done = self._bring(storage, progress or (lambda _: None))
            while engine_merge(storage, 1):
                pass
            self._note(storage)
            return done

    def check(self) -> list[str]:
        """What is wrong with the index; all of it :meth:`rebuild` or :meth:`update` mends.

        What it has yet to take in is not wrong: :meth:`due` counts it.
        """
        from warreader.index.search import engine
        from warreader.index.search.arrays import Damaged
        from warreader.index.search.sealing import Sealed

        storage = Sealed(self.directory, self.key())
        try:
            keys = engine.snapshot(storage, whole=True).all_keys()
        except Damaged as error:
            # Before anything was taken in, there is none to be damaged.
            return [f"the index can't be used: {error}"] if self._untaken() < self._count() else []
        finally:
            storage.shut()
        found: list[str] = []
        there, known = set(keys), self._all() - set(self._waiting())
        if len(keys) > len(there):
            found.append(f"in the index twice: {many(len(keys) - len(there), 'article')}")
        if known - there:
            found.append(f"missing from the index: {many(len(known - there), 'article')}")
        if gone := there - self._all():
            found.append(f"in the index, but not in the library any more: {many(len(gone), 'article')}")
        return found

    def _bring(self, storage: Sealed, progress: Callable[[Progress], None], *, alone: bool = False) -> int:
        due, stale = self._to_do(storage)
        if due:
            progress(Progress(STAGE, 0, len(due)))
        if self._jobs > 1 and not alone and (batches := self._batches(due)):
            with suppress(BrokenProcessPool):
                return self._together(storage, batches, stale, progress)
            # What they did not get done is done here.
            due, stale = self._to_do(storage)
        return self._alone(storage, due, stale, progress)

    def _together(
        self,
        storage: Sealed,
        batches: list[list[int]],
        stale: set[int],
        progress: Callable[[Progress], None],
    ) -> int:
        """Have other processes build segments, and commit them as they come."""
        from warreader.index.search import engine
        from warreader.index.search.building import Builders

        done, total = 0, sum(map(len, batches))
        builders = Builders(self.directory, self._database.path, self._jobs)
        try:
            for segment, seen in builders.built(batches):
                engine.commit(storage, segment, stale.union(self._before(seen)))
                self._committed(storage, seen, stale)
                done += len(seen)
                progress(Progress(STAGE, done, total))
        finally:
            builders.close()
        return done

    def _alone(
        self, storage: Sealed, due: list[int], stale: set[int], progress: Callable[[Progress], None]
    ) -> int:
        from warreader.index.search import analyzer, engine

        if self._vocabulary is None:
            self._vocabulary = analyzer.Vocabulary()
        articles = stored(self._database, due)
        done = 0
        more = bool(stale) or storage.generation() < 0
        while done < len(due) or more:
            began = time.process_time()
            batch: list[tuple[object, ...]] = []
            with engine.Writer(storage, self._vocabulary) as writer:
                writer.remove(stale)
                for row in articles:
                    writer.add(row["key"], row["date"], **texts(row))
                    batch.append(tuple(row[name] for name in SEEN))
                    progress(Progress(STAGE, done + len(batch), len(due), row["id"]))
                    late = time.process_time() - began > BATCH_SECONDS
                    if writer.full or late or len(batch) >= BATCH_ARTICLES:
                        break
                writer.remove(self._before(batch))
            del writer  # merging takes the room of what it gathered
            self._committed(storage, batch, stale)
            # Texts that were read once need not be kept in SQLite's cache.
            self._database.connection.execute("PRAGMA shrink_memory")
            done, more = done + len(batch), False
            if not batch:
                break
        return done

    def _before(self, seen: Sequence[tuple[object, ...]]) -> list[int]:
        """Keys of those of these articles that the index has already, as they were before."""
        import numpy as np

        held: list[int] = []
        if self._known is not None:
            held = np.intersect1d(self._known[1], [row[0] for row in seen]).astype(int).tolist()
        return held

    def _committed(self, storage: Sealed, seen: Sequence[tuple[object, ...]], stale: set[int]) -> None:
        import numpy as np

        self._mark(seen)
        give_back()
        while engine_merge(storage, MANY):
            pass
        if self._known is not None:
            keys = np.setdiff1d(self._known[1], np.fromiter(stale, np.int64), assume_unique=True)
            taken = np.array([row[0] for row in seen], np.int64)
            self._known = (storage.stamp(storage.generation()), np.union1d(keys, taken))
        stale.clear()

    def _note(self, storage: Sealed) -> None:
        """The commit is another by merging; what is in it is the same."""
        if self._known is not None:
            self._known = (storage.stamp(storage.generation()), self._known[1])

    def _batches(self, due: list[int]) -> list[list[int]]:
        """The articles in batches for other processes, small ones first; none if they are few."""
        lengths = dict(
            self._database.connection.execute(
                "SELECT key, length FROM article WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps(due),),
            ).fetchall()
        )
        if sum(lengths.values()) < (LENGTH_ALONE if self._vocabulary is None else LENGTH_FAMILIAR):
            return []
        batches: list[list[int]] = [[]]
        room = most = LENGTH_FIRST
        for key in due:
            if batches[-1] and (room < 0 or len(batches[-1]) >= BATCH_ARTICLES):
                most = min(2 * most, LENGTH_MOST)
                room = most
                batches.append([])
            batches[-1].append(key)
            room -= lengths.get(key, 0)
        return batches

    def _to_do(self, storage: Sealed) -> tuple[list[int], set[int]]:
        """Keys of articles to take in, in order, and of those to take out for good."""
        import numpy as np

        indexed = self._indexed(storage)
        waiting = self._waiting()
        # While one run goes on, nothing else happens: counting is enough then.
        if self._known is not None and self._known[0] is not None:
            new = len(waiting) - int(np.isin(waiting, indexed).sum())
            if len(indexed) + new == self._count():
                return waiting, set()
        everything, there = self._all(), set(indexed.tolist())
        return sorted(everything - (there - set(waiting))), there - everything

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

    def _indexed(self, storage: Sealed) -> Array:
        """Keys of the articles in the index, which is checked whole unless this wrote it; none if it is damaged."""
        import numpy as np

        from warreader.index.search import engine
        from warreader.index.search.arrays import Damaged

        if self._known is not None and self._known[0] == storage.stamp(storage.generation()):
            return self._known[1]
        try:
            found = np.array(engine.snapshot(storage, whole=True).all_keys(), np.int64)
            keys = np.unique(found)
            sound = len(keys) == len(found)
        except Damaged:
            sound = False
        if not sound:
            self._discard()
            keys = np.empty(0, np.int64)
        self._known = (None, keys)
        return keys

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
                for left in self.directory.glob("new-*.tmp"):
                    left.unlink(missing_ok=True)
                if self._storage is None:
                    self._storage = sealing.Sealed(self.directory, self.key())
                yield self._storage
        except Timeout as error:
            raise LibraryBusyError(
                f"{self.directory}: another process is writing the search index; wait until it is done"
            ) from error

    def build_at_once(self) -> bool:
        """Build a small library's index here and now, unless another process is at it."""
        from warreader.index.search.arrays import Damaged

        if self._database.read_only or self._count() > AT_ONCE:
            return False
        try:
            with self._writing(0.0) as storage:
                # Of few articles that are very long other processes would build it, which a screen can't start.
                self._bring(storage, lambda _: None, alone=True)
        except (LibraryBusyError, Damaged, OSError, sqlite3.Error):
            return False
        return True

    def key(self) -> bytes:
        """What seals the index."""
        return seal_key(self._database, self._secret)

    def _count(self) -> int:
        return int(self._database.connection.execute("SELECT count(*) FROM article").fetchone()[0])

    def _all(self) -> set[int]:
        return {int(row[0]) for row in self._database.connection.execute("SELECT key FROM article")}


def engine_merge(storage: Sealed, most: int) -> bool:
    """Merge where there are more segments than so many; imports Whoosh only now."""
    from warreader.index.search import engine

    merged = engine.merge(storage, most=most)
    if merged:
        give_back()
    return merged

"""Segments built in other processes; the process that asked commits them.

Each process reads its articles from the library and writes a file that is no part of the
index yet. One that dies loses nothing: its articles stay due.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from warreader.index.pool import begun, spawning, starting
from warreader.index.storage import Database

if TYPE_CHECKING:
    from warreader.index.search.analyzer import Vocabulary
    from warreader.index.search.codec import Segment

SEEN = ("key", "id", "digest", "title", "outlet", "author", "date")
"""What tells an article as it was indexed from what it may have become meanwhile."""

_COLUMNS = "key, id, title, outlet, author, date, text, kinds, digest"
_READ = 50
"""Articles read from the library at once."""


class Built(NamedTuple):
    """A segment written under a passing name, and of each of its articles what :data:`SEEN` names."""

    segment: Segment
    seen: list[tuple[object, ...]]


class Builders:
    """Processes that build segments.

    Args:
        directory: where the index lives.
        library: the path of ``library.sqlite``.
        jobs: how many processes.
    """

    def __init__(self, directory: Path, library: Path, jobs: int) -> None:
        self._jobs = jobs
        self._pool = ProcessPoolExecutor(
            jobs, mp_context=spawning(), initializer=_start, initargs=(directory, library)
        )

    def built(self, batches: Iterable[Sequence[int]]) -> Iterator[Built]:
        """The segments of these batches of articles (keys), in order.

        Raises:
            BrokenProcessPool: a process died.
        """
        waiting: deque[Future[Built]] = deque()
        for batch in batches:
            with starting():
                waiting.append(self._pool.submit(_build, batch))
            if len(waiting) > self._jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def close(self) -> None:
        """End the processes, when they are done with what is in hand."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def stored(database: Database, keys: Sequence[int]) -> Iterator[sqlite3.Row]:
    """The articles of these keys, in their order, that are still there."""
    for at in range(0, len(keys), _READ):
        yield from database.connection.execute(
            f"SELECT {_COLUMNS} FROM article WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key",
            (json.dumps(keys[at : at + _READ]),),
        ).fetchall()


def texts(row: sqlite3.Row) -> dict[str, str | None]:
    """What is searched of an article, by field: its text without furniture, each such line an empty one.

    The lines of it above its lede, which is the first standfirst or line of the body, are apart.
    """
    text, kinds = row["text"], row["kinds"]
    fields = {name: row[name] for name in ("text", "title", "outlet", "author")}
    above = _ABOVE.match(kinds).end()  # type: ignore[union-attr]
    if above or "f" in kinds:
        lines = text.split("\n")
        kept = zip_longest(lines, kinds[: len(lines)])
        lines = ["" if kind == "f" else line for line, kind in kept]
        if above:
            fields["above"] = "\n".join(lines[:above])
        fields["text"] = "\n".join(lines[above:]) if above < len(lines) else None
    return fields


_ABOVE = re.compile("[^sb]*")
_directory: Path
_database: Database
_vocabulary: Vocabulary


def _start(directory: Path, library: Path) -> None:
    """In a new process: open the library."""
    global _directory, _database, _vocabulary
    from warreader.index.schema import LIBRARY_MIGRATIONS
    from warreader.index.search.analyzer import Vocabulary

    begun()
    with suppress(OSError, AttributeError):
        os.nice(5)
    _directory, _database, _vocabulary = directory, Database(library, LIBRARY_MIGRATIONS), Vocabulary()


def _build(keys: Sequence[int]) -> Built:
    from warreader.index.search import engine

    seen = []

    def articles() -> Iterator[tuple[int, str | None, dict[str, str | None]]]:
        for row in stored(_database, keys):
            seen.append(tuple(row[name] for name in SEEN))
            yield row["key"], row["date"], texts(row)

    segment = engine.build(_directory, _vocabulary, articles())
    _database.connection.execute("PRAGMA shrink_memory")
    return Built(segment, seen)

"""What has been read already: how far each input was taken, so that a run goes on where the last one was cut off."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from warreader.index.ingest.pieces import Options, Source
from warreader.index.storage import Database

FORMAT = 2
"""Raised when splitting changes so that numbers of pieces mean others than before."""


@dataclass(slots=True)
class Taken:
    """How far an input was read: so many of its pieces, save the failed ones, which are tried again."""

    origin: str
    stamp: str
    pieces: int = 0
    articles: int = 0
    finished: bool = False
    failed: frozenset[int] = frozenset()

    @property
    def complete(self) -> bool:
        """Whether nothing in it is left to be read."""
        return self.finished and not self.failed

    def wants(self, number: int) -> bool:
        """Whether this piece is still to be read."""
        return number >= self.pieces or number in self.failed


class Inputs:
    """The inputs in ``library.sqlite``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def taken(self, source: Source, options: Options) -> Taken | None:
        """How far this input was read; from its beginning where it is new, was changed since or is wanted again.

        ``None`` for what can't be told from something else by its size and
        time: an address, standard input.
        """
        stamp = _stamp(source, options)
        if stamp is None:
            return None
        connection = self._database.connection
        row = connection.execute(
            "SELECT stamp, taken, articles, finished FROM input WHERE origin = ?", (source.origin,)
        ).fetchone()
        if row is not None and (row["stamp"] != stamp or (options.again and row["finished"])):
            self.forget(source.origin)
            row = None
        if row is None:
            return Taken(source.origin, stamp)
        failed = connection.execute("SELECT number FROM input_failure WHERE origin = ?", (source.origin,))
        numbers = frozenset(int(number) for (number,) in failed)
        return Taken(source.origin, stamp, row["taken"], row["articles"], bool(row["finished"]), numbers)

    def note(self, taken: Taken, number: int, articles: int, *, failed: bool) -> None:
        """Remember that a piece was read, together with what was stored of it in the caller's transaction.

        Args:
            taken: of the input; brought up to date.
            number: the piece's, -1 for the input's end.
            articles: how many it gave.
            failed: whether something in it could not be read.
        """
        with self._database.transaction() as connection:
            if number < 0:
                taken.finished = True
            else:
                taken.pieces = max(taken.pieces, number + 1)
                taken.articles += articles
            connection.execute(
                "INSERT INTO input (origin, stamp, taken, articles, finished) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (origin) DO UPDATE SET stamp = excluded.stamp, taken = excluded.taken,"
                " articles = excluded.articles, finished = excluded.finished",
                (taken.origin, taken.stamp, taken.pieces, taken.articles, int(taken.finished)),
            )
            if failed and number not in taken.failed:
                taken.failed |= {number}
                connection.execute(
                    "INSERT OR IGNORE INTO input_failure VALUES (?, ?)", (taken.origin, number)
                )
            elif not failed and number in taken.failed:
                taken.failed -= {number}
                connection.execute(
                    "DELETE FROM input_failure WHERE origin = ? AND number = ?", (taken.origin, number)
                )

    def forget(self, origin: str) -> None:
        """The input is to be read from its beginning."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM input WHERE origin = ?", (origin,))


def _stamp(source: Source, options: Options) -> str | None:
    """What tells a file from the same file changed, or read otherwise."""
    path = Path(source.origin)
    try:
        found = path.stat() if path.is_absolute() else None
    except (OSError, ValueError):
        found = None
    if found is None:
        return None
    return json.dumps(
        [FORMAT, found.st_size, found.st_mtime_ns, options.form, sorted(options.mapping.items())]
    )


def origin_of(path: Path) -> str:
    """A file's full path as text that a database takes, whatever bytes its name holds."""
    return os.fsencode(os.path.realpath(path)).decode("utf-8", "backslashreplace")

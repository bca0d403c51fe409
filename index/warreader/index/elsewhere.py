"""The search index of a library that is only read: its own where that can be trusted, else one in the user's cache."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

from warreader.index.errors import LibraryError
from warreader.index.storage import Database, address_to_read

_OWN = (
    """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE derived (
    stage TEXT NOT NULL, article INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (stage, article)
) WITHOUT ROWID;
""",
)
"""What the index notes in a library, and here in a file of its own."""


class Beside(Database):
    """A library that is only read, with a file of our own before it: tables that this has stand for the library's.

    Args:
        path: our file; made if absent.
        library: the path of ``library.sqlite``.
    """

    def __init__(self, path: Path, library: Path) -> None:
        self._library = library
        super().__init__(path, _OWN)

    def _unlocked(self) -> Path:
        return self._library

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("ATTACH ? AS library", (address_to_read(self._library),))


def index_of(folder: Path, database: Database) -> tuple[Path, Database]:
    """Where to search a library that is only read: the folder of the index, and what it is built from.

    Args:
        folder: the library's.
        database: its ``library.sqlite``, opened for reading.

    Raises:
        LibraryError: its own index is not to be trusted, and there is no room for another.
    """
    from warreader.index.search.indexing import Indexing

    own = folder / "search"
    with contextlib.suppress(LibraryError, OSError):
        if Indexing(own, database).due() == 0:
            return own, database
    place = cached(folder, database)
    try:
        # As private as a library that is made here.
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        # What an earlier state of this library, or another under its name, left.
        for other in place.parent.iterdir():
            if other != place:
                shutil.rmtree(other, ignore_errors=True)
        return place / "search", Beside(place / "index.sqlite", database.path)
    except OSError as error:
        raise LibraryError(
            f"{error.filename or place}: no search index can be made here ({error.strerror}); "
            "set XDG_CACHE_HOME to a folder you can write to"
        ) from error


def cached(folder: Path, database: Database) -> Path:
    """The folder in the user's cache for the index of a library as it is now."""
    import platformdirs

    whose = hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:16]
    connection = database.connection
    state = [
        *connection.execute("SELECT value FROM setting WHERE name = 'search.key'").fetchall(),
        *connection.execute("SELECT number FROM change_count WHERE what = 'article'").fetchall(),
        *connection.execute("SELECT count(*), max(key), max(added) FROM article").fetchall(),
    ]
    now = hashlib.sha256(repr([tuple(row) for row in state]).encode()).hexdigest()[:16]
    return platformdirs.user_cache_path("warreader", appauthor=False) / "searched" / whose / now

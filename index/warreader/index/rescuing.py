"""Keeping what can still be read of a ``library.sqlite`` that is damaged.

A new file is filled with it and put in its place; the damaged one stays beside it. Articles, and what the reader
did, are kept; what is derived is derived anew. A text counts as read only where it is the one that was stored, by its
digest.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from warreader.index.carving import ARTICLE, carved
from warreader.index.counting import many
from warreader.index.errors import LibraryBusyError, LibraryError, storage_error
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import UNREADABLE, Database, address_to_read, busy

_AT_ONCE = 64
"""So many rows are asked for at once, and fewer and fewer where that fails."""
_NAMED = 20
"""So many articles that can't be read are named."""
_LEAST = 64
"""An article takes more bytes than these."""
_WAIT = 5.0
"""Seconds for which another process that is just writing is waited for."""

Row = tuple[object, ...]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d")
_WHEN = {"saved_search": "created", "query_history": "at"}
"""The column that holds a moment, by which a row is known again."""

_BY_NUMBER = {
    "reading": ("article", "read", "starred", "position"),
    "corrected": ("article", "held"),
    "saved_search": ("key", "name", "query", "created", "seen"),
    "query_history": ("key", "query", "at"),
}
"""What else is kept, by tables whose rows are numbered; the number is the first column."""
_BY_NAME = {
    "setting": ("name", "value"),
    "input": ("origin", "stamp", "taken", "finished", "articles"),
    "input_failure": ("origin", "number"),
}
"""The same where rows go by a name. Which files were read is of use only where all that they gave is kept."""
_NUMBERS = frozenset(
    {"key", "article", "read", "starred", "position", "seen", "taken", "finished", "articles", "number"}
)
"""The columns of these that hold whole numbers; the others hold text."""
_OF_ARTICLES = ("reading", "corrected")
_IN_WORDS = {
    "reading": "what was read and starred",
    "saved_search": "saved searches",
    "query_history": "queries asked before",
    "setting": "settings",
}


@dataclass
class Rescued:
    """What can be kept: articles by key; those that can't, with the id where that is known; tables
    cut short; whether an index that is whole says how many there were; and where no table can be opened, the rows of
    others than articles that were found page by page.
    """

    kept: set[int] = field(default_factory=set)
    lost: dict[int, str | None] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    counted: bool = False
    found: list[tuple[str, Row]] = field(default_factory=list)

    @property
    def told(self) -> str:
        """How many of how many, in words."""
        least = "" if self.counted else "at least "
        return f"{len(self.kept):,} of {least}{many(len(self.kept) + len(self.lost), 'article')}"

    @property
    def named(self) -> str:
        """What can't be read, in words; empty where all can."""
        short = [what for table, what in _IN_WORDS.items() if table in self.broken]
        others = f"; not all could be read of: {', '.join(short)}" if short else ""
        if parts := {table for table, _ in self.found}:
            words = [what for table, what in _IN_WORDS.items() if table in parts]
            others = f"; perhaps not all was found of: {', '.join(words)}{others}"
        ids = sorted(name for name in self.lost.values() if name is not None)[:_NAMED]
        more = len(self.lost) - len(ids)
        if not self.lost:
            return others
        rest = [f"{more} {'more' if ids else 'whose ids are not known'}"] if more else []
        return f"; could not be read: {', '.join(ids + rest)}{others}"


class Outcome(NamedTuple):
    """What a rescue did, in one line, and whether something of the articles or of what the reader did is lost."""

    told: str
    lost: bool


def can_be_kept(path: Path) -> Rescued:
    """What a rescue would keep; nothing is written."""
    found = Rescued()
    # Closed last: closing a file takes away the locks that SQLite has on it for this process.
    with path.open("rb") as file, closing(_open(address_to_read(path))) as connection:
        for _ in _articles(file, connection if _opens(connection) else None, found):
            pass
    return found


def promise(path: Path) -> str:
    """What else can be done about a damaged file than to restore a backup; empty where nothing can."""
    found = can_be_kept(path)
    return f", or keep {found.told} with: warreader check --repair" if found.kept else ""


def rescue(path: Path) -> Outcome:
    """Put a sound file with all that can be read in the place of a damaged one, which is kept.

    To be called with the library's lock held and no other connection of this process open.

    Raises:
        LibraryBusyError: another process has the file open.
        LibraryError: nothing could be read, or there is no room; then nothing was changed.
    """
    new = path.with_name(f"{path.name}.new")
    _remove(new)
    try:
        with path.open("rb") as file, _alone(path) as connection:
            found = _fill(new, file, connection)
        if not found.kept:
            raise LibraryError(
                f"{path}: none of its articles can be read; move it away or restore it from a backup"
            )
        beside = _put_in_place(new, path)
    except OSError as error:
        raise storage_error(path.parent, error) from error
    finally:
        _remove(new)
    again = "; what is lost comes back if it is added again" if found.lost else ""
    told = f"{path.name}: kept {found.told}{found.named}; the damaged file is kept as {beside.name}{again}"
    return Outcome(told, bool(found.named))


def _open(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, timeout=_WAIT, isolation_level=None, uri=True)
    # What isn't text any more is told apart here.
    connection.text_factory = bytes
    return connection


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[sqlite3.Connection | None]:
    """The only connection to the file, with what was logged ahead merged; ``None`` where it can't be opened."""
    with closing(_open(f"{path.absolute().as_uri()}?mode=rw")) as connection:
        try:
            # What another process writes from now on would go to the file that is put aside.
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except UNREADABLE as error:
            if isinstance(error, sqlite3.Error) and busy(error):
                raise LibraryBusyError(
                    f"{path}: another process has it open; close that, then run: warreader check --repair"
                ) from error
        yield connection if _opens(connection) else None


def _opens(connection: sqlite3.Connection) -> bool:
    """Whether what tables there are can be read."""
    try:
        return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except UNREADABLE:
        return False


def _fill(new: Path, file: BinaryIO, connection: sqlite3.Connection | None) -> Rescued:
    found = Rescued()
    database = Database(new, LIBRARY_MIGRATIONS, durable=True)
    try:
        writing = database.connection
        writing.execute("PRAGMA foreign_keys=OFF")
        with database.transaction():
            places = ", ".join("?" * len(ARTICLE))
            insert = f"INSERT OR IGNORE INTO article ({', '.join(ARTICLE)}) VALUES ({places})"
            for row in _articles(file, connection, found):
                if writing.execute(insert, row).rowcount == 0:
                    # Its id is another's: of two that claim one, the first was found where it belongs.
                    found.kept.discard(int(str(row[0])))
            if connection is None:
                _keep_found(writing, found)
                found.broken.update(_IN_WORDS.keys() - {table for table, _ in found.found})
            else:
                _keep_the_rest(connection, writing, found)
            _settle_versions(writing)
        writing.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.Error as error:
        raise storage_error(new.parent, error) from error
    finally:
        database.close()
    return found


def _articles(file: BinaryIO, connection: sqlite3.Connection | None, found: Rescued) -> Iterator[Row]:
    """Every article that can be read; tells ``found`` which those are, and which not."""
    known = {} if connection is None else _known(connection, found)
    if connection is not None and known:
        failed: set[int] = set()
        for row in _by_number(connection, "article", ARTICLE, max(known) + 1, failed):
            if (sound := _sound(row)) is not None and sound[0] not in found.kept:
                found.kept.add(int(str(sound[0])))
                yield sound
        known |= {key: known.get(key) for key in failed if key > 0}
    if not known or set(known) - found.kept:
        # What leads to a page may be damaged, and the page not.
        for table, row in carved(file):
            if table != "article":
                found.found += [(table, row)] if connection is None else []
            elif row[0] in found.kept:
                # Nor is its text taken again for what it was stored as: that takes longest.
                continue
            elif (sound := _sound(row)) is not None:
                found.kept.add(int(str(sound[0])))
                yield sound
            elif isinstance(row[0], int):
                known.setdefault(row[0], None)
    if not found.counted:
        # Articles are numbered in order; one that was taken out is told as lost, too: nothing here says which it is.
        known |= {key: known.get(key) for key in range(1, max(found.kept, default=0))}
    found.lost.update({key: name for key, name in known.items() if key not in found.kept})


def _known(connection: sqlite3.Connection, found: Rescued) -> dict[int, str | None]:
    """Keys of the articles that the indexes tell of, with their ids where those can be read."""
    known: dict[int, str | None] = {}
    # More than a file has room for is no key.
    pages, size = (connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size"))
    for columns, index, order in (
        ("key, id", "sqlite_autoindex_article_1", "id"),
        ("key, NULL", "article_digest", "digest"),
        ("key, NULL", "article_source", "source"),
    ):
        query = f"SELECT {columns} FROM article INDEXED BY {index} ORDER BY {order}"
        cut: set[str] = set()
        for key, name in _from_both_ends(connection, index, query, cut):
            if isinstance(key, int) and 0 < key < pages * size // _LEAST:
                known[key] = known.get(key) or _text(name)
        found.counted |= not cut
    with contextlib.suppress(*UNREADABLE):
        (last,) = connection.execute("SELECT max(key) FROM article NOT INDEXED").fetchone()
        if isinstance(last, int) and 0 < last < pages * size // _LEAST:
            known.setdefault(last, None)
    return known


def _by_number(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], end: int, failed: set[int]
) -> Iterator[Row]:
    """The rows numbered less than ``end`` that can be read; the numbers that can't are put into ``failed``."""
    query = (
        f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED WHERE {columns[0]} >= ? AND {columns[0]} < ?"
    )
    for begin in range(0, end, _AT_ONCE):
        waiting = [(begin, min(begin + _AT_ONCE, end))]
        while waiting:
            low, high = waiting.pop()
            try:
                rows = connection.execute(query, (low, high)).fetchall()
            except UNREADABLE as error:
                if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR:
                    # There is no such table: made by an older version, which kept other things.
                    return
                if high - low > 1:
                    middle = (low + high) // 2
                    waiting += [(middle, high), (low, middle)]
                else:
                    failed.add(low)
                continue
            yield from (row for row in rows if isinstance(row[0], int) and low <= row[0] < high)


def _from_both_ends(
    connection: sqlite3.Connection, table: str, query: str, broken: set[str]
) -> Iterator[Row]:
    """The rows up to where they break off, and from the end back to there; some may come twice."""
    for direction in ("ASC", "DESC"):
        try:
            yield from connection.execute(f"{query} {direction}")
        except UNREADABLE:
            broken.add(table)
            continue
        return


def _sound(row: Row) -> Row | None:
    """An article's row where its text is the one that was stored, else ``None``."""
    held = {
        name: value if name in ("key", "length", "digest", "version_of", "latest") else _text(value)
        for name, value in zip(ARTICLE, row, strict=True)
    }
    text, digest = held["text"], held["digest"]
    if not isinstance(text, str) or hashlib.sha256(text.encode()).digest() != digest:
        return None
    if not all(isinstance(held[name], str) for name in ("id", "source", "added")):
        return None
    held["length"] = len(text)
    held["version_of"] = held["version_of"] if isinstance(held["version_of"], int) else None
    held["latest"] = 1
    held["kinds"] = held["kinds"] or ""
    return tuple(held.values())


def _text(value: object) -> str | None:
    try:
        return value.decode() if isinstance(value, bytes) else None
    except UnicodeDecodeError:
        return None


def _keep_the_rest(connection: sqlite3.Connection, writing: sqlite3.Connection, found: Rescued) -> None:
    for table, columns in _BY_NUMBER.items():
        end = max(found.kept, default=0) + 1
        if table not in _OF_ARTICLES:
            end = 1 + max(
                (int(str(row[0])) for row in _numbers(connection, table, columns[0], found.broken)), default=0
            )
        failed: set[int] = set()
        for row in _by_number(connection, table, columns, end, failed):
            if table not in _OF_ARTICLES or row[0] in found.kept:
                _insert(writing, table, columns, row)
        if failed:
            found.broken.add(table)
    for table, columns in _BY_NAME.items():
        if table.startswith("input") and found.lost:
            # The same files, added again, may bring back what is lost.
            continue
        order = columns[0]
        query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"
        for row in _from_both_ends(connection, table, query, found.broken):
            _insert(writing, table, columns, row)
    # What was derived is gone, so are the notes of how.
    writing.execute("DELETE FROM setting WHERE name LIKE 'rulings %' OR name LIKE 'version %'")
    writing.execute("DELETE FROM input_failure WHERE origin NOT IN (SELECT origin FROM input)")


def _keep_found(writing: sqlite3.Connection, found: Rescued) -> None:
    """Keep of the rows found page by page those that can be what they look like."""

    def is_one(table: str, row: Row) -> bool:
        if table == "reading":
            return row[0] in found.kept and row[1] in (0, 1) and row[2] in (0, 1)
        return _MOMENT.fullmatch(_text(row[_BY_NUMBER[table].index(_WHEN[table])]) or "") is not None

    found.found = [one for one in found.found if is_one(*one)]
    for table, row in found.found:
        _insert(writing, table, _BY_NUMBER[table], row)


def _numbers(connection: sqlite3.Connection, table: str, column: str, broken: set[str]) -> Iterator[Row]:
    query = f"SELECT {column} FROM {table} NOT INDEXED ORDER BY {column}"
    rows = _from_both_ends(connection, table, query, broken)
    return (row for row in rows if isinstance(row[0], int) and row[0] < 1 << 20)


def _insert(writing: sqlite3.Connection, table: str, columns: Sequence[str], row: Row) -> None:
    values = [
        _text(value) if column not in _NUMBERS else value if isinstance(value, int) else None
        for column, value in zip(columns, row, strict=True)
    ]
    # A damaged page may say anything.
    if None not in values:
        marks = ", ".join("?" * len(values))
        writing.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)


def _settle_versions(writing: sqlite3.Connection) -> None:
    """Where one of an article's versions is lost, the others are still versions of one another."""
    orphans = (
        "SELECT version_of, min(key) FROM article WHERE version_of NOTNULL"
        " AND version_of NOT IN (SELECT key FROM article) GROUP BY version_of"
    )
    for gone, first in writing.execute(orphans).fetchall():
        writing.execute("UPDATE article SET version_of = NULL WHERE key = ?", (first,))
        writing.execute("UPDATE article SET version_of = ? WHERE version_of = ?", (first, gone))
    writing.execute(
        "UPDATE article SET latest = 0 WHERE key NOT IN"
        " (SELECT max(key) FROM article GROUP BY coalesce(version_of, key))"
    )


def _put_in_place(new: Path, path: Path) -> Path:
    """Have the new file stand where the damaged one stood, which is given another name; returns that."""
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    with contextlib.suppress(OSError):
        new.chmod(path.stat().st_mode & 0o777)
    stem = f"{path.name}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = (path.with_name(f"{stem}{f'-{number}' if number else ''}") for number in range(1000))
    beside = next(name for name in names if not name.exists())
    try:
        # By another name for the same file there is a library at every moment.
        os.link(path, beside)
    except OSError:
        path.rename(beside)
    # What waits in a log of the damaged file must never be merged into the new one.
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        log.rename(beside.with_name(f"{beside.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    new.replace(path)
    _sync_folder(path.parent)
    return beside


def _sync_folder(folder: Path) -> None:
    # Where folders can't be opened, the system sees to it.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(new: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        new.with_name(f"{new.name}{ending}").unlink(missing_ok=True)

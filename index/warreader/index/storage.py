"""SQLite for both databases: connections, transactions, migrations.

One :class:`Database` serves many threads, each on its own connection. Many
readers and one writer work at a time; SQLite's own lock orders the writers of
short transactions, :meth:`warreader.index.library.Library.writing` those of
long runs.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from warreader.index.errors import DamagedError, LibraryBusyError, LibraryError, ReadOnlyError

BUSY_SECONDS = 30.0
"""How long a transaction waits for another writer before it gives up."""

UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What is raised of a file that may be damaged: Python can't decode what SQLite quotes of a damaged one."""

_ASKING_KILOBYTES = 1024
"""How much of the file the connections of other threads keep in memory."""


class Database:
    """One SQLite file in WAL mode, brought up to date when opened.

    Args:
        path: the file; made if absent.
        migrations: SQL scripts; number ``n`` (from 1) lifts a file from version ``n - 1``.
        durable: ``synchronous=FULL``: a committed transaction survives a power cut.
        backup: keep a copy beside the file before migrating one that holds data.
        cache_kilobytes: how much of the file is kept in memory by the connection of the thread that opened it.
        read_only: write nothing, in the file or beside it. One that isn't there is then an empty one in memory.

    Raises:
        LibraryBusyError: another process keeps the file locked.
        DamagedError: the file is no SQLite database, or damaged.
        LibraryError: it is of a newer version, or can't be brought up to date.
    """

    def __init__(
        self,
        path: Path,
        migrations: Sequence[str],
        *,
        durable: bool = False,
        backup: bool = False,
        cache_kilobytes: int = 4096,
        read_only: bool = False,
    ) -> None:
        self.path = path
        self.read_only = read_only
        self._in_memory = read_only and not path.is_file()
        self._address = (
            f"file:{uuid.uuid4().hex}?mode=memory&cache=shared" if self._in_memory else str(path.absolute())
        )
        self._durable = durable
        self._cache_kilobytes = cache_kilobytes
        self._owner = threading.get_ident()
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._watching: sqlite3.Connection | None = None
        self._watched: Stamp | None = None
        self._watchers = 0
        self._migrations = migrations
        try:
            self._open(backup=backup)
        except LibraryError:
            self.close()
            raise

    def _open(self, *, backup: bool) -> None:
        """Bring the tables up to date; what goes wrong is told with what to do about it."""
        path = self.path
        try:
            # Of a file that is only read, each connection looks at the version.
            connection = self.connection
            if not self.read_only or self._in_memory:
                _migrate(connection, path, self._migrations, backup=backup)
        except sqlite3.Error as error:
            if busy(error):
                raise LibraryBusyError(f"{path}: another process is writing to it; try again") from error
            if damaged(error):
                raise DamagedError(
                    f"{path}: not usable as a database ({error}); move it away or restore it from a backup"
                ) from error
            raise LibraryError(
                f"{path}: can't be opened now ({error}); nothing was changed: free the disk, check its permissions"
            ) from error
        except UnicodeDecodeError as error:
            raise DamagedError(
                f"{path}: not usable as a database (damaged); move it away or restore it from a backup"
            ) from error

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode, with rows addressable by name.

        What is only read has another one once a process has written in the meantime.
        """
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or ((held := self._local.stamp) is not None and held != self._stamp()):
            # Taken before: what is written meanwhile shows the next time. Somebody may still go through rows of the
            # old one, which stays open.
            stamp = self._stamp()
            connection = self._connect()
            self._local.connection, self._local.stamp = connection, stamp
        return connection

    def _unlocked(self) -> Path | None:
        """The file that SQLite is told nobody changes, as that is how it reads without writing a lock."""
        return self.path if self.read_only and not self._in_memory else None

    def _stamp(self) -> Stamp | None:
        """What differs once that file was changed all the same; ``None`` where there is none, or SQLite sees to it."""
        path = self._unlocked()
        return None if path is None else _stamp_to_read(path)

    def _connect(self) -> sqlite3.Connection:
        address = address_to_read(self.path) if self._unlocked() == self.path else self._address
        connection = sqlite3.connect(
            address, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=True
        )
        connection.row_factory = sqlite3.Row
        try:
            if not self.read_only:
                _log_ahead(connection)
                connection.execute(f"PRAGMA synchronous={'FULL' if self._durable else 'NORMAL'}")
                # Pages that every article changes are copied from the log once in 16 MB, not once in 4.
                connection.execute("PRAGMA wal_autocheckpoint=4000")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute(f"PRAGMA cache_size=-{self._cache()}")
            if self._unlocked() == self.path:
                _check_version(connection, self.path, self._migrations)
            self._prepare(connection)
        except (*UNREADABLE, LibraryError):
            connection.close()
            raise
        with self._guard:
            self._all.append(connection)
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """What else a connection needs before it is used."""

    def _cache(self) -> int:
        """Kilobytes that this thread's connection keeps: the reader's threads only ask, and are several."""
        mine = threading.get_ident() == self._owner
        return self._cache_kilobytes if mine else min(_ASKING_KILOBYTES, self._cache_kilobytes)

    @property
    def version(self) -> int:
        """A number that is another one after a commit, by whatever thread or process; for what is held in memory."""
        stamp = self._stamp() if self._watching is None or self._watched is not None else None
        if self._watching is None or stamp != self._watched:
            # Of a connection's own commits SQLite doesn't tell it: this one makes none.
            watching = self._connect()
            with self._guard:
                self._watching, self._watched = watching, stamp
                self._watchers += 1
        with self._guard:
            number = int(self._watching.execute("PRAGMA data_version").fetchone()[0])
            # Each connection counts anew.
            return (self._watchers << 32) + number

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write within one transaction: all of it is stored, or nothing. Nests: the outermost commits.

        Raises:
            ReadOnlyError: the file is only read.
        """
        if self.read_only:
            raise ReadOnlyError(self.path.parent)
        connection = self.connection
        if connection.in_transaction:
            yield connection
            return
        try:
            # Within, as an interrupt may come as soon as it is begun.
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            # A full disk makes SQLite roll back by itself; a commit that failed otherwise is still open,
            # and left so it would swallow every later transaction of this thread.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    @contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Have this thread wait for another writer no longer than so many seconds.

        Raises:
            LibraryBusyError: it is still writing then.
        """
        connection = self.connection
        connection.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")
        try:
            yield
        except sqlite3.OperationalError as error:
            if not busy(error):
                raise
            raise LibraryBusyError(f"{self.path}: another process is writing") from error
        finally:
            connection.execute(f"PRAGMA busy_timeout={round(BUSY_SECONDS * 1000)}")

    def problems(self) -> list[str]:
        """What SQLite's own integrity check finds wrong; empty when all is well.

        Raises:
            LibraryBusyError: the file is only read, and another process writes to it again and again.
        """
        for _ in range(3):
            stamp = self._stamp()
            found = self._problems()
            if not found or stamp == self._stamp():
                return found
        raise LibraryBusyError(f"{self.path}: another process is writing to it; try again when that is done")

    def _problems(self) -> list[str]:
        try:
            rows = self.connection.execute("PRAGMA integrity_check(20)").fetchall()
            found = [str(row[0]) for row in rows if row[0] != "ok"]
            # Whether a file can be read that far depends on where it is damaged.
            broken = self.connection.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            return [str(error)]
        except UnicodeDecodeError:
            return ["damaged"]
        return found + [f"table {row[0]}, row {row[1]}: refers to a missing {row[2]}" for row in broken]

    def close(self) -> None:
        """Close every thread's connection."""
        with self._guard:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._watching = None
        self._local = threading.local()


def busy(error: sqlite3.Error) -> bool:
    """Whether SQLite gave up because another connection was writing."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def statements(script: str) -> Iterator[str]:
    """The single statements of a SQL script."""
    pending = ""
    for piece in script.split(";"):
        pending += piece + ";"
        if sqlite3.complete_statement(pending):
            if pending.strip(" \n;"):
                yield pending
            pending = ""


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Have changes logged ahead. SQLite waits for no lock here, as two that make a database at once both need it."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not busy(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


Stamp = tuple[int, ...]
"""What differs between a file and the same file changed."""


def _stamp_to_read(path: Path) -> Stamp | None:
    """Of a file opened by :func:`address_to_read`; ``None`` where changes are told by its log's index."""
    log, shared = _logs(path)
    if log.is_file() and shared.is_file():
        return None
    try:
        found = path.stat()
    except OSError:
        return (0,)
    return found.st_mtime_ns, found.st_size, found.st_ino, int(log.is_file())


def _logs(path: Path) -> tuple[Path, Path]:
    """What changes are logged in ahead, and its index."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def address_to_read(path: Path) -> str:
    """What SQLite is to open so that nothing is written, for :func:`sqlite3.connect` with ``uri=True``.

    See https://www.sqlite.org/wal.html#read_only_databases: what was logged ahead can only be read where the log's
    own index is there too; where nothing is logged, neither is asked for.

    Raises:
        LibraryError: changes wait in the log that can't be read without writing.
    """
    address = f"{path.absolute().as_uri()}?mode=ro"
    log, shared = _logs(path)
    if log.is_file() and shared.is_file():
        return f"{address}&readonly_shm=1"
    if log.is_file() and log.stat().st_size:
        raise LibraryError(
            f"{log}: holds changes that can't be read where nothing can be written; "
            f"copy {path.parent} to where you can write, and name that with --library"
        )
    return f"{address}&immutable=1"


def _check_version(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version < len(migrations):
        raise LibraryError(
            f"{path}: made by an older warreader, and can't be brought up to date where nothing can be written; "
            f"copy {path.parent} to where you can write, and name that with --library"
        )
    if version > len(migrations):
        raise _newer(path, version, migrations)


def _newer(path: Path, version: int, migrations: Sequence[str]) -> LibraryError:
    return LibraryError(
        f"{path}: made by a newer warreader (file version {version}, this one knows {len(migrations)}); "
        "upgrade with: pip install -U warreader"
    )


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[str], *, backup: bool) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == len(migrations):
        return
    if version > len(migrations):
        raise _newer(path, version, migrations)
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have migrated while this one waited for the lock.
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if backup and 0 < version < len(migrations):
            _back_up(path, path.with_name(f"{path.name}.v{version}.bak"))
        for number, script in enumerate(migrations[version:], version + 1):
            for statement in statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={number:d}")
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.Error) and not damaged(error):
            raise LibraryError(
                f"{path}: could not be brought from file version {version} to {len(migrations)} ({error});"
                " nothing in it was changed or lost: free the disk and try again, else open it with the warreader"
                " that made it"
            ) from error
        raise


def _back_up(path: Path, copy: Path) -> None:
    """Copy a file that is locked for writing, so that no other process migrates it meanwhile."""
    # By a connection of its own: SQLite copies nothing by one that is in a transaction.
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def damaged(error: sqlite3.Error) -> bool:
    """Whether SQLite found the file to be none of its own, or broken."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

"""SQLite underneath: migrations, transactions, and what a user is told when a file is no good."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from warreader.index import storage
from warreader.index.annotations.schema import ANNOTATION_MIGRATIONS
from warreader.index.errors import LibraryBusyError, LibraryError, storage_error
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database, statements

_STEPS = (
    "CREATE TABLE thing (name TEXT); INSERT INTO thing VALUES ('from 1');",
    "ALTER TABLE thing ADD COLUMN size INTEGER NOT NULL DEFAULT 7;",
    "CREATE TABLE other (x); INSERT INTO thing (name) VALUES ('from 3; with a semicolon');",
)


def _version(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize("version", range(len(_STEPS) + 1))
def test_a_file_of_any_version_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    path = tmp_path / "x.sqlite"
    if version:
        Database(path, _STEPS[:version]).close()
        assert _version(path) == version
    database = Database(path, _STEPS)
    rows = [tuple(row) for row in database.connection.execute("SELECT name, size FROM thing ORDER BY rowid")]
    assert rows == [("from 1", 7), ("from 3; with a semicolon", 7)]
    database.close()
    assert _version(path) == len(_STEPS)


@pytest.mark.parametrize("migrations", [LIBRARY_MIGRATIONS, ANNOTATION_MIGRATIONS])
def test_our_own_schemas_open_from_every_version(tmp_path: Path, migrations: tuple[str, ...]) -> None:
    for version in range(1, len(migrations) + 1):
        path = tmp_path / f"{version}.sqlite"
        Database(path, migrations[:version]).close()
        database = Database(path, migrations)
        assert database.problems() == []
        database.close()


def test_a_failed_migration_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    Database(path, _STEPS[:1]).close()
    before = path.read_bytes()
    with pytest.raises(
        LibraryError, match=r"file version 1 to 2 .*NONSENSE.*nothing in it was changed"
    ) as caught:
        Database(path, (_STEPS[0], "CREATE TABLE half (x); CREATE NONSENSE;"))
    assert (
        str(path) in str(caught.value) and "\n" not in str(caught.value) and "backup" not in str(caught.value)
    )
    assert path.read_bytes() == before
    database = Database(path, _STEPS[:1])
    names = {row[0] for row in database.connection.execute("SELECT name FROM sqlite_master")}
    assert "half" not in names and "thing" in names
    database.close()


def test_a_file_that_another_process_keeps_is_not_told_as_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warreader.index.storage.BUSY_SECONDS", 0.05)
    path = tmp_path / "x.sqlite"
    Database(path, _STEPS[:1]).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusyError, match="try again"):
            Database(path, _STEPS)


def test_a_library_made_while_an_index_was_not_there_yet_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    early = Database(path, LIBRARY_MIGRATIONS[:3])
    early.connection.execute("DROP INDEX cluster_repeated")
    early.close()
    Database(path, LIBRARY_MIGRATIONS).close()


def test_a_newer_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    Database(path, _STEPS).close()
    with pytest.raises(LibraryError, match=r"newer warreader.*version 3.*knows 1.*pip install -U") as caught:
        Database(path, _STEPS[:1])
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    assert _version(path) == 3


def test_a_backup_is_kept_before_a_file_with_data_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    Database(path, _STEPS[:1], backup=True).close()
    assert list(tmp_path.glob("*.bak")) == []
    Database(path, _STEPS, backup=True).close()
    (copy,) = tmp_path.glob("*.bak")
    assert _version(copy) == 1
    Database(copy, _STEPS).close()


def test_what_another_process_has_just_migrated_is_not_kept_as_the_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.sqlite"
    Database(path, _STEPS[:1]).close()
    connect = sqlite3.connect

    class Overtaken(sqlite3.Connection):
        """Another process migrates the file as soon as this one has looked at its version."""

        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            found = super().execute(sql, parameters)
            if sql == "PRAGMA user_version" and sqlite3.connect is not connect:
                monkeypatch.undo()
                Database(path, _STEPS, backup=True).close()
            return found

    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=Overtaken))
    Database(path, _STEPS, backup=True).close()
    assert _version(path) == 3
    (copy,) = tmp_path.glob("*.bak")
    assert _version(copy) == 1


@pytest.mark.parametrize(
    "content", [b"this is no database at all, only text" * 40, b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_a_damaged_file_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    with pytest.raises(LibraryError) as caught:
        Database(path, _STEPS)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    assert path.read_bytes() == content


def test_a_folder_in_the_place_of_the_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").mkdir()
    with pytest.raises(LibraryError, match=r"x\.sqlite"):
        Database(tmp_path / "x.sqlite", _STEPS)


def test_a_transaction_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite", _STEPS[:1])

    def count() -> int:
        return int(database.connection.execute("SELECT count(*) FROM thing").fetchone()[0])

    with pytest.raises(KeyError), database.transaction() as connection:
        connection.execute("INSERT INTO thing VALUES ('a')")
        with database.transaction() as inner:
            inner.execute("INSERT INTO thing VALUES ('b')")
        raise KeyError
    assert count() == 1 and not database.connection.in_transaction
    with database.transaction() as connection:
        connection.execute("INSERT INTO thing VALUES ('c')")
    assert count() == 2
    database.close()


def test_an_interrupt_as_soon_as_a_transaction_is_begun_leaves_none_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            found = super().execute(sql, parameters)
            if sql == "BEGIN IMMEDIATE":
                raise KeyboardInterrupt
            return found

    Database(tmp_path / "x.sqlite", _STEPS).close()
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=Interrupted))
    database = Database(tmp_path / "x.sqlite", _STEPS)
    with pytest.raises(KeyboardInterrupt), database.transaction():
        pass
    # Left open, it would take in all that is written later, and none of that would ever be committed.
    assert not database.connection.in_transaction
    database.close()


def test_every_thread_has_a_connection_of_its_own(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite", _STEPS[:1])
    seen: list[object] = []

    def work() -> None:
        seen.append(database.connection)
        for _ in range(20):
            with database.transaction() as connection:
                connection.execute("INSERT INTO thing VALUES ('t')")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(connection) for connection in [*seen, database.connection]}) == 5
    assert database.connection.execute("SELECT count(*) FROM thing").fetchone()[0] == 81
    database.close()


_WRITER = """
import sys
from pathlib import Path
from warreader.index.storage import Database
database = Database(Path(sys.argv[1]), (sys.argv[2],))
for _ in range(50):
    with database.transaction() as connection:
        held = connection.execute("SELECT max(n) FROM counter").fetchone()[0]
        connection.execute("INSERT INTO counter VALUES (?)", (held + 1,))
database.close()
"""
_COUNTER = "CREATE TABLE counter (n INTEGER UNIQUE); INSERT INTO counter VALUES (0);"


def test_two_processes_write_at_once_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    # Neither finds the file there: making it is part of the race.
    both = [subprocess.Popen([sys.executable, "-c", _WRITER, str(path), _COUNTER]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    database = Database(path, (_COUNTER,))
    assert database.connection.execute("SELECT count(*), max(n) FROM counter").fetchone()[:] == (101, 100)
    database.close()


def test_problems_names_what_a_row_refers_to_in_vain(tmp_path: Path) -> None:
    script = "CREATE TABLE a (k INTEGER PRIMARY KEY); CREATE TABLE b (a INTEGER REFERENCES a(k));"
    database = Database(tmp_path / "x.sqlite", (script,))
    assert database.problems() == []
    with pytest.raises(sqlite3.IntegrityError):
        database.connection.execute("INSERT INTO b VALUES (5)")
    database.connection.execute("PRAGMA foreign_keys=OFF")
    database.connection.execute("INSERT INTO b VALUES (5)")
    assert database.problems() == ["table b, row 1: refers to a missing a"]
    database.close()


def test_a_durable_database_waits_for_the_disk(tmp_path: Path) -> None:
    for durable, level in ((True, 2), (False, 1)):
        database = Database(tmp_path / f"{durable}.sqlite", _STEPS, durable=durable)
        assert database.connection.execute("PRAGMA synchronous").fetchone()[0] == level
        assert database.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        database.close()


def test_a_script_is_split_at_its_statements_only() -> None:
    script = "CREATE TABLE a (x); INSERT INTO a VALUES ('one; two'); -- a note; with a stop\nSELECT 1;\n"
    assert [statement.strip() for statement in statements(script)] == [
        "CREATE TABLE a (x);",
        "INSERT INTO a VALUES ('one; two');",
        "-- a note; with a stop\nSELECT 1;",
    ]


def test_threads_that_ask_keep_less_in_memory_than_the_one_that_opened_it(tmp_path: Path) -> None:
    def kept() -> int:
        return -int(database.connection.execute("PRAGMA cache_size").fetchone()[0])

    database = Database(tmp_path / "x.sqlite", _STEPS)
    others: list[int] = []
    asking = [threading.Thread(target=lambda: others.append(kept())) for _ in range(3)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(others) == 3 and max(others) < kept()
    database.close()


def test_who_has_little_patience_is_told_that_another_writes(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite", _STEPS)
    other = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LibraryBusyError, match="another process is writing"), database.patience(0.01):  # noqa: SIM117
        with database.transaction() as connection:
            connection.execute("DELETE FROM thing")
    other.execute("ROLLBACK")
    other.close()
    assert database.connection.execute("PRAGMA busy_timeout").fetchone()[0] > 1_000
    with database.patience(0.01), database.transaction() as connection:
        connection.execute("DELETE FROM thing")
    database.close()


def test_a_file_that_cannot_be_opened_now_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.sqlite"
    Database(path, _STEPS[:1]).close()

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(storage, "_log_ahead", full)
    with pytest.raises(LibraryError, match=r"can't be opened now .*disk is full.*free the disk") as caught:
        Database(path, _STEPS[:1])
    assert str(path) in str(caught.value) and "backup" not in str(caught.value)
    monkeypatch.undo()
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(LibraryError, match=r"not usable as a database .*backup"):
        Database(path, _STEPS[:1])


def test_a_full_disk_is_told_with_what_helps() -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    told = str(storage_error(Path("lib"), error))
    assert "free the disk" in told and "check" not in told


class _Full(sqlite3.Connection):
    """A connection whose disk is full when a transaction is to be committed."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if sql == "COMMIT":
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        return super().execute(sql, parameters)


def test_a_migration_that_cannot_be_committed_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.sqlite"
    Database(path, _STEPS[:1]).close()
    before = path.read_bytes()
    connect = sqlite3.connect
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=_Full))
        with pytest.raises(
            LibraryError, match=r"file version 1 to 3 .*disk is full.*nothing in it was changed"
        ):
            Database(path, _STEPS)
    assert path.read_bytes() == before
    Database(path, _STEPS).close()

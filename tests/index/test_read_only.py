"""A library that can only be read: all that reads works, nothing is written in its folder."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from warreader.index import worker
from warreader.index.article import Progress
from warreader.index.errors import LibraryBusyError, LibraryError, ReadOnlyError
from warreader.index.exporting import WHAT, export
from warreader.index.library import Library
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.search import secret
from warreader.index.storage import Database

QUERIES = ('"mass graves"', "person:putin", "said:zelensky", "russia*", "tag:seen", "is:unread")


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in [folder, *folder.rglob("*")]
    }


def _answers(library: Library) -> dict[str, list[str]]:
    found = {what: list(export(library, what)) for what in WHAT}
    return found | {query: [hit.id for hit in library.search.search(query, 50).hits] for query in QUERIES}


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Somebody else than who made the library, as far as the search index goes."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    secret.user_secret.cache_clear()
    yield
    secret.user_secret.cache_clear()


def _annotated(folder: Path) -> dict[str, list[str]]:
    with Library(folder) as library:
        article = next(iter(library.articles))
        library.annotations.add(article.id, article.text, 0, 10, "a note", ("seen",))
        return _answers(library)


def test_everything_is_answered_as_before_and_nothing_is_written(folder: Path) -> None:
    wanted = _annotated(folder)
    before = _state(folder)
    with Library(folder, read_only=True) as library:
        assert library.read_only and not library.behind
        assert _answers(library) == wanted
        assert library.search.directory == folder / "search"
        assert library.check() == []
        library.look_at(next(iter(library.articles)).id)
    assert _state(folder) == before


def test_a_folder_that_can_not_be_written_is_opened_for_reading(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tests may run as root, whom no permission stops.
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    before = _state(folder)
    with Library(folder) as library:
        assert library.read_only
        assert library.search.search("putin").total == 5
    assert _state(folder) == before


def test_a_file_that_can_not_be_written_is_enough(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library(folder) as library:
        assert not library.read_only and library.annotations.all() == []
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != "annotations.sqlite")
    with Library(folder) as library:
        assert library.read_only


def test_what_would_be_written_is_refused_in_one_line(folder: Path) -> None:
    with Library(folder, read_only=True) as library:
        article = next(iter(library.articles))
        for write in (
            lambda: library.annotations.add(article.id, article.text, 0, 10),
            lambda: library.articles.mark(article.id, read=True),
            lambda: library.corrections.set_meta(article.id, "title", "Another"),
            lambda: library.set_setting("order", "newest"),
            lambda: library.search.searches.remember("putin"),
            lambda: library.add([]),
            lambda: library.check(repair=True),
            lambda: library.writing("something").__enter__(),
        ):
            with pytest.raises(ReadOnlyError, match=r"is only read here.*copy it") as told:
                write()
            assert str(folder) in str(told.value) and "\n" not in str(told.value)


@pytest.mark.usefixtures("stranger")
def test_an_index_made_by_somebody_else_has_another_in_the_cache(folder: Path, tmp_path: Path) -> None:
    with Library(folder, read_only=True) as library:
        assert library.behind and library.search.directory.is_relative_to(tmp_path / "cache")
        steps: list[Progress] = []
        before = _state(folder)
        library.update(steps.append)
        assert steps[-1].stage == "search" and steps[-1].done == 5
        assert not library.behind
        assert library.search.search('"mass graves"').total == 1
        assert library.search.search("said:putin is:unread").total > 0
        assert library.check() == [] and library.left_to_do() == []
        place = library.search.directory
    with Library(folder, read_only=True) as library:
        # It is found again, and used.
        assert library.search.directory == place and not library.behind
        assert _state(folder) == before


@pytest.mark.usefixtures("stranger")
def test_the_index_of_an_earlier_state_is_taken_away(folder: Path, tmp_path: Path) -> None:
    with Library(folder, read_only=True) as library:
        library.update()
        old = library.search.directory.parent
    article = tmp_path / "more.txt"
    article.write_text("Title: Added\n\nA zeppelin was seen over the town on Monday morning.\n")
    with Library(folder) as library:
        library.add([article])
    # As on a disc: what the library's own run made is again not this user's.
    (tmp_path / "another" / "warreader" / "index.key").unlink()
    secret.user_secret.cache_clear()
    with Library(folder, read_only=True) as library:
        library.update()
        assert library.search.search("zeppelin").total == 1
        assert library.search.directory.parent != old and not old.exists()


@pytest.mark.usefixtures("stranger")
def test_a_missing_index_is_made_in_the_cache(folder: Path) -> None:
    for path in (folder / "search").iterdir():
        path.unlink()
    (folder / "search").rmdir()
    before = _state(folder)
    with Library(folder, read_only=True) as library:
        library.update()
        assert library.search.search("putin").total == 5
    assert _state(folder) == before


@pytest.mark.usefixtures("stranger")
def test_a_cache_that_can_not_be_made_is_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with (
        Library(folder, read_only=True) as library,
        pytest.raises(LibraryError, match=r"no search index can be made here.*XDG_CACHE_HOME"),
    ):
        _ = library.search


@pytest.mark.usefixtures("stranger")
def test_the_worker_brings_only_the_index_up_to_date(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _state(folder)
    assert worker.main([str(folder), "--read-only"]) == 0
    assert '{"report": null}' in capsys.readouterr().out
    assert _state(folder) == before
    with Library(folder, read_only=True) as library:
        assert not library.behind


def test_without_annotations_there_are_none(folder: Path) -> None:
    for path in folder.glob("annotations.sqlite*"):
        path.unlink()
    with Library(folder, read_only=True) as library:
        assert library.annotations.all() == [] and list(export(library, "rulings")) == []
    assert not (folder / "annotations.sqlite").exists()


def test_what_another_process_has_just_written_is_read(folder: Path) -> None:
    with Library(folder) as writer:
        writer.set_setting("seen", "now")
        assert (folder / "library.sqlite-wal").stat().st_size
        with Library(folder, read_only=True) as library:
            assert library.setting("seen") == "now"
            writer.set_setting("seen", "later")
            assert library.setting("seen") == "later"


def _add_one(folder: Path, words: str) -> None:
    article = folder.parent / f"{words.split()[1]}.txt"
    article.write_text(f"Title: Added\n\n{words} was seen over the town on Monday morning.\n")
    with Library(folder) as writer:
        (added,) = writer.add([article]).added
        writer.annotations.add(added, writer.articles.text(added) or "", 0, 5, "a note")


def test_what_is_written_after_it_was_opened_is_read(folder: Path) -> None:
    with Library(folder, read_only=True) as library:
        # Nobody writes yet: the file is read as one that doesn't change.
        assert len(library.articles) == 5 and library.search.search("zeppelin OR airship").total == 0
        changes, notes = library.changes(), len(library.annotations.all())
        summaries = iter(library.articles)
        next(summaries)
        for number, words in enumerate(("A zeppelin", "An airship"), 1):
            _add_one(folder, words)
            assert len(library.articles) == 5 + number == len(library.articles.summaries())
            assert library.search.search("zeppelin OR airship").total == number
            assert len(library.annotations.all()) == notes + number
            assert library.changes()[0] > changes[0]
            changes = library.changes()
        assert library.check() == []
        # What goes through rows that it asked for before goes on.
        assert len(list(summaries)) == 4


def test_what_is_held_in_memory_is_told_of_changes(folder: Path) -> None:
    database = Database(folder / "library.sqlite", LIBRARY_MIGRATIONS, read_only=True)
    seen = {database.version}
    assert database.version in seen
    for words in ("A zeppelin", "An airship"):
        _add_one(folder, words)
        assert database.version not in seen
        seen.add(database.version)
        assert database.version in seen
    database.close()


def test_what_is_changed_while_it_is_verified_is_not_called_damaged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(folder / "library.sqlite", LIBRARY_MIGRATIONS, read_only=True)
    told = iter([["malformed"], ["malformed"], []])

    def verified(self: Database) -> list[str]:
        os.utime(self.path, ns=(0, (self.path.stat().st_mtime_ns + 1)))
        return next(told, ["malformed"])

    monkeypatch.setattr(Database, "_problems", verified)
    assert database.problems() == []
    with pytest.raises(LibraryBusyError, match="another process is writing"):
        database.problems()
    database.close()


@pytest.mark.usefixtures("stranger")
def test_an_index_in_the_cache_takes_in_what_is_written_later(folder: Path) -> None:
    with Library(folder, read_only=True) as library:
        library.update()
        assert library.search.search("putin").total == 5 and not library.behind
        _add_one(folder, "A zeppelin")
        assert library.behind
        library.update()
        assert library.search.search("zeppelin").total == 1 and library.search.search("putin").total == 5


def test_changes_that_only_a_writer_could_merge_are_told(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "library.sqlite", isolation_level=None)) as connection:
        connection.execute("INSERT OR REPLACE INTO setting VALUES ('seen', 'now')")
        log = (folder / "library.sqlite-wal").read_bytes()
    (folder / "library.sqlite-wal").write_bytes(log)
    (folder / "library.sqlite-shm").unlink(missing_ok=True)
    with pytest.raises(LibraryError, match=r"library.sqlite-wal: holds changes.*copy"):
        Library(folder, read_only=True)


def test_one_of_an_older_version_is_told(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        connection.execute("PRAGMA user_version=3")
    with pytest.raises(LibraryError, match=r"made by an older warreader.*copy"):
        Library(folder, read_only=True)


def test_one_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no library here"):
        Library(tmp_path / "nowhere", read_only=True)
    assert not (tmp_path / "nowhere").exists()

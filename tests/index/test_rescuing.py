"""A damaged ``library.sqlite``: what can be read is kept, byte for byte, and nothing else is touched."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from warreader.index import rescuing
from warreader.index.errors import DamagedError, LibraryBusyError, LibraryError
from warreader.index.library import Library, rescue

_MANY = 160
_STARRED = "made-7"


def _words(number: int) -> str:
    """An invented report, unlike the others; each twentieth goes on over several pages."""
    chance = random.Random(number)
    names = ("harbour", "bridge", "mill", "school", "ferry", "market", "station", "quarry")
    sentences = [
        f"The {chance.choice(names)} {chance.randrange(10_000)} was closed for {chance.randrange(90)} days."
        for _ in range(150 if number % 20 == 0 else 8)
    ]
    return "\n".join(sentences) + f"\nОтчёт № {number}."


@pytest.fixture(scope="module")
def large(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, many invented reports, and what a reader did. Not to be changed."""
    base = tmp_path_factory.mktemp("large")
    folder = Path(shutil.copytree(seeded, base / "library"))
    records = [
        {"id": f"made-{number}", "title": f"Report {number}", "text": _words(number), "date": "2024-03-01"}
        for number in range(_MANY)
    ]
    (base / "made.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")
    with Library(folder) as library:
        library.add([base / "made.jsonl"], derive=False)
        library.articles.mark(_STARRED, starred=True, read=True, position=11)
        library.search.searches.save("harbour", "The harbour")
        library.search.searches.remember("night harbour")
        library.set_setting("sort", "title")
        for name in (_STARRED, "made-150", "made-159"):
            library.annotations.add(name, library.articles.get(name).text, 4, 12, "a note")
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def texts(large: Path) -> dict[str, str]:
    return _texts(large)


@pytest.fixture
def folder(large: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(large, tmp_path / "library"))


def _texts(folder: Path) -> dict[str, str]:
    with Library(folder) as library:
        return {article.id: article.text for article in library.articles}


class _File:
    """The pages of a library's file by what they are, and writing noise over them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "library.sqlite"
        with closing(sqlite3.connect(self.path)) as connection:
            self.roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master").fetchall())
            (self.size,) = connection.execute("PRAGMA page_size").fetchone()
        self._bytes = self.path.read_bytes()

    def below(self, page: int) -> list[int]:
        """The pages that an interior one leads to, in order; none for a leaf."""
        begin = (page - 1) * self.size
        held = self._bytes[begin : begin + self.size]
        at = 100 if page == 1 else 0
        if held[at] not in (2, 5):
            return []
        cells = int.from_bytes(held[at + 3 : at + 5], "big")
        places = (int.from_bytes(held[at + 12 + 2 * n : at + 14 + 2 * n], "big") for n in range(cells))
        last = int.from_bytes(held[at + 8 : at + 12], "big")
        return [*(int.from_bytes(held[place : place + 4], "big") for place in places), last]

    def leaves(self, name: str) -> list[int]:
        waiting, found = [self.roots[name]], []
        while waiting:
            page = waiting.pop(0)
            below = self.below(page)
            waiting = below + waiting
            if not below:
                found.append(page)
        return found

    def spoil(self, *pages: int, length: int | None = None) -> None:
        noise = random.Random(pages[0])
        with self.path.open("r+b") as file:
            for page in pages:
                file.seek((page - 1) * self.size)
                file.write(noise.randbytes(length or self.size))


def _spoil(folder: Path, place: str) -> None:
    file = _File(folder)
    leaves = file.leaves("article")
    match place:
        case "leaf":
            file.spoil(leaves[len(leaves) // 2])
        case "first leaf":
            file.spoil(leaves[0])
        case "last leaf":
            file.spoil(leaves[-1])
        case "leaves":
            file.spoil(*leaves[3:20:4])
        case "interior":
            file.spoil(file.roots["article"])
        case "index":
            file.spoil(file.roots["sqlite_autoindex_article_1"])
        case "index and leaf":
            file.spoil(file.roots["sqlite_autoindex_article_1"], leaves[5])
        case "derived":
            file.spoil(file.roots["mention"], file.roots["derived"])
        case "reading":
            file.spoil(file.roots["reading"])
        case "freelist":
            with closing(sqlite3.connect(file.path)) as connection:
                with connection:
                    connection.execute("DELETE FROM quotation")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            trunk = int.from_bytes(file.path.read_bytes()[32:36], "big")
            assert trunk
            file.spoil(trunk)
        case "header":
            file.spoil(1, length=100)
        case "first page":
            file.spoil(1)
        case "tables":
            file.spoil(file.below(1)[0])


_ALL = _MANY + 5
_AT_LEAST = {
    "leaf": 150,
    "first leaf": 150,
    "last leaf": 150,
    "leaves": 130,
    "interior": _ALL,
    "index": _ALL,
    "index and leaf": 150,
    "derived": _ALL,
    "reading": _ALL,
    "freelist": _ALL,
    "header": _ALL,
    "first page": _ALL,
    "tables": _ALL,
}


@pytest.mark.parametrize("place", _AT_LEAST)
def test_what_can_be_read_is_kept(folder: Path, texts: dict[str, str], place: str) -> None:
    _spoil(folder, place)
    notes, damaged = ((folder / f"{name}.sqlite").read_bytes() for name in ("annotations", "library"))
    told = rescue(folder).told
    kept = _texts(folder)
    assert kept == {name: texts[name] for name in kept} and len(kept) >= _AT_LEAST[place]
    least = "at least " if place in ("header", "first page", "tables") else ""
    assert told.startswith(f"library.sqlite: kept {len(kept)} of {least}{_ALL} articles") and "\n" not in told
    lost = texts.keys() - kept.keys()
    assert bool(lost) == (place in ("leaf", "first leaf", "last leaf", "leaves", "index and leaf"))
    if place in ("leaf", "first leaf", "last leaf"):
        assert all(name in told for name in lost)
    # The damaged file is there as it was, and what the reader wrote is not touched.
    (beside,) = folder.glob("library.sqlite.damaged-*")
    assert beside.read_bytes() == damaged and beside.name in told
    assert (folder / "annotations.sqlite").read_bytes() == notes
    assert not list(folder.glob("*.new*"))
    with Library(folder) as library:
        assert not [problem for problem in library.check() if "library.sqlite" in problem]
        for name in kept.keys() & {"made-150", "made-159", _STARRED}:
            (note,) = library.annotations.of(name)
            assert kept[name][note.start : note.end] == note.exact


@pytest.mark.parametrize("place", ["leaves", "header"])
def test_a_repaired_library_is_sound_and_derived_anew(folder: Path, place: str) -> None:
    _spoil(folder, place)
    told: list[str] = []
    if place == "header":
        with pytest.raises(DamagedError):
            Library(folder)
        told.append(rescue(folder).told)
    with Library(folder) as library:
        if place == "leaves":
            assert all(
                re.search(r"backup, or keep \d+ of 165 articles with: warreader check --repair$", problem)
                for problem in library.check()
            )
        lost, *problems = [*told, *library.check(repair=True, tell=told.append)]
        assert lost.startswith("library.sqlite: kept ") and len(told) == (place == "header")
        assert lost.endswith("; what is lost comes back if it is added again") == (place == "leaves")
        # Notes on what is lost are told of as ever.
        assert all(problem.startswith("annotations.sqlite: ") for problem in problems)
        assert not library.behind and library.search.search("harbour").total > 10
        assert library.search.search("person:putin").total > 0
        told.clear()
        assert library.check(repair=True, tell=told.append) == problems and not told


@pytest.mark.parametrize(("place", "lost"), [("leaf", True), ("derived", False), ("reading", True)])
def test_a_repair_by_which_something_is_lost_is_not_told_as_well_done(
    folder: Path, place: str, lost: bool
) -> None:
    _spoil(folder, place)
    told: list[str] = []
    with Library(folder) as library:
        problems = library.check(repair=True, tell=told.append)
    assert [line.startswith("library.sqlite: kept ") for line in (problems if lost else told)] == [True]
    assert not (told if lost else problems)


def test_what_the_reader_did_is_kept(folder: Path) -> None:
    _spoil(folder, "derived")
    assert "could not be read" not in rescue(folder).told
    with Library(folder) as library:
        (starred,) = [one for one in library.articles.summaries() if one.starred]
        assert starred.id == _STARRED and starred.read and library.articles.position(_STARRED) == 11
        assert [(one.name, one.query) for one in library.search.searches.saved()] == [
            ("The harbour", "harbour")
        ]
        assert library.setting("sort") == "title"
        article = library.articles.get(_STARRED)
        assert (article.meta.title, article.meta.date) == ("Report 7", "2024-03-01")


@pytest.mark.parametrize("place", ["header", "first page", "tables"])
def test_what_the_reader_did_is_found_where_no_table_can_be_opened(folder: Path, place: str) -> None:
    _spoil(folder, place)
    told = rescue(folder).told
    assert (
        "; perhaps not all was found of: what was read and starred, saved searches, queries asked before;"
        " not all could be read of: settings; the damaged file" in told
    )
    with Library(folder) as library:
        (starred,) = [one for one in library.articles.summaries() if one.starred]
        assert starred.id == _STARRED and starred.read and library.articles.position(_STARRED) == 11
        assert [(one.name, one.query) for one in library.search.searches.saved()] == [
            ("The harbour", "harbour")
        ]
        assert library.search.searches.recent() == ["night harbour"]


def test_no_text_is_looked_at_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _spoil(folder, "leaf")
    sound, looked = rescuing._sound, list[object]()

    def counted(row: tuple[object, ...]) -> tuple[object, ...] | None:
        found = sound(row)
        looked.extend([] if found is None else [found[0]])
        return found

    monkeypatch.setattr(rescuing, "_sound", counted)
    rescue(folder)
    assert len(looked) == len(set(looked)) > 150


def test_what_the_reader_did_is_said_to_be_lost(folder: Path) -> None:
    _spoil(folder, "reading")
    assert "not all could be read of: what was read and starred; the damaged file" in rescue(folder).told
    with Library(folder) as library:
        assert library.setting("sort") == "title"


def test_names_of_tables_that_are_no_text_any_more_are_no_error_of_their_own(
    folder: Path, texts: dict[str, str]
) -> None:
    path = folder / "library.sqlite"
    held = path.read_bytes()
    assert b"tablereadingreading" in held
    # As SQLite quotes them, where it says that it can't make sense of the table.
    path.write_bytes(
        held.replace(b"CREATE TABLE reading (", b"CR\xceATE TABLE r\xceading (", 1).replace(
            b"tablereadingreading", b"tabler\xceadingr\xceading", 1
        )
    )
    with pytest.raises(DamagedError):
        Library(folder)
    rescue(folder)
    assert _texts(folder) == texts


def test_what_is_lost_comes_back_when_it_is_added_again(
    folder: Path, large: Path, texts: dict[str, str]
) -> None:
    _spoil(folder, "leaves")
    rescue(folder)
    assert _texts(folder) != texts
    with Library(folder) as library:
        report = library.add([large.parent / "made.jsonl"], derive=False)
        assert report.added and not report.failures
    found = _texts(folder)
    assert {name: found[name] for name in found} == {name: texts[name] for name in found}
    assert all(name in found for name in texts if name.startswith("made-"))


def test_versions_of_an_article_stay_versions_where_the_first_is_lost(folder: Path, tmp_path: Path) -> None:
    with Library(folder) as library:
        for day in range(3):
            changed = f"{_words(4)}\nUpdated on day {day}."
            (tmp_path / "told.jsonl").write_text(json.dumps({"id": "told", "text": changed}), "utf-8")
            library.add([tmp_path / "told.jsonl"], derive=False)
        (group,) = [
            versions
            for one in library.articles.summaries()
            if len(versions := library.articles.versions(one.id)) == 3
        ]
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection, connection:
        # Its text isn't the one that was stored any more, and something else is damaged.
        connection.execute("UPDATE article SET text = 'noise' WHERE id = ?", (group[0].id,))
    _spoil(folder, "derived")
    assert f"could not be read: {group[0].id};" in rescue(folder).told
    with Library(folder) as library:
        left = library.articles.versions(group[1].id)
        assert [one.id for one in left] == [one.id for one in group[1:]]
        assert [one.id for one in library.articles.summaries() if one.id in {two.id for two in group}] == [
            group[2].id
        ]


def test_what_is_lost_is_counted_where_nothing_lists_the_articles(
    folder: Path, texts: dict[str, str]
) -> None:
    _spoil(folder, "leaf")
    _spoil(folder, "header")
    told = rescue(folder).told
    kept = _texts(folder)
    assert len(kept) < len(texts)
    assert told.startswith(
        f"library.sqlite: kept {len(kept)} of at least {_ALL} articles; could not be read: "
    )
    assert "saved searches" in told


def test_what_is_logged_ahead_is_kept_too(folder: Path) -> None:
    _spoil(folder, "derived")
    command = (
        "import os, sys, pathlib; from warreader.index.library import Library;"
        "Library(pathlib.Path(sys.argv[1])).articles.mark('made-9', starred=True); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", command, str(folder)], check=True)
    assert (folder / "library.sqlite-wal").stat().st_size
    rescue(folder)
    with Library(folder) as library:
        assert {one.id for one in library.articles.summaries() if one.starred} == {_STARRED, "made-9"}


def test_a_file_that_another_has_open_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescuing, "_WAIT", 0.1)
    _spoil(folder, "leaf")
    command = (
        "import sys, pathlib; from warreader.index.library import Library;"
        "held = Library(pathlib.Path(sys.argv[1])); print(held.setting('sort'), flush=True); sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", command, str(folder)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"title\n"
        before = (folder / "library.sqlite").read_bytes()
        with pytest.raises(LibraryBusyError, match="another process has it open"):
            rescue(folder)
        other.communicate(b"")
    assert (folder / "library.sqlite").read_bytes() == before
    assert not list(folder.glob("library.sqlite.*"))
    assert "kept" in rescue(folder).told


@pytest.mark.parametrize("content", [b"this is no database at all, only text" * 400, b"\xff" * 50_000])
def test_a_file_of_something_else_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="restore it from a backup"):
        rescue(tmp_path)
    assert path.read_bytes() == content and not list(tmp_path.glob("library.sqlite.*"))

"""The library as a whole: runs that are cut off, two writers, and verifying what is on disk."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from warreader.index import checking, locking
from warreader.index.article import Failure, Progress
from warreader.index.errors import LibraryBusyError, LibraryError
from warreader.index.exporting import WHAT, export
from warreader.index.library import Library
from warreader.index.resources import seeds_folder


def _content(folder: Path) -> dict[str, list[str]]:
    with Library(folder, create=False) as library:
        content = {what: list(export(library, what)) for what in WHAT}
        for query in ('"mass graves"', "person:putin", "said:zelensky", "russia*"):
            content[query] = [hit.id for hit in library.search.search(query).hits]
    return content


def _change(folder: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection, connection:
        assert connection.execute(sql, values).rowcount > 0


def _in_middle(library: Library) -> str:
    return library.articles.summaries()[2].id


# -- runs that are cut off -----------------------------------------------------

# The worker as the app starts it, but ending itself, as kill -9 does, at a chosen step.
_WORKER = """
import os, signal, sys
from warreader.index import upkeep, worker
# However slow the machine: what is added is not yet searchable when the stage of search begins.
upkeep._Soon.__call__ = lambda self: None
stage, done = sys.argv[1], int(sys.argv[2])
worker._INTERVAL = 0
def say(value):
    if value.get("stage") == stage and value["done"] >= done:
        os.kill(os.getpid(), signal.SIGKILL)
worker._say = say
sys.exit(worker.main(sys.argv[3:]))
"""


def _killed_at(folder: Path, stage: str, done: int) -> bool:
    """Run the worker until it is killed at a step; false if it never came there."""
    command = [sys.executable, "-c", _WORKER, stage, str(done), str(folder), "--seeds"]
    return subprocess.run(command, check=False, timeout=120).returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def undisturbed(seeded: Path) -> dict[str, list[str]]:
    return _content(seeded)


def test_a_run_killed_at_every_stage_comes_to_the_same_library(
    undisturbed: dict[str, list[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    for stage, done in (
        ("add", 2),
        ("add", 5),
        ("search", 3),
        ("entities", 2),
        ("quotations", 1),
        ("matches", 2),
    ):
        assert _killed_at(folder, stage, done), stage
        # Whatever the moment, it opens, reads, and says itself what is still to do.
        with Library(folder, create=False) as library:
            assert library.behind
            assert all("run: warreader check --repair" in problem for problem in library.check())
            for summary in library.articles.summaries():
                assert library.articles.get(summary.id).text
    with Library(folder) as library:
        report = library.add([seeds_folder()])
        assert not report.added and len(report.duplicates) == 5
        assert not library.behind
        assert library.check() == []
    assert _content(folder) == undisturbed


@pytest.mark.parametrize("after", [0.0, 0.15])
def test_a_run_killed_at_any_time_can_be_completed_by_an_update(
    undisturbed: dict[str, list[str]], tmp_path: Path, after: float
) -> None:
    folder = tmp_path / "library"
    command = [sys.executable, "-m", "warreader.index.worker", str(folder), "--seeds"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    with Library(folder) as library:
        library.add([seeds_folder()])
        assert library.check() == []
    assert _content(folder) == undisturbed


def test_nothing_is_behind_in_a_complete_library(library: Library) -> None:
    heard: list[Progress] = []
    library.update(heard.append)
    assert not library.behind
    assert {step.stage for step in heard} <= {"search"}


# -- two writers ---------------------------------------------------------------


def test_a_second_writer_is_told_who_holds_the_library(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.1)
    with library.writing("adding articles"), Library(folder) as second:
        attempts: list[Callable[[], object]] = [
            second.update,
            lambda: second.add([seeds_folder()]),
            lambda: second.check(repair=True),
        ]
        for attempt in attempts:
            with pytest.raises(LibraryBusyError) as caught:
                attempt()
            said = str(caught.value)
            assert f"process {os.getpid()} (adding articles)" in said
            assert str(folder) in said and "\n" not in said
        # Reading goes on meanwhile.
        assert len(second.articles.summaries()) == 5 and second.check() == []
    with Library(folder) as third, third.writing("again"):
        pass


def test_one_that_waits_is_told_for_whom_and_for_how_long_it_would(
    library: Library, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_ASK", 0.01)
    (tmp_path / "late.txt").write_text("Late news of the siege.", "utf-8")
    let_go = threading.Event()
    holding = threading.Event()

    def hold() -> None:
        with library.writing("adding articles"):
            holding.set()
            let_go.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(20)
    heard: list[Progress] = []

    def told(step: Progress) -> None:
        heard.append(step)
        let_go.set()

    with Library(folder) as second:
        with pytest.raises(LibraryBusyError):
            second.add([tmp_path / "late.txt"], heard.append, wait=0.0)
        assert heard == []
        assert second.add([tmp_path / "late.txt"], told, wait=None, derive=False).added == ["late"]
    thread.join()
    assert heard[0].stage == "waiting"
    who = rf"process {os.getpid()} \(adding articles\) since \d\d:\d\d"
    assert re.fullmatch(who, heard[0].detail)
    # One that began another day says which.
    (folder / "writer.txt").write_text("process 1 (adding articles)\n0\n", "utf-8")
    assert re.search(r"since (1969-12-31|1970-01-01) \d\d:\d\d$", locking.WriterLock(folder).holder())


def test_a_holder_that_can_not_be_read_is_another_process(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.05)
    with library.writing("adding"):
        for content in (b"\xff\n", b"", None):
            (folder / "writer.txt").unlink()
            if content is not None:
                (folder / "writer.txt").write_bytes(content)
            with pytest.raises(LibraryBusyError), Library(folder) as second, second.writing("x"):
                pass
            (folder / "writer.txt").touch()


def test_a_second_writer_waits_for_the_first(library: Library, folder: Path) -> None:
    order: list[str] = []
    held = threading.Event()

    def first() -> None:
        with library.writing("adding"):
            held.set()
            time.sleep(0.2)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    held.wait(5)
    with Library(folder) as second, second.writing("adding"):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_the_library_is_free_again_after_an_error(library: Library, folder: Path) -> None:
    with pytest.raises(KeyError), library.writing("adding"):
        raise KeyError
    assert not (folder / "writer.txt").exists()
    with library.writing("adding"):
        pass


# -- verifying -----------------------------------------------------------------


def test_all_is_well_with_a_complete_library(library: Library) -> None:
    assert library.check() == []


def test_a_changed_text_is_found_and_not_repaired(folder: Path) -> None:
    with Library(folder) as library:
        name = _in_middle(library)
    _change(folder, "UPDATE article SET text = replace(text, 'the', 'teh') WHERE id = ?", name)
    with Library(folder) as library:
        for problems in (library.check(), library.check(repair=True)):
            assert any(f"article {name}: its text is not what was stored" in p for p in problems)
            assert all("\n" not in problem for problem in problems)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE article SET kinds = substr(kinds, 2) WHERE id = ?",
        "UPDATE article SET kinds = kinds || 'b' WHERE id = ?",
        "UPDATE article SET kinds = 'x' || substr(kinds, 2) WHERE id = ?",
    ],
)
def test_lines_that_are_wrong_are_found_and_made_anew(
    folder: Path, undisturbed: dict[str, list[str]], sql: str
) -> None:
    with Library(folder) as library:
        name = _in_middle(library)
    _change(folder, sql, name)
    with Library(folder) as library:
        assert any(f"article {name}: its lines don't cover its text" in p for p in library.check())
        assert library.check(repair=True) == []
    assert _content(folder)["articles"] == undisturbed["articles"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE mention SET form = 'Nobody' WHERE form = 'Putin'", "entities that don't stand"),
        ("UPDATE mention SET start = -5 WHERE form = 'Ukraine' AND start > 0", "entities that don't stand"),
        (
            "UPDATE quotation SET end = 9999999 WHERE key = (SELECT max(key) FROM quotation)",
            "quotations that",
        ),
        ("UPDATE quotation SET cue_start = cue_end WHERE cue_start NOTNULL", "quotations that"),
        ("UPDATE pair SET two_end = 9999999", "matches that don't stand"),
    ],
)
def test_what_does_not_stand_in_the_text_is_found_and_derived_anew(
    folder: Path, undisturbed: dict[str, list[str]], sql: str, said: str
) -> None:
    _change(folder, sql)
    with Library(folder) as library:
        problems = library.check()
        assert problems and all(said in problem for problem in problems)
        assert all("--repair" in problem and "\n" not in problem for problem in problems)
        assert library.check(repair=True) == []
    content = _content(folder)
    for what in ("articles", "mentions", "quotations"):
        assert sorted(content[what]) == sorted(undisturbed[what])
    assert len(content["matches"]) == len(undisturbed["matches"])


def test_what_is_not_derived_yet_is_no_damage_and_is_derived(
    folder: Path, undisturbed: dict[str, list[str]]
) -> None:
    _change(folder, "DELETE FROM derived WHERE stage = 'quotations'")
    with Library(folder) as library:
        assert library.behind and library.check() == []
        assert library.left_to_do() == ["quotations of 5 articles"]
        library.update()
        assert not library.behind and library.left_to_do() == []
    assert len(_content(folder)["quotations"]) == len(undisturbed["quotations"])


@pytest.mark.parametrize("spoil", ["delete", "empty", "garble"])
def test_a_spoilt_search_index_is_found_and_rebuilt(
    folder: Path, undisturbed: dict[str, list[str]], spoil: str
) -> None:
    if spoil == "delete":
        shutil.rmtree(folder / "search")
    for path in (folder / "search").glob("*"):
        if spoil == "empty":
            path.unlink()
        elif path.is_file():
            path.write_bytes(b"\x80" + path.read_bytes()[::-1])
    with Library(folder) as library:
        assert any(problem.startswith("search: ") for problem in library.check())
        assert library.check(repair=True) == []
    assert _content(folder) == undisturbed


def test_a_damaged_annotation_file_is_told_beside_the_rest(folder: Path) -> None:
    for path in folder.glob("annotations.sqlite*"):
        path.unlink()
    (folder / "annotations.sqlite").write_bytes(b"not a database" * 100)
    _change(folder, "UPDATE mention SET form = 'Nobody' WHERE form = 'Putin'")
    with Library(folder) as library:
        problems = library.check()
    assert any("annotations.sqlite: not usable" in problem for problem in problems)
    assert any("entities that don't stand" in problem for problem in problems)


def _spoil_annotations(folder: Path, table: str | None = None) -> None:
    """Make the file none of SQLite's, or the first page of one of its tables no page."""
    path = folder / "annotations.sqlite"
    Library(folder).annotations.close()
    if table is None:
        for part in folder.glob("annotations.sqlite*"):
            part.unlink()
        path.write_bytes(b"not a database" * 100)
        return
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


@pytest.mark.parametrize("table", [None, "correction_state", "ruling_state"])
def test_damaged_annotations_take_neither_search_nor_adding_with_them(
    folder: Path, tmp_path: Path, table: str | None
) -> None:
    (tmp_path / "new.txt").write_text("A heron stood on the bridge at Antonivka.", "utf-8")
    _spoil_annotations(folder, table)
    shutil.rmtree(folder / "search")
    with Library(folder) as library:
        assert library.behind
        report = library.add([tmp_path / "new.txt"])
        assert len(report.added) == 1
        assert "annotations.sqlite: " in str(report.failures[-1]) and "\n" not in str(report.failures[-1])
        assert library.search.search("heron").total == 1
        assert not library.behind, "nothing can be done until they are back"
        assert [failure.file for failure in library.update()] == ["what is derived"]
        problems = library.check(repair=True)
    assert problems and all("annotations.sqlite" in problem for problem in problems)


def test_only_what_asks_for_annotations_needs_them(folder: Path) -> None:
    _spoil_annotations(folder)
    with Library(folder) as library:
        assert library.search.search("putin").total > 0
        for query in ("tag:x", "note:x", "is:annotated"):
            found = library.search.search(f"putin OR {query}")
            assert found.total > 0 and "annotations.sqlite" in (found.problem or "")


def test_what_is_derived_waits_for_annotations_to_come_back(folder: Path, tmp_path: Path) -> None:
    """For it has to agree with what the reader ruled."""
    (tmp_path / "new.txt").write_text("President Zoltan Hajdu visited Antonivka.", "utf-8")
    with Library(folder) as library:
        library.rulings.put("entity", "ignore", words="ignored", form="Zoltan Hajdu")
    kept = {path: path.read_bytes() for path in folder.glob("annotations.sqlite*")}
    _spoil_annotations(folder)
    with Library(folder) as library:
        (added,) = library.add([tmp_path / "new.txt"]).added
        assert library.entities.mentions(added) == []
    (folder / "annotations.sqlite").unlink()
    for path, data in kept.items():
        path.write_bytes(data)
    with Library(folder) as library:
        assert library.behind and library.update() == []
        assert "Zoltan Hajdu" not in {mention.text for mention in library.entities.mentions(added)}
        assert library.entities.mentions(added) != []


def test_a_report_is_told_whatever_becomes_of_what_is_derived(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "new.txt").write_text("A heron stood on the bridge at Antonivka.", "utf-8")
    with Library(folder) as library:
        for error in (sqlite3.OperationalError("database or disk is full"), LibraryError("the disk is full")):
            monkeypatch.setattr(library.derivation, "run", _raising(error))
            report = library.add([tmp_path / "new.txt"])
            assert len(report.added) + len(report.duplicates) == 1
            assert "disk is full" in report.failures[-1].reason


def _raising(error: Exception) -> Callable[..., list[Failure]]:
    def run(*_: object, **__: object) -> list[Failure]:
        raise error

    return run


def test_an_empty_library_after_a_run_that_was_cut_off_has_nothing_to_do(tmp_path: Path) -> None:
    """As it is where a run was killed before it stored a thing."""
    with Library(tmp_path / "empty") as library:
        assert not library.behind
        assert library.left_to_do() == []


def test_an_annotation_that_lost_its_text_is_found(library: Library) -> None:
    name = _in_middle(library)
    text = library.articles.get(name).text
    library.annotations.add(name, text, 10, 30, "a note")
    library.annotations.add("gone", "some text of its own", 0, 4)
    problems = library.check()
    assert len(problems) == 1 and problems[0].startswith("annotations.sqlite: annotation urn:uuid:")


def test_a_library_damaged_inside_is_told_and_repaired_only_when_asked(folder: Path) -> None:
    path = folder / "library.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'mention'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    told: list[str] = []
    with Library(folder) as library:
        problems = library.check()
        assert problems == library.check(tell=told.append) and not told
        for problem in problems:
            assert problem.endswith(
                "restore it from a backup, or keep 5 of 5 articles with: warreader check --repair"
            )
        assert problems and library.check(repair=True, tell=told.append) == []
    assert len(told) == 1 and told[0].startswith("library.sqlite: kept 5 of 5 articles; the damaged file")


# -- opening -------------------------------------------------------------------


def test_a_library_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"no library here.*add PATH"):
        Library(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path(f"{tmp_path}/{'x' * 300}")):
        with pytest.raises(LibraryError) as caught:
            Library(place)
        assert str(place) in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(LibraryError, match="a library is a folder"):
        Library(Path(os.devnull), create=False)


@pytest.mark.skipif(os.name != "posix", reason="no such permissions here")
def test_a_folder_is_made_for_the_user_alone_and_one_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    Library(tmp_path / "made").close()
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o700
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o755)
    Library(tmp_path / "shared").close()
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755


def test_settings_are_kept(folder: Path) -> None:
    with Library(folder) as library:
        assert library.setting("sort") is None
        library.set_setting("sort", "date")
        library.set_setting("sort", "title")
    with Library(folder) as library:
        assert library.setting("sort") == "title"


def test_a_folder_copied_elsewhere_is_the_same_library(seeded: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(seeded, tmp_path / "elsewhere"))
    with Library(copy) as library:
        assert library.check(repair=True) == []
        assert library.search.search("putin").total > 0


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 10.0)
    yield


def test_what_was_corrected_is_known_again_when_it_comes_from_elsewhere(tmp_path: Path) -> None:
    text = "The bridge at Antonivka was hit on Monday, officials in Kherson said."
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    with Library(tmp_path / "library") as library:
        library.add([tmp_path / "a.txt"])
        library.corrections.set_meta("a", "outlet", "Ukrinform")
        report = library.add([tmp_path / "b.txt"])
        assert report.duplicates == [str(tmp_path / "b.txt")] and len(library.articles) == 1


def test_corrections_that_came_with_another_file_are_due(folder: Path, tmp_path: Path) -> None:
    with Library(folder) as library:
        name = _in_middle(library)
        library.update()
        assert not library.behind
    shutil.copytree(folder, tmp_path / "other")
    with Library(tmp_path / "other") as other:
        other.corrections.set_meta(name, "outlet", "The Corrected")
    shutil.copy(tmp_path / "other" / "annotations.sqlite", folder / "annotations.sqlite")
    with Library(folder) as library:
        assert library.behind and library.articles.get(name).meta.outlet != "The Corrected"
        library.update()
        assert not library.behind and library.articles.get(name).meta.outlet == "The Corrected"


def _place(library: Library) -> dict[str, object]:
    one = next(iter(library.quotations.all()))
    return {"article": one.article, "start": one.start, "end": one.end, "exact": one.text}


def _two_places(library: Library) -> list[dict[str, object]]:
    match = next(library.matches.all())
    return [
        {"article": one.article, "start": one.start, "end": one.end, "exact": one.text}
        for one in match.members[:2]
    ]


_DONE: dict[str, tuple[Callable[[Library], object], Callable[[Library], object]]] = {
    "corrections of articles": (
        lambda library: library.corrections.set_meta(_in_middle(library), "outlet", "The Corrected"),
        lambda library: [one.meta.outlet for one in library.articles],
    ),
    "rulings on names": (
        lambda library: library.rulings.put(
            "entity", "rename", words="x", entity={"name": "Vladimir Putin", "label": "PERSON"}, name="V. P."
        ),
        lambda library: [one.name for one in library.entities.entities()],
    ),
    "rulings on quotations": (
        lambda library: library.rulings.put("quotation", "reject", words="x", place=_place(library)),
        lambda library: [one.id for one in library.quotations.all()],
    ),
    "rulings on matches": (
        lambda library: library.rulings.put("match", "reject", words="x", places=_two_places(library)),
        lambda library: [one.id for one in library.matches.all()],
    ),
}


@pytest.mark.parametrize(("what", "do", "shown"), [(what, *done) for what, done in _DONE.items()], ids=_DONE)
def test_what_could_not_be_put_into_force_at_once_is_due_and_told(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    do: Callable[[Library], object],
    shown: Callable[[Library], object],
) -> None:
    monkeypatch.setattr("warreader.index.storage.BUSY_SECONDS", 0.05)
    with Library(folder) as library, closing(sqlite3.connect(folder / "library.sqlite")) as other:
        assert not library.behind
        before = shown(library)
        other.execute("BEGIN IMMEDIATE")
        do(library)
        other.rollback()
        assert shown(library) == before
    with Library(folder) as library:
        assert library.behind and library.left_to_do() == [what] and library.check() == []
        library.update()
        assert not library.behind and library.left_to_do() == [] and shown(library) != before


def test_what_can_not_be_put_into_force_for_another_reason_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(folder) as library:

        def full(*_: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        monkeypatch.setattr(library.quotations, "follow", full)
        with pytest.raises(LibraryError, match="disk is full"):
            library.rulings.put("quotation", "reject", words="x", place=_place(library))
        # It is stored all the same.
        assert len(library.rulings.all()) == 1 and library.behind


def test_checking_and_repairing_hold_neither_the_texts_nor_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warreader.index.storage.BUSY_SECONDS", 0.05)
    _change(folder, "UPDATE mention SET end = end + 100000 WHERE article = 2")
    _change(folder, "UPDATE article SET kinds = 'x' WHERE key = 3")
    with Library(folder) as library, Library(folder) as other:
        real, looked = checking._stands, 0

        def stands(text: str, start: int, end: int, form: str | None) -> bool:
            nonlocal looked
            looked += 1
            # While it looks, others write.
            if looked < 20:
                other.set_setting("written", str(looked))
            return real(text, start, end, form)

        monkeypatch.setattr(checking, "_stands", stands)
        assert library.check(repair=True) == []
        assert looked > 20
    alive: list[weakref.ref[str]] = []

    class Text(str):
        """A text of which it is known whether it is held."""

        __slots__ = ("__weakref__",)

    with Library(folder) as library:
        connection = library._database.connection

        def read(data: bytes) -> str:
            text = Text(data.decode())
            if len(text) > 1000:
                alive.append(weakref.ref(text))
            return text

        connection.text_factory = read
        for _ in checking._one_by_one(library._database, "id, text"):
            assert sum(ref() is not None for ref in alive) <= 2
        assert len(alive) >= 5


def test_checking_closes_the_files_that_it_opens(library: Library) -> None:
    gc.collect()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert library.check() == []
        gc.collect()
    assert [str(one.message) for one in told if one.category is ResourceWarning] == []


def test_an_open_library_holds_out_its_folder_and_its_parts_alone(library: Library) -> None:
    parts = {name for name, part in vars(Library).items() if type(part).__name__ == "_Part"}
    assert {"search", "annotations"} <= parts
    assert {name for name in vars(library) if name[0] != "_"} <= {"folder", "read_only", "articles"} | parts

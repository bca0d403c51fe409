"""The command line: exit codes, what goes to which stream, and text that may not steer a terminal."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from warreader.index import locking
from warreader.index.ingest import run as ingest
from warreader.index.library import Library
from warreader.index.resources import seeds_folder
from warreader.tui import cli, cli_add

SEED = "003_24b84148c221d217"
_HOSTILE = "esc\x1b[2J\x1b]0;owned\x07 c1\x9b31m bidi\u202e nul\x00 cr\rend"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    def rows(self) -> list[dict[str, Any]]:
        """Its JSON lines; anything else on stdout is an error."""
        return [json.loads(line) for line in self.out.split("\n")[:-1]]


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command; nothing that could steer a terminal may come out of any."""
    for name in ("WARREADER_LIBRARY", "WARREADER_CONFIG"):
        # Set first, so that what a command sets is undone after the test.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def one(*arguments: object) -> Ran:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as error:
            assert isinstance(error.code, int)
            code = error.code
        said = capsys.readouterr()
        for stream in (said.out, said.err):
            assert not set(stream) & set("\x1b\x07\x9b\x00\r\u202e"), stream
        assert "Traceback" not in said.err
        return Ran(code, said.out, said.err)

    return one


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A library whose article is hostile in every part."""
    row = {
        "id": "h1",
        "text": f"{_HOSTILE}\n\nThe shelling went on, {_HOSTILE} said Volodymyr Zelensky on Monday morning.",
        "title": _HOSTILE,
        "outlet": _HOSTILE,
        "author": _HOSTILE,
        "url": _HOSTILE,
    }
    (tmp_path / "hostile.jsonl").write_text(json.dumps(row), "utf-8")
    folder = tmp_path / "hostile"
    with Library(folder) as library:
        assert library.add([tmp_path / "hostile.jsonl"]).added == ["h1"]
    return folder


# -- the parser ----------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["add"],
        ["search"],
        ["show"],
        ["export"],
        ["import"],
        ["search", "x", "--limit", "0"],
        ["search", "x", "--limit", "many"],
        ["add", "x", "--jobs", "-1"],
        ["search", "one", "two"],
        ["--nonsense"],
        ["keys", "--nonsense"],
        ["--library"],
        ["nowhere/at/all"],
        ["serach", "word"],
        ["--", "add"],
        ["x" * 300],
        ["nul\0inside"],
    ],
)
def test_wrong_use_is_2_and_says_what_is_wrong(
    run: Run, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert ran.code == 2 and ran.out == "" and ran.err.strip()
    assert "warreader" in ran.err.splitlines()[-1]
    assert not (tmp_path / "data").exists()


def test_an_empty_path_is_told_and_no_folder_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.txt").write_text("Not to be added.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    ran = run("--library", str(tmp_path / "lib"), "add", "")
    assert ran.code == 2 and "a PATH is empty" in ran.err
    assert not (tmp_path / "lib").exists()


def test_a_mistyped_command_is_told_with_the_commands(run: Run) -> None:
    assert (
        "serach: no such file or folder, nor a command (add, update, remove, search" in run("serach", "x").err
    )


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["search", "--help"]])
def test_help_and_version_are_0(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.code == 0 and ran.out.strip() and ran.err == ""


@pytest.mark.parametrize(
    "arguments", [[], ["--library", "L"], ["PATH"], ["PATH", "--library", "L"], ["--", "PATH"]]
)
def test_the_reader_without_a_terminal_says_so_in_one_line(
    run: Run, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "PATH").mkdir()
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err
        == "warreader: the reader needs a terminal; for scripts use a command, see: warreader --help\n"
    )
    assert not (tmp_path / "L").exists()


@pytest.mark.parametrize("terminal", ["dumb", "unknown"])
def test_a_terminal_that_has_no_screen_is_told(
    run: Run, terminal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", terminal)
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    told = f"this terminal (TERM={terminal}) can't show a screen; use a command, see: warreader --help"
    assert run("--library", tmp_path / "L") == Ran(2, "", f"warreader: {told}\n")
    assert not (tmp_path / "L").exists()


# -- the library ---------------------------------------------------------------


def test_the_library_is_named_before_or_after_the_command_or_by_the_environment(
    run: Run, seeded: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted = run("--library", seeded, "show", SEED)
    assert wanted.code == 0 and wanted.out
    assert run("show", SEED, "--library", seeded) == wanted
    assert run(f"--library={seeded}", "show", SEED) == wanted
    assert run("--library", tmp_path / "other", "show", SEED, "--library", seeded) == wanted
    monkeypatch.setenv("WARREADER_LIBRARY", str(seeded))
    assert run("show", SEED) == wanted
    assert run("show", SEED, "--library", tmp_path / "none").code == 3


_READING = [["search", "x"], ["show", "x"], ["export", "articles"], ["check"]]


@pytest.mark.parametrize("command", _READING)
def test_a_library_that_is_not_there_is_3_and_not_made(run: Run, command: list[str], tmp_path: Path) -> None:
    ran = run(*command, "--library", tmp_path / "none")
    assert (ran.code, ran.out) == (3, "") and len(ran.err.splitlines()) == 1
    assert "no library here" in ran.err and not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", [*_READING, ["add", str(Path(__file__).parent)]])
def test_a_file_that_is_no_database_is_3(run: Run, command: list[str], tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").write_bytes(b"not a database, but text " * 50)
    ran = run(*command, "--library", tmp_path)
    assert (ran.code, ran.out) == (3, "") and len(ran.err.splitlines()) == 1
    assert "library.sqlite" in ran.err


def test_a_library_damaged_inside_is_3_with_the_remedy(run: Run, folder: Path) -> None:
    path = folder / "library.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'article'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    for command in (["search", "putin"], ["export", "articles"], ["show", SEED]):
        ran = run(*command, "--library", folder)
        assert ran.code == 3 and len(ran.err.splitlines()) == 1
        assert str(folder) in ran.err and "check" in ran.err
    ran = run("check", "--library", folder)
    assert ran.code == 1 and "restore it from a backup" in ran.out


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["clarke"], 2),
        (["clarke", "--facets"], 2),
        (["clarke OR tag:x"], 2),
        (["clarke -note:x", "--facets"], 2),
        (["is:annotated"], 0),
    ],
)
def test_damaged_annotations_end_no_search(run: Run, folder: Path, options: list[str], found: int) -> None:
    for path in folder.glob("annotations.sqlite*"):
        path.unlink()
    (folder / "annotations.sqlite").write_bytes(b"not a database, but text " * 50)
    ran = run("search", *options, "--library", folder)
    *told, counted = ran.err.splitlines()
    assert ran.code == 0 and counted == f"{found} articles" and bool(ran.out) == bool(found)
    assert len(told) == (options != ["clarke"]) and all(
        "annotations.sqlite: not usable" in line for line in told
    )


def test_a_library_in_use_is_3_and_says_by_whom(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.05)
    with Library(folder) as held, held.writing("adding articles"):
        ran = run("add", seeds_folder(), "--library", folder)
        assert ran.code == 3 and f"process {os.getpid()} (adding articles) since" in ran.err
        assert ran.err.endswith("or wait longer with: --wait 600\n") and ran.err.count("\n") == 1
        monkeypatch.setattr(locking, "LOCK_SECONDS", 600.0)
        assert run("add", seeds_folder(), "--wait", "0", "--library", folder).code == 3
        assert run("add", seeds_folder(), "--wait", "-1", "--library", folder).code == 2
        # Reading goes on, and does not wait for all that the other has to do.
        with closing(sqlite3.connect(folder / "library.sqlite")) as connection, connection:
            connection.execute("DELETE FROM derived WHERE stage = 'entities'")
        began = time.monotonic()
        ran = run("search", "putin", "--library", folder)
        assert ran.code == 0 and time.monotonic() - began < 10
        assert "Putin" in ran.out and f"process {os.getpid()} (adding articles) since" in ran.err
        assert "until then not found: entities of 5 articles" in ran.err


def test_what_a_search_does_first_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The ferry came late to the quay.", "utf-8")
    run("add", tmp_path / "a.txt", "--defer", "--library", tmp_path / "l")
    ran = run("search", "ferry", "--json", "--library", tmp_path / "l")
    assert ran.code == 0 and len(ran.rows()) == 1
    [told] = ran.err.splitlines()
    assert told.startswith("warreader: first is done what was put off: ") and "entities of 1 article" in told
    assert run("search", "ferry", "--library", tmp_path / "l").err == "1 article\n"


# -- add -----------------------------------------------------------------------


def test_add_says_what_became_of_every_input(run: Run, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("The first version of the story.", "utf-8")
    (news / "bad.txt").write_bytes(b"\xff\xfe\x00\xd8")
    (news / "page.jpg").write_bytes(b"\xff\xd8")
    ran = run("add", news, "--library", tmp_path / "l")
    assert (ran.code, ran.out) == (1, "added 1, updated 0, duplicate 0, failed 1\n")
    failed, left_out = ran.err.splitlines()
    assert failed.startswith(f"{news / 'bad.txt'}, byte 2: not valid UTF-16") and left_out.endswith("1 .jpg")
    (news / "bad.txt").unlink()
    ran = run("add", news, "--library", tmp_path / "l", "--jobs", "2")
    assert (ran.code, ran.out) == (0, "added 0, updated 0, duplicate 1, failed 0\n")


def test_import_says_what_is_not_here_and_what_is_no_annotation(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.jsonl"
    with Library(folder) as library:
        article = library.articles.ids()[0]
        library.annotations.add(article, library.articles.text(article) or "", 0, 8, "a note")
    run("export", "annotations", "-o", notes, "--library", folder)
    other = tmp_path / "other"
    Library(other).close()
    ran = run("import", notes, "--library", other)
    assert (ran.code, ran.out) == (0, "added 1, updated 0, unchanged 0\n")
    assert ran.err.startswith("kept, but on articles that are not here: 1; add those")
    articles = tmp_path / "articles.jsonl"
    run("export", "articles", "-o", articles, "--library", folder)
    refused = run("import", articles, "--library", other)
    assert refused.code == 1 and "articles, not annotations" in refused.err and "warreader add" in refused.err


def test_add_says_once_what_is_wrong_with_all_records_of_a_file(run: Run, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text('{"foo": "Words."}\n' * 400 + '{"text": 5}\n', "utf-8")
    ran = run("add", news, "--library", tmp_path / "l")
    told = ran.err.splitlines()
    assert (ran.code, len(told)) == (1, 7) and ran.out.endswith("failed 401\n")
    assert told[0].startswith(f"{news}, line 1: no field") and told[4].startswith(f"{news}, line 5: ")
    assert told[5] == f"{news}: the same of 395 more, to line 400"
    assert told[6].startswith(f'{news}, line 401: its "text" is a number')
    assert len(run("add", "--json", news, "--library", tmp_path / "l").rows()) == 401


def test_add_as_json_has_a_line_for_every_input(run: Run, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text(
        '{"text": "One.", "id": "x"}\n{"text": "Two.", "id": "x"}\n{bad\n{"text": "One.", "id": "x"}\n'
    )
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x.jpg").write_bytes(b"\xff\xd8")
    ran = run("add", "--json", news, tmp_path / "gone", tmp_path / "folder", "--library", tmp_path / "l")
    rows = ran.rows()
    assert ran.code == 1 and ".jpg" in ran.err
    statuses = ["added", "updated", "duplicate", "failed", "failed", "failed", "left_out"]
    assert [row["status"] for row in rows] == statuses
    assert rows[-1] == {"status": "left_out", "kind": ".jpg", "files": 1}
    assert rows[0]["id"] == "x" and rows[1]["id"].startswith("x-") and rows[2]["file"] == f"{news}, line 4"
    assert rows[2]["id"] == "x"
    places = {row["file"]: row["place"] for row in rows[3:6]}
    assert places == {str(tmp_path / "gone"): None, str(news): "line 3", str(tmp_path / "folder"): None}


def test_add_as_json_names_the_article_that_a_duplicate_is(run: Run, tmp_path: Path) -> None:
    news, copy = tmp_path / "news.jsonl", tmp_path / "copy.jsonl"
    news.write_text('{"text": "One.", "id": "x"}\n{"text": "Two.", "id": "y"}\n', "utf-8")
    copy.write_text('{"text": "Two.", "id": "y"}\n', "utf-8")
    run("add", news, copy, "--library", tmp_path / "l")
    # Read before, a file is not read again; what it gave that another had given first can't be told.
    rows = run("add", "--json", news, copy, "--library", tmp_path / "l").rows()
    assert [(row["status"], row["id"]) for row in rows] == [
        ("duplicate", "x"),
        ("duplicate", "y"),
        ("duplicate", None),
    ]


def test_the_line_of_progress_is_gone_when_a_run_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("Shells hit the port on Monday, officials said.", "utf-8")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    def stopped(*_: object, **__: object) -> None:
        print("\rhalf way", end="", file=sys.stderr)
        raise KeyboardInterrupt

    monkeypatch.setattr(ingest.Run, "_store", stopped)
    code = cli.main(["--library", str(tmp_path / "l"), "add", "--defer", str(tmp_path / "a.txt")])
    assert code == 130
    err = capsys.readouterr().err
    assert err.index("half way") < err.index("\r\x1b[K") < err.index("stopped; what was stored stays")


def test_add_of_hostile_names_shows_them_harmless(run: Run, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name in (b"esc\x1b[2J.txt", b"line\nfeed.txt", b"\xff.txt"):
        (news / os.fsdecode(name)).write_bytes(b"\xff\xfe\x00\xd8")
    ran = run("add", news, tmp_path / "gone\x1b]0;x\x07", "--library", tmp_path / "l")
    assert ran.code == 1 and len(ran.err.splitlines()) == 4
    assert "esc␛[2J.txt" in ran.err and "line␊feed.txt" in ran.err and "\\xff.txt" in ran.err
    ran = run("add", "--json", news, "--library", tmp_path / "l")
    assert str(news / "esc\x1b[2J.txt") in [row["file"] for row in ran.rows()]


# -- search and show -----------------------------------------------------------


def test_search_as_json_is_the_contract(run: Run, seeded: Path) -> None:
    ran = run("search", '"mass graves"', "--json", "--library", seeded)
    rows = ran.rows()
    assert ran.code == 0 and SEED in [row["id"] for row in rows]
    for row in rows:
        assert {"id", "title", "outlet", "date", "score", "snippets"} <= row.keys()
        text = run("show", row["id"], "--json", "--library", seeded).rows()[0]["text"]
        assert row["snippets"]
        for snippet in row["snippets"]:
            assert text[snippet["start"] : snippet["end"]] == snippet["text"]
            for start, end in snippet["hits"]:
                assert snippet["start"] <= start < end <= snippet["end"]
                assert text[start:end].lower() in ("mass graves", "mass", "graves")


def test_search_for_people_lists_titles_and_snippets(run: Run, seeded: Path) -> None:
    ran = run("search", "mass graves", "--limit", "1", "--library", seeded)
    assert ran.code == 0 and ran.out.startswith(f"{SEED}  Crying Russian prisoners") and "\n    " in ran.out
    assert ran.err.endswith("articles\n") or ran.err == "1 article\n"
    assert len(run("search", "putin", "--limit", "2", "--json", "--library", seeded).rows()) == 2
    ran = run("search", "nothingofthekind", "--library", seeded)
    assert (ran.code, ran.out, ran.err) == (0, "", "0 articles\n")


@pytest.mark.parametrize(
    "query", ['"mass graves', "(putin", "person:", "AND OR", "\x1b[2J(", "", "*", "nofield:x("]
)
def test_a_query_that_can_not_be_read_is_answered(run: Run, seeded: Path, query: str) -> None:
    ran = run("search", query, "--json", "--library", seeded)
    assert ran.code == 0
    ran.rows()
    told = run("search", "(putin", "--library", seeded)
    assert told.err.startswith("warreader: ") and "read as: " in told.err


def test_search_in_an_order_and_its_facets(run: Run, seeded: Path) -> None:
    best = [row["id"] for row in run("search", "putin", "--json", "--library", seeded).rows()]
    sorted_ = run("search", "putin", "--sort", "title", "--json", "--library", seeded).rows()
    titles = [row["title"].lstrip("'‘“").casefold() for row in sorted_]
    assert titles == sorted(titles) and sorted(row["id"] for row in sorted_) == sorted(best)
    rows = run("search", "putin", "--facets", "--json", "--limit", "3", "--library", seeded).rows()
    assert {"person", "place"} <= {row["facet"] for row in rows}
    assert all(set(row) == {"facet", "value", "query", "articles"} for row in rows)
    putin = next(row for row in rows if row["query"] == 'person:"Vladimir Putin"')
    assert putin["articles"] == len(best)
    told = run("search", "putin", "--facets", "--limit", "1", "--library", seeded)
    assert "person:\n" in told.out and "Vladimir Putin" in told.out and "more" in told.out
    assert "did you mean: putin" in run("search", "puttin", "--library", seeded).err


def test_search_completes_a_run_that_was_cut_off(run: Run, folder: Path) -> None:
    shutil.rmtree(folder / "search")
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection, connection:
        connection.execute("DELETE FROM derived")
    assert len(run("search", "person:putin", "--json", "--library", folder).rows()) > 1


def test_show_prints_the_article(run: Run, seeded: Path) -> None:
    text = (seeds_folder() / f"{SEED}.txt").read_text("utf-8")
    ran = run("show", SEED, "--library", seeded)
    assert ran.code == 0 and ran.out.startswith("Title: Crying Russian prisoners")
    assert text.split("\n")[4] in ran.out
    (row,) = run("show", SEED, "--json", "--library", seeded).rows()
    assert row["text"] == text and row["id"] == SEED


@pytest.mark.parametrize("name", ["gone", "\udcff", "\x1b[2J", ""])
def test_show_of_an_unknown_article_is_1(run: Run, seeded: Path, name: str) -> None:
    ran = run("show", name, "--library", seeded)
    assert (ran.code, ran.out) == (1, "") and "no article" in ran.err and len(ran.err.splitlines()) == 1


def test_hostile_text_is_made_visible(run: Run, hostile: Path) -> None:
    # What may not come out is asserted by run itself.
    assert "esc␛[2J" in run("show", "h1", "--library", hostile).out
    assert "esc␛[2J" in run("search", "shelling", "--library", hostile).out
    # As data all of it is there.
    (row,) = run("show", "h1", "--json", "--library", hostile).rows()
    assert "\x1b[2J\x1b]0;owned\x07 c1\x9b31m bidi\u202e nul\x00" in row["text"]
    for what in ("articles", "mentions", "entities", "quotations", "matches"):
        assert run("export", what, "--library", hostile).code == 0


# -- export and import ---------------------------------------------------------


@pytest.mark.parametrize("what", ["articles", "entities", "mentions", "quotations", "matches"])
def test_exports_are_json_lines(run: Run, seeded: Path, tmp_path: Path, what: str) -> None:
    ran = run("export", what, "--library", seeded)
    assert ran.code == 0 and ran.err == "" and ran.rows()
    assert run("export", what, "--json", "--format", "jsonl", "--library", seeded) == ran
    file = tmp_path / f"{what}.jsonl"
    file.write_text("an older export", "utf-8")
    assert run("export", what, "-o", file, "--library", seeded) == Ran(0, "", "")
    assert file.read_text("utf-8") == ran.out
    assert list(tmp_path.glob("*.partial")) == []


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["articles", "--format", "csv"], ["annotations", "--format", "x"]]
)
def test_an_export_there_is_not_is_2(run: Run, seeded: Path, tmp_path: Path, arguments: list[str]) -> None:
    ran = run("export", *arguments, "-o", tmp_path / "x", "--library", seeded)
    assert (ran.code, ran.out) == (2, "") and len(ran.err.splitlines()) == 1
    assert not (tmp_path / "x").exists()


def test_an_export_that_can_not_be_written_is_1(run: Run, seeded: Path, tmp_path: Path) -> None:
    for target in (tmp_path, tmp_path / "none" / "x", tmp_path / ("x" * 300)):
        ran = run("export", "articles", "-o", target, "--library", seeded)
        assert ran.code == 1 and "can't be written" in ran.err and len(ran.err.splitlines()) == 1
    assert list(tmp_path.parent.glob("*.partial")) == [] and tmp_path.is_dir()


def test_an_export_that_fails_midway_leaves_the_old_one(
    run: Run, seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Iterator[str]:
        yield "{}"
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr("warreader.index.exporting.export", broken)
    file = tmp_path / "x.jsonl"
    file.write_text("an older export", "utf-8")
    ran = run("export", "articles", "-o", file, "--library", seeded)
    assert ran.code == 3 and "malformed" in ran.err
    assert file.read_text("utf-8") == "an older export" and list(tmp_path.glob("*.partial")) == []


def test_an_export_never_takes_the_place_of_a_library(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link.jsonl").symlink_to(folder / "annotations.sqlite")
    with Library(folder) as library:
        article = next(iter(library.articles))
        library.annotations.add(article.id, article.text, 0, 5, "kept")
    for target in (folder / "library.sqlite", folder / "annotations.sqlite", tmp_path / "link.jsonl"):
        ran = run("export", "annotations", "-o", target, "--library", folder)
        assert ran.code == 1 and "is a database" in ran.err and len(ran.err.splitlines()) == 1
    with Library(folder) as library:
        assert [one.note for one in library.annotations.all()] == ["kept"] and library.check() == []


def test_an_export_goes_through_links_and_into_pipes(run: Run, seeded: Path, tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old", "utf-8")
    (tmp_path / "link").symlink_to("real")
    assert run("export", "entities", "-o", tmp_path / "link", "--library", seeded).code == 0
    assert (tmp_path / "link").is_symlink() and len((tmp_path / "real").read_text("utf-8")) > 3
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE) as reader:
        assert run("export", "entities", "-o", tmp_path / "pipe", "--library", seeded).code == 0
        assert reader.stdout is not None
        assert reader.stdout.read() == (tmp_path / "real").read_bytes()
    assert (tmp_path / "pipe").is_fifo()


def test_an_export_leaves_others_files_alone_and_rights_as_they_were(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    out, other = tmp_path / "out.jsonl", tmp_path / "out.jsonl.partial"
    other.write_text("somebody's own", "utf-8")
    out.write_text("an older export", "utf-8")
    out.chmod(0o600)
    assert run("export", "articles", "-o", out, "--library", folder).code == 0
    assert other.read_text("utf-8") == "somebody's own"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600 and SEED in out.read_text("utf-8")
    out.chmod(0o444)
    assert run("export", "articles", "-o", out, "--library", folder).code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o444
    new = tmp_path / "new.jsonl"
    assert run("export", "articles", "-o", new, "--library", folder).code == 0
    (tmp_path / "plain").touch()
    assert new.stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert sorted(path.name for path in tmp_path.glob("*.partial")) == [other.name]


@pytest.mark.parametrize("form", ["jsonl", "w3c"])
def test_annotations_go_out_and_come_in_again(
    run: Run, folder: Path, seeded: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(folder) as library:
        text = library.articles.get(SEED).text
        library.annotations.add(
            SEED, text, 7, 30, 'A note with "@context" and\ntwo lines \x1b[2J', ["war/claim", "b"]
        )
        library.annotations.add(SEED, text, None, None, "about the whole")
    out = tmp_path / "notes"
    assert run("export", "annotations", "--format", form, "-o", out, "--library", folder).code == 0
    other = Path(shutil.copytree(seeded, tmp_path / "other"))
    assert run("import", out, "--library", other).out == "added 2, updated 0, unchanged 0\n"
    ran = run("import", out, "--json", "--library", other)
    assert ran.rows() == [{"added": 0, "updated": 0, "unchanged": 2}] and ran.code == 0
    plain = [run("export", "annotations", "--library", place).out for place in (folder, other)]
    assert plain[0] == plain[1] and plain[0]
    # Through a pipe as well, as they go out.
    piped = Path(shutil.copytree(seeded, tmp_path / "piped"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(out.read_bytes())))
    assert run("import", "-", "--library", piped).out == "added 2, updated 0, unchanged 0\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))
    ran = run("import", "-", "--library", piped)
    assert ran.code == 1 and ran.err.startswith("warreader: standard input, byte 0: not valid UTF-8")


@pytest.mark.parametrize("form", ["markdown", "csv"])
def test_annotations_come_in_forms_for_others(run: Run, folder: Path, form: str) -> None:
    with Library(folder) as library:
        library.annotations.add(SEED, library.articles.get(SEED).text, 7, 30, "a note")
    ran = run("export", "annotations", "--format", form, "--library", folder)
    assert ran.code == 0 and "a note" in ran.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{bad", "line 1"),
        (b'{"article": 5}\n', "line 1"),
        (b"caf\xe9", "byte 3"),
        (b'{"@context": "x", "type": "Nothing"}', "Annotation"),
        (None, "can't be read"),
    ],
)
def test_what_is_no_annotation_is_1_and_changes_nothing(
    run: Run, folder: Path, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "in"
    if content is not None:
        file.write_bytes(content)
    ran = run("import", file, "--library", folder)
    assert (ran.code, ran.out) == (1, "") and said in ran.err and len(ran.err.splitlines()) == 1
    assert run("export", "annotations", "--library", folder).out == ""


# -- check, keys, themes -------------------------------------------------------


def test_check_says_what_is_wrong_and_repairs(run: Run, folder: Path) -> None:
    assert run("check", "--library", folder) == Ran(0, "all well: 5 articles\n", "")
    assert run("check", "--json", "--library", folder).rows() == [{"problems": 0, "articles": 5, "left": []}]
    shutil.rmtree(folder / "search")
    ran = run("check", "--json", "--library", folder)
    assert ran.code == 1 and all(row["problem"].startswith("search: ") for row in ran.rows()) and ran.rows()
    assert run("check", "--library", folder).code == 1
    assert run("check", "--repair", "--library", folder).code == 0
    assert run("check", "--library", folder).code == 0


@pytest.mark.parametrize("begin", [0, 100])
def test_check_keeps_what_can_be_read_of_a_damaged_library(run: Run, folder: Path, begin: int) -> None:
    """Of one that can't even be opened, too."""
    path = folder / "library.sqlite"
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(b"\xff" * 60)
    ran = run("check", "--library", folder)
    assert ran.code == 3 and "5 articles with: warreader check --repair" in ran.out + ran.err
    assert not list(folder.glob("library.sqlite.*"))
    ran = run("check", "--repair", "--library", folder)
    # What was read and starred can't be read any more.
    assert (ran.code, ran.err) == (1, "")
    assert (
        ran.out.startswith("library.sqlite: kept 5 of at least 5 articles; not all could be read of: ")
        and len(ran.out.splitlines()) == 1
    )
    assert run("check", "--library", folder) == Ran(0, "all well: 5 articles\n", "")


def test_a_repair_that_loses_articles_ends_with_1_and_says_which(run: Run, folder: Path) -> None:
    path = folder / "library.sqlite"
    with Library(folder) as library:
        lost = max(library.articles, key=lambda one: len(one.text))
    held = path.read_bytes()
    size = int.from_bytes(held[16:18], "big")
    at = held.index(lost.text[len(lost.text) // 2 :][:60].encode()) // size * size
    path.write_bytes(held[:at] + b"\xff" * size + held[at + size :])
    ran = run("check", "--repair", "--json", "--library", folder)
    (told,) = (row["problem"] for row in ran.rows())
    assert ran.code == 1 and told.startswith("library.sqlite: kept 4 of 5 articles; could not be read: ")
    assert lost.id in told and "comes back if it is added again" in told
    assert run("check", "--library", folder) == Ran(0, "all well: 4 articles\n", "")


def test_check_leaves_a_file_of_something_else_alone(run: Run, folder: Path) -> None:
    (folder / "library.sqlite").write_bytes(b"something else" * 1000)
    for more in ((), ("--repair",)):
        ran = run("check", *more, "--library", folder)
        assert (
            ran.code == 3 and "move it away or restore it from a backup" in ran.err and "keep" not in ran.err
        )
    assert (folder / "library.sqlite").read_bytes() == b"something else" * 1000


def test_keys_and_themes_are_listed(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "settings"
    settings.mkdir()
    for command, fields in (
        ("keys", {"id", "title", "help", "keys"}),
        ("themes", {"name", "title", "current"}),
    ):
        ran = run(command, "--config", settings)
        assert ran.code == 0 and ran.err == "" and len(ran.out.splitlines()) > 3
        rows = run("--config", settings, command, "--json").rows()
        assert len(rows) > 3 and all(fields <= row.keys() for row in rows)
    assert sum(row["current"] for row in run("themes", "--json", "--config", settings).rows()) == 1


def test_bad_settings_are_told_and_are_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("keys:\n  nonsense: q\n", "utf-8")
    ran = run("keys", "--config", tmp_path)
    assert ran.code == 1 and "config.yaml:2: " in ran.err
    assert run("keys", "--json", "--config", tmp_path).rows()


# -- as a process --------------------------------------------------------------


def _process(*arguments: object, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "warreader.tui.cli", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | environment,
    )


@pytest.mark.parametrize("lines", [0, 1])
def test_a_reader_that_has_had_enough_is_no_error(seeded: Path, lines: int) -> None:
    # More than a pipe holds, and less: the second breaks only when the process ends.
    for what in ("mentions", "matches"):
        with _process("export", what, "--library", seeded) as process:
            assert process.stdout is not None and process.stderr is not None
            for _ in range(lines):
                assert process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait(30) == 0


def test_data_is_utf_8_wherever_it_goes(seeded: Path) -> None:
    with _process(
        "show", SEED, "--json", "--library", seeded, PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    ) as process:
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0 and err == b""
    assert "‘liars’" in json.loads(out.decode())["title"]
    with _process("show", SEED, "--library", seeded, PYTHONIOENCODING="ascii", PYTHONUTF8="0") as process:
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0 and err == b"" and b"'liars'" in out


def test_progress_is_silent_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from warreader.index.article import Progress

    cli_add.teller()(Progress("add", 1, 2))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    cli_add.teller()(Progress("add", 2, 2, detail="evil\x1b[2J\n" + "x" * 200))
    said = capsys.readouterr().err
    assert "evil␛[2J␊" in said and "\n" not in said and said.count("\x1b[K") == 2 == said.count("\x1b")
    assert len(said) < 100


def test_add_reads_columns_as_they_are_mapped(run: Run, tmp_path: Path) -> None:
    row = {"inhalt": "The bridge at Antonivka was hit on Monday.", "quelle": {"name": "Ukrinform"}}
    (tmp_path / "export.jsonl").write_text(json.dumps(row), "utf-8")
    library = ["--library", tmp_path / "library"]
    refused = run(*library, "add", tmp_path / "export.jsonl")
    assert refused.code == 1 and "--map text=" in refused.err
    mapping = ["--map", "text=inhalt", "--map", "outlet=quelle.name"]
    added = run(*library, "add", "--json", *mapping, tmp_path / "export.jsonl")
    assert added.code == 0
    (article,) = run(*library, "export", "articles").rows()
    assert (article["text"], article["outlet"]) == (row["inhalt"], "Ukrinform")


@pytest.mark.parametrize(
    "wrong", [["--map", "text"], ["--map", "colour=x"], ["--map", "text="], ["--format", "doc"]]
)
def test_add_says_what_an_option_may_be(run: Run, tmp_path: Path, wrong: list[str]) -> None:
    ran = run("--library", tmp_path / "library", "add", *wrong, tmp_path)
    assert ran.code == 2 and wrong[0] in ran.err and "one of" in ran.err


def test_what_add_defers_update_does(run: Run, tmp_path: Path) -> None:
    library = ["--library", tmp_path / "library"]
    assert run(*library, "add", "--defer", seeds_folder()).code == 0
    assert run(*library, "export", "mentions").rows() == []
    checked = run(*library, "check")
    assert checked.code == 0 and "entities of 5 articles" in checked.err and "warreader update" in checked.err
    left = run(*library, "check", "--json").rows()[0]["left"]
    assert any("entities of 5 articles" in one for one in left)
    found = run(*library, "search", "--json", "putin")
    assert found.rows()
    assert run(*library, "update").code == 0
    assert run(*library, "export", "mentions").rows() and run(*library, "check").err == ""


def test_add_reads_standard_input(tmp_path: Path) -> None:
    line = json.dumps({"id": "piped", "text": "The bridge at Antonivka was hit on Monday."})
    ran = subprocess.run(
        [sys.executable, "-m", "warreader.tui.cli", "--library", tmp_path / "library", "add", "--json", "-"],
        input=line.encode(),
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {"status": "added", "id": "piped"}


def test_ctrl_c_stops_cleanly_and_the_next_run_goes_on(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"id": f"r{n}", "text": f"Report {n}. " * 300}) + "\n" for n in range(3000))
    (tmp_path / "many.jsonl").write_text(rows, "utf-8")
    command = [
        sys.executable,
        "-m",
        "warreader.tui.cli",
        "--library",
        str(tmp_path / "library"),
        "add",
        "--defer",
    ]
    process = subprocess.Popen(
        [*command, str(tmp_path / "many.jsonl")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    database = tmp_path / "library" / "library.sqlite"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and _stored(database) < 50:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "run it again to go on" in err and "Traceback" not in err
    stored = int(out.removeprefix("added ").split(",")[0])
    # The signal may come between an article's storing and its counting.
    held = _stored(database)
    assert 50 <= held < 3000 and held - stored in (0, 1)
    again = subprocess.run(
        [*command, "--json", str(tmp_path / "many.jsonl")], capture_output=True, text=True, check=False
    )
    assert again.returncode == 0 and again.stdout.count('"added"') == 3000 - held
    assert again.stdout.count('"duplicate"') == held


def _stored(database: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM article").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_corrections_go_out_and_come_in_again(run: Run, folder: Path, tmp_path: Path) -> None:
    with Library(folder) as library:
        library.corrections.set_meta(SEED, "outlet", "The Daily Reader")
    file = tmp_path / "corrections.jsonl"
    assert run("--library", folder, "export", "corrections", "-o", file).code == 0
    other = tmp_path / "other"
    assert run("--library", other, "add", "--defer", seeds_folder()).code == 0
    assert run("--library", other, "import", file).out == "added 1, updated 0, unchanged 0\n"
    assert run("--library", other, "import", file).out == "added 0, updated 0, unchanged 1\n"
    (article,) = run("--library", other, "show", "--json", SEED).rows()
    assert article["outlet"] == "The Daily Reader"


def test_annotations_go_out_in_every_form_and_code_books_come_in(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    from zipfile import ZipFile

    with Library(folder) as library:
        (article, *_) = (one.id for one in library.articles.summaries())
        text = library.articles.text(article) or ""
        library.annotations.add(article, text, 0, 8, note="<b>why</b>", tags=["claim/video"])
        library.annotations.book.describe("claim", description="what is claimed")
    for form, names in (("qdpx", "project.qde"), ("brat", "annotation.conf")):
        ran = run("export", "annotations", "--format", form, "--library", folder)
        assert ran.code == 2 and "-o" in ran.err
        file = tmp_path / f"notes.{form}"
        assert run("export", "annotations", "--format", form, "-o", file, "--library", folder) == Ran(
            0, "", ""
        )
        with ZipFile(file) as archive:
            assert names in archive.namelist()
    assert "&lt;b&gt;why" in run("export", "annotations", "--format", "html", "--library", folder).out
    by_tag = run("export", "annotations", "--format", "markdown", "--group", "tag", "--library", folder)
    assert "## claim/video" in by_tag.out
    book = tmp_path / "book.qdc"
    assert run("export", "annotations", "--format", "qdc", "-o", book, "--library", folder).code == 0
    other = tmp_path / "other"
    Library(other).close()
    assert "added 2" in run("import", book, "--library", other).out
    project = run("import", tmp_path / "notes.qdpx", "--library", other)
    assert project.code == 1 and "added 0" in project.out
    assert "left out 1: no article here from " in project.err
    back = run("import", tmp_path / "notes.qdpx", "--library", folder)
    assert (back.code, back.err) == (0, "") and "added 0, updated 0" in back.out
    for form, told in (("html", "a page to be read"), ("markdown", "neither JSON nor XML")):
        file = tmp_path / f"notes.{form}"
        run("export", "annotations", "--format", form, "-o", file, "--library", folder)
        refused = run("import", file, "--library", other)
        assert refused.code == 1 and told in refused.err and "JSON lines" in refused.err


def test_a_query_may_begin_with_a_minus_and_json_stand_first(run: Run, folder: Path) -> None:
    assert run("search", "-nowhere", "--limit", "3", "--library", folder).code == 0
    assert run("search", "--limit", "3", "-title:nowhere", "--library", folder).code == 0
    assert run("--json", "search", "-nowhere", "--library", folder).out.startswith("{")
    refused = run("search", "--limit", "abc", "x", "--library", folder)
    assert refused.code == 2 and "must be a number, 1 or more" in refused.err
    assert run("search", "--nowhere", "--library", folder).code == 2
    assert run("--json").code == 2


def test_an_import_says_what_it_left_out(run: Run, folder: Path, tmp_path: Path) -> None:
    row = {
        "id": "x",
        "created": "2024-01-02T03:04:05Z",
        "uri": "https://nowhere.example/\x1b[31m",
        "text": "n",
        "tags": [],
    }
    file = tmp_path / "export.json"
    file.write_text(json.dumps({"rows": [row]}), "utf-8")
    ran = run("import", file, "--library", folder)
    assert ran.code == 1 and ran.out == "added 0, updated 0, unchanged 0\n"
    assert "no article here from https://nowhere.example/" in ran.err
    file.write_text('{"rows": [{"uri": 7}]}', "utf-8")
    ran = run("import", file, "--library", folder)
    assert ran.code == 1 and "row 1" in ran.err and len(ran.err.splitlines()) == 1


def test_an_import_says_which_rows_are_torn_and_takes_the_rest(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    with Library(folder) as library:
        text = library.articles.get(SEED).text
        library.annotations.add(SEED, text, 7, 30, "good")
        library.annotations.add(SEED, text, 40, 50, "once broken")
    table = run("export", "annotations", "--format", "csv", "--library", folder).out
    with Library(folder) as library:
        for one in library.annotations.all():
            library.annotations.delete(one.id)
    file = tmp_path / "notes.csv"
    file.write_text(table.replace("once broken", "once, broken"), "utf-8")
    ran = run("import", file, "--library", folder)
    assert (ran.code, ran.out) == (1, "added 1, updated 0, unchanged 0\n")
    assert ran.err.startswith("left out, line 3: more fields than the head has; a comma")


def test_an_import_says_what_is_dated_in_the_future(run: Run, folder: Path, tmp_path: Path) -> None:
    with Library(folder) as library:
        library.annotations.add(SEED, library.articles.get(SEED).text, 7, 30, "mine")
    line = run("export", "annotations", "--library", folder).out
    record = json.loads(line) | {"note": "theirs", "modified": "9999-12-31T23:59:59Z"}
    file = tmp_path / "theirs.jsonl"
    file.write_text(json.dumps(record), "utf-8")
    ran = run("import", file, "--library", folder)
    assert (ran.code, ran.out) == (0, "added 0, updated 0, unchanged 1\n")
    assert "dated in the future: 1;" in ran.err and "check the clock" in ran.err
    assert run("export", "annotations", "--library", folder).out == line


def test_a_model_that_is_missing_hides_nothing_that_was_added(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARREADER_MODEL", "no_such_pipeline")
    file = tmp_path / "story.txt"
    file.write_text("The port was shelled on Monday, said the mayor.\n", "utf-8")
    ran = run("add", "--json", file, "--library", tmp_path / "library")
    rows = ran.rows()
    assert ran.code == 1 and any("no_such_pipeline" in json.dumps(row) for row in rows)
    assert any("story" in json.dumps(row) and "added" in json.dumps(row) for row in rows)


# -- outputs that end early, and what is named wrongly --------------------------


@pytest.mark.parametrize(
    "arguments", [["search"], ["add", "x", "--jobs", "0"], ["update", "extra"], ["--json"]]
)
def test_what_is_wrong_is_told_in_one_line(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1) and ran.err.rstrip().endswith("--help")


@pytest.mark.parametrize(
    "command", ["search x", "show x", "export articles", "check", "names", "update", "add x"]
)
def test_a_library_that_is_a_file_is_told(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "file").write_text("")
    ran = run("--library", tmp_path / "file", *command.split())
    assert (ran.code, ran.out) == (3, "") and "is a file, and a library is a folder" in ran.err


def test_settings_that_are_not_there_are_told(run: Run, tmp_path: Path) -> None:
    ran = run("--config", tmp_path / "none", "keys")
    assert (ran.code, ran.out) == (2, "") and "no such folder of settings" in ran.err


def test_a_library_named_as_what_to_read_is_told(run: Run, folder: Path) -> None:
    ran = run(folder)
    assert ran.code == 2 and f"is a library; open it with: warreader --library {folder}" in ran.err


def test_update_tells_each_stage(run: Run, folder: Path) -> None:
    done = {"stage": "done", "articles": 5, "failed": 0}
    assert run("update", "--json", "--library", folder).rows() == [done]
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection, connection:
        connection.execute("DELETE FROM derived")
    rows = run("update", "--json", "--library", folder).rows()
    assert rows[-1] == done
    told = {row["stage"]: row["articles"] for row in rows}
    assert {told[stage] for stage in ("search", "entities", "quotations", "matches")} == {5}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")  # noqa: PTH110
@pytest.mark.parametrize("command", [["search", "putin"], ["export", "mentions"], ["show", SEED]])
def test_an_output_that_is_full_is_told(seeded: Path, command: list[str]) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = subprocess.run(
            [sys.executable, "-m", "warreader.tui.cli", "--library", str(seeded), *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
        )
    assert ran.returncode == 1 and "what is printed, or the search index, can't be written" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_without_an_output_commands_work(seeded: Path) -> None:
    code = (
        "import sys; sys.stdout = sys.stdin = None; from warreader.tui import cli; "
        f"sys.exit(cli.main(['--library', {str(seeded)!r}, 'search', 'putin']) or cli.main([]) - 2)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0 and "Traceback" not in ran.stderr


def test_remove_takes_out_and_keeps_notes(run: Run, tmp_path: Path) -> None:
    library = tmp_path / "library"
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(
            f"Bridge {name}\n\nThe bridge {name} was closed on Monday.\n", "utf-8"
        )
    run("add", tmp_path / "one.txt", tmp_path / "two.txt", "--library", library)
    ids = [row["id"] for row in run("export", "articles", "--library", library).rows()]
    with Library(library) as opened:
        opened.annotations.add(ids[0], opened.articles.get(ids[0]).text, 0, 6, "check")
    missed = run("remove", ids[0], "none", "--library", library)
    assert missed.code == 1 and "no article 'none'" in missed.err
    ran = run("remove", ids[0], "--library", library)
    assert ran == Ran(0, "removed 1 article; 1 note kept, to stand again where added again\n", "")
    assert [row["id"] for row in run("search", "bridge", "--json", "--library", library).rows()] == ids[1:]
    files = (tmp_path / "one.txt", tmp_path / "two.txt")
    assert "added 0, updated 0, duplicate 2" in run("add", *files, "--library", library).out
    assert "added 1, updated 0, duplicate 1" in run("add", "--again", *files, "--library", library).out
    run("remove", ids[0], "--library", library)
    assert run("remove", ids[1], "--json", "--library", library).rows() == [{"id": ids[1], "annotations": 0}]
    assert run("remove", "x", "--read-only", "--library", library).code != 0


def test_a_search_that_finds_nothing_says_which_word_is_to_blame(run: Run, folder: Path) -> None:
    ran = run("search", "putin xylophone", "--library", folder)
    assert ran.out == "" and "no article has all of these; none has “xylophone”" in ran.err


def test_a_table_for_excel_begins_with_a_mark_that_says_it_is_utf_8(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    with Library(folder) as opened:
        opened.annotations.add(SEED, opened.articles.get(SEED).text, 0, 8, "проверить")
    csv = ["export", "annotations", "--format", "csv", "--library", folder]
    plain = run(*csv).out
    assert run(*csv, "--bom").out == "\ufeff" + plain and not plain.startswith("\ufeff")
    table = tmp_path / "notes.csv"
    assert run(*csv, "--bom", "-o", table).code == 0
    assert table.read_bytes() == b"\xef\xbb\xbf" + plain.encode()
    # It comes back as it is.
    assert run("import", table, "--library", folder).out == "added 0, updated 0, unchanged 1\n"
    refused = run("export", "annotations", "--bom", "--library", folder)
    assert refused.code == 2 and "--bom is for --format csv" in refused.err

"""The background process: JSON lines, the last of which says how it ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from warreader.index import storage, worker
from warreader.index.article import Progress
from warreader.index.library import Library

_STORY = "Shells hit the port\n\nThe port was shelled on Monday, “it is all gone,” the mayor of Odesa said.\n"


@pytest.fixture(autouse=True)
def _every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_INTERVAL", 0.0)
    # The tests' own process keeps its priority.
    monkeypatch.setattr(os, "nice", lambda _: 0)


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[dict[str, Any]]]:
    code = worker.main([str(argument) for argument in arguments])
    out = capsys.readouterr().out
    assert out.isascii()
    return code, [json.loads(line) for line in out.splitlines()]


def test_it_tells_every_stage_and_ends_with_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "story.txt").write_text(_STORY, "utf-8")
    (tmp_path / "news" / "bad.txt").write_bytes(b"\xff\xfe\x00\xd8")
    code, said = _run(capsys, tmp_path / "library", tmp_path / "news")
    assert code == 0
    (last,) = [value for value in said if value.get("report")]
    steps = [value for value in said if "stage" in value]
    assert said[-1] == {"report": None}
    assert last == {
        "report": {
            "added": 1,
            "updated": 0,
            "duplicates": 0,
            "failures": 1,
            "left_out": 0,
            "stopped": False,
        }
    }
    (failure,) = [value["failure"] for value in said if "failure" in value]
    assert failure["file"] == str(tmp_path / "news" / "bad.txt") and failure["place"] == "byte 2"
    assert said.index({"failure": failure}) < said.index(last)
    assert all(step.keys() == {field.name for field in fields(Progress)} for step in steps)
    stages = list(dict.fromkeys(step["stage"] for step in steps))
    assert stages == ["add", "search", "stories", "entities", "quotations", "fingerprints", "matches"]
    for stage in stages:
        counts = [step["done"] for step in steps if step["stage"] == stage]
        assert counts == sorted(counts)
        assert next(step for step in reversed(steps) if step["stage"] == stage)["total"] == counts[-1]
    with Library(tmp_path / "library", create=False) as library:
        assert library.check() == []


def test_without_paths_it_brings_up_to_date_what_is_derived(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Library(folder) as library, library._database.transaction() as connection:
        connection.execute("DELETE FROM derived WHERE stage = 'entities'")
    code, said = _run(capsys, folder)
    assert (code, said[-1]) == (0, {"report": None})
    assert [step["done"] for step in said[:-1] if step["stage"] == "entities"] == [0, 1, 2, 3, 4, 5]
    with Library(folder) as library:
        assert not library.behind


def test_the_seeds_have_a_name_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _run(capsys, tmp_path / "library", "--seeds")
    assert code == 0
    assert [value["report"]["added"] for value in said if value.get("report")] == [5]


def test_steps_in_quick_succession_are_not_all_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_INTERVAL", 1000.0)
    lines = "\n".join(json.dumps({"text": f"Report number {n} from the front."}) for n in range(20))
    (tmp_path / "news.jsonl").write_text(lines, "utf-8")
    _, said = _run(capsys, tmp_path / "library", tmp_path / "news.jsonl")
    # The last step of every stage is always told; beside them the report.
    assert len(said) <= 11
    assert [value["report"]["added"] for value in said if value.get("report")] == [20]


def test_an_error_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "library.sqlite").write_bytes(b"no database " * 100)
    code, said = _run(capsys, tmp_path / "library", "--seeds")
    assert code == 1 and said[-1].keys() == {"error"}
    assert "library.sqlite" in said[-1]["error"] and "\n" not in said[-1]["error"]


def test_a_disk_that_fails_midway_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(folder / "search"))

    monkeypatch.setattr(Library, "update", full)
    code, said = _run(capsys, folder)
    assert code == 1
    assert said == [
        {"error": f"{folder / 'search'}: No space left on device; check the disk and the permissions"}
    ]


def test_called_without_a_folder_it_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert worker.main([]) == 2
    assert "FOLDER" in capsys.readouterr().err


def test_a_listener_that_goes_away_is_no_error(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "warreader.index.worker", str(tmp_path / "library"), "--seeds"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(60) == 1
    process.stderr.close()
    with Library(tmp_path / "library", create=False) as library:
        assert library.folder.is_dir()


def _children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _left(processes: list[int]) -> list[int]:
    """Which of them still run."""
    left = []
    for one in processes:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                left.append(one)
    return left


def _wait_until(true: Callable[[], bool], seconds: float = 60.0) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()


@pytest.fixture
def adding(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that adds pages without end, with the processes that parse them."""
    pages = tmp_path / "pages"
    pages.mkdir()
    page = f"<html><body><article>{'<p>The port was shelled on Monday.</p>' * 400}</article></body></html>"
    for number in range(2_000):
        (pages / f"{number}.html").write_text(page.replace("Monday", f"day {number}"), "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "warreader.index.worker", str(tmp_path / "library"), str(pages)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        yield process
        process.kill()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor parses without help")
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_ended_while_it_adds_it_leaves_no_process_behind(
    adding: subprocess.Popen[bytes], sent: signal.Signals, tmp_path: Path
) -> None:
    # Two that parse, and Python's own that keeps track of what they share.
    assert _wait_until(lambda: len(_children(adding.pid)) >= 3), "no processes were started"
    helpers = _children(adding.pid)
    adding.send_signal(sent)
    out, err = adding.communicate(timeout=60)
    assert _wait_until(lambda: not _left(helpers), 20), "they wait for work for ever"
    if sent is signal.SIGTERM:
        assert (adding.returncode, err) == (0, b"")
        assert json.loads(out.split(b"\n")[-2])["report"]["stopped"]
    with Library(tmp_path / "library", create=False) as library:
        assert library.check() == []


def test_a_library_that_is_being_written_is_told_as_one_to_try_again(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "BUSY_SECONDS", 0.1)
    with Library(folder) as library, library._database.transaction() as connection:
        connection.execute("DELETE FROM derived WHERE stage = 'entities'")
    with closing(sqlite3.connect(folder / "library.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, said = _run(capsys, folder)
        assert code == 1 and said[-1]["busy"] is True and "another process" in said[-1]["error"]
        other.execute("ROLLBACK")
    assert _run(capsys, folder)[1][-1] == {"report": None}


def test_rulings_that_could_not_be_followed_are_told_as_ones_to_try_again(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "BUSY_SECONDS", 0.1)
    with Library(folder) as library:
        entity = library.entities.entities("001_45c60ad35b40d519")[0]
        monkeypatch.setattr(library.upkeep, "follow", lambda _: None)
        library.entity_corrections.rename(entity.id, "Somebody else")
    with closing(sqlite3.connect(folder / "library.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, said = _run(capsys, folder)
        assert code == 1 and said[-1]["busy"] is True
        other.execute("ROLLBACK")
    assert _run(capsys, folder)[1][-1] == {"report": None}
    with Library(folder) as library:
        assert getattr(library.entities.get(entity.id), "name", "") == "Somebody else"

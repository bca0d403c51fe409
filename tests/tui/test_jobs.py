"""The background process as the app hears it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from warreader.index.library import Library
from warreader.tui import jobs

_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R
/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 56>>stream
BT /F1 12 Tf 20 200 Td (The port was shelled again.) Tj ET
endstream endobj
trailer<</Root 1 0 R>>
"""


def _instead(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Have another program run in the worker's place."""
    program = folder / "worker.sh"
    program.write_text(f"#!{sys.executable}\nimport os, sys, time\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


async def _heard(folder: Path, *inputs: str) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    await asyncio.wait_for(jobs.run(folder, inputs, heard.append), 60)
    return heard


async def test_the_worker_is_heard_to_its_report(tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("The port was shelled on Monday, the mayor said.\n", "utf-8")
    heard = await _heard(tmp_path / "library", str(story))
    (report,) = [value["report"] for value in heard if value.get("report")]
    assert report["added"] == 1 and heard[-1] == {"report": None}
    assert {"stage", "done", "total"} <= heard[0].keys()
    with Library(tmp_path / "library", create=False) as library:
        assert library.check() == []


async def test_an_error_the_worker_tells_is_heard_once(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").write_bytes(b"no database " * 100)
    heard = await _heard(tmp_path, "--seeds")
    assert [set(value) for value in heard] == [{"error"}]
    assert "library.sqlite" in heard[0]["error"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("os.kill(os.getpid(), 9)", "-9"),
        ("print('warning: something', file=sys.stderr); sys.exit('Killed: out of memory')", "out of memory"),
        ("raise RuntimeError('the reason')", "RuntimeError: the reason"),
        ("pass", "0"),
        ("sys.stderr.write('x' * 1_000_000 + '\\nlast words')", "last words"),
    ],
)
async def test_a_worker_that_dies_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    _instead(monkeypatch, tmp_path, script)
    heard = await _heard(tmp_path / "library")
    assert [set(value) for value in heard] == [{"error"}]
    assert said in heard[0]["error"] and "warreader check" in heard[0]["error"]
    assert "\n" not in heard[0]["error"] and len(heard[0]["error"]) < 500


async def test_lines_that_are_not_the_workers_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["a library warns", "", "5", "[1]", '{"stage": "add"}', '{"report": null}']
    _instead(monkeypatch, tmp_path, f"for line in {lines!r}: print(line)")
    assert await _heard(tmp_path / "library") == [{"stage": "add"}, {"report": None}]


async def test_many_failures_are_heard_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = """
for number in range(20_000):
    print('{"failure": {"file": "%s%d", "place": null, "reason": "empty"}}' % ("x" * 150, number))
print('{"report": {"failures": 20000}}')
"""
    _instead(monkeypatch, tmp_path, script)
    heard = await _heard(tmp_path / "library")
    assert len(heard) == 20_001 and heard[-1] == {"report": {"failures": 20_000}}


async def test_a_line_without_end_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _instead(
        monkeypatch,
        tmp_path,
        "print('{\"report\": \"' + 'x' * 5_000_000 + '\"}'); print('{\"report\": null}')",
    )
    assert await _heard(tmp_path / "library") == [{"report": None}]


async def test_a_process_that_cannot_be_started_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    (told,) = await _heard(tmp_path / "library")
    assert "can't be started (No such file or directory)" in told["error"]


async def test_cancelling_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _instead(monkeypatch, tmp_path, "print('{\"pid\": %d}' % os.getpid(), flush=True); time.sleep(60)")
    heard: list[dict[str, Any]] = []
    task = asyncio.create_task(jobs.run(tmp_path / "library", [], heard.append))
    deadline = time.monotonic() + 20
    while not heard and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    process = heard[0]["pid"]
    os.kill(process, 0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 20)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


async def test_an_error_of_the_listener_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _instead(monkeypatch, tmp_path, "print('{\"pid\": %d}' % os.getpid(), flush=True); time.sleep(60)")
    seen: list[int] = []

    def heard(value: dict[str, Any]) -> None:
        seen.append(value["pid"])
        raise KeyError

    with pytest.raises(KeyError):
        await asyncio.wait_for(jobs.run(tmp_path / "library", [], heard), 20)
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0], 0)


async def _stopped(folder: Path, *inputs: str) -> tuple[list[dict[str, Any]], float]:
    """What is heard of a process that is asked to stop at its first word, and how long that took."""
    heard: list[dict[str, Any]] = []
    stop = asyncio.Event()

    def hear(value: dict[str, Any]) -> None:
        heard.append(value)
        stop.set()

    began = time.monotonic()
    await asyncio.wait_for(jobs.run(folder, inputs, hear, stop), 60)
    return heard, time.monotonic() - began


async def test_one_that_adds_is_asked_to_stop_and_says_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = """
try:
    print('{"stage": "add"}', flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print('{"report": {"stopped": true}}', flush=True)
"""
    _instead(monkeypatch, tmp_path, script)
    heard, took = await _stopped(tmp_path / "library", "a.jsonl")
    assert heard == [{"stage": "add"}, {"report": {"stopped": True}}]
    assert took < 20


async def test_one_that_derives_is_ended_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _instead(monkeypatch, tmp_path, 'print(\'{"stage": "entities"}\', flush=True); time.sleep(60)')
    heard, took = await _stopped(tmp_path / "library")
    assert heard == [{"stage": "entities"}]
    assert took < 20


async def test_one_that_will_not_stop_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
print('{"stage": "add"}', flush=True)
time.sleep(60)
"""
    monkeypatch.setattr(jobs, "_PATIENCE", 0.2)
    _instead(monkeypatch, tmp_path, script)
    heard, took = await _stopped(tmp_path / "library", "a.jsonl")
    assert heard == [{"stage": "add"}]
    assert took < 20


async def test_no_module_in_the_folder_it_is_in_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for module in ("json", "multiprocessing", "numpy", "sqlite3"):
        (folder / f"{module}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__)", "utf-8")
    (folder / "document.pdf").write_bytes(_PDF)
    for number in range(20):
        page = f"<title>{number}</title><p>{f'The port was shelled, mayor {number} said. ' * 20}</p>"
        (folder / f"{number}.html").write_text(page, "utf-8")
    monkeypatch.chdir(folder)
    heard = await _heard(tmp_path / "library", str(folder))
    (report,) = [value["report"] for value in heard if value.get("report")]
    assert report["added"] == 21
    with Library(tmp_path / "other") as library:
        assert len(library.add([folder], jobs=2).added) == 21
    assert not (tmp_path / "ran").exists()

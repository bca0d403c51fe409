"""Ended from without: in order, with nothing left behind and nothing said that nobody needs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.test_terminal import Terminal
from warreader.index.library import Library
from warreader.tui.ending import SIGNALS, Ending

_CODE = "import sys; from warreader.tui.cli import main; sys.exit(main())"


def _wait_until(true: Callable[[], bool], seconds: float = 60.0) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except FileNotFoundError:
        return []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize("sent", SIGNALS)
def test_a_command_that_is_told_to_end_stops_in_order(sent: signal.Signals, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(400):
        body = "".join(f"<p>The port was shelled, said witness {number} of {part}.</p>" for part in range(60))
        (pages / f"{number}.html").write_text(
            f"<html><body><h1>Port {number}</h1>{body}</body></html>", "utf-8"
        )
    command = [
        sys.executable,
        "-c",
        _CODE,
        "add",
        str(pages),
        "--jobs",
        "2",
        "--library",
        str(tmp_path / "l"),
    ]
    # Tests that are run under nohup hand on that it is ignored.
    before = signal.signal(sent, signal.SIG_DFL)
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(sent, before)
    with process:
        # Two that parse, and Python's own that keeps track of what they share.
        assert _wait_until(lambda: len(_children(process.pid)) >= 3), "no processes were started"
        helpers = _children(process.pid)
        process.send_signal(sent)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + sent
    assert err == "stopped; what was stored stays, run it again to go on\n"
    assert _wait_until(lambda: not any(map(_runs, helpers)), 20)
    with Library(tmp_path / "l", create=False) as library:
        assert library.check() == []


def test_what_is_ignored_stays_so() -> None:
    before = signal.signal(SIGNALS[-1], signal.SIG_IGN)
    try:
        with Ending() as ending:
            signal.raise_signal(SIGNALS[-1])
        assert ending.signum is None and ending.code(1) == 1
    finally:
        signal.signal(SIGNALS[-1], before)


@pytest.mark.parametrize("sent", SIGNALS)
def test_the_reader_that_is_told_to_end_keeps_what_is_typed_and_leaves_the_terminal_as_it_was(
    sent: signal.Signals, tmp_path: Path
) -> None:
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    with Terminal(home) as app:
        app.wait_for("meatgrinder")
        app.press("s")
        app.wait_for("SELECT")
        app.press("a")
        app.wait_for("Annotate")
        app.press("half a note")
        app.wait_for("half a note")
        os.kill(app.process.pid, sent)
        assert app.end() == 0
        assert b"\x1b[?1049l" in app.raw and b"\x1b[?25h" in app.raw
        assert b"Traceback" not in app.raw and b"leaked" not in app.raw
    kept = [path.read_text("utf-8") for path in tmp_path.rglob("unsaved/*") if path.is_file()]
    assert any("half a note" in one for one in kept)

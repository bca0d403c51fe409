"""What a terminal can't show is shown by what looks like it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tui.test_terminal import Terminal
from warreader.tui.lettering import ALIKE, show_alike

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
_CODE = "import sys; from warreader.tui.cli import main; sys.exit(main())"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("╭─ “Café” ─╮", '+- "Cafe" -+'),
        ("Łódź — naïve… ● ★", "?odz - naive. * *"),
        ("│ Київ ⇄ 2 │", "| ???? = 2 |"),
        ("中国", "????"),
        ("e\u0301", "e"),
        ("\ud800", "?"),
    ],
)
def test_letters_keep_their_cells(text: str, shown: str) -> None:
    show_alike()
    assert text.encode("ascii", ALIKE).decode("ascii") == shown


def test_a_command_prints_what_looks_like_it(folder: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _CODE, "search", "liars xylophone", "--library", str(folder)],
        env={**os.environ, **ASCII},
        capture_output=True,
        check=False,
    )
    assert b'none has "xylophone"' in ran.stderr and b"\\u" not in ran.stderr
    ran = subprocess.run(
        [sys.executable, "-c", _CODE, "search", "liars", "--library", str(folder)],
        env={**os.environ, **ASCII},
        capture_output=True,
        check=False,
    )
    assert b"say 'liars' Putin" in ran.stdout and ran.stdout.isascii()


def test_the_reader_draws_its_frames_with_what_there_is(folder: Path) -> None:
    with Terminal(ASCII, "--library", str(folder)) as app:
        app.wait_for("meatgrinder")
        app.wait_for("+- 1 Articles")
        app.press("q")
        assert app.end() == 0
        assert b"\\u" not in app.raw

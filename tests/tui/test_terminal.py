"""In a real terminal: first start, search, annotate, quit, start again, and find it all there."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from warreader.index.library import Library

if sys.platform == "win32":
    pytest.skip("a pty is needed", allow_module_level=True)

import fcntl
import pty
import termios

_CODE = "import sys; from warreader.tui.cli import main; sys.exit(main())"
_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-9;:?<>=$]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[=>78cM])"
)


class Terminal:
    """A process in a pty, and the text it painted (cursor movements taken out)."""

    def __init__(
        self, environment: dict[str, str], *arguments: str, size: tuple[int, int] = (160, 45)
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CODE, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            # A size in the environment would count for more than the terminal's own.
            env={k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")} | environment,
            start_new_session=True,
            close_fds=True,
        )
        os.close(slave)
        self.raw = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever happened, leave no process behind."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(OSError):
            os.close(self._master)

    def hang_up(self) -> None:
        """Close the terminal's window."""
        os.close(self._master)

    def wait_for(self, text: str, seconds: float = 90) -> None:
        """Read until a text was painted since the last :meth:`press`."""
        until = time.monotonic() + seconds
        while text.encode() not in _ESCAPES.sub(b"", self.raw):
            left = until - time.monotonic()
            if left <= 0:
                shown = _ESCAPES.sub(b"", self.raw)[-1500:].decode("utf-8", "replace")
                raise AssertionError(f"{text!r} was not painted; last: {shown}")
            if select.select([self._master], [], [], left)[0]:
                try:
                    self.raw += os.read(self._master, 65536)
                except OSError as error:
                    raise AssertionError(f"the app ended before {text!r}") from error

    def press(self, keys: str) -> None:
        """Send keys as a terminal does."""
        self.press_bytes(keys.encode())

    def press_bytes(self, sent: bytes) -> None:
        """Send whatever bytes."""
        self.raw = b""
        os.write(self._master, sent)

    def end(self, seconds: float = 60) -> int:
        """Read on until the process has ended; its exit code."""
        until = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < until:
            if select.select([self._master], [], [], 0.2)[0]:
                try:
                    self.raw += os.read(self._master, 65536)
                except OSError:
                    break
        return self.process.wait(max(0.1, until - time.monotonic()))


def test_the_story_in_a_terminal(tmp_path: Path) -> None:
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    with Terminal(home) as first:
        first.wait_for("meatgrinder")
        # Names and quotations follow in the background.
        first.wait_for("Volodymyr Zelensky")
        first.wait_for("⇄ 2")
        first.press("/clarke\r")
        first.wait_for("lit: clarke 1/")
        first.press("s")
        first.wait_for("SELECT")
        first.press("a")
        first.wait_for("Annotate")
        first.press("evidence\tcheck this man\x13")
        first.wait_for("#evidence")
        first.press("q")
        assert first.end() == 0
        # The terminal is left as it was found: alternate screen off, cursor shown.
        assert b"\x1b[?1049l" in first.raw and b"\x1b[?25h" in first.raw

    with Library(tmp_path / "XDG_DATA_HOME" / "warreader" / "default") as library:
        (note,) = library.annotations.all()
        assert note.tags == ("evidence",) and note.note == "check this man"
        assert "Clarke" in note.exact
    command = [sys.executable, "-c", _CODE, "check"]
    checked = subprocess.run(command, env={**os.environ, **home}, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "all well: 5 articles\n"), checked.stderr

    with Terminal(home, size=(80, 24)) as again:
        # What is typed before the panes are there is obeyed when they are.
        again.press("5")
        again.wait_for("check this man")
        again.press("q")
        assert again.end() == 0


def test_whatever_becomes_of_the_editor_the_reader_comes_back(tmp_path: Path) -> None:
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    editor = tmp_path / "editor.sh"
    # It fails the first time. The second time ctrl+c is pressed in it, which a terminal sends to the reader too.
    editor.write_text(
        f"#!/bin/sh\ntest -e {tmp_path}/failed || {{ touch {tmp_path}/failed; exit 3; }}\n"
        f'trap ":" INT\necho from afar >> "$1"\necho waiting...\nuntil test -e {tmp_path}/go; do sleep 0.1; done\n',
        "utf-8",
    )
    editor.chmod(0o755)
    with Terminal({**home, "VISUAL": str(editor)}) as app:
        app.wait_for("meatgrinder")
        app.press("s")
        app.wait_for("SELECT")
        app.press("E")
        app.wait_for("ended with code 3")
        app.press("E")
        app.wait_for("waiting...")
        os.killpg(app.process.pid, signal.SIGINT)
        time.sleep(0.3)
        (tmp_path / "go").touch()
        app.wait_for("annotated")
        app.press("5")
        app.wait_for("from afar")
        app.press("q")
        assert app.end() == 0


def test_told_to_end_it_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    with Terminal(home) as app:
        app.wait_for("meatgrinder")
        app.press("J")
        app.wait_for("major escalation")
        app.process.terminate()
        assert app.end() == 0
        assert b"\x1b[?1049l" in app.raw and b"\x1b[?25h" in app.raw


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    folder = tmp_path / "saved pages"
    folder.mkdir()
    (folder / "one.txt").write_text(
        "Mayor speaks in Lviv\n\nThe mayor said: “We have light again.”\n", "utf-8"
    )
    (folder / "bad.txt").write_bytes(b"\xff\x00\x01" * 500)
    with Terminal(home, str(folder)) as app:
        app.wait_for("light again")
        # What failed is told once all is stored, which the text doesn't wait for; it stays until looked at.
        app.wait_for("1 failed (!)")
        app.press("!")
        app.wait_for("could not be added")
        app.wait_for("bad.txt")
        app.press("q")
        app.wait_for("light again")
        app.press("q")
        assert app.end() == 0


def test_a_broken_theme_is_told_and_the_default_used(tmp_path: Path) -> None:
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_STATE_HOME")}
    config = tmp_path / "config"
    (config / "themes").mkdir(parents=True)
    (config / "config.yaml").write_text("theme: mine\nkeys:\n  serch.open: '/'\n", "utf-8")
    (config / "themes" / "mine.yaml").write_text("title: Mine\nui:\n  background: bleu\n", "utf-8")
    with Terminal({**home, "WARREADER_CONFIG": str(config)}, size=(200, 50)) as app:
        app.wait_for("mine.yaml:3:")
        app.wait_for("serch.open")
        app.wait_for("meatgrinder")
        app.press("q")
        assert app.end() == 0


def test_bytes_that_are_no_text_and_keys_that_come_together_are_borne(tmp_path: Path) -> None:
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    with Terminal(home) as app:
        app.wait_for("meatgrinder")
        app.press_bytes(b"/caf\xe9s\x9b")
        app.wait_for("caf\ufffd")
        # Two at once, of which the first closes the list.
        app.press("\x1b")
        time.sleep(0.3)
        app.press("T")
        app.wait_for("Theme")
        app.press("\r\r")
        # What the list covered is painted again, whatever that is, and the list is gone.
        time.sleep(1.5)
        app.press("?")
        app.wait_for("Everywhere")
        app.press("q")
        time.sleep(1.5)
        app.press("q")
        assert app.end() == 0
    assert b"Traceback" not in app.raw


@pytest.mark.parametrize("painted", [False, True])
def test_leaving_while_it_starts_is_clean(tmp_path: Path, painted: bool) -> None:
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    with Terminal(home) as app:
        if painted:
            app.wait_for("Articles")
        app.press("q")
        assert app.end() == 0
    assert b"Traceback" not in app.raw


def test_closing_the_window_ends_it(tmp_path: Path) -> None:
    home = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    with Terminal(home) as app:
        app.wait_for("meatgrinder")
        app.hang_up()
        app.process.wait(30)

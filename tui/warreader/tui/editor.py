"""Writing a longer note in the user's own editor."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warreader.index.api import WarreaderError

if TYPE_CHECKING:
    from textual.app import App

AT_ONCE = 1.0
"""Seconds in which nobody writes: an editor that ends sooner may have handed the file to a window of its own."""


class EditorError(WarreaderError):
    """The editor could not be run, or what it left can't be read; nothing was changed."""


def command() -> list[str]:
    """The user's editor: ``VISUAL``, else ``EDITOR``, else the platform's own."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if named:
        try:
            return shlex.split(named) or ["vi"]
        except ValueError as error:
            raise EditorError(f"EDITOR={named!r} can't be understood ({error})") from error
    return ["notepad"] if sys.platform == "win32" else ["vi"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor left.

    Args:
        text: the text; what there was before where nothing was changed.
        folder: holds it until it is discarded.
    """

    text: str
    folder: Path

    def discard(self) -> None:
        """Remove the file: the text is kept elsewhere by now, or not wanted."""
        shutil.rmtree(self.folder, ignore_errors=True)


def edit_in(app: App[Any], text: str) -> Draft:
    """Have a text edited while the app gives way; whatever becomes of the editor, its screen comes back.

    Raises:
        EditorError: see :func:`edit`.
        textual.app.SuspendNotSupported: the terminal can't give way.
    """
    with app.suspend():
        # Textual takes the screen up again after this block, but not where an error ends it.
        try:
            return edit(text)
        except Exception as error:
            failed = error
    raise failed


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Leave ctrl+c to the editor: a terminal sends it to the reader too, which would end with the note unread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # Not ignored, which the editor would inherit.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def edit(text: str) -> Draft:
    """Have a text edited, in a file that only the user can read.

    Where it was changed, the file stays until :meth:`Draft.discard`: call it when the text is stored.

    Raises:
        EditorError: what was written meanwhile, or is yet to be, stays in a file that the message names.
    """
    wanted = command()
    folder = Path(tempfile.mkdtemp(prefix="warreader-"))
    path = folder / "note.md"
    before = f"{text}\n" if text and not text.endswith("\n") else text
    path.write_text(before, "utf-8", newline="\n")
    began = time.monotonic()
    try:
        with _deaf():
            code = subprocess.run([*wanted, str(path)], check=False).returncode
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise EditorError(f"the editor {wanted[0]!r} can't be run ({error.strerror}); set EDITOR") from error
    try:
        after = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EditorError(f"what the editor left can't be read as UTF-8; it is kept in {path}") from error
    if code != 0:
        kept = f"; what was written is kept in {path}" if after != before else ""
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
        raise EditorError(f"the editor {wanted[0]!r} ended with code {code}: nothing was changed{kept}")
    if after != before:
        return Draft(after.strip("\n"), folder)
    if time.monotonic() - began < AT_ONCE:
        raise EditorError(
            f"the editor {wanted[0]!r} came back at once; what you write in it is kept in {path}, not taken over: "
            "set VISUAL to one that waits, such as: code --wait, gvim --nofork"
        )
    shutil.rmtree(folder, ignore_errors=True)
    return Draft(text, folder)

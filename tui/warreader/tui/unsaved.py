"""A note that is being written: kept on the disk until it is saved or dropped, for the line may be cut meanwhile.

What an annotation holds survives a killed process; what was typed for ten minutes in the dialogue would not.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Note and tags as they stood, and what they are on: see :class:`warreader.tui.screens.asking.Subject`."""

    note: str
    tags: tuple[str, ...]
    quoted: str
    article: str | None = None
    start: int | None = None
    end: int | None = None
    about: str | None = None
    held: str | None = None


class UnsavedNotes:
    """What this process keeps for one library, and what others left. All of it reads or writes files.

    Args:
        folder: where they are kept, a file a process.
        library: the library's folder.
    """

    def __init__(self, folder: Path, library: Path) -> None:
        self._folder = folder
        self._library = str(library.resolve())
        self._file = folder / f"{os.getpid()}.json"
        self._left = folder / f"{os.getpid()}.left.json"

    def keep(self, unsaved: Unsaved) -> None:
        """Keep it in the place of what was kept before, for its writer's eyes alone."""
        self._write(unsaved, self._file)

    def asked_again(self) -> None:
        """What was taken is being written again: it is kept as such from now on."""
        with contextlib.suppress(OSError):
            self._left.replace(self._file)

    def _write(self, unsaved: Unsaved, to: Path) -> None:
        # Where nothing can be kept, the note can be written all the same.
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = to.with_suffix(".partial")
            handle = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"library": self._library, **asdict(unsaved)}, file)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(to)

    def forget(self) -> None:
        """It is saved, or not wanted."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)

    def take(self) -> Unsaved | None:
        """What a process that is gone left of this library; this one keeps it, beside what is written in it."""
        try:
            files = sorted(self._folder.glob("*.json"))
        except OSError:
            return None
        for file in files:
            if _runs(file.stem.removesuffix(".left")):
                continue
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
                value = json.loads(file.read_text("utf-8"))
                if value.pop("library") == self._library:
                    found = Unsaved(**value | {"tags": tuple(value["tags"])})
                    self._write(found, self._left)
                    if file != self._left:
                        file.unlink()
                    return found
        return None


def _runs(process: str) -> bool:
    """Whether a process, by its number, is there and another one than this."""
    if not process.isdecimal() or int(process) == os.getpid():
        return False
    if sys.platform == "win32":
        # To ask there is to end it: what was left stays in its file.
        return True
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True

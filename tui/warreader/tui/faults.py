"""Errors that nobody foresaw: kept in a file, for a report of them."""

from __future__ import annotations

import contextlib
import traceback
from datetime import UTC, datetime
from pathlib import Path

_LARGEST = 200_000
"""Code points of the file at most; the oldest go first."""


def keep(error: BaseException, folder: Path) -> Path | None:
    """Write an error with where it arose into ``faults.txt`` of a folder.

    Returns:
        The file, or ``None`` where it can't be written.
    """
    file = folder / "faults.txt"
    told = "".join(traceback.format_exception(error))
    before = ""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        before = file.read_text("utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        whole = f"{before}{moment}\n{told}\n"[-_LARGEST:]
        file.write_text(whole, "utf-8", errors="backslashreplace")
    except OSError:
        return None
    return file

"""Which article somebody looks at: what is derived of it goes before that of the others, in whatever process."""

from __future__ import annotations

import contextlib
from pathlib import Path


class Wanted:
    """A file in the library's folder that one process writes and another, which derives, takes away.

    Not in the database: what derives holds that nearly all the time, and looks here often.

    Args:
        folder: the library's.
        read_only: nothing is written there, and so nothing can be wanted.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self._file = folder / "wanted.txt"
        self._read_only = read_only

    def ask(self, article_id: str) -> None:
        """Have this article come first, instead of one asked for before."""
        if self._read_only:
            return
        partial = self._file.with_suffix(".partial")
        with contextlib.suppress(OSError):
            partial.write_text(article_id, "utf-8")
            partial.replace(self._file)

    def take(self) -> str | None:
        """The article asked for since the last time, if any."""
        try:
            article_id = self._file.read_text("utf-8")
            self._file.unlink()
        except (OSError, UnicodeDecodeError):
            return None
        return article_id

"""What the commands have in common: the library they were given, and how they print."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from warreader.index.api import Library, ReadOnlyError, default_folder, jsonable, visible


def shown(text: str) -> str:
    """Text on one line of a terminal: whatever could steer it, or pass for another line, is a sign one can see."""
    return visible(text).replace("\n", "␊")


def opened(parsed: argparse.Namespace, *, create: bool = False, write: bool = False) -> Library:
    """The library that was named, or the default one.

    Args:
        create: make it if it is not there.
        write: the command has nothing to do in one that is only read.

    Raises:
        LibraryError: it can't be opened so.
    """
    library = Library(parsed.library or default_folder(), create=create, read_only=parsed.read_only)
    try:
        if write:
            library.need_writable()
    except ReadOnlyError:
        library.close()
        raise
    return library


def print_json(rows: Iterable[dict[str, Any]]) -> None:
    """One JSON object a line."""
    for row in rows:
        print(jsonable.line(row))

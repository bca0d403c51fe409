"""Errors that a user meets. Each message is one line that names the thing, the place and the remedy."""

from __future__ import annotations


class WarreaderError(Exception):
    """Base of all errors shown to users."""


class UsageError(WarreaderError):
    """What was asked for makes no sense as asked."""


class LibraryError(WarreaderError):
    """The library can't be opened or written."""


class LibraryBusyError(LibraryError):
    """Another process is writing to the library."""


class NotFoundError(WarreaderError):
    """Nothing has the id asked for."""


class InputError(WarreaderError):
    """An input can't be read. ``place`` is where in the file, or ``None``."""

    def __init__(self, reason: str, place: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place

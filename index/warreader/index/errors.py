"""Errors that a user meets. Each message is one line that names the thing, the place and the remedy."""

from __future__ import annotations

from pathlib import Path


class WarreaderError(Exception):
    """Base of all errors shown to users."""


class UsageError(WarreaderError):
    """What was asked for makes no sense as asked."""


class LibraryError(WarreaderError):
    """The library can't be opened or written."""


class DamagedError(LibraryError):
    """A file of the library is no SQLite database, or so broken that it can't be opened."""


class LibraryBusyError(LibraryError):
    """Another process is writing to the library."""


class ReadOnlyError(LibraryError):
    """The library, or what holds it, is only to be read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder}: is only read here, nothing can be kept in it; copy it to where you can write, "
            "and name that with --library"
        )


class NotFoundError(WarreaderError):
    """Nothing has the id asked for."""


class InputError(WarreaderError):
    """An input can't be read. ``place`` is where in the file, or ``None``."""

    def __init__(self, reason: str, place: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


def storage_error(folder: Path, error: Exception) -> LibraryError:
    """What SQLite or the file system answered while a library was worked with, as one line.

    Args:
        folder: the library's folder.
        error: a ``sqlite3.Error`` or an ``OSError``.
    """
    if isinstance(error, OSError):
        return LibraryError(
            f"{error.filename or folder}: {error.strerror or error}; check the disk and the permissions"
        )
    if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
        return LibraryBusyError(f"{folder}: another process is writing to it; try again")
    if getattr(error, "sqlite_errorname", "").startswith("SQLITE_READONLY"):
        return ReadOnlyError(folder)
    if getattr(error, "sqlite_errorname", "").startswith("SQLITE_FULL"):
        return LibraryError(f"{folder}: {error}; nothing stored is lost: free the disk, then try again")
    return LibraryError(f"{folder}: {error}; run: warreader --library {folder} check")


class ModelError(WarreaderError):
    """The model that was asked for is missing, or failed."""

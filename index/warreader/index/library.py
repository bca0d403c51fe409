"""The library: one folder, and the one door to what is in it."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from warreader.index.article import AddReport, Progress
from warreader.index.articles import Articles
from warreader.index.errors import LibraryBusyError, LibraryError
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database

if TYPE_CHECKING:
    from warreader.index.annotations.annotations import Annotations
    from warreader.index.derive import Derivation
    from warreader.index.entities.entities import Entities
    from warreader.index.matching.matches import Matches
    from warreader.index.quotations.quotations import Quotations
    from warreader.index.search.search import Search

LOCK_SECONDS = 20.0
"""How long a second writer waits before it says who holds the library."""


def _silent(_: Progress) -> None:
    return None


_T = TypeVar("_T")


class _Part(Generic[_T]):
    """A part of the library, made when first asked for, once, whichever thread asks."""

    def __init__(self, make: Callable[[Library], _T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type[Library], name: str) -> None:
        self._name = name

    def __get__(self, library: Library, owner: type[Library] | None = None) -> _T:
        # Asked but once: from then on the instance's own attribute stands before this.
        with library.making:
            if self._name not in library.__dict__:
                library.__dict__[self._name] = self._make(library)
            return cast(_T, library.__dict__[self._name])


class Library:
    """Opens a library folder and hands out its parts.

    Any number of readers work at once; a long run of writing holds
    :meth:`writing`. Parts may be used from several threads.

    Args:
        folder: the library's folder.
        create: make it if it is not there.

    Raises:
        LibraryError: it is not there, can't be written, or is damaged; the message names file and remedy.
    """

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self.folder = folder
        self.making = threading.RLock()
        database = folder / "library.sqlite"
        if not create and not database.is_file():
            raise LibraryError(
                f"{folder}: no library here; make one with: warreader --library {folder} add PATH"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"{folder}: can't be made ({error.strerror}); name another with --library"
            ) from error
        if not os.access(folder, os.W_OK):
            raise LibraryError(
                f"{folder}: can't be written to; check its permissions or name another with --library"
            )
        self._database = Database(database, LIBRARY_MIGRATIONS)
        self.articles = Articles(self._database)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        self._database.close()
        if "annotations" in self.__dict__:
            self.annotations.close()

    @_Part
    def entities(self) -> Entities:
        """Mentions and the entities they name."""
        from warreader.index.entities.entities import Entities

        return Entities(self._database)

    @_Part
    def quotations(self) -> Quotations:
        """Quotations with cue and speaker."""
        from warreader.index.quotations.quotations import Quotations

        return Quotations(self._database)

    @_Part
    def matches(self) -> Matches:
        """The same words in several places."""
        from warreader.index.matching.matches import Matches

        return Matches(self._database)

    @_Part
    def annotations(self) -> Annotations:
        """The reader's own marks, in a database of their own."""
        from warreader.index.annotations.annotations import Annotations

        return Annotations(self.folder / "annotations.sqlite")

    @_Part
    def search(self) -> Search:
        """Full-text search, with fields over entities, quotations and annotations."""
        from warreader.index.annotations.sources import annotation_sources
        from warreader.index.search.search import Search

        return Search(
            self.folder / "search",
            self._database,
            annotation_sources(self._database, self.annotations),
            find=self.entities.find,
        )

    @_Part
    def derivation(self) -> Derivation:
        """Runs what is derived from stored text: entities, then quotations, then matches."""
        from warreader.index.derive import Derivation

        return Derivation(
            self._database, (self.entities, self.quotations, self.matches), self.articles.by_key
        )

    @contextmanager
    def writing(self, what: str) -> Iterator[None]:
        """Hold the library for a long run of writing; a second one waits, then is told who holds it.

        Raises:
            LibraryBusyError: it is still held after :data:`LOCK_SECONDS`.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / "writer.lock")
        holder = self.folder / "writer.txt"
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout as error:
            raise LibraryBusyError(
                f"{self.folder}: in use by {_named_in(holder)}; wait until it is done or stop it"
            ) from error
        try:
            holder.write_text(f"process {os.getpid()} ({what})\n", "utf-8")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    def add(self, paths: Iterable[Path], progress: Callable[[Progress], None] = _silent) -> AddReport:
        """Store the articles under the paths, make them searchable, derive the rest.

        Safe to stop at any point: what is stored stays, and the next run goes on.

        Raises:
            LibraryBusyError: another process is adding.
        """
        from warreader.index.ingest import run

        with self.writing("adding articles"):
            report = run.add(self.articles, paths, progress)
            self._update(progress)
        return report

    @property
    def behind(self) -> bool:
        """Whether stored articles wait to be searchable or analysed: an earlier run was cut off."""
        return self.search.due() > 0 or self.derivation.behind

    def update(self, progress: Callable[[Progress], None] = _silent) -> None:
        """Bring search and all that is derived up to date with the stored articles.

        Raises:
            LibraryBusyError: another process is writing.
        """
        with self.writing("updating what is derived"):
            self._update(progress)

    def _update(self, progress: Callable[[Progress], None]) -> None:
        self.search.update(progress)
        self.derivation.run(progress)

    def check(self, *, repair: bool = False) -> list[str]:
        """Verify files, databases, search index and anchors.

        Args:
            repair: rebuild what can be rebuilt (never the articles or the annotations).

        Returns:
            What is wrong, one line each; after a repair, what is still wrong.
        """
        from warreader.index.checking import check, unmake

        if repair and not self._database.problems():
            with self.writing("repairing"):
                unmake(self._database)
                if self.search.check():
                    self.search.rebuild()
                self._update(_silent)
        return check(self, self._database)

    def setting(self, name: str) -> str | None:
        """A value that the app keeps with this library, or ``None``."""
        row = self._database.connection.execute(
            "SELECT value FROM setting WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else str(row["value"])

    def set_setting(self, name: str, value: str) -> None:
        """Keep a value with this library."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, value))


def data_folder() -> Path:
    """Where libraries are kept that no one named a place for: the platform's user data folder."""
    from platformdirs import user_data_path

    return user_data_path("warreader", appauthor=False)


def default_folder() -> Path:
    """The library used when none is named: ``WARREADER_LIBRARY``, or ``default`` in the user data folder."""
    named = os.environ.get("WARREADER_LIBRARY")
    return Path(named).expanduser() if named else data_folder() / "default"


def folder_for(paths: Iterable[Path]) -> Path:
    """The library kept for just these files and folders; the same paths in any order have the same one."""
    resolved = sorted({os.fsencode(os.path.realpath(path)) for path in paths})
    digest = hashlib.sha256(b"\0".join(resolved)).hexdigest()[:10]
    first = re.sub(r"[^\w.-]+", "-", Path(os.fsdecode(resolved[0])).name) or "root"
    # File systems take names of 255 bytes, a character may take four.
    return data_folder() / "kept" / f"{first[:50]}-{digest}"


def _named_in(holder: Path) -> str:
    """Who holds the library, as it wrote down itself."""
    try:
        return holder.read_text("utf-8", "replace").strip() or "another process"
    except OSError:
        return "another process"

"""The library: one folder, and the one door to what is in it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from warreader.index.article import AddReport, Failure, Progress, silent
from warreader.index.articles import Articles
from warreader.index.errors import LibraryError, ReadOnlyError
from warreader.index.locking import WriterLock
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database
from warreader.index.wanted import Wanted

if TYPE_CHECKING:
    from warreader.index.annotations.annotations import Annotations
    from warreader.index.corrections.corrections import Corrections
    from warreader.index.derive import Derivation
    from warreader.index.entities.correcting import EntityCorrections
    from warreader.index.entities.entities import Entities
    from warreader.index.entities.model_reading import ModelReading
    from warreader.index.ingest.pieces import Options
    from warreader.index.matching.matches import Matches
    from warreader.index.quotations.quotations import Quotations
    from warreader.index.rescuing import Outcome
    from warreader.index.rulings.rulings import Rulings
    from warreader.index.search.search import Search
    from warreader.index.stories.stories import Stories
    from warreader.index.upkeep import Upkeep


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
        with library._making:
            if self._name not in library.__dict__:
                library.__dict__[self._name] = self._make(library)
            return cast(_T, library.__dict__[self._name])


class Library:
    """Opens a library folder and hands out its parts.

    Any number of readers work at once; a long run of writing holds
    :meth:`writing`. Parts may be used from several threads.

    What can't be written is opened for reading: then ``read_only`` is true, nothing is written anywhere in the folder,
    what would have to be raises :class:`.errors.ReadOnlyError`, and an index that can't be trusted has another
    in the user's cache in its place, which :meth:`update` builds.

    Args:
        folder: the library's folder.
        create: make it if it is not there.
        read_only: open it for reading, though it could be written.

    Raises:
        LibraryError: it is not there, can't be made, or is damaged; the message names file and remedy.
    """

    def __init__(self, folder: Path, *, create: bool = True, read_only: bool = False) -> None:
        self.folder = folder
        self._making = threading.RLock()
        database = folder / "library.sqlite"
        # Of os.path, as this never raises, whatever was named.
        there = os.path.isfile(database)  # noqa: PTH113
        if os.path.exists(folder) and not os.path.isdir(folder):  # noqa: PTH110, PTH112
            raise LibraryError(f"{folder}: is a file, and a library is a folder; name one with --library")
        if not there and (read_only or not create):
            raise LibraryError(
                f"{folder}: no library here; make one with: warreader --library {folder} add PATH"
            )
        self.read_only = read_only or (there and not _writable(folder))
        if not self.read_only:
            _make(folder)
        self._database = Database(database, LIBRARY_MIGRATIONS, read_only=self.read_only)
        self._opened = [self._database]
        self.articles = Articles(self._database)
        self._wanted = Wanted(folder, read_only=self.read_only)
        self._lock = WriterLock(folder)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        for database in self._opened:
            database.close()
        if "annotations" in self.__dict__:
            self.annotations.close()

    @_Part
    def entities(self) -> Entities:
        """Mentions and the entities they name."""
        from warreader.index.entities.entities import Entities

        return Entities(self._database, lambda: self.rulings)

    @_Part
    def quotations(self) -> Quotations:
        """Quotations with cue and speaker."""
        from warreader.index.quotations.quotations import Quotations

        return Quotations(self._database, lambda: self.rulings)

    @_Part
    def matches(self) -> Matches:
        """The same words in several places."""
        from warreader.index.matching.matches import Matches

        return Matches(self._database)

    @_Part
    def annotations(self) -> Annotations:
        """The reader's own marks, in a database of their own."""
        from warreader.index.annotations.annotations import Annotations

        return Annotations(
            self.folder / "annotations.sqlite",
            self.upkeep.correct,
            self.upkeep.follow,
            read_only=self.read_only,
        )

    @_Part
    def upkeep(self) -> Upkeep:
        """Adding to it, and having what is derived agree with what is stored and ruled."""
        from warreader.index.upkeep import Upkeep

        return Upkeep(self, self._database, self._lock)

    @_Part
    def corrections(self) -> Corrections:
        """What the reader sets right in articles; kept with the annotations."""
        from warreader.index.corrections.corrections import Corrections

        return Corrections(self.annotations, self._database)

    @_Part
    def rulings(self) -> Rulings:
        """What the reader rules on names, quotations and matches; kept with the annotations."""
        from warreader.index.rulings.rulings import Rulings

        return Rulings(self.annotations)

    @_Part
    def entity_corrections(self) -> EntityCorrections:
        """Renaming, joining, setting apart: what the reader sets right in names."""
        from warreader.index.entities.correcting import EntityCorrections

        return EntityCorrections(self._database, self.rulings, self.annotations)

    @_Part
    def stories(self) -> Stories:
        """Copies of the same story."""
        from warreader.index.stories.stories import Stories

        return Stories(self._database)

    @_Part
    def search(self) -> Search:
        """Full-text search, with fields over entities, quotations and annotations."""
        from warreader.index.annotations.sources import annotation_sources, tagged
        from warreader.index.quotations.sources import quotation_sources
        from warreader.index.search.search import Search

        place, database = self.folder / "search", self._database
        if self.read_only:
            from warreader.index.elsewhere import index_of

            place, database = index_of(self.folder, database)
            if database is not self._database:
                self._opened.append(database)
        return Search(
            place,
            database,
            {
                **annotation_sources(self._database, lambda: self.annotations),
                **quotation_sources(
                    database, lambda name, exact: self.search.names.keys(name, None, exact=exact)
                ),
            },
            # What only adds asks for no names, and need not read the lists of them.
            find=lambda name, labels: self.entities.find(name, labels),
            tags=tagged(lambda: self.annotations),
            # Other processes would open the library for writing.
            jobs=1 if self.read_only else None,
        )

    @_Part
    def derivation(self) -> Derivation:
        """Runs what is derived from stored text: copies of stories, entities, quotations, then matches."""
        from warreader.index.derive import Derivation
        from warreader.index.matching.fingerprinting import Fingerprints

        prints = Fingerprints(self._database)
        stages = (self.stories, self.entities, self.quotations, prints, self.matches)
        return Derivation(
            self._database,
            stages,
            self.articles.by_key,
            wanted=self._wanted_key,
            ahead=(self.entities, self.quotations),
        )

    def _wanted_key(self) -> int | None:
        article_id = self._wanted.take()
        return None if article_id is None else self.articles.key(article_id)

    def changes(self) -> tuple[int, int]:
        """Two numbers that grow with every change of articles, and of what they name, whichever process makes it."""
        rows = self._database.connection.execute("SELECT what, number FROM change_count")
        counts = {row[0]: int(row[1]) for row in rows}
        return counts["article"], counts["mention"]

    def look_at(self, article_id: str) -> None:
        """Somebody reads this article: where its names and quotations aren't derived yet, they come next."""
        self._wanted.ask(article_id)

    @_Part
    def model(self) -> ModelReading:
        """What a trained model, where one is installed, says of the articles' names."""
        from warreader.index.entities.model_reading import ModelReading

        return ModelReading(self._database, self.articles.by_key)

    def writing(self, what: str) -> AbstractContextManager[None]:
        """Hold the library for a long run of writing; a second one waits, then is told who holds it.

        Raises:
            ReadOnlyError: it is only read.
            LibraryBusyError: it is still held after :data:`warreader.index.locking.LOCK_SECONDS`.
        """
        self.need_writable()
        return self._lock.hold(what)

    def need_writable(self) -> None:
        """Go on only where something can be kept.

        Raises:
            ReadOnlyError: the library is only read.
        """
        if self.read_only:
            raise ReadOnlyError(self.folder)

    def add(
        self,
        paths: Iterable[Path | str],
        progress: Callable[[Progress], None] = silent,
        *,
        options: Options | None = None,
        jobs: int = 1,
        derive: bool = True,
        wait: float | None = -1.0,
    ) -> AddReport:
        """Store the articles in files and folders, make them searchable as they come, derive the rest.

        Safe to stop at any point: what is stored stays, and the next run goes
        on. A keyboard interrupt ends the run, not the call: the report says so.

        Args:
            paths: files and folders; strings may also be addresses (``https://...``) or ``-``, standard input.
            progress: told as the work goes on.
            options: what is said about the inputs.
            jobs: processes at most that parse pages, mails and documents, and derive the rest of many articles.
            derive: whether names, quotations and matches are derived at once; else :meth:`update` does.
            wait: seconds at most while another process is adding; ``None`` for ever, a negative number for
                :data:`warreader.index.locking.LOCK_SECONDS`.

        Raises:
            ReadOnlyError: the library is only read.
            LibraryBusyError: another process is still adding after that.
        """
        return self.upkeep.add(paths, progress, options, jobs=jobs, derive=derive, wait=wait)

    def remove(
        self,
        article_ids: Collection[str],
        progress: Callable[[Progress], None] = silent,
        *,
        jobs: int = 1,
        derive: bool = True,
        wait: float | None = -1.0,
    ) -> list[Failure]:
        """Take articles out of the library, with all that is derived of them; the rest is brought up to date.

        Other versions of them stay. Annotations on them are kept, and stand again where they are added again. Their
        files are not touched, and not read again by themselves as long as they are as they were.

        Args:
            article_ids: of the articles; all of them go or, where one is not there, none.
            progress: told as the rest is brought up to date.
            jobs: processes at most for that.
            derive: false leaves it to a later update, but for the search index.
            wait: as for :meth:`add`.

        Returns:
            As :meth:`update`.

        Raises:
            NotFoundError: one of them is not there.
            ReadOnlyError: the library is only read.
            LibraryBusyError: another process is writing.
        """
        return self.upkeep.remove(article_ids, progress, jobs=jobs, derive=derive, wait=wait)

    @property
    def behind(self) -> bool:
        """Whether articles wait to be searchable, analysed or corrected: a run was cut off, a file replaced."""
        return self.upkeep.behind

    def update(
        self,
        progress: Callable[[Progress], None] = silent,
        *,
        jobs: int = 1,
        model: bool = True,
        wait: float | None = -1.0,
    ) -> list[Failure]:
        """Bring search and all that is derived up to date with the stored articles.

        One that waits to add goes first. Of a library that is only read, the index in the user's cache is all that
        can be.

        Args:
            progress: told as the work goes on.
            jobs: processes at most that work on names, quotations and matches where many articles wait.
            model: whether a trained model, where one is installed, reads what it hasn't: the slowest part.
            wait: as for :meth:`add`.

        Returns:
            The articles that something could not be worked out for; the others don't wait for them.

        Raises:
            LibraryBusyError: another process is writing.
        """
        return self.upkeep.update(progress, jobs=jobs, model=model, wait=wait)

    def check(self, *, repair: bool = False, tell: Callable[[str], None] = lambda _: None) -> list[str]:
        """Verify files, databases, search index and anchors.

        Args:
            repair: rebuild what can be rebuilt (never the annotations); of articles in a damaged file those that can
                be read are kept, and that file beside the new one.
            tell: told what was done, where nothing was lost by it.

        Returns:
            What is wrong, one line each; after a repair, what was lost and what is still wrong.
        """
        from warreader.index.checking import check

        lost = self.upkeep.repair(tell) if repair else []
        return [*lost, *check(self, self._database)]

    def left_to_do(self) -> list[str]:
        """What waits to be done, as after a run that was cut off, in words; :meth:`update` does it."""
        return self.upkeep.left_to_do()

    def owed(self) -> bool:
        """Whether what the reader set right was left to a further :meth:`update`, as another process was writing."""
        return self.upkeep.owed()

    def setting(self, name: str) -> str | None:
        """A value that the app keeps with this library, or ``None``."""
        row = self._database.connection.execute(
            "SELECT value FROM setting WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else str(row["value"])

    def patience(self, seconds: float) -> AbstractContextManager[None]:
        """What this thread writes within waits no longer than so many seconds for another process that writes.

        Raises:
            LibraryBusyError: it is still writing then.
        """
        return self._database.patience(seconds)

    def set_setting(self, name: str, value: str) -> None:
        """Keep a value with this library."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, value))


def rescue(folder: Path) -> Outcome:
    """Keep what can be read of a library whose articles can't be opened.

    Raises:
        LibraryBusyError: another process is writing to it.
        LibraryError: nothing of it can be read, or nothing can be written there; then nothing was changed.
    """
    from warreader.index.rescuing import rescue

    if not _writable(folder):
        raise ReadOnlyError(folder)
    with WriterLock(folder).hold("repairing"):
        return rescue(folder / "library.sqlite")


def _writable(folder: Path) -> bool:
    """Whether the folder and both databases in it can be written, as far as the system tells."""
    files = (folder / name for name in ("library.sqlite", "annotations.sqlite"))
    return all(os.access(path, os.W_OK) for path in (folder, *(file for file in files if file.exists())))


def _make(folder: Path) -> None:
    try:
        # Notes on sources are nobody else's business; a folder that is there keeps the rights it was given.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"{folder}: can't be made ({error.strerror}); name another with --library"
        ) from error
    if not os.access(folder, os.W_OK):
        raise LibraryError(
            f"{folder}: can't be written to; check its permissions or name another with --library"
        )


def default_jobs() -> int:
    """How many processes parse pages where nobody says: as many as there are processors, but not more than four."""
    return max(1, min(4, os.cpu_count() or 1))

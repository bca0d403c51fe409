"""The library: one folder, and the one door to what is in it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from warreader.index.article import AddReport, Failure, Progress
from warreader.index.articles import Articles
from warreader.index.errors import LibraryError, storage_error
from warreader.index.locking import GAP, GaveWay, WriterLock
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database, busy
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
    from warreader.index.rulings.rulings import Rulings
    from warreader.index.search.search import Search
    from warreader.index.stories.stories import Stories


def _silent(_: Progress) -> None:
    return None


def _waiting(progress: Callable[[Progress], None]) -> Callable[[str], None]:
    """Tells who is waited for."""
    return lambda holder: progress(Progress("waiting", detail=holder))


_UPDATING = "updating what is derived"
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
        self._wanted = Wanted(folder)
        self._lock = WriterLock(folder)

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

        return Annotations(self.folder / "annotations.sqlite", self._corrected, self.follow)

    def _corrected(self, article_ids: Collection[str]) -> None:
        with self._put_off():
            self.corrections.apply(article_ids)

    @contextlib.contextmanager
    def _put_off(self) -> Iterator[None]:
        """What the reader did is stored by now: while another process writes this file, it is left to an update.

        Raises:
            LibraryError: it can't be put into force for another reason.
        """
        try:
            yield
        except sqlite3.Error as error:
            if not busy(error):
                raise storage_error(self.folder, error) from error

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

    def follow(self, kinds: Collection[str]) -> None:
        """Have what is derived agree with the reader's rulings of these kinds, where they changed."""
        for kind in kinds:
            if kind in FOLLOWERS:
                with self._put_off():
                    FOLLOWERS[kind](self)

    def _unfollowed(self) -> list[str]:
        """The kinds of rulings that changed since they were put into force."""
        from warreader.index.rulings.following import Following

        return [kind for kind in FOLLOWERS if Following(self._database, self.rulings, kind).due]

    @_Part
    def stories(self) -> Stories:
        """Copies of the same story."""
        from warreader.index.stories.stories import Stories

        return Stories(self._database)

    @_Part
    def search(self) -> Search:
        """Full-text search, with fields over entities, quotations and annotations."""
        from warreader.index.annotations.sources import annotation_sources, tagged
        from warreader.index.search.search import Search

        return Search(
            self.folder / "search",
            self._database,
            annotation_sources(self._database, self.annotations),
            find=self.entities.find,
            tags=tagged(self.annotations),
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
            LibraryBusyError: it is still held after :data:`warreader.index.locking.LOCK_SECONDS`.
        """
        return self._lock.hold(what)

    def add(
        self,
        paths: Iterable[Path | str],
        progress: Callable[[Progress], None] = _silent,
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
            LibraryBusyError: another process is still adding after that.
        """
        from warreader.index.entities.model import ModelError
        from warreader.index.ingest.run import Run

        gave_way = False
        with self._lock.hold("adding articles", urgent=True, patience=wait, waiting=_waiting(progress)):
            index = _Soon(lambda: self.search.update(_silent, settle=False, alone=True))
            run = Run(self._database, progress, options, jobs=jobs, pause=index)
            report = run.add(paths)
            try:
                if not report.stopped:
                    report.failures += self._update(progress, derive=derive, jobs=jobs)
            except KeyboardInterrupt:
                report.stopped = True
            except GaveWay:
                gave_way = True
            except ModelError as error:
                # All is stored by then, and told as ever.
                report.failures.append(Failure("names", None, str(error)))
        if gave_way:
            try:
                report.failures += self._after_others(progress, jobs=jobs)
            except KeyboardInterrupt:
                report.stopped = True
        return report

    @property
    def behind(self) -> bool:
        """Whether articles wait to be searchable, analysed or corrected: a run was cut off, a file replaced."""
        return (
            self.search.due() > 0
            or self.derivation.behind
            or self.corrections.due
            or bool(self._unfollowed())
        )

    def update(
        self,
        progress: Callable[[Progress], None] = _silent,
        *,
        jobs: int = 1,
        model: bool = True,
        wait: float | None = -1.0,
    ) -> list[Failure]:
        """Bring search and all that is derived up to date with the stored articles.

        One that waits to add goes first.

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
        with (
            contextlib.suppress(GaveWay),
            self._lock.hold(_UPDATING, patience=wait, waiting=_waiting(progress)),
        ):
            return self._update(progress, jobs=jobs, model=model)
        return self._after_others(progress, jobs=jobs, model=model)

    def _after_others(
        self, progress: Callable[[Progress], None], *, jobs: int = 1, model: bool = True
    ) -> list[Failure]:
        """Go on with what is derived when those who add are done, however long that takes."""
        while True:
            progress(Progress("waiting", 0, 0))
            # Who asked has to find it free before this one waits for it again.
            time.sleep(GAP)
            try:
                with self._lock.hold(_UPDATING, patience=None, waiting=_waiting(progress)):
                    return self._update(progress, jobs=jobs, model=model)
            except GaveWay:
                continue

    def _update(
        self,
        progress: Callable[[Progress], None],
        *,
        derive: bool = True,
        jobs: int = 1,
        model: bool = True,
        give_way: bool = True,
    ) -> list[Failure]:
        def told(step: Progress) -> None:
            if give_way:
                self._lock.give_way()
            progress(step)

        self.corrections.apply()
        self.follow(tuple(FOLLOWERS))
        # Merging what was written into few segments waits with the rest.
        self.search.update(progress, settle=derive)
        if not derive:
            return []
        failures = self.derivation.run(told, jobs=jobs)
        if model:
            self.model.run(told, lambda: self.derivation.run(_silent, jobs=jobs))
        return failures

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
                self._update(_silent, give_way=False)
        return check(self, self._database)

    def left_to_do(self) -> list[str]:
        """What waits to be done, as after a run that was cut off, in words; :meth:`update` does it."""
        found = [f"{stage.name} of {due}" for stage, due in self.derivation.all_due()]
        if due := self.search.due():
            found.insert(0, f"search index of {due}")
        told = [f"{what} {'article' if what.endswith(' 1') else 'articles'}" for what in found]
        told += ["corrections of articles"] if self.corrections.due else []
        return told + [f"rulings on {_RULED[kind]}" for kind in self._unfollowed()]

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


FOLLOWERS: Mapping[str, Callable[[Library], object]] = {
    "entity": lambda library: library.entities.follow(),
    "quotation": lambda library: library.quotations.follow(library.articles.by_key),
    "match": lambda library: library.matches.follow(library.rulings),
}
"""By kind of ruling what has the library agree with them; see :mod:`warreader.index.rulings`."""

_RULED = {"entity": "names", "quotation": "quotations", "match": "matches"}


class _Soon:
    """Does something at most once in a while, however often it is called.

    It never takes more than a third of the time: the longer it took, the later it is done again.
    """

    def __init__(self, work: Callable[[], object], seconds: float = 1.0) -> None:
        self._work = work
        self._seconds = seconds
        self._next = time.monotonic() + seconds

    def __call__(self) -> None:
        began = time.monotonic()
        if began >= self._next:
            self._work()
            ended = time.monotonic()
            self._next = ended + max(self._seconds, 2 * (ended - began))


def default_jobs() -> int:
    """How many processes parse pages where nobody says: as many as there are processors, but not more than four."""
    return max(1, min(4, os.cpu_count() or 1))

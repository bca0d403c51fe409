"""Adding to a library, and having all that is derived agree with what is stored, corrected and ruled."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from warreader.index.article import AddReport, Failure, Progress, silent
from warreader.index.errors import LibraryBusyError, LibraryError, ModelError, storage_error
from warreader.index.locking import GAP, GaveWay, WriterLock
from warreader.index.storage import Database, busy

if TYPE_CHECKING:
    from warreader.index.ingest.pieces import Options
    from warreader.index.library import Library

_UPDATING = "updating what is derived"
_DERIVED = "what is derived"
"""What a failure is told of that no file is to blame for."""


def _waiting(progress: Callable[[Progress], None]) -> Callable[[str], None]:
    """Tells who is waited for."""
    return lambda holder: progress(Progress("waiting", detail=holder))


class Upkeep:
    """The long runs of writing of one library; see :class:`warreader.index.library.Library`, whose they are.

    Args:
        library: whose parts are brought up to date.
        database: its ``library.sqlite``.
        lock: held by one run at a time.
    """

    def __init__(self, library: Library, database: Database, lock: WriterLock) -> None:
        self._library = library
        self._database = database
        self._lock = lock
        self._owed = False

    def add(
        self,
        paths: Iterable[Path | str],
        progress: Callable[[Progress], None],
        options: Options | None,
        *,
        jobs: int,
        derive: bool,
        wait: float | None,
    ) -> AddReport:
        """:meth:`.library.Library.add`, where the arguments are told."""
        from warreader.index.ingest.run import Run

        self._library.need_writable()
        gave_way = False
        with self._lock.hold("adding articles", urgent=True, patience=wait, waiting=_waiting(progress)):
            index = _Soon(lambda: self._library.search.update(silent, settle=False, alone=True))
            run = Run(self._database, progress, options, jobs=jobs, pause=index)
            report = run.add(paths)
            try:
                if not report.stopped:
                    with self._told_in(report):
                        report.failures += self._update(progress, derive=derive, jobs=jobs)
            except GaveWay:
                gave_way = True
        if gave_way:
            with self._told_in(report):
                report.failures += self._after_others(progress, jobs=jobs)
        return report

    def remove(
        self,
        article_ids: Collection[str],
        progress: Callable[[Progress], None],
        *,
        jobs: int,
        derive: bool,
        wait: float | None,
    ) -> list[Failure]:
        """:meth:`.library.Library.remove`, where the arguments are told."""
        self._library.need_writable()
        with self._lock.hold("removing articles", urgent=True, patience=wait, waiting=_waiting(progress)):
            with self._database.transaction():
                for article_id in dict.fromkeys(article_ids):
                    self._library.articles.remove(article_id)
                self._library.search.searches.removed()
            return self._update(progress, derive=derive, jobs=jobs, model=False, give_way=False)

    @contextlib.contextmanager
    def _told_in(self, report: AddReport) -> Iterator[None]:
        """What was added is stored by then, and told as ever, whatever becomes of what is derived from it."""
        try:
            yield
        except KeyboardInterrupt:
            report.stopped = True
        except ModelError as error:
            report.failures.append(Failure("names", None, str(error)))
        except LibraryError as error:
            report.failures.append(Failure(_DERIVED, None, str(error)))
        except sqlite3.Error as error:
            told = str(storage_error(self._library.folder, error))
            report.failures.append(Failure(_DERIVED, None, told))

    def update(
        self, progress: Callable[[Progress], None], *, jobs: int, model: bool, wait: float | None
    ) -> list[Failure]:
        """:meth:`.library.Library.update`, where the arguments are told."""
        if self._library.read_only:
            self._library.search.update(progress)
            return []
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

        library = self._library
        problem = self._put_right()
        # Merging what was written into few segments waits with the rest.
        library.search.update(progress, settle=derive)
        if problem is not None:
            # What is stored can be searched; what is derived has to agree with the rulings, and waits for them.
            return [Failure(_DERIVED, None, problem)]
        if not derive:
            return []
        failures = library.derivation.run(told, jobs=jobs)
        if model:
            library.model.run(told, lambda: library.derivation.run(silent, jobs=jobs))
        return failures

    def _put_right(self) -> str | None:
        """Put corrections and rulings into force; says what is wrong with the annotations where they can't be had.

        Raises:
            LibraryBusyError: another process keeps a file locked.
            LibraryError: it can't be put into force for another reason.
        """
        try:
            self._library.corrections.apply()
            self.follow(self._unfollowed())
        except LibraryBusyError:
            raise
        except (LibraryError, sqlite3.Error):
            if (problem := self._wrong_with_annotations()) is None:
                raise
            return problem
        return None

    def _wrong_with_annotations(self) -> str | None:
        try:
            database = self._library.annotations.database
        except LibraryError as error:
            return str(error)
        problems = database.problems()
        return f"{database.path}: {problems[0]}; restore it from a backup" if problems else None

    def repair(self, tell: Callable[[str], None]) -> list[str]:
        """Rebuild what can be rebuilt; of a file that is damaged, what can be read is put in its place.

        Returns:
            What was lost by the damage, in a line.
        """
        from warreader.index.checking import unmake
        from warreader.index.rescuing import can_be_kept, rescue

        library = self._library
        library.need_writable()
        damaged = bool(self._database.problems())
        lost: list[str] = []
        with self._lock.hold("repairing"):
            if damaged:
                # The file is put aside: nobody may have it open, this process neither.
                self._database.close()
                if not can_be_kept(self._database.path).kept:
                    return []
                done = rescue(self._database.path)
                if done.lost:
                    lost.append(done.told)
                else:
                    tell(done.told)
            unmake(self._database)
            if library.search.check():
                library.search.rebuild()
            self._update(silent, give_way=False)
        return lost

    @property
    def behind(self) -> bool:
        """Whether something can be brought up to date."""
        library = self._library
        if library.search.due() > 0 or library.read_only:
            return library.search.due() > 0
        try:
            return library.corrections.due or bool(self._unfollowed()) or library.derivation.behind
        except LibraryBusyError:
            raise
        except (LibraryError, sqlite3.DatabaseError):
            if self._wrong_with_annotations() is None:
                raise
            # Nothing can, until they are back.
            return False

    def left_to_do(self) -> list[str]:
        """What waits to be done, in words."""
        library = self._library
        found = [f"{stage.name} of {due}" for stage, due in library.derivation.all_due()]
        if due := library.search.due():
            found.insert(0, f"search index of {due}")
        told = [f"{what} {'article' if what.endswith(' 1') else 'articles'}" for what in found]
        told += ["corrections of articles"] if library.corrections.due else []
        return told + [f"rulings on {_RULED[kind]}" for kind in self._unfollowed()]

    # What the reader sets right is stored with the annotations; this has the library agree with it.

    def correct(self, article_ids: Collection[str]) -> None:
        """Put corrections of these articles into force."""
        with self._put_off():
            self._library.corrections.apply(article_ids)

    def follow(self, kinds: Collection[str]) -> None:
        """Have what is derived agree with the reader's rulings of these kinds, where they changed."""
        for kind in kinds:
            if kind in FOLLOWERS:
                with self._put_off():
                    FOLLOWERS[kind](self._library)

    def owed(self) -> bool:
        """Whether something was left to an update since this was last asked."""
        owed, self._owed = self._owed, False
        return owed

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
                raise storage_error(self._library.folder, error) from error
            self._owed = True

    def _unfollowed(self) -> list[str]:
        """The kinds of rulings that changed since they were put into force."""
        from warreader.index.rulings.following import Following

        rulings = self._library.rulings
        return [kind for kind in FOLLOWERS if Following(self._database, rulings, kind).due]


def _follow_names(library: Library) -> None:
    library.entities.follow()


def _follow_quotations(library: Library) -> None:
    library.quotations.follow(library.articles.by_key)


def _follow_matches(library: Library) -> None:
    library.matches.follow(library.rulings)


FOLLOWERS: Mapping[str, Callable[[Library], object]] = {
    "entity": _follow_names,
    "quotation": _follow_quotations,
    "match": _follow_matches,
}
"""By kind of ruling what has the library agree with them; see :mod:`warreader.index.rulings`."""

_RULED = {"entity": "names", "quotation": "quotations", "match": "matches"}


class _Soon:
    """Does something at most once in a while, however often it is called.

    The while is one of work, so that a busy machine does it as often for as many articles; on the clock it is
    three times that at most. It never takes more than a third of the work: the longer it took, the later it is
    done again.
    """

    def __init__(self, work: Callable[[], object], seconds: float = 1.0) -> None:
        self._work = work
        self._seconds = seconds
        self._put_off(0.0)

    def _put_off(self, took: float) -> None:
        pause = max(self._seconds, 2 * took)
        self._next = time.process_time() + pause
        self._latest = time.monotonic() + 3 * pause

    def __call__(self) -> None:
        began = time.process_time()
        if began >= self._next or time.monotonic() >= self._latest:
            self._work()
            self._put_off(time.process_time() - began)

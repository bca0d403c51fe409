"""The ingest run, from what a user names to stored articles: stopped or killed anywhere, it goes on when run again."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from warreader.index.article import AddReport, Failure, Progress
from warreader.index.articles import Articles, Incoming, Outcome
from warreader.index.errors import InputError
from warreader.index.ingest import formats
from warreader.index.ingest.inputs import Inputs, Taken, origin_of
from warreader.index.ingest.pieces import (
    LONGEST_LIST,
    Options,
    Piece,
    Source,
    Splitter,
    addresses_in,
    is_address,
)
from warreader.index.ingest.preparing import Crew, Prepared, stumbled
from warreader.index.pace import Pace
from warreader.index.storage import Database

STANDARD_INPUT = "-"

_OTHER_ADDRESS = re.compile(r"[A-Za-z][\w+.-]+:/")
"""How a path begins that was meant as an address, of a kind that isn't fetched."""

Named = Path | str
"""What a user names: a file or folder, an address (``https://...``), or ``-`` for standard input."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a piece comes from: its input, its number there (-1: the input's end), its name, the bytes up to it."""

    source: Source
    taken: Taken | None
    number: int
    name: str
    done: int


_Marked = tuple[_Mark, Piece | Failure | None]


class Run:
    """One run over inputs.

    Args:
        database: the library's.
        progress: told after every piece.
        options: see :class:`Options`.
        jobs: processes at most that parse pages, mails and documents; 1 is this one alone.
        pause: called after every piece that was stored, outside of transactions.
    """

    def __init__(
        self,
        database: Database,
        progress: Callable[[Progress], None],
        options: Options | None = None,
        *,
        jobs: int = 1,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        self.report = AddReport()
        self._database = database
        self._articles = Articles(database)
        self._inputs = Inputs(database)
        self._progress = progress
        self._options = options or Options()
        self._jobs = jobs
        self._pause = pause
        self._skipped = 0

    def add(self, named: Iterable[Named]) -> AddReport:
        """Store every article in the inputs, each piece of an input in one transaction.

        What can't be read is listed in the report; the rest goes on. What is
        stored already is skipped, so that a run that was cut off goes on where
        it was. A keyboard interrupt ends it with what was stored so far.
        """
        try:
            sources = list(self._sources(named))
            pace = Pace(sum(source.size or 0 for source in sources))
            with Crew[_Mark](self._jobs, _may_wait) as crew:
                for mark, prepared in crew.prepared(self._pieces(sources)):
                    self._store(mark, prepared)
                    if mark.number >= 0:
                        self._tell(pace, mark)
                    self._pause()
            self._progress(Progress("add", pace.total, pace.total, stored=self._stored))
        except KeyboardInterrupt:
            self.report.stopped = True
        return self.report

    @property
    def _stored(self) -> int:
        return len(self.report.added) + len(self.report.updated)

    def _tell(self, pace: Pace, mark: _Mark) -> None:
        rate, left = pace.at(mark.done, self._stored, self._skipped)
        detail = _file_name(mark.source.name)
        self._progress(
            Progress("add", mark.done, pace.total, None, detail, stored=self._stored, rate=rate, left=left)
        )

    def _pieces(self, sources: Iterable[Source]) -> Iterator[_Marked]:
        done = 0
        for source in sources:
            taken = self._inputs.taken(source, self._options)
            if taken is not None:
                self.report.duplicates.extend([source.name] * taken.articles)
                self.report.held.extend(self._articles.ids_from(source.origin, taken.articles))
            if taken is not None and taken.complete:
                self._skipped += source.size or 0
            else:
                yield from self._split(source, taken, done)
            done += source.size or 0

    def _split(self, source: Source, taken: Taken | None, done: int) -> Iterator[_Marked]:
        number, passed = -1, done
        try:
            _not_empty(source)
            for number, item in enumerate(_splitter(source)(source, self._options)):
                at = done + item.at if isinstance(item, Piece) else passed
                if taken is not None and not taken.wants(number):
                    self._skipped += at - passed
                    passed = at
                    continue
                place = f", {item.place}" if item.place else ""
                yield _Mark(source, taken, number, f"{item.file}{place}", at), item
        except InputError as error:
            # How far it can be read is not known, so that it is tried again whole the next time.
            failure = Failure(source.name, error.place or _after(number + 1), error.reason)
            yield _Mark(source, None, number + 1, source.name, done), failure
        except OSError as error:
            failure = Failure(source.name, _after(number + 1), _unreadable(error))
            yield _Mark(source, None, number + 1, source.name, done), failure
        except Exception as error:
            # What is made to do harm fails in ways nobody has listed; it must not keep the other inputs out.
            failure = Failure(source.name, _after(number + 1), stumbled(error))
            yield _Mark(source, None, number + 1, source.name, done), failure
        else:
            if taken is not None:
                yield _Mark(source, taken, -1, source.name, done + (source.size or 0)), None

    def _store(self, mark: _Mark, prepared: Prepared) -> None:
        """Store what was made of a piece together with the fact that it was read."""
        failures = [item for item in prepared if isinstance(item, Failure)]
        with self._database.transaction():
            outcomes = [self._articles.store(item) for item in prepared if isinstance(item, Incoming)]
            if mark.taken is not None:
                self._inputs.note(mark.taken, mark.number, len(outcomes), failed=bool(failures))
        self.report.failures.extend(failures)
        for outcome, article_id in outcomes:
            if outcome is Outcome.DUPLICATE:
                self.report.duplicates.append(mark.name)
                self.report.held.append(article_id)
            elif outcome is Outcome.UPDATED:
                self.report.updated.append(article_id)
            else:
                self.report.added.append(article_id)

    # what the user named

    def _sources(self, named: Iterable[Named]) -> Iterator[Source]:
        for name in named:
            if isinstance(name, str) and name == STANDARD_INPUT:
                from warreader.index.ingest.web import standard_input

                yield from self._with_listed(standard_input(sys.stdin.buffer, self._options.form))
            elif isinstance(name, str) and is_address(name):
                from warreader.index.ingest import web

                yield web.source(name)
            else:
                yield from self._files(Path(name))

    def _with_listed(self, source: Source) -> Iterator[Source]:
        """What the user named, or what is at the addresses in it, if it is a text of nothing else."""
        addresses: list[str] = []
        if source.suffix in (".txt", ".text") and self._options.form is None:
            with source.open() as stream:
                addresses = addresses_in(stream.read(LONGEST_LIST + 1))
        if addresses:
            from warreader.index.ingest import web

            yield from map(web.source, addresses)
        else:
            yield source

    def _files(self, path: Path) -> Iterator[Source]:
        try:
            found = path.stat()
            if stat.S_ISDIR(found.st_mode):
                yield from self._files_in(path)
                return
            source = self._file(path, found)
            yield from self._with_listed(replace(source, suffix=self._options.form or _suffix_of(path)))
        except InputError as error:
            self.report.failures.append(Failure(display(path), error.place, error.reason))
        except (OSError, ValueError) as error:
            self.report.failures.append(Failure(display(path), None, _missing(error, path)))

    @staticmethod
    def _file(path: Path, found: os.stat_result) -> Source:
        # A pipe would be waited for, a device read without end.
        if not stat.S_ISREG(found.st_mode):
            raise InputError("not a file but a device, pipe or socket; save its content as a file first")
        suffix = formats.suffix_in(path)
        return Source(display(path), origin_of(path), suffix, lambda: path.open("rb"), found.st_size)

    def _files_in(self, folder: Path) -> Iterator[Source]:
        def unread(error: OSError) -> None:
            path = Path(error.filename or folder)
            self.report.failures.append(Failure(display(path), None, _missing(error, path)))

        def linked(_: Path) -> None:
            self._leave_out("linked folder")

        failed = len(self.report.failures)
        found = 0
        for file in formats.files_under(folder, unread, linked):
            suffix = formats.suffix_in(file)
            if suffix in formats.SPLITTERS:
                found += 1
                yield from self._listed(file)
            else:
                self._leave_out(display(suffix or "no suffix"))
        if not found and len(self.report.failures) == failed:
            reason = f"no articles in this folder; known files are {formats.KNOWN}"
            self.report.failures.append(Failure(display(folder), None, reason))

    def _leave_out(self, kind: str) -> None:
        self.report.left_out[kind] = self.report.left_out.get(kind, 0) + 1

    def _listed(self, file: Path) -> Iterator[Source]:
        try:
            yield self._file(file, file.stat())
        except InputError as error:
            self.report.failures.append(Failure(display(file), error.place, error.reason))
        except (OSError, ValueError) as error:
            self.report.failures.append(Failure(display(file), None, _missing(error, file)))


def _may_wait(mark: _Mark) -> bool:
    """Whether its input has the next piece ready: a pipe may not, and what was read of it can't be read again."""
    return mark.source.size is not None


def _splitter(source: Source) -> Splitter:
    found = formats.splitter(source.suffix)
    if found is None:
        raise InputError(f"{source.suffix or 'such'} files are not read; known are {formats.KNOWN}")
    return found


def _after(pieces: int) -> str | None:
    """How far an input could be read, as a place."""
    return f"after {pieces} {'article' if pieces == 1 else 'articles'}" if pieces else None


def _suffix_of(path: Path) -> str:
    """The suffix of a file that the user named; one whose name says nothing is looked into."""
    suffix = formats.suffix_in(path)
    if suffix in formats.SPLITTERS:
        return suffix
    with path.open("rb") as file:
        found = formats.sniff(file.read(4096))
    # Whatever it is called, it isn't text for lack of anything better.
    return suffix if suffix and found == ".txt" else found


def display(path: Path | str) -> str:
    """A path as text that any stream and database takes, whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


@lru_cache(1)
def _file_name(name: str) -> str:
    """An input's name without its folders; it has many articles, and each is told."""
    return display(Path(name).name)


def _missing(error: OSError | ValueError, path: Path) -> str:
    """Why what was named, or listed, can't be found."""
    if not isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return _unreadable(error)
    try:
        link = path.is_symlink()
    except ValueError:
        link = False
    if link:
        return "a link to what is not there; mend the link or remove it"
    if _OTHER_ADDRESS.match(str(path)):
        return "no file, and of addresses only http:// and https:// ones are read"
    return "no such file or folder; check the path"


def _unreadable(error: OSError) -> str:
    """Why a file that is, or was, there can't be read."""
    if isinstance(error, PermissionError):
        return "can't be read; check its permissions"
    if isinstance(error, FileNotFoundError):
        return "it was there and is no longer; check whether it was moved"
    if error.errno == errno.ELOOP:
        return "a link that leads to itself; mend the link or remove it"
    return f"can't be read ({error.strerror or error}); check the disk, or copy it anew"


def _not_empty(source: Source) -> None:
    if source.size == 0:
        with source.open() as stream:
            if not stream.read(1):
                raise InputError("an empty file, nothing to read in it")

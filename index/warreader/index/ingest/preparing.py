"""From a piece to articles ready to be stored: parsed, lines judged, metadata filled in, here or in other processes."""

from __future__ import annotations

import re
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from types import FrameType
from typing import Generic, TypeVar

from warreader.index.article import Failure, Line, Metadata
from warreader.index.articles import Incoming
from warreader.index.errors import InputError
from warreader.index.ingest import dates, exports, formats, language, line_titles, lines, metadata, outlets
from warreader.index.ingest.pieces import Piece, Raw, filled
from warreader.index.pool import begun, spawning, starting

LIMIT_SECONDS = 60.0
"""How long one piece may be worked on."""

LIGHT = frozenset({"plain", "markdown", "record"})
"""Forms that cost less to parse than to hand to another process."""

EXPORTED = frozenset({"plain", "html", "pdf", "docx", "rtf"})
"""Forms in which news archives export many articles at once."""

TOGETHER, _TOGETHER_BYTES = 32, 1 << 18
"""Light pieces, and bytes of them, that are prepared in a row before the first of them is stored.

What prepares them is much code, and what stores them is other code: by turns, each finds the processor's caches full
of the other, and adding takes a twentieth longer."""

_FEW = 8
"""Heavy pieces that come before other processes are started for them."""

_LONGEST = 2000
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]+")

Prepared = list[Incoming | Failure]
_Mark = TypeVar("_Mark")
_Item = Piece | Failure | None


def prepare(piece: Piece) -> Prepared:
    """The articles of a piece. What can't be read is a failure; nothing is raised."""
    found: Prepared = []
    try:
        with _alarm.limited():
            for raw in _raws(piece):
                found.append(_incoming(piece, raw, lines.classify(raw.text, raw.kinds)))
    except InputError as error:
        found.append(piece.failure(error))
    except _TooLong:
        reason = f"took longer than {LIMIT_SECONDS:.0f} seconds to read; convert it to text first"
        found.append(Failure(piece.file, piece.place, reason))
    except Exception as error:
        # Parsers of broken files fail in ways nobody has listed; one file's must not end the run.
        found.append(Failure(piece.file, piece.place, stumbled(error)))
    return found


def stumbled(error: Exception) -> str:
    """Why what made a reader fail, in a way that it doesn't know of, was not read."""
    told = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return f"can't be read ({told}); convert it to text first"


def prepare_all(pieces: Sequence[Piece]) -> list[Prepared]:
    """The same for several pieces, step by step: what does a step is at hand for all of them."""
    try:
        with _alarm.limited():
            raws = [(piece, list(_raws(piece))) for piece in pieces]
            judged = iter(lines.classify_all([(raw.text, raw.kinds) for _, found in raws for raw in found]))
            return [[_incoming(piece, raw, next(judged)) for raw in found] for piece, found in raws]
    except (_TooLong, Exception):
        # One by one it shows which is to blame.
        return list(map(prepare, pieces))


def _raws(piece: Piece) -> Iterator[Raw]:
    for raw in formats.parser(piece.form)(piece):
        yield from exports.parted(raw) if piece.form in EXPORTED else (raw,)


def _incoming(piece: Piece, raw: Raw, judged: Sequence[Line]) -> Incoming:
    judged = line_titles.by_title(raw.text, judged, raw.meta.title, raw.kinds)
    stated = metadata.metadata(raw.text, judged)
    meta = filled(_cleaned(raw.meta), _cleaned(stated), _cleaned(piece.hints))
    if meta.agency and meta.outlet and outlets.bare_words(meta.agency) in outlets.bare_words(meta.outlet):
        meta = replace(meta, agency=None)
    if not meta.title:
        meta = replace(meta, title=metadata.fallback_title(raw.text, judged))
    if not meta.date and meta.url:
        meta = replace(meta, date=dates.day_in_address(meta.url))
    spoken = language.confirmed(meta.language, raw.text) if meta.language else language.detect(raw.text)
    if spoken != meta.language:
        meta = replace(meta, language=spoken)
    source = f"{piece.origin}#{raw.id}" if raw.stated_id else piece.origin
    return Incoming(raw.id, raw.text, judged, meta, source, raw.stated_id)


def _cleaned(meta: Metadata) -> Metadata:
    """Values on one line, of a length that lists can show, without what could steer a terminal."""
    changed = {}
    for name in Metadata.__slots__:
        value = getattr(meta, name)
        if value is not None:
            clean = " ".join(_CONTROL.sub(" ", value).split())[:_LONGEST] or None
            if clean != value:
                changed[name] = clean
    return replace(meta, **changed) if changed else meta


class _TooLong(BaseException):
    """Not an ``Exception``: libraries catch those on the way out."""


class _Alarm:
    """Breaks off what takes too long, where the system and the thread allow it."""

    def __init__(self) -> None:
        self._hung = False

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Be ready: that takes as long as many a piece is parsed in, so it is done once for many."""
        if self._hung or not _can_ring():
            yield
            return

        def ring(_: int, __: FrameType | None) -> None:
            raise _TooLong

        before = signal.signal(signal.SIGALRM, ring)
        self._hung = True
        try:
            yield
        finally:
            self._hung = False
            signal.signal(signal.SIGALRM, before)

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Break off after :data:`LIMIT_SECONDS`."""
        if not _can_ring():
            yield
            return
        with nullcontext() if self._hung else self.hung():
            signal.setitimer(signal.ITIMER_REAL, LIMIT_SECONDS)
            try:
                yield
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)


def _can_ring() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


_alarm = _Alarm()


@dataclass(slots=True)
class _Waiting(Generic[_Mark]):
    """An item whose turn to be stored has not come."""

    mark: _Mark
    item: _Item
    future: Future[Prepared] | None
    alone: bool = False

    @property
    def ready(self) -> bool:
        return self.alone or self.future is None or self.future.done()


class Crew(Generic[_Mark]):
    """Prepares pieces in the order in which they come, the heavy ones in up to ``jobs`` processes.

    A piece at which a process dies is tried once more on its own; if it kills
    that too, it is a failure and the others go on.

    Args:
        jobs: how many processes.
        patient: tells by its mark whether a light piece may wait for others, to be prepared in a row with them;
            not one that came through a pipe, on which the next may be long in coming.
    """

    def __init__(self, jobs: int, patient: Callable[[_Mark], bool] = lambda _: True) -> None:
        self._jobs = jobs
        self._patient = patient
        self._heavy = 0
        self._pool: ProcessPoolExecutor | None = None
        self._ready = ExitStack()

    def __enter__(self) -> Crew[_Mark]:
        self._ready.enter_context(_alarm.hung())
        return self

    def __exit__(self, *_: object) -> None:
        with self._ready:
            self._dismiss()

    def prepared(self, items: Iterable[tuple[_Mark, _Item]]) -> Iterator[tuple[_Mark, Prepared]]:
        """For each item, with its mark, what was made of it; of ``None``, nothing."""
        waiting: deque[_Waiting[_Mark]] = deque()
        for row in self._rows(items):
            if len(row) > 1 and not waiting:
                pieces = [item for _, item in row if isinstance(item, Piece)]
                yield from zip((mark for mark, _ in row), prepare_all(pieces), strict=True)
                continue
            for mark, item in row:
                waiting.append(_Waiting(mark, item, self._hand_over(item)))
            while waiting and (waiting[0].ready or len(waiting) > 4 * self._jobs):
                yield waiting[0].mark, self._take(waiting)
        while waiting:
            yield waiting[0].mark, self._take(waiting)

    def _rows(self, items: Iterable[tuple[_Mark, _Item]]) -> Iterator[list[tuple[_Mark, _Item]]]:
        """The items, in order: light pieces some together, all others one by one."""
        row: list[tuple[_Mark, _Item]] = []
        room = _TOGETHER_BYTES
        for mark, item in items:
            light = isinstance(item, Piece) and item.form in LIGHT and self._patient(mark)
            if row and not light:
                yield row
                row, room = [], _TOGETHER_BYTES
            row.append((mark, item))
            room -= len(item.data) if isinstance(item, Piece) else 0
            if not light or len(row) >= TOGETHER or room <= 0:
                yield row
                row, room = [], _TOGETHER_BYTES
        if row:
            yield row

    def _hand_over(self, item: _Item) -> Future[Prepared] | None:
        if not isinstance(item, Piece) or item.form in LIGHT or self._jobs < 2:
            return None
        self._heavy += 1
        if self._heavy <= _FEW:
            return None
        if self._pool is None:
            self._pool = _pool(self._jobs)
        try:
            with starting():
                return self._pool.submit(prepare, item)
        except BrokenProcessPool:
            return None

    def _take(self, waiting: deque[_Waiting[_Mark]]) -> Prepared:
        first = waiting.popleft()
        if not isinstance(first.item, Piece):
            return [] if first.item is None else [first.item]
        if first.alone:
            return _alone(first.item)
        if first.future is None:
            return prepare(first.item)
        try:
            return first.future.result()
        except BrokenProcessPool:
            # Whichever piece it was: all that were handed over are done again, each by itself.
            self._dismiss()
            for lost in waiting:
                lost.alone = lost.future is not None
            return _alone(first.item)

    def _dismiss(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _alone(piece: Piece) -> Prepared:
    with _pool(1) as pool:
        try:
            with starting():
                result = pool.submit(prepare, piece)
            return result.result()
        except BrokenProcessPool:
            reason = "reading it ended the process; the file is damaged, or made to do harm"
            return [Failure(piece.file, piece.place, reason)]


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Renewed now and then: libraries in C leak.
    return ProcessPoolExecutor(jobs, mp_context=spawning(), initializer=begun, max_tasks_per_child=2000)

"""Other processes that prepare articles for a stage, while this one stores what they made."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.context import BaseContext
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from warreader.index.articles import Articles
    from warreader.index.derive import Made, SplitStage
    from warreader.index.storage import Database

TOGETHER = 24
"""Articles handed over at a time."""

AHEAD = 3
"""Hand-overs a process that may wait to be stored."""

NICENESS = 10

_HANGUP = getattr(signal, "SIGHUP", None)
"""Sent as the terminal is closed, where there is such a signal."""

_ENDING = (signal.SIGINT, signal.SIGTERM, *([_HANGUP] if _HANGUP else []))
_CAN_BLOCK = hasattr(signal, "pthread_sigmask")


def prepared(
    stage: type[SplitStage], path: Path, context: Any, keys: Sequence[int], jobs: int
) -> Iterator[tuple[int, Made | None]]:
    """For each article (key), in order, what the stage prepared of it.

    ``None`` in its place: the processes died, as of too little memory; the caller does it itself.
    """
    pool = ProcessPoolExecutor(
        jobs,
        mp_context=spawning(),
        initializer=_start,
        initargs=(stage, str(path), context),
    )
    parts = [keys[at : at + TOGETHER] for at in range(0, len(keys), TOGETHER)]
    waiting: deque[tuple[Sequence[int], Future[list[Made]] | None]] = deque()
    try:
        for part in parts:
            waiting.append((part, _submit(pool, part)))
            if len(waiting) > AHEAD * jobs:
                yield from _taken(*waiting.popleft())
        while waiting:
            yield from _taken(*waiting.popleft())
    finally:
        # Whoever stops listening waits for no more than what is in hand.
        pool.shutdown(wait=True, cancel_futures=True)


def spawning() -> BaseContext:
    """How processes of a pool are started: anew, as a fork would inherit open databases.

    They, and those they start, look for no modules in the folder they are in: it may be one of articles that somebody
    else put together, and a ``json.py`` among them would be run. Each computes in one thread: there are as many
    processes as there is work for, and small products of matrices cost more shared than alone.
    """
    os.environ["PYTHONSAFEPATH"] = "1"
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return get_context("spawn")


def _submit(pool: ProcessPoolExecutor, part: Sequence[int]) -> Future[list[Made]] | None:
    try:
        with starting():
            return pool.submit(_prepare, part)
    except BrokenProcessPool:
        return None


def _taken(part: Sequence[int], future: Future[list[Made]] | None) -> Iterator[tuple[int, Made | None]]:
    made: Sequence[Made | None] = [None] * len(part)
    if future is not None:
        with suppress(BrokenProcessPool):
            made = future.result()
    yield from zip(part, made, strict=True)


_database: Database
_stage: SplitStage
_articles: Articles
_context: Any


def _start(stage: type[SplitStage], path: str, context: Any) -> None:
    """In a new process: open the database, for reading."""
    global _database, _stage, _articles, _context
    begun()
    with suppress(OSError, AttributeError):
        os.nice(max(0, NICENESS - os.nice(0)))
    from warreader.index.articles import Articles
    from warreader.index.schema import LIBRARY_MIGRATIONS
    from warreader.index.storage import Database

    database = Database(Path(path), LIBRARY_MIGRATIONS)
    made = stage(database)  # type: ignore[call-arg]
    _database, _stage, _articles, _context = database, made, Articles(database), context


@contextmanager
def starting() -> Iterator[None]:
    """While a pool may start processes: ctrl+c, SIGTERM and SIGHUP wait until they have started.

    One that is cut off half started tells its end at length on the screen.
    """
    asked: list[int] = []

    def later(signum: int, _: FrameType | None) -> None:
        asked.append(signum)

    handlers = {}
    if threading.current_thread() is threading.main_thread():
        handlers = {one: signal.signal(one, later) for one in _ENDING}
    # A process inherits what its starter blocks: ctrl+c at the terminal reaches it as well. To start Python's
    # own process, that keeps track of what is shared, would lift it.
    resource_tracker.ensure_running()
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING) if _CAN_BLOCK else None
    try:
        yield
    finally:
        if blocked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for one, handler in handlers.items():
            signal.signal(one, handler)
        for signum in asked:
            signal.raise_signal(signum)


def begun() -> None:
    """In a process that a pool has started: leave what the terminal sends to who began it, and end with that one."""
    for one in (signal.SIGINT, _HANGUP):
        if one is not None:
            signal.signal(one, signal.SIG_IGN)
    if _CAN_BLOCK:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # One that is killed can't say so, and the pool's processes would wait for work for ever.
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _prepare(keys: Sequence[int]) -> list[Made]:
    from warreader.index.derive import prepare

    return [prepare(_database, _stage, key, _articles.by_key, _context)[1] for key in keys]

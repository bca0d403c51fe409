"""The lock of what writes for long: one process at a time, and adding goes before deriving."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from warreader.index.errors import LibraryBusyError

if TYPE_CHECKING:
    from filelock import FileLock

LOCK_SECONDS = 20.0
"""How long a second writer waits before it says who holds the library."""

GAP = 1.0
"""Seconds for which one that gives way leaves the library to others before it waits for it again."""

_ASK = 0.5
_LOOK = 0.2
_POLL = 0.05
_ANOTHER = "another process"


class GaveWay(BaseException):
    """Somebody waits to add: what derives is to stop where it stands. No part may take it for a fault of its own."""


class WriterLock:
    """The lock of one library folder.

    Args:
        folder: the library's; ``writer.lock`` is the lock, ``writer.txt`` says who holds it, ``waiting.txt``
            that somebody waits to add.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._holder = folder / "writer.txt"
        self._waiting = folder / "waiting.txt"
        self._next = 0.0

    @contextmanager
    def hold(
        self,
        what: str,
        *,
        urgent: bool = False,
        patience: float | None = -1.0,
        waiting: Callable[[str], None] = lambda _: None,
    ) -> Iterator[None]:
        """Hold the library for a long run of writing.

        Args:
            what: is being done, for those who wait.
            urgent: ask one that derives to give way.
            patience: seconds to wait at most; ``None`` waits for ever, a negative number :data:`LOCK_SECONDS`.
            waiting: told, again and again while another holds it, who does.

        Raises:
            LibraryBusyError: it is still held after that; the message says by whom.
        """
        from filelock import FileLock

        lock = FileLock(self._folder / "writer.lock")
        patience = LOCK_SECONDS if patience is not None and patience < 0 else patience
        self._acquire(lock, urgent, patience, waiting)
        try:
            self._holder.write_text(f"process {os.getpid()} ({what})\n{time.time():.0f}\n", "utf-8")
            yield
        finally:
            self._holder.unlink(missing_ok=True)
            lock.release()

    def _acquire(
        self, lock: FileLock, urgent: bool, patience: float | None, waiting: Callable[[str], None]
    ) -> None:
        from filelock import Timeout

        until = None if patience is None else time.monotonic() + patience
        while True:
            # At once where it can be had: asking costs the other a second.
            with contextlib.suppress(Timeout):
                lock.acquire(timeout=0.0)
                return
            left = _ASK if until is None else min(_ASK, until - time.monotonic())
            if left <= 0:
                raise LibraryBusyError(
                    f"{self._folder}: in use by {self.holder()}; wait until it is done or stop it"
                )
            waiting(self.holder())
            with self._asking() if urgent else contextlib.nullcontext(), contextlib.suppress(Timeout):
                lock.acquire(timeout=left, poll_interval=_POLL)
                return

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with contextlib.suppress(OSError):
            self._waiting.write_text(f"{os.getpid()}\n", "utf-8")
        try:
            yield
        finally:
            self._waiting.unlink(missing_ok=True)

    def holder(self) -> str:
        """Who holds the library and since when, as it wrote down itself."""
        try:
            who, _, since = self._holder.read_text("utf-8", "replace").strip().partition("\n")
        except OSError:
            return _ANOTHER
        with contextlib.suppress(ValueError, OverflowError, OSError):
            began = datetime.fromtimestamp(int(since), UTC).astimezone()
            today = began.date() == datetime.now(UTC).astimezone().date()
            return f"{who or _ANOTHER} since {began:{'%H:%M' if today else '%Y-%m-%d %H:%M'}}"
        return who or _ANOTHER

    def give_way(self) -> None:
        """To be called often by one that derives.

        Raises:
            GaveWay: somebody waits to add.
        """
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _LOOK
        with contextlib.suppress(FileNotFoundError):
            self._waiting.unlink()
            raise GaveWay

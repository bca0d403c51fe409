"""Gestures: what the reader does that is stored with the annotations. In order, off the event loop, told if it fails.

A gesture is written in a thread, then shown on the event loop. What follows from it in the library (of corrections
and rulings: it may take long, or wait for a run of adding) comes after it in another thread, also in order, so
that a mark never waits for that.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from textual.timer import Timer

from warreader.index.api import WarreaderError
from warreader.tui.threads import InTurn, Told
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.tui.screens.reader import ReaderScreen

_T = TypeVar("_T")
_HOLD = 1.0
"""Seconds that keys wait for what is being written: what they mean may follow from it."""
_LATE = 0.4
"""Seconds after which it is told that writing takes long."""
_PARTING = 5.0
"""Seconds that a reader who is ended from without waits for what is being written."""
_WAITING = "waiting to write: another process is writing to the annotations"


def in_one_line(error: Exception) -> str:
    """What the reader is told of an error."""
    return plain(str(error) or type(error).__name__, 200)


class Gestures:
    """Writes the reader's gestures one after the other, and has them shown."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self._writing = InTurn(screen)
        self._following = InTurn(screen)
        self._waiting = 0
        self._idle = asyncio.Event()
        self._held_until = 0.0
        self._late: Timer | None = None
        self.missed = 0

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._waiting > 0

    def refuses(self) -> bool:
        """Whether it isn't clear yet what a gesture means, as that may follow from what is being written; told."""
        if self.busy:
            self._screen.say(f"not yet: still {_WAITING}")
        return self.busy

    def write(
        self,
        work: Callable[[], _T],
        done: Callable[[_T], object],
        missed: Callable[[Exception], object] | None = None,
        *,
        slow: bool = False,
    ) -> None:
        """Write after what was asked for before; what goes wrong is told in one line.

        Args:
            work: writes, in a thread; raises WarreaderError or ValueError where it can't.
            done: shows what came of it, on the event loop, when what follows from it is in force.
            missed: puts back what the reader typed or selected.
            slow: it takes long by nature, and tells of itself.
        """
        if not self.busy and not slow:
            self._held_until = time.monotonic() + _HOLD
            self._late = self._screen.set_timer(_LATE, self._tell_late)
        self._waiting += 1
        self._writing.do(partial(self._write, work, done, missed))

    def _write(
        self,
        work: Callable[[], _T],
        done: Callable[[_T], object],
        missed: Callable[[Exception], object] | None,
    ) -> None:
        history = self._screen.library.annotations.line_of_gestures
        try:
            with history.telling_later() as later:
                result = work()
        except (WarreaderError, ValueError, sqlite3.Error) as error:
            self._back(self._miss, error, missed)
        except Exception as error:
            self._back(self._miss, error, missed)
            raise
        else:
            self._back(self._written, partial(done, result), later)

    def _written(self, shown: Callable[[], object], later: list[Callable[[], None]]) -> None:
        try:
            if later:
                self._following.do(partial(self._follow, shown, later))
            else:
                shown()
        finally:
            self._end()

    def _follow(self, shown: Callable[[], object], later: list[Callable[[], None]]) -> None:
        try:
            for tell in later:
                tell()
        finally:
            # It is stored, whatever became of the rest.
            self._back(shown)

    def _miss(self, error: Exception, missed: Callable[[Exception], object] | None) -> None:
        self.missed += 1
        try:
            self._screen.say(in_one_line(error))
            if missed is not None:
                missed(error)
        finally:
            self._end()

    def _end(self) -> None:
        self._waiting -= 1
        if not self.busy:
            self._idle.set()
            if self._late is not None:
                self._late.stop()
                self._late = None
            self._screen.set_writing("")

    def _tell_late(self) -> None:
        if self.busy:
            self._screen.set_writing(_WAITING)

    def parting(self) -> None:
        """Say that the reader is left when all is written."""
        if self._late is not None:
            self._late.stop()
        self._screen.set_writing("writing what you did last; then the reader is left")

    def _back(self, work: Callable[..., object], *args: object) -> None:
        """Go on on the event loop. It is not waited for: what is written next is not to wait for the screen."""

        def guarded() -> None:
            try:
                work(*args)
            except Exception as error:
                if self._screen.app.is_running:
                    cast(Told, self._screen.app).fault(error)

        self._screen.call_later(guarded)

    @property
    def holds(self) -> bool:
        """Whether keys wait for what is being written: no longer than that takes where nothing is in its way."""
        return self.busy and time.monotonic() < self._held_until

    async def finished(self) -> None:
        """Wait until all is written, or has failed to be."""
        while self.busy:
            self._idle.clear()
            await self._idle.wait()

    def flush(self) -> None:
        """Wait a while for what is being written, from a thread that is not the event loop's."""
        self._writing.finish(_PARTING)

    def close(self) -> None:
        """Begin nothing any more."""
        self._writing.close()
        self._following.close()

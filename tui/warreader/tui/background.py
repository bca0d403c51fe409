"""The long work of one library: one process at a time, what is asked for meanwhile in its turn."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warreader.tui import jobs

if TYPE_CHECKING:
    from textual.app import App

REMOVE = "--remove"
"""Before the ids of articles, as the inputs of a run that takes them out."""

_PAUSE, _LONGEST = 5.0, 120.0
"""Seconds after which what another process kept from being done is tried again: at first, and at most."""


class Background:
    """Adds inputs, takes articles out, and derives what is due, in processes of their own.

    Args:
        app: runs the work on its event loop.
        folder: the library.
        heard: called with every object that a process prints.
        idle: called when nothing is left to do.
        fault: told of what nobody foresaw; the reader goes on without that run.
        read_only: the library is only read.
    """

    def __init__(
        self,
        app: App[Any],
        folder: Path,
        heard: Callable[[dict[str, Any]], None],
        idle: Callable[[], None],
        fault: Callable[[Exception], None],
        *,
        read_only: bool = False,
    ) -> None:
        self._app = app
        self._folder = folder
        self._heard = heard
        self._idle = idle
        self._fault = fault
        self._always = ["--read-only"] if read_only else []
        self._waiting: list[list[str]] = []
        self._due = False
        self._running = False
        self._in_hand: list[str] = []
        """What is being added or taken out; empty while a run only derives, which may be cut off."""
        self._refused = False
        self._pause = _PAUSE
        self._stop = asyncio.Event()

    @property
    def adding(self) -> bool:
        """Whether inputs are being added, or wait to be."""
        return any(map(_adds, (self._in_hand, *self._waiting)))

    def add(self, inputs: Sequence[str]) -> None:
        """Add inputs: paths, addresses, or ``--seeds``. What is being derived goes on after them."""
        self._ask(list(inputs))

    def remove(self, article_ids: Sequence[str]) -> None:
        """Take articles out. What is being derived goes on after it; what is being added is added before."""
        self._ask([REMOVE, *article_ids])

    def _ask(self, inputs: list[str]) -> None:
        self._waiting.append(inputs)
        if self._running and not self._in_hand:
            self._due = True
            self._stop.set()
        self._start()

    def update(self) -> None:
        """Derive what is due."""
        self._due = True
        self._start()

    def stop_adding(self) -> bool:
        """Stop adding; what was stored stays, and is analysed. False if nothing is being added."""
        if not self.adding:
            return False
        self._waiting = [one for one in self._waiting if not _adds(one)]
        if _adds(self._in_hand):
            self._due = True
            self._stop.set()
        return True

    def _start(self) -> None:
        if not self._running:
            self._running = True
            self._app.run_worker(self._work(), group="job")

    async def _work(self) -> None:
        try:
            while self._waiting or self._due:
                inputs = self._waiting.pop(0) if self._waiting else []
                # Every run derives at its end what is due by then.
                self._due = self._refused = False
                self._in_hand = inputs
                self._stop.clear()
                try:
                    await jobs.run(self._folder, inputs or self._always, self._take, self._stop)
                except Exception as error:
                    self._fault(error)
                await self._again(inputs)
        finally:
            self._running = False
            self._in_hand = []
            with contextlib.suppress(Exception):
                self._idle()

    async def _again(self, inputs: list[str]) -> None:
        """Where another process kept a run from being done, have it done once more, after a while."""
        if not self._refused or self._stop.is_set():
            self._pause = _PAUSE
            return
        if self._in_hand:
            self._waiting.insert(0, inputs)
        self._due, self._in_hand = True, []
        self._heard({"stage": "waiting", "done": 0, "total": 0})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), self._pause)
        self._pause = min(2 * self._pause, _LONGEST)

    def _take(self, value: dict[str, Any]) -> None:
        if value.get("busy"):
            self._refused = True
            return
        if "report" in value or "removed" in value:
            # From here on the process only derives, which can be done later.
            self._in_hand = []
        self._heard(value)


def _adds(inputs: Sequence[str]) -> bool:
    """Whether a run with these inputs adds."""
    return bool(inputs) and inputs[0] != REMOVE

"""Keys in the order they were pressed, however fast: each is obeyed when those before it have had their effect.

Textual hands a key to what has the focus when it comes, through a queue of each widget, of each widget above it and
of the app; what a key leads to (text submitted, a dialogue opened, an answer from a thread) comes by the same queues
later. Of keys typed ahead, or sent at once by a terminal or another program, the later ones would overtake that: into
the field that was to be left, or as commands into the text behind a dialogue that was still to come. Here they wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import weakref
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump
from textual.screen import Screen

Pressed = events.Key | events.Paste

PATIENCE = 2.0
"""Seconds that keys wait for what an earlier one began, counted from that one: then they are obeyed all the same."""
_HASTE = 0.4
"""Seconds that ``escape`` waits: it is what gives up something that takes long."""
_STEP = 0.05
"""Seconds after which a queue that does not move is left to itself for the moment."""
_LOOK = 0.004
"""Seconds between two looks whether what is waited for has come."""


class InOrder:
    """Holds keys and pastes back until it is clear what they are meant for.

    Args:
        app: its screens are looked at.
        obey: does what a key means; it is called from the app's own queue.
        waits_for: what has to come before a key can be obeyed; the same things are the same values.
    """

    def __init__(
        self,
        app: App[Any],
        obey: Callable[[Pressed], Awaitable[None]],
        waits_for: Callable[[Pressed], Iterable[Hashable]],
    ) -> None:
        self._app = app
        self._obey = obey
        self._waits_for = waits_for
        self._held: deque[Pressed] = deque()
        self._going: asyncio.Task[None] | None = None
        self._open = False
        self._began = 0.0
        self._handed_on = False
        self._known: weakref.WeakSet[Screen[Any]] = weakref.WeakSet()
        self._given_up: set[Hashable] = set()

    @property
    def idle(self) -> bool:
        """Whether no key waits."""
        return not self._held and self._going is None

    def open(self) -> None:
        """Begin to obey: the first screen is there."""
        self._open = True
        self._known.add(self._app.screen)
        self._go_on()

    def close(self) -> None:
        """Obey nothing any more."""
        self._held.clear()
        if self._going is not None:
            self._going.cancel()

    async def take(self, pressed: Pressed) -> None:
        """Obey a key: at once where nothing is under way. Called from the app's own queue."""
        if self._open and self.idle and not self._moving() and not self._awaited(pressed):
            await self._do(pressed)
        else:
            self._held.append(pressed)
            self._go_on()

    async def _do(self, pressed: Pressed) -> None:
        self._began = time.monotonic()
        self._handed_on = False
        try:
            await self._obey(pressed)
        finally:
            # One that was not obeyed there and then goes up through all queues, and back to the app.
            self._handed_on = pressed.is_forwarded

    def _go_on(self) -> None:
        if self._open and self._held and self._going is None:
            self._going = asyncio.get_running_loop().create_task(self._obey_held())

    async def _obey_held(self) -> None:
        try:
            while self._held:
                await self._settled(self._held[0])
                done = asyncio.Event()
                if not self._app.call_later(self._next, done):
                    return
                await done.wait()
        except ScreenStackError:
            # The app ends.
            self._held.clear()
        finally:
            self._going = None

    async def _next(self, done: asyncio.Event) -> None:
        try:
            if self._held:
                await self._do(self._held.popleft())
        finally:
            done.set()

    # what is under way

    async def _settled(self, pressed: Pressed) -> None:
        """Wait for what earlier keys began, not for ever."""
        hasty = isinstance(pressed, events.Key) and pressed.key == "escape"
        until = self._began + (_HASTE if hasty else PATIENCE)
        still = 0
        while still < 2:
            awaited = self._awaited(pressed)
            if time.monotonic() > until:
                self._given_up.update(awaited)
                return
            if awaited:
                still = 0
                await asyncio.sleep(_LOOK)
                continue
            await self._pass()
            still = 0 if self._moving() or self._awaited(pressed) else still + 1

    def _awaited(self, pressed: Pressed) -> list[Hashable]:
        waits = list(self._waits_for(pressed))
        self._given_up.intersection_update(waits)
        return [one for one in waits if one not in self._given_up]

    def _moving(self) -> bool:
        """Whether a screen is new, or a message still to be handled."""
        screen = self._app.screen
        return (
            screen not in self._known
            or (self._handed_on and self._app.message_queue_size > 0)
            or any(node.message_queue_size for node in screen.walk_children(with_self=True))
        )

    async def _pass(self) -> None:
        """Go once the way of a key: from what has the focus up through the screen to the app."""
        screen = self._app.screen
        for node in self._way(screen):
            await _handled(node.call_later)
        if screen is self._app.screen and screen not in self._known:
            # What it does about its focus when it is shown.
            await _handled(screen.call_after_refresh)
            self._known.add(screen)
        self._handed_on = False

    def _way(self, screen: Screen[Any]) -> Iterator[MessagePump]:
        if screen.focused is not None:
            yield from (node for node in screen.focused.ancestors_with_self if node is not self._app)
        else:
            yield screen
        yield self._app


async def _handled(post: Callable[[Callable[[], None]], bool]) -> None:
    """Wait until a queue has come so far; one that is closed, or stands still, is not waited for."""
    reached = asyncio.Event()
    if post(reached.set):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STEP):
                await reached.wait()

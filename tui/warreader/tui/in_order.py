"""Keys in the order they were pressed, however fast: each is obeyed when those before it have had their effect.

Textual hands a key to what has the focus when it comes, through a queue of each widget, of each widget above it and
of the app; what a key leads to (text submitted, a dialogue opened, an answer from a thread) comes by the same queues
later. Of keys typed ahead, or sent at once by a terminal or another program, the later ones would overtake that: into
the field that was to be left, or as commands into the text behind a dialogue that was still to come. Here they wait:
for what is being opened as long as that takes, for a queue that does not move a while. Who does not want to wait
presses ``escape``: what was typed for a thing that is given up is forgotten, never obeyed elsewhere.
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

from warreader.tui.keyboard import apart

Pressed = events.Key | events.Paste

PATIENCE = 2.0
"""Seconds that keys wait for messages to be handled: then they are obeyed all the same. What is being opened is waited
for without end."""
_HASTE = 0.4
"""Seconds that ``escape`` waits: it is what gives up something that takes long."""
_WAY_OUT = frozenset({"escape", "ctrl+c", "ctrl+q"})
"""What is pressed by someone who does not want to wait."""
_LATE = 1.0
"""Seconds after which it is told that keys wait."""
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
        forget: called with what is no longer waited for: it is not to open any more.
        tell: called with the number of keys that wait, when that takes long.
    """

    def __init__(
        self,
        app: App[Any],
        obey: Callable[[Pressed], Awaitable[None]],
        waits_for: Callable[[Pressed], Iterable[Hashable]],
        forget: Callable[[Iterable[Hashable]], None] = lambda _: None,
        tell: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._app = app
        self._obey = obey
        self._waits_for = waits_for
        self._forget = forget
        self._tell = tell
        self._held: deque[Pressed] = deque()
        self._going: asyncio.Task[None] | None = None
        self._open = False
        self._began = 0.0
        self._last = 0.0
        self._handed_on = False
        self._known: weakref.WeakSet[Screen[Any]] = weakref.WeakSet()
        self._given_up: set[Hashable] = set()

    @property
    def idle(self) -> bool:
        """Whether no key waits."""
        return not self._held and self._going is None

    def quiet(self, seconds: float) -> bool:
        """Whether keys are obeyed, none waits, and none came for so many seconds."""
        return self._open and self.idle and time.monotonic() - self._last > seconds

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

    def before_all(self, pressed: Iterable[Pressed]) -> None:
        """Obey these before any that wait: what is obeyed just now turned out to be more than one."""
        self._held.extendleft(reversed(list(pressed)))
        self._go_on()

    async def take(self, pressed: Pressed) -> None:
        """Obey a key: at once where nothing is under way. Called from the app's own queue."""
        self._last = time.monotonic()
        if self._open and self.idle and not self._moving() and not self._awaited(pressed):
            await self._do(pressed)
        else:
            if self._leads_out(pressed) and self._waited:
                self._held.clear()
            self._held.append(pressed)
            self._go_on()

    @property
    def _waited(self) -> bool:
        """Whether keys wait for something that takes long: they are typed for what is not there."""
        since = time.monotonic() - self._began
        return bool(self._held) and since > _HASTE and bool(self._awaited(self._held[0]))

    @staticmethod
    def _leads_out(pressed: Pressed) -> bool:
        return isinstance(pressed, events.Key) and (pressed.key in _WAY_OUT or bool(apart(pressed)))

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
        """Wait for what earlier keys began."""
        still, moving, told = 0, 0.0, False
        while still < 2:
            looked = time.monotonic()
            if awaited := self._awaited(pressed):
                first = self._held[0] if self._held else pressed
                if first is not pressed or (self._leads_out(pressed) and looked - self._began > _HASTE):
                    # Who pressed it does not want to wait: for this, and what was typed for it, is gone.
                    self._given_up.update(awaited)
                    self._forget(awaited)
                    return
                if not told and looked - self._began > _LATE:
                    told = True
                    self._tell(len(self._held))
                still = 0
                await asyncio.sleep(_LOOK)
                continue
            await self._pass()
            still = 0 if self._moving() or self._awaited(pressed) else still + 1
            # Of a time in which nothing could move not all counts.
            moving += min(time.monotonic() - looked, 2 * _STEP)
            if moving > PATIENCE:
                return

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

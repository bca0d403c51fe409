"""What is pressed: the command that it means where the focus is, what has to come before, and who does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.dom import DOMNode
from textual.timer import Timer
from textual.widgets import Input, TextArea
from textual.worker import Worker

from warreader.tui.commands import Command, shown
from warreader.tui.in_order import InOrder, Pressed
from warreader.tui.keyboard import apart
from warreader.tui.keys import Keys
from warreader.tui.memory import BREATH, Garbage
from warreader.tui.screens.modal import Modal
from warreader.tui.screens.reader import ReaderScreen
from warreader.tui.screens.travel import PAGE
from warreader.tui.threads import forget, opening
from warreader.tui.widgets.lists import Rows
from warreader.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from warreader.tui.app import WarreaderApp

_PASSING = frozenset({"article.next", "article.previous"})
"""Commands that need not wait for the article that an earlier one of them opens."""

_LOOK = 1.0
"""Seconds from asking to asking whether nobody presses keys."""


class Pressing:
    """Has keys obeyed in the order they come, and memory looked after when none is pressed.

    Args:
        app: its reader does what commands ask for.
        keys: the key map in force, command id to keys.
        hand_on: gives what is no command to what has the focus.
    """

    def __init__(
        self,
        app: WarreaderApp,
        keys: Mapping[str, tuple[str, ...]],
        hand_on: Callable[[events.Event], Awaitable[None]],
    ) -> None:
        self._app = app
        self._keys = Keys(keys)
        self._hand_on = hand_on
        self.in_order = InOrder(app, self._pass_on, self._waits_for, self._forget, self._tell_waiting)
        self._garbage = Garbage()
        self._breath: Timer | None = None

    async def take(self, event: events.Event) -> None:
        """Take what comes to the app."""
        if isinstance(event, events.Key):
            self._garbage.pressed()
            self._breathe()
        if isinstance(event, Pressed) and not event.is_forwarded:
            await self.in_order.take(event)
        else:
            await self._hand_on(event)

    async def _pass_on(self, pressed: Pressed) -> None:
        """Do what a key means; what is no command here goes to what has the focus."""
        app = self._app
        if isinstance(app.screen, Modal) and not app.screen.meant(pressed):
            return
        if (
            isinstance(pressed, events.Key)
            and (two := apart(pressed))
            and not self._moves_by_word(pressed.key)
        ):
            self.in_order.before_all(two)
            return
        if isinstance(pressed, events.Key) and app.screen is app.reader:
            app.reader.hush()
            meant = self._keys.feed(pressed.key, self.scopes())
            if isinstance(meant, Command):
                await self.obey(meant)
                return
            if meant:
                app.reader.say(f"{shown(pressed.key)}…" if self._keys.pending else "")
                return
        elif isinstance(pressed, events.Key) and (meant := self._in_list(pressed.key)):
            if isinstance(meant, Command):
                await self.obey(meant)
            return
        elif (
            isinstance(pressed, events.Paste)
            and app.screen is app.reader
            and not isinstance(app.focused, Input)
        ):
            app.reader.say("what is pasted goes into a box: / searches, a annotates")
        await self._hand_on(pressed)

    def _in_list(self, key: str) -> Command | bool:
        """What a key means as one of two pressed in a dialogue's list: a key that the dialogue knows begins none."""
        if not isinstance(self._app.focused, Rows | RowList):
            return False
        if self._keys.pending is None and key in self._app.screen.active_bindings:
            return False
        return self._keys.feed(key, ("list",), alone=False)

    def _waits_for(self, pressed: Pressed) -> Iterator[Hashable]:
        """What has to come before it is clear what a key is meant for."""
        key = pressed.key if isinstance(pressed, events.Key) else ""
        screen, reader = self._app.screen, self._app.reader
        passes = screen is reader and self._keys.means(key, self.scopes())
        for worker in opening(self._app.workers):
            # On to the next article before this one has come: it need not come.
            if not (passes and passes.id in _PASSING and worker.group == PAGE):
                yield worker
        if reader.gestures.holds:
            yield "written"
        if screen is reader and reader.finding:
            yield "found"
        if key == "enter" and isinstance(screen, Modal | ReaderScreen) and screen.behind:
            yield "listed", screen

    def _forget(self, awaited: Iterable[Hashable]) -> None:
        """What somebody did not want to wait for is not to open by itself later."""
        for one in awaited:
            # An article that is being opened is given up by what escape does.
            if isinstance(one, Worker) and one.group != PAGE:
                forget(one)
        self._app.reader.lighting.give_up()
        self._app.reader.articles.give_up()

    def _moves_by_word(self, key: str) -> bool:
        """Whether a key means something that ``esc`` and a letter, sent together, may be taken for."""
        if any(key in keys for keys in self._app.keys.values()):
            return True
        box = self._app.focused
        if isinstance(box, Input):
            # At the end of what was typed, where one mostly is, there is no further word.
            return box.cursor_position != (len(box.value) if key == "ctrl+right" else 0)
        return isinstance(box, TextArea)

    def _tell_waiting(self, keys: int) -> None:
        if self._app.screen is self._app.reader:
            waiting = "a key waits" if keys == 1 else f"{keys} keys wait"
            self._app.reader.say(f"{waiting} for what is being opened · esc gives it up")

    def scopes(self) -> Sequence[str]:
        focused = self._app.focused
        if focused is self._app.reader.articles.box:
            return ("box",)
        if isinstance(focused, Input):
            return ()
        if focused is self._app.reader.view:
            return ("text", "global")
        own: Sequence[str] = getattr(focused, "key_scopes", ("list", "global"))
        return own

    def node(self, command: Command) -> DOMNode:
        """Where a command's action lies."""
        reader = self._app.reader
        if command.scope == "text":
            return reader.view
        if command.scope == "box":
            return reader.articles.box
        in_list = command.scope in ("list", "entities", "quotations", "notes")
        return self._app.focused or reader if in_list else reader

    async def obey(self, command: Command) -> None:
        """Do what a command means, unless it would have to be kept where nothing can be."""
        if self._app.library.read_only and command.writes:
            self._app.reader.say("this library is only read: nothing can be kept in it")
        else:
            await self._app.run_action(command.action, default_namespace=self.node(command))

    # memory

    def open(self) -> None:
        """The panes are there: what was typed before is obeyed now."""
        self._garbage.start()
        self._breathe()
        self._app.set_interval(_LOOK, self._garbage.rest)
        self.in_order.open()

    def _breathe(self, *, again: bool = False) -> None:
        """See to it that memory is looked after a moment after the last key."""
        if self._breath is None or again:
            self._breath = self._app.set_timer(BREATH, self._after_key)

    def _after_key(self) -> None:
        if self._garbage.breathe():
            self._breath = None
        else:
            self._breathe(again=True)

    def close(self) -> None:
        """Obey nothing any more; in a program that goes on, memory is looked after as before."""
        self._garbage.stop()
        self.in_order.close()

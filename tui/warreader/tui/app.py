"""The app: themes, key map, palette, and the background process. What is read lies in the reader screen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from textual import events, on
from textual.app import App, CallThreadReturnType, SystemCommand
from textual.driver import Driver
from textual.screen import Screen
from textual.worker import WorkerError

from warreader.index.api import Library, LibraryError
from warreader.tui import commands, ending, faults, hangup
from warreader.tui.background import Background
from warreader.tui.config import Config, Furniture, keys_with
from warreader.tui.keyboard import read_all_that_comes
from warreader.tui.memory import one_heap
from warreader.tui.pressing import Pressing
from warreader.tui.reading.paint import Paint
from warreader.tui.reports import Reports
from warreader.tui.screens.modal import Modal
from warreader.tui.screens.reader import ReaderScreen
from warreader.tui.state import remember_theme, state_file
from warreader.tui.themes import ReaderTheme, Themes
from warreader.tui.threads import Forgotten, forgotten, in_thread
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.scroll_bar import keep_bars

# A key that no keyboard sends: what a command is bound to when all its keys are sequences or taken away.
_UNBOUND = "f63"

_SHOWN_PROBLEMS = 3
"""Problems of settings and themes that the screen shows."""

_PARTING = 3.0
"""Seconds that leaving waits for the background process to end."""


class WarreaderApp(App[None]):
    """The reader.

    Args:
        library: the open library; the app does not close it.
        themes: shipped and user themes.
        theme: the name of the one to start with.
        config: the user's settings.
        inputs: what the background process is to add first: paths, or ``--seeds``.
        problems: lines to show at start (settings and themes that don't hold).
    """

    TITLE = "warreader"
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        library: Library,
        themes: Themes,
        *,
        theme: str,
        config: Config | None = None,
        inputs: Sequence[str] = (),
        problems: Sequence[str] = (),
        state: Path | None = None,
    ) -> None:
        super().__init__()
        keep_bars()
        self.library = library
        self.themes = themes
        self.config = config or Config()
        self.keys: Mapping[str, tuple[str, ...]] = keys_with(self.config.keys, commands.known())
        read_all_that_comes(key for keys in self.keys.values() for key in keys)
        self._inputs = inputs
        self._problems = problems
        self._state = state
        self._parting = False
        self.pressing = Pressing(self, self.keys, super().on_event)
        self.in_order = self.pressing.in_order
        self._started: ReaderTheme = themes.get(theme)
        self._use(self._started)
        self.set_keymap(_keymap(self.keys))
        self.reader = ReaderScreen(
            library,
            self._paint(self._started),
            fold=self.config.furniture is Furniture.FOLD,
            creator=self.config.creator,
            expecting=bool(inputs),
            unsaved=(state or state_file()).parent / "unsaved",
        )
        self.reports = Reports(self.reader, self.keys["add.failures"])
        self.background = Background(
            self,
            library.folder,
            self.reports.heard,
            self.reports.ended,
            self.fault,
            read_only=library.read_only,
        )

    def get_default_screen(self) -> Screen[Any]:
        """The reader is the only screen below the dialogues."""
        return self.reader

    def on_mount(self) -> None:
        """Paint first; then what takes longer."""
        one_heap()
        for name in ("entities", "quotations", "highlights", "hits"):
            if not getattr(self.config.layers, name):
                self.reader.view.hidden_layers.add(name)
        if self._problems:
            self.notify(_few(self._problems), severity="warning", timeout=12, markup=False)
        if not self.is_headless:
            hangup.watch(self.reader.leave)
            # Told to end, leave as at the key: else the shell would get a terminal in the reader's state.
            for signum in ending.SIGNALS:
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    asyncio.get_running_loop().add_signal_handler(signum, self.call_later, self._leave)
        self.call_after_refresh(lambda: self.run_worker(self._begin(), group="job"))

    @on(Driver.SignalResume)
    def _resumed(self) -> None:
        """After the shell had the terminal, all has to be painted."""
        self.refresh(layout=True)

    def on_unmount(self) -> None:
        """Leave the program as it was found."""
        self.pressing.close()

    # themes

    def _use(self, theme: ReaderTheme) -> None:
        self.register_theme(theme.textual_theme())
        self.theme = theme.name

    def _paint(self, theme: ReaderTheme) -> Paint:
        few_colours = self.console.color_system in ("standard", "windows")
        return Paint(theme, plain=self.no_color or few_colours)

    def show_theme(self, name: str) -> None:
        """Change to a theme at once."""
        theme = self.themes.get(name)
        self._use(theme)
        self.reader.restyle(self._paint(theme))

    def action_themes(self) -> None:
        """Choose a theme, seeing each."""
        from warreader.tui.screens.theme_picker import ThemePicker

        def done(name: str | None) -> None:
            if name is not None:
                self.show_theme(name)
                remember_theme(name, self.config.theme, self._state)

        known = [(theme.name, theme.title) for theme in self.themes]
        self._tell_theme_problems()
        self.push_screen(ThemePicker(known, self.theme, self.show_theme), done)

    def _tell_theme_problems(self) -> None:
        if self.themes.problems:
            told = _few([str(problem) for problem in self.themes.problems])
            self.notify(told, severity="warning", timeout=12, markup=False)
        self.themes.problems.clear()

    # keys and commands

    async def on_event(self, event: events.Event) -> None:
        """Obey keys in the order they come."""
        await self.pressing.take(event)

    def call_from_thread(
        self,
        callback: Callable[..., CallThreadReturnType | Awaitable[CallThreadReturnType]],
        *args: Any,
        **kwargs: Any,
    ) -> CallThreadReturnType:
        """Come back from a thread, unless nobody waits for it any more.

        Raises:
            Forgotten: nobody does.
        """
        if forgotten():
            raise Forgotten
        return super().call_from_thread(callback, *args, **kwargs)

    @on(ReaderScreen.Started)
    def _take_keys(self) -> None:
        """What was typed before the panes were there is obeyed now."""
        self.pressing.open()

    def action_help(self) -> None:
        """All keys; over a dialogue, those that it answers to."""
        over, here = self.screen, self.pressing.scopes()

        def load() -> None:
            # All dialogues are asked for their keys: to import them takes longer than a key may.
            from warreader.tui.screens import help

            if not isinstance(over, Modal):
                help.dialogues()
            self.call_from_thread(show)

        def show() -> None:
            from warreader.tui.screens.help import HelpScreen

            if self.screen is over:
                self.push_screen(HelpScreen(self.keys, over if isinstance(over, Modal) else None, here))

        in_thread(over, load, group="help", exclusive=True, opens=True)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette offers every command, with its keys."""
        if screen is not self.reader:
            return
        for command in commands.COMMANDS:
            if command.id != "palette":
                keys = " ".join(commands.shown(key) for key in self.keys[command.id])
                told = f"{command.help}  [{keys}]" if keys else command.help
                yield SystemCommand(
                    command.title, told.replace("[", "\\["), partial(self.pressing.obey, command)
                )

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Save the screen as a picture, as it is once the palette is gone."""

        def save() -> None:
            try:
                self.reader.say(
                    plain(f"saved: {self.save_screenshot(filename, path or str(Path.cwd()))}", 300)
                )
            except OSError as error:
                self.reader.say(plain(f"no picture was saved: {error}", 300))

        self.call_after_refresh(save)

    # long work

    def fault(self, error: Exception) -> None:
        """Tell of an error in the background that nobody foresaw, and go on; one that leaving causes is none."""
        if not self.reader.is_attached or not self.reader.query("#columns"):
            return
        file = faults.keep(error, (self._state or state_file()).parent)
        where = f"; details are in {file}" if file else ""
        told = f"something went wrong: {type(error).__name__}: {error}{where}"
        self.notify(plain(told, 400), severity="error", timeout=15, markup=False)

    async def _begin(self) -> None:
        """Add what was named at the start, else go on with what an earlier run left."""
        if self.library.read_only:
            await self._begin_reading()
        elif self._inputs:
            self.background.add(self._inputs)
            self.reader.set_progress("adding", "adding")
        elif await asyncio.to_thread(lambda: self.library.behind or self.library.model.waits):
            self.background.update()

    async def _begin_reading(self) -> None:
        """Say that nothing is kept; where the library's own search index can't be trusted, have another made."""
        told = "this library is only read: what you do is not kept"
        if self._inputs:
            told += ", and nothing is added to it"
        try:
            if await asyncio.to_thread(lambda: self.library.behind):
                told += "; a search index is made in your cache folder"
                self.background.update()
        except LibraryError as error:
            told += f"; it can't be searched: {error}"
        self.notify(plain(told, 400), severity="warning", timeout=12, markup=False)

    @on(ReaderScreen.Corrected)
    def _corrected(self) -> None:
        self.background.update()

    @on(ReaderScreen.Removed)
    def _removed(self, message: ReaderScreen.Removed) -> None:
        waits = self.background.adding
        self.background.remove([message.article_id])
        if waits:
            self.reader.say("it is removed when what is being added is stored")
        else:
            self.reader.set_progress("removing", "removing")

    def action_add(self) -> None:
        """Ask for what to add."""
        from warreader.tui.screens.adding import AddDialog

        def done(inputs: Sequence[str] | None) -> None:
            if inputs:
                self.background.add(inputs)
                self.reader.set_progress("adding", "adding")

        self.push_screen(AddDialog(adding=self.background.adding, stop=self.action_stop_adding), done)

    def action_stop_adding(self) -> None:
        """Stop adding."""
        stopped = self.background.stop_adding()
        self.reader.say("stopping; what was stored stays" if stopped else "nothing is being added")

    def action_failures(self) -> None:
        """What could not be added."""
        from warreader.tui.screens.adding import FailuresScreen

        if self.reports.failures:
            self.reader.set_unseen("")
            self.push_screen(FailuresScreen(self.reports.failures))
        else:
            self.reader.say("nothing failed since the reader was opened")

    async def action_quit(self) -> None:
        """Leave when all that was done is written; what can't be written is told, and the reader stays."""
        if not self.reader.gestures.busy:
            await self._leave()
        elif not self._parting:
            self._parting = True
            self.reader.gestures.parting()
            # Not waited for here: keys and screen go on.
            self.run_worker(self._leave_when_written(), group="parting")

    async def _leave_when_written(self) -> None:
        gestures = self.reader.gestures
        before = gestures.missed
        try:
            await gestures.finished()
        finally:
            self._parting = False
        if gestures.missed == before:
            await self._leave()

    async def _leave(self) -> None:
        """The place is kept, and what is typed; background work goes on at the next start."""
        for screen in self.screen_stack:
            if isinstance(screen, Modal):
                screen.parting()
        await asyncio.to_thread(self.reader.leave)
        for job in self.workers.cancel_group(self, "job"):
            # Its process is to be gone before the event loop is.
            with contextlib.suppress(WorkerError, asyncio.TimeoutError):
                await asyncio.wait_for(job.wait(), _PARTING)
        with contextlib.suppress(asyncio.CancelledError):
            await super().action_quit()


def _keymap(keys: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The keys of commands that have others than by default, as Textual takes them."""
    return {
        command: ",".join(key for key in own if " " not in key) or _UNBOUND
        for command, own in keys.items()
        if own != commands.DEFAULT_KEYS[command]
    }


def _few(problems: Sequence[str]) -> str:
    """The first problems of settings and themes, and where all are told: as many messages would hide the text."""
    shown = list(problems[:_SHOWN_PROBLEMS])
    if more := len(problems) - len(shown):
        shown.append(f"and {more} more: warreader keys and warreader themes tell all")
    return "\n".join(shown)

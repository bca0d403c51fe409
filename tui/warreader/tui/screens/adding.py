"""Adding while reading: what is to be added, and afterwards what could not be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.style import Style
from textual.suggester import Suggester
from textual.widgets import Input, Static

from warreader.index.api import Failure, UsageError, many
from warreader.tui.paths import complete, named
from warreader.tui.screens.modal import Modal
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.row_list import RowList, fitted
from warreader.tui.widgets.steady import SteadyInput

_OFFERED = 12


class AddDialog(Modal[Sequence[str] | None]):
    """Asks for a path or an address; leaves with what the background process is to add.

    Args:
        adding: whether something is being added already.
        stop: stops that.
    """

    DEFAULT_CSS = """
    AddDialog > Vertical { width: 84; max-width: 96%; height: auto; max-height: 90%; }
    AddDialog Input { border: tall $border-blurred; background: $background; }
    AddDialog Input:focus { border: tall $border; }
    AddDialog #offered { height: auto; max-height: 12; color: $text-muted; }
    AddDialog #offered.-problem { color: $text-warning; }
    AddDialog .hint { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
        Binding("tab", "complete", show=False, priority=True),
        Binding("ctrl+x", "stop", show=False, priority=True),
    ]

    def __init__(self, *, adding: bool, stop: Callable[[], None]) -> None:
        super().__init__()
        self._adding = adding
        self._stop = stop
        self._completed: str | None = None

    def compose(self) -> ComposeResult:
        """The box, what it may go on to, the keys."""
        with Vertical() as frame:
            frame.border_title = "Add articles"
            yield SteadyInput(
                placeholder="a file, a folder, or https://…",
                id="named",
                select_on_focus=False,
                suggester=_Paths(),
            )
            offered = Static("", id="offered", markup=False)
            offered.display = False
            yield offered
            hint = "tab completes · enter adds in the background · esc closes"
            if self._adding:
                hint += "\nadding is under way: enter adds this after it · ctrl+x stops it"
            yield Static(hint, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#named", Input).focus()

    def _tell(self, text: str | Content, *, problem: bool = False) -> None:
        offered = self.query_one("#offered", Static)
        offered.display = len(text) > 0
        offered.set_class(problem, "-problem")
        offered.update(text)

    async def action_complete(self) -> None:
        """Complete the path as far as it is certain; show what it may go on to."""
        box = self.query_one("#named", Input)
        typed = box.value
        found = await asyncio.to_thread(complete, typed)
        if box.value != typed:
            return
        box.value = found.text
        box.cursor_position = len(found.text)
        folder = found.text[: found.text.rfind("/") + 1]
        names = [
            Content.styled(plain(name, 60), Style.from_meta({"named": folder + name}))
            for name in found.names[:_OFFERED]
        ]
        if len(found.names) > _OFFERED:
            names.append(Content(f"… and {len(found.names) - _OFFERED:,} more"))
        self._completed = found.text
        self._tell(Content("  ").join(names))

    @on(events.Click, "#offered")
    async def _pointed(self, event: events.Click) -> None:
        """A click on a name goes on with it."""
        event.stop()
        if (path := event.style.meta.get("named")) is not None:
            box = self.query_one("#named", Input)
            box.value = path
            box.cursor_position = len(path)
            box.focus()
            await self.action_complete()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        # What is told of must outlast the change of the box that it came with.
        if event.value != self._completed:
            self._tell("")

    @on(Input.Submitted)
    async def _submitted(self, event: Input.Submitted) -> None:
        try:
            found = await asyncio.to_thread(named, event.value)
        except UsageError as error:
            self._tell(plain(str(error), 300), problem=True)
            return
        self.dismiss([found])

    def action_stop(self) -> None:
        """Stop what is being added."""
        if self._adding:
            self._stop()
            self.dismiss(None)

    def action_cancel(self) -> None:
        """Leave without."""
        self.dismiss(None)


class _Paths(Suggester):
    """Shows how a path would be completed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The path completed, where that is longer and begins so."""
        if not value:
            return None
        found = (await asyncio.to_thread(complete, value)).text
        return found if len(found) > len(value) and found.startswith(value) else None


class FailuresScreen(Modal[None]):
    """What could not be added: file, place, reason."""

    LIGHT = True
    DEFAULT_CSS = """
    FailuresScreen > Vertical {
        width: 96%; max-width: 120; height: 80%;
        padding: 0;
    }
    FailuresScreen RowList { background: $surface; }
    FailuresScreen .hint { height: 1; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,exclamation_mark", "close", "Close"),
        Binding("y", "copy", "Copy"),
    ]

    def __init__(self, failures: Sequence[Failure]) -> None:
        super().__init__()
        self._failures = failures

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical() as frame:
            frame.border_title = f"{len(self._failures):,} could not be added"
            yield RowList(self._row, id="failures")
            yield Static("y copies the list · esc closes", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Fill and focus."""
        rows = self.query_one(RowList)
        rows.fill([str(number) for number in range(len(self._failures))], lines=3)
        rows.focus()

    def _row(self, row_id: str, width: int, lines: int) -> list[Content]:
        failure = self._failures[int(row_id)]
        place = f"  {plain(failure.place, 40)}" if failure.place else ""
        name = plain(failure.file, 400)
        room = max(8, width - len(place))
        # Of a long path the end tells more than the beginning.
        shown = name if len(name) <= room else f"…{name[1 - room :]}"
        head = Content.assemble((shown, "bold"), (place, "dim")).truncate(width, ellipsis=True)
        return [head, *fitted(Content(plain(failure.reason, 400)), width, lines - 1)]

    def action_copy(self) -> None:
        """Copy all of them, one a line."""
        self.app.copy_to_clipboard("".join(f"{plain(str(failure))}\n" for failure in self._failures))
        self.query_one(".hint", Static).update(f"copied {many(len(self._failures), 'line')} · esc closes")

    def action_close(self) -> None:
        """Back."""
        self.dismiss(None)

"""The line above the keys: at the left what was just done or said, at the right what goes on and what there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

_GAP = "  ·  "


@dataclass(frozen=True, slots=True)
class Standing:
    """What is told at the right.

    Attributes:
        unseen: what went wrong and wasn't looked at yet.
        progress: what goes on in the background.
        glance: the same in few words.
        tag: the current tag.
        count: how many articles there are.
        bound: what can't be done here.
    """

    unseen: str = ""
    progress: str = ""
    glance: str = ""
    tag: str = ""
    count: str = ""
    bound: str = ""

    def told(self, room: int) -> str:
        """As much of it as fits, what can be done without left out first; what went wrong is always told.

        Args:
            room: cells.
        """
        ways = (
            (self.unseen, self.progress, self.bound, self.tag, self.count),
            (self.unseen, self.progress, self.bound, self.tag),
            (self.unseen, self.progress, self.bound),
            (self.unseen, self.glance, self.bound),
            (self.unseen, self.glance),
        )
        told = [_joined(way) for way in ways]
        return next((one for one in told if cell_len(one) <= room), self.unseen)


class StatusLine(Horizontal):
    """Both ends of the line. What is said at the left is read whole where it can be: the right gives way to it."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; background: $surface; color: $foreground; }
    StatusLine #said { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    StatusLine #state { width: auto; height: 1; color: $text-muted; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts: Sequence[str] = ()
        self._standing = Standing()
        self._said = ""
        self._state = ""

    def compose(self) -> ComposeResult:
        """Left and right."""
        yield Static("", id="said", markup=False)
        yield Static("", id="state", markup=False)

    def show(self, parts: Sequence[str], standing: Standing) -> None:
        """Write the line; only what has changed is drawn.

        Args:
            parts: what is said at the left: how keys are taken, what stands there, what was just answered.
            standing: what is told at the right.
        """
        self._parts, self._standing = parts, standing
        said = _joined(parts)
        if parts[-1:] != [""] and cell_len(said) > self.size.width - 2:
            # What a key just answered is read before what was lit by one before.
            said = _joined((*parts[:1], parts[-1]) if len(parts) > 2 else parts)
        state = standing.told(self.size.width - (cell_len(said) + 2 if said else 0))
        if said and state and cell_len(said) + 2 + cell_len(state) > self.size.width:
            # What is said is cut: it still ends before what is told begins.
            state = f"  {state}"
        if said != self._said:
            self._said = said
            self.query_one("#said", Static).update(said, layout=False)
        if state != self._state:
            self._state = state
            self.query_one("#state", Static).update(state)

    def on_resize(self) -> None:
        """There may be room for more, or less."""
        self.show(self._parts, self._standing)


def _joined(parts: Iterable[str]) -> str:
    return _GAP.join(part for part in parts if part)

"""Every command once: its id, what it is called, what it does, its keys.

Footer, key help, command palette, key map and ``warreader keys`` all come from
this list, so that none of them can tell another story.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from warreader.tui.commands.annotating import ANNOTATING
from warreader.tui.commands.articles import ABOUT, LOOKS
from warreader.tui.commands.command import SCOPES, Command
from warreader.tui.commands.finding import FINDING
from warreader.tui.commands.going import GOING
from warreader.tui.commands.moving import IN_LISTS, IN_TEXT
from warreader.tui.commands.program import ADDING, PROGRAM
from warreader.tui.commands.quotations import QUOTATIONS
from warreader.tui.commands.side_panes import IN_SIDE_PANES

if TYPE_CHECKING:
    from textual.binding import BindingType

__all__ = ["COMMANDS", "DEFAULT_KEYS", "SCOPES", "Command", "bindings", "known", "shown"]

COMMANDS: tuple[Command, ...] = (
    *FINDING,
    *ANNOTATING,
    *QUOTATIONS,
    *ABOUT,
    *GOING,
    *LOOKS,
    *ADDING,
    *PROGRAM,
    *IN_TEXT,
    *IN_LISTS,
    *IN_SIDE_PANES,
)
"""In the order in which they are shown."""

DEFAULT_KEYS: Mapping[str, tuple[str, ...]] = {command.id: command.keys for command in COMMANDS}


def known() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Scope and default keys of every command, as the configuration checks them."""
    return {command.id: (command.scope, command.keys) for command in COMMANDS}


def bindings(scope: str, keys: Mapping[str, tuple[str, ...]]) -> list[BindingType]:
    """Textual bindings of one scope. Two-key sequences are left to :mod:`warreader.tui.keys`."""
    from textual.binding import Binding

    found: list[BindingType] = []
    for command in COMMANDS:
        single = [key for key in keys[command.id] if " " not in key]
        if command.scope == scope and single:
            found.append(
                Binding(
                    ",".join(single),
                    command.action,
                    command.footer or command.title,
                    show=bool(command.footer),
                    tooltip=command.help,
                    id=command.id,
                )
            )
    return found


_SHOWN = {
    "escape": "esc", "minus": "-",
    "comma": ",", "full_stop": ".", "semicolon": ";", "less_than_sign": "<", "greater_than_sign": ">",
    "slash": "/", "question_mark": "?", "asterisk": "*", "dollar_sign": "$", "exclamation_mark": "!",
    "equals_sign": "=",
    "left_square_bracket": "[", "right_square_bracket": "]",
    "left_curly_bracket": "{", "right_curly_bracket": "}",
}  # fmt: skip


def shown(key: str) -> str:
    """A key as a user writes it: ``?`` for ``question_mark``."""
    return " ".join(_SHOWN.get(part, part) for part in key.split(" "))

"""From keys to commands: single keys, and keys pressed one after the other (``g g``).

Textual's bindings know no sequences, and hand every key to the focused widget's
own queue: of keys typed fast, the second may arrive where the focus was before
the first was obeyed. Here keys are obeyed in order, as they come. The bindings
stay for the footer, the palette and the key map.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from warreader.tui.commands import COMMANDS, Command

_SECONDS = 2.0


class Keys:
    """Follows the keys pressed and says which command they mean.

    Args:
        keys: the key map in force, command id to keys.
    """

    def __init__(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        self._commands: dict[tuple[str, str], Command] = {}
        self._first: set[tuple[str, str]] = set()
        for command in COMMANDS:
            for key in keys[command.id]:
                self._commands.setdefault((command.scope, key), command)
                if " " in key:
                    self._first.add((command.scope, key.split(" ", 1)[0]))
        self.pending: str | None = None
        self._since = 0.0

    def feed(self, key: str, scopes: Sequence[str], *, alone: bool = True) -> Command | bool:
        """Take a key.

        Args:
            key: Textual's name of it.
            scopes: where the focus is, innermost first; none means that text is being typed.
            alone: also what a key alone means; without, that is left to others.

        Returns:
            The command it means; true if the key began a sequence or gave one
            up; false if it is nobody's here.
        """
        now = time.monotonic()
        pending = self.pending if now - self._since < _SECONDS else None
        self.pending = None
        if pending is not None:
            if (command := self._find(f"{pending} {key}", scopes)) is not None:
                return command
            if key == "escape":
                return True
        if any((scope, key) in self._first for scope in scopes):
            self.pending = key
            self._since = now
            return True
        return (self._find(key, scopes) if alone else None) or False

    def means(self, key: str, scopes: Sequence[str]) -> Command | None:
        """The command that a key alone means, without taking it."""
        return None if self.pending is not None else self._find(key, scopes)

    def _find(self, key: str, scopes: Sequence[str]) -> Command | None:
        return next((self._commands[scope, key] for scope in scopes if (scope, key) in self._commands), None)

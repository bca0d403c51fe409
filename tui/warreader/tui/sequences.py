"""Keys pressed one after the other (``g g``), which Textual's bindings don't know."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from warreader.tui.commands import Command, sequences

_SECONDS = 2.0


class Sequences:
    """Follows the keys pressed and says when a sequence is complete.

    Args:
        keys: the key map in force, command id to keys.
    """

    def __init__(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        self._known: dict[tuple[str, str], list[tuple[str, Command]]] = {}
        for scope, pair, command in sequences(keys):
            self._known.setdefault(pair, []).append((scope, command))
        self._first = {first for first, _ in self._known}
        self.pending: str | None = None
        self._since = 0.0

    def feed(self, key: str, scopes: Iterable[str]) -> Command | bool:
        """Take a key.

        Args:
            key: Textual's name of it.
            scopes: where the focus is, innermost first.

        Returns:
            The command that is complete now; true if the key began a sequence
            or ended one that leads nowhere; false if it is nobody's here.
        """
        now = time.monotonic()
        pending = self.pending if now - self._since < _SECONDS else None
        self.pending = None
        held = set(scopes)
        if pending is not None:
            for scope, command in self._known.get((pending, key), []):
                if scope in held or scope == "global":
                    return command
            return key == "escape"
        if key in self._first and any(
            scope in held or scope == "global"
            for (first, _), found in self._known.items()
            if first == key
            for scope, _ in found
        ):
            self.pending = key
            self._since = now
            return True
        return False

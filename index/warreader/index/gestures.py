"""What the reader makes, of whatever kind: written at one stroke, dated, and taken in where others made it.

Annotations, corrections and rulings are stored in one file, in one line of gestures
(:mod:`warreader.index.annotations.history`). Here is what those who write so need to know of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from warreader.index.stamps import now, stamp
from warreader.index.storage import Database

_A_DAY = timedelta(days=1)
"""How far two computers' clocks, and what they take for their time zones, may differ."""


class Made(Protocol):
    """Something the reader made."""

    @property
    def id(self) -> str:
        """The same for all that is made about the same thing."""

    @property
    def modified(self) -> str:
        """When, as :func:`warreader.index.stamps.stamp` writes it."""


_M = TypeVar("_M", bound=Made)


class Gestures(Protocol):
    """Writes and remembers; see :class:`warreader.index.annotations.history.History`."""

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """One transaction."""

    def gesture(self, words: str) -> AbstractContextManager[sqlite3.Connection]:
        """One stroke, told by ``words``; within another it is part of that."""

    def put(self, words: str, before: Any, kept: Any) -> Any:
        """Store something in place of what its id has now; as it was stored."""

    def remove(self, words: str, kept: Any) -> None:
        """Delete something."""


class Kept(Protocol):
    """Where it is stored: the annotations."""

    @property
    def database(self) -> Database:
        """The file."""

    @property
    def line_of_gestures(self) -> Gestures:
        """What writes in it."""


def merge(
    gestures: Gestures,
    noun: str,
    incoming: Iterable[_M],
    find: Callable[[sqlite3.Connection, str], _M | None],
    same: Callable[[_M, _M], bool],
    dated: Callable[[_M, str], _M],
    better: Callable[[_M, _M], bool] = lambda one, held: False,  # noqa: ARG005
) -> tuple[int, int, int]:
    """Take in what was made elsewhere, as one gesture.

    What has an unknown id is added; what is known with other content replaces ours if it was
    modified later; all else is left unchanged. What is dated in the future, so that no later change could ever
    outdo it, counts as made now where it is unknown and replaces nothing; :func:`ahead` counts it.

    Args:
        noun: what one of them is called.
        find: ours with an id, or ``None``.
        same: whether two say the same, whenever they were modified.
        dated: the same one as made at another moment.
        better: whether one, of the same moment as ours, is to replace ours.

    Returns:
        How many were added, unchanged, updated.
    """
    added = unchanged = updated = 0
    taken = list(incoming)
    words = f"imported {len(taken)} {noun}{'' if len(taken) == 1 else 's'}"
    moment, latest = now(), _latest()
    with gestures.gesture(words) as connection:
        for one in taken:
            held = find(connection, one.id)
            if held is None:
                gestures.put(words, None, one if one.modified <= latest else dated(one, moment))
                added += 1
            elif (held.modified < one.modified <= latest and not same(one, held)) or (
                held.modified == one.modified and better(one, held)
            ):
                gestures.put(words, held, one)
                updated += 1
            else:
                unchanged += 1
    return added, unchanged, updated


def ahead(incoming: Iterable[Made]) -> int:
    """How many are dated in the future, by more than clocks may differ."""
    latest = _latest()
    return sum(one.modified > latest for one in incoming)


def _latest() -> str:
    return stamp(datetime.now(UTC) + _A_DAY)

"""Taking in what was made in another library: the later one wins."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from warreader.index.annotations.history import History
from warreader.index.annotations.model import Annotation, now, stamp
from warreader.index.corrections.model import Correction
from warreader.index.rulings.model import Ruling

_A_DAY = timedelta(days=1)
"""How far two computers' clocks, and what they take for their time zones, may differ."""

_M = TypeVar("_M", Annotation, Correction, Ruling)


def merge(
    history: History,
    noun: str,
    incoming: Iterable[_M],
    find: Callable[[sqlite3.Connection, str], _M | None],
    same: Callable[[_M, _M], bool],
) -> tuple[int, int, int]:
    """Take in what was made elsewhere, as one gesture.

    What has an unknown id is added; what is known with other content replaces ours if it was
    modified later; all else is left unchanged. What is dated in the future, so that no later change could ever
    outdo it, counts as made now where it is unknown and replaces nothing; :func:`ahead` counts it.

    Args:
        noun: what one of them is called.
        find: ours with an id, or ``None``.
        same: whether two say the same, whenever they were modified.

    Returns:
        How many were added, unchanged, updated.
    """
    added = unchanged = updated = 0
    taken = list(incoming)
    words = f"imported {len(taken)} {noun}{'' if len(taken) == 1 else 's'}"
    moment, latest = now(), _latest()
    with history.gesture(words) as connection:
        for one in taken:
            held = find(connection, one.id)
            if held is None:
                history.put(words, None, one if one.modified <= latest else _made_at(moment, one))
                added += 1
            elif held.modified < one.modified <= latest and not same(one, held):
                history.put(words, held, one)
                updated += 1
            else:
                unchanged += 1
    return added, unchanged, updated


def ahead(incoming: Iterable[Annotation | Correction | Ruling]) -> int:
    """How many are dated in the future, by more than clocks may differ."""
    latest = _latest()
    return sum(one.modified > latest for one in incoming)


def _latest() -> str:
    return stamp(datetime.now(UTC) + _A_DAY)


def _made_at(moment: str, one: _M) -> _M:
    if isinstance(one, Annotation):
        return replace(one, created=min(one.created, moment), modified=moment)
    return replace(one, modified=moment)

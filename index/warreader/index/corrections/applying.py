"""Putting corrections into force: ``library.sqlite`` holds articles as the reader corrected them.

Whatever reads the library reads what is right. What was ingested is kept beside it, so that a
correction taken back restores it; what is ingested anew is corrected anew. Doing it twice does nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain

from warreader.index.article import Line, LineKind, lettered, lines_of
from warreader.index.corrections.model import FIELDS, LINE, Correction
from warreader.index.identity import comparable

KINDS = "kinds"
"""The column that holds line kinds."""

_SHOWN = ("search",)
_STALE = {
    "title": _SHOWN,
    "outlet": (*_SHOWN, "stories", "matches"),
    "author": _SHOWN,
    "date": (*_SHOWN, "stories", "matches"),
    "language": ("entities", "quotations", "fingerprints", "matches"),
}
"""What is to be made anew of an article when a column changes; a changed line makes all due."""

Held = dict[str, tuple[str | None, str | None]]
"""By column its value as ingested and as written."""


def held_of(connection: sqlite3.Connection, article: int) -> Held:
    """What was corrected of the article in this row."""
    row = connection.execute("SELECT held FROM corrected WHERE article = ?", (article,)).fetchone()
    return {} if row is None else _read(row["held"])


def _read(held: str) -> Held:
    return {column: (was, written) for column, (was, written) in json.loads(held).items()}


def in_force(row: sqlite3.Row) -> bool:
    """Whether an article still stands as it was corrected: it was not ingested or classified anew since.

    Args:
        row: the article's, with all columns that can be corrected and ``held``.
    """
    return all(row[column] == written for column, (_, written) in _read(row["held"]).items())


def ingested(row: sqlite3.Row, held: Held, column: str) -> str | None:
    """A column's value as it was last ingested.

    Args:
        row: the article's, with that column.
        held: what was corrected of it.
    """
    was, written = held.get(column, (None, None))
    now: str | None = row[column]
    return was if column in held and written == now else now


def apply(connection: sqlite3.Connection, article_id: str, corrections: Sequence[Correction]) -> bool:
    """Make the stored article what its corrections say, within the caller's transaction.

    Args:
        corrections: all there are of this article; none restores it as ingested.

    Returns:
        Whether anything changed.
    """
    row = connection.execute(
        f"SELECT key, text, kinds, address, {', '.join(FIELDS)} FROM article WHERE id = ?", (article_id,)
    ).fetchone()
    if row is None:
        return False
    before = held_of(connection, row["key"])
    held: Held = {}
    for correction in corrections:
        if correction.field in FIELDS:
            held[correction.field] = (ingested(row, before, correction.field), correction.value)
    if lines := [correction for correction in corrections if correction.field == LINE]:
        was = ingested(row, before, KINDS) or ""
        held[KINDS] = (was, _overlaid(row["text"], was, lines))
    wanted = {column: ingested(row, before, column) for column in before}
    wanted |= {column: written for column, (_, written) in held.items()}
    if "url" in wanted:
        # What comes later is a version of what stands at the right address.
        wanted["address"] = comparable(wanted["url"])
    changed = {column: value for column, value in wanted.items() if value != row[column]}
    if changed:
        assignments = ", ".join(f"{column} = ?" for column in changed)
        connection.execute(f"UPDATE article SET {assignments} WHERE key = ?", (*changed.values(), row["key"]))
        _due(connection, row["key"], changed)
    if held:
        connection.execute(
            "INSERT OR REPLACE INTO corrected (article, held) VALUES (?, ?)", (row["key"], json.dumps(held))
        )
    else:
        connection.execute("DELETE FROM corrected WHERE article = ?", (row["key"],))
    return bool(changed)


def _due(connection: sqlite3.Connection, article: int, changed: Iterable[str]) -> None:
    if KINDS in changed:
        connection.execute("DELETE FROM derived WHERE article = ?", (article,))
        return
    stale = sorted(set(chain.from_iterable(_STALE.get(column, ()) for column in changed)))
    connection.executemany(
        "DELETE FROM derived WHERE article = ? AND stage = ?", [(article, stage) for stage in stale]
    )


def places(text: str, lines: Sequence[Line]) -> dict[tuple[str, int], int]:
    """Where each line stands among all, by its words and how many equal ones stand before it."""
    counts: dict[str, int] = {}
    found: dict[tuple[str, int], int] = {}
    for at, line in enumerate(lines):
        words = text[line.start : line.end]
        ordinal = counts.get(words, 0)
        counts[words] = ordinal + 1
        found[words, ordinal] = at
    return found


def _overlaid(text: str, letters: str, corrections: Iterable[Correction]) -> str:
    """The kinds with those of the corrected lines; a line that isn't there (any more) is passed over."""
    try:
        lines = list(lines_of(text, letters))
    except ValueError:
        # Damaged: checking reports it and makes the kinds anew.
        return letters
    at = places(text, lines)
    for correction in corrections:
        place = at.get((correction.line or "", correction.ordinal))
        if place is not None and correction.value is not None:
            line = lines[place]
            lines[place] = Line(line.start, line.end, LineKind(correction.value))
    return lettered(lines)

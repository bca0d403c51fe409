"""Verifying a library. It reports; rebuilding is :meth:`warreader.index.library.Library.check`'s."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from warreader.index.storage import Database
from warreader.index.text import line_spans

if TYPE_CHECKING:
    from warreader.index.library import Library


def check(library: Library, database: Database) -> list[str]:
    """What is wrong with a library, one line each."""
    name = database.path.name
    found = [f"{name}: {problem}; restore it from a backup" for problem in database.problems()]
    if found:
        return found
    found += [f"{name}: {problem}" for problem in _articles(database)]
    found += [f"{name}: {problem}; run: warreader check --repair" for problem in _derived(library)]
    found += [f"search: {problem}; run: warreader check --repair" for problem in library.search.check()]
    found += [
        f"annotations.sqlite: {problem}" for problem in library.annotations.check(library.articles.text)
    ]
    return found


def _articles(database: Database) -> list[str]:
    found = []
    for row in database.connection.execute("SELECT key, id, text, digest FROM article"):
        if hashlib.sha256(row["text"].encode()).digest() != row["digest"]:
            found.append(
                f"article {row['id']}: its text is not what was stored; restore the file from a backup"
            )
            continue
        lines = database.connection.execute(
            "SELECT start, end FROM line WHERE article = ? ORDER BY start", (row["key"],)
        ).fetchall()
        if [(line["start"], line["end"]) for line in lines] != [
            (s.start, s.end) for s in line_spans(row["text"])
        ]:
            found.append(
                f"article {row['id']}: its lines don't cover its text; add it again to a new library"
            )
    return found


def _derived(library: Library) -> list[str]:
    found = []
    for stage in (library.entities, library.quotations, library.matches):
        if due := len(library.derivation.due(stage)):
            found.append(f"{stage.name} are not derived yet for {due} articles")
    return found


def _misplaced(text: str, rows: Iterable[sqlite3.Row]) -> int:
    # In Python: SQL's own string functions stop at a NUL, which a text may hold.
    return sum(text[row["start"] : row["end"]] != row["form"] for row in rows)

"""Rows of corrections in ``annotations.sqlite``, within the caller's transaction; no history is kept here."""

from __future__ import annotations

import sqlite3
import uuid
from dataclasses import astuple

from warreader.index.corrections.model import Correction

_COLUMNS = "article, field, value, was, modified, line, ordinal, start"
"""As the fields of a correction follow one another."""


def fetch(
    connection: sqlite3.Connection, where: str = "", values: tuple[object, ...] = ()
) -> list[Correction]:
    """Corrections by article, metadata first, then lines in order."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM correction {where} ORDER BY article, line NOTNULL, start, ordinal, field",
        values,
    )
    return [Correction(*row) for row in rows]


def find(connection: sqlite3.Connection, correction_id: str) -> Correction | None:
    """The correction with this id."""
    return next(iter(fetch(connection, "WHERE id = ?", (correction_id,))), None)


def put(connection: sqlite3.Connection, correction: Correction) -> None:
    """Store a correction in place of an earlier one of the same thing."""
    connection.execute(
        f"INSERT OR REPLACE INTO correction (id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (correction.id, *astuple(correction)),
    )
    _changed(connection)


def remove(connection: sqlite3.Connection, correction: Correction) -> None:
    """Take a correction out."""
    connection.execute("DELETE FROM correction WHERE id = ?", (correction.id,))
    _changed(connection)


def some(connection: sqlite3.Connection) -> bool:
    """Whether there are any."""
    return connection.execute("SELECT 1 FROM correction").fetchone() is not None


def state(connection: sqlite3.Connection) -> str:
    """A name for the corrections as they stand: another after every change, and in every other file."""
    return str(connection.execute("SELECT name FROM correction_state").fetchone()[0])


def _changed(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE correction_state SET name = ?", (uuid.uuid4().hex,))

"""Rows of rulings in ``annotations.sqlite``, within the caller's transaction; no history is kept here."""

from __future__ import annotations

import json
import sqlite3
import uuid

from warreader.index.rulings.model import Ruling

COLUMNS = "id, kind, verb, data, modified, creator"


def fetch(connection: sqlite3.Connection, where: str = "", values: tuple[object, ...] = ()) -> list[Ruling]:
    """Rulings in the order in which they were made."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM ruling {where} ORDER BY modified, id", values)
    return [ruling_of(row) for row in rows]


def ruling_of(row: sqlite3.Row) -> Ruling:
    """The ruling in a row."""
    return Ruling(row["kind"], row["verb"], json.loads(row["data"]), row["modified"], row["creator"])


def row_of(ruling: Ruling) -> tuple[str | None, ...]:
    """A ruling as a row."""
    data = json.dumps(ruling.data, ensure_ascii=False)
    return ruling.id, ruling.kind, ruling.verb, data, ruling.modified, ruling.creator


def find(connection: sqlite3.Connection, ruling_id: str) -> Ruling | None:
    """The ruling with this id."""
    return next(iter(fetch(connection, "WHERE id = ?", (ruling_id,))), None)


def newest(connection: sqlite3.Connection, kind: str) -> str | None:
    """When the latest ruling of a kind was made, ``None`` where there is none."""
    row = connection.execute("SELECT max(modified) FROM ruling WHERE kind = ?", (kind,)).fetchone()
    return None if row[0] is None else str(row[0])


def put(connection: sqlite3.Connection, ruling: Ruling) -> None:
    """Store a ruling in place of an earlier one about the same thing."""
    connection.execute(f"INSERT OR REPLACE INTO ruling ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", row_of(ruling))
    _changed(connection, ruling.kind)


def remove(connection: sqlite3.Connection, ruling: Ruling) -> None:
    """Take a ruling out."""
    connection.execute("DELETE FROM ruling WHERE id = ?", (ruling.id,))
    _changed(connection, ruling.kind)


def state(connection: sqlite3.Connection, kind: str) -> str:
    """A name for the rulings of a kind as they stand: another after every change, and in every other file."""
    row = connection.execute("SELECT name FROM ruling_state WHERE kind = ?", (kind,)).fetchone()
    return "" if row is None else str(row[0])


def _changed(connection: sqlite3.Connection, kind: str) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO ruling_state (kind, name) VALUES (?, ?)", (kind, uuid.uuid4().hex)
    )

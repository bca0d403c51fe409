"""Rows of the code book in ``annotations.sqlite``, within the caller's transaction; no history is kept here."""

from __future__ import annotations

import sqlite3

from warreader.index.annotations.model import Code, tag_key

_COLUMNS = "id, name, color, description, modified"


def fetch(connection: sqlite3.Connection) -> list[Code]:
    """All entries, those above before those below them."""
    return [Code(*row) for row in connection.execute(f"SELECT {_COLUMNS} FROM code ORDER BY folded")]


def find(connection: sqlite3.Connection, name: str) -> Code | None:
    """The entry of a tag."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM code WHERE folded = ?", (tag_key(name),)).fetchone()
    return None if row is None else Code(*row)


def put(connection: sqlite3.Connection, code: Code) -> None:
    """Store an entry in place of what its id had."""
    connection.execute(
        f"INSERT OR REPLACE INTO code ({_COLUMNS}, folded) VALUES (?, ?, ?, ?, ?, ?)",
        (code.id, code.name, code.color, code.description, code.modified, tag_key(code.name)),
    )


def remove(connection: sqlite3.Connection, code: Code) -> None:
    """Take an entry out; what has the tag keeps it."""
    connection.execute("DELETE FROM code WHERE id = ?", (code.id,))


def colours(connection: sqlite3.Connection) -> dict[str, int]:
    """The colour chosen for a tag, by its :func:`.model.tag_key`."""
    rows = connection.execute("SELECT folded, color FROM code WHERE color NOTNULL")
    return {str(row[0]): int(row[1]) for row in rows}

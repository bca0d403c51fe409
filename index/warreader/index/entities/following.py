"""Putting rulings on names into force: in the articles that they touch, and no others."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator

from warreader.index.entities.names import fold_name
from warreader.index.entities.rulebook import Rulebook
from warreader.index.entities.writing import BY_ARTICLE, BY_ENTITY, Row, Writer, rows
from warreader.index.rulings.following import Changed
from warreader.index.rulings.model import Ruling

_FORMS = frozenset({"pin", "split", "ignore"})


def follow(connection: sqlite3.Connection, changed: Collection[Changed], book: Rulebook) -> set[int]:
    """Have mentions and entities agree with rulings that changed, within the caller's transaction.

    Args:
        book: all rulings that stand.

    Returns:
        Keys of the articles in which something changed.
    """
    writer = Writer(connection, book)
    rulings = [ruling for pair in changed for ruling in pair if ruling is not None]
    for ruling in rulings:
        for key in _entities(connection, book, ruling):
            writer.call(key)
    affected: dict[tuple[int, int, int], Row] = {}
    for ruling in rulings:
        for row in _affected(connection, book, ruling):
            affected[row.place] = row
    writer.settle(affected.values())
    # Who can have said something depends on what is a person.
    connection.executemany(
        "DELETE FROM derived WHERE stage = 'quotations' AND article = ?",
        [(key,) for key in writer.relabelled],
    )
    writer.finish()
    return writer.touched


def _entities(connection: sqlite3.Connection, book: Rulebook, ruling: Ruling) -> list[int]:
    """The rows of the entities that a ruling on an entity is about, and of the one it joins them to."""
    if ruling.verb in _FORMS:
        return []
    keys: list[int] = []
    for name in ("entity", "into"):
        if name in ruling.data:
            for match in book.matches(ruling.data[name]):
                row = connection.execute("SELECT key FROM entity WHERE match = ?", (match,)).fetchone()
                keys += [int(row[0])] if row else []
    return keys


def _affected(connection: sqlite3.Connection, book: Rulebook, ruling: Ruling) -> Iterator[Row]:
    """The mentions that a ruling, come or gone, may change."""
    if ruling.verb in _FORMS:
        form = fold_name(ruling.data["form"])
        yield from (row for row in _with_form(connection, ruling, form) if fold_name(row.form) == form)
    elif ruling.verb != "rename":
        # What is shown as the entity because it was joined to it, or set so, is among its mentions.
        for key in _entities(connection, book, ruling):
            yield from rows(connection, BY_ENTITY, key)


def _with_form(connection: sqlite3.Connection, ruling: Ruling, form: str) -> Iterator[Row]:
    article = ruling.data.get("article")
    if article is not None:
        row = connection.execute("SELECT key FROM article WHERE id = ?", (article,)).fetchone()
        if row is not None:
            yield from rows(connection, BY_ARTICLE, int(row[0]))
        return
    for row in connection.execute("SELECT entity FROM entity_name WHERE folded = ?", (form,)).fetchall():
        yield from rows(connection, BY_ENTITY, int(row[0]))

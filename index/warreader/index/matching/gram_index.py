"""The inverted index of fingerprints: brought up to date with the wordings, and asked.

A few articles are entered one by one. Many are sorted outside the database and merged into it range of hashes by
range of hashes, since entering them one by one would write nearly every page of the index over and over. Either
way the same rows come of it, and a run that is cut off anywhere goes on with the next.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from warreader.index.matching.fingerprints import Hashes, Prints, gram_hashes, rank_within
from warreader.index.storage import Database

HOLDERS = 128
"""Places that a fingerprint is kept of; one that has so many is common speech."""

TOGETHER = 50
"""Articles entered in one transaction."""

MANY = 1000
"""Articles from which on they are merged, if they are no small part of the library."""

SHARE = 0.1
"""That part."""

PARTS = 32
"""Ranges of hashes that are merged one after the other, each in a transaction."""

MAPPED = 1 << 32
"""Bytes of the file that are mapped into memory at most."""

_BITS = 48


def update(database: Database) -> None:
    """Take out what is gone and enter what is new."""
    _purge(database)
    connection = database.connection
    pending = [int(row[0]) for row in connection.execute("SELECT article FROM wording WHERE prints NOTNULL")]
    if not pending:
        return
    total = connection.execute("SELECT max(article) FROM wording").fetchone()[0]
    if len(pending) >= MANY and len(pending) >= SHARE * total:
        _merge(database, pending)
        return
    for at in range(0, len(pending), TOGETHER):
        with database.transaction():
            _enter(connection, pending[at : at + TOGETHER])


def lookup(connection: Connection, hashes: Hashes) -> NDArray[np.int64]:
    """The rows (hash, article, place) of these fingerprints, in order."""
    cursor = connection.cursor()
    # Plain tuples: named rows take longer to make than to find. Pages are asked for all over the file: mapped, they
    # need not be copied.
    cursor.row_factory = None
    cursor.execute(f"PRAGMA mmap_size={MAPPED}")
    rows = cursor.execute(
        "SELECT hash, article, place FROM gram WHERE hash IN (SELECT value FROM json_each(?))"
        " ORDER BY hash, article, place",
        (json.dumps(np.unique(hashes).tolist()),),
    ).fetchall()
    return np.array(rows, np.int64).reshape(-1, 3)


def _purge(database: Database) -> None:
    connection = database.connection
    gone = connection.execute("SELECT rowid, article, words FROM unprinted").fetchall()
    for at in range(0, len(gone), TOGETHER):
        with database.transaction():
            for row in gone[at : at + TOGETHER]:
                hashes = np.unique(gram_hashes(np.frombuffer(row["words"], "<u4")))
                connection.executemany(
                    "DELETE FROM gram WHERE hash = ? AND article = ?",
                    [(value, row["article"]) for value in hashes.tolist()],
                )
                connection.execute("DELETE FROM unprinted WHERE rowid = ?", (row["rowid"],))


def _prints(connection: Connection, articles: list[int]) -> Iterator[tuple[int, Prints]]:
    for article in articles:
        row = connection.execute("SELECT prints FROM wording WHERE article = ?", (article,)).fetchone()
        if row is not None and row[0] is not None:
            yield article, Prints.unpack(row[0])


def _rows(found: Iterator[tuple[int, Prints]]) -> NDArray[np.int64]:
    """Hash, article, place of all, in order of article."""
    parts = [
        np.column_stack((prints.hashes, np.full(len(prints.hashes), article), prints.places))
        for article, prints in found
    ]
    return np.concatenate(parts) if parts else np.empty((0, 3), np.int64)


def _enter(connection: Connection, articles: list[int]) -> None:
    rows = _rows(_prints(connection, articles))
    held = connection.execute(
        "SELECT value, (SELECT count(*) FROM gram WHERE hash = value) AS held FROM json_each(?) WHERE held > 0",
        (json.dumps(np.unique(rows[:, 0]).tolist()),),
    ).fetchall()
    rows = _within_limit(rows, {int(row[0]): int(row[1]) for row in held})
    connection.executemany("INSERT OR IGNORE INTO gram VALUES (?, ?, ?)", rows.tolist())
    connection.executemany("UPDATE wording SET prints = NULL WHERE article = ?", [(key,) for key in articles])


def _within_limit(rows: NDArray[np.int64], held: dict[int, int]) -> NDArray[np.int64]:
    """The rows in order, without those of fingerprints that have all the places they are given."""
    rows = rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]
    before = np.fromiter((held.get(value, 0) for value in rows[:, 0].tolist()), np.int64, len(rows))
    return rows[rank_within(rows[:, 0]) + before < HOLDERS]


def _merge(database: Database, pending: list[int]) -> None:
    with tempfile.TemporaryDirectory(dir=database.path.parent, prefix="fingerprints-") as folder:
        files = [Path(folder) / str(part) for part in range(PARTS)]
        for at in range(0, len(pending), TOGETHER):
            rows = _rows(_prints(database.connection, pending[at : at + TOGETHER]))
            part_of = rows[:, 0] >> (_BITS - (PARTS - 1).bit_length())
            for part in np.unique(part_of).tolist():
                with files[part].open("ab") as file:
                    file.write(rows[part_of == part].tobytes())
        for path in files:
            if path.exists():
                _merge_part(database, np.frombuffer(path.read_bytes(), np.int64).reshape(-1, 3))
                path.unlink()
    for at in range(0, len(pending), TOGETHER):
        with database.transaction() as connection:
            connection.executemany(
                "UPDATE wording SET prints = NULL WHERE article = ?",
                [(key,) for key in pending[at : at + TOGETHER]],
            )


def _merge_part(database: Database, new: NDArray[np.int64]) -> None:
    low, high = int(new[:, 0].min()), int(new[:, 0].max())
    with database.transaction() as connection:
        cursor = connection.cursor()
        cursor.row_factory = None
        stored = cursor.execute(
            "SELECT hash, article, place FROM gram WHERE hash BETWEEN ? AND ?", (low, high)
        ).fetchall()
        if stored:
            # What a run that was cut off has entered is there twice.
            new = np.unique(np.concatenate((np.array(stored, np.int64), new)), axis=0)
            connection.execute("DELETE FROM gram WHERE hash BETWEEN ? AND ?", (low, high))
        connection.executemany("INSERT INTO gram VALUES (?, ?, ?)", _within_limit(new, {}).tolist())

"""The inverted index of fingerprints: brought up to date with the wordings, and asked.

A few articles are entered one by one. Many are sorted outside the database and merged into it range of hashes by
range of hashes, since entering them one by one would write nearly every page of the index over and over. Either
way the same rows come of it, and a run that is cut off anywhere goes on with the next.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from warreader.index.matching.fingerprints import BITS, Hashes, Prints, possible_hashes, rank_within
from warreader.index.matching.wording import unpack_quoted
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

_SIZE = 8
"""Bytes of an article's key and a place in it, as they are stored for a fingerprint."""


def update(database: Database) -> dict[int, NDArray[np.int64]]:
    """Take out what is gone and enter what is new.

    Returns:
        Where a single article was entered, its key with what is held now of its fingerprints, so that nobody need
        look that up again.
    """
    _purge(database)
    connection = database.connection
    pending = [int(row[0]) for row in connection.execute("SELECT article FROM wording WHERE prints NOTNULL")]
    if not pending:
        return {}
    total = connection.execute("SELECT max(article) FROM wording").fetchone()[0]
    if len(pending) >= MANY and len(pending) >= SHARE * total:
        _merge(database, pending)
        return {}
    for at in range(0, len(pending), TOGETHER):
        with database.transaction():
            rows = _enter(connection, pending[at : at + TOGETHER])
    return {pending[0]: rows} if len(pending) == 1 else {}


def lookup(connection: Connection, hashes: Hashes) -> NDArray[np.int64]:
    """The rows (hash, article, place) of these fingerprints, in order of hash."""
    cursor = connection.cursor()
    # Plain tuples: named rows take longer to make than to find.
    cursor.row_factory = None
    found = cursor.execute(
        "SELECT hash, held FROM gram WHERE hash IN (SELECT value FROM json_each(?)) ORDER BY hash",
        (json.dumps(np.unique(hashes).tolist()),),
    ).fetchall()
    return _unpacked(found)


def _unpacked(found: Sequence[tuple[int, bytes]]) -> NDArray[np.int64]:
    """Rows (hash, article, place) of stored ones, in their order."""
    values = np.fromiter((row[0] for row in found), np.int64, len(found))
    counts = np.fromiter((len(row[1]) for row in found), np.int64, len(found)) // _SIZE
    rows = np.empty((int(counts.sum()), 3), np.int64)
    rows[:, 0] = np.repeat(values, counts)
    rows[:, 1:] = np.frombuffer(b"".join([row[1] for row in found]), "<u4").reshape(-1, 2)
    return rows


def _packed(rows: NDArray[np.int64]) -> Iterator[tuple[int, bytes]]:
    """What is stored of rows (hash, article, place) that are in order of hash."""
    values, starts = np.unique(rows[:, 0], return_index=True)
    held = rows[:, 1:].astype("<u4").tobytes()
    bounds = (starts * _SIZE).tolist()
    for value, start, end in zip(values.tolist(), bounds, chain(bounds[1:], (len(held),)), strict=False):
        yield value, held[start:end]


def _purge(database: Database) -> None:
    connection = database.connection
    gone = connection.execute("SELECT rowid, article, words, quoted FROM unprinted").fetchall()
    for at in range(0, len(gone), TOGETHER):
        with database.transaction():
            for row in gone[at : at + TOGETHER]:
                _take_out(connection, row["article"], row["words"], row["quoted"])
                connection.execute("DELETE FROM unprinted WHERE rowid = ?", (row["rowid"],))


def _take_out(connection: Connection, article: int, words: bytes, quoted: bytes) -> None:
    """Take an article's places out of the fingerprints that its words can have."""
    hashes = possible_hashes(np.frombuffer(words, "<u4"), unpack_quoted(quoted))
    rows = lookup(connection, hashes)
    own = np.isin(rows[:, 0], rows[rows[:, 1] == article, 0])
    left = rows[own & (rows[:, 1] != article)]
    empty = np.setdiff1d(rows[own, 0], left[:, 0])
    connection.executemany("DELETE FROM gram WHERE hash = ?", [(value,) for value in empty.tolist()])
    connection.executemany(
        "UPDATE gram SET held = ? WHERE hash = ?", [(held, value) for value, held in _packed(left)]
    )


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


def _enter(connection: Connection, articles: list[int]) -> NDArray[np.int64]:
    """Enter articles; what is held now of their fingerprints, as :func:`lookup` has it."""
    new = _rows(_prints(connection, articles))
    before = lookup(connection, new[:, 0])
    rows, added = _joined(before, new)
    known = np.isin(rows[:, 0], before[:, 0])
    connection.executemany("INSERT INTO gram VALUES (?, ?)", _packed(rows[added & ~known]))
    connection.executemany(
        # Two blobs put together are text, unless told otherwise.
        "UPDATE gram SET held = CAST(held || ? AS BLOB) WHERE hash = ?",
        [(more, value) for value, more in _packed(rows[added & known])],
    )
    connection.executemany("UPDATE wording SET prints = NULL WHERE article = ?", [(key,) for key in articles])
    return rows


def _joined(before: NDArray[np.int64], new: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Rows in order of hash, for each hash those before first and as many as have a place, and which are new."""
    rows = np.concatenate((before, new))
    order = np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))
    # What a run that was cut off has entered is there twice: the first of both stays.
    once = np.append(np.ones(min(1, len(rows)), bool), (rows[order[1:]] != rows[order[:-1]]).any(axis=1))
    kept = np.sort(order[once])
    kept = kept[np.argsort(rows[kept, 0], kind="stable")]
    kept = kept[rank_within(rows[kept, 0]) < HOLDERS]
    return rows[kept], kept >= len(before)


def _merge(database: Database, pending: list[int]) -> None:
    with tempfile.TemporaryDirectory(dir=database.path.parent, prefix="fingerprints-") as folder:
        files = [Path(folder) / str(part) for part in range(PARTS)]
        for at in range(0, len(pending), TOGETHER):
            rows = _rows(_prints(database.connection, pending[at : at + TOGETHER]))
            part_of = rows[:, 0] >> (BITS - (PARTS - 1).bit_length())
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
            "SELECT hash, held FROM gram WHERE hash BETWEEN ? AND ?", (low, high)
        ).fetchall()
        if stored:
            connection.execute("DELETE FROM gram WHERE hash BETWEEN ? AND ?", (low, high))
        rows, _ = _joined(_unpacked(stored), new)
        connection.executemany("INSERT INTO gram VALUES (?, ?)", _packed(rows))

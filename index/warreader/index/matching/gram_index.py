"""The inverted index of fingerprints: brought up to date with the wordings, and asked.

The fingerprints of a few articles wait, in order, beside their words: see :mod:`.waiting`. Many are sorted outside
the database and merged into it range of hashes by range of hashes. Either way the same is found, and a run that is
cut off anywhere goes on with the next.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from warreader.index.matching import presence
from warreader.index.matching.fingerprints import (
    QUOTED,
    Hashes,
    Prints,
    among,
    distinct,
    possible_hashes,
    rank_within,
)
from warreader.index.matching.presence import PART_BITS, PARTS, Presence, bounds, range_of
from warreader.index.matching.waiting import Waiting
from warreader.index.matching.wording import unpack_quoted
from warreader.index.storage import Database

HOLDERS = 128
"""Places that a fingerprint is kept of; one that has so many is common speech."""

TOGETHER = 50
"""Articles written in one go."""

READ = 200
"""Articles whose fingerprints are read in one go."""

FETCHED = 10_000
"""Merged fingerprints that are."""

PIECE = 128
"""Articles that have as many fingerprints as are merged at a time: in memory no more must be of a larger library."""

MOST_BITS = 11
"""Of a hash, that tell what is merged at a time: each such range is a file for a while."""

MANY = 1000
"""Articles that may wait."""

SHARE = 0.1
"""Articles that are merged as a part of all from which on the whole index is written anew."""

_SORTED = "library.sqlite-sorting-"
"""How the name of a folder begins in which fingerprints are sorted, beside the library's file."""

_SIZE = 8
"""Bytes of an article's key and a place in it, as they are stored for a fingerprint."""


class GramIndex:
    """The index of one library, for one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting = Waiting()
        self._presence = Presence()

    def update(self) -> None:
        """Take out what is gone, and merge what waits if that is much."""
        _purge(self._database)
        connection = self._database.connection
        waiting, bare = connection.execute(
            "SELECT (SELECT count(*) FROM wording WHERE prints NOTNULL),"
            " EXISTS (SELECT 1 FROM gram) AND NOT EXISTS (SELECT 1 FROM gram_bits)"
        ).fetchone()
        if waiting > MANY:
            _merge(self._database)
        elif bare:
            _complete(self._database)

    def prints(self, article: int) -> Prints | None:
        """The fingerprints of an article, if they wait."""
        return dict(_prints(self._database.connection, [article])).get(article)

    def lookup(self, article: int, prints: Prints) -> NDArray[np.int64]:
        """The rows (hash, article, place) of an article's fingerprints, in order of hash; of each at most so many.

        Those that can't count are left out: others' where neither has it in a quotation.

        Args:
            article: its key.
            prints: its fingerprints.
        """
        connection = self._database.connection
        asked = distinct(prints.hashes)
        self._waiting.follow(connection)
        self._presence.follow(connection)
        worth = self._presence.worth(
            asked, among(asked, prints.hashes[(prints.places & QUOTED).astype(bool)])
        )
        found = self._found(asked, asked[worth])
        # Whether the article's own are in the index, is all the same.
        own = np.column_stack((prints.hashes, np.full(len(prints.hashes), article), prints.places))
        return _so_many(np.concatenate((found[found[:, 1] != article], own)))

    def holders(self, hashes: Hashes) -> NDArray[np.int64]:
        """All rows (hash, article, place) of fingerprints, in order of hash; of each at most so many.

        Args:
            hashes: in order.
        """
        self._waiting.follow(self._database.connection)
        asked = distinct(hashes)
        return _so_many(self._found(asked, asked))

    def _found(self, waiting: Hashes, merged: Hashes) -> NDArray[np.int64]:
        """The rows of some fingerprints that wait, and of some that were merged; these first."""
        before, more = _lookup(self._database.connection, merged), self._waiting.lookup(waiting)
        if self._waiting.merging:
            return _joined(before, more)[0]
        return np.concatenate((before, more[np.lexsort((more[:, 2], more[:, 1]))]))


def _lookup(connection: Connection, hashes: Hashes) -> NDArray[np.int64]:
    """What has been merged of fingerprints that are in order, each once."""
    cursor = connection.cursor()
    # Plain tuples: named rows take longer to make than to find.
    cursor.row_factory = None
    found = cursor.execute(
        # In the order that was asked for.
        "SELECT hash, held FROM json_each(?) CROSS JOIN gram ON hash = value",
        (json.dumps(hashes.tolist()),),
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
    rows = _lookup(connection, distinct(np.sort(hashes)))
    own = among(rows[:, 0], distinct(rows[rows[:, 1] == article, 0]))
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


def _so_many(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows in order of hash, of each the first :data:`HOLDERS`."""
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    return rows[rank_within(rows[:, 0]) < HOLDERS]


def _merge(database: Database) -> None:
    """Merge all that waits."""
    connection = database.connection
    with database.transaction():
        # From here on what goes may have left something in the index.
        connection.execute("UPDATE wording SET stamp = -stamp WHERE prints NOTNULL AND stamp > 0")
        waiting = [
            int(row[0]) for row in connection.execute("SELECT article FROM wording WHERE prints NOTNULL")
        ]
    total = connection.execute("SELECT max(article) FROM wording").fetchone()[0] or 0
    anew = len(waiting) >= SHARE * total
    put, articles = (_write_anew, total) if anew else (_add, len(waiting))
    bits = max(PART_BITS, min(MOST_BITS, (articles // PIECE).bit_length()))
    # One merges at a time: what a killed run left is nobody's.
    for left in database.path.parent.glob(f"{_SORTED}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=database.path.parent, prefix=_SORTED) as folder:
        files = [Path(folder) / str(number) for number in range(1 << bits)]
        _sort_out(connection, waiting, bits, files)
        for part in range(PARTS):
            pieces = range(part << (bits - PART_BITS), (part + 1) << (bits - PART_BITS))
            if there := [number for number in pieces if files[number].exists()]:
                for number in there:
                    new = _spooled(files[number])
                    with database.transaction():
                        put(connection, new[np.argsort(new[:, 0], kind="stable")], bounds(number, bits))
                spooled = (_spooled(files[number]) for number in there)
                with database.transaction():
                    _note(connection, part, presence.needed(total), spooled)
                for number in there:
                    files[number].unlink()
    _complete(database)
    for at in range(0, len(waiting), TOGETHER):
        with database.transaction():
            connection.executemany(
                "UPDATE wording SET prints = NULL WHERE article = ? AND stamp <= 0",
                [(key,) for key in waiting[at : at + TOGETHER]],
            )


def _sort_out(connection: Connection, articles: list[int], bits: int, files: Sequence[Path]) -> None:
    """Write the rows of articles to files by their ranges of hashes, which so many bits tell."""
    for at in range(0, len(articles), READ):
        rows = _rows(_prints(connection, articles[at : at + READ]))
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        numbers, starts = np.unique(range_of(rows[:, 0], bits), return_index=True)
        for number, piece in zip(numbers.tolist(), np.split(rows, starts[1:]), strict=False):
            with files[number].open("ab") as file:
                file.write(piece.tobytes())


def _spooled(file: Path) -> NDArray[np.int64]:
    return np.frombuffer(file.read_bytes(), np.int64).reshape(-1, 3)


def _complete(database: Database) -> None:
    """Write what is missing of the bits that tell what is in the index, and tell of all that were written."""
    connection = database.connection
    total = connection.execute("SELECT max(article) FROM wording").fetchone()[0] or 0
    size = presence.needed(total)
    for part in presence.missing(connection, size):
        with database.transaction():
            _note(connection, part, size, ())
    with database.transaction():
        presence.tell(connection)


def _note(connection: Connection, part: int, size: int, new: Iterable[NDArray[np.int64]]) -> None:
    """Have the bits of a part, so many bytes of them at least, tell of new rows."""
    presence.write(connection, part, size, new, lambda: _between(connection, bounds(part)))


def _between(connection: Connection, ends: tuple[int, int]) -> Iterator[NDArray[np.int64]]:
    """All rows of a range of hashes, some at a time."""
    cursor = connection.cursor()
    cursor.row_factory = None
    cursor.execute("SELECT hash, held FROM gram WHERE hash BETWEEN ? AND ? ORDER BY hash", ends)
    while found := cursor.fetchmany(FETCHED):
        yield _unpacked(found)


def _add(connection: Connection, new: NDArray[np.int64], _: tuple[int, int]) -> None:
    """Add rows, in order of hash, to those of an index that holds far more."""
    before = _lookup(connection, distinct(new[:, 0]))
    rows, added = _joined(before, new)
    known = among(rows[:, 0], distinct(before[:, 0]))
    connection.executemany("INSERT INTO gram VALUES (?, ?)", _packed(rows[added & ~known]))
    connection.executemany(
        # Two blobs put together are text, unless told otherwise.
        "UPDATE gram SET held = CAST(held || ? AS BLOB) WHERE hash = ?",
        [(more, value) for value, more in _packed(rows[added & known])],
    )


def _write_anew(connection: Connection, new: NDArray[np.int64], ends: tuple[int, int]) -> None:
    """The same for rows that come to a good part of the index: nearly every page of their range changes anyway."""
    stored = np.concatenate([np.empty((0, 3), np.int64), *_between(connection, ends)])
    if len(stored):
        connection.execute("DELETE FROM gram WHERE hash BETWEEN ? AND ?", ends)
    rows, _ = _joined(stored, new)
    connection.executemany("INSERT INTO gram VALUES (?, ?)", _packed(rows))

"""Which fingerprints have been merged into the index at all, and which of them stand in a quotation: a bit for each.

Of some hundreds of fingerprints of an article few are worth looking for: those of its quotations that another has too,
and those that another quotes. The bits are a Bloom filter with one hash function (Bloom: "Space/time trade-offs in hash
coding with allowable errors", Communications of the ACM 13, 1970), by the first bits of a fingerprint, which is a
hash already: what it says is missing, is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import getrandbits
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from warreader.index.matching.fingerprints import BITS, QUOTED, Hashes

PARTS = 32
"""Ranges of hashes of which bits, and fingerprints, are written one after the other."""

PART_BITS = 5
"""Bits of a hash that tell its part."""

EACH = 1024
"""Bits for every article of the library, at the least: some three for each of its fingerprints."""

LEAST = 1 << 21
"""Bits for all at the least."""

_STAMP_BITS = 62

Rows = NDArray[np.int64]
"""Hash, article, place."""


def range_of(hashes: Hashes, bits: int) -> NDArray[np.int64]:
    """The numbers of the ranges in which hashes lie, told by so many bits of a hash."""
    return hashes >> (BITS - bits)


def bounds(number: int, bits: int = PART_BITS) -> tuple[int, int]:
    """The least and the greatest hash of a range."""
    return number << (BITS - bits), ((number + 1) << (BITS - bits)) - 1


class Presence:
    """The bits, as one thread knows them."""

    def __init__(self) -> None:
        self._version = 0
        self._held = self._quoted = np.empty(0, np.uint8)

    def follow(self, connection: Connection) -> None:
        """Read them, if they changed."""
        row = connection.execute("SELECT version FROM gram_bits WHERE part = 0").fetchone()
        version = row[0] if row else 0
        if version != self._version:
            rows = connection.execute("SELECT held, quoted FROM gram_bits ORDER BY part").fetchall()
            whole = len(rows) == PARTS and len({len(row[0]) for row in rows}) == 1
            held, quoted = zip(*rows, strict=True) if whole else ((), ())
            self._held = np.frombuffer(b"".join(held), np.uint8)
            self._quoted = np.frombuffer(b"".join(quoted), np.uint8)
            self._version = version

    def worth(self, hashes: Hashes, quoting: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which fingerprints may be in the index: any of those that are quoted, quoted ones of the rest.

        Args:
            hashes: the fingerprints.
            quoting: which of them are quoted.
        """
        if not len(self._held):
            return np.ones(len(hashes), bool)
        at = hashes >> (BITS - (8 * len(self._held)).bit_length() + 1)
        byte, bit = at >> 3, (at & 7).astype(np.uint8)
        bits = np.where(quoting, self._held[byte], self._quoted[byte])
        there: NDArray[np.bool_] = (bits << bit & 128).astype(bool)
        return there


def needed(articles: int) -> int:
    """Bytes of the bits of one range in a library of so many articles."""
    return (1 << (max(LEAST, EACH * articles) - 1).bit_length()) // 8 // PARTS


def missing(connection: Connection, size: int) -> list[int]:
    """The ranges that have no bits, or fewer bytes of them than there should be."""
    rows = connection.execute("SELECT part FROM gram_bits WHERE length(held) >= ?", (size,))
    return sorted({*range(PARTS)} - {int(row[0]) for row in rows})


def write(
    connection: Connection, part: int, size: int, new: Iterable[Rows], all_rows: Callable[[], Iterable[Rows]]
) -> None:
    """Set the bits of new rows of a range.

    Args:
        connection: of the library, in a transaction.
        part: the range.
        size: how many bytes there should be at the least.
        new: the rows, some at a time.
        all_rows: reads all that is in the index, some at a time; asked where there are fewer bytes.
    """
    row = connection.execute("SELECT held, quoted FROM gram_bits WHERE part = ?", (part,)).fetchone()
    if row is not None and len(row[0]) >= size:
        held, quoted = (np.unpackbits(np.frombuffer(bits, np.uint8)) for bits in row)
        found = new
    else:
        held, quoted = np.zeros(8 * size, np.uint8), np.zeros(8 * size, np.uint8)
        found = all_rows()
    for rows in found:
        at = (rows[:, 0] - bounds(part)[0]) >> (BITS - PART_BITS - len(held).bit_length() + 1)
        held[at] = 1
        quoted[at[(rows[:, 2] & QUOTED).astype(bool)]] = 1
    connection.execute(
        "INSERT OR REPLACE INTO gram_bits VALUES (?, ?, ?, ?)",
        (part, _stamp(), np.packbits(held).tobytes(), np.packbits(quoted).tobytes()),
    )


def tell(connection: Connection) -> None:
    """Have all that know the bits read them anew."""
    connection.execute("UPDATE gram_bits SET version = ? WHERE part = 0", (_stamp(),))


def _stamp() -> int:
    return getrandbits(_STAMP_BITS) + 1

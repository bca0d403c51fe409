"""Answers to questions mixed into places of a table of weights (feature hashing)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

BITS = 21
"""The table of weights has ``2 ** BITS`` places."""

BLOCK = 8192
"""Tokens mixed at a time: memory stays within bounds on any text."""

_ALL = (1 << 64) - 1
_SALT = 0xBF58476D1CE4E5B9
_HASH = np.uint64(0x9E3779B97F4A7C15)
_FACTORS = tuple(
    np.uint64(number)
    for number in (0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3)
)


class Mixer:
    """Collects columns, then mixes all at once: a few operations on large arrays, not thousands on small ones.

    Each value is scrambled; a column adds up what it asks, each times its own odd number.
    """

    def __init__(self) -> None:
        self._columns: list[tuple[int, ...]] = []
        # The values are kept, so that their id is nobody else's.
        self._numbers: dict[int, int] = {}
        self._asked: list[Numbers] = []

    def add(self, *parts: Numbers) -> None:
        found = []
        for part in parts:
            number = self._numbers.get(id(part))
            if number is None:
                number = self._numbers[id(part)] = len(self._asked)
                self._asked.append(part)
            found.append(number)
        self._columns.append(tuple(found))

    def table(self, tokens: Numbers) -> npt.NDArray[np.int32]:
        """A row a column, a column a token of those wanted."""
        table = np.empty((len(self._columns), len(tokens)), dtype=np.int32)
        for start in range(0, len(tokens), BLOCK):
            table[:, start : start + BLOCK] = self._mixed(tokens[start : start + BLOCK])
        return table

    def _mixed(self, block: Numbers) -> npt.NDArray[np.int32]:
        asked = np.empty((len(self._asked), len(block)), dtype=np.int64)
        for row, values in zip(asked, self._asked, strict=True):
            row[:] = values.take(block)
        scrambled = asked.view(np.uint64)
        scrambled += np.uint64(0x51ED27)
        scrambled *= _HASH
        scrambled ^= scrambled >> np.uint64(29)
        scrambled *= _HASH
        # Those that ask most come first: whatever is added is added to the first rows, in place.
        order = sorted(range(len(self._columns)), key=lambda number: -len(self._columns[number]))
        columns = [self._columns[number] for number in order]
        mixed = scrambled[[column[0] for column in columns]]
        mixed += np.array([(number + 1) * _SALT & _ALL for number in order], dtype=np.uint64)[:, None]
        for at, factor in enumerate(_FACTORS, 1):
            more = scrambled[[column[at] for column in columns if len(column) > at]]
            more *= factor
            mixed[: len(more)] += more
        # The highest bits of a sum hang on all bits below, once more multiplied.
        mixed *= _HASH
        mixed >>= np.uint64(64 - BITS)
        table = np.empty(mixed.shape, dtype=np.int32)
        table[order] = mixed
        return table

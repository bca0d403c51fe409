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
        # Number 0 stands for nothing asked. The values are kept, so that their id is nobody else's.
        self._numbers: dict[int, int] = {}
        self._asked: list[Numbers] = []

    def add(self, *parts: Numbers) -> None:
        found = []
        for part in parts:
            number = self._numbers.get(id(part))
            if number is None:
                self._asked.append(part)
                number = self._numbers[id(part)] = len(self._asked)
            found.append(number)
        self._columns.append(tuple(found))

    def table(self, tokens: Numbers) -> npt.NDArray[np.int32]:
        """A row a column, a column a token of those wanted."""
        table = np.empty((len(self._columns), len(tokens)), dtype=np.int32)
        for start in range(0, len(tokens), BLOCK):
            table[:, start : start + BLOCK] = self._mixed(tokens[start : start + BLOCK])
        return table

    def _mixed(self, block: Numbers) -> npt.NDArray[np.int32]:
        asked = np.stack([values[block] for values in self._asked]).astype(np.uint64)
        scrambled = np.zeros((len(asked) + 1, asked.shape[1]), dtype=np.uint64)
        values = scrambled[1:]
        np.add(asked, np.uint64(0x51ED27), out=values)
        values *= _HASH
        values ^= values >> np.uint64(29)
        values *= _HASH
        salts = [number * _SALT & _ALL for number in range(1, len(self._columns) + 1)]
        mixed = scrambled[[column[0] for column in self._columns]] + np.array(salts, dtype=np.uint64)[:, None]
        for at, factor in enumerate(_FACTORS, 1):
            rows = [number for number, column in enumerate(self._columns) if len(column) > at]
            mixed[rows] += scrambled[[self._columns[row][at] for row in rows]] * factor
        # The highest bits of a sum hang on all bits below, once more multiplied.
        mixed *= _HASH
        mixed >>= np.uint64(64 - BITS)
        return mixed.astype(np.int32)

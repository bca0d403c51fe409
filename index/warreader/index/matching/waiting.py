"""Fingerprints that wait to be merged into the index, held in memory.

To enter an article in a B-tree of hashes writes hundreds of pages, each for a few bytes. So new fingerprints are
left where they are stored with their article, and asked here, until there are enough of them to be merged together:
a log-structured index of two levels (O'Neil and others: "The log-structured merge-tree", Acta Informatica 33, 1996).
"""

from __future__ import annotations

from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from warreader.index.matching.fingerprints import Hashes, Prints

_Run = tuple[Hashes, NDArray[np.int32], NDArray[np.int32]]
"""Hashes in order, for each the number of its article here, and its place."""


class Waiting:
    """What waits in one library, as one thread knows it."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}
        """Article -> stamp and number."""
        self._articles: list[int] = []
        """By number the article, or -1 where that does not wait any more."""
        self._runs: list[_Run] = []
        """Each more than twice as long as the next, so that there are few and none is merged often."""
        self.merging = False
        """Whether some of it may be in the index as well."""

    def follow(self, connection: Connection) -> None:
        """See what waits now."""
        cursor = connection.cursor()
        cursor.row_factory = None
        stamps = dict(cursor.execute("SELECT article, stamp FROM wording WHERE prints NOTNULL").fetchall())
        self.merging = bool(stamps) and min(stamps.values()) <= 0
        now = {key: abs(stamp) for key, stamp in stamps.items()} if self.merging else stamps
        gone = [key for key, (stamp, _) in self._known.items() if now.get(key) != stamp]
        for key in gone:
            self._articles[self._known.pop(key)[1]] = -1
        if 2 * len(self._known) < len(self._articles):
            self._known, self._articles, self._runs = {}, [], []
        if new := now.keys() - self._known.keys():
            self._take(connection, sorted(new))

    def lookup(self, hashes: Hashes) -> NDArray[np.int64]:
        """The rows (hash, article, place) of fingerprints that are in order, each once; in no order."""
        articles = np.array(self._articles, np.int64)
        parts = []
        for held, numbers, places in self._runs:
            low = np.searchsorted(held, hashes)
            there = low < len(held)
            there[there] = held[low[there]] == hashes[there]
            low = low[there]
            times = np.searchsorted(held, hashes[there], "right") - low
            at = np.repeat(low - np.cumsum(times) + times, times) + np.arange(times.sum())
            parts.append(np.column_stack((held[at], articles[numbers[at]], places[at])))
        rows = np.concatenate(parts) if parts else np.empty((0, 3), np.int64)
        return rows[rows[:, 1] >= 0]

    def _take(self, connection: Connection, keys: list[int]) -> None:
        found = []
        for key in keys:
            row = connection.execute(
                "SELECT prints, abs(stamp) FROM wording WHERE article = ?", (key,)
            ).fetchone()
            if row is None or row[0] is None:
                continue  # Merged, or gone, by another process, which is seen the next time.
            prints = Prints.unpack(row[0])
            self._known[key] = row[1], len(self._articles)
            found.append((prints, len(self._articles)))
            self._articles.append(key)
        if not found:
            return
        run = (
            np.concatenate([prints.hashes for prints, _ in found]),
            np.repeat([number for _, number in found], [len(p.hashes) for p, _ in found]).astype(np.int32),
            np.concatenate([prints.places for prints, _ in found]).astype(np.int32),
        )
        self._runs.append(_ordered(run) if len(found) > 1 else run)
        while len(self._runs) > 1 and len(self._runs[-2][0]) <= 2 * len(self._runs[-1][0]):
            last, before = self._runs.pop(), self._runs.pop()
            self._runs.append(
                _ordered(
                    (
                        np.concatenate((before[0], last[0])),
                        np.concatenate((before[1], last[1])),
                        np.concatenate((before[2], last[2])),
                    )
                )
            )


def _ordered(run: _Run) -> _Run:
    # What is in order in part is merged by a stable sort.
    order = np.argsort(run[0], kind="stable")
    return run[0][order], run[1][order], run[2][order]

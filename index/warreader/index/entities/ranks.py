"""Which entity stands where in the list of a whole library, held in memory: what is typed then costs a range of names.

Looked up in the database one by one, the ten thousand entities with a name in ``s`` cost five times what the
range of their names does.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from warreader.index.article import Label
from warreader.index.storage import Database

_NOWHERE = -1


class Ranks:
    """The entities of a library at one moment, by kind and in the order of the lists.

    Args:
        rows: label and key of each, in this order.
        version: of the database, when they were read.
    """

    def __init__(self, rows: Sequence[tuple[str, int]], version: int) -> None:
        self.version = version
        self._keys = array("q", (key for _, key in rows))
        # Keys are row numbers and lie close: an array takes a twentieth of what a dict would.
        self._ranks = array("i", [_NOWHERE]) * (max(self._keys, default=-1) + 1)
        for rank, key in enumerate(self._keys):
            self._ranks[key] = rank
        counts = Counter(label for label, _ in rows)
        starts = accumulate((counts[label] for label in sorted(counts)), initial=0)
        self._starts = [(start, Label(label)) for label, start in zip(sorted(counts), starts, strict=False)]

    def pick(self, keys: Sequence[tuple[int]]) -> Mapping[Label, Sequence[int]]:
        """Of some entities those listed, by kind and in order; each once, however often it is given."""
        ranks, known = self._ranks, len(self._ranks)
        found = sorted({ranks[key] for (key,) in keys if key < known} - {_NOWHERE})
        bounds = [bisect_left(found, start) for start, _ in self._starts] + [len(found)]
        picked = {
            label: [self._keys[rank] for rank in found[first:last]]
            for (_, label), first, last in zip(self._starts, bounds, bounds[1:], strict=False)
            if first < last
        }
        return {label: picked[label] for label in Label if label in picked}


class HeldRanks:
    """The ranks of a library, read when they are first wanted and again when the library has changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: Ranks | None = None
        self._reading = threading.Lock()

    def get(self, *, stale: bool = False) -> Ranks:
        """The ranks as they are now.

        Args:
            stale: those of a moment ago will do, if there are any.
        """
        held = self._held
        if held is not None and (stale or held.version == self._database.version):
            return held
        with self._reading:
            version = self._database.version
            if self._held is None or self._held.version != version:
                cursor = self._database.connection.cursor()
                cursor.row_factory = None
                rows = cursor.execute(
                    "SELECT label, key FROM entity INDEXED BY entity_listed WHERE articles > 0"
                    " ORDER BY label, mentions DESC, name, key"
                ).fetchall()
                self._held = Ranks(rows, version)
            return self._held

    def is_current(self, ranks: Ranks) -> bool:
        """Whether nothing was stored since."""
        return ranks.version == self._database.version

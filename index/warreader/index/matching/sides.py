"""Articles as matching sees them, read from the library and kept while they are asked for again."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import accumulate
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from warreader.index.article import Span
from warreader.index.matching.fingerprints import room
from warreader.index.matching.schema import DATED
from warreader.index.matching.wording import (
    JOINED,
    SHORTENED,
    Numbers,
    Places,
    Quoted,
    rarities,
    unpack_quoted,
)

MOST_WORDS = 1_000_000
"""Words kept in memory: some forty megabytes."""

TOGETHER = 200
"""Articles read at a time."""


_EACH = 5
"""Numbers of 32 bits of which a stored quotation is made."""


class Side:
    """An article as matching sees it. What costs is made when it is first asked for."""

    def __init__(
        self, key: int, numbers: Numbers, places: bytes, quoted: bytes, day: date | None, outlet: str | None
    ) -> None:
        self.key = key
        self.numbers = numbers
        self.published = day
        self.outlet = outlet.casefold() if outlet else None
        self._places = places
        self.quoted = quoted

    @cached_property
    def rarities(self) -> list[float]:
        """How rare each word is."""
        return rarities(self.numbers.tolist())

    @cached_property
    def summed(self) -> list[float]:
        """The rarities of all words before each, and of all."""
        return [0.0, *accumulate(self.rarities)]

    @cached_property
    def summed_array(self) -> NDArray[np.float64]:
        """The same as an array."""
        return np.array(self.summed)

    @cached_property
    def room(self) -> NDArray[np.int64]:
        """See :func:`.fingerprints.room`."""
        return room(self.rarities)

    @cached_property
    def counted(self) -> NDArray[np.float64]:
        """How many words stand before each, and in all."""
        return np.arange(len(self.numbers) + 1, dtype=float)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """How many words stand before each, and in all, as :func:`.wording.length` counts them."""
        two = (self.numbers & JOINED > 0) + (self.places.flags & SHORTENED > 0).astype(np.int64)
        return np.append(0, np.cumsum(1 + two))

    @cached_property
    def places(self) -> Places:
        """Where the words stand."""
        return Places(self._places)

    @cached_property
    def quotations(self) -> list[Quoted]:
        """All quotations, by their start."""
        return unpack_quoted(self.quoted)

    @cached_property
    def _in_order(self) -> tuple[list[int], list[int], list[int]]:
        """The quotations as stored, number after number, where in the words each begins, and the farthest that any
        reaches up to each."""
        numbers = np.frombuffer(self.quoted, "<u4").tolist()
        return numbers, numbers[2::_EACH], list(accumulate(numbers[3::_EACH], max))

    def _near(self, words: Span) -> list[list[int]]:
        """Those of the quotations as stored among which are all that hold one of the words."""
        numbers, first, farthest = self._in_order
        low, high = bisect_right(farthest, words.start), bisect_left(first, words.end)
        return [numbers[at : at + _EACH] for at in range(low * _EACH, high * _EACH, _EACH)]

    def marked_at(self, words: Span) -> list[Quoted]:
        """The quotations in marks that hold one of the words, in order; they don't overlap."""
        return [Quoted.of(row) for row in self._near(words) if not row[4] and row[3] > words.start]

    def held(self, words: Span, share: float) -> Quoted | None:
        """The quotation in marks that holds most of a run of words, if it holds that share of it."""
        best, most = None, 0
        for row in self._near(words):
            shared = min(row[3], words.end) - max(row[2], words.start)
            if shared > most and not row[4]:
                best, most = row, shared
        return Quoted.of(best) if best is not None and most >= share * len(words) else None

    def told(self, words: Span) -> tuple[float, bool]:
        """How much of a quotation that holds most of a run of words that run is, at the most; whether one is in marks.

        Args:
            words: the run.
        """
        most, marked = 0.0, False
        for _, _, first, last, indirect in self._near(words):
            shared = min(last, words.end) - max(first, words.start)
            if 2 * shared >= len(words):
                most = max(most, shared / max(1, last - first))
                marked |= not indirect
        return most, marked

    @property
    def weighed(self) -> bool:
        """Whether it is known how rare all its words are."""
        return "summed" in self.__dict__

    def summed_over(self, start: int, end: int) -> list[float]:
        """The rarities of a range of words, summed up to each and to the end, from whatever number."""
        if self.weighed:
            return self.summed[start : end + 1]
        return [0.0, *accumulate(rarities(self.numbers[start:end].tolist()))]


class Sides:
    """Sides of other articles, the least recently asked for forgotten first.

    One thread's, for one connection: whatever another connection commits empties it, unless it is told that
    wordings don't change meanwhile.
    """

    def __init__(self, *, steady: bool = False) -> None:
        self._steady = steady
        self._kept: OrderedDict[int, Side] = OrderedDict()
        self._days: dict[int, date | None] = {}
        self._words = 0
        self._version = -1
        self._connection: Connection | None = None

    def fresh(self, connection: Connection) -> Sides:
        """Forget what may be out of date now."""
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        if connection is not self._connection or (version != self._version and not self._steady):
            self._kept.clear()
            self._days.clear()
            self._words = 0
        self._version, self._connection = version, connection
        return self

    def forget(self, keys: Iterable[int]) -> None:
        """Articles came, went, or were derived again."""
        for key in keys:
            gone = self._kept.pop(key, None)
            self._words -= len(gone.numbers) if gone else 0
            self._days.pop(key, None)

    def published(self, keys: Iterable[int]) -> Mapping[int, date | None]:
        """The days on which articles were published, those that are asked for among others."""
        assert self._connection is not None
        missing = [key for key in dict.fromkeys(keys) if key not in self._days]
        if missing:
            cursor = self._connection.cursor()
            cursor.row_factory = None
            found = cursor.execute(
                f"SELECT key, date FROM {DATED} WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps(missing),),
            )
            self._days.update((key, day(value)) for key, value in found)
        return self._days

    def get(self, key: int) -> Side | None:
        """The article's side, or ``None`` where it has not been derived."""
        side = self._kept.get(key)
        if side is not None:
            self._kept.move_to_end(key)
            return side
        self.fetch([key])
        return self._kept.get(key)

    def fetch(self, keys: Iterable[int]) -> None:
        """Read those of the articles that are not in memory, many at once, as far as there is room for them."""
        assert self._connection is not None
        missing = []
        for key in dict.fromkeys(keys):
            if key in self._kept:
                self._kept.move_to_end(key)
            else:
                missing.append(key)
        room = MOST_WORDS
        for at in range(0, len(missing), TOGETHER):
            for side in load(self._connection, missing[at : at + TOGETHER]):
                self._kept[side.key] = side
                self._words += len(side.numbers)
                room -= len(side.numbers)
            if room <= 0:
                break
        while self._words > MOST_WORDS and len(self._kept) > 1:
            self._words -= len(self._kept.popitem(last=False)[1].numbers)

    def several(self, keys: Sequence[int]) -> Iterator[list[Side]]:
        """The sides of those of many articles that have been derived, some at a time."""
        for at in range(0, len(keys), TOGETHER):
            self.fetch(keys[at : at + TOGETHER])
            found = [
                side for key in keys[at : at + TOGETHER] if (side := self._kept.get(key) or self.get(key))
            ]
            if found:
                yield found


def all_quotations(sides: Sequence[Side]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The quotations of several articles as they are stored, and for each of them the number of its article here."""
    sizes = [len(side.quoted) // (4 * _EACH) for side in sides]
    return _rows(b"".join([side.quoted for side in sides])), np.repeat(np.arange(len(sides)), sizes)


def _rows(quoted: bytes) -> NDArray[np.int64]:
    return np.frombuffer(quoted, "<u4").reshape(-1, _EACH).astype(np.int64)


def load(connection: Connection, keys: Sequence[int]) -> Iterator[Side]:
    """The sides of those of the articles (keys) that have been derived."""
    cursor = connection.cursor()
    cursor.row_factory = None
    for row in cursor.execute(
        f"SELECT article, words, places, quoted, date, outlet FROM wording CROSS JOIN {DATED} ON key = article"
        " WHERE article IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    ):
        yield Side(row[0], np.frombuffer(row[1], "<u4"), row[2], row[3], day(row[4]), row[5])


@lru_cache(maxsize=10_000)
def day(value: str | None) -> date | None:
    """The day of an ISO 8601 date or time; ``None`` where there is none to be read."""
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None

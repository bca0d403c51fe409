"""Articles as matching sees them, read from the library and kept while they are asked for again."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from sqlite3 import Connection

from warreader.index.article import QuotationKind, Span
from warreader.index.matching.comparing import Quoted, Side
from warreader.index.matching.wording import Wording

MOST_WORDS = 400_000
"""Words kept in memory: some thirty megabytes."""


class Sides:
    """Sides of other articles, the least recently asked for forgotten first.

    One thread's, for one connection: whatever another connection commits empties it.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Side] = OrderedDict()
        self._words = 0
        self._version = -1
        self._connection: Connection | None = None

    def fresh(self, connection: Connection, changed: int) -> Sides:
        """Forget what may be out of date now that the article ``changed`` is derived again."""
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version or connection is not self._connection:
            self._kept.clear()
            self._words = 0
        self._version, self._connection = version, connection
        gone = self._kept.pop(changed, None)
        self._words -= len(gone.wording.words) if gone else 0
        return self

    def get(self, key: int) -> Side | None:
        """The article's side, or ``None`` where it has not been derived."""
        side = self._kept.get(key)
        if side is not None:
            self._kept.move_to_end(key)
            return side
        assert self._connection is not None
        side = _load(self._connection, key)
        if side is not None:
            self._kept[key] = side
            self._words += len(side.wording.words)
            while self._words > MOST_WORDS and len(self._kept) > 1:
                self._words -= len(self._kept.popitem(last=False)[1].wording.words)
        return side


def _load(connection: Connection, key: int) -> Side | None:
    row = connection.execute(
        "SELECT words, places, date FROM words JOIN article ON key = article WHERE key = ?", (key,)
    ).fetchone()
    if row is None:
        return None
    wording = Wording.unpack(row[0], row[1])
    return Side(wording, quoted_in(connection, key, wording), day(row[2]))


def quoted_in(connection: Connection, key: int, wording: Wording) -> list[Quoted]:
    """The stored quotations of an article, as ranges of its words."""
    rows = connection.execute(
        "SELECT start, end, kind FROM quotation WHERE article = ? ORDER BY start, end, kind", (key,)
    )
    return [
        Quoted(
            Span(row[0], row[1]),
            Span(*wording.within(row[0], row[1])),
            row[2] == QuotationKind.INDIRECT.value,
        )
        for row in rows
    ]


def day(value: str | None) -> date | None:
    """The day of an ISO 8601 date or time; ``None`` where there is none to be read."""
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None

"""``added:2026-11-26``: when articles came into the library, by the clock of who asks."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

from warreader.index.article import Span
from warreader.index.storage import Database

_PART = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt](\d\d):(\d\d)(?::(\d\d))?)?)?)?")
# Times here are of the reader's clock, whose zone it knows.
_BEGIN, _END = datetime(1, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001


def stretch(value: str) -> tuple[datetime, datetime] | None:
    """From when to before when: a year, month, day or time, ``today``, or two of them with ``..`` between.

    ``None`` for anything else. One end may be missing.
    """
    first, dots, last = (part.strip() for part in value.partition(".."))
    last = last if dots else first
    one = _one(first) if first else (_BEGIN, _BEGIN)
    other = _one(last) if last else (_END, _END)
    if not (first or last) or one is None or other is None:
        return None
    # What runs backwards is read forwards.
    return min(one[0], other[0]), max(one[1], other[1])


def since(added: str) -> str:
    """The clause for what came then and later, of what is stored with an article."""
    return f"added:{datetime.fromisoformat(added).astimezone():%Y-%m-%dT%H:%M:%S}.."


def _one(part: str) -> tuple[datetime, datetime] | None:
    if part.lower() == "today":
        begin = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)  # noqa: DTZ005
        return begin, begin + timedelta(days=1)
    found = _PART.fullmatch(part)
    if found is None:
        return None
    numbers = [int(number) for number in found.groups() if number]
    try:
        begin = datetime(*numbers, *[1, 1][len(numbers) - 1 :])  # type: ignore[arg-type]  # noqa: DTZ001
        return begin, _after(begin, len(numbers))
    except (ValueError, OverflowError):
        return None


def _after(begin: datetime, stated: int) -> datetime:
    """The end of the year, month, day, minute or second that begins then, by how many numbers it was stated with."""
    if stated == 1:
        return begin.replace(year=begin.year + 1)
    if stated == 2:
        return (begin + timedelta(days=31)).replace(day=1)
    return begin + {3: timedelta(days=1), 5: timedelta(minutes=1)}.get(stated, timedelta(seconds=1))


class AddedSource:
    """``added:``; a key is higher the later an article came, so that few of them are looked at.

    When it came stands behind its text in a row, and would be reached through all of it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def articles(self, value: str) -> set[int]:
        if (ends := stretch(value)) is None:
            return set()
        begin, end = (self._key(_stored(moment)) for moment in ends)
        found = self._database.connection.execute(
            "SELECT json_group_array(key) FROM article WHERE key >= ? AND key < ?", (begin, end)
        ).fetchone()
        return set(json.loads(found[0]))

    def spans(self, value: str, article: int) -> list[Span]:  # noqa: ARG002
        return []

    def _key(self, moment: str) -> int:
        """The key of the first article that came then or later; past the last, where none did."""
        connection = self._database.connection
        low, high = connection.execute(
            "SELECT coalesce(min(key), 0), coalesce(max(key), -1) + 1 FROM article"
        ).fetchone()
        while low < high:
            middle = (low + high) // 2
            row = connection.execute(
                "SELECT key, added FROM article WHERE key >= ? ORDER BY key LIMIT 1", (middle,)
            ).fetchone()
            # None is left from there on where another process took them out since.
            if row is not None and row["added"] < moment:
                low = row["key"] + 1
            else:
                high = middle
        return int(low)


def _stored(moment: datetime) -> str:
    """A time by the reader's clock, as it is stored."""
    if moment in (_BEGIN, _END):
        return moment.isoformat()
    return moment.astimezone(UTC).isoformat(timespec="seconds")

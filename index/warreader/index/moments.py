"""When articles appeared, as numbers that sort: dates are kept as they are stated, with the zones in which they are.

A moment is a number of fourteen digits, ``yyyymmddHHMMSS`` in UTC; a time stated without a zone is taken as UTC.
Of a date without a time nobody knows more than that day: it stands after all times of it (``yyyymmdd240000``), as a
month does after its days (``yyyymm32000000``) and a year after its months (``yyyy1300000000``). So what says less
of itself is never told as earlier than what says more. A date that can't be read as one has no moment.
"""

from __future__ import annotations

from collections.abc import Sequence

UNKNOWN = 10**15
"""In place of a moment that isn't known: after all others."""

_DIGIT = "[0-9]"
_MONTH = f"{_DIGIT * 4}-{_DIGIT * 2}"
_DAY = f"{_MONTH}-{_DIGIT * 2}"


def moment(date: str = "date") -> str:
    """The SQL of the moment of a date, ``NULL`` where none is known.

    ``article_listed`` is an index on it. A change of it needs a further entry in the schema that makes the index anew.

    Args:
        date: the column.
    """
    # What SQLite doesn't read, as a zone of 15 hours, or seconds of one, is taken without its zone.
    read = ", ".join(
        f"strftime('%Y%m%d%H%M%S', {stated})"
        for stated in (date, f"substr({date}, 1, 19)", f"substr({date}, 1, 16)")
    )
    return (
        f"CASE WHEN {date} GLOB '{_DAY}[T ]{_DIGIT * 2}:*' THEN CAST(coalesce({read}) AS INTEGER)"
        f" WHEN {date} GLOB '{_DAY}' THEN CAST(replace({date}, '-', '') || '240000' AS INTEGER)"
        f" WHEN {date} GLOB '{_MONTH}' THEN CAST(replace({date}, '-', '') || '32000000' AS INTEGER)"
        f" WHEN {date} GLOB '{_DIGIT * 4}' THEN CAST({date} || '1300000000' AS INTEGER) END"
    )


LISTED = f"""
DROP INDEX IF EXISTS article_listed;
CREATE INDEX article_listed ON article({moment()}, date, id, title, outlet, length, version_of, latest);
"""
"""All that a list shows, in the order in which it does, so that listing never reads past the texts."""


def begin(latest: int) -> int:
    """The earliest that a moment can be: itself, or the beginning of the day, month or year that is all it tells."""
    day, time = divmod(latest, 10**6)
    if day % 10_000 == 1300:
        return day // 10_000 * 10**10
    if day % 100 == 32:
        return day // 100 * 10**8
    return day * 10**6 if time == 240_000 else latest


def surely_first(first: int | None, others: Sequence[int | None]) -> bool:
    """Whether a moment is before all others, whatever time of its day each may be; unknown ones leave it open."""
    return first is not None and all(other is not None and begin(other) > first for other in others)

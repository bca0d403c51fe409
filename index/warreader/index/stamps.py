"""When the reader made or changed something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> str:
    """The present moment as annotations store it."""
    return stamp(datetime.now(UTC))


def later_than(before: str) -> str:
    """The present moment, or just after ``before`` where the clock was set back behind it.

    Exchange takes what is later: a change that isn't later than what it changes would never arrive.
    """
    try:
        return max(now(), stamp(datetime.fromisoformat(before) + timedelta(microseconds=1)))
    except (ValueError, OverflowError):
        return max(now(), before)


def stamp(moment: datetime) -> str:
    """A moment with a time zone as annotations store it, so that stamps sort as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

"""Dates as articles, exports and feeds state them, read without guessing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import urlsplit

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan січня січ января янв januar jänner jän janvier janv enero ene stycznia",
            "february feb лютого лют февраля фев февр februar février févr febrero lutego lut",
            "march mar березня бер марта мар märz mär mars marzo marca",
            "april apr квітня квіт апреля апр avril avr abril abr kwietnia kwi",
            "may травня трав мая mai mayo maja",
            "june jun червня черв июня juni juin junio czerwca",
            "july jul липня лип июля juli juillet juil julio lipca",
            "august aug серпня серп августа авг août agosto sierpnia sie",
            "september sep sept вересня вер сентября сен сент septembre septiembre września wrz",
            "october oct жовтня жовт октября окт oktober okt octobre octubre października paź",
            "november nov листопада лист ноября ноя нояб novembre noviembre listopada lis",
            "december dec грудня груд декабря дек dezember dez décembre diciembre dic grudnia gru",
        ),
        1,
    )
    for name in names.split()
}
"""Number of each month by the names and abbreviations that papers write, in lower case."""
# Hours from UTC. A name that means several zones is taken as RFC 2822 has it (CST), or not at all (IST).
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "eet": 2,
    "eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip

_IN_PATH = re.compile(
    r"/(?P<year>(?:199|20[0-9])[0-9])(?P<mark>[/-])(?P<month>[01]?[0-9]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?P=mark)(?P<day>[0-3]?[0-9])(?=[/-]|$)",
    re.IGNORECASE,
)
_YEAR = r"(?P<year>(?:1[6-9]|20)[0-9]{2})"
_NAME = r"(?P<name>[^\W\d_]{3,12})\.?"
_TIME = (
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_ZONE = (
    r"(?:\s?\(?(?P<zone>[a-z]{1,5})\)?)?(?:\s?(?P<sign>[+-])(?P<ahead>[0-9]{1,2}):?(?P<part>[0-9]{2})?)?"
    r"(?:\s?\([\w ]{1,40}\))?"
)
_CLOCK = rf"(?:(?:,|\s|t|\bat\b|\bum\b|\bà\b|[|–—-])+{_TIME}{_ZONE}(?:\s?(?:uhr|г\.?|р\.?))?)?\.?"
_EAST = (
    r"(?:\s?[(（][^\W\d_]{1,3}[)）])?"
    r"(?:\s*(?P<hour>[0-9]{1,2})\s?[:時时시]\s?(?P<minute>[0-9]{2})\s?[分분]?(?::(?P<second>[0-9]{2}))?)?"
)
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?,?\s+)?"
_DAY = r"(?P<day>[0-9]{1,2})"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}[-/.](?P<month>[0-9]{{1,2}})[-/.]{_DAY}{_CLOCK}",
        rf"{_YEAR}\s?年\s?(?P<month>[0-9]{{1,2}})\s?月\s?{_DAY}\s?日{_EAST}",
        rf"{_YEAR}[년.]\s?(?P<month>[0-9]{{1,2}})[월.]\s?{_DAY}[일.]?{_EAST}",
        rf"{_WEEKDAY}{_DAY}\.(?P<month>[0-9]{{1,2}})\.{_YEAR}(?:\s?[гр]\.)?{_CLOCK}",
        rf"{_WEEKDAY}(?P<one>[0-9]{{1,2}})(?P<mark>[-/])(?P<two>[0-9]{{1,2}})(?P=mark){_YEAR}{_CLOCK}",
        rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th|er|\.)?[ -](?:of |de )?{_NAME},?[ -](?:de )?{_YEAR}(?:\s?[гр]\.)?{_CLOCK}",
        rf"{_WEEKDAY}{_NAME}\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}{_CLOCK}",
        # As C's asctime and Twitter write it: the time before the year.
        rf"{_WEEKDAY}{_NAME}\s+{_DAY}\s{_TIME}{_ZONE}\s{_YEAR}",
        rf"{_NAME},?\s{_YEAR}",
        # As spreadsheets write a day: 04-Mar-24.
        rf"{_DAY}-{_NAME}-(?P<short>[0-9]{{2}}){_CLOCK}",
    )
)
_WHOLE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?")
_NUMBER = re.compile(r"-?([0-9]{8,19})(?:\.[0-9]+)?")
_LONGEST = 80


def day_in_address(address: str) -> str | None:
    """The day in the path of a page's address (``/2024/9/6/``, ``/2024/sep/06/``), as ISO 8601.

    So systems of newsrooms keep the day on which an article first appeared. A day to come, or of no calendar, is none.
    """
    try:
        found = _IN_PATH.search(urlsplit(address).path)
        if found is None:
            return None
        month = int(found["month"]) if found["month"].isdigit() else MONTHS[found["month"].lower()]
        day = date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None
    return day.isoformat() if day <= (datetime.now(UTC) + timedelta(days=2)).date() else None


def iso_date(stated: str | None) -> str | None:
    """A stated date as ISO 8601, or ``None`` where it can't be read as one.

    Read are ISO 8601, RFC 2822, days and months in words (English, and as
    Ukrainian, Russian, German, French, Spanish and Polish papers write them),
    days first with dots, years first with slashes, and numbers: digits in a row
    as years, months, days and times, seconds or smaller units since 1970. Of
    03/04/2022 nobody can say which is the month: ``None``.

    Returns:
        As much as is stated: a year, a month, a day, or a time, with its zone where that is stated.
    """
    if not stated:
        return None
    if _WHOLE.fullmatch(stated):
        return stated
    if stated[4:5] != "-":
        stated = " ".join(stated[: _LONGEST + 1].split())
        if len(stated) > _LONGEST:
            return None
        if _WHOLE.fullmatch(stated):
            return stated
        if match := _NUMBER.fullmatch(stated):
            return _numbered(match[1], fraction=match.end(1) < len(stated), before=stated[0] == "-")
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        return _worded(stated)
    return moment.date().isoformat() if len(stated) <= 10 else moment.isoformat()


def _numbered(digits: str, *, fraction: bool, before: bool) -> str | None:
    """Digits in a row: a date written together, or the time since 1970."""
    if not fraction and not before and len(digits) in {8, 12, 14} and digits[:2] in {"19", "20"}:
        try:
            # No zone is stated, and none is made up.
            moment = datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S")  # noqa: DTZ007
        except ValueError:
            pass
        else:
            return moment.date().isoformat() if len(digits) == 8 else moment.isoformat()
    # Nine or ten digits are seconds; further three each milliseconds, microseconds, nanoseconds.
    power = max(0, -(-(len(digits) - 10) // 3)) * 3
    if before or len(digits) < 9:
        return None
    try:
        return datetime.fromtimestamp(int(digits) // 10**power, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _worded(stated: str) -> str | None:
    stated = " ".join(stated[: _LONGEST + 1].split())
    if len(stated) > _LONGEST:
        return None
    for pattern in _PATTERNS:
        if (match := pattern.fullmatch(stated)) and (found := _moment(match.groupdict())):
            return found
    return None


def _moment(parts: dict[str, str | None]) -> str | None:
    year, month, day = int(parts.get("year") or 0), _month(parts), parts.get("day")
    if short := parts.get("short"):
        year = int(short) + 2000
        year -= 100 if year > datetime.now(UTC).year + 1 else 0
    if "one" in parts:
        one, two = int(parts["one"] or 0), int(parts["two"] or 0)
        if one <= 12 and two <= 12 and one != two:
            return None
        month, day = (one, str(two)) if two > 12 else (two, str(one))
    if month is None:
        return None
    if day is None:
        return f"{year:04d}-{month:02d}"
    try:
        if parts.get("hour") is None or (parts.get("minute") is None and parts.get("half") is None):
            return datetime(year, month, int(day)).date().isoformat()  # noqa: DTZ001
        hour = int(parts["hour"] or 0)
        if half := parts.get("half"):
            hour = hour if hour > 12 else hour % 12 + (12 if half in "pP" else 0)
        minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
        return datetime(year, month, int(day), hour, minute, second, tzinfo=_zone(parts)).isoformat()
    except ValueError:
        return None


def _month(parts: dict[str, str | None]) -> int | None:
    if number := parts.get("month"):
        return int(number)
    if name := parts.get("name"):
        return MONTHS.get(name.lower())
    return None


def _zone(parts: dict[str, str | None]) -> timezone | None:
    """The zone stated by numbers, else by a name that means one zone only; ``None`` where it can't be told."""
    if ahead := parts.get("ahead"):
        offset = timedelta(hours=int(ahead), minutes=int(parts.get("part") or 0))
        return timezone(-offset if parts["sign"] == "-" else offset)
    hours = _ZONES.get((parts.get("zone") or "").lower())
    return None if hours is None else timezone(timedelta(hours=hours))

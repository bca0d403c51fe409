"""What a correction is, and which values an article's metadata can have."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from warreader.index.article import Span
from warreader.index.text import excerpt, storable

FIELDS = ("title", "outlet", "author", "agency", "date", "url", "language")
"""Metadata that can be corrected."""

LINE = "line"
"""The field of a correction of a line's kind."""

LONGEST = 2000
"""Code points a value may have."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of an article, known by article, field and, for a line, its words and place among equals.

    Args:
        article: id of the article.
        field: one of :data:`FIELDS`, or :data:`LINE`.
        value: what is right, for a line its kind; ``None``: not known.
        was: what stood there as ingested; ``None``: nothing.
        modified: UTC, ISO 8601 with microseconds and ``Z``.
        line: the whole line, ``None`` for metadata.
        ordinal: how many equal lines stand before it in the article.
        start: where the line began, a code point offset, for showing; the words decide.
    """

    article: str
    field: str
    value: str | None
    was: str | None
    modified: str
    line: str | None = None
    ordinal: int = 0
    start: int | None = None

    @property
    def id(self) -> str:
        """The same for every correction of the same thing, here and elsewhere."""
        named = json.dumps([self.article, self.field, self.line, self.ordinal])
        return f"urn:warreader:correction:{hashlib.sha256(named.encode()).hexdigest()[:32]}"

    @property
    def span(self) -> Span | None:
        """Where the line stood, ``None`` for metadata."""
        at = self.start
        return None if self.line is None or at is None else Span(at, at + len(self.line))


def describe(correction: Correction) -> str:
    """The correction in a few words."""
    value = "nothing" if correction.value is None else excerpt(correction.value)
    if correction.line is not None:
        return f"“{excerpt(correction.line)}” to {value}"
    return f"{correction.field} to {f'“{value}”' if correction.value is not None else value}"


def cleaned(field: str, value: str | None) -> str | None:
    """A metadata value as it is stored; ``None`` where nothing is left of it.

    Raises:
        ValueError: there is no such field, or the value is none that it can have; one line with the remedy.
    """
    if field not in FIELDS:
        raise ValueError(f"{field!r} can't be corrected; choose one of: {', '.join(FIELDS)}")
    text = " ".join(_UNSEEN.sub(" ", storable(value or "")).split())
    if not text:
        return None
    if len(text) > LONGEST:
        raise ValueError(f"{field} of {len(text)} characters is too long; at most {LONGEST}")
    if field == "date":
        return _date(text)
    if field == "url":
        return _url(text)
    if field == "language":
        if not _LANGUAGE.fullmatch(text.lower()):
            raise ValueError(f"{excerpt(text)!r} is no language code, such as en, uk or ru (ISO 639-1)")
        return text.lower()
    return text


def _date(text: str) -> str:
    try:
        if match := _DATE.fullmatch(text):
            date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
            return text
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise ValueError(f"{excerpt(text)!r} is no date; write 2022, 2022-03, 2022-03-01 or 2022-03-01T09:30:00Z")


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if " " in text or not host or parts.scheme.lower() not in ("http", "https"):
        raise ValueError(f"{excerpt(text)!r} is no address; write it whole, such as https://example.org/page")
    return text

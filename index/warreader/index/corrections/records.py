"""Corrections as JSON records: the form of the history and of JSON-lines export and import."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from warreader.index.article import LineKind
from warreader.index.corrections.model import FIELDS, LINE, Correction, cleaned
from warreader.index.errors import InputError
from warreader.index.jsonable import line as json_line
from warreader.index.stamps import stamp
from warreader.index.text import storable

_FARTHEST = 2**53


def to_record(correction: Correction) -> dict[str, Any]:
    """The fields; those of a line only where it is one."""
    record: dict[str, Any] = {
        "correction": correction.field,
        "article": correction.article,
        "value": correction.value,
        "was": correction.was,
        "modified": correction.modified,
    }
    if correction.line is not None:
        record |= {"line": correction.line, "ordinal": correction.ordinal, "start": correction.start}
    return record


def from_record(record: object) -> Correction:
    """The correction a record holds; unknown fields are passed over.

    Raises:
        ValueError: a field is missing, of the wrong type, or has no value that it can have.
    """
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    article, field = (_text(record, name) for name in ("article", "correction"))
    if not article or not field:
        raise ValueError("article and correction must both be there")
    value, was = _text(record, "value"), _text(record, "was")
    modified = _moment(record)
    if field in FIELDS:
        return Correction(article, field, cleaned(field, value), was, modified)
    if field != LINE:
        raise ValueError(f"{field!r} can't be corrected; choose one of: {', '.join((*FIELDS, LINE))}")
    line = _text(record, "line")
    if line is None or "\n" in line:
        raise ValueError("line is not a line of text")
    try:
        kind = LineKind(value or "")
    except ValueError as error:
        raise ValueError(f"value is no line kind; they are: {', '.join(LineKind)}") from error
    return Correction(
        article,
        LINE,
        kind.value,
        was,
        modified,
        line,
        _count(record, "ordinal") or 0,
        _count(record, "start"),
    )


def _text(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a string")
    if storable(value) != value:
        raise ValueError(f"{name} holds half a character (a lone surrogate)")
    return value


def _count(record: dict[str, Any], name: str) -> int | None:
    value = record.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _FARTHEST:
        raise ValueError(f"{name} is not a whole number from 0")
    return value


def _moment(record: dict[str, Any]) -> str:
    try:
        moment = datetime.fromisoformat(_text(record, "modified") or "")
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        return stamp(moment)
    except (ValueError, OverflowError) as error:
        raise ValueError("modified is not a moment with a time zone, such as 2022-03-01T09:30:00Z") from error


def to_jsonl(
    corrections: Iterable[Correction], address: Callable[[str], str | None] = lambda _: None
) -> Iterator[str]:
    """One correction a line; what :func:`read_jsonl` reads.

    Args:
        address: tells of an article's id the address it was taken from, by which another library knows it.
    """
    for correction in corrections:
        url = address(correction.article)
        yield json_line(to_record(correction) | ({} if url is None else {"url": url}))


def holds_corrections(text: str) -> bool:
    """Whether JSON lines are of corrections, as far as the first one tells."""
    first = next((line for line in text.removeprefix("\ufeff").split("\n", 1000) if line.strip()), "")
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and "correction" in record


def read_jsonl(lines: Iterable[str]) -> list[Correction]:
    """The corrections of JSON lines; empty lines are passed over.

    Raises:
        InputError: a line holds no correction; ``place`` is its number, from 1.
    """
    corrections = []
    for number, line in enumerate(lines, 1):
        stripped = line.removeprefix("\ufeff").strip()
        if not stripped:
            continue
        try:
            corrections.append(from_record(json.loads(stripped)))
        except json.JSONDecodeError as error:
            raise InputError(
                f"not JSON ({error.msg} at character {error.pos + 1})", f"line {number}"
            ) from error
        except ValueError as error:
            raise InputError(str(error), f"line {number}") from error
        except RecursionError as error:
            raise InputError("not JSON that can be read (nested too deep)", f"line {number}") from error
    return corrections

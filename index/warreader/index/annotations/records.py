"""Annotations as JSON records: the form of the history and of JSON-lines export and import."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime

from warreader.index.annotations.model import ENTITY, MATCH, Annotation, Code, tag_names
from warreader.index.counting import many
from warreader.index.stamps import stamp
from warreader.index.text import excerpt, storable

_FARTHEST = 2**53
_BROKEN_ID = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
# JSON leaves these raw, yet several readers take them for line ends.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def to_record(annotation: Annotation) -> dict[str, object]:
    """The fields as stored, plus the motivation; ``about`` only where it says something."""
    about = {} if annotation.about is None else {"about": annotation.about}
    return about | {
        "id": annotation.id,
        "article": annotation.article,
        "start": annotation.start,
        "end": annotation.end,
        "exact": annotation.exact,
        "prefix": annotation.prefix,
        "suffix": annotation.suffix,
        "note": annotation.note,
        "tags": list(annotation.tags),
        "created": annotation.created,
        "modified": annotation.modified,
        "creator": annotation.creator,
        "motivation": annotation.motivation,
    }


def to_json(record: Mapping[str, object]) -> str:
    """A record on one line, with no code point in it that any reader takes for a line end."""
    return json.dumps(record, ensure_ascii=False).translate(_LINE_ENDS)


def from_record(record: object) -> Annotation:
    """The annotation a record holds. Unknown fields are passed over; the motivation follows from the bodies.

    Raises:
        ValueError: a field is missing, of the wrong type, or contradicts another.
    """
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    start, end = _offset(record, "start"), _offset(record, "end")
    exact, prefix, suffix = (_text(record, name, "") for name in ("exact", "prefix", "suffix"))
    _check_span(start, end, exact, prefix, suffix)
    created = _moment(record, "created")
    return Annotation(
        id=_identifier(record, "id"),
        article=_name(record, "article"),
        start=start,
        end=end,
        exact=exact,
        prefix=prefix,
        suffix=suffix,
        note=_text(record, "note", ""),
        tags=_tags(record),
        created=created,
        modified=_moment(record, "modified") if record.get("modified") is not None else created,
        creator=_creator(record),
        about=_about(record, start),
    )


def code_to_record(code: Code) -> dict[str, object]:
    """The fields of an entry of the code book."""
    return {
        "id": code.id,
        "name": code.name,
        "color": code.color,
        "description": code.description,
        "modified": code.modified,
    }


def code_from_record(record: Mapping[str, object]) -> Code:
    """The entry that :func:`code_to_record` made the record of.

    Raises:
        ValueError: a field is missing or of the wrong type.
    """
    return Code(
        id=_identifier(record, "id"),
        name=_name(record, "name"),
        color=_offset(record, "color"),
        description=_text(record, "description", ""),
        modified=_text(record, "modified"),
    )


def from_json(line: str) -> Annotation:
    """The annotation on a line of JSON.

    Raises:
        ValueError: the line is no JSON, or no annotation.
    """
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at character {error.pos + 1})") from error
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON that can be read (a number too long, or nested too deep)") from error
    return from_record(record)


def _check_span(start: int | None, end: int | None, exact: str, prefix: str, suffix: str) -> None:
    if (start is None) != (end is None):
        raise ValueError("start and end go together; leave both out for the whole article")
    if start is None or end is None:
        if exact or prefix or suffix:
            raise ValueError("a quote without start and end; an annotation of the whole article has none")
    elif start >= end:
        raise ValueError(f"start {start} is not before end {end}")
    elif end - start != len(exact):
        raise ValueError(
            f"exact is {many(len(exact), 'character')} long, but start and end say {end - start}"
        )


def _offset(record: Mapping[str, object], name: str) -> int | None:
    value = record.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _FARTHEST:
        raise ValueError(f"{name} is not an offset: a whole number from 0")
    return value


def _text(record: Mapping[str, object], name: str, default: str | None = None) -> str:
    value = record.get(name, default)
    if not isinstance(value, str):
        raise ValueError(f"{name} is missing" if value is None else f"{name} is not a string")
    if storable(value) != value:
        raise ValueError(f"{name} holds half a character (a lone surrogate)")
    return value


def _name(record: Mapping[str, object], name: str) -> str:
    value = _text(record, name)
    if not value:
        raise ValueError(f"{name} is empty")
    return value


def _identifier(record: Mapping[str, object], name: str) -> str:
    value = _name(record, name)
    if _BROKEN_ID.search(value):
        raise ValueError(f"{name} holds white space or control characters")
    return value


def _tags(record: Mapping[str, object]) -> tuple[str, ...]:
    value = record.get("tags", [])
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise ValueError("tags is not a list of strings")
    return tag_names(value)


def _creator(record: Mapping[str, object]) -> str | None:
    return None if record.get("creator") is None else _text(record, "creator")


def _about(record: Mapping[str, object], start: int | None) -> str | None:
    if record.get("about") is None:
        return None
    value = _text(record, "about")
    if value == MATCH:
        if start is None:
            raise ValueError("about a match, but without the words: start and end are missing")
    elif not value.startswith(ENTITY) or value == ENTITY:
        raise ValueError(f"about {excerpt(value)!r} is neither {MATCH!r} nor {ENTITY!r} and an id")
    return value


def _moment(record: Mapping[str, object], name: str) -> str:
    value = _text(record, name)
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        return stamp(moment)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{name} is not a moment with a time zone, such as 2022-03-01T09:30:00Z") from error

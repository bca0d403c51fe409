"""Annotations made with other programs: W3C Web Annotation in any shape, hypothes.is exports.

They name a page by its address and words by a quote. The quote is looked for in the stored text of the
article that was taken from that address (:mod:`.settling`); where it doesn't stand there, the annotation is
kept with its quote, and shown as one whose words are not in the text.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from warreader.index.annotations.export import ARTICLE_URN
from warreader.index.annotations.importing import TOO_DEEP, items, read_w3c_item
from warreader.index.annotations.model import Annotation, tag_names
from warreader.index.errors import InputError
from warreader.index.stamps import stamp
from warreader.index.text import storable

_FARTHEST = 2**31
"""Code points: no text is as long."""

_SPACE = uuid.UUID("2a9b3f52-7f0e-4d53-8a3d-27d10a2f2f60")


@dataclass(frozen=True, slots=True)
class Foreign:
    """An annotation as another program states it.

    Args:
        source: the address of the page, or an article's id.
        exact: the quote, ``None`` for the page as a whole.
        start: where it stood in that program's text of the page, if told.
        created, modified: moments as ours are written, ``None`` where the file doesn't tell.
    """

    id: str
    source: str
    exact: str | None
    prefix: str
    suffix: str
    start: int | None
    note: str
    tags: tuple[str, ...]
    created: str | None
    modified: str | None
    creator: str | None


# W3C


def read_w3c_any(text: str) -> list[Annotation | Foreign]:
    """The annotations of a page, a collection's first page, a list, one annotation, or one a line.

    Ours come back as they were; of others, bodies that are no text become their address in the note,
    and selectors that are no quote leave the page as a whole.

    Raises:
        InputError: something in it is no annotation; ``place`` is the line or the item, from 1.
    """
    found: list[Annotation | Foreign] = []
    for place, item in items(text.removeprefix("\ufeff")):
        try:
            found += _w3c(item)
        except ValueError as error:
            raise InputError(str(error), place) from error
        except RecursionError as error:
            raise InputError(TOO_DEEP, place) from error
    return found


def _w3c(item: object) -> Iterator[Annotation | Foreign]:
    kinds = _list(item.get("type")) if isinstance(item, dict) else []
    if "AnnotationCollection" in kinds:
        raise ValueError("a collection whose pages are elsewhere; save its pages and import those")
    if not isinstance(item, dict) or "Annotation" not in kinds:
        raise ValueError("not an object of type Annotation")
    if ARTICLE_URN in json.dumps(item.get("target")) or "dcterms:identifier" in json.dumps(
        item.get("target")
    ):
        yield read_w3c_item(item)
        return
    note, tags = _bodies(item)
    created, modified = _moments(item.get("created"), item.get("modified"))
    creator = next(iter(_list(item.get("creator"))), None)
    if isinstance(creator, dict):
        creator = creator.get("name") or creator.get("nickname") or creator.get("id")
    targets = list(_flat(item.get("target")))
    if not targets:
        raise ValueError("an annotation without a target")
    identity = item.get("id")
    for number, target in enumerate(targets, 1):
        source, exact, prefix, suffix, start = _w3c_target(target)
        known = storable(identity) if isinstance(identity, str) and identity else None
        one = Foreign(
            known or _made_id(source, exact, note, *tags),
            source, exact, prefix, suffix, start, note, tags, created, modified,
            storable(creator) if isinstance(creator, str) else None,
        )  # fmt: skip
        if any(char.isspace() for char in one.id):
            raise ValueError("id holds white space")
        yield one if number == 1 else replace(one, id=f"{one.id}#target-{number}")


def _list(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


_SETS = {"Composite", "List", "Independents"}


def _flat(value: object) -> Iterator[object]:
    """Resources, those of sets one by one; of a choice the first."""
    for one in _list(value):
        kinds = set(map(str, _list(one.get("type")))) if isinstance(one, dict) else set()
        if isinstance(one, dict) and kinds & _SETS:
            yield from _flat(one.get("items"))
        elif isinstance(one, dict) and "Choice" in kinds:
            yield from list(_flat(one.get("items")))[:1]
        else:
            yield one


def _bodies(item: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    notes: list[str] = []
    tags: list[str] = []
    for body in (*_flat(item.get("body")), *_list(item.get("bodyValue"))):
        purpose: object = None
        if isinstance(body, dict):
            purpose = body.get("purpose", item.get("motivation"))
            value = body.get("value")
            if not isinstance(value, str):
                source = body.get("source", body.get("id"))
                value = source.get("id") if isinstance(source, dict) else source
        else:
            value = body
        if not isinstance(value, str):
            raise ValueError("a body is neither text nor an address")
        (tags if "tagging" in _list(purpose) else notes).append(storable(value))
    return "\n\n".join(notes), tag_names(tag for tag in tags if tag.strip())


def _w3c_target(target: object) -> tuple[str, str | None, str, str, int | None]:
    source: object = target
    selectors: list[object] = []
    if isinstance(target, dict):
        source = target.get("source", target.get("id"))
        selectors = _list(target.get("selector"))
    if isinstance(source, dict):
        source = source.get("id")
    if not isinstance(source, str) or not source.strip():
        raise ValueError("a target without an address")
    return storable(source), *_quoted(selectors)


def _quoted(selectors: Iterable[object]) -> tuple[str | None, str, str, int | None]:
    """Quote, prefix, suffix and start that selectors tell, those that refine others too."""
    exact: str | None = None
    prefix = suffix = ""
    start: int | None = None
    pending = deque(selectors)
    while pending:
        one = pending.popleft()
        if not isinstance(one, dict):
            continue
        pending += _list(one.get("refinedBy"))
        if one.get("type") == "TextQuoteSelector" and isinstance(one.get("exact"), str):
            exact = storable(one["exact"])
            prefix, suffix = (storable(str(one.get(name) or "")) for name in ("prefix", "suffix"))
        elif one.get("type") == "TextPositionSelector" and isinstance(one.get("start"), int):
            # Anywhere else than in a text it tells nothing.
            start = one["start"] if 0 <= one["start"] < _FARTHEST else None
    return exact or None, prefix, suffix, start


def _moments(created: object, modified: object) -> tuple[str | None, str | None]:
    made, changed = (None if value is None else moment(value) for value in (created, modified))
    return made, changed


def moment(value: object) -> str:
    """A moment as another program writes it, as ours are written.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, str):
        raise ValueError("a time is not a string")
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value[:40]!r} is no moment such as 2022-03-01T09:30:00Z") from error
    try:
        return stamp(read if read.tzinfo is not None else read.replace(tzinfo=UTC))
    except OverflowError as error:
        raise ValueError(f"{value[:40]!r} is before, or after, all years that can be told") from error


def _made_id(*parts: str | None) -> str:
    """An id made of what an annotation says, so that it is the same when it is read again."""
    return uuid.uuid5(_SPACE, storable("\0".join(part or "" for part in parts))).urn


# hypothes.is

_COLUMNS = {"created at": "created", "creation date": "created", "created": "created", "author": "user",
            "user": "user", "url": "uri", "uri": "uri", "quote": "exact", "comment": "text", "body": "text",
            "text": "text", "tags": "tags", "annotation/reply type": "kind", "type": "kind"}  # fmt: skip
"""Headings of its client's export (``annotations-exporter``), now and before they were renamed."""


def is_hypothesis(value: object) -> bool:
    """Whether JSON is an export of hypothes.is: its API's answer, its client's file, or a list of rows."""
    rows = _rows(value)
    return bool(rows) and all(isinstance(row, dict) and "uri" in row for row in rows[:20])


def _rows(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        value = value.get("rows", value.get("annotations"))
    return value if isinstance(value, list) else []


def read_hypothesis(value: object) -> tuple[list[Foreign], int]:
    """The annotations of an export in JSON, and how many replies it holds, which are left out.

    Raises:
        InputError: a row is no annotation; ``place`` is its number, from 1.
    """
    found, replies = [], 0
    for number, row in enumerate(_rows(value), 1):
        try:
            if not isinstance(row, dict):
                raise ValueError("not an object")
            if row.get("references"):
                replies += 1
            else:
                found.append(_hypothesis(row))
        except ValueError as error:
            raise InputError(str(error), f"row {number}") from error
    return found, replies


def _hypothesis(row: Mapping[str, object]) -> Foreign:
    uri, text, tags = row.get("uri"), row.get("text") or "", row.get("tags") or []
    if not isinstance(uri, str) or not uri:
        raise ValueError("uri is missing")
    if not isinstance(text, str):
        raise ValueError("text is not a string")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError("tags is not a list of strings")
    targets = [one for one in _list(row.get("target")) if isinstance(one, dict)]
    quote = _quoted(selector for target in targets for selector in _list(target.get("selector")))
    created, modified = _moments(row.get("created"), row.get("updated"))
    identity = row.get("id")
    named = f"urn:hypothesis:{identity}" if isinstance(identity, str) and identity.isprintable() else None
    user = row.get("user")
    return Foreign(
        named if named and " " not in named else _made_id(uri, quote[0], text, *tags),
        storable(uri), *quote, storable(text), tag_names(tag for tag in map(storable, tags) if tag.strip()),
        created, modified, _user(user),
    )  # fmt: skip


def _user(user: object) -> str | None:
    """``acct:name@host`` as the name alone."""
    if not isinstance(user, str) or not user:
        return None
    return storable(user.removeprefix("acct:").partition("@")[0]) or None


def _moment_or_none(value: str | None) -> str | None:
    """A table's time is written for people; what is no date of ours is taken for none."""
    try:
        return moment(value) if value else None
    except ValueError:
        return None


def is_hypothesis_csv(text: str) -> bool:
    """Whether a text is a table of annotations as hypothes.is exports it."""
    line = text.removeprefix("\ufeff").split("\n", 1)[0]
    head = {name.strip('"\r ').casefold() for name in line.split(_separator(line))}
    return {"quote", "tags"} <= head and bool({"url", "uri"} & head)


def _separator(line: str) -> str:
    """What parts the columns of a table: its client offers three."""
    return max(",;\t", key=line.count)


def read_hypothesis_csv(text: str) -> tuple[list[Foreign], int]:
    """The annotations of an export as a table, and how many replies it holds, which are left out.

    Raises:
        InputError: a record is no annotation; ``place`` is its line.
    """
    text = storable(text.removeprefix("\ufeff"))
    separator = _separator(text.split("\n", 1)[0])
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    found, replies = [], 0
    try:
        for record in reader:
            row = {
                _COLUMNS[name.strip().casefold()]: value or ""
                for name, value in record.items()
                if isinstance(name, str)
                and name.strip().casefold() in _COLUMNS
                and isinstance(value, str | None)
            }
            if row.get("kind", "").casefold() == "reply":
                replies += 1
                continue
            tags = tag_names(tag for tag in row.get("tags", "").split(",") if tag.strip())
            created = _moment_or_none(row.get("created"))
            if not (uri := row.get("uri", "")):
                raise InputError("a record without a URL", f"line {reader.line_num}")
            exact = row.get("exact") or None
            note = row.get("text", "")
            identity = _made_id(uri, exact, note, row.get("created"), row.get("user"))
            found.append(
                Foreign(
                    identity, uri, exact, "", "", None, note, tags, created, created, _user(row.get("user"))
                )
            )
    except (ValueError, csv.Error) as error:
        raise InputError(str(error), f"line {reader.line_num}") from error
    return found, replies

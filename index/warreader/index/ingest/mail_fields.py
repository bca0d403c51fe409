"""The header fields of a mail message, as far as they can be read, whatever is wrong with them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from warreader.index.errors import InputError
from warreader.index.ingest import charsets, plain

Mail: TypeAlias = "Message[str, str]"

_LONGEST = 10_000
"""Code points of a field that are looked at: parsing a field's parameters takes the square of their number."""

_NAMED = re.compile(r"(?P<name>[^<>]*+)<(?P<address>[^<>]*+)>")
_COMMENTED = re.compile(r"\s*+(?P<address>[^\s@()]++@[^\s()]++)\s*+\((?P<name>[^()]*+)\)\s*+$")

_MOST_PARTS = 20_000
"""Lines that may part a message: each part takes a thousand bytes of memory, however little it holds."""

_MOST_FIELDS = 100_000
_MOST_LINES = 3_000_000
"""Lines of a header, and of a message with all its parts: to tell ten million apart takes seconds and gigabytes."""

_BLANK = re.compile(rb"\n\r?\n|\r\r")
_COUNTED = re.compile(rb"(\d{1,9})[ \t]*\r?\n")
_BOUNDARY = re.compile(rb"^--([\w'()+,./:=?-]{1,70})\r?\nContent-", re.MULTILINE | re.IGNORECASE)


class _Bounded(Compat32):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST]


def message(data: bytes) -> Mail:
    """The message in these bytes.

    Blank lines, a byte order mark and the length that Apple Mail writes stand above it; parts that are
    kept apart by another boundary than the one in the header are found by that.

    Raises:
        InputError: it is broken beyond reading, or has more parts or lines than any message has.
    """
    if data.count(b"\n--") > _MOST_PARTS:
        raise InputError(f"a message of more than {_MOST_PARTS:,} parts; save its text instead")
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if counted := _COUNTED.match(data):
        data = data[counted.end() :][: int(counted[1])]
    ends = _BLANK.search(data)
    if _lines(data[: ends.start()] if ends else data) > _MOST_FIELDS:
        raise InputError(
            f"a message with more than {_MOST_FIELDS:,} lines above its text; save its text instead"
        )
    if _lines(data) > _MOST_LINES:
        raise InputError(f"a message of more than {_MOST_LINES:,} lines; save its text instead")
    try:
        found = message_from_bytes(data, policy=_Bounded())
        if found.get_content_maintype() == "multipart" and not found.is_multipart():
            boundary = _BOUNDARY.search(data)
            if boundary is not None:
                stated = b'Content-Type: multipart/mixed; boundary="' + boundary[1] + b'"\n'
                found = message_from_bytes(stated + data, policy=_Bounded())
        return found
    except (MessageError, ValueError, LookupError, RecursionError) as error:
        raise InputError("not a mail message, or broken beyond reading; save its text instead") from error


def _lines(data: bytes) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def raw(message: Mail, name: str) -> str | None:
    """The first field of this name (in lower case) on one line, with its encoded words as they are."""
    for key, value in message.raw_items():
        if key.lower() == name:
            data = str(value).encode("utf-8", "surrogateescape")
            try:
                text = plain.decode(data)
            except InputError:
                text = data.decode("latin-1")
            return " ".join(text.split())
    return None


def decoded(value: str) -> str:
    """A header's value with its encoded words (RFC 2047) decoded, as far as they can be."""
    try:
        parts = decode_header(value)
    except (MessageError, ValueError):
        return value
    words: list[str] = []
    for part, charset in parts:
        if isinstance(part, str):
            words.append(part)
            continue
        try:
            words.append(part.decode(charsets.known(charset) or "utf-8"))
        except ValueError:
            words.append(part.decode("utf-8", "replace"))
    return " ".join("".join(words).split())


def header(message: Mail, name: str) -> str | None:
    """The first field of this name (in lower case), decoded; ``None`` where it is missing or empty."""
    value = raw(message, name)
    return (decoded(value) or None) if value else None


def sender(message: Mail) -> tuple[str | None, str | None]:
    """The sender's display name and address."""
    value = raw(message, "from") or raw(message, "sender")
    return named(value) if value else (None, None)


def named(value: str) -> tuple[str | None, str | None]:
    """The name and the address in what says who sent a message."""
    found = _NAMED.match(value) or _COMMENTED.match(value)
    if found is None:
        return None, decoded(value)
    name = decoded(found["name"].strip().strip("\"' ").replace('\\"', '"')).strip("\"' ")
    return name or None, found["address"].strip() or None


def mailing_list(message: Mail) -> tuple[bool, str | None]:
    """Whether the message went to many, and what their list is called (RFC 2919)."""
    stated = header(message, "list-id")
    phrase = stated.partition("<")[0].strip("\"' ") if stated else ""
    listed = bool(stated) or any(message.get(name) for name in ("list-unsubscribe", "list-post"))
    return listed, phrase or None


def date(message: Mail) -> str | None:
    """When it was sent, with its zone; where that is missing or can't be, when the first server had it."""
    values = [raw(message, "date")]
    values += [str(value).rpartition(";")[2] for value in reversed(message.get_all("received", []))]
    for value in values:
        if not value:
            continue
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            if (stated := plain.iso_date(value)) is not None:
                return stated
            continue
        if moment.year >= 1980 and moment.replace(tzinfo=None) < _tomorrow():
            return moment.isoformat()
    return None


def _tomorrow() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None) + timedelta(days=2)

"""File formats: from a file to the articles in it. Text, Markdown and JSON lines."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from warreader.index.article import Metadata
from warreader.index.errors import InputError

MAX_BYTES = 64 * 1024 * 1024
"""Longest text file, and longest line of a JSON-lines file, that is read."""

_LONGEST_ID = 1000
"""Code points of a stated id that is kept whole: room for a url."""

_META_FIELDS = ("title", "outlet", "author", "date", "url", "language")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARK = "\ufeff"
# Control bytes that no text uses: a file with many of them is no text, whatever its name.
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})


@dataclass(frozen=True, slots=True)
class Raw:
    """An article as a file holds it. ``stated_id`` is true where the file itself gives the id."""

    id: str
    text: str
    meta: Metadata
    place: str | None
    stated_id: bool


def normalise(text: str) -> str:
    """Stored text: ``\\n`` line ends; lone surrogates, which no UTF-8 can hold, one for one as U+FFFD."""
    return _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def decode(data: bytes) -> str:
    """Decode a text file: UTF-8, or UTF-16 with a byte order mark.

    Raises:
        InputError: it is binary, or not valid in that encoding; names the byte, counted from 0.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise InputError(
                "not valid UTF-16; save it again as UTF-8", place=f"byte {error.start}"
            ) from error
    if len(data.translate(None, _CONTROL)) < 0.9 * len(data):
        raise InputError("a binary file, not text; save the article as text first")
    try:
        # The mark is taken off afterwards, so that the byte named counts from the file's first.
        return data.decode("utf-8").removeprefix(_MARK)
    except UnicodeDecodeError as error:
        raise InputError(
            "not valid UTF-8; convert it, for instance with: iconv -f WINDOWS-1252 -t UTF-8",
            place=f"byte {error.start}",
        ) from error


def read_text(path: Path) -> Iterator[Raw | InputError]:
    """A text or Markdown file: one article, its id the file's name without suffix."""
    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"larger than {MAX_BYTES // 2**20} MB; split it into its articles")
    text = normalise(decode(path.read_bytes()))
    if not text.strip():
        raise InputError("an empty file, nothing to read in it")
    yield Raw(printable_id(path.stem) or "article", text, Metadata(), None, stated_id=False)


def read_jsonl(path: Path) -> Iterator[Raw | InputError]:
    """A JSON-lines file, one article a line, read as a stream; a bad line is yielded as its error."""
    found = 0
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_BYTES + 1):
            number += 1
            place = f"line {number}"
            if len(line) > MAX_BYTES:
                while line and not line.endswith(b"\n"):
                    line = file.readline(MAX_BYTES)
                yield InputError(f"longer than {MAX_BYTES // 2**20} MB; split it", place)
            elif line.strip():
                try:
                    yield _raw(_parse(line), place, path.stem)
                except InputError as error:
                    yield InputError(error.reason, place)
            else:
                continue
            found += 1
    if not found:
        raise InputError("an empty file, nothing to read in it")


def _parse(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line.decode("utf-8").removeprefix(_MARK))
    except UnicodeDecodeError as error:
        raise InputError(
            f"not valid UTF-8 at byte {error.start} of the line; convert the file to UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:
        detail = (
            "too deep" if isinstance(error, RecursionError) else getattr(error, "msg", "a number too long")
        )
        raise InputError(f"not JSON ({detail}); each line must hold one JSON object") from error
    if not isinstance(value, dict):
        raise InputError('not a JSON object; each line must look like {"text": "..."}')
    return value


def _raw(value: dict[str, Any], place: str, stem: str) -> Raw:
    text = value.get("text")
    if not isinstance(text, str):
        raise InputError('no field "text" that holds a string')
    text = normalise(text)
    if not text.strip():
        raise InputError('its "text" is empty')
    meta = Metadata(**{name: _field(value, name) for name in _META_FIELDS})
    meta = replace(meta, date=iso_date(meta.date))
    given = value.get("id")
    if isinstance(given, int | str) and not isinstance(given, bool) and str(given).strip():
        return Raw(kept_id(str(given)), text, meta, place, stated_id=True)
    # A name of its own that stays the same however often the file is read.
    digest = hashlib.sha256("\0".join((meta.url or "", meta.outlet or "", text)).encode()).hexdigest()
    return Raw(f"{printable_id(stem) or 'article'}-{digest[:12]}", text, meta, place, stated_id=False)


def _field(value: dict[str, Any], name: str) -> str | None:
    field = value.get(name)
    if isinstance(field, bool) or not isinstance(field, str | int | float):
        return None
    return " ".join(_SURROGATE.sub("\ufffd", str(field)).split()) or None


def kept_id(stated: str) -> str:
    """A stated id, kept as it is unless it could not be shown or typed; then told apart by its digest."""
    if stated.isprintable() and len(stated) <= _LONGEST_ID:
        return stated
    digest = hashlib.sha256(stated.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{printable_id(stated)}-{digest[:12]}"


def printable_id(name: str) -> str:
    """A name fit for an id: no white space or control characters at the ends or inside."""
    return "".join(c if c.isprintable() else "-" for c in _SURROGATE.sub("\ufffd", name).strip()).replace(
        " ", "_"
    )[:200]


def iso_date(stated: str | None) -> str | None:
    """A stated date as ISO 8601, or ``None`` where it can't be read as one."""
    if not stated:
        return None
    if re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2]))?", stated):
        return stated
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        try:
            moment = parsedate_to_datetime(stated)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return moment.date().isoformat() if len(stated) <= 10 else moment.isoformat()


READERS: dict[str, Callable[[Path], Iterator[Raw | InputError]]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_text,
    ".markdown": read_text,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
}
"""Readers by file name suffix."""

KNOWN = ".txt, .md, .jsonl"


def read(path: Path) -> Iterator[Raw | InputError]:
    """The articles in a file; an article that can't be read comes as its error, and the rest goes on.

    Raises:
        InputError: nothing in the file can be read.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None and path.suffix:
        raise InputError(f"{path.suffix} files are not read yet; known are {KNOWN}")
    try:
        # A pipe would be waited for, a device read without end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError("not a file but a device, pipe or socket; save its content as a file first")
        yield from (reader or read_text)(path)
    except OSError as error:
        raise InputError(
            f"can't be read ({error.strerror or error}); check the file's permissions"
        ) from error


def files_under(folder: Path, unread: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """Files under a folder, in order of name, without hidden ones; links to folders aren't followed.

    Args:
        unread: told of every folder that can't be listed.
    """
    for parent, folders, names in os.walk(folder, onerror=unread):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(parent, name)

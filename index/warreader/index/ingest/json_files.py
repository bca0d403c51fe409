"""Files of JSON: lines, lists, and objects around them, read as streams of records."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from warreader.index.article import Failure
from warreader.index.errors import InputError
from warreader.index.ingest import json_shapes, pieces, plain, records
from warreader.index.ingest.json_values import Garbage, Scanner, TooLong
from warreader.index.ingest.pieces import Options, Piece, Source

_FIRST = 65_536
_GIVEN_UP = 100
"""Things in a JSON file that are no articles, after which it is not one of articles."""


def split_jsonl(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """JSON lines, one article a line. A line too long is a failure and the rest goes on."""
    with source.open() as stream:
        head = records.peeked(stream, 4096)
    _require_text(head)
    if _spread(head):
        yield from split_json(source, options)
        return
    found = number = at = 0
    with source.open() as raw:
        stream = _utf8(raw, head)
        while line := stream.readline(pieces.MAX_BYTES + 1):
            number += 1
            at += len(line)
            place = f"line {number}"
            if len(line) > pieces.MAX_BYTES:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(pieces.MAX_BYTES)
                    at += len(line)
                yield Failure(source.name, place, records.too_long())
            elif line.isspace():
                continue
            else:
                yield records.piece(source, options, line, place, at)
            found += 1
    if not found:
        raise InputError(records.EMPTY)


def _require_text(head: bytes) -> None:
    """Raise if what the file begins with is no text: each of its lines would be told, by the thousand.

    Zeros at its beginning are what a crash leaves of a block; lines may follow them.
    """
    if plain.is_binary(head.strip(b"\0")) and not plain.encoding_by_mark(head):
        raise InputError("a binary file, not JSON; check what was saved under this name")


def _spread(head: bytes) -> bool:
    """Whether what is called JSON lines is JSON written over several lines, or one list."""
    lines = head.removeprefix(records.MARK).lstrip().split(b"\n", 1)
    return lines[0].rstrip() in {b"{", b"["} or re.match(rb"\[\s*\{", lines[0]) is not None


def _is_lines(head: bytes) -> bool:
    """Whether what is called JSON is JSON lines: a line that breaks off is then told by its end."""
    first, end, rest = head.removeprefix(records.MARK).lstrip().partition(b"\n")
    if not end or not rest.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def split_json(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """A JSON file: one article, a list of articles, an object around such a list, or JSON lines.

    Lists are read as a stream. A broken item is a failure, and reading goes on
    at the next one that can be told.
    """
    with source.open() as stream:
        head = records.peeked(stream, _FIRST)
    _require_text(head)
    if _is_lines(head):
        yield from split_jsonl(source, options)
        return
    with source.open() as raw:
        scanner = Scanner(_utf8(raw, head))
        number = articles = 0
        waiting: Piece | None = None
        source = replace(source, hints=pieces.filled(json_shapes.shared(head), source.hints))
        for number, item in enumerate(scanner.articles(), 1):
            if waiting is not None:
                yield waiting
                waiting = None
            place = f"item {number}"
            articles += isinstance(item, bytes)
            if not articles and number > _GIVEN_UP:
                raise InputError(
                    'no articles in this JSON; each must be an object that looks like {"text": "..."}'
                )
            if isinstance(item, bytes) and json_shapes.is_wordless(item):
                continue
            if isinstance(item, bytes):
                waiting = records.piece(source, options, item, place, scanner.at)
            elif isinstance(item, TooLong):
                yield Failure(source.name, place, records.too_long())
            elif isinstance(item, Garbage):
                yield Failure(source.name, place, item.reason)
        if waiting is not None:
            yield replace(waiting, place=None) if number == 1 else waiting
    if not number:
        raise InputError(records.EMPTY if scanner.blank else "no articles in this JSON: its lists are empty")


class _Recoded(io.RawIOBase):
    """UTF-16 or UTF-32 as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
        self._waiting = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._waiting:
            self._waiting = self._text.read(8192).encode("utf-8", "replace")
        part, self._waiting = self._waiting[: len(buffer)], self._waiting[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _utf8(stream: BinaryIO, head: bytes) -> BinaryIO:
    encoding = plain.encoding_by_mark(head)
    return stream if encoding is None else io.BufferedReader(_Recoded(stream, encoding))

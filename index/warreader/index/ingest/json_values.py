"""JSON read as a stream of its values' bytes: where an article begins and ends, not what is in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from warreader.index.ingest import fields, json_shapes, pieces

_CHUNK = 256 * 1024
_DEEPEST = 4
"""Objects around a list of articles."""

_OPEN, _CLOSE = b"{[", b"}]"
_MARK = b"\xef\xbb\xbf"
_SPACE = re.compile(rb"[ \t\r\n]*+")
# Whatever bears no structure: whole strings, and all that is not a bracket.
_CONTENT = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_SCALAR = re.compile(rb"[^\s,:{}\[\]\"]*+")
_NEXT = re.compile(rb"\n[ \t]*(?=[{\[])")

_TEXTS = frozenset(fields.NAMES["text"][:8])
_LISTS = (
    "articles items results docs data documents value values hits entries records rows news posts stories list "
    "response messages feed export pages objects nodes edges graph @graph payload collection content"
)
LISTS = frozenset(_LISTS.split())
"""Plain names under which lists of articles are found, or the objects that hold them."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """A value longer than may be read; it was passed over."""


@dataclass(frozen=True, slots=True)
class Garbage:
    """Something that is no article."""

    reason: str


Item = bytes | TooLong | Garbage


class _End(Exception):
    """The data ends."""


class Scanner:
    """Finds the articles in JSON.

    Args:
        stream: read once, from where it stands; UTF-8, perhaps with a byte order mark.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self._pos = 0
        self._base = 0
        # Where in the buffer the value begins that is to be kept whole, and whether it still can be.
        self._kept: list[int] = []
        self.blank = True

    @property
    def at(self) -> int:
        """Bytes read so far."""
        return self._base + self._pos

    def articles(self) -> Iterator[Item]:
        """The bytes of each article, and what stands in the place of one."""
        self._fill()
        if self._buffer.startswith(_MARK):
            self._pos = len(_MARK)
        while (begin := self._peek()) is not None:
            self.blank = False
            try:
                if begin == b"[":
                    self._pos += 1
                    yield from self._items()
                elif begin == b"{":
                    yield from self._object()
                else:
                    yield Garbage(f"not JSON at byte {self.at}; each article must be one JSON object")
                    self._resume()
            except _End:
                yield Garbage("the file ends inside it; get the file again, whole")
                return

    # the buffer

    def _fill(self) -> bool:
        # In proportion to what is kept, so that a long value isn't copied over and over.
        more = self._stream.read(max(_CHUNK, len(self._buffer) // 2))
        if not more:
            return False
        start = min(
            (kept for kept in self._kept if kept >= len(self._buffer) - pieces.MAX_BYTES and kept >= 0),
            default=self._pos,
        )
        # What can't be kept any longer, as it is too long, is told by a beginning below zero.
        self._kept = [kept - start if kept >= start else -1 for kept in self._kept]
        self._buffer = self._buffer[start:] + more
        self._base += start
        self._pos -= start
        return True

    def _peek(self) -> bytes | None:
        """The next byte that is no white space, where the scanner then stands; ``None`` at the end."""
        while True:
            match = _SPACE.match(self._buffer, self._pos)
            self._pos = match.end() if match else self._pos
            if self._pos < len(self._buffer):
                return self._buffer[self._pos : self._pos + 1]
            if not self._fill():
                return None

    def _need(self) -> bytes:
        if (found := self._peek()) is None:
            raise _End
        return found

    def _resume(self) -> None:
        """Go on at the next line that begins as JSON does."""
        while True:
            if match := _NEXT.search(self._buffer, self._pos):
                self._pos = match.end()
                return
            self._pos = max(self._pos, len(self._buffer) - 100)
            if not self._fill():
                self._pos = len(self._buffer)
                return

    # values

    def _value(self) -> bytes | TooLong:
        """The value that begins here, its bytes as they are."""
        self._kept.append(self._pos)
        try:
            self._pass()
            begin = self._kept[-1]
            if begin < 0 or self._pos - begin > pieces.MAX_BYTES:
                return TooLong()
            return self._buffer[begin : self._pos]
        finally:
            self._kept.pop()

    def _pass(self) -> None:
        """Go to the end of the value that begins here."""
        begin = self._need()
        if begin == b'"':
            self._pass_string()
            return
        if begin not in (b"{", b"["):
            self._pass_scalar()
            return
        depth = 0
        while True:
            match = _CONTENT.match(self._buffer, self._pos)
            self._pos = match.end() if match else self._pos
            if self._pos == len(self._buffer):
                if not self._fill():
                    raise _End
                continue
            sign = self._buffer[self._pos]
            if sign == 0x22:
                self._pass_string()
                continue
            self._pos += 1
            depth += 1 if sign in _OPEN else -1
            if depth == 0:
                return

    def _pass_string(self) -> None:
        self._pos += 1
        while True:
            match = _IN_STRING.match(self._buffer, self._pos)
            self._pos = match.end() if match else self._pos
            if self._buffer[self._pos : self._pos + 1] == b'"':
                self._pos += 1
                return
            if not self._fill():
                raise _End

    def _pass_scalar(self) -> None:
        began = self.at
        while True:
            match = _SCALAR.match(self._buffer, self._pos)
            self._pos = match.end() if match else self._pos
            if self._pos < len(self._buffer) or not self._fill():
                break
        if self.at == began:
            # A sign that begins nothing: it must not hold up the rest.
            self._pos += 1

    # articles

    def _object(self) -> Iterator[Item]:
        """The articles of the lists in the object that begins here; the object itself where it holds none."""
        self._kept.append(self._pos)
        found = False
        for item in self._within(0):
            found = True
            # It is no article itself, and need not be kept.
            self._kept[0] = -1
            yield item
        begin = self._kept.pop()
        if not found:
            if begin < 0 or self._pos - begin > pieces.MAX_BYTES:
                yield TooLong()
                return
            whole = self._buffer[begin : self._pos]
            yield from json_shapes.unfolded(whole) or (whole,)

    def _within(self, depth: int) -> Iterator[Item]:
        """The articles of the lists in the object that begins here, which is passed over."""
        self._pos += 1
        text = False
        while (begin := self._need()) != b"}":
            if begin in b",:":
                self._pos += 1
                continue
            name = _name(self._value())
            if self._need() == b":":
                self._pos += 1
            begin = self._need()
            if begin == b"{" and name in LISTS and not text and depth < _DEEPEST:
                yield from self._within(depth + 1)
            elif begin == b"[" and name in LISTS and not text:
                yield from self._listed(name)
            elif begin != b"}":
                text = text or (begin == b'"' and name in _TEXTS)
                self._pass()
        self._pos += 1

    def _listed(self, name: str) -> Iterator[Item]:
        """The articles of the list that begins here, if by its first item it is a list of articles."""
        self._pos += 1
        first = self._value() if self._need() == b"{" else None
        articles = isinstance(first, TooLong) or (first is not None and _is_article(first, name))
        if articles and first is not None:
            yield first
        for item in self._items():
            if articles:
                yield item

    def _items(self) -> Iterator[Item]:
        """What is left of the list in which this stands."""
        while (begin := self._need()) != b"]":
            if begin in b",:":
                self._pos += 1
                continue
            item = self._value()
            if begin == b"{" or isinstance(item, TooLong):
                yield item
            else:
                yield Garbage('not a JSON object; each article must look like {"text": "..."}')
        self._pos += 1


def _name(value: bytes | TooLong) -> str:
    try:
        name: Any = json.loads(value) if isinstance(value, bytes) else ""
    except ValueError:
        return ""
    return fields.plain_name(name) if isinstance(name, str) else ""


def _is_article(data: bytes, name: str) -> bool:
    """Whether the first item of a list called so is an article, not a paragraph, an author or a picture."""
    try:
        record = fields.named(json.loads(data))
    except (ValueError, RecursionError):
        return False
    told = [
        any(record.get(field) for field in fields.NAMES[ours])
        for ours in ("text", "title", "url", "date", "author")
    ]
    return sum(told) >= (1 if name == "articles" else 2)

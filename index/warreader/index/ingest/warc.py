"""Web crawls: WARC files (ISO 28500), plain or gzipped (by record or whole), and their text extracts (WET).

The records are read here and not with warcio: that ends without a word at a damaged gzip
member, writes to standard error, and holds lines and unpacked bodies of any length in memory.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from warreader.index.article import Failure, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import http
from warreader.index.ingest.pieces import MAX_BYTES, Options, Piece, Source, filled

_FORMS = {
    ".html": "html",
    ".mhtml": "mhtml",
    ".txt": "plain",
    ".md": "markdown",
    ".pdf": "pdf",
    ".docx": "docx",
    ".epub": "epub",
    ".rss": "feed",
}
_TYPES = frozenset({"response", "resource", "conversion"})
_SCHEMES = frozenset({"http", "https", "ftp", "file"})
_GZIP = b"\x1f\x8b\x08"
_NEXT = b"\r\n\r\nWARC/1."
_WINDOW = 256 * 1024
_LONGEST_LINE = 64 * 1024
_MOST_FIELDS = 1000
_HEAD = 4096


class _Broken(Exception):
    """No record where one should begin, or the end in the middle of one."""


class _Unpacked(io.RawIOBase):
    """The content of gzip members that follow one another.

    ``member`` is where in the packed stream the one begins that is being read.
    """

    def __init__(self, stream: BinaryIO, at: int, head: bytes) -> None:
        self._stream = stream
        self._packed = head
        self._read = at + len(head)
        self._unpacker: zlib._Decompress | None = None
        self.member = at

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while True:
            if not self._packed:
                self._packed = self._stream.read(_WINDOW)
                self._read += len(self._packed)
            if self._unpacker is None:
                # Tapes and some tools pad the end with zeros.
                self._packed = self._packed.lstrip(b"\0")
            if not self._packed:
                if self._unpacker is not None:
                    raise _Broken("the file is cut off here")
                return 0
            if self._unpacker is None:
                self._unpacker = zlib.decompressobj(31)
                self.member = self._read - len(self._packed)
            data = self._unpacker.decompress(self._packed, len(buffer))
            self._packed = self._unpacker.unconsumed_tail
            if self._unpacker.eof:
                self._packed = self._unpacker.unused_data
                self._unpacker = None
            if data:
                buffer[: len(data)] = data
                return len(data)


@dataclass(frozen=True, slots=True)
class _Record:
    """A record's header fields (names in lower case), its block (``None``: too long), the bytes read up to its end."""

    fields: dict[str, str]
    block: bytes | None
    at: int

    @property
    def url(self) -> str:
        return self.fields.get("warc-target-uri", "").strip("<>")


class _Reader:
    """Reads records one after another, and finds the next one where one is broken."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._begin(0)
        self._packed = self._members is not None

    def _begin(self, at: int) -> None:
        head = self._stream.read(len(_GZIP))
        self._start = self._at = at
        self._resume = at + 1
        self._members = _Unpacked(self._stream, at, head) if head == _GZIP else None
        self._inner = self._stream if self._members is None else io.BufferedReader(self._members, _WINDOW)
        self._pushed = head if self._members is None else b""

    def _readline(self) -> bytes:
        line = self._pushed + self._inner.readline(_LONGEST_LINE)
        self._pushed = b""
        self._at += len(line)
        return line

    def _read(self, length: int) -> bytes:
        parts: list[bytes] = []
        while length and (data := self._inner.read(min(length, _WINDOW))):
            parts.append(data)
            length -= len(data)
            self._at += len(data)
        return b"".join(parts)

    @property
    def start(self) -> int:
        """Where the record that is being read begins, in bytes of the file; in a gzipped one, where its member does."""
        return self._start if self._members is None else self._members.member

    def _position(self) -> int:
        return self._at if self._members is None else self._members.member

    def records(self) -> Iterator[_Record]:
        """The records from here on.

        Raises:
            _Broken, zlib.error: one can't be read; :meth:`recover` finds the next.
        """
        while line := self._readline():
            if not line.strip():
                continue
            self._start = self._at - len(line)
            if not line.startswith(b"WARC/"):
                raise _Broken("no record begins here")
            fields = self._fields()
            self._resume = self._at
            stated = fields.get("content-length", "")
            if not stated.isdecimal() or len(stated) > 15:
                raise _Broken("a record that states no length")
            yield from self._record(fields, int(stated))

    def _fields(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        for _ in range(_MOST_FIELDS):
            line = self._readline().strip()
            if not line:
                return fields
            name, _, value = line.decode("utf-8", "replace").partition(":")
            fields.setdefault(name.strip().lower(), value.strip())
        raise _Broken("a record with too many header fields")

    def _record(self, fields: dict[str, str], length: int) -> Iterator[_Record]:
        # Its HTTP header comes on top of the longest content.
        if length > MAX_BYTES + _WINDOW:
            left = length
            while left and (data := self._inner.read(min(left, _WINDOW))):
                left -= len(data)
                self._at += len(data)
            yield _Record(fields, None, self._position())
        else:
            block = self._read(length)
            left = length - len(block)
            if left:
                # A length that is too great takes in what follows.
                block = block.partition(_NEXT)[0]
            yield _Record(fields, block, self._position())
        if left:
            raise _Broken("the file is cut off in a record")

    def recover(self) -> bool:
        """Go to the next record after a broken one; false where there is none or the stream can't be moved in."""
        if not self._stream.seekable():
            return False
        at = self._resume if self._members is None else self._members.member + 1
        while (found := self._find(_GZIP if self._packed else b"\nWARC/", at)) is not None:
            start = found if self._packed else found + 1
            if not self._packed or self._is_member(start):
                self._stream.seek(start)
                self._begin(start)
                return True
            at = found + 1
        return False

    def _find(self, mark: bytes, at: int) -> int | None:
        self._stream.seek(at)
        held = b""
        while data := self._stream.read(_WINDOW):
            held += data
            if (found := held.find(mark)) >= 0:
                return at + found
            at += max(0, len(held) - len(mark) + 1)
            held = held[-len(mark) + 1 :]
        return None

    def _is_member(self, at: int) -> bool:
        self._stream.seek(at)
        try:
            return zlib.decompressobj(31).decompress(self._stream.read(_HEAD), 5) == b"WARC/"
        except zlib.error:
            return False


def split(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """Every page, text, feed and document that was fetched with success, as a stream; a record, a piece.

    Passed over are revisits, requests, metadata, images, scripts, ``robots.txt`` and
    answers other than 200. A piece's ``hints.url`` is the record's address; when it was
    crawled is no date of publication. After a broken record reading goes on at the next
    one, where the stream can be moved in.

    Raises:
        InputError: it holds no records.
    """
    del options
    found = given = False
    with source.open() as stream:
        reader = _Reader(stream)
        while True:
            try:
                for record in reader.records():
                    found = True
                    for piece in _pieces(source, record):
                        given = True
                        yield piece
                break
            except (_Broken, zlib.error) as error:
                told = str(error) if isinstance(error, _Broken) else "damaged gzip"
                place = f"byte {reader.start}"
                more = reader.recover()
                if not more and not found:
                    raise InputError(
                        f"no WARC file, or not a whole one ({told}); copy it again", place
                    ) from error
                given = True
                then = "reading goes on at the next record" if more else "nothing after it was read"
                yield Failure(
                    source.name, place, f"{told}; {then}; copy the file again if it should be whole"
                )
                if not more:
                    return
    if not given:
        what = "pages, texts or documents" if found else "records"
        raise InputError(f"no {what} in it; check that it is a crawl, copied whole")


def _pieces(source: Source, record: _Record) -> Iterator[Piece | Failure]:
    url = record.url
    try:
        address = urlsplit(url)
    except ValueError:
        return
    if (
        record.fields.get("warc-type") not in _TYPES
        or address.scheme.lower() not in _SCHEMES
        or address.path == "/robots.txt"
    ):
        return
    name = unquote(address.path).rpartition("/")[2]
    try:
        found = _content(record, name)
    except InputError as error:
        yield Failure(source.name, url, error.reason)
        return
    if found is not None:
        suffix, data = found
        stem = name.removesuffix(suffix) or address.netloc or source.stem
        # A page's article is told from another page's by its address, from the page's older version by its text.
        origin = f"{source.origin}#{url}"
        hints = filled(Metadata(url=url), source.hints)
        piece = source.piece(_FORMS[suffix], data, url, record.at)
        yield replace(piece, origin=origin, stem=stem, hints=hints)


def _content(record: _Record, name: str) -> tuple[str, bytes] | None:
    """The suffix and bytes of what was fetched; ``None`` where it is nothing that is read."""
    if record.block is None:
        raise InputError(f"longer than {MAX_BYTES // 2**20} MB; split it into its articles")
    kind = record.fields.get("content-type", "")
    if kind.lower().startswith("application/http") or record.block.startswith(b"HTTP/"):
        answer = http.answer(record.block)
    else:
        answer = http.Answer(200, {"content-type": kind}, record.block)
    if answer.status != 200:
        return None
    content = cache(partial(http.content, answer))
    suffix = http.suffix(answer, name, lambda: content()[:_HEAD])
    if suffix not in _FORMS:
        return None
    data = content()
    if _FORMS[suffix] not in ("html", "plain", "markdown"):
        return suffix, data
    return None if b"\0" in data[:_HEAD] and not answer.charset else (suffix, http.utf8(answer, data))

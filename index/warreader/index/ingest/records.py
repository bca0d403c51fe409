"""Records: JSON lines, JSON and CSV, one article each, whatever their fields are called."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO, TypedDict

from warreader.index.article import Failure
from warreader.index.errors import InputError
from warreader.index.ingest import fields, fragments, json_shapes, pieces, plain
from warreader.index.ingest.json_values import Garbage, Scanner, TooLong
from warreader.index.ingest.pieces import Options, Piece, Raw, Source

_MARK = b"\xef\xbb\xbf"
_EMPTY = "an empty file, nothing to read in it"
_DELIMITER_NAMED = re.compile(r'\ufeff?"?sep=([^\w\s"]|\t)', re.IGNORECASE)
_COMMAS = re.compile(r'("(?:[^"\\]++|\\.)*+")|,(\s*[}\]])|,\s*\Z', re.DOTALL)
"""Strings, and the commas outside of them that nothing follows."""
_RESCUES = 20
_MOST_LINES = 50_000
"""Lines of one row; where there are more, a quotation mark was not closed."""

_FIRST = 65_536
_GIVEN_UP = 100
"""Things in a JSON file that are no articles, after which it is not one of articles."""

_KINDS = {
    bool: "true or false",
    type(None): "null",
    list: "a list without texts",
    dict: "an object without one",
}

_HEAD = 1024 * 1024
"""Bytes from a table's beginning that its encoding and delimiter are told by."""


# -- JSON lines


def split_jsonl(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """JSON lines, one article a line. A line too long is a failure and the rest goes on."""
    with source.open() as stream:
        head = _peeked(stream, 4096)
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
                yield Failure(source.name, place, _too_long())
            elif line.isspace():
                continue
            else:
                yield _piece(source, options, line, place, at)
            found += 1
    if not found:
        raise InputError(_EMPTY)


def _spread(head: bytes) -> bool:
    """Whether what is called JSON lines is JSON written over several lines, or one list."""
    lines = head.removeprefix(_MARK).lstrip().split(b"\n", 1)
    return lines[0].rstrip() in {b"{", b"["} or re.match(rb"\[\s*\{", lines[0]) is not None


def _is_lines(head: bytes) -> bool:
    """Whether what is called JSON is JSON lines: a line that breaks off is then told by its end."""
    first, end, rest = head.removeprefix(_MARK).lstrip().partition(b"\n")
    if not end or not rest.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _too_long() -> str:
    return f"longer than {pieces.MAX_BYTES // 2**20} MB; split it"


def _piece(source: Source, options: Options, data: bytes, place: str | None, at: int) -> Piece:
    return Piece(
        "record", data, source.name, place, source.origin, source.stem, source.hints, at, options.mapping
    )


def _peeked(stream: BinaryIO, size: int) -> bytes:
    """The first bytes; a stream that is unpacked on the way may give fewer at a time."""
    head = b""
    while len(head) < size and (more := stream.read(size - len(head))):
        head += more
    return head


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


# -- JSON


def split_json(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """A JSON file: one article, a list of articles, an object around such a list, or JSON lines.

    Lists are read as a stream. A broken item is a failure, and reading goes on
    at the next one that can be told.
    """
    with source.open() as stream:
        head = _peeked(stream, _FIRST)
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
                waiting = _piece(source, options, item, place, scanner.at)
            elif isinstance(item, TooLong):
                yield Failure(source.name, place, _too_long())
            elif isinstance(item, Garbage):
                yield Failure(source.name, place, item.reason)
        if waiting is not None:
            yield replace(waiting, place=None) if number == 1 else waiting
    if not number:
        raise InputError(_EMPTY if scanner.blank else "no articles in this JSON: its lists are empty")


# -- tables


def split_csv(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """A table with the names of its columns in the first row, delimited by commas, semicolons, tabs or bars.

    Rows are counted as a spreadsheet counts them: the names are row 1.
    """
    with source.open() as stream:
        head = _peeked(stream, _HEAD)
    if not head.strip():
        raise InputError(_EMPTY)
    csv.field_size_limit(pieces.MAX_BYTES)
    with source.open() as raw:
        yield from _Table(source, options, raw, head).rows()


class _Table:
    """A table on its way from bytes to rows."""

    def __init__(self, source: Source, options: Options, raw: BinaryIO, head: bytes) -> None:
        self._source = source
        self._options = options
        self._encoding = _table_encoding(head)
        # What isn't valid in the encoding of the beginning is kept, and told cell by cell.
        errors = "replace" if self._encoding.startswith("utf-16") else "surrogateescape"
        self._text = io.TextIOWrapper(raw, self._encoding, errors=errors, newline="")
        beginning = head[:65_536].decode(self._encoding, "replace").lstrip()
        self._delimiter = _delimiter(beginning)
        self._dialect = _dialect(beginning, self._delimiter)
        self._waiting: deque[str] = deque()
        self._held: list[str] = []
        self._line = 0
        self._ended = False
        self._rescues = 0
        self._read = 0

    def rows(self) -> Iterator[Piece | Failure]:
        columns: list[str] | None = None
        number = found = 0
        reader = self._reader()
        while True:
            self._held.clear()
            number += 1
            try:
                row = next(reader, None)
            except csv.Error as error:
                yield self._failure(number, f"not a row of a table ({error}); check its quotation marks")
                continue
            if row is None:
                break
            if self._ended:
                # The reader asks for more after the last line only where a mark is open.
                yield self._failure(number, self._unclosed())
                reader = self._reader()
            elif any(cell and not cell.isspace() for cell in row) and not _names_delimiter(row):
                if columns is None:
                    columns = [cell.removeprefix("\ufeff").strip() for cell in row]
                    _check_columns(columns, self._options.mapping)
                else:
                    found += 1
                    yield self._row(columns, row, number)
        if not found:
            raise InputError("a table without rows, nothing to read in it" if columns else _EMPTY)

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines(), delimiter=self._delimiter, **self._dialect)

    def _lines(self) -> Iterator[str]:
        while len(self._held) < _MOST_LINES:
            line = self._waiting.popleft() if self._waiting else self._text.readline(pieces.MAX_BYTES)
            if not line:
                break
            self._read += self._size(line)
            self._line += 1
            self._held.append(line)
            yield line
        self._ended = True

    def _unclosed(self) -> str:
        """Have the lines after an unclosed quotation mark read again, as rows of their own; what is to be said."""
        began = self._line - len(self._held) + 1
        self._rescues += 1
        # Each time at least one line is done with; a table made of nothing but open marks is given up.
        again = self._held[1:] if self._rescues <= _RESCUES else []
        self._waiting.extendleft(reversed(again))
        self._line -= len(again)
        self._read -= sum(map(self._size, again))
        self._ended = False
        return f"the quotation mark in line {began} is never closed; close it, or save the table again"

    def _size(self, line: str) -> int:
        return len(line) if line.isascii() else len(line.encode(self._encoding, "replace"))

    def _row(self, columns: list[str], row: list[str], number: int) -> Piece | Failure:
        if any(row[len(columns) :]):
            return self._failure(
                number,
                f"{len(row)} fields where the first row names {len(columns)}; "
                f"put fields that hold {self._delimiter!r} in quotation marks",
            )
        record: dict[str, str] = {}
        for column, cell in zip(columns, row, strict=False):
            if cell and cell not in fields.MISSING and not record.get(column):
                record[column] = _repaired(cell, self._encoding)
        data = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
        if len(data) > pieces.MAX_BYTES:
            return self._failure(number, _too_long())
        return _piece(self._source, self._options, data, f"row {number}", self._read)

    def _failure(self, number: int, reason: str) -> Failure:
        return Failure(self._source.name, f"row {number}", reason)


def _table_encoding(head: bytes) -> str:
    if marked := plain.encoding_by_mark(head):
        return marked
    if plain.is_binary(head):
        raise InputError("a binary file, not a table; save it as CSV")
    # Cut at a line: a character must not be cut in half.
    whole = head[: head.rfind(b"\n") + 1] or head
    return plain.encoding(whole) or "utf-8"


def _delimiter(head: str) -> str:
    """The one by which the first row falls into most names that are known, then into most fields."""
    if match := _DELIMITER_NAMED.match(head):
        return match[1]

    def told(delimiter: str) -> tuple[int, int]:
        row = next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
        names = {fields.plain_name(cell) for cell in row}
        return sum(not names.isdisjoint(known) for known in fields.NAMES.values()), len(row)

    return max(",;\t|", key=told)


class _Dialect(TypedDict, total=False):
    skipinitialspace: bool
    escapechar: str


def _dialect(head: str, delimiter: str) -> _Dialect:
    """How a table departs from RFC 4180: a blank after each delimiter, marks behind backslashes instead of doubled."""
    found: _Dialect = {}
    first = head.partition("\n")[0]
    if delimiter != "\t" and first.count(delimiter) == first.count(delimiter + " ") > 0:
        found["skipinitialspace"] = True
    mark = re.escape(delimiter)
    if re.search(r'[^\\]\\"(?!\s*(?:' + mark + r"|\n|\r|\Z))", head) and not re.search(
        r'[^"' + mark + r'\n]""[^"]', head
    ):
        found["escapechar"] = "\\"
    return found


def _names_delimiter(row: list[str]) -> bool:
    """Whether this is the line by which Excel is told the delimiter: ``sep=;``."""
    return len(row) <= 2 and row[0].removeprefix("\ufeff").lower().startswith("sep=") and not any(row[1:])


def _check_columns(columns: list[str], mapping: Mapping[str, str]) -> None:
    names = {fields.plain_name(column) for column in columns}
    if names.isdisjoint((*fields.NAMES["text"], *fields.SHORT)) and mapping.get("text") not in columns:
        raise InputError(
            f"no column that holds texts; its columns are: {_listed(columns)}; "
            "name the right one with: --map text=COLUMN"
        )


def _repaired(cell: str, encoding: str) -> str:
    """A cell of which some bytes are not in the table's encoding, in its own."""
    try:
        cell.encode()
    except UnicodeEncodeError:
        data = cell.encode(encoding, "surrogateescape")
        return data.decode(plain.encoding(data) or encoding, "replace")
    return cell


# -- from a record to an article


def parse(piece: Piece) -> Iterator[Raw]:
    """The article in a record: its text as the record holds it, but for markup and line ends."""
    try:
        value = _loaded(piece.data)
        yield article(value, piece)
    except RecursionError as error:
        raise InputError("not JSON (too deep); each article must be one JSON object") from error


def article(value: Mapping[str, Any], piece: Piece) -> Raw:
    """The article that a record's fields state.

    Args:
        value: the record.
        piece: where it was read, for the id and the mapping.

    Raises:
        InputError: it holds no text.
    """
    record = fields.named(value, piece.mapping)
    found = fields.text_of(record)
    if found is None:
        raise InputError(_no_text(value, piece.mapping))
    name, stated = found
    meta = fields.metadata(record)
    if meta.author and meta.author == piece.hints.outlet:
        # A channel signs its own posts.
        meta = replace(meta, author=None)
    text, kinds, meta = fragments.without_markup(
        stated, meta, exact=name == "text" and "text" not in piece.mapping
    )
    text = plain.normalise(text)
    if not text.strip():
        raise InputError(f'its "{name}" is empty')
    given = fields.stated_id(record)
    if given is None:
        return Raw(plain.made_id(piece.stem, meta, text), text, meta, piece.place, kinds=kinds)
    return Raw(plain.kept_id(given), text, meta, piece.place, stated_id=True, kinds=kinds)


def _loaded(data: bytes) -> dict[str, Any]:
    try:
        value = _parsed(data.removeprefix(_MARK).decode())
    except UnicodeDecodeError as error:
        encoding = plain.encoding(data)
        if encoding is None:
            raise InputError(
                f"not valid UTF-8 at byte {error.start} of it; convert the file to UTF-8"
            ) from error
        return _loaded(data.removeprefix(_MARK).decode(encoding, "replace").encode())
    except (ValueError, RecursionError) as error:
        told = str(getattr(error, "msg", "a number too long")).removesuffix(" at")
        detail = "too deep" if isinstance(error, RecursionError) else told
        raise InputError(f"not JSON ({detail}); each article must be one JSON object") from error
    if not isinstance(value, dict):
        raise InputError('not a JSON object; each article must look like {"text": "..."}')
    return value


def _parsed(data: str) -> Any:
    """JSON; forgiven are control characters in strings, and commas before a closing bracket or at the end."""
    try:
        return json.loads(data, strict=False)
    except ValueError:
        plain = _COMMAS.sub(lambda match: match[1] or match[2] or "", data)
        if plain == data:
            raise
        return json.loads(plain, strict=False)


def _no_text(value: Mapping[str, Any], mapping: Mapping[str, str]) -> str:
    wanted = mapping.get("text", "text")
    if (held := value.get(wanted, "")) != "" and not isinstance(held, str):
        kind = _KINDS.get(type(held), "a number")
        return f'its "{wanted}" is {kind}, not a text; name the right field with: --map text=FIELD'
    names = _listed(list(value))
    return (
        f'no field "{wanted}" that holds a text; its fields are: {names}; '
        "name the right one with: --map text=FIELD"
    )


def _listed(names: list[str]) -> str:
    shown = ["".join(c if c.isprintable() else "\ufffd" for c in name[:40]) for name in names[:15]]
    more = [f"and {len(names) - 15} more"] if len(names) > 15 else []
    return ", ".join([name or '""' for name in shown] + more) or "none"

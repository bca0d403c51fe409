"""Tables: delimited by commas, semicolons, tabs or bars, read as streams of records."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import BinaryIO, TypedDict

from warreader.index.article import Failure
from warreader.index.counting import many
from warreader.index.errors import InputError
from warreader.index.ingest import fields, pieces, plain, records
from warreader.index.ingest.pieces import Options, Piece, Source

_DELIMITER_NAMED = re.compile(r'\ufeff?"?sep=([^\w\s"]|\t)', re.IGNORECASE)
_RESCUES = 20
_MOST_LINES = 50_000
"""Lines of one row; where there are more, a quotation mark was not closed."""
_HEAD = 1024 * 1024
"""Bytes from a table's beginning that its encoding and delimiter are told by."""


def split_csv(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """A table with the names of its columns in the first row, delimited by commas, semicolons, tabs or bars.

    Rows are counted as a spreadsheet counts them: the names are row 1.
    """
    with source.open() as stream:
        head = records.peeked(stream, _HEAD)
    if not head.strip():
        raise InputError(records.EMPTY)
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
            raise InputError("a table without rows, nothing to read in it" if columns else records.EMPTY)

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
                f"{many(len(row), 'field')} where the first row names {len(columns)}; "
                f"put fields that hold {self._delimiter!r} in quotation marks",
            )
        record: dict[str, str] = {}
        for column, cell in zip(columns, row, strict=False):
            if cell and cell not in fields.MISSING and not record.get(column):
                record[column] = _repaired(cell, self._encoding)
        data = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
        if len(data) > pieces.MAX_BYTES:
            return self._failure(number, records.too_long())
        return records.piece(self._source, self._options, data, f"row {number}", self._read)

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
    mapped = "text" in mapping and fields.same_name(mapping["text"], columns) is not None
    if names.isdisjoint((*fields.NAMES["text"], *fields.SHORT)) and not mapped:
        raise InputError(
            f"no column that holds texts; its columns are: {records.listed(columns)}; "
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

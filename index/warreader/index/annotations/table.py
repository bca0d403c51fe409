"""Our own table of annotations, as it comes back from a spreadsheet (:func:`.export.to_csv`)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from warreader.index.annotations.export import FORMULA
from warreader.index.annotations.model import ENTITY, MATCH, tag_names
from warreader.index.errors import InputError
from warreader.index.stamps import stamp
from warreader.index.text import storable

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_TAG = re.compile(r"""\s*"((?:[^"]|"")+)"\s*(?=;|$)|([^;]+)""")
"""One tag of a list parted by semicolons; in quotation marks it may hold some itself."""
_COLUMNS = frozenset(("article", "start", "exact", "note", "tags", "id"))
"""By which it is known."""
_HALF = "fewer fields than the head has; a line break within a field must be in quotation marks"


@dataclass(frozen=True, slots=True)
class Row:
    """An annotation as a row tells it; its context, and what a spreadsheet broke, is unknown.

    Args:
        start: code points into the text of the article; ``None`` for the article as a whole.
        created, modified: moments as ours are written.
    """

    id: str
    article: str
    start: int | None
    exact: str
    note: str
    tags: tuple[str, ...]
    created: str | None
    modified: str | None
    creator: str | None
    about: str | None


def is_table(text: str) -> bool:
    """Whether a text is our table of annotations."""
    line = text.removeprefix("\ufeff").split("\n", 1)[0]
    return {name.strip('"\r ').casefold() for name in line.split(_separator(line))} >= _COLUMNS


def _separator(line: str) -> str:
    """What parts the columns: spreadsheets write what is usual where they are."""
    return max(_SEPARATORS, key=line.count)


def read_table(text: str) -> tuple[list[Row], dict[str, str], list[str]]:
    """The annotations of a table, the addresses of their articles by id, and which rows had to be left out, and why.

    Left out is what is no annotation, and what was torn: by a separator that is not in quotation marks (what comes
    after it stands under other names), or by such a line break (its second half is a row of its own).

    Raises:
        InputError: from some row on it can't be read; ``place`` is its line.
    """
    text = storable(text.removeprefix("\ufeff"))
    separator = _separator(text.split("\n", 1)[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    try:
        reading = _Reading(separator, [name.strip().casefold() for name in next(reader)])
        begins = reader.line_num + 1
        for fields in reader:
            lines = f"line {begins}" if begins == reader.line_num else f"lines {begins} to {reader.line_num}"
            reading.take(fields, lines)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InputError(str(error), f"line {begins}") from error
    addresses = {row.article: url for row, url in reading.rows if url}
    return [row for row, _ in reading.rows], addresses, reading.torn


@dataclass(slots=True)
class _Reading:
    """What was read of a table so far: annotations, each with the address of its article, and what was left out.

    ``half`` tells of the row before, where it is one of these and lacks fields at its end: how many it has, and where.
    """

    separator: str
    names: Sequence[str]
    rows: list[tuple[Row, str | None]] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    half: tuple[int, str] | None = None

    def take(self, fields: Sequence[str], lines: str) -> None:
        """Read one row."""
        whole = len(self.names)
        if not any(cell.strip() for cell in fields):
            return
        if any(cell.strip() for cell in fields[whole:]):
            self.half = None
            self.torn.append(
                f"{lines}: more fields than the head has;"
                f" a {_SEPARATORS[self.separator]} within a field must be in quotation marks"
            )
            return
        cells = {name: _plain(cell) for name, cell in zip(self.names, fields, strict=False)}
        short = len(fields) < whole
        try:
            row = _row(cells)
        except ValueError as error:
            self._leave_out(lines, str(error), short=short)
            return
        if short and self.half is not None and self.half[0] + len(fields) == whole + 1:
            # What stands in its first fields happens to pass for an annotation's.
            self._leave_out(lines, "", short=True)
            return
        # Spreadsheets leave out empty fields at a row's end: one that lacks some may be whole.
        self.half = (len(fields), lines) if short else None
        self.rows.append((row, cells.get("url")))

    def _leave_out(self, lines: str, why: str, *, short: bool) -> None:
        """Leave out a row; with the one before, where this is its second half."""
        if short and self.half is not None:
            self.rows.pop()
            self.torn.append(f"{self.half[1]}: {_HALF}")
        self.half = None
        self.torn.append(f"{lines}: {_HALF if short else why}")


def _row(cells: Mapping[str, str]) -> Row:
    for name in ("id", "article"):
        if not cells.get(name):
            raise ValueError(f"{name} is missing")
        if not cells[name].isprintable() or (name == "id" and " " in cells[name]):
            raise ValueError(f"{name} holds white space or control characters")
    start = cells.get("start", "")
    if start and not (start.isascii() and start.isdigit() and len(start) < 10):
        raise ValueError("start is not an offset: a whole number from 0")
    exact = cells.get("exact", "")
    about = cells.get("about") or None
    if about is not None and about != MATCH and not about.removeprefix(ENTITY):
        about = None
    return Row(
        cells["id"], cells["article"], int(start) if start and exact else None, exact,
        cells.get("note", ""), tag_names(_tags(cells.get("tags", ""))),
        _moment(cells.get("created")), _moment(cells.get("modified")), cells.get("creator") or None, about,
    )  # fmt: skip


def _tags(cell: str) -> Iterator[str]:
    for quoted, bare in _TAG.findall(cell):
        if tag := (quoted.replace('""', '"') or bare).strip():
            yield tag


def _plain(cell: str) -> str:
    """A cell without the mark by which no spreadsheet runs it as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip()[:1] in FORMULA else cell


def _moment(cell: str | None) -> str | None:
    """A moment with its zone; one that a spreadsheet has rewritten for people is none."""
    try:
        moment = datetime.fromisoformat(cell or "")
        return stamp(moment) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None

"""Our own table of annotations, as it comes back from a spreadsheet (:func:`.export.to_csv`)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from warreader.index.annotations.export import FORMULA
from warreader.index.annotations.model import ENTITY, MATCH, tag_names
from warreader.index.errors import InputError
from warreader.index.stamps import stamp
from warreader.index.text import storable

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_COLUMNS = frozenset(("article", "start", "exact", "note", "tags", "id"))
"""By which it is known."""


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

    A row with more fields than the head is left out: from where it was torn, what it says stands under other names.

    Raises:
        InputError: a row is no annotation; ``place`` is its line.
    """
    text = storable(text.removeprefix("\ufeff"))
    separator = _separator(text.split("\n", 1)[0])
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Row] = []
    addresses: dict[str, str] = {}
    torn: list[str] = []
    try:
        for record in reader:
            cells = {
                name.strip().casefold(): _plain(value or "")
                for name, value in record.items()
                if isinstance(name, str) and isinstance(value, str | None)
            }
            if not any(cells.values()):
                continue
            if any(cell.strip() for cell in record.get(None, ())):
                torn.append(
                    f"line {reader.line_num}: more fields than the head has;"
                    f" a {_SEPARATORS[separator]} within a field must be in quotation marks"
                )
                continue
            rows.append(row := _row(cells))
            if url := cells.get("url"):
                addresses[row.article] = url
    except (ValueError, csv.Error) as error:
        raise InputError(str(error), f"line {reader.line_num}") from error
    return rows, addresses, torn


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
        cells.get("note", ""), tag_names(tag.strip() for tag in cells.get("tags", "").split(";") if tag.strip()),
        _moment(cells.get("created")), _moment(cells.get("modified")), cells.get("creator") or None, about,
    )  # fmt: skip


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

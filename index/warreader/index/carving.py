"""Articles, and what was read, starred and searched for, found page by page in a damaged ``library.sqlite``, whatever
leads to those pages.

See https://www.sqlite.org/fileformat.html: a page of a table's rows says so itself, and each row on it is whole but for
the pages that it goes on to.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

ARTICLE = (
    "key",
    "id",
    "title",
    "outlet",
    "author",
    "date",
    "url",
    "language",
    "source",
    "text",
    "length",
    "digest",
    "added",
    "version_of",
    "agency",
    "address",
    "latest",
    "kinds",
)
"""The columns of an article as they stand in its row."""

_FEWEST = ARTICLE.index("agency")
"""Columns that even a row of the oldest version has."""
_SHAPES = {"niii": "reading", "nttti": "saved_search", "ntt": "query_history"}
"""What else is found, by what its rows consist of: nothing, numbers and text. No other table has such rows."""
_SIZES = tuple(1 << power for power in range(9, 16))
_USUAL = 4096
_LEAF = 13
_DIGEST = 12 + 2 * 32
"""How a row says that a value is 32 bytes."""
_WIDTHS = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}


class _Broken(Exception):
    """These bytes are no row."""


def carved(file: BinaryIO) -> Iterator[tuple[str, tuple[object, ...]]]:
    """What look like rows of these tables, text as bytes; of one key there may be several, older and newer."""
    for size in _sizes(file):
        pages = _Pages(file, size)
        for number in range(1, pages.length // size + 1):
            yield from pages.rows(number)


def _sizes(file: BinaryIO) -> set[int]:
    """Sizes that pages may have: what the file says, which may be damaged, and what SQLite takes by itself."""
    file.seek(0)
    head = file.read(18)
    said = int.from_bytes(head[16:], "big")
    return {_USUAL, 65536 if said == 1 else said if said in _SIZES else _USUAL}


class _Pages:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size
        self.length = file.seek(0, os.SEEK_END)

    def page(self, number: int) -> bytes:
        if not 0 < number <= self.length // self.size:
            raise _Broken
        self._file.seek((number - 1) * self.size)
        return self._file.read(self.size)

    def rows(self, number: int) -> Iterator[tuple[str, tuple[object, ...]]]:
        page = self.page(number)
        if page[0] != _LEAF:
            return
        for at in range(8, min(8 + 2 * int.from_bytes(page[3:5], "big"), self.size - 1), 2):
            try:
                row = self._row(page, int.from_bytes(page[at : at + 2], "big"))
            except (_Broken, IndexError):
                continue
            if row is not None:
                yield row

    def _row(self, page: bytes, at: int) -> tuple[str, tuple[object, ...]] | None:
        length, at = _number(page, at)
        key, at = _number(page, at)
        # What says of which kind each value is comes first, and is on this page.
        ends, begin = _number(page, at)
        end, kinds = at + ends, list[int]()
        while begin < end:
            kind, begin = _number(page, begin)
            kinds.append(kind)
        if (table := _table(kinds)) is None:
            return None
        payload = self._payload(page, at, length)
        values: list[object] = [key]
        place = ends
        for kind in kinds[1:]:
            width = _WIDTHS[kind] if kind < 10 else (kind - 12) // 2
            if kind in (10, 11) or place + width > len(payload):
                raise _Broken
            values.append(_value(kind, payload[place : place + width]))
            place += width
        return table, tuple(values + [None] * (len(ARTICLE) - len(values) if table == "article" else 0))

    def _payload(self, page: bytes, at: int, length: int) -> bytes:
        most, least = self.size - 35, (self.size - 12) * 32 // 255 - 23
        if length <= most:
            return page[at : at + length]
        if length > self.length:
            raise _Broken
        here = least + (length - least) % (self.size - 4)
        here = here if here <= most else least
        parts, left = [page[at : at + here]], length - here
        following = int.from_bytes(page[at + here : at + here + 4], "big")
        while left > 0:
            more = self.page(following)
            parts.append(more[4 : 4 + left])
            left -= self.size - 4
            following = int.from_bytes(more[:4], "big")
        return b"".join(parts)


def _table(kinds: list[int]) -> str | None:
    """Of which table a row with values of these kinds is, if of one that is sought."""
    if _FEWEST <= len(kinds) <= len(ARTICLE):
        return None if kinds[0] or kinds[ARTICLE.index("digest")] != _DIGEST else "article"
    return _SHAPES.get("".join(map(_letter, kinds))) if len(kinds) < _FEWEST else None


def _letter(kind: int) -> str:
    if kind >= 12:
        return "t" if kind % 2 else "b"
    return "i" if kind in (1, 2, 3, 4, 5, 6, 8, 9) else "n" if kind == 0 else "?"


def _number(page: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where what follows it begins."""
    found = 0
    for count in range(8):
        byte = page[at + count]
        found = found << 7 | byte & 0x7F
        if byte < 0x80:
            return found, at + count + 1
    return found << 8 | page[at + 8], at + 9


def _value(kind: int, held: bytes) -> object:
    if kind >= 12:
        return held
    if kind in (8, 9):
        return kind - 8
    return int.from_bytes(held, "big", signed=True) if 0 < kind < 7 else None

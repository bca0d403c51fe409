"""The articles of a segment to be, gathered one by one and then written."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import IO

import numpy as np

from warreader.index.search.analyzer import Vocabulary
from warreader.index.search.inverting import Buffer
from warreader.index.search.segment import LED, MOST
from warreader.index.search.writing import Facts, Postings, write

FULL = 11 << 16
"""A segment is written when it has so many words: what gathering keeps in memory."""

FAMILIAR = 60_000
"""When more forms are known than this, those not met again lately are forgotten: they would fill memory."""

LEDE_WORDS = 60
"""News tells first what it is about: so many first words of a text are its lede."""

ABOVE = "above"
"""In place of a field: the lines of the text, headlines and such, that stand before its lede and the rest of it."""


class Gathering:
    """Articles by number, as they come: the words of their fields, and their facts.

    Args:
        vocabulary: kept from one segment to the next, so that words are analysed once.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._fields: dict[str, Buffer] = {}
        self._columns = {"key": array("q"), "date": array("q")}
        self.size = 0

    def __len__(self) -> int:
        return len(self._columns["key"])

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        return self.size >= FULL or len(self) >= MOST

    def add(self, key: int, day: int, texts: Mapping[str, str | None]) -> None:
        """Take an article.

        Args:
            key: its row in the library.
            day: its date as a number.
            texts: by field, furniture left out; of the text :data:`ABOVE` is a part of its own.
        """
        number = len(self)
        self._columns["key"].append(key)
        self._columns["date"].append(day)
        above = texts.get(ABOVE)
        for name, text in texts.items():
            if name == LED and above is not None:
                self._take(number, name, *self._parted(above, text))
            elif text and name != ABOVE:
                self._take(number, name, self._vocabulary.read(text), 0)

    def _parted(self, above: str, text: str | None) -> tuple[array[int], int]:
        """The codes of both, and where the second's begin."""
        codes = self._vocabulary.read(above)
        start = len(codes)
        if text is not None:
            codes += self._vocabulary.read(text)
        return codes, start

    def _take(self, number: int, name: str, codes: array[int], start: int) -> None:
        lede = None
        if name == LED:
            # Of these, some are empty lines.
            empty = codes[start : start + LEDE_WORDS].count(0)
            lede = slice(start, min(start + LEDE_WORDS + empty, len(codes)))
        if (buffer := self._fields.get(name)) is None:
            buffer = self._fields[name] = Buffer()
        buffer.add(number, codes, lede)
        self.size += len(codes)

    def write(self, file: IO[bytes]) -> None:
        """Write all as one segment."""
        facts = Facts(
            {name: np.array(column, np.int64) for name, column in self._columns.items()},
            {name: buffer.lengths(len(self)) for name, buffer in self._fields.items()},
        )
        wide = any(buffer.wide for buffer in self._fields.values())
        # Each field's postings are made when their turn comes.
        fields = {name: self._inverted(buffer) for name, buffer in sorted(self._fields.items())}
        write(file, facts, fields, wide=wide)
        if len(self._vocabulary.forms) > FAMILIAR:
            self._forget()

    def _inverted(self, buffer: Buffer) -> Iterator[Postings]:
        yield buffer.inverted(self._vocabulary)

    def _forget(self) -> None:
        kept = {code for buffer in self._fields.values() for code in buffer.repeated()}
        self._vocabulary.forget(sorted(kept) if len(kept) < FAMILIAR // 2 else ())

"""Writing a segment: its fields' forms in order, their postings, and the unions of those of one stem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, NamedTuple

import numpy as np

from warreader.index.search.arrays import Array, ArrayWriter
from warreader.index.search.segment import (
    COUNT,
    LARGE,
    LED,
    NARROW,
    WIDE,
    by_size,
    letters_of,
    marked,
    stretches,
)

DENSE = 3
"""Of what one article of so many holds, merged segments keep a row of a byte for each article too.

A list of as many takes as much room, and is slower.
"""

LEAST = 1 << 10
"""Segments of fewer articles have nothing so common that it matters."""


class Postings(NamedTuple):
    """Forms in order, and all their postings, form by form.

    ``frequencies`` counts the articles of a form, ``docs`` and ``counts`` have an entry
    for each of them: its number and how often the form stands there; ``places`` are the
    positions, ``counts`` many for each, in one array or several. ``led`` tells, with 1 and 0,
    whether it stands in the lede there; of fields that have none it is ``None``.
    """

    words: list[bytes]
    checksums: Array
    frequencies: Array
    docs: Array
    counts: Array
    places: Sequence[Array]
    led: Array | None = None


class Facts(NamedTuple):
    """What is known of the articles of a segment beside their words, by number.

    ``columns`` are values by field, ``lengths`` the lengths of fields of text in the one
    byte in which Whoosh keeps them.
    """

    columns: dict[str, Array]
    lengths: dict[str, Array]


def write(
    file: IO[bytes],
    facts: Facts,
    fields: Mapping[str, Iterable[Postings]],
    *,
    wide: bool,
    unite: Callable[[Written], Iterable[Union]] | None = None,
) -> None:
    """Write a segment. The postings of each field come some forms at a time, in order.

    Args:
        unite: makes the unions of forms, if they are to be stored; they are read from the file by its name.
    """
    out = ArrayWriter(file)
    totals = {}
    for name, parts in fields.items():
        lengths = facts.lengths[name]
        totals[name] = _write_field(out, name, parts, WIDE if wide else NARROW, unite, len(lengths))
        out.name(f"{name}.lengths", lengths)
    for name, column in facts.columns.items():
        out.name(name, column)
    out.close({"wide": wide, "totals": totals})


class Union(NamedTuple):
    """The articles of some stems of several forms: ``frequencies`` of them each, and how often they stand there.

    ``firsts`` tells each stem by the place of its first form among the forms in the order of their checksums.
    """

    firsts: Array
    frequencies: Array
    docs: Array
    counts: Array
    led: Array


class Written(NamedTuple):
    """A field just written: its forms in the order of their checksums, by number, and how to read postings back."""

    checksums: Array
    by_stem: Array
    frequencies: Array
    postings: Callable[[Array], tuple[Array, Array, Array]]


class _FieldWriter:
    """Writes postings of a field, and keeps where they are."""

    def __init__(self, out: ArrayWriter) -> None:
        self._out = out
        self._large = [np.empty((0, 2), np.int64)]
        self.rows: list[list[Array]] = [[np.empty(0, WIDE)] for _ in range(3)]
        self._led = [np.empty(0, WIDE)]

    def put(self, frequencies: Array, docs: Array, counts: Array, led: Array | None) -> None:
        """Write the articles of some forms, or unions of them."""
        first = np.cumsum(frequencies) - frequencies
        docs_at = self._out.put(docs.astype(NARROW, copy=False)) // NARROW.itemsize
        counts_at = self._out.put(marked(counts, led))
        begun = np.append(0, np.cumsum(np.zeros_like(counts) if led is None else led, dtype=np.int64))
        self._led.append((begun[first + frequencies] - begun[first]).astype(WIDE))
        large = np.flatnonzero(counts >= LARGE)
        if large.size:
            self._large.append(np.column_stack((counts_at + large, counts[large].astype(np.int64))))
        for row, values in zip(self.rows, (frequencies, docs_at + first, counts_at + first), strict=True):
            row.append(values.astype(WIDE))

    def postings(self) -> Callable[[Array], tuple[Array, Array, Array]]:
        """How to read back the articles of some of the forms put so far, and how often they stand there."""
        frequencies, docs_at, counts_at = map(np.concatenate, self.rows)

        def read(forms: Array) -> tuple[Array, Array, Array]:
            counts = self._read(COUNT, counts_at[forms], frequencies[forms])
            return (
                self._docs(docs_at[forms], frequencies[forms]),
                self._unmarked(counts, counts_at[forms], frequencies[forms]),
                counts & 1,
            )

        return read

    def _docs(self, at: Array, sizes: Array) -> Array:
        return self._read(NARROW, at, sizes)

    def dense(self, articles: int) -> tuple[Array, Iterator[Array]]:
        """The forms and unions, by number, that very many articles hold, and their rows (:meth:`.Field.row`)."""
        frequencies, docs_at, counts_at = map(np.concatenate, self.rows)
        found = np.flatnonzero(frequencies.astype(np.int64) * DENSE >= max(articles, LEAST))

        def rows() -> Iterator[Array]:
            for each in found:
                row = np.zeros(articles, COUNT)
                at = slice(each, each + 1)
                row[self._docs(docs_at[at], frequencies[at])] = self._read(
                    COUNT, counts_at[at], frequencies[at]
                )
                yield row

        return found, rows()

    def _unmarked(self, counts: Array, at: Array, sizes: Array) -> Array:
        counts = (counts >> 1).astype(WIDE)
        if (large := np.flatnonzero(counts == LARGE)).size:
            known = np.concatenate(self._large)
            counts[large] = known[np.searchsorted(known[:, 0], stretches(at, sizes)[large]), 1]
        return counts

    def _read(self, kind: np.dtype[Any], at: Array, sizes: Array) -> Array:
        """Numbers of this kind, a stretch after another, by where they begin and how many they are."""
        size = np.int64(kind.itemsize)
        return np.frombuffer(self._out.read(at * size, sizes * size), kind)

    def name(self, name: str) -> None:
        """Write where all is."""
        for part, row in zip(("frequencies", "docs", "counts"), self.rows, strict=True):
            self._out.name(f"{name}.{part}", np.concatenate(row))
        self._out.name(f"{name}.large", np.concatenate(self._large).ravel())
        if name == LED:
            self._out.name(f"{name}.led", np.concatenate(self._led))


def _write_field(
    out: ArrayWriter,
    name: str,
    parts: Iterable[Postings],
    width: np.dtype[Any],
    unite: Callable[[Written], Iterable[Union]] | None,
    articles: int,
) -> int:
    """Write a field; returns how many words it has in all."""
    total = 0
    cuts = [0]
    blobs: list[bytes] = []
    columns: list[list[Array]] = [[np.empty(0, WIDE)] for _ in range(4)]
    writer = _FieldWriter(out)
    for words, checksums, frequencies, docs, counts, places, led in parts:
        blobs.append(b"".join(words))
        cuts.append(cuts[-1] + len(words))
        first = np.cumsum(frequencies) - frequencies
        standing = np.append(0, np.cumsum(counts, dtype=np.int64))[first]
        total += sum(map(len, places))
        writer.put(frequencies, docs, counts, led)
        at = out.put(*(part.astype(width, copy=False) for part in places)) // width.itemsize
        sizes = np.fromiter(map(len, words), np.int64, len(words))
        begins = np.cumsum(sizes) - sizes
        letters = letters_of(np.frombuffer(blobs[-1], np.uint8), begins) if unite is not None else begins[:0]
        parts_of = (at + standing, checksums, letters, sizes)
        for column, values in zip(columns, parts_of, strict=True):
            column.append(values.astype(WIDE))
    lengths, letters_by_part = columns.pop(), columns.pop()
    _write_words(out, name, cuts, blobs, lengths)
    if unite is not None:
        _write_letters(out, name, letters_by_part, lengths)
    lengths.clear()
    letters_by_part.clear()
    marks = np.concatenate(columns.pop())
    out.name(f"{name}.marks", marks)
    out.name(f"{name}.places", np.concatenate(columns.pop()))
    by_stem = np.argsort(marks, kind="stable").astype(WIDE)
    marks = marks[by_stem]
    out.name(f"{name}.checksums", marks)
    out.name(f"{name}.by_stem", by_stem)
    out.name(f"{name}.united", _united(writer, marks, by_stem, unite))
    if unite is not None and name == LED:
        dense, rows = writer.dense(articles)
        out.name_parts(f"{name}.rows", COUNT, rows)
        out.name(f"{name}.dense", dense.astype(WIDE))
    writer.name(name)
    return total


def _write_words(
    out: ArrayWriter, name: str, cuts: Sequence[int], blobs: list[bytes], lengths: Sequence[Array]
) -> None:
    """Write a field's words, and let go of them: one array after another, as there may be many."""
    out.name(f"{name}.cuts", np.array(cuts, WIDE))
    out.name(f"{name}.words", np.frombuffer(b"".join(blobs), np.uint8))
    blobs.clear()
    out.name(f"{name}.ends", np.append(0, np.cumsum(np.concatenate(lengths))).astype(WIDE))


def _united(
    writer: _FieldWriter,
    marks: Array,
    by_stem: Array,
    unite: Callable[[Written], Iterable[Union]] | None,
) -> Array:
    """Write the unions of a field's forms, if they are to be stored; returns their first forms."""
    firsts = [np.empty(0, WIDE)]
    if unite is not None and len(marks):
        frequencies = np.concatenate(writer.rows[0])
        for union in unite(Written(marks, by_stem, frequencies, writer.postings())):
            writer.put(*union[1:])
            firsts.append(union.firsts.astype(WIDE))
    return np.concatenate(firsts)


def _write_letters(out: ArrayWriter, name: str, letters: list[Array], sizes: list[Array]) -> None:
    """Write what finds forms that are written much alike."""
    found = by_size(np.concatenate(letters), np.concatenate(sizes))
    for part, values in zip(("by_size", "letters", "sizes"), found, strict=True):
        out.name(f"{name}.{part}", values)

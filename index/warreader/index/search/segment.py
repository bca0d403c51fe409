"""A segment of the index: for each field its forms in order, and where and how often they stand.

Only forms are stored. A *stem* is the union of the forms that have it, found by the
checksum of the stem; so every article is indexed once, phrases are found exactly or
by stem, and prefixes and fuzzy words are looked up in the same list of forms.

All numbers of articles, counts and places of a segment have one width, two bytes
unless an article is too long for them: a segment holds at most :data:`MOST` articles.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import IO, Any, NamedTuple

import numpy as np

from warreader.index.search.analyzer import LONGEST, checksum, stem
from warreader.index.search.arrays import Array, ArrayFile, ArrayWriter

MOST = 1 << 16
"""Articles in a segment."""

NARROW: np.dtype[Any] = np.dtype(np.uint16)
WIDE: np.dtype[Any] = np.dtype(np.uint32)
MARGIN = 1 << 12
"""Kept free beyond the largest place, so that places can be shifted; phrases are shorter."""

_LARGEST = np.iinfo(NARROW).max
_KNOWN = 1 << 12
_DENSE = 16
_BEYOND_ASCII = np.uint32(1)  # the bit of NUL, the backtick and such


class Postings(NamedTuple):
    """Forms in order, and all their postings, form by form.

    ``frequencies`` counts the articles of a form, ``docs`` and ``counts`` have an entry
    for each of them: its number and how often the form stands there; ``places`` are the
    positions, ``counts`` many for each.
    """

    words: list[bytes]
    checksums: Array
    frequencies: Array
    docs: Array
    counts: Array
    places: Array

    @property
    def wide(self) -> bool:
        """Whether its numbers need four bytes."""
        return bool(self.places.max(initial=0) > _LARGEST - MARGIN or self.counts.max(initial=0) > _LARGEST)


class Facts(NamedTuple):
    """What is known of the articles of a segment beside their words, by number.

    ``columns`` are values by field, ``lengths`` the lengths of fields of text in the one
    byte in which Whoosh keeps them.
    """

    columns: dict[str, Array]
    lengths: dict[str, Array]


def write(file: IO[bytes], facts: Facts, fields: Mapping[str, Iterable[Postings]], *, wide: bool) -> None:
    """Write a segment. The postings of each field come some forms at a time, in order."""
    out = ArrayWriter(file)
    totals = {}
    for name, parts in fields.items():
        totals[name] = _write_field(out, name, parts, WIDE if wide else NARROW)
        out.name(f"{name}.lengths", facts.lengths[name])
    for name, column in facts.columns.items():
        out.name(name, column)
    out.close({"wide": wide, "totals": totals})


def _write_field(out: ArrayWriter, name: str, parts: Iterable[Postings], width: np.dtype[Any]) -> int:
    """Write a field; returns how many words it has in all."""
    total = 0
    cuts = [0]
    blobs: list[bytes] = []
    columns: list[list[Array]] = [[np.empty(0, WIDE)] for _ in range(6)]
    for words, checksums, frequencies, docs, counts, places in parts:
        blobs.append(b"".join(words))
        cuts.append(cuts[-1] + len(words))
        first = np.cumsum(frequencies) - frequencies
        standing = np.append(0, np.cumsum(counts, dtype=np.int64))[first]
        total += len(places)
        at = [out.put(array.astype(width, copy=False)) // width.itemsize for array in (docs, counts, places)]
        sizes = np.fromiter(map(len, words), np.int64, len(words))
        row = (at[2] + standing, at[1] + first, at[0] + first, frequencies, checksums, sizes)
        for column, values in zip(columns, row, strict=True):
            column.append(values.astype(WIDE))
    # One after another, as there may be many.
    out.name(f"{name}.cuts", np.array(cuts, WIDE))
    out.name(f"{name}.words", np.frombuffer(b"".join(blobs), np.uint8))
    blobs.clear()
    out.name(f"{name}.ends", np.append(0, np.cumsum(np.concatenate(columns.pop()))).astype(WIDE))
    marks = np.concatenate(columns.pop())
    out.name(f"{name}.marks", marks)
    by_stem = np.argsort(marks, kind="stable").astype(WIDE)
    out.name(f"{name}.checksums", marks[by_stem])
    out.name(f"{name}.by_stem", by_stem)
    for part in ("frequencies", "docs", "counts", "places"):
        out.name(f"{name}.{part}", np.concatenate(columns.pop()))
    return total


class Field:
    """One field of a segment, for reading. A form is known by its number in their order."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file = file
        self._width = WIDE if file.facts["wide"] else NARROW
        self._words, self._ends = file.lazy(f"{name}.words"), file.lazy(f"{name}.ends")
        self.frequencies = file[f"{name}.frequencies"]
        self._cuts = file[f"{name}.cuts"]
        self._at = {part: file.lazy(f"{name}.{part}") for part in ("docs", "counts", "places")}
        self.checksums = file.lazy(f"{name}.marks")
        self._sorted, self._by_stem = file.lazy(f"{name}.checksums"), file.lazy(f"{name}.by_stem")
        self.lengths = file[f"{name}.lengths"]
        self.total: int = file.facts["totals"][name]
        self._often = self.frequencies.data
        self._alike: dict[str, dict[bytes, int]] = {}

    def __len__(self) -> int:
        return len(self.frequencies)

    def word(self, form: int) -> bytes:
        """The form itself, in UTF-8."""
        return bytes(self._words[self._ends[form] : self._ends[form + 1]])

    def words(self, start: int, end: int) -> list[bytes]:
        """The forms from one number to another, in order."""
        ends = self._ends[start : end + 1].tolist()
        blob = bytes(self._words[ends[0] : ends[-1]])
        return [blob[one - ends[0] : other - ends[0]] for one, other in pairwise(ends)]

    def at(self, word: bytes) -> int:
        """The number of the first form that is not before this word."""
        return bisect_left(range(len(self)), word, key=self.word)

    def find(self, word: bytes) -> Sequence[int]:
        """The number of this form, if it is there."""
        # Among the forms of its stem it is found in fewer steps, and they are mostly asked for too.
        form = self._stemmed(stem(word.decode())).get(word)
        return [] if form is None else [form]

    def prefixed(self, prefix: bytes) -> tuple[int, int]:
        """From which number to which forms begin so; UTF-8 has no byte 255."""
        return self.at(prefix), self.at(prefix + b"\xff")

    def near(self, word: bytes, limit: int) -> list[str]:
        """The forms that may be had from a word by changing so many letters, and some others."""
        if not len(self):
            return []
        forms, letters, sizes, cuts = self._by_size
        own = int(np.bitwise_or.reduce(_letter(np.frombuffer(word, np.uint8))))
        least = max(len(word) - limit, 1)
        plain = slice(int(cuts[min(least, LONGEST + 1)]), int(cuts[min(len(word) + limit, LONGEST) + 1]))
        # A letter changed is one less and one more; beyond ASCII it is up to four bytes.
        few = np.bitwise_count(letters[plain] & ~np.uint32(own)) <= limit
        few &= np.bitwise_count(~letters[plain] & np.uint32(own)) <= limit
        beyond = sum(not letter.isascii() for letter in word.decode())
        wide = slice(0, int(cuts[1]) if not 0 < beyond <= limit else len(forms))
        other = np.bitwise_count((letters[wide] ^ np.uint32(own)) & ~_BEYOND_ASCII) <= 8 * limit
        other &= abs(sizes[wide] - len(word)) <= 4 * limit
        found = [form.decode() for form in self._spelled(forms[wide][other])]
        return found if beyond else found + self._spelled(forms[plain][few], "ascii")

    @cached_property
    def _by_size(self) -> tuple[Array, Array, Array, Array]:
        """All forms, shortest first but those beyond ASCII before all; of each the set of its bytes, and their number.

        At last where those of each length begin.
        """
        ends = np.asarray(self._ends[:], np.int64)
        letters = np.bitwise_or.reduceat(_letter(np.asarray(self._words[:])), ends[:-1])
        sizes = np.diff(ends)
        ranked = np.where(letters & _BEYOND_ASCII, 0, sizes)
        order = np.argsort(ranked, kind="stable")
        cuts = np.searchsorted(ranked[order], np.arange(LONGEST + 2))
        return order.astype(WIDE), letters[order], sizes[order].astype(np.int16), cuts

    def _spelled(self, forms: Array, encoding: str = "") -> list[Any]:
        """Forms by their numbers; as text where they are of one byte a letter."""
        ends = np.asarray(self._ends)
        starts, sizes = ends[forms].astype(np.int64), ends[forms + 1] - ends[forms]
        blob: Any = np.asarray(self._words)[stretches(starts, sizes)].tobytes()
        if encoding:
            blob = blob.decode(encoding)
        return [blob[start:end] for start, end in pairwise([0, *np.cumsum(sizes).tolist()])]

    def stemmed(self, wanted: str) -> list[int]:
        """The forms that have this stem."""
        return sorted(self._stemmed(wanted).values())

    def _stemmed(self, wanted: str) -> dict[bytes, int]:
        if (known := self._alike.get(wanted)) is None:
            mark = checksum(wanted)
            start, end = bisect_left(self._sorted, mark), bisect_right(self._sorted, mark)
            forms = {self.word(form): form for form in self._by_stem[start:end].tolist()}
            if len(self._alike) >= _KNOWN:
                self._alike.clear()
            known = {word: form for word, form in forms.items() if stem(word.decode()) == wanted}
            self._alike[wanted] = known
        return known

    def holding(self, start: int, end: int) -> int:
        """How many postings the forms from one number to another have."""
        if end - start == 1:
            return int(self._often[start])
        return int(self.frequencies[start:end].sum(dtype=np.int64))

    def docs(self, start: int, end: int) -> tuple[Array, Array]:
        """The articles of the forms from one number to another, form by form, and how often each stands there."""
        if end - start == 1:
            often, at = int(self._often[start]), self._at
            return self._part(at["docs"][start], often), self._part(at["counts"][start], often)
        runs = [(first, self.holding(first, last)) for first, last in self._runs(start, end)]
        return self._parts("docs", runs), self._parts("counts", runs)

    def postings(self, start: int, end: int) -> tuple[Array, Array, Array]:
        """Articles, counts and places of the forms from one number to another, form by form."""
        docs, counts = self.docs(start, end)
        if end - start == 1:
            return docs, counts, self._part(self._at["places"][start], int(counts.sum(dtype=np.int64)))
        held = np.append(0, np.cumsum(self.frequencies[start:end], dtype=np.int64))
        standing = np.append(0, np.cumsum(counts, dtype=np.int64))[held]
        runs = [
            (first, int(standing[last - start] - standing[first - start]))
            for first, last in self._runs(start, end)
        ]
        return docs, counts, self._parts("places", runs)

    def _runs(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        """The forms from one number to another, parted where their postings don't lie together."""
        cuts = self._cuts[np.searchsorted(self._cuts, start, "right") : np.searchsorted(self._cuts, end)]
        return pairwise([start, *cuts.tolist(), end])

    def _parts(self, part: str, runs: Sequence[tuple[int, int]]) -> Array:
        at = self._at[part]
        found = [self._part(int(at[form]), count) for form, count in runs]
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _part(self, at: int, count: int) -> Array:
        return self._file.part(at * self._width.itemsize, self._width, count)


class Fields:
    """A segment's file and the fields in it."""

    def __init__(self, file: ArrayFile) -> None:
        self.file = file
        self.names: list[str] = sorted(file.facts["totals"])
        self._fields: dict[str, Field] = {}

    def __getitem__(self, name: str) -> Field:
        if (known := self._fields.get(name)) is None:
            known = self._fields[name] = Field(self.file, name)
        return known


def _letter(characters: Array) -> Array:
    """Bytes of UTF-8 as bits; alike bytes may share one."""
    return (np.uint32(1) << (characters & 31)) | np.where(characters > 127, _BEYOND_ASCII, np.uint32(0))


def stretches(starts: Array, lengths: Array) -> Array:
    """The indexes of stretches of an array, one stretch after another."""
    starts, lengths = starts[lengths > 0].astype(np.int64), lengths[lengths > 0].astype(np.int64)
    if not len(starts):
        return np.empty(0, np.int64)
    # They may be very many: this counts on, and moves each stretch to where it is.
    ends = np.cumsum(lengths)
    found = np.arange(int(ends[-1]), dtype=np.int64)
    found += np.repeat(starts - ends + lengths, lengths)
    return found


def summed(ids: Sequence[Array], values: Sequence[Array], size: int) -> tuple[Array, Array]:
    """Each id once, in order, with the sum of its values.

    Args:
        ids: arrays of ids; in none of them one stands twice.
        size: ids are below this.
    """
    there = np.zeros(size, np.bool_)
    for each in ids:
        there[each] = True
    found = np.flatnonzero(there)
    kind = np.result_type(np.uint32, *values)
    if sum(map(len, ids)) * _DENSE > size:
        sums = np.zeros(size, kind)
        for each, value in zip(ids, values, strict=True):
            sums[each] += value
        return found, sums[found]
    # Few of very many: no array of sums is as long as all, and of this one little is touched.
    place = np.empty(size, np.intp)
    place[found] = np.arange(len(found))
    sums = np.zeros(len(found), kind)
    for each, value in zip(ids, values, strict=True):
        sums[place[each]] += value
    return found, sums

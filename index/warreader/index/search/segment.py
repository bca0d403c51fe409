"""A segment of the index: for each field its forms in order, and where and how often they stand.

Only forms are stored. A *stem* is the union of the forms that have it, found by the
checksum of the stem; so every article is indexed once, phrases are found exactly or
by stem, and prefixes and fuzzy words are looked up in the same list of forms. Merged
segments hold the union too (:mod:`.uniting`), so that it is read at one go. Segments are
written by :mod:`.writing`.

Numbers of articles have two bytes, as a segment holds at most :data:`MOST`, and so have
places unless an article is too long for them. Counts have one, whose lowest bit is no part of
the count: it tells whether the word stands in the article's lede (:func:`marked`). The few that
are larger stand in a list of their own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from warreader.index.search.analyzer import LONGEST, beginning, checksum, stem
from warreader.index.search.arrays import Array, ArrayFile

MOST = 1 << 16
"""Articles in a segment."""

NARROW: np.dtype[Any] = np.dtype(np.uint16)
WIDE: np.dtype[Any] = np.dtype(np.uint32)
MARGIN = 1 << 12
"""Kept free beyond the largest place, so that places can be shifted; phrases are shorter."""

COUNT: np.dtype[Any] = np.dtype(np.uint8)
LARGE = 127
"""As a count: it is listed apart."""

LEDE = "lede"
"""The field of the first words of each text, as queries name it: a bit in the counts of :data:`LED`."""

LED = "text"

_KNOWN = 1 << 12
_DENSE = 16
_APART = 256
_LETTERED = 1 << 12  # forms looked at together: what that keeps in memory
_BEYOND_ASCII = np.uint32(1)  # the bit of NUL, the backtick and such


class Field:
    """One field of a segment, for reading. A form is known by its number in their order."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file = file
        self._width = WIDE if file.facts["wide"] else NARROW
        self._words, self._ends = file.lazy(f"{name}.words"), file.lazy(f"{name}.ends")
        self._cuts: list[int] = file[f"{name}.cuts"].tolist()
        self._count: int = self._cuts[-1]
        # Unions have numbers beyond those of the forms.
        held = file[f"{name}.frequencies"]
        self._often, self.frequencies = held.data, held[: self._count]
        self._united = file[f"{name}.united"].data
        self._led = file[f"{name}.led"].data if name == LED else None
        self._large = file[f"{name}.large"].reshape(-1, 2)
        self._large_at = np.ascontiguousarray(self._large[:, 0]).data
        self._at = {part: file.lazy(f"{name}.{part}") for part in ("docs", "counts", "places")}
        self.checksums = file.lazy(f"{name}.marks")
        self._sorted, self._by_stem = file.lazy(f"{name}.checksums"), file.lazy(f"{name}.by_stem")
        self.lengths = file[f"{name}.lengths"]
        self.total: int = file.facts["totals"][name]
        self._begun: dict[bytes, tuple[int, int]] = {}
        self._alike: dict[str, tuple[dict[bytes, int], int | None]] = {}
        self._name = name
        dense = file[f"{name}.dense"].tolist() if f"{name}.dense" in file else []
        self._dense: dict[int, int] = {each: at for at, each in enumerate(dense)}

    def __len__(self) -> int:
        return self._count

    def word(self, form: int) -> bytes:
        """The form itself, in UTF-8."""
        found: bytes = self._words[self._ends[form] : self._ends[form + 1]].tobytes()
        return found

    def words(self, start: int, end: int) -> list[bytes]:
        """The forms from one number to another, in order."""
        ends = self._ends[start : end + 1].tolist()
        blob = bytes(self._words[ends[0] : ends[-1]])
        return [blob[one - ends[0] : other - ends[0]] for one, other in pairwise(ends)]

    def at(self, word: bytes, least: int = 0) -> int:
        """The number of the first form that is not before this word; no less than ``least``."""
        after = bisect_left(self._signposts, word, least // _APART) * _APART
        start = max(after - _APART, least)
        return start + bisect_left(range(start, min(after, len(self))), word, key=self.word)

    @cached_property
    def _signposts(self) -> list[bytes]:
        """Some of the forms, evenly spaced: words are looked up among them first."""
        return [self.word(form) for form in range(0, len(self), _APART)]

    def find(self, word: bytes) -> Sequence[int]:
        """The number of this form, if it is there."""
        # Among the forms of its stem it is found in fewer steps, and they are mostly asked for too.
        form = self.alike(stem(word.decode()))[0].get(word)
        return [] if form is None else [form]

    def prefixed(self, prefix: bytes) -> tuple[int, int]:
        """From which number to which forms begin so; UTF-8 has no byte 255."""
        if (known := self._begun.get(prefix)) is None:
            if len(self._begun) >= _KNOWN:
                self._begun.clear()
            start = self.at(prefix)
            known = self._begun[prefix] = start, self.at(prefix + b"\xff", start)
        return known

    def near(self, word: bytes, limit: int) -> list[str]:
        """The forms that may be had from a word by changing so many letters, and some others."""
        if not len(self):
            return []
        forms, letters, cuts = self._by_size
        own = int(np.bitwise_or.reduce(_letter(np.frombuffer(word, np.uint8))))
        least = max(len(word) - limit, 1)
        plain = slice(int(cuts[min(least, LONGEST + 1)]), int(cuts[min(len(word) + limit, LONGEST) + 1]))
        # A letter changed is one less and one more; beyond ASCII it is up to four bytes.
        few = np.bitwise_count(letters[plain] & ~np.uint32(own)) <= limit
        few &= np.bitwise_count(~letters[plain] & np.uint32(own)) <= limit
        beyond = sum(not letter.isascii() for letter in word.decode())
        wide = slice(0, int(cuts[1]) if not 0 < beyond <= limit else len(forms))
        other = np.bitwise_count((letters[wide] ^ np.uint32(own)) & ~_BEYOND_ASCII) <= 8 * limit
        some = np.compress(other, forms[wide])
        ends = np.asarray(self._ends)
        some = np.compress(abs((ends[some + 1] - ends[some]).astype(np.int64) - len(word)) <= 4 * limit, some)
        found = [form.decode() for form in self._spelled(some)]
        return found if beyond else found + self._spelled(forms[plain][few], "ascii")

    @cached_property
    def _by_size(self) -> tuple[Array, Array, Array]:
        """The forms :func:`by_size`; as they are stored, in merged segments."""
        if f"{self._name}.by_size" in self._file:
            return tuple(self._file[f"{self._name}.{part}"] for part in ("by_size", "letters", "sizes"))  # type: ignore[return-value]
        ends = np.asarray(self._ends[:], np.int64)
        return by_size(letters_of(np.asarray(self._words[:]), ends[:-1]), np.diff(ends))

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
        return sorted(self.alike(wanted)[0].values())

    def united(self, wanted: str) -> list[int]:
        """What has the articles of this stem: the number of its union, for :meth:`docs` alone, or its forms."""
        forms, union = self.alike(wanted)
        return sorted(forms.values()) if union is None else [union]

    def alike(self, wanted: str) -> tuple[dict[bytes, int], int | None]:
        """The forms that have this stem, with their numbers, and the number of their union, if there is one."""
        if (known := self._alike.get(wanted)) is None:
            mark = checksum(wanted)
            start = end = bisect_left(self._sorted, mark)
            while end < self._count and self._sorted[end] == mark:
                end += 1
            forms = {self.word(form): form for form in self._by_stem[start:end].tolist()}
            if len(self._alike) >= _KNOWN:
                self._alike.clear()
            # Stemming takes long. What begins so and has the checksum is taken for one of them: of another
            # stem it would be once in some thousand million.
            begun = beginning(wanted).encode()
            alike = {
                word: form
                for word, form in forms.items()
                if (len(begun) > 2 and word.startswith(begun)) or stem(word.decode()) == wanted
            }
            union = None
            if len(alike) == len(forms) > 1:
                at = bisect_left(self._united, start)
                if at < len(self._united) and self._united[at] == start:
                    union = self._count + at
            known = self._alike[wanted] = alike, union
        return known

    def holding(self, start: int, end: int) -> int:
        """How many postings the forms from one number to another have."""
        if end - start == 1:
            return int(self._often[start])
        return int(np.add.reduce(self.frequencies[start:end], dtype=np.int64))

    def begun(self, number: int) -> int:
        """In how many articles a form or union stands in the lede."""
        return 0 if self._led is None else int(self._led[number])

    def docs(self, start: int, end: int) -> tuple[Array, Array]:
        """The articles of the forms from one number to another, form by form, and how often each stands there."""
        docs, counts = _joined(self.pieces(start, end))
        return docs, counts

    def marked(self, start: int) -> tuple[Array, Array]:
        """The articles of a form or union, and how often it stands there, as :func:`marked` has it."""
        often = self._often[start]
        docs = self._part("docs", self._at["docs"][start], often)
        return docs, self._file.part(self._at["counts"][start], COUNT, often)

    def large(self, start: int) -> tuple[Array, Array]:
        """The places, among the articles of a form or union, of those where it stands very often, and how often."""
        first = self._at["counts"][start]
        at, end = self._large_between(first, first + self._often[start])
        return self._large[at:end, 0] - first, self._large[at:end, 1]

    def row(self, start: int) -> Array | None:
        """Of a form or union that very many articles hold, what :meth:`marked` tells, for every article."""
        if (at := self._dense.get(start)) is None:
            return None
        size = len(self.lengths)
        return self._file.stretch(f"{self._name}.rows", at * size, size)

    def pieces(self, start: int, end: int) -> Iterator[tuple[Array, Array]]:
        """The same, piece by piece as they lie in the file."""
        for first, last in self.runs(start, end):
            often = self.holding(first, last)
            yield self._part("docs", int(self._at["docs"][first]), often), self._counts(first, often)

    def postings(self, start: int, end: int) -> tuple[Array, Array, Array]:
        """Articles, counts and places of the forms from one number to another, form by form."""
        found = []
        for first, last in self.runs(start, end):
            ((docs, counts),) = self.pieces(first, last)
            at = self.places_at(first, last)
            # Of the last one it is not told where its places end.
            size = int(at[-1] - at[0]) + int(counts[-self.holding(last - 1, last) :].sum()) if len(at) else 0
            found.append((docs, counts, self._part("places", int(at[0]) if size else 0, size)))
        docs, counts, places = _joined(found)
        return docs, counts, places

    def led(self, start: int, end: int) -> Array:
        """In which articles of the forms from one number to another each stands in the lede (1 or 0), form by form."""
        pieces = [
            self._file.part(int(self._at["counts"][first]), COUNT, self.holding(first, last)) & 1
            for first, last in self.runs(start, end)
        ]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)

    def places_at(self, start: int, end: int) -> Array:
        """Where in the file the places of the forms from one number to another begin, counted in places."""
        return np.asarray(self._at["places"][start:end])

    def runs(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        """The forms from one number to another, parted where their postings don't lie together."""
        if end - start == 1:
            return ((start, end),)
        return pairwise(
            [start, *self._cuts[bisect_right(self._cuts, start) : bisect_left(self._cuts, end)], end]
        )

    def _large_between(self, start: int, end: int) -> tuple[int, int]:
        """From which to which place large counts are listed that stand between two places among all counts."""
        first = bisect_left(self._large_at, start)
        return first, bisect_left(self._large_at, end, first)

    def _part(self, part: str, at: int, count: int) -> Array:
        kind = self._width if part == "places" else NARROW
        return self._file.part(at * kind.itemsize, kind, count)

    def _counts(self, form: int, often: int) -> Array:
        start = int(self._at["counts"][form])
        counts = self._file.part(start, COUNT, often) >> 1
        first, last = self._large_between(start, start + often)
        if first < last:
            counts = counts.astype(WIDE)
            counts[self._large[first:last, 0] - start] = self._large[first:last, 1]
        return counts


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


def _joined(parts: Iterable[tuple[Array, ...]]) -> tuple[Array, ...]:
    """Arrays of the same kind, each of several parts, one after another."""
    first, *others = parts
    return tuple(map(np.concatenate, zip(first, *others, strict=True))) if others else first


def marked(counts: Array, led: Array | None = None) -> Array:
    """Counts as they are stored, in one byte each: the count, and as the lowest bit whether it is in the lede."""
    # Of small numbers a smaller one is slowly found, and a shift is slow: both are done only where needed.
    found = (np.minimum(counts, LARGE) if int(counts.max(initial=0)) > LARGE else counts).astype(COUNT)
    found += found
    if led is not None:
        found |= led
    return found


def letters_of(characters: Array, begins: Array) -> Array:
    """Of forms the set of their bytes, where each begins among all their bytes."""
    found = np.empty(len(begins), WIDE)
    for start in range(0, len(begins), _LETTERED):
        some = begins[start : start + _LETTERED]
        end = begins[start + _LETTERED] if start + _LETTERED < len(begins) else len(characters)
        found[start : start + len(some)] = np.bitwise_or.reduceat(
            _letter(characters[some[0] : end]), some - some[0]
        )
    return found


def by_size(letters: Array, sizes: Array) -> tuple[Array, Array, Array]:
    """All forms, shortest first but those beyond ASCII before all, and of each the set of its bytes.

    At last where those of each length begin. Those that are written much alike are sought among these.
    """
    ranked = np.where(letters & _BEYOND_ASCII, 0, sizes).astype(COUNT)
    order = np.argsort(ranked, kind="stable").astype(WIDE)
    return order, letters[order], np.searchsorted(ranked[order], np.arange(LONGEST + 2))


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

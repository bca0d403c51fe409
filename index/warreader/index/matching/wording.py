"""Words of an article as matching compares them: folded, as numbers, with where they stand.

A word is stored as 32 bits of a hash: two texts are compared by numbers alone, and a clash of two words within the
few dozen words that are laid over each other is less likely than a misprint.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from warreader.index.article import Line, Span
from warreader.index.matching.rarity import listed, rarity_beyond
from warreader.index.text import fold

LONGEST_WORD = 64
"""Code points of a word that count; a run of letters without end is no word."""

NUMBER = 1
"""Bit of a word's number that says it is made of digits."""

JOINED = 2
"""Bit of a word's number that says it is two, as "don't" is."""

CAPITAL = 1
SHORTENED = 2
"""Flags of a word: that it begins with a capital; that it lost its "'s", as "that's" and "Kyiv's" do."""

Numbers = NDArray[np.uint32]

_LETTER, _DIGIT, _CAPITAL = 1, 2, 4
_BASIC_PLANE = 0x10000

_NOT_DIGIT = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class Wording:
    """An article's kept words, folded, with the code point bounds and the flags of each."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    flags: bytes

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Indices (end exclusive) of the words that stand in ``text[start:end]``."""
        return bisect_left(self.starts, start), bisect_right(self.ends, end)

    def numbers(self) -> Numbers:
        """The words as numbers."""
        return np.fromiter(map(number, self.words), np.uint32, len(self.words))


class Places:
    """Where each word stands, as code points, and its flags.

    Of most articles that are compared only the flags are asked for.

    Args:
        packed: what :func:`pack_places` made.
    """

    def __init__(self, packed: bytes) -> None:
        self._raw = zlib.decompress(packed)
        self._count = len(self._raw) // 9
        self.flags = np.frombuffer(self._raw, np.uint8, self._count, 8 * self._count)

    @cached_property
    def starts(self) -> NDArray[np.uint32]:
        """Where each word begins."""
        return np.cumsum(self._numbers(0), dtype=np.uint32)

    @cached_property
    def ends(self) -> NDArray[np.uint32]:
        """Where each word ends."""
        return self.starts + self._numbers(1)

    def _numbers(self, half: int) -> NDArray[np.uint32]:
        """The steps (0) or the lengths (1) of their bytes, low ones first: nearly all have but one."""
        at = 4 * self._count * half
        planes = np.frombuffer(self._raw, np.uint8, 4 * self._count, at).reshape(4, self._count)
        numbers: NDArray[np.uint32] = planes[0].astype(np.uint32)
        if planes[1:].any():
            for place in range(1, len(planes)):
                numbers += planes[place].astype(np.uint32) << np.uint32(8 * place)
        return numbers


def pack_places(wording: Wording) -> bytes:
    """Bounds and flags as they are stored: steps and lengths, low bytes first, most of which are alike."""
    starts = np.array(wording.starts, "<u4")
    gaps = np.diff(starts, prepend=np.zeros(1, "<u4")).astype("<u4")
    lengths = (np.array(wording.ends, "<u4") - starts).astype("<u4")
    planes = [half.view(np.uint8).reshape(-1, 4).T.tobytes() for half in (gaps, lengths)]
    return zlib.compress(b"".join(planes) + wording.flags, 1)


class Quoted(NamedTuple):
    """A quotation as code points and as a range of its article's kept words."""

    span: Span
    words: Span
    indirect: bool

    @classmethod
    def of(cls, row: Sequence[int]) -> Quoted:
        """One that is stored as five numbers."""
        start, end, first, last, indirect = row
        return cls(Span(start, end), Span(first, last), bool(indirect))


def pack_quoted(quoted: Iterable[Quoted]) -> bytes:
    """Quotations as they are stored, five 32-bit numbers each."""
    rows = [(q.span.start, q.span.end, q.words.start, q.words.end, q.indirect) for q in quoted]
    return np.array(rows, "<u4").tobytes()


def unpack_quoted(packed: bytes) -> list[Quoted]:
    """What :func:`pack_quoted` made."""
    return list(map(Quoted.of, np.frombuffer(packed, "<u4").reshape(-1, 5).tolist()))


def read(text: str, lines: Sequence[Line]) -> Wording:
    """The words of the kept lines; numbers without separators, possessives without their ending.

    A word is letters, with single apostrophes between them, or digits, grouped in threes by one separator each
    ("16,000", "16 000").
    """
    folded = fold(text)
    codes = _codes(folded)
    # What stands around the text is no word.
    kept = np.zeros(len(codes) + 6, bool)
    for line in lines:
        if line.kept:
            kept[line.start + 1 : line.end + 1] = True
    classes = np.zeros(len(kept), np.uint8)
    classes[1 : len(codes) + 1] = _kinds(codes) & (_LETTER | _DIGIT)
    classes *= kept
    _join(classes, codes)
    changes = classes[1:] != classes[:-1]
    starts = np.flatnonzero(changes & (classes[1:] > 0))
    ends = np.flatnonzero(changes & (classes[:-1] > 0))
    capital = _kinds(_codes(text)[starts]) & _CAPITAL > 0
    short = (ends - starts > 3) & (codes[ends - 1] == ord("s")) & (codes[ends - 2] == ord("'"))
    flags = (CAPITAL * capital + SHORTENED * short).astype(np.uint8).tobytes()
    bounds = list(zip(starts.tolist(), ends.tolist(), strict=True))
    return Wording(
        [_plain(folded[start:end]) for start, end in bounds],
        [start for start, _ in bounds],
        [end for _, end in bounds],
        flags,
    )


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _join(classes: NDArray[np.uint8], codes: NDArray[np.uint32]) -> None:
    """Make apostrophes within a word letters, and separators within a number digits.

    Args:
        classes: of each code point, one more before them and five after.
        codes: the code points.
    """
    at = np.flatnonzero(codes == ord("'")) + 1
    within = at[(classes[at - 1] == _LETTER) & (classes[at + 1] == _LETTER)]
    at = np.flatnonzero((codes == ord(" ")) | (codes == ord(",")) | (codes == ord("."))) + 1
    at = at[(classes[at - 1] == _DIGIT) & (classes[at + 1] == _DIGIT)]
    grouping = at[(classes[at + 2] == _DIGIT) & (classes[at + 3] == _DIGIT) & (classes[at + 4] != _DIGIT)]
    classes[within] = _LETTER
    classes[grouping] = _DIGIT


def _kinds(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Of each code point whether it is a letter (or what else words are made of), a digit, a capital."""
    far = codes >= _BASIC_PLANE
    if not far.any():
        return _basic_plane()[codes]
    kinds = _basic_plane()[np.where(far, 0, codes)]
    found, where = np.unique(codes[far], return_inverse=True)
    kinds[far] = np.array([_kind(chr(code)) for code in found.tolist()], np.uint8)[where]
    return kinds


@cache
def _basic_plane() -> NDArray[np.uint8]:
    return np.fromiter(map(_kind, map(chr, range(_BASIC_PLANE))), np.uint8, _BASIC_PLANE)


def _kind(character: str) -> int:
    if character.isdecimal():
        return _DIGIT
    return (_LETTER | _CAPITAL * character.isupper()) if character.isalnum() else 0


@lru_cache(maxsize=1 << 14)
def _plain(word: str) -> str:
    if word[0].isdigit():
        return _NOT_DIGIT.sub("", word)[:LONGEST_WORD]
    if word.endswith("'s") and len(word) > 3:
        word = word[:-2]
    return word[:LONGEST_WORD]


@lru_cache(maxsize=1 << 14)
def number(word: str) -> int:
    """The word's number: 30 bits of a hash, :data:`NUMBER` and :data:`JOINED`. The same on every machine."""
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    bits = (NUMBER if word[:1].isdigit() else 0) | (JOINED if "'" in word else 0)
    return int.from_bytes(digest, "little") & ~(NUMBER | JOINED) | bits


def length(numbers: Numbers, flags: NDArray[np.uint8]) -> int:
    """How many words these are, counting those twice that are two ("don't") or were ("that's")."""
    return len(numbers) + int(np.count_nonzero(numbers & JOINED)) + int(np.count_nonzero(flags & SHORTENED))


@cache
def _rarities() -> tuple[dict[int, float], float]:
    return {number(word): weight for word, weight in listed().items()}, rarity_beyond()


def rarities(numbers: Sequence[int]) -> list[float]:
    """How rare each of the words is: see :func:`.rarity.rarity`."""
    weights, beyond = _rarities()
    return [weights.get(value, beyond) for value in numbers]

"""Words of an article as matching compares them, and the fingerprints of their runs.

Fingerprints are hashed runs of four words, thinned by winnowing (Schleimer, Wilkerson, Aiken: "Winnowing:
local algorithms for document fingerprinting", SIGMOD 2003) with the rarest run of each window kept in place of
the smallest hash: rare words tell articles apart. Runs inside quotations are all kept.
"""

from __future__ import annotations

import re
import struct
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from warreader.index.article import Line, Span
from warreader.index.matching.rarity import rarity
from warreader.index.text import fold

GRAM = 4
"""Words in a fingerprint."""

WINDOW = 3
"""Neighbouring runs of which one is kept: two texts that share six words in a row share a fingerprint."""

MOST_REPEATS = 8
"""Places of one run in one article that are kept: more of them tell nothing more."""

LONGEST_WORD = 64
"""Code points of a word that count; a run of letters without end is no word."""

_WORD = re.compile(r"\d+(?:[.,  ]\d{3}(?!\d))+|\d+|[^\W\d_]+(?:'[^\W\d_]+)*")
_NOT_DIGIT = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class Wording:
    """An article's kept words, folded, with the code point bounds of each and 1 where it is capitalised."""

    words: list[str]
    starts: array[int]
    ends: array[int]
    capitals: bytes

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Indices (end exclusive) of the words that stand in ``text[start:end]``."""
        return bisect_left(self.starts, start), bisect_right(self.ends, end)

    def pack(self) -> tuple[bytes, bytes]:
        """Words and their places as they are stored."""
        return (
            zlib.compress("\n".join(self.words).encode("utf-8", "surrogatepass"), 1),
            zlib.compress(_little(self.starts) + _little(self.ends) + self.capitals, 1),
        )

    @classmethod
    def unpack(cls, words: bytes, places: bytes) -> Wording:
        """What :meth:`pack` made."""
        joined = zlib.decompress(words).decode("utf-8", "surrogatepass")
        raw = zlib.decompress(places)
        count = len(raw) // 9
        numbers = struct.unpack_from(f"<{2 * count}I", raw)
        listed = joined.split("\n") if joined else []
        return cls(listed, array("I", numbers[:count]), array("I", numbers[count:]), raw[8 * count :])


def _little(numbers: array[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def read(text: str, lines: Sequence[Line]) -> Wording:
    """The words of the kept lines; numbers without separators, possessives without their ending."""
    folded = fold(text)
    words: list[str] = []
    starts, ends = array("I"), array("I")
    capitals = bytearray()
    for line in lines:
        if not line.kept:
            continue
        for match in _WORD.finditer(folded, line.start, line.end):
            words.append(_plain(match.group()))
            starts.append(match.start())
            ends.append(match.end())
            capitals.append(text[match.start()].isupper())
    return Wording(words, starts, ends, bytes(capitals))


def _plain(word: str) -> str:
    if word[0].isdigit():
        return _NOT_DIGIT.sub("", word)[:LONGEST_WORD]
    if word.endswith("'s") and len(word) > 3:
        word = word[:-2]
    return word[:LONGEST_WORD]


def gram_hash(words: Sequence[str]) -> int:
    """48 bits of a run of words: they take six bytes in SQLite, and a clash is found out by the alignment."""
    digest = blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return int.from_bytes(digest, "big")


def fingerprints(wording: Wording, quoted: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """Hash, position and whether it lies in a quotation, of the runs that are kept.

    Args:
        wording: the article's words.
        quoted: its quotations as word index ranges.
    """
    inside = bytearray(len(wording.words))
    for span in quoted:
        for position in range(span.start, span.end - GRAM + 1):
            inside[position] = 1
    kept = set(_winnowed(wording.words))
    kept.update(position for position, flag in enumerate(inside) if flag)
    times: Counter[int] = Counter()
    for position in sorted(kept):
        value = gram_hash(wording.words[position : position + GRAM])
        times[value] += 1
        if times[value] <= MOST_REPEATS:
            yield value, position, bool(inside[position])


def _winnowed(words: Sequence[str]) -> Iterator[int]:
    """In every window of runs the position of the rarest, the rightmost of equals."""
    count = len(words) - GRAM + 1
    if count <= 0:
        return
    single = [rarity(word) for word in words]
    weights = [single[i] + single[i + 1] + single[i + 2] + single[i + 3] for i in range(count)]
    best: deque[int] = deque()
    last = -1
    for position, weight in enumerate(weights):
        while best and weights[best[-1]] <= weight:
            best.pop()
        best.append(position)
        if best[0] <= position - WINDOW:
            best.popleft()
        if (position >= WINDOW - 1 or position == count - 1) and best[0] != last:
            last = best[0]
            yield last

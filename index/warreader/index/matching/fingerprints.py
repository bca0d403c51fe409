"""Fingerprints of an article's runs of words.

Fingerprints are hashed runs of four words, thinned by winnowing (Schleimer, Wilkerson, Aiken: "Winnowing:
local algorithms for document fingerprinting", SIGMOD 2003) with the rarest run of each window kept in place of
the smallest hash: rare words tell articles apart. Runs inside quotations in marks are all kept. A short quotation
in marks has one more, of all its words: a sentence of common words is found by nothing less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from warreader.index.matching.wording import Numbers, Quoted, length

BITS = 42
"""Bits of a fingerprint's hash: as the key of a table they take six bytes."""

GRAM = 4
"""Words in a fingerprint."""

WINDOW = 4
"""Neighbouring runs of which one is kept: two texts that share seven words in a row share a fingerprint."""

MOST_REPEATS = 8
"""Places of one run in one article that are kept: more of them tell nothing more."""

LEAST_WHOLE = 6
"""Words ("don't" and "that's" being two) of a quotation in marks from which on it has a fingerprint as a whole."""

MOST_WHOLE = 20
"""Words up to which it has."""

QUOTED = 1
WHOLE = 2
"""Bits of a fingerprint's place beside the index of its first word, which is counted in :data:`STEP`."""

STEP = 4

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)

Hashes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prints:
    """Fingerprints in order of hash, then of place.

    ``places`` are the index of the first word times :data:`STEP`, with :data:`QUOTED` where it lies in a quotation
    and :data:`WHOLE` where it is of all words of one.
    """

    hashes: Hashes
    places: NDArray[np.int64]

    def pack(self) -> bytes:
        """As they are stored."""
        return self.hashes.astype("<i8").tobytes() + self.places.astype("<i4").tobytes()

    @classmethod
    def unpack(cls, packed: bytes) -> Prints:
        """What :meth:`pack` made."""
        count = len(packed) // 12
        hashes = np.frombuffer(packed, "<i8", count)
        return cls(hashes.astype(np.int64), np.frombuffer(packed, "<i4", count, 8 * count).astype(np.int64))


def gram_hashes(numbers: Numbers) -> Hashes:
    """:data:`BITS` for each run of :data:`GRAM` words; the alignment finds out a clash."""
    count = len(numbers) - GRAM + 1
    if count <= 0:
        return np.empty(0, np.int64)
    wide = numbers.astype(np.uint64)
    mixed = np.zeros(count, np.uint64)
    for at in range(GRAM):
        mixed = (mixed ^ wide[at : at + count]) * _FACTOR
        mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def fingerprints(
    numbers: Numbers, flags: NDArray[np.uint8], rarities: Sequence[float], quoted: Sequence[Quoted]
) -> Prints:
    """The fingerprints that are kept.

    Args:
        numbers: the article's words.
        flags: what is told of each of them.
        rarities: how rare each of them is.
        quoted: its quotations.
    """
    hashes = gram_hashes(numbers)
    inside = np.zeros(len(hashes), bool)
    kept = np.zeros(len(hashes), bool)
    for quotation in quoted:
        span = quotation.words
        runs = slice(span.start, max(span.start, span.end - GRAM + 1))
        inside[runs] = True
        # Without marks more is asked than a run this short.
        kept[runs] |= not quotation.indirect
    kept[_winnowed(np.asarray(rarities))] = True
    at = np.flatnonzero(kept)
    whole = [
        (_whole_hash(numbers[span.start : span.end]), STEP * span.start + QUOTED + WHOLE)
        for quotation in quoted
        if not quotation.indirect
        and GRAM <= len(span := quotation.words) <= MOST_WHOLE
        and length(numbers[span.start : span.end], flags[span.start : span.end]) >= LEAST_WHOLE
    ]
    values = np.concatenate((hashes[at], np.array([value for value, _ in whole], np.int64)))
    places = np.concatenate(
        (STEP * at + QUOTED * inside[at], np.array([place for _, place in whole], np.int64))
    )
    order = np.lexsort((places, values))
    values, places = values[order], places[order]
    few = rank_within(values) < MOST_REPEATS
    return Prints(values[few], places[few])


def _whole_hash(numbers: Numbers) -> int:
    digest = blake2b(numbers.astype("<u4").tobytes(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - BITS)


def possible_hashes(numbers: Numbers, quoted: Sequence[Quoted]) -> Hashes:
    """All that the fingerprints of these words and quotations can be among, whichever were kept."""
    whole = [_whole_hash(numbers[q.words.start : q.words.end]) for q in quoted if len(q.words) <= MOST_WHOLE]
    return np.concatenate((gram_hashes(numbers), np.array(whole, np.int64)))


def distinct(ordered: Hashes) -> Hashes:
    """Each of the ordered values once. (``numpy.unique`` is ten times as slow on a few hundred.)"""
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def among(values: Hashes, held: Hashes) -> NDArray[np.bool_]:
    """Which of the values are among ordered ones. (``numpy.isin`` is far slower on a few hundred.)"""
    if not len(held):
        return np.zeros(len(values), bool)
    at = np.searchsorted(held, values)
    at[at == len(held)] = 0
    there: NDArray[np.bool_] = held[at] == values
    return there


def run_lengths(ordered: Hashes) -> NDArray[np.int64]:
    """How many there are of each of the ordered values."""
    if not len(ordered):
        return np.empty(0, np.int64)
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)) + 1
    lengths: NDArray[np.int64] = np.diff(ends, prepend=0)
    return lengths


def rank_within(ordered: Hashes) -> NDArray[np.int64]:
    """For each of the ordered values how many equal ones stand before it."""
    lengths = run_lengths(ordered)
    ranks: NDArray[np.int64] = np.arange(len(ordered)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return ranks


def room(weights: Sequence[float]) -> NDArray[np.int64]:
    """For each run by its position how many words two texts can share around it that share no other fingerprint.

    Of each window of runs that both have both keep the same one. So all whole windows among what they share keep this.
    """
    kept = np.bincount(_winnowed(np.asarray(weights)), minlength=len(weights))
    most: NDArray[np.int64] = kept + (WINDOW - 1) + (GRAM - 1)
    return most


def _winnowed(weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """For every window of runs the position of the rarest, the rightmost of equals."""
    count = len(weights) - GRAM + 1
    if count <= 0:
        return np.empty(0, np.int64)
    runs = sum((weights[at : at + count] for at in range(1, GRAM)), weights[:count].copy())
    width = min(WINDOW, count)
    # The first of the greatest in the window turned round is the last of them.
    best = width - 1 - np.argmax(sliding_window_view(runs, width)[:, ::-1], axis=1)
    at: NDArray[np.int64] = np.arange(len(best)) + best
    return at

"""From the words of each article to the articles of each word."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from whoosh.util.numeric import length_to_byte

from warreader.index.search.analyzer import ALTERNATIVE, GAP, Vocabulary
from warreader.index.search.arrays import Array
from warreader.index.search.segment import MARGIN, NARROW, WIDE
from warreader.index.search.writing import Postings


class Buffer:
    """One field of the articles of a segment to be: the codes of their words, article by article."""

    def __init__(self) -> None:
        self._codes = array("i")
        self._docs = array("i")
        self._ends = array("q")
        self._words = array("i")
        self._longest = 0
        self._ledes = array("q")

    def add(self, doc: int, codes: array[int], lede: slice | None = None) -> None:
        """Take an article's words, read by :meth:`Vocabulary.read`. Articles come in order of their numbers.

        Args:
            lede: which of them are its lede.
        """
        if lede is not None:
            self._ledes.extend((len(self._codes) + lede.start, len(self._codes) + lede.stop))
        self._codes.extend(codes)
        self._docs.append(doc)
        self._ends.append(len(self._codes))
        words = int(np.count_nonzero(_seen(codes)))
        self._words.append(words)
        self._longest = max(self._longest, words + GAP * (len(codes) - words))

    @property
    def wide(self) -> bool:
        """Whether its places may need four bytes."""
        return self._longest > np.iinfo(NARROW).max - MARGIN

    def lengths(self, count: int) -> Array:
        """How many words each of so many articles has, in Whoosh's one byte."""
        found = np.zeros(count, np.uint8)
        found[_seen(self._docs)] = [length_to_byte(words) for words in self._words]
        return found

    def repeated(self) -> list[int]:
        """The codes of the words that stand here more than once."""
        found: list[int] = np.flatnonzero(np.bincount(self._unmarked()) > 1).tolist()
        return found[1:] if found[:1] == [0] else found

    def inverted(self, vocabulary: Vocabulary) -> Postings:
        """The postings of all words."""
        # Some hundred thousand words at a time are written: what is not needed any more goes at once.
        lengths = np.diff(_seen(self._ends), prepend=0)
        codes = self._unmarked()
        held = np.bincount(codes, minlength=1)
        gaps, held[0] = int(held[0]), 0
        words, present = _in_order(vocabulary.forms, np.flatnonzero(held).tolist())
        rank = np.zeros(len(held), NARROW if len(present) < np.iinfo(NARROW).max else WIDE)
        rank[present] = np.arange(1, len(present) + 1)
        ranks = rank[codes]
        del codes, held
        ranks, order = _sorted(ranks)
        ranks, order = ranks[gaps:], order[gaps:]
        places = self._places(lengths)[order]
        led = self._led()[order] if self._ledes else None
        docs = np.repeat(_seen(self._docs).astype(NARROW), lengths)[order]
        del order
        begins = np.ones(len(ranks), np.bool_)
        begins[1:] = ranks[1:] != ranks[:-1]
        begins[1:] |= docs[1:] != docs[:-1]
        starts = np.flatnonzero(begins).astype(WIDE)
        return Postings(
            words,
            checksums=_seen(vocabulary.checksums)[present],
            frequencies=np.bincount(ranks[starts], minlength=len(present) + 1)[1:],
            docs=docs[starts],
            counts=np.diff(starts, append=WIDE.type(len(ranks))),
            places=[places],
            led=None if led is None else np.bitwise_or.reduceat(led, starts) if len(starts) else led,
        )

    def _led(self) -> Array:
        """Which of the codes are in a lede."""
        led = np.zeros(len(self._codes), np.uint8)
        for start, end in zip(self._ledes[::2], self._ledes[1::2], strict=True):
            led[start:end] = 1
        return led

    def _unmarked(self) -> Array:
        """The codes without the marks of further spellings."""
        codes = _seen(self._codes)
        return codes & ~ALTERNATIVE if codes.max(initial=0) >= ALTERNATIVE else codes

    def _places(self, lengths: Array) -> Array:
        """The positions of the words in their articles."""
        codes = _seen(self._codes)
        steps = np.where(codes == 0, np.int32(GAP), np.int32(1))
        if codes.max(initial=0) >= ALTERNATIVE:
            steps[codes >= ALTERNATIVE] = 0
        ends = np.cumsum(steps, out=steps)
        before = np.append(np.int32(0), ends)[np.cumsum(lengths) - lengths]
        ends -= np.repeat(before, lengths)
        ends -= 1
        return ends


def _sorted(numbers: Array) -> tuple[Array, Array]:
    """Small numbers in order, and where each stood; of those alike the first comes first.

    Sorted together with their places as one number: ``numpy.argsort`` takes twice the room, and longer.
    """
    bits = len(numbers).bit_length()
    both = numbers.astype(np.int64)
    both <<= bits
    both |= np.arange(len(numbers), dtype=WIDE)
    both.sort()
    order = both.astype(WIDE)
    order &= WIDE.type((1 << bits) - 1)
    both >>= bits
    return both.astype(numbers.dtype), order


def _seen(numbers: array[int]) -> Array:
    """The numbers, not copied. While this lives they can't grow."""
    return np.frombuffer(numbers, numbers.typecode, len(numbers))


def _in_order(forms: Sequence[str], codes: Sequence[int]) -> tuple[list[bytes], Array]:
    """The forms of these codes as they are sorted in a segment, and the codes in that order."""
    words = [forms[code].encode() for code in codes]
    order = sorted(range(len(words)), key=words.__getitem__)
    return [words[at] for at in order], np.array(codes, np.int64)[order]

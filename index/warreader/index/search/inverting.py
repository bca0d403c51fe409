"""From the words of each article to the articles of each word."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from warreader.index.search.analyzer import ALTERNATIVE, GAP, Vocabulary
from warreader.index.search.arrays import Array
from warreader.index.search.segment import NARROW, WIDE
from warreader.index.search.writing import Postings


class Buffer:
    """One field of the articles of a segment to be: the codes of their words, article by article."""

    def __init__(self) -> None:
        self._codes = array("i")
        self._docs = array("i")
        self._ends = array("q")

    def __len__(self) -> int:
        return len(self._codes)

    def add(self, doc: int, codes: array[int]) -> None:
        """Take an article's words, read by :meth:`Vocabulary.read`. Articles come in order of their numbers."""
        self._codes.extend(codes)
        self._docs.append(doc)
        self._ends.append(len(self._codes))

    def inverted(self, vocabulary: Vocabulary) -> Postings:
        """The postings of all words."""
        lengths = np.diff(np.array(self._ends), prepend=0)
        codes, places = _placed(np.array(self._codes, np.int32), lengths)
        docs = np.repeat(np.array(self._docs, NARROW), lengths)
        held = np.bincount(codes, minlength=1)
        gaps, held[0] = int(held[0]), 0
        words, present = _in_order(vocabulary.forms, np.flatnonzero(held).tolist())
        # Numbers of two bytes numpy sorts three times as fast.
        rank = np.zeros(len(held), NARROW if len(present) < np.iinfo(NARROW).max else WIDE)
        rank[present] = np.arange(1, len(present) + 1)
        ranks = rank[codes]
        order = np.argsort(ranks, kind="stable")[gaps:]
        ranks, docs, places = ranks[order], docs[order], places[order]
        begins = np.ones(len(order), np.bool_)
        begins[1:] = (ranks[1:] != ranks[:-1]) | (docs[1:] != docs[:-1])
        starts = np.flatnonzero(begins)
        return Postings(
            words,
            checksums=np.array(vocabulary.checksums, WIDE)[present],
            frequencies=np.bincount(ranks[starts], minlength=len(present) + 1)[1:],
            docs=docs[starts],
            counts=np.diff(starts, append=len(order)),
            places=places,
        )


def _placed(codes: Array, lengths: Array) -> tuple[Array, Array]:
    """The codes without their marks, and the positions of the words in their articles."""
    steps = np.ones(len(codes), np.int64)
    steps[codes == 0] = GAP
    alternative = codes >= ALTERNATIVE
    if alternative.any():
        steps[alternative] = 0
        codes = codes & ~ALTERNATIVE
    ends = np.cumsum(steps)
    before = np.append(0, ends)[np.cumsum(lengths) - lengths]
    return codes, (ends - 1 - np.repeat(before, lengths)).astype(np.int32)


def _in_order(forms: Sequence[str], codes: Sequence[int]) -> tuple[list[bytes], Array]:
    """The forms of these codes as they are sorted in a segment, and the codes in that order."""
    words = [forms[code].encode() for code in codes]
    order = sorted(range(len(words)), key=words.__getitem__)
    return [words[at] for at in order], np.array(codes, np.int64)[order]

"""In which articles of a segment the words of a phrase follow one another.

Where a word stands is one number: that of the article, and its position less the word's place
in the phrase. What all words have in common are the phrases.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import numpy as np

from warreader.index.search.arrays import Array
from warreader.index.search.reading import sought
from warreader.index.search.segment import MARGIN, Field, stretches

RARER = 5
"""Looking places up one by one is quicker than reading all where one side is so many times rarer."""

_SCARCER = 6
"""Looking up is quicker than sorting where one side is so many times rarer."""

_AT_ONCE = 1 << 15
"""Places looked at while what they need stays in the processor's own memory."""

_PIECE = 1 << 18
"""Places chosen from at once: numpy lets no other thread go on in the midst of it."""

Word = tuple[int, Field, Sequence[tuple[int, int]]]
"""Its place in the phrase, and ranges of those forms of a field that may stand there."""

_Postings = tuple[Array, Array, Array]


def following(words: Sequence[Word], docs: Array, size: int) -> Array:
    """Those of some articles in which the words follow one another, in order.

    Args:
        words: in the order in which they are best looked for: rare ones first.
        docs: the articles, in order.
        size: how many there are in the segment.
    """
    wanted = docs
    held: Array | None = None
    for at, field, forms in words:
        if not len(docs):
            break
        if not forms:
            return docs[:0].astype(np.intp)
        if held is None:
            there = _there(docs, size)
            held = _starts(_read(field, forms), docs, there, MARGIN - at)
        else:
            held = np.compress(_followed(held, field, forms, docs, at, size), held)
        docs = _docs(held)
        docs = docs[np.append(True, docs[1:] != docs[:-1])] if len(docs) else docs
    return docs[_there(wanted, size)[docs]].astype(np.intp)


def _there(docs: Array, size: int) -> Array:
    there = np.zeros(size, np.bool_)
    there[docs] = True
    return there


def _read(field: Field, forms: Sequence[tuple[int, int]]) -> list[tuple[_Postings, bool]]:
    return [(field.postings(start, end), end - start == 1) for start, end in forms]


def _followed(
    held: Array, field: Field, forms: Sequence[tuple[int, int]], docs: Array, at: int, size: int
) -> Array:
    """For each of the numbers whether some form stands at this place of the phrase."""
    codes = [field.codes[start] for start, end in forms if end - start == 1 and start in field.codes]
    found: Array | None = None
    if codes:
        parts = [held[start : start + _AT_ONCE] for start in range(0, len(held), _AT_ONCE)]
        found = np.concatenate(
            [
                field.standing(_docs(part).astype(np.intp), _places(part) + (at - MARGIN), codes)
                for part in parts
            ]
        )
        forms = [(start, end) for start, end in forms if end - start > 1 or start not in field.codes]
    if found is None or forms:
        read = _read(field, forms)
        there = _there(docs, size)
        if all(sole for _, sole in read) and _standing(read, there) > RARER * len(held):
            others = reduce(np.logical_or, [_is_held(held, each, MARGIN - at, size) for each, _ in read])
            found = others if found is None else found | others
        else:
            found = np.zeros(len(held), np.bool_) if found is None else found
            found[_common(held, _starts(read, docs, there, MARGIN - at))] = True
    return found


def _docs(numbers: Array) -> Array:
    found: Array = numbers >> (8 * numbers.itemsize // 2)
    return found


def _places(numbers: Array) -> Array:
    """The places in the articles, shifted."""
    found: Array = (numbers & numbers.dtype.type((1 << (4 * numbers.itemsize)) - 1)).astype(np.intp)
    return found


def _standing(read: Sequence[tuple[_Postings, bool]], there: Array) -> int:
    """How often some forms stand in these articles."""
    return sum(int(counts.sum(where=there[docs], dtype=np.int64)) for (docs, counts, _), _ in read)


def _starts(read: Sequence[tuple[_Postings, bool]], wanted: Array, there: Array, shift: int) -> Array:
    """Where some forms stand in these articles, in order, shifted."""
    parts: list[Array] = []
    for postings, sole in read:
        docs, counts, places = _within(postings, wanted, there, sole=sole)
        kind = np.dtype(f"u{2 * places.itemsize}")
        numbers = (docs.astype(kind) << kind.type(8 * places.itemsize)) + kind.type(shift)
        numbers = np.repeat(numbers, counts)
        numbers += places
        parts.append(numbers)
    if (len(read) == 1 and read[0][1]) or not any(map(len, parts)):
        return parts[0]
    # Of several forms the places come one form after the other; two may stand in one place.
    starts = np.concatenate(parts)
    starts.sort()
    return np.compress(np.append(True, starts[1:] != starts[:-1]), starts)


def _within(postings: _Postings, wanted: Array, there: Array, *, sole: bool) -> _Postings:
    """Of postings those in some articles.

    Args:
        wanted: the articles, in order.
        there: by number whether an article is one of them.
        sole: the postings are of one form: of several the articles come one form after the other.
    """
    docs, counts, places = postings
    if sole and len(wanted) * RARER < len(docs):
        at = sought(docs, wanted)
        before = np.cumsum(counts, dtype=np.int64) - counts
        docs, counts = docs[at], counts[at]
        return docs, counts, places[stretches(before[at], counts)]
    kept = there[docs]
    at = np.flatnonzero(kept)
    if len(at) == len(docs):
        return postings
    return docs[at], counts[at], _chosen(kept, counts, places)


def _chosen(kept: Array, counts: Array, places: Array) -> Array:
    """The places in some articles. Of very many they are taken piece by piece."""
    if len(places) <= _PIECE:
        found: Array = places[np.repeat(kept, counts)]
        return found
    ends = np.append(0, np.cumsum(counts, dtype=np.int64))
    cuts = np.searchsorted(ends, np.arange(0, len(places), _PIECE)).tolist()
    return np.concatenate(
        [
            places[ends[first] : ends[last]][np.repeat(kept[first:last], counts[first:last])]
            for first, last in pairwise([*cuts, len(counts)])
        ]
    )


def _is_held(numbers: Array, postings: _Postings, shift: int, size: int) -> Array:
    """For each number whether a form stands there: its places in the article are halved until one is left."""
    docs, counts, places = postings
    of = np.full(size, -1, np.intp)
    of[docs] = np.arange(len(docs))
    which = of[_docs(numbers)]
    ends = np.cumsum(counts, dtype=np.intp)
    end = ends[which]
    at = end - np.where(which < 0, 0, counts[which])
    wanted = _places(numbers) - shift
    last = len(places) - 1
    for step in reversed(range(int(counts.max()).bit_length())):
        further = at + (1 << step)
        before = places[np.minimum(further - 1, last)] < wanted
        at = np.where(before & (further <= end), further, at)
    found: Array = (at < end) & (places[np.minimum(at, last)] == wanted)
    return found


def _common(held: Array, other: Array) -> Array:
    """The places in the first of what is in both; both in order, and each once."""
    if not len(held) or not len(other):
        return np.empty(0, np.intp)
    if len(other) * _SCARCER < len(held):
        return sought(held, other)
    if len(held) * _SCARCER < len(other):
        at = np.searchsorted(other, held)
        at[at == len(other)] = 0
        return np.flatnonzero(other[at] == held)
    both = np.concatenate((held, other))
    both.sort()
    return np.searchsorted(held, np.compress(both[1:] == both[:-1], both[:-1]))

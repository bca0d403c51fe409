"""In which articles of a segment the words of a phrase follow one another.

Where a word stands is one number: that of the article, and its position less the word's place
in the phrase. What all words have in common are the phrases.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from warreader.index.search.arrays import Array
from warreader.index.search.reading import once
from warreader.index.search.segment import MARGIN, Field, stretches

RARER = 5
"""Looking places up one by one is quicker than reading all where one side is so many times rarer."""

_SCARCER = 6
"""Looking up is quicker than sorting where one side is so many times rarer."""

_LESS = 2
"""Taking places stretch by stretch is quicker than choosing among all where so many times fewer are wanted."""

_ARTICLES = 1 << 12
"""So many are looked at before others: what they need stays in the processor's own memory."""

_MANY = 1 << 15
"""Of forms that stand at more places only those are read that are needed."""

Word = tuple[int, Field, Sequence[tuple[int, int]]]
"""Its place in the phrase, and ranges of those forms of a field that may stand there."""


class _Form(NamedTuple):
    """A form: articles that have it, how often each, up to where its places among all of the form's reach."""

    docs: Array
    counts: Array
    ends: Array
    places: Array


_Standing = _Form | Array
"""Where a form stands, or several together: as the numbers, in order, of some articles."""


def following(words: Sequence[Word], docs: Array) -> Array:
    """Those of some articles in which the words follow one another, in order.

    Args:
        words: in the order in which they are best looked for: rare ones first.
        docs: the articles, in order.
    """
    read: list[list[_Standing]] = []
    some = [docs[start : start + _ARTICLES] for start in range(0, len(docs), _ARTICLES)]
    return np.concatenate([docs[:0], *[_followed(words, each, docs, read) for each in some]])


def _followed(words: Sequence[Word], some: Array, docs: Array, read: list[list[_Standing]]) -> Array:
    """The same for some of the articles; ``read`` is what has been read of the words for others."""
    held: Array | None = None
    for number, (at, field, forms) in enumerate(words):
        if number == len(read):
            read.append(_read(field, forms, docs))
        parts = [part for form in read[number] if (part := _between(form, some)) is not None]
        if not parts:
            return docs[:0]
        if held is None:
            held = _once([_starts(part, some, MARGIN - at) for part in parts])
        else:
            held = _once([_held_by(part, held, some, MARGIN - at) for part in parts])
        if not len(held):
            return docs[:0]
        some = _docs(held)
        some = some.compress(np.append(True, some[1:] != some[:-1]))
    return some


def _read(field: Field, forms: Sequence[tuple[int, int]], docs: Array) -> list[_Standing]:
    """Where forms stand; those that are not very common together, and in these articles alone."""
    found: list[_Standing] = []
    there = np.zeros(len(field.lengths), np.bool_)
    there[docs] = True
    numbers = []
    for start, end in (run for each in forms for run in field.runs(*each)):
        held, counts, places = field.postings(start, end)
        if not len(held):  # a stretch that was merged may have had no forms
            continue
        form = _Form(held, counts, np.cumsum(counts, dtype=np.uint32), places)
        if end - start == 1 and len(places) > _MANY:
            found.append(form)
        else:
            numbers.append(_numbers(form, there[held]))
    return [*found, once(numbers, "quicksort")] if numbers else found


def _once(numbers: Sequence[Array]) -> Array:
    """All numbers in order, each once."""
    return numbers[0] if len(numbers) == 1 else once(numbers)


def _between(form: _Standing, some: Array) -> _Standing | None:
    """Where it stands between the first and the last of some articles, if it does."""
    first, last = int(some[0]), int(some[-1])
    if isinstance(form, _Form):
        kind = form.docs.dtype.type
        part = slice(form.docs.searchsorted(kind(first)), form.docs.searchsorted(kind(last), "right"))
        docs, counts, ends, places = form
        return _Form(docs[part], counts[part], ends[part], places) if part.start < part.stop else None
    kind, bits = form.dtype.type, 4 * form.itemsize
    part = slice(form.searchsorted(kind(first << bits)), form.searchsorted(kind(((last + 1) << bits) - 1)))
    return form[part] if part.start < part.stop else None


def _starts(form: _Standing, some: Array, shift: int) -> Array:
    """Where it stands in some articles, in order, shifted."""
    if not isinstance(form, _Form):
        moved: Array = form + form.dtype.type(shift)
        return moved
    there = np.zeros(int(some[-1]) + 1, np.bool_)
    there[some] = True
    numbers = _numbers(form, there[form.docs])
    numbers += numbers.dtype.type(shift)
    return numbers


def _numbers(form: _Form, kept: Array) -> Array:
    """Where it stands, as numbers, in those of its articles that are kept."""
    docs, counts, ends, places = form
    at = kept.nonzero()[0]
    docs, counts = docs[at], counts[at]
    if len(at) * _LESS < len(kept):
        places = places[stretches(ends[at] - counts, counts)]
    else:
        places = places[ends[0] - form.counts[0] : ends[-1]]
        if len(at) < len(kept):
            places = places[np.repeat(kept, form.counts)]
    kind = np.dtype(f"u{2 * places.itemsize}")
    numbers = np.repeat(docs.astype(kind) << kind.type(8 * places.itemsize), counts)
    numbers += places
    return numbers


def _docs(numbers: Array) -> Array:
    found: Array = numbers >> numbers.dtype.type(4 * numbers.itemsize)
    return found.astype(np.intp)


def _held_by(form: _Standing, held: Array, some: Array, shift: int) -> Array:
    """Those of the numbers in some articles at which a form stands, shifted."""
    if isinstance(form, _Form) and form.ends[-1] - form.ends[0] > RARER * len(held):
        return held.compress(_is_held(held, form, some, shift))
    return _common(held, _starts(form, some, shift))


def _is_held(held: Array, form: _Form, some: Array, shift: int) -> Array:
    """At which it stands: its places in each article are halved until one is left."""
    first, size = int(some[0]), int(some[-1] - some[0]) + 1
    ends, counts = np.zeros(size, form.ends.dtype), np.zeros(size, form.counts.dtype)
    docs = form.docs - form.docs.dtype.type(first)
    ends[docs] = form.ends
    counts[docs] = form.counts
    which = _docs(held) - first
    left = counts.take(which)
    at = ends.take(which).astype(np.intp) - left
    wanted = held.astype(form.places.dtype)
    further = form.places.dtype.type(shift)
    found = left > 0
    for _ in range(int(form.counts.max()).bit_length()):
        half = left >> 1
        left -= half
        at += half * (form.places.take(at + half) + further <= wanted)
    found &= form.places.take(at) + further == wanted
    return found


def _common(one: Array, other: Array) -> Array:
    """What is in both; both in order, and each once."""
    if len(other) < len(one):
        one, other = other, one
    if len(one) * _SCARCER < len(other):
        at = np.searchsorted(other, one)
        at[at == len(other)] = 0
        return one.compress(other[at] == one)
    both = np.concatenate((one, other))
    both.sort(kind="stable")  # Two parts in order are merged.
    return both[:-1].compress(both[1:] == both[:-1])

"""Many segments into few: which ones, and how, a stretch of the list of words at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO, NamedTuple

import numpy as np

from warreader.index.search.arrays import Array
from warreader.index.search.codec import Segment
from warreader.index.search.segment import MOST, WIDE, Field, Fields, stretches
from warreader.index.search.uniting import unions
from warreader.index.search.writing import Facts, Postings, write

SMALLEST = 1 << 14
"""Segments of fewer words count as of one size."""

STRETCH = 1 << 16
"""Places read at once of all sources: what merging keeps in memory does not grow with the segments."""

FORMS = 1 << 11
"""Forms read at once of one source."""


def due(segments: Sequence[Segment], most: int = 1) -> list[Segment]:
    """The segments to merge next; empty where all is well.

    Those that make one at least one and a half times as large as the largest of them, so that
    each word is written anew only a few times, and most of them at once. No segment grows
    beyond :data:`~.segment.MOST` articles, so no merge takes long.

    Args:
        most: so many segments are left alone.
    """
    for segment in segments:
        if segment.deleted_count() * 2 > segment.count:
            return [segment]
    if len(segments) <= most:
        return []
    found: list[Segment] = []
    total = articles = 0
    best = 0
    for segment in sorted(segments, key=lambda segment: segment.size):
        articles += segment.doc_count()
        if articles > MOST:
            break
        if found and max(segment.size, SMALLEST) <= 2 * max(total, SMALLEST):
            best = len(found) + 1
        found.append(segment)
        total += segment.size
    return found[:best]


class Source(NamedTuple):
    """A segment to merge: its fields and, by number, which of its articles are not deleted."""

    fields: Fields
    live: Array


def merge(file: IO[bytes], sources: Sequence[Source]) -> None:
    """Write one segment that holds the articles of all, in their order, without the deleted ones.

    Args:
        file: one that has a name, by which it is read while it is written.
    """
    names = sorted({name for source in sources for name in source.fields.names})
    facts = Facts(
        {
            column: np.concatenate([source.fields.file[column][source.live] for source in sources])
            for column in ("key", "date")
        },
        {name: np.concatenate([_lengths(source, name) for source in sources]) for name in names},
    )
    numbers = []
    base = 0
    for source in sources:
        numbers.append(np.cumsum(source.live) - 1 + base)
        base += int(source.live.sum())
    fields = {
        name: _merged(
            [
                _Cursor(source.fields[name], source.live, number)
                for source, number in zip(sources, numbers, strict=True)
                if name in source.fields.names
            ]
        )
        for name in names
    }
    wide = any(source.fields.file.facts["wide"] for source in sources)
    write(file, facts, fields, wide=wide, unite=unions)


def _lengths(source: Source, name: str) -> Array:
    if name not in source.fields.names:
        return np.zeros(int(source.live.sum()), np.uint8)
    return source.fields[name].lengths[source.live]


class _Cursor:
    """A field of a source, read stretch by stretch."""

    def __init__(self, field: Field, live: Array, numbers: Array) -> None:
        self.field = field
        self._live = None if live.all() else live
        self._numbers = numbers
        self.at = 0
        # Some of the forms from ``_first`` on, with where their places begin: finding one in the file takes long.
        self._first = 0
        self._words: list[bytes] = []
        self._begins: Array = np.empty(0, WIDE)

    def after(self, places: int) -> bytes | None:
        """The form up to which about so many places reach, ``None`` if they reach the end."""
        self._look_ahead()
        at = self.at - self._first
        end = max(int(np.searchsorted(self._begins, self._begins[at] + places, "right")) - 1, at + 1)
        if end < len(self._words):
            return self._words[end]
        return self.field.word(self._first + end) if self._first + end < len(self.field) else None

    def _look_ahead(self) -> None:
        """Have half of :data:`FORMS` at hand at least: sources whose stretches ended elsewhere would cut all others."""
        known = self._first + len(self._words)
        if known - self.at >= FORMS // 2 or known == len(self.field):
            return
        end = min(self.at + FORMS, len(self.field))
        self._words = self._words[self.at - self._first :] + self.field.words(known, end)
        self._begins = self.field.places_at(self.at, end)
        self._first = self.at

    def take(self, until: bytes | None) -> tuple[list[bytes], Array, Array, Array, Array, Array, Array]:
        """Forms before this one, which is not beyond what :meth:`after` told, with all that is held of them.

        That is their checksums, frequencies, articles, counts, what is in the lede, and places.
        """
        at = self.at - self._first
        words = self._words[at:] if until is None else self._words[at : bisect_left(self._words, until, at)]
        start, end = self.at, self.at + len(words)
        self.at = end
        frequencies = self.field.frequencies[start:end]
        docs, counts, places = self.field.postings(start, end)
        led = self.field.led(start, end)
        if self._live is not None:
            kept = self._live[docs]
            held = np.append(0, np.cumsum(kept))[np.append(0, np.cumsum(frequencies, dtype=np.int64))]
            places = places[np.repeat(kept, counts)]
            docs, counts, led, frequencies = docs[kept], counts[kept], led[kept], np.diff(held)
        checksums = self.field.checksums[start:end]
        return words, checksums, frequencies, self._numbers[docs], counts, led, places


def _merged(cursors: Sequence[_Cursor]) -> Iterator[Postings]:
    while unread := [cursor for cursor in cursors if cursor.at < len(cursor.field)]:
        # Each as much as it has of all, so that they come about equally far.
        total = sum(cursor.field.total for cursor in unread)
        ends = [cursor.after(STRETCH * cursor.field.total // total) for cursor in unread]
        until = min((end for end in ends if end is not None), default=None)
        yield _joined([cursor.take(until) for cursor in unread])


def _joined(parts: Sequence[tuple[list[bytes], Array, Array, Array, Array, Array, Array]]) -> Postings:
    """One stretch of all sources: the postings of each form one source after another."""
    words = sorted(set(chain.from_iterable(part[0] for part in parts)))
    number = {word: at for at, word in enumerate(words)}
    forms = np.fromiter((number[word] for part in parts for word in part[0]), np.int64)
    checksums, frequencies, docs, counts, led = (
        np.concatenate([part[column] for part in parts]) for column in range(1, 6)
    )
    places = [part[6] for part in parts]
    order = np.argsort(forms, kind="stable")
    # A word that stands everywhere is a stretch of its own, in order already.
    if not (order[1:] > order[:-1]).all():
        first = np.append(0, np.cumsum(frequencies, dtype=np.int64))
        standing = np.append(0, np.cumsum(counts, dtype=np.int64))[first]
        by_form = stretches(first[:-1][order], frequencies[order])
        places = [np.concatenate(places)[stretches(standing[:-1][order], np.diff(standing)[order])]]
        docs, counts, led = docs[by_form], counts[by_form], led[by_form]
    marks = np.zeros(len(words), WIDE)
    marks[forms] = checksums
    held = np.bincount(forms, frequencies, len(words)).astype(np.int64)
    kept = held > 0
    return Postings(
        words if kept.all() else [word for word, there in zip(words, kept.tolist(), strict=True) if there],
        marks[kept],
        held[kept],
        docs,
        counts,
        places,
        led,
    )

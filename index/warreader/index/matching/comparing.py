"""Whether a quotation stands in another article, where, and how it was changed.

Acceptance has two tiers. Long runs, or runs that cover most of a quotation, are taken as they are; shorter ones
only if both articles set them in marks or were published within days of each other. A run of capitalised words is a
name or a title, however long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

from warreader.index.article import MatchKind, Span
from warreader.index.matching.alignment import Alignment, align
from warreader.index.matching.wording import GRAM, Wording

LEAST_WORDS = 5
"""Words a quotation needs to be looked for in other articles."""

LEAST_INDIRECT = 10
"""The same for reported words without marks: papers paraphrase alike."""

LONGEST = 1500
"""Words of a quotation that are compared."""

LEAST_DENSITY = 0.6
"""Equal words in the longer of two matched runs."""

NEAR_DAYS = 10
"""Days between two articles on one event."""

WINDOWS = 4
"""Places of one article that a quotation is compared with."""

COVERED = 0.9
"""Share of a quotation's words from which the match takes in the whole of it, marks included."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation as code points and as a range of its article's kept words."""

    span: Span
    words: Span
    indirect: bool


@dataclass(frozen=True)
class Side:
    """An article as matching sees it."""

    wording: Wording
    quotations: Sequence[Quoted]
    published: date | None

    @cached_property
    def marked(self) -> list[Quoted]:
        """The quotations in marks, in order; they don't overlap."""
        return sorted((q for q in self.quotations if not q.indirect), key=lambda q: q.words)


@dataclass(frozen=True, slots=True)
class Place:
    """A match between a quotation's article and another: code point spans in each."""

    own: Span
    other: Span
    kind: MatchKind
    score: float


def near(one: Side, two: Side) -> bool:
    """Whether both dates are known and lie within :data:`NEAR_DAYS`."""
    if one.published is None or two.published is None:
        return False
    return abs((one.published - two.published).days) <= NEAR_DAYS


def far(one: Side, two: Side) -> bool:
    """Whether both dates are known and lie farther apart."""
    return one.published is not None and two.published is not None and not near(one, two)


def places(own: Side, quoted: Quoted, other: Side, hits: Sequence[tuple[int, int]]) -> Iterator[Place]:
    """Where ``quoted`` of ``own`` stands in ``other``.

    Args:
        hits: word positions (own, other) of the fingerprints both share inside the quotation.
    """
    first = quoted.words.start
    last = min(quoted.words.end, first + LONGEST)
    words = own.wording.words[first:last]
    for low, high in _windows(first, last, len(other.wording.words), hits):
        found = align(words, other.wording.words[low:high])
        if found is None or found.equal < LEAST_WORDS or found.density < LEAST_DENSITY:
            continue
        mine = Span(found.first[0] + first, found.first[1] + first)
        theirs = Span(found.second[0] + low, found.second[1] + low)
        held = _held(other, theirs)
        if _accept(own, quoted, mine, other, theirs, found, held):
            yield Place(
                _own_span(own, quoted, mine),
                _other_span(other, theirs, held),
                _kind(found, len(quoted.words), held),
                round(found.weight * found.density * _coverage(found, quoted, held), 2),
            )


def _windows(first: int, last: int, length: int, hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches of the other article, as long as the quotation and some more, around the shared fingerprints."""
    slack = GRAM + (last - first) // 4
    spans = sorted(
        (max(0, there - (here - first) - slack), min(length, there + (last - here) + slack))
        for here, there in hits
    )
    merged: list[list[int]] = []
    for low, high in spans:
        if merged and low <= merged[-1][0] + slack:
            merged[-1][1] = max(merged[-1][1], high)
            merged[-1][2] += 1
        else:
            merged.append([low, high, 1])
    merged.sort(key=lambda window: (-window[2], window[0]))
    return [(low, high) for low, high, _ in merged[:WINDOWS]]


def _held(other: Side, theirs: Span) -> Quoted | None:
    """The quotation in marks that holds most of a stretch of the other article's words."""
    best, most = None, 0
    at = bisect_right(other.marked, theirs.start, key=lambda quoted: quoted.words.end)
    for quoted in islice(other.marked, at, None):
        if quoted.words.start >= theirs.end:
            break
        shared = min(quoted.words.end, theirs.end) - max(quoted.words.start, theirs.start)
        if shared > most:
            best, most = quoted, shared
    return best if best is not None and most >= 0.7 * len(theirs) else None


def _coverage(found: Alignment, quoted: Quoted, held: Quoted | None) -> float:
    shorter = min(len(quoted.words), len(held.words)) if held else len(quoted.words)
    return min(1.0, found.equal / max(1, shorter))


def _accept(
    own: Side, quoted: Quoted, mine: Span, other: Side, theirs: Span, found: Alignment, held: Quoted | None
) -> bool:
    equal, density = found.equal, found.density
    if sum(own.wording.capitals[mine.start : mine.end]) >= 0.6 * len(mine):
        return False
    covered = _coverage(found, quoted, held)
    if quoted.indirect:
        # Papers paraphrase alike and count alike: the run must be long and every number the same.
        alike = equal >= LEAST_INDIRECT and density >= 0.7 and covered >= 0.5 and found.weight >= 14
        return alike and _numbers(own, mine) == _numbers(other, theirs)
    if equal >= 12 or (equal >= 8 and covered >= 0.6):
        return found.weight >= 8
    if held is not None and covered >= 0.8 and found.weight >= (12 if far(own, other) else 8):
        return True
    return equal >= 6 and density >= 0.75 and found.weight >= 10 and near(own, other)


def _numbers(side: Side, words: Span) -> list[str]:
    return sorted(word for word in side.wording.words[words.start : words.end] if word[0].isdigit())


def _kind(found: Alignment, length: int, held: Quoted | None) -> MatchKind:
    if found.density < 1.0:
        return MatchKind.REWORDED
    whole = found.equal >= length and (held is None or found.equal >= len(held.words))
    return MatchKind.EXACT if whole else MatchKind.TRUNCATED


def _own_span(own: Side, quoted: Quoted, mine: Span) -> Span:
    if len(mine) >= COVERED * len(quoted.words):
        return quoted.span
    return Span(own.wording.starts[mine.start], own.wording.ends[mine.end - 1])


def _other_span(other: Side, theirs: Span, held: Quoted | None) -> Span:
    span = Span(other.wording.starts[theirs.start], other.wording.ends[theirs.end - 1])
    if held is None:
        return span
    shared = min(held.words.end, theirs.end) - max(held.words.start, theirs.start)
    if shared < COVERED * len(held.words):
        return span
    # A word or two beyond the marks are chance ("...," the); more are words of the match.
    return (
        held.span
        if len(theirs) - shared <= 2
        else Span(min(span.start, held.span.start), max(span.end, held.span.end))
    )

"""Whether a quotation stands in another article, where, and how it was changed.

Acceptance has two tiers. Long runs, or runs that cover most of a quotation, are sure; shorter ones are possible
if both articles were published within days of each other, and so are like words without marks. A run of capitalised
words is a name or a title, however long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from warreader.index.article import MatchKind, Span, Tier
from warreader.index.matching.alignment import Alignment
from warreader.index.matching.fingerprints import GRAM, LEAST_WHOLE
from warreader.index.matching.sides import Side
from warreader.index.matching.sought import (
    LEAST_INDIRECT,
    LEAST_WEIGHT,
    LEAST_WEIGHT_INDIRECT,
    LEAST_WORDS,
    Sought,
    windows,
)
from warreader.index.matching.wording import CAPITAL, NUMBER, Quoted, length

NEAR_DAYS = 10
"""Days between two articles on one event."""

COVERED = 0.9
"""Share of a quotation's words from which the match takes in the whole of it, marks included."""

SHORT = 12
"""Equal words below which a run may be a phrase that anyone uses."""

NAMED = 0.6
"""Share of capitalised words from which on a run is a name or a title."""

SAYING = 16.0
"""Weight of a short run of two articles far apart in time below which it may be a saying or a law's words."""

ACCOUNT = 14.0
"""Weight of a reworded run below which, in marks on one side only, it may be two accounts of the same facts."""

FORMULA = 25.0
"""Weight of a loosely reworded run of two articles far apart in time below which it may be a formula of diplomats."""

LIKE = 0.8
"""Share of the longer of two quotations from which on equal words make them one, however short."""

HELD = 0.7
"""Share of a run that a quotation holds which holds the run."""

FREE = 20
"""Equal words from which on two quotations may go different ways around them: no formula is so long."""

APART = 2
"""Words that both must have beside what they share to go different ways there."""

BESIDE = 8
"""Words beside what they share that are looked at."""

FURNITURE = 3
"""Words around a run that one outlet prints again much later with it, as with links to its other articles."""


class Place(NamedTuple):
    """A match between a quotation's article and another: code point spans in each.

    ``words`` is how many are equal; ``own_words`` and ``other_words`` are where, as word indices. ``worn`` is what it
    is where its words are everywhere, ``often`` where they stand on so many ``occasions`` or more (0: however many):
    ``None``, no match. ``prints`` are the fingerprints by which that is known.
    """

    own: Span
    other: Span
    kind: MatchKind
    tier: Tier
    score: float
    words: int
    own_words: Span
    other_words: Span
    worn: Tier | None
    often: Tier | None = Tier.SURE
    occasions: int = 0
    prints: tuple[int, ...] = ()


class _Run(NamedTuple):
    """A run that a quotation shares with another article, as word indices, and the quotation that holds it there."""

    mine: Span
    theirs: Span
    found: Alignment
    held: Quoted | None
    covered: float
    whole: bool
    like: bool


def near(one: Side, two: Side) -> bool:
    """Whether both dates are known and lie within :data:`NEAR_DAYS`."""
    if one.published is None or two.published is None:
        return False
    return abs((one.published - two.published).days) <= NEAR_DAYS


def far(one: Side, two: Side) -> bool:
    """Whether both dates are known and lie farther apart."""
    return one.published is not None and two.published is not None and not near(one, two)


def places(sought: Sought, other: Side, hits: Sequence[tuple[int, int]]) -> Iterator[Place]:
    """Where a quotation stands in another article.

    Args:
        sought: the quotation.
        other: the article.
        hits: word positions (own, other) of the fingerprints both share inside the quotation.
    """
    own, quoted, first = sought.side, sought.quoted, sought.first
    told: list[Place] = []
    laid: list[Span] = []
    for low, high, ways in windows(first, sought.last, len(other.numbers), hits):
        if laid and _lie_in(laid, (there for here, there in hits if there - here in ways)):
            continue
        found = sought.align(other, low, high, ways)
        if found is None:
            continue
        mine = Span(found.first[0] + first, found.first[1] + first)
        theirs = Span(found.second[0] + low, found.second[1] + low)
        place = _place(own, quoted, other, mine, theirs, found)
        if place is None or any(_tells(one, place) for one in told):
            continue
        told = [*(one for one in told if not _tells(place, one)), place]
        if place.tier is Tier.SURE:
            laid.append(theirs)
    yield from told


def _lie_in(stretches: Sequence[Span], hits: Iterable[int]) -> bool:
    """Whether fingerprints, by their first words, all lie in stretches where a quotation surely stands."""
    return all(any(one.start <= at and at + GRAM <= one.end for one in stretches) for at in hits)


def _tells(one: Place, other: Place) -> bool:
    """Whether a place of a quotation tells what another does: windows overlap, and may hold but part of a stretch."""
    return (
        one.own_words.overlaps(other.own_words)
        and one.other_words.overlaps(other.other_words)
        and one.words >= other.words
        and (one.tier is Tier.SURE or other.tier is not Tier.SURE)
    )


def _place(
    own: Side, quoted: Quoted, other: Side, mine: Span, theirs: Span, found: Alignment
) -> Place | None:
    """What comes of a stretch that a quotation shares with another article; ``None``: nothing."""
    held = other.held(theirs, HELD)
    covered, whole = _coverage(found, quoted, held), _whole(own, quoted, found, held)
    like = held is not None and found.equal >= LIKE * max(len(quoted.words), len(held.words))
    run = _Run(mine, theirs, found, held, covered, whole, like)
    tier = _tier(own, quoted, other, run)
    if tier is Tier.SURE and _doubtful(own, quoted, other, run):
        tier = Tier.POSSIBLE
    least = Tier.POSSIBLE if run.whole or _inside(own, other, run, quoted) else None
    if tier is None or _named(own, mine):
        tier = least
    if tier is None or (quoted.indirect and _reprinted(own, other, run)):
        return None
    return Place(
        _own_span(own, quoted, mine),
        _other_span(other, theirs, held),
        _kind(found, len(quoted.words), held),
        tier,
        round(found.weight * found.density * run.covered, 2),
        found.equal,
        mine,
        theirs,
        least if found.equal < SHORT else tier,
    )


def _coverage(found: Alignment, quoted: Quoted, held: Quoted | None) -> float:
    shorter = min(len(quoted.words), len(held.words)) if held else len(quoted.words)
    return min(1.0, found.equal / max(1, shorter))


def _whole(own: Side, quoted: Quoted, found: Alignment, held: Quoted | None) -> bool:
    """Whether all of a quotation is all of another, and enough to be looked for as such."""
    if quoted.indirect or held is None or found.equal < max(len(quoted.words), len(held.words)):
        return False
    return enough(own, quoted.words)


def _inside(own: Side, other: Side, run: _Run, quoted: Quoted) -> bool:
    """Whether all of a quotation, word for word, is part of another, and enough to be looked for as a whole."""
    held, found = run.held, run.found
    if quoted.indirect or held is None or found.density < 1.0:
        return False
    if found.equal == len(quoted.words):
        return enough(own, quoted.words)
    return run.theirs == held.words and enough(other, held.words)


def enough(side: Side, words: Span) -> bool:
    """Whether a quotation is long enough to be looked for as a whole."""
    if len(words) >= LEAST_WHOLE:
        return True
    inside = slice(words.start, words.end)
    return length(side.numbers[inside], side.places.flags[inside]) >= LEAST_WHOLE


def _tier(own: Side, quoted: Quoted, other: Side, run: _Run) -> Tier | None:
    found, covered = run.found, run.covered
    equal, density = found.equal, found.density
    if equal < LEAST_WORDS:
        return Tier.POSSIBLE if run.whole else None
    if quoted.indirect:
        # Papers paraphrase alike and count alike: the run must be long and every number the same.
        alike = (
            equal >= LEAST_INDIRECT
            and density >= 0.7
            and covered >= 0.5
            and found.weight >= LEAST_WEIGHT_INDIRECT
        )
        return Tier.POSSIBLE if alike and _numbers(own, run.mine) == _numbers(other, run.theirs) else None
    if equal >= 12 or (equal >= 8 and covered >= 0.6):
        return Tier.SURE if found.weight >= LEAST_WEIGHT else Tier.POSSIBLE if run.whole else None
    if run.held is not None and covered >= 0.8 and found.weight >= (12 if far(own, other) else LEAST_WEIGHT):
        return Tier.SURE
    if equal >= 6 and density >= 0.75 and found.weight >= 10 and near(own, other):
        return Tier.POSSIBLE
    if run.whole:
        return Tier.SURE if near(own, other) and found.weight >= 5 else Tier.POSSIBLE
    return None


def _doubtful(own: Side, quoted: Quoted, other: Side, run: _Run) -> bool:
    """Whether a run that would do may be a saying, a like account of the same facts, or one outlet's furniture."""
    if _saying(own, other, run) or _account(own, other, run) or _parted(own, quoted, other, run):
        return True
    if own.outlet is None or own.outlet != other.outlet:
        return False
    if run.held is None and run.covered < LIKE:
        # What a mark that was never closed takes in, stands elsewhere too.
        return True
    return not near(own, other) and (
        run.held is None or _around(own, run.mine, other, run.theirs) >= FURNITURE
    )


def _reprinted(own: Side, other: Side, run: _Run) -> bool:
    """Whether one outlet prints words again much later with those around them: background, or a link to an article."""
    return (
        own.outlet is not None
        and own.outlet == other.outlet
        and far(own, other)
        and _around(own, run.mine, other, run.theirs) >= FURNITURE
    )


def _parted(own: Side, quoted: Quoted, other: Side, run: _Run) -> bool:
    """Whether two quotations that share a run go different ways before it or after it: two statements, one formula.

    Papers cut one statement at different places, but what both print of it is the same.
    """
    held = run.held
    if held is None or run.found.equal >= FREE or quoted.indirect:
        return False
    one, two = own.numbers, other.numbers
    before = one[quoted.words.start : run.mine.start], two[held.words.start : run.theirs.start]
    after = one[run.mine.end : quoted.words.end], two[run.theirs.end : held.words.end]
    # The nearest words come first.
    return _differ(*(side[::-1].tolist() for side in before)) or _differ(*(side.tolist() for side in after))


def _differ(one: Sequence[int], two: Sequence[int]) -> bool:
    """Whether what two quotations go on with is not the same, nor a later part of the same."""
    if min(len(one), len(two)) < APART:
        return False
    return not _shared(one[:BESIDE], two) and not _shared(two[:BESIDE], one)


def _shared(words: Sequence[int], among: Sequence[int]) -> bool:
    """Whether most of some words stand among others, as they do where a paper left something out between."""
    return 2 * sum(map({*among}.__contains__, words)) > len(words)


def _saying(own: Side, other: Side, run: _Run) -> bool:
    """Whether a short run, not of one event, may be what anyone says; or one that is all but too short for any."""
    found = run.found
    if found.equal <= LEAST_WORDS and not run.whole and found.weight < 10:
        return True
    if found.equal >= 12 or near(own, other) or (run.whole and not far(own, other)):
        return False
    return found.weight < SAYING or found.density < 1.0


def _account(own: Side, other: Side, run: _Run) -> bool:
    """Whether a reworded run may be of two accounts of the same facts, or of two statements by one formula."""
    found = run.found
    if found.density >= 0.85:
        return found.density < 1.0 and found.equal < 10 and not run.like
    if run.covered < 0.25 or (run.held is None and found.weight < ACCOUNT):
        return True
    return (found.equal < 10 and not run.like) or (far(own, other) and found.weight < FORMULA)


def _around(own: Side, mine: Span, other: Side, theirs: Span) -> int:
    """How many words right before and right after a run are the same too, up to :data:`FURNITURE` on each side."""
    before = after = 0
    one, two = own.numbers, other.numbers
    i, j = mine.start - 1, theirs.start - 1
    while before < FURNITURE and min(i - before, j - before) >= 0 and one[i - before] == two[j - before]:
        before += 1
    i, j = mine.end, theirs.end
    while (
        after < FURNITURE
        and i + after < len(one)
        and j + after < len(two)
        and one[i + after] == two[j + after]
    ):
        after += 1
    return before + after


def _named(own: Side, mine: Span) -> bool:
    """Whether a run is a name or a title."""
    return bool(np.count_nonzero(own.places.flags[mine.start : mine.end] & CAPITAL) >= NAMED * len(mine))


def _numbers(side: Side, words: Span) -> list[int]:
    return sorted(word for word in side.numbers[words.start : words.end].tolist() if word & NUMBER)


def _kind(found: Alignment, length: int, held: Quoted | None) -> MatchKind:
    if found.density < 1.0:
        return MatchKind.REWORDED
    whole = found.equal >= length and (held is None or found.equal >= len(held.words))
    return MatchKind.EXACT if whole else MatchKind.TRUNCATED


def _own_span(own: Side, quoted: Quoted, mine: Span) -> Span:
    return quoted.span if len(mine) >= COVERED * len(quoted.words) else _span(own, mine)


def _other_span(other: Side, theirs: Span, held: Quoted | None) -> Span:
    if held is None:
        return _span(other, theirs)
    shared = min(held.words.end, theirs.end) - max(held.words.start, theirs.start)
    if shared < COVERED * len(held.words):
        return _span(other, theirs)
    # A word or two beyond the marks are chance ("...," the); more are words of the match.
    if len(theirs) - shared <= 2:
        return held.span
    span = _span(other, theirs)
    return Span(min(span.start, held.span.start), max(span.end, held.span.end))


def _span(side: Side, words: Span) -> Span:
    return Span(int(side.places.starts[words.start]), int(side.places.ends[words.end - 1]))

"""Whether two statements may be one in other words: by the weight of the words they share.

One score is asked of all: how much the shared words tell, and how much of both statements they are. It is low for two
long statements on one matter as well as for two short ones that have a common word. Less is enough beside the same
words, and of a headline and what stands near it; where it is not known whether one person says both, far more is asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from warreader.index.matching.meaning import Likeness
from warreader.index.matching.stems import Stems, share_of, stems

TELLING = 1.5
"""Rarity (nats) from which on a word tells something."""

OF_A_NAME = 0.5
"""How much a shared name tells, of what another word as rare does: whom and what place it is about is in much of what
one says."""

LEAST = 1.2
"""Score that is asked of two statements of one person, or of a body."""

LEAST_UNKNOWN = 2.5
"""The same where it is not known whether one says both."""

LEAST_BELOW = 0.55
"""The same of a headline and what stands near it."""

LEAST_BESIDE = 0.45
"""The same of statements beside the same words, where names count whole."""

RARE = 3.5
"""Rarity from which on a word counts beside what a sentence model finds."""

ALIKE = 0.92
"""Likeness in meaning, with its addition, that is asked of statements in two articles where a model is there."""

ADDED = 0.4
"""What is added to that for all the rare stems shared, of two and more; for a smaller share less."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b")


class Resemblance(NamedTuple):
    """How much two statements are alike, from 0 to 1, and the words of the other one that both have."""

    score: float
    shared: tuple[str, ...]


def resemblance(
    asked: str, other: str, least: float = LEAST, *, name: float = OF_A_NAME
) -> Resemblance | None:
    """How much two statements are alike, or ``None`` where it is not enough for one.

    Args:
        asked: the words of the quotation.
        other: the words there.
        least: score that is asked.
        name: how much a shared name tells.
    """
    own, theirs = stems(asked, TELLING), stems(other, TELLING)
    shared = own.keys() & theirs.keys()
    # A word alone tells something only where it is all that one of the two says.
    if not shared or (len(shared) == 1 and min(len(own), len(theirs)) > 1):
        return None
    # The rarer of both words may be a rare form of a common one ("attacks"): the commoner counts.
    weight = sum(
        min(own[root][1], theirs[root][1]) * (name if own[root][2] and theirs[root][2] else 1.0)
        for root in shared
    )
    score = weight**1.5 / math.sqrt(_weight(own) * _weight(theirs))
    if score < least or _counted_otherwise(asked, other):
        return None
    return _resemblance(score / (1 + score), theirs, shared)


def alike(asked: str, other: str, likeness: Likeness) -> Resemblance | None:
    """As :func:`resemblance`, by meaning and words together: each alone errs more often."""
    own, theirs = stems(asked, RARE), stems(other, RARE)
    shared = own.keys() & theirs.keys()
    # What has no rare word in common is seldom the same, and a model takes its time.
    if not shared:
        return None
    score = likeness(asked, other) + ADDED * share_of(own, theirs, shared) * min(1.0, len(shared) / 2)
    return _resemblance(score / (1 + ADDED), theirs, shared) if score >= ALIKE else None


def _weight(side: Stems) -> float:
    return sum(weight for _, weight, _ in side.values())


def _counted_otherwise(asked: str, other: str) -> bool:
    """Whether both give figures, and none is the same: as of another day."""
    one, two = ({*_FIGURE.findall(text.lower())} for text in (asked, other))
    return bool(one and two) and one.isdisjoint(two)


def _resemblance(score: float, theirs: Stems, shared: Iterable[str]) -> Resemblance:
    return Resemblance(round(score, 3), tuple(sorted(theirs[root][0] for root in shared)))

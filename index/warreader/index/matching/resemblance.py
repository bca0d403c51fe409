"""Whether two statements may be one in other words: by the stems they share, and how rare those are.

What is asked hangs on what else speaks for it: that one person says both within days, that both stand in one article or
in two that print one statement, that one is a headline over the other, or that a model finds them alike in meaning.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Set
from typing import NamedTuple

from warreader.index.matching.meaning import Likeness
from warreader.index.matching.stems import Stems, share_of, stems, weight_of

RARE = 3.5
"""Rarity (nats) from which on a word tells what a statement is about."""

LEAST_STEMS = 3
"""Rare stems that statements in two articles must share."""

LEAST_UNNAMED = 2
"""How many of them must be no names: who fights where is in much of what one says."""

LEAST_SHARE = 0.3
"""Share of the weight of the rare stems of the shorter one that must be shared."""

ALIKE = 0.92
"""Likeness in meaning, with its addition, that is asked of statements in two articles where a model is there."""

ADDED = 0.4
"""What is added to that for all the rare stems shared, of two and more; for a smaller share less."""

TELLING = 1.5
"""Rarity from which on a word tells something within one article, whose matter is one."""

LEAST_WITHIN = 2.3
"""Weight of the shared stems of two statements of one article, times the root of their share of the shorter one."""

LEAST_OF_FEW = 0.45
"""Share asked for where :data:`FEW` stems are all that is shared: as an army and an enemy, they are of the matter's."""

FEW = 4
"""Stems that are few."""

MOST_OF_IT = 0.6
"""Share asked for of two words, no names, with the names that are shared, where one person says both."""

HALF = 0.5
"""Share asked for where it is not known whether one person says both, of a headline, and of common words days apart."""

LEAST_OF_BODIES = 4
"""Stems that must be shared where a body says both."""

MANY = 5
"""Words, no names, that must be shared where it is not known who says them."""

ALL = 0.8
"""Share that three words, no names, must be of one of the two there: a fragment, told again."""

LEAST_WEIGHT = 10.0
"""Their weight there: "a full-fledged war" is anybody's."""

LEAST_TOLD = 2
"""Telling stems of what is told again in other words."""

WHOLE = 0.99
"""Share of a fragment that is all the same."""

ALONE = 5.0
"""Rarity of a stem, or of two, that is enough where it is all that one of the two says."""


class Resemblance(NamedTuple):
    """How much two statements are alike, from 0 to 1, and the words of the other one that both have."""

    score: float
    shared: tuple[str, ...]


def of_a_body(found: Resemblance | None) -> Resemblance | None:
    """What of it is left where an army, a ministry or a state says both, day after day of the same matter."""
    enough = found is not None and len(found.shared) >= LEAST_OF_BODIES and found.score >= HALF
    return found if enough else None


def of_one_place(asked: str, other: str) -> Resemblance | None:
    """As :func:`of_one_event`, of statements beside the same words."""
    own, theirs = stems(asked, TELLING), stems(other, TELLING)
    shared = own.keys() & theirs.keys()
    share, weight = share_of(own, theirs, shared), weight_of(own, theirs, shared)
    if len(shared) < 2 or share < LEAST_SHARE or weight * share**0.5 < LEAST_WITHIN:
        return None
    return _resemblance(share, theirs, shared)


def of_one_event(asked: str, other: str) -> Resemblance | None:
    """How much two statements of one person are alike that stand in articles of these days."""
    own, theirs = stems(asked, RARE), stems(other, RARE)
    shared = own.keys() & theirs.keys()
    share = share_of(own, theirs, shared)
    if (
        len(shared) < LEAST_STEMS
        or share < (LEAST_OF_FEW if len(shared) <= FEW else LEAST_SHARE)
        or len(_no_names(own, theirs, shared)) < LEAST_UNNAMED
    ):
        # Of commoner words more must be the same, and names tell nothing.
        own, theirs = stems(asked, TELLING), stems(other, TELLING)
        shared = own.keys() & theirs.keys()
        telling = _no_names(own, theirs, shared)
        share = share_of(own, theirs, telling)
        weight = weight_of(own, theirs, telling)
        if share < _asked_of(len(telling)) or (len(telling) < LEAST_STEMS and weight < ALONE):
            return None
    return _resemblance(share, theirs, shared)


def _asked_of(telling: int) -> float:
    """Share that so many words, no names, must be of one of two statements days apart; two must be all of it."""
    return {LEAST_TOLD: WHOLE, LEAST_STEMS: ALL}.get(telling, HALF) if telling >= LEAST_TOLD else math.inf


def alike(asked: str, other: str, likeness: Likeness) -> Resemblance | None:
    """As :func:`of_one_event`, by meaning and words together: each alone errs more often."""
    own, theirs = stems(asked, RARE), stems(other, RARE)
    shared = own.keys() & theirs.keys()
    # What has no rare word in common is seldom the same, and a model takes its time.
    if not shared:
        return None
    score = likeness(asked, other) + ADDED * share_of(own, theirs, shared) * min(1.0, len(shared) / 2)
    return _resemblance(score / (1 + ADDED), theirs, shared) if score >= ALIKE else None


def of_one_matter(asked: str, other: str, *, same: bool | None) -> Resemblance | None:
    """As :func:`of_one_event` in one article, or in two that print one statement.

    Args:
        asked: the words of the quotation.
        other: the words there.
        same: whether one person says both; ``None``, it is not known.
    """
    own, theirs = stems(asked, TELLING), stems(other, TELLING)
    shared = own.keys() & theirs.keys()
    share, weight = share_of(own, theirs, shared), weight_of(own, theirs, shared)
    if (len(shared) <= FEW and share < LEAST_OF_FEW) or weight * share**0.5 < LEAST_WITHIN:
        return None
    return _resemblance(share, theirs, shared) if _told_again(own, theirs, shared, same=same) else None


def of_headline(asked: str, other: str, called: str, *, above: bool) -> Resemblance | None:
    """As :func:`of_one_matter`, of a headline and a statement in its article.

    A headline is short and names the matter, which is in many a statement. If it names who says it, too, it is more
    likely what is said; the article may then go on with "they".

    Args:
        asked: the words of the quotation.
        other: the words there.
        called: by what the speaker of the statement is called.
        above: whether the quotation is the headline.
    """
    own, theirs = stems(asked, TELLING), stems(other, TELLING)
    shared = own.keys() & theirs.keys()
    share, weight = share_of(own, theirs, shared), weight_of(own, theirs, shared)
    by = stems(called, TELLING).keys() & (own if above else theirs).keys()
    telling = _no_names(own, theirs, shared)
    likely = len(shared) > 1 and bool(by or len(telling) >= LEAST_STEMS)
    if len(shared) == 1 and share >= WHOLE and weight >= ALONE:
        return _resemblance(share, theirs, shared)
    if likely and share >= HALF and weight * share**0.5 >= LEAST_WITHIN:
        return _resemblance(share, theirs, shared)
    if len(telling) < 2:
        return None
    names = " ".join(stems(called, TELLING)[root][0] for root in sorted(by - shared))
    own, theirs = (
        (own, stems(f"{other} {names}", TELLING)) if above else (stems(f"{asked} {names}", TELLING), theirs)
    )
    shared = own.keys() & theirs.keys()
    share = share_of(own, theirs, shared)
    return _resemblance(share, theirs, shared) if names and share >= LEAST_OF_FEW else None


def _told_again(own: Stems, theirs: Stems, shared: Set[str], *, same: bool | None) -> bool:
    """Whether what two statements share is enough for one, if one person says both or it is not known."""
    # Much of what is said in an article names whom and what place it is about.
    telling = _no_names(own, theirs, shared)
    share = share_of(own, theirs, shared)
    if not same:
        fragment = len(telling) >= LEAST_STEMS and weight_of(own, theirs, telling) >= LEAST_WEIGHT
        return (fragment and share_of(own, theirs, telling) >= ALL) or (
            len(telling) >= MANY and share >= HALF
        )
    if len(telling) == 2 and share >= MOST_OF_IT:
        return True
    # A place or person that is seldom named tells something all the same.
    rare = any(own[root][1] >= ALONE for root in shared - {*telling})
    return share >= LEAST_SHARE and len(telling) + rare > 2


def _no_names(own: Stems, theirs: Stems, shared: Iterable[str]) -> list[str]:
    """Those shared stems that are not written as names in both."""
    return [root for root in shared if not (own[root][2] and theirs[root][2])]


def _resemblance(score: float, theirs: Stems, shared: Iterable[str]) -> Resemblance:
    return Resemblance(round(score, 3), tuple(sorted(theirs[root][0] for root in shared)))

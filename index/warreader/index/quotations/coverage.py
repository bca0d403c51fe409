"""Whether an article is about war: by how many of its words are of fighting, arms and those who suffer from them.

The models of reported speech were made on the politics of one country. In war coverage less of what they hold for
speech is: it is weighed by what was learnt there too, and must be surer (:mod:`.evidence`, :mod:`.weighing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from warreader.index.quotations.clauses import Clauses

SHARE, LEAST = 0.008, 3
"""Share of an article's words, and how many at least, that are of war. One in fourteen articles on an election
campaign has as many, and two in three of those on the wars of today.
"""

_TEXT = (
    "war wars warfare wartime troops soldier soldiers military army armies navy missile missiles airstrike "
    "airstrikes drone drones warplane warplanes killed wounded ceasefire truce invasion invaded invading invaders "
    "militant militants militia militias rebel rebels fighters forces weapon weapons bomb bombs bombing bombings "
    "bombed bombardment rocket rockets artillery tanks frontline battlefield battle offensive counteroffensive "
    "siege hostage hostages terrorist terrorists casualties shelling shelled commander commanders brigade "
    "brigades battalion insurgents insurgency combat munitions ammunition warhead warheads defence occupation "
    "occupied evacuated refugees"
)
_WORDS = frozenset(_TEXT.split())
_LOW = attrgetter("low")


def of_war(lines: Sequence[Clauses]) -> bool:
    """Whether an article is about war, in English."""
    count = sum(len(part.tokens) for part in lines)
    of_it = sum(sum(map(_WORDS.__contains__, map(_LOW, part.tokens))) for part in lines)
    return of_it >= max(LEAST, SHARE * count)

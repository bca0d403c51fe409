"""Which pairs of articles are copies, and which copies make one story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations

LEAST_SHARE = 0.55
"""Share of the shorter text that copies have in common at least."""

LEAST_SCORE = 0.55
"""What share and beginning, weighed three to one, must come to: stories are cut from the bottom, while
background, photo captions and pages' furniture stand further down."""

WITHIN_OUTLET = 0.85
"""The share within one outlet, whose follow-ups and regular columns repeat themselves."""

FAR_APART = 0.9
"""The share of two texts published more than :data:`NEAR_DAYS` apart."""

NEAR_DAYS = 10

WHOLE = 0.4
"""Share of the longer text from which on it is a copy and no digest that takes the shorter in."""


@dataclass(frozen=True, slots=True)
class Printed:
    """Where and when an article appeared, as far as is known. ``key`` is its row."""

    key: int
    outlet: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Pair:
    """What two articles share, each of the other's words, and of the shorter one's first third.

    Shares are from 0 to 1, as in :mod:`warreader.index.stories.schema`.
    """

    one: Printed
    two: Printed
    one_share: float
    two_share: float
    head: float

    @property
    def share(self) -> float:
        """Share of the shorter one's words that stand in the longer."""
        return max(self.one_share, self.two_share)

    @property
    def whole(self) -> bool:
        """Whether enough of the longer one stands in the shorter for it to be no digest."""
        return min(self.one_share, self.two_share) >= WHOLE

    @property
    def nested(self) -> tuple[int, int]:
        """Keys of the longer and of the shorter."""
        longer, shorter = sorted((self.one, self.two), key=lambda it: self._share_of(it))
        return longer.key, shorter.key

    def _share_of(self, article: Printed) -> float:
        return self.one_share if article is self.one else self.two_share

    @property
    def copies(self) -> bool:
        """Whether one is a copy of the other, or both of a third."""
        share = self.share
        return 3 * share + self.head >= 4 * LEAST_SCORE and share >= least_share(self.one, self.two)


def least_share(one: Printed, two: Printed) -> float:
    """The share that these two must have in common to be copies."""
    if one.day and two.day and abs((one.day - two.day).days) > NEAR_DAYS:
        return FAR_APART
    if one.outlet and two.outlet and one.outlet.casefold() == two.outlet.casefold():
        return WITHIN_OUTLET
    return LEAST_SHARE


@lru_cache(maxsize=4096)
def day_of(value: str | None) -> date | None:
    """The day an ISO 8601 date or moment names; ``None`` where it names only a month or a year."""
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None


class _Sets:
    """Disjoint sets of article keys."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def find(self, key: int) -> int:
        """What names the set that an article is in."""
        root = key
        while (above := self._parent.setdefault(root, root)) != root:
            root = above
        while self._parent[key] != root:
            self._parent[key], key = root, self._parent[key]
        return root

    def join(self, one: int, two: int) -> None:
        """Make one set of those the two are in."""
        self._parent[self.find(two)] = self.find(one)

    def sets(self) -> Iterator[list[int]]:
        """Every set of two and more, in order of its first member."""
        members: dict[int, list[int]] = defaultdict(list)
        for key in sorted(self._parent):
            members[self.find(key)].append(key)
        return (found for found in members.values() if len(found) > 1)


def groups(pairs: Iterable[Pair]) -> Iterator[list[int]]:
    """Keys of the articles of each story, two at least, in order.

    A long article that holds several short ones which have nothing to do with each
    other is a digest: it joins none of them.
    """
    sets = _Sets()
    held: dict[int, list[int]] = defaultdict(list)
    copies = [pair for pair in pairs if pair.copies]
    for pair in copies:
        if pair.whole:
            sets.join(pair.one.key, pair.two.key)
        else:
            longer, shorter = pair.nested
            held[longer].append(shorter)
    if not held:
        return sets.sets()
    linked = {frozenset((sets.find(pair.one.key), sets.find(pair.two.key))) for pair in copies}
    stories = {
        longer: shorter
        for longer, shorter in held.items()
        if all(frozenset(two) in linked for two in combinations({sets.find(key) for key in shorter}, 2))
    }
    for longer, parts in stories.items():
        for key in parts:
            sets.join(longer, key)
    return sets.sets()

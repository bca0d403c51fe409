"""Pairs of places joined into clusters: a quotation's story.

Two places of one article are the same if they share half of the shorter one. Clusters follow from the pairs,
whatever order the articles came in and whichever are taken away.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from warreader.index.article import MatchKind

SHARED = 0.5
"""Share of the shorter of two places that both must hold to be one."""

MOST = 0.8
"""Share of a place that must lie in another to be nothing beside it: in half of it a sentence more may stand."""

HOUSE = 8
"""Articles of one outlet, and of no other, from which on a passage is the outlet's own: a digest, a headline."""

KINDS = (MatchKind.EXACT, MatchKind.TRUNCATED, MatchKind.REWORDED)
"""The kinds of a match in order: a cluster has the last that any of its links has."""


class Spot(NamedTuple):
    """A place: an article's key and a code point range."""

    article: int
    start: int
    end: int


class Link(NamedTuple):
    """A pair seen from one side. ``reason`` is why they are joined where their words alone don't say it."""

    here: Spot
    there: Spot
    kind: MatchKind
    score: float
    reason: str = ""


class Links:
    """All links of one article, their places sorted into those that are one.

    ``all`` are in order. Two places are one if they share enough (:func:`same`), or if each is one with a third.
    """

    def __init__(self, links: Iterable[Link]) -> None:
        self.all = sorted(links)
        self._numbers: dict[Spot, int] = {}
        self._groups: list[list[Link]] = []
        for link in self.all:
            number = self._numbers.get(link.here)
            if number is None:
                number = self._numbers[link.here] = len(self._groups)
                self._groups.append([])
            self._groups[number].append(link)
        self._join()

    def _join(self) -> None:
        """Give places that are one the same number, and that number all their links."""
        open_: list[Spot] = []
        for spot in self._numbers:
            # In order of their starts: what ended before this one begins shares nothing with what follows.
            open_ = [other for other in open_ if other.end > spot.start]
            for other in open_:
                one, two = self._numbers[other], self._numbers[spot]
                if one != two and same(other, spot):
                    if len(self._groups[one]) < len(self._groups[two]):
                        one, two = two, one
                    for moved in {link.here for link in self._groups[two]}:
                        self._numbers[moved] = one
                    self._groups[one] += self._groups[two]
                    self._groups[two] = []
            open_.append(spot)

    @property
    def spots(self) -> Collection[Spot]:
        """The links' places, each once, in order."""
        return self._numbers.keys()

    def number(self, spot: Spot) -> int:
        """The number of the place that this one is, or -1 where there is no link (any more)."""
        return self._numbers.get(spot, -1)

    def of(self, number: int) -> list[Link]:
        """The links of all places with a number; none of -1."""
        return self._groups[number] if number >= 0 else []

    def at(self, spot: Spot) -> Sequence[Link]:
        """The links of this very place."""
        first = bisect_left(self.all, spot, key=_here)
        return self.all[first : bisect_right(self.all, spot, lo=first, key=_here)]

    def within(self, spot: Spot) -> Iterator[Spot]:
        """The links' places that lie in this one, each once."""
        first = bisect_left(self.all, spot.start, key=_start)
        for link in self.all[first : bisect_left(self.all, spot.end, key=_start)]:
            if link.here.end <= spot.end:
                yield link.here


def _start(link: Link) -> int:
    return link.here.start


def _here(link: Link) -> Spot:
    return link.here


@dataclass
class Cluster:
    """Places joined; ``spots`` are disjoint within each article. ``reached`` are those they were joined from."""

    spots: list[Spot] = field(default_factory=list)
    kind: MatchKind = MatchKind.EXACT
    score: float = 0.0
    reasons: set[str] = field(default_factory=set)
    reached: set[Spot] = field(default_factory=set)

    @cached_property
    def _numbers(self) -> dict[int, list[int]]:
        """By article the numbers of its places."""
        found: dict[int, list[int]] = {}
        for number, spot in enumerate(self.spots):
            found.setdefault(spot.article, []).append(number)
        return found

    def number(self, spot: Spot) -> int:
        """The number of the place that this one is, or -1."""
        numbers = self._numbers.get(spot.article, ())
        return next((number for number in numbers if same(self.spots[number], spot)), -1)

    def take(self, link: Link) -> None:
        """Be joined by a link."""
        if link.score > self.score:
            self.score = link.score
        if link.kind is not self.kind:
            self.kind = max(self.kind, link.kind, key=KINDS.index)
        if link.reason:
            self.reasons.add(link.reason)

    def holds(self, spot: Spot) -> bool:
        """Whether a place is one of its own."""
        return self.number(spot) >= 0

    def takes_in(self, spot: Spot) -> bool:
        """Whether most of a place lies in one of its own."""
        number = self.number(spot)
        if number < 0:
            return False
        own = self.spots[number]
        return min(own.end, spot.end) - max(own.start, spot.start) >= MOST * (spot.end - spot.start)

    def covers(self, spots: Iterable[Spot]) -> bool:
        """Whether each of the places lies in one of its own."""
        return all(
            any(
                self.spots[number].start <= spot.start and spot.end <= self.spots[number].end
                for number in self._numbers.get(spot.article, ())
            )
            for spot in spots
        )


def same(one: Spot, two: Spot) -> bool:
    """Whether two places of one article are one."""
    shared = min(one.end, two.end) - max(one.start, two.start)
    return shared > 0 and shared >= SHARED * min(one.end - one.start, two.end - two.start)


Seen = set[tuple[int, int]]
"""Articles, each with the number of a place that was reached."""


def clusters(articles: Iterable[int], links_of: Callable[[int], Links]) -> Iterator[Cluster]:
    """The clusters that hold a place in one of the articles, each once.

    Args:
        articles: keys to start from.
        links_of: all links whose ``here`` lies in an article.
    """
    seen: Seen = set()
    for article in articles:
        for link in links_of(article).all:
            cluster = grown(link.here, links_of, seen)
            if cluster is not None:
                yield cluster


def of_one_house(articles: Collection[int], outlets: Mapping[int, str | None]) -> bool:
    """Whether a passage that these articles (keys) share is one outlet's own."""
    named = Counter((outlets.get(key) or "").casefold() for key in articles)
    return len(articles) >= HOUSE and len(named) == 1 and "" not in named


def grown(start: Spot, links_of: Callable[[int], Links], seen: Seen) -> Cluster | None:
    """The cluster that holds a place; ``None`` if it is ``seen`` already, or if nothing leads there."""
    cluster = Cluster()
    queue, met = [start], {start}
    while queue:
        spot = queue.pop()
        links = links_of(spot.article)
        number = links.number(spot)
        if number < 0 or (spot.article, number) in seen:
            continue
        seen.add((spot.article, number))
        for link in links.of(number):
            cluster.take(link)
            cluster.reached.add(link.here)
            if link.there not in met:
                met.add(link.there)
                queue.append(link.there)
    if not cluster.reached:
        return None
    cluster.spots = merged(sorted(cluster.reached))
    return cluster


def merged(spots: list[Spot]) -> list[Spot]:
    """Overlapping places of one article as one."""
    merged: list[Spot] = []
    for spot in spots:
        if merged and merged[-1].article == spot.article and spot.start < merged[-1].end:
            merged[-1] = Spot(spot.article, merged[-1].start, max(merged[-1].end, spot.end))
        else:
            merged.append(spot)
    return merged


def divided(
    cluster: Cluster, links_of: Callable[[int], Links], apart: Collection[tuple[Spot, Spot]]
) -> list[Cluster]:
    """A cluster without the pairs that the reader rejected: the weakest links between them are cut.

    Links are taken in, best first, unless one would join what is to be kept apart (Kruskal's algorithm with
    constraints).
    """
    spots, number = cluster.spots, cluster.number
    barred = [(one, two) for one, two in apart if cluster.holds(one) and cluster.holds(two)]
    if not barred:
        return [cluster]
    forbidden = [(number(one), number(two)) for one, two in barred]
    numbers = {spot: number(spot) for spot in cluster.reached}
    links = sorted(
        (
            link
            for key in {spot.article for spot in spots}
            for link in links_of(key).all
            # Each is there from both sides.
            if link.here < link.there and link.here in numbers
        ),
        key=lambda link: (not link.reason, -link.score, link.here, link.there),
    )
    group = list(range(len(spots)))
    members = [[at] for at in group]
    kept: list[tuple[int, Link]] = []
    for link in links:
        one, two = numbers[link.here], numbers[link.there]
        into, gone = group[one], group[two]
        if into != gone:
            if any({group[a], group[b]} == {into, gone} for a, b in forbidden):
                continue
            if len(members[into]) < len(members[gone]):
                into, gone = gone, into
            for at in members[gone]:
                group[at] = into
            members[into] += members[gone]
            members[gone] = []
        kept.append((one, link))
    return [_of(held, kept, spots) for held in sorted(map(sorted, members)) if len(held) > 1]


def _of(members: list[int], kept: Iterable[tuple[int, Link]], spots: list[Spot]) -> Cluster:
    own = set(members)
    links = [link for at, link in kept if at in own]
    return Cluster(
        [spots[at] for at in members],
        max((link.kind for link in links), key=KINDS.index),
        max(link.score for link in links),
        {link.reason for link in links if link.reason},
    )

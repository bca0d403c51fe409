"""Pairs of places joined into clusters: a quotation's story.

Two places of one article are the same if they share half of the shorter one. Clusters are not stored: they follow
from the pairs, whatever order the articles came in and whichever are taken away.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from warreader.index.article import MatchKind

SHARED = 0.5
"""Share of the shorter of two places that both must hold to be one."""

_ORDER = (MatchKind.EXACT, MatchKind.TRUNCATED, MatchKind.REWORDED)


class Spot(NamedTuple):
    """A place: an article's key and a code point range."""

    article: int
    start: int
    end: int


class Link(NamedTuple):
    """A pair seen from one side."""

    here: Spot
    there: Spot
    kind: MatchKind
    score: float


class Links:
    """All links of one article, to be asked by place."""

    def __init__(self, links: Iterable[Link]) -> None:
        self.all = sorted(links)
        self._longest = max((link.here.end - link.here.start for link in self.all), default=0)

    def at(self, spot: Spot) -> Iterator[Link]:
        """The links whose place is this one."""
        first = bisect_left(self.all, spot.start - self._longest, key=_start)
        for link in self.all[first : bisect_left(self.all, spot.end, key=_start)]:
            if link.here == spot or same(link.here, spot):
                yield link


def _start(link: Link) -> int:
    return link.here.start


@dataclass(slots=True)
class Cluster:
    """Places joined; ``spots`` are disjoint within each article."""

    spots: list[Spot] = field(default_factory=list)
    kind: MatchKind = MatchKind.EXACT
    score: float = 0.0


def same(one: Spot, two: Spot) -> bool:
    """Whether two places of one article are one."""
    shared = min(one.end, two.end) - max(one.start, two.start)
    return shared > 0 and shared >= SHARED * min(one.end - one.start, two.end - two.start)


def clusters(articles: Iterable[int], links_of: Callable[[int], Links]) -> Iterator[Cluster]:
    """The clusters that hold a place in one of the articles, each once.

    Args:
        articles: keys to start from.
        links_of: all links whose ``here`` lies in an article.
    """
    seen: set[Spot] = set()
    for article in articles:
        for link in links_of(article).all:
            if link.here not in seen:
                yield _grow(link.here, links_of, seen)


def _grow(start: Spot, links_of: Callable[[int], Links], seen: set[Spot]) -> Cluster:
    cluster = Cluster()
    seen.add(start)
    queue, reached = [start], [start]
    while queue:
        spot = queue.pop()
        for link in links_of(spot.article).at(spot):
            if link.here == spot:
                cluster.score = max(cluster.score, link.score)
                cluster.kind = max(cluster.kind, link.kind, key=_ORDER.index)
            for other in (link.here, link.there):
                if other not in seen:
                    seen.add(other)
                    queue.append(other)
                    reached.append(other)
    cluster.spots = _merged(sorted(reached))
    return cluster


def _merged(spots: list[Spot]) -> list[Spot]:
    """Overlapping places of one article as one."""
    merged: list[Spot] = []
    for spot in spots:
        if merged and merged[-1].article == spot.article and spot.start < merged[-1].end:
            merged[-1] = Spot(spot.article, merged[-1].start, max(merged[-1].end, spot.end))
        else:
            merged.append(spot)
    return merged

"""Pairs of places joined into clusters: a quotation's story.

Two places of one article are the same if they share half of the shorter one. Clusters are not stored: they follow
from the pairs, whatever order the articles came in and whichever are taken away.
"""

from __future__ import annotations

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


def clusters(articles: Iterable[int], links_of: Callable[[int], list[Link]]) -> Iterator[Cluster]:
    """The clusters that hold a place in one of the articles, each once.

    Args:
        articles: keys to start from.
        links_of: all links whose ``here`` lies in an article.
    """
    seen: set[Spot] = set()
    for article in articles:
        for link in links_of(article):
            if link.here not in seen:
                yield _grow(link.here, links_of, seen)


def _grow(start: Spot, links_of: Callable[[int], list[Link]], seen: set[Spot]) -> Cluster:
    cluster = Cluster()
    seen.add(start)
    queue, reached = [start], [start]
    while queue:
        spot = queue.pop()
        for link in links_of(spot.article):
            if link.here != spot and not same(link.here, spot):
                continue
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

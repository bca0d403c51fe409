"""Pairs of places joined into clusters: a quotation's story.

Two places of one article are the same if they share half of the shorter one. Clusters follow from the pairs,
whatever order the articles came in and whichever are taken away.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from warreader.index.article import MatchKind

SHARED = 0.5
"""Share of the shorter of two places that both must hold to be one."""

HOUSE = 8
"""Articles of one outlet, and of no other, from which on a passage is the outlet's own: a digest, a headline."""

_ORDER = (MatchKind.EXACT, MatchKind.TRUNCATED, MatchKind.REWORDED)


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
    reasons: set[str] = field(default_factory=set)

    def holds(self, spot: Spot) -> bool:
        """Whether a place is one of its own."""
        return any(one.article == spot.article and same(one, spot) for one in self.spots)


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


def of_one_house(articles: Collection[int], outlets: Mapping[int, str | None]) -> bool:
    """Whether a passage that these articles (keys) share is one outlet's own."""
    named = Counter((outlets.get(key) or "").casefold() for key in articles)
    return len(articles) >= HOUSE and len(named) == 1 and "" not in named


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
                if link.reason:
                    cluster.reasons.add(link.reason)
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


def divided(
    cluster: Cluster, links_of: Callable[[int], Links], apart: Collection[tuple[Spot, Spot]]
) -> list[Cluster]:
    """A cluster without the pairs that the reader rejected: the weakest links between them are cut.

    Links are taken in, best first, unless one would join what is to be kept apart (Kruskal's algorithm with
    constraints).
    """
    spots = cluster.spots
    barred = [(one, two) for one, two in apart if cluster.holds(one) and cluster.holds(two)]
    if not barred:
        return [cluster]

    def number(spot: Spot) -> int:
        return next(at for at, own in enumerate(spots) if own.article == spot.article and same(own, spot))

    forbidden = [(number(one), number(two)) for one, two in barred]
    links = sorted(
        (link for key in {spot.article for spot in spots} for link in links_of(key).all),
        key=lambda link: (not link.reason, -link.score, link.here, link.there),
    )
    group = list(range(len(spots)))
    kept: list[tuple[int, Link]] = []
    for link in links:
        if not (cluster.holds(link.here) and cluster.holds(link.there)):
            continue
        one, two = number(link.here), number(link.there)
        if {one, two} in ({*pair} for pair in forbidden):
            continue
        joined = {group[one], group[two]}
        if any({group[a], group[b]} <= joined and group[a] != group[b] for a, b in forbidden):
            continue
        kept.append((one, link))
        group = [group[one] if held in joined else held for held in group]
    return [_of(members, kept, spots) for members in _groups(group)]


def _groups(group: list[int]) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for at, held in enumerate(group):
        found.setdefault(held, []).append(at)
    return [members for members in found.values() if len(members) > 1]


def _of(members: list[int], kept: Iterable[tuple[int, Link]], spots: list[Spot]) -> Cluster:
    links = [link for at, link in kept if at in members]
    return Cluster(
        [spots[at] for at in members],
        max((link.kind for link in links), key=_ORDER.index),
        max(link.score for link in links),
        {link.reason for link in links if link.reason},
    )

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

    def contains(self, other: Spot) -> bool:
        """Whether another place lies in it."""
        return self.article == other.article and self.start <= other.start and other.end <= self.end


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


class Apart(NamedTuple):
    """Two places that the reader rejected for each other; ``out``: the second leaves, the others stay together."""

    one: Spot
    two: Spot
    out: bool = False


Key = tuple[bool, float, Spot, Spot]
"""What links are in order by, the best first: joined by the reader; score; places."""


def key_of(one: Spot, two: Spot, score: float, *, joined: bool = False) -> Key:
    """By what the link of two places, the first in order first, is before others."""
    return not joined, -score, one, two


def divided(cluster: Cluster, links_of: Callable[[int], Links], apart: Iterable[Apart]) -> list[Cluster]:
    """A cluster without the pairs that the reader rejected: the weakest link between each two of them is cut.

    What holds a cluster together are the best of its links, those of its spanning tree (Kruskal's algorithm). One
    ruling more cuts one part in two, and leaves the others as they are. Where one of the two is to leave, it is cut
    off from all that has links with the other without it; what hangs on it alone goes with it.

    Args:
        cluster: all that the links join.
        links_of: all links whose ``here`` lies in an article.
        apart: what was rejected, in the order in which it was.
    """
    spots, number = cluster.spots, cluster.number
    barred = [
        (number(one), number(two), out)
        for one, two, out in apart
        if cluster.holds(one) and cluster.holds(two)
    ]
    if not barred:
        return [cluster]
    numbers = {spot: number(spot) for spot in cluster.reached}
    links = sorted(
        (
            link
            for key in {spot.article for spot in spots}
            for link in links_of(key).all
            # Each is there from both sides.
            if link.here < link.there and link.here in numbers
        ),
        key=lambda link: key_of(link.here, link.there, link.score, joined=bool(link.reason)),
    )
    joined = [(numbers[link.here], numbers[link.there]) for link in links]
    tree = _spanning(len(spots), joined)
    for one, two, out in barred:
        way = _way(tree, one, two)
        if way and out:
            _take_out(tree, two, one, joined)
        elif way:
            _, here, there = max(way)
            del tree[here][there], tree[there][here]
    group = _groups(tree)
    kept: dict[int, list[Link]] = {}
    for link, (one, two) in zip(links, joined, strict=True):
        if group[one] == group[two]:
            kept.setdefault(group[one], []).append(link)
    members: dict[int, list[Spot]] = {}
    for at, held in enumerate(group):
        members.setdefault(held, []).append(spots[at])
    return [_of(held, kept[name]) for name, held in members.items() if len(held) > 1]


_Tree = list[dict[int, int]]
"""For each place by number those it is linked with, and the rank of the link."""


def _spanning(count: int, links: Iterable[tuple[int, int]]) -> _Tree:
    """The spanning tree of links that are in order."""
    group = list(range(count))
    members = [[at] for at in group]
    tree: _Tree = [{} for _ in group]
    for rank, (one, two) in enumerate(links):
        into, gone = group[one], group[two]
        if into == gone:
            continue
        if len(members[into]) < len(members[gone]):
            into, gone = gone, into
        for at in members[gone]:
            group[at] = into
        members[into] += members[gone]
        members[gone] = []
        tree[one][two] = tree[two][one] = rank
    return tree


def _way(tree: _Tree, one: int, two: int) -> list[tuple[int, int, int]]:
    """The links between two places, by rank and ends; none where they are one, or apart."""
    came = {one: (0, one)}
    queue = [one]
    while queue and two not in came:
        here = queue.pop()
        for there, rank in tree[here].items():
            if there not in came:
                came[there] = rank, here
                queue.append(there)
    way = []
    while two in came and two != one:
        rank, here = came[two]
        way.append((rank, here, two))
        two = here
    return way


def _take_out(tree: _Tree, gone: int, other: int, links: Iterable[tuple[int, int]]) -> None:
    """Cut a place off from another and all that has links with it, which are in order, without the place."""
    ends, tree[gone] = tree[gone], {}
    for end in ends:
        del tree[end][gone]
    group = [-1] * len(tree)
    for end in ends:
        _spread(tree, group, end)
    found = []
    for rank, (one, two) in enumerate(links):
        # Only between what was one part: the rest of the cluster was cut off by rulings before.
        if group[one] != group[two] and min(group[one], group[two]) >= 0:
            tree[one][two] = tree[two][one] = rank
            found.append((one, two))
            _spread(tree, group, one, group[one])
    # What hangs on the place alone goes with it.
    for one, two in found:
        if group[one] != group[other]:
            del tree[one][two], tree[two][one]
    for end, rank in ends.items():
        if group[end] != group[other]:
            tree[gone][end] = tree[end][gone] = rank


def _groups(tree: _Tree) -> list[int]:
    """For each place the least number of those it is held together with."""
    group = [-1] * len(tree)
    for start in range(len(tree)):
        if group[start] < 0:
            _spread(tree, group, start)
    return group


def _spread(tree: _Tree, group: list[int], start: int, name: int | None = None) -> None:
    """Give all that a place is held together with one group, by default the place's number."""
    name = start if name is None else name
    queue, met = [start], {start}
    while queue:
        at = queue.pop()
        group[at] = name
        queue += [there for there in tree[at] if there not in met]
        met.update(tree[at])


def _of(spots: list[Spot], links: Iterable[Link]) -> Cluster:
    cluster = Cluster(spots)
    for link in links:
        cluster.take(link)
    return cluster

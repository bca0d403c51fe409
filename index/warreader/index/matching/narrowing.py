"""A kept cluster that lost pairs made what it should be, at the cost of what came off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from sqlite3 import Connection
from typing import NamedTuple

from warreader.index.article import MatchKind, Scope
from warreader.index.matching.clustering import Reader
from warreader.index.matching.clusters import HOUSE, Cluster, Link, Spot, merged, same
from warreader.index.matching.kept_rows import Rows
from warreader.index.matching.parting import parted


class Lost(NamedTuple):
    """A pair that went, or is another now: its ends, and the most that was told of it."""

    one: Spot
    two: Spot
    kind: MatchKind
    score: float


class Narrowing:
    """One kept cluster that no ruling divides.

    It held together with what was lost. Pairs that lead out of it came later, and are left to whoever enters those.

    Args:
        connection: of the library, in a transaction.
        rows: the kept clusters.
        reader: of the links.
        key: the cluster's.
    """

    def __init__(self, connection: Connection, rows: Rows, reader: Reader, key: int) -> None:
        self._connection = connection
        self._rows = rows
        self._reader = reader
        self._links_of = reader.links(Scope.CROSS)
        self._key = key
        self._places: dict[int, list[Spot]] = defaultdict(list)
        self._exactly = {*rows.places(key)}
        for spot in sorted(self._exactly):
            self._places[spot.article].append(spot)
        self._ends_in: dict[int, list[Spot]] = defaultdict(list)
        self._linked_in: dict[int, set[Spot]] = {}

    @property
    def articles(self) -> set[int]:
        """The articles (keys) with a place in it."""
        return {*self._places}

    def narrow(self, lost: Sequence[Lost], *, anew: bool) -> tuple[list[Cluster], bool]:
        """Take out what came off.

        Args:
            lost: the pairs that went.
            anew: whether more may have gone than these, so that its kind and score are looked for in any case.

        Returns:
            The clusters that came off, kept nowhere yet; and whether the rest is what it should be: else it may be one
            outlet's own.
        """
        told = self._rows.told(self._key)
        if told is None:
            return [], True
        ends, changed = self._ends({spot for pair in lost for spot in (pair.one, pair.two)})
        for spot in ends:
            self._ends_in[spot.article].append(spot)
        parts, rest = parted(ends, self._near)
        off = [cluster for part in parts if (cluster := self._cluster(part)) is not None]
        if not rest:
            self._rows.remove(self._key)
            return off, True
        gone = set().union(*parts)
        for article in changed | {spot.article for spot in gone}:
            self._set(article, self._spots(article) - gone)
        kind, score = told
        weaker = [(pair.kind, pair.score) for pair in lost] + [(part.kind, part.score) for part in off]
        if anew or any(one is kind or most >= score for one, most in weaker):
            joined = self._reader.joins(self._rows.places(self._key))
            kind, score = self._rows.most(self._key, kind, score, joined=joined)
        articles, _, outlets = self._rows.tell(self._key, kind, score)
        return off, not (articles >= HOUSE and outlets <= 1)

    def _inside(self, spot: Spot) -> bool:
        return spot in self._exactly or any(
            own.start <= spot.start and spot.end <= own.end for own in self._places.get(spot.article, ())
        )

    def _ends(self, spots: set[Spot]) -> tuple[set[Spot], set[int]]:
        """The places that what was lost leaves behind, and the articles whose places may have changed."""
        ends: set[Spot] = set()
        changed: set[int] = set()
        for spot in filter(self._inside, spots):
            if self._linked(spot):
                ends.add(spot)
            else:
                changed.add(spot.article)
                ends.update(other for other in self._spots(spot.article) if same(spot, other))
        return ends, changed

    def _linked(self, spot: Spot) -> bool:
        """Whether there is still a link with this very place."""
        if any(spot in pair for pair in self._reader.joined_at(spot)):
            return True
        row = self._connection.execute(
            "SELECT EXISTS (SELECT 1 FROM pair WHERE two = :a AND two_start = :s AND two_end = :e"
            " AND one <> two AND tier = 'sure') OR EXISTS (SELECT 1 FROM pair WHERE one = :a AND one_start = :s"
            " AND one_end = :e AND one <> two AND tier = 'sure')",
            {"a": spot.article, "s": spot.start, "e": spot.end},
        ).fetchone()
        return bool(row[0])

    def _links(self, spot: Spot) -> Iterator[Link]:
        """The links of a place within the cluster."""
        return (link for link in self._links_of(spot.article).at(spot) if self._inside(link.there))

    def _near(self, spot: Spot) -> Iterator[Spot]:
        """All that a place is linked with, or one with; and what ends of lost pairs these are one with."""
        for link in self._links(spot):
            yield link.there
            for other in self._ends_in.get(link.there.article, ()):
                if same(link.there, other):
                    yield other
        for other in self._spots(spot.article):
            if same(spot, other):
                yield other

    def _spots(self, article: int) -> set[Spot]:
        """The places in an article that are linked within the cluster."""
        found = self._linked_in.get(article)
        if found is None:
            spots = filter(self._inside, self._links_of(article).spots)
            found = {spot for spot in spots if any(True for _ in self._links(spot))}
            self._linked_in[article] = found
        return found

    def _cluster(self, part: set[Spot]) -> Cluster | None:
        """A part that came off as a cluster of its own, or ``None`` where nothing is linked in it any more."""
        cluster = Cluster()
        for spot in part:
            for link in self._links(spot):
                cluster.take(link)
                cluster.reached.add(spot)
        cluster.spots = merged(sorted(cluster.reached))
        return cluster if cluster.spots else None

    def _set(self, article: int, spots: set[Spot]) -> None:
        """Have the cluster hold these places in an article, and no others."""
        before, after = self._places.get(article, []), merged(sorted(spots))
        self._rows.take_out((spot for spot in before if spot not in after), self._key)
        self._rows.put((spot for spot in after if spot not in before), self._key)

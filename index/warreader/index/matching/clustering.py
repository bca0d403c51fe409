"""What the stored pairs and the reader's rulings come to: clusters, read as they stand.

Rulings are followed from ``ruling_in_force``: a rejected pair is kept apart for good, whatever else joins it; a
joined one is linked with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from sqlite3 import Connection
from typing import Any

from warreader.index.article import MatchKind, Scope, Tier
from warreader.index.matching.clusters import (
    Apart,
    Cluster,
    Link,
    Links,
    Spot,
    clusters,
    divided,
    of_one_house,
)
from warreader.index.matching.schema import DATED

JOINED = "joined by the reader"

_KINDS = {kind.value: kind for kind in MatchKind}


class Reader:
    """Clusters of one library at one time, each article's pairs read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._links: dict[tuple[int, Scope, Tier], Links] = {}
        self._outlets: dict[int, str | None] = {}
        self._sure_of: dict[int, list[Cluster]] = {}

    def clusters(self, articles: Iterable[int], scope: Scope, tier: Tier = Tier.SURE) -> Iterator[Cluster]:
        """The clusters with a place in one of the articles (keys), each once; possible ones that aren't sure."""
        for cluster in self.grown(articles, scope, tier):
            if not self.own(cluster) and not (tier is Tier.POSSIBLE and self._sure(cluster, scope)):
                yield cluster

    def grown(self, articles: Iterable[int], scope: Scope, tier: Tier = Tier.SURE) -> Iterator[Cluster]:
        """The same with those that are one outlet's own, and those that others hold."""

        for cluster in clusters(articles, self.links(scope, tier)):
            yield from self.divided(cluster, scope, tier)

    def links(self, scope: Scope, tier: Tier = Tier.SURE) -> Callable[[int], Links]:
        """What reads the links of an article (key)."""
        return partial(self._of, scope=scope, tier=tier)

    def divided(self, cluster: Cluster, scope: Scope, tier: Tier = Tier.SURE) -> list[Cluster]:
        """A cluster as the reader's rulings divide it."""
        return divided(cluster, self.links(scope, tier), self.rejected)

    @property
    def ruled_apart(self) -> set[int]:
        """The articles (keys) with a place that the reader rejected for another."""
        return {spot.article for apart in self.rejected for spot in apart[:2]}

    def joined_at(self, place: Spot) -> list[tuple[Spot, Spot]]:
        """The places across articles that the reader joined of which one lies in this one, each pair in order."""
        return sorted(
            pair
            for pair in map(_in_order, self._joins)
            if pair[0].article != pair[1].article and any(place.contains(spot) for spot in pair)
        )

    def joins(self, places: Iterable[Spot]) -> bool:
        """Whether two of some places were joined by the reader."""
        joined = [pair for pair in self._joins if pair[0].article != pair[1].article]
        articles = {spot.article for pair in joined for spot in pair}
        among = [place for place in places if place.article in articles] if joined else []
        return any(all(any(place.contains(spot) for place in among) for spot in pair) for pair in joined)

    def links_within(self, spot: Spot) -> Iterator[Link]:
        """The sure links across articles from places that lie in this one."""
        for link in self._of(spot.article, Scope.CROSS, Tier.SURE).all:
            if spot.start <= link.here.start and link.here.end <= spot.end:
                yield link

    def _sure(self, cluster: Cluster, scope: Scope) -> bool:
        """Whether a sure cluster holds all places of a possible one, and these hold little else."""
        first = cluster.spots[0]
        if first.article not in self._sure_of:
            self._sure_of[first.article] = list(self.clusters([first.article], scope))
        return any(
            all(map(sure.takes_in, cluster.spots))
            for sure in self._sure_of[first.article]
            if sure.holds(first)
        )

    def own(self, cluster: Cluster) -> bool:
        """Whether a cluster is one outlet's own."""
        articles = {spot.article for spot in cluster.spots}
        unknown = articles - self._outlets.keys()
        if unknown:
            self._outlets |= dict.fromkeys(unknown)
            self._outlets |= {
                row[0]: row[1]
                for row in self._connection.execute(
                    f"SELECT key, outlet FROM {DATED} WHERE key IN (SELECT value FROM json_each(?))",
                    (json.dumps(sorted(unknown)),),
                )
            }
        return not cluster.reasons and of_one_house(articles, self._outlets)

    def _of(self, article: int, scope: Scope, tier: Tier) -> Links:
        known = self._links.get((article, scope, tier))
        if known is None:
            links = [
                *self._stored(article, scope, tier),
                *(self._joined(article, scope) if tier is Tier.SURE else ()),
            ]
            known = self._links[article, scope, tier] = Links(links)
        return known

    def _stored(self, article: int, scope: Scope, tier: Tier) -> Iterator[Link]:
        sign = "=" if scope is Scope.INTRA else "<>"
        columns = "one, one_start, one_end, two, two_start, two_end, kind, score"
        rows = self._connection.execute(
            f"SELECT {columns} FROM pair WHERE one = :key AND one {sign} two AND tier = :tier"
            f" UNION SELECT {columns} FROM pair WHERE two = :key AND one {sign} two AND tier = :tier",
            {"key": article, "tier": tier.value},
        )
        rows.row_factory = None
        for row in rows:
            one, two = Spot(*row[0:3]), Spot(*row[3:6])
            kind, score = _KINDS[row[6]], row[7]
            if one.article == article:
                yield Link(one, two, kind, score)
            if two.article == article:
                yield Link(two, one, kind, score)

    def _joined(self, article: int, scope: Scope) -> Iterator[Link]:
        for pair in self._joins:
            if (pair[0].article == pair[1].article) == (scope is Scope.INTRA):
                for here, there in (pair, pair[::-1]):
                    if here.article == article:
                        yield joined(here, there)

    @cached_property
    def left_behind(self) -> set[int]:
        """The articles (keys) with a place that the reader joined with one that isn't here any more."""
        return {
            spot.article
            for verb, *pair, _ in self._ruled_on
            if verb == "join" and None in pair
            for spot in pair
            if spot is not None
        }

    @cached_property
    def _joins(self) -> list[tuple[Spot, Spot]]:
        """The pairs of places that the reader joined, in order; those that aren't here are passed over."""
        return [
            (one, two)
            for verb, one, two, _ in self._ruled_on
            if verb == "join" and one is not None and two is not None
        ]

    @cached_property
    def rejected(self) -> list[Apart]:
        """The same of those that the reader rejected."""
        return [
            Apart(one, two, out)
            for verb, one, two, out in self._ruled_on
            if verb == "reject" and one is not None and two is not None
        ]

    @cached_property
    def _ruled_on(self) -> list[tuple[str, Spot | None, Spot | None, bool]]:
        rows = self._connection.execute(
            "SELECT verb, data FROM ruling_in_force WHERE kind = 'match' ORDER BY modified, id"
        ).fetchall()
        return [(row["verb"], *self._spots(json.loads(row["data"]))) for row in rows]

    def apart(self, data: Mapping[str, Any]) -> Apart | None:
        """The places that a ruling names; ``None`` where they, or their words, are not here."""
        one, two, out = self._spots(data)
        return Apart(one, two, out) if one and two else None

    def _spots(self, data: Mapping[str, Any]) -> tuple[Spot | None, Spot | None, bool]:
        out = data.get("out")
        # What leaves comes last.
        one, two = (self._spot(place) for place in sorted(data["places"], key=lambda place: place == out))
        return one, two, out in data["places"]

    def _spot(self, place: Mapping[str, Any]) -> Spot | None:
        row = self._connection.execute(
            "SELECT key, text FROM article WHERE id = ?", (place["article"],)
        ).fetchone()
        start, end = int(place["start"]), int(place["end"])
        if row is None or row["text"][start:end] != place["exact"]:
            return None
        return Spot(row["key"], start, end)


def joined(one: Spot, two: Spot) -> Link:
    """The link of places that the reader joined."""
    return Link(one, two, MatchKind.REWORDED, 0.0, JOINED)


def _in_order(pair: tuple[Spot, Spot]) -> tuple[Spot, Spot]:
    return min(pair), max(pair)

"""What the stored pairs and the reader's rulings come to: clusters, read as they stand or kept for the whole library.

Rulings are followed from ``ruling_in_force``: a rejected pair is kept apart for good, whatever else joins it; a
joined one is linked with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from sqlite3 import Connection

from warreader.index.article import MatchKind, QuotationKind, Scope, Tier
from warreader.index.matching.clusters import Cluster, Link, Links, Spot, clusters, divided, of_one_house
from warreader.index.storage import Database
from warreader.index.stories.stories import Stories

TOGETHER = 100
"""Articles whose clusters are made anew in one transaction."""

JOINED = "joined by the reader"


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

        def links_of(article: int) -> Links:
            return self._of(article, scope, tier)

        rejected = self._rulings["reject"]
        for grown in clusters(articles, links_of):
            yield from divided(grown, links_of, rejected)

    def _sure(self, cluster: Cluster, scope: Scope) -> bool:
        """Whether a sure cluster holds all places of a possible one."""
        first = cluster.spots[0]
        if first.article not in self._sure_of:
            self._sure_of[first.article] = list(self.clusters([first.article], scope))
        return any(
            all(map(sure.holds, cluster.spots)) for sure in self._sure_of[first.article] if sure.holds(first)
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
                    "SELECT key, outlet FROM article WHERE key IN (SELECT value FROM json_each(?))",
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
        for row in rows:
            one, two = Spot(*row[0:3]), Spot(*row[3:6])
            kind, score = MatchKind(row[6]), row[7]
            if one.article == article:
                yield Link(one, two, kind, score)
            if two.article == article:
                yield Link(two, one, kind, score)

    def _joined(self, article: int, scope: Scope) -> Iterator[Link]:
        for pair in self._rulings["join"]:
            if (pair[0].article == pair[1].article) == (scope is Scope.INTRA):
                for here, there in (pair, pair[::-1]):
                    if here.article == article:
                        yield Link(here, there, MatchKind.REWORDED, 0.0, JOINED)

    @cached_property
    def _rulings(self) -> dict[str, list[tuple[Spot, Spot]]]:
        """By verb the pairs of places that were ruled on; those of articles that aren't here are passed over."""
        found: dict[str, list[tuple[Spot, Spot]]] = {"reject": [], "join": []}
        rows = self._connection.execute(
            "SELECT verb, data FROM ruling_in_force WHERE kind = 'match'"
        ).fetchall()
        for row in rows:
            spots = [self._spot(place) for place in json.loads(row["data"])["places"]]
            if row["verb"] in found and spots[0] and spots[1]:
                found[row["verb"]].append((spots[0], spots[1]))
        return found

    def _spot(self, place: dict[str, object]) -> Spot | None:
        row = self._connection.execute(
            "SELECT key, text FROM article WHERE id = ?", (place["article"],)
        ).fetchone()
        start, end = int(str(place["start"])), int(str(place["end"]))
        if row is None or row["text"][start:end] != place["exact"]:
            return None
        return Spot(row["key"], start, end)


class Kept:
    """The sure clusters across articles as the library keeps them, for questions that no single article answers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stories = Stories(database)

    def refresh(self) -> None:
        """Make anew whatever changed since. Cut off anywhere, the next time goes on."""
        made: set[int] = set()
        while True:
            with self._database.transaction() as connection:
                self._broken(connection)
                rows = connection.execute(
                    "SELECT article FROM unclustered ORDER BY article LIMIT ?", (TOGETHER,)
                )
                articles = [int(row[0]) for row in rows]
                if not articles:
                    return
                self._remake(connection, articles, made)
                made.update(articles)

    @property
    def due(self) -> bool:
        """Whether anything changed since."""
        row = self._database.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM unclustered) OR EXISTS (SELECT 1 FROM broken_cluster)"
        ).fetchone()
        return bool(row[0])

    def _broken(self, connection: Connection) -> None:
        """Articles of clusters that lost a place are due."""
        connection.execute(
            "INSERT OR IGNORE INTO unclustered SELECT DISTINCT article FROM cluster_place"
            " WHERE cluster IN (SELECT cluster FROM broken_cluster)"
        )
        connection.execute(
            "DELETE FROM cluster WHERE key IN (SELECT cluster FROM broken_cluster) AND NOT EXISTS"
            " (SELECT 1 FROM cluster_place WHERE cluster_place.cluster = cluster.key)"
        )
        connection.execute("DELETE FROM broken_cluster")

    def _remake(self, connection: Connection, articles: Sequence[int], made: set[int]) -> None:
        reader = Reader(connection)
        grown = list(reader.grown(articles, Scope.CROSS))
        spots = [spot for cluster in grown for spot in cluster.spots]
        old = {
            int(row[0])
            for row in connection.execute(
                "SELECT DISTINCT cluster FROM cluster_place WHERE article IN (SELECT value FROM json_each(?))",
                (json.dumps(list(articles)),),
            )
        }
        for spot in spots:
            # Whatever stood here stands in the new one.
            old |= {
                int(row[0])
                for row in connection.execute(
                    "SELECT cluster FROM cluster_place WHERE article = ? AND start < ? AND end > ?",
                    (spot.article, spot.end, spot.start),
                )
            }
        named = json.dumps(sorted(old))
        left = {
            int(row[0])
            for row in connection.execute(
                "SELECT DISTINCT article FROM cluster_place WHERE cluster IN (SELECT value FROM json_each(?))",
                (named,),
            )
        } - {*articles, *made}
        connection.execute("DELETE FROM cluster WHERE key IN (SELECT value FROM json_each(?))", (named,))
        connection.execute("DELETE FROM broken_cluster")
        connection.executemany("DELETE FROM unclustered WHERE article = ?", [(key,) for key in articles])
        connection.executemany(
            "INSERT OR IGNORE INTO unclustered VALUES (?)", [(key,) for key in sorted(left)]
        )
        for cluster in grown:
            if not reader.own(cluster):
                self._store(connection, cluster)

    def _store(self, connection: Connection, cluster: Cluster) -> None:
        keys = {spot.article for spot in cluster.spots}
        copies = sum(len(group) - 1 for group in self._stories.groups_among(keys))
        rows = connection.execute(
            "SELECT DISTINCT outlet FROM article WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(keys)),),
        )
        outlets = {row[0].casefold() for row in rows if row[0]}
        key = connection.execute(
            "INSERT INTO cluster (kind, score, articles, reports, outlets) VALUES (?, ?, ?, ?, ?)",
            (cluster.kind.value, cluster.score, len(keys), len(keys) - copies, len(outlets)),
        ).lastrowid
        connection.executemany(
            "INSERT INTO cluster_place VALUES (?, ?, ?, ?, ?)",
            [(*spot, key, _quotation_at(connection, spot)) for spot in cluster.spots],
        )


def _quotation_at(connection: Connection, spot: Spot) -> int | None:
    """The row of the quotation that shares most of a place, one in marks first."""
    rows = connection.execute(
        "SELECT key, min(end, ?) - max(start, ?) AS shared, kind <> ? AS marked, end - start AS length FROM quotation"
        " WHERE article = ? AND start < ? AND end > ?",
        (spot.end, spot.start, QuotationKind.INDIRECT.value, spot.article, spot.end, spot.start),
    ).fetchall()
    if not rows:
        return None
    best = max(rows, key=lambda row: (row["shared"], row["marked"], -row["length"]))
    return int(best["key"])

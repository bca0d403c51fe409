"""The sure clusters across articles as the library keeps them, for questions that no single article answers.

A change costs what it touches: the tables' triggers note the places of pairs that came, went or changed, and only
clusters that hold such a place, before or after, are made anew. They come out as if all were made from nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from sqlite3 import Connection

from warreader.index.article import MatchKind, QuotationKind, Scope
from warreader.index.matching.clustering import Reader
from warreader.index.matching.clusters import HOUSE, Cluster, Link, Seen, Spot, grown, merged
from warreader.index.storage import Database
from warreader.index.stories.stories import Stories

_DONE = "DELETE FROM unclustered_place WHERE article = ? AND start = ? AND end = ?"

_NOWHERE = Spot(0, 0, 0)

TOGETHER = 200
"""Places, and articles, whose clusters are made anew in one transaction."""

_EVERYWHERE = 1 << 62
"""A code point beyond every text."""


class Kept:
    """The kept clusters of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stories = Stories(database)

    def refresh(self) -> None:
        """Make anew whatever changed since. Cut off anywhere, the next time goes on."""
        while self.due:
            with self._database.transaction() as connection:
                _Remaking(connection, self._stories).run()

    @property
    def due(self) -> bool:
        """Whether anything changed since."""
        row = self._database.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM unclustered_place) OR EXISTS (SELECT 1 FROM unclustered)"
            " OR EXISTS (SELECT 1 FROM broken_cluster)"
        ).fetchone()
        return bool(row[0])


class _Remaking:
    """One transaction's share of what changed.

    Where pairs went, clusters that hold their places are taken away, and all that is linked with what is left of
    them is grown anew. Where pairs only came, the clusters that they touch are extended and joined, without a look
    at the rest of them.
    """

    def __init__(self, connection: Connection, stories: Stories) -> None:
        self._connection = connection
        self._stories = stories
        self._reader = Reader(connection)
        self._links = self._reader.links(Scope.CROSS)
        self._seen: Seen = set()
        self._waiting: list[Spot] = []
        self._came: set[Spot] = set()

    def run(self) -> None:
        """Make the clusters that are due what they should be, or some of them."""
        self._begin()
        self._grow()
        for spot in sorted(self._came):
            if spot in self._came:
                self._extend(spot)
        # Only those taken away here are left in it.
        self._connection.execute("DELETE FROM broken_cluster")

    def _begin(self) -> None:
        """What changed; clusters that lost something are taken away."""
        connection = self._connection
        broken = connection.execute("SELECT cluster FROM broken_cluster").fetchall()
        self._take_away(int(row[0]) for row in broken)
        rows = connection.execute(
            "SELECT article, start, end, lost FROM unclustered_place ORDER BY article, start LIMIT ?",
            (TOGETHER,),
        ).fetchall()
        for row in rows:
            spot = Spot(*row[:3])
            if row["lost"]:
                self._waiting.append(spot)
                self._take_away(self._kept_at(spot))
            else:
                self._came.add(spot)
        connection.executemany(_DONE, [row[:3] for row in rows])
        for row in connection.execute(
            "SELECT article FROM unclustered LIMIT ?", (TOGETHER - len(rows),)
        ).fetchall():
            whole = Spot(row[0], 0, _EVERYWHERE)
            self._waiting.append(whole)
            self._take_away(self._kept_within(whole))
            connection.execute("DELETE FROM unclustered WHERE article = ?", (row[0],))

    def _grow(self) -> None:
        """Make the clusters of the places that wait, and of those that have to give way to them."""
        made: list[Cluster] = []
        while self._waiting:
            place = self._waiting.pop()
            for spot in list(self._links(place.article).within(place)):
                cluster = grown(spot, self._links, self._seen)
                if cluster is not None:
                    made.append(cluster)
                    for kept in {key for own in cluster.spots for key in self._kept_within(own)}:
                        if cluster.covers(self._places(kept)):
                            self._take_away([kept])
        for cluster in sorted(made, key=lambda cluster: cluster.spots):
            # What was reached need not be asked again.
            self._connection.executemany(_DONE, cluster.reached)
            self._came -= cluster.reached
            for part in self._reader.divided(cluster, Scope.CROSS):
                if not self._reader.own(part):
                    self._store(part)

    def _extend(self, start: Spot) -> None:
        """Take what a place is newly linked with into its cluster, or join the clusters of both."""
        news = Cluster()
        held: set[int] = set()
        queue = [start]
        while queue:
            spot = queue.pop()
            if spot in news.reached:
                continue
            news.reached.add(spot)
            kept = self._kept_at(spot)
            held.update(kept)
            if kept and spot not in self._came:
                continue
            links = self._links(spot.article)
            for link in links.of(links.number(spot)):
                if link.here == spot:
                    news.take(link)
                    queue.append(link.there)
                else:
                    queue.append(link.here)
        self._came -= news.reached
        if not held or self._ruled(news, held) or not self._join(news, held):
            self._waiting.append(start)
            self._take_away(held)
            self._grow()

    def _ruled(self, news: Cluster, held: Iterable[int]) -> bool:
        """Whether a ruling of the reader may divide what comes of these."""
        ruled = self._reader.ruled_apart
        return bool(ruled) and not ruled.isdisjoint(
            {spot.article for spot in news.reached}.union(
                spot.article for key in held for spot in self._places(key)
            )
        )

    def _join(self, news: Cluster, held: Iterable[int]) -> bool:
        """Put all into the largest of the clusters; ``False`` where that may be one outlet's own."""
        connection = self._connection
        rows = connection.execute(
            "SELECT * FROM cluster WHERE key IN (SELECT value FROM json_each(?)) ORDER BY articles DESC, key",
            (json.dumps(list(held)),),
        ).fetchall()
        for row in rows:
            news.take(Link(_NOWHERE, _NOWHERE, MatchKind(row["kind"]), row["score"]))
        base = int(rows[0]["key"])
        moved = [spot for row in rows[1:] for spot in self._places(row["key"])]
        connection.executemany("DELETE FROM cluster WHERE key = ?", [(row["key"],) for row in rows[1:]])
        spots = sorted({*news.reached, *moved})
        for article, added in groupby(spots, key=attrgetter("article")):
            before = [spot for spot in self._places(base, article) if spot.article == article]
            after = merged(sorted({*before, *added}))
            connection.executemany(
                "DELETE FROM cluster_place WHERE article = ? AND start = ? AND end = ? AND cluster = ?",
                [(*spot, base) for spot in before if spot not in after],
            )
            self._place((spot for spot in after if spot not in before), base)
        keys = {spot.article for spot in self._places(base)}
        counts = self._counts(keys)
        connection.execute(
            "UPDATE cluster SET kind = ?, score = ?, articles = ?, reports = ?, outlets = ? WHERE key = ?",
            (news.kind.value, news.score, *counts, base),
        )
        return not (len(keys) >= HOUSE and counts[2] <= 1)

    def _kept_at(self, spot: Spot) -> list[int]:
        """The clusters that hold a place in which this one lies."""
        rows = self._connection.execute(
            "SELECT DISTINCT cluster FROM cluster_place WHERE article = ? AND start <= ? AND end >= ?",
            (spot.article, spot.start, spot.end),
        )
        return [int(row[0]) for row in rows]

    def _kept_within(self, spot: Spot) -> list[int]:
        """The clusters that hold a place that lies in this one."""
        rows = self._connection.execute(
            "SELECT DISTINCT cluster FROM cluster_place WHERE article = ? AND start >= ? AND start < ? AND end <= ?",
            (spot.article, spot.start, spot.end, spot.end),
        )
        return [int(row[0]) for row in rows]

    def _places(self, key: int, article: int | None = None) -> list[Spot]:
        """The places of a cluster: all, or those in one article."""
        where = "" if article is None else " AND article = :article"
        rows = self._connection.execute(
            f"SELECT article, start, end FROM cluster_place WHERE cluster = :key{where}",
            {"key": key, "article": article},
        )
        rows.row_factory = None
        return [Spot(*row) for row in rows]

    def _take_away(self, clusters: Iterable[int]) -> None:
        """Remove clusters; what they hold waits to be grown."""
        for key in clusters:
            self._waiting += self._places(key)
            self._connection.execute("DELETE FROM cluster WHERE key = ?", (key,))

    def _store(self, cluster: Cluster) -> None:
        key = self._connection.execute(
            "INSERT INTO cluster (kind, score, articles, reports, outlets) VALUES (?, ?, ?, ?, ?)",
            (cluster.kind.value, cluster.score, *self._counts({spot.article for spot in cluster.spots})),
        ).lastrowid
        self._place(cluster.spots, key)

    def _place(self, spots: Iterable[Spot], key: int | None) -> None:
        self._connection.executemany(
            "INSERT INTO cluster_place VALUES (?, ?, ?, ?, ?)",
            [(*spot, key, _quotation_at(self._connection, spot)) for spot in spots],
        )

    def _counts(self, keys: set[int]) -> tuple[int, int, int]:
        """Articles, reports and known outlets among articles (keys)."""
        copies = sum(len(group) - 1 for group in self._stories.groups_among(keys))
        rows = self._connection.execute(
            "SELECT DISTINCT outlet FROM article WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(keys)),),
        )
        return len(keys), len(keys) - copies, len({row[0].casefold() for row in rows if row[0]})


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

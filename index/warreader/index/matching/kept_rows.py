"""The rows of the clusters that a library keeps: where its places are, and what is told of each cluster."""

from __future__ import annotations

import json
from collections.abc import Iterable
from sqlite3 import Connection

from warreader.index.article import MatchKind, QuotationKind
from warreader.index.matching.clusters import KINDS, Cluster, Spot
from warreader.index.matching.schema import DATED
from warreader.index.stories.stories import Stories


class Rows:
    """The kept clusters' rows, within a transaction."""

    def __init__(self, connection: Connection, stories: Stories) -> None:
        self._connection = connection
        self._stories = stories

    def at(self, spot: Spot) -> list[int]:
        """The clusters that hold a place in which this one lies."""
        rows = self._connection.execute(
            "SELECT DISTINCT cluster FROM cluster_place WHERE article = ? AND start <= ? AND end >= ?",
            (spot.article, spot.start, spot.end),
        )
        return [int(row[0]) for row in rows]

    def touching(self, spot: Spot) -> list[int]:
        """The clusters that hold a place which shares something with this one."""
        rows = self._connection.execute(
            "SELECT DISTINCT cluster FROM cluster_place WHERE article = ? AND start < ? AND end > ?",
            (spot.article, spot.end, spot.start),
        )
        return [int(row[0]) for row in rows]

    def within(self, spot: Spot) -> list[int]:
        """The clusters that hold a place that lies in this one."""
        rows = self._connection.execute(
            "SELECT DISTINCT cluster FROM cluster_place WHERE article = ? AND start >= ? AND start < ? AND end <= ?",
            (spot.article, spot.start, spot.end, spot.end),
        )
        return [int(row[0]) for row in rows]

    def places(self, key: int, article: int | None = None) -> list[Spot]:
        """The places of a cluster: all, or those in one article."""
        where = "" if article is None else " AND article = :article"
        rows = self._connection.execute(
            f"SELECT article, start, end FROM cluster_place WHERE cluster = :key{where}",
            {"key": key, "article": article},
        )
        rows.row_factory = None
        return [Spot(*row) for row in rows]

    def told(self, key: int) -> tuple[MatchKind, float] | None:
        """A cluster's kind and score; ``None`` where there is none."""
        row = self._connection.execute("SELECT kind, score FROM cluster WHERE key = ?", (key,)).fetchone()
        return None if row is None else (MatchKind(row["kind"]), row["score"])

    def add(self, cluster: Cluster) -> None:
        """Keep one cluster more."""
        key = self._connection.execute(
            "INSERT INTO cluster (kind, score, articles, reports, outlets) VALUES (?, ?, ?, ?, ?)",
            (cluster.kind.value, cluster.score, *self.counts({spot.article for spot in cluster.spots})),
        ).lastrowid
        assert key is not None
        self.put(cluster.spots, key)

    def remove(self, key: int) -> None:
        """Keep a cluster no more, nor its places."""
        self._connection.execute("DELETE FROM cluster WHERE key = ?", (key,))

    def put(self, spots: Iterable[Spot], key: int) -> None:
        """Give a cluster more places."""
        self._connection.executemany(
            "INSERT INTO cluster_place VALUES (?, ?, ?, ?, ?)",
            [(*spot, key, _quotation_at(self._connection, spot)) for spot in spots],
        )

    def take_out(self, spots: Iterable[Spot], key: int) -> None:
        """Take places from a cluster."""
        self._connection.executemany(
            "DELETE FROM cluster_place WHERE article = ? AND start = ? AND end = ? AND cluster = ?",
            [(*spot, key) for spot in spots],
        )

    def tell(self, key: int, kind: MatchKind, score: float) -> tuple[int, int, int]:
        """Write what is true of a cluster now; gives what it counts: articles, reports, known outlets."""
        counts = self.counts({spot.article for spot in self.places(key)})
        self._connection.execute(
            "UPDATE cluster SET kind = ?, score = ?, articles = ?, reports = ?, outlets = ? WHERE key = ?",
            (kind.value, score, *counts, key),
        )
        return counts

    def most(self, key: int, kind: MatchKind, score: float, *, joined: bool) -> tuple[MatchKind, float]:
        """The kind and the score that the links of a cluster come to, which were these and can't be more.

        Args:
            key: the cluster's.
            kind: what it was.
            score: what it was.
            joined: whether the reader joined some of its places.
        """
        among = (
            "FROM cluster_place AS place CROSS JOIN pair ON one = place.article AND one_start >= place.start"
            " AND one_start < place.end AND one_end <= place.end"
            " WHERE cluster = :key AND one <> two AND tier = 'sure' AND EXISTS (SELECT 1 FROM cluster_place AS other"
            " WHERE other.article = two AND other.start <= two_start AND other.end >= two_end"
            " AND other.cluster = :key)"
        )
        asked = {"key": key, "kind": kind.value, "score": score}
        row = self._connection.execute(
            f"SELECT EXISTS (SELECT 1 {among} AND kind = :kind), EXISTS (SELECT 1 {among} AND score >= :score)",
            asked,
        ).fetchone()
        if not row[0]:
            kinds = [row[0] for row in self._connection.execute(f"SELECT DISTINCT kind {among}", asked)]
            kind = max([*map(MatchKind, kinds), *([MatchKind.REWORDED] if joined else ())], key=KINDS.index)
        if not row[1]:
            score = self._connection.execute(f"SELECT max(score) {among}", asked).fetchone()[0] or 0.0
        return kind, score

    def counts(self, keys: set[int]) -> tuple[int, int, int]:
        """Articles, reports and known outlets among articles (keys)."""
        copies = sum(len(group) - 1 for group in self._stories.groups_among(keys))
        rows = self._connection.execute(
            f"SELECT DISTINCT outlet FROM {DATED} WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(keys)),),
        )
        return len(keys), len(keys) - copies, len({row[0].casefold() for row in rows if row[0]})


def quote_anew(connection: Connection, article: int) -> None:
    """Have the places in an article name the quotations that it has now."""
    places = connection.execute(
        "SELECT start, end, quotation FROM cluster_place WHERE article = ? GROUP BY start, end", (article,)
    ).fetchall()
    for start, end, before in places:
        if (now := _quotation_at(connection, Spot(article, start, end))) != before:
            connection.execute(
                "UPDATE cluster_place SET quotation = ? WHERE article = ? AND start = ? AND end = ?",
                (now, article, start, end),
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

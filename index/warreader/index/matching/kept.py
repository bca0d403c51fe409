"""The sure clusters across articles as the library keeps them, for questions that no single article answers.

A change costs what it touches: the tables' triggers note the pairs that came, went or changed. What went is taken out
of the cluster that held it (:mod:`.narrowing`), what came is put into one or joins several. All come out as if they
were made from nothing.

At any time the kept clusters are those of all pairs but the ones that are noted as new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from operator import attrgetter
from sqlite3 import Connection

from warreader.index.article import MatchKind, Scope
from warreader.index.matching.clustering import Reader, joined
from warreader.index.matching.clusters import HOUSE, KINDS, Cluster, Link, Seen, Spot, grown, merged, same
from warreader.index.matching.kept_rows import Rows
from warreader.index.matching.narrowing import Lost, Narrowing
from warreader.index.matching.ruled import Ruled
from warreader.index.rulings.following import Changed
from warreader.index.storage import Database
from warreader.index.stories.stories import Stories

_ENDS = "one, one_start, one_end, two, two_start, two_end"
_AT = "one = ? AND one_start = ? AND one_end = ? AND two = ? AND two_start = ? AND two_end = ?"

_NOWHERE = Spot(0, 0, 0)

TOGETHER = 200
"""New pairs, and articles, that are clustered in one transaction."""

MOST_LOST = 20_000
"""Lost pairs that are: all that one cluster loses are best looked at together."""

_EVERYWHERE = 1 << 62
"""A code point beyond every text."""


class Kept:
    """The kept clusters of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stories = Stories(database)

    def follow(self, connection: Connection, changed: Iterable[Changed]) -> None:
        """Agree with rulings that changed, in the transaction in which they were noted; :meth:`refresh` does the rest.

        Args:
            connection: of the library.
            changed: the rulings.
        """
        Ruled(connection, self._stories, settled=not self.due).follow(changed)

    def refresh(self) -> None:
        """Make anew whatever changed since. Cut off anywhere, the next time goes on."""
        while self.due:
            with self._database.transaction() as connection:
                _Remaking(connection, self._stories).run()

    @property
    def due(self) -> bool:
        """Whether anything changed since."""
        row = self._database.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM changed_pair) OR EXISTS (SELECT 1 FROM unclustered)"
            " OR EXISTS (SELECT 1 FROM broken_cluster)"
        ).fetchone()
        return bool(row[0])


class _Remaking:
    """One transaction's share of what changed."""

    def __init__(self, connection: Connection, stories: Stories) -> None:
        self._connection = connection
        self._rows = Rows(connection, stories)
        self._reader = Reader(connection)
        self._links = self._reader.links(Scope.CROSS)
        self._seen: Seen = set()
        self._grown: set[Spot] = set()
        self._waiting: list[Spot] = []

    def run(self) -> None:
        """Make the clusters that are due what they should be, or some of them."""
        self._narrow()
        self._begin_anew()
        self._grow()
        for pair in self._came():
            self._extend(*pair)
        # Only those taken away here are left in it.
        self._connection.execute("DELETE FROM broken_cluster")

    def _narrow(self) -> None:
        """Take what was lost out of the clusters that held it."""
        connection = self._connection
        lost_by: dict[int, set[Lost]] = {
            int(row[0]): set() for row in connection.execute("SELECT cluster FROM broken_cluster")
        }
        # Of two articles that both went, neither end of their pair leads to the cluster any more.
        without = {*lost_by}
        kept_at = cache(self._rows.at)
        for pair in self._lost():
            for spot in (pair.one, pair.two):
                clusters = kept_at(spot)
                for key in clusters:
                    lost_by.setdefault(key, set()).add(pair)
                if not clusters:
                    # One outlet's own, so far: what is left of it may be kept now.
                    links = self._links(spot.article).all
                    self._waiting += {link.here for link in links if same(link.here, spot)}
        ruled = self._reader.ruled_apart | self._reader.left_behind if lost_by else set()
        made: list[Cluster] = []
        for key, lost in lost_by.items():
            narrowing = Narrowing(connection, self._rows, self._reader, key)
            if not ruled.isdisjoint(narrowing.articles):
                self._take_away([key])
                continue
            off, sure = narrowing.narrow(sorted(lost), anew=key in without)
            made += off
            if not sure:
                self._take_away([key])
        self._keep(made)

    def _lost(self) -> list[Lost]:
        """The pairs that were lost, noted no more as such."""
        connection = self._connection
        rows = connection.execute(
            f"SELECT {_ENDS}, kind, score FROM changed_pair INDEXED BY changed_pair_gone WHERE kind NOTNULL LIMIT ?",
            (MOST_LOST,),
        ).fetchall()
        connection.executemany(
            f"DELETE FROM changed_pair WHERE {_AT} AND came = 0", [row[:6] for row in rows]
        )
        connection.executemany(f"UPDATE changed_pair SET kind = NULL WHERE {_AT}", [row[:6] for row in rows])
        return [Lost(Spot(*row[:3]), Spot(*row[3:6]), MatchKind(row[6]), row[7]) for row in rows]

    def _came(self) -> list[tuple[Spot, Spot]]:
        """Pairs that are new, noted no more as such."""
        rows = self._connection.execute(f"SELECT {_ENDS} FROM changed_pair LIMIT ?", (TOGETHER,)).fetchall()
        self._connection.executemany(f"DELETE FROM changed_pair WHERE {_AT}", [row[:6] for row in rows])
        return [(Spot(*row[:3]), Spot(*row[3:6])) for row in rows]

    def _begin_anew(self) -> None:
        """Take away the clusters with a place in an article of which all may be another now."""
        connection = self._connection
        rows = connection.execute("SELECT article FROM unclustered LIMIT ?", (TOGETHER,)).fetchall()
        for row in rows:
            whole = Spot(row[0], 0, _EVERYWHERE)
            self._waiting.append(whole)
            self._take_away(self._rows.within(whole))
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
                    self._grown |= cluster.reached
                    for kept in {key for own in cluster.spots for key in self._rows.within(own)}:
                        if cluster.covers(self._rows.places(kept)):
                            self._take_away([kept])
                    if not self._reader.ruled_apart.isdisjoint({own.article for own in cluster.spots}):
                        # What rulings had cut off may hold more than there is to be divided now.
                        self._take_away({key for own in cluster.reached for key in self._rows.at(own)})
        self._keep(made)

    def _keep(self, made: Iterable[Cluster]) -> None:
        """Keep clusters, as the reader's rulings divide them, but for those that are one outlet's own."""
        for cluster in sorted(made, key=lambda cluster: cluster.spots):
            for part in self._reader.divided(cluster, Scope.CROSS):
                if not self._reader.own(part):
                    self._rows.add(part)

    def _extend(self, one: Spot, two: Spot) -> None:
        """Take a new pair into the cluster of its places, or join the clusters of both."""
        between = [*self._between(one, two)]
        news = Cluster()
        for link in between:
            news.take(link)
        if not between or one in self._grown or self._has(one, two, news.kind, news.score):
            return
        held: set[int] = set()
        queue = [one, two]
        while queue:
            spot = queue.pop()
            if spot in news.reached:
                continue
            news.reached.add(spot)
            kept = self._rows.at(spot)
            held.update(kept)
            if kept:
                # All that it is linked with is there too, or new as well.
                held.update(self._beside(spot, kept))
                continue
            links = self._links(spot.article)
            for link in links.of(links.number(spot)):
                if link.here == spot:
                    news.take(link)
                    queue.append(link.there)
                else:
                    queue.append(link.here)
        if not held or self._ruled(news, held) or not self._join(news, held):
            self._waiting.append(one)
            self._take_away(held)
            self._grow()

    def _between(self, one: Spot, two: Spot) -> Iterator[Link]:
        """The links of two places."""
        row = self._connection.execute(
            f"SELECT kind, score FROM pair WHERE {_AT} AND tier = 'sure'", (*one, *two)
        ).fetchone()
        if row is not None:
            yield Link(one, two, MatchKind(row["kind"]), row["score"])
        if (one, two) in self._reader.joined_at(one):
            yield joined(one, two)

    def _beside(self, spot: Spot, kept: list[int]) -> set[int]:
        """Other clusters than those in which a place lies that it leads to, as it is one with a place in them."""
        if self._rows.touching(spot) == kept:
            return set()
        spots = [other for other in self._links(spot.article).spots if same(other, spot)]
        return {key for other in spots for key in self._rows.at(other)}.difference(kept)

    def _has(self, one: Spot, two: Spot, kind: MatchKind, score: float) -> bool:
        """Whether a kept cluster has a pair already, or all that it would bring."""
        held = self._rows.at(one)
        if len(held) != 1 or self._rows.at(two) != held or self._beside(one, held) or self._beside(two, held):
            return False
        told = self._rows.told(held[0])
        return told is not None and KINDS.index(kind) <= KINDS.index(told[0]) and score <= told[1]

    def _ruled(self, news: Cluster, held: Iterable[int]) -> bool:
        """Whether a ruling of the reader may divide what comes of these."""
        ruled = self._reader.ruled_apart
        return bool(ruled) and not ruled.isdisjoint(
            {spot.article for spot in news.reached}.union(
                spot.article for key in held for spot in self._rows.places(key)
            )
        )

    def _join(self, news: Cluster, held: Iterable[int]) -> bool:
        """Put all into the largest of the clusters; ``False`` where that may be one outlet's own."""
        rows = self._connection.execute(
            "SELECT * FROM cluster WHERE key IN (SELECT value FROM json_each(?)) ORDER BY articles DESC, key",
            (json.dumps(list(held)),),
        ).fetchall()
        for row in rows:
            news.take(Link(_NOWHERE, _NOWHERE, MatchKind(row["kind"]), row["score"]))
        base = int(rows[0]["key"])
        moved = [spot for row in rows[1:] for spot in self._rows.places(row["key"])]
        for row in rows[1:]:
            self._rows.remove(row["key"])
        spots = sorted({*news.reached, *moved})
        for article, added in groupby(spots, key=attrgetter("article")):
            before = self._rows.places(base, article)
            after = merged(sorted({*before, *added}))
            self._rows.take_out((spot for spot in before if spot not in after), base)
            self._rows.put((spot for spot in after if spot not in before), base)
        articles, _, outlets = self._rows.tell(base, news.kind, news.score)
        return bool(news.reasons) or not (articles >= HOUSE and outlets <= 1)

    def _take_away(self, clusters: Iterable[int]) -> None:
        """Remove clusters; what they hold waits to be grown."""
        for key in clusters:
            self._waiting += self._rows.places(key)
            self._rows.remove(key)

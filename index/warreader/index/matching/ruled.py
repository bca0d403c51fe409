"""What a change of the reader's rulings comes to in the kept clusters, at the cost of what it touches.

Two places that are joined are a pair that came. Two that are kept apart cut one cluster in two, or one of them leaves
it, since rulings are followed in the order in which they were made (:mod:`.severing`); taken back, they are joined
again by the pairs between them. Where other rulings bear on the same clusters, these are made anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from sqlite3 import Connection

from warreader.index.article import MatchKind, Scope
from warreader.index.matching.clustering import Reader
from warreader.index.matching.clusters import Apart, Spot, merged, same
from warreader.index.matching.kept_rows import Rows
from warreader.index.matching.severing import Severing
from warreader.index.rulings.following import Changed
from warreader.index.rulings.model import Ruling
from warreader.index.stories.stories import Stories

Pair = tuple[Spot, Spot]

_PAIR = "one, one_start, one_end, two, two_start, two_end"


class Ruled:
    """The kept clusters of one library, within a transaction in which the rulings in force were noted.

    Args:
        connection: of the library.
        stories: of the library.
        settled: whether nothing else waits to be clustered.
    """

    def __init__(self, connection: Connection, stories: Stories, *, settled: bool) -> None:
        self._connection = connection
        self._rows = Rows(connection, stories)
        self._settled = settled
        self._coming: set[str] = set()

    def follow(self, changed: Iterable[Changed]) -> None:
        """Have clusters agree with changed rulings, or note what is to be made anew."""
        changed = list(changed)
        self._coming = {after.id for _, after in changed if after is not None}
        for before, after in changed:
            rulings = [ruling for ruling in (before, after) if ruling is not None]
            if len(rulings) > 1 or not self._obeyed(rulings[0], made=after is not None):
                self._settled = False
                self._connection.executemany(
                    "INSERT OR IGNORE INTO unclustered SELECT key FROM article WHERE id = ?",
                    [(place["article"],) for ruling in rulings for place in ruling.data["places"]],
                )

    def _obeyed(self, ruling: Ruling, *, made: bool) -> bool:
        """Whether clusters agree with a ruling that was made, or taken back, or will at the next refreshing."""
        reader = Reader(self._connection)
        apart = reader.apart(ruling.data)
        if apart is None or apart.one.article == apart.two.article:
            return False
        one, two = sorted(apart[:2])
        if ruling.verb == "join":
            # A ruling that is taken back is a link that was lost.
            self._note([(one, two)], gone=not made)
            self._settled = False
            return True
        if not self._settled:
            return False
        return self._reject(ruling, reader, apart) if made else self._accept(reader, one, two)

    def _note(self, pairs: Iterable[Pair], *, gone: bool = False) -> None:
        kind = MatchKind.REWORDED.value if gone else None
        self._connection.executemany(
            "INSERT INTO changed_pair VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET came = excluded.came, kind = coalesce(excluded.kind, kind), score = coalesce(score, excluded.score)",
            [(*one, *two, not gone, kind, 0.0 if gone else None) for one, two in pairs],
        )

    def _reject(self, ruling: Ruling, reader: Reader, apart: Apart) -> bool:
        last = self._connection.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM ruling_in_force WHERE kind = 'match' AND verb = 'reject'"
            # Those made at one stroke are followed in order, too.
            " AND (modified, id) > (?, ?) AND id NOT IN (SELECT value FROM json_each(?)))",
            (ruling.modified, ruling.id, json.dumps(sorted(self._coming))),
        ).fetchone()
        held, there = self._held(apart.one), self._held(apart.two)
        if not last[0] or len(held) != 1 or len(there) != 1:
            # What is in no kept cluster may yet be in one outlet's own.
            return False
        if held != there:
            return True
        severing = Severing(self._connection, self._rows, reader, held[0])
        one, two = severing.place(apart.one), severing.place(apart.two)
        if one is None or two is None:
            return False
        if one != two and not (severing.take_out(two, one) if apart.out else severing.cut(one, two)):
            return False
        # What was cut is as it should be.
        self._connection.execute("DELETE FROM broken_cluster")
        return True

    def _accept(self, reader: Reader, one: Spot, two: Spot) -> bool:
        held = {spot: self._held(spot) for spot in (one, two)}
        kept = sorted({key for keys in held.values() for key in keys}, key=self._size)
        if (
            not kept
            or len(kept) > 2
            or any(len(keys) > 1 for keys in held.values())
            or held[one] == held[two]
            or not all(self._holds_all(reader, spot, keys[0]) for spot, keys in held.items() if keys)
        ):
            return False
        larger = Severing(self._connection, self._rows, reader, kept[-1])
        if len(kept) > 1:
            smaller = self._rows.places(kept[0])
        else:
            smaller = self._alone(reader, one if not held[one] else two)
        links = [link for spot in smaller for link in reader.links_within(spot)]
        between = [link for link in links if larger.holding(link.there) is not None]
        articles = larger.articles | {spot.article for spot in smaller}
        # What one outlet has for its own is kept nowhere, and may be larger than is seen here.
        if not articles.isdisjoint(reader.ruled_apart) or (len(kept) == 1 and len(between) < len(links)):
            return False
        self._note((min(link.here, link.there), max(link.here, link.there)) for link in between)
        self._settled = False
        return True

    def _holds_all(self, reader: Reader, spot: Spot, key: int) -> bool:
        """Whether a cluster holds all linked places that may be this one: another of them may have been cut off."""
        own = self._rows.places(key, spot.article)
        linked = reader.links(Scope.CROSS)(spot.article).spots
        return all(any(place.contains(one) for place in own) for one in linked if same(one, spot))

    def _size(self, key: int) -> int:
        return len(self._rows.places(key))

    @staticmethod
    def _alone(reader: Reader, spot: Spot) -> list[Spot]:
        """What is linked where one of no kept cluster is: what overlaps was one place, if it was in one cluster."""
        places = merged(list(reader.links(Scope.CROSS)(spot.article).spots))
        return [place for place in places if same(place, spot)]

    def _held(self, spot: Spot) -> list[int]:
        """The kept clusters that hold a place that is this one."""
        rows = self._connection.execute(
            "SELECT cluster, start, end FROM cluster_place WHERE article = ? AND start < ? AND end > ?",
            (spot.article, spot.end, spot.start),
        ).fetchall()
        return sorted({int(row[0]) for row in rows if same(Spot(spot.article, row[1], row[2]), spot)})

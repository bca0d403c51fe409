"""What a change of the reader's rulings comes to in the kept clusters, at the cost of what it touches.

Two places that are joined are a pair that came. Two that are kept apart cut one cluster in two, or one of them leaves
it, since rulings are followed in the order in which they were made (:mod:`.severing`); taken back, both parts are one
again, if what came off lies apart from all that other rulings divide. Where it doesn't, clusters are made anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from sqlite3 import Connection

from warreader.index.article import MatchKind, Scope
from warreader.index.matching.clustering import Reader
from warreader.index.matching.clusters import Apart, Cluster, Link, Spot, merged, same
from warreader.index.matching.kept_rows import Rows
from warreader.index.matching.severing import Severing
from warreader.index.rulings.following import Changed
from warreader.index.rulings.model import Ruling
from warreader.index.stories.stories import Stories

Pair = tuple[Spot, Spot]

_PAIR = "one, one_start, one_end, two, two_start, two_end"


class _Part:
    """A kept cluster by its key, and its places; without a key, a place that is in none."""

    def __init__(self, key: int | None, places: Iterable[Spot]) -> None:
        self.key = key
        self.places = [*places]
        self._by_article: dict[int, list[Spot]] = {}
        for spot in self.places:
            self._by_article.setdefault(spot.article, []).append(spot)

    def holds(self, spot: Spot) -> bool:
        """Whether a place is one of its own."""
        return any(same(own, spot) for own in self._by_article.get(spot.article, ()))

    def bearing(self, rejected: Iterable[Apart]) -> list[Apart]:
        """Those rejections of which an end is here."""
        return [one for one in rejected if self.holds(one.one) or self.holds(one.two)]


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
        self._going: list[Apart] = []

    def follow(self, changed: Iterable[Changed]) -> None:
        """Have clusters agree with changed rulings, or note what is to be made anew."""
        changed = list(changed)
        self._coming = {after.id for _, after in changed if after is not None}
        reader = Reader(self._connection)
        gone = (reader.apart(before.data) for before, after in changed if before and before.verb == "reject")
        self._going = [apart for apart in gone if apart is not None]
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
        if made:
            return self._reject(ruling, reader, apart)
        self._going.remove(apart)
        return self._accept(reader, apart)

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

    def _accept(self, reader: Reader, apart: Apart) -> bool:
        """Join again what a rejection that is taken back divided."""
        one, two = (self._part(reader, spot) for spot in apart[:2])
        if one is None or two is None or one.key == two.key:
            return False
        for off, rest in sorted(((one, two), (two, one)), key=lambda parts: len(parts[0].places)):
            links = self._leading(reader, off, rest) if rest.key is not None else None
            if links:
                return self._join(reader, off, rest, links)
        return False

    def _leading(self, reader: Reader, off: _Part, rest: _Part) -> list[Link] | None:
        """The links of what came off; ``None`` where it may not be this rejection that divided the two, or not all.

        Each part that rejections cut off holds an end of one that did. So what holds no end of another was cut off by
        this, and is in no way between places that others divide: unless a place is linked with it that others have
        leave the rest, which leaves it as well.
        """
        rejected = [*reader.rejected, *self._going]
        if off.bearing(rejected):
            return None
        links = [link for spot in off.places for link in reader.links_within(spot)]
        leading = {link.there for link in links if not off.holds(link.there)}
        beyond = {spot for spot in leading if not rest.holds(spot)}
        if leading == beyond:
            return None
        bearing = rest.bearing(rejected) if beyond else []
        gone = [other.two for other in bearing if rest.holds(other.one)]
        left = all(map(_Part(None, gone).holds, beyond))
        return links if left and all(other.out for other in bearing) else None

    def _join(self, reader: Reader, off: _Part, rest: _Part, links: Iterable[Link]) -> bool:
        """Keep two parts as one cluster; ``False`` where that may be one outlet's own."""
        assert rest.key is not None
        whole = Cluster(sorted({*off.places, *rest.places}))
        if merged(whole.spots) != whole.spots or reader.own(whole):
            return False
        for link in links:
            if rest.holds(link.there) or off.holds(link.there):
                whole.take(link)
        for key in filter(None, (off.key, rest.key)):
            kind, score = self._rows.told(key) or (whole.kind, whole.score)
            whole.take(Link(whole.spots[0], whole.spots[0], kind, score))
        if off.key is not None:
            self._rows.remove(off.key)
        self._rows.put(off.places, rest.key)
        self._rows.tell(rest.key, whole.kind, whole.score)
        self._connection.execute("DELETE FROM broken_cluster")
        return True

    def _part(self, reader: Reader, spot: Spot) -> _Part | None:
        """The kept cluster that holds a place, or the place alone; ``None`` where it may be in several."""
        held = self._held(spot)
        links = reader.links(Scope.CROSS)(spot.article)
        spots = [one for one in links.spots if same(one, spot)]
        if held:
            part = _Part(held[0], self._rows.places(held[0]))
            # Another of the linked places that may be this one may have been cut off.
            return part if len(held) == 1 and all(map(part.holds, spots)) else None
        place = next((one for one in merged([*links.spots]) if same(one, spot)), None)
        # What overlaps without being one may belong to others.
        numbers = {links.number(one) for one in links.spots if place is not None and place.contains(one)}
        return _Part(None, [place]) if place is not None and len(numbers) == 1 else None

    def _held(self, spot: Spot) -> list[int]:
        """The kept clusters that hold a place that is this one."""
        rows = self._connection.execute(
            "SELECT cluster, start, end FROM cluster_place WHERE article = ? AND start < ? AND end > ?",
            (spot.article, spot.end, spot.start),
        ).fetchall()
        return sorted({int(row[0]) for row in rows if same(Spot(spot.article, row[1], row[2]), spot)})

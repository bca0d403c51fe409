"""One more ruling that keeps two places of a kept cluster apart, put into force at the cost of what it cuts off.

What holds a cluster together is its spanning tree of the best links, and the weakest of them between the two places is
cut (:func:`.clusters.divided`). To find it, and the smaller of the two parts it leaves, not all of a large cluster need
be read: from any place, the best link out of what was reached is one of the tree (Prim: "Shortest connection networks
and some generalizations", Bell System Technical Journal 36, 1957). So both places are grown from until they meet; then
the links of the smaller part are followed, each until it leads to something of which the part is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from heapq import heappop, heappush
from itertools import chain
from sqlite3 import Connection

from warreader.index.matching.clustering import Reader
from warreader.index.matching.clusters import Cluster, Key, Link, Spot, key_of, same
from warreader.index.matching.kept_rows import Rows
from warreader.index.matching.parting import parted

FIRST = 16
"""Links of a place that are read at first, best before others: some have thousands."""


class Severing:
    """A kept cluster.

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
        self._key = key
        self._places: dict[int, list[Spot]] = defaultdict(list)
        for spot in rows.places(key):
            self._places[spot.article].append(spot)

    @property
    def articles(self) -> set[int]:
        """The articles (keys) with a place in it."""
        return {*self._places}

    def place(self, spot: Spot) -> Spot | None:
        """The place of the cluster that this one is."""
        return next((own for own in sorted(self._places.get(spot.article, ())) if same(own, spot)), None)

    def cut(self, one: Spot, two: Spot) -> bool:
        """Keep two of its places apart, and keep the smaller part as a cluster of its own.

        Returns:
            ``False``: they are not held together, and nothing was done.
        """
        parts = _Parts.between(self, one, two)
        if parts is None:
            return False
        self._take_off({*parts.smaller()})
        return True

    def take_out(self, place: Spot, other: Spot) -> bool:
        """Keep one of its places apart from another and from all that hangs together with that one without it.

        Returns:
            ``False``: it is linked with nothing here, and nothing was done.
        """
        ends = {there for _, there in self.best(place)} - {place}
        if not ends:
            return False
        parts, _ = parted(sorted(ends), lambda spot: [to for _, to in self.best(spot) if to != place])
        own = next((part for part in parts if other in part), None)
        self._take_off({place}.union(*parts) if own is None else own)
        return True

    def _take_off(self, part: Collection[Spot]) -> None:
        """Keep a part as a cluster of its own, if it is any."""
        links = [
            (link, there)
            for spot in part
            for link in self._reader.links_within(spot)
            if (there := self.holding(link.there)) is not None
        ]
        self._rows.take_out(part, self._key)
        self._narrow([spot for spots in self._places.values() for spot in spots if spot not in part], links)
        off = Cluster(sorted(part))
        for link, there in links:
            if there in part:
                off.take(link)
        if len(part) > 1 and not self._reader.own(off):
            self._rows.add(off)

    def _narrow(self, left: list[Spot], lost: list[tuple[Link, Spot]]) -> None:
        """Tell what is true of the rest."""
        told = self._rows.told(self._key)
        joined = self._reader.joins(left)
        if told is None or len(left) < 2 or (not joined and self._reader.own(Cluster(left))):
            self._rows.remove(self._key)
            return
        kind, score = told
        if any(link.kind is kind or link.score >= score for link, _ in lost):
            kind, score = self._rows.most(self._key, kind, score, joined=joined)
        self._rows.tell(self._key, kind, score)

    def holding(self, spot: Spot) -> Spot | None:
        """The place of the cluster in which this one lies."""
        for own in self._places.get(spot.article, ()):
            if own.contains(spot):
                return own
        return None

    def best(self, place: Spot) -> Iterator[tuple[Key, Spot]]:
        """The links of a place within the cluster, the best first, and where they lead."""
        for one, two in self._reader.joined_at(place):
            there = self.holding(two if one.article == place.article else one)
            if there is not None:
                yield key_of(one, two, 0.0, joined=True), there
        for row in chain(self._pairs(place, FIRST, 0), self._pairs(place, -1, FIRST)):
            one, two = Spot(*row[:3]), Spot(*row[3:6])
            there = self.holding(two if one.article == place.article else one)
            if there is not None:
                yield key_of(one, two, row[6]), there

    def _pairs(
        self, place: Spot, most: int, after: int
    ) -> Iterator[tuple[int, int, int, int, int, int, float]]:
        columns = "one, one_start, one_end, two, two_start, two_end, score"
        cursor = self._connection.cursor()
        cursor.row_factory = None
        yield from cursor.execute(
            f"SELECT {columns} FROM pair WHERE one = :a AND one_start >= :s AND one_end <= :e AND one <> two"
            f" AND tier = 'sure' UNION ALL SELECT {columns} FROM pair WHERE two = :a AND two_start >= :s"
            " AND two_end <= :e AND one <> two AND tier = 'sure'"
            " ORDER BY score DESC, one, one_start, one_end, two, two_start, two_end LIMIT :most OFFSET :after",
            {"a": place.article, "s": place.start, "e": place.end, "most": most, "after": after},
        ).fetchall()


class _Walk:
    """What was reached from a place by the best links; each by which, and from where."""

    def __init__(self, severing: Severing, start: Spot) -> None:
        self._severing = severing
        self._open: list[tuple[Key, Spot, Spot, Iterator[tuple[Key, Spot]]]] = []
        self.came: dict[Spot, tuple[Key, Spot] | None] = {start: None}
        self._look(start, severing.best(start))

    def _look(self, here: Spot, links: Iterator[tuple[Key, Spot]]) -> None:
        for key, there in links:
            if there not in self.came:
                heappush(self._open, (key, here, there, links))
                return

    def step(self) -> Spot | None:
        """Reach one place more; gives which, ``None`` where there is none."""
        while self._open:
            key, here, there, links = heappop(self._open)
            reached = there not in self.came
            if reached:
                self.came[there] = key, here
            self._look(here, links)
            if reached:
                self._look(there, self._severing.best(there))
                return there
        return None

    def back(self, spot: Spot) -> Iterator[tuple[Key, Spot]]:
        """The links that led to a place, the last first, each with the place it led to."""
        while (by := self.came[spot]) is not None:
            yield by[0], spot
            spot = by[1]


class _Parts:
    """The two parts of a cluster's spanning tree between two places, as far as they are known."""

    def __init__(self, severing: Severing, walks: tuple[_Walk, _Walk], met: Spot) -> None:
        self._severing = severing
        self._side: dict[Spot, int] = {}
        self._known: tuple[list[Spot], list[Spot]] = ([], [])
        way = [(key, number, spot) for number, walk in enumerate(walks) for key, spot in walk.back(met)]
        _, walked, cut = max(way)
        for number, walk in enumerate(walks):
            for spot, by in walk.came.items():
                side = number if by is None else self._side[by[1]]
                self._mark(spot, 1 - side if (number, spot) == (walked, cut) else side)

    @classmethod
    def between(cls, severing: Severing, one: Spot, two: Spot) -> _Parts | None:
        """The parts that two places leave, without the weakest link between them; ``None`` where there is none."""
        walks = _Walk(severing, one), _Walk(severing, two)
        while True:
            reached = [walk.step() for walk in walks]
            if reached == [None, None]:
                return None
            for spot in reached:
                if spot is not None and all(spot in walk.came for walk in walks):
                    return cls(severing, walks, spot)

    def _mark(self, spot: Spot, side: int) -> None:
        if spot not in self._side:
            self._side[spot] = side
            self._known[side].append(spot)

    def smaller(self) -> list[Spot]:
        """All of the smaller part, or of the one of which all is known first."""
        searches = self._follow(0), self._follow(1)
        while True:
            side = 0 if len(self._known[0]) <= len(self._known[1]) else 1
            for _ in searches[side]:
                break
            else:
                return self._known[side]

    def _follow(self, side: int) -> Iterator[None]:
        """Find what the places of one part are linked with in the tree, a link at a time."""
        at = 0
        while at < len(self._known[side]):
            for _, there in self._severing.best(self._known[side][at]):
                if there not in self._side:
                    self._place(there)
                    yield
            at += 1

    def _place(self, start: Spot) -> None:
        """Find out to which part a place belongs: to that of what is met first."""
        walk = _Walk(self._severing, start)
        while (spot := walk.step()) is not None:
            if spot in self._side:
                for reached in walk.came:
                    self._mark(reached, self._side[spot])
                return

"""What is left of a cluster that lost pairs: whether it still holds together, and which parts came off.

To go through all of a large cluster for each article that is taken away would cost what the cluster holds. So all ends
of what was lost are searched from in turn, the smallest search and the largest: what came off is small as a rule and
soon gone through, and what holds together soon meets. (Searching from both ends of a lost edge at once is what Even and
Shiloach do in "An on-line edge-deletion problem", Journal of the ACM 28, 1981.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

from warreader.index.matching.clusters import Spot


class _Search:
    """What was reached from some ends, and what of it is still to be looked at."""

    def __init__(self, spot: Spot) -> None:
        self.reached = {spot}
        self.left = deque([spot])
        self.over = False


def parted(ends: Iterable[Spot], near: Callable[[Spot], Iterable[Spot]]) -> tuple[list[set[Spot]], bool]:
    """The parts that came off, and whether anything else is left.

    Args:
        ends: the places that a lost pair joined with something, all of which are linked with the rest or in a part.
        near: what a place is linked with.
    """
    parting = _Parting(ends, near)
    parting.run()
    return parting.parts, parting.open > 0


class _Parting:
    """Searches from all ends in turn; ``parts`` came off, ``open`` is how many searches still go on."""

    def __init__(self, ends: Iterable[Spot], near: Callable[[Spot], Iterable[Spot]]) -> None:
        self._near = near
        self._owner: dict[Spot, _Search] = {spot: _Search(spot) for spot in ends}
        self._waiting = [(1, number, search) for number, search in enumerate(self._owner.values())]
        heapify(self._waiting)
        self._turn = self.open = len(self._waiting)
        self._largest = self._waiting[0][2] if self._waiting else None
        self.parts: list[set[Spot]] = []

    def run(self) -> None:
        """Search until there is nothing but what holds together."""
        while self._waiting and self.open:
            size, _, search = heappop(self._waiting)
            if search.over or size != len(search.reached):
                continue
            # The last one needs no more than to be linked with something.
            if self.open == 1 and size > 1:
                break
            # Next to a place with very many links is mostly one with few, that leads to all others of that sort.
            for _ in range(2):
                if self.open > 1 and self._largest is not None and not self._largest.over:
                    self._step(self._largest)
            if not search.over:
                self._step(search)

    def _step(self, search: _Search) -> None:
        """Look at one place more."""
        if not search.left:
            search.over = True
            self.open -= 1
            self.parts.append(search.reached)
            return
        for spot in self._near(search.left.popleft()):
            other = self._owner.get(spot)
            if other is None:
                self._owner[spot] = search
                search.reached.add(spot)
                search.left.append(spot)
            elif other is not search:
                search = self._together(search, other)
        self._turn += 1
        heappush(self._waiting, (len(search.reached), self._turn, search))
        if self._largest is None or self._largest.over or len(search.reached) > len(self._largest.reached):
            self._largest = search

    def _together(self, one: _Search, two: _Search) -> _Search:
        """Put together two that met: the smaller goes on as part of the larger."""
        into, gone = (two, one) if len(two.reached) > len(one.reached) else (one, two)
        for moved in gone.reached:
            self._owner[moved] = into
        into.reached |= gone.reached
        into.left += gone.left
        gone.over = True
        self.open -= 1
        return into

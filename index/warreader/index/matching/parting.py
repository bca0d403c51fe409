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
    owner: dict[Spot, _Search] = {spot: _Search(spot) for spot in ends}
    waiting = [(1, number, search) for number, search in enumerate(owner.values())]
    heapify(waiting)
    open_, turn = len(waiting), len(waiting)
    largest = waiting[0][2] if waiting else None
    parts: list[set[Spot]] = []

    def step(search: _Search) -> None:
        """Look at one place more, and put together what meets."""
        nonlocal open_, turn, largest
        if not search.left:
            search.over = True
            open_ -= 1
            parts.append(search.reached)
            return
        for spot in near(search.left.popleft()):
            other = owner.get(spot)
            if other is search:
                continue
            if other is None:
                owner[spot] = search
                search.reached.add(spot)
                search.left.append(spot)
                continue
            if len(other.reached) > len(search.reached):
                search, other = other, search
            for moved in other.reached:
                owner[moved] = search
            search.reached |= other.reached
            search.left += other.left
            other.over = True
            open_ -= 1
        turn += 1
        heappush(waiting, (len(search.reached), turn, search))
        if largest is None or largest.over or len(search.reached) > len(largest.reached):
            largest = search

    while waiting and open_:
        size, _, search = heappop(waiting)
        if search.over or size != len(search.reached):
            continue
        # The last one needs no more than to be linked with something.
        if open_ == 1 and size > 1:
            break
        # Next to a place with very many links is mostly one with few, that leads to all others of that sort.
        for _ in range(2):
            if open_ > 1 and largest is not None and not largest.over:
                step(largest)
        if not search.over:
            step(search)
    return parts, open_ > 0

"""How two runs of words lie over each other: the best local stretch of their longest common subsequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

GAP = 1.2
"""Cost of a word that stands on one side only, in the unit of :func:`.rarity.rarity`."""

LONGEST_GAP = 8
"""Words of a gap that count: a longer one ends most alignments anyway."""


class Alignment(NamedTuple):  # made by the hundred: as a dataclass it would cost four times as much
    """Ranges (ends exclusive) in both word lists, the equal words between them and their weight."""

    first: tuple[int, int]
    second: tuple[int, int]
    equal: int
    weight: float

    @property
    def density(self) -> float:
        """Equal words over the longer range; 1.0 is word for word."""
        return self.equal / max(self.first[1] - self.first[0], self.second[1] - self.second[0])


def align(
    first: Sequence[int], second: Sequence[int], summed: Sequence[float], begin: int | None = None
) -> Alignment | None:
    """The heaviest stretch of equal words, gaps paid for; ``None`` where nothing is equal.

    Args:
        first: words as numbers.
        second: words as numbers.
        summed: rarities of the words of the first, summed up to each and to the end.
        begin: where the second begins in words of which ``summed`` is told instead: equal words weigh the same.
    """
    runs = _runs(first, second)
    best, bounds = 0.0, None
    total, start = 0.0, 0
    i = j = 0
    for number, (here, end, there) in enumerate(runs):
        # A deletion beside an insertion is one replacement.
        total -= GAP * min(LONGEST_GAP, max(here - i, there - j)) if number else 0.0
        if total <= 0:
            total, start = 0.0, number
        at = here if begin is None else begin + there
        total += summed[at + end - here] - summed[at]
        if total > best:
            best, bounds = total, (start, number)
        i, j = end, there + end - here
    if bounds is None:
        return None
    head, tail = runs[bounds[0]], runs[bounds[1]]
    equal = sum(end - here for here, end, _ in runs[bounds[0] : bounds[1] + 1])
    # Some of the equal words beside the stretch may have been paired with farther copies of themselves: take them in.
    low_i, low_j = head[0], head[2]
    while low_i > 0 and low_j > 0 and first[low_i - 1] == second[low_j - 1]:
        low_i, low_j, equal = low_i - 1, low_j - 1, equal + 1
    high_i, high_j = tail[1], tail[2] + tail[1] - tail[0]
    while high_i < len(first) and high_j < len(second) and first[high_i] == second[high_j]:
        high_i, high_j, equal = high_i + 1, high_j + 1, equal + 1
    return Alignment((low_i, high_i), (low_j, high_j), equal, best)


def _runs(first: Sequence[int], second: Sequence[int]) -> list[tuple[int, int, int]]:
    """The runs of equal words, in order: where each begins and ends in the first, and begins in the second.

    Words that go on in the next run are paired with the copies of themselves right before it, not with farther ones.
    """
    runs: list[tuple[int, int, int]] = []
    next_first = next_second = -1
    # The last one, of no words, tells only where both end.
    for block in reversed(LCSseq.editops(first, second).as_matching_blocks()[:-1]):
        here, there, size = block.a, block.b, block.size
        end, after = here + size, there + size
        if end == next_first and after != next_second:
            if second[next_second - size : next_second] == first[here:end]:
                there = next_second - size
        elif (
            after == next_second
            and end != next_first
            and first[next_first - size : next_first] == first[here:end]
        ):
            here, end = next_first - size, next_first
        runs.append((here, end, there))
        next_first, next_second = here, there
    runs.reverse()
    return runs

"""How two runs of words lie over each other: the best local stretch of their longest common subsequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

GAP = 1.2
"""Cost of a word that stands on one side only, in the unit of :func:`.rarity.rarity`."""

LONGEST_GAP = 8
"""Words of a gap that count: a longer one ends most alignments anyway."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Ranges (ends exclusive) in both word lists, the equal words between them and their weight."""

    first: tuple[int, int]
    second: tuple[int, int]
    equal: int
    weight: float

    @property
    def density(self) -> float:
        """Equal words over the longer range; 1.0 is word for word."""
        return self.equal / max(self.first[1] - self.first[0], self.second[1] - self.second[0])


def align(first: Sequence[int], second: Sequence[int], summed: Sequence[float]) -> Alignment | None:
    """The heaviest stretch of equal words, gaps paid for; ``None`` where nothing is equal.

    Args:
        first: words as numbers.
        second: words as numbers.
        summed: rarities of the words of the first, summed up to each and to the end.
    """
    blocks = LCSseq.editops(first, second).as_matching_blocks()
    # The last one, of no words, tells only where both end.
    runs = [(block.a, block.a + block.size, block.b) for block in blocks[:-1]]
    best, bounds = 0.0, None
    total, start = 0.0, 0
    i = j = 0
    for number, (here, end, there) in enumerate(runs):
        # A deletion beside an insertion is one replacement.
        total -= GAP * min(LONGEST_GAP, max(here - i, there - j)) if number else 0.0
        if total <= 0:
            total, start = 0.0, number
        total += summed[end] - summed[here]
        if total > best:
            best, bounds = total, (start, number)
        i, j = end, there + end - here
    if bounds is None:
        return None
    head, tail = runs[bounds[0]], runs[bounds[1]]
    equal = sum(end - here for here, end, _ in runs[bounds[0] : bounds[1] + 1])
    # Equal words beside the stretch may have been paired with farther copies of themselves: take them in.
    low_i, low_j = head[0], head[2]
    while low_i > 0 and low_j > 0 and first[low_i - 1] == second[low_j - 1]:
        low_i, low_j, equal = low_i - 1, low_j - 1, equal + 1
    high_i, high_j = tail[1], tail[2] + tail[1] - tail[0]
    while high_i < len(first) and high_j < len(second) and first[high_i] == second[high_j]:
        high_i, high_j, equal = high_i + 1, high_j + 1, equal + 1
    return Alignment((low_i, high_i), (low_j, high_j), equal, best)

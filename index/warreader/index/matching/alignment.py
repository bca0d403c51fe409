"""How two runs of words lie over each other: the best local stretch of their longest common subsequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from warreader.index.matching.rarity import rarity

GAP = 1.2
"""Cost of a word that stands on one side only, in the unit of :func:`rarity`."""

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


@dataclass(frozen=True, slots=True)
class _Step:
    """An equal word (``at`` in both lists) or a gap (``at`` is ``None``) with its weight."""

    weight: float
    at: tuple[int, int] | None


def _steps(first: Sequence[str], second: Sequence[str]) -> list[_Step]:
    steps: list[_Step] = []
    for op in LCSseq.opcodes(first, second):
        if op.tag == "equal":
            for k in range(op.src_end - op.src_start):
                steps.append(_Step(rarity(first[op.src_start + k]), (op.src_start + k, op.dest_start + k)))
            continue
        length = max(op.src_end - op.src_start, op.dest_end - op.dest_start)
        cost = -GAP * min(LONGEST_GAP, length)
        if steps and steps[-1].at is None:
            # A deletion beside an insertion is one replacement.
            steps[-1] = _Step(min(steps[-1].weight, cost), None)
        else:
            steps.append(_Step(cost, None))
    return steps


def align(first: Sequence[str], second: Sequence[str]) -> Alignment | None:
    """The heaviest stretch of equal words, gaps paid for; ``None`` where nothing is equal."""
    steps = _steps(first, second)
    best, bounds = 0.0, None
    total, start = 0.0, 0
    for at, step in enumerate(steps):
        if total <= 0:
            total, start = 0.0, at
        total += step.weight
        if total > best and step.at is not None:
            best, bounds = total, (start, at)
    if bounds is None:
        return None
    low, high = bounds
    while high + 1 < len(steps) and steps[high + 1].at is not None:
        high += 1
    while low > 0 and steps[low - 1].at is not None:
        low -= 1
    pairs = [step.at for step in steps[low : high + 1] if step.at is not None]
    _extend(pairs, first, second)
    head, tail = pairs[0], pairs[-1]
    return Alignment((head[0], tail[0] + 1), (head[1], tail[1] + 1), len(pairs), best)


def _extend(pairs: list[tuple[int, int]], first: Sequence[str], second: Sequence[str]) -> None:
    """Equal words beside the stretch may have been paired with farther copies of themselves: take them in."""
    i, j = pairs[0]
    before: list[tuple[int, int]] = []
    while i > 0 and j > 0 and first[i - 1] == second[j - 1]:
        i, j = i - 1, j - 1
        before.append((i, j))
    pairs[:0] = reversed(before)
    i, j = pairs[-1]
    while i + 1 < len(first) and j + 1 < len(second) and first[i + 1] == second[j + 1]:
        i, j = i + 1, j + 1
        pairs.append((i, j))

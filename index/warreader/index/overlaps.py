"""Which of many spans overlap one, without looking at all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Overlaps:
    """Spans to be asked for those that overlap another.

    Args:
        spans: starts and ends, in code points, end exclusive, in order of their starts.
    """

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = list(spans)
        self._starts = [start for start, _ in self._spans]
        self._farthest = list(accumulate((end for _, end in self._spans), max))

    def of(self, start: int, end: int) -> list[int]:
        """Numbers of the spans that have a code point in common with one, in order.

        Takes longer the more of those before it a span reaches over, which of quotations and places is a few.
        """
        first = bisect_right(self._farthest, start)
        last = bisect_left(self._starts, end, lo=min(first, len(self._starts)))
        return [at for at in range(first, last) if self._spans[at][1] > start]

"""A quotation made ready to be laid over other articles, and the stretches of these that it is laid over."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from warreader.index.matching.alignment import Alignment, align
from warreader.index.matching.fingerprints import GRAM
from warreader.index.matching.sides import Side
from warreader.index.matching.wording import Quoted

LEAST_WORDS = 5
"""Words a quotation needs to be looked for in other articles."""

LEAST_INDIRECT = 10
"""The same for reported words without marks: papers paraphrase alike."""

LEAST_WEIGHT = 8.0
"""Weight of its equal words that a run needs, unless it is the whole of a quotation."""

LEAST_WEIGHT_INDIRECT = 14.0
"""The same for words without marks."""

LONGEST = 1500
"""Words of a quotation that are compared."""

LEAST_DENSITY = 0.6
"""Equal words in the longer of two matched runs."""

WINDOWS = 4
"""Places of one article that a quotation is compared with."""


class Sought:
    """A quotation made ready to be laid over other articles: its words, and how rare they are."""

    __slots__ = ("_summed", "first", "last", "least", "light", "quoted", "side", "words")

    def __init__(self, side: Side, quoted: Quoted) -> None:
        self.side, self.quoted = side, quoted
        self.first = quoted.words.start
        self.last = min(quoted.words.end, self.first + LONGEST)
        self.words: list[int] = side.numbers[self.first : self.last].tolist()
        self._summed: list[float] = []
        self.least = LEAST_INDIRECT if quoted.indirect else min(LEAST_WORDS, len(quoted.words))
        """Words without which nothing is accepted."""
        self.light = LEAST_WEIGHT_INDIRECT if quoted.indirect else LEAST_WEIGHT
        """Weight without which nothing but the whole of it is."""

    def align(self, other: Side, low: int, high: int, ways: Sequence[int]) -> Alignment | None:
        """How it lies over words of another article; ``None`` where that can't be accepted.

        Args:
            other: the article.
            low: where the words begin.
            high: where they end.
            ways: how far apart it stands in both articles what they are known to share.
        """
        there: list[int] = other.numbers[low:high].tolist()
        size = len(self.words)
        for way in ways:
            begin = self.first + way - low
            if begin >= 0 and there[begin : begin + size] == self.words:
                weight = self._weight(other, begin + low)
                return Alignment((0, size), (begin, begin + size), size, weight)
        # To know how many words are equal takes a tenth of what it takes to know which.
        if LCSseq.similarity(self.words, there) < self.least:
            return None
        if self._known(other):
            found = align(self.words, there, other.summed, low)
        else:
            self._summed = self._summed or self.side.summed_over(self.first, self.last)
            found = align(self.words, there, self._summed)
        whole = found is not None and found.equal >= len(self.quoted.words)
        if found is None or found.equal < self.least or found.density < LEAST_DENSITY:
            return None
        # What all stands in marks there, word for word, may be light.
        return None if found.weight < self.light and found.density < 1.0 and not whole else found

    def _known(self, other: Side) -> bool:
        """Whether how rare words are is known of the other article sooner than of this one."""
        return other.weighed and not self.side.weighed

    def _weight(self, other: Side, begin: int) -> float:
        """How rare all its words are together, that stand in another article, too."""
        side, first = (other, begin) if self._known(other) else (self.side, self.first)
        summed = side.summed_over(first, first + len(self.words))
        return summed[-1] - summed[0]


def windows(
    first: int, last: int, length: int, hits: Sequence[tuple[int, int]]
) -> list[tuple[int, int, list[int]]]:
    """Stretches of the other article, as long as the quotation and some more, around the shared fingerprints.

    With each how far apart these stand in both articles.
    """
    slack = GRAM + (last - first) // 4
    times: dict[int, int] = {}
    for here, there in hits:
        way = there - here
        times[way] = times.get(way, 0) + 1
    if len(times) == 1:
        return [(max(0, first + way - slack), min(length, last + way + slack), [way])]
    merged: list[tuple[int, int, list[int]]] = []
    for way in sorted(times):
        low, high = max(0, first + way - slack), min(length, last + way + slack)
        if merged and low <= merged[-1][0] + slack:
            before, _, ways = merged[-1]
            merged[-1] = before, high, [*ways, way]
        else:
            merged.append((low, high, [way]))
    if len(merged) > 1:
        merged.sort(key=lambda window: (-sum(times[way] for way in window[2]), window[0]))
    return merged[:WINDOWS]

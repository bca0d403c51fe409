"""How a line stands among the others of its text: rows of whole numbers for the line model's trees.

A row says what was thought of the lines around, of those that look like it, and of the page as a whole,
and where in the running text it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from warreader.index.ingest.line_features import CASE, FIRST, STOPS, Look
from warreader.index.ingest.line_patterns import LOOKED_AT, Said

SURE, OUTSIDE = 600, -999
"""Scores, in hundredths of log-odds, of a line whose kind is known, and of no line at all."""
AMID = 400
"""The score of long prose amid prose."""
_SETTLED = 250
"""Score from which up, or down, a line is as good as told."""

_NUMBER = re.compile(r"[\W\d_]*\d[\W\d_]*\w{0,2}")
"""A line that is a number, with its unit perhaps."""
_CELL = 40
"""Code points of the longest of them."""
_SHORT = 22
"""Code points of an entry in a menu or a table."""
_STEERING = frozenset({Said.SHARE, Said.PROMOTION, Said.NAVIGATION, Said.SECTIONS, Said.TRAIL})


class Surroundings:
    """Where each line of a text stands among the others.

    Args:
        seen: the text's lines.
        scores: of each, alone, in hundredths of log-odds of being kept.
    """

    def __init__(self, seen: Look, scores: Sequence[int]) -> None:
        count = len(scores)
        self._seen = seen
        self._count = count
        lengths = list(map(len, seen.lines))
        pad = [OUTSIDE] * 4
        self._scores = [*pad, *scores, *pad]
        self._ends = [13, 13, *seen.ends, 13, 13]
        self._lengths = [0, 0, *lengths, 0, 0]
        self._said = [0, *seen.said, 0]
        self._gaps = [*seen.gaps, 1]
        self._find_text(scores, lengths)
        self._sums = _Sums(seen, scores, lengths)
        self._digits = [
            100 * _digits_in(line[:LOOKED_AT]) // min(length, LOOKED_AT) if bits else 0
            for line, length, bits in zip(seen.lines, lengths, seen.bits, strict=True)
        ]
        self._segment = _best_segment(
            [
                max(-200, min(AMID, score)) * max(25, min(100, length)) // 100 - 20
                for score, length in zip(scores, lengths, strict=True)
            ]
        )
        self._alike = _alike(seen, scores)
        self._page = self._of_page(scores, lengths)

    def _find_text(self, scores: Sequence[int], lengths: Sequence[int]) -> None:
        """How much of the likely text stands above each line, and where the nearest sure prose is."""
        self._kept, self._last = [0], [-99]
        kept, last = 0, -99
        for at, score in enumerate(scores):
            if score > 100:
                kept += lengths[at]
                last = at if score >= AMID else last
            self._kept.append(kept)
            self._last.append(last)
        count = self._count
        self._following = [count + 99] * (count + 1)
        for at in range(count - 1, -1, -1):
            self._following[at] = at if scores[at] >= AMID else self._following[at + 1]

    def _of_page(self, scores: Sequence[int], lengths: Sequence[int]) -> list[int]:
        """What is the same for all lines: what kind of page this is, and how much of it seems to be text."""
        count, sums = self._count or 1, self._sums
        begin, end = self._segment
        inside = (end - begin) or 1
        out = [score <= -_SETTLED for score in scores]
        return [
            100 * sum(gap == 1 for gap in self._seen.gaps) // count,
            100 * sums.numbers[-1] // count,
            100 * sums.shorts[-1] // count,
            100 * self._kept[-1] // (sum(lengths) or 1),
            min(self._count, 500),
            sums.scores[-1] // count,
            100 * sum(out) // count,
            100 * sum(score >= _SETTLED for score in scores) // count,
            100 * sum(out[begin:end]) // inside,
            (sums.bounded[end] - sums.bounded[begin]) // inside,
            100 * (sums.sizes[end] - sums.sizes[begin]) // (sums.sizes[-1] or 1),
            min(begin, 99),
            min(self._count - end, 99),
            100 * sum(map(_STEERING.__contains__, self._seen.said)) // count,
        ]

    def row(self, at: int) -> list[int]:
        """What is known of line ``at`` and its neighbours; its bits must have been counted."""
        count, next_ = self._count, at + 1
        kept, sums = self._kept, self._sums
        bits = self._seen.bits[at]
        total = kept[count] or 1
        begin, end = self._segment
        return [
            *self._scores[at : at + 9],
            *self._ends[at : at + 5],
            *self._lengths[at : at + 5],
            *self._said[at : at + 3],
            (bits[3] - FIRST) & 7,
            (bits[5] - STOPS) & 7,
            (bits[6] - CASE) % 7,
            len(bits),
            1000 * kept[at] // total,
            1000 * (kept[count] - kept[next_]) // total,
            min(at - self._last[at], 99),
            min(self._following[next_] - at, 99),
            *self._page,
            min(at, 99),
            min(count - at, 99),
            self._seen.shared[at],
            *sums.around(at),
            self._gaps[at],
            self._gaps[next_],
            self._digits[at],
            100 * sums.sizes[at] // (sums.sizes[count] or 1),
            min(at - begin, 99),
            min(end - at, 99),
            min(end - begin, 300),
            *self._alike[at],
        ]


class _Sums:
    """Running sums over a text's lines, of which means of any stretch are made."""

    def __init__(self, seen: Look, scores: Sequence[int], lengths: Sequence[int]) -> None:
        self.scores = _sums(scores)
        self.bounded = _sums(
            [score if -300 <= score <= AMID else max(-300, min(AMID, score)) for score in scores]
        )
        self.sizes = _sums(lengths)
        self.shorts = _sums([length <= _SHORT for length in lengths])
        self.numbers = _sums(
            [len(line) <= _CELL and _NUMBER.fullmatch(line) is not None for line in seen.lines]
        )
        self.shared = _sums([share if share > 0 else 0 for share in seen.shared])
        self._count = len(scores)

    def around(self, at: int) -> tuple[int, ...]:
        """Means of stretches around a line; one before, or after, is that of none at an end of the text."""
        count, next_ = self._count, at + 1
        scores, bounded, shared = self.scores, self.bounded, self.shared
        before, after = at > 0, next_ < count
        low2, low3, low5 = (at - 2, at - 3, at - 5) if at > 5 else (max(0, at - 2), max(0, at - 3), 0)
        low8, low10, low12 = (at - 8, at - 10, at - 12) if at > 12 else (max(0, at - 8), max(0, at - 10), 0)
        low25, low40 = (at - 25, at - 40) if at > 40 else (max(0, at - 25), 0)
        high4, high6, high7, high9, high11, high13, high26, high41 = (
            (at + 4, at + 6, at + 7, at + 9, at + 11, at + 13, at + 26, at + 41)
            if at + 41 < count
            else [min(at + size, count) for size in (4, 6, 7, 9, 11, 13, 26, 41)]
        )
        return (
            (scores[high7] - scores[low2]) // (high7 - low2),
            (scores[high7] - scores[at]) // (high7 - at),
            (shared[at] - shared[low3]) // (at - low3) if before else OUTSIDE,
            (shared[high4] - shared[next_]) // (high4 - next_) if after else OUTSIDE,
            (shared[high11] - shared[low10]) // (high11 - low10),
            (shared[high13] - shared[next_]) // (high13 - next_) if after else OUTSIDE,
            (bounded[at] - bounded[low5]) // (at - low5) if before else OUTSIDE,
            (bounded[high6] - bounded[next_]) // (high6 - next_) if after else OUTSIDE,
            (bounded[at] - bounded[low12]) // (at - low12) if before else OUTSIDE,
            (bounded[high26] - bounded[next_]) // (high26 - next_) if after else OUTSIDE,
            (bounded[at] - bounded[low25]) // (at - low25) if before else OUTSIDE,
            100 * (self.numbers[high9] - self.numbers[low8]) // 17,
            100 * (self.shorts[high9] - self.shorts[low8]) // (high9 - low8),
            100 * (self.shorts[high41] - self.shorts[low40]) // (high41 - low40),
            (self.sizes[high6] - self.sizes[low5]) // (high6 - low5),
        )


def _alike(seen: Look, scores: Sequence[int]) -> list[tuple[int, int]]:
    """For each line that was counted how many others of the text look like it, and their mean score.

    Entries of a list, questions of an interview, teasers in a column: what is true of most is of all.
    """
    totals: dict[tuple[int, ...], list[int]] = {}
    shapes: list[list[int] | None] = []
    for bits, score in zip(seen.bits, scores, strict=True):
        if not bits:
            shapes.append(None)
            continue
        total = totals.setdefault((bits[2], bits[3], bits[6]), [0, 0])
        total[0] += 1
        total[1] += score if -SURE <= score <= SURE else max(-SURE, min(SURE, score))
        shapes.append(total)
    return [
        (0, OUTSIDE)
        if total is None or total[0] == 1
        else (min(total[0] - 1, 99), (total[1] - score) // (total[0] - 1))
        for total, score in zip(shapes, scores, strict=True)
    ]


def _digits_in(text: str) -> int:
    if text.isascii():
        return sum(map(text.count, "0123456789"))
    return sum(map(str.isdigit, text))


def _sums(numbers: Iterable[int]) -> list[int]:
    return list(accumulate(numbers, initial=0))


def _best_segment(numbers: Sequence[int]) -> tuple[int, int]:
    """Where the run with the greatest sum begins and ends: the article, for all one knows so far.

    After Pasternack and Roth, "Extracting Article Text from the Web with Maximum Subsequence
    Segmentation" (WWW 2009).
    """
    best = total = begin = 0
    found = (0, 0)
    for at, number in enumerate(numbers):
        total += number
        if total <= 0:
            total, begin = 0, at + 1
        elif total > best:
            best, found = total, (begin, at + 1)
    return found

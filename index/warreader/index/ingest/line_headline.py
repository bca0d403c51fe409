"""Which line above the text is its headline: the one that reads most like it, by where it stands and what is around it.

The weights were fitted on half of some 600 pages and measured on the other half (tests/benchmarks/headlines.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from warreader.index.ingest.line_features import Look
from warreader.index.ingest.line_patterns import Said

_SIGNED = frozenset({Said.BYLINE, Said.AGENCY, Said.DATED})
_UNDER = 3
"""Lines under a headline among which it is mostly said who wrote it, and when."""
_LEAST_TRAIL = 20
"""Code points of a headline that is known again at the end of the trail that leads to it."""
_RUN, _WITHIN = 3, 8
"""Lines of prose, and lines among which they stand, where an article's text begins."""


def text_begins(prose: Sequence[int]) -> int:
    """Where the article's text begins: with the first run of prose; what stands alone above it is an announcement.

    Args:
        prose: the lines of running text, in order; not empty.
    """
    for at, last in zip(prose, prose[_RUN - 1 :], strict=False):
        if last - at <= _WITHIN:
            return at
    return prose[0]


def likeliest(seen: Look, may: Sequence[int], scores: Sequence[int], first: int) -> int:
    """The line that is the headline.

    Args:
        seen: the text's lines.
        may: those that can be it, in order; not empty.
        scores: how likely each line of the text belongs to the article.
        first: where the text begins.
    """

    def weight(at: int) -> float:
        line, shared = seen.lines[at], seen.shared[at]
        above = seen.lines[at - 1] if at else ""
        below = seen.lines[at + 1] if at + 1 < len(seen.lines) else ""
        size = len(line.split())
        return (
            0.0063 * min(max(scores[at], -400), 300)
            + 1.8
            * any(seen.said[near] in _SIGNED for near in range(at + 1, min(at + 1 + _UNDER, len(seen.lines))))
            + (0.035 * shared if shared >= 0 else -2.2)
            - 0.1 * min(first - at, 30)
            + 0.27 * min(sum(at < other < first for other in may), 8)
            - 2.3 * (size < 5)
            - 3.9 * (size > 20)
            + 2.5 * _ends_trail(above, line)
            - 2.7 * _ends_trail(line, below)
            - 1.5 * any(map(line.__contains__, "|›»/"))
        )

    return max(may, key=weight) if len(may) > 1 else may[0]


def _ends_trail(trail: str, line: str) -> bool:
    """Whether a trail of sections ends in this line: "Home News Bridge closed", and under it "Bridge closed"."""
    return len(line) > _LEAST_TRAIL and trail != line and trail.endswith(line)

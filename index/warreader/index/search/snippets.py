"""The few stretches of an article that show best how it answers a query."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from warreader.index.article import Line, LineKind, Snippet, Span
from warreader.index.search.lighting import FURNITURE, Lit, merged

WIDTH = 160
"""About how many code points a snippet has."""

_LOOKED_AT = 600
_LOOKED_BACK = 8
_ENDS = ("\n", ".", "!", "?", ".”", "!”", "?”", '."', '!"', '?"')
"""What stands before a line or sentence."""

_REACH = 24
"""How far a cut looks for a space before it goes through a word."""


def snippets(text: str, lines: tuple[Line, ...], lit: Sequence[Lit], most: int = 3) -> tuple[Snippet, ...]:
    """One to ``most`` snippets in order of place: first what answers most leaves of the query.

    Where nothing is lit the article's first body line speaks for it. A snippet stays
    within a line unless a hit itself runs on, and contains no furniture.
    """
    if not lit:
        return _opening(text, lines)
    # Enough to choose from: a text that is nothing but hits is not worth more time.
    lit = lit[:_LOOKED_AT]
    chosen: list[Span] = []
    seen: set[int] = set()
    windows = _windows(lit, lines)
    while windows and len(chosen) < most:
        best = max(windows, key=lambda window: (len(window[1] - seen), window[2], -window[0].start))
        if chosen and not best[1] - seen and best[2] < 2:
            break
        seen |= best[1]
        area = _widened(text, lines, best[0])
        chosen.append(area)
        windows = [window for window in windows if not window[0].overlaps(area)]
    marks = merged(lit)
    return tuple(_snippet(text, area, marks) for area in sorted(chosen))


def _windows(lit: Sequence[Lit], lines: tuple[Line, ...]) -> list[tuple[Span, set[int], int]]:
    """Every window that begins at a hit: its extent, the leaves it answers, its hits. One pass, two ends."""
    starts = [line.start for line in lines]
    places = [_line(starts, entry.start) for entry in lit]
    inside: Counter[int] = Counter()
    windows = []
    end = 0
    for begin, first in enumerate(lit):
        while end < len(lit) and (
            end <= begin or (lit[end].end - first.start <= WIDTH and places[end] == places[begin])
        ):
            inside[lit[end].leaf] += 1
            end += 1
        extent = Span(first.start, min(lit[end - 1].end, first.start + WIDTH))
        windows.append((extent, set(inside), end - begin))
        inside[first.leaf] -= 1
        if not inside[first.leaf]:
            del inside[first.leaf]
    return windows


def _line(starts: list[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1


def _widened(text: str, lines: tuple[Line, ...], core: Span) -> Span:
    """The core with as much of its line on both sides as fits, cut between words."""
    starts = [line.start for line in lines]
    low, high = 0, len(text)
    if lines:
        low = lines[max(0, _line(starts, core.start))].start
        high = max(core.end, lines[max(0, _line(starts, max(core.start, core.end - 1)))].end)
    room = max(0, WIDTH - len(core))
    start = max(low, core.start - room // 2)
    end = min(high, start + max(WIDTH, len(core)))
    start = max(low, min(start, end - WIDTH))
    return _trimmed(text, _cut_start(text, start, low, core.start), _cut_end(text, end, high, core.end))


def _cut_start(text: str, start: int, low: int, limit: int) -> int:
    if start <= low or text[start - 1].isspace():
        return start
    for at in range(start, min(limit, start + _REACH)):
        if text[at].isspace():
            return at
    return start


def _cut_end(text: str, end: int, high: int, limit: int) -> int:
    if end >= high or text[end].isspace():
        return end
    for at in range(end, max(limit, end - _REACH), -1):
        if text[at - 1].isspace():
            return at
    return end


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _snippet(text: str, area: Span, marks: list[Span]) -> Snippet:
    first = bisect_right(marks, area.start, key=lambda span: span.end)
    hits = []
    for mark in marks[first:]:
        if mark.start >= area.end:
            break
        hits.append(Span(max(mark.start, area.start), min(mark.end, area.end)))
    before = text[max(0, area.start - _LOOKED_BACK) : area.start].rstrip(" \t\u00a0")
    opens = not before or before.endswith(_ENDS)
    after = text[area.end : area.end + _LOOKED_BACK].lstrip(" \t\u00a0")
    return Snippet(area.start, area.end, area.of(text), tuple(hits), opens, not after or after[0] == "\n")


def _opening(text: str, lines: tuple[Line, ...]) -> tuple[Snippet, ...]:
    readable = [line for line in lines if line.kind not in FURNITURE and text[line.start : line.end].strip()]
    body = [line for line in readable if line.kind is LineKind.BODY] or readable
    if not body:
        return ()
    area = _widened(text, lines, Span(body[0].start, min(body[0].end, body[0].start + 1)))
    return (_snippet(text, area, []),) if len(area) else ()

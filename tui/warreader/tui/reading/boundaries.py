"""Moving the start or end of a span by a word."""

from __future__ import annotations

import re
from typing import Literal

from warreader.index.api import Span

Edge = Literal["start", "end"]

_WORD = re.compile(r"[\w'’]+")
_WINDOW = 2000


def moved(text: str, span: Span, edge: Edge, *, forward: bool) -> Span | None:
    """A span with one of its boundaries moved to the next or previous word's.

    Returns:
        The span, or ``None`` where there is no word further on, or nothing would be left.
    """
    if edge == "end":
        to = _next_end(text, span.end) if forward else _last(text, span.start, span.end, ends=True)
        return None if to is None or to <= span.start else Span(span.start, to)
    to = _next_start(text, span.start, span.end) if forward else _last(text, 0, span.start, ends=False)
    return None if to is None or to >= span.end else Span(to, span.end)


def _next_end(text: str, at: int) -> int | None:
    found = _WORD.search(text, at)
    return found.end() if found else None


def _next_start(text: str, at: int, end: int) -> int | None:
    inside = _WORD.match(text, at)
    found = _WORD.search(text, inside.end() if inside else at, end)
    return found.start() if found else None


def _last(text: str, low: int, at: int, *, ends: bool) -> int | None:
    base = max(low, at - _WINDOW)
    found = [m.end() if ends else m.start() for m in _WORD.finditer(text, base, at)]
    found = [place for place in found if place < at]
    return found[-1] if found else None

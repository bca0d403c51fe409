"""Layers of spans over one text, and what to paint for a stretch of it.

Layers overlap: entities colour letters, quotations slant them, highlights and
hits colour the ground, so that each stays readable under the others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple


class Painted(NamedTuple):  # a long article has tens of thousands, that are sorted
    """A span with the name of the style it is painted in."""

    start: int
    end: int
    style: str


class Layer:
    """Spans of one kind, quickly asked for by stretch. They may overlap and come in any order."""

    def __init__(self, spans: Iterable[Painted] = ()) -> None:
        self.spans = sorted(span for span in spans if span.end > span.start)
        self._starts = [span.start for span in self.spans]
        self._longest = max((span.end - span.start for span in self.spans), default=0)

    def changed(self, gone: Painted | None, come: Painted | None) -> Layer:
        """Another one, with one span in the place of another: of thousands the rest is not looked at."""
        layer = Layer()
        layer.spans, layer._starts, layer._longest = list(self.spans), list(self._starts), self._longest
        at = len(layer.spans) if gone is None else bisect_left(layer.spans, gone)
        if layer.spans[at : at + 1] == [gone]:
            del layer.spans[at], layer._starts[at]
        if come is not None and come.end > come.start:
            at = bisect_left(layer.spans, come)
            layer.spans.insert(at, come)
            layer._starts.insert(at, come.start)
            layer._longest = max(layer._longest, come.end - come.start)
        return layer

    def over(self, start: int, end: int) -> Iterator[Painted]:
        """The spans that share a code point with ``start`` to ``end``."""
        for index in range(bisect_left(self._starts, start - self._longest), len(self.spans)):
            span = self.spans[index]
            if span.start >= end:
                return
            if span.end > start:
                yield span


def stretches(start: int, end: int, layers: Iterable[Layer]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Cut ``start`` to ``end`` where any span begins or ends.

    Yields:
        Each piece with the styles that hold there, lowest layer first; later
        ones paint over earlier ones.
    """
    found = [span for layer in layers for span in layer.over(start, end)]
    cuts = {start, end}
    for span in found:
        cuts.add(max(span.start, start))
        cuts.add(min(span.end, end))
    ordered = sorted(cuts)
    for begin, stop in pairwise(ordered):
        yield begin, stop, tuple(span.style for span in found if span.start <= begin and span.end >= stop)

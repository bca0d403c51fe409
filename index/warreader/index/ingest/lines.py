"""Line kinds: what each line of a plain-text news page is.

The text comes from a page whose markup is gone, or nearly. Long prose amid prose is
body at a glance. Every other line is judged by a small trained model: by what it says
and its shape, then by its neighbours and its place (:mod:`line_features`,
:mod:`line_model`). Where a pattern is certain (share buttons, picture credits,
bylines: :mod:`line_patterns`) it has the last word. Headline, standfirst and byline
are then named by where they stand.

Nothing is dropped: a line is only labelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import add

from warreader.index.article import Line, LineKind
from warreader.index.ingest.line_judging import CERTAIN, Judged
from warreader.index.ingest.line_model import LineModel, load
from warreader.index.ingest.line_units import units


def classify(text: str, known: Sequence[LineKind | None] | None = None) -> tuple[Line, ...]:
    r"""Say of every line what it is.

    Args:
        text: stored text.
        known: for each line of ``text.split("\n")`` its kind where markup told
            it, else ``None``; known kinds stand, and the others are judged by them.

    Returns:
        One line for each of ``text.split("\n")``, in order, offsets in code
        points; an empty line is ``body`` with ``start == end``.

    Raises:
        ValueError: ``known`` has not one entry a line.
    """
    return classify_with(load(), text, known)


def classify_with(
    model: LineModel, text: str, known: Sequence[LineKind | None] | None = None
) -> tuple[Line, ...]:
    """The same with a model of one's own (to measure one)."""
    return _classified(model, [(text, known)])[0]


def classify_all(
    texts: Sequence[tuple[str, Sequence[LineKind | None] | None]],
) -> list[tuple[Line, ...]]:
    """:func:`classify` for several texts, each with what is known: step by step, which takes less time.

    Raises:
        ValueError: of one of them what is known has not one entry a line.
    """
    return _classified(load(), texts)


def _classified(
    model: LineModel, texts: Sequence[tuple[str, Sequence[LineKind | None] | None]]
) -> list[tuple[Line, ...]]:
    split = [_Split(model, text, known) for text, known in texts]
    waiting = [one.judged for one in split if one.judged is not None and one.judged.waits]
    scores = model.all_scores([(judged.seen, judged.certainly, CERTAIN) for judged in waiting])
    for judged, found in zip(waiting, scores, strict=True):
        judged.judge(model, found)
    return [one.lines() for one in split]


class _Split:
    """A text in lines: those that are blank are body, the others are judged."""

    def __init__(self, model: LineModel, text: str, known: Sequence[LineKind | None] | None) -> None:
        self._split = lines = text.split("\n")
        self._kinds = [LineKind.BODY] * len(lines)
        if known is not None:
            if len(known) != len(lines):
                raise ValueError(f"{len(known)} kinds for {len(lines)} lines")
            self._kinds = [
                kind if kind and line else LineKind.BODY for kind, line in zip(known, lines, strict=True)
            ]
        self._units = units(list(map(str.strip, lines)), known)
        self.judged = Judged(model, self._units, told=known is not None) if self._units.lines else None

    def lines(self) -> tuple[Line, ...]:
        """The lines with their kinds, once they are judged."""
        if self.judged is not None:
            self._units.over(self.judged.kinds, self._kinds)
        lengths = list(map(len, self._split))
        starts = list(accumulate((length + 1 for length in lengths), initial=0))
        return tuple(map(Line, starts, map(add, starts, lengths), self._kinds))

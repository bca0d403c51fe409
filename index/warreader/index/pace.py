"""How fast long work goes, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable

_SAID_AFTER = 1.0
"""Seconds before anything is said: the first moments tell nothing."""


class Pace:
    """The pace of work of a known size.

    Args:
        total: units of work (bytes, articles); 0 where unknown.
        clock: seconds that only go forward.
    """

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self._clock = clock
        self._began = clock()

    def at(self, done: int, articles: int, skipped: int = 0) -> tuple[float | None, float | None]:
        """Articles a second so far, and seconds left; ``None`` where nothing can be said.

        Args:
            done: units done.
            articles: of these, counted in articles.
            skipped: units that cost nothing, being done before.
        """
        spent = self._clock() - self._began
        if spent < _SAID_AFTER:
            return None, None
        left = None
        if self.total and done > skipped:
            left = max(0.0, spent * (self.total - done) / (done - skipped))
        return articles / spent, left

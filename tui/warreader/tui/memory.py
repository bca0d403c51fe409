"""Memory: what the C library holds for threads, and when Python looks for objects that only know each other."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable

from warreader.index.memory import give_back

_M_ARENA_MAX = -8

_YOUNG = (2_000, 10)
"""Objects made until the youngest are looked through, and how often that is until those of before are too."""

_NEVER = 1_000_000_000

_REST = 1.5
"""Seconds without a key after which somebody reads, and doesn't see a pause."""


def one_heap() -> bool:
    """Have all threads allocate from one heap, where the C library is glibc.

    Left alone it gives each thread a heap of its own, and none of them back: a search through 100,000 articles,
    asked by whichever thread was free, held 90 MB more. Call before threads are started.

    Returns:
        Whether the C library took it.
    """
    # Elsewhere there is no such function, or no way to it.
    with contextlib.suppress(OSError, AttributeError, TypeError):
        import ctypes

        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1))
    return False


class Garbage:
    """Python's search for cyclic garbage, in steps that no frame waits for.

    Painting makes and drops objects by the thousand, and the collector stops everything while it looks through them:
    with Python's own thresholds, or with few but large steps, for 50 ms and more at a time. Here the young are looked
    through often, in a millisecond each; what is there when the reader has started is left out for good; and all
    others are looked through when no key was pressed for a while.

    Args:
        clock: seconds, as from :func:`time.monotonic`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pressed = clock()
        self._due = False
        self._before: tuple[int, int, int] | None = None

    def start(self) -> None:
        """What there is stays for good."""
        if self._before is None:
            self._before = gc.get_threshold()
            gc.freeze()
            gc.set_threshold(*_YOUNG, _NEVER)

    def pressed(self) -> None:
        """A key was pressed."""
        self._pressed, self._due = self._clock(), True

    def rest(self) -> bool:
        """Look through all, where that is due and nobody waits; whether it was done."""
        if not self._due or self._before is None or self._clock() - self._pressed < _REST:
            return False
        self._due = False
        gc.collect()
        give_back()
        return True

    def stop(self) -> None:
        """As it was before."""
        if self._before is not None:
            gc.unfreeze()
            gc.set_threshold(*self._before)
            self._before = None

"""Memory: what the C library holds for threads, and when Python looks for objects that only know each other."""

from __future__ import annotations

import contextlib
import gc
import sys
import time
from collections.abc import Callable

from warreader.index.api import give_back

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8

_LARGE = 1 << 20
"""Bytes from which what is allocated is a piece of its own, which goes back to the system when it is freed."""

_SLACK = 8 << 20
"""Bytes that may be free at the end of the heap before they go back."""

_YOUNG = (2_000, 4)
"""Objects made until the youngest are looked through unasked, and how often that is until those of before are too."""

_TYPING = (40_000, 2)
"""The same from a key until what it asked for is painted: so many are hardly ever made in that time."""

_FEW = 1_000
"""Objects made for which it isn't worth while to look."""

_NEVER = 1_000_000_000

_MANY_TIMES = 12
"""How often the younger were looked through until the old are due though no key was pressed: the wheel, what comes in
the background and what blinks make objects too, some ten thousand each time.
"""

BREATH = 0.08
"""Seconds after a key by which what it asked for is painted, mostly."""

_REST = 1.5
"""Seconds without a key after which somebody reads, and doesn't see a short pause."""

_LONG_REST = 10.0
"""Seconds without a key, and since it was done last, after which all are looked through though that takes long."""

_SHORT = 0.02
"""Seconds of a pause that is short."""

_NEW = 150_000
"""Objects more than there were, from which it is not: of an article of millions of letters there are as many."""


def one_heap() -> bool:
    """Have all threads allocate from one heap, where the C library is glibc.

    Left alone it gives each thread a heap of its own, and none of them back: a search through 100,000 articles,
    asked by whichever thread was free, held 90 MB more. And once a large array was freed it takes the next ones from
    the heap too, where what is free between others stays: another 20 MB. Call before threads are started.

    Returns:
        Whether the C library took it.
    """
    # Elsewhere there is no such function, or no way to it.
    with contextlib.suppress(OSError, AttributeError, TypeError):
        import ctypes

        tell = ctypes.CDLL(None).mallopt
        wanted = ((_M_ARENA_MAX, 1), (_M_MMAP_THRESHOLD, _LARGE), (_M_TRIM_THRESHOLD, _SLACK))
        return all(tell(what, value) for what, value in wanted)
    return False


class Garbage:
    """Python's search for cyclic garbage, at times when no frame waits for it.

    Painting makes and drops objects by the thousand, and the collector stops everything while it looks through them:
    with Python's own thresholds for 50 ms and more at a time, with smaller ones for 5 ms in the very frames that have
    most to paint. Here it looks through the young a moment after a key, when what the key asked for is painted;
    through all others when no key was pressed for a while; and what is there when the reader has started is left out
    for good. Where objects are made without a key it looks unasked, in small steps.

    Where all are so many that to look through them is a pause that one sees, as while an article of millions of
    letters is laid out, that waits until nobody has been there for longer.

    Args:
        clock: seconds, as from :func:`time.monotonic`.
        spent: seconds of work, as from :func:`time.thread_time`.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        spent: Callable[[], float] = time.thread_time,
    ) -> None:
        self._clock = clock
        self._spent = spent
        self._pressed = self._looked = clock()
        self._took = 0.0
        self._held = 0
        self._due = False
        self._before: tuple[int, int, int] | None = None

    def start(self) -> None:
        """What there is stays for good."""
        if self._before is None:
            self._before = gc.get_threshold()
            self._due = True
            gc.freeze()
            self._held = sys.getallocatedblocks()
            self._look_after(_YOUNG)

    def pressed(self) -> None:
        """A key was pressed."""
        self._pressed, self._due = self._clock(), True
        self._look_after(_TYPING)

    def breathe(self) -> bool:
        """Look through the young; whether it is done with: not while a key has just been pressed."""
        if self._before is None:
            return True
        if self._clock() - self._pressed < BREATH:
            return False
        if gc.get_count()[0] >= _FEW:
            gc.collect(1)
        self._look_after(_YOUNG)
        return True

    def _look_after(self, objects: tuple[int, int]) -> None:
        if self._before is not None:
            gc.set_threshold(*objects, _NEVER)

    def rest(self) -> bool:
        """Look through all, where that is due and nobody waits; whether it was done."""
        due = self._due or gc.get_count()[2] >= _MANY_TIMES
        now = self._clock()
        if not due or self._before is None or now - self._pressed < _REST:
            return False
        long = self._took > _SHORT or sys.getallocatedblocks() - self._held > _NEW
        if long and min(now - self._pressed, now - self._looked) < _LONG_REST:
            return False
        self._due = False
        began = self._spent()
        gc.collect()
        self._took = self._spent() - began
        self._looked = now
        give_back()
        self._held = sys.getallocatedblocks()
        return True

    def stop(self) -> None:
        """As it was before."""
        if self._before is not None:
            gc.unfreeze()
            gc.set_threshold(*self._before)
            self._before = None

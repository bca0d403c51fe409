"""How the C library keeps memory for a program that works in threads."""

from __future__ import annotations

import contextlib

_M_ARENA_MAX = -8


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

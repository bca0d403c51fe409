"""Ended from without: a command that is told to end, or whose terminal is closed, stops as at ctrl+c.

Killed outright it would leave its helpers to clean up after it, who tell of that at length on the screen.
"""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Told to end; the terminal was closed (not everywhere there is such a signal)."""


class Ending:
    """While it lasts, the first of these signals is like ctrl+c, a second one ends the process at once.

    Attributes:
        signum: the signal that came, if any did.
    """

    def __init__(self) -> None:
        self.signum: int | None = None
        self._before: dict[int, Any] = {}

    def code(self, otherwise: int) -> int:
        """The exit code of a command: where a signal ended it, the one that shells have for that."""
        return otherwise if self.signum is None else 128 + self.signum

    def __enter__(self) -> Ending:
        for one in SIGNALS:
            # What is to be ignored, as under nohup, stays so.
            if signal.getsignal(one) is signal.SIG_DFL:
                try:
                    self._before[one] = signal.signal(one, self._end)
                except ValueError:
                    # Only the main thread of a program may say so.
                    break
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one, before in self._before.items():
            signal.signal(one, before)

    def _end(self, signum: int, _: FrameType | None) -> None:
        self.signum = signum
        signal.signal(signum, signal.SIG_DFL)
        raise KeyboardInterrupt

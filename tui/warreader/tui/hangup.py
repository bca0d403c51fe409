"""Ending when the terminal is gone.

A shell's window that is closed sends SIGHUP, but not every terminal does. Then
reading gives nothing for ever, which keeps a processor busy, and painting
blocks: an orderly end is not to be had, so the process just ends. Nothing is
lost by that: annotations are stored as they are made.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable

_SECONDS = 2.0


def watch(leave: Callable[[], None]) -> None:
    """Watch standard input's terminal from a thread; when it is gone, call ``leave`` and end the process."""
    try:
        import termios
    except ImportError:
        # No such terminals on this platform.
        return
    terminal = sys.__stdin__
    if terminal is None or not terminal.isatty():
        return

    def look() -> None:
        while True:
            time.sleep(_SECONDS)
            try:
                termios.tcgetattr(terminal)
            except (termios.error, OSError, ValueError):
                with contextlib.suppress(Exception):
                    leave()
                os._exit(1)

    threading.Thread(target=look, name="hang-up", daemon=True).start()

"""What comes from the terminal, before it is a key."""

from __future__ import annotations

import codecs
from functools import partial


def read_any_bytes() -> None:
    """Have Textual read bytes that are no UTF-8, as a paste from an old program holds, as U+FFFD.

    Its decoder raises at them, and with that its input thread, and the reader, ends.
    """
    try:
        from textual.drivers import linux_driver
    except ImportError:
        # Windows' driver reads characters.
        return
    forgiving = partial(codecs.getincrementaldecoder("utf-8"), errors="replace")
    # It takes the decoder from its module's names; nothing of its own lets another be chosen.
    vars(linux_driver)["getincrementaldecoder"] = lambda _: forgiving

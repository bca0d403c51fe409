"""What comes from the terminal, before it is a key."""

from __future__ import annotations

import codecs
import os
import time
from collections.abc import Generator, Iterable
from functools import partial
from types import ModuleType

from textual import constants, events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

from warreader.index.api import without_controls

MOST_PASTED = 4_000_000
"""Code points that are taken of a paste."""
ESCAPE_DELAY = 0.025
"""Seconds in which ``esc`` is taken for the begin of another key. Terminals send a key at once; in the tenth of a
second that Textual waits a person presses the next one, which was taken for one pressed with ``alt``."""
ALT_KEYS: set[str] = set()
"""Names of the keys pressed with ``alt`` that mean something to this reader. Over a slow line ``esc`` and the letter
pressed after it come together, as they do where ``alt`` is held: of any other key they are taken for two."""
TWO_OR_ONE = {"\x1bf": ("ctrl+right", "f"), "\x1bb": ("ctrl+left", "b")}
"""What some terminals send for ``alt`` with an arrow, which moves by a word where one types: the key that Textual takes
it for, and the one that came after ``esc`` where it was two. Such a key has what was sent as its character."""
SILENCE = 3.0
"""Seconds without anything more after which a paste that was begun is taken to have ended."""


class Parser(XTermParser):
    """Textual's parser, for which a paste is text whatever it holds, and ``esc`` alone is not the begin of a key.

    Textual's own reads keys in a paste from the first ``esc`` in it on, and looks whether ``esc`` came alone only
    after it has read what came next, however late that came.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._before = ""
        self._pasted: list[str] | None = None
        self._length = 0
        self._last = 0.0
        self._late = False

    def feed(self, data: str) -> Generator[Message, None, None]:
        """Parse what was read."""
        yield from self.tick()
        if not data:
            if self._pasted is not None:
                yield from self._paste()
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                data = yield from self._keys(data)
            else:
                data = yield from self._into_paste(data)

    def tick(self) -> Generator[Message, None, None]:
        """What time has made clear: ``esc`` came alone, a paste has no end."""
        for message in super().tick():
            self._late = True
            yield message
        if self._pasted is not None and time.monotonic() - self._last > SILENCE:
            yield from self._paste()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if sequence in TWO_OR_ONE:
            name, letter = TWO_OR_ONE[sequence]
            with_alt = f"alt+{letter}"
            yield events.Key(with_alt, None) if with_alt in ALT_KEYS else events.Key(name, sequence)
            return
        for key in super()._sequence_to_key_events(sequence, alt=alt):
            if not alt or key.key in ALT_KEYS:
                yield key
            else:
                # Textual names a letter with alt, and forgets of other keys that anything came before.
                yield events.Key("escape", "\x1b")
                yield from super()._sequence_to_key_events(sequence)

    def _keys(self, data: str) -> Generator[Message, None, str]:
        """Parse up to the begin of a paste; what follows that is left."""
        known = len(self._before)
        at = (self._before + data).find(BRACKETED_PASTE_START)
        end = len(data) if at < 0 else at + len(BRACKETED_PASTE_START) - known
        self._before = (self._before + data)[-len(BRACKETED_PASTE_START) + 1 :]
        # What came of the begin before may be keys by now.
        yield from super().feed(
            BRACKETED_PASTE_START if at >= 0 and self._late and known > at else data[:end]
        )
        self._late = False
        if at >= 0:
            self._pasted, self._length, self._before = [], 0, ""
            self._last = time.monotonic()
        return data[end:]

    def _into_paste(self, data: str) -> Generator[Message, None, str]:
        """Add to the paste up to its end; what follows that is left."""
        assert self._pasted is not None
        self._last = time.monotonic()
        known = len(self._before)
        at = (self._before + data).find(BRACKETED_PASTE_END)
        end = len(data) if at < 0 else at + len(BRACKETED_PASTE_END) - known
        self._before = (self._before + data)[-len(BRACKETED_PASTE_END) + 1 :]
        if self._length < MOST_PASTED:
            self._pasted.append(data[:end])
        self._length += end
        if at >= 0:
            yield from self._paste()
        return data[end:]

    def _paste(self) -> Generator[Message, None, None]:
        """Have what was collected parsed as a paste: without what Textual's own takes for keys."""
        text = "".join(self._pasted or ()).removesuffix(BRACKETED_PASTE_END)[:MOST_PASTED]
        self._pasted, self._before = None, ""
        yield from super().feed(without_controls(text) + BRACKETED_PASTE_END)


def apart(pressed: events.Key) -> list[events.Key]:
    """The two keys that one may be, if it may be two."""
    if pressed.character is None or pressed.character not in TWO_OR_ONE:
        return []
    letter = TWO_OR_ONE[pressed.character][1]
    return [events.Key("escape", "\x1b"), events.Key(letter, letter)]


def read_all_that_comes(keys: Iterable[str] = ()) -> None:
    """Have Textual's input thread bear whatever a terminal sends.

    Args:
        keys: those that mean something, as Textual names them, sequences with spaces between.

    Bytes that are no UTF-8, as a paste from an old program holds, are read as U+FFFD: its decoder raises at them, and
    with that the thread, and the reader, ends. Pastes are read by :class:`Parser`. What ``ESCDELAY`` says is left.
    """
    ALT_KEYS.clear()
    ALT_KEYS.update(part for key in keys for part in key.split() if part.startswith("alt+"))
    if "ESCDELAY" not in os.environ:
        _put(constants, "ESCAPE_DELAY", ESCAPE_DELAY)
    try:
        from textual.drivers import linux_driver
    except ImportError:
        # Windows' driver reads characters.
        return
    forgiving = partial(codecs.getincrementaldecoder("utf-8"), errors="replace")
    _put(linux_driver, "getincrementaldecoder", lambda _: forgiving)
    _put(linux_driver, "XTermParser", Parser)


def _put(module: ModuleType, name: str, value: object) -> None:
    """Put another in the place of what Textual takes from its module's names; nothing of its own lets one choose."""
    assert name in vars(module), (
        f"{module.__name__} has no {name} any more: what is read has to be got at anew"
    )
    vars(module)[name] = value

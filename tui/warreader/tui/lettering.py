"""Terminals that can't show all letters (by their encoding, as in the locale C): what looks most like them is shown.

A frame is then drawn with ``+``, ``-`` and ``|``, quotation marks are those of a typewriter, ``é`` is ``e``; of what
looks like nothing there is, ``?`` stands in as many cells.
"""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata

ALIKE = "warreader.alike"
"""The name of this way to encode, as Python has ``replace``."""

_LOOKS = {
    "|": "│┃║▎▏▌▐┆┊╎",
    "-": "─━═–—‐‑−┄╌",
    "+": "╭╮╰╯┌┐└┘├┤┬┴┼╔╗╚╝",
    "'": "‘’‚‛′",
    '"': "“”„«»″",
    "*": "●•★◆○◦·",
    "#": "█▓▒░▆▇▅▄▃▂▁▀",
    ">": "▸›→▶⇢",
    "<": "‹←◀",
    "v": "▾▼↓",
    "^": "▲↑▴",
    "=": "⇄≈↔⇆",
    ".": "…␊",
}
_LIKE = {letter: plain for plain, letters in _LOOKS.items() for letter in letters}


def _alike(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(letter: str) -> str:
    """As many ASCII letters as a letter has cells."""
    if (plain := _LIKE.get(letter)) is not None:
        return plain
    if unicodedata.combining(letter):
        return ""
    first = unicodedata.normalize("NFKD", letter)[0]
    if first.isascii() and first.isprintable():
        return first
    return "??" if unicodedata.east_asian_width(letter) in "WF" else "?"


def show_alike(*names: str) -> None:
    """Have what the standard streams of these names can't encode shown by what looks like it."""
    codecs.register_error(ALIKE, _alike)
    for name in names:
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ALIKE)

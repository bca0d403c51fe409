"""Plain text whose lines were broken to fit a width: its paragraphs put back on one line each."""

from __future__ import annotations

import re

_NARROWEST, _WIDEST = 50, 100
"""Columns at which programs wrap mail."""

_SET_APART = re.compile(r"\s|[>|*•·–—-]\s?|\d{1,3}[.)]\s|--|==|__|\S+:\s*$")
_FLOWED_QUOTE = re.compile(r"(>*) ?(.*)", re.DOTALL)


def unwrapped(text: str) -> str:
    """Join the lines of every paragraph that was filled to a width.

    The width is the longest line's. A line was filled if it could not have taken the next
    one's first word too. Verses, lists, addresses, quoted and
    indented lines stay as they are.
    """
    lines = text.split("\n")
    width = max((len(line.rstrip()) for line in lines if "://" not in line), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return text
    runs: list[list[str]] = []
    before = ""
    for line in lines:
        if runs and _goes_on(before, line, width):
            runs[-1][-1] = runs[-1][-1].rstrip()
            runs[-1].append(line)
        else:
            runs.append([line])
        before = line.rstrip()
    return "\n".join(map(" ".join, runs))


def _goes_on(line: str, following: str, width: int) -> bool:
    if not line.strip() or not following.strip() or _SET_APART.match(line) or _SET_APART.match(following):
        return False
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Join ``format=flowed`` lines (RFC 3676): one that ends in a space goes on in the next of its quote depth.

    Args:
        text: with ``\\n`` line ends.
        delete_space: whether that space is no part of the text (``DelSp=yes``).
    """
    runs: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        found = _FLOWED_QUOTE.match(line)
        quote, rest = (found[1], found[2]) if found else ("", line)
        soft = rest.endswith(" ") and rest != "-- "
        shown = rest[:-1] if soft and delete_space else rest
        if open_depth == len(quote) and rest != "-- ":
            runs[-1].append(shown)
        else:
            runs.append([f"{quote} {shown}" if quote else shown])
        open_depth = len(quote) if soft else -1
    return "\n".join("".join(run).rstrip() for run in runs)

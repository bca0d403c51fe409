"""Designations of arms and craft: ``F-16``, ``F16``, ``f 16`` and ``F-16s``; ``T-72B3`` and ``T-72 B3``; ``2S19``."""

from __future__ import annotations

import re
from itertools import product

_WRITTEN = re.compile(
    r"(?P<head>\d{0,2}[^\W\d_]{1,9})(?P<a>[-‐‑–]?)(?P<number>\d{1,4})"
    r"(?:(?P<b>[- ‐‑–]?)(?P<variant>(?!s\Z)[^\W\d_]{1,4}?)(?:(?P<c>[-‐‑–]?)(?P<tail>\d{1,2}))?)?"
    r"(?P<several>(?<=[\dA-Z])s)?\Z"
)
"""Letters, a number and perhaps a variant, which may have a number of its own: ``T-72B3``, ``S-300PMU-2``."""

_APART = re.compile(r"[- ‐‑–]")
_WORDS = frozenset([
    "a", "an", "and", "are", "as", "at", "be", "by", "de", "do", "el", "en", "for", "go", "he", "i", "if", "in", "is",
    "it", "la", "le", "me", "my", "no", "of", "on", "or", "so", "the", "to", "um", "un", "up", "us", "we", "y",
    "а", "в", "до", "з", "за", "и", "й", "к", "на", "не", "о", "от", "по", "с", "та", "у", "я",
])  # fmt: skip
"""What letters mostly are when a number stands behind them: looked for apart, ``a10`` would find "a 10-day truce"."""


def spellings(text: str) -> tuple[str, ...]:
    """Other ways to write a designation: with or without its hyphens, one or several; none of anything else."""
    if (match := _WRITTEN.match(text)) is None:
        return ()
    head, number, variant, tail = match.group("head", "number", "variant", "tail")
    parted = [bool(match[joint]) for joint in "abc"]
    # A letter or two behind a number are mostly no variant if they stand apart: "an F-16 a day".
    apart = variant is not None and len(variant) + len(tail or "") > 1 and variant.lower() not in _WORDS
    if parted[1] and not apart:
        return ()
    ways = (
        (False,) if head.lower() in _WORDS else (True, False),
        (False, True) if apart else (False,),
        (False, True) if tail is not None and len(variant) > 1 else (parted[2],),
    )
    asked = (*parted, match["several"] or "")
    found = [
        (f"{head}{'-' * first}{number}{' ' * second}{variant or ''}{'-' * third}{tail or ''}{ending}", ending)
        for second, third, ending, first in product(ways[1], ways[2], ("", "s"), ways[0])
        if (first, second, third, ending) != asked
    ]
    # First what was asked for as others write it.
    return tuple([other for other, ending in sorted(found, key=lambda each: each[1] != asked[3])])


def together(text: str) -> tuple[str, ...]:
    """Ways to write a designation of which parts were written apart, ``f 16`` or ``T-80 BVM``.

    First as its words follow one another anyway, which alone doesn't show that it is one: ``may-16``.
    """
    parts = _APART.split(text)
    head, number, *rest = [*parts, ""]
    if not number.isdecimal():
        return ()
    written = f"{head}-{number} {'-'.join(rest[:-1])}".strip()
    own = () if written == text else (written,)
    # What stands as far apart is found anyway.
    return *own, *[
        other for other in spellings(written) if " " not in other or _APART.split(other)[-1] not in parts
    ]

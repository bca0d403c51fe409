"""Designations of arms and craft: the press writes ``F-16``, ``F16`` and ``F-16s``, ``Су-27`` and ``Су27``."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"([^\W\d_]{1,9})([-‐‑–]?)(\d{1,4})([^\W\d_][^\W_]{0,3})?\Z")
"""Letters, perhaps a hyphen, a number and perhaps the letters of a variant: ``T-72B3``."""

_WORDS = frozenset([
    "a", "an", "and", "are", "as", "at", "be", "by", "de", "do", "el", "en", "for", "go", "he", "i", "if", "in", "is",
    "it", "la", "le", "me", "my", "no", "of", "on", "or", "so", "the", "to", "um", "un", "up", "us", "we", "y",
    "а", "в", "до", "з", "за", "и", "й", "к", "на", "не", "о", "от", "по", "с", "та", "у", "я",
])  # fmt: skip
"""What letters mostly are when a number stands behind them: looked for apart, ``a10`` would find "a 10-day truce"."""


def spellings(text: str) -> tuple[str, ...]:
    """Other ways to write a designation: with or without its hyphen, one or several; none of anything else."""
    if (match := _WRITTEN.match(text)) is None:
        return ()
    letters, hyphen, number, variant = match.groups(default="")
    endings = ("", "s") if variant in ("", "s") else (variant,)
    joints = ("",) if letters.lower() in _WORDS else ("-", "")
    asked = (letters, bool(hyphen), variant)
    found = [
        f"{letters}{joint}{number}{ending}"
        for ending in endings
        for joint in joints
        if (letters, bool(joint), ending) != asked
    ]
    # First what was asked for as others write it.
    return tuple(sorted(found, key=lambda other: other.endswith("s") != (variant == "s")))

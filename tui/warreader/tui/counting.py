"""How many there are, as far as it is known, in words."""

from __future__ import annotations

from warreader.index.api import many


def known_outlets(number: int, *, all_known: bool) -> str:
    """In how many outlets something stands; empty where none is known, as that tells nothing."""
    return many(number, "outlet" if all_known else "known outlet") if number else ""

"""How many there are, in words."""

from __future__ import annotations


def many(number: int, one: str) -> str:
    """``1 article``, ``1,234 articles``."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"

"""What a statement is about: the stems of its rarer words, by which two statements in other words are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from warreader.index.matching.rarity import rarity
from warreader.index.search.analyzer import stem
from warreader.index.text import fold, words

Stems = Mapping[str, tuple[str, float, bool]]
"""Stem -> a word of it, how rare that is, and whether it is written as a name."""


def weight_of(one: Stems, two: Stems, shared: Iterable[str]) -> float:
    """How much the shared stems tell."""
    # The rarer of both words may be a rare form of a common one ("attacks"): the commoner counts.
    return sum(min(one[root][1], two[root][1]) for root in shared)


def share_of(one: Stems, two: Stems, shared: Iterable[str]) -> float:
    """That as a share of what the shorter of the two tells."""
    least = min(sum(weight for _, weight, _ in side.values()) for side in (one, two))
    return min(1.0, weight_of(one, two, shared) / least) if least else 0.0


@lru_cache(maxsize=4096)
def stems(text: str, least: float) -> Stems:
    """The stems of the words of a text that are rare enough; figures tell nothing of a matter."""
    found: dict[str, tuple[str, float, bool]] = {}
    for span in words(text):
        word = fold(span.of(text)).removesuffix("'s")
        weight = rarity(word)
        if weight >= least and not word[0].isdigit():
            root = stem(word)
            # A Syrian is of Syria.
            root = root[:-1] if root.endswith("ian") else root
            found.setdefault(root, (word, weight, text[span.start].isupper()))
    return found

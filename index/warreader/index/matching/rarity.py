"""How rare a word is in English news: a frozen table, so that what matches does not hang on what a library holds.

``word_frequencies.tsv.gz`` lists the commonest words with the number of articles, out of the number in its first
line, that hold them. ``python -m warreader.index.matching.build_rarity`` makes it; VERSION changes with it.
"""

from __future__ import annotations

import gzip
import math
from functools import cache
from pathlib import Path

VERSION = 1
"""Version of the table."""

FLOOR = 0.05
"""Weight of a word that stands in every article."""

TABLE = Path(__file__).with_name("word_frequencies.tsv.gz")


@cache
def _table() -> tuple[dict[str, float], float]:
    """Word -> weight, and the weight of every word that is not listed."""
    with gzip.open(TABLE, "rt", encoding="utf-8") as file:
        total = int(next(file).split("\t")[1])
        counts = {word: int(count) for word, count in (line.rstrip("\n").split("\t") for line in file)}
    weights = {word: max(FLOOR, math.log(total / count)) for word, count in counts.items()}
    return weights, max(weights.values()) + 1.0


def listed() -> dict[str, float]:
    """The weights of the words in the table."""
    return _table()[0]


def rarity_beyond() -> float:
    """The weight of every word that is not in the table."""
    return _table()[1]


def rarity(word: str) -> float:
    """The word's inverse document frequency, ``log(N / df)`` in nats; words beyond the table share one weight."""
    weights, beyond = _table()
    return weights.get(word, beyond)

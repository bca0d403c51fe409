"""Which articles may share a quotation: inverted fingerprints, weighed by how few articles hold them."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import NamedTuple

from warreader.index.article import Span
from warreader.index.matching.rarity import rarity
from warreader.index.matching.wording import GRAM, Wording

COMMONEST = 150
"""Articles from which on a fingerprint is common speech and proposes nothing."""

CANDIDATES = 60
"""Articles a quotation is compared with at most."""

LEAST_RARITY = 6.0
"""Weight the words of the shared fingerprints must have together to be worth a closer look."""

LEAST_RARITY_INDIRECT = 10.0
"""The same for a quotation without marks, of which more is asked later."""

Hits = list[tuple[int, int]]
"""Word positions in two articles."""


class Shared(NamedTuple):
    """A fingerprint that another article has too. Positions are word indices; ``there_quoted``: in a quotation."""

    position: int
    article: int
    there: int
    there_quoted: bool
    weight: float


def shared_fingerprints(
    connection: Connection, article: int, grams: Iterable[tuple[int, int, bool]]
) -> list[Shared]:
    """What the article's fingerprints have in common with all others, in order of position.

    A fingerprint counts where it lies in a quotation on one side at least. Its weight is ``log(N / df)``, N the
    articles of the library and df those that hold it.
    """
    total = connection.execute("SELECT count(*) FROM words").fetchone()[0]
    found: list[Shared] = []
    for value, position, quoted in grams:
        rows = connection.execute(
            "SELECT article, position, quoted FROM gram WHERE hash = ? LIMIT ?", (value, COMMONEST + 1)
        ).fetchall()
        rows = [row for row in rows if row[0] != article] if len(rows) <= COMMONEST else []
        if not rows:
            continue
        weight = math.log((total + 1) / (len({row[0] for row in rows}) + 1)) + 0.1
        found += [Shared(position, row[0], row[1], bool(row[2]), weight) for row in rows if quoted or row[2]]
    return found


def ranked(shared: Sequence[Shared], words: Span) -> list[tuple[int, Hits]]:
    """The articles that share most with the words of one quotation, best first, with the positions (own, theirs).

    ``shared`` is in order of position.
    """
    scores: dict[int, float] = defaultdict(float)
    hits: dict[int, Hits] = defaultdict(list)
    low = bisect_left(shared, words.start, key=_position)
    for entry in shared[low : bisect_left(shared, words.end, key=_position)]:
        scores[entry.article] += entry.weight
        hits[entry.article].append((entry.position, entry.there))
    best = sorted(scores, key=lambda article: (-scores[article], article))
    return [(article, hits[article]) for article in best[:CANDIDATES]]


def quoted_there(shared: Iterable[Shared]) -> dict[int, Hits]:
    """Articles of which a quotation shares something, with the positions (theirs, own) in order."""
    found: dict[int, Hits] = defaultdict(list)
    for entry in shared:
        if entry.there_quoted:
            found[entry.article].append((entry.there, entry.position))
    for hits in found.values():
        hits.sort()
    return found


def within(hits: Hits, words: Span) -> Hits:
    """The hits (in order) whose first position lies in a range of words."""
    return hits[bisect_left(hits, (words.start, -1)) : bisect_left(hits, (words.end, -1))]


def promising(wording: Wording, hits: Hits, least: float = LEAST_RARITY) -> bool:
    """Whether the words of the shared fingerprints (first positions) are rare enough together to be worth aligning."""
    total, reached = 0.0, -1
    for position, _ in sorted(hits):
        for at in range(max(position, reached), position + GRAM):
            total += rarity(wording.words[at])
        if total >= least:
            return True
        reached = position + GRAM
    return False


def _position(entry: Shared) -> int:
    return entry.position

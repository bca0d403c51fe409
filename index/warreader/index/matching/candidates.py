"""Which articles may share a quotation: shared fingerprints, weighed by how few articles hold them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from warreader.index.article import Span
from warreader.index.matching.fingerprints import GRAM, QUOTED, STEP, WHOLE, Prints
from warreader.index.matching.gram_index import HOLDERS
from warreader.index.matching.sides import Side

CANDIDATES = 60
"""Articles a quotation is compared with at most."""

LEAST_RARITY = 6.0
"""Weight the words of the shared fingerprints must have together to be worth a closer look."""

LEAST_RARITY_INDIRECT = 10.0
"""The same for a quotation without marks, of which more is asked later."""

Hits = list[tuple[int, int]]
"""Word positions in two articles."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Who has each fingerprint of an ``article``: its ``position`` there, and the bounds of its ``rows``."""

    article: int
    position: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    rows: NDArray[np.int64]

    def of_rarest(self, words: Span) -> list[int]:
        """The articles, a place each, that have the rarest fingerprint in a range of the article's words."""
        inside = self._inside(words)
        if not len(inside):
            return []
        rarest = inside[np.argmin(self.last[inside] - self.first[inside])]
        found: list[int] = self.rows[self.first[rarest] : self.last[rarest], 1].tolist()
        return found

    def holders(self, words: Span) -> list[list[int]]:
        """For each fingerprint in a range of the article's words the articles, a place each, that have it."""
        return [self.rows[self.first[at] : self.last[at], 1].tolist() for at in self._inside(words)]

    def _inside(self, words: Span) -> NDArray[np.intp]:
        return np.flatnonzero((self.position >= words.start) & (self.position + GRAM <= words.end))


@dataclass(frozen=True, slots=True)
class Shared:
    """The fingerprints that an article has in common with others, a row each, in order of its own words.

    Columns: ``position`` in the article, ``article`` that has it too, ``there`` where, whether that is in a
    quotation (``quoted_there``), whether it is of a whole quotation (``whole``), and how many places have the
    fingerprint in all (``held``). ``common`` are those of the fingerprints that are everywhere; ``holding`` is what
    they are all made from.
    """

    position: NDArray[np.int64]
    article: NDArray[np.int64]
    there: NDArray[np.int64]
    quoted_there: NDArray[np.bool_]
    whole: NDArray[np.bool_]
    held: NDArray[np.int64]
    total: int
    holding: Holding
    common: Shared | None = None

    def within(self, words: Span) -> slice:
        """The rows that lie in a range of the article's words."""
        low, high = np.searchsorted(self.position, (words.start, max(words.start, words.end - GRAM + 1)))
        return slice(int(low), int(high))


def shared_fingerprints(
    connection: Connection,
    article: int,
    prints: Prints,
    left_out: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> Shared:
    """What an article's fingerprints have in common with all others.

    A fingerprint counts where it lies in a quotation on one side at least.

    Args:
        connection: of the library.
        article: its key.
        prints: its fingerprints.
        left_out: keys of articles that are not to be compared with it, in order.
        rows: what the index holds of these fingerprints.
    """
    values, places = rows[:, 0], rows[:, 2]
    held = np.searchsorted(values, values, "right") - np.searchsorted(values, values, "left")
    taken = rows[:, 1] != article
    if len(left_out):
        taken &= ~np.isin(rows[:, 1], left_out)
    # Where the article has a fingerprint twice, each of its places meets each of the others'.
    low = np.searchsorted(prints.hashes, values, "left")
    times = (np.searchsorted(prints.hashes, values, "right") - low) * taken
    row = np.repeat(np.arange(len(rows)), times)
    own = prints.places[
        np.repeat(low, times) + np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    ]
    keep = ((own | places[row]) & QUOTED).astype(bool)
    row, own = row[keep], own[keep]
    order = np.lexsort((places[row], rows[row, 1], own))
    row, own = row[order], own[order]
    total = connection.execute("SELECT max(article) FROM wording").fetchone()[0] or 1
    everywhere = held[row] >= HOLDERS
    first, last = (np.searchsorted(values, prints.hashes, edge) for edge in ("left", "right"))
    runs = (last > first) & (prints.places & WHOLE == 0)
    holding = Holding(article, prints.places[runs] // STEP, first[runs], last[runs], rows)

    def table(chosen: NDArray[np.bool_], common: Shared | None) -> Shared:
        at = row[chosen]
        return Shared(
            own[chosen] // STEP,
            rows[at, 1],
            places[at] // STEP,
            (places[at] & QUOTED).astype(bool),
            (places[at] & WHOLE).astype(bool),
            held[at],
            total,
            holding,
            common,
        )

    return table(~everywhere, table(everywhere, None))


class Candidate(NamedTuple):
    """An article to compare with: the positions (own, theirs) of what is shared, in how many places the rarest of
    it stands, and whether it is a whole quotation."""

    article: int
    hits: Hits
    held_by: int
    whole: bool


def ranked(shared: Shared, words: Span) -> Iterator[Candidate]:
    """The articles that share most with the words of one quotation, best first."""
    rows = shared.within(words)
    if rows.start == rows.stop and (common := shared.common) is not None:
        # What is quoted everywhere is found through any of those who have it.
        shared, rows = common, common.within(words)
    found: dict[int, list[int]] = defaultdict(list)
    weights: dict[int, float] = defaultdict(float)
    articles, held = shared.article[rows].tolist(), shared.held[rows].tolist()
    for at, (article, count) in enumerate(zip(articles, held, strict=True), rows.start):
        found[article].append(at)
        weights[article] += math.log(1 + shared.total / count)
    for article in sorted(weights, key=lambda key: (-weights[key], key))[:CANDIDATES]:
        hits = [(int(shared.position[at]), int(shared.there[at])) for at in found[article]]
        rarest = min(held[at - rows.start] for at in found[article])
        yield Candidate(article, hits, rarest, any(shared.whole[at] for at in found[article]))


def quoted_there(shared: Shared) -> dict[int, tuple[Hits, int]]:
    """Articles of which a quotation shares something: the positions (theirs, own) and count as in :func:`ranked`."""
    rows = np.flatnonzero(shared.quoted_there & ~shared.whole)
    found: dict[int, tuple[Hits, int]] = {}
    columns = (shared.article, shared.there, shared.position, shared.held)
    for article, there, position, held in zip(*(column[rows].tolist() for column in columns), strict=True):
        hits, rarest = found.get(article, ([], held))
        hits.append((there, position))
        found[article] = hits, min(rarest, held)
    for hits, _ in found.values():
        hits.sort()
    return found


def within(hits: Hits, words: Span) -> Hits:
    """The hits of which the fingerprint lies in a range of words, by their first position."""
    return [hit for hit in hits if words.start <= hit[0] <= words.end - GRAM]


def promising(side: Side, hits: Sequence[tuple[int, int]], least: float = LEAST_RARITY) -> bool:
    """Whether the words of the shared fingerprints (first positions) are rare enough together to be worth aligning."""
    total, reached = 0.0, -1
    for position, _ in hits if len(hits) == 1 else sorted(hits):
        end = position + GRAM
        total += side.summed[end] - side.summed[max(position, reached)]
        if total >= least:
            return True
        reached = end
    return False

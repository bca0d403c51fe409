"""What an article's fingerprints have in common with all others, and who else has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from warreader.index.article import Span
from warreader.index.matching.fingerprints import (
    GRAM,
    QUOTED,
    STEP,
    WHOLE,
    Prints,
    among,
    run_lengths,
)
from warreader.index.matching.gram_index import HOLDERS, GramIndex

_FAR = 1 << 32
"""More than any place in an article."""


@dataclass(frozen=True)
class Holding:
    """Who has each fingerprint of an article: the rows (hash, article, place) of all, in order of hash; and which of
    them (``row``) meet which places of the article (``own``)."""

    rows: NDArray[np.int64]
    row: NDArray[np.int64]
    own: NDArray[np.int64]

    @cached_property
    def _met(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Runs that meet: the other article and the first word here as one number, in order; their hashes, and the
        first words there."""
        runs = ((self.own | self.rows[self.row, 2]) & WHOLE) == 0
        rows, own = self.rows[self.row[runs]], self.own[runs]
        where = rows[:, 1] * _FAR + own // STEP
        order = np.argsort(where)
        return where[order], rows[order, 0], rows[order, 2] // STEP

    def common_to(self, words: Span, other: int, there: Span) -> tuple[int, ...]:
        """The fingerprints that both articles have in a run they share, one of them in a quotation; in order.

        Args:
            words: the run in this article.
            other: the other article.
            there: the run there.
        """
        where, hashes, first = self._met
        start = other * _FAR
        low, high = where.searchsorted((start + words.start, start + words.end - GRAM + 1))
        at = first[low:high]
        both = hashes[low:high][(at >= there.start) & (at <= there.end - GRAM)]
        return tuple(sorted({*both.tolist()}))

    def of_rarest(self, prints: Sequence[int]) -> list[int]:
        """The articles, a place each, that have the rarest of some of the fingerprints."""
        bounds = np.searchsorted(self.rows[:, 0], [[value, value + 1] for value in prints]).reshape(-1, 2)
        first, last = min(bounds.tolist(), key=lambda ends: ends[1] - ends[0], default=(0, 0))
        articles: list[int] = self.rows[first:last, 1].tolist()
        return articles


@dataclass(frozen=True, slots=True)
class Shared:
    """The fingerprints that an article has in common with others, a row each, in order of its own words.

    Columns: ``position`` in the article, ``article`` that has it too, ``there`` where, whether these are in a quotation
    (``quoted_here``, ``quoted_there``), whether it is of a whole quotation (``whole``), and how many places have the
    fingerprint in all (``held``). ``common`` are those of the fingerprints that are everywhere; ``holding`` is what
    they are all made from.
    """

    position: NDArray[np.int64]
    article: NDArray[np.int64]
    there: NDArray[np.int64]
    quoted_here: NDArray[np.bool_]
    quoted_there: NDArray[np.bool_]
    whole: NDArray[np.bool_]
    held: NDArray[np.int64]
    total: int
    holding: Holding
    common: Shared | None = None

    @classmethod
    def of(
        cls,
        rows: NDArray[np.int64],
        own: NDArray[np.int64],
        held: NDArray[np.int64],
        total: int,
        holding: Holding,
    ) -> Shared:
        """The rows (hash, article, place) that meet places of the article (``own``) as columns."""
        there = rows[:, 2]
        return cls(
            own // STEP,
            rows[:, 1],
            there // STEP,
            (own & QUOTED).astype(bool),
            (there & QUOTED).astype(bool),
            (there & WHOLE).astype(bool),
            held,
            total,
            holding,
        )

    def within(self, words: Span) -> slice:
        """The rows that lie in a range of the article's words."""
        low, high = np.searchsorted(self.position, (words.start, max(words.start, words.end - GRAM + 1)))
        return slice(int(low), int(high))


def shared_fingerprints(
    connection: Connection,
    article: int,
    prints: Prints,
    left_out: NDArray[np.int64],
    grams: GramIndex,
) -> Shared:
    """What an article's fingerprints have in common with all others.

    A fingerprint counts where it lies in a quotation on one side at least.

    Args:
        connection: of the library.
        article: its key.
        prints: its fingerprints.
        left_out: keys of articles that are not to be compared with it, in order.
        grams: who has which fingerprints.
    """
    rows = grams.lookup(article, prints)
    taken = rows[:, 1] != article
    if len(left_out):
        taken &= ~among(rows[:, 1], left_out)
    held = run_lengths(rows[:, 0])
    row, own = _meetings(prints, rows, held, taken)
    total = connection.execute("SELECT max(article) FROM wording").fetchone()[0] or 1
    places = np.repeat(held, held)[row]
    everywhere = places >= HOLDERS
    holding = Holding(rows, row, own)
    common, others = (
        Shared.of(rows[row[chosen]], own[chosen], places[chosen], total, holding)
        for chosen in (everywhere, ~everywhere)
    )
    return replace(others, common=common)


def _meetings(
    prints: Prints, rows: NDArray[np.int64], held: NDArray[np.int64], taken: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which rows meet which places of the article, in order of these, then of article and place there.

    Where the article has a fingerprint twice, each of its places meets each of the others'.

    Args:
        prints: the article's fingerprints.
        rows: who has them.
        held: how many rows each has.
        taken: the rows that count.
    """
    values = rows[np.cumsum(held) - held, 0]
    low = np.searchsorted(prints.hashes, values)
    times = np.searchsorted(prints.hashes, values, "right") - low
    # Most rows are of words that neither quotes: away with them first.
    quoted = np.append(0, np.cumsum(prints.places & QUOTED))
    quoting = np.repeat(quoted[low + times] > quoted[low], held)
    chosen = np.flatnonzero(taken & (quoting | (rows[:, 2] & QUOTED).astype(bool)))
    value = np.repeat(np.arange(len(held)), held)[chosen]
    times = times[value]
    row = np.repeat(chosen, times)
    own = prints.places[np.repeat(low[value] - np.cumsum(times) + times, times) + np.arange(len(row))]
    keep = ((own | rows[row, 2]) & QUOTED).astype(bool)
    row, own = row[keep], own[keep]
    order = np.lexsort((rows[row, 2], rows[row, 1], own))
    return row[order], own[order]

"""Which of its commonest forms stands at each place of a field, if one does.

Phrases have common words in them, and these stand at very many places. With this, the places of a phrase's
rarest word are enough: whether a common one stands beside them is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from warreader.index.search.arrays import Array

MOST = 255
"""So many forms are told apart, by one byte; 0 is any other, or none."""

LEAST = 1 << 14
"""Forms that stand at fewer places are looked up quickly enough."""

_PLACES = 1 << 17
"""About so many places are worked on at once: what it keeps in memory."""


class Lists(NamedTuple):
    """The postings of some forms in what was written.

    ``frequencies`` counts the articles of each form; ``docs_at``, ``counts_at`` and ``places_at`` are where
    its own begin. ``docs``, ``counts`` and ``places`` read stretches of them, by where these begin and how
    many numbers they are.
    """

    frequencies: Array
    docs_at: Array
    counts_at: Array
    places_at: Array
    docs: Callable[[Array, Array], Array]
    counts: Callable[[Array, Array], Array]
    places: Callable[[Array, Array], Array]


def commonest(often: Array) -> Array:
    """The numbers of the commonest forms, in order, by how often each form stands."""
    found = np.flatnonzero(often >= LEAST)
    if len(found) > MOST:
        found = np.sort(found[np.argsort(-often[found].astype(np.int64), kind="stable")[:MOST]])
    return found


def standing(lists: Lists, articles: int, total: int, lost: set[int]) -> Iterator[tuple[Array, Array]]:
    """Of some articles after others, how many places each has up to its last common form, and what stands at these.

    What stands there is the place of a form among these forms, from 1. At one more place none stands.

    Args:
        articles: how many there are.
        total: at how many places the forms stand.
        lost: told the codes of forms that share a place with another, and don't have it.
    """
    left, docs_at, counts_at, places_at = (np.array(part, np.int64) for part in lists[:4])
    codes = np.arange(1, len(left) + 1, dtype=np.uint8)
    step = max(1, articles * _PLACES // max(total, 1))
    for start in range(0, articles, step):
        # In so many articles no form can be in more.
        ahead = np.minimum(left, step)
        docs = lists.docs(docs_at, ahead).astype(np.intp) - start
        within = np.append(0, np.cumsum(docs < step))
        taken = within[np.cumsum(ahead)] - within[np.cumsum(ahead) - ahead]
        docs = docs[docs < step]
        counts = lists.counts(counts_at, taken)
        ends = np.cumsum(counts, dtype=np.int64)
        stood = np.diff(np.append(0, ends)[np.append(0, np.cumsum(taken))])
        places = lists.places(places_at, stood).astype(np.intp)
        sizes = np.ones(min(step, articles - start), np.intp)
        np.maximum.at(sizes, docs, places[ends - 1] + 2)
        found = np.zeros(int(sizes.sum()), np.uint8)
        begins = np.cumsum(sizes) - sizes
        places += np.repeat(begins[docs], counts)
        here = np.repeat(np.repeat(codes, taken), counts)
        found[places] = here
        # Of a word with several spellings all stand in one place.
        lost.update(here[found[places] != here].tolist())
        yield sizes, found
        left, docs_at = left - taken, docs_at + taken
        counts_at, places_at = counts_at + taken, places_at + stood

"""The articles of stems of several forms, united when segments are merged.

Most words that are searched for are such stems. Reading what their forms hold, one form after
another, and adding it up would cost a query more than all the rest of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from warreader.index.search.arrays import Array
from warreader.index.search.segment import MOST, stretches
from warreader.index.search.writing import Union, Written

_POSTINGS = 1 << 15
"""So many postings, or those of one stem, are united at once: what it keeps in memory."""

_STEMS = 1 << 13

_DOC = np.uint64(MOST.bit_length() - 1)
_COUNT = np.uint64(32)
_HELD = np.uint64((1 << 32) - 1)


def unions(written: Written) -> Iterator[Union]:
    """The unions of all stems of several forms, in the order of their first forms in the segment."""
    marks, by_stem = written.checksums, written.by_stem
    firsts = np.flatnonzero(np.append(True, marks[1:] != marks[:-1]))
    sizes = np.diff(firsts, append=len(marks))
    held = np.add.reduceat(written.frequencies[by_stem], firsts, dtype=np.int64)[sizes > 1]
    firsts, sizes = firsts[sizes > 1], sizes[sizes > 1]
    reached = np.append(0, np.cumsum(held))
    at = 0
    while at < len(firsts):
        end = int(np.searchsorted(reached, reached[at] + _POSTINGS, "right")) - 1
        end = max(at + 1, min(end, at + _STEMS))
        yield _united(written, firsts[at:end], sizes[at:end])
        at = end


def _united(written: Written, firsts: Array, sizes: Array) -> Union:
    forms = written.by_stem[stretches(firsts, sizes)]
    docs, counts, led = written.postings(forms)
    stems = np.repeat(np.repeat(np.arange(len(firsts), dtype=np.uint64), sizes), written.frequencies[forms])
    # Sorting numbers is several times as quick as sorting places by them.
    numbers = (((stems << _DOC) | docs) << _COUNT) | (counts << 1) | led
    numbers.sort()
    which = numbers >> _COUNT
    begins = np.flatnonzero(np.append(True, which[1:] != which[:-1]))
    which = which[begins]
    return Union(
        firsts,
        np.bincount((which >> _DOC).astype(np.intp), minlength=len(firsts)),
        (which & np.uint64(MOST - 1)).astype(np.uint16),
        np.add.reduceat((numbers & _HELD) >> np.uint64(1), begins),
        np.bitwise_or.reduceat(numbers & np.uint64(1), begins).astype(np.uint8),
    )

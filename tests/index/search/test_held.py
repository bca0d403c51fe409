"""What holds a word, asked of some articles: each way of looking it up gives the same."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.search import held
from warreader.index.search.arrays import Array
from warreader.index.search.held import Held, Listed, Rowed, Some

SIZES = (700, 0, 500)
SIZE = sum(SIZES)


class Stored:
    """One word of one segment, by the marks of its articles; 0 where it does not stand."""

    def __init__(self, marks: Array, *, dense: bool) -> None:
        self.lengths = marks
        self._dense = dense

    def holding(self, start: int, end: int) -> int:  # noqa: ARG002
        return int(np.count_nonzero(self.lengths))

    def row(self, number: int) -> Array | None:  # noqa: ARG002
        return self.lengths if self._dense else None

    def marked(self, number: int) -> tuple[Array, Array]:  # noqa: ARG002
        docs = np.flatnonzero(self.lengths)
        return docs.astype(np.uint16), self.lengths[docs]


def stored(marks: Array, dense: set[int]) -> Held:
    parts: list[Any] = []
    base = 0
    for at, size in enumerate(SIZES):
        parts.append((base, Stored(marks[base : base + size], dense=at in dense), at))
        base += size
    return Held(parts)


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from((0.0, 0.004, 0.1, 0.6, 1.0)),
    st.sampled_from((0.0, 0.004, 0.1, 0.6, 1.0)),
    st.sets(st.sampled_from(range(len(SIZES)))),
    st.sampled_from((0, 50, 10_000)),
)
def test_marks_of_some_articles(seed: int, holding: float, wanted: float, dense: set[int], few: int) -> None:
    draw = np.random.default_rng(seed)
    marks = np.where(draw.random(SIZE) < holding, draw.integers(2, 250, SIZE), 0).astype(np.uint8)
    ids = np.flatnonzero(draw.random(SIZE) < wanted)
    there = np.flatnonzero(marks)
    spare = np.zeros(SIZE, np.uint8)
    before, held._FEW = held._FEW, few
    try:
        for word in (
            stored(marks, dense),
            Listed(there, (marks[there] >> 1).astype(np.uint32), marks[there] & 1),
            Rowed(marks, (np.empty(0, np.intp), np.empty(0, np.intp))),
        ):
            found = word.among(Some(ids), spare)
            assert (found == marks[ids]).all()
            assert word.often == len(there)
            assert not spare.any()
    finally:
        held._FEW = before

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.quotations.chain import Chain, best

KINDS = 3


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(0, 2**32 - 1))
def test_the_best_kinds_of_each_sequence_are_those_that_no_others_beat(lengths: list[int], seed: int) -> None:
    draw = np.random.default_rng(seed)
    scores, moves, begin = (
        # Whole numbers, so that sums are the same in any order.
        draw.integers(-50, 50, size).astype(np.float32)
        for size in ((sum(lengths), KINDS), (KINDS, KINDS), (KINDS,))
    )
    starts = np.cumsum([0, *lengths])[:-1]
    found = best(Chain.of(starts, np.array(lengths)), scores, moves, begin).tolist()

    for start, length in zip(starts.tolist(), lengths, strict=True):

        def worth(kinds: tuple[int, ...], start: int = start) -> float:
            own = sum(scores[start + at, kind] for at, kind in enumerate(kinds))
            return float(own + begin[kinds[0]] + sum(moves[move] for move in pairwise(kinds)))

        most = max(map(worth, product(range(KINDS), repeat=length)))
        assert worth(tuple(found[start : start + length])) == most

"""Sequences side by side, and the best way through each of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chain:
    """Sequences laid side by side, the longest first, so that all take a step at once."""

    steps: tuple[Whole, ...]
    order: Whole

    @staticmethod
    def of(starts: Whole, lengths: Whole) -> Chain:
        """The sequences that begin at ``starts``."""
        order = np.argsort(-lengths, kind="stable")
        starts, lengths = starts[order], lengths[order]
        longest = int(lengths[0]) if len(lengths) else 0
        active = np.searchsorted(-lengths, -np.arange(longest), side="left")
        return Chain(tuple(starts[: int(n)] + step for step, n in enumerate(active)), order)


def best(chain: Chain, scores: Floats, moves: Floats, begin: Floats) -> Whole:
    """The likeliest kind of each token."""
    order = np.concatenate(chain.steps)
    bounds = [0, *accumulate(map(len, chain.steps))]
    # What the best way to each kind of a token is worth; a step's tokens stand together.
    held = scores[order]
    before = held[: bounds[1]]
    before += begin
    leaving = moves[:, None, :]
    for start, end in pairwise(bounds[1:]):
        now = held[start:end]
        # By whence it comes first: the greatest of a few large rows is quicker found than of many small ones.
        now += (before[: end - start].T[:, :, None] + leaving).max(axis=0)
        before = now
    # That holds where a sequence ends; elsewhere it is the kind from which the next one is best reached.
    found = held.argmax(axis=1)
    arriving = np.ascontiguousarray(moves.T)
    after = found[bounds[-2] :]
    for end, start in pairwise(reversed(bounds[:-1])):
        here, going = found[start:end], len(after)
        (held[start : start + going] + arriving.take(after, axis=0)).argmax(axis=1, out=here[:going])
        after = here
    kinds = np.zeros(len(scores), dtype=np.int64)
    kinds[order] = found
    return kinds

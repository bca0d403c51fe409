"""Fits the weights of a linear-chain conditional random field; only the training program needs it (scipy)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warreader.index.quotations.mixing import BITS
from warreader.index.quotations.speech_model import KINDS, Chain

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chains:
    """Sentences one after another: a row of features and a kind for each token, and how long each is."""

    features: npt.NDArray[np.int32]
    kinds: Whole
    lengths: Whole


def expected(chain: Chain, scores: Floats, moves: Floats, begin: Floats) -> tuple[float, Floats, Floats]:
    """Logarithm of the sum over all sequences, how likely each kind is, and how often each move is expected.

    Forward and backward, scaled so that nothing over- or underflows.
    """
    top = scores.max(axis=1, keepdims=True)
    strength, step_on = np.exp(scores - top), np.exp(moves)
    forward = np.empty_like(strength)
    scale = np.empty(len(scores), dtype=np.float32)
    held = np.exp(begin)[None, :]
    for number, step in enumerate(chain.steps):
        held = (held if number == 0 else held[: len(step)] @ step_on) * strength[step]
        total = held.sum(axis=1)
        held = held / total[:, None]
        forward[step], scale[step] = held, total
    likely = np.empty_like(forward)
    moved = np.zeros((KINDS, KINDS), dtype=np.float64)
    backward = np.ones((0, KINDS), dtype=np.float32)
    for number in range(len(chain.steps) - 1, -1, -1):
        step = chain.steps[number]
        now = np.ones((len(step), KINDS), dtype=np.float32)
        if len(backward):
            ahead = chain.steps[number + 1]
            came = backward * strength[ahead] / scale[ahead][:, None]
            moved += (forward[step[: len(came)]].T @ came) * step_on
            now[: len(came)] = came @ step_on.T
        backward = now
        both = forward[step] * backward
        likely[step] = both / both.sum(axis=1, keepdims=True)
    total_log = float(np.log(scale, dtype=np.float64).sum() + top.sum(dtype=np.float64))
    return total_log, likely, moved.astype(np.float32)


def fit(chains: Chains, kept: Whole, *, smooth: float, rounds: int) -> tuple[Floats, Floats, Floats]:
    """Weights of the kept features, of the moves and of beginnings, by limited-memory BFGS."""
    from scipy.optimize import minimize

    cost = _Cost(chains, kept, smooth)
    found = minimize(
        cost,
        np.zeros(cost.size + KINDS * KINDS + KINDS),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": rounds, "maxcor": 6},
    ).x.astype(np.float32)
    return cost.parts(found)


class _Cost:
    """What weights cost: how unlikely they make the gold, and how large they are.

    Args:
        chains: the sentences and their gold.
        kept: numbers of the features that have weights.
        smooth: weight of the penalty on squared weights.
    """

    def __init__(self, chains: Chains, kept: Whole, smooth: float) -> None:
        self.size = len(kept) * KINDS
        self._smooth = smooth
        self._table = _table(chains.features, kept)
        self._turned = self._table.T.tocsr()
        self._starts = np.concatenate(([0], np.cumsum(chains.lengths)))[:-1]
        self._chain = Chain.of(self._starts, chains.lengths)
        self._gold = np.eye(KINDS, dtype=np.float32)[chains.kinds]
        inner = np.ones(len(chains.kinds), dtype=bool)
        inner[self._starts] = False
        at = np.flatnonzero(inner)
        self._moves = np.zeros((KINDS, KINDS), dtype=np.float32)
        np.add.at(self._moves, (chains.kinds[at - 1], chains.kinds[at]), 1)
        self._begin = self._gold[self._starts].sum(axis=0)
        self._calls = 0

    def parts(self, numbers: npt.NDArray[Any]) -> tuple[Floats, Floats, Floats]:
        """The weights of features, of moves and of beginnings that lie one after another in a row of numbers."""
        square = self.size + KINDS * KINDS
        return (
            numbers[: self.size].reshape(-1, KINDS).astype(np.float32),
            numbers[self.size : square].reshape(KINDS, KINDS).astype(np.float32),
            numbers[square:].astype(np.float32),
        )

    def __call__(self, numbers: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        """The cost and its slope."""
        weights, moves, begin = self.parts(numbers)
        scores = self._table @ weights
        total, likely, moved = expected(self._chain, scores, moves, begin)
        right = float(
            (scores * self._gold).sum(dtype=np.float64) + (moves * self._moves).sum() + begin @ self._begin
        )
        slope = np.concatenate(
            (
                (self._turned @ (likely - self._gold)).ravel(),
                (moved - self._moves).ravel(),
                likely[self._starts].sum(axis=0) - self._begin,
            )
        ).astype(np.float64)
        self._calls += 1
        if self._calls % 10 == 0:
            print(self._calls, round((total - right) / len(scores), 4), flush=True)
        penalty = 0.5 * self._smooth * float(numbers @ numbers)
        return total - right + penalty, slope + self._smooth * numbers


def _table(features: npt.NDArray[np.int32], kept: Whole) -> Any:
    """Which token has which of the kept features, as a sparse matrix."""
    from scipy.sparse import csr_matrix

    place = np.full(2**BITS, len(kept), dtype=np.int32)
    place[kept] = np.arange(len(kept))
    columns = place[features]
    used = columns < len(kept)
    ends = np.concatenate(([0], np.cumsum(used.sum(axis=1))))
    return csr_matrix(
        (np.ones(int(ends[-1]), dtype=np.float32), columns[used], ends), shape=(len(features), len(kept))
    )

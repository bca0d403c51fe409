"""Fits the weights of a linear-chain conditional random field; only the training programs need it (scipy)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warreader.index.quotations.kinds import KINDS
from warreader.index.quotations.mixing import BITS
from warreader.index.quotations.speech_model import Chain

AT_ONCE = 16
"""Sentences in a step of :func:`fit`."""
STEP, STEP_MOVES = 0.01, 0.02
"""How large its steps are at first, of features and of moves."""
LAST = 3
"""Rounds at its end of which the mean is taken."""

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


@dataclass(frozen=True, slots=True)
class Before:
    """What another chain holds for each kind of each token, and its weights of moves and of beginnings."""

    scores: Floats
    moves: Floats
    begin: Floats


def fit(
    chains: Chains,
    kept: Whole,
    before: Before | None = None,
    *,
    smooth: float,
    rounds: int,
    drop: float = 0.0,
) -> tuple[Floats, Floats, Floats]:
    """Weights of the kept features, of the moves and of beginnings.

    By steps of a few sentences each, as large as a weight's slopes have been small (Duchi, Hazan, Singer 2011,
    "Adaptive Subgradient Methods for Online Learning"); of the last rounds the mean.

    Args:
        chains: the sentences and their gold.
        kept: numbers of the features that have weights.
        before: another chain beside whose scores these are weighed.
        smooth: weight of the penalty on squared weights.
        rounds: how often all sentences are gone through.
        drop: share of a token's features left out by chance each time, so that the others learn to do without.
    """
    steps = _Steps(chains, kept, before, smooth, drop)
    draw = np.random.default_rng(1)
    ends = []
    for number in range(rounds):
        order = draw.permutation(len(chains.lengths))
        pace = 1 - 0.9 * number / rounds
        cost = sum(
            steps.take(order[at : at + AT_ONCE], pace) for at in range(0, len(chains.lengths), AT_ONCE)
        )
        print(number + 1, round(cost / len(chains.kinds), 4), flush=True)
        if number >= rounds - LAST:
            ends.append((steps.weights.copy(), steps.moves.copy(), steps.begin.copy()))
    weights, moves, begin = zip(*ends, strict=True)
    many = np.float32(len(ends))
    return sum(weights) / many, sum(moves) / many, sum(begin) / many


class _Steps:
    """Weights that are bettered step by step; what is squared and summed of their slopes stands beside them."""

    def __init__(
        self, chains: Chains, kept: Whole, before: Before | None, smooth: float, drop: float
    ) -> None:
        self._table = _table(chains.features, kept)
        self._kinds, self._lengths = chains.kinds, chains.lengths
        self._before = before.scores if before else None
        self._drop, self._draw = drop, np.random.default_rng(2)
        self._starts = np.concatenate(([0], np.cumsum(chains.lengths)))[:-1]
        counts = np.bincount(self._table.indices, minlength=len(kept)).astype(np.float32)
        # A weight is drawn back each time that it is used, altogether as much as if all were done at once.
        self._back = (smooth / np.maximum(counts, 1))[:, None]
        self.weights = np.zeros((len(kept), KINDS), dtype=np.float32)
        self.moves = before.moves.copy() if before else np.zeros((KINDS, KINDS), dtype=np.float32)
        self.begin = before.begin.copy() if before else np.zeros(KINDS, dtype=np.float32)
        self._slopes = np.ones((len(kept), 1), dtype=np.float32)
        self._moved, self._begun = np.ones_like(self.moves), np.ones_like(self.begin)

    def take(self, sentences: Whole, pace: float) -> float:
        """A step by some sentences; what they cost before it."""
        lengths = self._lengths[sentences]
        starts = np.concatenate(([0], np.cumsum(lengths)))[:-1]
        rows = np.repeat(self._starts[sentences] - starts, lengths) + np.arange(lengths.sum())
        kinds, gold = self._kinds[rows], np.eye(KINDS, dtype=np.float32)[self._kinds[rows]]
        some = self._table[rows]
        used, some.indices, times = np.unique(some.indices, return_inverse=True, return_counts=True)
        some.resize((len(rows), len(used)))
        if self._drop:
            some.data *= (self._draw.random(len(some.data)) >= self._drop) / np.float32(1 - self._drop)
        own = self.weights[used]
        scores = some @ own
        if self._before is not None:
            scores += self._before[rows]
        total, likely, moved = expected(Chain.of(starts, lengths), scores, self.moves, self.begin)
        inner = np.ones(len(rows), dtype=bool)
        inner[starts] = False
        at = np.flatnonzero(inner)
        right = float(
            (scores * gold).sum()
            + self.moves[kinds[at - 1], kinds[at]].sum()
            + self.begin[kinds[starts]].sum()
        )
        np.add.at(moved, (kinds[at - 1], kinds[at]), -1)
        begun = (likely - gold)[starts].sum(axis=0)
        slope = some.T @ (likely - gold) + own * times[:, None].astype(np.float32) * self._back[used]
        self._slopes[used] += (slope * slope).mean(axis=1, keepdims=True)
        self.weights[used] = own - pace * STEP * slope / np.sqrt(self._slopes[used])
        self._moved += moved * moved
        self.moves -= pace * STEP_MOVES * moved / np.sqrt(self._moved)
        self._begun += begun * begun
        self.begin -= pace * STEP_MOVES * begun / np.sqrt(self._begun)
        return total - right


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

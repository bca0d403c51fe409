"""Fits the weights of a linear-chain conditional random field; only the training program needs it (scipy)."""

from __future__ import annotations

from dataclasses import dataclass

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
    from scipy.sparse import csr_matrix

    count = len(chains.features)
    place = np.full(2**BITS, len(kept), dtype=np.int32)
    place[kept] = np.arange(len(kept))
    columns = place[chains.features]
    used = columns < len(kept)
    ends = np.concatenate(([0], np.cumsum(used.sum(axis=1))))
    table = csr_matrix(
        (np.ones(int(ends[-1]), dtype=np.float32), columns[used], ends), shape=(count, len(kept))
    )
    turned = table.T.tocsr()
    starts = np.concatenate(([0], np.cumsum(chains.lengths)))[:-1]
    chain = Chain.of(starts, chains.lengths)
    gold = np.eye(KINDS, dtype=np.float32)[chains.kinds]
    inner = np.ones(count, dtype=bool)
    inner[starts] = False
    at = np.flatnonzero(inner)
    moves_gold = np.zeros((KINDS, KINDS), dtype=np.float32)
    np.add.at(moves_gold, (chains.kinds[at - 1], chains.kinds[at]), 1)
    begin_gold = gold[starts].sum(axis=0)
    size, square = len(kept) * KINDS, KINDS * KINDS
    calls = 0

    def cost(numbers: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        nonlocal calls
        weights = numbers[:size].reshape(-1, KINDS).astype(np.float32)
        moves = numbers[size : size + square].reshape(KINDS, KINDS).astype(np.float32)
        begin = numbers[size + square :].astype(np.float32)
        scores = table @ weights
        total, likely, moved = expected(chain, scores, moves, begin)
        right = float((scores * gold).sum(dtype=np.float64) + (moves * moves_gold).sum() + begin @ begin_gold)
        slope = np.concatenate(
            (
                (turned @ (likely - gold)).ravel(),
                (moved - moves_gold).ravel(),
                likely[starts].sum(axis=0) - begin_gold,
            )
        ).astype(np.float64)
        calls += 1
        if calls % 10 == 0:
            print(calls, round((total - right) / count, 4), flush=True)
        return total - right + 0.5 * smooth * float(numbers @ numbers), slope + smooth * numbers

    found = minimize(
        cost,
        np.zeros(size + square + KINDS),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": rounds, "maxcor": 6},
    ).x.astype(np.float32)
    return (
        found[:size].reshape(-1, KINDS),
        found[size : size + square].reshape(KINDS, KINDS),
        found[size + square :],
    )

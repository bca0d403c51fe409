"""A small recurrent network that tells what each token of a sentence is in reported speech.

A long short-term memory (Hochreiter, Schmidhuber 1997) reads each sentence from its beginning and another from its end
(Graves, Schmidhuber 2005, "Framewise phoneme classification with bidirectional LSTM"); :mod:`.speech_model` chooses
the best sequence of what both tell (Huang, Xu, Yu 2015, "Bidirectional LSTM-CRF Models for Sequence Tagging"). It was
made by :mod:`.train_speech`; here it only runs, on numpy alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from warreader.index.quotations.chain import Chain
from warreader.index.quotations.speech_features import WORD, Numbers

Floats = npt.NDArray[np.float32]

GRAIN = 512
"""Steps of a score in one: what is summed in another order, as in an article beside others, tells the same."""


class Net:
    """The network as it is used.

    Args:
        held: the arrays of a file: ``points`` (a row a word, whole numbers) and ``unit`` (what a 1 is in them);
            ``own`` (a row for each of the most frequent words, beside its point); ``table_N`` (a row for each answer
            in the column N); for each direction ``forth`` and ``back``: ``_in``, ``_again`` and ``_bias``, a column
            a gate, in the order in, forget, cell, out; ``out`` and ``out_bias``.
    """

    def __init__(self, held: Mapping[str, npt.NDArray[Any]]) -> None:
        self._points = held["points"]
        self._unit = np.float32(held["unit"])
        self._own = held["own"].astype(np.float32)
        self._tables = [
            (number, held[f"table_{number}"].astype(np.float32))
            for number in range(WORD + 1, WORD + 100)
            if f"table_{number}" in held
        ]
        self._ways = [_Way(held, name) for name in ("forth", "back")]
        self._out = held["out"].astype(np.float32)
        self._out_bias = held["out_bias"].astype(np.float32)

    def scores(self, columns: Numbers, chain: Chain) -> Floats:
        """How much speaks for each kind, a row a token.

        Args:
            columns: of :class:`.speech_features.Seen`, of the tokens in the chain.
            chain: the sentences.
        """
        order = np.concatenate(chain.steps)
        bounds = [0, *accumulate(map(len, chain.steps))]
        told = self._told(columns[:, order])
        steps = list(pairwise(bounds))
        forth, back = self._ways
        read = np.concatenate((forth.read(told, steps), back.read(told, steps[::-1])), axis=1)
        scores = np.empty((len(order), self._out.shape[1]), dtype=np.float32)
        scores[order] = np.round((read @ self._out + self._out_bias) * GRAIN) / GRAIN
        return scores

    def _told(self, columns: Numbers) -> Floats:
        """What the network is told of each token."""
        words = columns[WORD]
        points = self._points.take(words, axis=0) * self._unit
        own = self._own.take(np.where(words < len(self._own), words, 0), axis=0)
        return np.concatenate(
            (points, own, *(table.take(columns[number], axis=0) for number, table in self._tables)), axis=1
        )


class _Way:
    """One direction in which sentences are read."""

    def __init__(self, held: Mapping[str, npt.NDArray[Any]], name: str) -> None:
        into, again, bias = (held[f"{name}_{part}"].astype(np.float32) for part in ("in", "again", "bias"))
        self._size = size = again.shape[0]
        # The three gates that open by a sigmoid stand together: it is half a tangent of half as much, and a half.
        order = np.concatenate([np.arange(size) + size * gate for gate in (0, 1, 3, 2)])
        half = np.repeat(np.array([0.5, 0.5, 0.5, 1], dtype=np.float32), size)
        self._into, self._again, self._bias = (
            np.ascontiguousarray(part[..., order] * half) for part in (into, again, bias)
        )

    def read(self, told: Floats, steps: list[tuple[int, int]]) -> Floats:
        """What is remembered at each token.

        Args:
            told: a row a token, those of a step together, the longest sentences first.
            steps: where each begins and ends, in the order in which they are taken.
        """
        size, most = self._size, max(end - start for start, end in steps)
        held = np.empty((len(told), size), dtype=np.float32)
        memory = np.zeros((most, size), dtype=np.float32)
        before = np.zeros((most, size), dtype=np.float32)
        gates = told @ self._into
        gates += self._bias
        for start, end in steps:
            count = end - start
            now = gates[start:end]
            now += before[:count] @ self._again
            np.tanh(now, out=now)
            opened = now[:, : 3 * size]
            opened *= np.float32(0.5)
            opened += np.float32(0.5)
            cell = memory[:count]
            cell *= opened[:, size : 2 * size]
            cell += opened[:, :size] * now[:, 3 * size :]
            before[:count] = held[start:end] = np.tanh(cell) * opened[:, 2 * size :]
        return held

"""The network of the speech model, beside the plainest way to compute one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.quotations.chain import Chain
from warreader.index.quotations.kinds import KINDS
from warreader.index.quotations.speech_features import SIZES, WORD
from warreader.index.quotations.speech_net import GRAIN, Net

WORDS, POINT, OWN_WORDS, OWN, WIDTH, HIDDEN = 9, 3, 4, 2, 2, 5


def arrays(seed: int) -> dict[str, npt.NDArray[np.float32] | npt.NDArray[np.int8]]:
    """Weights of a small network by chance."""
    draw = np.random.default_rng(seed)

    def some(*shape: int) -> npt.NDArray[np.float32]:
        return draw.normal(size=shape).astype(np.float32)

    told = POINT + OWN + WIDTH * (len(SIZES) - 1)
    ways = {
        f"{way}_{part}": some(*shape)
        for way in ("forth", "back")
        for part, shape in (
            ("in", (told, 4 * HIDDEN)),
            ("again", (HIDDEN, 4 * HIDDEN)),
            ("bias", (4 * HIDDEN,)),
        )
    }
    tables = {f"table_{column}": some(size, WIDTH) for column, size in enumerate(SIZES) if column != WORD}
    points = draw.integers(-127, 128, (WORDS, POINT)).astype(np.int8)
    return {
        "points": points, "unit": np.array(0.01, dtype=np.float32), "own": some(OWN_WORDS, OWN),
        "out": some(2 * HIDDEN, KINDS), "out_bias": some(KINDS), **tables, **ways,
    }  # fmt: skip


def columns(draw: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
    """Answers by chance in each column."""
    return np.array([draw.integers(0, size or WORDS, count) for size in SIZES], dtype=np.int64)


def plainly(
    held: dict[str, npt.NDArray[np.float32]], answers: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """The scores of one sentence, a token after another."""
    told = []
    for token in answers.T:
        own = token[WORD] if token[WORD] < OWN_WORDS else 0
        parts = [held["points"][token[WORD]] * float(held["unit"]), held["own"][own]]
        parts += [held[f"table_{at}"][token[at]] for at in range(len(SIZES)) if at != WORD]
        told.append(np.concatenate(parts).astype(np.float64))
    read = []
    for way, step in (("forth", 1), ("back", -1)):
        into, again, bias = (held[f"{way}_{part}"].astype(np.float64) for part in ("in", "again", "bias"))
        out, cell, outs = np.zeros(HIDDEN), np.zeros(HIDDEN), []
        for token in told[::step]:
            opens, forgets, new, shows = np.split(token @ into + out @ again + bias, 4)
            cell = cell / (1 + np.exp(-forgets)) + np.tanh(new) / (1 + np.exp(-opens))
            out = np.tanh(cell) / (1 + np.exp(-shows))
            outs.append(out)
        read.append(np.array(outs[::step]))
    scores: npt.NDArray[np.float64] = np.concatenate(read, axis=1) @ held["out"].astype(np.float64)
    return scores + held["out_bias"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
def test_sentences_side_by_side_score_as_each_does_token_by_token(lengths: list[int], seed: int) -> None:
    held = arrays(seed)
    answers = columns(np.random.default_rng(seed), sum(lengths))
    starts = np.cumsum([0, *lengths])[:-1]
    scores = Net(held).scores(answers, Chain.of(starts, np.array(lengths)))
    for start, length in zip(starts.tolist(), lengths, strict=True):
        at = slice(start, start + length)
        assert np.abs(scores[at] - plainly(held, answers[:, at])).max() < 1 / GRAIN  # type: ignore[arg-type]


def test_a_sentence_scores_the_same_whatever_stands_beside_it() -> None:
    held, draw = arrays(3), np.random.default_rng(4)
    answers = columns(draw, 60)
    lengths = np.array([20, 15, 25])
    together = Net(held).scores(answers, Chain.of(np.array([0, 20, 35]), lengths))
    alone = Net(held).scores(answers[:, 20:35], Chain.of(np.array([0]), lengths[1:2]))
    assert np.array_equal(together[20:35], alone)

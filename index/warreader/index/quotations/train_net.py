"""Fits the network of :mod:`.speech_net`; only training needs it (torch)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from warreader.index.quotations.kinds import KINDS
from warreader.index.quotations.speech_features import CUE, SIZES, WORD
from warreader.index.quotations.train_speech import Sentences

if TYPE_CHECKING:
    from torch import Tensor, nn

HIDDEN = 100
"""Numbers that each direction remembers."""
OWN_WORDS, OWN = 3000, 32
"""How many of the most frequent words have numbers of their own beside their point, and how many."""
WIDTHS = (0, 8, 8, 8, 12, 6, 6, 8, 3)
"""Numbers told of an answer in each column."""
SPREAD = 3.0
"""By how much points are stretched: they have a length of one, spread over many numbers."""

ROUNDS, TOGETHER = 9, 32
"""How often all sentences are gone through, and sentences in a step."""
STEP, DECAY = 2e-3, 1e-2
DROP_TOLD, DROP, DROP_WORDS = 0.3, 0.5, 0.05
"""Share of numbers left out by chance of what is told and remembered, and of words, so that none tells all."""
SEED = 1


def quantised(points: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], np.float32]:
    """Points as whole numbers, a first one of zeros for unknown words, and what a 1 is in them."""
    unit = np.float32(np.abs(points).max() * SPREAD / 127)
    rows = np.round(points * SPREAD / unit).astype(np.int8)
    return np.concatenate((np.zeros_like(rows[:1]), rows)), unit


def _begun(points: npt.NDArray[np.int8], unit: np.float32) -> nn.ModuleDict:
    """A network that has learnt nothing yet."""
    import torch
    from torch import nn

    held = torch.tensor(points.astype(np.float32) * unit)
    pairs = zip(SIZES[1:], WIDTHS[1:], strict=True)
    return nn.ModuleDict(
        {
            "chain": nn.ParameterDict([("moves", torch.zeros(KINDS, KINDS)), ("begin", torch.zeros(KINDS))]),
            "points": nn.Embedding.from_pretrained(held, freeze=True),
            "own": nn.Embedding(OWN_WORDS + 1, OWN),
            "tables": nn.ModuleList(nn.Embedding(size, width) for size, width in pairs),
            "drop_told": nn.Dropout(DROP_TOLD),
            "drop": nn.Dropout(DROP),
            "read": nn.LSTM(
                points.shape[1] + OWN + sum(WIDTHS), HIDDEN, bidirectional=True, batch_first=True
            ),
            "out": nn.Linear(2 * HIDDEN, KINDS),
        }
    )


def _scores(net: nn.ModuleDict, columns: Tensor, lengths: Tensor) -> Tensor:
    """How much speaks for each kind of each token, with some of what is told left out."""
    import torch
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    answers = list(columns.unbind(-1))
    gone = torch.rand(answers[WORD].shape) < DROP_WORDS
    for column in (WORD, CUE):
        answers[column] = answers[column].masked_fill(gone, 0)
    words = answers[WORD]
    own = torch.where(words > OWN_WORDS, torch.zeros_like(words), words)
    tables = [table(answer) for table, answer in zip(net["tables"], answers[1:], strict=True)]
    told = net["drop_told"](torch.cat([net["points"](words), net["own"](own), *tables], -1))
    packed = pack_padded_sequence(told, lengths, batch_first=True, enforce_sorted=False)
    read, _ = pad_packed_sequence(net["read"](packed)[0], batch_first=True)
    scores: Tensor = net["out"](net["drop"](read))
    return scores


def _cost(net: nn.ModuleDict, scores: Tensor, kinds: Tensor, lengths: Tensor) -> Tensor:
    """How unlikely the gold is: of all sequences of kinds, negative logarithm."""
    import torch

    moves, begin = net["chain"]["moves"], net["chain"]["begin"]
    there = torch.arange(scores.shape[1])[None] < lengths[:, None]
    right = (scores.gather(2, kinds[..., None])[..., 0] * there).sum() + begin[kinds[:, 0]].sum()
    right = right + (moves[kinds[:, :-1], kinds[:, 1:]] * there[:, 1:]).sum()
    held = begin + scores[:, 0]
    for at in range(1, scores.shape[1]):
        on = torch.logsumexp(held[:, :, None] + moves, 1) + scores[:, at]
        held = torch.where(there[:, at, None], on, held)
    cost: Tensor = torch.logsumexp(held, 1).sum() - right
    return cost


def _steps(sentences: Sentences, draw: np.random.Generator) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """The sentences, some of a like length at a time."""
    import torch

    lengths = np.array([len(kinds) for _, kinds in sentences])
    order = np.argsort(lengths + draw.random(len(lengths)) * 4, kind="stable")
    parts = [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]
    for number in draw.permutation(len(parts)):
        part = parts[number]
        columns = np.zeros((len(part), lengths[part].max(), len(SIZES)), dtype=np.int64)
        kinds = np.zeros(columns.shape[:2], dtype=np.int64)
        for row, at in enumerate(part):
            columns[row, : lengths[at]], kinds[row, : lengths[at]] = sentences[at]
        yield torch.tensor(columns), torch.tensor(kinds), torch.tensor(lengths[part])


def made(sentences: Sentences, points: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[Any]]:
    """Fit the network to sentences; the arrays that :class:`.speech_net.Net` and the model read.

    By steps of some sentences each (Kingma, Ba 2015, "Adam"; Loshchilov, Hutter 2019, "Decoupled Weight Decay
    Regularization"), larger and then smaller ones (Smith, Topin 2018, "Super-Convergence").
    """
    import torch
    from torch.nn.utils import clip_grad_norm_

    torch.manual_seed(SEED)
    # The order in which a machine's processors add up would be another one each time.
    torch.set_num_threads(1)
    draw = np.random.default_rng(SEED)
    rows, unit = quantised(points)
    net = _begun(rows, unit)
    learnt = [weights for weights in net.parameters() if weights.requires_grad]
    steps = torch.optim.AdamW(learnt, lr=STEP, weight_decay=DECAY)
    count = ROUNDS * -(-len(sentences) // TOGETHER)
    pace = torch.optim.lr_scheduler.OneCycleLR(steps, STEP, total_steps=count, pct_start=0.15)
    for number in range(ROUNDS):
        total = 0.0
        for columns, kinds, lengths in _steps(sentences, draw):
            steps.zero_grad()
            cost = _cost(net, _scores(net, columns, lengths), kinds, lengths)
            (cost / len(lengths)).backward()
            clip_grad_norm_(net.parameters(), 5.0)
            steps.step()
            pace.step()
            total += cost.item()
        print(number + 1, round(total / sum(len(kinds) for _, kinds in sentences), 4), flush=True)
    return {"points": rows, "unit": np.array(unit), **_arrays(net)}


def _arrays(net: nn.ModuleDict) -> dict[str, npt.NDArray[Any]]:
    def small(weights: Tensor) -> npt.NDArray[np.float16]:
        numbers: npt.NDArray[np.float16] = weights.detach().numpy().astype(np.float16)
        return numbers

    found = {
        "own": small(net["own"].weight),
        "out": small(net["out"].weight.T),
        "out_bias": small(net["out"].bias),
        "moves": small(net["chain"]["moves"]),
        "begin": small(net["chain"]["begin"]),
    }
    for column, table in enumerate(net["tables"], start=1):
        found[f"table_{column}"] = small(table.weight)
    for way, end in (("forth", ""), ("back", "_reverse")):
        weights = {
            part: getattr(net["read"], f"{part}_l0{end}") for part in ("weight_ih", "weight_hh", "bias_ih")
        }
        found[f"{way}_in"] = small(weights["weight_ih"].T)
        found[f"{way}_again"] = small(weights["weight_hh"].T)
        found[f"{way}_bias"] = small(weights["bias_ih"] + getattr(net["read"], f"bias_hh_l0{end}"))
    return found

"""A model of reported speech: which words are content, which its cue and its source.

Made by :mod:`.train_speech`. Where the file of weights is missing the rules stand alone. A network
(:mod:`.speech_net`) tells how much speaks for each kind of each token of a sentence; the best sequence of kinds is
that of a conditional random field (Lafferty, McCallum, Pereira 2001), found for all sentences of an article at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from warreader.index.quotations.chain import Chain, Floats, Whole, best
from warreader.index.quotations.clauses import Clauses, Sentence
from warreader.index.quotations.indirect import Reported
from warreader.index.quotations.kinds import INSIDE, LEAD, LEADING, OPEN, OUTSIDE
from warreader.index.quotations.speech_features import Lexicon, see
from warreader.index.quotations.speech_net import Net

FILE = Path(__file__).with_name("speech_model.npz")

_WHICH = (-1, 2, 1, -1, 0, 0, 0, 0)
"""By kind, whether it is of a content, a cue or a source."""

READY = 2.0
"""Added to beginnings of contents, but where one goes on without a break (it would be cut in two): more is held for
one than is, for :mod:`.evidence` to choose from. Chosen on articles that the model was not made on.
"""

AT_ONCE = 6_000
"""Tokens from which on lines are looked at in a further go: memory stays within bounds."""

LONGEST = 600
"""Tokens of a sentence; what is longer is no sentence, and left to the rules."""

SOURCE_REACH = 30
"""Tokens from a cue to its source."""


@dataclass(frozen=True, slots=True)
class Told:
    """A content in one line, as token numbers: with its cue and source where there are any.

    ``sure`` is how much likelier the model holds it than no content at these words, in natural logarithms.
    """

    first: int
    last: int
    cue: tuple[int, int] | None
    source: tuple[int, int] | None
    sure: float


class SpeechModel:
    """Finds reported content by the weights of a file.

    Args:
        file: as written by the training program: ``words`` (one a line), ``cues`` (of each, how often it is part of a
            cue), ``moves`` and ``begin`` (how much speaks for a kind after another, and at a sentence's head), and
            what :class:`.speech_net.Net` reads.
    """

    def __init__(self, file: Path) -> None:
        with np.load(file, allow_pickle=False) as held:
            self._net = Net(held)
            moves, begin = (held[name].astype(np.float32) for name in ("moves", "begin"))
            words, cues = bytes(held["words"]).decode("utf-8").split("\n"), held["cues"].tolist()
        moves[np.ix_((OPEN, INSIDE, LEAD, LEADING), (OPEN, LEAD))] -= np.float32(READY)
        self._moves, self._begin = moves, begin
        # Single numbers are read quicker from lists.
        self._moving: tuple[list[list[float]], list[float]] = (moves.tolist(), begin.tolist())
        self.lexicon = Lexicon(words, cues)

    def tell(self, lines: Sequence[Clauses], ruled: Sequence[Sequence[Reported]]) -> list[list[Told]]:
        """The contents of each line; ``ruled`` is what the rules found there, which the model weighs."""
        found: list[list[Told]] = [[] for _ in lines]
        held: list[int] = []
        count = 0
        for at, part in enumerate(lines):
            if any(sentence.last - sentence.first <= LONGEST for sentence in part.sentences):
                held.append(at)
                count += len(part.tokens)
            if held and (count >= AT_ONCE or at + 1 == len(lines)):
                told = self._tell([lines[number] for number in held], [ruled[number] for number in held])
                for number, one in zip(held, told, strict=True):
                    found[number] = one
                held, count = [], 0
        return found

    def _tell(self, lines: Sequence[Clauses], ruled: Sequence[Sequence[Reported]]) -> list[list[Told]]:
        found: list[list[Told]] = [[] for _ in lines]
        columns, wanted = see(self.lexicon, lines, ruled, LONGEST)
        if not len(wanted):
            return found
        sentences, chain = _sentences(lines, wanted, columns.shape[1])
        scores = self._net.scores(columns[:, wanted], chain)
        scores[:, (OPEN, LEAD)] += np.float32(READY)
        kinds = best(chain, scores, self._moves, self._begin)
        gains = self._gains(kinds, scores)
        for at, number, sentence in sentences:
            row = kinds[at : at + sentence.last - sentence.first].tolist()
            if max(row) >= OPEN:
                found[number] += self._contents(row, gains, at, sentence.first)
        return found

    def _gains(self, kinds: Whole, scores: Floats) -> tuple[list[float], list[float]]:
        """Summed up to each token, how much likelier its kind is than to be outside, and the same of its move."""
        rows = np.arange(len(kinds))
        own = scores[rows, kinds].astype(np.float64) - scores[:, OUTSIDE]
        moves = self._moves.astype(np.float64)
        moved = moves[kinds[:-1], kinds[1:]] - moves[OUTSIDE, OUTSIDE]
        return np.concatenate(([0.0], own)).cumsum().tolist(), np.concatenate(
            ([0.0], moved)
        ).cumsum().tolist()

    def _contents(
        self, kinds: list[int], gains: tuple[list[float], list[float]], at: int, base: int
    ) -> list[Told]:
        """The contents of a sentence, each with its cue and source; numbers count from the line's head.

        Args:
            kinds: of its tokens.
            gains: by :meth:`_gains`, of all sentences.
            at: where the sentence begins there.
            base: where it begins in its line.
        """
        contents, cues, sources = _runs(kinds)
        found = []
        for first, last in contents:
            cue = _cue(cues, (first, last), leading=kinds[first] >= LEAD)
            source = _source(sources, contents, cue) if cue else None
            found.append(
                Told(
                    first + base,
                    last + base,
                    (cue[0] + base, cue[1] + base) if cue else None,
                    (source[0] + base, source[1] + base) if source else None,
                    self._sure(kinds, gains, at, first, last),
                )
            )
        return found

    def _sure(
        self, kinds: list[int], gains: tuple[list[float], list[float]], at: int, first: int, last: int
    ) -> float:
        own, moved = gains
        moves, begin = self._moving
        total = own[at + last] - own[at + first] + moved[at + last - 1] - moved[at + first]
        if first == 0:
            total += begin[kinds[0]] - begin[OUTSIDE]
        else:
            total += moves[kinds[first - 1]][kinds[first]] - moves[kinds[first - 1]][OUTSIDE]
        if last < len(kinds):
            total += moves[kinds[last - 1]][kinds[last]] - moves[OUTSIDE][kinds[last]]
        return total


def _sentences(
    lines: Sequence[Clauses], wanted: Whole, count: int
) -> tuple[list[tuple[int, int, Sentence]], Chain]:
    """The sentences looked at: where each begins among the tokens wanted, in which line; and all as a chain."""
    place = np.full(count, -1)
    place[wanted] = np.arange(len(wanted))
    found = []
    offset = 0
    for number, part in enumerate(lines):
        found += [(int(place[offset + one.first]), number, one) for one in part.sentences]
        offset += len(part.tokens)
    found = [one for one in found if one[0] >= 0]
    return found, Chain.of(
        np.array([at for at, _, _ in found]), np.array([one.last - one.first for _, _, one in found])
    )


_Runs = list[tuple[int, int]]


def _runs(kinds: list[int]) -> tuple[_Runs, _Runs, _Runs]:
    """The contents, cues and sources of a sentence, as stretches of kinds; ``OPEN`` and ``LEAD`` begin another."""
    found: tuple[_Runs, _Runs, _Runs] = ([], [], [])
    start, held, before = 0, -1, OUTSIDE
    for at, kind in enumerate([*kinds, OUTSIDE]):
        opens = kind in (OPEN, LEAD)
        if kind == before and not opens:
            continue
        before = kind
        now = _WHICH[kind]
        if now == held and not opens:
            continue
        if held >= 0:
            found[held].append((start, at))
        start, held = at, now
    return found


def _cue(cues: list[tuple[int, int]], content: tuple[int, int], *, leading: bool) -> tuple[int, int] | None:
    """The nearest cue on the side where it must stand, else on the other."""
    before = [cue for cue in cues if cue[1] <= content[0]][-1:]
    after = [cue for cue in cues if cue[0] >= content[1]][:1]
    first, second = (after, before) if leading else (before, after)
    return next(iter(first + second), None)


def _source(
    sources: list[tuple[int, int]], contents: list[tuple[int, int]], cue: tuple[int, int]
) -> tuple[int, int] | None:
    """The nearest source with no content between, the one before the cue first."""
    ranked = []
    for source in sources:
        gap = cue[0] - source[1] if source[1] <= cue[0] else source[0] - cue[1]
        low, high = min(source[1], cue[1]), max(source[0], cue[0])
        crossed = any(low <= content[0] < high for content in contents)
        if gap <= SOURCE_REACH and not crossed:
            ranked.append((gap + (2 if source[0] > cue[0] else 0), source))
    return min(ranked)[1] if ranked else None


@lru_cache(maxsize=1)
def shipped() -> SpeechModel | None:
    """The model that comes with the program, loaded when first asked for."""
    return SpeechModel(FILE) if FILE.is_file() else None

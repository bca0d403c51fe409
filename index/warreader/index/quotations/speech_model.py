"""A linear-chain model of reported speech: which words are content, which its cue and its source.

Made by :mod:`.train_speech` and :mod:`.train_second`. Where the file of weights is missing the rules stand
alone. The chain is a conditional random field (Lafferty, McCallum, Pereira 2001) over a sentence's tokens;
the best sequence is found by Viterbi for all sentences of an article at once. A second chain looks once more, at what
the first one made of them (:mod:`.second_look`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warreader.index.quotations.clauses import Clauses, Sentence
from warreader.index.quotations.indirect import Reported
from warreader.index.quotations.kinds import INSIDE, KINDS, LEAD, LEADING, OPEN, OUTSIDE
from warreader.index.quotations.mixing import BITS
from warreader.index.quotations.second_look import finite_words, look_again
from warreader.index.quotations.speech_features import Lexicon, Seen, asked, see

FILE = Path(__file__).with_name("speech_model.npz")

_WHICH = (-1, 2, 1, -1, 0, 0, 0, 0)
"""By kind, whether it is of a content, a cue or a source."""

READY = 2.0
"""Added to beginnings of contents, but where one goes on without a break (it would be cut in two): more is held for
one than is, for :mod:`.evidence` to choose from. Chosen on articles that the model was not made on.
"""

AT_ONCE = 20_000
"""Tokens from which on lines are looked at in a further go: memory stays within bounds."""

LONGEST = 600
"""Tokens of a sentence; what is longer is no sentence, and left to the rules."""

SOURCE_REACH = 30
"""Tokens from a cue to its source."""

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]


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


class Look:
    """The weights of one look at an article, as they are used.

    Args:
        held: the arrays of a file: ``places`` (sorted feature numbers), ``weights`` (a row a place), ``units``
            (what a 1 is in each row), ``moves`` and ``begin``, each with ``prefix`` before its name.
        prefix: names the look.
    """

    def __init__(self, held: Mapping[str, npt.NDArray[Any]], prefix: str = "") -> None:
        places, weights, units, moves, begin = (
            held[prefix + name] for name in ("places", "weights", "units", "moves", "begin")
        )
        self._place = np.full(2**BITS, len(places), dtype=np.int32)
        self._place[np.cumsum(places, dtype=np.int64)] = np.arange(len(places))
        rows = weights.astype(np.float32) * units.astype(np.float32)[:, None]
        self._weights = np.concatenate((rows, np.zeros((1, KINDS), dtype=np.float32)))
        self.moves = moves.astype(np.float32)
        self.moves[np.ix_((OPEN, INSIDE, LEAD, LEADING), (OPEN, LEAD))] -= np.float32(READY)
        self.begin = begin.astype(np.float32)

    def add(self, features: npt.NDArray[np.int32], scores: Floats) -> None:
        """Add what the features tell to the scores of the tokens, a row a token."""
        held = np.empty_like(scores)
        # Taking costs two thirds of indexing.
        for row in self._place.take(features):
            # Row by row, with a place of its own: all at once costs three times as much.
            self._weights.take(row, axis=0, out=held, mode="clip")
            scores += held


class SpeechModel:
    """Finds reported content by the weights of a file.

    Args:
        file: as written by the training programs: ``words`` (one a line), ``classes`` (fine, coarse, how often
            it reports, a row a word) and what :class:`Look` reads; and, with ``again_`` before its names, the same
            of a second look, with ``likely`` (what words are likely to do, a row a word) for it. Without these
            there is one look alone.
    """

    def __init__(self, file: Path) -> None:
        with np.load(file, allow_pickle=False) as held:
            words = bytes(held["words"]).decode("utf-8").split("\n")
            classes = held["classes"].astype(np.int64).tolist()
            self._first = Look(held)
            self._again = Look(held, "again_") if "again_places" in held else None
            likely = held["likely"] if self._again else None
        last = self._again or self._first
        self._moves = last.moves
        # Single numbers are read quicker from lists.
        self._moving: tuple[list[list[float]], list[float]] = (last.moves.tolist(), last.begin.tolist())
        self.lexicon = Lexicon(
            {word: (row[0], row[1], row[2]) for word, row in zip(words, classes, strict=True)}, likely
        )
        self._finite = finite_words(self.lexicon)

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
        seen, wanted = see(self.lexicon, lines, ruled, LONGEST)
        if not len(wanted):
            return found
        sentences, chain = _sentences(lines, wanted)
        scores, kinds = self._looked(seen, wanted, chain)
        if self._again is not None:
            kinds, scores = _everywhere(seen, wanted, kinds, scores)
            features = look_again(seen, self._finite, kinds, scores, wanted)
            scores = scores[wanted]
            scores[:, (OPEN, LEAD)] += np.float32(READY)
            self._again.add(features, scores)
            kinds = best(chain, scores, self._again.moves, self._again.begin)
        gains = self._gains(kinds, scores)
        for at, number, sentence in sentences:
            row = kinds[at : at + sentence.last - sentence.first].tolist()
            if max(row) >= OPEN:
                found[number] += self._contents(row, gains, at, sentence.first)
        return found

    def looked(self, lines: Sequence[Clauses], ruled: Sequence[Sequence[Reported]]) -> tuple[Whole, Floats]:
        """What the first look alone tells of each token: its kind, and how much is held for each kind."""
        seen, wanted = see(self.lexicon, lines, ruled, LONGEST)
        if not len(wanted):
            return np.zeros(len(seen.at), dtype=np.int64), np.zeros((len(seen.at), KINDS), dtype=np.float32)
        scores, kinds = self._looked(seen, wanted, _sentences(lines, wanted)[1])
        return _everywhere(seen, wanted, kinds, scores)

    def _looked(self, seen: Seen, wanted: Whole, chain: Chain) -> tuple[Floats, Whole]:
        scores = np.zeros((len(wanted), KINDS), dtype=np.float32)
        scores[:, (OPEN, LEAD)] = READY
        self._first.add(asked(seen, wanted), scores)
        return scores, best(chain, scores, self._first.moves, self._first.begin)

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


def _sentences(lines: Sequence[Clauses], wanted: Whole) -> tuple[list[tuple[int, int, Sentence]], Chain]:
    """The sentences looked at: where each begins among the tokens wanted, in which line; and all as a chain."""
    place = np.full(sum(len(part.tokens) for part in lines), -1)
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


def _everywhere(seen: Seen, wanted: Whole, kinds: Whole, scores: Floats) -> tuple[Whole, Floats]:
    """Kinds and scores of all tokens, from those of the tokens wanted; without what makes the model ready."""
    every = np.zeros(len(seen.at), dtype=np.int64)
    every[wanted] = kinds
    held = np.zeros((len(seen.at), KINDS), dtype=np.float32)
    held[wanted] = scores
    held[wanted[:, None], (OPEN, LEAD)] -= np.float32(READY)
    return every, held


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

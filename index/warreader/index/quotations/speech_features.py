"""What the speech model is told of each token of an article: a column of numbers for each question.

Which word it is, how it looks, which stop or joining word, how often the word reports, and what the rules hold for
the report and the content there. All of an article is looked at at once with numpy, so that a token costs
microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Style
from warreader.index.quotations.forms import FAIRLY_OFTEN, OFTEN_CUE
from warreader.index.quotations.indirect import Reported
from warreader.index.quotations.tokens import Token

Numbers = npt.NDArray[np.int64]

REMEMBERED = 50_000
"""Words remembered before all are forgotten: memory stays within bounds on any text."""

WORD, SHAPE, STOP, JOINING, ROLE, RULE, CUE, ENDING, QUOTED = range(9)
"""The columns.

Attributes:
    WORD: a word's number, 0 for an unknown one.
    SHAPE: marks, stop, digits, or how long a word is and whether it has a capital.
    STOP: which stop it is, 0 for none.
    JOINING: which word that opens a clause or joins two, 0 for none.
    ROLE: what it is in a report of the rules: its subject, its cue by style, 0 for none.
    RULE: where in a content of the rules it stands, 0 for nowhere.
    CUE: how often the word is part of a cue, 0-6.
    ENDING: a number for a word's last three letters, 0 for no word; different endings may share one.
    QUOTED: whether it is a stretch in marks.
"""

SIZES = (0, 13, 10, 14, 42, 6, 7, 1024, 2)
"""Numbers a column has; as many as the lexicon has words and one more in ``WORD``."""

_STYLES = {style: number for number, style in enumerate(Style)}
_STYLES[Style.AGENT] = _STYLES[Style.PASSIVE]  # To the model they are one.

_JOINING = {
    word: number
    for number, word in enumerate(
        [
            "that",
            "to",
            "if",
            "whether",
            "who",
            "which",
            "because",
            "while",
            "when",
            "and",
            "but",
            "as",
            "how",
        ],
        start=1,
    )
}
_STOPS = {",": 1, ".": 2, ";": 3, ":": 4, "?": 5, "!": 5, "—": 6, "–": 6, "-": 6, "(": 7, ")": 8}
_IN_MARKS = 9


def _number(text: str) -> int:
    """A number for a few letters, the same in every run."""
    value = 7
    for character in text:
        value = (value * 1000003 + ord(character)) & 0xFFFFFFF
    return value


class Lexicon:
    """What is known of words: their number, and how often they report.

    Args:
        words: those known, numbered from 1 on.
        cues: of each, how often it is part of a cue, 0-6.
    """

    def __init__(self, words: Sequence[str], cues: Sequence[int]) -> None:
        self._words = {word: at for at, word in enumerate(words, start=1)}
        self._cues = [0, *cues]
        self._seen: dict[tuple[str, bool], int] = {}
        self._rows = np.zeros((1024, len(SIZES)), dtype=np.int64)

    def reports(self, word: str) -> int:
        """How often a word reports, 0-6; 0 for an unknown one."""
        return self._cues[self._words.get(word, 0)]

    def number(self, word: str) -> int:
        """The number that stands for a word; 0 for an unknown one."""
        return self._words.get(word, 0)

    def columns(self, lines: Sequence[Clauses]) -> Numbers:
        """A row for each column, over all tokens of the lines; what only the rules tell is 0."""
        if len(self._seen) > REMEMBERED:
            self._seen.clear()
        seen = self._seen
        tokens = [token for part in lines for token in part.tokens]
        keys = [token[2::3] for token in tokens]  # low and capital
        if not all(map(seen.__contains__, keys)):
            for key, token in zip(keys, tokens, strict=True):
                if key not in seen:
                    seen[key] = self._remember(self._look(token))
        return np.ascontiguousarray(self._rows[list(map(seen.__getitem__, keys))].T)

    def _remember(self, row: tuple[int, ...]) -> int:
        at = len(self._seen)
        if at >= len(self._rows):
            self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)))
        self._rows[at] = row
        return at

    def _look(self, token: Token) -> tuple[int, ...]:
        low = token.low
        if token.quoted:
            return (0, 1, _IN_MARKS, 0, 0, 0, 0, 0, 1)
        ending = _number(low[-3:]) % (SIZES[ENDING] - 1) + 1 if token.word else 0
        if not token.word:
            shape = 2
        elif low.isdigit():
            shape = 3
        elif any(character.isdigit() for character in low):
            shape = 4
        else:
            shape = (5 if token.capital else 6) + 2 * min(3, len(low) // 3)
        number = self._words.get(low, 0)
        stop, joining = _STOPS.get(low, 0), _JOINING.get(low, 0)
        return (number, shape, stop, joining, 0, 0, self._cues[number], ending, 0)


class Seen(NamedTuple):
    """An article's tokens as the model sees them.

    Attributes:
        columns: a row for each column, over all tokens.
        wanted: numbers of the tokens that are looked at.
    """

    columns: Numbers
    wanted: Numbers


def see(
    lexicon: Lexicon,
    lines: Sequence[Clauses],
    ruled: Sequence[Sequence[Reported]],
    longest: int | None = None,
) -> Seen:
    """What is known of an article's tokens, and which of them are looked at.

    Args:
        lexicon: of the model.
        lines: the article's lines.
        ruled: what the rules found in each line.
        longest: where given, only sentences of up to so many tokens are looked at in which something may report,
            by :func:`.forms.can_report`, or stands in marks: what would be found in others is dropped.
    """
    columns = lexicon.columns(lines)
    first, last = _places(columns, lines, ruled)
    if longest is None:
        return Seen(columns, np.arange(len(first)))
    cue = columns[CUE]
    opens = np.isin(columns[WORD], [lexicon.number(opening) for opening in v.OPENING])
    telling = _held(opens, first, last) & _held(cue >= OFTEN_CUE, first, last)
    telling |= _held((cue >= FAIRLY_OFTEN) | (columns[ROLE] >= 2) | (columns[QUOTED] > 0), first, last)
    return Seen(columns, np.flatnonzero(telling & (last - first <= longest)))


def _held(flags: npt.NDArray[np.bool_], first: Numbers, last: Numbers) -> npt.NDArray[np.bool_]:
    """Whether each token's sentence holds a flagged one."""
    counted = np.concatenate(([0], np.cumsum(flags)))
    return np.asarray(counted[last] > counted[first])


def _places(
    columns: Numbers, lines: Sequence[Clauses], ruled: Sequence[Sequence[Reported]]
) -> tuple[Numbers, Numbers]:
    """For each token the bounds of its sentence; its part in a report and in a rule's content become columns."""
    first, last = np.zeros((2, columns.shape[1]), dtype=np.int64)
    role, rule = columns[ROLE], columns[RULE]
    offset = 0
    for part, found in zip(lines, ruled, strict=True):
        for sentence in part.sentences:
            first[offset + sentence.first : offset + sentence.last] = offset + sentence.first
            last[offset + sentence.first : offset + sentence.last] = offset + sentence.last
            for report in sentence.reports:
                if report.subject is not None:
                    role[offset + report.subject[0] : offset + report.subject[1]] = 1
                number = 2 + 2 * _STYLES[report.style] + report.strong + 20 * report.negated
                role[offset + report.cue[0] : offset + report.cue[1]] = number
        for one in found:
            before = one.first < one.report.cue[0]
            rule[offset + one.first : offset + one.last] = 2 + before
            rule[offset + one.first] = 4 + before
        offset += len(part.tokens)
    return first, last

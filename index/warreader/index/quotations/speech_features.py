"""What the speech model looks at: each token of an article as a row of feature numbers.

A feature is a kind of question (which word, which class of word two to the left, how far back the last word
that may report, ...) and its answer, mixed into a place of a table; two features that fall on one place share
a weight, which costs little (feature hashing: Weinberger et al. 2009, "Feature Hashing for Large Scale
Multitask Learning"). All of an article is looked at at once with numpy, so that a token costs microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Style
from warreader.index.quotations.forms import FAIRLY_OFTEN, OFTEN_CUE
from warreader.index.quotations.indirect import Reported
from warreader.index.quotations.tokens import Token

Numbers = npt.NDArray[np.int64]

BITS = 21
"""The table of weights has ``2 ** BITS`` places."""

REMEMBERED = 50_000
"""Words remembered before all are forgotten: memory stays within bounds on any text."""

BLOCK = 8192
"""Tokens mixed at a time: memory stays within bounds on any text."""

FAR = 40
"""Tokens beyond which a distance is simply far."""

_DISTANCES = np.array(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 11, 11, 11, 11] + [12] * (FAR - 23),
    dtype=np.int64,
)
_STYLES = {style: number for number, style in enumerate(Style)}
_SUBORDINATORS = (
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
)
_SUBORDINATOR = {word: number + 1 for number, word in enumerate(_SUBORDINATORS)}
_STOPS = {",": 1, ".": 2, ";": 3, ":": 4, "?": 5, "!": 5, "—": 6, "–": 6, "-": 6, "(": 7, ")": 8}
_ALL = (1 << 64) - 1
_SALT = 0xBF58476D1CE4E5B9
_HASH = np.uint64(0x9E3779B97F4A7C15)
_FACTORS = tuple(
    np.uint64(number)
    for number in (0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3)
)


def _number(text: str) -> int:
    """A number for a few letters, the same in every run."""
    value = 7
    for character in text:
        value = (value * 1000003 + ord(character)) & 0xFFFFFFF
    return value


class Lexicon:
    """What is known of words: number, fine and coarse class, how often it reports (0-6), ending, shape, ...

    Args:
        table: word -> fine class, coarse class, how often it reports; numbered in their order.
    """

    def __init__(self, table: Mapping[str, tuple[int, int, int]]) -> None:
        self._words = {word: (600 + number, *row) for number, (word, row) in enumerate(table.items())}
        self._seen: dict[tuple[str, bool], int] = {}
        self._rows = np.zeros((1024, 8), dtype=np.int64)

    def reports(self, word: str) -> int:
        """How often a word reports, 0-6; 0 for an unknown one."""
        entry = self._words.get(word)
        return entry[3] if entry else 0

    def number(self, word: str) -> int:
        """The number that stands for a word in the first column."""
        return self._look(Token(0, 0, word, True, False, False))[0]

    def columns(self, lines: Sequence[Clauses]) -> Sequence[Numbers]:
        """A column for each thing known, over all tokens of the lines."""
        if len(self._seen) > REMEMBERED:
            self._seen.clear()
        seen = self._seen
        found: list[int] = []
        add = found.append
        for part in lines:
            for token in part.tokens:
                key = token[2::3]  # low and capital
                at = seen.get(key)
                if at is None:
                    at = seen[key] = self._remember(self._look(token))
                add(at)
        return [np.ascontiguousarray(column) for column in self._rows[found].T]

    def _remember(self, row: tuple[int, ...]) -> int:
        at = len(self._seen)
        if at >= len(self._rows):
            self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)))
        self._rows[at] = row
        return at

    def _look(self, token: Token) -> tuple[int, ...]:
        low = token.low
        if token.quoted:
            return (1, 1, 1, 0, 1, 1, 0, 9)
        ending = _number(low[-3:]) % 5000 + 2 if token.word else 0
        if not token.word:
            shape = 2
        elif low.isdigit():
            shape = 3
        elif any(character.isdigit() for character in low):
            shape = 4
        else:
            shape = (5 if token.capital else 6) + 2 * min(3, len(low) // 3)
        entry = self._words.get(low) or (2 + _number(low[-4:]) % 500, 2 + shape, 2 + shape, 0)
        return (*entry, ending, shape, _SUBORDINATOR.get(low, 0), _STOPS.get(low, 0))


def _shifted(values: Numbers, by: int, line: Numbers) -> Numbers:
    """``values`` of the token ``by`` further on; 0 beyond the line."""
    moved = np.zeros_like(values)
    if by > 0:
        moved[:-by] = values[by:] * (line[by:] == line[:-by])
    elif by < 0:
        moved[-by:] = values[:by] * (line[:by] == line[-by:])
    else:
        moved[:] = values
    return moved


def _last(flags: npt.NDArray[np.bool_], first: Numbers) -> Numbers:
    """Index of the last flagged token before each, in its sentence; -1 for none."""
    at = np.arange(len(flags))
    held = np.maximum.accumulate(np.where(flags, at, -1))
    before = np.concatenate(([-1], held[:-1]))
    return np.where(before >= first, before, -1)


def _next(flags: npt.NDArray[np.bool_], last: Numbers) -> Numbers:
    """Index of the next flagged token after each, in its sentence; -1 for none."""
    count = len(flags)
    at = np.arange(count)
    held = np.minimum.accumulate(np.where(flags, at, count)[::-1])[::-1]
    after = np.concatenate((held[1:], [count]))
    return np.where(after < last, after, -1)


def _held(flags: npt.NDArray[np.bool_], first: Numbers, last: Numbers) -> npt.NDArray[np.bool_]:
    """Whether each token's sentence holds a flagged one."""
    counted = np.concatenate(([0], np.cumsum(flags)))
    return np.asarray(counted[last] > counted[first])


def _distance(one: Numbers, other: Numbers) -> Numbers:
    return np.where(other < 0, 13, _DISTANCES[np.minimum(np.abs(one - other), FAR)])


def _at(values: Numbers, index: Numbers) -> Numbers:
    return np.where(index < 0, 0, values[index])


class _Mixer:
    """Collects columns, then mixes all at once: a few operations on large arrays, not thousands on small ones.

    Each value is scrambled; a column adds up what it asks, each times its own odd number.
    """

    def __init__(self) -> None:
        self._columns: list[tuple[int, ...]] = []
        # Number 0 stands for nothing asked. The values are kept, so that their id is nobody else's.
        self._numbers: dict[int, int] = {}
        self._asked: list[Numbers] = []

    def add(self, *parts: Numbers) -> None:
        found = []
        for part in parts:
            number = self._numbers.get(id(part))
            if number is None:
                self._asked.append(part)
                number = self._numbers[id(part)] = len(self._asked)
            found.append(number)
        self._columns.append(tuple(found))

    def table(self, tokens: Numbers) -> npt.NDArray[np.int32]:
        """A row a column, a column a token of those wanted."""
        table = np.empty((len(self._columns), len(tokens)), dtype=np.int32)
        for start in range(0, len(tokens), BLOCK):
            table[:, start : start + BLOCK] = self._mixed(tokens[start : start + BLOCK])
        return table

    def _mixed(self, block: Numbers) -> npt.NDArray[np.int32]:
        asked = np.stack([values[block] for values in self._asked]).astype(np.uint64)
        scrambled = np.zeros((len(asked) + 1, asked.shape[1]), dtype=np.uint64)
        values = scrambled[1:]
        np.add(asked, np.uint64(0x51ED27), out=values)
        values *= _HASH
        values ^= values >> np.uint64(29)
        values *= _HASH
        salts = [number * _SALT & _ALL for number in range(1, len(self._columns) + 1)]
        mixed = scrambled[[column[0] for column in self._columns]] + np.array(salts, dtype=np.uint64)[:, None]
        for at, factor in enumerate(_FACTORS, 1):
            rows = [number for number, column in enumerate(self._columns) if len(column) > at]
            mixed[rows] += scrambled[[self._columns[row][at] for row in rows]] * factor
        # The highest bits of a sum hang on all bits below, once more multiplied.
        mixed *= _HASH
        mixed >>= np.uint64(64 - BITS)
        return mixed.astype(np.int32)


def look(
    lexicon: Lexicon,
    lines: Sequence[Clauses],
    ruled: Sequence[Sequence[Reported]],
    longest: int | None = None,
) -> tuple[npt.NDArray[np.int32], Numbers]:
    """The features of an article's tokens, a row a question, and which tokens these are.

    Args:
        lexicon: of the model.
        lines: the article's lines.
        ruled: what the rules found in each line.
        longest: where given, only sentences of up to so many tokens are looked at in which something may report,
            by :func:`.forms.can_report`, or stands in marks: what would be found in others is dropped.
    """
    word, fine, coarse, cue, ending, shape, subordinator, stop = lexicon.columns(lines)
    count = len(word)
    lengths = [len(part.tokens) for part in lines]
    starts = np.concatenate(([0], np.cumsum(lengths)))[:-1].astype(np.int64)
    line = np.repeat(np.arange(len(lines)), lengths)
    first = np.zeros(count, dtype=np.int64)
    last = np.zeros(count, dtype=np.int64)
    role = np.zeros(count, dtype=np.int64)
    rule = np.zeros(count, dtype=np.int64)
    for offset, part, found in zip(starts.tolist(), lines, ruled, strict=True):
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
    wanted = np.arange(count)
    if longest is not None:
        opens = np.isin(word, [lexicon.number(opening) for opening in v.OPENING])
        telling = _held(opens, first, last) & _held(cue >= OFTEN_CUE, first, last)
        telling |= _held((cue >= FAIRLY_OFTEN) | (role >= 2) | (stop == 9), first, last)
        wanted = np.flatnonzero(telling & (last - first <= longest))
    mixer = _Mixer()
    _words(mixer, line, word, fine, coarse, ending, shape)
    _context(mixer, line, first, last, word, fine, coarse, cue, subordinator, stop, role, rule)
    return mixer.table(wanted), wanted


def _words(
    mixer: _Mixer,
    line: Numbers,
    word: Numbers,
    fine: Numbers,
    coarse: Numbers,
    ending: Numbers,
    shape: Numbers,
) -> None:
    """The words around, one, two and three at a time."""
    w = {by: _shifted(word, by, line) for by in range(-3, 4)}
    f = {by: _shifted(fine, by, line) for by in range(-3, 4)}
    c = {by: _shifted(coarse, by, line) for by in range(-3, 4)}
    s = {by: _shifted(shape, by, line) for by in range(-1, 2)}
    for by in w:
        mixer.add(w[by])
        mixer.add(f[by])
    for one, other in ((-2, -1), (-1, 0), (0, 1), (1, 2), (-1, 1)):
        mixer.add(w[one], w[other])
        mixer.add(f[one], f[other])
    for one in (-2, -1, 0):
        mixer.add(f[one], f[one + 1], f[one + 2])
        mixer.add(w[one], c[one + 1], c[one + 2])
    mixer.add(c[-2], c[-1], c[0], c[1], c[2])
    mixer.add(c[-3], c[-2], c[-1], c[0])
    mixer.add(c[0], c[1], c[2], c[3])
    mixer.add(ending)
    mixer.add(_shifted(ending, 1, line))
    mixer.add(_shifted(ending, -1, line))
    mixer.add(s[-1], s[0], s[1])


def _context(
    mixer: _Mixer,
    line: Numbers,
    first: Numbers,
    last: Numbers,
    word: Numbers,
    fine: Numbers,
    coarse: Numbers,
    cue: Numbers,
    subordinator: Numbers,
    stop: Numbers,
    role: Numbers,
    rule: Numbers,
) -> None:
    """The words that may report before and after, what stands between, and what the rules say."""
    at = np.arange(len(word))
    reports = (cue >= 2) | (role >= 2)
    before, after = _last(reports, first), _next(reports, last)
    following = np.where((before >= 0) & (before + 1 < last), before + 1, -1)
    near = _distance(at, before)
    commas = np.cumsum(stop == 1)
    joins = np.cumsum((subordinator == 10) | (subordinator == 11))
    thats = np.cumsum(subordinator == 1)
    tos = np.cumsum(subordinator == 2)

    def since(counted: Numbers, start: Numbers) -> Numbers:
        return np.where(start < 0, 3, np.minimum(2, counted - counted[start]))

    cues, classes = _at(word, before), _at(fine, before)
    since_commas, since_that, since_to = since(commas, before), since(thats, before), since(tos, before)
    since_joins = since(joins, before)
    mixer.add(cues, near)
    mixer.add(cues, word)
    mixer.add(cues, fine)
    mixer.add(classes, near, coarse)
    mixer.add(cues, _at(word, following), near)
    mixer.add(classes, _at(coarse, following), near)
    mixer.add(cues, since_that, since_to)
    mixer.add(classes, since_that, since_to, since_commas)
    mixer.add(cues, since_commas, since_joins)
    mixer.add(since_commas, since_joins, since_that, word)
    mixer.add(_at(role, before), near, since_that)
    mixer.add(_at(role, before), since_commas, _at(coarse, following))
    ahead = _distance(at, after)
    between = np.where(after < 0, 3, np.minimum(2, commas[after] - commas[at]))
    mixer.add(_at(word, after), ahead)
    mixer.add(_at(fine, after), between)
    mixer.add(_at(role, after), between, ahead)
    mixer.add(_at(role, after), _at(role, before), between, since_commas)
    mixer.add(
        _at(word, after), _at(stop, np.where(after >= 0, np.minimum(after + 1, len(word) - 1), -1)), between
    )
    opening, closing = _last(stop > 0, first), _next(stop > 0, last)
    mixer.add(_at(stop, opening), _distance(at, opening), _at(stop, closing), _distance(at, closing))
    mixer.add(_at(stop, opening), _at(stop, closing), fine)
    opener = _last(subordinator > 0, first)
    mixer.add(_at(subordinator, opener), _distance(at, opener), coarse)
    mixer.add(_at(subordinator, opener), cues)
    for by in range(-2, 3):
        mixer.add(_shifted(cue, by, line) + 10 * (by == 0))
        mixer.add(_shifted(role, by, line))
    mixer.add(cue, _shifted(cue, 1, line), _shifted(cue, -1, line))
    mixer.add(role, word)
    mixer.add(role, _shifted(role, 1, line), _shifted(role, -1, line))
    mixer.add(rule, word)
    mixer.add(rule, _shifted(rule, 1, line), _shifted(rule, -1, line))
    mixer.add(rule, _shifted(word, -1, line))
    mixer.add(rule, _shifted(word, 1, line))
    mixer.add(rule, cues, near)
    quotes = np.cumsum(stop == 9)
    held = np.minimum(2, quotes[last - 1] - quotes[first] + (stop[first] == 9))
    mixer.add(word[first], held)
    mixer.add(fine[first], np.minimum(at - first, 15), held)
    mixer.add(word[last - 1], np.minimum(last - at, 5))
    mixer.add(np.minimum(at - first, 6), coarse, held)
    mixer.add(first == np.concatenate(([-1], first[:-1])), _shifted(stop, -1, line), _shifted(fine, -1, line))
    left = np.minimum(3, commas[last - 1] - commas)
    mixer.add(np.minimum(7, (at - first) // 6), rule, since_commas)
    mixer.add(left, since_commas, _at(role, before), stop)
    mixer.add(left, fine, _shifted(stop, -1, line))

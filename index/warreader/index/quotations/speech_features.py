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
from warreader.index.quotations.mixing import Mixer, Numbers
from warreader.index.quotations.tokens import Token

REMEMBERED = 50_000
"""Words remembered before all are forgotten: memory stays within bounds on any text."""

FAR = 40
"""Tokens beyond which a distance is simply far."""

_DISTANCES = np.array(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 11, 11, 11, 11] + [12] * (FAR - 23),
    dtype=np.int64,
)
_STYLES = {style: number for number, style in enumerate(Style)}
_STYLES[Style.AGENT] = _STYLES[Style.PASSIVE]  # To the model they are one.
FIRST_WORD = 600
"""Number of the first word of a lexicon; what is below stands for words it doesn't have."""

LIKELY = 5
"""What is known of how likely words are to do, by the words that stand in the same surroundings: to be part of a cue;
to have a content right after them; to end one; to be part of a source; and, where they are a cue, to have a content
right after them.
"""
UNTOLD = (4,) * LIKELY
"""The same of a word of which nothing is known: as likely as words on the whole."""

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
        likelihoods: in the same order, for the second look, how likely it is to do what :data:`LIKELY` names.
    """

    def __init__(
        self,
        table: Mapping[str, tuple[int, int, int]],
        likelihoods: npt.NDArray[np.uint8] | None = None,
    ) -> None:
        self._words = {word: (FIRST_WORD + number, *row) for number, (word, row) in enumerate(table.items())}
        self._likely = likelihoods
        self._seen: dict[tuple[str, bool], int] = {}
        self._rows = np.zeros((1024, 8 + LIKELY), dtype=np.int64)

    def with_likelihoods(self, likelihoods: npt.NDArray[np.uint8]) -> Lexicon:
        """The same words with what they are likely to do."""
        table = {word: (fine, coarse, cue) for word, (_, fine, coarse, cue) in self._words.items()}
        return Lexicon(table, likelihoods)

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
        tokens = [token for part in lines for token in part.tokens]
        keys = [token[2::3] for token in tokens]  # low and capital
        if not all(map(seen.__contains__, keys)):
            for key, token in zip(keys, tokens, strict=True):
                if key not in seen:
                    seen[key] = self._remember(self._look(token))
        found = list(map(seen.__getitem__, keys))
        return [np.ascontiguousarray(column) for column in self._rows[found].T]

    def _remember(self, row: tuple[int, ...]) -> int:
        at = len(self._seen)
        if at >= len(self._rows):
            self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)))
        self._rows[at] = row
        return at

    def _look(self, token: Token) -> tuple[int, ...]:
        likely, entry = self._likely, self._words.get(token.low)
        # Few words are looked up: a tuple for each when the model is loaded would take longer.
        return (
            *self._known(token),
            *(UNTOLD if likely is None or entry is None else likely[entry[0] - FIRST_WORD]),
        )

    def _known(self, token: Token) -> tuple[int, ...]:
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


def shifted(values: Numbers, by: int, line: Numbers) -> Numbers:
    """``values`` of the token ``by`` further on; 0 beyond the line."""
    moved = np.zeros_like(values)
    if by > 0:
        moved[:-by] = values[by:] * (line[by:] == line[:-by])
    elif by < 0:
        moved[-by:] = values[:by] * (line[:by] == line[-by:])
    else:
        moved[:] = values
    return moved


def last_of(flags: npt.NDArray[np.bool_], first: Numbers) -> Numbers:
    """Index of the last flagged token before each, in its sentence; -1 for none."""
    at = np.arange(len(flags))
    held = np.maximum.accumulate(np.where(flags, at, -1))
    before = np.concatenate(([-1], held[:-1]))
    return np.where(before >= first, before, -1)


def next_of(flags: npt.NDArray[np.bool_], last: Numbers) -> Numbers:
    """Index of the next flagged token after each, in its sentence; -1 for none."""
    count = len(flags)
    at = np.arange(count)
    held = np.minimum.accumulate(np.where(flags, at, count)[::-1])[::-1]
    after = np.concatenate((held[1:], [count]))
    return np.where(after < last, after, -1)


def held(flags: npt.NDArray[np.bool_], first: Numbers, last: Numbers) -> npt.NDArray[np.bool_]:
    """Whether each token's sentence holds a flagged one."""
    counted = np.concatenate(([0], np.cumsum(flags)))
    return np.asarray(counted[last] > counted[first])


def distance(one: Numbers, other: Numbers) -> Numbers:
    return np.where(other < 0, 13, _DISTANCES[np.minimum(np.abs(one - other), FAR)])


def at_of(values: Numbers, index: Numbers) -> Numbers:
    return np.where(index < 0, 0, values[index])


def look(
    lexicon: Lexicon,
    lines: Sequence[Clauses],
    ruled: Sequence[Sequence[Reported]],
    longest: int | None = None,
) -> tuple[npt.NDArray[np.int32], Numbers]:
    """The features of an article's tokens, a row a question, and which tokens these are; see :func:`see`."""
    seen, wanted = see(lexicon, lines, ruled, longest)
    return asked(seen, wanted), wanted


def see(
    lexicon: Lexicon,
    lines: Sequence[Clauses],
    ruled: Sequence[Sequence[Reported]],
    longest: int | None = None,
) -> tuple[Seen, Numbers]:
    """What is known of an article's tokens, and which of them are looked at.

    Args:
        lexicon: of the model.
        lines: the article's lines.
        ruled: what the rules found in each line.
        longest: where given, only sentences of up to so many tokens are looked at in which something may report,
            by :func:`.forms.can_report`, or stands in marks: what would be found in others is dropped.
    """
    word, fine, coarse, cue, ending, shape, subordinator, stop, *likely = lexicon.columns(lines)
    line, first, last, role, rule = _places(lines, ruled, len(word))
    wanted = np.arange(len(word))
    if longest is not None:
        opens = np.isin(word, [lexicon.number(opening) for opening in v.OPENING])
        telling = held(opens, first, last) & held(cue >= OFTEN_CUE, first, last)
        telling |= held((cue >= FAIRLY_OFTEN) | (role >= 2) | (stop == 9), first, last)
        wanted = np.flatnonzero(telling & (last - first <= longest))
    seen = Seen(
        line, first, last, word, fine, coarse, cue, ending, shape, subordinator, stop, role, rule, likely
    )
    return seen, wanted


def asked(seen: Seen, wanted: Numbers) -> npt.NDArray[np.int32]:
    """The features of the tokens wanted, a row a question."""
    mixer = Mixer()
    # The order is part of the model: a column's number salts it.
    _words(mixer, seen)
    _cues_before(mixer, seen)
    _cues_after(mixer, seen)
    _clauses(mixer, seen)
    _beside(mixer, seen)
    _sentence(mixer, seen)
    return mixer.table(wanted)


def _places(
    lines: Sequence[Clauses], ruled: Sequence[Sequence[Reported]], count: int
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """For each token its line, the bounds of its sentence, its part in a report, its place in a rule's content."""
    lengths = [len(part.tokens) for part in lines]
    starts = np.concatenate(([0], np.cumsum(lengths)))[:-1].astype(np.int64)
    line = np.repeat(np.arange(len(lines)), lengths)
    first, last, role, rule = (np.zeros(count, dtype=np.int64) for _ in range(4))
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
    return line, first, last, role, rule


class Seen:
    """What is known of each token, and what is asked of it more than once."""

    def __init__(
        self,
        line: Numbers,
        first: Numbers,
        last: Numbers,
        word: Numbers,
        fine: Numbers,
        coarse: Numbers,
        cue: Numbers,
        ending: Numbers,
        shape: Numbers,
        subordinator: Numbers,
        stop: Numbers,
        role: Numbers,
        rule: Numbers,
        likely: Sequence[Numbers] = (),
    ) -> None:
        self.line, self.first, self.last = line, first, last
        self.word, self.fine, self.coarse, self.cue = word, fine, coarse, cue
        self.ending, self.shape, self.subordinator, self.stop = ending, shape, subordinator, stop
        self.role, self.rule, self.likely = role, rule, likely
        self.at = np.arange(len(word))
        reports = (cue >= 2) | (role >= 2)
        self.before, self.after = last_of(reports, first), next_of(reports, last)
        self.near = distance(self.at, self.before)
        self.cues, self.roles = at_of(word, self.before), at_of(role, self.before)
        self.commas = np.cumsum(stop == 1)
        self.since_commas = self.since(self.commas)
        self.since_that = self.since(np.cumsum(subordinator == 1))
        self._moved: dict[tuple[int, int], Numbers] = {}

    def since(self, counted: Numbers) -> Numbers:
        """How many were counted since the last word that may report: 0, 1, 2 or more, 3 for no such word."""
        return np.where(self.before < 0, 3, np.minimum(2, counted - counted[self.before]))

    def moved(self, values: Numbers, by: int) -> Numbers:
        """:func:`shifted`, once."""
        key = (id(values), by)
        if by == 0:
            return values
        if key not in self._moved:
            self._moved[key] = shifted(values, by, self.line)
        return self._moved[key]


def _words(mixer: Mixer, seen: Seen) -> None:
    """The words around, one, two and three at a time."""
    w = {by: seen.moved(seen.word, by) for by in range(-3, 4)}
    f = {by: seen.moved(seen.fine, by) for by in range(-3, 4)}
    c = {by: seen.moved(seen.coarse, by) for by in range(-3, 4)}
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
    for by in (0, 1, -1):
        mixer.add(seen.moved(seen.ending, by))
    mixer.add(*(seen.moved(seen.shape, by) for by in (-1, 0, 1)))


def _cues_before(mixer: Mixer, seen: Seen) -> None:
    """The last word that may report, and what stands between."""
    before, near, cues, roles = seen.before, seen.near, seen.cues, seen.roles
    following = np.where((before >= 0) & (before + 1 < seen.last), before + 1, -1)
    classes, opening = at_of(seen.fine, before), at_of(seen.coarse, following)
    since_commas, since_that = seen.since_commas, seen.since_that
    since_to = seen.since(np.cumsum(seen.subordinator == 2))
    since_joins = seen.since(np.cumsum((seen.subordinator == 10) | (seen.subordinator == 11)))
    mixer.add(cues, near)
    mixer.add(cues, seen.word)
    mixer.add(cues, seen.fine)
    mixer.add(classes, near, seen.coarse)
    mixer.add(cues, at_of(seen.word, following), near)
    mixer.add(classes, opening, near)
    mixer.add(cues, since_that, since_to)
    mixer.add(classes, since_that, since_to, since_commas)
    mixer.add(cues, since_commas, since_joins)
    mixer.add(since_commas, since_joins, since_that, seen.word)
    mixer.add(roles, near, since_that)
    mixer.add(roles, since_commas, opening)


def _cues_after(mixer: Mixer, seen: Seen) -> None:
    """The next word that may report."""
    after = seen.after
    ahead = distance(seen.at, after)
    between = np.where(after < 0, 3, np.minimum(2, seen.commas[after] - seen.commas[seen.at]))
    words, roles = at_of(seen.word, after), at_of(seen.role, after)
    beyond = np.where(after >= 0, np.minimum(after + 1, len(after) - 1), -1)
    mixer.add(words, ahead)
    mixer.add(at_of(seen.fine, after), between)
    mixer.add(roles, between, ahead)
    mixer.add(roles, seen.roles, between, seen.since_commas)
    mixer.add(words, at_of(seen.stop, beyond), between)


def _clauses(mixer: Mixer, seen: Seen) -> None:
    """The stops around, and the last word that opens a clause."""
    stop, at = seen.stop, seen.at
    opening, closing = last_of(stop > 0, seen.first), next_of(stop > 0, seen.last)
    opens, closes = at_of(stop, opening), at_of(stop, closing)
    mixer.add(opens, distance(at, opening), closes, distance(at, closing))
    mixer.add(opens, closes, seen.fine)
    opener = last_of(seen.subordinator > 0, seen.first)
    clause = at_of(seen.subordinator, opener)
    mixer.add(clause, distance(at, opener), seen.coarse)
    mixer.add(clause, seen.cues)


def _beside(mixer: Mixer, seen: Seen) -> None:
    """What the words beside may report, and what the rules say."""
    cue, role, rule = seen.cue, seen.role, seen.rule
    for by in range(-2, 3):
        mixer.add(seen.moved(cue, by) + 10 * (by == 0))
        mixer.add(seen.moved(role, by))
    mixer.add(cue, seen.moved(cue, 1), seen.moved(cue, -1))
    mixer.add(role, seen.word)
    mixer.add(role, seen.moved(role, 1), seen.moved(role, -1))
    mixer.add(rule, seen.word)
    mixer.add(rule, seen.moved(rule, 1), seen.moved(rule, -1))
    mixer.add(rule, seen.moved(seen.word, -1))
    mixer.add(rule, seen.moved(seen.word, 1))
    mixer.add(rule, seen.cues, seen.near)


def _sentence(mixer: Mixer, seen: Seen) -> None:
    """Where in its sentence a token stands, and how that begins and ends."""
    first, last, at, stop = seen.first, seen.last, seen.at, seen.stop
    quotes = np.cumsum(stop == 9)
    held = np.minimum(2, quotes[last - 1] - quotes[first] + (stop[first] == 9))
    mixer.add(seen.word[first], held)
    mixer.add(seen.fine[first], np.minimum(at - first, 15), held)
    mixer.add(seen.word[last - 1], np.minimum(last - at, 5))
    mixer.add(np.minimum(at - first, 6), seen.coarse, held)
    same = first == np.concatenate(([-1], first[:-1]))
    mixer.add(same, seen.moved(stop, -1), seen.moved(seen.fine, -1))
    left = np.minimum(3, seen.commas[last - 1] - seen.commas)
    mixer.add(np.minimum(7, (at - first) // 6), seen.rule, seen.since_commas)
    mixer.add(left, seen.since_commas, seen.roles, stop)
    mixer.add(left, seen.fine, seen.moved(stop, -1))

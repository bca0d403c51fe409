"""Where in an article a query is answered: the spans to light."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from warreader.index.article import Line, LineKind, Span
from warreader.index.search.analyzer import (
    GAP,
    LONGEST,
    WORDS,
    Term,
    as_read,
    beginning,
    finder,
    opening,
    pieces,
    runs,
    terms,
)
from warreader.index.search.query import How, Node, Sourced, Words, leaves
from warreader.index.text import blank_lines

FURNITURE = frozenset({LineKind.FURNITURE})
_STEMMED = frozenset({How.WORD, How.PHRASE})
_SEVERAL = 8
_BY_THEN = 1 / 4
_PLENTY = 100
_AT_ONCE = 3000
_BETWEEN = r"[a-z0-9]{0,99}(?:'[a-z0-9]{1,99}){0,3}[^a-z0-9]{0,200}"
_LETTERS = re.compile(r"[a-z0-9]*", re.ASCII)


class Lit(NamedTuple):
    """A span and the number of the query's leaf it answers; a plain tuple, as there may be very many."""

    start: int
    end: int
    leaf: int


def searchable(text: str, lines: tuple[Line, ...]) -> str:
    """The text that search reads: furniture is blanked, offsets hold."""
    return blank_lines(text, lines, drop=FURNITURE) if any(line.kind in FURNITURE for line in lines) else text


def light(
    node: Node,
    text: str,
    lines: tuple[Line, ...],
    sourced: Callable[[Sourced], Iterable[Span]],
    *,
    enough: int | None = None,
) -> list[Lit]:
    """All places that answer a leaf of the query not under a NOT, in order.

    Args:
        text: stored text.
        lines: its lines; nothing in furniture is lit, and ``title:`` lights headlines.
        sourced: the spans of a field that the library answers.
        enough: words are read no further than this where every leaf, or several, are answered by then, and not as
            far where several are sooner; of many leaves the fewer are asked for, the further it comes. Beyond
            it, only what may answer a leaf not answered yet is read.
    """
    read = searchable(text, lines)
    found: set[Lit] = set()
    wanted = dict.fromkeys(leaves(node, negated=False))
    titles = {at for at, leaf in enumerate(wanted) if isinstance(leaf, Words) and leaf.field == "title"}
    headlines = [Span(line.start, line.end) for line in lines if line.kind is LineKind.HEADLINE]
    for number, leaf in enumerate(wanted):
        if isinstance(leaf, Sourced):
            spans = [span for span in sourced(leaf) if read[span.start : span.end].strip()]
            found.update(Lit(s.start, s.end, number) for s in spans if 0 <= s.start < s.end <= len(text))
    answered = {lit.leaf for lit in found}
    most = sys.maxsize if enough is None else enough

    def done(at: int) -> bool:
        plenty = len(found) >= _PLENTY and len(answered) == len(wanted)
        return at > 0 and enough is not None and (plenty or _is_enough(at / most, len(answered), len(wanted)))

    for lit in _seeker(node).lit(read, answered, most, done):
        if done(lit.start):
            break
        if lit.leaf not in titles or any(lit.start < line.end and line.start < lit.end for line in headlines):
            found.add(lit)
            answered.add(lit.leaf)
    return sorted(found)


def _is_enough(read: float, answered: int, wanted: int) -> bool:
    """Whether what was read, as a part of what is to be, need not be gone beyond."""
    if read > 1:
        return answered >= (wanted if wanted <= _SEVERAL else _SEVERAL / read)
    return read > _BY_THEN and answered >= _SEVERAL


def merged(lit: Iterable[Lit]) -> list[Span]:
    """The spans of what is lit, in order, overlapping ones as one.

    Args:
        lit: in order of ``start``.
    """
    result: list[tuple[int, int]] = []
    for start, end, _ in lit:
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return [Span(start, end) for start, end in result]


def fuzzy_limit(word: str) -> int:
    """How many letters of a word may differ: none up to two, one up to five, else two."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def alike(word: str, candidates: Iterable[str]) -> list[str]:
    """The candidates within the fuzzy limit of the word, by optimal string alignment distance."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    cutoff = fuzzy_limit(word)
    scorer: Any = OSA.distance
    found = process.extract(word, candidates, scorer=scorer, score_cutoff=cutoff, limit=None)
    return [candidate for candidate, _, _ in found]


def _is_near(word: str, other: str) -> bool:
    limit = fuzzy_limit(word)
    return abs(len(word) - len(other)) <= limit >= _distance()(word, other, score_cutoff=limit)


@lru_cache(1)
def _distance() -> Callable[..., int]:
    from rapidfuzz.distance import OSA

    return OSA.distance


class _Place(NamedTuple):
    """A word of a leaf: the leaf's number, the word's place in it, and what may stand there."""

    leaf: int
    at: int
    wanted: Term
    how: How
    typing: bool

    def takes(self, term: Term) -> bool:
        """Whether a word of a text may stand here."""
        if self.how is How.FUZZY:
            return any(_is_near(form, other) for form in self.wanted.forms for other in term.forms)
        if self.how is How.EXACT:
            return not set(self.wanted.forms).isdisjoint(term.forms)
        if self.how is not How.PREFIX and not set(self.wanted.stems).isdisjoint(term.stems):
            return True
        begins = self.how is How.PREFIX or self.typing
        return begins and any(form.startswith(self.wanted.forms) for form in term.forms)

    @property
    def beginnings(self) -> tuple[str, ...]:
        """How the words of ASCII that may stand here begin."""
        if self.how is How.FUZZY:
            return ("",)
        made = [*self.wanted.forms, *map(beginning, self.wanted.stems)]
        plain = {_LETTERS.match(word)[0] for word in made if word.isascii()}  # type: ignore[index]
        # Or they are initials.
        return tuple(plain | {".".join(letters) for letters in plain})


def _places(leaves: Sequence[tuple[int, Words]]) -> tuple[list[_Place], dict[int, int]]:
    """The words of leaves, each with what answers it, and how many each leaf has."""
    places: list[_Place] = []
    lengths: dict[int, int] = {}
    for number, leaf in leaves:
        words = terms(leaf.text)
        phrase = leaf.how is How.PHRASE and (len(words) > 1 or not leaf.typing)
        if not phrase and leaf.how is not How.EXACT:
            words = words[:1]
        lengths[number] = len(words)
        for at, word in enumerate(words):
            # Of one letter very many words are the beginning: no article is found by it either.
            typing = leaf.typing and at == len(words) - 1 and (phrase or len(word.forms[0]) > 1)
            places.append(_Place(number, at, word, How.WORD if phrase else leaf.how, typing))
    return places, lengths


class _Seeker:
    """Finds the words and phrases of a query in text after text.

    Args:
        leaves: its leaves of words, with their numbers.
    """

    _most = 100_000

    def __init__(self, leaves: Sequence[tuple[int, Words]]) -> None:
        self._places, self._lengths = _places(leaves)
        # What a stretch without empty lines must hold to answer a leaf: one of these for each of its words.
        self._needed: dict[int, list[tuple[str, ...]]] = {number: [] for number in self._lengths}
        for place in self._places:
            self._needed[place.leaf].append(place.beginnings)
        self._phrases = [(number, length) for number, length in self._lengths.items() if length > 1]
        # What has a word that is never of ASCII is in no stretch of ASCII.
        self._within_ascii = {number for number, _ in self._phrases if all(self._needed[number])}
        self._runs_on: dict[int, re.Pattern[str]] = {}
        # Most words are found by stem; there may be very many.
        self._by_stem: dict[str, list[_Place]] = {}
        self._other = [place for place in self._places if place.typing or place.how not in _STEMMED]
        for place in self._places:
            if not place.typing and place.how in _STEMMED:
                for stem in place.wanted.stems:
                    self._by_stem.setdefault(stem, []).append(place)
        self._beginnings = tuple(
            {each for places in self._needed.values() for place in places for each in place}
        )
        # There may be hundreds: only those of the same first letters are tried.
        self._first = min(3, *map(len, self._beginnings)) if len(self._beginnings) > 1 else 0
        self._opened_by: dict[str, tuple[str, ...]] = {}
        for each in self._beginnings:
            first = each[: self._first]
            self._opened_by[first] = (*self._opened_by.get(first, ()), each)
        fuzzy = [place for place in self._places if place.how is How.FUZZY]
        others = [place for place in self._places if place.how is not How.FUZZY]
        self._fuzzy = [form for place in fuzzy for form in place.wanted.forms]
        self._not_fuzzy = tuple({each for place in others for each in place.beginnings})
        # Of what is all fuzzy, the words can't be much longer; they may have an 's, or be initials.
        longest = max(map(len, self._fuzzy), default=0)
        self._longest = sys.maxsize if others else longest + 4 + min(longest, 10)
        # What is no phrase and of few beginnings: they are sought as letters, and then be those of a word.
        few = [] if self._phrases or len(self._beginnings) > _SEVERAL else sorted(self._beginnings)
        least = [each for each in few if not each.startswith(tuple(set(few) - {each}))]
        self._openings = [opening(each) for each in least if "." not in each] if all(few) else []
        # Words come again and again, in an article and in the next.
        self._known: dict[str, tuple[int, list[tuple[int, int, int, list[_Place]]]]] = {}
        self._dull: set[str] = set()

    def lit(
        self,
        text: str,
        answered: Collection[int] = (),
        far: int = sys.maxsize,
        done: Callable[[int], bool] = lambda _: False,
    ) -> Iterator[Lit]:
        """All places that answer, leaf by leaf of each stretch without empty lines.

        Args:
            answered: from ``far`` on a stretch is read only where it may answer another leaf than these.
            far: a code point of the text.
            done: whether a stretch that begins there need not be read, nor what follows.
        """
        read = as_read(text)
        offset = until = 0
        bright: list[str] = []
        for block in read.split("\n\n"):
            if done(offset):
                break
            if self._fuzzy and offset >= until:
                # The rest may not be asked for.
                until = read.find("\n\n", offset + _AT_ONCE)
                until = len(read) if until < 0 else until
                bright = self._bright(read[offset:until])
            known = answered if offset > far else ()
            if (not block.isascii() or self._may_answer(block, known)) and (
                not self._fuzzy or any(run in block for run in bright)
            ):
                yield from self._within(block, offset)
            offset += len(block) + 2

    def _may_answer(self, block: str, answered: Collection[int]) -> bool:
        for number, places in self._needed.items():
            if number in answered:
                continue
            for beginnings in places:
                for each in beginnings:
                    if each in block:
                        break
                else:
                    break
            else:
                if number not in self._within_ascii or self._run_on(number).search(block):
                    return True
        return False

    def _run_on(self, number: int) -> re.Pattern[str]:
        """What a stretch of ASCII with a phrase holds; made where it is needed, as that takes long."""
        if (known := self._runs_on.get(number)) is None:
            known = self._runs_on[number] = _run_on(self._needed[number])
        return known

    def _bright(self, text: str) -> list[str]:
        """The runs of letters that answer, where some words are fuzzy: many at once are told apart sooner."""
        fresh = runs(text).difference(self._dull)
        plain = [run for run in fresh if run.isascii() and run.isalnum() and len(run) <= LONGEST]
        near = {run for form in self._fuzzy for run in alike(form, plain)}
        self._note_dull(run for run in plain if run not in near and not run.startswith(self._not_fuzzy))
        bright = [
            run for run in fresh if run not in self._dull and (self._known.get(run) or self._judged(run))[1]
        ]
        self._note_dull(run for run in fresh.difference(bright) if run.isascii())
        return bright

    def _note_dull(self, runs: Iterable[str]) -> None:
        if len(self._dull) > self._most:
            self._dull.clear()
        self._dull.update(runs)

    def _within(self, block: str, offset: int) -> Iterator[Lit]:
        standing: dict[tuple[int, int], dict[int, tuple[int, int]]] = {}
        position = 0
        for line in block.split("\n"):
            before = position
            if self._openings and line.isascii() and finder(line) is WORDS:
                yield from self._opened(line, offset)
                offset += len(line) + 1
                continue
            for match in finder(line).finditer(line):
                run = match.group()
                if run in self._dull:
                    position += 1
                    continue
                begin = self._opened_by.get(run[: self._first])
                if run.isascii() and not (begin and run.startswith(begin) and len(run) <= self._longest):
                    if len(self._beginnings) > _SEVERAL:
                        self._note_dull((run,))
                    position += 1
                    continue
                if (known := self._known.get(run)) is None:
                    known = self._judged(run)
                for step, start, end, places in known[1]:
                    at = offset + match.start()
                    for leaf, place, *_ in places:
                        if self._lengths[leaf] == 1:
                            yield Lit(at + start, at + end, leaf)
                        else:
                            standing.setdefault((leaf, place), {})[position + step] = at + start, at + end
                position += known[0]
            if position == before:
                position += GAP
            offset += len(line) + 1
        for leaf, length in self._phrases:
            if not (begun := standing.get((leaf, 0))):
                continue
            others = [standing.get((leaf, place), {}) for place in range(1, length)]
            for first, (start, _) in begun.items():
                if all(first + step in other for step, other in enumerate(others, 1)):
                    yield Lit(start, others[-1][first + length - 1][1], leaf)

    def _opened(self, line: str, offset: int) -> Iterator[Lit]:
        """What answers in a line, where it matters not what follows what: only likely words are looked at."""
        found = [(match.start(), match.group()) for each in self._openings for match in each.finditer(line)]
        for start, run in sorted(found):
            _, words = self._known.get(run) or self._judged(run)
            for _, first, end, places in words:
                for place in places:
                    yield Lit(offset + start + first, offset + start + end, place.leaf)

    def _judged(self, run: str) -> tuple[int, list[tuple[int, int, int, list[_Place]]]]:
        """How many words a run of letters has, and which of them answer, with their places in it."""
        found = []
        count = 0
        for start, end, term in pieces(run):
            places = [place for place in self._other if place.takes(term)]
            for stem in term.stems:
                places += [place for place in self._by_stem.get(stem, ()) if place not in places]
            if places:
                found.append((count, start, end, places))
            count += 1
        if len(run) <= LONGEST and len(self._known) < self._most:
            self._known[run] = count, found
        return count, found


def _run_on(beginnings: Sequence[Iterable[str]]) -> re.Pattern[str]:
    """What a stretch of ASCII holds if words that begin so follow one another in it, and seldom otherwise.

    It is bounded, as texts may be made to take long.
    """
    first, *rest = [[re.escape(each) for each in sorted(some)] for some in beginnings]
    starts = "|".join(rf"{each}(?<![a-z0-9]{each})" for each in first)
    return re.compile(_BETWEEN.join([f"(?:{starts})", *(f"(?:{'|'.join(some)})" for some in rest)]))


@lru_cache(8)
def _seeker(node: Node) -> _Seeker:
    numbered = enumerate(dict.fromkeys(leaves(node, negated=False)))
    return _Seeker(
        [(at, leaf) for at, leaf in numbered if isinstance(leaf, Words) and leaf.field in ("", "title")]
    )

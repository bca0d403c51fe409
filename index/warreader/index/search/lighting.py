"""Where in an article a query is answered: the spans to light."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from warreader.index.article import Line, LineKind, Span
from warreader.index.search.analyzer import LONGEST, Term, Token, runs, terms, terms_of, tokens
from warreader.index.search.fields import phrases
from warreader.index.search.query import How, Node, Sourced, Words, leaves
from warreader.index.text import blank_lines

FURNITURE = frozenset({LineKind.FURNITURE})


class Lit(NamedTuple):
    """A span and the number of the query's leaf it answers; a plain tuple, as there may be very many."""

    start: int
    end: int
    leaf: int


def searchable(text: str, lines: tuple[Line, ...]) -> str:
    """The text that search reads: furniture is blanked, offsets hold."""
    return blank_lines(text, lines, drop=FURNITURE) if any(line.kind in FURNITURE for line in lines) else text


def light(
    node: Node, text: str, lines: tuple[Line, ...], sourced: Callable[[Sourced], Iterable[Span]]
) -> list[Lit]:
    """All places that answer a leaf of the query not under a NOT, in order.

    Args:
        text: stored text.
        lines: its lines; nothing in furniture is lit, and ``title:`` lights headlines.
        sourced: the spans of a field that the library answers.
    """
    found: set[Lit] = set()
    words: list[Token] | None = None
    read = searchable(text, lines)
    for number, leaf in enumerate(dict.fromkeys(leaves(node, negated=False))):
        if isinstance(leaf, Words) and leaf.field in ("", "title"):
            words = list(tokens(_seeker(node).thinned(read))) if words is None else words
            spans: Iterable[Span] = _words(leaf, words)
            if leaf.field == "title":
                spans = _within(spans, [line for line in lines if line.kind is LineKind.HEADLINE])
        elif isinstance(leaf, Sourced):
            spans = (span for span in sourced(leaf) if read[span.start : span.end].strip())
        else:
            continue
        found.update(Lit(s.start, s.end, number) for s in spans if 0 <= s.start < s.end <= len(text))
    return sorted(found)


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


class _Seeker:
    """Knows which lines can't answer a query, so that only the others are read word by word.

    Args:
        node: the query.
    """

    _most = 100_000

    def __init__(self, node: Node) -> None:
        self._wanted = [
            (leaf, wanted)
            for leaf in leaves(node, negated=False)
            if isinstance(leaf, Words)
            for wanted in terms(leaf.text)
        ]
        # No stem begins otherwise than its word; only what is fuzzy may.
        fuzzy = any(leaf.how is How.FUZZY for leaf, _ in self._wanted)
        self._initials = (
            None if fuzzy else {f[0] for _, term in self._wanted for f in term.forms + term.stems}
        )
        # Words come again and again, in an article and in the next.
        self._idle: set[str] = set()

    def thinned(self, text: str) -> str:
        """The text with lines of blanks in place of those that answer nothing; offsets hold."""
        lines = (text.replace("_", " ") if "_" in text else text).split("\n")
        return "\n".join([line if self._answers(line) else " " * len(line) for line in lines])

    def _answers(self, line: str) -> bool:
        for run in set(runs(line)) - self._idle:
            if self._is_wanted(run):
                return True
            if len(run) <= LONGEST and len(self._idle) < self._most:
                self._idle.add(run)
        return False

    def _is_wanted(self, run: str) -> bool:
        if self._initials is not None and run.isascii() and run[0].lower() not in self._initials:
            return False
        return any(_is_word(leaf, wanted, term) for term in terms_of(run) for leaf, wanted in self._wanted)


_seeker = lru_cache(8)(_Seeker)


def _words(leaf: Words, words: list[Token]) -> Iterator[Span]:
    wanted = terms(leaf.text)
    if leaf.how is How.EXACT:
        yield from phrases(words, [term.forms for term in wanted], forms=True)
        return
    if leaf.how is How.PHRASE and (len(wanted) > 1 or not leaf.typing):
        yield from _phrase(leaf, wanted, words)
        return
    verdicts: dict[Term, bool] = {}
    for token in words:
        if (verdict := verdicts.get(token.term)) is None:
            verdict = verdicts[token.term] = _is_word(leaf, wanted[0], token.term)
        if verdict:
            yield Span(token.start, token.end)


def _is_word(leaf: Words, wanted: Term, term: Term) -> bool:
    if leaf.how is How.FUZZY:
        return any(alike(form, term.forms) for form in wanted.forms)
    if leaf.how is How.EXACT:
        return any(form in term.forms for form in wanted.forms)
    if leaf.how is not How.PREFIX and any(stem in term.stems for stem in wanted.stems):
        return True
    if leaf.how is not How.PREFIX and not leaf.typing:
        return False
    return any(form.startswith(wanted.forms) for form in term.forms)


def _phrase(leaf: Words, wanted: list[Term], words: list[Token]) -> Iterator[Span]:
    yield from phrases(words, [term.stems for term in wanted])
    if not leaf.typing:
        return
    # The last word may still be incomplete: whatever it begins counts.
    last = wanted[-1].forms
    endings = {
        stem
        for token in words
        if any(f.startswith(last) for f in token.term.forms)
        for stem in token.term.stems
    }
    yield from phrases(words, [*(term.stems for term in wanted[:-1]), tuple(endings)])


def _within(spans: Iterable[Span], lines: list[Line]) -> Iterator[Span]:
    ranges = [Span(line.start, line.end) for line in lines]
    return (span for span in spans if any(span.overlaps(held) for held in ranges))

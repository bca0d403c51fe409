"""Matches inside one article: a fragment in marks that stands in a longer quotation or in the headline.

Papers lift a few words of a statement into the headline or their own sentence. The words must stand there in the
same order and together; only articles ("tip of [the] iceberg") may have been dropped.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from warreader.index.article import MatchKind, Span, Tier
from warreader.index.matching.comparing import Place
from warreader.index.matching.rarity import rarity
from warreader.index.matching.wording import Quoted, Wording

LEAST_CONTENT = 2
"""Words that carry meaning which a fragment needs."""

MOST_PLACES = 24
"""Places of one article that a fragment is looked for in: texts that repeat two words for ever aren't news."""

_ARTICLES = frozenset(("a", "an", "the"))
_FUNCTION_WORDS = """
and or but nor of to in on at by for with from as into onto about over under than that this these those it its
he she they we you i him her them us me his their our your my is are was were be been being am has have had do
does did will would can could shall should may might must not no so if then there here who whom which what
when where why how s t don't doesn't didn't isn't aren't wasn't weren't it's that's
"""
_FUNCTION = _ARTICLES | frozenset(_FUNCTION_WORDS.split())

_Run = tuple[str, ...]


def fragments(wording: Wording, quotations: Sequence[Quoted], headlines: Sequence[Span]) -> Iterator[Place]:
    """Fragments and where they stand again.

    Args:
        wording: the article's words.
        quotations: its quotations; those without marks are passed over.
        headlines: code point spans of its headline lines.

    Yields:
        Places with both spans in the same article, each once.
    """
    marked = [quoted for quoted in quotations if not quoted.indirect and len(quoted.words)]
    targets = [quoted.words for quoted in marked]
    targets += [Span(*wording.within(line.start, line.end)) for line in headlines]
    index = _pairs_of_words(wording, targets)
    whole = {(quoted.words.start, quoted.words.end): quoted for quoted in marked}
    seen: set[tuple[Span, Span]] = set()
    asked: Counter[_Run] = Counter()
    for quoted in marked:
        run = _content(wording, quoted.words)
        if sum(wording.words[at] not in _FUNCTION for at in run) < LEAST_CONTENT:
            continue
        words = tuple(wording.words[at] for at in run)
        asked[words] += 1
        if asked[words] > MOST_PLACES:
            continue
        for target, at in index.get(words[:2], ())[:MOST_PLACES]:
            found = _follow(wording, words, at, target.end)
            if found is None or found.overlaps(quoted.words):
                continue
            if len(target) < len(run) or (len(target) == len(run) and found.start < quoted.words.start):
                continue
            place = _place(wording, quoted, found, whole.get((found.start, found.end)))
            key = (min(place.own, place.other), max(place.own, place.other))
            if key not in seen:
                seen.add(key)
                yield place


def _content(wording: Wording, words: Span) -> list[int]:
    """Indices of the words that are no articles."""
    return [at for at in range(words.start, words.end) if wording.words[at] not in _ARTICLES]


def _pairs_of_words(wording: Wording, targets: Sequence[Span]) -> dict[_Run, list[tuple[Span, int]]]:
    """Two neighbouring words -> where they stand, and in which target."""
    index: dict[_Run, list[tuple[Span, int]]] = defaultdict(list)
    for target in targets:
        run = _content(wording, target)
        for here, there in pairwise(run):
            entries = index[(wording.words[here], wording.words[there])]
            if len(entries) < MOST_PLACES:
                entries.append((target, here))
    return index


def _follow(wording: Wording, words: _Run, at: int, end: int) -> Span | None:
    """The range from ``at`` that holds the words in order with nothing but articles between them."""
    start = at
    for word in words:
        while at < end and wording.words[at] in _ARTICLES and wording.words[at] != word:
            at += 1
        if at >= end or wording.words[at] != word:
            return None
        at += 1
    return Span(start, at)


def _place(wording: Wording, quoted: Quoted, found: Span, other: Quoted | None) -> Place:
    there = other.span if other else Span(wording.starts[found.start], wording.ends[found.end - 1])
    own = wording.words[quoted.words.start : quoted.words.end]
    same = own == wording.words[found.start : found.end]
    kind = MatchKind.EXACT if same and other is not None else MatchKind.TRUNCATED
    score = round(sum(rarity(word) for word in own), 2)
    return Place(quoted.span, there, kind, Tier.SURE, score, len(own), quoted.words, found, Tier.SURE)

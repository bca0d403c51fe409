"""What changed between two versions of an article: paragraphs first, then the words of those that changed.

Both are aligned alike: by what stands once in both texts, in order (Bram Cohen's patience
diff, https://bramcohen.livejournal.com/73318.html), and only what lies between such fixed
points is searched for the longest common stretches. So a page of equal lines costs no more
than any other. Marks, dashes and white space written otherwise are no change.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from warreader.index.article import Span
from warreader.index.text import fold_marks, line_spans

MOVED_WORDS = 4
"""Words a paragraph needs to be told as moved: shorter ones stand anywhere."""

ALIKE = 0.4
"""Share of the different words of two paragraphs (twice the common ones by all) from which on one became the other."""

_SEARCHED = 20_000
"""Pairs of lines or words between two fixed points that are searched closely."""
_RARE = 8
"""Paragraphs that may share a word for it to tell which of them another one became."""
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]|_+")

_Pairs = list[tuple[int, int]]


class ChangeKind(StrEnum):
    """What became of a paragraph, or of a run of words within one."""

    KEPT = "kept"
    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph (or run of words) of two versions.

    Args:
        kind: what became of it; kept and moved ones differ in typography at most.
        old: where it stands in the old text, code points; ``None`` if added.
        new: where it stands in the new text; ``None`` if dropped.
        parts: of a changed paragraph, its runs of words in order; none is ``moved``.
    """

    kind: ChangeKind
    old: Span | None
    new: Span | None
    parts: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unit:
    """A paragraph or a word with what it is compared by."""

    span: Span
    key: str


def difference(old: str, new: str) -> list[Change]:
    """What became of each paragraph, in order of the new text, dropped ones where they stood.

    Args:
        old: stored text of the earlier version.
        new: stored text of the later one.

    Returns:
        Every line that isn't blank, of either text, once.
    """
    olds, news = _paragraphs(old), _paragraphs(new)
    pairs = _aligned([unit.key for unit in olds], [unit.key for unit in news])
    moved = _moved(olds, news, pairs)
    gone, come = set(moved), set(moved.values())
    origin = {there: here for here, there in moved.items()}
    changes: list[Change] = []
    for before, after in _gaps(pairs, len(olds), len(news)):
        drops = [at for at in before if at not in gone]
        adds = [at for at in after if at not in come]
        became = dict(_became(olds, news, drops, adds))
        arrived = {there: here for here, there in became.items()}
        changes += _merged(old, new, olds, news, before, after, arrived, origin, gone | set(became))
        if after.stop < len(news):
            changes.append(Change(ChangeKind.KEPT, olds[before.stop].span, news[after.stop].span))
    return changes


def _paragraphs(text: str) -> list[_Unit]:
    folded = fold_marks(text)
    found = []
    for line in line_spans(folded):
        words = line.of(folded)
        if key := " ".join(words.split()):
            start = line.start + len(words) - len(words.lstrip())
            found.append(_Unit(Span(start, start + len(words.strip())), key))
    return found


def _aligned(old: Sequence[str], new: Sequence[str]) -> _Pairs:
    """Indices of equal items, rising in both."""
    found: _Pairs = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        start, stop, begin, end = waiting.pop()
        while start < stop and begin < end and old[start] == new[begin]:
            found.append((start, begin))
            start, begin = start + 1, begin + 1
        while start < stop and begin < end and old[stop - 1] == new[end - 1]:
            stop, end = stop - 1, end - 1
            found.append((stop, end))
        if start == stop or begin == end:
            continue
        fixed = _unique(old, new, range(start, stop), range(begin, end))
        if not fixed:
            found += _searched(old, new, range(start, stop), range(begin, end))
            continue
        edges = [(start - 1, begin - 1), *fixed, (stop, end)]
        found += fixed
        waiting += [(a + 1, c, b + 1, d) for (a, b), (c, d) in pairwise(edges)]
    return sorted(found)


def _unique(old: Sequence[str], new: Sequence[str], here: range, there: range) -> _Pairs:
    """The longest rising series of items that stand once in each stretch."""
    once = [Counter(items[stretch.start : stretch.stop]) for items, stretch in ((old, here), (new, there))]
    at = {new[place]: place for place in there if once[1][new[place]] == 1}
    pairs = [(place, at[old[place]]) for place in here if once[0][old[place]] == 1 and old[place] in at]
    return _rising(pairs)


def _rising(pairs: _Pairs) -> _Pairs:
    """Of pairs in order of the first, the longest series in which the second rises too."""
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        before.append(last[length - 1] if length else -1)
        if length == len(tails):
            tails.append(place)
            last.append(index)
        else:
            tails[length], last[length] = place, index
    series: _Pairs = []
    index = last[-1] if last else -1
    while index >= 0:
        series.append(pairs[index])
        index = before[index]
    return series[::-1]


def _searched(old: Sequence[str], new: Sequence[str], here: range, there: range) -> _Pairs:
    """Equal items of two stretches in which nothing stands once."""
    if len(here) * len(there) <= _SEARCHED:
        matcher = SequenceMatcher(
            None, old[here.start : here.stop], new[there.start : there.stop], autojunk=False
        )
        return [
            (here.start + block.a + step, there.start + block.b + step)
            for block in matcher.get_matching_blocks()
            for step in range(block.size)
        ]
    places: dict[str, list[int]] = defaultdict(list)
    for place in there:
        places[new[place]].append(place)
    found: _Pairs = []
    reached = there.start - 1
    for at in here:
        listed = places.get(old[at], [])
        index = bisect_right(listed, reached)
        # A long leap would leave nothing for all that follows.
        if index < len(listed) and listed[index] - reached <= max(64, 2 * (at - here.start + 1)):
            reached = listed[index]
            found.append((at, reached))
    return found


def _gaps(pairs: _Pairs, old: int, new: int) -> Iterator[tuple[range, range]]:
    """The stretches before each pair and after the last."""
    here = there = 0
    for at, place in [*pairs, (old, new)]:
        yield range(here, at), range(there, place)
        here, there = at + 1, place + 1


def _moved(olds: Sequence[_Unit], news: Sequence[_Unit], pairs: _Pairs) -> dict[int, int]:
    """Paragraphs that stand elsewhere now, by index."""
    kept_old, kept_new = {at for at, _ in pairs}, {place for _, place in pairs}
    free: dict[str, list[int]] = defaultdict(list)
    for place in range(len(news) - 1, -1, -1):
        if place not in kept_new:
            free[news[place].key].append(place)
    return {
        at: free[unit.key].pop()
        for at, unit in enumerate(olds)
        if at not in kept_old and free.get(unit.key) and len(unit.key.split()) >= MOVED_WORDS
    }


def _became(
    olds: Sequence[_Unit], news: Sequence[_Unit], drops: Sequence[int], adds: Sequence[int]
) -> _Pairs:
    """Which of the paragraphs between two kept ones became which, in order."""
    if not drops or not adds:
        return []
    bags = {at: frozenset(news[at].key.lower().split()) for at in adds}
    holders: dict[str, list[int]] = defaultdict(list)
    for at, bag in bags.items():
        for word in bag:
            holders[word].append(at)
    found: _Pairs = []
    following = adds[0]
    for at in drops:
        bag = frozenset(olds[at].key.lower().split())
        shared = Counter(
            place for word in bag if len(listed := holders.get(word, ())) <= _RARE for place in listed
        )
        candidates = {place for place, _ in shared.most_common(3)} | ({following} & bags.keys())
        likeness, place = max(((_alike(bag, bags[place]), -place) for place in candidates), default=(0.0, 0))
        if likeness >= ALIKE:
            found.append((at, -place))
            following = 1 - place
    return _rising(found)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _merged(
    old: str,
    new: str,
    olds: Sequence[_Unit],
    news: Sequence[_Unit],
    before: Iterable[int],
    after: Iterable[int],
    arrived: dict[int, int],
    origin: dict[int, int],
    gone: set[int],
) -> Iterator[Change]:
    """What lies between two kept paragraphs: each dropped one before the one that comes in its place."""
    drops = [at for at in before if at not in gone]
    for place in after:
        span = news[place].span
        if place in arrived:
            at = arrived[place]
            while drops and drops[0] < at:
                yield Change(ChangeKind.DROPPED, olds[drops.pop(0)].span, None)
            here = olds[at].span
            yield Change(ChangeKind.CHANGED, here, span, tuple(_words(old, here, new, span)))
        elif place in origin:
            yield Change(ChangeKind.MOVED, olds[origin[place]].span, span)
        else:
            yield Change(ChangeKind.ADDED, None, span)
    for at in drops:
        yield Change(ChangeKind.DROPPED, olds[at].span, None)


def _words(old: str, here: Span, new: str, there: Span) -> Iterator[Change]:
    """The runs of words of a changed paragraph."""
    olds, news = _tokens(old, here), _tokens(new, there)
    pairs = _aligned([unit.key for unit in olds], [unit.key for unit in news])
    kept: _Pairs = []
    for before, after in _gaps(pairs, len(olds), len(news)):
        if before or after:
            yield from _kept(olds, news, kept)
            kept = []
            dropped = Span(olds[before.start].span.start, olds[before.stop - 1].span.end) if before else None
            added = Span(news[after.start].span.start, news[after.stop - 1].span.end) if after else None
            kind = (
                ChangeKind.ADDED
                if dropped is None
                else ChangeKind.DROPPED
                if added is None
                else ChangeKind.CHANGED
            )
            yield Change(kind, dropped, added)
        if after.stop < len(news):
            kept.append((before.stop, after.stop))
    yield from _kept(olds, news, kept)


def _kept(olds: Sequence[_Unit], news: Sequence[_Unit], pairs: _Pairs) -> Iterator[Change]:
    if pairs:
        (first, begin), (last, end) = pairs[0], pairs[-1]
        yield Change(
            ChangeKind.KEPT,
            Span(olds[first].span.start, olds[last].span.end),
            Span(news[begin].span.start, news[end].span.end),
        )


def _tokens(text: str, span: Span) -> list[_Unit]:
    folded = fold_marks(span.of(text))
    return [
        _Unit(Span(span.start + match.start(), span.start + match.end()), match.group())
        for match in _TOKEN.finditer(folded)
    ]

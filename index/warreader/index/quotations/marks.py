"""Quotation marks: which stretches of text stand between them, and which of these are one quotation.

A state machine walks the marks of each kept line. Curly and angle marks say themselves whether they
open or close; straight ones are judged by their neighbours. The typesetter's rule that every paragraph of a
long quotation opens and only the last closes holds across lines and, where an outlet lost its line
breaks, within one line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from warreader.index.article import Line, LineKind, Span
from warreader.index.text import sentences

LONGEST_UNCLOSED = 1200
"""Code points after which an opening mark that nothing closes is taken to hold one sentence only."""

LONGEST_SINGLE = 600
"""Code points within which a single opening mark must find its closing one."""

NARRATOR_REACH = 60
"""Code points after a dash within marks in which a verb says that what follows isn't the speaker's."""

_MARK = re.compile("[“”„‟«»\"＂「」『』]|``|''")
_ATTRIBUTE = re.compile(r"([\w-]=)\"[^\"<>]*\"")
"""A value in left-over markup, whose marks quote nothing: href="..."."""
_OPENING = frozenset("“„‟«「『") | {"``"}
_CLOSING = frozenset("”»」』")
_BEFORE_OPENING = frozenset("([{—–-/“‘…:")
_AFTER_CLOSING = frozenset(".,;:!?)]}—–-/”’…")
_SENTENCE_FINAL = frozenset(".!?…")
_SINGLE_OPENING = re.compile(
    r"(?<![\w’'])[‘'‛](?=[^\W\d_]|[\"“(\[…])(?!(?:em|til|cause|tis|twas|round|bout|n)\b)"
)
_SINGLE_CLOSING = re.compile(r"(?<=[^\s‘'])[’'](?!\w)")
_CLOSED_SINGLE = re.compile(r"(?<=[^\W\d_][.!?])[’'](?=\s+[^\W_a-z])")
"""A single mark that closes what a double one opened: “Go.’ He left."""
_WORD = re.compile(r"[^\W_]")
_WORDS = re.compile(r"[^\W\d_]+")
_DASH = re.compile(r"(?<=[,.!?…])\s?[—–-]\s")


class _Role(Enum):
    OPEN = "open"
    CLOSE = "close"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch between marks. ``segments`` include the marks; several where it runs over paragraphs."""

    segments: tuple[Span, ...]
    single: bool = False

    @property
    def span(self) -> Span:
        """From the first segment's start to the last one's end."""
        return Span(self.segments[0].start, self.segments[-1].end)


def _role(text: str, start: int, end: int) -> _Role:
    mark = text[start:end]
    before = text[start - 1] if start else "\n"
    after = text[end] if end < len(text) else "\n"
    opens = before.isspace() or before in _BEFORE_OPENING
    closes = after.isspace() or after in _AFTER_CLOSING
    # “ also closes („so“), and »so« stands for «so» in some countries.
    if mark in _OPENING and not (mark in "“«" and closes and not opens):
        return _Role.OPEN
    if mark in _CLOSING and not (mark in "”»" and opens and not closes):
        return _Role.CLOSE
    if opens != closes:
        return _Role.OPEN if opens else _Role.CLOSE
    return _Role.EITHER


def _apostrophe(text: str, at: int) -> bool:
    """Whether a straight double mark stands for an apostrophe, as some keyboards have it: п"ять, l"été, L"État."""
    around = text[at - 1 : at + 2] if at else ""
    if around[1:2] != '"' or not around[0].isalpha() or not around[2:].isalpha():
        return False
    return around[2:].islower() or at < 2 or not text[at - 2].isalpha()


class _Machine:
    """Walks kept lines in order; ``groups`` are the quotations found so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.groups: list[list[Span]] = []
        self.opened: int | None = None
        self.open_mark = ""
        self.depth = 0
        self.pending = (
            False  # the last group was not closed: an opening mark in the next paragraph goes on with it
        )
        self.join = False  # the next segment belongs to the last group
        self.kind: LineKind | None = None

    def line(self, line: Line) -> None:
        """Take one line that isn't blank."""
        text = self.text
        if self.kind is not line.kind and LineKind.HEADLINE in (self.kind, line.kind):
            self.settle()
        self.kind = line.kind
        idle: set[int] = set()
        if text.find('="', line.start, line.end) >= 0:
            values = _ATTRIBUTE.finditer(text, line.start, line.end)
            idle = {at for m in values for at in (m.end(1), m.end() - 1)}
        found = [
            (m.start(), m.end(), _role(text, m.start(), m.end()))
            for m in _MARK.finditer(text, line.start, line.end)
            if m.start() not in idle and not _apostrophe(text, m.start())
        ]
        first = _first(text, line)
        if self.pending:
            self._resume(first, found)
        for number, (start, end, role) in enumerate(found):
            if role is _Role.EITHER or (
                self.open_mark == "„" and self.opened is not None and text[start] == "“"
            ):
                role = _Role.CLOSE if self.opened is not None else _Role.OPEN
            if role is _Role.OPEN:
                self._open(start, end, found[number + 1 : number + 3])
            else:
                self._close(start, end)
        if self.opened is not None:
            self._cut(line.end)
            self.pending = True

    def _resume(self, first: int, found: list[tuple[int, int, _Role]]) -> None:
        """An unclosed quotation goes on in this paragraph, or it ended with the last one."""
        if found and found[0][0] == first and found[0][2] is not _Role.CLOSE:
            self.join, self.pending = True, False
        elif found and found[0][2] is _Role.CLOSE and found[0][0] > first:
            self.opened, self.open_mark, self.join, self.pending = first, "", True, False
        else:
            self.settle()

    def settle(self) -> None:
        """No more paragraphs follow: a very long unclosed segment shrinks to its first sentence."""
        if self.pending and self.groups:
            last = self.groups[-1][-1]
            if len(last) > LONGEST_UNCLOSED:
                sentence = next(sentences(self.text, last.start, last.end), last)
                self.groups[-1][-1] = Span(last.start, min(sentence.end, last.start + LONGEST_UNCLOSED))
        self.pending = False

    def _open(self, start: int, end: int, ahead: list[tuple[int, int, _Role]]) -> None:
        if self.opened is not None:
            if len(ahead) == 2 and all(role is _Role.CLOSE for _, _, role in ahead):
                self.depth += 1
                return
            if (typo := _CLOSED_SINGLE.search(self.text, self.opened + 1, start)) is not None:
                self._store(self.opened, typo.end())
                self.opened, self.open_mark = start, self.text[start:end]
                return
            content_end = self._cut(start)
            # A missing close at the end of a sentence: lost paragraph breaks of one quotation.
            self.join = self.text[content_end - 1] in _SENTENCE_FINAL
        self.opened, self.open_mark, self.depth = start, self.text[start:end], 0

    def _close(self, start: int, end: int) -> None:
        if self.depth:
            self.depth -= 1
        elif self.opened is not None and not (self.text[start - 1].isdigit() and self._inch(start)):
            self._store(self.opened, end)

    def _inch(self, start: int) -> bool:
        """Whether a straight mark after a digit measures (6'2") rather than closes."""
        opened = start if self.opened is None else self.opened + len(self.open_mark)
        return self.text[start] in "\"'" and "'" in self.text[max(opened, start - 4) : start]

    def _cut(self, end: int) -> int:
        assert self.opened is not None
        while end > self.opened + 1 and self.text[end - 1].isspace():
            end -= 1
        self._store(self.opened, end)
        return end

    def _store(self, start: int, end: int) -> None:
        if self.join and self.groups:
            self.groups[-1].append(Span(start, end))
        else:
            self.groups.append([Span(start, end)])
        self.opened, self.join, self.depth = None, False, 0


def _has_words(text: str, spans: Sequence[Span]) -> bool:
    return any(_WORD.search(text, span.start, span.end) is not None for span in spans)


def _single(text: str, line: Line) -> list[Span]:
    """Stretches in single marks within one line."""
    found: list[Span] = []
    openings = [match.start() for match in _SINGLE_OPENING.finditer(text, line.start, line.end)]
    reached = line.start
    for number, start in enumerate(openings):
        if start < reached:
            continue
        limit = min(line.end, start + LONGEST_SINGLE, *openings[number + 1 : number + 2])
        # The lookahead of the closing mark must see past the limit: search on, stop by position.
        first_plural = end = None
        for match in _SINGLE_CLOSING.finditer(text, start + 2, min(line.end, limit + 1)):
            if text[match.start() - 1] not in "sS":
                end = match.end()
                break
            first_plural = first_plural or match.end()
        end = end or first_plural
        if end is not None and end - start > 3:
            found.append(Span(start, end))
            reached = end
    return found


def _inside(spans: list[Span], inner: Span) -> bool:
    """Whether one of the sorted, disjoint spans holds the inner one."""
    at = bisect_right(spans, inner.start, key=lambda span: span.start) - 1
    return at >= 0 and inner.end <= spans[at].end


def marked(text: str, lines: Sequence[Line]) -> list[Marked]:
    """What stands between quotation marks in the kept lines, in order, without overlaps.

    Args:
        text: an article's stored text.
        lines: its lines; captions and furniture are passed over as if they were not there.

    Returns:
        Spans in code points into ``text``, marks included.
    """
    machine = _Machine(text)
    kept = [line for line in lines if line.kept and text[line.start : line.end].strip()]
    for line in kept:
        machine.line(line)
    machine.settle()
    double = [group for group in machine.groups if _has_words(text, group)]
    segments = sorted(span for group in double for span in group)
    singles = [span for line in kept for span in _single(text, line)]
    singles = [span for span in singles if not _inside(segments, span)]
    outer = _around_whole(double, [span for span in singles if not _partial(segments, span)])
    result = [Marked(tuple(group)) for group in double if not all(_inside(outer, span) for span in group)]
    groups = _over_paragraphs(text, kept, outer, segments)
    result += [Marked(tuple(group), single=True) for group in groups]
    return sorted(result, key=lambda item: item.span)


def _around_whole(groups: Sequence[Sequence[Span]], singles: list[Span]) -> list[Span]:
    """The single-marked stretches but those that hold a part only of what is double-marked: they are misread."""
    while True:
        torn = [
            span
            for group in groups
            if not all(held := [_inside(singles, span) for span in group]) and any(held)
            for span in group
        ]
        if not torn:
            return singles
        singles = [one for one in singles if not any(one.overlaps(span) for span in torn)]


def without_narrator(text: str, group: Marked, verbs: Container[str]) -> Marked:
    """A stretch without who says it, where that stands within the marks: «Идём, — сказал Ли. — Пора».

    Args:
        text: the stored text.
        group: the stretch.
        verbs: forms that report, in lower case.
    """
    found: list[Span] = []
    for segment in group.segments:
        start = segment.start
        dashes = [match.span() for match in _DASH.finditer(text, segment.start, segment.end)]
        for (first, opened), (closed, after) in pairwise(dashes):
            words = _WORDS.findall(text, opened, min(closed, opened + NARRATOR_REACH))[:4]
            if first >= start and any(word.lower() in verbs for word in words):
                found.append(Span(start, first))
                start = after
        found.append(Span(start, segment.end))
    return group if len(found) == len(group.segments) else Marked(tuple(found), group.single)


def _over_paragraphs(
    text: str, kept: Sequence[Line], singles: list[Span], segments: list[Span]
) -> list[list[Span]]:
    """Single-marked stretches with the paragraphs before them that open with such a mark and don't close."""
    at = {span.start: number for number, span in enumerate(singles)}
    groups: list[list[Span]] = []
    joined: set[int] = set()
    pending: list[Span] = []
    for line in kept:
        opening = _SINGLE_OPENING.match(text, _first(text, line), line.end)
        number = at.get(opening.start()) if opening is not None else None
        if number is not None and pending:
            groups.append([*pending, singles[number]])
            joined.add(number)
            pending = []
        elif opening is not None and number is None:
            whole = Span(opening.start(), line.start + len(text[line.start : line.end].rstrip()))
            clear = not _touched(singles, whole) and not _touched(segments, whole)
            if clear and len(whole) <= LONGEST_UNCLOSED:
                pending.append(whole)
            else:
                pending = []
        else:
            pending = []
    return groups + [[span] for number, span in enumerate(singles) if number not in joined]


def _touched(spans: list[Span], span: Span) -> bool:
    """Whether one of the sorted, disjoint spans overlaps the other."""
    at = bisect_right(spans, span.end - 1, key=lambda one: one.start) - 1
    return at >= 0 and spans[at].end > span.start


def _first(text: str, line: Line) -> int:
    at = line.start
    while at < line.end and text[at].isspace():
        at += 1
    return at


def _partial(segments: list[Span], single: Span) -> bool:
    """Whether a double-marked segment crosses the single-marked one's border: that is then a misreading."""
    at = bisect_right(segments, single.start, key=lambda span: span.start)
    if at and segments[at - 1].overlaps(single):
        return True
    last = bisect_right(segments, single.end - 1, key=lambda span: span.start) - 1
    return last >= 0 and segments[last].start < single.end < segments[last].end

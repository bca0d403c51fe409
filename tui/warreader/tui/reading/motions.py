"""Motions of the cursor: from an offset to an offset, in vim's hands."""

from __future__ import annotations

import re
from collections.abc import Callable

from warreader.index.api import Span, sentences
from warreader.tui.reading.layout import Layout, is_joined

_WORD = re.compile(r"[\w'’]+|[^\w\s'’]+")
_WINDOW = 2000
_FAR = 20_000
"""Code points before an offset in which a sentence begins; there are longer ones, but few."""


def right(text: str, offset: int) -> int:
    """The next character's offset, over combining marks and joiners."""
    offset = min(offset + 1, len(text))
    while is_joined(text, offset):
        offset += 1
    return offset


def left(text: str, offset: int) -> int:
    """The previous character's offset."""
    offset = max(offset - 1, 0)
    while is_joined(text, offset):
        offset -= 1
    return offset


def _word(layout: Layout, offset: int) -> int:
    current = _WORD.match(layout.text, offset)
    found = _WORD.search(layout.text, current.end() if current else offset)
    return found.start() if found else _last(layout, offset)


def _word_back(layout: Layout, offset: int) -> int:
    base = max(0, offset - _WINDOW)
    starts = [found.start() for found in _WORD.finditer(layout.text, base, offset)]
    return starts[-1] if starts else base


def _word_end(layout: Layout, offset: int) -> int:
    found = _WORD.search(layout.text, min(offset + 1, len(layout.text)))
    if found is None:
        return _last(layout, offset)
    return max(found.start(), found.end() - 1)


def _line_start(layout: Layout, offset: int) -> int:
    return layout.lines[layout.line_of(offset)].start


def _line_end(layout: Layout, offset: int) -> int:
    line = layout.lines[layout.line_of(offset)]
    return max(line.start, left(layout.text, line.end) if line.end > line.start else line.end)


def _paragraph(layout: Layout, offset: int) -> int:
    for line in layout.lines[layout.line_of(offset) + 1 :]:
        if layout.text[line.start : line.end].strip() and not layout.hides(line.start):
            return line.start
    return _last(layout, offset)


def _paragraph_back(layout: Layout, offset: int) -> int:
    number = layout.line_of(offset)
    if offset > layout.lines[number].start:
        return layout.lines[number].start
    for line in reversed(layout.lines[:number]):
        if layout.text[line.start : line.end].strip() and not layout.hides(line.start):
            return line.start
    return 0


def _first(_layout: Layout, _offset: int) -> int:
    return 0


def _last(layout: Layout, _offset: int) -> int:
    return _line_end(layout, len(layout.text))


def _left(layout: Layout, offset: int) -> int:
    return left(layout.text, offset)


def _right(layout: Layout, offset: int) -> int:
    return min(right(layout.text, offset), len(layout.text))


MOTIONS: dict[str, Callable[[Layout, int], int]] = {
    "left": _left,
    "right": _right,
    "word": _word,
    "word_back": _word_back,
    "word_end": _word_end,
    "line_start": _line_start,
    "line_end": _line_end,
    "paragraph": _paragraph,
    "paragraph_back": _paragraph_back,
    "first": _first,
    "last": _last,
}
"""Motions along the text, by name; those along rows (up, down, pages) are the view's."""


def settle(layout: Layout, offset: int, *, forward: bool) -> int:
    """The nearest offset that is shown: steps over folded text the way the motion went."""
    offset = max(0, min(offset, len(layout.text)))
    number = layout.row_of(offset)
    step = 1 if forward else -1
    while 0 <= number < len(layout.rows) and (layout.rows[number].folded or layout.rows[number].space):
        number += step
    if not 0 <= number < len(layout.rows):
        return settle(layout, offset, forward=not forward) if not _all_folded(layout) else 0
    row = layout.rows[number]
    if row.start <= offset <= row.end:
        return offset
    return row.start if forward else layout.offset_at(number, 10**9)


def _all_folded(layout: Layout) -> bool:
    return all(row.folded or row.space for row in layout.rows)


def word_at(layout: Layout, offset: int) -> Span:
    """The word at an offset, or the one before it."""
    text = layout.text
    start = _word_back(layout, right(text, offset))
    return Span(start, right(text, _word_end(layout, start - 1)))


def sentence_from(layout: Layout, offset: int) -> Span | None:
    """The sentence around an offset, or else the next one that is shown."""
    for line in layout.lines[layout.line_of(offset) :]:
        found = _sentence_at(layout.text, Span(line.start, line.end), max(offset, line.start))
        if found is not None and not layout.hides(found.start):
            return found
    return None


def paragraph_from(layout: Layout, offset: int) -> Span | None:
    """The paragraph around an offset, without the space around it, or else the next one that is shown."""
    for line in layout.lines[layout.line_of(offset) :]:
        text = layout.text[line.start : line.end]
        start, end = line.start + len(text) - len(text.lstrip()), line.start + len(text.rstrip())
        if start < end and end > offset and not layout.hides(start):
            return Span(start, end)
    return None


def _sentence_at(text: str, line: Span, offset: int) -> Span | None:
    """The sentence around an offset within its line, or the next one there."""
    # Of a line that is a book, not all before the offset is read. What is found first may have begun before.
    for begin in dict.fromkeys((max(line.start, offset - _FAR), line.start)):
        first = begin > line.start
        for sentence in sentences(text, begin, line.end):
            if offset < sentence.end:
                if first:
                    break
                return sentence
            first = False
        else:
            return None
    return None

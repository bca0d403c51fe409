"""An article's text laid out in rows of a given width, computed once; styles come later, row by row."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import get_character_cell_size

from warreader.index.api import Line, LineKind, visible

# Code points that every terminal shows one cell wide: such lines wrap by counting.
_NARROW = re.compile(
    "[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u03ff\u0400-\u0482\u048a-\u052f"
    "\u2010-\u2027\u2030-\u203b\u203d-\u2048\u20a0-\u20bf\u2400-\u2421]*"
)
# Ideographs, kana, hangul and their punctuation, without marks that join what is before them: two cells each.
_WIDE = re.compile("[\u3001-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*")
# What ends a paragraph, rather than an item of a list.
_ENDS = frozenset(".!?…:;\"”’'»)。！？")
_JOINER = "\u200d"
_MOST_IN_ROW = 2_000
"""Code points of a row."""


class Row(NamedTuple):
    """A row on the screen: code points ``start`` to ``end`` of the article, in line ``line``.

    A row with ``folded`` > 0 stands for that many lines that aren't shown. A
    ``space`` row is only air between paragraphs: no offset is shown in it.
    """

    line: int
    start: int
    end: int
    folded: int = 0
    space: bool = False

    def holds(self, offset: int) -> bool:
        """Whether an offset is in the row, or at its end."""
        return self.start <= offset <= self.end


def cells(text: str) -> int:
    """Width in terminal cells, counted code point by code point."""
    if _NARROW.fullmatch(text):
        return len(text)
    return sum(map(get_character_cell_size, text))


def is_joined(text: str, offset: int) -> bool:
    """Whether the code point at ``offset`` belongs to the one before it (combining mark, joined emoji)."""
    if not 0 < offset < len(text) or text[offset] == "\n" or text[offset - 1] == "\n":
        return False
    return text[offset - 1] == _JOINER or (
        text[offset] > "\u02ff" and get_character_cell_size(text[offset]) == 0
    )


def wrap(text: str, width: int, start: int = 0, end: int | None = None) -> list[int]:
    """Offsets in ``text[start:end]``, a line, at which a new row begins, never inside a joined sequence.

    Breaks after white space, or after a wide (CJK) character, or where a word is longer than the row. The line is
    read row by row: one of millions of code points is never copied, and other threads get their turn.
    """
    width = max(width, 2)
    limit = len(text) if end is None else end
    breaks: list[int] = []
    while (start := _row_end(text, start, limit, width)) < limit:
        breaks.append(start)
    return breaks


def _row_end(text: str, start: int, limit: int, width: int) -> int:
    """Where the row ends that begins at ``start``."""
    # One more than fits: a mark that follows belongs to what is before it.
    if not _NARROW.fullmatch(text, start, min(start + width + 2, limit)):
        shown = visible(text[start : min(start + width + 2, limit)])
        if not _NARROW.fullmatch(shown):
            return _wide_row_end(text, start, limit, width)
    if limit - start <= width:
        return limit
    space = max(text.rfind(white, start, start + width + 1) for white in " \t")
    return space + 1 if space > start else start + width


def _wide_row_end(text: str, start: int, limit: int, width: int) -> int:
    if _WIDE.fullmatch(text, start, min(start + width // 2 + 2, limit)):
        return min(start + width // 2, limit)
    # Marks that take no room don't fill a row: it ends all the same, or a text of nothing else would be one.
    most = min(limit, start + _MOST_IN_ROW)
    for stop in (min(most, start + 2 * width), most):
        last, used, may_end = start, 0, False
        for index, char in enumerate(visible(text[start:stop]), start):
            size = get_character_cell_size(char)
            space = char.isspace()
            if used + size > width and not (space and used <= width) and not is_joined(text, index):
                return last if last > start else index
            used += size
            # What takes no room belongs to what is before it: after a wide character with its mark a row may end, too.
            may_end = space or size == 2 or (may_end and is_joined(text, index))
            if may_end and not is_joined(text, index + 1):
                last = index + 1
    return most


class Layout:
    """Rows of an article for one width.

    Args:
        text: the stored text.
        lines: its lines.
        width: cells a row.
        folded: leave out furniture, with one row to say how much.
    """

    def __init__(self, text: str, lines: Sequence[Line], width: int, *, folded: bool) -> None:
        self.text = text
        self.lines = lines
        self.width = width
        self.folded = folded
        self.rows: list[Row] = []
        self.line_starts = [line.start for line in lines]
        self._build()
        self.starts = [row.start for row in self.rows]

    def _build(self) -> None:
        number, count = 0, len(self.lines)
        while number < count:
            line = self.lines[number]
            if self.folded and line.kind is LineKind.FURNITURE:
                last, hidden = self._fold_from(number)
                self.rows.append(Row(number, line.start, self.lines[last].end, hidden))
                number = last + 1
                continue
            start = line.start
            for cut in wrap(self.text, self.width, line.start, line.end):
                self.rows.append(Row(number, start, cut))
                start = cut
            self.rows.append(Row(number, start, line.end))
            number += 1
            if number < count and self._wants_air(line, self.lines[number]):
                # It starts where the next row does, so that no search by offset ever ends in it.
                below = self.lines[number].start
                self.rows.append(Row(number, below, below, space=True))

    def _wants_air(self, line: Line, below: Line) -> bool:
        """Whether two paragraphs stand on one another without a blank line between them."""
        if line.kind is LineKind.FURNITURE and below.kind is LineKind.FURNITURE:
            return False
        return self._is_paragraph(line) and self._is_paragraph(below)

    def _is_paragraph(self, line: Line) -> bool:
        if line.end - line.start > self.width:
            return True
        return self.shown(line.start, line.end).rstrip()[-1:] in _ENDS

    def shown(self, start: int, end: int) -> str:
        """A stretch of the text, fit to be shown; as long as what is stored."""
        return visible(self.text[start:end])

    def _fold_from(self, first: int) -> tuple[int, int]:
        """The last line of a run of furniture (blank lines inside it included), and how many it hides."""
        last, hidden, number = first, 0, first
        while number < len(self.lines):
            line = self.lines[number]
            if line.kind is LineKind.FURNITURE:
                last = number
                hidden += 1
            elif line.end > line.start and self.text[line.start : line.end].strip():
                break
            number += 1
        return last, hidden

    def row_of(self, offset: int) -> int:
        """The row that shows (or hides) an offset."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def line_of(self, offset: int) -> int:
        """The line that holds an offset."""
        return max(0, bisect_right(self.line_starts, offset) - 1)

    def cell_of(self, offset: int) -> int:
        """The column, in cells, of an offset within its row."""
        row = self.rows[self.row_of(offset)]
        return 0 if row.folded else cells(self.shown(row.start, offset))

    def offset_at(self, number: int, cell: int) -> int:
        """The offset at a column of a row, or the row's last."""
        row = self.rows[max(0, min(number, len(self.rows) - 1))]
        if row.folded:
            return row.start
        used = 0
        # The last place of a wrapped row belongs to the next one.
        limit = row.end - 1 if row.end < self.lines[row.line].end else row.end
        for offset, char in enumerate(self.shown(row.start, max(limit, row.start)), row.start):
            used += get_character_cell_size(char)
            if used > cell:
                return offset
        return max(limit, row.start)

    def hides(self, offset: int) -> bool:
        """Whether an offset lies in folded text."""
        return bool(self.rows and self.rows[self.row_of(offset)].folded)

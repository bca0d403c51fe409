"""Which lines on the pages of a PDF are one paragraph: by columns, indents, gaps, sizes and where lines end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from warreader.index.ingest.pdf_lines import HYPHEN, Line

_SENTENCE_END = re.compile(r"[.!?…:。！？：؟۔।][\"'”’»）」』)\]]*$")
_BULLET = re.compile(r"[•●▪◦‣∙–—*-]\s|\(?\d{1,2}[.)]\s")
UNSPACED = re.compile("[\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffee]")
"""Signs of scripts written without blanks: at a line's end or beginning there is none to be added."""
_LEADER = re.compile(r"(?:[.…·_] ?){4}\s*+(?:\d++|[ivxl]++)?$", re.IGNORECASE)
"""The end of a line in a table of contents."""
_LONGEST_HEADING = 120
_GAP = 1.35
"""From how many usual steps on two lines are set apart."""
_SHOWN = 5
"""Lines under one another by which a column is known."""
_STRIP = 20
"""Points: how finely a page is cut into strips from side to side."""


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, one after another."""

    lines: list[Line] = field(default_factory=list)
    furniture: bool = False

    @property
    def size(self) -> float:
        """The usual size of its lines."""
        return median(line.size for line in self.lines)

    @property
    def last(self) -> Line:
        """The last line but for raised numbers and the like."""
        first = self.lines[0].size
        return next(line for line in reversed(self.lines) if line.size >= 0.8 * first)


def joined(lines: Sequence[Line]) -> list[Paragraph]:
    """Lines joined to paragraphs. Furniture and footnotes that interrupt one come after it."""
    columns = _Columns(lines)
    found: list[Paragraph] = []
    waiting: list[Paragraph] = []
    current: Paragraph | None = None
    note: Paragraph | None = None
    for line in lines:
        if line.furniture:
            waiting.append(Paragraph([line], furniture=True))
        elif note is not None and columns.is_note(line, current) and columns.joins(note, line):
            note.lines.append(line)
        elif columns.is_note(line, current):
            note = Paragraph([line])
            waiting.append(note)
        elif current is not None and columns.joins(current, line):
            current.lines.append(line)
        else:
            found += ([current] if current else []) + waiting
            waiting, note = [], None
            leads = _LEADER.search(line.text) is not None
            current = Paragraph([line], furniture=leads)
    return found + ([current] if current else []) + waiting


def _in_row(line: Line, following: Line) -> bool:
    """Whether the second stands right behind the first, as a raised number or a table's next cell does."""
    shared = min(line.top, following.top) - max(line.bottom, following.bottom)
    beside = following.left >= line.right - 0.2 * line.size
    return line.page == following.page and beside and shared > 0.3 * min(line.size, following.size)


class _Columns:
    """Where the columns' edges are and how far apart lines stand, from which paragraphs are told."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._by_page: dict[int, list[Line]] = {}
        for line in lines:
            if not line.furniture:
                self._by_page.setdefault(line.page, []).append(line)
        self._edges: dict[int, tuple[float, float]] = {}
        self._rightmost: dict[int, float] = {}
        for found in self._by_page.values():
            self._find_edges(found)
        self._steps = self._usual_steps()
        self._feet = {id(line) for found in self._by_page.values() for line in _feet(found)}
        sizes: Counter[float] = Counter()
        for found in self._by_page.values():
            for line in found:
                sizes[round(line.size, 1)] += len(line.text)
        self._body = sizes.most_common(1)[0][0] if sizes else 0.0

    def _usual_steps(self) -> dict[float, float]:
        """From line to line within paragraphs, by the size of the letters; the body's under 0."""
        steps: dict[float, Counter[float]] = {}
        for lines in self._by_page.values():
            for line, following in pairwise(lines):
                step = line.bottom - following.bottom
                if 0 < step < 4 * line.size and _below(line, following):
                    steps.setdefault(round(line.size), Counter())[round(step)] += 1
        # Where paragraphs are short, the steps between them may be as many as those within.
        usual = {
            size: min(step for step, count in found.items() if 4 * count >= max(found.values()))
            for size, found in steps.items()
            if found.total() >= _SHOWN
        }
        most = max(steps, key=lambda size: (steps[size].total(), size), default=0)
        usual[0] = usual.get(most, 1.2 * most) / max(most, 1.0)
        return usual

    def _leading(self, line: Line) -> float:
        """The usual step from a line of this size to the next."""
        own = self._steps.get(round(line.size)) or self._steps[0] * line.size
        return max(own, 0.9 * line.size)

    def _find_edges(self, lines: Sequence[Line]) -> None:
        """Note for each line the left and right edge of the column in which it stands.

        A column is what is written from top to bottom in letters of one size, and ends where another
        stands beside it.
        """
        runs: list[list[Line]] = []
        last: Line | None = None
        for line in lines:
            small = last is not None and line.size < 0.8 * last.size
            if last is not None and (
                _in_row(runs[-1][-1], line) or (small and last.bottom - line.size < line.bottom)
            ):
                runs[-1].append(line)
                continue
            if last is not None and _below(last, line):
                runs[-1].append(line)
            else:
                runs.append([line])
            last = line
        beside = _beside(lines)
        for run in runs:
            # Few lines show no column: then what begins at the same place on the page does.
            shown = run if len(run) >= _SHOWN else [line for line in lines if _level(line, run[0])]
            left, right = min(line.left for line in shown), max(line.right for line in shown)
            for line in run:
                self._edges[id(line)] = (
                    left,
                    max(line.right, min(right, beside[id(line)] - 0.5 * line.size)),
                )
        self._rightmost[lines[0].page] = max(line.right for line in lines)

    def is_note(self, line: Line, current: Paragraph | None) -> bool:
        """Whether a line at a page's foot, in smaller letters, interrupts a paragraph that goes on elsewhere."""
        if current is None or id(line) not in self._feet or line.page != current.lines[-1].page:
            return False
        return line.size < 0.93 * current.size and _SENTENCE_END.search(current.last.text) is None

    def joins(self, paragraph: Paragraph, line: Line) -> bool:
        """Whether a line belongs to a paragraph begun."""
        if _LEADER.search(paragraph.lines[-1].text):
            return False
        return _in_row(paragraph.lines[-1], line) or self._goes_on(paragraph.last, line)

    def _goes_on(self, line: Line, following: Line) -> bool:
        if abs(line.size - following.size) > 0.12 * max(line.size, following.size):
            return False
        if line.text.endswith(HYPHEN):
            return True
        if (
            line.bold != following.bold
            and not following.text[:1].islower()
            and len(line.text) < _LONGEST_HEADING
        ):
            return False
        ends = _SENTENCE_END.search(line.text) is not None
        small = following.text[:1].islower()
        if _BULLET.match(following.text) and (ends or self._leaves_room(line, following)):
            return False
        step = line.bottom - following.bottom
        if line.page != following.page or step <= 0:
            # Into the next column or page, where neither gap nor place tells anything.
            return small or not (ends or self._leaves_room(line, following))
        if step > _GAP * self._leading(line):
            return False
        if line.size > 1.2 * self._body:
            # A headline's lines are broken by sense.
            return not ends or not self._leaves_room(line, following)
        if small and not ends:
            return True
        indent = following.left - self._edges[id(following)][0]
        indented = indent > 0.7 * following.size and following.left - line.left > 0.5 * following.size
        return not indented and not self._leaves_room(line, following)

    def _leaves_room(self, line: Line, following: Line) -> bool:
        """Whether the next line's first word would have fitted: then the line was ended on purpose."""
        first = following.text.split(" ", 1)[0]
        if UNSPACED.match(first):
            first = first[:2]
        width = (following.right - following.left) / max(len(following.text), 1) * (len(first) + 1)
        edge = self._rightmost[line.page] if _centred(line, following) else self._edges[id(line)][1]
        return edge - line.right > 1.3 * width


def _below(line: Line, following: Line) -> bool:
    """Whether the second may stand under the first in the same column."""
    alike = abs(line.size - following.size) <= 0.12 * max(line.size, following.size)
    return alike and _level(line, following) and following.bottom < line.bottom


def _level(line: Line, other: Line) -> bool:
    """Whether two lines begin at about the same distance from the page's edge."""
    return abs(line.left - other.left) <= 4 * max(line.size, 1.0)


def _centred(line: Line, following: Line) -> bool:
    """Whether two lines are centred under one another."""
    apart = abs(line.left + line.right - following.left - following.right) / 2
    return apart < 0.3 * line.size and abs(line.left - following.left) > line.size


def _beside(lines: Sequence[Line]) -> dict[int, float]:
    """For each line, by its ``id``, where the next one to its right begins, at the same height."""
    by_height: dict[int, list[Line]] = {}
    for line in lines:
        by_height.setdefault(round((line.bottom + line.top) / 20), []).append(line)
    found = {}
    for line in lines:
        middle = round((line.bottom + line.top) / 20)
        others = (other for height in (middle - 1, middle, middle + 1) for other in by_height.get(height, ()))
        found[id(line)] = min(
            (
                other.left
                for other in others
                if other.left >= line.right and other.bottom < line.top and other.top > line.bottom
            ),
            default=float("inf"),
        )
    return found


def _feet(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of a page below which, in their column, only such of about their size stand: notes, if it is small."""
    lowest: dict[int, float] = {}
    for line in sorted(lines, key=lambda line: line.bottom):
        across = range(int(line.left // _STRIP), int(line.right // _STRIP) + 1)
        foot = line.size <= 1.08 * min(lowest.get(strip, line.size) for strip in across)
        lowest.update((strip, lowest.get(strip, line.size) if foot else 0.0) for strip in across)
        if foot:
            yield line

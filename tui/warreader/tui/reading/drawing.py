"""A row of an article as cells of the screen: margin with its sign, text with all that is painted on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from warreader.tui.reading import motions
from warreader.tui.reading.layers import Layer, Painted, stretches
from warreader.tui.reading.layout import Layout, Row
from warreader.tui.reading.paint import Paint

MEASURE = 92
"""The longest row in cells: longer ones tire the eye."""

_GUTTER = 2


def row_width(width: int) -> int:
    """The cells that text has on a screen of ``width`` cells."""
    return min(MEASURE, max(8, width - _GUTTER - 1))


@dataclass(frozen=True, slots=True)
class Drawing:
    """How rows are drawn.

    Attributes:
        width: the cells of the screen.
        base: what lies under all.
        layers: what is painted on the text, the lowest first.
        cursor: its offset, if it is shown.
    """

    layout: Layout
    width: int
    base: Style
    paint: Paint
    layers: Sequence[Layer]
    cursor: int | None

    def row(self, number: int, sign: str | None) -> Strip:
        """Draw a row.

        Args:
            number: the row's, from 0.
            sign: the style of the sign in its margin, if it has one.
        """
        row = self.layout.rows[number]
        margin = max(0, (self.width - _GUTTER - MEASURE) // 2)
        signed = Segment("▎ " if sign else "  ", self.base + self.paint.combine((sign or "gutter",)))
        body = self._fold(row) if row.folded else Strip(list(self._text(row)))
        body = body.adjust_cell_length(max(0, self.width - margin - _GUTTER), self.base)
        # Where the mouse is in the document, Textual finds out from these.
        body = body.apply_offsets(row.start - self.layout.lines[row.line].start, row.line)
        return Strip.join([Strip([Segment(" " * margin, self.base), signed]), body])

    def _fold(self, row: Row) -> Strip:
        lines = "line" if row.folded == 1 else "lines"
        at_cursor = self.cursor is not None and row.holds(self.cursor)
        names = ("dimmed", "cursor") if at_cursor else ("dimmed",)
        style = self.base + self.paint.combine(names)
        return Strip([Segment(f"┄┄ {row.folded} {lines} of furniture ┄┄", style)])

    def _text(self, row: Row) -> Iterator[Segment]:
        line = self.layout.lines[row.line]
        own = f"line.{line.kind.value}"
        layers = [*self.layers]
        at_end = self.cursor == row.end == line.end
        if self.cursor is not None and (at_end or row.start <= self.cursor < row.end):
            end = motions.right(self.layout.text, self.cursor)
            layers.append(Layer([Painted(self.cursor, end, "cursor")]))
        for start, end, names in stretches(row.start, row.end, layers):
            if end > start:
                yield Segment(self.layout.shown(start, end), self.base + self.paint.combine((own, *names)))
        if at_end:
            yield Segment(" ", self.base + self.paint.combine(("cursor",)))

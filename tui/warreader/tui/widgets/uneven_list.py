"""A list of rows each as high as it needs: where a row begins is counted once for the width there is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from textual.geometry import Region
from textual.strip import Strip

from warreader.tui.widgets.row_list import Draw, RowList


class UnevenList(RowList):
    """Rows of different heights. For some hundred: all of them are measured, though only those in sight are drawn.

    Args:
        draw: draws a row, when it comes to the screen.
        height: how many lines a row needs in a width in cells; cheap, as it is asked of every row.
    """

    # The width is the same with and without a scrollbar: nothing has to be measured twice.
    DEFAULT_CSS = """
    UnevenList { scrollbar-gutter: stable; }
    """

    def __init__(self, draw: Draw, height: Callable[[str, int], int], *, id: str | None = None) -> None:
        super().__init__(draw, id=id)
        self._height_for = height
        self._tops: Sequence[int] = (0,)
        self._room = 0

    def fill(self, ids: Sequence[str], *, lines: int = 2, places: Mapping[str, int] | None = None) -> None:
        """Replace all rows; ``lines`` is left to the rows themselves."""
        self._room = 0
        super().fill(ids, lines=lines, places=places)

    def _measure(self) -> None:
        room = self.scrollable_content_region.width - 2
        if room < 1:
            self._tops = [0] * (len(self._ids) + 1)
        elif room != self._room:
            self._room = room
            heights = (self._height_for(row_id, room) for row_id in self._ids)
            self._tops = list(accumulate(heights, initial=0))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the screen. When first painted, the width is known and no size was told yet."""
        if self._room != self.scrollable_content_region.width - 2:
            self._size_up()
        return super().render_lines(crop)

    def _size_up(self) -> None:
        self._measure()
        super()._size_up()

    def _top(self, place: int) -> int:
        return self._tops[place]

    def _height_of(self, place: int) -> int:
        return self._tops[place + 1] - self._tops[place]

    def _place_at(self, line: int) -> int:
        return bisect_right(self._tops, line) - 1

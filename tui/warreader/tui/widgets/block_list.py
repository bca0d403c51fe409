"""A list of texts of any height: each wrapped once for the width there is, painted as it comes to the screen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip

from warreader.tui.widgets.row_list import RowList


class BlockList(RowList):
    """Texts with ids, as many lines high as they need. For some hundred: all of them are measured."""

    # The width is the same with and without a scrollbar: nothing has to be wrapped twice.
    DEFAULT_CSS = """
    BlockList { scrollbar-gutter: stable; }
    """

    LOOKED_AROUND_IN = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(lambda row_id, width, lines: (), id=id)  # noqa: ARG005
        self._blocks: Mapping[str, Content] = {}
        self._wrapped: Sequence[Sequence[Content]] = ()
        self._tops: Sequence[int] = (0,)
        self._room = 0

    def show(self, blocks: Mapping[str, Content]) -> None:
        """Replace all texts; the highlighted one stays, by id, if it can."""
        self._blocks = blocks
        self._room = 0
        self.fill(list(blocks))

    @property
    def texts(self) -> Sequence[str]:
        """What is listed."""
        return [block.plain for block in self._blocks.values()]

    def _measure(self, ids: Sequence[str]) -> None:
        room = self.scrollable_content_region.width - 2
        if room < 1:
            self._wrapped, self._tops = [()] * len(ids), [0] * (len(ids) + 1)
        elif room != self._room:
            self._room = room
            self._wrapped = [self._blocks[row_id].wrap(room) for row_id in ids]
            self._tops = list(accumulate(map(len, self._wrapped), initial=0))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the screen. When first painted, the width is known and no size was told yet."""
        if self._room != self.scrollable_content_region.width - 2:
            self._size_up()
        return super().render_lines(crop)

    def _size_up(self) -> None:
        self._measure(self._ids)
        super()._size_up()

    def _top(self, place: int) -> int:
        return self._tops[place]

    def _height_of(self, place: int) -> int:
        return self._tops[place + 1] - self._tops[place]

    def _place_at(self, line: int) -> int:
        return bisect_right(self._tops, line) - 1

    def _drawn(self, place: int, room: int) -> Sequence[Content]:  # noqa: ARG002
        return self._wrapped[place]

"""A list of texts of any height: each wrapped once for the width there is, painted as it comes to the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from warreader.tui.widgets.uneven_list import UnevenList


class BlockList(UnevenList):
    """Texts with ids, as many lines high as they need. For some hundred: all of them are wrapped."""

    LOOKED_AROUND_IN = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(self._draw_block, self._wrap, id=id)
        self._blocks: Mapping[str, Content] = {}
        self._wrapped: dict[str, Sequence[Content]] = {}

    def show(self, blocks: Mapping[str, Content]) -> None:
        """Replace all texts; the highlighted one stays, by id, if it can."""
        self._blocks = blocks
        self._wrapped.clear()
        self.fill(list(blocks))

    @property
    def texts(self) -> Sequence[str]:
        """What is listed."""
        return [block.plain for block in self._blocks.values()]

    def _wrap(self, row_id: str, room: int) -> int:
        lines = self._wrapped[row_id] = self._blocks[row_id].wrap(room)
        return len(lines)

    def _draw_block(self, row_id: str, width: int, lines: int) -> Sequence[Content]:  # noqa: ARG002
        return self._wrapped[row_id]

"""A list of texts of any height: each wrapped once for the width there is, painted as it comes to the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.content import Content

from warreader.tui.widgets.uneven_list import UnevenList


class BlockList(UnevenList):
    """Texts with ids, as many lines high as they need. For some hundred: all of them are wrapped."""

    LOOKED_AROUND_IN = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(lambda row_id, width, lines: (), lambda row_id, room: 0, id=id)  # noqa: ARG005
        self._blocks: Mapping[str, Content] = {}
        self._wrapped: Sequence[Sequence[Content]] = ()

    def show(self, blocks: Mapping[str, Content]) -> None:
        """Replace all texts; the highlighted one stays, by id, if it can."""
        self._blocks = blocks
        self.fill(list(blocks))

    @property
    def texts(self) -> Sequence[str]:
        """What is listed."""
        return [block.plain for block in self._blocks.values()]

    def _heights(self, room: int) -> Iterable[int]:
        self._wrapped = [self._blocks[row_id].wrap(room) for row_id in self._ids]
        return map(len, self._wrapped)

    def _drawn(self, place: int, room: int) -> Sequence[Content]:  # noqa: ARG002
        return self._wrapped[place]

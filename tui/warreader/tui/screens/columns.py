"""Which panes are on the screen: three columns where it is wide, two or one where it is narrow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PANES = ("articles", "text", "entities", "quotations", "notes")
SIDE = ("entities", "quotations", "notes")
TWO_COLUMNS = 90
THREE_COLUMNS = 130
STACKED_ROWS = 36
"""From this height on the three side panes stand under one another."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What to show: pane to whether it is visible, and whether articles and side share the width with the text."""

    visible: Mapping[str, bool]
    alone: bool


def arrange(width: int, height: int, active: str, side: str, beside: str, *, maximised: bool) -> Arrangement:
    """Decide what is visible.

    Args:
        width: cells.
        height: rows.
        active: the pane with the focus.
        side: the side pane used last.
        beside: with two columns, what stands beside the text: ``articles`` or ``side``.
        maximised: show the active pane alone.
    """
    if maximised or width < TWO_COLUMNS:
        return Arrangement({pane: pane == active for pane in PANES}, alone=True)
    wide = width >= THREE_COLUMNS
    with_side = wide or beside == "side"
    stacked = height >= STACKED_ROWS
    visible = {pane: with_side and (stacked or pane == side) for pane in SIDE}
    visible |= {"text": True, "articles": wide or beside == "articles"}
    return Arrangement(visible, alone=False)

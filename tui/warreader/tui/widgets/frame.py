"""What stands in the frame of a pane."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget


def write_below(pane: Widget, told: Content) -> None:
    """Write in a pane's lower frame: that line is painted, and only if it says something else.

    Assigned as Textual has it, it has all of the pane drawn again: counts change with every letter typed.
    """
    if pane.border_subtitle == told.markup:
        return
    size, inside = pane.outer_size, pane.content_offset
    if not size:
        pane.border_subtitle = told
        return
    pane._border_subtitle = told
    pane.refresh(Region(-inside.x, size.height - 1 - inside.y, size.width, 1))

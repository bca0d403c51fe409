"""Which panes are on the screen: three columns where it is wide, two or one where it is narrow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from warreader.tui.screens.reader import ReaderScreen

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


class Columns:
    """Which pane is active, and what is on the screen for it."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self.active = "text"
        self._side = "entities"
        self._beside = "articles"
        self.maximised = False

    def arrange(self) -> None:
        """Show and hide panes for the size there is."""
        screen = self._screen
        width, height = screen.app.size
        shown = arrange(width, height, self.active, self._side, self._beside, maximised=self.maximised)
        for name, visible in shown.visible.items():
            screen.pane(name).display = visible
        screen.query_one("#side").display = any(shown.visible[name] for name in SIDE)
        all_three = shown.visible["articles"] and shown.visible[self._side]
        screen.set_class(shown.alone, "-alone")
        screen.set_class(not shown.alone and not all_three, "-two")
        if any(not shown.visible[name] for name in PANES if screen.pane(name).has_focus_within):
            # Textual would pass the focus on to whatever comes next, on the screen or not.
            self._to_list()

    def focus(self, name: str) -> None:
        """Go to a pane, showing it if it is hidden."""
        self.active = name
        if name in SIDE:
            self._side, self._beside = name, "side"
        elif name == "articles":
            self._beside = "articles"
        self.arrange()
        self._to_list()

    def _to_list(self) -> None:
        screen = self._screen
        lists: dict[str, Widget] = {
            "articles": screen.articles.rows,
            "entities": screen.entities.rows,
            "notes": screen.notes.rows,
        }
        screen.set_focus(lists.get(self.active) or screen.pane(self.active))

    def show_articles(self) -> None:
        """Show the articles' pane, whatever in it has the focus."""
        self.active, self._beside = "articles", "articles"
        self.arrange()

    def step(self, by: int) -> None:
        """To the next or previous pane."""
        self.focus(PANES[(PANES.index(self.active) + by) % len(PANES)])

    def maximise(self) -> None:
        """Show the active pane alone, or all again."""
        self.maximised = not self.maximised
        self.arrange()

    def follow_focus(self, widget: Widget) -> None:
        """Keep track of the active pane when the mouse moved the focus."""
        for ancestor in widget.ancestors_with_self:
            for name in PANES:
                if ancestor is self._screen.pane(name):
                    self.active = name
                    if name in SIDE:
                        self._side = name
                    return

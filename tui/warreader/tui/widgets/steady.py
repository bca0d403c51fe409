"""Boxes to type in whose cursor stands still.

In a dialogue Textual paints the whole screen for each blink, twice a second: work, and for a terminal far away bytes,
while nobody does anything.
"""

from __future__ import annotations

from textual.reactive import reactive
from textual.widgets import Input, TextArea


class SteadyInput(Input):
    """A line to type in."""

    cursor_blink = reactive(False, init=False)


class SteadyTextArea(TextArea):
    """Lines to type in."""

    cursor_blink = reactive(False, init=False)

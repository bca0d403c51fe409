"""What is painted can be read."""

from __future__ import annotations

import pytest
from rich.style import Style

from warreader.index.api import Label
from warreader.tui.colours import contrast
from warreader.tui.reading.paint import Paint
from warreader.tui.themes import Themes

THEMES = Themes()


def hexes(style: Style) -> tuple[str, str]:
    """Letters and ground."""
    assert style.color is not None and style.bgcolor is not None
    letters, ground = style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex
    return (ground, letters) if style.reverse else (letters, ground)


@pytest.mark.parametrize("name", THEMES.names())
def test_what_was_marked_is_read_without_colours(name: str) -> None:
    """With the names and quotations in it, and apart from a selection."""
    paint = Paint(THEMES.get(name), plain=True)
    for under in ((), ("quotation",), ("quotation.matched",), *((f"entity.{label}",) for label in Label)):
        marked = paint.combine(("text", *under, paint.highlight(0)))
        assert marked.reverse and not marked.dim
        assert contrast(*hexes(marked)) >= 4.5, under
        assert hexes(marked)[1] != hexes(paint.combine(("text", "selection")))[1]


@pytest.mark.parametrize("name", THEMES.names())
def test_names_are_read_without_colours(name: str) -> None:
    paint = Paint(THEMES.get(name), plain=True)
    for label in Label:
        for under in ((), ("quotation",), ("quotation.matched",)):
            style = paint.combine(("text", *under, f"entity.{label}"))
            assert not style.dim
            assert contrast(*hexes(style)) >= 3.9, (label, under)

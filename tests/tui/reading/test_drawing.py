"""Rows of an article as they come to the screen, without a screen."""

from __future__ import annotations

from rich.style import Style

from warreader.index.article import Line, LineKind
from warreader.index.text import line_spans
from warreader.tui.reading.drawing import Drawing, row_width
from warreader.tui.reading.layers import Layer, Painted
from warreader.tui.reading.layout import Layout
from warreader.tui.reading.paint import Paint
from warreader.tui.themes import DEFAULT_THEME, Themes

TEXT = "The bridge fell.\nShare this\nNobody crosses."
KINDS = (LineKind.HEADLINE, LineKind.FURNITURE, LineKind.BODY)


def draw(width: int = 60, *, cursor: int | None = None, painted: tuple[Painted, ...] = ()) -> Drawing:
    lines = [Line(s.start, s.end, kind) for s, kind in zip(line_spans(TEXT), KINDS, strict=True)]
    layout = Layout(TEXT, lines, row_width(width), folded=True)
    paint = Paint(Themes().get(DEFAULT_THEME))
    return Drawing(layout, width, Style(), paint, [Layer(painted)], cursor)


def rows(drawing: Drawing) -> list[str]:
    return [drawing.row(number, None).text for number in range(len(drawing.layout.rows))]


def test_every_row_fills_the_width() -> None:
    for width in (12, 60, 200):
        assert {len(row) for row in rows(draw(width))} == {width}


def test_text_wider_than_the_eye_likes_stands_in_the_middle() -> None:
    (first, *_) = rows(draw(200))
    assert first.index("The") > 40


def test_furniture_is_told_not_shown() -> None:
    text = "\n".join(rows(draw()))
    assert "1 line of furniture" in text and "Share" not in text


def test_what_is_painted_is_painted_where_it_stands() -> None:
    drawing = draw(painted=(Painted(4, 10, "hit"),), cursor=0)
    strip = drawing.row(0, "accent")
    styled = {segment.text: segment.style for segment in strip}
    assert styled["bridge"] is not None and styled["bridge"].bgcolor is not None
    assert styled["T"] != styled["he "] and "▎ " in styled


def test_the_cursor_at_the_end_of_a_line_has_a_cell() -> None:
    end = TEXT.index("\n")
    with_it, without = draw(cursor=end).row(0, None), draw().row(0, None)
    assert with_it.text == without.text and list(with_it) != list(without)

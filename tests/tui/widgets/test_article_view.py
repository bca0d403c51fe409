"""The article's rows on the screen: drawn anew where something changed, and only there."""

from __future__ import annotations

import threading

import pytest
from tests.tui.conftest import MakeApp
from textual.strip import Strip

from warreader.index.article import Article, Line, LineKind, Metadata, Span
from warreader.index.text import line_spans, sentences
from warreader.tui.app import WarreaderApp
from warreader.tui.reading import motions
from warreader.tui.reading.drawing import row_width
from warreader.tui.reading.layers import Painted
from warreader.tui.reading.layout import Layout
from warreader.tui.widgets.article_view import ArticleView


def _screen(view: ArticleView) -> list[Strip]:
    return [view.render_line(y) for y in range(view.scrollable_content_region.height)]


async def test_kept_rows_look_as_rows_drawn_anew(make_app: MakeApp) -> None:
    """After moving, selecting, lighting, leaving and another theme."""
    app: WarreaderApp = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        view = app.reader.view

        def same() -> bool:
            kept = _screen(view)
            view._strips.clear()
            return kept == _screen(view)

        _screen(view)
        for key in ("j", "j", "w", "G", "k", "g", "g", "j", "v", "j", "escape", "s", "escape", "3", "2"):
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert same(), key
        view.set_layer("hits", [Painted(0, 40, "hit")])
        assert same()
        view.select(Span(5, 60))
        await pilot.pause()
        assert same()
        app.show_theme("paper")
        await pilot.pause()
        await pilot.pause()
        assert same()


async def test_the_cursor_stands_in_one_row(make_app: MakeApp) -> None:
    """The row it left is drawn without it."""
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        view = app.reader.view
        cursor = view._paint.combine(("cursor",))

        def rows() -> list[int]:
            """As Textual's cache has them, that is as they stand on the screen."""
            found = []
            for y, strip in enumerate(app.screen._compositor.render_strips()):
                if any(
                    segment.style
                    and segment.style.bgcolor == cursor.bgcolor
                    and segment.style.color == cursor.color
                    for segment in strip
                ):
                    found.append(y)
            return found

        for key in ("j", "j", "j", "space", "k", "$", "j", "0", "k"):
            await pilot.press(key)
            await pilot.pause()
            await pilot.pause()
            assert len(rows()) == 1, key


def _long(line_ends: bool) -> Article:
    """A text too long to be laid out between two frames: twice as long as that begins."""
    words = " ".join(f"word{number}" for number in range(25_000))
    text = words.replace("7 ", "7\n") if line_ends else words
    lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
    return Article(0, "long", Metadata(), "", text, lines)


@pytest.mark.parametrize("line_ends", [False, True])
async def test_a_long_text_is_laid_out_anew_off_the_event_loop(make_app: MakeApp, line_ends: bool) -> None:
    """Its old rows stay until then; cursor and first row are where they were."""
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        view = app.reader.view
        article = _long(line_ends)
        view.open(article)
        await pilot.pause()
        place = article.text.index("word12345")
        view.go(place, centre=True)
        loop = threading.get_ident()
        laid: list[int] = []
        lay_out = view.lay_out

        def noted(article: Article) -> Layout:
            laid.append(threading.get_ident())
            return lay_out(article)

        view.lay_out = noted  # type: ignore[method-assign]
        await pilot.resize_terminal(150, 40)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert laid and loop not in laid
        assert view._layout is not None and view._layout.width == row_width(
            view.scrollable_content_region.width
        )
        assert view.cursor == place
        assert view._is_shown(place)


def test_a_sentence_deep_in_a_line_that_is_a_book() -> None:
    """It is found without reading all before it, and is the one that reading all would find."""
    sentence = "The minister said that Mr. Smith of the U.S. embassy had left. "
    text = sentence * 1_000 + "x" * 30_000 + " is long. " + sentence * 10
    layout = Layout(text, (Line(0, len(text), LineKind.BODY),), 80, folded=False)
    for offset in (5, 63 * 700 + 20, 63 * 1_000 + 25_000, len(text) - 40):
        whole = next(one for one in sentences(text) if offset < one.end)
        assert motions.sentence_from(layout, offset) == whole

"""The article's rows on the screen: drawn anew where something changed, and only there."""

from __future__ import annotations

from tests.tui.conftest import MakeApp
from textual.strip import Strip

from warreader.index.article import Span
from warreader.tui.app import WarreaderApp
from warreader.tui.reading.layers import Painted
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

"""The line of keys, and what going from pane to pane paints."""

from __future__ import annotations

import pytest
from tests.tui.conftest import MakeApp
from textual.pilot import Pilot
from textual.widget import Widget

from warreader.tui.app import WarreaderApp
from warreader.tui.widgets.key_line import KeyLine


def _line(app: WarreaderApp) -> str:
    return app.reader.query_one(KeyLine).render().plain


async def _settled(app: WarreaderApp, pilot: Pilot[None]) -> None:
    await app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()


async def test_the_line_tells_the_keys_of_the_place(make_app: MakeApp) -> None:
    """Those of the text first; in the list of names, its own."""
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await _settled(app, pilot)
        assert "v Select" in _line(app)
        await pilot.press("3")
        await _settled(app, pilot)
        assert "v Select" not in _line(app)
        assert _line(app).startswith("w Scope o Filter")


async def test_a_click_presses_the_key(make_app: MakeApp) -> None:
    """On the words as on the key itself; not on the gap between two."""
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await _settled(app, pilot)
        line = _line(app)
        await pilot.click(KeyLine, offset=(line.index("/ Search") + 8, 0))
        await _settled(app, pilot)
        assert app.focused is not app.reader.articles.box
        await pilot.click(KeyLine, offset=(line.index("/ Search") + 7, 0))
        await _settled(app, pilot)
        assert app.focused is app.reader.articles.box


async def test_what_a_click_selects_stays_selected(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await _settled(app, pilot)
        await pilot.click(KeyLine, offset=(_line(app).index("s Sentence"), 0))
        await _settled(app, pilot)
        assert app.reader.view.selected is not None


async def test_the_wheel_shows_the_keys_further_on(make_app: MakeApp) -> None:
    """Where the line is too narrow for all, and not past the last."""
    app = make_app()
    async with app.run_test(size=(40, 24)) as pilot:
        await _settled(app, pilot)
        keys = app.reader.query_one(KeyLine)
        first = _line(app)
        keys.on_mouse_scroll_down()
        assert _line(app) == first.split(" ", 2)[2]
        for _ in range(50):
            keys.on_mouse_scroll_down()
        assert _line(app).endswith("q Quit")
        for _ in range(50):
            keys.on_mouse_scroll_up()
        assert _line(app) == first


async def test_going_to_another_pane_lays_nothing_out(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The border is another, and the cursor: no widget changes its size or place."""
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        for key in "3452":
            await pilot.press(key)
            await _settled(app, pilot)
        laid_out: list[Widget] = []
        refresh = Widget.refresh

        def noted(widget: Widget, *regions: object, layout: bool = False, **given: object) -> Widget:
            if layout:
                laid_out.append(widget)
            return refresh(widget, *regions, layout=layout, **given)  # type: ignore[arg-type]

        monkeypatch.setattr(Widget, "refresh", noted)
        for key in "3452":
            await pilot.press(key)
            await _settled(app, pilot)
        assert not laid_out
        assert app.reader.view.has_focus

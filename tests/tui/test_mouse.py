"""The mouse does in lists and dialogues what people expect of it."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import opened, settle
from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.dialogs import HelpScreen, ThemePicker
from warreader.tui.screens.saved_searches import SavedSearches
from warreader.tui.screens.typing_ahead import TagPicker
from warreader.tui.widgets.articles_pane import ArticlesPane
from warreader.tui.widgets.lists import Rows
from warreader.tui.widgets.side_panes import QuotationPane

WIDE = (160, 45)


async def _at(pilot: Pilot[None], app: WarreaderApp, *keys: str) -> Screen[object]:
    await settle(pilot)
    await pilot.press(*keys)
    await settle(pilot)
    return app.screen


@pytest.mark.parametrize(
    ("keys", "dialogue"),
    [
        (("T",), ThemePicker),
        (("question_mark",), HelpScreen),
        (("R",), SavedSearches),
        (("t",), TagPicker),
    ],
)
async def test_a_click_beside_a_dialogue_that_only_asks_leaves_it(
    make_app: MakeApp, keys: tuple[str, ...], dialogue: type[Screen[object]]
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        assert isinstance(await _at(pilot, app, *keys), dialogue)
        frame = app.screen.children[0].region
        await pilot.click(offset=(frame.x + 3, frame.y))
        await settle(pilot)
        # On its own frame, nothing.
        assert isinstance(app.screen, dialogue)
        assert frame.x > 0
        await pilot.click(offset=(frame.x - 1, frame.y + 1))
        await settle(pilot)
        assert app.screen is app.reader


async def test_a_click_beside_what_is_being_written_leaves_nothing(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        screen = await _at(pilot, app, "s", "a", "x")
        assert screen is not app.reader
        await pilot.click(offset=(1, 1))
        await settle(pilot)
        assert app.screen is screen


async def test_a_click_shows_a_theme_and_a_second_keeps_it(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await _at(pilot, app, "T")
        before = app.theme
        rows = app.screen.query_one(Rows)
        place = next(n for n in range(rows.option_count) if rows.get_option_at_index(n).id != before)
        wanted = rows.get_option_at_index(place).id
        await pilot.click(rows, offset=(4, place))
        await settle(pilot)
        assert type(app.screen) is ThemePicker and app.theme == wanted
        await pilot.click(offset=(2, 2))
        await settle(pilot)
        assert len(app.screen_stack) == 1 and app.theme == before
        await _at(pilot, app, "T")
        await pilot.click(app.screen.query_one(Rows), offset=(4, place), times=2)
        await settle(pilot)
        assert len(app.screen_stack) == 1 and app.theme == wanted


@pytest.mark.parametrize("row", [1, 8], ids=["highlighted before", "another"])
async def test_a_click_goes_to_a_quotation(make_app: MakeApp, row: int) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.reader.travel.open(SEEDS["001"])
        await settle(pilot)
        here = opened(app)
        pane = app.reader.query_one(QuotationPane)
        await pilot.click(pane, offset=(6, row))
        await settle(pilot)
        quotation = pane.current()
        assert quotation is not None
        assert opened(app) == here and app.reader.view.cursor == quotation.start
        assert app.reader.active == "quotations"


async def test_the_wheel_scrolls_what_is_under_the_pointer(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.reader.travel.open(max(SEEDS.values(), key=lambda one: len(library.quotations.of(one))))
        await settle(pilot)
        view, articles = app.reader.view, app.reader.query_one(ArticlesPane)
        assert app.reader.active == "text"
        pane = app.reader.query_one(QuotationPane)
        assert pane.max_scroll_y > 0
        await pilot._post_mouse_events([events.MouseScrollDown], pane, (5, 2))
        for _ in range(200):
            # It glides.
            if pane.scroll_offset.y == 0:
                await pilot.pause(0.02)
        assert view.scroll_offset.y == 0 and articles.rows.scroll_offset.y == 0
        assert pane.scroll_offset.y > 0 and app.reader.active == "text"

"""The mouse does in lists and dialogues what people expect of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_relatives import store
from tests.tui.screens.test_story import opened, press, settle, until, write
from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.adding import AddDialog
from warreader.tui.screens.changes import ChangesScreen
from warreader.tui.screens.code_book import CodeBookScreen
from warreader.tui.screens.details import DetailsDialog, FactRow
from warreader.tui.screens.help import HelpScreen
from warreader.tui.screens.saved_searches import SavedSearches
from warreader.tui.screens.theme_picker import ThemePicker
from warreader.tui.screens.typing_ahead import TagPicker
from warreader.tui.widgets.articles_pane import ArticlesPane
from warreader.tui.widgets.lists import Rows
from warreader.tui.widgets.row_list import RowList
from warreader.tui.widgets.side_panes import QuotationPane

WIDE = (160, 45)


async def _at(pilot: Pilot[None], app: WarreaderApp, *keys: str) -> Screen[object]:
    await settle(pilot)
    await pilot.press(*keys)
    await settle(pilot)
    return app.screen


def on_top(app: WarreaderApp) -> Screen[object]:
    return app.screen


async def wheel(pilot: Pilot[None], over: Widget) -> None:
    await pilot._post_mouse_events([events.MouseScrollDown], over, (5, 2))
    # It glides.
    await until(pilot, lambda: over.scroll_offset.y > 0)


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
        await wheel(pilot, pane)
        assert view.scroll_offset.y == 0 and articles.rows.scroll_offset.y == 0
        assert pane.scroll_offset.y > 0 and app.reader.active == "text"


async def test_what_is_offered_is_taken_by_a_click(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = app.reader.articles
        await pilot.click(pane.box)
        await write(pilot, "is:")
        assert pane.search_box.offers.has_class("-list")
        # Unread, starred, annotated: the second row.
        await pilot.click(pane.search_box.offers, offset=(4, 1))
        await settle(pilot)
        assert pane.box.value == "is:starred " and app.focused is pane.box
        await press(pilot, "escape")
        await pilot.click(pane.box)
        await write(pilot, "outl")
        assert not pane.search_box.offers.has_class("-list")
        await pilot.click(pane.search_box.offers, offset=(6, 0))
        await settle(pilot)
        assert pane.box.value == "outlet:" and app.focused is pane.box


async def test_a_click_on_a_facet_narrows_and_another_takes_it_back(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = app.reader.articles
        await pilot.click(pane.box)
        await write(pilot, "putin ")
        before = len(pane.order)
        # Below its border.
        row = (12, 1)
        await pilot.click(pane.facets, offset=row)
        await settle(pilot)
        clause = (pane.facets._ids[0]).partition(" ")[2]
        assert pane.box.value == f"putin {clause} " and 0 < len(pane.order) < before
        await pilot.click(pane.facets, offset=row)
        await settle(pilot)
        assert pane.box.value == "putin " and len(pane.order) == before
        assert pane.facets.max_scroll_y > 0
        await wheel(pilot, pane.facets)
        assert pane.facets.scroll_offset.y > 0 and pane.rows.scroll_offset.y == 0


async def test_a_click_goes_to_a_detail_and_two_edit_it(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        screen = await _at(pilot, app, "i")
        assert isinstance(screen, DetailsDialog)
        rows = list(screen.query(FactRow))
        await pilot.click(rows[1])
        assert app.focused is rows[1] and not rows[1].editing
        await pilot.click(rows[1], times=2)
        await settle(pilot)
        assert rows[1].editing
        await press(pilot, "x")
        # What is being typed is not lost by a click elsewhere.
        await pilot.click(rows[3])
        await settle(pilot)
        await pilot.click(offset=(1, 1))
        await settle(pilot)
        assert app.screen is screen and rows[1].editing and app.focused is rows[1].query_one(Input)
        assert rows[1].query_one(Input).value.endswith("x")
        await press(pilot, "escape")
        await pilot.click(offset=(1, 1))
        await settle(pilot)
        assert app.screen is app.reader


async def test_a_click_goes_to_a_tag_of_the_code_book_and_a_second_to_its_notes(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for tag in ("alpha", "beta"):
            await press(pilot, "2", "j", "s", "t")
            await write(pilot, tag)
            await press(pilot, "enter", "m")
        screen = await _at(pilot, app, "C")
        assert isinstance(screen, CodeBookScreen)
        rows = screen.query_one(RowList)
        await until(pilot, lambda: rows.row_count == 2)
        await pilot.click(rows, offset=(4, 1))
        await settle(pilot)
        assert on_top(app) is screen and rows.highlighted_id == "beta"
        assert "beta" in str(screen.query_one("#meaning", Static).render())
        await pilot.click(rows, offset=(4, 1))
        await settle(pilot)
        assert on_top(app) is app.reader and app.reader.notes.box.value == 'tag:"beta"'
        await _at(pilot, app, "C")
        await pilot.click(offset=(1, 1))
        await settle(pilot)
        assert on_top(app) is app.reader


async def test_a_click_on_a_name_goes_on_with_the_path(make_app: MakeApp, tmp_path: Path) -> None:
    for name in ("one[b].txt", "other.txt", "only/deep.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("words", "utf-8")
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        screen = await _at(pilot, app, "A")
        assert isinstance(screen, AddDialog)
        box = screen.query_one("#named", Input)
        box.value = f"{tmp_path}/o"
        await press(pilot, "tab")
        offered = screen.query_one("#offered", Static)
        await until(pilot, lambda: "one[b].txt" in str(offered.render()))
        at = str(offered.render()).index("only/") + 1
        await pilot.click(offered, offset=(at, 0))
        await until(pilot, lambda: box.value == f"{tmp_path}/only/deep.txt")
        assert app.focused is box


async def test_in_the_changes_the_wheel_scrolls_a_click_goes_and_one_beside_leaves(
    make_app: MakeApp, library: Library
) -> None:
    before = "\n\n".join(f"Paragraph {n} of a long report on the river." for n in range(60))
    store(library, before, "2022-03-01")
    later = store(library, before.replace("Paragraph 3 of", "Passage 3 of"), "2022-03-02")
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.reader.travel.open(later)
        await _at(pilot, app, "V")
        changes = app.screen
        assert isinstance(changes, ChangesScreen)
        view = changes.view
        await until(pilot, lambda: view.max_scroll_y > 0)
        await wheel(pilot, view)
        at = view.cursor
        await pilot.click(view, offset=(10, 8))
        await settle(pilot)
        assert on_top(app) is changes and view.cursor != at
        await pilot.click(offset=(1, 1))
        await settle(pilot)
        assert on_top(app) is app.reader

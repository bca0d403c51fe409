"""What is open over the reader."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from typing import Any

import pytest
from tests.tui.conftest import MakeApp
from tests.tui.screens.test_comparing import SHARED, at_quotation
from tests.tui.screens.test_story import press, settle, until
from textual.containers import VerticalScroll
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen

from warreader.tui.app import WarreaderApp
from warreader.tui.config import Config
from warreader.tui.screens.code_book import CodeBookScreen
from warreader.tui.screens.compare import CompareScreen
from warreader.tui.screens.everywhere import EverywhereScreen
from warreader.tui.screens.help import HelpScreen, KeyTable
from warreader.tui.screens.saved_searches import SavedSearches
from warreader.tui.widgets.lists import Rows
from warreader.tui.widgets.row_list import RowList

_LONG = 1.0
"""Seconds in which a loop of painting would have gone round some times."""


@pytest.mark.parametrize("keys", [["T"], ["R"], ["question_mark"], ["A"], ["2", "s", "a"], ["i"], ["g", "q"]])
async def test_nothing_is_painted_while_nobody_does_anything(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, keys: Sequence[str]
) -> None:
    painted: list[object] = []
    display = WarreaderApp._display

    def counted(app: WarreaderApp, *args: Any) -> None:
        painted.append(args)
        display(app, *args)

    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, *keys)
        await settle(pilot)
        assert app.screen is not app.reader
        monkeypatch.setattr(WarreaderApp, "_display", counted)
        # What lies behind changes, as when articles come.
        app.reader.view.refresh()
        await pilot.pause(_LONG)
        assert len(painted) <= 2, "what changed is painted, and that is all"


@pytest.mark.parametrize("keys", [["T"], ["R"], ["question_mark"], ["A"], ["C"], ["i"], ["g", "q"], ["c"]])
async def test_the_first_time_a_dialogue_opens_all_others_keep_the_styles_they_have(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, keys: Sequence[str]
) -> None:
    read: list[object] = []
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        reparse = Stylesheet.reparse

        def counted(sheet: Stylesheet) -> None:
            read.append(sheet)
            reparse(sheet)

        monkeypatch.setattr(Stylesheet, "reparse", counted)
        await press(pilot, *keys)
        await settle(pilot)
        assert app.screen is not app.reader
        assert not read, "what styles there are is read again, and given to all that is there"


@pytest.mark.parametrize(
    ("keys", "dialogue", "told"),
    [
        (("c",), CompareScreen, "Differences only"),
        (("g", "q"), EverywhereScreen, "Next view"),
        (("C",), CodeBookScreen, "Rename"),
        (("R",), SavedSearches, "Delete"),
    ],
)
async def test_a_dialogue_tells_its_own_keys(
    make_app: MakeApp, keys: tuple[str, ...], dialogue: type[Screen[object]], told: str
) -> None:
    app = make_app(config=Config(keys={"help": ("f1",)}))
    async with app.run_test(size=(100, 40)) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, *keys)
        assert type(app.screen) is dialogue
        await press(pilot, "f1")
        assert isinstance(app.screen, HelpScreen)
        shown = str(app.screen.query_one(KeyTable).render())
        assert told in shown and "One row down" in shown and "Search all articles" not in shown
        await press(pilot, "f1")
        assert type(app.screen) is dialogue


async def test_the_keys_are_gone_through_as_a_text_is(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark")
        frame = app.screen.query_one(VerticalScroll)

        async def after(*keys: str) -> float:
            await press(pilot, *keys)
            await pilot.wait_for_scheduled_animations()
            return frame.scroll_offset.y

        assert await after("G") == frame.max_scroll_y > 0
        assert await after("ctrl+u") < frame.max_scroll_y
        assert await after("g", "g") == 0
        assert await after("j") == 1 and await after("ctrl+d") > 10


@pytest.mark.parametrize(("keys", "down"), [(["g", "q", "2"], 5), (["T"], 3)])
async def test_two_keys_one_after_the_other_mean_in_a_dialogues_list_what_they_mean_elsewhere(
    make_app: MakeApp, keys: Sequence[str], down: int
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, *keys)
        await settle(pilot)
        screen = app.screen
        rows = app.focused
        assert screen is not app.reader and isinstance(rows, Rows | RowList)
        first = rows.highlighted_id
        await press(pilot, *["j"] * down)
        assert rows.highlighted_id != first
        below = rows.highlighted_id
        # Given up, the first of them changes nothing, and the second is what it is alone.
        await press(pilot, "g", "k", "j")
        assert rows.highlighted_id == below
        await press(pilot, "g", "g", "g", "escape")
        assert app.screen is screen and rows.highlighted_id == first
        await press(pilot, "question_mark")
        assert "g g" in str(app.screen.query_one(KeyTable).render())


async def test_a_key_that_a_dialogue_knows_begins_nothing_there(make_app: MakeApp) -> None:
    app = make_app(config=Config(keys={"list.first": ("X X", "Z Z")}))
    async with app.run_test(size=(120, 40)) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "c")
        screen = app.screen
        assert isinstance(screen, CompareScreen) and screen.rows.row_count == 2
        first = screen.rows.highlighted_id
        await press(pilot, "j")
        assert screen.rows.highlighted_id != first
        await press(pilot, "Z", "Z")
        assert screen.rows.highlighted_id == first
        await press(pilot, "X")
        await settle(pilot)
        assert screen.rows.row_count == 1, "it is taken out, as the dialogue says"


@pytest.mark.parametrize(
    ("pane", "first"),
    [
        ("2", "In the article"),
        ("3", "In the list of names"),
        ("4", "In the list of quotations"),
        ("5", "In the list of notes"),
        ("1", "In lists"),
    ],
)
async def test_all_keys_are_told_those_first_that_hold_where_one_is(
    make_app: MakeApp, pane: str, first: str
) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, pane, "question_mark")
        shown = str(app.screen.query_one(KeyTable).render())
        assert shown.lstrip().startswith(first)
        assert "Everywhere" in shown and "In the search box" in shown


async def test_what_the_help_has_to_import_is_not_imported_on_the_event_loop(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All dialogues are, for their keys: the screen stood still while they were."""
    name = "warreader.tui.screens.changes"
    threads: list[threading.Thread] = []

    class Watch(MetaPathFinder):
        def find_spec(self, fullname: str, *_: object) -> None:
            if fullname == name:
                threads.append(threading.current_thread())

    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        monkeypatch.setattr(sys, "meta_path", [Watch(), *sys.meta_path])
        monkeypatch.delitem(sys.modules, name, raising=False)
        await press(pilot, "question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        assert threads and threading.main_thread() not in threads
        assert "In the changes of an article" in str(app.screen.query_one(KeyTable).render())

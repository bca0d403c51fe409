"""Pictures of the screens on the seeds; every one was looked at before it was stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_relatives import NEW, OLD
from tests.tui.screens.test_story import press, settle, write
from warreader.index.versions import difference
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.changes import ChangesScreen, merged
from warreader.tui.screens.details import Fact, FactRow

SIZES = {"160x45": (160, 45), "100x30": (100, 30), "80x24": (80, 24)}
Snap = Callable[..., bool]


async def _started(pilot: Pilot[Any]) -> WarreaderApp:
    await settle(pilot)
    app = pilot.app
    assert isinstance(app, WarreaderApp)
    app.reader.articles.box.cursor_blink = False
    return app


async def _read(pilot: Pilot[Any]) -> None:
    app = await _started(pilot)
    app.reader.travel.open(SEEDS["001"])
    await settle(pilot)
    page = app.reader.page
    assert page is not None
    app.reader.view.go(page.article.text.index("On a related note"), centre=True)
    await press(pilot, "s", "t")
    await write(pilot, "clarke")
    await press(pilot, "enter")
    await settle(pilot)


async def _search(pilot: Pilot[Any]) -> None:
    await _started(pilot)
    await press(pilot, "slash")
    await write(pilot, '"foreign country" OR person:shoigu')
    await press(pilot, "enter")


@pytest.mark.parametrize("theme", ["ink", "paper"])
@pytest.mark.parametrize("size", SIZES)
def test_reading(snap_compare: Snap, make_app: MakeApp, size: str, theme: str) -> None:
    assert snap_compare(make_app(theme), terminal_size=SIZES[size], run_before=_read)


@pytest.mark.parametrize("size", SIZES)
def test_results(snap_compare: Snap, make_app: MakeApp, size: str) -> None:
    assert snap_compare(make_app(), terminal_size=SIZES[size], run_before=_search)


def _keys(*keys: str) -> Callable[[Pilot[Any]], Any]:
    async def run(pilot: Pilot[Any]) -> None:
        await _read(pilot)
        await press(pilot, *keys)

    return run


@pytest.mark.parametrize("pane", ["1", "3", "4", "5"])
def test_panes_where_it_is_narrow(snap_compare: Snap, make_app: MakeApp, pane: str) -> None:
    assert snap_compare(make_app("sepia"), terminal_size=(80, 24), run_before=_keys(pane))


def test_comparing(snap_compare: Snap, make_app: MakeApp) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        await _read(pilot)
        app = await _started(pilot)
        assert app.reader.page is not None
        app.reader.view.go(app.reader.page.article.text.index("The Chinese would pretend"))
        await press(pilot, "c")

    assert snap_compare(make_app("high-contrast"), terminal_size=(120, 36), run_before=run)


@pytest.mark.parametrize("size", ["160x45", "80x24"])
def test_quotations_of_the_library(snap_compare: Snap, make_app: MakeApp, size: str) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        await _started(pilot)
        await press(pilot, "g", "q")

    assert snap_compare(make_app(), terminal_size=SIZES[size], run_before=run)


@pytest.mark.parametrize("size", ["160x45", "80x24"])
def test_details(snap_compare: Snap, make_app: MakeApp, size: str) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        app = await _started(pilot)
        app.reader.travel.open(SEEDS["002"])
        await settle(pilot)
        await press(pilot, "i", "j", "j", "enter")
        await write(pilot, "a. name")
        app.screen.query_one(Input).cursor_blink = False
        # Where the repository lies is no part of the picture.
        source = next(row for row in app.screen.query(FactRow) if row.fact.name == "Source file")
        source.show(Fact("Source file", "seeds/002.txt"))
        await settle(pilot)

    assert snap_compare(make_app(), terminal_size=SIZES[size], run_before=run)


def test_line_kinds(snap_compare: Snap, make_app: MakeApp) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        await _started(pilot)
        await press(pilot, "j", "j", "j", "j", "j", "F")

    assert snap_compare(make_app("paper"), terminal_size=(100, 30), run_before=run)


@pytest.mark.parametrize("theme", ["ink", "high-contrast"])
def test_changes(snap_compare: Snap, make_app: MakeApp, theme: str) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        app = await _started(pilot)
        both = merged(OLD, NEW, difference(OLD, NEW))
        app.push_screen(ChangesScreen("Version 1 → 2 · 2022-03-01 → 2022-03-02", both, app.reader.paint))
        await settle(pilot)
        await press(pilot, "n")

    assert snap_compare(make_app(theme), terminal_size=(80, 24), run_before=run)


def test_without_colours(snap_compare: Snap, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(make_app(), terminal_size=(100, 30), run_before=_read)


def _then(*steps: str) -> Callable[[Pilot[Any]], Any]:
    """Reads, then presses keys; what begins with ``=`` is typed."""

    async def run(pilot: Pilot[Any]) -> None:
        await _read(pilot)
        for step in steps:
            await (write(pilot, step[1:]) if step.startswith("=") else press(pilot, step))
            await settle(pilot)
        for box in pilot.app.screen.query(Input):
            box.cursor_blink = False

    return run


def test_code_book(snap_compare: Snap, make_app: MakeApp) -> None:
    steps = _then("C", "n", "=front/east", "enter", "e", "=Fighting in the east", "enter")
    assert snap_compare(make_app(), terminal_size=SIZES["80x24"], run_before=steps)


def test_dossier_of_a_name(snap_compare: Snap, make_app: MakeApp) -> None:
    assert snap_compare(make_app(), terminal_size=SIZES["100x30"], run_before=_then("3", "j", "d"))


def test_names_of_the_library(snap_compare: Snap, make_app: MakeApp) -> None:
    steps = _then("3", "w", "o", "=ze", "enter", "l")
    assert snap_compare(make_app("paper"), terminal_size=SIZES["80x24"], run_before=steps)


def test_annotation_in_full(snap_compare: Snap, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("annotations", "history"):
        monkeypatch.setattr(f"warreader.index.annotations.{module}.now", lambda: "2022-03-01T12:00:00.000Z")
    assert snap_compare(make_app(), terminal_size=SIZES["80x24"], run_before=_then("I"))


def test_offers_in_the_search_box(snap_compare: Snap, make_app: MakeApp) -> None:
    steps = _then("slash", "=person:p")
    assert snap_compare(make_app(), terminal_size=SIZES["100x30"], run_before=steps)


def test_facets(snap_compare: Snap, make_app: MakeApp) -> None:
    steps = _then("slash", "=foreign", "enter", "6", "j")
    assert snap_compare(make_app("sepia"), terminal_size=SIZES["100x30"], run_before=steps)


def test_saved_searches(snap_compare: Snap, make_app: MakeApp) -> None:
    steps = _then("slash", "=putin -syria", "enter", "ctrl+s", "=without Syria", "enter", "R")
    assert snap_compare(make_app(), terminal_size=SIZES["80x24"], run_before=steps)


def test_keys(snap_compare: Snap, make_app: MakeApp) -> None:
    assert snap_compare(make_app(), terminal_size=SIZES["80x24"], run_before=_then("question_mark"))


def test_dossier_without_colours(
    snap_compare: Snap, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(make_app(), terminal_size=SIZES["80x24"], run_before=_then("3", "d"))

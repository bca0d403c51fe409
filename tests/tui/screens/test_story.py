"""The whole story on the seeds, by keyboard alone: find, read, follow, annotate, leave, come back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from tests.tui.conftest import SEEDS, MakeApp
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input
from textual.worker import WorkerCancelled

from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.reader import ReaderScreen

WIDE = (160, 45)


async def obeyed(app: App[Any]) -> None:
    """Wait until no key waits any more."""
    assert isinstance(app, WarreaderApp)
    while not app.in_order.idle:
        await asyncio.sleep(0.005)


async def settle(pilot: Pilot[None]) -> None:
    """Let threads answer and the screen follow."""
    app = pilot.app
    for _ in range(3):
        await pilot.pause()
        await obeyed(app)
        # One that another took the place of is done with, too.
        with contextlib.suppress(WorkerCancelled):
            await app.workers.wait_for_complete()
    await pilot.pause()


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """Wait for what comes in its own time: on a busy machine in more than any pause would give it."""
    for _ in range(1000):
        if true():
            return
        await pilot.pause(0.02)
    raise AssertionError("it does not come")


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    names = {" ": "space", '"': "quotation_mark", ":": "colon", ",": "comma", "*": "asterisk", "-": "minus"}
    await pilot.press(*(names.get(char, char) for char in text))
    await pilot.pause(0.12)
    await settle(pilot)


def reader(app: WarreaderApp) -> ReaderScreen:
    return app.reader


def opened(app: WarreaderApp) -> str:
    page = app.reader.page
    assert page is not None
    return page.article.id


def under_cursor(app: WarreaderApp, length: int = 12) -> str:
    page = app.reader.page
    assert page is not None
    return page.article.text[app.reader.view.cursor :][:length]


async def test_search_opens_at_the_first_hit_and_n_goes_on(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        assert isinstance(app.focused, Input)
        await write(pilot, "clarke")
        assert set(reader(app).articles.order) == {SEEDS["000"], SEEDS["001"]}
        await press(pilot, "enter")
        first = opened(app)
        assert under_cursor(app, 6) == "Clarke"
        assert reader(app).active == "text"
        visited = [(first, reader(app).view.cursor)]
        for _ in range(3):
            await press(pilot, "n")
            assert under_cursor(app, 6) == "Clarke"
            visited.append((opened(app), reader(app).view.cursor))
        # 000 names him twice, 001 once: three places, then round to the first.
        assert len(set(visited)) == 3
        assert visited[3] == visited[0]
        await press(pilot, "N")
        assert (opened(app), reader(app).view.cursor) == visited[2]


@pytest.mark.parametrize(("size", "left_in"), [(WIDE, "entities"), ((80, 24), "text")])
async def test_an_entity_is_followed_into_its_other_articles(
    make_app: MakeApp, size: tuple[int, int], left_in: str
) -> None:
    """Where the list is alone on the screen it gives way to the text."""
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        reader(app).travel.open(SEEDS["002"])
        await settle(pilot)
        await press(pilot, "3")
        pane = reader(app).entities
        await press(pilot, "g", "g")
        while pane.entity is None or "Putin" not in pane.entity.name:
            await press(pilot, "j")
        seen = set()
        for _ in range(30):
            await press(pilot, "enter")
            seen.add(opened(app))
            assert "utin" in under_cursor(app, 16).lower()
            assert reader(app).active == left_in and reader(app).view.display
        assert seen == set(SEEDS.values())


async def test_a_quotation_is_followed_to_the_other_article(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        reader(app).travel.open(SEEDS["000"])
        await settle(pilot)
        page = reader(app).page
        assert page is not None
        wanted = page.article.text.index("“That would mean that the Chinese")
        reader(app).view.go(wanted + 3)
        await press(pilot, "enter")
        assert opened(app) == SEEDS["001"]
        assert under_cursor(app, 20).lstrip('"').startswith("That would mean")
        await press(pilot, "H")
        assert opened(app) == SEEDS["000"]
        # the same from the pane of quotations
        await press(pilot, "4")
        pane = reader(app).quotations
        while (quotation := pane.current()) is None or not quotation.text.startswith(
            "“The Chinese would pretend"
        ):
            await press(pilot, "j")
        assert page.counts[quotation.id] == 1
        await press(pilot, "enter")
        assert opened(app) == SEEDS["001"]
        assert under_cursor(app, 20).lstrip('"').startswith("The Chinese would")


async def test_annotate_undo_leave_and_come_back(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        reader(app).travel.open(SEEDS["001"])
        await settle(pilot)
        page = reader(app).page
        assert page is not None
        reader(app).view.go(page.article.text.index("The scene was harrowing"))
        await press(pilot, "s", "a")
        await write(pilot, "strike, check")
        await press(pilot, "tab")
        await write(pilot, "who counted")
        await press(pilot, "ctrl+s")
        (note,) = library.annotations.all()
        assert note.exact == "The scene was harrowing with bodies scattered amidst the grass."
        assert note.tags == ("strike", "check")
        assert note.note == "who counted"
        assert page.article.text[note.start : note.end] == note.exact
        await press(pilot, "u")
        assert library.annotations.all() == []
        await press(pilot, "ctrl+r")
        assert [a.note for a in library.annotations.all()] == ["who counted"]
        # one more in a key: the sentence after it with the current tag
        await press(pilot, "escape", "right_square_bracket", "right_curly_bracket", "s", "m")
        assert [a.tags for a in library.annotations.all()][-1] == ("strike",)
        await press(pilot, "q")
    again = make_app()
    async with again.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert opened(again) == SEEDS["001"]
        await press(pilot, "5")
        assert len(library.annotations.all()) == 2
        assert reader(again).notes.current() is not None
        reader(again).travel.open(SEEDS["004"])
        await settle(pilot)
        await press(pilot, "enter")
        assert opened(again) == SEEDS["001"]
        assert under_cursor(again, 9) == "The scene"
        await press(pilot, "x")
        assert len(library.annotations.all()) == 1


async def test_tagged_articles_are_found_at_once(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        reader(app).travel.open(SEEDS["003"])
        await settle(pilot)
        await press(pilot, "s", "t")
        await write(pilot, "geneva")
        await press(pilot, "enter")
        await press(pilot, "slash")
        await write(pilot, "tag:geneva")
        assert reader(app).articles.order == [SEEDS["003"]]
        await press(pilot, "escape")
        assert len(reader(app).articles.order) == 5


async def test_versions_are_compared(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        reader(app).travel.open(SEEDS["000"])
        await settle(pilot)
        page = reader(app).page
        assert page is not None
        reader(app).view.go(page.article.text.index("“The Chinese would pretend") + 3)
        await press(pilot, "c")
        assert type(app.screen).__name__ == "CompareScreen"
        await press(pilot, "down", "enter")
        assert opened(app) == SEEDS["001"]

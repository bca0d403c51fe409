"""Scroll bars that are kept as drawn."""

from __future__ import annotations

import pytest
from rich.color import Color
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.widgets import Static

from warreader.tui.widgets.scroll_bar import KeptBar


class Scrolled(App[None]):
    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static("\n".join(map(str, range(200))))


@pytest.mark.parametrize("place", [0, 3, 41, 1000])
async def test_it_looks_as_textuals_own(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: dict[type[ScrollBarRender], list[Strip]] = {}
    for renderer in (ScrollBarRender, KeptBar):
        monkeypatch.setattr(ScrollBar, "renderer", renderer)
        app = Scrolled()
        async with app.run_test(size=(40, 13)) as pilot:
            scroll = app.query_one(VerticalScroll)
            scroll.scroll_to(y=place, animate=False, immediate=True)
            await pilot.pause()
            bar = scroll.vertical_scrollbar
            drawn[renderer] = bar.render_lines(bar.size.region)
    assert len(drawn[KeptBar]) == 13
    assert drawn[KeptBar] == drawn[ScrollBarRender]


async def test_one_that_looks_the_same_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    times = 0
    own = ScrollBarRender.render_bar

    def counted(*arguments: int | float | bool | Color) -> object:
        nonlocal times
        times += 1
        return own(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ScrollBar, "renderer", KeptBar)
    app = Scrolled()
    async with app.run_test(size=(40, 17)) as pilot:
        await pilot.pause()
        monkeypatch.setattr(ScrollBarRender, "render_bar", counted)
        for _ in range(5):
            app.query_one(VerticalScroll).refresh(layout=True)
            app.query_one(VerticalScroll).vertical_scrollbar.refresh()
            await pilot.pause()
        assert times == 0
        app.query_one(VerticalScroll).scroll_to(y=100, animate=False, immediate=True)
        await pilot.pause()
        assert times > 0

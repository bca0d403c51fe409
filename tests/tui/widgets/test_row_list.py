"""The list of rows of one height: drawn when seen, the place kept, text never obeyed."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from warreader.tui.widgets.row_list import RowList, fitted


class Listed(App[None]):
    """A list and what it was asked to draw."""

    CSS = "RowList { height: 12; width: 40; }"

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[str] = []
        self.said: dict[str, str] = {}
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield RowList(self._draw, id="rows")

    def _draw(self, row_id: str, width: int, _: int) -> Sequence[Content]:
        self.drawn.append(row_id)
        return [*fitted(Content(self.said.get(row_id, row_id)), width, 1), Content(f"about {row_id}")]

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        self.chosen.append(message.row_id)

    @property
    def rows(self) -> RowList:
        return self.query_one(RowList)

    def seen(self) -> list[str]:
        """The text of every other screen line: the rows' first lines."""
        return [self.rows.render_line(y).text.strip() for y in range(0, 12, 2)]


def many(count: int) -> list[str]:
    return [f"row {number}" for number in range(count)]


async def fill(pilot: Pilot[None], ids: Sequence[str]) -> RowList:
    app = pilot.app
    assert isinstance(app, Listed)
    app.rows.fill(ids)
    app.rows.focus()
    await pilot.pause()
    return app.rows


async def test_only_what_is_seen_is_drawn() -> None:
    app = Listed()
    async with app.run_test(size=(60, 20)) as pilot:
        rows = await fill(pilot, many(40_000))
        assert app.seen() == many(6)
        assert len(set(app.drawn)) < 20
        await pilot.press("end")
        assert rows.highlighted_id == "row 39999"
        await pilot.pause()
        assert app.seen() == many(40_000)[-6:]
        assert len(set(app.drawn)) < 40


async def test_keys_move_and_choose() -> None:
    app = Listed()
    async with app.run_test(size=(60, 20)) as pilot:
        rows = await fill(pilot, many(30))
        assert rows.highlighted_id == "row 0"
        await pilot.press("k")
        assert rows.highlighted_id == "row 0"
        await pilot.press("j", "down", "j", "up")
        assert rows.highlighted_id == "row 2"
        await pilot.press("space")
        assert rows.highlighted_id == "row 8" and "row 8" in rows.shown_ids
        await pilot.press("pageup", "enter")
        await pilot.pause()
        assert app.chosen == ["row 2"]
        await pilot.press("G", "j", "enter")
        await pilot.pause()
        assert app.chosen == ["row 2", "row 29"]


async def test_a_click_chooses_the_row_under_it() -> None:
    app = Listed()
    async with app.run_test(size=(60, 20)) as pilot:
        rows = await fill(pilot, many(30))
        rows.highlight("row 20")
        await pilot.pause()
        first = rows.shown_ids[0]
        await pilot.click(RowList, offset=(4, 5))
        await pilot.pause()
        assert app.chosen == [f"row {int(first.split()[1]) + 2}"]


async def test_rows_that_come_in_leave_highlight_and_screen_as_they_were() -> None:
    app = Listed()
    async with app.run_test(size=(60, 20)) as pilot:
        rows = await fill(pilot, many(100))
        rows.highlight("row 50")
        await pilot.press("k", "k")
        await pilot.pause()
        before = app.seen()
        assert "row 48" in before
        await fill(pilot, [*(f"new {number}" for number in range(7)), *many(100), "last"])
        assert (rows.highlighted_id, app.seen()) == ("row 48", before)
        # the highlighted row goes: its neighbour takes its place
        await fill(pilot, [row for row in many(100) if row != "row 48"])
        assert rows.highlighted_id == "row 49"


async def test_rows_come_in_while_another_part_is_looked_at() -> None:
    app = Listed()
    async with app.run_test(size=(60, 20)) as pilot:
        rows = await fill(pilot, many(100))
        rows.scroll_to(y=100, animate=False, immediate=True)
        await pilot.pause()
        before = app.seen()
        await fill(pilot, [*(f"new {number}" for number in range(7)), *many(100)])
        assert (rows.highlighted_id, app.seen()) == ("row 0", before)


async def test_one_row_changed_is_drawn_alone() -> None:
    app = Listed()
    async with app.run_test(size=(60, 20)) as pilot:
        rows = await fill(pilot, many(100))
        app.said["row 2"] = "changed"
        app.drawn.clear()
        rows.redraw("row 2")
        rows.redraw("unknown")
        await pilot.pause()
        assert app.seen()[2] == "changed"
        assert set(app.drawn) == {"row 2"}


async def test_an_emptied_list_answers_keys() -> None:
    app = Listed()
    async with app.run_test(size=(60, 20)) as pilot:
        rows = await fill(pilot, many(3))
        await fill(pilot, [])
        await pilot.press("j", "k", "space", "G", "enter", "home")
        await pilot.click(RowList, offset=(4, 5))
        assert rows.highlighted_id is None and app.chosen == []


@pytest.mark.parametrize("text", ["[sic] [/x] [@click=app.quit]x[/]", "\\[b]", "[red]"])
async def test_markup_is_text(text: str) -> None:
    app = Listed()
    async with app.run_test(size=(60, 20)) as pilot:
        app.said["a"] = text
        await fill(pilot, ["a"])
        assert app.seen()[0] == text


async def test_forty_thousand_rows_are_filled_and_moved_through_quickly() -> None:
    app = Listed()
    async with app.run_test(size=(60, 20)) as pilot:
        began = time.process_time()
        rows = await fill(pilot, many(40_000))
        filled = time.process_time() - began
        began = time.process_time()
        for _ in range(50):
            rows.action_page_down()
            for y in range(12):
                rows.render_line(y)
        moved = (time.process_time() - began) / 50
        # Generous: a list that wraps or measures all its rows takes seconds.
        assert filled < 0.25 and moved < 0.05


@given(st.text(max_size=120), st.integers(1, 40), st.integers(0, 5))
def test_fitted_keeps_to_width_and_lines(text: str, width: int, most: int) -> None:
    lines = fitted(Content(" ".join(text.split())), width, most)
    assert len(lines) <= most
    # A character of two cells does not fit into one.
    assert all(line.cell_length <= max(width, 2) for line in lines)


def test_fitted_says_that_there_is_more() -> None:
    assert [line.plain for line in fitted(Content("one two three four"), 9, 1)] == ["one two…"]
    assert [line.plain for line in fitted(Content("one two"), 9, 1)] == ["one two"]

"""The status line: what is said is read, and what goes on beside it gives way."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from warreader.index.article import Progress
from warreader.tui.progress import describe, glance
from warreader.tui.widgets.status_line import Standing, StatusLine

ALL = Standing(
    "2 failed (!)", "finding quotations 7/30 · 2 min left", "finding quotations 23 %", "#tag", "30 articles"
)


@pytest.mark.parametrize(
    ("room", "told"),
    [
        (200, "2 failed (!)  ·  finding quotations 7/30 · 2 min left  ·  #tag  ·  30 articles"),
        (70, "2 failed (!)  ·  finding quotations 7/30 · 2 min left  ·  #tag"),
        (60, "2 failed (!)  ·  finding quotations 7/30 · 2 min left"),
        (45, "2 failed (!)  ·  finding quotations 23 %"),
        (20, "2 failed (!)"),
        (0, "2 failed (!)"),
    ],
)
def test_what_can_be_done_without_gives_way(room: int, told: str) -> None:
    assert ALL.told(room) == told


def test_with_nothing_going_on_there_are_the_articles() -> None:
    assert Standing(count="5 articles").told(40) == "5 articles"
    assert Standing(count="5 articles").told(4) == ""


class Lined(App[None]):
    def compose(self) -> ComposeResult:
        yield StatusLine()


async def test_a_message_is_read_whole_while_much_goes_on() -> None:
    app = Lined()
    message = "select first: v and motions, s the sentence, Q the quotation, or drag"
    async with app.run_test(size=(80, 3)) as pilot:
        line = app.query_one(StatusLine)

        def shown() -> list[str]:
            return [str(part.render()) for part in line.query(Static)]

        going = Standing(
            progress="finding quotations 7/30 · 2 min left", glance="quotations", count="30 articles"
        )
        line.show([], going)
        await pilot.pause()
        assert shown() == ["", "finding quotations 7/30 · 2 min left  ·  30 articles"]
        line.show(["", message], going)
        await pilot.pause()
        assert shown() == [message, ""]
        assert line.query(Static).first().size.width >= len(message)
        await pilot.resize_terminal(150, 3)
        await pilot.pause()
        assert shown() == [message, "finding quotations 7/30 · 2 min left  ·  30 articles"]


async def test_what_a_key_answered_is_read_before_what_is_lit() -> None:
    app = Lined()
    lit = "lit: Vladimir Putin 2/3 in 62 articles"
    message = "these words stand in no other article; ⇄ marks quotations that do"
    async with app.run_test(size=(80, 3)) as pilot:
        line = app.query_one(StatusLine)
        said = line.query(Static).first()
        line.show(["", lit, message], Standing())
        await pilot.pause()
        assert str(said.render()) == message
        line.show(["", lit, ""], Standing())
        await pilot.pause()
        assert str(said.render()) == lit
        line.show(["", lit, message], Standing())
        await pilot.resize_terminal(150, 3)
        await pilot.pause()
        assert str(said.render()) == f"{lit}  ·  {message}"


async def test_what_is_too_long_ends_before_what_went_wrong() -> None:
    app = Lined()
    message = "added 1 · 1 new version · 1 file of other kinds left out · 2 failed: press ! to see it"
    async with app.run_test(size=(80, 3)) as pilot:
        line = app.query_one(StatusLine)
        line.show(["", message], Standing(unseen="2 failed (!)"))
        await pilot.pause()
        assert str(line.query(Static).last().render()) == "  2 failed (!)"
        line.show(["", "added 1"], Standing(unseen="2 failed (!)"))
        await pilot.pause()
        assert str(line.query(Static).last().render()) == "2 failed (!)"


def test_where_room_is_short_it_is_told_who_is_waited_for() -> None:
    step = Progress("waiting", 0, 0)
    assert (glance(step), describe(step)) == ("waits for another process", "waiting for another process")

"""What goes wrong in the background is told; leaving in the middle of work is no fault."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from pathlib import Path

from tests.tui.conftest import MakeApp
from tests.tui.screens.test_story import settle
from warreader.tui import faults
from warreader.tui.threads import InTurn, in_thread


async def test_an_unforeseen_error_is_told_and_kept(make_app: MakeApp, tmp_path: Path) -> None:
    def broken() -> None:
        raise LookupError("[red]no such thing[/]")

    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        in_thread(app.reader, broken)
        await settle(pilot)
        (told,) = (notification.message for notification in app._notifications)
        assert "LookupError: [red]no such thing[/]" in told and str(tmp_path / "faults.txt") in told
    kept = tmp_path / "faults.txt"
    assert "in broken" in kept.read_text("utf-8")
    kept.unlink()


async def test_leaving_in_the_middle_of_work_is_no_fault(make_app: MakeApp, tmp_path: Path) -> None:
    go = threading.Event()

    def late() -> None:
        go.wait(10)
        app.reader.query_one("#text")

    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        work = in_thread(app.reader, late)
        await app.reader.query("*").remove()
        go.set()
        await work.wait()
    assert not (tmp_path / "faults.txt").exists()


def test_faults_are_kept_to_a_size(tmp_path: Path) -> None:
    for number in range(5):
        faults.keep(ValueError(f"{number}" * 90_000 + "\udcff"), tmp_path / "state")
    kept = (tmp_path / "state" / "faults.txt").read_text("utf-8")
    assert len(kept) < 210_000 and kept.rstrip().endswith("4\\udcff")
    (tmp_path / "taken").write_text("")
    assert faults.keep(ValueError(), tmp_path / "taken") is None


async def test_what_is_written_in_turn_stands_as_it_was_asked_for(make_app: MakeApp) -> None:
    done: list[int] = []
    go = threading.Event()

    def first() -> None:
        go.wait(10)
        done.append(0)

    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        turn = InTurn(app.reader)
        turn.do(first)
        for number in range(1, 20):
            turn.do(partial(done.append, number))
        await pilot.pause()
        assert done == []
        go.set()
        await settle(pilot)
    assert done == list(range(20))


async def test_what_waits_in_turn_keeps_no_thread_from_others_and_no_two_of_a_name_wait(
    make_app: MakeApp,
) -> None:
    done: list[object] = []
    go = threading.Event()
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        turn = InTurn(app.reader)
        turn.do(partial(go.wait, 20))
        for number in range(100):
            turn.do(partial(done.append, number), instead="place")
            turn.do(partial(done.append, f"other {number % 2}"), instead=number % 2)
        assert len([one for one in threading.enumerate() if one.name == "in turn"]) <= 3
        read = in_thread(app.reader, partial(done.append, "read"))
        await read.wait()
        assert done == ["read"] and turn.busy and not await asyncio.to_thread(turn.finish, 0.01)
        go.set()
        await settle(pilot)
        assert done == ["read", "other 0", 99, "other 1"] and not turn.busy
        turn.close()
        turn.do(partial(done.append, "late"))
        assert len(done) == 4


async def test_what_goes_wrong_in_turn_is_told_and_the_next_is_done(
    make_app: MakeApp, tmp_path: Path
) -> None:
    def broken() -> None:
        raise LookupError("no such thing")

    done: list[int] = []
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        turn = InTurn(app.reader)
        turn.do(broken)
        turn.do(partial(done.append, 1))
        await settle(pilot)
        assert done == [1]
        (told,) = (notification.message for notification in app._notifications)
        assert "LookupError: no such thing" in told
    (tmp_path / "faults.txt").unlink()

"""One process at a time: what is asked for meanwhile waits its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from tests.tui.screens.test_story import until
from warreader.tui import background as background_module
from warreader.tui import jobs
from warreader.tui.background import REMOVE, Background


class Runs:
    """Stands in for the processes: each runs until it is let go or asked to stop."""

    def __init__(self) -> None:
        self.log: list[tuple[str, ...]] = []
        self.go = asyncio.Event()
        self.heard: Callable[[dict[str, Any]], None] = print

    async def run(
        self,
        _folder: Path,
        inputs: Sequence[str],
        heard: Callable[[dict[str, Any]], None],
        stop: asyncio.Event,
    ) -> None:
        self.log.append(("began", *inputs))
        self.heard = heard
        waits = [asyncio.create_task(event.wait()) for event in (self.go, stop)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self.log.append(("stopped" if stop.is_set() else "ended", *inputs))
        self.go.clear()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    made = Runs()
    monkeypatch.setattr(jobs, "run", made.run)
    return made


def background(app: App[None], heard: list[dict[str, Any]], idle: list[bool]) -> Background:
    def fault(error: Exception) -> None:
        heard.append({"fault": error})

    return Background(app, Path("library"), heard.append, lambda: idle.append(True), fault)


async def test_inputs_are_added_one_after_the_other(runs: Runs) -> None:
    app: App[None] = App()
    idle: list[bool] = []
    async with app.run_test() as pilot:
        work = background(app, [], idle)
        work.add(["a"])
        work.add(["b", "c"])
        await pilot.pause()
        assert runs.log == [("began", "a")] and work.adding
        runs.go.set()
        await until(pilot, lambda: runs.log == [("began", "a"), ("ended", "a"), ("began", "b", "c")])
        runs.go.set()
        await app.workers.wait_for_complete()
        assert not work.adding and idle == [True]


async def test_adding_goes_before_deriving_which_follows(runs: Runs) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        work = background(app, [], [])
        work.update()
        await pilot.pause()
        work.add(["a"])
        await until(pilot, lambda: runs.log == [("began",), ("stopped",), ("began", "a")])
        # a correction while adding: derived when the adding is done
        work.update()
        runs.go.set()
        await until(pilot, lambda: runs.log[-2:] == [("ended", "a"), ("began",)])
        runs.go.set()
        await app.workers.wait_for_complete()


async def test_adding_is_not_stopped_by_adding_but_what_it_derives_is(runs: Runs) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        heard: list[dict[str, Any]] = []
        work = background(app, heard, [])
        work.add(["a"])
        await pilot.pause()
        work.add(["b"])
        await pilot.pause(0.05)
        assert runs.log == [("began", "a")]
        runs.go.set()
        await until(pilot, lambda: runs.log[-1] == ("began", "b"))
        runs.heard({"report": {"added": 0}})
        assert heard == [{"report": {"added": 0}}] and not work.adding
        work.add(["c"])
        await until(pilot, lambda: runs.log[-2:] == [("stopped", "b"), ("began", "c")])
        runs.go.set()
        await app.workers.wait_for_complete()


async def test_stopped_adding_drops_what_waits_and_derives_what_came(runs: Runs) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        work = background(app, [], [])
        assert not work.stop_adding()
        work.add(["a"])
        work.add(["b"])
        await pilot.pause()
        assert work.stop_adding()
        await until(pilot, lambda: runs.log == [("began", "a"), ("stopped", "a"), ("began",)])
        assert not work.adding and not work.stop_adding()
        runs.go.set()
        await app.workers.wait_for_complete()


async def test_what_goes_wrong_in_one_run_is_told_and_the_next_one_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log: list[tuple[str, ...]] = []

    async def run(_folder: Path, inputs: Sequence[str], *_: Any) -> None:
        log.append(tuple(inputs))
        if inputs == ["a"]:
            raise RuntimeError("out of files")

    monkeypatch.setattr(jobs, "run", run)
    app: App[None] = App()
    async with app.run_test() as pilot:
        heard: list[dict[str, Any]] = []
        idle: list[bool] = []
        work = background(app, heard, idle)
        work.add(["a"])
        work.add(["b"])
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert log == [("a",), ("b",)]
        assert [str(one["fault"]) for one in heard] == ["out of files"]
        assert idle == [True] and not work.adding


async def test_what_another_process_keeps_from_being_done_is_done_later(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_module, "_PAUSE", 0.01)
    app: App[None] = App()
    async with app.run_test() as pilot:
        heard: list[dict[str, Any]] = []
        work = background(app, heard, [])
        work.update()
        await pilot.pause()
        runs.heard({"error": "library: another process is writing to it", "busy": True})
        runs.go.set()
        await until(pilot, lambda: [what for what, *_ in runs.log] == ["began", "ended", "began"])
        assert [value.get("stage") for value in heard] == ["waiting"]
        runs.go.set()
        await app.workers.wait_for_complete()
        # What was added is; what wasn't comes again with its inputs.
        work.add(["a"])
        await pilot.pause()
        runs.heard({"error": "library: another process is writing to it", "busy": True})
        runs.go.set()
        await until(pilot, lambda: runs.log[-2:] == [("ended", "a"), ("began", "a")])
        runs.go.set()
        await app.workers.wait_for_complete()
        assert runs.log[-1] == ("ended", "a")


async def test_adding_does_not_wait_for_what_is_to_be_tried_again(runs: Runs) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        work = background(app, [], [])
        work.update()
        await pilot.pause()
        runs.heard({"error": "library: another process is writing to it", "busy": True})
        runs.go.set()
        await until(pilot, lambda: [what for what, *_ in runs.log] == ["began", "ended"])
        work.add(["a"])
        await until(pilot, lambda: runs.log[-1] == ("began", "a"))
        runs.go.set()
        await app.workers.wait_for_complete()


async def test_what_is_removed_is_not_cut_off_by_adding_nor_by_stopping_that(runs: Runs) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        heard: list[dict[str, Any]] = []
        work = background(app, heard, [])
        work.update()
        await pilot.pause()
        work.remove(["one"])
        await until(pilot, lambda: runs.log == [("began",), ("stopped",), ("began", REMOVE, "one")])
        assert not work.adding and not work.stop_adding()
        work.add(["a"])
        work.remove(["two"])
        await pilot.pause(0.05)
        assert work.adding and runs.log[-1] == ("began", REMOVE, "one")
        assert work.stop_adding() and not work.adding
        runs.heard({"removed": ["one"]})
        assert heard == [{"removed": ["one"]}]
        runs.go.set()
        await until(pilot, lambda: runs.log[-1] == ("began", REMOVE, "two"))
        runs.go.set()
        await app.workers.wait_for_complete()


async def test_what_another_process_keeps_from_being_removed_is_removed_later(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_module, "_PAUSE", 0.01)
    app: App[None] = App()
    async with app.run_test() as pilot:
        work = background(app, [], [])
        work.remove(["one"])
        await until(pilot, lambda: runs.log == [("began", REMOVE, "one")])
        runs.heard({"error": "another process is writing", "busy": True})
        runs.go.set()
        await until(pilot, lambda: runs.log[1:] == [("ended", REMOVE, "one"), ("began", REMOVE, "one")])
        runs.go.set()
        await app.workers.wait_for_complete()

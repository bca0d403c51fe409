"""Adding while reading: asked for, shown as it goes, told at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.tui.conftest import MakeApp
from tests.tui.screens.test_story import press, reader, settle, until
from textual.widgets import Input, Static

from warreader.index.library import Library
from warreader.tui import jobs
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.adding import AddDialog, FailuresScreen

WIDE = (160, 45)


def at_reader(app: WarreaderApp) -> bool:
    return app.screen is app.reader


def told(app: WarreaderApp) -> str:
    return str(app.screen.query_one("#offered", Static).content)


def said(app: WarreaderApp) -> str:
    return str(reader(app).query_one("#said", Static).content)


def state(app: WarreaderApp) -> str:
    return str(reader(app).query_one("#state", Static).content)


def step(stored: int, done: int, total: int = 1_000) -> dict[str, Any]:
    return {"stage": "add", "done": done, "total": total, "stored": stored, "rate": 310.0, "left": 120.0}


def report(**values: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"added": 0, "updated": 0, "duplicates": 0, "failures": 0, "left_out": 0}
    return {"report": empty | {"stopped": False} | values}


class Worker:
    """Stands in for the background process: says what it is told to."""

    def __init__(self) -> None:
        self.inputs: list[Sequence[str]] = []
        self.heard: Callable[[dict[str, Any]], None] = print
        self.stop = asyncio.Event()
        self.end = asyncio.Event()

    async def run(
        self,
        _folder: Path,
        inputs: Sequence[str],
        heard: Callable[[dict[str, Any]], None],
        stop: asyncio.Event,
    ) -> None:
        self.inputs.append(inputs)
        self.heard, self.stop = heard, stop
        if inputs:
            await self.end.wait()
            self.end.clear()


@pytest.fixture
def worker(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Worker:
    assert callable(make_app), "its own stand-in comes first"
    made = Worker()
    monkeypatch.setattr(jobs, "run", made.run)
    return made


async def test_a_path_is_completed_checked_and_added(
    make_app: MakeApp, worker: Worker, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for name in ("export one.jsonl", "export two.jsonl"):
        (tmp_path / "in" / name).write_text("{}", "utf-8")
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "A")
        assert isinstance(app.screen, AddDialog) and isinstance(app.focused, Input)
        app.focused.value = f"{tmp_path}/in/exp"
        await press(pilot, "tab")
        assert app.focused.value == f"{tmp_path}/in/export "
        assert told(app) == "export one.jsonl  export two.jsonl"
        await press(pilot, "t", "enter")
        assert told(app) == f"{tmp_path}/in/export t: no such file or folder"
        await press(pilot, "tab")
        assert app.focused.value == f"{tmp_path}/in/export two.jsonl"
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert at_reader(app)
        assert worker.inputs == [[f"{tmp_path}/in/export two.jsonl"]]
        worker.end.set()
        await settle(pilot)


async def test_progress_and_end_are_told_and_articles_come(
    make_app: MakeApp, worker: Worker, library: Library, tmp_path: Path
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.background.add(["x"])
        await pilot.pause()
        worker.heard(step(1_234, 500))
        assert "1,234 articles" in state(app) and "310/s" in state(app) and "2 min left" in state(app)
        (tmp_path / "more.txt").write_text("The port was shelled on Monday.\n", "utf-8")
        library.add([tmp_path / "more.txt"])
        worker.heard(step(1_235, 600))
        await until(pilot, lambda: "more" in reader(app).articles.order)
        failure = {"file": "/in/[red]a.html", "place": "line 3", "reason": "no article text in this page"}
        for _ in range(3):
            worker.heard({"failure": failure})
        worker.heard(report(added=1_234, duplicates=1, failures=3))
        # What there is to do stands first: a narrow line is cut at its end.
        assert said(app).startswith("added 1,234 · 3 failed: press ! to see them · 1 there already")
        worker.end.set()
        await settle(pilot)
        assert "articles" in state(app) and "left" not in state(app)
        await press(pilot, "j")
        assert "failed" not in said(app) and "3 failed (!)" in state(app)
        await press(pilot, "exclamation_mark")
        assert isinstance(app.screen, FailuresScreen)
        rows = app.screen.query_one("#failures")
        painted = "\n".join(rows.render_line(y).text for y in range(3))
        assert "/in/[red]a.html" in painted and "line 3" in painted and "no article text" in painted
        await press(pilot, "j", "y", "escape")
        assert at_reader(app) and "failed" not in state(app)
        assert app.clipboard.count("\n") == 3


async def test_adding_is_stopped_from_the_dialogue(make_app: MakeApp, worker: Worker) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "A")
        assert not app.screen.query("#nothing") and "ctrl+x" not in hint(app)
        await press(pilot, "escape")
        app.background.add(["x"])
        await pilot.pause()
        await pilot.press("A")
        await pilot.pause()
        assert "ctrl+x" in hint(app)
        await pilot.press("ctrl+x")
        await pilot.pause()
        assert at_reader(app) and worker.stop.is_set()
        worker.heard(report(added=1, stopped=True))
        assert said(app).startswith("stopped · added 1")
        worker.end.set()
        await settle(pilot)
        # what came is derived
        assert worker.inputs == [["x"], []]


def hint(app: WarreaderApp) -> str:
    return str(app.screen.query_one(".hint", Static).content)


async def test_nothing_to_stop_and_nothing_failed_is_said(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "exclamation_mark")
        assert said(app) == "nothing failed since the reader was opened"
        app.action_stop_adding()
        assert said(app) == "nothing is being added"
        assert "Stop adding" in {command.title for command in app.get_system_commands(app.reader)}

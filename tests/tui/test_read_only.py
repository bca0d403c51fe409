"""The reader and the commands on a library that can only be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tui.conftest import MakeApp
from tests.tui.screens.test_story import settle
from warreader.index.library import Library
from warreader.tui import cli
from warreader.tui.screens.saved_searches import SavedSearches
from warreader.tui.widgets.status_line import StatusLine

ARTICLE = "001_45c60ad35b40d519"


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in [folder, *folder.rglob("*")]
    }


def _lines(app: object) -> tuple[str, str]:
    status = app.screen.query_one(StatusLine)  # type: ignore[attr-defined]
    return str(status.query_one("#said").render()), str(status.query_one("#state").render())


async def test_it_is_read_searched_and_compared_and_nothing_is_written(
    make_app: MakeApp, folder: Path
) -> None:
    with Library(folder) as library:
        library.search.searches.save("putin", "kept")
    before = _state(folder)
    with Library(folder, read_only=True) as library:
        app = make_app(opened=library)
        async with app.run_test(size=(160, 45)) as pilot:
            await settle(pilot)
            assert "read-only" in _lines(app)[1]
            assert any("only read" in one.message for one in app._notifications)
            await pilot.press("slash", *"clarke", "enter")
            await settle(pilot)
            await pilot.press("n", "J", "c", "escape", "O", "r")
            assert "nothing can be kept" in _lines(app)[0]
            for key in ("s", "a"):
                await pilot.press(key)
            assert "nothing can be kept" in _lines(app)[0] and app.screen is app.reader
            await pilot.press("R")
            await settle(pilot)
            assert isinstance(app.screen, SavedSearches)
            await pilot.press("down", "x", "e")
            assert isinstance(app.screen, SavedSearches) and "deletes" not in str(
                app.screen.query_one(".hint").render()
            )
            await pilot.press("escape", "q")
            await settle(pilot)
    assert _state(folder) == before
    with Library(folder) as library:
        assert [one.name for one in library.search.searches.saved()] == ["kept"]


async def test_what_was_not_derived_is_not_waited_for(make_app: MakeApp, folder: Path) -> None:
    with Library(folder) as library, library._database.transaction() as connection:
        connection.execute("DELETE FROM derived WHERE stage = 'quotations'")
    with Library(folder, read_only=True) as library:
        app = make_app(opened=library)
        async with app.run_test(size=(160, 45)) as pilot:
            await settle(pilot)
            assert str(app.reader.quotations.border_subtitle) == "not looked for yet"


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "putin", "--json"],
        ["show", ARTICLE],
        ["export", "quotations"],
        ["export", "annotations"],
        ["check"],
        ["names"],
    ],
)
def test_commands_that_read_work(
    arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _state(folder)
    assert cli.main(["--library", str(folder), "--read-only", *arguments]) == 0
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    if "--json" in arguments:
        assert all(json.loads(line) for line in told.out.splitlines())
    assert _state(folder) == before


@pytest.mark.parametrize(
    "arguments", [["add", "x.txt"], ["update"], ["check", "--repair"], ["import", "notes.jsonl"]]
)
def test_commands_that_write_say_so(
    arguments: list[str],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.jsonl").write_text("")
    before = _state(folder)
    assert cli.main([*arguments, "--read-only", "--library", str(folder)]) == 3
    told = capsys.readouterr().err
    assert "is only read here" in told and told.count("\n") == 1
    assert _state(folder) == before

"""What is open over the reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.tui.conftest import MakeApp
from tests.tui.screens.test_story import press, settle

from warreader.tui.app import WarreaderApp

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

"""The app on the seeded library, without its background process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from warreader.index.library import Library
from warreader.tui import jobs
from warreader.tui.app import WarreaderApp
from warreader.tui.config import Config
from warreader.tui.themes import Themes

SEEDS = {
    "000": "000_2140bedf57d2f77f",
    "001": "001_45c60ad35b40d519",
    "002": "002_adca40b1d62e3161",
    "003": "003_24b84148c221d217",
    "004": "004_e0c3dcfb4336caef",
}

MakeApp = Callable[..., WarreaderApp]


@pytest.fixture
def make_app(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeApp]:
    """Makes the app; nothing is due in the seeded library, so no process is started. Its faults fail the test."""

    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(jobs, "run", nothing)

    def make(theme: str = "ink", config: Config | None = None, opened: Library | None = None) -> WarreaderApp:
        return WarreaderApp(
            opened or library, Themes(), theme=theme, config=config, state=tmp_path / "state.json"
        )

    yield make
    faults = tmp_path / "faults.txt"
    assert not faults.exists(), faults.read_text("utf-8")

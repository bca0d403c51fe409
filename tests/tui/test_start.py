"""What the reader imports before its first paint, and what it tells at once."""

from __future__ import annotations

import subprocess
import sys

from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.themes import Themes


def test_the_first_paint_waits_for_none_of_the_heavy_parts() -> None:
    """Search, its arrays and what reads files are imported when they are wanted."""
    heavy = ("numpy", "whoosh", "rapidfuzz", "trafilatura", "lxml", "spacy")
    code = f"import sys, warreader.tui.app; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


async def test_many_wrong_settings_are_one_message_that_says_where_all_are_told(library: Library) -> None:
    wrong = [f"config.yaml:{line}: no such setting" for line in range(1, 8)]
    app = WarreaderApp(library, Themes(), theme="ink", problems=wrong)
    async with app.run_test() as pilot:
        await pilot.pause()
        (told,) = (one.message for one in app._notifications)
    assert told.split("\n")[:3] == wrong[:3]
    assert "4 more" in told and "warreader keys" in told

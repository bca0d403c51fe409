"""The list of articles at 40,000: CPU time to fill it, from a key to the painted screen, to change one row.

Runs the reader without a terminal (160x45) on an empty library, gives its list
made-up rows, and prints milliseconds of CPU time: median and worst of 40. What
an idle turn of the screen costs is printed beside and is part of each figure.

    python tests/benchmarks/list.py [ROWS]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from warreader.index.library import Library
from warreader.index.listing import Summaries, Summary
from warreader.index.storage import Database
from warreader.tui import jobs
from warreader.tui.app import WarreaderApp
from warreader.tui.themes import Themes


def summary(number: int) -> Summary:
    """A row."""
    return Summary(
        key=number,
        id=f"a{number}",
        title=f"Article number {number}, on shelling near the front and what was said about it there",
        outlet=f"Outlet {number % 50}",
        date=f"2022-03-{number % 28 + 1:02}",
        length=4000 + number % 900,
        read=number % 3 == 0,
        starred=number % 17 == 0,
        versions=1 + (number % 20 == 0),
    )


class Made(Summaries):
    """Made-up rows in place of a library's."""

    def __init__(self, database: Database, rows: int) -> None:
        super().__init__(database)
        self._known = {row.id: row for row in map(summary, range(rows))}
        self.ids = list(self._known)


async def measure(app: WarreaderApp, rows: int) -> None:
    """Fill, move, change."""
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause(0.5)
        listing, pane = app.reader.listing, app.reader.articles
        summaries = Made(app.library.articles._database, rows)
        copies = dict.fromkeys(range(0, rows, 9), (4, 3))

        async def cpu(work: Callable[[], object]) -> float:
            began = time.process_time()
            work()
            await pilot.pause()
            await pilot.pause()
            return (time.process_time() - began) * 1000

        async def told(name: str, work: Callable[[], object], times: int = 40) -> None:
            taken = [await cpu(work) for _ in range(times)]
            print(f"{name:<34} {statistics.median(taken):6.1f} {max(taken):6.1f}")

        app.reader.focus_pane("articles")
        await pilot.pause()
        print(f"{rows:,} rows, CPU ms{'':<16} median  worst")
        await told("nothing", lambda: None)
        await told("fill, first", lambda: listing._take(summaries, copies, 0.0), 1)
        await told("fill again", lambda: listing._take(summaries, copies, 0.0), 10)
        pane.rows.highlight(f"a{rows // 2}")
        await told("row down", pane.rows.action_cursor_down)
        await told("page down", pane.rows.action_page_down)
        await told("one row changed", lambda: listing.change(pane.rows.highlighted_id or "", starred=True))
        await told("last row", pane.rows.action_last, 1)
        await told("first row", pane.rows.action_first, 1)


async def main(rows: int) -> None:
    """On an empty library."""

    async def nothing(*_: Any) -> None:
        return None

    made: Callable[..., Awaitable[None]] = nothing
    jobs.run = made  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
        await measure(WarreaderApp(library, Themes(), theme="ink"), rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rows", type=int, nargs="?", default=40_000)
    asyncio.run(main(parser.parse_args().rows))

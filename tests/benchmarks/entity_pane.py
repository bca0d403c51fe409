"""The list of names on a large library: from a key to the painted rows, in milliseconds.

Runs the reader without a terminal (160x45) and presses the keys a reader does: into the pane, to the library's
names, a filter typed, rows and pages down, a name's forms. Each figure is from the key until the rows that it asked
for are on the screen; where that is two steps (a glance, then all), both are told. Processor time counts what all
threads of the reader used meanwhile; wall time beside it says as much about what else the machine does. What an idle
turn of the screen takes is part of each figure, and told.

    python tests/benchmarks/entity_pane.py LIBRARY
    python tests/benchmarks/entity_pane.py LIBRARY CORPUS.jsonl[.xz] [ARTICLES]

The second form first makes the library from a corpus (any file of articles with ``text``), with names alone derived,
where the folder isn't there yet; it can then be used again. Nothing in the library is changed but that.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from corpus import articles
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from warreader.index.article import Metadata, Progress
from warreader.index.articles import Incoming
from warreader.index.derive import Derivation
from warreader.index.ingest.lines import classify
from warreader.index.library import Library, default_jobs
from warreader.tui import jobs
from warreader.tui.app import WarreaderApp
from warreader.tui.themes import Themes

TYPED = ("z", "ze", "zel", "p", "pu", "put", "s", "a", "united n", "ky", "m", "the")
TIMES = 5


def make(folder: Path, corpus: Path, most: int) -> None:
    """A library of a corpus with its names."""
    with Library(folder) as library:
        with library._database.transaction():
            for number, one in enumerate(islice(articles(corpus), most)):
                text = one["text"].replace("\r\n", "\n").replace("\r", "\n")
                known = {name: one.get(name) for name in ("title", "outlet", "date", "url")}
                given = {name: value for name, value in known.items() if isinstance(value, str)}
                name = str(one.get("id") or number)
                library.articles.store(
                    Incoming(name, text, classify(text), Metadata(**given), corpus.name, stated_id=True)
                )
        names(library)


def names(library: Library) -> None:
    """Derive names alone, with the time it takes."""

    def told(step: Progress) -> None:
        if step.done % 1000 == 0:
            print(f"\r{step.stage} {step.done:,} of {step.total:,}", end="", file=sys.stderr)

    began = time.monotonic()
    derivation = Derivation(library._database, (library.entities,), library.articles.by_key)
    due = len(derivation.due(library.entities))
    derivation.run(told, jobs=default_jobs())
    if due:
        spent = time.monotonic() - began
        print(f"names of {due:,} articles in {spent:.0f} s, {1000 * spent / due:.1f} ms an article")


@dataclass
class Clock:
    """Wall and processor milliseconds since it was made."""

    wall: float = field(default_factory=time.perf_counter)
    processor: float = field(default_factory=time.process_time)

    def read(self) -> tuple[float, float]:
        """Processor, wall."""
        return (time.process_time() - self.processor) * 1000, (time.perf_counter() - self.wall) * 1000


Taken = tuple[float, float]


async def painted(pilot: Pilot[None], done: Callable[[], bool]) -> None:
    """Wait until something is so and the screen shows it."""
    end = time.perf_counter() + 60
    while not done():
        await asyncio.sleep(0.001)
        if time.perf_counter() > end:
            raise TimeoutError
    await pilot.pause(0)


def _95th(values: Sequence[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def line(name: str, taken: Sequence[Taken]) -> None:
    """One figure."""
    processor, wall = ([one[at] for one in taken] for at in (0, 1))
    figures = (statistics.median(processor), _95th(processor), statistics.median(wall), _95th(wall))
    print(f"{name:<42}" + "".join(f"{figure:9.1f}" for figure in figures))


class Measured:
    """Presses keys and tells how long they took."""

    def __init__(self, app: WarreaderApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.screen = app.reader
        self.pane = app.reader.entities

    async def key(self, name: str, done: Callable[[], bool]) -> Taken:
        """From a key until something is so and painted."""
        from textual import events

        clock = Clock()
        await self.app.on_event(events.Key(name, name if len(name) == 1 else None))
        await painted(self.pilot, done)
        return clock.read()

    async def several(self, name: str, work: Callable[[], Awaitable[Taken]], times: int = TIMES) -> None:
        """The same some times over."""
        line(name, [await work() for _ in range(times)])

    async def idle(self) -> Taken:
        """A turn of the screen with nothing to do."""
        clock = Clock()
        await self.pilot.pause(0)
        return clock.read()

    async def to_pane(self) -> Taken:
        """From the text into the pane."""
        self.screen.focus_pane("text")
        await self.pilot.pause(0.1)
        return await self.key("3", lambda: self.pane.rows.has_focus)

    async def to_library(self) -> Taken:
        """From the article's names to the library's."""
        while self.pane.scope.value != "article":
            self.pane.action_scope()
        with contextlib.suppress(WorkerCancelled):
            await self.app.workers.wait_for_complete()
        await self.pilot.pause(0.1)
        taken = await self.key("w", lambda: self.pane.scope.value == "library" and not self.pane.pending)
        with contextlib.suppress(WorkerCancelled):
            await self.app.workers.wait_for_complete()
        return taken

    async def typed(self, text: str) -> tuple[Taken, Taken]:
        """A filter typed, the last letter of it measured: first rows, all rows."""
        self.pane.box.value = ""
        with contextlib.suppress(WorkerCancelled):
            await self.app.workers.wait_for_complete()
        await self.pilot.pause(0.1)
        clock = Clock()
        self.pane.box.value = text
        self.pane.pending = True
        await painted(self.pilot, lambda: not self.pane.pending)
        first = clock.read()
        await painted(self.pilot, lambda: self.pane.roll.complete)
        return first, clock.read()

    async def moved(self, name: str) -> Taken:
        """A key that moves in the list."""
        before = self.pane.rows.highlighted
        return await self.key(name, lambda: self.pane.rows.highlighted != before)

    async def there_and_back(self) -> Taken:
        """To the last row and to the first, the slower of the two."""
        return max(await self.moved("G"), await self.moved("home"))

    async def forms(self) -> Taken:
        """The forms of a name opened."""
        before = self.pane.rows.row_count
        taken = await self.key("l", lambda: self.pane.rows.row_count > before)
        await self.key("h", lambda: self.pane.rows.row_count == before)
        return taken


async def measure(app: WarreaderApp) -> None:
    """Press the keys."""
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause(2.0)
        keys = Measured(app, pilot)
        print(f"{'milliseconds':<42}{'cpu p50':>9}{'cpu p95':>9}{'wall p50':>9}{'wall p95':>9}")
        await keys.several("an idle turn of the screen", keys.idle, 20)
        await keys.several("into the pane", keys.to_pane)
        await keys.several("to the names of the library", keys.to_library)
        counts = keys.pane.roll.counts
        print(f"  {sum(counts.values()):,} names: {json.dumps({k.value: n for k, n in counts.items()})}")
        first, whole = [], []
        for text in TYPED:
            for _ in range(3):
                one, all_of = await keys.typed(text)
                first.append(one)
                whole.append(all_of)
            found = sum(keys.pane.roll.counts.values())
            print(
                f"  {text!r:<12}{found:>9,} names   cpu: first rows {first[-1][0]:6.1f}   all {whole[-1][0]:6.1f}"
            )
        line("a letter of the filter: first rows", first)
        line("a letter of the filter: all counted", whole)
        keys.pane.clear_filter()
        with contextlib.suppress(WorkerCancelled):
            await app.workers.wait_for_complete()
        await pilot.pause(0.3)
        await keys.several("a row down", lambda: keys.moved("j"), 40)
        await keys.several("a page down", lambda: keys.moved("space"), 40)
        await keys.several("to the last row, or back", keys.there_and_back, 6)
        keys.pane.rows.action_first()
        await keys.moved("j")
        entity = keys.pane.entity
        await keys.several(f"the forms of {entity.name if entity else '?'}", keys.forms)


async def main(folder: Path) -> None:
    """On a library as it is; no process is started that would add to it."""

    async def nothing(*_: Any) -> None:
        return None

    made: Callable[..., Awaitable[None]] = nothing
    jobs.run = made  # type: ignore[assignment]
    with Library(folder, create=False) as library:
        print(f"{len(library.articles):,} articles")
        await measure(WarreaderApp(library, Themes(), theme="ink"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("articles", type=int, nargs="?", default=1_000_000)
    given = parser.parse_args()
    if given.corpus is not None and not given.library.is_dir():
        make(given.library, given.corpus, given.articles)
    asyncio.run(main(given.library))

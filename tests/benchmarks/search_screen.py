"""Search on the screen: from a key to painted results, how late frames come, opening a library.

Builds a library of the first SIZE articles of a corpus (or takes one that is there),
runs the reader on it (160x45, writing to a terminal that forgets), presses the keys of queries,
and prints milliseconds:

- *painted*: from a key to results written to the terminal (wall clock, and
  CPU of the whole process: the machine may be busy with other things);
- *late*: how long the event loop kept a frame waiting while that went on, and what it computed itself in that
  time (the rest is other threads and what else the machine does);
- *facets*, *offers*, *snippets*: what follows when the results are there, off the event loop;
- opening: from the library's folder to the list, and to the first results of a query.

    python tests/benchmarks/search_screen.py CORPUS.jsonl [--size N] [--keep FOLDER]
    python tests/benchmarks/search_screen.py --library FOLDER
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from corpus import articles

from warreader.index import jsonable
from warreader.index.library import Library
from warreader.index.search.catalogue import Order
from warreader.tui import jobs  # before Textual, which it sets up
from warreader.tui.app import WarreaderApp
from warreader.tui.themes import Themes

from textual import events  # isort: skip
from textual.drivers.headless_driver import HeadlessDriver  # isort: skip
from textual.pilot import Pilot  # isort: skip
from textual.worker import WorkerCancelled  # isort: skip

QUERIES = (
    "ukraine war",
    "the president said",
    '"prime minister"',
    "putin OR biden",
    "nuclear weapons -iran",
    "date:2022 sanctions",
    "is:unread election",
)


Told = tuple[str, list[float]]


class Beat:
    """Beats on the event loop and notes how late, and how much its own thread computed meanwhile."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.busy: list[float] = []

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            before, spent = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.005)
            self.late.append((time.perf_counter() - before - 0.005) * 1000)
            self.busy.append((time.thread_time() - spent) * 1000)


def tell(name: str, values: list[float]) -> None:
    """Median, 95th percentile and worst."""
    if values:
        ordered = sorted(values)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        print(f"{name:<34} {statistics.median(values):7.1f} {p95:7.1f} {ordered[-1]:7.1f}  of {len(values)}")


class Forgetful(HeadlessDriver):
    """A terminal for which all is drawn as for any other, and which shows nothing."""

    @property
    def is_headless(self) -> bool:
        """No: what is drawn is made into text."""
        return False


def _press(app: WarreaderApp, letter: str) -> None:
    app.post_message(events.Key("space" if letter == " " else letter, letter))


async def _painted(app: WarreaderApp, query: str) -> None:
    """Until the results of the query are drawn."""
    pane = app.reader.articles
    while pane._result is None or pane._result.query != query:
        # Asking without pause would take the interpreter from the thread that searches: 5 ms at a time.
        await asyncio.sleep(0.001)
    done = asyncio.Event()
    pane.call_after_refresh(done.set)
    await done.wait()


async def measure(app: WarreaderApp) -> None:
    """Type the queries."""
    told: list[Told] = []

    async def type_all(pilot: Pilot[object]) -> None:
        told.extend(await _typed(app, pilot))
        app.exit()

    app.driver_class = Forgetful
    await app.run_async(size=(160, 45), auto_pilot=type_all)
    # Until here, what is printed belongs to the app.
    for name, values in told:
        tell(name, values)
    for name, values in told:
        if name.startswith(("late", "the event loop")):
            print(f"{name}: more than 20 ms {sum(value > 20 for value in values)} of {len(values)}")


async def _typed(app: WarreaderApp, pilot: Pilot[object]) -> list[Told]:
    wall: list[float] = []
    cpu: list[float] = []
    while not len(app.reader.listing):
        await asyncio.sleep(0.01)
    await pilot.pause(0.5)
    with contextlib.suppress(WorkerCancelled):
        await app.workers.wait_for_complete()
    pane = app.reader.articles
    beat = Beat()
    app.reader.action_search()
    await pilot.pause()
    beating = asyncio.create_task(beat.run())
    for query in QUERIES:
        pane.box.value = ""
        await pilot.pause(0.1)
        for end, letter in enumerate(query, 1):
            began, spent = time.perf_counter(), time.process_time()
            _press(app, letter)
            await _painted(app, query[:end])
            wall.append((time.perf_counter() - began) * 1000)
            cpu.append((time.process_time() - spent) * 1000)
            await asyncio.sleep(0.12)
        await asyncio.sleep(0.6)
    beating.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await beating
    return [
        ("a key to painted, wall", wall),
        ("a key to painted, CPU", cpu),
        ("late, every 5 ms", beat.late),
        ("the event loop's own CPU meanwhile", beat.busy),
    ]


def asked(library: Library) -> None:
    """What follows off the event loop, by itself."""
    search = library.search
    spent: dict[str, list[float]] = {}

    @contextlib.contextmanager
    def timed(name: str) -> Iterator[None]:
        began = time.process_time()
        yield
        spent.setdefault(name, []).append((time.process_time() - began) * 1000)

    for _ in range(2):
        spent.clear()
        for query in QUERIES:
            for end in range(1, len(query) + 1):
                typed = query[:end]
                with timed("search, 60 without snippets"):
                    hits = search.search(typed, 60, as_you_type=True, snippets=False).hits
                with timed("offers"):
                    search.completer.at(typed, end)
                with timed("all that answers"):
                    keys = search.answer(typed, as_you_type=True).keys
                with timed("facets"):
                    search.facets.of(keys, 5)
                with timed("ids of all"):
                    search.ids(keys)
                with timed("sorted by title"):
                    search.answer(typed, as_you_type=True, order=Order.TITLE)
            with timed("snippets of 5"):
                for hit in hits[:5]:
                    search.spans(query, hit.id)
    for name, values in spent.items():
        tell(f"{name}, CPU", values)


def opened(folder: Path) -> None:
    """Opening the library: to the first results of a query, and to the list."""
    with tempfile.TemporaryDirectory() as empty, Library(Path(empty)) as library:
        # What is imported for it is the same with any library.
        library.search.search("ukraine", 60, as_you_type=True, snippets=False)
    began, spent = time.perf_counter(), time.process_time()
    with Library(folder) as library:
        found = library.search.search("ukraine", 60, as_you_type=True, snippets=False)
        wall, cpu = time.perf_counter() - began, time.process_time() - spent
        print(f"opened to first results ({found.total:,}): {wall * 1000:.0f} ms, CPU {cpu * 1000:.0f} ms")
        began, spent = time.perf_counter(), time.process_time()
        listing = library.articles.listing()
        first = [listing[one] for one in islice(listing, 20)]
        wall, cpu = time.perf_counter() - began, time.process_time() - spent
        print(
            f"list of {len(listing):,} articles ({len(first)} rows): {wall * 1000:.0f} ms, CPU {cpu * 1000:.0f} ms"
        )


def build(corpus: Path, folder: Path, size: int) -> None:
    """A library of the first articles of the corpus; names are derived, other things are not."""
    with tempfile.TemporaryDirectory() as scratch, Library(folder) as library:
        if len(library.articles):
            return
        inputs = Path(scratch) / "corpus.jsonl"
        with inputs.open("w", encoding="utf-8") as stream:
            for article in islice(articles(corpus), size):
                stream.write(jsonable.line(article) + "\n")
        library.add([inputs], derive=False)
        for key in [summary.key for summary in library.articles.summaries()]:
            library.entities.derive(library.articles.by_key(key))


def main() -> None:
    """Read the arguments, measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--keep", type=Path, help="keep the library in this folder")
    parser.add_argument("--library", type=Path, help="a library that is there")
    chosen = parser.parse_args()
    if chosen.library is None and chosen.corpus is None:
        parser.error("name a corpus or --library")

    async def nothing(*_: Any) -> None:
        return None

    jobs.run = nothing  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.library or chosen.keep or Path(scratch)
        if chosen.library is None:
            build(chosen.corpus, folder, chosen.size)
        print(f"{'milliseconds':<34}  median     p95   worst")
        with Library(folder) as library:
            asyncio.run(measure(WarreaderApp(library, Themes(), theme="ink")))
        # The reader's, before the library is opened a second time.
        print(f"resident at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        opened(folder)
        with Library(folder) as library:
            asked(library)


if __name__ == "__main__":
    main()

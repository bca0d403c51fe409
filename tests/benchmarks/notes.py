"""Annotating on the screen: marking in a long article, and the list of very many notes.

Usage: python tests/benchmarks/notes.py [--lines 10000] [--marks 2000] [--annotations 100000] [--folder DIR]

Runs the reader without a terminal (160x45). First, from the key that marks the selection to painted rows:
in an article of so many lines with so many annotations, and in one of ten lines with none, in turns. Then
the notes pane over so many annotations: from asking to painted rows, for opening it, filtering by tag, by
text and by outlet; the CPU time of it (a busy machine takes longer on the clock), and the time for which
the screen stood still. Milliseconds, medians.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.events import Key
from textual.worker import WorkerCancelled

from warreader.index.article import Span
from warreader.index.library import Library
from warreader.tui import jobs
from warreader.tui.app import WarreaderApp
from warreader.tui.themes import Themes

WORDS = """
shelling station dawn officials mayor craters people border convoy market bridge council said that the of and
in a to on front troops villages drones reported killed wounded crossed held withdrew under after before
""".split()  # noqa: SIM905


def text(lines: int, draw: random.Random) -> str:
    """So many lines of about 30 words."""
    return "".join(" ".join(draw.choices(WORDS, k=30)) + ".\n" for _ in range(lines))


def fill(library: Library, articles: dict[str, str], count: int, draw: random.Random) -> None:
    """So many annotations over the articles."""
    names = list(articles)
    with library.annotations.gesture("filled"):
        for number in range(count):
            article = names[number % len(names)]
            start = draw.randrange(len(articles[article]) - 200)
            library.annotations.add(
                article,
                articles[article],
                start,
                start + draw.randint(5, 150),
                note=" ".join(draw.choices(WORDS, k=8)) if number % 2 else "",
                tags=[f"tag {min(int(draw.expovariate(0.1)), 199)}", "all"][: draw.randint(0, 2)],
            )


def made(folder: Path, articles: dict[str, str]) -> Library:
    """A library of these articles, by id."""
    lines = (
        json.dumps(
            {"id": name, "text": body, "title": name, "outlet": f"Outlet {n % 20}", "date": "2022-03-01"}
        )
        for n, (name, body) in enumerate(articles.items())
    )
    folder.mkdir(parents=True)
    (folder / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    library = Library(folder / "library")
    library.add([folder / "articles.jsonl"], derive=False)
    return library


async def started(app: WarreaderApp, pilot: Any) -> None:
    """Wait until all is there."""
    for _ in range(4):
        await pilot.pause(0.1)
        with contextlib.suppress(WorkerCancelled):
            await app.workers.wait_for_complete()


async def mark(app: WarreaderApp, pilot: Any, article: str, times: int) -> list[float]:
    """Milliseconds from the key to painted rows."""
    app.reader.travel.open(article)
    await started(app, pilot)
    view = app.reader.view
    page = app.reader.page
    assert page is not None
    middle = len(page.article.text) // 2
    taken = []
    for number in range(times):
        view.select(Span(middle + 7 * number, middle + 7 * number + 30))
        await pilot.pause()
        began = time.perf_counter()
        await app.on_event(Key("m", "m"))
        await app.reader.gestures.finished()
        for row in range(view.size.height):
            view.render_line(row)
        taken.append((time.perf_counter() - began) * 1000)
        assert any(span.start == middle + 7 * number for span in app.reader.annotated.spans.values())
        await started(app, pilot)
    return taken


async def marking(folder: Path, lines: int, marks: int, draw: random.Random) -> None:
    """A long article and a short one in the same run."""
    articles = {"long": text(lines, draw), "short": text(10, draw)}
    with made(folder, articles) as library:
        fill(library, {"long": articles["long"]}, marks, draw)
        app = WarreaderApp(library, Themes(), theme="ink")
        async with app.run_test(size=(160, 45)) as pilot:
            await started(app, pilot)
            long: list[float] = []
            short: list[float] = []
            for _ in range(3):
                long += await mark(app, pilot, "long", 5)
                short += await mark(app, pilot, "short", 5)
    one, other = statistics.median(long), statistics.median(short)
    print(
        f"mark, key to painted rows: {lines:,} lines with {marks:,} annotations {one:.1f} (worst {max(long):.1f})"
    )
    print(f"                           10 lines with none {other:.1f}; ratio {one / other:.2f}")


async def pane(folder: Path, count: int, draw: random.Random) -> None:
    """The list of notes."""
    articles = {f"article {n:04}": text(20, draw) for n in range(1000)}
    with made(folder, articles) as library:
        fill(library, articles, count, draw)
        app = WarreaderApp(library, Themes(), theme="ink")
        async with app.run_test(size=(160, 45)) as pilot:
            await started(app, pilot)
            notes, noting = app.reader.notes, app.reader.annotating.noting
            shown = notes.show
            stood: list[float] = []

            def timed(value: Any) -> None:
                began = time.perf_counter()
                shown(value)
                stood.append((time.perf_counter() - began) * 1000)

            notes.show = timed  # type: ignore[method-assign, assignment]

            async def once(work: Callable[[], object]) -> tuple[float, float]:
                began, spent = time.perf_counter(), time.process_time()
                stood.clear()
                work()
                while not stood:
                    await asyncio.sleep(0.001)
                for row in range(notes.rows.size.height):
                    notes.rows.render_line(row)
                return (time.perf_counter() - began) * 1000, (time.process_time() - spent) * 1000

            def typed(value: str) -> None:
                with notes.prevent(type(notes.box).Changed):
                    notes.box.value = value
                noting.refresh()

            print(f"notes pane over {library.annotations.count():,} annotations:")
            for name, value in (
                ("open", ""),
                ("filter by tag", '#"tag 3"'),
                ("by a common tag", "#all"),
                ("by text", "convoy mayor"),
                ("by text that is nowhere", "nowhere"),
                ("by outlet", 'outlet:"outlet 7"'),
            ):
                taken, still, spent = [], [], []
                for _ in range(7):
                    wall, cpu = await once(lambda value=value: typed(value))  # type: ignore[misc]
                    taken.append(wall)
                    spent.append(cpu)
                    still.append(stood[0])
                    await pilot.pause()
                told = f"{statistics.median(taken):7.1f}   CPU {statistics.median(spent):6.1f}"
                told += f"   screen stood {statistics.median(still):5.1f}"
                print(f"  {name:<26}{told}   {len(notes.rows._ids):>8,} rows")


async def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--marks", type=int, default=2_000)
    parser.add_argument("--annotations", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder by default")
    options = parser.parse_args()

    async def nothing(*_: Any) -> None:
        return None

    jobs.run = nothing  # type: ignore[assignment]
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        await marking(Path(name) / "marks", options.lines, options.marks, random.Random(1))
        await pane(Path(name) / "pane", options.annotations, random.Random(2))


if __name__ == "__main__":
    asyncio.run(main())

"""The article view on a long article: time to open it, and from a key to the painted screen.

Makes an article of 10,000 lines with 500 marked spans, opens it in the reader
without a terminal (160x45), and prints milliseconds; the same for an article of
ten lines in the same run, and the ratio. Then opens a text of LETTERS code points, in one line and in many, as the
reader does: until its text is painted, and what the event loop computed at most between two beats (CPU: the machine
may be busy with other things).

    python tests/benchmarks/view.py [LINES] [--letters LETTERS]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from search_screen import Beat

from warreader.index.article import Article, Line, LineKind, Metadata
from warreader.index.library import Library
from warreader.index.text import line_spans
from warreader.tui import jobs
from warreader.tui.app import WarreaderApp
from warreader.tui.reading.layers import Painted
from warreader.tui.screens.listing import LAST_READ
from warreader.tui.themes import Themes

_WORDS = "the soldiers of Ukraine said “they” would hold Kyiv until winter’s end and Russia’s army withdrew"


def article(lines: int) -> Article:
    """An article of so many lines of about 30 words."""
    chance = random.Random(1)
    text = "\n".join(" ".join(chance.choices(_WORDS.split(), k=30)) + "." for _ in range(lines))
    kinds = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
    return Article(0, "long", Metadata(title="Long"), "", text, kinds)


async def measure(app: WarreaderApp, lines: int, spans: int) -> tuple[float, float]:
    """Milliseconds to open, and the median of 60 keys."""
    shown = article(lines)
    chance = random.Random(2)
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause(0.3)
        view = app.reader.view
        began = time.perf_counter()
        view.open(shown)
        for name, style in (("entities", "entity.GPE"), ("quotations", "quotation"), ("hits", "hit")):
            starts = [chance.randrange(max(1, len(shown.text) - 20)) for _ in range(spans // 3)]
            view.set_layer(name, [Painted(start, start + 12, style) for start in starts])
        app.screen.refresh(layout=True)
        await pilot.pause()
        opened = (time.perf_counter() - began) * 1000
        view.go(len(shown.text) // 2)
        await pilot.pause()
        keys = []
        for key in ("j", "space", "k", "w") * 15:
            began = time.perf_counter()
            await app.on_event(_key(key))
            for strip_row in range(view.size.height):
                view.render_line(strip_row)
            keys.append((time.perf_counter() - began) * 1000)
            await pilot.pause()
    return opened, statistics.median(keys)


def _key(key: str) -> Any:
    from textual.events import Key

    return Key(key, key if len(key) == 1 else None)


async def opened(library: Library, name: str) -> tuple[float, float]:
    """Milliseconds from asking for an article to its painted text, and the event loop's longest work meanwhile."""
    app = WarreaderApp(library, Themes(), theme="ink")
    async with app.run_test(size=(160, 45)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause(0.3)
        beat = Beat()
        beating = asyncio.create_task(beat.run())
        began = time.perf_counter()
        app.reader.travel.open(name, at=0)
        while app.reader.page is None or app.reader.page.article.id != name:
            await asyncio.sleep(0.001)
        painted = asyncio.Event()
        app.reader.view.call_after_refresh(painted.set)
        await painted.wait()
        spent = (time.perf_counter() - began) * 1000
        # What is derived of it follows.
        await app.workers.wait_for_complete()
        await pilot.pause(0.3)
        beating.cancel()
    return spent, max(beat.busy)


def add_long(library: Library, folder: Path, letters: int) -> None:
    """A short article, and two of so many letters, with the names that are found in them."""
    words = article(letters // 150).text
    texts = {"short": words[:1000], "one line": words.replace("\n", " "), "many lines": words}
    inputs = folder / "long.jsonl"
    with inputs.open("w", encoding="utf-8") as stream:
        for name, text in texts.items():
            stream.write(json.dumps({"id": name, "title": name, "text": text}) + "\n")
    library.add([inputs], derive=False)
    for summary in library.articles.summaries():
        library.entities.derive(library.articles.by_key(summary.key))


async def main(lines: int, letters: int) -> None:
    """Long and short in one run."""

    async def nothing(*_: Any) -> None:
        return None

    jobs.run = nothing  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
        long = await measure(WarreaderApp(library, Themes(), theme="ink"), lines, 500)
        short = await measure(WarreaderApp(library, Themes(), theme="ink"), 10, 12)
        add_long(library, Path(folder), letters)
        library.set_setting(LAST_READ, "short")
        told = {name: await opened(library, name) for name in ("short", "one line", "many lines")}
    print(f"{lines} lines, 500 spans: open {long[0]:.0f} ms, key to painted rows {long[1]:.1f} ms")
    print(f"10 lines, 12 spans: open {short[0]:.0f} ms, key to painted rows {short[1]:.1f} ms")
    print(f"key, ratio {long[1] / short[1]:.2f}")
    for name, (painted, busy) in told.items():
        print(
            f"{name}, opened by the reader: text painted {painted:.0f} ms, event loop at most {busy:.0f} ms CPU"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("lines", type=int, nargs="?", default=10_000)
    parser.add_argument("--letters", type=int, default=2_000_000)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.lines, chosen.letters))

"""How long comparing takes: from the key to the painted screen, by number of versions.

Usage: python tests/benchmarks/compare_screen.py CORPUS.jsonl[.xz] [--versions N] [--rounds N]

Takes one article of the corpus that has a long quotation, and prints its quotation in N articles of as many outlets,
each with a word or two changed by a program. Prints milliseconds of the core's part (reading the match, laying the
versions over one another) and from the key to the painted screen, wall clock and CPU time. The key is handed to the
app itself: Textual's pilot waits in steps of 20 ms until nothing moves, several times a key.
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

from corpus import articles
from textual import events

from warreader.index.article import Match, QuotationKind
from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.compare import CompareScreen
from warreader.tui.themes import Themes
from warreader.tui.widgets.block_list import BlockList


def quoted(path: Path, folder: Path) -> str:
    """The first long direct quotation of the corpus, marks included."""
    for article in articles(path):
        source = folder / "one.jsonl"
        source.write_text(json.dumps({"text": article["text"]}) + "\n", "utf-8")
        with Library(folder / "one") as library:
            library.add([source])
            for quotation in library.quotations.all():
                # One without marks, as of a post, would be no quotation in another text.
                marked = quotation.kind is QuotationKind.DIRECT and quotation.text[0] in '“"'
                if marked and 40 <= len(quotation.text.split()) <= 80:
                    return quotation.text
    raise SystemExit("no long quotation in this corpus")


def variants(quotation: str, count: int) -> list[dict[str, str]]:
    """Articles that carry a quotation, all but the first with some words changed."""
    draw = random.Random(5)
    made = []
    for number in range(count):
        words = quotation.split()
        for _ in range(0 if number == 0 else draw.randint(0, 3)):
            words[draw.randrange(1, len(words) - 1)] = draw.choice(["clearly", "today", "their", "forces"])
        body = (
            f"Report {number} of the day.\n\n{' '.join(words)} the minister said on Monday.\n\nMore follows."
        )
        made.append(
            {"id": f"v{number}", "title": f"Report {number}", "outlet": f"Outlet {number}", "text": body}
        )
        made[-1]["date"] = f"2022-03-{number % 28 + 1:02}"
    return made


def _filled(app: WarreaderApp) -> bool:
    rows = app.screen.query(BlockList) if isinstance(app.screen, CompareScreen) else ()
    return any(one.row_count for one in rows)


async def screen_times(library: Library, match: Match, rounds: int) -> list[tuple[float, float]]:
    """Wall clock and CPU milliseconds from the key to the painted screen."""
    app = WarreaderApp(library, Themes(), theme="ink")
    taken = []
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause(1.0)
        app.reader.travel.open(match.members[0].article)
        await pilot.pause(1.0)
        app.reader.view.go(match.members[0].start + 1)
        for _ in range(rounds):
            began, cpu = time.perf_counter(), time.process_time()
            await app.on_event(events.Key("c", "c"))
            while not _filled(app):
                await asyncio.sleep(0.001)
            painted = asyncio.Event()
            app.screen.call_after_refresh(painted.set)
            await painted.wait()
            taken.append(((time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000))
            await pilot.press("escape")
            await pilot.pause(0.2)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--versions", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "all.jsonl"
        made = variants(quoted(options.corpus, folder), options.versions)
        source.write_text("".join(json.dumps(one) + "\n" for one in made), "utf-8")
        with Library(folder / "library") as library:
            library.add([source])
            match = max(library.matches.all(), key=lambda one: len(one.members))
            core = []
            for _ in range(options.rounds):
                began = time.process_time()
                library.matches.compare(match.id)
                core.append((time.process_time() - began) * 1000)
            print(f"{len(match.members)} versions, {len(match.members[0].text.split())} words")
            print(f"core: median {statistics.median(core):.0f} ms of CPU")
            taken = asyncio.run(screen_times(library, match, options.rounds))
            wall, cpu = (sorted(times) for times in zip(*taken, strict=True))
            print(f"key to screen: median {statistics.median(wall):.0f} ms, worst {wall[-1]:.0f}")
            print(f"of these CPU: median {statistics.median(cpu):.0f} ms, worst {cpu[-1]:.0f}")


if __name__ == "__main__":
    main()

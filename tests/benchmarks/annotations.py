"""Speed of the annotation store, on generated annotations.

Usage: python tests/benchmarks/annotations.py [--annotations N] [--gestures N] [--folder DIR]

Prints gestures a second for add, update, delete, undo and redo, each on disk before the
next begins, and the median time in milliseconds of listing, filtering and looking up
among N annotations. The disk decides the first figures: name a folder on the one meant.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.export import to_jsonl
from warreader.index.annotations.importing import read_jsonl

WORDS = [
    "shelling",
    "station",
    "dawn",
    "officials",
    "mayor",
    "craters",
    "people",
    "border",
    "convoy",
    "market",
    "bridge",
    "council",
]


def timed(name: str, steps: Iterable[Callable[[], object]]) -> None:
    """Run the steps and print how many are done in a second."""
    began, count = time.perf_counter(), 0
    for step in steps:
        step()
        count += 1
    print(f"{name:<28}{count / (time.perf_counter() - began):>12,.0f} a second")


def median(name: str, step: Callable[[], object], times: int = 5) -> None:
    """Run a step several times and print its median time."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        step()
        taken.append(time.perf_counter() - began)
    print(f"{name:<28}{1000 * statistics.median(taken):>12,.2f} ms")


def gestures(store: Annotations, text: str, count: int) -> None:
    """Single gestures, as a reader makes them."""
    added: list[str] = []
    timed(
        "add",
        (
            lambda n=n: added.append(store.add("one", text, n, n + 40, note=f"note {n}", tags=["war"]).id)  # type: ignore[misc]
            for n in range(count)
        ),
    )
    timed("update", (lambda one=one: store.update(one, note="other") for one in added))  # type: ignore[misc]
    timed("delete", (lambda one=one: store.delete(one) for one in added))  # type: ignore[misc]
    timed("undo", (store.undo for _ in range(2 * count)))
    timed("redo", (store.redo for _ in range(2 * count)))


def fill(store: Annotations, text: str, count: int, draw: random.Random) -> None:
    """Many annotations as one gesture, a hundred an article."""
    began = time.perf_counter()
    with store.gesture("filled"):
        for number in range(count):
            start = draw.randrange(len(text) - 200)
            store.add(
                f"article {number // 100:05}",
                text,
                start,
                start + draw.randint(5, 150),
                note=" ".join(draw.choices(WORDS, k=8)) if number % 2 else "",
                tags=[f"tag {min(int(draw.expovariate(0.1)), 199)}", "all"][: draw.randint(0, 2)],
            )
    print(f"{'add, in one gesture':<28}{count / (time.perf_counter() - began):>12,.0f} a second")


def reading(store: Annotations) -> None:
    """Lists, filters and look-ups."""
    median(f"list all {store.count():,}", store.all, 3)
    median("list 50 from the middle", lambda: store.all(limit=50, offset=store.count() // 2))
    median("filter by tag", lambda: store.all(tag="tag 3"))
    median("filter by text", lambda: store.all(text="convoy mayor"))
    median("count by text", lambda: store.count(text="convoy mayor"))
    median("of an article", lambda: store.of("article 00007"), 50)
    median("at an offset", lambda: store.at("article 00007", 2000), 50)
    median("tags", store.tags)
    median("tagged, for search", lambda: store.tagged("tag 1*"))
    median("noted, for search", lambda: store.noted("convoy"))
    median("generation", store.generation, 200)


def exchange(store: Annotations, folder: Path) -> None:
    """Export, import into an empty store, import again."""
    lines: list[str] = []
    median("export JSON lines", lambda: lines.extend(to_jsonl(store.all())), 1)
    other = Annotations(folder / "other.sqlite")
    median("import", lambda: other.merge(read_jsonl(lines)), 1)
    median("import again", lambda: other.merge(read_jsonl(lines)), 1)
    median("undo the import", other.undo, 1)
    other.close()


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--annotations", type=int, default=100_000)
    parser.add_argument("--gestures", type=int, default=500)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder by default")
    options = parser.parse_args()
    draw = random.Random(1)
    text = " ".join(draw.choices(WORDS, k=2000))
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        store = Annotations(Path(name) / "annotations.sqlite")
        gestures(store, text, options.gestures)
        fill(store, text, options.annotations, draw)
        reading(store)
        exchange(store, Path(name))
        median("check", lambda: store.check(lambda _: text), 1)
        store.close()


if __name__ == "__main__":
    main()

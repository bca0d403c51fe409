"""What adding costs, beside writing the same texts to SQLite FTS5: python tests/benchmarks/add.py CORPUS [options]

CORPUS is a JSON-lines file of articles with a ``text`` (.jsonl, .jsonl.xz, .jsonl.gz). In each round, by turns, its
first articles are written to an FTS5 table (title and text, default tokenizer, one transaction, in memory beforehand:
only the writing counts) and added to a new library with ``warreader add --defer``: read, judged line by line, stored
and searchable, while names and matches are left for later. The time is the processor's, of all processes.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from corpus import articles


def fts5(found: list[dict[str, Any]], folder: Path) -> float:
    """CPU seconds for writing the articles to an FTS5 table in one transaction."""
    connection = sqlite3.connect(folder / "fts5.sqlite")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE VIRTUAL TABLE article USING fts5(title, text)")
    began = time.process_time()
    with connection:
        connection.executemany(
            "INSERT INTO article VALUES (?, ?)",
            ((article.get("title") or "", article["text"]) for article in found),
        )
    spent = time.process_time() - began
    connection.close()
    return spent


def add(corpus: Path, folder: Path) -> float:
    """CPU seconds of ``warreader add --defer``, its start included, in all its processes."""
    before = _children()
    command = [sys.executable, "-m", "warreader.tui.cli", "--library", str(folder / "library")]
    subprocess.run([*command, "add", "--defer", str(corpus)], check=True, stdout=subprocess.DEVNULL)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rounds(corpus: Path, count: int, number: int) -> Iterator[tuple[float, float]]:
    """For each round the CPU seconds of FTS5 and of ``add``."""
    found = list(islice(articles(corpus), count))
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name, "articles.jsonl")
        with plain.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(article, ensure_ascii=False) + "\n" for article in found)
        for turn in range(number):
            folder = Path(name, str(turn))
            folder.mkdir()
            yield fts5(found, folder), add(plain, folder)


def main() -> None:
    """Print each round and the median ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    ratios = []
    for base, ours in rounds(asked.corpus, asked.articles, asked.rounds):
        ratios.append(ours / base)
        print(f"FTS5 {base:.2f} s, add {ours:.2f} s, {ratios[-1]:.2f} times", flush=True)
    print(f"median {statistics.median(ratios):.2f} times FTS5's CPU time, {asked.articles} articles")


if __name__ == "__main__":
    main()

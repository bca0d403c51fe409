"""Indexing and query speed on any JSON-lines corpus.

Usage: python tests/benchmarks/search.py CORPUS.jsonl[.xz|.gz] [--articles N] [--queries N]

Prints what indexing an article costs, the size of the index, and for each kind of query the
median and 95th percentile of its time, all in milliseconds of CPU time. Query words are drawn
from the corpus itself, from frequent to rare, with a fixed seed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO, Any

from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.search.search import Search
from warreader.index.storage import Database


def articles(path: Path) -> Iterator[dict[str, Any]]:
    """The corpus's articles that have text."""
    opener: Any = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix, open)
    stream: IO[str]
    with opener(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            article = json.loads(line)
            if article.get("text"):
                yield article


def load(path: Path, database: Database, most: int | None) -> list[str]:
    """Store the articles, every line a body line; returns the first few hundred texts to draw queries from."""
    texts: list[str] = []
    with database.transaction() as connection:
        for number, article in enumerate(islice(articles(path), most)):
            text = article["text"].replace("\r\n", "\n")
            connection.execute(
                "INSERT INTO article"
                " (id, source, text, kinds, length, digest, added, title, outlet, author, date)"
                " VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?)",
                (
                    f"{number}-{article.get('id', '')}",
                    str(path),
                    text,
                    "b" * (text.count("\n") + 1),
                    len(text),
                    sha256(text.encode()).digest(),
                    *(article.get(name) for name in ("title", "outlet", "author", "date")),
                ),
            )
            if number % 10 == 0 and len(texts) < 500:
                texts.append(text)
    return texts


def queries(texts: list[str], count: int) -> dict[str, list[str]]:
    """Queries of each kind, drawn from the texts."""
    draw = random.Random(7)
    words = Counter(word for text in texts for word in text.split() if word.isalpha())
    ranked = [word for word, _ in words.most_common()]
    common, rare = ranked[30:600], ranked[600:6000] or ranked
    two = [text.split() for text in texts if len(text.split()) > 20]

    def pair() -> str:
        split = draw.choice(two)
        at = draw.randrange(len(split) - 2)
        return " ".join(split[at : at + 2]).replace('"', "")

    return {
        "rare word": [draw.choice(rare) for _ in range(count)],
        "common word": [draw.choice(common) for _ in range(count)],
        "two words": [f"{draw.choice(common)} {draw.choice(rare)}" for _ in range(count)],
        "common OR common": [f"{draw.choice(common)} OR {draw.choice(common)}" for _ in range(count)],
        "phrase": [f'"{pair()}"' for _ in range(count)],
        "prefix": [f"{draw.choice(rare)[:4]}*" for _ in range(count)],
        "fuzzy": [f"{draw.choice(rare)}~" for _ in range(count)],
        "word -word": [f"{draw.choice(common)} -{draw.choice(common)}" for _ in range(count)],
    }


def _time(search: Search, query: str, snippets: bool) -> float:
    """Milliseconds of CPU time of one query."""
    started = time.process_time()
    search.search(query, limit=20, snippets=snippets)
    return (time.process_time() - started) * 1000


def _at(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) * percent // 100, len(times) - 1)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int)
    parser.add_argument("--queries", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "library.sqlite", LIBRARY_MIGRATIONS)
        texts = load(options.corpus, database, options.articles)
        search = Search(Path(folder) / "search", database, secret=b"b" * 32)
        started = time.process_time()
        done = search.update()
        took = time.process_time() - started
        files = list((Path(folder) / "search").iterdir())
        size = sum(path.stat().st_size for path in files) / 1e6
        segments = sum(path.suffix == ".seg" for path in files)
        print(
            f"{done} articles: {took / done * 1000:.2f} ms each, index {size:.0f} MB in {segments} segments"
        )
        reader = Search(Path(folder) / "search", database, secret=b"b" * 32)
        started = time.process_time()
        reader.search("war")
        print(f"open and first query: {(time.process_time() - started) * 1000:.0f} ms")
        for kind, asked in queries(texts, options.queries).items():
            bare, shown = ([_time(reader, query, snippets) for query in asked] for snippets in (False, True))
            print(
                f"{kind:18} p50 {_at(bare, 50):7.1f}  p95 {_at(bare, 95):7.1f}"
                f"   with 20 snippets p50 {_at(shown, 50):7.1f}  p95 {_at(shown, 95):7.1f}"
            )
        database.close()


if __name__ == "__main__":
    main()

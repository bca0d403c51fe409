"""Known-item search: does a title find its article, when the title itself is not indexed? Against stock Whoosh.

    python tests/benchmarks/relevance.py CORPUS.jsonl[.xz|.gz|.bz2] [--articles N] [--queries N]

The first N articles are indexed without their titles; the words of a title, any of them, are the query.
Prints the mean reciprocal rank within the first 20, and how often the article is first, of ours and of stock
Whoosh (BM25F, its stemming analyser, its OR), on the same documents and queries.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from corpus import articles
from search import store
from search_engines import HITS, Asked, Engine, Ours, Stock


def ranks(find: Callable[[Asked], list[int]], asked: list[tuple[int, Asked]]) -> list[int]:
    """Where each article stands among the first, from 1; 0 where it doesn't."""
    return [found.index(key) + 1 if key in (found := find(query)) else 0 for key, query in asked]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--queries", type=int, default=500)
    options = parser.parse_args()
    found = list(islice(articles(options.corpus), options.articles))
    titles = [(article.get("title") or "").replace('"', " ") for article in found]
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library.sqlite"
        store(library, ({**article, "title": None} for article in found), options.corpus.name)
        split = [[word for word in title.split() if word.isalnum()] for title in titles]
        known = [(at + 1, Asked("OR", tuple(words))) for at, words in enumerate(split) if len(words) > 3]
        asked = random.Random(5).sample(known, min(options.queries, len(known)))
        engines: dict[str, Engine] = {
            "ours": Ours(library, Path(folder) / "ours"),
            "stock Whoosh": Stock(library, Path(folder) / "stock"),
        }
        print(f"{len(found)} articles, {len(asked)} titles; best of {HITS}")
        for name, engine in engines.items():
            engine.build()
            engine.open()
            places = ranks(engine.find, asked)
            mean = sum(1 / place for place in places if place) / len(places)
            print(f"{name:14} MRR {mean:.4f}  first {places.count(1) / len(places):.4f}")


if __name__ == "__main__":
    main()

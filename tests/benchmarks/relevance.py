"""Known-item search against stock Whoosh: do words that a reader remembers of an article find it again?

    python tests/benchmarks/relevance.py CORPUS.jsonl[.xz|.gz|.bz2] [--articles N] [--queries N]

Two tasks on the first N articles. *Title hidden*: the articles are indexed without their titles, and the words of
a title, any of them, are the query. *Remembered*: two words of the title and two of the text, any of them, drawn
at random with a fixed seed, common words left out. Both are told as the mean reciprocal rank within the first 20
and how often the article is first, of ours and of stock Whoosh (BM25F, its stemming analyser, its OR), on the same
documents and queries. A weight, for the first that of the text's first words, for the second that of titles, is
chosen on one half of the queries, told for each weight tried, and judged on the other half.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from corpus import articles
from search import store
from search_engines import HITS, Asked, Engine, Ours, Stock

from warreader.index.search import engine as index

WEIGHTS = {
    "lede": (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 1.0),
    "title": (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0),
}

Known = list[tuple[int, Asked]]


def ranks(find: Callable[[Asked], list[int]], asked: Known) -> list[int]:
    """Where each article stands among the first, from 1; 0 where it doesn't."""
    return [found.index(key) + 1 if key in (found := find(query)) else 0 for key, query in asked]


def told(places: Sequence[int]) -> str:
    """Mean reciprocal rank, and the share of first places."""
    mean = sum(1 / place for place in places if place) / len(places)
    return f"MRR {mean:.4f}  first {places.count(1) / len(places):.4f}"


def _words(text: str) -> list[str]:
    return [word for word in text.replace('"', " ").split() if word.isalnum()]


def titles(found: Sequence[dict[str, Any]]) -> Known:
    """Each article by the words of its title."""
    split = [_words(article.get("title") or "") for article in found]
    return [(at + 1, Asked("OR", tuple(words))) for at, words in enumerate(split) if len(words) > 3]


def remembered(found: Sequence[dict[str, Any]]) -> Known:
    """Each article by two words of its title and two of its text."""
    draw = random.Random(9)
    texts = [set(_words(article["text"].lower())) for article in found]
    holding = Counter(word for words in texts for word in words)
    made = []
    for at, article in enumerate(found):
        title = sorted({word.lower() for word in _words(article.get("title") or "")})
        title = [word for word in title if 1 < holding[word] < len(found) // 10]
        text = sorted(word for word in texts[at].difference(title) if 1 < holding[word] < len(found) // 10)
        if len(title) > 1 and len(text) > 1:
            made.append((at + 1, Asked("OR", (*draw.sample(title, 2), *draw.sample(text, 2)))))
    return made


def run(found: Sequence[dict[str, Any]], asked: Known, name: str, tuned: str) -> None:
    """Print one task, and what weights of a field do for it."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library.sqlite"
        store(library, iter(found), name)
        ours, stock = Ours(library, Path(folder) / "ours"), Stock(library, Path(folder) / "stock")
        engines: dict[str, Engine] = {"ours": ours, "stock Whoosh": stock}
        for engine in engines.values():
            engine.build()
            engine.open()
        half, judged = asked[::2], asked[1::2]
        shipped, best = index.BOOSTS[tuned], (0.0, 0.0)
        for weight in WEIGHTS[tuned]:
            index.BOOSTS[tuned] = weight
            places = ranks(ours.find, half)
            best = max(best, (sum(1 / place for place in places if place), weight))
            print(f"  one half, {tuned} weighs {weight:3}: {told(places)}")
        for weight, what in ((shipped, "as shipped"), (best[1], "the best on the other half")):
            index.BOOSTS[tuned] = weight
            print(f"  ours, {tuned} weighs {weight:3} ({what}): {told(ranks(ours.find, judged))}")
        index.BOOSTS[tuned] = shipped
        for what, engine in engines.items():
            print(f"  {what:14} {told(ranks(engine.find, judged))}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--queries", type=int, default=500)
    options = parser.parse_args()
    found = list(islice(articles(options.corpus), options.articles))
    hidden: list[dict[str, Any]] = [{**article, "title": None} for article in found]
    for what, given, known, tuned in (
        ("title hidden", hidden, titles(found), "lede"),
        ("remembered", found, remembered(found), "title"),
    ):
        asked = random.Random(5).sample(known, min(options.queries, len(known)))
        print(f"{what}: {len(found)} articles, {len(asked)} queries; best of {HITS}")
        run(given, asked, options.corpus.name, tuned)


if __name__ == "__main__":
    main()

"""How well the article's body is taken out of a saved page: python tests/benchmarks/extraction.py COLLECTION...

COLLECTION is the article extraction benchmark (folder or .tar.xz) or a checkout of Fundus; see news_pages.py. Two ways
are measured in one run: trafilatura alone in its fast mode, comments off; and ours as the reader meets it, from the
page through ``html.extract`` and ``lines.classify`` to the lines that are body or standfirst. The headline and the
byline are left out, since gold is the body alone; captions and furniture are what ours sets aside by itself.

The metric is the article extraction benchmark's own: precision and recall of shingles of four words, each page
counting alike, F1 of the two means, and the share of pages with exactly the words of the gold.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parent))

from news_pages import Page, opened, pages

from warreader.index.article import LineKind
from warreader.index.errors import InputError
from warreader.index.ingest import html, lines

_BODY = {LineKind.BODY, LineKind.STANDFIRST}


def ours(page: Page) -> str:
    """The body as the reader of this program gets it."""
    try:
        found = html.extract(page.data, url=page.url)
    except InputError:
        return ""
    judged = lines.classify(found.text, found.kinds)
    return "\n".join(found.text[line.start : line.end] for line in judged if line.kind in _BODY)


def alone(page: Page) -> str:
    """The body as trafilatura gives it."""
    from trafilatura import bare_extraction

    found = bare_extraction(page.data, fast=True, include_comments=False)
    return "" if found is None else str(getattr(found, "text", "") or "")


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(shingle for at in range(max(1, len(words) - 3)) if (shingle := tuple(words[at : at + 4])))


def _scored(gold: str, found: str) -> tuple[float | None, float | None, bool]:
    wanted, given = _shingles(gold), _shingles(found)
    right = (wanted & given).total()
    exact = re.findall(r"\w+", gold) == re.findall(r"\w+", found)
    return (
        right / given.total() if given else None,
        right / wanted.total() if wanted else None,
        exact,
    )


def measure(held: list[Page], way: Callable[[Page], str]) -> dict[str, float]:
    """Precision, recall, F1, accuracy, and CPU milliseconds a page."""
    way(held[0])  # what is loaded once is no page's cost
    start = time.process_time()
    found = [way(page) for page in held]
    spent = time.process_time() - start
    scores = [_scored(page.body or "", text) for page, text in zip(held, found, strict=True)]
    precision = mean(score[0] for score in scores if score[0] is not None)
    recall = mean(score[1] for score in scores if score[1] is not None)
    return {
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / (precision + recall),
        "accuracy": mean(score[2] for score in scores),
        "ms": 1000 * spent / len(held),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="the article's body, ours and trafilatura's alone")
    parser.add_argument("collection", type=Path, nargs="+")
    for path in parser.parse_args().collection:
        with opened(path) as folder:
            held = [page for page in pages(folder) if page.body]
        print(f"{path.name}: {len(held)} pages")
        for name, way in (("trafilatura alone", alone), ("ours", ours)):
            figures = measure(held, way)
            print(
                f"  {name:18} precision {figures['precision']:.3f} recall {figures['recall']:.3f} F1"
                f" {figures['F1']:.3f} accuracy {figures['accuracy']:.3f}, {figures['ms']:.1f} ms CPU a page"
            )


if __name__ == "__main__":
    main()

"""Trains the line model: python -m warreader.index.ingest.train_lines COLLECTION... [--articles ARTICLES.jsonl]

COLLECTION is a folder of pages with gold bodies; see :mod:`warreader.index.ingest.train_collections`. The pages are
rendered in several ways (:mod:`~warreader.index.ingest.train_pages`); of large collections each in a few of them.
ARTICLES.jsonl (fields ``url`` or ``outlet``, and ``text``) adds leftovers: lines that several articles of
one outlet share.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warreader.index.article import LineKind
from warreader.index.ingest.line_model import FILE, LineModel
from warreader.index.ingest.train_fit import fit
from warreader.index.ingest.train_pages import Labelled, rendered

WAYS = 4
"""Renderings of each page that are trained on, drawn by lot, where the collection has many pages."""
MANY = 200


def leftovers(articles: Iterable[dict[str, Any]], *, least: int = 3) -> Iterator[Labelled]:
    """Clean texts with a few leftovers.

    A line that ``least`` articles of one outlet share is furniture; a long line that ends a sentence and
    stands once is body; of any other nothing is known.
    """
    by_outlet: dict[str, list[str]] = defaultdict(list)
    for article in articles:
        by_outlet[urlsplit(article.get("url") or "").netloc or article["outlet"]].append(article["text"])
    for outlet, texts in sorted(by_outlet.items()):
        counts = Counter(
            line for text in texts for line in {re.sub(r"\d", "0", one.strip()) for one in text.split("\n")}
        )
        for text in texts:
            kinds: list[LineKind | None] = []
            for line in text.split("\n"):
                line = line.strip()
                # A few words that a few articles share may be a heading within the text.
                shared = counts[re.sub(r"\d", "0", line)] >= (least if line.count(" ") >= 4 else 4 * least)
                long = len(line) >= 100 and line.rstrip("\"”’')").endswith((".", "?", "!"))
                kinds.append(
                    None
                    if not line or (shared and "contributed to this" in line)
                    else LineKind.FURNITURE
                    if shared and len(line) < 400
                    else LineKind.BODY
                    if long and not shared
                    else None
                )
            yield Labelled(text, kinds, "leftovers", outlet, outlet)


def save(model: LineModel, file: Path = FILE) -> None:
    """Write the weights where the reader looks for them."""

    def packed(value: object) -> str:
        return json.dumps(value, separators=(",", ":"))

    parts = [f'"words": {json.dumps(list(model.words), ensure_ascii=False)}', f'"base": {model.base}']
    parts += [f'"{name}": {packed(getattr(model, name))}' for name in ("alone", "caption", "trees")]
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def training_set(collections: Iterable[Path], articles: Path | None = None) -> list[Labelled]:
    """The lines that the shipped model is trained on."""
    found: list[Labelled] = []
    for collection in collections:
        by_page: dict[str, list[Labelled]] = defaultdict(list)
        for one in rendered(collection):
            by_page[one.page].append(one)
        for page, ways in sorted(by_page.items()):
            few = len(by_page) >= MANY and len(ways) > WAYS
            found += random.Random(page).sample(ways, WAYS) if few else ways
    if articles is not None:
        with articles.open(encoding="utf-8") as stream:
            labelled = list(leftovers(map(json.loads, stream)))
        with_some = [one for one in labelled if LineKind.FURNITURE in one.kinds]
        clean = [one for one in labelled if LineKind.FURNITURE not in one.kinds and one.text.count("\n") > 3]
        chance = random.Random(0)
        for texts, most in ((with_some, 700), (clean, 300)):
            found += chance.sample(texts, min(most, len(texts)))
    return found


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("collections", type=Path, nargs="+", help="folders of pages with gold bodies")
    parser.add_argument("--articles", type=Path, help="clean articles as JSON lines")
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    arguments = parser.parse_args()
    save(fit(training_set(arguments.collections, arguments.articles)), arguments.output)


if __name__ == "__main__":
    main()

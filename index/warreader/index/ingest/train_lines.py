"""Trains the line model: python -m warreader.index.ingest.train_lines COLLECTION... --articles ARTICLES.jsonl

COLLECTION is a folder of pages with gold bodies; see :mod:`warreader.index.ingest.train_collections`. The pages are
rendered in several ways (:mod:`~warreader.index.ingest.train_pages`); of large collections each in a few of them.
ARTICLES.jsonl (fields ``url`` or ``outlet``, and ``text``) adds leftovers: lines that several articles of
one outlet share.

All lots are drawn from the pages' names, all sums are made in one thread: the same pages, the same versions of the
libraries and the same program give the same file, byte by byte. With the weights it says which pages and versions
those were ("made_of"); ``--check`` compares that with what is here, and trains nothing. The shipped model was made of
the three collections that train_collections names, in that order, and of the articles of
https://github.com/ramybaly/Article-Bias-Prediction; it takes some five minutes of one processor and 1.5 GB of memory.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warreader.index.article import LineKind
from warreader.index.ingest.line_model import FILE, LineModel
from warreader.index.ingest.train_collections import pages
from warreader.index.ingest.train_fit import fit
from warreader.index.ingest.train_pages import LIBRARIES, Labelled, rendered, stored_outputs

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


def save(model: LineModel, file: Path = FILE, made_of: Mapping[str, Any] | None = None) -> None:
    """Write the weights where the reader looks for them, and what they were made of."""

    def packed(value: object) -> str:
        return json.dumps(value, separators=(",", ":"))

    parts = [f'"made_of": {json.dumps(made_of or {}, indent=1)}']
    parts += [f'"words": {json.dumps(list(model.words), ensure_ascii=False)}', f'"base": {model.base}']
    parts += [f'"{name}": {packed(getattr(model, name))}' for name in ("alone", "caption", "trees")]
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def made_of(collections: Iterable[Path], articles: Path | None) -> dict[str, Any]:
    """What a model is made of: how many pages and their digest by collection, the articles' digest, versions."""
    found: dict[str, Any] = {"pages": [], "articles": None, "versions": {}}
    for collection in collections:
        digest, count = sha256(), 0
        for count, (key, page) in enumerate(pages(collection), 1):  # noqa: B007
            for part in (key.encode(), page.url.encode(), page.body.encode(), page.file.read_bytes()):
                digest.update(part)
        for name, texts in stored_outputs(collection).items():
            digest.update(json.dumps([name, texts]).encode())
        found["pages"].append([count, digest.hexdigest()[:16]])
    if articles is not None:
        with articles.open("rb") as stream:
            found["articles"] = file_digest(stream, "sha256").hexdigest()[:16]
    names = sorted([*LIBRARIES, "numpy", "scipy", "scikit-learn", "lightgbm"])
    found["versions"] = {"python": platform.python_version(), **{name: version(name) for name in names}}
    return found


def differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    """In what two models' origins differ, a line each."""
    lines = [
        f"{name}: {here.get(name)} here, {there.get(name)} there"
        for name in ("pages", "articles")
        if here.get(name) != there.get(name)
    ]
    ours, theirs = here.get("versions", {}), there.get("versions", {})
    return lines + [
        f"{name}: {ours.get(name)} here, {theirs.get(name)} there"
        for name in sorted({*ours, *theirs})
        if ours.get(name) != theirs.get(name)
    ]


def training_set(
    collections: Iterable[Path], articles: Path | None = None, *, jobs: int = 1
) -> list[Labelled]:
    """The lines that the shipped model is trained on."""
    found: list[Labelled] = []
    for collection in collections:
        many = sum(1 for _ in pages(collection)) >= MANY
        found += rendered(collection, WAYS if many else None, jobs=jobs)
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
    parser.add_argument("--jobs", type=int, default=1, help="processes that render pages")
    parser.add_argument(
        "--check", action="store_true", help="tell in what the model there is made of other things"
    )
    given = parser.parse_args()
    here = made_of(given.collections, given.articles)
    if given.check:
        told = differences(here, json.loads(given.output.read_text("utf-8")).get("made_of", {}))
        print("\n".join(told or ["made of the same"]))
        raise SystemExit(1 if told else 0)
    save(fit(training_set(given.collections, given.articles, jobs=given.jobs)), given.output, here)


if __name__ == "__main__":
    main()

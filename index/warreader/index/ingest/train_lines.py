"""Trains the line model: python -m warreader.index.ingest.train_lines BENCHMARK_DIR [--articles ARTICLES.jsonl]

BENCHMARK_DIR is an article extraction benchmark unpacked: ``html/*.html.gz`` and ``ground-truth.json`` with
the article body of each page. See :mod:`warreader.index.ingest.train_pages`.
ARTICLES.jsonl (fields ``url`` or ``outlet``, and ``text``) adds leftovers: lines that several articles of
one outlet share.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from warreader.index.article import KEPT, LineKind
from warreader.index.ingest.line_features import BITS, END, Surroundings, look, words_of
from warreader.index.ingest.line_model import FILE, LineModel
from warreader.index.ingest.line_units import units
from warreader.index.ingest.train_pages import Labelled, rendered

FORESTS, TREES, TREE_DEPTH = 2, 24, 4
"""How many boosted forests, of how many trees, how many questions deep: what the time an article may cost allows.

The mean of several that saw other parts of what is known is steadier on pages unlike those trained on."""
PARTS = 4
"""Parts of the sites, each scored by a first step that was trained on the others."""
SHARES = {
    "page": 0.25,
    "resiliparse": 0.25,
    "justext": 0.5,
    "nodes": 0.4,
    "=readabilityrs": 0.4,
    "leftovers": 0.4,
}
"""How large a part of a rendering's lines is trained on, where not all: whole pages are mostly menus."""


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


# How the weights are found.


class _Sample:
    """One labelled text, counted."""

    def __init__(self, labelled: Labelled) -> None:
        found = units([line.strip() for line in labelled.text.split("\n")])
        self.labelled = labelled
        self.lines = found.lines
        self.gaps = found.gaps
        self.kinds = [
            _kind_of(labelled.kinds[first : last + 1])
            for first, last in zip(found.places, found.lasts, strict=True)
        ]
        self.seen = look(self.lines, {}, gaps=self.gaps)
        chance = random.Random(labelled.way + labelled.page)
        share = SHARES.get(labelled.way, 1.0)
        self.used = [
            at
            for at, kind in enumerate(self.kinds)
            if kind is not None and self.seen.bits[at] and chance.random() < share
        ]
        # A page of a thousand table rows is one page.
        self.weight = min(1.0, (80 / share / max(1, len(self.kinds))) ** 0.5)

    def kept(self, at: int) -> bool:
        return self.kinds[at] in KEPT


def _kind_of(kinds: Sequence[LineKind | None]) -> LineKind | None:
    """The kind of most of a unit's lines."""
    counts = Counter(kind for kind in kinds if kind is not None)
    return max(counts, key=lambda kind: counts[kind]) if counts else None


def telling_words(samples: Sequence[_Sample], most: int = 700) -> dict[str, int]:
    """Words that stand in kept lines of many sites and few others, or the other way round."""
    sites: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for sample in samples:
        for at in sample.used:
            for word in words_of(sample.lines[at]):
                sites[word, sample.kept(at)].add(sample.labelled.site)
    telling = {}
    for word in {word for word, _ in sites}:
        kept, aside = len(sites.get((word, True), ())), len(sites.get((word, False), ()))
        if kept + aside >= 6:
            telling[word] = abs(math.log((kept + 1) / (aside + 1))) * math.sqrt(kept + aside)
    best = sorted(telling, key=lambda word: (-telling[word], word))[:most]
    return {word: BITS + at for at, word in enumerate(sorted(best))}


def _matrix(rows: Sequence[Sequence[int]], width: int) -> Any:
    import numpy as np
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *map(len, rows)])
    flat = np.fromiter((bit for row in rows for bit in row), dtype=np.int32)
    return csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(rows), width))


def _linear(
    rows: Sequence[Sequence[int]], truth: Sequence[bool], weights: Sequence[float], width: int
) -> list[int]:
    """Logistic regression over bits, the intercept spread over the bits of length (each line has one)."""
    from sklearn.linear_model import LogisticRegression

    found = LogisticRegression(C=0.3, max_iter=300, tol=1e-3).fit(
        _matrix(rows, width), truth, sample_weight=weights
    )
    numbers = [round(100 * weight) for weight in found.coef_[0]]
    base = round(100 * found.intercept_[0])
    return [number + base if bit < END else number for bit, number in enumerate(numbers)]


def _alone(samples: Sequence[_Sample], width: int) -> list[int]:
    used = [(sample, at) for sample in samples for at in sample.used]
    return _linear(
        [sample.seen.bits[at] for sample, at in used],
        [sample.kept(at) for sample, at in used],
        [sample.weight for sample, _ in used],
        width,
    )


def _trees(
    rows: Sequence[list[int]], truth: Sequence[bool], weights: Sequence[float]
) -> tuple[list[Any], int]:
    import numpy as np
    from sklearn.ensemble import HistGradientBoostingClassifier

    def node(nodes: Any, at: int) -> Any:
        one = nodes[at]
        if one["is_leaf"]:
            return round(100 * float(one["value"]) / FORESTS)
        below, above = node(nodes, int(one["left"])), node(nodes, int(one["right"]))
        return (int(one["feature_idx"]), math.floor(float(one["num_threshold"])), below, above)

    trees: list[Any] = []
    base = 0.0
    for seed in range(FORESTS):
        boosted = HistGradientBoostingClassifier(
            max_depth=TREE_DEPTH,
            max_iter=TREES,
            learning_rate=0.2,
            min_samples_leaf=150,
            l2_regularization=5,
            max_features=0.4,
            random_state=seed,
        ).fit(np.array(rows, dtype=float), truth, sample_weight=weights)
        trees += [node(predictor[0].nodes, 0) for predictor in boosted._predictors]
        base += float(boosted._baseline_prediction.ravel()[0]) / FORESTS
    return trees, round(100 * base)


def fit(labelled: Iterable[Labelled]) -> LineModel:
    """Train a model. The second step sees first-step scores from a model that wasn't trained on the same sites."""
    samples = [sample for sample in map(_Sample, labelled) if sample.lines]
    words = telling_words(samples)
    width = BITS + len(words)
    for sample in samples:
        sample.seen = look(sample.lines, words, gaps=sample.gaps)
    parts = [[s for s in samples if crc32(s.labelled.site.encode()) % PARTS == part] for part in range(PARTS)]
    rows, truth, weights = [], [], []
    for part in parts:
        others = [sample for other in parts if other is not part for sample in other]
        alone = LineModel(words, _alone(others, width), [], [], 0)
        for sample in part:
            place = Surroundings(sample.seen, alone.alone_scores(sample.seen))
            rows += [place.row(at) for at in sample.used]
            truth += [sample.kept(at) for at in sample.used]
            weights += [sample.weight] * len(sample.used)
    trees, base = _trees(rows, truth, weights)
    aside = [(s, at) for s in samples for at in s.used if s.labelled.way != "leftovers" and not s.kept(at)]
    caption = _linear(
        [sample.seen.bits[at] for sample, at in aside],
        [sample.kinds[at] is LineKind.CAPTION for sample, at in aside],
        [sample.weight for sample, _ in aside],
        width,
    )
    return LineModel(words, _alone(samples, width), caption, trees, base)


def save(model: LineModel, file: Path = FILE) -> None:
    """Write the weights where the reader looks for them."""
    lists = {
        name: json.dumps(getattr(model, name), separators=(",", ":"))
        for name in ("alone", "caption", "trees")
    }
    parts = [f'"words": {json.dumps(list(model.words), ensure_ascii=False)}', f'"base": {model.base}']
    parts += [f'"{name}": {text}' for name, text in lists.items()]
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def training_set(benchmark: Path | None, articles: Path | None = None) -> list[Labelled]:
    """The lines that the shipped model is trained on."""
    found = list(rendered(benchmark)) if benchmark is not None else []
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
    parser.add_argument("benchmark", type=Path, help="folder of the unpacked benchmark")
    parser.add_argument("--articles", type=Path, help="clean articles as JSON lines")
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    arguments = parser.parse_args()
    save(fit(training_set(arguments.benchmark, arguments.articles)), arguments.output)


if __name__ == "__main__":
    main()

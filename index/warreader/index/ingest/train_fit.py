"""How the line model's weights are found: each step from the scores of one that did not see the same sites."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

from warreader.index.article import KEPT, LineKind
from warreader.index.ingest.line_features import BITS, END, look, words_of
from warreader.index.ingest.line_model import LineModel, Tree
from warreader.index.ingest.line_surroundings import Surroundings
from warreader.index.ingest.line_units import units
from warreader.index.ingest.train_pages import Labelled

TREES = 120
"""How many trees are grown: what the time that an article may cost allows."""
GROWTH = {
    "objective": "binary",
    "learning_rate": 0.1,
    "num_leaves": 63,
    "max_depth": 8,
    "min_data_in_leaf": 60,
    "feature_fraction_bynode": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "seed": 0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
"""How; few deep trees are better on sites not trained on than many shallow ones that ask as much."""
PARTS = 4
"""Parts of the sites, each scored by steps that were trained on the others."""
SHARES = {
    "page": 0.25,
    "resiliparse": 0.25,
    "inscriptis": 0.25,
    "justext": 0.5,
    "nodes": 0.4,
    "markdown": 0.6,
    "=readabilityrs": 0.4,
    "leftovers": 0.4,
}
"""How large a part of a rendering's lines is trained on, where not all: whole pages are mostly menus."""
WHOLE, FURTHER = 0.5, 1.5
"""What a line of a whole page weighs, and one of what an extractor left: there the doubtful ones are."""
WHOLE_PAGES = frozenset({"page", "resiliparse", "inscriptis", "leftovers"})


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
        self.weight *= WHOLE if labelled.way in WHOLE_PAGES else FURTHER

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


# The first step.


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


def _caption(samples: Sequence[_Sample], width: int) -> list[int]:
    aside = [(s, at) for s in samples for at in s.used if s.labelled.way != "leftovers" and not s.kept(at)]
    return _linear(
        [sample.seen.bits[at] for sample, at in aside],
        [sample.kinds[at] is LineKind.CAPTION for sample, at in aside],
        [sample.weight for sample, _ in aside],
        width,
    )


# The second step.


def _trees(rows: Sequence[Sequence[int]], truth: Sequence[bool], weights: Sequence[float]) -> list[Tree]:
    import lightgbm
    import numpy as np

    known = lightgbm.Dataset(np.array(rows, dtype=np.int32), np.array(truth), weight=np.array(weights))
    grown = lightgbm.train(GROWTH, known, TREES)
    return [_node(tree["tree_structure"]) for tree in grown.dump_model()["tree_info"]]


def _node(one: Mapping[str, Any]) -> Any:
    if "leaf_value" in one:
        return round(100 * one["leaf_value"])
    below, above = _node(one["left_child"]), _node(one["right_child"])
    return (int(one["split_feature"]), math.floor(one["threshold"]), below, above)


def fit(labelled: Iterable[Labelled]) -> LineModel:
    """Train a model. The second step sees first-step scores from a model that wasn't trained on the same sites.

    In one thread: the order in which several add up shows in the last digits, and these in which tree is grown.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        return _fitted(labelled)


def _fitted(labelled: Iterable[Labelled]) -> LineModel:
    samples = [sample for sample in map(_Sample, labelled) if sample.lines]
    words = telling_words(samples)
    width = BITS + len(words)
    for sample in samples:
        sample.seen = look(sample.lines, words, gaps=sample.gaps)
    parts = [[s for s in samples if crc32(s.labelled.site.encode()) % PARTS == part] for part in range(PARTS)]
    rows, truth, weights = [], [], []
    for part in parts:
        others = [sample for other in parts if other is not part for sample in other]
        alone = LineModel(words, _alone(others, width), [])
        for sample in part:
            place = Surroundings(sample.seen, alone.alone_scores(sample.seen))
            rows += [place.row(at) for at in sample.used]
            truth += [sample.kept(at) for at in sample.used]
            weights += [sample.weight] * len(sample.used)
    trees = _trees(rows, truth, weights)
    return LineModel(words, _alone(samples, width), _caption(samples, width), trees)

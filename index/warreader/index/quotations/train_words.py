"""What any news tells of words, for the training of the speech model: which stand in the same surroundings, and what
a word is likely to do by what is known of those. Only training needs it (scipy, scikit-learn).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from warreader.index.quotations.kinds import CUE, OPEN, SOURCE

WORDS = 24_000
"""Words that have classes, the most frequent ones."""
LEAST_SEEN = 12
FINE, COARSE = 256, 48
"""How many classes of words there are."""
CONTEXTS = 1500
"""Frequent words that make a word's surroundings."""
DIMENSIONS = 100

STEPS = 12
"""Steps of how likely a word is to do something; the fifth is as likely as words are on the whole."""
STEPS_EACH = 1.5
"""Steps for each time that its odds are multiplied by e."""
TRUST = 8.0
"""How many places of its own outweigh what the words in the same surroundings tell of a word."""
SMOOTH = 3.0
"""Weight of the penalty on squared weights of the points' dimensions."""
OFTEN = 200.0
"""Places of a word beyond which it counts no more: a few words would rule alone."""

_TOKEN = re.compile(r"[^\W_]+(?:['’ʼ.&‑-][^\W_]+)*|[^\w\s]")
_FOLD = str.maketrans("’ʼ", "''")


Floats = npt.NDArray[np.float32]
Counts = npt.NDArray[np.float64]


def texts(files: Sequence[Path], every: int) -> Iterator[str]:
    """The texts of every so manieth article."""
    for file in files:
        with file.open(encoding="utf-8") as rows:
            for at, row in enumerate(rows):
                if at % every == 0:
                    yield json.loads(row)["text"]


def _words(text: str) -> list[str]:
    """The words of a text as the tokens of a line have them; ``\\n`` begins a line."""
    found: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            found += ["\n", *(token.lower().translate(_FOLD) for token in _TOKEN.findall(line))]
    return found


def word_points(texts: Iterable[str]) -> tuple[list[str], Floats, Floats]:
    """Words, a point for each and how often it was seen: those are near each other whose two neighbours on either
    side are of a kind.

    Positive pointwise mutual information with frequent words, cut to a few dimensions (Levy, Goldberg, Dagan
    2015, "Improving Distributional Similarity with Lessons Learned from Word Embeddings").
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.utils.extmath import randomized_svd

    read = [_words(text) for text in texts]
    counts = Counter(word for words in read for word in words)
    known = [
        word
        for word, count in counts.most_common(WORDS)
        if count >= LEAST_SEEN and not (len(word) > 1 and word.isdigit())
    ]
    number = {word: at for at, word in enumerate(known)}
    ids = np.concatenate([np.array([number.get(word, -1) for word in words]) for words in read])
    tables = []
    for by in (-2, -1, 1, 2):
        near, far = ids[: -abs(by)], ids[abs(by) :]
        word, context = (far, near) if by < 0 else (near, far)
        used = (word >= 0) & (context >= 0) & (context < CONTEXTS)
        ones = np.ones(int(used.sum()), dtype=np.float32)
        table = csr_matrix((ones, (word[used], context[used])), shape=(len(known), CONTEXTS))
        table.sum_duplicates()
        tables.append(table)
    counted = hstack(tables).tocoo()
    rows = np.asarray(counted.sum(1)).ravel()
    columns = np.asarray(counted.sum(0)).ravel() ** 0.75
    told = np.log(np.maximum(counted.data * columns.sum() / (rows[counted.row] * columns[counted.col]), 1e-9))
    kept = told > 0
    weighed = csr_matrix((told[kept], (counted.row[kept], counted.col[kept])), shape=counted.shape)
    left, strength, _ = randomized_svd(weighed, DIMENSIONS, random_state=1)
    points = left * strength**0.5
    points /= np.linalg.norm(points, axis=1, keepdims=True) + 1e-9
    return known, points.astype(np.float32), rows.astype(np.float32)


def word_classes(known: Sequence[str], points: Floats, seen: Floats) -> dict[str, tuple[int, int]]:
    """Word -> fine and coarse class: words near each other, by :func:`word_points`."""
    from sklearn.cluster import MiniBatchKMeans

    weights = np.log(seen + 10)
    fine, coarse = (
        MiniBatchKMeans(count, random_state=1, n_init=5, batch_size=4096, max_iter=200)
        .fit(points, sample_weight=weights)
        .labels_.tolist()
        for count in (FINE, COARSE)
    )
    return {word: (30 + f, 30 + c) for word, f, c in zip(known, fine, coarse, strict=True) if word != "\n"}


# What words are likely to do.


def likelihoods(
    articles: Iterable[tuple[Sequence[str], npt.NDArray[np.int64]]], known: Sequence[str], points: Floats
) -> dict[str, tuple[int, ...]]:
    """Word -> in steps, how likely it is to do what :data:`.speech_features.LIKELY` names.

    Logistic regression on the points of words that were seen doing so or not; a word's own places count beside.

    Args:
        articles: of each the words of its tokens ("" where a token is none) and their kinds.
        known: words that have a point.
        points: by :func:`word_points`.
    """
    places = np.zeros((len(known), 5), dtype=np.float64)
    done = np.zeros_like(places)
    number = {word: at for at, word in enumerate(known)}
    for words, kinds in articles:
        at = np.array([number.get(word, -1) for word in words])
        content = kinds >= OPEN
        opens = np.concatenate((kinds[1:] == OPEN, [False]))
        inside = np.concatenate(([False], (content & (kinds <= OPEN + 1))[:-1]))
        cue = kinds == CUE
        asked = (
            (np.ones(len(at), dtype=bool), cue),
            (~content, opens),
            (inside, ~content),
            (np.ones(len(at), dtype=bool), kinds == SOURCE),
            (cue, opens),
        )
        for question, (where, does) in enumerate(asked):
            held = where & (at >= 0)
            places[:, question] += np.bincount(at[held], minlength=len(known))
            done[:, question] += np.bincount(at[held & does], minlength=len(known))
    steps = [_steps(points, done[:, question], places[:, question]) for question in range(5)]
    return dict(zip(known, zip(*steps, strict=True), strict=True))


def _steps(points: Floats, done: Counts, places: Counts) -> list[int]:
    by_point = _by_point(points.astype(np.float64), done, places)
    own = np.log((done + TRUST * by_point) / (places - done + TRUST * (1 - by_point)))
    whole = np.log(max(done.sum(), 1e-9) / max(places.sum() - done.sum(), 1e-9))
    found: list[int] = np.clip(np.round((own - whole) * STEPS_EACH) + 4, 0, STEPS - 1).astype(int).tolist()
    return found


def _by_point(points: Counts, done: Counts, places: Counts) -> Counts:
    """How likely each word is to do it by its point alone; by Newton's steps."""
    known = np.column_stack((points, np.ones(len(points))))
    share = np.minimum(places, OFTEN) / np.maximum(places, 1)
    done, places = done * share, places * share
    weights = np.zeros(known.shape[1])
    weights[-1] = np.log((done.sum() + 1) / (places.sum() - done.sum() + 1))
    penalty = np.diag([SMOOTH] * points.shape[1] + [1e-3])
    for _ in range(12):
        likely = _likely(known @ weights)
        slope = known.T @ (done - places * likely) - penalty @ weights
        curve = (known * (places * likely * (1 - likely))[:, None]).T @ known + penalty
        weights = weights + np.linalg.solve(curve, slope)
    return _likely(known @ weights)


def _likely(odds: Counts) -> Counts:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))

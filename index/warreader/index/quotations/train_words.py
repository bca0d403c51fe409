"""What any news tells of words, for the training of the speech model: which stand in the same surroundings.

Only training needs it (scipy, scikit-learn).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

WORDS = 24_000
"""Words that have classes, the most frequent ones."""
LEAST_SEEN = 12
CONTEXTS = 1500
"""Frequent words that make a word's surroundings."""
DIMENSIONS = 100

_TOKEN = re.compile(r"[^\W_]+(?:['’ʼ.&‑-][^\W_]+)*|[^\w\s]")
_FOLD = str.maketrans("’ʼ", "''")


Floats = npt.NDArray[np.float32]


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


def word_points(texts: Iterable[str]) -> tuple[list[str], Floats]:
    """Words, the most frequent first, and a point for each: those are near each other whose two neighbours on either
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
    lines = known.index("\n")
    return known[:lines] + known[lines + 1 :], np.delete(points, lines, 0).astype(np.float32)

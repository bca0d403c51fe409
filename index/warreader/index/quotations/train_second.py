"""Trains the second look: python -m warreader.index.quotations.train_second GOLD.jsonl --articles A.jsonl
--unseen MODEL N ...

GOLD.jsonl and A.jsonl are as for :mod:`.train_speech`, whose model (``--model``) is looked at once more by what is made
here and written with it. ``--unseen MODEL N`` (once for each fifth of the articles) names a model that was not made on
that fifth (``train_speech --leave N``): what the first look makes of what it was made on would mislead. To leave out a
fifth altogether, ``--leave N``, these models must not have seen it either (``train_speech --leave N --leave M``).
Needs scipy and scikit-learn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from warreader.index.quotations.mixing import BITS
from warreader.index.quotations.second_look import finite_words, look_again
from warreader.index.quotations.speech_features import UNTOLD, Lexicon, see
from warreader.index.quotations.speech_model import FILE, LONGEST, SpeechModel
from warreader.index.quotations.train_chain import Before, Chains, fit
from warreader.index.quotations.train_speech import LEAST_ARTICLES, Floats, Taught, fifth, packed, taught
from warreader.index.quotations.train_words import likelihoods, texts, word_points

PLACES = 40_000
"""Features kept, those that tell most."""


class Looked(NamedTuple):
    """An article's tokens looked at: features, kinds by the gold, lengths of sentences, the first look's scores."""

    features: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.int64]
    lengths: list[int]
    scores: Floats


def looked(article: Taught, lexicon: Lexicon, model: SpeechModel) -> Looked:
    """An article as the second look sees it after the first one of a model."""
    kinds, scores = model.looked(article.lines, article.ruled)
    seen, wanted = see(lexicon, article.lines, article.ruled, LONGEST)
    features = look_again(seen, finite_words(lexicon), kinds, scores, wanted)
    at, lengths = np.zeros(len(seen.at), dtype=bool), []
    at[wanted] = True
    offset = 0
    for part in article.lines:
        lengths += [one.last - one.first for one in part.sentences if at[offset + one.first]]
        offset += len(part.tokens)
    return Looked(features.T, article.kinds[wanted], lengths, scores[wanted])


def chains(articles: Sequence[Looked]) -> tuple[Chains, npt.NDArray[np.int64]]:
    """All their sentences, and the numbers of the features that stand in several articles."""
    seen = np.zeros(2**BITS, dtype=np.int32)
    for one in articles:
        seen[np.unique(one.features)] += 1
    together = Chains(
        np.concatenate([one.features for one in articles]),
        np.concatenate([one.kinds for one in articles]),
        np.array([length for one in articles for length in one.lengths]),
    )
    return together, np.flatnonzero(seen >= LEAST_ARTICLES)


def with_likelihoods(file: Path, likely: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """The arrays of a first look's file, and beside its words what they are likely to do."""
    with np.load(file, allow_pickle=False) as held:
        found = {
            name: held[name] for name in held.files if name != "likely" and not name.startswith("again_")
        }
    words = bytes(found["words"]).decode("utf-8").split("\n")
    found["likely"] = np.array([likely.get(word, UNTOLD) for word in words], dtype=np.uint8)
    return found


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--articles", type=Path, action="append", required=True)
    parser.add_argument("--every", type=int, default=3, help="take every so manieth article for the words")
    parser.add_argument("--model", type=Path, default=FILE)
    parser.add_argument("--unseen", nargs=2, action="append", required=True, metavar=("MODEL", "N"))
    parser.add_argument("--leave", type=int, help="leave out this fifth of the articles, 0 to 4")
    parser.add_argument("--smooth", type=float, default=20.0, help="weight of the penalty on squared weights")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    given = parser.parse_args()
    with given.gold.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == "train"]
    rows = [row for row in rows if fifth(row["id"]) != given.leave]
    articles = list(taught(rows))
    known, points, _ = word_points(texts(given.articles, given.every))
    likely = likelihoods(
        (([token.low for part in one.lines for token in part.tokens], one.kinds) for one in articles),
        known,
        points,
    )
    held = with_likelihoods(given.model, likely)
    lexicon = SpeechModel(given.model).lexicon.with_likelihoods(held["likely"])
    models = {int(number): SpeechModel(Path(file)) for file, number in given.unseen}
    seen = [
        looked(article, lexicon, models[fifth(row["id"])])
        for row, article in zip(rows, articles, strict=True)
    ]
    together, kept = chains(seen)
    before = Before(np.concatenate([one.scores for one in seen]), held["moves"], held["begin"])
    print(len(articles), "articles,", len(kept), "features", flush=True)
    weights, moves, begin = fit(together, kept, before, smooth=given.smooth, rounds=given.rounds)
    again = packed(kept, weights, moves, begin, PLACES)
    np.savez_compressed(given.output, **held, **{f"again_{name}": array for name, array in again.items()})
    print(given.output, given.output.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

"""Trains the model of reported speech: python -m warreader.index.quotations.train_speech GOLD.jsonl --articles A.jsonl

GOLD.jsonl has articles with attributions as in PolNeAR (Newell, Margolin, Ruths 2018, "An Attribution
Relations Corpus for Political News"): ``id``, ``split``, ``text`` and ``annotations``, by annotator a list with
``source``, ``cue``, ``content``, each a list of ``spans`` in code points. Of the documents whose ``split`` is
``train`` every fifth (by a checksum of its id) is left out, to develop on, unless ``--all`` is given; ``dev`` is
never trained on. ``--leave N`` leaves out one fifth alone, for :mod:`.train_second` and :mod:`.train_weighing`.
A.jsonl (field ``text``; may be given several times) is any news: words that stand in the same surroundings there
become one class. Needs
scipy and scikit-learn.

What is written are numbers about usage: how much a word, a class of words or a place in a clause speaks for or
against reported speech. Only what was seen in several articles is kept, and no text can be read out of it.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from warreader.index.article import Line, LineKind
from warreader.index.quotations.clauses import Clauses
from warreader.index.quotations.extraction import read_lines
from warreader.index.quotations.indirect import Reported, reported
from warreader.index.quotations.kinds import BETWEEN, CUE, INSIDE, LEAD, LEADING, OPEN, OUTSIDE, SOURCE
from warreader.index.quotations.mixing import BITS
from warreader.index.quotations.speech_features import Lexicon, look
from warreader.index.quotations.speech_model import FILE
from warreader.index.quotations.train_chain import Chains, fit
from warreader.index.quotations.train_words import texts, word_classes, word_points
from warreader.index.text import line_spans

CUE_SHARES = (0.02, 0.08, 0.2, 0.4, 0.6, 0.8)
"""How often a word reports, by steps."""
LEAST_ARTICLES = 6
"""Articles a feature must have been seen in."""
PLACES = 70_000
"""Features kept, those that tell most."""
LONGEST_ATTRIBUTION = 60
DROP = 0.4
"""Share of a token's features left out by chance in each step: few words tell all in the annotated articles."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Taught:
    """An article's lines, what the rules find there, and what each token is."""

    lines: list[Clauses]
    ruled: list[list[Reported]]
    kinds: npt.NDArray[np.int64]


def part_of(row: dict[str, Any]) -> str:
    """dev, held or train."""
    if row["split"] != "train":
        return str(row["split"])
    return "held" if fifth(row["id"]) == 0 else "train"


def fifth(article: str) -> int:
    """Which fifth of the articles one is in, 0-4."""
    return crc32(article.encode()) % 5


def lines_of(text: str, title: str) -> list[Line]:
    """The lines of an annotated article."""
    title = title.strip().rstrip(".")
    return [
        Line(
            span.start,
            span.end,
            LineKind.HEADLINE if not n and title and text.startswith(title) else LineKind.BODY,
        )
        for n, span in enumerate(line_spans(text))
    ]


def taught(rows: Iterable[dict[str, Any]]) -> Iterator[Taught]:
    """The articles with the first annotator's reading."""
    for row in rows:
        clauses = read_lines(row["text"], lines_of(row["text"], row["title"]))
        kinds = _kinds(next(iter(row["annotations"].values()), []), clauses)
        yield Taught(clauses, [list(reported(part)) for part in clauses], kinds)


def _kinds(attributions: list[dict[str, Any]], lines: Sequence[Clauses]) -> npt.NDArray[np.int64]:
    """What each token is by the gold."""
    tokens = [token for part in lines for token in part.tokens]
    starts = [token.start for token in tokens]
    line_of = np.repeat(np.arange(len(lines)), [len(part.tokens) for part in lines])
    kinds = np.full(len(tokens), OUTSIDE, dtype=np.int64)

    def runs(parts: list[dict[str, Any]]) -> list[list[int]]:
        found = []
        for start, end in (span for part in parts for span in part["spans"]):
            run = []
            for at in range(max(0, bisect_left(starts, start) - 1), bisect_left(starts, end)):
                token = tokens[at]
                half = 2 * (min(token.end, end) - max(token.start, start)) >= token.end - token.start
                if half if token.quoted else (token.start >= start and token.end <= end + 1):
                    run.append(at)
            if run:
                found.append(run)
        return found

    for one in attributions:
        cues, contents, sources = (runs(one[name]) for name in ("cue", "content", "source"))
        if not contents:
            continue
        every = [at for run in cues + contents + sources for at in run]
        low, high = min(every), max(every)
        if high - low < LONGEST_ATTRIBUTION:
            for at in range(low, high + 1):
                if kinds[at] == OUTSIDE and line_of[at] == line_of[low]:
                    kinds[at] = BETWEEN
        for kind, found in ((SOURCE, sources), (CUE, cues)):
            for run in found:
                kinds[run] = kind
        leads = bool(cues) and contents[0][0] < cues[0][0]
        for run in contents:
            kinds[run] = LEADING if leads else INSIDE
            kinds[run[0]] = LEAD if leads else OPEN
    return kinds


# The chain.


def how_often_cue(articles: Sequence[Taught]) -> dict[str, int]:
    """Word -> how often it is part of a cue, in steps of :data:`CUE_SHARES`."""
    seen: Counter[str] = Counter()
    cue: Counter[str] = Counter()
    for article in articles:
        tokens = (token for part in article.lines for token in part.tokens)
        for token, kind in zip(tokens, article.kinds.tolist(), strict=True):
            if token.word:
                seen[token.low] += 1
                cue[token.low] += kind == CUE
    return {
        word: sum(count / (seen[word] + 3) >= share for share in CUE_SHARES)
        for word, count in cue.items()
        if count >= 3
    }


def chains(articles: Sequence[Taught], lexicon: Lexicon) -> Chains:
    """All sentences of the articles, for :func:`~warreader.index.quotations.train_chain.fit`."""
    features = np.concatenate([look(lexicon, one.lines, one.ruled)[0].T for one in articles])
    lengths = [s.last - s.first for one in articles for part in one.lines for s in part.sentences]
    return Chains(features, np.concatenate([one.kinds for one in articles]), np.array(lengths))


def telling(articles: Sequence[Taught], lexicon: Lexicon) -> npt.NDArray[np.int64]:
    """Numbers of the features that stand in several articles."""
    seen = np.zeros(2**BITS, dtype=np.int32)
    for one in articles:
        seen[np.unique(look(lexicon, one.lines, one.ruled)[0])] += 1
    return np.flatnonzero(seen >= LEAST_ARTICLES)


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--articles", type=Path, action="append", required=True)
    parser.add_argument("--every", type=int, default=3, help="take every so manieth article for the classes")
    parser.add_argument("--all", action="store_true", help="train on what is left out to develop on as well")
    parser.add_argument(
        "--leave",
        type=int,
        action="append",
        help="leave out this fifth of the articles alone, 0 to 4; may be given several times",
    )
    parser.add_argument("--smooth", type=float, default=10.0, help="weight of the penalty on squared weights")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    given = parser.parse_args()
    parts = {"train", "held"} if given.all or given.leave else {"train"}
    with given.gold.open(encoding="utf-8") as rows:
        articles = list(
            taught(
                row
                for row in map(json.loads, rows)
                if part_of(row) in parts and fifth(row["id"]) not in (given.leave or ())
            )
        )
    print(len(articles), "articles read", flush=True)
    classes = word_classes(*word_points(texts(given.articles, given.every)))
    cues = how_often_cue(articles)
    table = {word: (*pair, cues.get(word, 0)) for word, pair in classes.items()}
    lexicon = Lexicon(table)
    kept = telling(articles, lexicon)
    print(len(kept), "features", flush=True)
    weights, moves, begin = fit(
        chains(articles, lexicon), kept, smooth=given.smooth, rounds=given.rounds, drop=DROP
    )
    write(given.output, table, kept, weights, moves, begin)
    print(given.output, given.output.stat().st_size, "bytes")


def write(
    file: Path,
    table: dict[str, tuple[int, int, int]],
    kept: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float32],
    moves: npt.NDArray[np.float32],
    begin: npt.NDArray[np.float32],
) -> None:
    """Write what :class:`~warreader.index.quotations.speech_model.SpeechModel` reads."""
    np.savez_compressed(
        file,
        words=np.frombuffer("\n".join(table).encode(), dtype=np.uint8),
        classes=np.array(list(table.values()), dtype=np.uint16),
        **packed(kept, weights, moves, begin, PLACES),
    )


def packed(
    kept: npt.NDArray[np.int64], weights: Floats, moves: Floats, begin: Floats, places: int
) -> dict[str, Any]:
    """What :class:`~warreader.index.quotations.speech_model.Look` reads, of the features that tell most."""
    weights = weights - weights.mean(axis=1, keepdims=True)
    best = np.sort(np.argsort(-np.abs(weights).max(axis=1), kind="stable")[:places])
    weights, kept = weights[best], kept[best]
    # A few weights are a hundred times as large as most: each row has its own unit.
    units = (np.abs(weights).max(axis=1) / 127).astype(np.float32)
    return {
        "places": np.diff(kept, prepend=0).astype(np.uint32),
        "weights": np.round(weights / units[:, None]).astype(np.int8),
        "units": units.astype(np.float16),
        "moves": moves,
        "begin": begin,
    }


if __name__ == "__main__":
    main()

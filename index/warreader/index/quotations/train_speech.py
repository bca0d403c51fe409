"""Trains the model of reported speech: python -m warreader.index.quotations.train_speech GOLD.jsonl --articles A.jsonl

GOLD.jsonl has articles with attributions as in PolNeAR (Newell, Margolin, Ruths 2018, "An Attribution
Relations Corpus for Political News"): ``id``, ``split``, ``text`` and ``annotations``, by annotator a list with
``source``, ``cue``, ``content``, each a list of ``spans`` in code points. Only documents whose ``split`` is ``train``
are learnt from. ``--leave N`` leaves out a fifth of them (by a checksum of their ids), for :mod:`.train_weighing` and
to measure on. A.jsonl (field ``text``; may be given several times) is any news: what words stand in the same
surroundings there. Needs torch, scipy and scikit-learn.

What is written are numbers about usage: where a word stands among others, and the weights of the network. No text can
be read out of it.
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
from warreader.index.quotations.speech_features import Lexicon, see
from warreader.index.quotations.speech_model import FILE
from warreader.index.quotations.train_words import Floats, texts, word_points
from warreader.index.text import line_spans

CUE_SHARES = (0.02, 0.08, 0.2, 0.4, 0.6, 0.8)
"""How often a word reports, by steps."""
LONGEST_ATTRIBUTION = 60
Sentences = list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]
"""Of each a row of columns for each token, and its kinds."""

LONGEST_SENTENCE = 80
"""Tokens of a sentence to learn from: of what is longer most is no sentence."""


@dataclass(frozen=True, slots=True)
class Taught:
    """An article's lines, what the rules find there, and what each token is."""

    lines: list[Clauses]
    ruled: list[list[Reported]]
    kinds: npt.NDArray[np.int64]


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


def sentences(articles: Sequence[Taught], lexicon: Lexicon) -> Sentences:
    """All sentences of the articles that are none too long, with what each of their tokens is."""
    found: Sentences = []
    for one in articles:
        columns = see(lexicon, one.lines, one.ruled).columns
        offset = 0
        for part in one.lines:
            for sentence in part.sentences:
                if sentence.last - sentence.first <= LONGEST_SENTENCE:
                    at = slice(offset + sentence.first, offset + sentence.last)
                    found.append((columns[:, at].T, one.kinds[at]))
            offset += len(part.tokens)
    return found


def write(file: Path, words: Sequence[str], points: Floats, articles: Sequence[Taught]) -> None:
    """Train on the articles and write what :class:`~warreader.index.quotations.speech_model.SpeechModel` reads."""
    from warreader.index.quotations.train_net import made

    often = how_often_cue(articles)
    cues = [often.get(word, 0) for word in words]
    arrays = made(sentences(articles, Lexicon(words, cues)), points)
    np.savez_compressed(
        file,
        allow_pickle=False,
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        cues=np.array(cues, dtype=np.uint8),
        **arrays,
    )


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--articles", type=Path, action="append", required=True)
    parser.add_argument("--every", type=int, default=3, help="take every so manieth article for the words")
    parser.add_argument("--leave", type=int, help="leave out this fifth of the articles, 0 to 4")
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    given = parser.parse_args()
    with given.gold.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == "train"]
    articles = list(taught(row for row in rows if fifth(row["id"]) != given.leave))
    print(len(articles), "articles read", flush=True)
    write(given.output, *word_points(texts(given.articles, given.every)), articles)
    print(given.output, given.output.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

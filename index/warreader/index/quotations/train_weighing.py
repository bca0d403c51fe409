"""Trains what weighs contents: python -m warreader.index.quotations.train_weighing GOLD.jsonl --unseen MODEL N

GOLD.jsonl is as for :mod:`.train_speech`. ``--unseen MODEL N`` (several times) names a speech model and the fifth of
the training articles, 0-4 by a checksum of their ids, that it was not made on (``train_speech --leave N``): how sure
a model is of what it has seen would mislead. ``--verdicts V.jsonl`` (several times) adds contents judged by hand in
other news, a row each: ``text``, ``start``, ``end`` (code points) and ``sound``, whether somebody says it, from there
to there; they count ``--weight`` times, since they are few and of the news that is meant. Needs scikit-learn.

What is written are weights of signs and of single verbs: no text can be read out of it.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from warreader.index.article import Line, Span
from warreader.index.quotations.coverage import of_war
from warreader.index.quotations.evidence import FILE, Around, Evidence, heard, odds_of
from warreader.index.quotations.extraction import read_lines
from warreader.index.quotations.indirect import reported
from warreader.index.quotations.speech_model import FILE as SPEECH
from warreader.index.quotations.speech_model import SpeechModel
from warreader.index.quotations.train_speech import fifth, lines_of
from warreader.index.quotations.weighing import ruled_readings, told_readings
from warreader.index.text import words

WELL = 0.8
"""Shared words over all words of both, from which a content is an annotator's."""

LEAST_ARTICLES = 3
"""Articles a verb must stand in to be told apart from one never heard."""

SMOOTH = 3.0
"""Weight of the penalty on squared weights."""

PARTS = 5
"""Parts of the articles: how often a verb's reports are right is counted in the others for each."""


class Judged(NamedTuple):
    """A content found, from which article, and whether an annotator has it too."""

    article: str
    evidence: Evidence
    right: bool
    weight: float = 1.0


def judged(rows: Iterable[dict[str, Any]], model: SpeechModel) -> Iterator[Judged]:
    """What model and rules find in annotated articles: all the model has, and what the rules have elsewhere."""
    for row in rows:
        text = row["text"]
        starts = [span.start for span in words(text)]

        def held(spans: Iterable[Sequence[int]], starts: Sequence[int] = starts) -> frozenset[int]:
            return frozenset(
                n for a, b in spans for n in range(bisect_left(starts, a), bisect_left(starts, b))
            )

        gold = [
            held(span for content in one["content"] for span in content["spans"])
            for one in next(iter(row["annotations"].values()), [])
        ]
        for span, evidence in _found(text, lines_of(text, row["title"]), model):
            ours = held([(span.start, span.end)])
            well = any(len(ours & its) >= WELL * len(ours | its) for its in gold if its)
            yield Judged(row["id"], evidence, well)


def by_verdict(rows: Iterable[dict[str, Any]], model: SpeechModel, weight: float) -> Iterator[Judged]:
    """What model and rules find of what was judged by hand."""
    verdicts: defaultdict[str, dict[Span, bool]] = defaultdict(dict)
    for row in rows:
        verdicts[row["text"]][Span(row["start"], row["end"])] = row["sound"]
    for text, known in verdicts.items():
        for span, evidence in _found(text, lines_of(text, ""), model):
            if span in known:
                yield Judged(text[:80], evidence, known[span], weight)


def _found(text: str, lines: Sequence[Line], model: SpeechModel) -> Iterator[tuple[Span, Evidence]]:
    parts = read_lines(text, lines)
    ruled = [list(reported(part)) for part in parts]
    speaking, war = heard(parts), of_war(parts)
    for part, rules, told in zip(parts, ruled, model.tell(parts, ruled), strict=True):
        around = Around(model.lexicon, speaking, war, rules)
        found = [(one.span, evidence) for one, evidence in told_readings(part, told, around)]
        yield from found
        for one, evidence in ruled_readings(part, rules, around):
            if not any(one.span.overlaps(span) for span, _ in found):
                yield one.span, evidence


def odds(contents: Iterable[Judged]) -> dict[str, float]:
    """How often what each verb reports is right, for those that stand in several articles."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    for one in contents:
        for key in one.evidence.verb.keys:
            (right if one.right else wrong)[key] += 1
            if (key, one.article) not in seen:
                seen.add((key, one.article))
                articles[key] += 1
    return {
        key: round(odds_of(right[key], wrong[key]), 3)
        for key in sorted(articles)
        if articles[key] >= LEAST_ARTICLES
    }


def fit(contents: Sequence[Judged], smooth: float) -> dict[str, Any]:
    """The weights, as :class:`~warreader.index.quotations.evidence.Weights` reads them."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows: list[dict[str, float]] = []
    right: list[bool] = []
    counting: list[float] = []
    for part in range(PARTS):
        own = [one for one in contents if _part(one.article) == part]
        # Counted on the same articles, a verb heard once would tell all.
        known = odds(one for one in contents if _part(one.article) != part)
        rows += [dict.fromkeys(one.evidence.signs, 1.0) | dict(one.evidence.numbers(known)) for one in own]
        right += [one.right for one in own]
        counting += [one.weight for one in own]
    signs = DictVectorizer()
    model = LogisticRegression(C=1 / smooth, max_iter=5000).fit(
        signs.fit_transform(rows), right, sample_weight=counting
    )
    return {
        "begin": round(float(model.intercept_[0]), 3),
        "weights": {
            name: round(float(weight), 3)
            for name, weight in zip(signs.feature_names_, model.coef_[0], strict=True)
        },
        "odds": odds(contents),
    }


def _part(article: str) -> int:
    # Another sum than that which parts the articles for the speech models.
    return crc32(b"weighing " + article.encode()) % PARTS


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--unseen", nargs=2, action="append", required=True, metavar=("MODEL", "N"))
    parser.add_argument("--verdicts", type=Path, action="append", default=[])
    parser.add_argument("--weight", type=float, default=5.0)
    parser.add_argument(
        "--smooth", type=float, default=SMOOTH, help="weight of the penalty on squared weights"
    )
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    given = parser.parse_args()
    with given.gold.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == "train"]
    contents: list[Judged] = []
    for file, number in given.unseen:
        contents += judged((row for row in rows if fifth(row["id"]) == int(number)), SpeechModel(Path(file)))
    shipped = SpeechModel(SPEECH)
    for verdicts in given.verdicts:
        own = map(json.loads, verdicts.read_text("utf-8").splitlines())
        contents += by_verdict(own, shipped, given.weight)
    print(len(contents), "contents,", sum(one.right for one in contents), "right", flush=True)
    text = json.dumps(fit(contents, given.smooth), ensure_ascii=False, indent=0)
    given.output.write_text(text + "\n", encoding="utf-8")
    print(given.output, given.output.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

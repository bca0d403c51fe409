"""Trains what weighs contents: python -m warreader.index.quotations.train_weighing GOLD.jsonl --unseen MODEL N ...

GOLD.jsonl is as for :mod:`.train_speech`. ``--unseen MODEL N`` (several times) names a speech model and the fifth of
the training articles, 0-4 by a checksum of their ids, that it was not made on (``train_speech --leave N``): how sure
a model is of what it has seen would mislead. ``--verdicts V.tsv A.jsonl`` (several times) adds contents judged by hand
in other news, and the file with the articles they stand in (``url``, ``text``). V.tsv names each by ``address``,
``start`` and ``end`` in code points, ``sum`` (what :func:`summed` makes of its words: a text that has changed is told)
and ``verdict``: ``sound`` if somebody says it, from there to there, ``bounds`` if only these are wrong, else ``none``.
They count ``--weight`` times, since they are few and of the news that is meant. A third of their articles is never
learnt from (:func:`aside`): ``tests/benchmarks/speech_verdicts.py`` measures on it. Needs scikit-learn.

The shipped file is made with all five ``--unseen`` and the two files ``speech_*.tsv`` in ``docs/verdicts``; made twice
of the same it has the same bytes. What is written are weights of signs and of single verbs: no text can be read out
of it.
"""

from __future__ import annotations

import argparse
import csv
import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from warreader.index.article import Line, Span
from warreader.index.ingest.lines import classify
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

SMOOTH = 10.0
"""Weight of the penalty on squared weights."""

WEIGHT = 3.0
"""How many times a verdict counts: three to ten do much the same, more costs what the annotators have."""

PARTS = 5
"""Parts of the articles: how often a verb's reports are right is counted in the others for each."""


class Judged(NamedTuple):
    """A content found, from which article, and whether an annotator has it too."""

    article: str
    evidence: Evidence
    right: bool
    weight: float = 1.0


class Verdict(NamedTuple):
    """A place judged by hand, its article, what was judged, and how many places its draw had for each it took."""

    address: str
    text: str
    span: Span
    verdict: str
    stands_for: float


class _Words:
    """A text's words by number."""

    def __init__(self, text: str) -> None:
        self._starts = [span.start for span in words(text)]

    def held(self, spans: Iterable[Sequence[int]]) -> frozenset[int]:
        """The words that begin in spans."""
        return frozenset(
            n for a, b in spans for n in range(bisect_left(self._starts, a), bisect_left(self._starts, b))
        )


def _well(one: frozenset[int], other: frozenset[int]) -> bool:
    return bool(other) and len(one & other) >= WELL * len(one | other)


def judged(rows: Iterable[dict[str, Any]], model: SpeechModel) -> Iterator[Judged]:
    """What model and rules find in annotated articles: all the model has, and what the rules have elsewhere."""
    for row in rows:
        held = _Words(row["text"]).held
        gold = [
            held(span for content in one["content"] for span in content["spans"])
            for one in next(iter(row["annotations"].values()), [])
        ]
        for span, evidence in found(row["text"], lines_of(row["text"], row["title"]), model):
            ours = held([(span.start, span.end)])
            yield Judged(row["id"], evidence, any(_well(ours, its) for its in gold))


def summed(words: str) -> str:
    """What tells whether the words of a place are those that were judged, and doesn't tell them."""
    return sha256(words.encode()).hexdigest()[:12]


def aside(address: str) -> bool:
    """Whether an article is of the third that is never learnt from."""
    return crc32(b"aside " + address.encode()) % 3 == 0


def verdicts(places: Path, articles: Path) -> Iterator[Verdict]:
    """Those of a file whose articles are there with the words that were judged, those of one article in a row."""
    by_address: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    with places.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            by_address[line["address"]].append(line)
    with articles.open(encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            # Of two articles with one address the one judged has the words.
            for line in by_address.get(row["url"], ()):
                span = Span(int(line["start"]), int(line["end"]))
                if summed(span.of(row["text"])) == line["sum"]:
                    yield Verdict(row["url"], row["text"], span, line["verdict"], float(line["stands_for"]))


def by_verdict(given: Iterable[Verdict], model: SpeechModel, weight: float) -> Iterator[Judged]:
    """What model and rules find of what was judged by hand: the very place, or much the same words."""
    by_text: defaultdict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for one in given:
        by_text[one.address, one.text].append(one)
    for (address, text), known in by_text.items():
        held = _Words(text).held
        for span, evidence in found(text, classify(text), model):
            same = next((one.verdict for one in known if one.span == span), None)
            ours = held([(span.start, span.end)])
            # Where only the bounds were wrong, others may be right.
            near = (
                one.verdict
                for one in known
                if one.verdict != "bounds" and _well(ours, held([(one.span.start, one.span.end)]))
            )
            verdict = same or next(near, None)
            if verdict is not None:
                yield Judged(address, evidence, verdict == "sound", weight)


def learnt(files: Iterable[Sequence[Path]], weight: float = WEIGHT) -> list[Judged]:
    """What is learnt of files of verdicts, each with its articles: all but the third of these that is set aside."""
    given = [
        one for places, articles in files for one in verdicts(places, articles) if not aside(one.address)
    ]
    return list(by_verdict(given, SpeechModel(SPEECH), weight))


def found(text: str, lines: Sequence[Line], model: SpeechModel) -> Iterator[tuple[Span, Evidence]]:
    """What model and rules have for contents in an article, with what speaks for each."""
    parts = read_lines(text, lines)
    ruled = [list(reported(part)) for part in parts]
    speaking, war = heard(parts), of_war(parts)
    for part, rules, told in zip(parts, ruled, model.tell(parts, ruled), strict=True):
        around = Around(model.lexicon, speaking, war, rules)
        held = [(one.span, evidence) for one, evidence in told_readings(part, told, around)]
        yield from held
        for one, evidence in ruled_readings(part, rules, around):
            if not any(one.span.overlaps(span) for span, _ in held):
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
    parser.add_argument(
        "--verdicts", type=Path, nargs=2, action="append", default=[], metavar=("VERDICTS", "ARTICLES")
    )
    parser.add_argument("--weight", type=float, default=WEIGHT, help="how many times a verdict counts")
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
    contents += learnt(given.verdicts, given.weight)
    print(len(contents), "contents,", sum(one.right for one in contents), "right", flush=True)
    text = json.dumps(fit(contents, given.smooth), ensure_ascii=False, indent=0)
    given.output.write_text(text + "\n", encoding="utf-8")
    print(given.output, given.output.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

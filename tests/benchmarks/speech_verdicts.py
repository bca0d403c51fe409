"""Figures for speech without marks, by hand: ``python tests/benchmarks/speech_verdicts.py V.tsv A.jsonl``

V.tsv is a ``speech_*.tsv`` of ``docs/verdicts``, A.jsonl has the articles (``url``, ``text``). Only the third of the
articles that no weights are learnt from is measured; ``--learnt`` measures the others. ``--weights W.json`` takes other
weights than the shipped ones (``train_weighing -o W.json``). Counted are the places that are shown and sound, and what
the draws had for each: of what is shown how much is sound, and of what is sound, among all that model and rules find,
how much is shown.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from warreader.index.article import Span
from warreader.index.ingest.lines import classify
from warreader.index.quotations import evidence, weighing
from warreader.index.quotations.coverage import of_war
from warreader.index.quotations.evidence import Weights
from warreader.index.quotations.extraction import read_lines
from warreader.index.quotations.indirect import reported
from warreader.index.quotations.speech_model import shipped
from warreader.index.quotations.train_weighing import Verdict, aside, verdicts


def shown(judged: Iterable[Verdict], weights: Weights) -> Iterator[tuple[Verdict, bool, bool]]:
    """Each place judged, whether its article is about war, and whether the place is shown."""
    model = shipped()
    if model is None:
        raise SystemExit("no speech model is shipped")
    for text, places in groupby(judged, key=lambda one: one.text):
        parts = read_lines(text, classify(text))
        found = weighing.weighed(parts, [list(reported(part)) for part in parts], model, weights).indirect
        spans = {one.span for line in found for one in line}
        war = of_war(parts)
        for one in places:
            yield one, war, any(_same(one, span) for span in spans)


def _same(one: Verdict, span: Span) -> bool:
    """Whether a place shown is the one judged; where the bounds were right, whether it is nearly so."""
    if one.verdict == "bounds":
        return one.span == span
    shared = min(one.span.end, span.end) - max(one.span.start, span.start)
    return shared >= 0.8 * (max(one.span.end, span.end) - min(one.span.start, span.start))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verdicts", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--learnt", action="store_true")
    parser.add_argument("--weights", type=Path, default=evidence.FILE)
    given = parser.parse_args()
    weights = Weights(json.loads(given.weights.read_text(encoding="utf-8")))
    counts: Counter[tuple[str, bool, bool]] = Counter()
    stand: defaultdict[tuple[str, bool, bool], float] = defaultdict(float)
    all_of_it = verdicts(given.verdicts, given.articles)
    for one, war, is_shown in shown((v for v in all_of_it if aside(v.address) != given.learnt), weights):
        for name in ("all", "war" if war else "other"):
            key = (name, is_shown, one.verdict == "sound")
            counts[key] += 1
            stand[key] += one.stands_for
    for name in ("all", "war", "other"):
        right, wrong = counts[name, True, True], counts[name, True, False]
        missed = counts[name, False, True]
        drawn = stand[name, True, True], stand[name, True, False], stand[name, False, True]
        print(
            f"{name:5} shown: {right} of {right + wrong} sound, in the draws "
            f"{100 * drawn[0] / max(1e-9, drawn[0] + drawn[1]):.1f} %; sound: {right} of {right + missed} "
            f"shown, {100 * drawn[0] / max(1e-9, drawn[0] + drawn[2]):.1f} %"
        )


if __name__ == "__main__":
    main()

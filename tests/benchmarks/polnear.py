"""Figures for quotations on PolNeAR: ``python tests/benchmarks/polnear.py POLNEAR.jsonl [--part dev] [-v]``, or
``... --unseen MODEL N --unseen MODEL N ...`` for articles that nothing was learnt from.

POLNEAR.jsonl has one article a line: ``id``, ``split``, ``title``, ``text`` and ``annotations``, by annotator
a list of attributions with ``source``, ``cue`` and ``content`` (lists of ``spans``, code points). The first
annotator's are taken. ``--part dev`` are the documents whose ``split`` says so: the figures to report.
``held`` is every fifth document of ``train`` (by a checksum of its id), kept out of all training, to develop
on; ``train`` are the others. ``--unseen MODEL N`` (several times) measures fifth N of ``train`` with a speech model
that was not made on it (``train_speech --leave N -o MODEL``) and with weights of what the other models given have
for contents in the fifths that these were not made on, and of ``--verdicts V.tsv A.jsonl`` as ``train_weighing`` takes
them; that needs scikit-learn.

What is counted, all on words (runs of letters and digits):

- inside marks: of the words our direct and mixed quotations hold, how many are somebody's content (P); of
  the content words that stand between marks, how many are in our direct and mixed quotations (R).
- all content: words in any of our quotations but ``scare`` against words in any content.
- found with overlap 0.8: shared words over all words of both. A content is *direct* if it begins with a mark
  and at least 0.8 of its words stand between marks, *indirect* if less than half do. Ours are taken one by
  one and, where several hang on one cue ("A," he said, "B."), also together.
- speaker: of direct contents found so and with a source, those whose speaker shares a word with the source
  that is more than an article, or is resolved to a name that does.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock
from zlib import crc32

from warreader.index.article import Line, LineKind, QuotationKind
from warreader.index.quotations import train_weighing, weighing
from warreader.index.quotations.evidence import Weights
from warreader.index.quotations.extraction import Extracted, extract
from warreader.index.quotations.speech_model import SpeechModel
from warreader.index.quotations.train_speech import fifth
from warreader.index.text import line_spans

_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile("[“”\"]|``|''")
_IDLE = frozenset(["the", "a", "an", "of", "and", "in", "at", "to", "for", "his", "her", "their"])

WELL = 0.8


@dataclass(frozen=True, slots=True)
class Gold:
    """A content as word numbers, its marks, and its source's words."""

    words: frozenset[int]
    marked: float
    opens: bool
    source: tuple[tuple[int, int], ...]
    text: str

    @property
    def kind(self) -> str:
        """direct, mixed or indirect, see above."""
        if self.opens and self.marked >= WELL:
            return "direct"
        return "indirect" if self.marked < 0.5 else "mixed"


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its gold."""

    id: str
    text: str
    lines: tuple[Line, ...]
    words: tuple[tuple[int, int], ...]
    between: frozenset[int]
    gold: tuple[Gold, ...]

    def within(self, start: int, end: int) -> range:
        """Numbers of the words in ``text[start:end]``."""
        starts = [word[0] for word in self.words]
        return range(bisect_left(starts, start), bisect_left(starts, end))


def part_of(row: dict[str, Any]) -> str:
    """dev, held or train."""
    if row["split"] != "train":
        return str(row["split"])
    return "held" if crc32(row["id"].encode()) % 5 == 0 else "train"


def between_marks(text: str, words: tuple[tuple[int, int], ...]) -> frozenset[int]:
    """Words between marks, by the plainest of readings: each paragraph's marks open and close in turn."""
    found: set[int] = set()
    starts = [start for start, _ in words]
    for span in line_spans(text):
        opened: int | None = None
        for match in _MARK.finditer(text, span.start, span.end):
            if opened is None:
                opened = match.end() if match.group() != "”" else None
            elif match.group() != "“":
                found.update(range(bisect_left(starts, opened), bisect_left(starts, match.start())))
                opened = None
        if opened is not None:
            found.update(range(bisect_left(starts, opened), bisect_left(starts, span.end)))
    return frozenset(found)


def read(path: Path, part: str) -> Iterator[Document]:
    """The documents of one part."""
    with path.open(encoding="utf-8") as rows:
        for line in rows:
            row = json.loads(line)
            if part_of(row) != part:
                continue
            yield document(row)


def document(row: dict[str, Any]) -> Document:
    """One article from its row."""
    text = row["text"]
    words = tuple((m.start(), m.end()) for m in _WORD.finditer(text))
    starts = [start for start, _ in words]
    between = between_marks(text, words)
    gold = []
    for one in next(iter(row["annotations"].values()), []):
        content = [span for part in one["content"] for span in part["spans"]]
        held = frozenset(
            n for start, end in content for n in range(bisect_left(starts, start), bisect_left(starts, end))
        )
        if not held:
            continue
        first = min(start for start, _ in content)
        gold.append(
            Gold(
                held,
                len(held & between) / len(held),
                text[first : first + 2].startswith(("“", '"', "``", "''")),
                tuple((s, e) for part in one["source"] for s, e in part["spans"]),
                " … ".join(text[s:e] for s, e in content),
            )
        )
    title = row["title"].strip().rstrip(".")
    lines = tuple(
        Line(
            span.start,
            span.end,
            LineKind.HEADLINE if number == 0 and title and text.startswith(title) else LineKind.BODY,
        )
        for number, span in enumerate(line_spans(text))
    )
    return Document(row["id"], text, lines, words, between, tuple(gold))


def share(a: frozenset[int], b: frozenset[int]) -> float:
    """Shared words over all words of both."""
    return len(a & b) / len(a | b) if a or b else 0.0


def _held(doc: Document, found: Extracted) -> frozenset[int]:
    return frozenset(n for span in found.segments for n in doc.within(span.start, span.end))


def candidates(doc: Document, found: list[Extracted]) -> list[tuple[frozenset[int], Extracted]]:
    """Ours one by one, and those of one cue together."""
    one_by_one = [(_held(doc, q), q) for q in found if q.kind is not QuotationKind.SCARE]
    by_cue: dict[Any, list[tuple[frozenset[int], Extracted]]] = defaultdict(list)
    for held, q in one_by_one:
        if q.cue is not None:
            by_cue[q.cue].append((held, q))
    together = [
        (frozenset().union(*(held for held, _ in group)), group[0][1])
        for group in by_cue.values()
        if len(group) > 1
    ]
    return one_by_one + together


def names(text: str) -> set[str]:
    """The words of a name but articles and the like."""
    return {word.lower() for word in _WORD.findall(text)} - _IDLE


def right_speaker(doc: Document, gold: Gold, found: Extracted) -> bool:
    """Whether the speaker overlaps the source, or has a word of its name."""
    if found.speaker is None:
        return False
    if any(found.speaker.start < end and start < found.speaker.end for start, end in gold.source):
        return True
    ours = names(found.speaker.of(doc.text))
    return any(ours & names(doc.text[start:end]) for start, end in gold.source)


def measure(documents: list[Document], counts: Counter[str], *, verbose: bool = False) -> None:
    """Count everything of these documents."""
    for doc in documents:
        begun = time.process_time()
        found = extract(doc.text, doc.lines)
        counts["microseconds"] += round(1e6 * (time.process_time() - begun))
        held = candidates(doc, found)
        content = frozenset().union(*(one.words for one in doc.gold)) if doc.gold else frozenset()
        # One by one: what hangs on one cue together may have words outside marks.
        marked = frozenset(
            n for q in found if q.kind in (QuotationKind.DIRECT, QuotationKind.MIXED) for n in _held(doc, q)
        )
        ours = frozenset(n for words, _ in held for n in words)
        counts["marked ours"] += len(marked)
        counts["marked ours right"] += len(marked & content)
        counts["marked gold"] += len(content & doc.between)
        counts["marked gold found"] += len(content & doc.between & marked)
        counts["ours"] += len(ours)
        counts["gold"] += len(content)
        counts["both"] += len(ours & content)
        counts["outside ours"] += len(ours - doc.between)
        counts["outside gold"] += len(content - doc.between)
        counts["outside both"] += len((ours & content) - doc.between)
        counts["indirect ours"] += sum(q.kind is QuotationKind.INDIRECT for q in found)
        counts["indirect ours right"] += sum(
            q.kind is QuotationKind.INDIRECT and any(share(words, gold.words) >= WELL for gold in doc.gold)
            for words, q in held[: len([q for q in found if q.kind is not QuotationKind.SCARE])]
        )
        for gold in doc.gold:
            best, q = max(
                ((share(words, gold.words), q) for words, q in held),
                key=lambda pair: pair[0],
                default=(0.0, None),
            )
            counts[gold.kind] += 1
            counts[gold.kind + " found"] += best >= WELL
            if gold.kind == "direct" and best >= WELL and q is not None and gold.source:
                right = right_speaker(doc, gold, q)
                counts["speaker"] += 1
                counts["speaker right"] += right
                if verbose and not right:
                    said = q.speaker.of(doc.text) if q.speaker else None
                    source = " … ".join(doc.text[s:e] for s, e in gold.source)
                    print(f"SPEAKER {doc.id}: {source!r} GOT {said!r} FOR {gold.text[:90]!r}")
            elif verbose and best < WELL:
                got = q and doc.text[q.start : q.end]
                print(f"MISS {gold.kind} {doc.id}: {gold.text[:300]!r} GOT {best:.2f} {got!r}")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):6.1f} %  ({part} of {whole})"


def report(counts: Counter[str]) -> None:
    """Print the figures by the names they are asked for."""
    print("inside marks, token P        ", _percent(counts["marked ours right"], counts["marked ours"]))
    print("inside marks, token R        ", _percent(counts["marked gold found"], counts["marked gold"]))
    for name in ("direct", "mixed", "indirect"):
        print(f"{name + ' found, overlap 0.8':29}", _percent(counts[name + " found"], counts[name]))
    print("indirect ours, right by 0.8  ", _percent(counts["indirect ours right"], counts["indirect ours"]))
    for name, prefix in (("all reported content", ""), ("outside marks", "outside ")):
        both, ours, gold = (counts[prefix + key] for key in ("both", "ours", "gold"))
        p, r = both / max(1, ours), both / max(1, gold)
        print(f"{name}: token P {100 * p:.1f} R {100 * r:.1f} F1 {200 * p * r / max(1e-9, p + r):.1f}")
    print("speaker right, direct found  ", _percent(counts["speaker right"], counts["speaker"]))
    print(
        f"articles a CPU second         {counts['documents'] / max(1e-9, counts['microseconds'] / 1e6):.0f}"
    )


def unseen(
    path: Path, models: list[tuple[Path, int]], learnt: list[train_weighing.Judged], *, verbose: bool
) -> None:
    """Print the figures of each fifth of the training articles by what was not made on it, and of all together."""
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == "train"]
    fifths = {number: [row for row in rows if fifth(row["id"]) == number] for _, number in models}
    made = {number: SpeechModel(file) for file, number in models}
    contents = {number: list(train_weighing.judged(fifths[number], made[number])) for number in made}
    together: Counter[str] = Counter()
    for number, model in made.items():
        others = [one for other, found in contents.items() if other != number for one in found] + learnt
        weights = Weights(train_weighing.fit(others, train_weighing.SMOOTH))
        counts: Counter[str] = Counter(documents=len(fifths[number]))
        with mock.patch.multiple(weighing, shipped=lambda m=model: m, shipped_weights=lambda w=weights: w):
            measure([document(row) for row in fifths[number]], counts, verbose=verbose)
        print(f"fifth {number}, {len(fifths[number])} articles")
        report(counts)
        together += counts
    print(f"together, {together['documents']} articles")
    report(together)


def main() -> None:
    """Print the figures of one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("polnear", type=Path)
    parser.add_argument("--part", choices=("dev", "held", "train"), default="dev")
    parser.add_argument("--unseen", nargs=2, action="append", metavar=("MODEL", "N"))
    parser.add_argument("--verdicts", type=Path, nargs=2, action="append", default=[], metavar=("V", "A"))
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    if arguments.unseen:
        models = [(Path(file), int(number)) for file, number in arguments.unseen]
        learnt = train_weighing.learnt(arguments.verdicts)
        unseen(arguments.polnear, models, learnt, verbose=arguments.verbose)
        return
    documents = list(read(arguments.polnear, arguments.part))
    counts: Counter[str] = Counter(documents=len(documents))
    measure(documents, counts, verbose=arguments.verbose)
    report(counts)


if __name__ == "__main__":
    main()

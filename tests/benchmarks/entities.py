"""Names against gold: python tests/benchmarks/entities.py FILE... [--texts FOLDER] [--model NAME] [-v]

FILE is a gold file, ``{"docs": {id: {"file", "entities": [{"start", "end", "label", "id", "in_article"}]}}}``, its
texts in FOLDER (by default the folder ``seeds`` beside that of the gold file), or a CoNLL-style file (``.txt``,
``.conll``: a word a line, its BIO tag last), whose sentences become lines and whose four kinds ours are mapped to.

Said of each: exact typed spans per kind; for gold with ids, B-cubed of the entities as a library stores them, over
all gold mentions, one that was not found counting as not joined; words a CPU-second, resolving included. Where spaCy
and the model are installed, the same with the model's word, the model alone, and how the speeds compare.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from warreader.index.article import Line, LineKind
from warreader.index.entities.merging import Said, trimmed
from warreader.index.entities.model import BATCH, DEFAULT
from warreader.index.entities.model_process import load as load_pipeline
from warreader.index.entities.recogniser import Recogniser
from warreader.index.entities.resolver import resolve
from warreader.index.ingest.lines import classify
from warreader.index.library import Library

SCORED = ("PERSON", "GPE", "LOC", "ORG", "NORP", "UNIT")
COARSE = {
    "PERSON": "PER",
    "GPE": "LOC",
    "LOC": "LOC",
    "ORG": "ORG",
    "UNIT": "ORG",
    "NORP": "MISC",
    "EVENT": "MISC",
}

Found = set[tuple[int, int, str]]


@dataclass(frozen=True)
class Doc:
    """One text with gold spans; ``ids`` tells what a span names, where gold says."""

    name: str
    text: str
    lines: tuple[Line, ...]
    wanted: frozenset[tuple[int, int, str]]
    ids: dict[tuple[int, int], str]


def load(path: Path, texts: Path | None) -> tuple[list[Doc], bool]:
    """The documents of a file, and whether its kinds are CoNLL's four."""
    if path.suffix == ".json":
        return _gold(path, texts or path.parent.parent / "seeds"), False
    return _conll(path), True


def _gold(path: Path, folder: Path) -> list[Doc]:
    docs = []
    for name, doc in json.loads(path.read_text("utf-8"))["docs"].items():
        text = (folder / doc["file"]).read_bytes().decode("utf-8")
        rows = [row for row in doc["entities"] if row["in_article"] and row["label"] in SCORED]
        wanted = frozenset((row["start"], row["end"], row["label"]) for row in rows)
        ids = {(row["start"], row["end"]): row["id"] for row in rows if row.get("id")}
        docs.append(Doc(name, text, classify(text), wanted, ids))
    return docs


_NO_SPACE_BEFORE = re.compile(r"[.,;:!?)\]%]|'s|n't|'")


def _conll(path: Path) -> list[Doc]:
    docs = []
    for number, block in enumerate(re.split(r"-DOCSTART-.*\n", path.read_text("utf-8"))):
        text, open_kind = "", ""
        spans: list[tuple[int, int, str]] = []
        lines: list[Line] = []
        for sentence in filter(None, (part.strip() for part in block.split("\n\n"))):
            begin = len(text)
            for row in sentence.split("\n"):
                word, tag = row.split()[0], row.split()[-1]
                glued = len(text) == begin or text.endswith(("(", "[")) or _NO_SPACE_BEFORE.fullmatch(word)
                text += word if glued else f" {word}"
                prefix, _, kind = tag.partition("-")
                if prefix == "I" and kind == open_kind:
                    spans[-1] = (spans[-1][0], len(text), kind)
                elif kind:
                    spans.append((len(text) - len(word), len(text), kind))
                open_kind = kind
            lines.append(Line(begin, len(text), LineKind.BODY))
            text += "\n"
        if spans:
            docs.append(Doc(str(number), text, tuple(lines), frozenset(spans), {}))
    return docs


Engine = Callable[[Sequence[Doc]], list[Found]]


def default(docs: Sequence[Doc]) -> list[Found]:
    """The engine that needs no model."""
    recogniser = Recogniser()
    return [
        {(found.start, found.end, str(found.label)) for found in recogniser.recognise(doc.text, doc.lines)}
        for doc in docs
    ]


def report(title: str, docs: Sequence[Doc], engine: Engine, *, coarse: bool, show: bool = False) -> None:
    """Print exact typed spans per kind and together."""
    right, spurious, missed = Counter[str](), Counter[str](), Counter[str]()
    kinds = sorted(set(COARSE.values())) if coarse else SCORED
    for doc, spans in zip(docs, engine(docs), strict=True):
        found = {(a, b, COARSE.get(kind, "") if coarse else kind) for a, b, kind in spans}
        found = {span for span in found if span[2] in kinds}
        for counter, part in (
            (right, doc.wanted & found),
            (spurious, found - doc.wanted),
            (missed, doc.wanted - found),
        ):
            counter.update(span[2] for span in part)
        if show:
            for mark, part in (("+", found - doc.wanted), ("-", doc.wanted - found)):
                for start, end, label in sorted(part):
                    before, after = doc.text[max(0, start - 30) : start], doc.text[end : end + 20]
                    print(f"{doc.name} {mark} {label} {before!r} {doc.text[start:end]!r} {after!r}")
    print(title)
    for kind in kinds:
        print(f"  {kind:7} {_line(right[kind], spurious[kind], missed[kind])}")
    print(f"  all     {_line(right.total(), spurious.total(), missed.total())}")


def _line(right: int, spurious: int, missed: int) -> str:
    f1 = 200 * right / max(1, 2 * right + spurious + missed)
    return f"right {right:5} spurious {spurious:4} missed {missed:4}  F1 {f1:.1f}"


def bcubed(docs: Sequence[Doc]) -> tuple[float, float]:
    """Precision and recall, in percent, of the entities that a library makes of the documents."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "articles.jsonl"
        source.write_text("".join(json.dumps({"id": d.name, "text": d.text}) + "\n" for d in docs), "utf-8")
        with Library(Path(folder) / "library") as library:
            library.add([source])
            stored = {
                (doc.name, mention.start, mention.end): mention.entity
                for doc in docs
                for mention in library.entities.mentions(doc.name)
            }
    gold = {(doc.name, *span): identity for doc in docs for span, identity in doc.ids.items()}
    wanted, made = defaultdict(set), defaultdict(set)
    for place, identity in gold.items():
        wanted[identity].add(place)
        if place in stored:
            made[stored[place]].add(place)
    precision = recall = found = 0.0
    for place, identity in gold.items():
        if place in stored:
            shared = len(wanted[identity] & made[stored[place]])
            found += 1
            precision += shared / len(made[stored[place]])
            recall += shared / len(wanted[identity])
    return 100 * precision / max(1, found), 100 * recall / max(1, len(gold))


def words_a_second(docs: Sequence[Doc], work: Callable[[Doc], object], seconds: float = 2.0) -> float:
    """Words read in a second of CPU time; line kinds are given."""
    for doc in docs[:3]:
        work(doc)
    begin, words = time.process_time(), 0
    while time.process_time() - begin < seconds:
        for doc in docs:
            work(doc)
            words += len(doc.text.split())
            if time.process_time() - begin >= seconds:
                break
    return words / (time.process_time() - begin)


def default_speed(docs: Sequence[Doc]) -> float:
    """The speed of the default engine, resolving included."""
    recogniser = Recogniser()
    return words_a_second(docs, lambda doc: resolve(doc.text, recogniser.recognise(doc.text, doc.lines)))


class Model:
    """A spaCy pipeline in this process, so that its CPU time counts; each text is read once."""

    def __init__(self, name: str) -> None:
        self.pipeline = load_pipeline(name)
        self.kept: dict[str, list[Said]] = {}

    def read(self, docs: Sequence[Doc]) -> list[list[Said]]:
        """What it marks in each text, in batches as the program asks it."""
        new = [doc.text for doc in docs if doc.text not in self.kept]
        for text, read in zip(new, self.pipeline.pipe(new, batch_size=BATCH), strict=True):
            self.kept[text] = [Said(mark.start_char, mark.end_char, mark.label_) for mark in read.ents]
        return [self.kept[doc.text] for doc in docs]

    def alone(self, docs: Sequence[Doc]) -> list[Found]:
        """Its own names, without articles and possessive endings, in kept lines."""
        found: list[Found] = []
        for doc, said in zip(docs, self.read(docs), strict=True):
            kept = [line for line in doc.lines if line.kept]
            found.append({(a, b, str(label)) for a, b, label in trimmed(doc.text, said, kept) if label})
        return found

    def merged(self, docs: Sequence[Doc]) -> list[Found]:
        """Names of the default engine with the model's word."""
        recogniser = Recogniser()
        return [
            {
                (found.start, found.end, str(found.label))
                for found in recogniser.recognise(d.text, d.lines, said)
            }
            for d, said in zip(docs, self.read(docs), strict=True)
        ]

    def speed(self, docs: Sequence[Doc]) -> float:
        """Words a CPU-second in batches."""
        some, begin = [doc.text for doc in docs[:60]], time.process_time()
        for _ in self.pipeline.pipe(some, batch_size=BATCH):
            pass
        return sum(len(text.split()) for text in some) / (time.process_time() - begin)


def measure(paths: Iterable[Path], texts: Path | None, model: Model | None, *, show: bool) -> None:
    """Print the figures of each file."""
    for path in paths:
        docs, coarse = load(path, texts)
        print(f"{path}: {len(docs)} texts, {sum(len(doc.text.split()) for doc in docs):,} words")
        report("default", docs, default, coarse=coarse, show=show)
        if any(doc.ids for doc in docs):
            precision, recall = bcubed(docs)
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            print(f"  B-cubed precision {precision:.1f} recall {recall:.1f} F1 {f1:.1f}")
        speed = default_speed(docs)
        print(f"  {speed:,.0f} words a CPU-second")
        if model is not None:
            report("with the model", docs, model.merged, coarse=coarse)
            report("the model alone", docs, model.alone, coarse=coarse)
            of_model = model.speed(docs)
            print(
                f"  {of_model:,.0f} words a CPU-second; the default engine is {speed / of_model:.1f} times as fast"
            )


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument(
        "--model", default=DEFAULT, help="a spaCy pipeline, by default %(default)s if installed"
    )
    parser.add_argument("-v", action="store_true", dest="show")
    given = parser.parse_args()
    try:
        model = Model(given.model)
    except (ImportError, OSError) as error:
        print(f"without a model: {error}")
        model = None
    measure(given.files, given.texts, model, show=given.show)


if __name__ == "__main__":
    main()

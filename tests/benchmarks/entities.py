"""Exact typed spans of names against a gold file: python tests/benchmarks/entities.py GOLD.json [TEXT_FOLDER] [-v]

GOLD.json has ``docs``: {id: {"file", "entities": [{"start", "end", "label", "id", "in_article"}]}}; texts are looked
for in TEXT_FOLDER, by default the folder ``seeds`` beside that of the gold file.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from warreader.index.article import Label, Line
from warreader.index.entities.recogniser import Recogniser
from warreader.index.ingest.lines import classify

NAMES = ("PERSON", "GPE", "LOC", "ORG", "NORP")


def measure(gold: dict[str, Any], folder: Path, *, show: bool = False) -> dict[str, tuple[int, int, int]]:
    """Per label: spans right, spurious, missed."""
    right, spurious, missed = Counter[str](), Counter[str](), Counter[str]()
    recogniser = Recogniser()
    for name, doc in gold["docs"].items():
        text = (folder / doc["file"]).read_bytes().decode("utf-8")
        lines = classify(text)
        wanted = {(e["start"], e["end"], _label(e["label"])) for e in doc["entities"] if e["in_article"]}
        wanted = {span for span in wanted if span[2] in Label.__members__}
        found = {(f.start, f.end, str(f.label)) for f in recogniser.recognise(text, lines)}
        right.update(span[2] for span in wanted & found)
        spurious.update(span[2] for span in found - wanted)
        missed.update(span[2] for span in wanted - found)
        if show:
            for mark, spans in (("+", found - wanted), ("-", wanted - found)):
                for start, end, label in sorted(spans):
                    if label in (*NAMES, "UNIT", "EVENT"):
                        print(
                            name, mark, label, repr(text[max(0, start - 30) : start]), repr(text[start:end])
                        )
    labels = sorted({*right, *spurious, *missed})
    return {label: (right[label], spurious[label], missed[label]) for label in labels}


def _label(gold: str) -> str:
    return {"CARDINAL": "NUMBER", "ORDINAL": "NUMBER"}.get(gold, gold)


def f1(right: int, spurious: int, missed: int) -> float:
    """Harmonic mean of precision and recall, in percent."""
    return 200 * right / max(1, 2 * right + spurious + missed)


def words_a_second(texts: list[str]) -> float:
    """Words recognised in a second of CPU time, line kinds not counted."""
    recogniser = Recogniser()
    prepared: list[tuple[str, tuple[Line, ...]]] = [(text, classify(text)) for text in texts]
    begin, words = time.process_time(), 0
    while time.process_time() - begin < 2:
        for text, lines in prepared:
            recogniser.recognise(text, lines)
            words += len(text.split())
    return words / (time.process_time() - begin)


def main() -> None:
    """Print the figures."""
    arguments = [argument for argument in sys.argv[1:] if argument != "-v"]
    path = Path(arguments[0])
    folder = Path(arguments[1]) if len(arguments) > 1 else path.parent.parent / "seeds"
    gold = json.loads(path.read_text("utf-8"))
    counts = measure(gold, folder, show="-v" in sys.argv)
    for label, row in counts.items():
        print(f"{label:8} right {row[0]:4} spurious {row[1]:3} missed {row[2]:3}  F1 {f1(*row):.1f}")
    names = [sum(counts[label][at] for label in NAMES if label in counts) for at in range(3)]
    print(f"names    right {names[0]:4} spurious {names[1]:3} missed {names[2]:3}  F1 {f1(*names):.1f}")
    texts = [(folder / doc["file"]).read_bytes().decode("utf-8") for doc in gold["docs"].values()]
    print(f"{words_a_second(texts):,.0f} words a CPU-second")


if __name__ == "__main__":
    main()

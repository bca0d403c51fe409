"""How often a line is rightly kept or set aside: python tests/benchmarks/lines.py GOLD.json [TEXT_FOLDER] [-v]

GOLD.json has ``docs``: {id: {"file", "lines": [{"n", "class", "keep"}]}}; texts are looked for in TEXT_FOLDER,
by default the folder ``seeds`` beside that of the gold file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from warreader.index.ingest.lines import classify


def measure(gold: dict[str, Any], folder: Path, *, show: bool = False) -> dict[str, int]:
    """Counts of lines that are not blank by verdict: right, wrong, and of those ``lost`` and ``let_in``."""
    counts = {"right": 0, "lost": 0, "let_in": 0}
    for name, doc in gold["docs"].items():
        text = (folder / doc["file"]).read_bytes().decode("utf-8")
        for line, truth in zip(classify(text), doc["lines"], strict=True):
            if truth["keep"] is None:
                continue
            verdict = "right" if line.kept == truth["keep"] else "lost" if truth["keep"] else "let_in"
            counts[verdict] += 1
            if show and (verdict != "right" or (truth["class"] == "title") != (line.kind == "headline")):
                print(
                    f"{name}:{truth['n']} {truth['class']} -> {line.kind}: {text[line.start : line.end][:90]}"
                )
    return counts


def main() -> None:
    """Print the figures."""
    arguments = [argument for argument in sys.argv[1:] if argument != "-v"]
    path = Path(arguments[0])
    folder = Path(arguments[1]) if len(arguments) > 1 else path.parent.parent / "seeds"
    counts = measure(json.loads(path.read_text("utf-8")), folder, show="-v" in sys.argv)
    total = sum(counts.values())
    print(
        f"lines {total}, right {100 * counts['right'] / total:.1f} %, lost {counts['lost']}, let in {counts['let_in']}"
    )


if __name__ == "__main__":
    main()

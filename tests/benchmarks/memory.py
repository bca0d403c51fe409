"""Peak memory of adding few and many articles: python tests/benchmarks/memory.py CORPUS [--few 1000] [--many 37000]

CORPUS is a JSON-lines file of articles (.jsonl, .jsonl.xz, .jsonl.gz). Each size is added to a library of its own by
``warreader add``; printed is the largest resident size of any of its processes, and the ratio of the two. With
``--derive``, names, quotations and matches are made as well, as ``warreader add`` does unless told otherwise.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

from corpus import articles

# A process of its own measures, so that one size's peak doesn't hide the next one's.
_MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(corpus: Path, count: int, *, derive: bool) -> float:
    """Megabytes at most while the first ``count`` articles are added."""
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name, "articles.jsonl")
        with plain.open("w", encoding="utf-8") as file:
            for article in islice(articles(corpus), count):
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
        command = [sys.executable, "-m", "warreader.tui.cli", "--library", str(Path(name, "library")), "add"]
        options = [] if derive else ["--defer"]
        measured = subprocess.run(
            [sys.executable, "-c", _MEASURE, *command, *options, str(plain)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    # Linux tells kilobytes, macOS bytes.
    return int(measured.stdout) / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    """Print both peaks and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=37_000)
    parser.add_argument("--derive", action="store_true")
    asked = parser.parse_args()
    few = peak(asked.corpus, asked.few, derive=asked.derive)
    print(f"{asked.few} articles: {few:.0f} MB", flush=True)
    many = peak(asked.corpus, asked.many, derive=asked.derive)
    print(f"{asked.many} articles: {many:.0f} MB, {many / few:.2f} times")


if __name__ == "__main__":
    main()

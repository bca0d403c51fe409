"""Count the commonest words: ``python -m warreader.index.matching.build_rarity ARTICLES.jsonl.xz... > TABLE.tsv.gz``.

Each input is a JSON lines file, plain or ``.xz``, with a ``text`` a line. The shipped table was counted on every
twelfth article of the AllSides collection (Baly et al., "We Can Detect Your Bias: Predicting the Political
Ideology of News Articles", EMNLP 2020; US outlets, 2012-2020). Only numbers of articles a word are kept.
"""

from __future__ import annotations

import gzip
import json
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from warreader.index.article import Line, LineKind
from warreader.index.matching.wording import read

EVERY = 12
KEPT_WORDS = 5000


def texts(path: Path) -> Iterator[str]:
    """Every twelfth text of a file."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in islice(file, 0, None, EVERY):
            yield json.loads(line)["text"]


def table(paths: list[Path]) -> str:
    """The table: number of articles, then words by falling number of articles."""
    counts: Counter[str] = Counter()
    total = 0
    for path in paths:
        for text in texts(path):
            counts.update(set(read(text, [Line(0, len(text), LineKind.BODY)]).words))
            total += 1
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:KEPT_WORDS]
    return "".join(f"{word}\t{count}\n" for word, count in [("#articles", total), *rows])


if __name__ == "__main__":
    sys.stdout.buffer.write(gzip.compress(table([Path(name) for name in sys.argv[1:]]).encode(), mtime=0))

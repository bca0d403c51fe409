"""Random and hostile queries against a library: each is answered or explained, none raises, none takes long.

    python tests/benchmarks/search_hostile.py LIBRARY_FOLDER [--queries N] [--seed N] [--slow MS]

The folder is one with ``library.sqlite`` and an index in ``search``. Queries are made of the library's own
words and of what breaks query parsers: marks, fields, joints, nesting, control characters, all scripts, very
long and very wide queries. Prints how many raised and how many took longer than ``--slow`` milliseconds of
CPU time (200), with the worst of them; exit status 1 if there were any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from warreader.index.library import Library
from warreader.index.search.query import FIELDS

_ODD = [
    '"',
    "(",
    ")",
    "((",
    "))",
    "*",
    "~",
    "-",
    "--",
    "+",
    ":",
    "..",
    "AND",
    "OR",
    "NOT",
    "not",
    "or",
    "^2",
    "[a TO b]",
    "{",
    "}",
    "\\",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "\ufeff",
    "\ud800",
    "\U0001f600",
    "é",
    "e\u0301",
    "Ł",
    "İ",
    "ß",
    "ﬁ",
    "U.S.",
    "u.s.a.",
    "Putin's",
    "Putin’s",
    "乌克兰",
    "戦争",
    "전쟁",
    "война",
    "युद्ध",
    "حرب",
    "\u0301\u0301",
    "1,500",
    "3.14",
    "a-b-c",
    "x_y",
    "''",
    "’",
    "*:*",
    "a*b*",
    "?",
    "/.*/",
    "http://x.y/z?q=1",
    "%",
    "'; DROP TABLE article;--",
    "\n",
    "\t",
    "a" * 300,
    "的" * 200,
    "[/red]",
]


def made(draw: random.Random, words: list[str]) -> str:
    """One query."""
    kind = draw.randrange(12)
    if kind == 0:
        return "".join(chr(draw.randrange(0x20, 0x2FFF)) for _ in range(draw.randrange(1, 60)))
    if kind == 1:
        return "(" * draw.randrange(1, 200) + draw.choice(words) + ")" * draw.randrange(200)
    if kind == 2:
        return " OR ".join(draw.choice(words) for _ in range(draw.randrange(2, 200)))
    if kind == 3:
        return '"' + " ".join(draw.choice(words) for _ in range(draw.randrange(1, 300)))
    if kind == 4:
        return " ".join(draw.choice(words)[:1] + "*" for _ in range(draw.randrange(1, 20)))
    if kind == 5:
        return " ".join(draw.choice(words) + "~" for _ in range(draw.randrange(1, 8)))
    pieces = []
    for _ in range(draw.randrange(1, 12)):
        piece = draw.choice(words if draw.random() < 0.5 else _ODD)
        if draw.random() < 0.2:
            piece = f"{draw.choice(sorted(FIELDS))}:{piece}"
        pieces.append(piece + draw.choice(["", "", "*", "~", '"']))
    return draw.choice([" ", "", " OR ", " -"]).join(pieces)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=200.0)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    raised: list[tuple[str, str]] = []
    taken: list[tuple[float, str]] = []
    with Library(options.folder, create=False) as library:
        texts = [article.text for _, article in zip(range(200), library.articles, strict=False)]
        words = sorted({word for text in texts for word in text.split()})
        # What is not searched, as an index that this reader did not make, is soon answered.
        if problem := library.search.search("war").problem:
            parser.error(f"{options.folder}: {problem}")
        for _ in range(options.queries):
            query = made(draw, words)
            began = time.process_time()
            try:
                found = library.search.search(query, limit=20, as_you_type=draw.random() < 0.5)
                if not found.understood and not found.problem and query.strip():
                    raised.append((query, "neither understood nor explained"))
            except Exception as raising:
                raised.append((query, f"{type(raising).__name__}: {raising}"))
            taken.append(((time.process_time() - began) * 1000, query))
    taken.sort(reverse=True)
    slow = [one for one in taken if one[0] > options.slow]
    print(
        f"{len(taken)} queries: {len(raised)} raised or unexplained, {len(slow)} over {options.slow:.0f} ms"
    )
    print(f"median {taken[len(taken) // 2][0]:.1f} ms, p99 {taken[len(taken) // 100][0]:.1f} ms")
    for query, error in raised[:20]:
        print(f"raised: {query[:80]!r}: {error[:200]}")
    for spent, query in taken[:10]:
        print(f"{spent:7.0f} ms: {query[:100]!r}")
    return 1 if raised or slow else 0


if __name__ == "__main__":
    sys.exit(main())

"""What texts state about themselves: python tests/benchmarks/metadata.py ARTICLES.jsonl... [--gold GOLD.json] [-v]

ARTICLES.jsonl has ``text`` and any of ``title``, ``outlet``, ``author``, ``date``, which are held to be true; for each
field: how often the text was found to state it (coverage), and how often that agrees with the record (precision).
GOLD.json has ``docs``: {id: {"file", "meta"}}; its texts lie in the folder ``seeds`` beside that of the gold file.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from warreader.index.article import Metadata
from warreader.index.ingest.lines import classify
from warreader.index.ingest.metadata import metadata

FIELDS = ("title", "outlet", "author", "date", "agency")


def agrees(field: str, stated: str, truth: str) -> bool:
    """Whether two values of a field are the same but for how they are written."""
    if field == "date":
        return stated[:10] == truth[:10]
    plain, other = (" ".join(re.findall(r"\w+", value.lower())) for value in (stated, truth))
    return bool(plain) and (plain in other or other in plain or fuzz.token_set_ratio(plain, other) >= 85)


def of_records(file: Path, most: int, show: bool) -> None:
    """Print coverage and precision on JSON lines."""
    counts, seconds, total = Counter[str](), 0.0, 0
    with file.open(encoding="utf-8") as stream:
        for record in map(json.loads, islice(stream, most)):
            text, total = record["text"], total + 1
            lines = classify(text)
            begin = time.process_time()
            found = metadata(text, lines)
            seconds += time.process_time() - begin
            for field in FIELDS:
                _count(counts, field, getattr(found, field), record, show)
    print(f"{file.name}: {total} articles, {1000 * seconds / max(1, total):.3f} ms each")
    for field in FIELDS:
        stated, known = counts[field], counts[field + " known"]
        share = (
            f"{100 * counts[field + ' right'] / known:.0f} % of {known} agree"
            if known
            else "nothing to compare"
        )
        print(f"  {field:7} stated {stated} ({100 * stated / max(1, total):.1f} %), {share}")


def _count(counts: Counter[str], field: str, stated: str | None, record: dict[str, Any], show: bool) -> None:
    if not stated:
        return
    counts[field] += 1
    truth = record.get(field) or (record.get("authors") if field == "author" else None)
    if not truth:
        if show:
            print(f"    {field}: {stated!r} (unknown)")
        return
    counts[field + " known"] += 1
    right = agrees(field, stated, truth)
    counts[field + " right"] += right
    if show and not right:
        print(f"    {field}: {stated!r} for {truth!r}")


def of_gold(file: Path) -> None:
    """Print, for each text of the gold file, what was found and what is gold."""
    for name, doc in json.loads(file.read_text("utf-8"))["docs"].items():
        text = (file.parent.parent / "seeds" / doc["file"]).read_bytes().decode("utf-8")
        found: Metadata = metadata(text, classify(text))
        for field in FIELDS:
            stated, truth = getattr(found, field), doc["meta"].get(field)
            verdict = "right" if stated == truth else "not found" if stated is None else "WRONG"
            if stated or truth:
                print(
                    f"{name} {field:7} {verdict:9} {stated!r}"
                    + ("" if stated == truth else f", gold {truth!r}")
                )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path, nargs="*")
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--most", type=int, default=4000)
    parser.add_argument("-v", "--verbose", action="store_true")
    given = parser.parse_args()
    if given.gold:
        of_gold(given.gold)
    for file in given.articles:
        of_records(file, given.most, given.verbose)


if __name__ == "__main__":
    main()

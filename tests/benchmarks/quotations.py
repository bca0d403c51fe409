"""Figures for quotations: ``python tests/benchmarks/quotations.py GOLD.json LINES.json SEEDS_DIR [-v]``.

GOLD.json holds hand-made quotations, LINES.json lines and mentions of the same articles.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from warreader.index.article import Label, Line, LineKind, Mention, QuotationKind
from warreader.index.quotations.extraction import Extracted, extract

_KINDS = {"title": LineKind.HEADLINE, "byline": LineKind.BYLINE, "standfirst": LineKind.STANDFIRST}


def gold_lines(doc: dict[str, Any]) -> list[Line]:
    """The lines of a gold document; what gold does not keep is furniture."""
    return [
        Line(
            row["start"],
            row["end"],
            _KINDS.get(row["class"], LineKind.BODY) if row["keep"] else LineKind.FURNITURE,
        )
        for row in doc["lines"]
    ]


def gold_mentions(article: str, doc: dict[str, Any]) -> list[Mention]:
    """The mentions of a gold document; labels the program doesn't have are passed over."""
    known = {label.value for label in Label}
    return [
        Mention(article, row["start"], row["end"], row["text"], Label(row["label"]), row["id"])
        for row in doc["entities"]
        if row["label"] in known
    ]


def load(lines: Path, seeds: Path) -> dict[str, tuple[str, list[Line], list[Mention]]]:
    """Article number -> text, lines, mentions."""
    docs = json.loads(lines.read_text(encoding="utf-8"))["docs"]
    loaded = {}
    for article, doc in docs.items():
        text = (seeds / doc["file"]).read_bytes().decode("utf-8")
        loaded[article] = (text, gold_lines(doc), gold_mentions(article, doc))
    return loaded


def overlap(found: Extracted, row: dict[str, Any]) -> float:
    """Shared code points over all of both."""
    shared: int = min(found.end, row["end"]) - max(found.start, row["start"])
    union: int = max(found.end, row["end"]) - min(found.start, row["start"])
    return max(0, shared) / union


def name_tail(name: str | None) -> str:
    """The last word of a name, for comparing gold's names with ids."""
    return name.split(" (")[0].split()[-1].lower() if name else ""


def main(gold: Path, lines: Path, seeds: Path, *, verbose: bool) -> None:
    """Print the figures; if ``verbose``, every miss and every find without gold."""
    articles = load(lines, seeds)
    rows = json.loads(gold.read_text(encoding="utf-8"))["quotations"]
    found = {article: extract(*parts) for article, parts in articles.items()}
    counts: Counter[str] = Counter()
    for row in rows:
        text, article_lines, _ = articles[row["article"]]
        kept = any(line.kept and line.start <= row["start"] < line.end for line in article_lines)
        if not kept:
            continue
        kind = row["kind"]
        counts[f"{kind} gold"] += 1
        same = [
            q
            for q in found[row["article"]]
            if (q.kind is QuotationKind.INDIRECT) == (kind in ("indirect", "headline"))
        ]
        best = max(same, key=lambda q: overlap(q, row), default=None)
        exact = best is not None and (best.start, best.end) == (row["start"], row["end"])
        counts[f"{kind} exact"] += exact
        counts[f"{kind} overlap>=.7"] += best is not None and overlap(best, row) >= 0.7
        if not exact and verbose:
            got = f"{best.kind} {text[best.start : best.end]!r}" if best and overlap(best, row) > 0 else None
            print("MISS", row["id"], kind, repr(row["text"]), "GOT", got)
        if exact and best is not None:
            counts[f"{kind} kind {best.kind}"] += 1
        if row["speaker"] and kind in ("direct", "mixed", "document"):
            counts["speaker gold"] += 1
            spoken = text[best.speaker.start : best.speaker.end] if best and best.speaker else None
            right = bool(best and best.entity and best.entity.split("_")[-1] == name_tail(row["speaker"]))
            same_words = row["speaker_mention"] and spoken and row["speaker_mention"]["text"] in spoken
            unnamed = bool(same_words) or (spoken or "?").lower() in row["speaker"].lower().replace(
                "an unnamed chinese", "one unhappy"
            )
            counts["speaker entity right"] += right
            counts["speaker right, named or not"] += right or unnamed
            if verbose and not right:
                print("SPEAKER", row["id"], row["speaker"], "GOT", spoken, best and best.entity)
    for key, value in sorted(counts.items()):
        print(f"{key:40} {value}")
    if verbose:
        for article, quotations in found.items():
            text = articles[article][0]
            for q in quotations:
                if not any(r["article"] == article and overlap(q, r) > 0.3 for r in rows):
                    print("EXTRA", article, q.kind, repr(text[q.start : q.end]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("lines", type=Path)
    parser.add_argument("seeds", type=Path)
    parser.add_argument(
        "-v", dest="verbose", action="store_true", help="every miss, and every find without gold"
    )
    main(**vars(parser.parse_args()))

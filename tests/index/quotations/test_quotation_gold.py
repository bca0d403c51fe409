"""Quotations of the five seeds against hand-made gold; skipped where gold is not at hand."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from warreader.index.article import Label, Line, LineKind, Mention, QuotationKind
from warreader.index.quotations.extraction import Extracted, extract

ROOT = Path(__file__).parents[3]
GOLD = ROOT / ".." / "shared" / "gold"

pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="gold is not shipped")
_HEADLINE = {"title": LineKind.HEADLINE}


@cache
def _found() -> dict[str, list[Extracted]]:
    docs = json.loads((GOLD / "seed_entities.json").read_text(encoding="utf-8"))["docs"]
    found = {}
    for article, doc in docs.items():
        text = (ROOT / "seeds" / doc["file"]).read_bytes().decode("utf-8")
        lines = [
            Line(
                r["start"],
                r["end"],
                _HEADLINE.get(r["class"], LineKind.BODY) if r["keep"] else LineKind.FURNITURE,
            )
            for r in doc["lines"]
        ]
        labels = {label.value for label in Label}
        mentions = [
            Mention(article, r["start"], r["end"], r["text"], Label(r["label"]), r["id"])
            for r in doc["entities"]
            if r["label"] in labels
        ]
        found[article] = extract(text, lines, mentions)
    return found


def _rows(*kinds: str) -> list[dict[str, Any]]:
    rows = json.loads((GOLD / "seed_quotations.json").read_text(encoding="utf-8"))["quotations"]
    return [row for row in rows if row["kind"] in kinds]


def _exact(row: dict[str, Any], *kinds: QuotationKind) -> Extracted | None:
    same = (
        q
        for q in _found()[row["article"]]
        if (q.start, q.end) == (row["start"], row["end"]) and q.kind in kinds
    )
    return next(same, None)


@pytest.mark.parametrize("kind", ["direct", "mixed"])
def test_every_marked_quotation_has_exact_bounds_and_kind(kind: str) -> None:
    assert [row["id"] for row in _rows(kind) if _exact(row, QuotationKind(kind)) is None] == []


def test_most_indirect_ones_are_exact() -> None:
    rows = _rows("indirect")
    assert sum(_exact(row, QuotationKind.INDIRECT) is not None for row in rows) >= 0.7 * len(rows)


def test_speakers_are_the_right_entities() -> None:
    right = 0
    for row in (row for row in _rows("direct", "mixed") if row["speaker"]):
        found = _exact(row, QuotationKind.DIRECT, QuotationKind.MIXED)
        surname = row["speaker"].split()[-1].lower()
        right += found is not None and found.entity is not None and found.entity.endswith(surname)
    assert right >= 28

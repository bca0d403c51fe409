"""Matches on the five seeds against hand-made gold; skipped where gold is not at hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from warreader.index.article import Article, Line, LineKind, Match, Span
from warreader.index.matching.matches import Matches
from warreader.index.storage import Database

ROOT = Path(__file__).parents[3]
GOLD = ROOT / ".." / "shared" / "gold"
KINDS = {"title": LineKind.HEADLINE}

pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="gold is not shipped")


@pytest.fixture
def found(database: Database, add: Callable[..., Article]) -> list[Match]:
    """The matches of all five, with gold's lines."""
    docs = json.loads((GOLD / "seed_entities.json").read_text(encoding="utf-8"))["docs"]
    for article, doc in docs.items():
        text = (ROOT / "seeds" / doc["file"]).read_bytes().decode("utf-8")
        lines = tuple(
            Line(
                r["start"],
                r["end"],
                KINDS.get(r["class"], LineKind.BODY) if r["keep"] else LineKind.FURNITURE,
            )
            for r in doc["lines"]
        )
        add(article, text, lines=lines)
    return list(Matches(database).all())


def hits(found: list[Match], row: dict[str, Any]) -> list[Match]:
    """Matches with places in two members of a row or more."""

    def touches(match: Match, member: dict[str, Any]) -> bool:
        where = Span(member["start"], member["end"])
        return any(m.article == member["article"] and m.span.overlaps(where) for m in match.members)

    return [match for match in found if sum(touches(match, member) for member in row["members"]) > 1]


def test_gold(found: list[Match]) -> None:
    gold = json.loads((GOLD / "seed_quotations.json").read_text(encoding="utf-8"))
    for row in gold["matches"]:
        scopes = {match.scope.value for match in hits(found, row)}
        if row["expect"] == "must":
            assert row["scope"] in scopes, row["id"]
        elif row["expect"] == "must_not":
            assert not scopes, row["id"]
    for row in gold["negatives"]:
        assert not hits(found, row), row["id"]


def test_nothing_else_across_articles(found: list[Match]) -> None:
    assert sorted(m.members[0].start for m in found if m.scope.value == "cross") == [1071, 1229]

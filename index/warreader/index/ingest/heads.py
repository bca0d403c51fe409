"""Fields written above a text, a line each: "Title: Bridge closed", "Date: 8 March 2022", "URL: https://..."."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from warreader.index.article import LineKind, Metadata
from warreader.index.ingest import fields

_FIELD = re.compile(r"[*_]{0,2}([^\W\d_][\w ./-]{0,24}?)[*_]{0,2}\s*:[*_]{0,2}\s*\|?\s*(.*)")
"""Perhaps emphasised, as in Markdown; a mail's may be a table's, of which the cells are parted by bars."""
_MOST = 30
_TOLD = ("title", "outlet", "author", "date", "url", "language")
_SINGLED_OUT = ("title", "date", "url")
"""Fields one of which is among those above an article; a text may begin with a few names and colons by itself."""
_ALONE = frozenset(
    "title headline date url заголовок дата titel überschrift datum titre título titulo fecha tytuł".split()  # noqa: SIM905
)
"""Names that no text begins with by itself: one such field is enough, before an empty line."""
_LESS = frozenset(
    "section words wordcount length page pages copyright tags tag keywords category categories country edition city "  # noqa: SIM905
    "id topic topics type rubric rights accessed retrieved downloaded lastmodified modified updated file".split()
)
_KINDS = {"title": LineKind.HEADLINE, "author": LineKind.BYLINE}


@dataclass(frozen=True, slots=True)
class Head:
    """What the fields above a text state, and of each of their lines (by its number) what it is."""

    meta: Metadata
    kinds: dict[int, LineKind]


def above(lines: Sequence[str]) -> Head | None:
    """The fields that a text begins with; ``None`` where it begins otherwise, or they are no article's.

    Two of an article's at least, or one that is unmistakable, and then an empty line.

    Args:
        lines: of the text.
    """
    stated: dict[str, str] = {}
    kinds: dict[int, LineKind] = {}
    found: set[str] = set()
    parted = False
    for at, line in enumerate(lines[:_MOST]):
        if not line.strip():
            if parted := bool(stated):
                break
            continue
        match = _FIELD.fullmatch(line.strip())
        ours = _ours(match[1]) if match else None
        if match is None or ours is None:
            break
        kinds[at] = _KINDS.get(ours, LineKind.FURNITURE)
        if value := match[2].strip().strip("*_").strip():
            found.add(ours)
            stated.setdefault(match[1], value.strip("\"'[]"))
    alone = parted and not _ALONE.isdisjoint(map(fields.plain_name, stated))
    if found.isdisjoint(_SINGLED_OUT) or len(found.intersection(_TOLD)) < (1 if alone else 2):
        return None
    return Head(fields.metadata(fields.named(stated)), kinds)


def _ours(name: str) -> str | None:
    """Which field of ours a name means; one that is nothing to us is ``less``, others are ``None``."""
    plain = fields.plain_name(name)
    known = next((ours for ours in _TOLD if plain in fields.NAMES[ours]), None)
    return known or ("less" if plain in _LESS else None)

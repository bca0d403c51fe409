"""The reader's rulings on quotations, put into force: who said it, from where to where, that it is none.

They are applied whenever an article's quotations are stored, so they hold through every later analysis. A ruling
names its place by offsets and words; in a text that was ingested anew it holds where its words stand once only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from warreader.index.article import QuotationKind, Span

if TYPE_CHECKING:
    from warreader.index.quotations.extraction import Extracted
    from warreader.index.rulings.model import Ruling

_OPENING = "“\"„«‘'「『‹‚"
"""Marks with which a quotation begins that is not indirect."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A quotation as it is stored.

    ``named`` is the speaker as the reader wrote it, where the article doesn't name them; ``entity`` the row of the
    entity that the reader said it is. ``ruled``: the reader set something right.
    """

    item: Extracted
    named: str | None = None
    entity: int | None = None
    ruled: bool = False


def place_of(text: str, place: Mapping[str, Any]) -> Span | None:
    """Where the words of a ruling's place stand in a text; ``None`` where they don't, or more than once."""
    start, end, exact = place["start"], place["end"], place["exact"]
    if text[start:end] == exact:
        return Span(start, end)
    found = text.find(exact)
    if found < 0 or text.find(exact, found + 1) >= 0:
        return None
    return Span(found, found + len(exact))


def apply(
    connection: sqlite3.Connection,
    article: int,
    text: str,
    extracted: Iterable[Extracted],
    rulings: Sequence[Ruling],
) -> list[Ruled]:
    """An article's quotations as the reader ruled on them, in the order in which rulings were made.

    Args:
        connection: of ``library.sqlite``.
        article: the article's row.
        text: its stored text.
        extracted: its quotations as found.
        rulings: those on this article.
    """
    found = [Ruled(item) for item in extracted]
    for ruling in rulings:
        place = place_of(text, ruling.data["place"])
        if place is None:
            continue
        at = _meant(found, place)
        if ruling.verb == "bound":
            moved = ruling.data["start"] - ruling.data["place"]["start"]
            length = ruling.data["end"] - ruling.data["start"]
            start = place.start + moved
            _bound(found, at, Span(start, min(len(text), start + length)), text)
        elif at is None:
            continue
        elif ruling.verb == "reject":
            del found[at]
        elif ruling.verb == "speaker":
            found[at] = _spoken(connection, article, text, found[at], ruling.data)
    return sorted(found, key=lambda one: (one.item.start, -one.item.end))


def _meant(found: Sequence[Ruled], place: Span) -> int | None:
    """Which quotation stands at a place: the one that shares most, at least half of the longer."""

    def shared(at: int) -> float:
        item = found[at].item
        common = min(item.end, place.end) - max(item.start, place.start)
        return common / max(item.end - item.start, len(place))

    best = max(range(len(found)), key=shared, default=None)
    return best if best is not None and shared(best) >= 0.5 else None


def _bound(found: list[Ruled], at: int | None, bounds: Span, text: str) -> None:
    """Set a quotation's bounds; where there is none, the reader found one."""
    from warreader.index.quotations.extraction import Extracted

    if len(bounds) <= 0 or bounds.start < 0:
        return
    if at is not None:
        moved = replace(found[at].item, start=bounds.start, end=bounds.end, segments=(bounds,))
        found[at] = replace(found[at], item=moved, ruled=True)
        return
    marked = text[bounds.start] in _OPENING
    kind = QuotationKind.DIRECT if marked else QuotationKind.INDIRECT
    found.append(Ruled(Extracted(kind, bounds.start, bounds.end, (bounds,)), ruled=True))


def _spoken(
    connection: sqlite3.Connection, article: int, text: str, one: Ruled, data: Mapping[str, Any]
) -> Ruled:
    """A quotation with the speaker that the reader named, at the nearest place where the article names them."""
    named: str | None = data.get("speaker") or (data.get("entity") or {}).get("name")
    key = _entity(connection, data.get("entity"))
    quoted = Span(one.item.start, one.item.end)
    forms = [named] if named else []
    if key is not None:
        rows = connection.execute(
            "SELECT start, end FROM mention WHERE article = ? AND entity = ?", (article, key)
        ).fetchall()
        spans = [Span(row[0], row[1]) for row in rows]
    else:
        spans = [span for form in forms for span in _occurrences(text, form)]
    outside = [span for span in spans if not span.overlaps(quoted)]
    nearest = min(outside, key=lambda span: _distance(span, quoted), default=None)
    item = replace(one.item, speaker=nearest, entity=None, inferred=False)
    return Ruled(item, named=None if nearest is not None else named, entity=key, ruled=True)


def _entity(connection: sqlite3.Connection, data: Mapping[str, Any] | None) -> int | None:
    if not data:
        return None
    row = connection.execute(
        "SELECT key FROM entity WHERE match = ? OR (name = ? AND label = ?) ORDER BY match = ? DESC LIMIT 1",
        (data.get("match"), data["name"], data["label"], data.get("match")),
    ).fetchone()
    return None if row is None else int(row[0])


def _occurrences(text: str, form: str) -> Iterable[Span]:
    at = text.find(form)
    while at >= 0:
        yield Span(at, at + len(form))
        at = text.find(form, at + 1)


def _distance(span: Span, quoted: Span) -> int:
    return quoted.start - span.end if span.end <= quoted.start else span.start - quoted.end

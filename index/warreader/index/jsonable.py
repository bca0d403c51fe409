"""The JSON fields of what commands print and export. Names are contract; more may be added."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from warreader.index.article import Article, Entity, Match, Mention, Quotation, SearchHit, Span

if TYPE_CHECKING:
    from warreader.index.search.facets import FacetValue

# Legal as they are within JSON, but a terminal may obey them and other tools split lines at them.
UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def line(value: dict[str, Any]) -> str:
    """An object as one line of JSON: readable as it is, harmless in a terminal."""
    text = json.dumps(value, ensure_ascii=False)
    return UNSEEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def article(value: Article) -> dict[str, Any]:
    """An article with its lines."""
    meta = value.meta
    return {
        "id": value.id,
        "title": value.title,
        "outlet": meta.outlet,
        "author": meta.author,
        "date": meta.date,
        "url": meta.url,
        "language": meta.language,
        "agency": meta.agency,
        "version_of": value.version_of,
        "latest": value.latest,
        "source": value.source,
        "text": value.text,
        "lines": [{"start": line.start, "end": line.end, "kind": line.kind.value} for line in value.lines],
    }


def search_hit(value: SearchHit) -> dict[str, Any]:
    """A search hit with its snippets; hits are offsets into the article's text."""
    return {
        "id": value.id,
        "title": value.title,
        "outlet": value.outlet,
        "date": value.date,
        "score": round(value.score, 4),
        "snippets": [
            {"start": s.start, "end": s.end, "text": s.text, "hits": [[h.start, h.end] for h in s.hits]}
            for s in value.snippets
        ],
    }


def facet_value(field: str, value: FacetValue) -> dict[str, Any]:
    """A value of a facet: its name, what narrows a query to it, and how many of the articles found have it."""
    return {"facet": field, "value": value.name, "query": value.clause, "articles": value.articles}


def entity(value: Entity) -> dict[str, Any]:
    """An entity with its counts."""
    return {
        "id": value.id,
        "name": value.name,
        "label": value.label.value,
        "aliases": list(value.aliases),
        "articles": value.articles,
        "mentions": value.mentions,
    }


def mention(value: Mention) -> dict[str, Any]:
    """A mention."""
    return {
        "article": value.article,
        "start": value.start,
        "end": value.end,
        "text": value.text,
        "label": value.label.value,
        "entity": value.entity,
        "reason": value.reason,
    }


def quotation(value: Quotation) -> dict[str, Any]:
    """A quotation with cue and speaker."""
    cue, speaker = value.cue, value.speaker
    return {
        "id": value.id,
        "article": value.article,
        "start": value.start,
        "end": value.end,
        "text": value.text,
        "kind": value.kind.value,
        "cue": cue and {"start": cue.start, "end": cue.end, "text": cue.text},
        "speaker": speaker
        and {
            "start": speaker.start,
            "end": speaker.end,
            "text": speaker.text,
            "entity": speaker.entity,
            "name": speaker.name,
        },
        "inferred": value.inferred,
        "segments": [_span(segment) for segment in value.segments],
    }


def match(value: Match, conflict: Sequence[str] = ()) -> dict[str, Any]:
    """A match with its members in order of date, and the persons named as speaker where these differ."""
    return {
        "id": value.id,
        "kind": value.kind.value,
        "score": round(value.score, 4),
        "scope": value.scope.value,
        "tier": value.tier.value,
        "reason": value.reason,
        "conflict": list(conflict),
        "members": [
            {
                "article": m.article,
                "start": m.start,
                "end": m.end,
                "text": m.text,
                "quotation": m.quotation,
                "speaker": m.speaker,
            }
            for m in value.members
        ],
    }


def _span(value: Span) -> dict[str, int]:
    return {"start": value.start, "end": value.end}

"""Annotations for the world outside: JSON lines, W3C Web Annotation, Markdown, CSV.

Every function that yields, yields lines (in CSV: records) without their line end.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from warreader.index.annotations.model import Annotation
from warreader.index.annotations.records import to_json, to_record

W3C_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
ARTICLE_URN = "urn:warreader:article:"
"""What an article without a url is named by in W3C form, followed by its id, percent-encoded."""

IDENTIFIER = "dcterms:identifier"
"""Where W3C form keeps the article id; the prefix is defined by the context."""

SUBJECT = "dcterms:subject"
"""Where W3C form keeps what an annotation is about beyond its place."""

ABOUT_URN = "urn:warreader:"

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet would run."""

_CSV_FIELDS = (
    "article", "title", "outlet", "author", "date", "url",
    "start", "end", "exact", "note", "tags", "motivation", "created", "modified", "creator", "about", "id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """What names an article to a reader; ``None`` is unknown. ``date`` is ISO 8601."""

    title: str
    outlet: str | None = None
    author: str | None = None
    date: str | None = None
    url: str | None = None

    @property
    def sources(self) -> list[str]:
        """Who published it, who wrote it and when, as far as known; an outlet that is its own author once."""
        return [part for part in dict.fromkeys((self.outlet, self.author, self.date)) if part]


def to_jsonl(
    annotations: Iterable[Annotation], source: Callable[[str], str | None] = lambda _: None
) -> Iterator[str]:
    """The fields as stored, one annotation a line; what :func:`.importing.read_jsonl` reads.

    Args:
        source: an article's url by its id, by which another library knows it; ``None`` where it has none.
    """
    for annotation in annotations:
        url = source(annotation.article)
        yield to_json(to_record(annotation) | ({"url": url} if url else {}))


def to_w3c_lines(annotations: Iterable[Annotation], source: Callable[[str], str | None]) -> Iterator[str]:
    """Annotations of the Web Annotation Data Model (https://www.w3.org/TR/annotation-model/), one a line.

    Args:
        source: an article's url by its id, ``None`` where it has none.
    """
    for annotation in annotations:
        yield to_json({"@context": W3C_CONTEXT} | _w3c(annotation, source))


def _w3c(annotation: Annotation, source: Callable[[str], str | None]) -> dict[str, object]:
    item: dict[str, object] = {
        "id": annotation.id,
        "type": "Annotation",
        "motivation": annotation.motivation,
        "created": annotation.created,
        "modified": annotation.modified,
    }
    if annotation.creator is not None:
        item["creator"] = {"type": "Person", "name": annotation.creator}
    if annotation.about is not None:
        item[SUBJECT] = ABOUT_URN + quote(annotation.about, safe=":")
    if bodies := _bodies(annotation):
        item["body"] = bodies
    return item | {"target": _target(annotation, source)}


def _bodies(annotation: Annotation) -> list[dict[str, str]]:
    note = [
        {"type": "TextualBody", "value": annotation.note, "format": "text/plain", "purpose": "commenting"}
    ]
    tags = [{"type": "TextualBody", "value": tag, "purpose": "tagging"} for tag in annotation.tags]
    return (note if annotation.note else []) + tags


def _target(annotation: Annotation, source: Callable[[str], str | None]) -> dict[str, object]:
    article: dict[str, object] = {
        "id": source(annotation.article) or ARTICLE_URN + quote(annotation.article, safe=""),
        "type": "Text",
        IDENTIFIER: annotation.article,
    }
    if annotation.span is None:
        return article
    return {
        "type": "SpecificResource",
        "source": article,
        "selector": [
            {"type": "TextPositionSelector", "start": annotation.start, "end": annotation.end},
            {
                "type": "TextQuoteSelector",
                "exact": annotation.exact,
                "prefix": annotation.prefix,
                "suffix": annotation.suffix,
            },
        ],
    }


def to_csv(annotations: Iterable[Annotation], cite: Callable[[str], Citation]) -> Iterator[str]:
    """A table for spreadsheets (RFC 4180), the first record naming the columns; tags are joined by ``; ``, and one
    that this would tear stands in quotation marks.

    A text that a spreadsheet would run as a formula is given a leading ``'``
    (OWASP, CSV Injection), so for a faithful copy use JSON lines.
    """
    yield _csv_record(_CSV_FIELDS)
    for annotation in annotations:
        citation = cite(annotation.article)
        row = {name: getattr(citation, name) for name in Citation.__slots__} | to_record(annotation)
        row["about"] = annotation.about
        row["tags"] = "; ".join(map(_in_list, annotation.tags))
        yield _csv_record([_cell(row[name]) for name in _CSV_FIELDS])


def _in_list(tag: str) -> str:
    return '"' + tag.replace('"', '""') + '"' if ";" in tag or tag.startswith('"') else tag


def _csv_record(values: Iterable[object]) -> str:
    buffer = io.StringIO(newline="")
    # This line end, so that fields holding either of its parts are quoted.
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue().removesuffix("\r\n")


def _cell(value: object) -> object:
    if isinstance(value, str) and value.lstrip()[:1] in FORMULA:
        return f"'{value}"
    return "" if value is None else value

"""The reader's annotations as fields of the query language: ``tag:``, ``note:``, ``is:annotated``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from warreader.index.annotations.annotations import Annotations
from warreader.index.article import Span
from warreader.index.storage import Database

Places = Callable[[str], Mapping[str, Sequence[Span]]]
"""From a value to the places that have it, by article id."""


class AnnotationSource:
    """Answers one field; always as the annotations stand now, so a change shows at once."""

    def __init__(self, database: Database, places: Places) -> None:
        self._database = database
        self._places = places

    def articles(self, value: str) -> set[int]:
        """Keys of the articles with an annotation that has the value."""
        keys = (self._key(article_id) for article_id in self._places(value))
        return {key for key in keys if key is not None}

    def spans(self, value: str, article: int) -> list[Span]:
        """Where those annotations stand in one article."""
        row = self._database.connection.execute("SELECT id FROM article WHERE key = ?", (article,)).fetchone()
        return [] if row is None else list(self._places(value).get(row["id"], ()))

    def _key(self, article_id: str) -> int | None:
        row = self._database.connection.execute(
            "SELECT key FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        return None if row is None else int(row["key"])


def annotation_sources(database: Database, annotations: Annotations) -> dict[str, AnnotationSource]:
    """The sources by field."""

    def annotated(_: str) -> dict[str, list[Span]]:
        return {
            article: [a.span for a in annotations.of(article) if a.span is not None]
            for article in annotations.annotated()
        }

    return {
        "tag": AnnotationSource(database, annotations.tagged),
        "note": AnnotationSource(database, annotations.noted),
        "is:annotated": AnnotationSource(database, annotated),
    }

"""The reader's annotations as fields of the query language: ``tag:``, ``note:``, ``is:annotated``."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence

from warreader.index.annotations.annotations import Annotations
from warreader.index.article import Span
from warreader.index.storage import Database

Places = Callable[[str], Mapping[str, Sequence[Span]]]
"""From a value to the places that have it, by article id."""


class AnnotationSource:
    """Answers one field, as the annotations stand now: a change shows at once.

    The answer to the last value is kept while no annotation changes, since one
    search asks for it again for each of its hits.
    """

    def __init__(self, database: Database, places: Places, generation: Callable[[], int]) -> None:
        self._database = database
        self._places = places
        self._generation = generation
        self._last: tuple[str, int, Mapping[str, Sequence[Span]]] | None = None

    def _of(self, value: str) -> Mapping[str, Sequence[Span]]:
        generation = self._generation()
        # Read once: another thread may ask for another value meanwhile.
        last = self._last
        if last is None or last[:2] != (value, generation):
            last = self._last = (value, generation, self._places(value))
        return last[2]

    def articles(self, value: str) -> set[int]:
        """Keys of the articles with an annotation that has the value."""
        rows = self._database.connection.execute(
            "SELECT key FROM article WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(self._of(value))),),
        )
        return {int(row[0]) for row in rows}

    def spans(self, value: str, article: int) -> list[Span]:
        """Where those annotations stand in one article."""
        row = self._database.connection.execute("SELECT id FROM article WHERE key = ?", (article,)).fetchone()
        return [] if row is None else list(self._of(value).get(row["id"], ()))


def annotation_sources(
    database: Database, annotations: Callable[[], Annotations]
) -> dict[str, AnnotationSource]:
    """The sources by field.

    Args:
        annotations: gives them; asked for only by a query that has such a field, so that others need none.
    """
    fields: dict[str, Places] = {
        "tag": lambda value: annotations().tagged(value),
        "note": lambda value: annotations().noted(value),
        "is:annotated": lambda _: annotations().anywhere(),
    }

    def generation() -> int:
        return annotations().generation()

    return {field: AnnotationSource(database, places, generation) for field, places in fields.items()}


def tagged(annotations: Callable[[], Annotations]) -> Callable[[], Mapping[str, Collection[str]]]:
    """Gives the ids of the articles that have each tag, as the annotations stand when it is called."""
    known: tuple[int, Mapping[str, Collection[str]]] | None = None

    def now() -> Mapping[str, Collection[str]]:
        nonlocal known
        generation = annotations().generation()
        last = known
        if last is None or last[0] != generation:
            found: dict[str, set[str]] = {}
            for annotation in annotations().all():
                for tag in annotation.tags:
                    found.setdefault(tag, set()).add(annotation.article)
            last = known = (generation, found)
        return last[1]

    return now

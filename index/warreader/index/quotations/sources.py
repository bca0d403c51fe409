"""What was said, and who said it, as fields of the query language: ``said:``, ``quote:``."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

from warreader.index.article import Span
from warreader.index.quotations import spoken
from warreader.index.storage import Database

Named = Callable[[str, bool], Collection[int]]
"""Rows of the entities that go by a name; those alone of which it is a whole form, where the second says so."""


class SaidSource:
    """``said:``: quotations whose speaker is the entity named, or whose speaker is called so in the text."""

    def __init__(self, database: Database, named: Named, *, exact: bool = False) -> None:
        self._database = database
        self._named = named
        self._exact = exact

    def articles(self, value: str) -> set[int]:
        """Keys of the articles with such a quotation."""
        entities = json.dumps(sorted(self._named(value, self._exact)))
        rows = self._database.connection.execute(
            "SELECT DISTINCT article FROM quotation WHERE entity IN (SELECT value FROM json_each(?))",
            (entities,),
        )
        found = {int(row[0]) for row in rows}
        asked = spoken.called(value)
        return found | (spoken.articles(self._database.connection, asked) if asked else set())

    def spans(self, value: str, article: int) -> list[Span]:
        """Where those quotations stand in one article."""
        entities = self._named(value, self._exact)
        connection, asked = self._database.connection, spoken.called(value)
        if asked is None:
            return []
        called = spoken.rows(connection, asked, article)
        rows = connection.execute(
            "SELECT key, start, end, entity FROM quotation WHERE article = ?", (article,)
        )
        return [Span(start, end) for row, start, end, entity in rows if row in called or entity in entities]


class QuoteSource:
    """``quote:``: quotations that hold the words as a phrase."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def articles(self, value: str) -> set[int]:
        """Keys of the articles with such a quotation."""
        asked = spoken.holds(value)
        return spoken.articles(self._database.connection, asked) if asked else set()

    def spans(self, value: str, article: int) -> list[Span]:
        """Where those quotations stand in one article."""
        connection, asked = self._database.connection, spoken.holds(value)
        if asked is None:
            return []
        held = spoken.rows(connection, asked, article)
        rows = connection.execute("SELECT key, start, end FROM quotation WHERE article = ?", (article,))
        return [Span(start, end) for row, start, end in rows if row in held]


def quotation_sources(database: Database, named: Named) -> dict[str, SaidSource | QuoteSource]:
    """The sources by field; the one that answers an exact value is there under the field with ``=``."""
    return {
        "said": SaidSource(database, named),
        "said=": SaidSource(database, named, exact=True),
        "quote": QuoteSource(database),
    }

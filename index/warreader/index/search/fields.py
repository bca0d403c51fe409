"""Fields that the library answers rather than the index: entities, whole values, reading state."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import Protocol

from warreader.index.article import Label, Span
from warreader.index.search.added import AddedSource
from warreader.index.search.analyzer import Token
from warreader.index.search.catalogue import change_count
from warreader.index.search.names import Names
from warreader.index.search.query import EXACT_FIELDS
from warreader.index.storage import Database
from warreader.index.text import fold

PEOPLE = frozenset({Label.PERSON})
ENTITY_FIELDS: dict[str, frozenset[Label]] = {
    "person": PEOPLE,
    "place": frozenset({Label.GPE, Label.LOC}),
    "org": frozenset({Label.ORG}),
    "unit": frozenset({Label.UNIT}),
}


class FieldSource(Protocol):
    """Answers one field of the query language. Called from several threads."""

    def articles(self, value: str) -> set[int]:
        """Keys of the articles for which the field has the value."""

    def spans(self, value: str, article: int) -> list[Span]:
        """What to light in one article; offsets into its stored text, in any order."""


class EntitySource:
    """``person:``, ``place:``, ``org:``, ``unit:``: articles that name the entity, by any of its forms."""

    def __init__(
        self, database: Database, names: Names, labels: Collection[Label], *, exact: bool = False
    ) -> None:
        self._database = database
        self._names = names
        self._labels = labels
        self._exact = exact

    def _entities(self, value: str) -> str:
        return _json(self._names.keys(value, self._labels, exact=self._exact))

    def articles(self, value: str) -> set[int]:
        return _keys(
            self._database.connection.execute(
                "SELECT DISTINCT article FROM mention WHERE entity IN (SELECT value FROM json_each(?))",
                (self._entities(value),),
            )
        )

    def spans(self, value: str, article: int) -> list[Span]:
        return _spans(
            self._database.connection.execute(
                "SELECT start, end FROM mention WHERE article = ?"
                " AND entity IN (SELECT value FROM json_each(?))",
                (article, self._entities(value)),
            )
        )


class WholeSource:
    """``outlet:="BBC News"``, ``author:="..."``: the value is the whole of the field, case aside."""

    def __init__(self, database: Database, field: str) -> None:
        self._database = database
        self._field = field
        self._known: tuple[int, dict[str, list[int]]] | None = None

    def articles(self, value: str) -> set[int]:
        number = change_count(self._database, "article")
        if (known := self._known) is None or known[0] != number:
            rows = self._database.connection.execute(
                f"SELECT {self._field}, json_group_array(key) FROM article"
                f" WHERE {self._field} NOTNULL GROUP BY {self._field}"
            )
            found: dict[str, list[int]] = {}
            for name, keys in rows:
                found.setdefault(_whole(name), []).extend(json.loads(keys))
            known = self._known = (number, found)
        return set(known[1].get(_whole(value), ()))

    def spans(self, value: str, article: int) -> list[Span]:  # noqa: ARG002
        return []


class ReadingSource:
    """``is:unread``, ``is:starred``, ``is:older`` (a version that a newer one replaced).

    An article never opened is unread.

    The answers are kept while nothing is stored: typing on asks again with each letter, and most are unread.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[int, set[int]]] = {}

    def articles(self, value: str) -> set[int]:
        version = self._database.version
        known = self._known.get(value)
        if known is None or known[0] != version:
            known = self._known[value] = version, self._read(value)
        return known[1]

    def _read(self, value: str) -> set[int]:
        if value == "starred":
            query = "article) FROM reading WHERE starred"
        elif value == "older":
            query = "key) FROM article WHERE latest = 0"
        else:
            query = "key) FROM article WHERE key NOT IN (SELECT article FROM reading WHERE read)"
        # As one value: row by row, many take nearly twice as long.
        found = self._database.connection.execute(f"SELECT json_group_array({query}").fetchone()
        return set(json.loads(found[0]))

    def spans(self, value: str, article: int) -> list[Span]:  # noqa: ARG002
        return []


def library_sources(database: Database, names: Names) -> dict[str, FieldSource]:
    """The sources that ``library.sqlite`` answers, by field; states of ``is:`` under their whole name.

    Those of what is said are :func:`warreader.index.quotations.sources.quotation_sources`.

    Those that answer an exact value are there under the field with ``=``.

    Args:
        names: looks up entities.
    """
    reading = ReadingSource(database)
    sources: dict[str, FieldSource] = {}
    for sign, exact in (("", False), ("=", True)):
        for field, labels in ENTITY_FIELDS.items():
            sources[field + sign] = EntitySource(database, names, labels, exact=exact)
    for field in EXACT_FIELDS:
        sources[f"{field}="] = WholeSource(database, field)
    sources["added"] = AddedSource(database)
    return sources | {f"is:{state}": reading for state in ("unread", "starred", "older")}


def phrases(words: list[Token], wanted: list[tuple[str, ...]], *, forms: bool = False) -> Iterable[Span]:
    """Where the wanted stems (or forms) follow one another; each place lists spellings that may stand there."""
    # Of a word, its forms or its stems.
    part = 0 if forms else 1
    sets = [frozenset(spellings) for spellings in wanted]
    if not sets:
        return
    first, rest = sets[0], list(enumerate(sets[1:], 1))
    for at in range(len(words) - len(rest)):
        begin = words[at]
        if not first.isdisjoint(begin.term[part]) and all(
            words[at + step].position == begin.position + step
            and not spellings.isdisjoint(words[at + step].term[part])
            for step, spellings in rest
        ):
            yield Span(begin.start, words[at + len(rest)].end)


def _whole(name: str) -> str:
    """A name so that two ways to write it are alike: quotation marks can't be written in a query."""
    return " ".join(fold(name.replace('"', " ")).split())


def _json(keys: Iterable[int]) -> str:
    return json.dumps(sorted(keys))


def _keys(rows: sqlite3.Cursor) -> set[int]:
    return {int(row[0]) for row in rows}


def _spans(rows: sqlite3.Cursor) -> list[Span]:
    return [Span(int(row[0]), int(row[1])) for row in rows]

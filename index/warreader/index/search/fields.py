"""Fields that the library answers rather than the index: entities, quotations, reading state."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable
from typing import Protocol

from warreader.index.article import Entity, Label, Span
from warreader.index.search.analyzer import Token, key, terms, tokens
from warreader.index.storage import Database
from warreader.index.text import fold

Find = Callable[[str, Collection[Label]], Collection[Entity]]
"""Entities that go by a name, known aliases included."""

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


class Names:
    """Which entities go by a name: all words of the name stand in one of their forms, or it is an alias."""

    def __init__(self, database: Database, find: Find | None = None) -> None:
        self._database = database
        self._find = find
        self._known: tuple[object, list[tuple[int, str, frozenset[str], str]]] | None = None

    def keys(self, value: str, labels: Collection[Label] | None) -> set[int]:
        """Rows of the entities of these labels (``None``: any) that go by the name."""
        wanted, folded = frozenset(key(value)), fold(value.strip())
        found = {
            entity
            for entity, label, words, form in self._forms()
            if (labels is None or label in labels) and (form == folded or (wanted and wanted <= words))
        }
        if self._find is not None:
            ids = [entity.id for entity in self._find(value, labels if labels is not None else tuple(Label))]
            rows = self._database.connection.execute(
                "SELECT key FROM entity WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
            )
            found.update(int(row[0]) for row in rows)
        return found

    def _forms(self) -> list[tuple[int, str, frozenset[str], str]]:
        connection = self._database.connection
        # Either counter moves with every change, by another connection or by this one.
        version = (
            id(connection),
            connection.execute("PRAGMA data_version").fetchone()[0],
            connection.total_changes,
        )
        if (known := self._known) is not None and known[0] == version:
            return known[1]
        rows = connection.execute(
            "SELECT key, label, name FROM entity UNION SELECT e.key, e.label, m.form"
            " FROM entity AS e JOIN mention AS m ON m.entity = e.key"
        )
        forms = [(int(row[0]), str(row[1]), frozenset(key(row[2])), fold(row[2])) for row in rows]
        self._known = (version, forms)
        return forms


class EntitySource:
    """``person:``, ``place:``, ``org:``, ``unit:``: articles that name the entity, by any of its forms."""

    def __init__(self, database: Database, names: Names, labels: Collection[Label]) -> None:
        self._database = database
        self._names = names
        self._labels = labels

    def articles(self, value: str) -> set[int]:
        return _keys(
            self._database.connection.execute(
                "SELECT DISTINCT article FROM mention WHERE entity IN (SELECT value FROM json_each(?))",
                (_json(self._names.keys(value, self._labels)),),
            )
        )

    def spans(self, value: str, article: int) -> list[Span]:
        return _spans(
            self._database.connection.execute(
                "SELECT start, end FROM mention WHERE article = ?"
                " AND entity IN (SELECT value FROM json_each(?))",
                (article, _json(self._names.keys(value, self._labels))),
            )
        )


class SaidSource:
    """``said:``: quotations whose speaker is the entity named, or whose speaker is called so in the text."""

    def __init__(self, database: Database, names: Names, holding: Callable[[str], set[int]]) -> None:
        self._database = database
        self._names = names
        self._holding = holding

    def articles(self, value: str) -> set[int]:
        entities = _json(self._names.keys(value, None))
        found = _keys(
            self._database.connection.execute(
                "SELECT DISTINCT article FROM quotation WHERE entity IN (SELECT value FROM json_each(?))",
                (entities,),
            )
        )
        return found | {article for article in self._holding(value) - found if self.spans(value, article)}

    def spans(self, value: str, article: int) -> list[Span]:
        entities = self._names.keys(value, None)
        wanted = set(key(value))
        connection = self._database.connection
        rows = connection.execute(
            "SELECT start, end, entity, speaker_start, speaker_end FROM quotation WHERE article = ?",
            (article,),
        ).fetchall()
        if not rows or not wanted:
            return []
        text = _text(connection, article)
        found = []
        for start, end, entity, first, last in rows:
            called = first is not None and wanted <= set(key(text[first:last]))
            if entity in entities or called:
                found.append(Span(start, end))
        return found


class QuoteSource:
    """``quote:``: quotations that hold the words as a phrase."""

    def __init__(self, database: Database, holding: Callable[[str], set[int]]) -> None:
        self._database = database
        self._holding = holding

    def articles(self, value: str) -> set[int]:
        return {article for article in self._holding(value) if self.spans(value, article)}

    def spans(self, value: str, article: int) -> list[Span]:
        connection = self._database.connection
        rows = connection.execute("SELECT start, end FROM quotation WHERE article = ?", (article,)).fetchall()
        if not rows:
            return []
        text = _text(connection, article)
        wanted = [term.stems for term in terms(value)]
        return [
            Span(start, end) for start, end in rows if any(phrases(list(tokens(text[start:end])), wanted))
        ]


class ReadingSource:
    """``is:unread`` and ``is:starred``; an article never opened is unread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def articles(self, value: str) -> set[int]:
        if value == "starred":
            query = "SELECT article FROM reading WHERE starred"
        else:
            query = "SELECT key FROM article WHERE key NOT IN (SELECT article FROM reading WHERE read)"
        return _keys(self._database.connection.execute(query))

    def spans(self, value: str, article: int) -> list[Span]:  # noqa: ARG002
        return []


def library_sources(
    database: Database, holding: Callable[[str], set[int]], find: Find | None = None
) -> dict[str, FieldSource]:
    """The sources that ``library.sqlite`` answers, by field; states of ``is:`` under their whole name.

    Args:
        holding: keys of articles that hold the words of a value, one after another where it
            is in quotation marks, as the index knows them.
        find: knows entities by aliases that stand in no article.
    """
    names = Names(database, find)
    reading = ReadingSource(database)
    sources: dict[str, FieldSource] = {
        field: EntitySource(database, names, labels) for field, labels in ENTITY_FIELDS.items()
    }
    sources["said"] = SaidSource(database, names, holding)
    sources["quote"] = QuoteSource(database, lambda value: holding(f'"{value}"'))
    return sources | {"is:unread": reading, "is:starred": reading}


def phrases(words: list[Token], wanted: list[tuple[str, ...]]) -> Iterable[Span]:
    """Where the wanted stems follow one another; each place lists spellings that may stand there."""
    sets = [frozenset(spellings) for spellings in wanted]
    if not sets:
        return
    first, rest = sets[0], list(enumerate(sets[1:], 1))
    for at in range(len(words) - len(rest)):
        begin = words[at]
        if not first.isdisjoint(begin.term.stems) and all(
            words[at + step].position == begin.position + step
            and not spellings.isdisjoint(words[at + step].term.stems)
            for step, spellings in rest
        ):
            yield Span(begin.start, words[at + len(rest)].end)


def _json(keys: Iterable[int]) -> str:
    return json.dumps(sorted(keys))


def _keys(rows: sqlite3.Cursor) -> set[int]:
    return {int(row[0]) for row in rows}


def _spans(rows: sqlite3.Cursor) -> list[Span]:
    return [Span(int(row[0]), int(row[1])) for row in rows]


def _text(connection: sqlite3.Connection, article: int) -> str:
    row = connection.execute("SELECT text FROM article WHERE key = ?", (article,)).fetchone()
    return str(row[0]) if row else ""

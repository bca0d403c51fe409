"""Lists of entities as a pane shows them: of a library, of a set of articles, of what is typed; any stretch of them.

A library of tens of thousands of articles names hundreds of thousands of things. Nothing here reads them all to
show some: how many there are of each kind is asked of an index, and rows are read when they come into view.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from warreader.index.article import Label
from warreader.index.entities.names import fold_name
from warreader.index.entities.ranks import HeldRanks
from warreader.index.storage import Database

_HIGHEST = "\U0010ffff"
_COLUMNS = "id, name, label, articles, mentions"
_ORDER = "mentions DESC, name, key"


@dataclass(frozen=True, slots=True)
class Listed:
    """An entity with how often, and in how many articles, it is named in the scope of the list."""

    id: str
    name: str
    label: Label
    articles: int
    mentions: int


class Roll(Protocol):
    """A list by kind, the most mentioned first."""

    @property
    def counts(self) -> Mapping[Label, int]:
        """How many entities there are of each kind; kinds without are left out."""

    @property
    def complete(self) -> bool:
        """Whether that is how it stands; else the library has changed since."""

    def stretch(self, label: Label, start: int, stop: int) -> Sequence[Listed]:
        """The entities of a kind from place ``start`` to before ``stop``, places counted from 0."""


class HeldRoll:
    """A roll of entities that are in memory."""

    complete = True

    def __init__(self, rows: Sequence[Sequence[str | int]]) -> None:
        self._by_label: dict[Label, list[Sequence[str | int]]] = {label: [] for label in Label}
        of = {label.value: held for label, held in self._by_label.items()}
        for row in rows:
            of[str(row[2])].append(row)
        self.counts = {label: len(held) for label, held in self._by_label.items() if held}

    def stretch(self, label: Label, start: int, stop: int) -> Sequence[Listed]:
        """The entities of a kind from one place to before another."""
        return [_listed(row) for row in self._by_label[label][start:stop]]


class _StoredRoll:
    """All entities of a library, read as they are asked for."""

    complete = True

    def __init__(self, database: Database) -> None:
        self._database = database
        rows = database.connection.execute(
            "SELECT label, count(*) FROM entity INDEXED BY entity_listed WHERE articles > 0 GROUP BY label"
        ).fetchall()
        found = {Label(row[0]): int(row[1]) for row in rows}
        self.counts: Mapping[Label, int] = {label: found[label] for label in Label if label in found}

    def stretch(self, label: Label, start: int, stop: int) -> Sequence[Listed]:
        rows = self._database.connection.execute(
            f"SELECT {_COLUMNS} FROM entity WHERE key IN (SELECT key FROM entity INDEXED BY entity_listed"
            f" WHERE articles > 0 AND label = ? ORDER BY {_ORDER} LIMIT ? OFFSET ?) ORDER BY {_ORDER}",
            (label.value, stop - start, start),
        )
        return [_listed(tuple(row)) for row in rows]


class _PickedRoll:
    """Some entities of a library, told by their keys; read as they are asked for."""

    def __init__(self, database: Database, keys: Mapping[Label, Sequence[int]], *, complete: bool) -> None:
        self._database = database
        self._keys = keys
        self.complete = complete
        self.counts: Mapping[Label, int] = {label: len(held) for label, held in keys.items()}

    def stretch(self, label: Label, start: int, stop: int) -> Sequence[Listed]:
        rows = self._database.connection.execute(
            f"SELECT {_COLUMNS} FROM entity WHERE key IN (SELECT value FROM json_each(?)) ORDER BY {_ORDER}",
            (json.dumps(list(self._keys.get(label, ())[start:stop])),),
        )
        return [_listed(tuple(row)) for row in rows]


def _listed(row: Sequence[str | int]) -> Listed:
    return Listed(str(row[0]), str(row[1]), Label(str(row[2])), int(row[3]), int(row[4]))


class EntityLists:
    """Makes rolls. Each call reads; call from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ranks = HeldRanks(database)

    def library(self, typed: str = "", *, glance: bool = False) -> Roll:
        """The library's entities.

        Args:
            typed: only those with a name, or words of names, that begin so; case and accents do not matter.
            glance: as they were a moment ago will do for now; where the library has changed since, the roll
                says that it is not complete.
        """
        begins = _beginnings(typed)
        if not begins:
            return _StoredRoll(self._database)
        having, values = _having(begins)
        ranks = self._ranks.get(stale=glance)
        cursor = self._database.connection.cursor()
        cursor.row_factory = None
        picked = ranks.pick(cursor.execute(having, values).fetchall())
        return _PickedRoll(self._database, picked, complete=not glance or self._ranks.is_current(ranks))

    def warm(self) -> None:
        """Read beforehand what a filter over the library's entities needs. Takes a while: call in a thread."""
        self._ranks.get()

    def named_in(self, articles: str, typed: str = "") -> Roll:
        """The entities that some articles name, with counts of these.

        Args:
            articles: their keys as a JSON list, as :attr:`.search.Answer.json` gives them.
            typed: as for :meth:`library`.
        """
        begins = _beginnings(typed)
        having, values = _having(begins) if begins else ("", [])
        # The plus keeps SQLite from looking for each name in each article.
        condition = f"WHERE +n.entity IN ({having})" if having else ""
        return HeldRoll(
            self._rows(
                "SELECT id, name, label, n.articles, n.mentions FROM (SELECT entity, count(*) AS articles,"
                " sum(mentions) AS mentions FROM named WHERE article IN (SELECT value FROM json_each(?))"
                f" GROUP BY entity) n JOIN entity ON key = n.entity {condition}"
                " ORDER BY n.mentions DESC, name, key",
                [articles, *values],
            )
        )

    def _rows(self, query: str, values: Sequence[str]) -> list[Sequence[str | int]]:
        cursor = self._database.connection.cursor()
        # Bare tuples: rows by the ten thousand.
        cursor.row_factory = None
        return cursor.execute(query, values).fetchall()


def _beginnings(typed: str) -> list[str]:
    """What a name is to begin with: all that is typed, and each word of it, folded."""
    # A space at the end says that the word is whole; folding would drop it.
    words = fold_name(" ".join(typed.split())).split()
    return words if len(words) < 2 else [" ".join(words), *words]


def _having(begins: Sequence[str]) -> tuple[str, list[str]]:
    """SQL for the keys of entities with such names, and its values."""
    one = "SELECT entity FROM entity_name WHERE folded >= ? AND folded < ?"
    values = [value for begin in begins for value in (begin, begin + _HIGHEST)]
    if len(begins) == 1:
        return one, values
    words = " INTERSECT ".join([one] * (len(begins) - 1))
    return f"{one} UNION SELECT entity FROM ({words})", values


def folded_fits(names: Sequence[str], typed: str) -> bool:
    """Whether one of some names, or words of it, begin as typed: what the lists above do, for a few in memory."""
    begins = _beginnings(typed)
    if not begins:
        return True
    folded = [fold_name(name) for name in names]
    words = [word for name in folded for word in name.split()]
    if any(name.startswith(begins[0]) for name in (*folded, *words)):
        return True
    return len(begins) > 1 and all(any(word.startswith(begin) for word in words) for begin in begins[1:])

"""Putting rulings into force: what changed of them since they were last followed, whoever changed it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from warreader.index.rulings import store
from warreader.index.rulings.model import VERBS, Ruling
from warreader.index.rulings.rulings import Rulings
from warreader.index.storage import Database

Changed = tuple[Ruling | None, Ruling | None]
"""A ruling as it was followed, and as it stands; ``None``: there was, or is, none."""


@dataclass(frozen=True, slots=True)
class News:
    """What is to be followed: the rulings as they stand, and what changed of them, what is gone first."""

    state: str
    rulings: Sequence[Ruling]
    changed: Sequence[Changed]


class Following:
    """What one part of the library has put into force of one kind of ruling.

    A part does, within one transaction of ``library.sqlite``::

        news = following.news()
        for before, after in news.changed:
            ...  # have what is derived agree with ``after`` where it agreed with ``before``
        following.note(connection, news)

    Killed in between, it does it again; told twice, it finds nothing the second time. What is derived
    later asks :meth:`Rulings.of`, so that rulings hold for whatever comes.
    """

    def __init__(self, database: Database, rulings: Rulings, kind: str) -> None:
        self._database = database
        self._rulings = rulings
        self._kind = kind

    @property
    def due(self) -> bool:
        """Whether rulings changed since they were followed. Two small look-ups."""
        return self._noted() != self._rulings.state(self._kind)

    def news(self) -> News:
        """What changed since, in the order in which the rulings were made; nothing where nothing is due."""
        # The name first: what changes after it was asked for is news again the next time.
        state, rulings = self._rulings.state(self._kind), self._rulings.of(self._kind)
        if self._noted() == state:
            return News(state, rulings, ())
        before = {ruling.id: ruling for ruling in self.in_force()}
        after = {ruling.id: ruling for ruling in rulings}
        gone: list[Changed] = [(held, None) for ruling_id, held in before.items() if ruling_id not in after]
        new: list[Changed] = [
            (before.get(ruling_id), ruling)
            for ruling_id, ruling in after.items()
            if before.get(ruling_id) != ruling
        ]
        return News(state, rulings, gone + new)

    def in_force(self) -> list[Ruling]:
        """The rulings that were followed."""
        rows = self._database.connection.execute(
            f"SELECT {store.COLUMNS} FROM ruling_in_force WHERE kind = ?", (self._kind,)
        )
        return [store.ruling_of(row) for row in rows if row["verb"] in VERBS.get(row["kind"], {})]

    def note(self, connection: sqlite3.Connection, news: News) -> None:
        """Keep that this was followed, within the caller's transaction."""
        connection.execute("DELETE FROM ruling_in_force WHERE kind = ?", (self._kind,))
        connection.executemany(
            f"INSERT INTO ruling_in_force ({store.COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            map(store.row_of, news.rulings),
        )
        connection.execute(
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
            (f"rulings {self._kind}", news.state),
        )

    def _noted(self) -> str:
        row = self._database.connection.execute(
            "SELECT value FROM setting WHERE name = ?", (f"rulings {self._kind}",)
        ).fetchone()
        return "" if row is None else str(row[0])

"""The reader's rulings: making them, taking them back, taking in those of others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from warreader.index.errors import NotFoundError
from warreader.index.gestures import Kept, merge
from warreader.index.rulings import store
from warreader.index.rulings.model import UNDATED, Ruling, checked
from warreader.index.stamps import later_than, now
from warreader.index.text import storable


class Rulings:
    """The rulings of a library; the package tells what they are.

    Writes raise LibraryBusyError or LibraryError where ``annotations.sqlite`` can't be written.

    Args:
        annotations: with which they are stored, in one line of gestures.
        creator: who rules, unless said otherwise.
    """

    def __init__(self, annotations: Kept, creator: str | None = None) -> None:
        self._own = annotations.database
        self._history = annotations.line_of_gestures
        self.creator = creator

    def put(self, kind: str, verb: str, *, words: str, creator: str | None = None, **data: object) -> Ruling:
        """Rule; what was ruled before, with the same verb about the same thing, no longer stands.

        Args:
            words: what is done, in the past, for the undo: "joined Kiev to Kyiv".
            data: as :data:`.model.VERBS` wants it.

        Raises:
            UsageError: there is no such ruling, or the data is not what it needs.
        """
        named = creator if creator is not None else self.creator
        ruling = Ruling(
            kind, verb, checked(kind, verb, data), now(), None if named is None else storable(named)
        )
        with self._history.gesture(words) as connection:
            held = store.find(connection, ruling.id)
            if held is not None and held.data == ruling.data:
                return held
            # Rulings are followed in order of time: after a clock was set back, the last one is the last all the same.
            ruling = replace(ruling, modified=later_than(store.newest(connection, kind) or ruling.modified))
            self._history.put(words, held, ruling)
        return ruling

    def remove(self, ruling_id: str, words: str | None = None) -> None:
        """Take a ruling back; a gesture like any other.

        Raises:
            NotFoundError: there is no such ruling.
        """
        with self._history.writing() as connection:
            held = store.find(connection, ruling_id)
            if held is None:
                raise NotFoundError(f"no ruling {ruling_id!r}; list them with: warreader export rulings")
            self._history.remove(words or f"withdrew a ruling ({held.kind} {held.verb})", held)

    def of(self, kind: str) -> list[Ruling]:
        """The rulings of a kind that stand, in the order in which they were made."""
        return store.fetch(self._own.connection, "WHERE kind = ?", (kind,))

    def all(self) -> list[Ruling]:
        """All that stand."""
        return store.fetch(self._own.connection)

    def get(self, ruling_id: str) -> Ruling | None:
        """The ruling with this id, or ``None``."""
        return store.find(self._own.connection, ruling_id)

    def state(self, kind: str) -> str:
        """A name for the rulings of a kind as they stand: another after every change by any process.

        It differs in every file, so that a restored backup shows too. Cheap enough to ask with every article.
        """
        return store.state(self._own.connection, kind)

    def merge(self, incoming: Iterable[Ruling]) -> tuple[int, int, int]:
        """Take in rulings made elsewhere, as one gesture; see :func:`warreader.index.gestures.merge`.

        Returns:
            How many were added, unchanged, updated.
        """
        with self._history.writing() as connection:
            taken = self._dated(connection, incoming)
            return merge(
                self._history,
                "ruling",
                taken,
                store.find,
                lambda one, other: one.data == other.data,
                lambda one, moment: replace(one, modified=moment),
            )

    @staticmethod
    def _dated(connection: sqlite3.Connection, incoming: Iterable[Ruling]) -> list[Ruling]:
        """The same, those without a date as made now, each after all of its kind and those before it."""
        newest: dict[str, str] = {}
        dated = []
        for ruling in incoming:
            if ruling.kind not in newest:
                newest[ruling.kind] = store.newest(connection, ruling.kind) or ""
            if ruling.modified == UNDATED:
                ruling = replace(ruling, modified=later_than(newest[ruling.kind]))
            newest[ruling.kind] = max(newest[ruling.kind], ruling.modified)
            dated.append(ruling)
        return dated

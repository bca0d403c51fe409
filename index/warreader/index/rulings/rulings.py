"""The reader's rulings: making them, taking them back, taking in those of others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.model import now
from warreader.index.errors import NotFoundError
from warreader.index.rulings import store
from warreader.index.rulings.model import Ruling, checked
from warreader.index.text import storable


class Rulings:
    """The rulings of a library; the package tells what they are.

    Writes raise LibraryBusyError or LibraryError where ``annotations.sqlite`` can't be written.

    Args:
        annotations: with which they are stored, in one line of gestures.
        creator: who rules, unless said otherwise.
    """

    def __init__(self, annotations: Annotations, creator: str | None = None) -> None:
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
            self._put(words, held, ruling)
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
        """Take in rulings made elsewhere, as one gesture; of two about the same thing the later one stays.

        Returns:
            How many were added, unchanged, updated.
        """
        added = unchanged = updated = 0
        rulings = list(incoming)
        words = f"imported {len(rulings)} ruling{'' if len(rulings) == 1 else 's'}"
        with self._history.gesture(words) as connection:
            for ruling in rulings:
                held = store.find(connection, ruling.id)
                if held is None:
                    added += 1
                elif ruling.modified > held.modified and ruling.data != held.data:
                    updated += 1
                else:
                    unchanged += 1
                    continue
                self._put(words, held, ruling)
        return added, unchanged, updated

    def _put(self, words: str, held: Ruling | None, ruling: Ruling) -> None:
        if held is not None:
            # A clock set back must not make the change older than what it changes.
            ruling = replace(ruling, modified=max(ruling.modified, held.modified))
        self._history.put(words, held, ruling)

"""Gestures: what is written at one stroke, recorded, undone and redone at one stroke.

Every write belongs to a gesture, and every gesture is one transaction that holds the
change together with its record (before and after), so either both are stored or neither.
Gestures form one line for the whole store: *undo* takes back the latest gesture not yet
undone, whoever made it and in whichever process; *redo* brings back the earliest one
undone. A gesture made after an undo drops what was undone from that line; its record stays.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Literal

from warreader.index.annotations import store
from warreader.index.annotations.model import Annotation, Change, Revision, Subject, now
from warreader.index.annotations.records import from_record, to_json, to_record
from warreader.index.article import Span
from warreader.index.corrections import records as correction_records
from warreader.index.corrections import store as correction_store
from warreader.index.corrections.model import Correction
from warreader.index.errors import LibraryBusyError, LibraryError
from warreader.index.rulings import records as ruling_records
from warreader.index.rulings import store as ruling_store
from warreader.index.rulings.model import Ruling
from warreader.index.storage import Database

Action = Literal["do", "undo", "redo"]
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

Kept = Annotation | Correction | Ruling
"""What the reader makes, and history keeps."""


class _Gesture:
    """A gesture under way. Its row is made by its first change: one that changes nothing leaves no trace."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.key: int | None = None
        self.touched: list[Kept] = []


class History:
    """Writes annotations, corrections and rulings, and remembers.

    Args:
        database: ``annotations.sqlite``.
        corrected: told, after they are stored, of which articles (ids) corrections changed.
        ruled: told, after they are stored, of which kinds rulings changed.
    """

    def __init__(
        self,
        database: Database,
        corrected: Callable[[Collection[str]], object] | None = None,
        ruled: Callable[[Collection[str]], object] | None = None,
    ) -> None:
        self._database = database
        self._corrected = corrected
        self._ruled = ruled
        self._local = threading.local()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; SQLite's failures come out as errors a reader can act on.

        Raises:
            LibraryBusyError: another process keeps the file locked.
            LibraryError: the file can't be written.
        """
        try:
            with self._database.transaction() as connection:
                yield connection
        except sqlite3.Error as error:
            path = self._database.path
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY:
                raise LibraryBusyError(f"{path}: another process is writing to it; try again") from error
            raise LibraryError(f"{path}: not written ({error}); check space and permissions") from error

    @contextmanager
    def gesture(self, words: str) -> Iterator[sqlite3.Connection]:
        """A gesture, told by ``words``; one opened inside another is part of it."""
        with self.writing() as connection:
            if self._open() is not None:
                yield connection
                return
            gesture = self._local.gesture = _Gesture(words)
            try:
                yield connection
            finally:
                self._local.gesture = None
        self._tell(gesture.touched)

    def _tell(self, touched: Collection[Kept]) -> None:
        corrected = {kept.article for kept in touched if isinstance(kept, Correction)}
        ruled = {kept.kind for kept in touched if isinstance(kept, Ruling)}
        if corrected and self._corrected is not None:
            self._corrected(corrected)
        if ruled and self._ruled is not None:
            self._ruled(ruled)

    def _open(self) -> _Gesture | None:
        gesture: _Gesture | None = getattr(self._local, "gesture", None)
        return gesture

    def put(
        self, words: str, before: Annotation | None, annotation: Annotation, *, respell: bool = False
    ) -> Annotation:
        """Store an annotation in place of ``before``, what its id has now; as it was stored."""
        with self.gesture(words) as connection:
            after = store.put(connection, annotation, respell=respell)
            self._record(connection, before, after)
        return after

    def remove(self, words: str, annotation: Annotation) -> None:
        """Delete an annotation."""
        with self.gesture(words) as connection:
            store.remove(connection, annotation.id)
            self._record(connection, annotation, None)

    def put_correction(self, words: str, before: Correction | None, correction: Correction) -> None:
        """Store a correction in place of ``before``, what its id has now."""
        with self.gesture(words) as connection:
            correction_store.put(connection, correction)
            self._record(connection, before, correction)

    def remove_correction(self, words: str, correction: Correction) -> None:
        """Take a correction back."""
        with self.gesture(words) as connection:
            correction_store.remove(connection, correction.id)
            self._record(connection, correction, None)

    def put_ruling(self, words: str, before: Ruling | None, ruling: Ruling) -> None:
        """Store a ruling in place of ``before``, what its id has now."""
        with self.gesture(words) as connection:
            ruling_store.put(connection, ruling)
            self._record(connection, before, ruling)

    def remove_ruling(self, words: str, ruling: Ruling) -> None:
        """Take a ruling back."""
        with self.gesture(words) as connection:
            ruling_store.remove(connection, ruling)
            self._record(connection, ruling, None)

    def _record(self, connection: sqlite3.Connection, before: Kept | None, after: Kept | None) -> None:
        gesture = self._open()
        assert gesture is not None, "written outside a gesture"
        if gesture.key is None:
            connection.execute("UPDATE gesture SET state = 'dropped' WHERE state = 'undone'")
            made = connection.execute(
                "INSERT INTO gesture (at, words, state) VALUES (?, ?, 'done')", (now(), gesture.words)
            )
            gesture.key = int(made.lastrowid or 0)
            self.bump(connection)
        if (subject := after or before) is not None and not isinstance(subject, Annotation):
            gesture.touched.append(subject)
        self._log(connection, gesture.key, "do", before, after)

    @staticmethod
    def bump(connection: sqlite3.Connection) -> None:
        """Tell every watcher of the generation that something changed."""
        connection.execute("UPDATE generation SET value = value + 1")

    @staticmethod
    def _log(
        connection: sqlite3.Connection,
        gesture: int,
        action: Action,
        before: Kept | None,
        after: Kept | None,
    ) -> None:
        kept = after or before
        assert kept is not None, "a change of nothing"
        connection.execute(
            "INSERT INTO history (gesture, action, at, annotation, before, after, subject)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (gesture, action, now(), kept.id, _stored(before), _stored(after), _subject(kept)),
        )

    def undo(self) -> Change | None:
        """Take back the latest gesture not yet undone, or do nothing where there is none."""
        return self._step("undo")

    def redo(self) -> Change | None:
        """Bring back the earliest gesture undone, or do nothing where there is none."""
        return self._step("redo")

    def _step(self, action: Literal["undo", "redo"]) -> Change | None:
        if self._open() is not None:
            raise RuntimeError(f"{action} inside a gesture")
        undoing = action == "undo"
        order = "DESC" if undoing else "ASC"
        with self.writing() as connection:
            gesture = connection.execute(
                f"SELECT key, words FROM gesture WHERE state = ? ORDER BY key {order} LIMIT 1",
                ("done" if undoing else "undone",),
            ).fetchone()
            if gesture is None:
                return None
            rows = connection.execute(
                "SELECT subject, before, after FROM history WHERE gesture = ? AND action = 'do'"
                f" ORDER BY key {order}",
                (gesture["key"],),
            ).fetchall()
            touched: dict[str, Kept] = {}
            for row in rows:
                before, after = (_read(row[name], row["subject"]) for name in ("before", "after"))
                shown = self._apply(
                    connection, gesture["key"], action, *((after, before) if undoing else (before, after))
                )
                touched[shown.id] = shown
            connection.execute(
                "UPDATE gesture SET state = ? WHERE key = ?",
                ("undone" if undoing else "done", gesture["key"]),
            )
            self.bump(connection)
        self._tell(list(touched.values()))
        first = next(iter(touched.values()))
        words = f"{'undone' if undoing else 'redone'}: {gesture['words']}"
        return Change(
            action, words, first.article or "", first.id, _span(first), len(touched), _subject(first)
        )

    def _apply(
        self,
        connection: sqlite3.Connection,
        gesture: int,
        action: Action,
        before: Kept | None,
        after: Kept | None,
    ) -> Kept:
        """Turn what is ``before`` into ``after``; what then stands, or what stood."""
        shown = after or before
        assert shown is not None, "a change of nothing"
        if isinstance(after, Correction):
            correction_store.put(connection, after)
        elif isinstance(after, Ruling):
            ruling_store.put(connection, after)
        elif isinstance(after, Annotation):
            # Gestures form one line, so a tag spelled so then was spelled so in all its uses.
            store.put(connection, after, respell=True)
        elif isinstance(shown, Correction):
            correction_store.remove(connection, shown.id)
        elif isinstance(shown, Ruling):
            ruling_store.remove(connection, shown)
        else:
            store.remove(connection, shown.id)
        self._log(connection, gesture, action, before, after)
        return shown

    def of(self, annotation_id: str) -> list[Revision]:
        """Every step of an annotation's history, oldest first."""
        rows = self._database.connection.execute(
            "SELECT at, action, before, after FROM history WHERE annotation = ? AND subject = 'annotation'"
            " ORDER BY key",
            (annotation_id,),
        )
        return [
            Revision(r["at"], r["action"], _annotation(r["before"]), _annotation(r["after"])) for r in rows
        ]


def _subject(kept: Kept) -> Subject:
    if isinstance(kept, Ruling):
        return "ruling"
    return "correction" if isinstance(kept, Correction) else "annotation"


def _span(kept: Kept) -> Span | None:
    if isinstance(kept, Annotation):
        return kept.span
    if isinstance(kept, Ruling) or kept.line is None or kept.start is None:
        return None
    return Span(kept.start, kept.start + len(kept.line))


def _stored(kept: Kept | None) -> str | None:
    if kept is None:
        return None
    if isinstance(kept, Ruling):
        return to_json(ruling_records.to_record(kept))
    return to_json(correction_records.to_record(kept) if isinstance(kept, Correction) else to_record(kept))


def _read(stored: str | None, subject: Subject) -> Kept | None:
    if stored is not None and subject == "correction":
        return correction_records.from_record(json.loads(stored))
    if stored is not None and subject == "ruling":
        return ruling_records.from_record(json.loads(stored))
    return _annotation(stored)


def _annotation(stored: str | None) -> Annotation | None:
    return None if stored is None else from_record(json.loads(stored))

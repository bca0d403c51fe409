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
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Literal, TypeVar, cast

from warreader.index.annotations import codes, store
from warreader.index.annotations.model import Annotation, Change, Code, Revision, Subject
from warreader.index.annotations.records import (
    code_from_record,
    code_to_record,
    from_record,
    to_json,
    to_record,
)
from warreader.index.article import Span
from warreader.index.corrections import records as correction_records
from warreader.index.corrections import store as correction_store
from warreader.index.corrections.model import Correction
from warreader.index.errors import LibraryBusyError, LibraryError
from warreader.index.rulings import records as ruling_records
from warreader.index.rulings import store as ruling_store
from warreader.index.rulings.model import Ruling
from warreader.index.stamps import now
from warreader.index.storage import Database

Action = Literal["do", "undo", "redo"]
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

Kept = Annotation | Correction | Ruling | Code
"""What the reader makes, and history keeps."""

_K = TypeVar("_K", bound=Kept)


class _Gesture:
    """A gesture under way. Its row is made by its first change: one that changes nothing leaves no trace."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.key: int | None = None


class History:
    """Writes annotations, corrections, rulings and the code book, and remembers.

    Args:
        database: ``annotations.sqlite``.
        corrected: told, after they are stored, of which articles (ids) corrections changed.
        ruled: told, after they are stored, of which kinds rulings changed.

    ``who`` is the name that changes are recorded under.
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
        self.who: str | None = None
        self._local = threading.local()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; SQLite's failures come out as errors a reader can act on.

        What was stored is told of when the outermost has committed: who follows it may wait long, and must not
        keep the file locked meanwhile.

        Raises:
            LibraryBusyError: another process keeps the file locked.
            LibraryError: the file can't be written.
        """
        if self._touched is not None:
            yield self._database.connection
            return
        touched = self._local.touched = []
        try:
            with self._transaction() as connection:
                yield connection
        finally:
            self._local.touched = None
        self._tell(touched)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
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
            self._local.gesture = _Gesture(words)
            try:
                yield connection
            finally:
                self._local.gesture = None

    @contextmanager
    def telling_later(self) -> Iterator[list[Callable[[], None]]]:
        """What this thread stores within is told of by whoever calls what is then in the list, in its order."""
        before = self._later
        later: list[Callable[[], None]] = []
        self._local.later = later
        try:
            yield later
        finally:
            self._local.later = before

    def _tell(self, touched: Collection[Kept]) -> None:
        if (later := self._later) is not None:
            if any(isinstance(kept, Correction | Ruling) for kept in touched):
                later.append(partial(self._tell_now, touched))
        else:
            self._tell_now(touched)

    def _tell_now(self, touched: Collection[Kept]) -> None:
        corrected = {kept.article for kept in touched if isinstance(kept, Correction)}
        ruled = {kept.kind for kept in touched if isinstance(kept, Ruling)}
        if corrected and self._corrected is not None:
            self._corrected(corrected)
        if ruled and self._ruled is not None:
            self._ruled(ruled)

    def _open(self) -> _Gesture | None:
        gesture: _Gesture | None = getattr(self._local, "gesture", None)
        return gesture

    @property
    def _touched(self) -> list[Kept] | None:
        """What this thread's transaction changed so far, but for annotations, whom nobody follows."""
        touched: list[Kept] | None = getattr(self._local, "touched", None)
        return touched

    @property
    def _later(self) -> list[Callable[[], None]] | None:
        later: list[Callable[[], None]] | None = getattr(self._local, "later", None)
        return later

    def put(self, words: str, before: _K | None, kept: _K, *, respell: bool = False) -> _K:
        """Store something in place of ``before``, what its id has now; as it was stored."""
        with self.gesture(words) as connection:
            after = _put(connection, kept, respell=respell)
            self._record(connection, before, after)
        return cast(_K, after)

    def remove(self, words: str, kept: Kept) -> None:
        """Delete something."""
        with self.gesture(words) as connection:
            _KINDS[type(kept)].remove(connection, kept)
            self._record(connection, kept, None)

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
        self._touch(after or before)
        self._log(connection, gesture.key, "do", before, after)

    def _touch(self, kept: Kept | None) -> None:
        touched = self._touched
        assert touched is not None, "written outside a transaction"
        if kept is not None and not isinstance(kept, Annotation):
            touched.append(kept)

    @staticmethod
    def bump(connection: sqlite3.Connection) -> None:
        """Tell every watcher of the generation that something changed."""
        connection.execute("UPDATE generation SET value = value + 1")

    def _log(
        self,
        connection: sqlite3.Connection,
        gesture: int,
        action: Action,
        before: Kept | None,
        after: Kept | None,
    ) -> None:
        kept = after or before
        assert kept is not None, "a change of nothing"
        subject = _KINDS[type(kept)].subject
        connection.execute(
            "INSERT INTO history (gesture, action, at, annotation, before, after, subject, who)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (gesture, action, now(), kept.id, _stored(before), _stored(after), subject, self.who),
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
                self._touch(shown)
            connection.execute(
                "UPDATE gesture SET state = ? WHERE key = ?",
                ("undone" if undoing else "done", gesture["key"]),
            )
            self.bump(connection)
        first = next(iter(touched.values()))
        words = f"{'undone' if undoing else 'redone'}: {gesture['words']}"
        article, span = _place(first)
        return Change(action, words, article, first.id, span, len(touched), _KINDS[type(first)].subject)

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
        if after is not None:
            # Gestures form one line, so a tag spelled so then was spelled so in all its uses.
            _put(connection, after, respell=True)
        else:
            _KINDS[type(shown)].remove(connection, shown)
        self._log(connection, gesture, action, before, after)
        return shown

    def of(self, annotation_id: str) -> list[Revision]:
        """Every step of an annotation's history, oldest first."""
        rows = self._database.connection.execute(
            "SELECT at, action, before, after, who FROM history"
            " WHERE annotation = ? AND subject = 'annotation'"
            " ORDER BY key",
            (annotation_id,),
        )
        return [
            Revision(r["at"], r["action"], _annotation(r["before"]), _annotation(r["after"]), r["who"])
            for r in rows
        ]


@dataclass(frozen=True, slots=True)
class _Kind(Generic[_K]):
    """What the history knows of one kind of what the reader makes.

    Args:
        subject: what the kind is called in the history.
        put: stores one in place of what its id had.
        remove: takes one out.
        record: one as the history keeps it.
        read: the one that a record holds.
    """

    subject: Subject
    put: Callable[[sqlite3.Connection, _K], object]
    remove: Callable[[sqlite3.Connection, _K], None]
    record: Callable[[_K], Mapping[str, object]]
    read: Callable[[Any], _K]


_KINDS: Mapping[type[Kept], _Kind[Any]] = {
    Annotation: _Kind("annotation", store.put, store.remove, to_record, from_record),
    Correction: _Kind(
        "correction",
        correction_store.put,
        correction_store.remove,
        correction_records.to_record,
        correction_records.from_record,
    ),
    Ruling: _Kind(
        "ruling", ruling_store.put, ruling_store.remove, ruling_records.to_record, ruling_records.from_record
    ),
    Code: _Kind("code", codes.put, codes.remove, code_to_record, code_from_record),
}
_BY_SUBJECT = {kind.subject: kind for kind in _KINDS.values()}


def _put(connection: sqlite3.Connection, kept: Kept, *, respell: bool) -> Kept:
    if isinstance(kept, Annotation):
        # It alone has tags, and comes back with these as they are spelled.
        return store.put(connection, kept, respell=respell)
    _KINDS[type(kept)].put(connection, kept)
    return kept


def _place(kept: Kept) -> tuple[str, Span | None]:
    """The id of the article it is on, empty where on none, and where in it."""
    if isinstance(kept, Code):
        return "", None
    return kept.article or "", None if isinstance(kept, Ruling) else kept.span


def _stored(kept: Kept | None) -> str | None:
    return None if kept is None else to_json(_KINDS[type(kept)].record(kept))


def _read(stored: str | None, subject: Subject) -> Kept | None:
    kept: Kept | None = None if stored is None else _BY_SUBJECT[subject].read(json.loads(stored))
    return kept


def _annotation(stored: str | None) -> Annotation | None:
    return None if stored is None else from_record(json.loads(stored))

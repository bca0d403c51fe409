"""The reader's corrections: making them, taking them back, and having the library agree with them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace

from warreader.index.article import LineKind, lines_of
from warreader.index.corrections import store
from warreader.index.corrections.applying import KINDS, apply, held_of, in_force, ingested, places
from warreader.index.corrections.model import FIELDS, LINE, Correction, cleaned, describe
from warreader.index.errors import NotFoundError
from warreader.index.gestures import Kept, merge
from warreader.index.stamps import later_than, now
from warreader.index.storage import Database
from warreader.index.text import storable

_STATE = "corrections"
"""The setting in ``library.sqlite`` that names the corrections last put into force, and the way of doing it."""
_WAY = 2
"""Raised when putting a correction into force comes to do more, so that those in force are put so anew."""


class Corrections:
    """Corrections of articles, by article id.

    They are stored with the annotations (durably, one transaction a gesture, in the same
    line of undo and redo), so that they outlive the articles: an article that is deleted
    and added again, or classified anew, is corrected again by :meth:`apply`. What is put
    right in ``library.sqlite`` makes whatever was derived from it due.

    Args:
        annotations: where they are stored; made so that it calls :meth:`apply` after each gesture.
        database: ``library.sqlite``.
    """

    def __init__(self, annotations: Kept, database: Database) -> None:
        self._own = annotations.database
        self._history = annotations.line_of_gestures
        self._database = database

    # Writing. A write raises LibraryBusyError or LibraryError where annotations.sqlite can't be written.

    def set_meta(self, article_id: str, field: str, value: str | None) -> Correction | None:
        """Set an article's title, outlet, author, agency, date, url or language right.

        Args:
            article_id: of an article of the library.
            field: one of :data:`.model.FIELDS`.
            value: what is right; ``None`` or empty: it isn't known.

        Returns:
            The correction, or ``None`` where that is what the article says already.

        Raises:
            NotFoundError: there is no such article.
            ValueError: there is no such field, or it can't have the value; one line with the remedy.
        """
        right = cleaned(field, value)
        row = self._row(article_id)
        if row[field] == right:
            return None
        was = ingested(row, held_of(self._database.connection, row["key"]), field)
        correction = Correction(row["id"], field, right, was, now())
        with self._history.gesture(f"corrected {describe(correction)}"):
            self._put(correction)
        return correction

    def set_line_kinds(self, article_id: str, starts: Iterable[int], kind: LineKind) -> list[Correction]:
        """Say what several lines are, as one gesture; blank lines, and lines that are so already, stay as they are.

        Args:
            article_id: of an article of the library.
            starts: code point offsets at which lines begin.

        Returns:
            The corrections made.

        Raises:
            NotFoundError: there is no such article.
            ValueError: no line begins there.
        """
        row = self._row(article_id)
        text = row["text"]
        lines = lines_of(text, row["kinds"])
        before = lines_of(text, ingested(row, held_of(self._database.connection, row["key"]), KINDS) or "")
        named = {at: words for words, at in places(text, lines).items()}
        at_start = {line.start: at for at, line in enumerate(lines)}
        made, moment = [], now()
        for start in sorted(set(starts)):
            if start not in at_start:
                raise ValueError(f"no line of article {article_id!r} begins at {start}")
            at = at_start[start]
            words, ordinal = named[at]
            if words.strip() and lines[at].kind is not kind:
                was = before[at].kind.value
                made.append(Correction(row["id"], LINE, kind.value, was, moment, words, ordinal, start))
        if made:
            what = f"line {describe(made[0])}" if len(made) == 1 else f"{len(made)} lines to {kind.value}"
            with self._history.gesture(f"corrected {what}"):
                for correction in made:
                    self._put(correction)
        return made

    def withdraw(self, corrections: Iterable[Correction]) -> None:
        """Take corrections back, so that articles say again what was ingested; one gesture like any other.

        Raises:
            NotFoundError: one of them doesn't stand any more; then all stay.
        """
        taken = list(corrections)
        if not taken:
            return
        what = f"the correction of {describe(taken[0])}" if len(taken) == 1 else f"{len(taken)} corrections"
        with self._history.gesture(f"withdrew {what}") as connection:
            for correction in taken:
                if (held := store.find(connection, correction.id)) is None:
                    raise NotFoundError(
                        f"no correction {correction.id!r}; list them with: warreader export corrections"
                    )
                self._history.remove("withdrew a correction", held)

    def merge(self, incoming: Iterable[Correction]) -> tuple[int, int, int]:
        """Take in corrections made elsewhere, as one gesture; see :func:`warreader.index.gestures.merge`.

        Returns:
            How many were added, unchanged, updated.
        """
        return merge(
            self._history,
            "correction",
            incoming,
            store.find,
            lambda one, other: one.value == other.value,
            lambda one, moment: replace(one, modified=moment),
        )

    def _put(self, correction: Correction) -> None:
        connection = self._own.connection
        held = store.find(connection, correction.id)
        if held is not None:
            correction = replace(correction, modified=later_than(held.modified))
        self._history.put(f"corrected {describe(correction)}", held, correction)

    # Reading.

    def of(self, article_id: str) -> list[Correction]:
        """An article's corrections: metadata first, then lines in order."""
        return store.fetch(self._own.connection, "WHERE article = ?", (storable(article_id),))

    def of_lines(self, article_id: str, starts: Collection[int]) -> list[Correction]:
        """The corrections of the lines that begin at these code point offsets.

        Raises:
            NotFoundError: there is no such article.
        """
        row = self._row(article_id)
        lines = lines_of(row["text"], row["kinds"])
        at = {place: lines[number].start for place, number in places(row["text"], lines).items()}
        return [
            one
            for one in self.of(article_id)
            if one.field == LINE and at.get((one.line or "", one.ordinal)) in starts
        ]

    def all(self) -> list[Correction]:
        """All corrections by article, those of articles that aren't in the library too."""
        return store.fetch(self._own.connection)

    def ingested(self, article_id: str, field: str) -> str | None:
        """What an article's metadata said before it was corrected.

        Raises:
            NotFoundError: there is no such article.
            ValueError: there is no such field.
        """
        if field not in FIELDS:
            raise ValueError(f"{field!r} can't be corrected; choose one of: {', '.join(FIELDS)}")
        row = self._row(article_id)
        return ingested(row, held_of(self._database.connection, row["key"]), field)

    def address(self, article_id: str) -> str | None:
        """The address that an article came with, ``None`` where it came with none or isn't here."""
        try:
            return self.ingested(article_id, "url")
        except NotFoundError:
            return None

    # Putting into force.

    @property
    def due(self) -> bool:
        """Whether ``library.sqlite`` may not agree with the corrections, as after a backup was put back."""
        own, connection = self._own.connection, self._database.connection
        state = _state(own)
        if self._out_of_date(own, connection, state):
            return True
        noted = self._noted(connection)
        # Of a library that knows of none, none are due.
        return noted != state and (noted != "" or store.some(own))

    def apply(self, article_ids: Collection[str] | None = None) -> list[str]:
        """Have ``library.sqlite`` agree with the corrections; doing it twice does nothing.

        Args:
            article_ids: look at these only, as after a gesture; by default at all that may be
                out of date: articles that came since, and every corrected one if any correction changed.

        Returns:
            Ids of the articles that changed: search and what is derived of them are due.
        """
        own, connection = self._own.connection, self._database.connection
        state = _state(own)
        if article_ids is None:
            wanted = self._out_of_date(own, connection, state)
        else:
            wanted = sorted(map(storable, article_ids))
        changed = []
        for article_id in wanted:
            with self._database.transaction() as writing:
                # Read inside, so that of two processes the one that writes last has read last.
                if apply(writing, article_id, self.of(article_id)):
                    changed.append(article_id)
        if article_ids is None and self._noted(connection) != state:
            with self._database.transaction() as writing:
                writing.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (_STATE, state))
        return changed

    def _out_of_date(self, own: sqlite3.Connection, connection: sqlite3.Connection, state: str) -> list[str]:
        corrected = [row[0] for row in own.execute("SELECT DISTINCT article FROM correction")]
        new = connection.execute(
            "SELECT id FROM article WHERE id IN (SELECT value FROM json_each(?))"
            " AND NOT EXISTS (SELECT 1 FROM corrected WHERE corrected.article = article.key)",
            (json.dumps(corrected),),
        )
        wanted = {str(row[0]) for row in new}
        every = self._noted(connection) != state
        for row in connection.execute(
            f"SELECT id, kinds, {', '.join(FIELDS)}, held FROM article JOIN corrected ON corrected.article = key"
        ):
            if every or not in_force(row):
                wanted.add(str(row["id"]))
        return sorted(wanted)

    @staticmethod
    def _noted(connection: sqlite3.Connection) -> str:
        row = connection.execute("SELECT value FROM setting WHERE name = ?", (_STATE,)).fetchone()
        return "" if row is None else str(row[0])

    def _row(self, article_id: str) -> sqlite3.Row:
        row: sqlite3.Row | None = self._database.connection.execute(
            f"SELECT key, id, text, kinds, {', '.join(FIELDS)} FROM article WHERE id = ?",
            (storable(article_id),),
        ).fetchone()
        if row is None:
            raise NotFoundError(
                f"no article {article_id!r} in this library; list them with: warreader export articles"
            )
        return row


def _state(connection: sqlite3.Connection) -> str:
    return f"{_WAY}.{store.state(connection)}"

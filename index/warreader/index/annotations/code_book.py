"""The code book: tags as a tree of paths (``evidence/video``), with colours and descriptions.

A tag exists by being used; the code book may say something of it before that. Renaming,
merging and deleting concern a tag with all below it, and are one gesture each.
"""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from warreader.index.annotations import codes, store
from warreader.index.annotations.history import History
from warreader.index.annotations.model import Annotation, Code, above, tag_key, tag_name, tag_names
from warreader.index.counting import many
from warreader.index.errors import NotFoundError
from warreader.index.stamps import later_than, now
from warreader.index.storage import Database
from warreader.index.text import excerpt, storable

_UNSET = object()
# Control characters but tab and line feed, and code points that are no characters.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A tag as the tree shows it.

    Args:
        name: its whole path.
        level: how many tags stand above it.
        color: chosen for it or inherited from the nearest above, an index into the theme's tag colours.
        chosen: whether the colour is its own.
        description: what it means.
        own: annotations that have it.
        total: annotations that have it or one below it.
    """

    name: str
    level: int
    color: int | None
    chosen: bool
    description: str
    own: int
    total: int

    @property
    def label(self) -> str:
        """The last part of its path."""
        return self.name.rpartition("/")[2]


def inherited(name: str, chosen: dict[str, int]) -> int | None:
    """The colour of a tag: its own, else that of the nearest above it that has one."""
    return next((chosen[key] for key in map(tag_key, (name, *above(name))) if key in chosen), None)


class CodeBook:
    """The tree of tags in ``annotations.sqlite``; see :class:`.annotations.Annotations` for errors of writing."""

    def __init__(self, database: Database, history: History) -> None:
        self._database = database
        self._history = history

    def entries(self) -> list[Entry]:
        """The whole tree, each tag after the one above it, in alphabetical order."""
        connection = self._database.connection
        entered = {tag_key(code.name): code for code in codes.fetch(connection)}
        rows = connection.execute(
            "SELECT folded, name, count(*) AS count FROM tag JOIN annotation_tag ON tag = tag.key GROUP BY tag.key"
        ).fetchall()
        own = {str(row["folded"]): int(row["count"]) for row in rows}
        names = {key: code.name for key, code in entered.items()} | {
            str(r["folded"]): r["name"] for r in rows
        }
        for name in list(names.values()):
            for parent in above(name):
                names.setdefault(tag_key(parent), parent)
        totals = self._totals(connection, names)
        chosen = {key: code.color for key, code in entered.items() if code.color is not None}
        return [
            Entry(
                name,
                name.count("/"),
                inherited(name, chosen),
                key in chosen,
                entered[key].description if key in entered else "",
                own.get(key, 0),
                totals.get(key, own.get(key, 0)),
            )
            for key, name in sorted(names.items(), key=lambda pair: pair[0].split("/"))
        ]

    @staticmethod
    def _totals(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, int]:
        """Annotations by the key of a tag that has others below it; each counts once."""
        parents = {parent for key in names for parent in above(key)}
        query = (
            "SELECT count(DISTINCT annotation) FROM annotation_tag WHERE tag IN"
            " (SELECT key FROM tag WHERE folded = :key OR substr(folded, 1, length(:key) + 1) = :key || '/')"
        )
        return {key: int(connection.execute(query, {"key": key}).fetchone()[0]) for key in parents}

    def names(self) -> list[str]:
        """All tags, in use or in the book, in alphabetical order; those that only stand above others left out."""
        connection = self._database.connection
        rows = connection.execute(
            "SELECT folded, name FROM tag WHERE EXISTS (SELECT 1 FROM annotation_tag WHERE tag = tag.key)"
            " UNION SELECT folded, name FROM code ORDER BY folded"
        )
        return list({str(row["folded"]): str(row["name"]) for row in rows}.values())

    def codes(self) -> list[Code]:
        """The entries themselves, those above before those below them."""
        return codes.fetch(self._database.connection)

    def colours(self) -> dict[str, int]:
        """The colours chosen, by :func:`.model.tag_key`; for :func:`inherited`."""
        return codes.colours(self._database.connection)

    def describe(
        self, name: str, *, color: int | object | None = _UNSET, description: str | None = None
    ) -> Code:
        """Set a tag's colour or description, making its entry if it has none; what is left out stays.

        Raises:
            ValueError: the name is no tag name, or the colour below 0.
        """
        name = tag_name(name)
        if isinstance(color, int) and color < 0:
            raise ValueError(f"{color} is no colour; colours count from 0")
        with self._history.writing() as connection:
            before = codes.find(connection, name)
            after = before or Code(uuid.uuid4().urn, self._spelled(connection, name))
            if color is not _UNSET:
                after = replace(after, color=color if isinstance(color, int) else None)
            if description is not None:
                after = replace(after, description=_clean(description))
            if after == before:
                return after
            after = replace(after, modified=now())
            done = "described" if before else "entered"
            self._history.put(f"{done} tag “{excerpt(after.name)}”", before, after)
            return after

    @staticmethod
    def _spelled(connection: sqlite3.Connection, name: str) -> str:
        row = connection.execute("SELECT name FROM tag WHERE folded = ?", (tag_key(name),)).fetchone()
        return name if row is None else str(row["name"])

    def rename(self, old: str, new: str) -> int:
        """Give a tag and all below it another path or spelling everywhere; joined to ``new`` where that exists.

        Of two entries joined, that of ``new`` stays; what it leaves open comes from the other.

        Returns:
            How many annotations were changed.

        Raises:
            NotFoundError: there is no such tag.
            ValueError: ``new`` is no tag name, or makes one below it too long.
        """
        old, new = tag_name(old), tag_name(new)
        words = f"renamed tag “{excerpt(old)}” to “{excerpt(new)}”"
        return self._change(words, old, lambda name: renamed(name, old, new))

    def delete(self, name: str) -> int:
        """Take a tag and all below it off every annotation and out of the book.

        Annotations stay, those without another tag as plain highlights.

        Returns:
            How many annotations were changed.

        Raises:
            NotFoundError: there is no such tag.
        """
        name = tag_name(name)
        return self._change(f"deleted tag “{excerpt(name)}”", name, lambda _: None)

    def _change(self, words: str, tag: str, change: Callable[[str], str | None]) -> int:
        """Put what ``change`` says in place of a tag and all below it."""
        key = tag_key(tag)

        def changed(name: str) -> str | None:
            return change(name) if _below(name, key) else name

        with self._history.gesture(words) as connection:
            entered = [code for code in codes.fetch(connection) if _below(code.name, key)]
            tagged = store.fetch(
                connection,
                "WHERE a.key IN (SELECT annotation FROM annotation_tag JOIN tag ON tag.key = tag"
                " WHERE folded = ? OR substr(folded, 1, length(?) + 1) = ? || '/')",
                (key, key, key),
            )
            if not tagged and not entered:
                raise NotFoundError(f"there is no tag {tag!r}")
            for code in entered:
                self._history.remove(words, code)
            for code in entered:
                if (name := changed(code.name)) is not None:
                    self._enter(words, connection, replace(code, name=name, modified=now()))
            done = 0
            for annotation in tagged:
                names = tag_names(name for name in map(changed, annotation.tags) if name is not None)
                if names != annotation.tags:
                    self._retag(words, annotation, names)
                    done += 1
        return done

    def _retag(self, words: str, annotation: Annotation, names: tuple[str, ...]) -> None:
        after = replace(annotation, tags=names, modified=later_than(annotation.modified))
        self._history.put(words, annotation, after, respell=True)

    def _enter(self, words: str, connection: sqlite3.Connection, code: Code) -> None:
        held = codes.find(connection, code.name)
        if held is None:
            self._history.put(words, None, code)
            return
        joined = replace(
            held,
            color=code.color if held.color is None else held.color,
            description=held.description or code.description,
        )
        if joined != held:
            self._history.put(words, held, replace(joined, modified=now()))

    def merge(self, incoming: Iterable[Code]) -> tuple[int, int, int]:
        """Take in entries from elsewhere as one gesture, by name; what they leave open stays as it is.

        Returns:
            How many were added, unchanged, updated.
        """
        taken = list(incoming)
        words = f"imported {many(len(taken), 'tag')}"
        added = unchanged = updated = 0
        with self._history.gesture(words) as connection:
            for code in taken:
                held = codes.find(connection, code.name)
                if held is None:
                    taken_id = connection.execute("SELECT 1 FROM code WHERE id = ?", (code.id,)).fetchone()
                    fresh = uuid.uuid4().urn if taken_id else code.id
                    self._history.put(words, None, replace(code, id=fresh, modified=now()))
                    added += 1
                    continue
                after = replace(
                    held,
                    color=held.color if code.color is None else code.color,
                    description=code.description or held.description,
                )
                if after == held:
                    unchanged += 1
                else:
                    self._history.put(words, held, replace(after, modified=now()))
                    updated += 1
        return added, unchanged, updated


def renamed(tag: str, old: str, new: str) -> str:
    """What a tag is called when one, and all below that, has another path.

    Raises:
        ValueError: ``new`` is no tag name, or makes it too long.
    """
    old, new = tag_name(old), tag_name(new)
    if not _below(tag, tag_key(old)):
        return tag
    # By levels: folding may change how long a name is.
    return tag_name("/".join([new, *tag.split("/")[old.count("/") + 1 :]]))


def _clean(text: str) -> str:
    """A description as it is stored: trimmed, without what no exchange format can hold."""
    return _UNFIT.sub("", storable(text).replace("\r\n", "\n")).strip()


def _below(name: str, key: str) -> bool:
    """Whether a tag is the one with this key, or stands below it."""
    folded = tag_key(name)
    return folded == key or folded.startswith(f"{key}/")

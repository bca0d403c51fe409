"""The list of all notes: filtered and counted by key, read a screenful at a time.

A hundred thousand annotations are too many to read at one go; their keys are not.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from warreader.index.annotations import store
from warreader.index.annotations.model import Annotation
from warreader.index.storage import Database
from warreader.index.text import fold_marks

_FIELD = re.compile(r'(?:(tag|outlet|date):|(#))(?:"([^"]*)"?|(\S*))', re.IGNORECASE)
_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


class Listed(Protocol):
    """What is known of an article without reading it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def outlet(self) -> str | None:
        """Its outlet."""

    @property
    def date(self) -> str | None:
        """Its date, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notes are wanted; what is ``None`` or empty does not matter.

    Args:
        text: words or parts of words in note or quote.
        tag: this tag or one below it; with a trailing ``*`` any that begins so.
        outlet: part of the outlet's name.
        since: day, month or year the article is at the earliest of, ISO 8601.
        until: the same at the latest.
    """

    text: str = ""
    tag: str | None = None
    outlet: str | None = None
    since: str | None = None
    until: str | None = None

    def __bool__(self) -> bool:
        return any((self.text, self.tag, self.outlet, self.since, self.until))

    def articles(self, known: Iterable[Listed]) -> set[str] | None:
        """Ids of the articles that outlet and date leave, or ``None`` for all."""
        if not (self.outlet or self.since or self.until):
            return None
        outlet = _folded(self.outlet or "")
        return {
            one.id for one in known if self._in_time(one.date or "") and outlet in _folded(one.outlet or "")
        }

    def _in_time(self, date: str) -> bool:
        since, until = self.since or "", self.until or ""
        if not (since or until):
            return True
        return bool(date) and date[: len(since)] >= since and (not until or date[: len(until)] <= until)


def parse(typed: str) -> Wanted:
    """What is typed to filter notes: words, ``#tag`` or ``tag:``, ``outlet:``, ``date:2022-03`` or ``2022..2023``.

    A value with spaces stands in quotation marks. What is no such field is looked for as text.
    """
    fields: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        name = "tag" if found[2] else found[1].lower()
        value = (found[3] if found[3] is not None else found[4]).strip()
        if not value:
            return " "
        if name == "date":
            since, dots, until = value.partition("..")
            if not all(_DAY.fullmatch(day) for day in (since, until) if day):
                return found[0]
            fields.update(since=since, until=until if dots else since)
        else:
            fields[name] = value
        return " "

    text = re.sub(r"(?<!\S)" + _FIELD.pattern, take, typed, flags=_FIELD.flags)
    return Wanted(
        " ".join(text.split()),
        fields.get("tag"),
        fields.get("outlet"),
        fields.get("since") or None,
        fields.get("until") or None,
    )


class Listing:
    """Keys of annotations in order, and the annotations of some keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keys(
        self, wanted: Wanted, articles: Collection[str] | None = None, first: str | None = None
    ) -> tuple[list[str], list[str]]:
        """Keys of the annotations wanted, by article and start: those of one article, and all others.

        Args:
            wanted: the filter.
            articles: ids of the articles its outlet and date leave (:meth:`Wanted.articles`).
            first: id of the article whose annotations are listed apart.
        """
        connection = self._database.connection
        where, values = store.condition(
            connection, tag=wanted.tag, text=wanted.text or None, articles=articles
        )
        here: list[str] = []
        if first is not None:
            here = _listed(connection, f"{where or 'WHERE 1'} AND a.article = ?", (*values, first))
        rest = _listed(connection, where, values)
        # Another process may have written between the two.
        own = set(here)
        return here, [key for key in rest if key not in own] if own else rest

    def some(self, keys: Sequence[str]) -> Mapping[str, Annotation]:
        """The annotations of these keys that are still there."""
        connection = self._database.connection
        wanted = f"[{','.join(keys)}]"
        rows = connection.execute(
            "SELECT key, id FROM annotation WHERE key IN (SELECT value FROM json_each(?))", (wanted,)
        ).fetchall()
        found = store.fetch(connection, "WHERE a.key IN (SELECT value FROM json_each(?))", (wanted,))
        by_id = {annotation.id: annotation for annotation in found}
        return {str(row["key"]): by_id[row["id"]] for row in rows if row["id"] in by_id}

    def key(self, annotation_id: str) -> str | None:
        """The key of an annotation."""
        row = self._database.connection.execute(
            "SELECT key FROM annotation WHERE id = ?", (annotation_id,)
        ).fetchone()
        return None if row is None else str(row["key"])

    def by_article(self) -> dict[str, int]:
        """How many annotations each annotated article has."""
        rows = self._database.connection.execute("SELECT article, count(*) FROM annotation GROUP BY article")
        return {str(row[0]): int(row[1]) for row in rows}

    def about(self, about: str) -> list[Annotation]:
        """Annotations about one thing: :data:`.model.MATCH`, or :data:`.model.ENTITY` with an id."""
        return store.fetch(self._database.connection, "WHERE a.about = ?", (about,))

    def entities(self) -> dict[str, int]:
        """How many annotations are about an entity, by its id."""
        rows = self._database.connection.execute(
            "SELECT about, count(*) FROM annotation WHERE about NOTNULL AND about LIKE 'entity:%' GROUP BY about"
        )
        return {str(row[0]).partition(":")[2]: int(row[1]) for row in rows}


def _listed(connection: sqlite3.Connection, where: str, values: tuple[object, ...]) -> list[str]:
    # As one text: a hundred thousand rows handed over one by one cost twice the search for them.
    (joined,) = connection.execute(
        "SELECT group_concat(key) FROM (SELECT a.key AS key FROM annotation a INDEXED BY annotation_listed"
        f" {where} ORDER BY a.article, a.start, a.end, a.created, a.id)",
        values,
    ).fetchone()
    return joined.split(",") if joined else []


def _folded(text: str) -> str:
    return fold_marks(text).casefold()

"""The articles as a list shows them, read when they come to the screen: a hundred thousand cost their ids alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from warreader.index.moments import moment
from warreader.index.placing import Places
from warreader.index.storage import Database

_AHEAD = 40
"""Articles that are read with the one asked for: those that follow it in the list."""

_KEPT = 4000

# What a list shows stands in an index of its own: nothing is read past the texts.
_SUMMARY = (
    "SELECT key, id, coalesce(title, id), outlet, date, length, coalesce(read, 0), coalesce(starred, 0),"
    " (SELECT count(*) + 1 FROM article AS other"
    " WHERE other.version_of = coalesce(article.version_of, article.key))"
    " FROM article LEFT JOIN reading ON reading.article = article.key"
    " WHERE article.id IN (SELECT value FROM json_each(?))"
)


@dataclass(frozen=True, slots=True)
class Summary:
    """An article as a list shows it. ``length`` is its text's in code points.

    ``versions`` counts the versions that there are of it, itself included;
    ``added`` is when it came, in ISO 8601, where that was asked for.
    """

    key: int
    id: str
    title: str
    outlet: str | None
    date: str | None
    length: int
    read: bool
    starred: bool
    versions: int = 1
    added: str | None = None


class Summaries(Mapping[str, Summary]):
    """The latest versions of all articles by id, newest first, those without a date last as they came.

    ``ids`` are theirs, and ``places`` tells where each stands. Any other article of the library can be looked up
    too. What the reader does meanwhile is told by :meth:`change`. Used from several threads.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        row = database.connection.execute(
            "SELECT json_group_array(id) FROM (SELECT id FROM article WHERE latest = 1"
            f" ORDER BY {moment()} DESC, key LIMIT -1)"
        ).fetchone()
        self.ids: list[str] = json.loads(row[0])
        self._known: dict[str, Summary | None] = {}
        self.places: Mapping[str, int] = Places(self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __contains__(self, article_id: object) -> bool:
        return isinstance(article_id, str) and self._look(article_id) is not None

    def __getitem__(self, article_id: str) -> Summary:
        summary = self._look(article_id)
        if summary is None:
            raise KeyError(article_id)
        return summary

    def _look(self, article_id: str) -> Summary | None:
        if article_id not in self._known:
            self._read([article_id, *self._following(article_id)])
        return self._known.get(article_id)

    def knows(self, article_ids: Iterable[str]) -> bool:
        """Whether these are all at hand; nothing is read."""
        return all(one in self._known for one in article_ids)

    def read(self, article_ids: Iterable[str]) -> None:
        """Have some articles at hand that are about to be shown. Reads: call in a thread."""
        if wanted := [one for one in article_ids if one not in self._known]:
            self._read(wanted)

    def _read(self, wanted: Sequence[str]) -> None:
        rows = self._database.connection.execute(_SUMMARY, (json.dumps(wanted),))
        found: dict[str, Summary] = {}
        for key, name, title, outlet, date, length, read, starred, versions in rows:
            found[name] = Summary(key, name, title, outlet, date, length, bool(read), bool(starred), versions)
        with self._lock:
            if len(self._known) > _KEPT:
                self._known = {}
            for one in wanted:
                self._known.setdefault(one, found.get(one))

    def _following(self, article_id: str) -> list[str]:
        at = self.places.get(article_id)
        return [] if at is None else self.ids[at + 1 : at + _AHEAD]

    def change(self, article_id: str, **changes: Any) -> None:
        """Say at once what the reader did with an article."""
        if (summary := self._look(article_id)) is not None:
            self._known[article_id] = replace(summary, **changes)

    @property
    def has_versions(self) -> bool:
        """Whether there are several versions of any article."""
        row = self._database.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM article WHERE version_of NOTNULL)"
        ).fetchone()
        return bool(row[0])

"""The articles of a library: reading them, storing them, and what the reader did with them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count

from warreader.index.article import Article, Line, LineKind, Metadata
from warreader.index.errors import NotFoundError
from warreader.index.storage import Database

# Newest first; where no date is known, in the order of arrival.
_ORDER = "ORDER BY date IS NULL, date DESC, key"
_META = ("title", "outlet", "author", "date", "url", "language")


@dataclass(frozen=True, slots=True)
class Summary:
    """An article as a list shows it. ``length`` is its text's in code points."""

    key: int
    id: str
    title: str
    outlet: str | None
    date: str | None
    length: int
    read: bool
    starred: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """An article on its way in: normalised text with its lines.

    ``id`` is wanted, not promised. ``stated_id`` is true where the input itself
    gives it: then the same text under another id is another article.
    """

    id: str
    text: str
    lines: Sequence[Line]
    meta: Metadata
    source: str
    stated_id: bool = False


class Outcome(StrEnum):
    """What became of an incoming article."""

    ADDED = "added"
    UPDATED = "updated"
    DUPLICATE = "duplicate"


class Articles:
    """The articles in ``library.sqlite``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __len__(self) -> int:
        return int(self._database.connection.execute("SELECT count(*) FROM article").fetchone()[0])

    def summaries(self) -> list[Summary]:
        """All articles, newest first, those without a date last in the order of arrival."""
        rows = self._database.connection.execute(
            "SELECT key, id, coalesce(title, id) AS title, outlet, date, length,"
            " coalesce(read, 0) AS read, coalesce(starred, 0) AS starred"
            f" FROM article LEFT JOIN reading ON reading.article = article.key {_ORDER}"
        )
        return [
            Summary(
                r["key"],
                r["id"],
                r["title"],
                r["outlet"],
                r["date"],
                r["length"],
                bool(r["read"]),
                bool(r["starred"]),
            )
            for r in rows
        ]

    def get(self, article_id: str) -> Article:
        """The article with this id.

        Raises:
            NotFoundError: there is none.
        """
        row = self._database.connection.execute(
            "SELECT * FROM article WHERE id = ?", (_storable(article_id),)
        ).fetchone()
        if row is None:
            raise NotFoundError(
                f"no article {article_id!r} in this library; list them with: warreader export articles"
            )
        return self._article(row)

    def by_key(self, key: int) -> Article:
        """The article in this row.

        Raises:
            NotFoundError: there is none.
        """
        row = self._database.connection.execute("SELECT * FROM article WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise NotFoundError(f"no article in row {key}")
        return self._article(row)

    def text(self, article_id: str) -> str | None:
        """The stored text, or ``None`` where there is no such article."""
        row = self._database.connection.execute(
            "SELECT text FROM article WHERE id = ?", (_storable(article_id),)
        ).fetchone()
        return None if row is None else str(row["text"])

    def key(self, article_id: str) -> int | None:
        """The row of an article, or ``None``."""
        row = self._database.connection.execute(
            "SELECT key FROM article WHERE id = ?", (_storable(article_id),)
        ).fetchone()
        return None if row is None else int(row["key"])

    def __iter__(self) -> Iterator[Article]:
        keys = [row[0] for row in self._database.connection.execute(f"SELECT key FROM article {_ORDER}")]
        for key in keys:
            yield self.by_key(key)

    def _article(self, row: sqlite3.Row) -> Article:
        lines = self._database.connection.execute(
            "SELECT start, end, kind FROM line WHERE article = ? ORDER BY start", (row["key"],)
        )
        return Article(
            key=row["key"],
            id=row["id"],
            meta=Metadata(*(row[name] for name in _META)),
            source=row["source"],
            text=row["text"],
            lines=tuple(Line(r["start"], r["end"], LineKind(r["kind"])) for r in lines),
        )

    def store(self, incoming: Incoming) -> tuple[Outcome, str]:
        """Store one article with its lines in one transaction.

        The same text under the same id, or without an id of its own from the
        same outlet and url, is a duplicate and skipped. Another text under an id that is taken is kept
        beside the first under an id of its own, made of that id and the text's digest; where it comes
        from the same source it counts as an update, a new version of the first.

        Returns:
            What became of it, and the id it has now.
        """
        digest = hashlib.sha256(incoming.text.encode()).digest()
        with self._database.transaction() as connection:
            if (same := _same(connection, incoming, digest)) is not None:
                return Outcome.DUPLICATE, same
            held = connection.execute(
                "SELECT key, source FROM article WHERE id = ?", (incoming.id,)
            ).fetchone()
            article_id = _free_id(connection, incoming.id, digest)
            update = held is not None and held["source"] == incoming.source
            key = connection.execute(
                "INSERT INTO article (id, title, outlet, author, date, url, language, source, text, length, digest,"
                " added, version_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    article_id,
                    *(getattr(incoming.meta, name) for name in _META),
                    incoming.source,
                    incoming.text,
                    len(incoming.text),
                    digest,
                    datetime.now(UTC).isoformat(timespec="seconds"),
                    held["key"] if update else None,
                ),
            ).lastrowid
            connection.executemany(
                "INSERT INTO line (article, start, end, kind) VALUES (?, ?, ?, ?)",
                [(key, line.start, line.end, line.kind.value) for line in incoming.lines],
            )
        return (Outcome.UPDATED if update else Outcome.ADDED), article_id

    def mark(
        self,
        article_id: str,
        *,
        read: bool | None = None,
        starred: bool | None = None,
        position: int | None = None,
    ) -> None:
        """Note what the reader did: read or not, starred or not, the offset reached; ``None`` leaves it."""
        changes = {
            name: int(value)
            for name, value in (("read", read), ("starred", starred), ("position", position))
            if value is not None
        }
        if not changes:
            return
        columns = ", ".join(changes)
        updates = ", ".join(f"{name} = excluded.{name}" for name in changes)
        with self._database.transaction() as connection:
            connection.execute(
                f"INSERT INTO reading (article, {columns}) SELECT key{', ?' * len(changes)} FROM article WHERE id = ?"
                f" ON CONFLICT (article) DO UPDATE SET {updates}",
                (*changes.values(), _storable(article_id)),
            )

    def position(self, article_id: str) -> int:
        """The offset the reader had reached, 0 at first."""
        row = self._database.connection.execute(
            "SELECT position FROM reading JOIN article ON key = article WHERE id = ?",
            (_storable(article_id),),
        ).fetchone()
        return 0 if row is None else int(row["position"])


def _storable(name: str) -> str:
    """A name as SQLite takes it: an argument's bytes that are no UTF-8 come as lone surrogates."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _ids(wanted: str, digest: bytes) -> Iterator[str]:
    """The ids an article may get, in order of preference: the one wanted, then with its digest, then numbered."""
    versioned = f"{wanted}-{digest.hex()[:8]}"
    yield from (wanted, versioned)
    yield from (f"{versioned}-{number}" for number in count(2))


def _same(connection: sqlite3.Connection, incoming: Incoming, digest: bytes) -> str | None:
    """The id under which the same article is stored already."""
    rows = connection.execute("SELECT id, outlet, url FROM article WHERE digest = ? ORDER BY key", (digest,))
    versioned = f"{incoming.id}-{digest.hex()[:8]}"
    meta = incoming.meta
    for row in rows.fetchall():
        if row["id"] == incoming.id or str(row["id"]).startswith(versioned):
            return str(row["id"])
        if not incoming.stated_id and (row["outlet"], row["url"]) == (meta.outlet, meta.url):
            return str(row["id"])
    return None


def _free_id(connection: sqlite3.Connection, wanted: str, digest: bytes) -> str:
    taken = "SELECT 1 FROM article WHERE id = ?"
    return next(name for name in _ids(wanted, digest) if not connection.execute(taken, (name,)).fetchone())

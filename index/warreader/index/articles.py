"""The articles of a library: reading them, storing them, and what the reader did with them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count

from warreader.index.article import Article, Line, Metadata, lettered, lines_of
from warreader.index.corrections.applying import held_of, ingested
from warreader.index.errors import NotFoundError
from warreader.index.identity import akin, comparable, replaces
from warreader.index.listing import Summaries, Summary
from warreader.index.moments import moment
from warreader.index.storage import Database
from warreader.index.text import storable

# Newest first; where no date is known, in the order of arrival.
_ORDER = f"ORDER BY {moment()} DESC, key"
_META = ("title", "outlet", "author", "date", "url", "language", "agency")

PIPED = "stdin"
"""The source of what came in on standard input."""
COMPARING = ("stories", "fingerprints", "matches")
"""Stages that compare articles with one another; they leave out versions that a newer one has superseded."""

_SUMMARY = (
    "key, id, coalesce(title, id) AS title, outlet, date, length, coalesce(version_of, key) AS first,"
    " coalesce(read, 0) AS read, coalesce(starred, 0) AS starred"
)
_WHOLE = "SELECT *, (SELECT id FROM article AS one WHERE one.key = article.version_of) AS first FROM article"


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
        """The latest versions of all articles, newest first, those without a date last in the order of arrival."""
        rows = self._database.connection.execute(
            f"SELECT {_SUMMARY} FROM article LEFT JOIN reading ON reading.article = article.key"
            f" WHERE latest = 1 {_ORDER}"
        ).fetchall()
        versions = dict(
            self._database.connection.execute(
                "SELECT version_of, count(*) + 1 FROM article WHERE version_of NOTNULL GROUP BY version_of"
            ).fetchall()
        )
        return [_summary(row, versions) for row in rows]

    def ids(self, *, versions: bool = False) -> list[str]:
        """Ids of the latest versions of all articles, or of all versions, newest first."""
        where = "" if versions else "WHERE latest = 1"
        return [
            row[0] for row in self._database.connection.execute(f"SELECT id FROM article {where} {_ORDER}")
        ]

    def listing(self) -> Summaries:
        """The latest versions of all articles in the order of :meth:`summaries`, each read when it is looked at."""
        return Summaries(self._database)

    def versions(self, article_id: str) -> list[Summary]:
        """All versions of an article, in the order in which they came; of any version's id."""
        rows = self._database.connection.execute(
            f"SELECT {_SUMMARY}, added FROM article LEFT JOIN reading ON reading.article = article.key"
            " WHERE coalesce(version_of, key) ="
            " (SELECT coalesce(version_of, key) FROM article WHERE id = ?) ORDER BY key",
            (storable(article_id),),
        ).fetchall()
        return [replace(_summary(row, {}), versions=len(rows), added=row["added"]) for row in rows]

    def get(self, article_id: str) -> Article:
        """The article with this id.

        Raises:
            NotFoundError: there is none.
        """
        row = self._database.connection.execute(f"{_WHOLE} WHERE id = ?", (storable(article_id),)).fetchone()
        if row is None:
            raise _not_found(article_id)
        return self._article(row)

    def by_key(self, key: int) -> Article:
        """The article in this row.

        Raises:
            NotFoundError: there is none.
        """
        row = self._database.connection.execute(f"{_WHOLE} WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise NotFoundError(f"no article in row {key}")
        return self._article(row)

    def text(self, article_id: str) -> str | None:
        """The stored text, or ``None`` where there is no such article."""
        row = self._database.connection.execute(
            "SELECT text FROM article WHERE id = ?", (storable(article_id),)
        ).fetchone()
        return None if row is None else str(row["text"])

    def key(self, article_id: str) -> int | None:
        """The row of an article, or ``None``."""
        row = self._database.connection.execute(
            "SELECT key FROM article WHERE id = ?", (storable(article_id),)
        ).fetchone()
        return None if row is None else int(row["key"])

    def at_address(self, source: str) -> str | None:
        """Id of the article that has this id, or the newest that was taken from this address."""
        if self.key(source) is not None:
            return source
        if (address := comparable(source)) is None:
            return None
        row = self._database.connection.execute(
            "SELECT id FROM article WHERE address = ? ORDER BY latest DESC, key DESC LIMIT 1", (address,)
        ).fetchone()
        return None if row is None else str(row["id"])

    def is_from(self, article_id: str, url: str) -> bool | None:
        """Whether an article was taken from this address; ``None`` where that can't be told."""
        row = self._database.connection.execute(
            "SELECT url, address FROM article WHERE id = ?", (storable(article_id),)
        ).fetchone()
        known = set() if row is None else {comparable(row["url"]), row["address"]} - {None}
        return None if not known or (wanted := comparable(url)) is None else wanted in known

    def with_words(self, words: str) -> Iterator[Article]:
        """The articles, each in its latest version, whose text has these words letter for letter."""
        # SQL's string functions stop at a NUL; what holds one is looked through here.
        rows = self._database.connection.execute(
            "SELECT key FROM article WHERE latest = 1"
            " AND (instr(text, ?) OR instr(CAST(text AS BLOB), x'00')) ORDER BY key",
            (words,),
        )
        for row in rows.fetchall():
            article = self.by_key(row["key"])
            if words in article.text:
                yield article

    def __iter__(self) -> Iterator[Article]:
        keys = [row[0] for row in self._database.connection.execute(f"SELECT key FROM article {_ORDER}")]
        for key in keys:
            yield self.by_key(key)

    def _article(self, row: sqlite3.Row) -> Article:
        return Article(
            key=row["key"],
            id=row["id"],
            meta=Metadata(*(row[name] for name in _META)),
            source=row["source"],
            text=row["text"],
            lines=lines_of(row["text"], row["kinds"]),
            version_of=row["first"],
            latest=bool(row["latest"]),
        )

    def store(self, incoming: Incoming) -> tuple[Outcome, str]:
        """Store one article with its lines in one transaction.

        The same text under the same id, or without an id of its own from the same outlet and url, is a
        duplicate and skipped. Another text under an id that is taken is kept beside the first under an id of
        its own, made of that id and the text's digest. It is a new version of an article that came from the
        same source under the same id, or from the same address with much the same words.

        Returns:
            What became of it, and the id it has now.
        """
        digest = hashlib.sha256(incoming.text.encode()).digest()
        address = comparable(incoming.meta.url)
        with self._database.transaction() as connection:
            if (same := _same(connection, incoming, digest, address)) is not None:
                return Outcome.DUPLICATE, same
            named: sqlite3.Row | None = connection.execute(
                "SELECT key, version_of, source FROM article WHERE id = ?", (incoming.id,)
            ).fetchone()
            before = _earlier(connection, incoming, address, named)
            article_id = incoming.id if named is None else _free_id(connection, incoming.id, digest)
            first = None if before is None else before["version_of"] or before["key"]
            connection.execute(
                f"INSERT INTO article (id, {', '.join(_META)}, source, text, kinds, length, digest, added,"
                f" address, version_of) VALUES (?{', ?' * (len(_META) + 8)})",
                (
                    article_id,
                    *(getattr(incoming.meta, name) for name in _META),
                    incoming.source,
                    incoming.text,
                    lettered(incoming.lines),
                    len(incoming.text),
                    digest,
                    datetime.now(UTC).isoformat(timespec="seconds"),
                    address,
                    first,
                ),
            )
            if before is not None:
                _supersede(connection, before["key"])
        return (Outcome.ADDED if before is None else Outcome.UPDATED), article_id

    def ids_from(self, source: str, articles: int) -> list[str | None]:
        """The ids of the articles that a source gave, in order; ``None`` for each where it isn't so many."""
        if not articles:
            return []
        rows = self._database.connection.execute(
            # One with an id of its own has it behind its source's name.
            "SELECT id FROM article WHERE source = ?1 OR (source >= ?1 || '#' AND source < ?1 || '$') ORDER BY key",
            (source,),
        ).fetchall()
        return [row[0] for row in rows] if len(rows) == articles else [None] * articles

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
                (*changes.values(), storable(article_id)),
            )

    def remove(self, article_id: str) -> None:
        """Take an article out of the library, with all that is derived of it.

        Its other versions stay. Annotations are kept: they stand again where it is added again. Its file is not
        touched, and not read again by itself as long as it is as it was.

        Raises:
            NotFoundError: there is none with this id.
        """
        with self._database.transaction() as connection:
            if (key := self.key(article_id)) is None:
                raise _not_found(article_id)
            _hand_on(connection, key)
            connection.execute("DELETE FROM article WHERE key = ?", (key,))

    def position(self, article_id: str) -> int:
        """The offset the reader had reached, 0 at first."""
        row = self._database.connection.execute(
            "SELECT position FROM reading JOIN article ON key = article WHERE id = ?",
            (storable(article_id),),
        ).fetchone()
        return 0 if row is None else int(row["position"])


def _summary(row: sqlite3.Row, versions: Mapping[int, int]) -> Summary:
    return Summary(
        row["key"],
        row["id"],
        row["title"],
        row["outlet"],
        row["date"],
        row["length"],
        bool(row["read"]),
        bool(row["starred"]),
        versions.get(row["first"], 1),
    )


def _ids(wanted: str, digest: bytes) -> Iterator[str]:
    """The ids an article may get, in order of preference: the one wanted, then with its digest, then numbered."""
    versioned = f"{wanted}-{digest.hex()[:8]}"
    yield from (wanted, versioned)
    yield from (f"{versioned}-{number}" for number in count(2))


def _same(
    connection: sqlite3.Connection, incoming: Incoming, digest: bytes, address: str | None
) -> str | None:
    """The id under which the same article is stored already."""
    rows = connection.execute(
        "SELECT key, id, outlet, url, address FROM article WHERE digest = ? ORDER BY key", (digest,)
    )
    versioned = f"{incoming.id}-{digest.hex()[:8]}"
    meta = incoming.meta
    for row in rows.fetchall():
        if row["id"] == incoming.id or str(row["id"]).startswith(versioned):
            return str(row["id"])
        # As they came in: the reader may have corrected them since.
        held = held_of(connection, row["key"])
        url = ingested(row, held, "url")
        placed = (ingested(row, held, "outlet"), url) == (meta.outlet, meta.url)
        there = address is not None and address in (row["address"], comparable(url))
        if not incoming.stated_id and (placed or there):
            return str(row["id"])
    return None


def _earlier(
    connection: sqlite3.Connection, incoming: Incoming, address: str | None, named: sqlite3.Row | None
) -> sqlite3.Row | None:
    """The latest version of the article of which the incoming one is another, or ``None``.

    Args:
        named: the article that has the id which the incoming one wants.
    """
    if named is not None and named["source"] == incoming.source:
        latest: sqlite3.Row = connection.execute(
            "SELECT key, version_of, text FROM article WHERE +latest = 1 AND (key = :first OR version_of = :first)",
            {"first": named["version_of"] or named["key"]},
        ).fetchone()
        # What comes in on a pipe has no place of its own; a file may have been overwritten with another article.
        same = akin if incoming.source == PIPED else replaces
        if incoming.stated_id or same(latest["text"], incoming.text):
            return latest
    if address is None:
        return None
    rows = connection.execute(
        "SELECT key, version_of, text FROM article WHERE address IN (?, ?) AND +latest = 1 ORDER BY key DESC LIMIT 20",
        (address, incoming.meta.url),
    )
    # An address may be shared by what has nothing else in common: a live page, a crawler's mistake.
    return next((row for row in rows if akin(row["text"], incoming.text)), None)


def _hand_on(connection: sqlite3.Connection, key: int) -> None:
    """Before an article goes: of its other versions the next one is the first, and the one before it the latest."""
    others = [
        int(row[0])
        for row in connection.execute(
            # Asked for by either key by itself, each is looked up; by both at once all articles would be read.
            "WITH first AS (SELECT coalesce(version_of, key) AS key FROM article WHERE key = ?1)"
            " SELECT key FROM article WHERE key = (SELECT key FROM first) AND key <> ?1"
            " UNION SELECT key FROM article WHERE version_of = (SELECT key FROM first) AND key <> ?1 ORDER BY key",
            (key,),
        )
    ]
    if not others:
        return
    connection.execute("UPDATE article SET version_of = ? WHERE version_of = ?", (others[0], key))
    connection.execute("UPDATE article SET version_of = NULL WHERE key = ?", (others[0],))
    connection.execute("UPDATE article SET latest = 1 WHERE key = ? AND latest = 0", (others[-1],))


def _not_found(article_id: str) -> NotFoundError:
    return NotFoundError(
        f"no article {article_id!r} in this library; list them with: warreader export articles"
    )


def _supersede(connection: sqlite3.Connection, key: int) -> None:
    """A newer version has come: this one is no longer compared with other articles, least of all with the newer."""
    connection.execute("UPDATE article SET latest = 0 WHERE key = ?", (key,))
    connection.executemany(
        "DELETE FROM derived WHERE article = ? AND stage = ?", [(key, stage) for stage in COMPARING]
    )


def _free_id(connection: sqlite3.Connection, wanted: str, digest: bytes) -> str:
    taken = "SELECT 1 FROM article WHERE id = ?"
    return next(name for name in _ids(wanted, digest) if not connection.execute(taken, (name,)).fetchone())

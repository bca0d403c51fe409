"""What the reader searched for: queries asked before, and searches kept under a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from warreader.index.search.added import since
from warreader.index.storage import Database
from warreader.index.text import storable

if TYPE_CHECKING:
    from warreader.index.search.arrays import Array

REMEMBERED = 500
"""So many queries are remembered, the latest."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search kept under a name. ``seen`` is the highest article key there was when it was last looked at."""

    key: int
    name: str
    query: str
    seen: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a saved search stands: articles that answer it, and how many of them came since it was looked at.

    ``latest`` is the query that finds those alone, where there are any.
    """

    saved: SavedSearch
    total: int
    new: int
    latest: str | None = None


class Searches:
    """Queries asked before and saved searches, in ``library.sqlite``.

    Args:
        database: ``library.sqlite``.
        matching: gives the keys of all articles that answer a query, in whatever order.
    """

    def __init__(self, database: Database, matching: Callable[[str], Array]) -> None:
        self._database = database
        self._matching = matching

    # history

    def remember(self, query: str) -> None:
        """Note that a query was asked; asked again, it comes first."""
        query = _line(query)
        if not query:
            return
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM query_history WHERE query = ?", (query,))
            connection.execute("INSERT INTO query_history (query, at) VALUES (?, ?)", (query, _now()))
            connection.execute(
                "DELETE FROM query_history WHERE key NOT IN"
                " (SELECT key FROM query_history ORDER BY key DESC LIMIT ?)",
                (REMEMBERED,),
            )

    def recent(self, most: int = 50, begin: str = "") -> list[str]:
        """Queries asked before, the latest first; only those that begin so, case aside."""
        rows = self._database.connection.execute("SELECT query FROM query_history ORDER BY key DESC")
        begin = begin.casefold()
        found = [str(row[0]) for row in rows]
        return [query for query in found if query.casefold().startswith(begin)][:most]

    def forget(self, query: str) -> None:
        """Take a query out of those remembered."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM query_history WHERE query = ?", (_line(query),))

    # saved searches

    def save(self, query: str, name: str = "") -> SavedSearch:
        """Keep a search under a name (the query itself if empty); a name that is taken gets the new query.

        Raises:
            ValueError: the query is empty.
        """
        query = _line(query)
        if not query:
            raise ValueError("an empty query can't be saved; type one first")
        name = _line(name) or query
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO saved_search (name, query, created, seen) VALUES (?, ?, ?,"
                " (SELECT coalesce(max(key), 0) FROM article))"
                " ON CONFLICT (name) DO UPDATE SET query = excluded.query, seen = excluded.seen",
                (name, query, _now()),
            )
            return next(saved for saved in self.saved() if saved.name == name)

    def saved(self) -> list[SavedSearch]:
        """The saved searches, by name."""
        rows = self._database.connection.execute(
            "SELECT key, name, query, seen FROM saved_search ORDER BY name COLLATE NOCASE, name"
        )
        return [SavedSearch(row["key"], row["name"], row["query"], row["seen"]) for row in rows]

    def rename(self, key: int, name: str) -> bool:
        """Give a saved search another name; false if the name is empty or taken."""
        name = _line(name)
        if not name or any(saved.name == name and saved.key != key for saved in self.saved()):
            return False
        with self._database.transaction() as connection:
            connection.execute("UPDATE saved_search SET name = ? WHERE key = ?", (name, key))
        return True

    def delete(self, key: int) -> None:
        """Keep a saved search no longer."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM saved_search WHERE key = ?", (key,))

    def look(self, key: int) -> None:
        """Note that the results are being looked at: what came so far is no longer new."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE saved_search SET seen = (SELECT coalesce(max(key), 0) FROM article) WHERE key = ?",
                (key,),
            )

    def standing(self) -> list[Standing]:
        """How each saved search stands now; asks all of them."""
        found = []
        for saved in self.saved():
            keys = self._matching(saved.query)
            new = int((keys > saved.seen).sum())
            # What is asked for stands last: a mark that isn't closed there takes in no more than it did.
            came = self._next(saved.seen) if new else None
            latest = f"{since(came)} {_as_one(saved.query)}" if came else None
            found.append(Standing(saved, len(keys), new, latest))
        return found

    def _next(self, seen: int) -> str | None:
        """When the first article after that one was added; ``None`` where another process took it out since."""
        query = "SELECT added FROM article WHERE key > ? ORDER BY key LIMIT 1"
        row = self._database.connection.execute(query, (seen,)).fetchone()
        return None if row is None else str(row["added"])

    def removed(self) -> None:
        """Articles were taken out: the keys of the last ones are given again, and what gets them is new."""
        with self._database.transaction() as connection:
            last = connection.execute("SELECT coalesce(max(key), 0) FROM article").fetchone()[0]
            connection.execute("UPDATE saved_search SET seen = ?1 WHERE seen > ?1", (last,))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _line(text: str) -> str:
    """Text on one line, as SQLite takes it."""
    return " ".join(storable(text).split())


def _as_one(query: str) -> str:
    """A query so that others can be wanted beside it."""
    return f"({query})" if " OR " in query else query

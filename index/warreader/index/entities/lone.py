"""Last names that stand alone in an article that doesn't say whose they are: theirs, who alone has one in the library.

That somebody alone has a last name says little in a library of thousands of articles: most who are called so it does
not know in full. So theirs it is only who is named in full in several others. Of such joins in 3,771 articles of five
outlets, read, one in eight was right where one other article had the full name, three in ten where two had, half where
three or four, four in five where more; of 158 given names taken for the last name of somebody not one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from functools import lru_cache

from warreader.index.entities.names import LONE, fold_name

_KNOWN_BY = 3
"""Articles that must have the full name before a last name alone, in another one, is theirs."""

_SHORTEST = 4
"""Letters: a shorter lone name ("Li") is shared by too many to be joined across articles."""

ONLY = "last name that only "
"""What the reason of such a join begins with."""

_BEARERS = """
SELECT key, coalesce(auto_name, name) FROM entity
WHERE surname = :surname AND key NOT IN (SELECT value FROM json_each(:without)) AND (
    key IN (SELECT value FROM json_each(:fresh))
    OR EXISTS (SELECT 1 FROM mention WHERE entity = key AND article <> :article)
    OR EXISTS (SELECT 1 FROM mention_ruled r WHERE r.entity = key AND r.article <> :article))
LIMIT 2
"""
_IN_FULL = """
SELECT count(*) FROM (SELECT DISTINCT article FROM mention
    WHERE entity = ? AND article <> ? AND instr(replace(form, char(160), ' '), ' ') LIMIT ?)
"""
_JOINED = """
SELECT form FROM mention WHERE entity = :key AND reason LIKE :only
UNION ALL SELECT form FROM mention_ruled WHERE entity = :key AND reason LIKE :only LIMIT 1
"""


class LoneNames:
    """Asks the library whose a last name is.

    Args:
        connection: of ``library.sqlite``.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def bearers(
        self,
        surname: str,
        article: int = -1,
        fresh: Collection[int] = (),
        without: Collection[int] = (),
    ) -> list[tuple[int, str]]:
        """Key and name of those whose last name it is, two at most.

        Args:
            article: the article (key) whose mentions say nothing, as they are about to be replaced.
            fresh: whom it names by what is to be stored.
            without: whom to leave out.
        """
        lists = {"fresh": json.dumps(list(fresh)), "without": json.dumps(list(without))}
        rows = self._connection.execute(_BEARERS, {"surname": surname, "article": article} | lists)
        return [(int(row[0]), str(row[1])) for row in rows]

    def meant(self, surname: str, article: int = -1, fresh: Collection[int] = ()) -> tuple[int, str] | None:
        """Key and name of who is meant by a last name alone, and why; ``None`` where nobody can say."""
        bearers = self.bearers(surname, article, fresh)
        if len(bearers) != 1 or len(surname) < _SHORTEST or surname in _given_names():
            return None
        key, name = bearers[0]
        known = self._connection.execute(_IN_FULL, (key, article, _KNOWN_BY)).fetchone()[0]
        return (key, f"{ONLY}{name} has in this library") if known >= _KNOWN_BY else None

    def entity(self, surname: str) -> int | None:
        """The entity that a last name is where nobody can say whose."""
        row = self._connection.execute(
            "SELECT key FROM entity WHERE match = ?", (f"{LONE}{surname}",)
        ).fetchone()
        return None if row is None else int(row[0])

    def joined(self, key: int) -> str | None:
        """A form that stands alone and was taken for this person, as for the only one of that name."""
        row = self._connection.execute(_JOINED, {"key": key, "only": f"{ONLY}%"}).fetchone()
        return None if row is None else str(row[0])

    def surnames(self, keys: Collection[int]) -> list[tuple[int, str]]:
        """Those of these entities that have a last name, with it."""
        rows = self._connection.execute(
            "SELECT key, surname FROM entity WHERE key IN (SELECT value FROM json_each(?)) AND surname NOTNULL",
            (json.dumps(sorted(keys)),),
        )
        return [(int(row[0]), str(row[1])) for row in rows.fetchall()]


@lru_cache(maxsize=1)
def _given_names() -> frozenset[str]:
    from warreader.index.entities.lexicon import lexicon

    return frozenset(map(fold_name, lexicon().words["first_names"]))

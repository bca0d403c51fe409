"""Pairs of which the tier hangs on who else has their words: told anew when that changes.

Whether words are an idiom, or a formula used on each occasion, is seen in who has their fingerprints, and that changes
with every article. So a pair is stored with what it is in each case, and with the fingerprints that decide; what was
found of each of these is kept. An article that comes or goes has only its own fingerprints looked at, and only where
what is found of one is another now, the pairs that hang on it: whatever came first, the same is told in the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from sqlite3 import Connection, Row
from statistics import median

import numpy as np

from warreader.index.article import Tier
from warreader.index.matching.fingerprints import Prints, distinct, gram_hashes
from warreader.index.matching.formulas import BACKGROUND, apart
from warreader.index.matching.gram_index import GramIndex
from warreader.index.matching.pairing import AT
from warreader.index.matching.schema import DATED
from warreader.index.matching.sides import day
from warreader.index.storage import Database

IDIOM = 60
"""Places of a fingerprint from which on a short run is an idiom, if all of its fingerprints are in so many."""

TOGETHER = 1000
"""Fingerprints looked at in one transaction."""

MANY = 300
"""Articles that changed from which on all fingerprints are looked at."""

EVERYWHERE = 1
OTHERS = 2
_OCCASION = 4
"""What is found of a fingerprint, as one number: whether it is everywhere, whether more than two articles have it, and
occasions counted in this."""


class Worn:
    """The pairs of one library that hang on others, for one thread."""

    def __init__(self, database: Database, grams: GramIndex) -> None:
        self._database = database
        self._grams = grams

    def refresh(self) -> None:
        """Tell anew what changed since. Cut off anywhere, the next time goes on."""
        connection = self._database.connection
        changed = connection.execute("SELECT count(*), max(rowid) FROM changed_wording").fetchone()
        due = [int(row[0]) for row in connection.execute("SELECT hash FROM wear WHERE state IS NULL")]
        if changed[0] > MANY:
            due = [int(row[0]) for row in connection.execute("SELECT hash FROM wear")]
        elif changed[0]:
            due += self._touched()
        due = sorted({*due})
        for at in range(0, len(due), TOGETHER):
            with self._database.transaction():
                self._look(due[at : at + TOGETHER])
        if changed[0]:
            with self._database.transaction():
                connection.execute("DELETE FROM changed_wording WHERE rowid <= ?", (changed[1],))

    def _touched(self) -> list[int]:
        """The fingerprints on which a pair hangs that articles which changed have, or had."""
        connection = self._database.connection
        rows = connection.execute(
            "SELECT coalesce(changed.words, wording.words), iif(changed.words ISNULL, prints, NULL)"
            " FROM changed_wording AS changed LEFT JOIN wording USING (article)"
        ).fetchall()
        found: list[int] = []
        for words, prints in rows:
            if words is not None:
                # While its fingerprints wait it is known which it has, of all that it might have.
                numbers = np.frombuffer(words, "<u4")
                hashes = distinct(
                    np.sort(gram_hashes(numbers)) if prints is None else Prints.unpack(prints).hashes
                )
                asked = json.dumps(hashes.tolist())
                known = connection.execute(
                    "SELECT hash FROM json_each(?) CROSS JOIN wear ON hash = value", (asked,)
                )
                found += [int(row[0]) for row in known]
        return found

    def _look(self, hashes: Sequence[int]) -> None:
        """See what is found of fingerprints now, and tell the pairs anew of which that is another."""
        connection = self._database.connection
        rows = connection.execute(
            "SELECT hash, state FROM wear WHERE hash IN (SELECT value FROM json_each(?))"
            " AND EXISTS (SELECT 1 FROM worn_print WHERE worn_print.hash = wear.hash)",
            (json.dumps(hashes),),
        ).fetchall()
        known = {int(row[0]): row[1] for row in rows}
        connection.executemany(
            "DELETE FROM wear WHERE hash = ?", [(one,) for one in hashes if one not in known]
        )
        news = [(state, value) for value, state in self._found([*known]) if state != known[value]]
        connection.executemany("UPDATE wear SET state = ? WHERE hash = ?", news)
        touched = connection.execute(
            "SELECT DISTINCT worn_pair.* FROM worn_print JOIN worn_pair ON key = pair"
            " WHERE hash IN (SELECT value FROM json_each(?))",
            (json.dumps([value for _, value in news]),),
        ).fetchall()
        for row in touched:
            _tell(connection, row)

    def _found(self, hashes: Sequence[int]) -> Iterator[tuple[int, int]]:
        """What is found of fingerprints now."""
        rows = self._grams.holders(np.array(sorted(hashes), np.int64))
        held: dict[int, list[int]] = {value: [] for value in hashes}
        for value, article in rows[:, :2].tolist():
            held[value].append(article)
        articles = json.dumps(np.unique(rows[:, 1]).tolist())
        dates = {
            row[0]: found.toordinal()
            for row in self._database.connection.execute(
                f"SELECT key, date FROM {DATED} WHERE key IN (SELECT value FROM json_each(?))", (articles,)
            )
            if (found := day(row[1])) is not None
        }
        for value, holders in held.items():
            occasions = apart(sorted({dates[key] for key in holders if key in dates}))
            held_by = EVERYWHERE * (len(holders) > IDIOM) + OTHERS * (len({*holders}) > 2)
            yield value, held_by + _OCCASION * min(occasions, BACKGROUND)


def _tell(connection: Connection, row: Row) -> None:
    """Have ``pair`` say what a pair is now."""
    states = [
        found[0]
        for found in connection.execute(
            "SELECT state FROM worn_print JOIN wear USING (hash) WHERE pair = ?", (row["key"],)
        )
    ]
    tier = row["base"]
    # Of what is still to be looked at this is told anew.
    if None not in states:
        occasions = [state // _OCCASION for state in states]
        if row["occasions"] and median(occasions) >= row["occasions"]:
            # What the two alone have besides is more than a formula.
            told = min(occasions) > 1 if tier == Tier.SURE else all(state & OTHERS for state in states)
            tier = _less(tier, row["often"]) if told else tier
        if all(state & EVERYWHERE for state in states):
            tier = _less(tier, row["worn"])
    ends = tuple(row)[1:7]
    stored = connection.execute(f"SELECT tier FROM pair WHERE {AT}", ends).fetchone()
    if (stored and stored[0]) == tier:
        return
    connection.execute(f"DELETE FROM pair WHERE {AT}", ends)
    if tier is not None:
        connection.execute(
            "INSERT INTO pair VALUES (?,?,?,?,?,?,?,?,?,?)",
            (*ends, row["kind"], tier, row["score"], row["words"]),
        )


def _less(one: str | None, two: str | None) -> str | None:
    return None if one is None or two is None else min(one, two)

"""Verifying a library. It reports; rebuilding is :meth:`warreader.index.library.Library.check`'s."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from warreader.index.article import lettered, lines_of
from warreader.index.errors import LibraryError
from warreader.index.rescuing import promise
from warreader.index.storage import Database

if TYPE_CHECKING:
    from warreader.index.library import Library

_AGAIN = {
    "entities": ("entities", "quotations", "fingerprints", "matches"),
    "quotations": ("quotations", "fingerprints", "matches"),
    "matches": ("fingerprints", "matches"),
}
"""What is derived again where something of a stage doesn't stand in the text."""

_PLACES = (
    ("entities", "SELECT start, end, form FROM mention WHERE article = :article"),
    (
        "quotations",
        "SELECT start, end, NULL FROM quotation WHERE article = :article"
        " UNION ALL SELECT cue_start, cue_end, NULL FROM quotation WHERE article = :article AND cue_start NOTNULL"
        " UNION ALL SELECT speaker_start, speaker_end, NULL FROM quotation"
        " WHERE article = :article AND speaker_start NOTNULL",
    ),
    (
        "matches",
        "SELECT one_start, one_end, NULL FROM pair WHERE one = :article"
        " UNION ALL SELECT two_start, two_end, NULL FROM pair WHERE two = :article",
    ),
)
"""Where what is derived says it stands in an article, with its wording where that is kept."""


def check(library: Library, database: Database) -> list[str]:
    """What is wrong with a library, one line each."""
    name = database.path.name
    if problems := database.problems():
        # Nothing else of this process has the file open while it is gone through.
        database.close()
        remedy = f"restore it from a backup{promise(database.path)}"
        return [f"{name}: {problem}; {remedy}" for problem in problems]
    found = [f"{name}: {problem}" for problem in _articles(database)]
    found += [f"{name}: {problem}; run: warreader check --repair" for problem in _misplaced(database)]
    found += [f"search: {problem}; run: warreader check --repair" for problem in library.search.check()]
    try:
        annotations = library.annotations
    except LibraryError as error:
        return [*found, str(error)]
    return found + [f"annotations.sqlite: {problem}" for problem in annotations.check(library.articles.text)]


def unmake(database: Database) -> None:
    """Take back whatever of the derived the texts don't bear out, so that it is due; lines are made anew at once.

    It is looked for outside of transactions, as that may take minutes: what is found is taken back one by one.
    """
    from warreader.index.ingest.lines import classify

    for key, _, text in _badly_lined(database):
        kinds = lettered(classify(text))
        with database.transaction() as connection:
            connection.execute("UPDATE article SET kinds = ? WHERE key = ? AND text = ?", (kinds, key, text))
            connection.execute("DELETE FROM derived WHERE article = ?", (key,))
    for key, _, stage in _astray(database):
        with database.transaction() as connection:
            connection.executemany(
                "DELETE FROM derived WHERE article = ? AND stage = ?",
                [(key, again) for again in _AGAIN[stage]],
            )


def _articles(database: Database) -> list[str]:
    found = [
        f"article {row['id']}: its text is not what was stored; restore the file from a backup"
        for row in _one_by_one(database, "id, text, digest")
        if hashlib.sha256(row["text"].encode()).digest() != row["digest"]
    ]
    found += [
        f"article {article_id}: its lines don't cover its text; run: warreader check --repair"
        for _, article_id, _ in _badly_lined(database)
    ]
    return found


def _badly_lined(database: Database) -> Iterator[tuple[int, str, str]]:
    """Key, id and text of every article whose stored line kinds are not those of its text's lines."""
    for row in _one_by_one(database, "key, id, text, kinds"):
        try:
            lines_of(row["text"], row["kinds"])
        except ValueError:
            yield row["key"], row["id"], row["text"]


def _one_by_one(database: Database, columns: str) -> Iterator[sqlite3.Row]:
    """All articles, each read when it comes: a corpus is larger than memory, and others write meanwhile."""
    for (key,) in database.connection.execute("SELECT key FROM article ORDER BY key").fetchall():
        row = database.connection.execute(f"SELECT {columns} FROM article WHERE key = ?", (key,)).fetchone()
        if row is not None:
            yield row


def _misplaced(database: Database) -> list[str]:
    return [
        f"article {article_id}: {stage} that don't stand in its text"
        for _, article_id, stage in _astray(database)
    ]


def _astray(database: Database) -> Iterator[tuple[int, str, str]]:
    """Key and id of every article with something derived that its text doesn't bear out, and the stage of that."""
    for row in _one_by_one(database, "key, id, text"):
        # In Python: SQL's own string functions stop at a NUL, which a text may hold.
        text = row["text"]
        for stage, query in _PLACES:
            places = database.connection.execute(query, {"article": row["key"]})
            if any(not _stands(text, *place) for place in places):
                yield row["key"], row["id"], stage


def _stands(text: str, start: int, end: int, form: str | None) -> bool:
    return 0 <= start < end <= len(text) and form in (None, text[start:end])

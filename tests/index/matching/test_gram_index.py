"""The index of fingerprints holds the same however they came into it, and nothing of what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from warreader.index.matching import gram_index
from warreader.index.matching.fingerprints import Prints, gram_hashes
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database

ARTICLES = 150
WORDS = 30


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A library of articles that all share some runs of words, and have some of their own."""
    opened = Database(tmp_path / "library.sqlite", LIBRARY_MIGRATIONS)
    for key in range(1, ARTICLES + 1):
        opened.connection.execute(
            "INSERT INTO article (key, id, source, text, length, digest, added) VALUES (?, ?, '', '', 0, x'', '')",
            (key, str(key)),
        )
    yield opened
    opened.close()


def put(database: Database, key: int) -> None:
    """An article's words and fingerprints wait to be entered."""
    words = np.array([*range(10), *range(100 * key, 100 * key + WORDS - 10)], np.uint32)
    hashes = gram_hashes(words)
    order = np.argsort(hashes, kind="stable")
    prints = Prints(hashes[order], 4 * order.astype(np.int64))
    database.connection.execute(
        "INSERT INTO wording VALUES (?, ?, x'', x'', ?)", (key, words.astype("<u4").tobytes(), prints.pack())
    )


def held(database: Database) -> list[tuple[int, bytes]]:
    """All that the index holds."""
    return [tuple(row) for row in database.connection.execute("SELECT hash, held FROM gram ORDER BY hash")]


def test_one_by_one_or_many_at_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in range(1, ARTICLES + 1):
        put(database, key)
        gram_index.update(database)
    single = held(database)
    database.connection.execute("DELETE FROM gram")
    database.connection.execute("DELETE FROM wording")
    database.connection.execute("DELETE FROM unprinted")
    monkeypatch.setattr(gram_index, "MANY", 10)
    for key in range(1, ARTICLES + 1):
        put(database, key)
    gram_index.update(database)
    assert held(database) == single
    # What everybody has is held of so many, and no more.
    assert max(len(row[1]) for row in single) == 8 * gram_index.HOLDERS


def test_what_is_known_of_one_that_was_entered_is_what_is_held(database: Database) -> None:
    for key in range(1, 20):
        put(database, key)
    assert gram_index.update(database) == {}
    put(database, 20)
    entered = gram_index.update(database)[20]
    looked_up = gram_index.lookup(database.connection, entered[:, 0])
    assert sorted(map(tuple, entered.tolist())) == sorted(map(tuple, looked_up.tolist()))
    assert (np.diff(entered[:, 0]) >= 0).all()


def test_what_a_run_that_was_cut_off_has_entered_is_not_entered_again(database: Database) -> None:
    for key in range(1, 30):
        put(database, key)
    waiting = database.connection.execute("SELECT article, prints FROM wording").fetchall()
    gram_index.update(database)
    before = held(database)
    database.connection.executemany(
        "UPDATE wording SET prints = ? WHERE article = ?",
        [(row["prints"], row["article"]) for row in waiting],
    )
    gram_index.update(database)
    assert held(database) == before


def test_nothing_stays_of_an_article_that_is_gone(database: Database) -> None:
    for key in (1, 2):
        put(database, key)
    gram_index.update(database)
    before = held(database)
    put(database, 3)
    gram_index.update(database)
    assert held(database) != before
    database.connection.execute("DELETE FROM article WHERE key = 3")
    gram_index.update(database)
    assert held(database) == before
    database.connection.execute("DELETE FROM article")
    gram_index.update(database)
    assert held(database) == []

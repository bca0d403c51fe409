"""The index of fingerprints holds the same however they came into it, and nothing of what is gone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import getrandbits
from sqlite3 import Connection
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from warreader.index.matching import gram_index, presence
from warreader.index.matching.fingerprinting import STAMP_BITS
from warreader.index.matching.fingerprints import BITS, QUOTED, Hashes, Prints, gram_hashes
from warreader.index.matching.gram_index import GramIndex
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


def put(database: Database, key: int, prints: Prints | None = None) -> Prints:
    """An article's words are there, and its fingerprints wait."""
    words = np.array([*range(10), *range(100 * key, 100 * key + WORDS - 10)], np.uint32)
    if prints is None:
        hashes = gram_hashes(words)
        order = np.argsort(hashes, kind="stable")
        prints = Prints(hashes[order], 4 * order.astype(np.int64))
    database.connection.execute("DELETE FROM wording WHERE article = ?", (key,))
    database.connection.execute(
        "INSERT INTO wording VALUES (?, ?, x'', x'', ?, ?)",
        (key, words.astype("<u4").tobytes(), prints.pack(), getrandbits(STAMP_BITS) + 1),
    )
    return prints


def held(database: Database) -> list[tuple[int, bytes]]:
    """All that has been merged."""
    return [tuple(row) for row in database.connection.execute("SELECT hash, held FROM gram ORDER BY hash")]


def looked_up(index: GramIndex, hashes: Hashes) -> list[list[int]]:
    """What is found of fingerprints that are all quoted, by an article that is not among those that are found."""
    found = index.lookup(0, Prints(hashes, np.full(len(hashes), QUOTED))).tolist()
    return [row for row in found if row[1]]


def merge(database: Database) -> None:
    """Have all merged that waits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gram_index, "MANY", 0)
        GramIndex(database).update()
    assert not waiting(database)


def waiting(database: Database) -> list[int]:
    """The articles that wait."""
    return [row[0] for row in database.connection.execute("SELECT article FROM wording WHERE prints NOTNULL")]


def test_one_by_one_or_many_at_once(database: Database) -> None:
    for key in range(1, ARTICLES + 1):
        put(database, key)
        merge(database)
    single = held(database)
    database.connection.execute("DELETE FROM gram")
    database.connection.execute("DELETE FROM wording")
    database.connection.execute("DELETE FROM unprinted")
    for key in range(1, ARTICLES + 1):
        put(database, key)
    merge(database)
    assert held(database) == single
    # What everybody has is held of so many, and no more.
    assert max(len(row[1]) for row in single) == 8 * gram_index.HOLDERS


def test_a_few_more_are_merged_as_all_together_are(database: Database) -> None:
    for key in range(1, ARTICLES + 1):
        put(database, key)
    merge(database)
    together = held(database)
    database.connection.execute("DELETE FROM gram")
    database.connection.execute("DELETE FROM wording")
    database.connection.execute("DELETE FROM unprinted")
    for key in range(1, ARTICLES - 3):
        put(database, key)
    merge(database)
    for key in range(ARTICLES - 3, ARTICLES + 1):
        put(database, key)
    merge(database)
    assert held(database) == together


@pytest.mark.parametrize("before", [0, 40, 95])
def test_in_however_many_ranges_it_is_merged(
    database: Database, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    found = []
    for piece, fetched in ((1000, 1000), (1, 3)):
        monkeypatch.setattr(gram_index, "PIECE", piece)
        monkeypatch.setattr(gram_index, "FETCHED", fetched)
        for table in ("gram", "gram_bits", "wording", "unprinted"):
            database.connection.execute(f"DELETE FROM {table}")
        for first, last in ((1, before), (before + 1, 100)):
            for key in range(first, last + 1):
                put(database, key)
            merge(database)
        bits = database.connection.execute(
            "SELECT part, held, quoted FROM gram_bits ORDER BY part"
        ).fetchall()
        found.append((held(database), [tuple(row) for row in bits]))
    assert found[0] == found[1]
    assert found[0][0]


@pytest.mark.parametrize("merged", [0, 1, 5, 17, ARTICLES - 1, ARTICLES])
def test_what_waits_is_found_as_what_was_merged(database: Database, merged: int) -> None:
    hashes = np.sort(np.concatenate([put(database, key).hashes for key in range(1, ARTICLES + 1)]))
    merge(database)
    expected = looked_up(GramIndex(database), hashes)
    assert len(expected) > ARTICLES
    database.connection.execute("DELETE FROM gram")
    database.connection.execute("DELETE FROM wording")
    database.connection.execute("DELETE FROM unprinted")
    for key in range(1, merged + 1):
        put(database, key)
    merge(database)
    index = GramIndex(database)
    for key in range(merged + 1, ARTICLES + 1):
        put(database, key)
        if key % 7 == 0:
            looked_up(index, hashes[:5])
    assert looked_up(index, hashes) == expected


def test_one_that_waits_is_followed(database: Database) -> None:
    index = GramIndex(database)
    prints = {key: put(database, key) for key in range(1, 9)}
    own = {key: np.setdiff1d(prints[key].hashes, prints[key % 8 + 1].hashes) for key in prints}
    assert all({row[1] for row in looked_up(index, own[key])} == {key} for key in prints)
    # Derived anew, with other words; and gone.
    words = database.connection.execute("SELECT prints FROM wording WHERE article = 3").fetchone()[0]
    database.connection.execute(
        "UPDATE wording SET prints = ?, stamp = stamp + 1 WHERE article = 4", (words,)
    )
    database.connection.execute("DELETE FROM article WHERE key = 5")
    assert {row[1] for row in looked_up(index, own[3])} == {3, 4}
    assert looked_up(index, own[4]) == looked_up(index, own[5]) == []
    # Merged by somebody else.
    merge(database)
    assert {row[1] for row in looked_up(index, own[3])} == {3, 4}
    assert looked_up(index, own[5]) == []


def test_few_wait_and_many_are_merged(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gram_index, "MANY", 10)
    for key in range(1, 11):
        put(database, key)
    GramIndex(database).update()
    assert len(waiting(database)) == 10
    assert held(database) == []
    put(database, 11)
    GramIndex(database).update()
    assert waiting(database) == []
    assert held(database)


def test_a_run_that_was_cut_off(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = np.sort(np.concatenate([put(database, key).hashes for key in range(1, 30)]))
    found = looked_up(GramIndex(database), hashes)
    anew, parts = gram_index._write_anew, iter(range(7))

    def cut(connection: Connection, rows: NDArray[np.int64], ends: tuple[int, int]) -> None:
        if next(parts, None) is None:
            raise KeyboardInterrupt
        anew(connection, rows, ends)

    with monkeypatch.context() as patch:
        patch.setattr(gram_index, "_write_anew", cut)
        with pytest.raises(KeyboardInterrupt):
            merge(database)
    assert held(database)
    assert len(waiting(database)) == 29
    # What is in both is found once.
    assert sorted(looked_up(GramIndex(database), hashes)) == sorted(found)
    # And one that goes meanwhile leaves nothing behind.
    put(database, 30)
    database.connection.execute("DELETE FROM article WHERE key = 29")
    merge(database)
    gone = [row for row in found if row[1] == 29]
    assert gone
    left = looked_up(GramIndex(database), hashes)
    assert [row for row in left if row[1] != 30] == [row for row in found if row[1] != 29]


def test_files_that_a_killed_run_left_go_with_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gram_index, "MANY", 10)
    folder = database.path.parent
    sort_out, left = gram_index._sort_out, folder / "left"

    def sorting(*given: Any) -> None:
        sort_out(*given)
        # What stands there when a run is killed now.
        (made,) = folder.glob("library.sqlite-sorting-*")
        if not left.exists():
            shutil.copytree(made, left)

    monkeypatch.setattr(gram_index, "_sort_out", sorting)
    for keys in (range(1, 20), range(20, 40)):
        for key in keys:
            put(database, key)
        if left.exists():
            left.rename(folder / "library.sqlite-sorting-abcdefgh")
        GramIndex(database).update()
        assert not list(folder.glob("library.sqlite-sorting-*"))


def test_nothing_stays_of_an_article_that_is_gone(database: Database) -> None:
    for key in (1, 2):
        put(database, key)
    merge(database)
    before = held(database)
    put(database, 3)
    merge(database)
    assert held(database) != before
    database.connection.execute("DELETE FROM article WHERE key = 3")
    merge(database)
    assert held(database) == before
    database.connection.execute("DELETE FROM article")
    merge(database)
    assert held(database) == []


@pytest.mark.parametrize("merged", [0, 40, 99, 120])
def test_all_that_counts_is_found(database: Database, monkeypatch: pytest.MonkeyPatch, merged: int) -> None:
    monkeypatch.setattr(presence, "LEAST", 1 << 12)  # So few that many a bit stands for several.
    draw = np.random.default_rng(merged)
    common = draw.integers(0, 1 << BITS, 400)
    held: dict[int, Prints] = {}
    for key in range(1, ARTICLES + 1):
        hashes = np.concatenate((draw.choice(common, 6), draw.integers(0, 1 << BITS, 20)))
        held[key] = Prints(np.sort(hashes), 4 * draw.permutation(26) + draw.integers(0, 2, 26))
    for key, prints in list(held.items())[:120]:
        put(database, key, prints)
        if key == merged:
            merge(database)
    index = GramIndex(database)
    rows = {
        (value, key, place)
        for key in range(1, 121)
        for value, place in zip(held[key].hashes.tolist(), held[key].places.tolist(), strict=True)
    }
    left_out = 0
    for key in range(100, ARTICLES + 1):
        own = held[key]
        quoted = set(own.hashes[own.places & QUOTED > 0].tolist())
        found = set(map(tuple, index.lookup(key, own).tolist()))
        others = {row for row in rows if row[1] != key and row[0] in own.hashes.tolist()}
        counts = {row for row in others if row[0] in quoted or row[2] & QUOTED}
        assert counts <= {row for row in found if row[1] != key} <= others
        assert {(h, p) for h, k, p in found if k == key} == set(
            zip(own.hashes.tolist(), own.places.tolist(), strict=True)
        )
        left_out += len(others) - len(found) + len(own.hashes)
    assert merged < 99 or left_out


def test_an_index_without_bits_gets_them(database: Database) -> None:
    for key in range(1, 30):
        put(database, key)
    merge(database)
    complete = database.connection.execute("SELECT part, held, quoted FROM gram_bits").fetchall()
    database.connection.execute("DELETE FROM gram_bits")
    index = GramIndex(database)
    index.update()
    written = database.connection.execute("SELECT part, held, quoted FROM gram_bits").fetchall()
    assert [tuple(row) for row in written] == [tuple(row) for row in complete]


def test_a_library_that_grows_gets_more_bits(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "LEAST", 1 << 12)
    monkeypatch.setattr(presence, "EACH", 256)
    sizes = set()
    hashes = []
    for key in range(1, ARTICLES + 1):
        hashes.append(put(database, key).hashes)
        if key in (10, 80, ARTICLES):
            merge(database)
            rows = database.connection.execute("SELECT DISTINCT length(held), length(quoted) FROM gram_bits")
            ((held, quoted),) = rows.fetchall()
            assert held == quoted
            sizes.add(held)
            found = looked_up(GramIndex(database), np.sort(np.concatenate(hashes)))
            assert {row[1] for row in found} == set(range(1, key + 1))
    assert len(sizes) == 3

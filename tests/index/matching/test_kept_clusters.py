"""What the library keeps of clusters is what all its pairs come to, however they came and went."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warreader.index.article import MatchKind, Scope
from warreader.index.matching.clustering import Reader
from warreader.index.matching.kept import Kept
from warreader.index.rulings.following import Changed
from warreader.index.rulings.model import Ruling
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database

ARTICLES = 14

Change = Callable[[Database], None]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A library file, emptied by whoever uses it."""
    return Database(tmp_path_factory.mktemp("kept") / "library.sqlite", LIBRARY_MIGRATIONS)


def emptied(database: Database) -> None:
    """No articles but plain ones, of two outlets."""
    connection = database.connection
    for table in (
        "article",
        "cluster",
        "unclustered",
        "changed_pair",
        "broken_cluster",
        "ruling_in_force",
    ):
        connection.execute(f"DELETE FROM {table}")
    for key in range(ARTICLES):
        store_article(database, key)


def store_article(database: Database, key: int) -> None:
    """One article with a text long enough for every place."""
    database.connection.execute(
        "INSERT OR IGNORE INTO article (key, id, outlet, source, text, length, digest, added)"
        " VALUES (?, ?, ?, '', ?, 100, x'', '')",
        (key, str(key), "Alpha" if key < 11 else "Beta", "x" * 100),
    )


def pair(
    one: int, one_start: int, one_length: int, two: int, two_start: int, two_length: int, score: int
) -> Change:
    """Two places become a pair."""
    kind = list(MatchKind)[score % len(MatchKind)].value

    def change(database: Database) -> None:
        for key in (one, two):
            store_article(database, key)
        sides = sorted(((one, one_start, one_start + one_length), (two, two_start, two_start + two_length)))
        database.connection.execute(
            "INSERT INTO pair VALUES (?,?,?,?,?,?,?,?,?,7) ON CONFLICT DO UPDATE"
            " SET score = max(score, excluded.score), tier = max(tier, excluded.tier)",
            (*sides[0], *sides[1], kind, "possible" if score == 0 else "sure", float(score)),
        )

    return change


def deleted(key: int) -> Change:
    """An article goes."""
    return lambda database: void(database.connection.execute("DELETE FROM article WHERE key = ?", (key,)))


def unpaired(key: int) -> Change:
    """All pairs of an article go."""
    return lambda database: void(
        database.connection.execute("DELETE FROM pair WHERE one = :k OR two = :k", {"k": key})
    )


def parted(number: int) -> Change:
    """One pair of all goes."""

    def change(database: Database) -> None:
        pairs = database.connection.execute("SELECT * FROM pair").fetchall()
        if pairs:
            database.connection.execute(
                "DELETE FROM pair"
                " WHERE one = ? AND one_start = ? AND one_end = ? AND two = ? AND two_start = ? AND two_end = ?",
                pairs[number % len(pairs)][:6],
            )

    return change


def moved(key: int, outlet: str) -> Change:
    """An article turns out to be another outlet's."""
    return lambda database: void(
        database.connection.execute("UPDATE article SET outlet = ? WHERE key = ?", (outlet, key))
    )


def ruled(verb: str, one: int, two: int, at: int) -> Change:
    """The reader rejects or joins two places, as :meth:`.Matches.follow` has it known."""

    def change(database: Database) -> None:
        places = [{"article": str(key), "start": at, "end": at + 10, "exact": "x" * 10} for key in (one, two)]
        database.connection.execute(
            "INSERT INTO ruling_in_force (id, kind, verb, data, modified) VALUES (?, 'match', ?, ?, '')"
            " ON CONFLICT DO UPDATE SET verb = excluded.verb",
            (f"{one} {two} {at}", *_stored(verb, places)),
        )
        database.connection.executemany("INSERT OR IGNORE INTO unclustered VALUES (?)", [(one,), (two,)])

    return change


def _stored(verb: str, places: list[dict[str, object]]) -> tuple[str, str]:
    """Verb and data of a ruling; ``out`` is a rejection by which the first place leaves."""
    data: dict[str, object] = {"places": places}
    if verb == "out":
        return "reject", json.dumps(data | {"out": places[0]})
    return verb, json.dumps(data)


def obeyed(verb: str, one: int, two: int, at: int) -> Change:
    """The reader rules on two places, or takes a ruling back: that of another library than :func:`ruled` notes."""

    def change(database: Database) -> None:
        places = [{"article": str(key), "start": at, "end": at + 10, "exact": "x" * 10} for key in (one, two)]
        stands = {
            row["id"]: Ruling("match", row["verb"], json.loads(row["data"]), row["modified"])
            for row in database.connection.execute("SELECT * FROM ruling_in_force WHERE modified <> ''")
        }
        named, data = _stored(verb, places)
        new = Ruling("match", named, json.loads(data), f"{len(stands):06} {one} {two} {at}")
        changed: Changed = (None, new)
        if new.id in stands:
            changed = (stands[new.id], None)
        with database.transaction() as connection:
            connection.execute("DELETE FROM ruling_in_force WHERE id = ?", (new.id,))
            if changed[1] is not None:
                connection.execute(
                    "INSERT INTO ruling_in_force (id, kind, verb, data, modified) VALUES (?, 'match', ?, ?, ?)",
                    (new.id, named, data, new.modified),
                )
            Kept(database).follow(connection, [changed])

    return change


def refreshed(database: Database) -> None:
    """What changed so far is clustered."""
    Kept(database).refresh()


def void(_: object) -> None:
    """A change returns nothing."""


KEYS = st.integers(0, ARTICLES - 1)
TWO_KEYS = st.tuples(KEYS, KEYS).filter(lambda keys: keys[0] != keys[1])
AT = st.integers(0, 6).map(lambda n: 8 * n)
PAIRS = st.builds(
    lambda keys, *rest: pair(keys[0], rest[0], rest[1], keys[1], *rest[2:]),
    TWO_KEYS,
    AT,
    st.integers(4, 30),
    AT,
    st.integers(4, 30),
    st.integers(0, 5),
)
SAME_PLACE = st.builds(
    lambda keys, score: pair(keys[0], 0, 10, keys[1], 0, 10, score), TWO_KEYS, st.integers(0, 5)
)
CHANGES = st.one_of(
    PAIRS,
    SAME_PLACE,
    st.builds(deleted, KEYS),
    st.builds(unpaired, KEYS),
    st.builds(parted, st.integers(0, 30)),
    st.builds(moved, KEYS, st.sampled_from(["Alpha", "Beta"])),
    st.builds(
        lambda verb, keys, at: ruled(verb, keys[0], keys[1], at),
        st.sampled_from(["reject", "out", "join", "none"]),
        TWO_KEYS,
        AT,
    ),
    st.builds(
        lambda verb, keys, at: obeyed(verb, keys[0], keys[1], at),
        st.sampled_from(["reject", "out", "join"]),
        TWO_KEYS,
        AT,
    ),
    st.just(refreshed),
)


def kept(database: Database) -> list[tuple[object, ...]]:
    """The clusters that are kept, with what is told of them."""
    connection = database.connection
    return sorted(
        (
            sorted(
                tuple(place)
                for place in connection.execute(
                    "SELECT article, start, end FROM cluster_place WHERE cluster = ?", (row["key"],)
                )
            ),
            row["kind"],
            row["score"],
            row["articles"],
        )
        for row in connection.execute("SELECT * FROM cluster").fetchall()
    )


def made_from_nothing(database: Database) -> list[tuple[object, ...]]:
    """The same as all pairs together come to."""
    keys = [int(row[0]) for row in database.connection.execute("SELECT key FROM article ORDER BY key")]
    return sorted(
        (
            [tuple(spot) for spot in cluster.spots],
            cluster.kind.value,
            cluster.score,
            len({spot.article for spot in cluster.spots}),
        )
        for cluster in Reader(database.connection).clusters(keys, Scope.CROSS)
    )


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, max_size=60))
def test_kept_clusters_are_those_of_all_pairs(database: Database, changes: list[Change]) -> None:
    emptied(database)
    for change in changes:
        change(database)
    refreshed(database)
    assert kept(database) == made_from_nothing(database)
    assert not Kept(database).due


NEAR_BY = st.builds(
    lambda keys, *rest: pair(keys[0], rest[0], 12, keys[1], rest[1], 12, rest[2]),
    TWO_KEYS,
    st.integers(0, 14),
    st.integers(0, 14),
    st.integers(1, 5),
)
RULINGS = st.builds(
    lambda verb, keys, at: obeyed(verb, keys[0], keys[1], at),
    st.sampled_from(["reject", "out", "out", "join"]),
    TWO_KEYS,
    st.sampled_from([0, 6]),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.one_of(SAME_PLACE, NEAR_BY), min_size=4, max_size=40),
    st.lists(RULINGS, min_size=1, max_size=8),
    st.booleans(),
)
def test_rulings_one_after_the_other_divide_clusters_as_all_together_do(
    database: Database, pairs: list[Change], rulings: list[Change], first_first: bool
) -> None:
    emptied(database)
    for change in pairs:
        change(database)
    refreshed(database)
    for change in [*rulings, *(rulings if first_first else rulings[::-1])]:
        change(database)
        refreshed(database)
        assert kept(database) == made_from_nothing(database)


def test_what_was_rejected_comes_back_where_another_cluster_holds_words_of_its_place(
    database: Database,
) -> None:
    emptied(database)
    for change in (
        pair(0, 0, 10, 1, 0, 10, 1),
        pair(2, 0, 12, 3, 0, 12, 1),
        pair(3, 7, 12, 1, 0, 12, 1),
        refreshed,
    ):
        change(database)
    before = kept(database)
    for _ in range(2):
        obeyed("reject", 1, 3, 6)(database)
        refreshed(database)
        assert kept(database) == made_from_nothing(database)
    assert kept(database) == before


LOSSES = st.lists(
    st.one_of(st.builds(deleted, KEYS), st.builds(parted, st.integers(0, 30)), st.builds(unpaired, KEYS)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NEAR_BY, min_size=5, max_size=30), LOSSES, st.lists(NEAR_BY, max_size=3), LOSSES)
def test_what_a_cluster_loses_is_taken_out_of_it(
    database: Database, first: list[Change], lost: list[Change], more: list[Change], again: list[Change]
) -> None:
    emptied(database)
    for step in (first, [*lost, *more], again, [*more, *lost]):
        for change in step:
            change(database)
        refreshed(database)
        assert kept(database) == made_from_nothing(database)


def test_a_cluster_tells_no_more_what_only_two_articles_had_that_both_went(database: Database) -> None:
    emptied(database)
    for change in (
        pair(0, 0, 12, 1, 0, 12, 1),
        pair(0, 0, 12, 3, 0, 12, 2),
        pair(1, 0, 12, 2, 0, 12, 1),
        refreshed,
    ):
        change(database)
    deleted(0)(database)
    deleted(3)(database)
    refreshed(database)
    assert kept(database) == made_from_nothing(database)


def test_a_large_cluster_is_divided_where_it_was_held_together_by_one_pair(database: Database) -> None:
    emptied(database)
    half = ARTICLES // 2
    for one in range(ARTICLES):
        for two in range(one + 1, ARTICLES):
            if (one < half) == (two < half):
                pair(one, 0, 20, two, 0, 20, 3)(database)
    bridge = pair(half - 1, 0, 20, half, 0, 20, 5)
    bridge(database)
    refreshed(database)
    (whole,) = kept(database)
    database.connection.execute("DELETE FROM pair WHERE one = ? AND two = ?", (half - 1, half))
    refreshed(database)
    parts = kept(database)
    assert whole[2] == 5 and [part[2:] for part in parts] == [(3, half), (3, ARTICLES - half)]
    bridge(database)
    refreshed(database)
    assert kept(database) == [whole]


def test_a_change_leaves_clusters_that_share_an_article_alone(database: Database) -> None:
    emptied(database)
    for key in range(1, ARTICLES):
        # Article 0 shares a place of its own with each of the others, and they another with one another.
        pair(0, 7 * (key - 1), 6, key, 0, 6, 3)(database)
        pair(key, 50, 6, 1 + key % (ARTICLES - 1), 50, 6, 3)(database)
    refreshed(database)
    before = {row[0] for row in database.connection.execute("SELECT key FROM cluster")}
    pair(0, 0, 6, 2, 90, 6, 3)(database)
    refreshed(database)
    joined = {row[0] for row in database.connection.execute("SELECT key FROM cluster")}
    assert len(before) == ARTICLES and joined == before
    database.connection.execute("DELETE FROM pair WHERE one = 0 AND two = 2 AND two_start = 90")
    refreshed(database)
    after = {row[0] for row in database.connection.execute("SELECT key FROM cluster")}
    assert after == before


def test_a_library_of_the_version_before_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    old = Database(path, LIBRARY_MIGRATIONS[:3])
    old.connection.execute(
        "INSERT INTO article (key, id, source, text, length, digest, added) VALUES (1, 'a', '', 'x', 1, x'', ''),"
        " (2, 'b', '', 'x', 1, x'', '')"
    )
    old.connection.execute("INSERT INTO pair VALUES (1, 0, 1, 2, 0, 1, 'exact', 'sure', 1.0, 7)")
    old.connection.execute("INSERT INTO unclustered VALUES (1)")
    old.close()
    new = Database(path, LIBRARY_MIGRATIONS)
    refreshed(new)
    assert len(kept(new)) == 1 and kept(new) == made_from_nothing(new)
    new.close()

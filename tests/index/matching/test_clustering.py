"""Which clusters are read beside which."""

from __future__ import annotations

import pytest

from warreader.index.article import Scope, Tier
from warreader.index.matching.clustering import Reader
from warreader.index.storage import Database


@pytest.mark.parametrize(("length", "told"), [(100, True), (39, True), (25, False), (20, False)])
def test_a_sure_match_hides_a_possible_one_of_which_it_is_most(
    database: Database, length: int, told: bool
) -> None:
    database.connection.executemany(
        "INSERT INTO article (key, id, source, text, length, digest, added) VALUES (?, ?, '', ?, 200, x'', '')",
        [(key, str(key), "x" * 200) for key in (1, 2)],
    )
    for end, tier in ((20, Tier.SURE), (length, Tier.POSSIBLE)):
        database.connection.execute(
            "INSERT OR REPLACE INTO pair VALUES (1, 0, ?, 2, 0, ?, 'exact', ?, 1.0, 6)",
            (end, end, tier.value),
        )
    if length == 20:
        database.connection.execute("INSERT INTO pair VALUES (1, 0, 20, 2, 0, 19, 'exact', 'sure', 1.0, 6)")
    found = list(Reader(database.connection).clusters([1], Scope.CROSS, Tier.POSSIBLE))
    assert bool(found) is told

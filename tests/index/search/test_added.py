"""``added:``: when articles came into the library."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.index.search.conftest import Shelf


@pytest.fixture
def kyiv(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of who asks is two hours ahead of the one articles are stored by."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "XXX-2")
        time.tzset()
        yield
    time.tzset()


def came(shelf: Shelf, id: str, added: str) -> None:
    """An article came then."""
    key = shelf.add(id, "tanks")
    with shelf.database.transaction() as connection:
        connection.execute("UPDATE article SET added = ? WHERE key = ?", (added, key))


@pytest.mark.usefixtures("kyiv")
@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("added:2024", "abcd"),
        ("added:2024-05", "abc"),
        ("added:2024-05-01", "a"),
        # Half past eleven in the evening, elsewhere, is the next day.
        ("added:2024-05-02", "bc"),
        ("added:2024-05-02T01:30", "b"),
        ("added:2024-05-02T01:30:20", ""),
        ("added:2024-05-02T02:00..", "cd"),
        ("added:..2024-05-01", "a"),
        ("added:2024-06..2024-05-02", "bcd"),
        ("added:2023", ""),
        ("added:2025..", ""),
        ("tanks -added:2024-05", "d"),
    ],
)
def test_articles_are_found_by_when_they_came(shelf: Shelf, clause: str, found: str) -> None:
    came(shelf, "a", "2024-05-01T12:00:00+00:00")
    came(shelf, "b", "2024-05-01T23:30:10+00:00")
    came(shelf, "c", "2024-05-02T09:00:00+00:00")
    came(shelf, "d", "2024-06-01T09:00:00+00:00")
    assert "".join(sorted(shelf.found(clause))) == found


def test_what_came_today_is_found(shelf: Shelf) -> None:
    now = datetime.now(UTC)
    came(shelf, "old", (now - timedelta(days=2)).isoformat(timespec="seconds"))
    came(shelf, "new", now.isoformat(timespec="seconds"))
    assert shelf.found("tanks added:today") == ["new"]


@pytest.mark.parametrize("wrong", ["soon", "2024-13", "2024-02-30", "..", "2024-05-01T25:00"])
def test_what_is_no_time_is_told(shelf: Shelf, wrong: str) -> None:
    came(shelf, "a", "2024-05-01T12:00:00+00:00")
    result = shelf.search.search(f"added:{wrong}")
    assert result.total == 0 and result.problem is not None and "added: is followed by" in result.problem


@pytest.mark.parametrize("query", ["tanks", "tanks OR guns", 'tanks OR "guns', "(tanks OR guns"])
def test_of_a_saved_search_what_is_new_is_found_alone(shelf: Shelf, query: str) -> None:
    came(shelf, "a", "2024-05-01T12:00:00+00:00")
    shelf.search.update()
    saved = shelf.search.searches.save(query)
    assert [one.latest for one in shelf.search.searches.standing()] == [None]
    came(shelf, "b", "2024-05-02T12:00:00+00:00")
    came(shelf, "c", "2024-05-03T12:00:00+00:00")
    shelf.search.update()
    (standing,) = shelf.search.searches.standing()
    assert standing.new == 2 and standing.latest is not None
    assert sorted(shelf.found(standing.latest)) == ["b", "c"]
    shelf.search.searches.look(saved.key)
    assert [one.latest for one in shelf.search.searches.standing()] == [None]

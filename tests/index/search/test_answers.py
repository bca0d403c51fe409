"""All articles that answer, as other panes and orders take them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from warreader.index.search.catalogue import Catalogues, Order, change_count

if TYPE_CHECKING:
    from tests.index.search.conftest import Shelf


@pytest.fixture
def five(shelf: Shelf) -> Shelf:
    shelf.add("a", "tanks tanks tanks", title="“Zebra crossing”", outlet="BBC", date="2022-03-30T10:00:00Z")
    shelf.add("b", "tanks here", title="apples", outlet="cnn", date="2022-03-30T09:00:00Z")
    shelf.add("c", "tanks there", title="Bread", date="2022-03")
    shelf.add("d", "tanks tanks", title="bread", outlet="BBC", date="2021")
    shelf.add("e", "the tanks", outlet="Al Jazeera")
    shelf.search.update()
    return shelf


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (Order.NEWEST, "cabde"),
        (Order.OLDEST, "dbace"),
        (Order.OUTLET, "eadbc"),
        (Order.TITLE, "bcdea"),
    ],
)
def test_orders(five: Shelf, order: Order, ids: str) -> None:
    for query in ("tanks", "is:unread"):
        found = five.search.search(query, order=order)
        assert "".join(hit.id for hit in found.hits) == ids
        assert found.total == 5
        assert "".join(five.search.ids(five.search.answer(query, order=order).keys)) == ids
    scores = {hit.id: hit.score for hit in five.search.search("tanks").hits}
    assert {hit.id: hit.score for hit in five.search.search("tanks", order=order).hits} == scores
    first = five.search.search("tanks", limit=2, order=order)
    assert "".join(hit.id for hit in first.hits) == ids[:2] and first.total == 5


def test_an_answer_is_what_is_listed(five: Shelf) -> None:
    for query in ("tanks", "tanks -there", "outlet:bbc", "date:2022"):
        listed = [hit.id for hit in five.search.search(query).hits]
        answer = five.search.answer(query)
        assert five.search.ids(answer.keys) == listed
        assert len(answer) == len(listed) == len(json.loads(answer.json))
    assert len(five.search.answer("nothing")) == 0 and five.search.answer("").understood == ""
    assert five.search.answer("wrong:field").problem


def test_articles_that_come_change_or_go_are_noticed(five: Shelf) -> None:
    catalogues = Catalogues(five.database)
    first = catalogues.now()
    assert catalogues.now() is first
    with five.database.transaction() as connection:
        connection.execute("INSERT INTO reading (article, read) SELECT key, 1 FROM article")
    assert catalogues.now() is first
    five.add("f", "tanks", outlet="New")
    assert catalogues.now().ids == list("abcdef")
    with five.database.transaction() as connection:
        connection.execute("UPDATE article SET date = '2023' WHERE id = 'e'")
        connection.execute("DELETE FROM article WHERE id = 'a'")
    five.search.update()
    assert "".join(five.search.ids(five.search.answer("tanks", order=Order.NEWEST).keys)) == "ecbdf"


def test_mentions_are_counted_by_every_change(five: Shelf) -> None:
    entity, other = five.entity("E1", "Kyiv", "GPE"), five.entity("E2", "Lviv", "GPE")
    seen = [change_count(five.database, "mention")]
    five.mention(1, 0, "Kyiv", entity, "GPE")
    seen.append(change_count(five.database, "mention"))
    for statement in (f"UPDATE mention SET entity = {other}", "DELETE FROM article WHERE id = 'a'"):
        with five.database.transaction() as connection:
            connection.execute(statement)
        seen.append(change_count(five.database, "mention"))
    assert len(set(seen)) == 4


def test_an_empty_library_has_orders_too(shelf: Shelf) -> None:
    shelf.search.update()
    for order in Order:
        assert shelf.search.search("NOT a", order=order).hits == ()

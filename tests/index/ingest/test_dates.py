"""Days that stand in the address of a page."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.articles import Incoming
from warreader.index.ingest.dates import day_in_address
from warreader.index.ingest.pieces import Piece
from warreader.index.ingest.preparing import prepare


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://news.example/2024/9/6/a-title", "2024-09-06"),
        ("https://news.example/world/2024/sep/06/a-title", "2024-09-06"),
        ("https://news.example/2022-03-01/a-title", "2022-03-01"),
        ("https://news.example/2022/03/01", "2022-03-01"),
        # No day, or none of a calendar, or one to come.
        ("https://news.example/2022/03/a-title", None),
        ("https://news.example/2022/02/30/a-title", None),
        ("https://news.example/2099/02/03/a-title", None),
        ("https://news.example/1/2/3", None),
        ("https://news.example/2022/031/01/x", None),
        ("https://news.example/x?published=/2022/03/01/", None),
        ("https://[broken/2022/03/01/", None),
    ],
)
def test_the_day_in_an_address(address: str, day: str | None) -> None:
    assert day_in_address(address) == day


@given(st.text())
def test_any_text_may_stand_for_an_address(text: str) -> None:
    found = day_in_address(f"https://news.example/2022/{text}")
    assert found is None or date.fromisoformat(found).year == 2022


def test_what_states_its_date_keeps_it() -> None:
    def stored(record: bytes) -> str | None:
        (item,) = prepare(Piece("record", record, "a.jsonl", "line 1", "a.jsonl", "a"))
        assert isinstance(item, Incoming)
        return item.meta.date

    address = b'"url": "https://news.example/2022/03/01/a"'
    assert stored(b'{"text": "Words.", ' + address + b"}") == "2022-03-01"
    assert stored(b'{"text": "Words.", "date": "2022-02-27", ' + address + b"}") == "2022-02-27"

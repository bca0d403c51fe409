"""In which order articles appeared, whatever zone their dates are stated in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.ingest.dates import iso_date
from warreader.index.library import Library
from warreader.index.moments import UNKNOWN, begin, moment, surely_first
from warreader.index.quotations.spoken import Asked
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.search.catalogue import Order
from warreader.index.storage import Database

SAID = "“We will rebuild every bridge, every school and every hospital that the invader destroyed in this valley,”"


def of(date: str | None) -> int | None:
    """The moment of a date."""
    found: int | None = sqlite3.connect(":memory:").execute(f"SELECT {moment('?1')}", (date,)).fetchone()[0]
    return found


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2022-03-02T04:30:00+02:00", 20220302023000),
        ("2022-03-01T22:00:00-05:00", 20220302030000),
        ("2022-03-01T22:00:00Z", 20220301220000),
        ("2022-03-01T22:00:00", 20220301220000),
        ("2022-03-01T22:00", 20220301220000),
        ("2022-03-01T22:00:00.999999+00:00", 20220301220000),
        ("2022-03-01", 20220301240000),
        ("2022-03", 20220332000000),
        ("2022", 20221300000000),
        # What SQLite knows no zone of is as good as without.
        ("2022-03-01T22:00:00+15:00", 20220301220000),
        ("1900-03-01T22:00:00+02:02:04", 19000301220000),
        ("9999-12-31T23:00:00-05:00", 99991231230000),
        ("now", None),
        ("9/6/17", None),
        ("", None),
        (None, None),
    ],
)
def test_moments(date: str | None, expected: int | None) -> None:
    assert of(date) == expected


@given(st.datetimes(datetime(1600, 1, 2), datetime(9999, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_a_stated_time_is_its_moment_in_utc(local: datetime, minutes: int) -> None:
    stated = local.replace(tzinfo=timezone(timedelta(minutes=minutes)), microsecond=0)
    date = iso_date(stated.isoformat())
    found = of(date)
    assert found == int(stated.astimezone(UTC).strftime("%Y%m%d%H%M%S").zfill(14))
    day = of(stated.astimezone(UTC).date().isoformat())
    assert found is not None and day is not None and begin(day) <= found < day


def test_what_says_less_stands_after_what_says_more_and_is_never_told_as_first() -> None:
    said = ["2022-03-01T23:59:59", "2022-03-01", "2022-03-31", "2022-03", "2022-12-31", "2022-12", "2022"]
    moments = [of(date) or UNKNOWN for date in said]
    assert moments == sorted(moments) and moments[-1] < (of("2023-01-01T00:00:00") or 0) < UNKNOWN
    assert surely_first(of("2022-03-01T10:00"), [of("2022-03-01T10:01"), of("2022-03-02"), of("2022-04")])
    assert surely_first(of("2022-03-01"), [of("2022-03-02T00:00"), of("2022-03-02")])
    assert surely_first(of("2022"), [of("2023")])
    for others in (["2022-03-01"], ["2022-03"], ["2022"], ["2022-03-01T10:00"], [None]):
        assert not surely_first(of("2022-03-01T10:00"), [of(date) for date in others])
    assert not surely_first(of("2022-03-01"), [of("2022-03-01")])
    assert not surely_first(None, [])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """One quotation at four times, of which the text of the date tells another order."""
    folder = tmp_path_factory.mktemp("zones")
    file = folder / "articles.jsonl"
    dates = {
        "new-york": "2022-03-01T22:00:00-05:00",
        "kyiv": "2022-03-02T04:30:00+02:00",
        "day": "2022-03-02",
        "undated": None,
        "before": "2022-02-28T23:30:00-05:00",
    }
    rows = [
        {
            "id": name,
            "date": date,
            "title": f"Title {at}",
            "outlet": f"Outlet {at}",
            "text": f"Report number {at} from {name} begins in its own way.\n\n{SAID} the governor of {name} said.",
        }
        for at, (name, date) in enumerate(dates.items())
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    with Library(folder / "library") as opened:
        opened.add([file])
        yield opened


IN_TIME = ["before", "kyiv", "new-york", "day"]


def test_lists_begin_with_what_appeared_last(library: Library) -> None:
    newest = [*reversed(IN_TIME), "undated"]
    assert [one.id for one in library.articles.summaries()] == newest
    assert list(library.articles.listing()) == newest
    for asked in (Asked(), Asked(words="bridge")):
        assert [one.article for one in library.quotations.find(asked)] == newest
        assert [one.article for one in library.quotations.find(asked, limit=2, offset=1)] == newest[1:3]
    assert [hit.id for hit in library.search.search("bridge", order=Order.NEWEST).hits] == newest
    assert [hit.id for hit in library.search.search("bridge", order=Order.OLDEST).hits] == [
        *IN_TIME,
        "undated",
    ]
    assert library.articles.get("kyiv").meta.date == "2022-03-02T04:30:00+02:00"


def test_dates_that_are_asked_for_and_months_are_those_stated(library: Library) -> None:
    assert {hit.id for hit in library.search.search("bridge date:2022-02").hits} == {"before"}
    assert {hit.id for hit in library.search.search("bridge date:2022-03-01").hits} == {"new-york"}
    facet = next(
        one for one in library.search.facets.of(library.search.answer("bridge").keys) if one.field == "date"
    )
    assert [(value.name, value.articles) for value in facet.values] == [("2022-03", 3), ("2022-02", 1)]


def test_places_of_a_match_are_in_order_of_time_and_the_first_is_told_where_it_is_certain(
    library: Library,
) -> None:
    (match,) = library.matches.all()
    assert [one.article for one in match.members] == [*IN_TIME, "undated"]
    # The undated one may have been earlier.
    compared = library.matches.compare(match)
    assert compared is not None and not any(one.first for one in compared.variants)
    (row,) = library.matches.repeated().rows
    assert (row.first.article, row.last, row.certain) == ("before", "2022-03-02", False)
    assert row.match == match.id
    library.corrections.set_meta("undated", "date", "2022-03-02")
    try:
        library.update()
        compared = library.matches.compare(match.id)
        assert compared is not None
        assert [(one.article, one.first) for one in compared.variants][:2] == [
            ("before", True),
            ("kyiv", False),
        ]
        (row,) = library.matches.repeated().rows
        assert (row.first.article, row.certain) == ("before", True)
    finally:
        library.annotations.undo()
        library.update()


def test_a_library_from_before_there_were_moments_is_listed_by_them(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    before = Database(path, LIBRARY_MIGRATIONS[:9])
    for name, date in (("kyiv", "2022-03-02T04:30:00+02:00"), ("new-york", "2022-03-01T22:00:00-05:00")):
        before.connection.execute(
            "INSERT INTO article (id, date, source, text, kinds, length, digest, added)"
            " VALUES (?, ?, ?, '', '', 0, x'00', '')",
            (name, date, name),
        )
    before.close()
    with Library(tmp_path) as library:
        assert [one.id for one in library.articles.summaries()] == ["new-york", "kyiv"]
        plan = library.articles._database.connection.execute(
            f"EXPLAIN QUERY PLAN SELECT id FROM article WHERE latest = 1 ORDER BY {moment()} DESC, key"
        ).fetchall()
        assert "COVERING INDEX article_listed" in plan[0]["detail"]

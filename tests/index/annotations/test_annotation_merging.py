"""Exchange between libraries whose clocks are wrong: the last change counts, and none outdoes all later ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from warreader.index import stamps
from warreader.index.article import Line, LineKind, Metadata
from warreader.index.articles import Incoming
from warreader.index.gestures import ahead
from warreader.index.library import Library
from warreader.index.rulings.model import Ruling
from warreader.index.rulings.records import read
from warreader.index.stamps import later_than, now, stamp
from warreader.index.text import line_spans

TEXT = "Shelling hit the station at dawn, officials said.\n"
FAR = "9999-12-31T23:59:59.999999Z"


class LongAgo(datetime):
    """A clock that was set back."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> LongAgo:
        return cls(2001, 1, 1, tzinfo=tz)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as opened:
        lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(TEXT))
        opened.articles.store(Incoming("a", TEXT, lines, Metadata(title="Raw"), "a", stated_id=True))
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "other") as opened:
        lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(TEXT))
        opened.articles.store(Incoming("a", TEXT, lines, Metadata(title="Raw"), "a", stated_id=True))
        yield opened


def set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "datetime", LongAgo)


def rename(library: Library, name: str) -> Ruling:
    entity = {"name": "Kiev", "label": "GPE"}
    return library.rulings.put("entity", "rename", words="renamed", entity=entity, name=name)


def pin(library: Library, name: str) -> Ruling:
    entity = {"name": name, "label": "GPE"}
    return library.rulings.put("entity", "pin", words="pinned", form=name, entity=entity)


def test_later_than_is_later_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert later_than("2001-01-01T00:00:00.000000Z") > "2020"
    set_back(monkeypatch)
    assert later_than("2022-03-01T09:30:00.999999Z") == "2022-03-01T09:30:01.000000Z"
    assert later_than(FAR) == FAR


def test_a_note_changed_after_the_clock_was_set_back_reaches_another_library(
    library: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = library.annotations.add("a", TEXT, 0, 8, note="first", tags=["one"])
    other.annotations.merge(library.annotations.all())
    set_back(monkeypatch)
    library.annotations.update(made.id, note="second")
    assert other.annotations.merge(library.annotations.all()) == (0, 0, 1)
    library.annotations.book.rename("one", "two")
    assert other.annotations.merge(library.annotations.all()) == (0, 0, 1)
    (found,) = other.annotations.all()
    assert (found.note, found.tags) == ("second", ("two",))


def test_a_correction_changed_after_the_clock_was_set_back_reaches_another_library(
    library: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.corrections.set_meta("a", "title", "First")
    other.corrections.merge(library.corrections.all())
    set_back(monkeypatch)
    library.corrections.set_meta("a", "title", "Second")
    assert other.corrections.merge(library.corrections.all()) == (0, 0, 1)
    assert other.articles.get("a").title == "Second"


def test_a_ruling_changed_after_the_clock_was_set_back_is_the_last_and_reaches_another_library(
    library: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(library, "Kyjiw")
    kept = pin(library, "Lviv")
    other.rulings.merge(library.rulings.all())
    set_back(monkeypatch)
    changed, new = rename(library, "Kyiv"), pin(library, "Odesa")
    assert other.rulings.merge(library.rulings.all()) == (1, 1, 1)
    assert library.rulings.of("entity") == other.rulings.of("entity") == [kept, changed, new]


def test_rulings_written_by_hand_without_a_date_are_made_when_they_are_taken_in(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = rename(library, "Kyjiw")
    set_back(monkeypatch)
    entity = "{name: %s, label: GPE}"
    lines = [
        f"- {{ruling: entity, verb: rename, entity: {entity % name}, name: Kyiv}}"
        for name in ("Z", "Kiev", "A")
    ]
    assert library.rulings.merge(read("\n".join(lines))) == (2, 0, 1)
    stands = library.rulings.of("entity")
    assert [one.data["entity"]["name"] for one in stands] == ["Z", "Kiev", "A"]
    assert all(one.modified > held.modified for one in stands)


def test_what_is_dated_in_the_future_is_made_now_and_replaces_nothing(
    library: Library, other: Library
) -> None:
    made = library.annotations.add("a", TEXT, 0, 8, note="first")
    from_afar = [replace(made, note="far", created=FAR, modified=FAR)]
    assert ahead(from_afar) == 1
    assert other.annotations.merge(from_afar) == (1, 0, 0)
    (found,) = other.annotations.all()
    assert found.created == found.modified <= now()
    other.annotations.update(made.id, note="mine")
    assert other.annotations.merge(from_afar) == (0, 1, 0)
    assert library.annotations.merge(other.annotations.all()) == (0, 0, 1)
    assert library.annotations.get(made.id).note == "mine"


def test_a_clock_that_is_a_little_fast_is_none_to_speak_of(library: Library) -> None:
    made = library.annotations.add("a", TEXT, 0, 8, note="first")
    soon = replace(made, note="second", modified=stamp(datetime.now(UTC) + timedelta(hours=1)))
    assert ahead([soon]) == 0
    assert library.annotations.merge([soon]) == (0, 0, 1)

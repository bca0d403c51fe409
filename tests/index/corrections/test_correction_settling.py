"""Corrections that come into a library where their articles have other ids, and other articles theirs."""

from __future__ import annotations

from pathlib import Path

from tests.index.conftest import Made

from warreader.index.annotations.sniffing import Merged
from warreader.index.exporting import export
from warreader.index.importing import reading
from warreader.index.library import Library

BRIDGE = {
    "id": "033",
    "text": "The bridge is closed.\n",
    "outlet": "Courier",
    "url": "https://example.org/bridge",
}
FAIR = {"id": "033", "text": "The fair has opened.\n", "outlet": "Herald", "url": "https://example.org/fair"}


def _taken_in(ours: Library, other: Library) -> Merged:
    data = "\n".join(export(ours, "corrections")).encode()
    done = reading(Path("corrections.jsonl"), data)(other)
    other.corrections.apply()
    return done


def test_another_article_of_the_same_id_stays_as_it_is(made: Made) -> None:
    ours, other = made(BRIDGE), made(FAIR)
    ours.corrections.set_meta("033", "outlet", "Evening Courier")
    ours.corrections.set_meta("033", "date", "2022-03-01")
    done = _taken_in(ours, other)
    assert (done.added, done.missing) == (0, {BRIDGE["url"]: 2})
    meta = other.articles.get("033").meta
    assert (meta.outlet, meta.date) == ("Herald", None)


def test_an_article_of_another_id_is_known_by_its_address(made: Made) -> None:
    ours, other = made(BRIDGE), made(FAIR, BRIDGE | {"id": "b"})
    ours.corrections.set_meta("033", "outlet", "Evening Courier")
    # Its address, too, may be what was wrong.
    ours.corrections.set_meta("033", "url", "https://example.org/new")
    assert _taken_in(ours, other).added == 2
    assert other.articles.get("033").meta.outlet == "Herald"
    meta = other.articles.get("b").meta
    assert (meta.outlet, meta.url) == ("Evening Courier", "https://example.org/new")


def test_without_addresses_what_stood_there_tells_another_article(made: Made) -> None:
    bridge, fair = ({name: one[name] for name in ("id", "text", "outlet")} for one in (BRIDGE, FAIR))
    ours, other, same = made(bridge), made(fair), made(bridge)
    ours.corrections.set_meta("033", "outlet", "Evening Courier")
    assert _taken_in(ours, other).missing == {"033": 1}
    assert other.articles.get("033").meta.outlet == "Herald"
    assert _taken_in(ours, same).added == 1
    assert same.articles.get("033").meta.outlet == "Evening Courier"


def test_a_correction_waits_for_its_article_and_comes_home(made: Made) -> None:
    ours, other = made(BRIDGE), made(FAIR | {"id": "f"})
    ours.corrections.set_meta("033", "outlet", "Evening Courier")
    assert _taken_in(ours, other).added == 1
    done = _taken_in(other, ours)
    assert (done.added, done.unchanged, done.missing) == (0, 1, {})

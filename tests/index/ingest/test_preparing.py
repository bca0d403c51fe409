"""Pieces made ready in other processes: order, and what becomes of a piece that kills or stalls."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from warreader.index.article import Failure, Metadata
from warreader.index.articles import Incoming
from warreader.index.errors import InputError
from warreader.index.ingest import formats, preparing
from warreader.index.ingest.pieces import Piece, Raw
from warreader.index.ingest.preparing import Crew, Prepared, prepare


def _page(name: str) -> Piece:
    words = " ".join(f"On day {n} the port of {name} was shelled again, officials said." for n in range(30))
    page = f"<html><head><title>{name}</title></head><body><article><p>{words}</p></article></body></html>"
    return Piece("html", page.encode(), f"{name}.html", None, f"/{name}.html", name)


@dataclass(frozen=True, slots=True)
class _Deadly(Piece):
    """Ends the process that unpacks it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (1,)


def _ids(found: list[tuple[int, Prepared]]) -> list[str]:
    return [item.id if isinstance(item, Incoming) else item.reason for _, made in found for item in made]


def test_a_piece_that_kills_its_process_fails_alone() -> None:
    pieces: list[Piece] = [_page(f"p{n}") for n in range(14)]
    pieces[10] = _Deadly("html", b"", "deadly.html", None, "/deadly.html", "deadly")
    with Crew[int](2) as crew:
        found = list(crew.prepared(enumerate(pieces)))
    assert [mark for mark, _ in found] == list(range(14))
    told = _ids(found)
    assert "ended the process" in told[10]
    assert told[:10] + told[11:] == [f"p{n}" for n in range(14) if n != 10]


def test_failures_and_ends_keep_their_places() -> None:
    items: list[Piece | Failure | None] = [_page("a"), Failure("b", None, "broken"), None, _page("c")]
    with Crew[int](1) as crew:
        found = list(crew.prepared(enumerate(items)))
    assert _ids(found) == ["a", "broken", "c"] and found[2] == (2, [])


def test_light_pieces_among_others_keep_their_places() -> None:
    def light(name: str) -> Piece:
        text = f"{name} was shelled again on Monday, officials said.".encode()
        return Piece("plain", text, f"{name}.txt", None, f"/{name}.txt", name)

    items: list[Piece | Failure | None] = [light(f"a{n}") for n in range(3 * preparing.TOGETHER + 5)]
    items[40:40] = [_page(f"p{n}") for n in range(12)]
    items[20:20] = [Failure("b", None, "broken"), None]
    items.append(None)
    with Crew[int](2) as crew:
        found = list(crew.prepared(enumerate(items)))
    assert [mark for mark, _ in found] == list(range(len(items)))
    expected = [item.stem if isinstance(item, Piece) else item.reason for item in items if item is not None]
    assert _ids(found) == expected


def test_light_pieces_are_not_gathered_without_end() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[tuple[int, Piece]]:
        for number in range(1000):
            taken.append(number)
            yield number, Piece("plain", b"Kyiv. " * 20_000, "a.txt", None, "/a.txt", "a")

    with Crew[int](1) as crew:
        next(iter(crew.prepared(pieces())))
    assert len(taken) <= 4


def test_what_is_not_patient_waits_for_nothing() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[tuple[int, Piece]]:
        for number in range(5):
            taken.append(number)
            yield number, _record(f"Kyiv was shelled on day {number}.", number)

    with Crew[int](1, patient=lambda _: False) as crew:
        for mark, _ in crew.prepared(pieces()):
            assert taken[-1] == mark


def _parser(monkeypatch: pytest.MonkeyPatch, parse: Any) -> Piece:
    monkeypatch.setattr(formats, "parser", lambda _: parse)
    return Piece("any", b"", "a.any", "page 2", "/a.any", "a")


def test_a_piece_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(_: Piece) -> Iterator[Raw]:
        time.sleep(30)
        yield Raw("never", "")

    monkeypatch.setattr(preparing, "LIMIT_SECONDS", 0.05)
    piece = _parser(monkeypatch, parse)
    began = time.monotonic()
    assert [str(item) for item in prepare(piece)] == [
        "a.any, page 2: took longer than 0 seconds to read; convert it to text first"
    ]
    assert time.monotonic() - began < 5


def test_the_alarm_is_its_owners_again_when_all_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(_: Piece) -> Iterator[Raw]:
        time.sleep(30)
        yield Raw("never", "")

    monkeypatch.setattr(preparing, "LIMIT_SECONDS", 0.05)
    piece = _parser(monkeypatch, parse)
    before = signal.getsignal(signal.SIGALRM)
    with Crew[int](1) as crew:
        found = list(crew.prepared([(1, piece), (2, piece)]))
    assert all("took longer" in reason for reason in _ids(found))
    assert signal.getsignal(signal.SIGALRM) is before and signal.getitimer(signal.ITIMER_REAL)[0] == 0


@pytest.mark.parametrize(
    "error", [ValueError("two\nlines"), RecursionError("deep"), KeyError("x"), MemoryError()]
)
def test_whatever_a_parser_raises_is_one_line_and_keeps_what_came_before(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def parse(_: Piece) -> Iterator[Raw]:
        yield Raw("first", "The port was shelled on Monday.")
        raise error

    first, failure = prepare(_parser(monkeypatch, parse))
    assert isinstance(first, Incoming) and first.id == "first"
    assert isinstance(failure, Failure) and failure.place == "page 2"
    assert type(error).__name__ in failure.reason and "\n" not in failure.reason


def test_places_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(_: Piece) -> Iterator[Raw]:
        raise InputError("bad", place="byte 3")
        yield

    assert [str(item) for item in prepare(_parser(monkeypatch, parse))] == ["a.any, page 2, byte 3: bad"]


def test_metadata_is_cleaned_and_what_is_stated_comes_before_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(_: Piece) -> Iterator[Raw]:
        stated = Metadata(title="Two\nlines \x1b[2J", outlet="  ", url="u" * 5000)
        yield Raw(
            "a", "The port was shelled on Monday, officials said. It was the third time this week.", stated
        )

    piece = _parser(monkeypatch, parse)
    hinted = Piece("any", b"", "a", None, "/a", "a", Metadata(title="Hint", outlet="Ukrinform"))
    (made,) = prepare(hinted)
    assert isinstance(made, Incoming) and piece.hints == Metadata()
    assert made.meta.title == "Two lines [2J" and made.meta.outlet == "Ukrinform"
    assert len(made.meta.url or "") == 2000 and made.meta.language == "en"


def _record(text: str, number: int) -> Piece:
    data = json.dumps({"id": f"r{number}", "text": text}).encode()
    return Piece("record", data, "a.jsonl", f"line {number}", "/a.jsonl", "a", at=number)


def test_several_pieces_become_what_each_becomes_alone() -> None:
    body = "The convoy crossed the bridge before it was closed on Tuesday night, officials said. " * 3
    page = [
        f"Headline number {n} of the day\nBy Ann Smith\n\n{body}\n\nSign up to our newsletter"
        for n in range(6)
    ]
    texts = ["Kyiv.", body, "\n".join([*page, body, "Menu", "Home", "World", "Share"]), *page, "東京。" * 90]
    pieces = [_record(text, number) for number, text in enumerate(texts)]
    assert preparing.prepare_all(pieces) == [prepare(piece) for piece in pieces]


def test_a_piece_that_cannot_be_read_fails_alone_among_several() -> None:
    pieces = [_record(f"Kyiv was shelled on day {n}.", n) for n in range(5)]
    pieces[3] = Piece("record", b'{"text": ', "a.jsonl", "line 3", "/a.jsonl", "a")
    found = preparing.prepare_all(pieces)
    assert found == [prepare(piece) for piece in pieces]
    assert isinstance(found[3][0], Failure) and found[3][0].place == "line 3"
    assert [made[0].id for at, made in enumerate(found) if at != 3 and isinstance(made[0], Incoming)] == [
        "r0", "r1", "r2", "r4",
    ]  # fmt: skip


def test_one_of_several_that_takes_too_long_is_given_up_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(piece: Piece) -> Iterator[Raw]:
        if piece.stem == "slow":
            time.sleep(30)
        yield Raw(piece.stem, "Kyiv was shelled on Monday.")

    monkeypatch.setattr(preparing, "LIMIT_SECONDS", 0.2)
    monkeypatch.setattr(formats, "parser", lambda _: parse)
    pieces = [Piece("any", b"", f"{name}.any", None, f"/{name}", name) for name in ("a", "slow", "b")]
    (first,), (slow,), (last,) = preparing.prepare_all(pieces)
    assert isinstance(first, Incoming) and isinstance(last, Incoming) and (first.id, last.id) == ("a", "b")
    assert isinstance(slow, Failure) and "took longer" in slow.reason

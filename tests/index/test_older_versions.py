"""An article's newest version answers; older ones are there when asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from warreader.index.exporting import export
from warreader.index.library import Library
from warreader.index.search.catalogue import Order
from warreader.tui.cli import main

BODY = (
    "Shells hit the bridge at dawn, the mayor Anna Berg said. “We will rebuild it before winter,” she said."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two articles, one of them in two versions."""
    folder = tmp_path_factory.mktemp("versions")
    page = {"url": "https://example.org/bridge", "title": "Bridge hit", "outlet": "Daily"}
    rows = [
        {**page, "id": "first", "text": f"{BODY} Two were hurt.", "date": "2022-03-01"},
        {"id": "other", "text": "Another bridge stands, Carl Dahl said.", "outlet": "Daily"},
        {**page, "id": "second", "text": f"{BODY} Three were hurt.", "date": "2022-03-02"},
    ]
    with Library(folder / "library") as library:
        for number, row in enumerate(rows):
            file = folder / f"{number}.jsonl"
            file.write_text(json.dumps(row))
            library.add([file])
        assert [one.id for one in library.articles.versions("second")] == ["first", "second"]
    return folder / "library"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library(folder) as opened:
        yield opened


def found(library: Library, query: str, order: Order = Order.RELEVANCE) -> set[str]:
    """Ids of the articles that answer, which all ways of asking tell alike."""
    result = library.search.search(query, order=order)
    ids = {hit.id for hit in result.hits}
    assert result.total == len(ids) == len(result.hits) and result.problem is None
    assert set(library.search.ids(library.search.answer(query).keys)) == ids
    assert set(library.search.ids(library.search.matching(query))) == ids
    return ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("bridge", {"second", "other"}),
        ("hurt", {"second"}),
        ("two", set()),
        ("outlet:daily", {"second", "other"}),
        ("person:berg", {"second"}),
        ("is:unread", {"second", "other"}),
        ("bridge OR hurt", {"second", "other"}),
        ("-dahl", {"second"}),
        ("is:older", {"first"}),
        ("two is:older", {"first"}),
        ("bridge OR is:older", {"first", "second", "other"}),
        ("bridge -is:older", {"second", "other"}),
    ],
)
@pytest.mark.parametrize("order", [Order.RELEVANCE, Order.NEWEST])
def test_what_is_found(library: Library, query: str, ids: set[str], order: Order) -> None:
    assert found(library, query, order) == ids


def test_ones_own_marks_are_found_wherever_they_are(library: Library) -> None:
    library.annotations.add("first", library.articles.text("first") or "", 0, 6, "check", ["evidence"])
    library.articles.mark("first", starred=True)
    try:
        for query in ("tag:evidence", "note:check", "is:annotated", "is:starred", "hurt tag:evidence"):
            assert "first" in found(library, query)
    finally:
        library.annotations.undo()
        library.articles.mark("first", starred=False)


def test_what_becomes_older_is_left_out_at_once(tmp_path: Path) -> None:
    with Library(tmp_path / "library") as fresh:
        for number, count in enumerate(("Two", "Three")):
            file = tmp_path / f"{number}.jsonl"
            row = {"id": f"a{number}", "url": "https://example.org/x", "text": f"{BODY} {count} were hurt."}
            file.write_text(json.dumps(row))
            fresh.add([file], derive=False)
            assert found(fresh, "bridge") == {f"a{number}"}


@pytest.mark.parametrize(
    ("what", "place"), [("articles", "id"), ("mentions", "article"), ("quotations", "article")]
)
def test_exports_are_of_the_newest_unless_all_are_asked_for(
    folder: Path, library: Library, capsys: pytest.CaptureFixture[str], what: str, place: str
) -> None:
    newest = {json.loads(line)[place] for line in export(library, what)}
    assert newest == ({"second"} if what == "quotations" else {"second", "other"})
    every = {json.loads(line)[place] for line in export(library, what, versions=True)}
    assert every == newest | {"first"}
    assert main(["--library", str(folder), "export", what, "--versions"]) == 0
    assert {json.loads(line)[place] for line in capsys.readouterr().out.splitlines()} == every

"""Collections of pages with gold bodies, and pages worn as other extractors leave them."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from warreader.index.ingest.line_model import FILE
from warreader.index.ingest.train_collections import pages
from warreader.index.ingest.train_lines import differences
from warreader.index.ingest.train_pages import LIBRARIES, RENDERINGS, WORN, drawn, rendered, worn

_BODY = "\n".join(
    f"On day {number} the port was shelled again, officials in the city said." for number in range(9)
)
_HTML = "<html><body><p>Port</p></body></html>"


def _page(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(_HTML.encode()))


def test_the_benchmark_s_pages(tmp_path: Path) -> None:
    _page(tmp_path / "html" / "a1.html.gz")
    truth = {"a1": {"url": "https://www.example.org/port", "articleBody": _BODY}}
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth), "utf-8")
    ((name, page),) = pages(tmp_path)
    assert (name, page.site, page.html, page.body) == ("a1", "example.org", _HTML, _BODY)


def test_of_wcxb_the_articles(tmp_path: Path) -> None:
    stated_pages = [("dev", "article", _BODY), ("dev", "forum", _BODY), ("dev", "article", None)]
    for number, (part, kind, text) in enumerate([*stated_pages, ("test", "article", _BODY)]):
        number %= 3
        _page(tmp_path / part / "html" / f"{number}.html.gz")
        stated = {
            "url": f"https://example.org/{part}/{number}",
            "_internal": {"page_type": {"primary": kind}},
            "ground_truth": {"title": "Port", **({"main_content": text} if text else {})},
        }
        truth = tmp_path / part / "ground-truth" / f"{number}.json"
        truth.parent.mkdir(exist_ok=True)
        truth.write_text(json.dumps(stated), "utf-8")
    found = {name: page.url for name, page in pages(tmp_path)}
    assert found == {f"wcxb-{part}-0": f"https://example.org/{part}/0" for part in ("dev", "test")}


def test_of_fundus_each_page_with_its_own_version_of_the_parser(tmp_path: Path) -> None:
    folder = tmp_path / "tests/resources/parser/test_data/us"
    names = ["Paper_2023_01_01.html.gz", "Paper_2024_01_01.html.gz"]
    for name in names:
        _page(folder / name)
    sections = [{"headline": ["Port"], "paragraphs": _BODY.split("\n")}]
    gold = {
        f"V1_{number}": {"body": {"summary": [f"Part {number}"], "sections": sections}} for number in (10, 2)
    }
    (folder / "Paper.json").write_text(json.dumps(gold), "utf-8")
    info = {name: {"url": f"https://example.org/{name}"} for name in names}
    (folder / "meta.info").write_text(json.dumps(info), "utf-8")
    found = [page.body.split("\n")[:2] for _, page in pages(tmp_path)]
    assert found == [["Part 2", "Port"], ["Part 10", "Port"]]


def test_any_other_folder_is_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no collection"):
        next(pages(tmp_path))


def test_a_worn_page_has_the_same_words_but_for_dropped_lines() -> None:
    text = "\n".join(f"Menu {number}" for number in range(40)) + f"\n{_BODY}\n" + _BODY.replace("\n", " ")
    for seed in range(20):
        left = worn(text, random.Random(seed)).split()
        everything = iter(text.split())
        assert all(word in everything for word in left), "in order, and nothing new"
        assert len(left) < len(text.split()) or seed


def test_ways_are_drawn_by_the_page_s_name_alone() -> None:
    assert drawn("a1") == sorted([*RENDERINGS, WORN])
    few = {key: drawn(key, 4) for key in map(str, range(40))}
    assert all(len(set(ways)) == 4 for ways in few.values())
    assert {way for ways in few.values() for way in ways} == {*RENDERINGS, WORN}
    assert few == {key: drawn(key, 4) for key in reversed(few)}


def test_pages_come_out_the_same_however_many_processes_render_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warreader.index.ingest.train_pages.drawn", lambda *_: ["page", "region", WORN])
    truth = {}
    for name in ("a1", "b2", "c3", "d4", "e5"):
        _page(tmp_path / "html" / f"{name}.html.gz")
        truth[name] = {"url": f"https://{name}.example/port", "articleBody": f"{_BODY}\nPort"}
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth), "utf-8")
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "other.json").write_text(
        json.dumps({name: {"articleBody": f"{name}\nPort"} for name in truth}), "utf-8"
    )
    found = list(rendered(tmp_path))
    assert [(one.page, one.way) for one in found if one.way in ("page", "=other")] == [
        (name, way) for name in truth for way in ("page", "=other")
    ]
    assert list(rendered(tmp_path, jobs=2)) == found


def test_what_a_model_was_made_of_is_told_where_it_differs() -> None:
    there = {"pages": [[3, "ab"]], "articles": "cd", "versions": {"lxml": "5", "python": "3.11"}}
    assert not differences(there, there)
    here = {"pages": [[4, "ef"]], "articles": "cd", "versions": {"lxml": "6", "python": "3.11"}}
    assert differences(here, there) == [
        "pages: [[4, 'ef']] here, [[3, 'ab']] there",
        "lxml: 6 here, 5 there",
    ]


def test_the_shipped_model_says_what_it_was_made_of() -> None:
    made_of = json.loads(FILE.read_text("utf-8"))["made_of"]
    assert len(made_of["pages"]) == 3
    assert made_of["articles"]
    assert {*LIBRARIES, "lightgbm", "scikit-learn"} < set(made_of["versions"])

"""Collections of pages with gold bodies, and pages worn as other extractors leave them."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from warreader.index.ingest.train_collections import pages
from warreader.index.ingest.train_pages import worn

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
    for number, (kind, text) in enumerate((("article", _BODY), ("forum", _BODY), ("article", None)), 1):
        _page(tmp_path / "dev" / "html" / f"{number}.html.gz")
        stated = {
            "url": f"https://example.org/{number}",
            "_internal": {"page_type": {"primary": kind}},
            "ground_truth": {"title": "Port", **({"main_content": text} if text else {})},
        }
        truth = tmp_path / "dev" / "ground-truth" / f"{number}.json"
        truth.parent.mkdir(exist_ok=True)
        truth.write_text(json.dumps(stated), "utf-8")
    assert [(name, page.url) for name, page in pages(tmp_path)] == [("wcxb-1", "https://example.org/1")]


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

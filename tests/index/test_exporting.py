"""Exports: the fields of the contract, and offsets that are true."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index import jsonable
from warreader.index.article import Label, LineKind, MatchKind, QuotationKind
from warreader.index.errors import UsageError
from warreader.index.exporting import FORMATS, WHAT, cite, export
from warreader.index.library import Library

Row = dict[str, Any]

_FIELDS = {
    "articles": "id title outlet author date url language source text lines",
    "entities": "id name label aliases articles mentions",
    "mentions": "article start end text label entity",
    "quotations": "id article start end text kind cue speaker",
    "matches": "id kind score members",
}


@pytest.fixture(scope="module")
def exported(seeded: Path) -> dict[str, list[Row]]:
    with Library(seeded) as library:
        return {what: [json.loads(line) for line in export(library, what)] for what in WHAT}


@pytest.fixture(scope="module")
def texts(exported: dict[str, list[Row]]) -> dict[str, str]:
    return {article["id"]: article["text"] for article in exported["articles"]}


@pytest.mark.parametrize("what", _FIELDS)
def test_every_row_has_the_fields_of_the_contract(exported: dict[str, list[Row]], what: str) -> None:
    assert exported[what]
    for row in exported[what]:
        assert set(_FIELDS[what].split()) <= row.keys()


def test_articles_are_whole(exported: dict[str, list[Row]], seeded: Path) -> None:
    assert len(exported["articles"]) == 5
    for article in exported["articles"]:
        assert article["text"] == Path(article["source"]).read_text("utf-8")
        at = 0
        for line in article["lines"]:
            assert line["start"] == at and line["kind"] in set(LineKind)
            at = line["end"] + 1
        assert at == len(article["text"]) + 1
    assert seeded.is_dir()


@pytest.mark.parametrize("what", ["mentions", "quotations"])
def test_offsets_hold_the_words_they_claim(
    exported: dict[str, list[Row]], texts: dict[str, str], what: str
) -> None:
    for row in exported[what]:
        text = texts[row["article"]]
        assert row["text"] and text[row["start"] : row["end"]] == row["text"]
        for part in (row.get("cue"), row.get("speaker")):
            assert part is None or text[part["start"] : part["end"]] == part["text"]


def test_matches_hold_the_words_they_claim(exported: dict[str, list[Row]], texts: dict[str, str]) -> None:
    quotations = {quotation["id"]: quotation for quotation in exported["quotations"]}
    for match in exported["matches"]:
        assert len(match["members"]) > 1 and match["kind"] in set(MatchKind) and match["score"] > 0
        for member in match["members"]:
            assert {"article", "start", "end", "text", "quotation", "speaker"} <= member.keys()
            assert texts[member["article"]][member["start"] : member["end"]] == member["text"] != ""
            if member["quotation"] is not None:
                assert quotations[member["quotation"]]["article"] == member["article"]


def test_labels_and_kinds_are_those_of_the_vocabulary(exported: dict[str, list[Row]]) -> None:
    assert {row["label"] for row in exported["mentions"] + exported["entities"]} <= set(Label)
    assert {row["kind"] for row in exported["quotations"]} <= set(QuotationKind)


def test_entities_count_their_mentions(exported: dict[str, list[Row]]) -> None:
    ids = {entity["id"] for entity in exported["entities"]}
    assert len(ids) == len(exported["entities"])
    for entity in exported["entities"]:
        mentions = [m for m in exported["mentions"] if m["entity"] == entity["id"]]
        assert len(mentions) == entity["mentions"] > 0
        assert len({m["article"] for m in mentions}) == entity["articles"]
    assert {m["entity"] for m in exported["mentions"]} == ids
    speakers = {q["speaker"]["entity"] for q in exported["quotations"] if q["speaker"]}
    assert speakers - {None} <= ids


def test_ids_are_given_once(exported: dict[str, list[Row]]) -> None:
    for what in ("articles", "quotations", "matches"):
        ids = [row["id"] for row in exported[what]]
        assert len(set(ids)) == len(ids)


@given(st.text())
def test_a_line_of_json_is_harmless_and_says_the_same(text: str) -> None:
    line = jsonable.line({"text": text})
    assert json.loads(line) == {"text": text}
    line.encode()
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in line)
    assert line.splitlines() == [line]


def test_a_line_of_json_stays_readable() -> None:
    assert jsonable.line({"text": "“Київ” é 😀"}) == '{"text": "“Київ” é 😀"}'
    assert jsonable.line({"text": "\u202e\x9b\\"}) == '{"text": "\\u202e\\u009b\\\\"}'


# -- annotations ---------------------------------------------------------------


@pytest.fixture
def annotated(library: Library) -> Library:
    article = next(iter(library.articles))
    start = article.text.index(" ") + 1
    library.annotations.add(
        article.id, article.text, start, start + 40, 'A "note",\nin two lines', ["war/claim"]
    )
    library.annotations.add(article.id, article.text, None, None, "=1+1")
    library.annotations.add("gone", "A text that is gone.", 2, 6, "", ["lost"])
    return library


def test_annotations_as_json_lines_hold_the_words_they_mark(annotated: Library) -> None:
    rows = [json.loads(line) for line in export(annotated, "annotations")]
    assert len(rows) == 3
    for row in rows:
        text = annotated.articles.text(row["article"])
        if text is not None and row["start"] is not None:
            assert text[row["start"] : row["end"]] == row["exact"]


def test_annotations_as_web_annotations(annotated: Library) -> None:
    rows = [json.loads(line) for line in export(annotated, "annotations", "w3c")]
    assert len(rows) == 3
    for row in rows:
        assert row["@context"] == "http://www.w3.org/ns/anno.jsonld" and row["type"] == "Annotation"
        assert row["target"]


def test_annotations_as_a_table(annotated: Library) -> None:
    table = "".join(f"{line}\n" for line in export(annotated, "annotations", "csv"))
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert len(rows) == 3
    assert sorted(row["note"] for row in rows) == ["", "'=1+1", 'A "note",\nin two lines']
    assert {row["title"] for row in rows} == {cite(annotated, row["article"]).title for row in rows}


def test_annotations_as_markdown(annotated: Library) -> None:
    text = "\n".join(export(annotated, "annotations", "markdown"))
    assert "in two lines" in text and "war/claim" in text
    assert next(iter(annotated.articles)).title in text


@pytest.mark.parametrize("form", FORMATS)
def test_no_annotations_are_an_export_too(library: Library, form: str) -> None:
    assert not [line for line in export(library, "annotations", form) if "urn:uuid" in line]


def test_an_article_that_is_gone_is_cited_by_its_id(library: Library) -> None:
    assert cite(library, "gone").title == "gone"


@pytest.mark.parametrize(
    ("what", "form", "said"),
    [
        ("nonsense", "jsonl", "articles, entities, mentions"),
        ("", "jsonl", "choose one of"),
        ("articles", "csv", "jsonl only"),
        ("annotations", "pdf", "jsonl, w3c, markdown, csv"),
        ("\x1b[2J", "\x1b", "choose one of"),
    ],
)
def test_an_export_there_is_not_is_told_at_once(library: Library, what: str, form: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        export(library, what, form)
    assert "\x1b" not in str(caught.value)

"""Annotations out and in again: JSON lines, W3C, Markdown, CSV."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.export import Citation, to_csv, to_jsonl, to_w3c_lines
from warreader.index.annotations.foreign import read_w3c_any
from warreader.index.annotations.html import to_html
from warreader.index.annotations.importing import read_jsonl, read_w3c_item
from warreader.index.annotations.markdown import to_markdown
from warreader.index.annotations.model import Annotation, select, tag_name, tag_names
from warreader.index.errors import InputError

TEXT = "Shelling hit the station at dawn, officials said.\n“We counted 30 craters,” the mayor said.\n"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def tagged(names: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for name in names:
        try:
            kept.append(tag_name(name))
        except ValueError:
            continue
    return tag_names(kept)


@st.composite
def marks(draw: st.DrawFn) -> Annotation:
    text = draw(texts.filter(bool))
    start = draw(st.none() | st.integers(0, len(text) - 1))
    end = None if start is None else draw(st.integers(start + 1, len(text)))
    at = select(text, start, end)
    return Annotation(
        id=f"urn:uuid:{draw(st.uuids(version=4))}",
        article=draw(texts.filter(bool)),
        start=at.start,
        end=at.end,
        exact=at.exact,
        prefix=at.prefix,
        suffix=at.suffix,
        note=draw(texts),
        tags=tagged(draw(st.lists(texts, max_size=3))),
        created="2022-03-01T09:30:00.000000Z",
        modified="2022-03-02T09:30:00.123456Z",
        creator=draw(st.none() | texts),
        about=draw(st.sampled_from([None, "entity:person:x/y z", None if start is None else "match"])),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Annotations]:
    made = Annotations(tmp_path / "annotations.sqlite")
    yield made
    made.close()


@given(st.lists(marks(), max_size=4))
def test_jsonl_comes_back_identical(made: list[Annotation]) -> None:
    lines = list(to_jsonl(made))
    assert all(len(line.splitlines()) == 1 for line in lines)
    assert read_jsonl(lines) == made
    assert read_jsonl("\n".join(lines).splitlines()) == made


@given(st.lists(marks(), max_size=4), st.booleans())
def test_w3c_comes_back_identical(made: list[Annotation], linked: bool) -> None:
    def url(article: str) -> str | None:
        return f"https://example.org/{len(article)}" if linked else None

    lines = list(to_w3c_lines(made, url))
    assert read_w3c_any("\n".join(lines)) == made
    assert read_w3c_any(json.dumps({"type": "AnnotationPage", "items": [*map(json.loads, lines)]})) == made


@given(st.lists(marks(), max_size=3, unique_by=lambda one: one.id))
def test_stored_annotations_come_back_from_the_store(made: list[Annotation]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Annotations(Path(folder) / "annotations.sqlite")
        store.merge(made)
        spelled = {one.id: one for one in store.all()}
        for one in made:
            assert replace(spelled[one.id], tags=()) == replace(one, tags=())
        assert read_jsonl(to_jsonl(store.all())) == store.all()
        assert store.merge(read_jsonl(to_jsonl(made))) == (0, len(made), 0)
        store.close()


def test_w3c_has_what_the_model_asks_for(store: Annotations) -> None:
    store.add("a 1", TEXT, 0, 8, note="why?", tags=["x"], creator="desk")
    store.add("b", TEXT, None, None)
    first, second = map(json.loads, to_w3c_lines(store.all(), {"b": "https://example.org/b"}.get))
    assert first["@context"] == second["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert first["motivation"] == "commenting"
    assert first["creator"] == {"type": "Person", "name": "desk"}
    assert [body["purpose"] for body in first["body"]] == ["commenting", "tagging"]
    assert first["target"]["source"]["id"] == "urn:warreader:article:a%201"
    position, quote = first["target"]["selector"]
    assert position == {"type": "TextPositionSelector", "start": 0, "end": 8}
    assert (quote["type"], quote["exact"], quote["prefix"]) == ("TextQuoteSelector", "Shelling", "")
    assert second["target"]["id"] == "https://example.org/b"
    assert "body" not in second


def record(**changes: object) -> str:
    fields: dict[str, object] = {
        "id": "urn:uuid:1",
        "article": "a",
        "start": 0,
        "end": 8,
        "exact": "Shelling",
        "prefix": "",
        "suffix": " hit",
        "note": "",
        "tags": ["t"],
        "created": "2022-03-01T09:30:00Z",
        "modified": "2022-03-01T09:30:00Z",
    }
    return json.dumps({name: value for name, value in (fields | changes).items() if value is not ...})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("[" * 200_000, "not JSON"),
        ('{"start": ' + "9" * 5000 + "}", "not JSON"),
        (record(id=...), "id is missing"),
        (record(id="a b"), "id holds white space"),
        (record(id=7), "id is not a string"),
        (record(article=""), "article is empty"),
        (record(start=...), "go together"),
        (record(start="0"), "start is not an offset"),
        (record(start=True), "start is not an offset"),
        (record(start=-1), "start is not an offset"),
        (record(start=2**60, end=2**60 + 8), "start is not an offset"),
        (record(start=8), "not before"),
        (record(exact="Shell"), "exact is 5"),
        (record(start=None, end=None), "whole article"),
        (record(note=None), "note is missing"),
        (record(note="\ud800"), "surrogate"),
        (record(tags="t"), "tags"),
        (record(tags=[1]), "tags"),
        (record(tags=[" "]), "visible"),
        (record(created=...), "created is missing"),
        (record(created="yesterday"), "created is not a moment"),
        (record(created="2022-03-01T09:30:00"), "created is not a moment"),
        (record(modified="0001-01-01T00:00:00+23:59"), "modified is not a moment"),
        (record(creator=["x"]), "creator"),
    ],
)
def test_a_malformed_line_is_named_with_its_fault(line: str, reason: str) -> None:
    with pytest.raises(InputError, match=re.escape(reason)) as caught:
        read_jsonl([record(), "\n", line, "garbage"])
    assert caught.value.place == "line 3"


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("nonsense", "line 1", "not JSON"),
        ('[{"type": "Note"}]', "item 1", "type Annotation"),
        ('{"items": [1]}', "item 1", "type Annotation"),
    ],
)
def test_foreign_w3c_is_refused_with_its_place(text: str, place: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read_w3c_any(text)
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("target", "body", "reason"),
    [
        ("https://example.org", [], "target"),
        ({"source": "x", "selector": {"type": "SvgSelector"}}, [], "both"),
        ({"id": "x"}, "text", "TextualBody"),
        ({"id": "x"}, [], "created is missing"),
    ],
)
def test_w3c_that_is_not_as_ours_is_written_is_refused(target: object, body: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_w3c_item({"type": "Annotation", "target": target, "body": body})


def test_a_line_with_a_byte_order_mark_and_another_time_zone_is_read() -> None:
    (made,) = read_jsonl(["\ufeff" + record(created="2022-03-01T11:30:00+02:00"), ""])
    assert made.created == "2022-03-01T09:30:00.000000Z"


def test_importing_twice_adds_nothing_twice_and_is_one_gesture(store: Annotations) -> None:
    own = store.add("a", TEXT, 0, 8, tags=["Mine"])
    theirs = read_jsonl([record(id=f"urn:uuid:{n}", tags=["mine"]) for n in range(3)])
    assert store.merge(theirs) == (3, 0, 0)
    generation = store.generation()
    assert store.merge(theirs) == (0, 3, 0)
    assert store.generation() == generation
    assert store.tags()[0].count == 4
    change = store.undo()
    assert change is not None
    assert (change.words, change.count) == ("undone: imported 3 annotations", 3)
    assert store.all() == [own]


def test_the_newer_of_two_versions_wins(store: Annotations) -> None:
    (first,) = read_jsonl([record(note="first")])
    newer = replace(first, note="newer", modified="2023-01-01T00:00:00.000000Z")
    older = replace(first, note="older", modified="2021-01-01T00:00:00.000000Z")
    assert store.merge([first]) == (1, 0, 0)
    assert store.merge([older, newer, newer]) == (0, 2, 1)
    assert store.all() == [newer]
    store.undo()
    assert store.all() == [first]


HOSTILE = [
    "# heading",
    "- item",
    "1. item",
    "12) item",
    "> quote",
    "---",
    "===",
    "    indented code",
    "\tcode",
    "```\nfence",
    "~~~",
    "<script>alert(1)</script>",
    "<!-- comment",
    "[link](https://example.org)",
    "![image](x)",
    "[ref]: https://example.org",
    "<https://example.org>",
    "https://example.org www.example.org a@example.org",
    "*a* _b_ **c** `d` ~~e~~",
    "a | b\n--|--\n1 | 2",
    "&lt;b&gt; &amp; &#35;",
    "line\\",
    "line  \nbreak",
    "\x00\x1b[31m",
    "a\r# b\x0b# c\u2028# d\x85# e",
    "+ plus",
    ": definition",
    "[^1]: footnote",
    "- [ ] task",
    "  - deep",
    "$x$ ^y^",
]


def plain(source: str) -> tuple[list[str], list[str]]:
    """The structure of a Markdown document, and the text of its paragraphs and headings."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(source)
    structure = [token.type for token in tokens if token.type != "inline"]
    inner = [token for token in tokens if token.type == "inline"]
    kinds = {child.type for token in inner for child in token.children or []}
    assert kinds <= {"text", "text_special", "link_open", "link_close"}, kinds
    return structure, ["".join(child.content for child in token.children or []) for token in inner]


def shown(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]", "\ufffd", text).split())


def made(exact: str, note: str, tags: tuple[str, ...]) -> Annotation:
    (one,) = read_jsonl([record(end=len(exact), exact=exact, note=note, tags=list(tags))])
    return one


CITATION = Citation("Title", "Outlet", "Author", "2022-03-01", "https://example.org/a?b=c")


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_of_hostile_text_keeps_its_structure(text: str) -> None:
    line = text.splitlines()[-1] or "x"
    harmless = to_markdown([made("x", "x", ("x",))], lambda _: CITATION)
    hostile = to_markdown(
        [made(line, line, tagged([line]) or ("x",))],
        lambda _: Citation(text, text, text, text, "https://example.org/a"),
    )
    structure, inline = plain(hostile)
    assert structure == plain(harmless)[0]
    assert inline[0] == shown(text)
    assert inline[2] == inline[3] == shown(line)


@given(texts.filter(lambda text: bool(shown(text))))
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    line = " ".join(text.split())
    structure, inline = plain(to_markdown([made(line, "x", ())], lambda _: Citation(line)))
    assert [kind for kind in structure if kind.endswith("open")] == [
        "heading_open",
        "blockquote_open",
        "paragraph_open",
        "paragraph_open",
    ]
    drop = str.maketrans("", "", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "".join(inline[1].split()) == "".join(shown(line.translate(drop)).split())


def test_markdown_has_no_bare_links() -> None:
    markdown = to_markdown(
        [made("see https://a.example www.b.example c@d.example", "", ())], lambda _: CITATION
    )
    quote = next(line for line in markdown.splitlines() if line.startswith(">"))
    assert "https:" not in quote
    assert "www." not in quote
    assert "@" not in quote


def test_markdown_drops_what_would_turn_the_line_round() -> None:
    markdown = to_markdown([made("a\u202eb", "\u2067c", ())], lambda _: Citation("\u202dT", "O\u2066"))
    assert not set(markdown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "> ab" in markdown


def test_markdown_groups_by_article(store: Annotations) -> None:
    store.add(
        "a",
        TEXT,
        *(TEXT.index("“"), TEXT.index("”") + 1),
        note="Source?\n\nAsk.",
        tags=["claim", "crime/war"],
    )
    store.add("b", TEXT, None, None, note="weak")
    store.add("a", TEXT, 0, 59, note="spans two lines")
    markdown = to_markdown(store.all(), {"a": CITATION, "b": Citation("B")}.__getitem__)
    assert markdown == (
        "## Title\n\nOutlet, Author, 2022-03-01, <https://example.org/a?b=c>\n\n"
        "> Shelling hit the station at dawn, officials said.\n>\n> “We count\n\nspans two lines\n\n"
        "> “We counted 30 craters,”\n\nSource?\n\nAsk.\n\nTags: claim, crime/war\n\n"
        "## B\n\nOn the article as a whole:\n\nweak\n"
    )
    assert to_markdown([], lambda _: CITATION) == ""


def test_an_outlet_that_names_itself_as_the_author_is_told_once() -> None:
    cited = Citation("T", "Outlet", "Outlet", "2022-03-01")
    assert "\nOutlet, 2022-03-01\n" in to_markdown([made("x", "", ())], lambda _: cited)
    assert "\n".join(to_html([made("x", "", ())], lambda _: cited)).count("Outlet") == 1


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a.example/>x", "https://a.example/ b", "file:///etc"]
)
def test_markdown_links_no_url_that_is_none(url: str) -> None:
    markdown = to_markdown([made("x", "", ())], lambda _: Citation("T", url=url))
    assert "link_open" not in {
        child.type for token in MarkdownIt().parse(markdown) for child in token.children or []
    }


@given(st.lists(marks(), max_size=4))
def test_csv_is_one_record_an_annotation(made: list[Annotation]) -> None:
    rows = list(csv.DictReader(io.StringIO("\r\n".join(to_csv(made, lambda _: CITATION)), newline="")))
    assert [row["id"] for row in rows] == [one.id for one in made]
    for row, one in zip(rows, made, strict=True):
        assert row["note"].removeprefix("'") == one.note.removeprefix("'")
        assert row["outlet"] == "Outlet"
        assert not row["exact"].lstrip().startswith(("=", "+", "-", "@"))


def test_csv_defuses_formulas() -> None:
    row = list(to_csv([made("x", "=HYPERLINK(1)", ("a", "b"))], lambda _: Citation("@title")))[1]
    assert ",'@title," in row
    assert ",'=HYPERLINK(1)," in row
    assert ",a; b," in row

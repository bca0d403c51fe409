"""Annotations from other programs: the Web Annotation specification's shapes, hypothes.is, code books."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warreader.index.annotations import foreign
from warreader.index.annotations.sniffing import read
from warreader.index.errors import InputError
from warreader.index.library import Library

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
PAGES = {
    "http://example.com/page1": "The first page.\nthis is an anotation that has some mistake in it.\n",
    "http://example.org/page2": "text before the Selected Text and text after it.\nSelected Text\n",
    "http://example.org/photo1": "A caption.\n",
}


@pytest.fixture
def pages(tmp_path: Path) -> Library:
    articles = tmp_path / "articles.jsonl"
    articles.write_text(
        "".join(json.dumps({"text": text, "url": url, "title": url}) + "\n" for url, text in PAGES.items())
    )
    library = Library(tmp_path / "library")
    library.add([articles], derive=False)
    return library


def anno(**values: object) -> dict[str, object]:
    return {"@context": CONTEXT, "id": "http://example.org/anno1", "type": "Annotation"} | values


def taken(library: Library, value: object) -> list[Any]:
    read(json.dumps(value).encode()).merge(library)
    return library.annotations.all()


# The shapes are those of the examples in https://www.w3.org/TR/annotation-model/.
@pytest.mark.parametrize(
    ("value", "note", "tags"),
    [
        (
            anno(body="http://example.org/post1", target="http://example.com/page1"),
            "http://example.org/post1",
            (),
        ),
        (
            anno(
                body={"id": "http://example.org/analysis1.mp3", "format": "audio/mpeg", "language": "fr"},
                target={"id": "http://example.com/page1", "format": "text/html", "language": ["en", "ar"]},
            ),
            "http://example.org/analysis1.mp3",
            (),
        ),
        (anno(target="http://example.org/photo1"), "", ()),
        (
            anno(
                body={
                    "type": "TextualBody",
                    "value": "<p>j'adore !</p>",
                    "format": "text/html",
                    "language": "fr",
                },
                target="http://example.org/photo1",
            ),
            "<p>j'adore !</p>",
            (),
        ),
        (anno(bodyValue="Comment text", target="http://example.org/photo1"), "Comment text", ()),
        (
            anno(
                body={
                    "type": "Choice",
                    "items": [{"id": "http://example.org/note1"}, {"id": "http://example.org/note2"}],
                },
                target="http://example.com/page1",
            ),
            "http://example.org/note1",
            (),
        ),
        (
            anno(
                motivation="bookmarking",
                body=[
                    {"type": "TextualBody", "value": "readme", "purpose": "tagging"},
                    {
                        "type": "TextualBody",
                        "value": "A good description of the topic",
                        "purpose": "describing",
                    },
                ],
                target="http://example.com/page1",
            ),
            "A good description of the topic",
            ("readme",),
        ),
        (
            anno(
                body={
                    "type": "SpecificResource",
                    "purpose": "commenting",
                    "source": "http://example.org/photo1",
                },
                target={
                    "source": "http://example.com/page1",
                    "selector": {"type": "CssSelector", "value": "#a"},
                },
            ),
            "http://example.org/photo1",
            (),
        ),
    ],
)
def test_what_is_on_a_page_as_a_whole(
    pages: Library, value: object, note: str, tags: tuple[str, ...]
) -> None:
    (found,) = taken(pages, value)
    assert (found.span, found.note, found.tags) == (None, note, tags)
    assert taken(pages, value) == [found]
    pages.close()


def test_a_quote_is_found_in_the_text(pages: Library) -> None:
    quote = {
        "type": "TextQuoteSelector",
        "exact": "anotation",
        "prefix": "this is an ",
        "suffix": " that has some",
    }
    value = anno(
        creator={"id": "http://example.org/user1", "type": "Person", "name": "A. Person"},
        created="2015-10-13T13:00:00Z",
        body="http://example.org/comment1",
        target={"source": "http://example.com/page1", "selector": quote},
    )
    (found,) = taken(pages, value)
    text = PAGES["http://example.com/page1"]
    assert found.span is not None and found.span.of(text) == "anotation" == found.exact
    assert (found.creator, found.created) == ("A. Person", "2015-10-13T13:00:00.000000Z")
    pages.close()


def test_a_selector_that_refines_another(pages: Library) -> None:
    refined = {
        "type": "FragmentSelector",
        "value": "para5",
        "refinedBy": {
            "type": "TextQuoteSelector",
            "exact": "Selected Text",
            "prefix": "text before the ",
            "suffix": " and text after it",
        },
    }
    (found,) = taken(pages, anno(target={"source": "http://example.org/page2", "selector": refined}))
    assert found.start == len("text before the ")
    pages.close()


def test_a_quote_that_is_not_there_is_kept_as_an_orphan(pages: Library) -> None:
    quote = {"type": "TextQuoteSelector", "exact": "words that are not there"}
    (found,) = taken(pages, anno(target={"source": "http://example.com/page1", "selector": [quote]}))
    assert found.exact == "words that are not there"
    assert pages.annotations.check(lambda _: PAGES["http://example.com/page1"])
    pages.close()


def test_several_targets_and_pages_of_a_collection(pages: Library) -> None:
    composite = {"type": "Composite", "items": ["http://example.com/page1", "http://example.org/page2"]}
    collection = {
        "@context": CONTEXT,
        "id": "http://example.org/collection1",
        "type": "AnnotationCollection",
        "total": 2,
        "first": {
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": [
                anno(target=composite),
                anno(id="http://example.org/anno2", target="http://elsewhere.example/x"),
            ],
        },
    }
    done = read(json.dumps(collection).encode()).merge(pages)
    assert done.added == 2 and dict(done.missing) == {"http://elsewhere.example/x": 1}
    assert len({one.article for one in pages.annotations.all()}) == 2
    assert read(json.dumps(collection).encode()).merge(pages).added == 0
    pages.close()


HYPOTHESIS = {
    "id": "abc_-1",
    "created": "2024-01-02T03:04:05.678901+00:00",
    "updated": "2024-01-03T03:04:05.678901+00:00",
    "user": "acct:someone@hypothes.is",
    "uri": "http://example.com/page1#frag",
    "text": "look at this",
    "tags": ["one", "two words"],
    "group": "__world__",
    "target": [
        {
            "source": "http://example.com/page1",
            "selector": [
                {"type": "RangeSelector", "startContainer": "/p[1]", "startOffset": 0, "endOffset": 9},
                {"type": "TextPositionSelector", "start": 900, "end": 909},
                {"type": "TextQuoteSelector", "exact": "anotation", "prefix": "this is an ", "suffix": " that has"},
            ],
        }
    ],
}  # fmt: skip
REPLY = HYPOTHESIS | {
    "id": "reply",
    "references": ["abc_-1"],
    "target": [{"source": "http://example.com/page1"}],
}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda rows: {"total": len(rows), "rows": rows},
        lambda rows: {"export_date": "2024", "client_version": "1", "annotations": rows},
        lambda rows: rows,
    ],
)
def test_hypothesis_in_json(pages: Library, wrap: Callable[[list[object]], object]) -> None:
    data = json.dumps(wrap([HYPOTHESIS, REPLY])).encode()
    done = read(data).merge(pages)
    assert (done.added, done.replies) == (1, 1)
    (found,) = pages.annotations.all()
    assert (found.exact, found.note, found.tags) == ("anotation", "look at this", ("one", "two words"))
    assert (found.creator, found.created) == ("someone", "2024-01-02T03:04:05.678901Z")
    assert found.span is not None and found.span.of(PAGES["http://example.com/page1"]) == "anotation"
    again = read(data).merge(pages)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 1)
    pages.close()


NOW = "Created at,Author,Page,URL,Group,Annotation/Reply Type,Quote,Comment,Tags"
BEFORE = "Creation Date,URL,Group,Annotation/Reply Type,Quote,User,Body,Tags,Page"
ROW = {"Created at": "2024-01-02 03:04", "Creation Date": "Tue, Jan 2, 2024, 03:04 AM", "Group": "Public",
       "URL": "http://example.com/page1", "Author": "someone", "User": "someone", "Page": ""}  # fmt: skip


@pytest.mark.parametrize("separator", [",", "\t"])
@pytest.mark.parametrize("heading", [NOW, BEFORE])
def test_hypothesis_as_a_table(pages: Library, heading: str, separator: str) -> None:
    columns = heading.split(",")
    mark = ROW | dict.fromkeys(("Comment", "Body"), "why") | {"Quote": "anotation", "Tags": "a,b"}
    mark["Annotation/Reply Type"] = "Annotation"
    reply = ROW | dict.fromkeys(("Comment", "Body"), "no") | {"Quote": "", "Tags": ""}
    reply["Annotation/Reply Type"] = "Reply"
    table = io.StringIO()
    writer = csv.writer(table, delimiter=separator)
    writer.writerows([columns, *([row[name] for name in columns] for row in (mark, reply))])
    data = table.getvalue().encode()
    done = read(data).merge(pages)
    assert (done.added, done.replies) == (1, 1)
    (found,) = pages.annotations.all()
    assert (found.note, found.tags, found.creator) == ("why", ("a", "b"), "someone")
    assert found.exact == "anotation"
    if heading == NOW:
        assert found.created == "2024-01-02T03:04:00.000000Z"
    assert read(data).merge(pages).added == 0
    pages.close()


def test_what_does_not_say_when_it_was_made_is_dated_when_it_is_taken_in(pages: Library) -> None:
    undated = anno(bodyValue="why", target="http://example.com/page1")
    before = datetime.now(UTC).isoformat()
    (found,) = taken(pages, undated)
    assert before <= found.created == found.modified
    done = read(json.dumps(undated).encode()).merge(pages)
    assert (done.added, done.updated, done.unchanged) == (0, 0, 1)
    assert pages.annotations.all() == [found]
    pages.close()


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (json.dumps({"rows": [HYPOTHESIS, HYPOTHESIS | {"tags": "no list"}]}), "row 2"),
        (json.dumps({"rows": [HYPOTHESIS | {"created": "soon"}]}), "row 1"),
        (json.dumps([anno(target="http://example.com/page1"), anno(target=[])]), "item 2"),
        (json.dumps({"@context": CONTEXT, "items": [anno(target={"selector": {}})]}), "item 1"),
        (json.dumps(anno(target="http://example.com/page1", body=[7])), "item 1"),
        (json.dumps(anno(target="http://example.com/page1", created="soon")), "item 1"),
        (json.dumps({"@context": CONTEXT, "type": "AnnotationCollection", "first": "http://a/p1"}), "item 1"),
        ("<CodeBook><Codes></CodeBook>", "line 1"),
        (
            '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>\n<Code guid="x" name="a"/></Codes></CodeBook>',
            "line 2",
        ),
        (
            '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>\n\n<Code name=""/></Codes></CodeBook>',
            "line 3",
        ),
        ("<html><body/></html>", None),
        ("PK broken", None),
        ("URL,Quote,Tags\n,x,y\n", "line 2"),
    ],
)
def test_a_malformed_file_says_where(data: str, place: str | None) -> None:
    with pytest.raises(InputError) as raised:
        read(data.encode())
    assert raised.value.place == place


def test_xml_bombs_and_outside_entities_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    for doctype in (
        f'<!DOCTYPE x [<!ENTITY a0 "ha">{lines}]>',
        f'<!DOCTYPE x [<!ENTITY a11 SYSTEM "{secret.as_uri()}">]>',
    ):
        data = f'{doctype}<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes/>&a11;</CodeBook>'
        with pytest.raises(InputError):
            read(data.encode())


def test_our_own_come_back_through_the_same_door(pages: Library, tmp_path: Path) -> None:
    from warreader.index.exporting import export

    article = pages.articles.at_address("http://example.com/page1") or ""
    pages.annotations.add(article, PAGES["http://example.com/page1"], 0, 9, note="n", tags=["a/b"])
    pages.annotations.add(article, "", None, None, note="whole", about="entity:person:x")
    for form in ("w3c", "jsonl"):
        lines = "\n".join(export(pages, "annotations", form))
        with Library(tmp_path / form) as other:
            assert read(lines.encode()).merge(other).added == 2
            assert other.annotations.all() == pages.annotations.all()
            assert read(lines.encode()).merge(other).added == 0
    pages.close()


PAGE = "http://example.com/page1"
QUOTE = {"type": "TextQuoteSelector", "exact": "first page"}


def _at(start: object) -> dict[str, object]:
    return {"source": PAGE, "selector": [QUOTE, {"type": "TextPositionSelector", "start": start, "end": 9}]}


@pytest.mark.parametrize("start", [10**30, -1, 2**63, 2**31])
def test_a_place_beyond_all_texts_is_none(pages: Library, start: int) -> None:
    (one,) = taken(pages, anno(target=_at(start)))
    assert (one.start, one.end) == (4, 14)
    row = {"uri": PAGE, "target": [_at(start)], "id": "b"}
    assert all((found.start, found.end) == (4, 14) for found in taken(pages, [row]))


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_moment_outside_all_years_is_told(moment: str) -> None:
    for value in (anno(target=PAGE, created=moment), [{"uri": PAGE, "created": moment}]):
        with pytest.raises(InputError, match="all years"):
            read(json.dumps(value).encode())


def test_half_characters_are_replaced_wherever_they_stand(pages: Library) -> None:
    half = "\ud800"
    taken(pages, anno(id=f"urn:x{half}", target=PAGE, bodyValue=half, creator=half))
    taken(pages, [{"uri": PAGE, "id": half, "text": half, "tags": [half], "user": f"acct:{half}@x"}])
    assert len(pages.annotations.all()) == 2
    other = anno(id="urn:y", target=f"http://nowhere.example/{half}")
    assert len(taken(pages, other)) == 2, "of a page that isn't here"


_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(st.characters(), max_size=6)
    | st.sampled_from(
        [PAGE, "first page", "\ud800", "0001-01-01T00:00:00+05:00", "2022-03-01T09:30:00Z", "Annotation",
         "TextQuoteSelector", "TextPositionSelector", "TextualBody", "tagging", "Choice", "List", "urn:a"]
    )
)  # fmt: skip
_NAMES = st.sampled_from(
    ["id", "type", "body", "bodyValue", "target", "source", "selector", "refinedBy", "exact", "prefix", "suffix",
     "start", "end", "value", "purpose", "motivation", "created", "modified", "creator", "name", "items",
     "uri", "text", "tags", "user", "references", "updated", "first"]
)  # fmt: skip
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(_NAMES, _VALUES, max_size=8), st.sampled_from(["w3c", "hypothesis"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_it_is_taken_or_told(pages: Library, fields: dict[str, Any], form: str) -> None:
    if form == "w3c":
        value: object = {"target": _at(3)} | fields | {"type": "Annotation"}
    else:
        value = {"rows": [fields | {"uri": fields.get("uri", PAGE)}]}
    try:
        incoming = read(json.dumps(value).encode())
    except InputError as error:
        assert "\n" not in str(error)
        return
    incoming.merge(pages)
    for one in pages.annotations.all():
        assert one.start is None or (one.end is not None and 0 <= one.start < one.end)


def test_what_is_nested_too_deep_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # How deep JSON may be, and what can then be walked through, differs between versions of Python.
    target: dict[str, object] = {"id": "http://example.com/page1"}
    for _ in range(100_000):
        target = {"items": [target], "type": "List"}
    monkeypatch.setattr(foreign, "items", lambda _: [("item 1", anno(target=target))])
    with pytest.raises(InputError, match="nested too deep") as told:
        foreign.read_w3c_any("")
    assert told.value.place == "item 1"


@pytest.mark.parametrize(
    ("before", "place"),
    [("", "line 1"), ("\n", "line 2"), (json.dumps(anno(target="http://example.org/a")) + "\n", "line 2")],
)
def test_json_that_is_nested_too_deep_is_told_as_such(before: str, place: str) -> None:
    deep = '{"target":\n' * 100_000 if not before else '{"target":' * 100_000
    with pytest.raises(InputError, match="nested too deep; take it out") as told:
        foreign.read_w3c_any(before + deep + "1" + "}" * 100_000)
    assert told.value.place == place

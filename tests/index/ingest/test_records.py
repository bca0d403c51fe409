"""Records in JSON lines, JSON and tables: which fields are read, what stays unchanged, what is told of broken ones."""

from __future__ import annotations

import csv
import io
import json
import pickle
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Failure
from warreader.index.errors import InputError
from warreader.index.ingest import fields, formats, pieces
from warreader.index.ingest.pieces import Options, Piece, Raw, Source

_LONG = "The port was shelled for the third day, and its workers were sent home by the city. " * 4


def _read(name: str, content: bytes | str, mapping: Mapping[str, str] | None = None) -> list[Raw | Failure]:
    """What comes of a file, in order; what can't be read as its failure."""
    data = content.encode() if isinstance(content, str) else content
    suffix = formats.suffix_of(name)
    split = formats.splitter(suffix)
    assert split is not None
    found: list[Raw | Failure] = []
    at = 0
    for item in split(
        Source(name, f"/{name}", suffix, lambda: io.BytesIO(data), len(data)), Options(mapping or {})
    ):
        if isinstance(item, Failure):
            found.append(item)
            continue
        assert at <= item.at <= len(data) + 4
        at = item.at
        assert pickle.loads(pickle.dumps(item)) == item
        try:
            found.extend(formats.parser(item.form)(item))
        except InputError as error:
            found.append(item.failure(error))
    assert all(
        failure.reason and "\n" not in str(failure) for failure in found if isinstance(failure, Failure)
    )
    return found


def _pieces(name: str, content: str) -> list[Piece]:
    data = content.encode()
    suffix = formats.suffix_of(name)
    split = formats.splitter(suffix)
    assert split is not None
    source = Source(name, f"/{name}", suffix, lambda: io.BytesIO(data), len(data))
    return [item for item in split(source, Options()) if isinstance(item, Piece)]


def _articles(name: str, content: bytes | str, mapping: Mapping[str, str] | None = None) -> list[Raw]:
    found = _read(name, content, mapping)
    assert all(isinstance(item, Raw) for item in found), found
    return [item for item in found if isinstance(item, Raw)]


def _record(_mapping: Mapping[str, str] | None = None, /, **fields: Any) -> Raw:
    (article,) = _articles("news.jsonl", json.dumps(fields), _mapping)
    return article


def _failure(_mapping: Mapping[str, str] | None = None, /, **fields: Any) -> Failure:
    (failure,) = _read("news.jsonl", json.dumps(fields), _mapping)
    assert isinstance(failure, Failure)
    return failure


def _refusal(name: str, content: bytes | str, mapping: Mapping[str, str] | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        _read(name, content, mapping)
    assert "\n" not in caught.value.reason and caught.value.reason
    return caught.value


# -- the fields of ours


def test_json_lines_give_one_article_each_with_its_fields() -> None:
    fields = {
        "id": "x1",
        "text": "Words.\r\nMore.",
        "title": " A \n title ",
        "outlet": "Ukrinform",
        "author": "The desk",
        "date": "2022-03-05",
        "url": "https://example.org/1",
        "language": "en",
        "agency": "Interfax",
        "unknown": {"is": "ignored"},
    }
    (article,) = _articles("news.jsonl", json.dumps(fields) + "\n\n")
    assert (article.id, article.stated_id, article.place) == ("x1", True, "line 1")
    assert article.text == "Words.\nMore."
    meta = article.meta
    assert (meta.title, meta.outlet, meta.author, meta.agency) == (
        "A title",
        "Ukrinform",
        "The desk",
        "Interfax",
    )
    assert (meta.date, meta.url, meta.language) == ("2022-03-05", "https://example.org/1", "en")


@given(st.text())
def test_a_text_is_stored_unchanged_but_for_line_ends(text: str) -> None:
    (item,) = _read("news.jsonl", json.dumps({"text": text}))
    if isinstance(item, Failure):
        assert not text.strip() and "empty" in item.reason
    elif "<" not in text:
        assert item.text == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    "text",
    [
        "A <p> opens a paragraph.",
        "if a<b and b>c",
        "<3 words",
        "<p>alone",
        "He said <b>no</b>.",
        "x &lt;p&gt; y",
    ],
)
def test_a_text_that_only_speaks_of_markup_is_unchanged(text: str) -> None:
    assert _record(text=text).text == text


@pytest.mark.parametrize("value", [None, True, [], {}])
def test_fields_of_other_kinds_are_unknown(value: object) -> None:
    article = _record(text="Some words.", title=value, outlet=value, date=value, id=value)
    assert article.meta.title is article.meta.outlet is article.meta.date is None
    assert not article.stated_id


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, "null"), (True, "true or false"), (5, "a number"), ([], "a list"), ({}, "an object")],
)
def test_a_text_that_is_none_is_called_what_it_is(value: object, told: str) -> None:
    reason = _failure(text=value).reason
    assert reason.startswith(f'its "text" is {told}') and reason.endswith("--map text=FIELD")


def test_numbers_are_taken_as_written() -> None:
    article = _record(text="Some words.", id=17, title=1984, date=2022)
    assert (article.id, article.stated_id) == ("17", True)
    assert (article.meta.title, article.meta.date) == ("1984", "2022")


@pytest.mark.parametrize(
    "name",
    ["17", "a b", "https://example.org/a?b=c&d=é#f", "Київ/1", " spaced ", "x" * 900, "..", "-o", "#"],
    ids=range(9),
)
def test_a_stated_id_is_kept_as_it_is(name: str) -> None:
    article = _record(text="Some words.", id=name)
    assert (article.id, article.stated_id) == (name, True)


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_blank_id_is_none(name: str) -> None:
    assert not _record(text="Some words.", id=name).stated_id


def test_a_record_without_an_id_has_the_same_one_however_often_it_is_read() -> None:
    first = [article.id for article in _articles("news.jsonl", '{"text": "one"}\n{"text": "two"}\n')]
    assert len(set(first)) == 2 and all(name.startswith("news-") for name in first)
    assert [a.id for a in _articles("news.jsonl", '{"text": "two"}\n\n{"text": "one"}\n')] == first[::-1]
    assert [a.id for a in _articles("news.json", '[{"text": "one"}, {"text": "two"}]')] == first
    other = '{"text": "one", "url": "https://example.org"}\n'
    assert _articles("news.jsonl", other)[0].id not in first


def test_lone_surrogates_are_replaced_one_for_one() -> None:
    article = _record(text="a\ud800b 😀", title="\udfff", id="i\ud800")
    assert article.text == "a\ufffdb 😀" and article.meta.title == "\ufffd"
    assert article.id.encode()


# -- other names


@pytest.mark.parametrize(
    "name",
    [
        "content",
        "Body",
        "full_text",
        "fullText",
        "article-text",
        "maintext",
        "articleBody",
        "Plain Text",
        "story",
        "Full Story",
        "Text of article",
        "BODY_TEXT_OF_THE_STORY",
        "cleaned article text",
        "Entire Article",
        "Page Content",
    ],
)
def test_a_text_is_found_by_its_usual_names(name: str) -> None:
    assert _record(**{name: "Some words.", "title": "T"}).text == "Some words."


@pytest.mark.parametrize(
    "name", ["story id", "article source", "news", "page", "text length", "Story", "news_article", "postpage"]
)
def test_a_name_that_may_be_another_fields_is_no_texts(name: str) -> None:
    assert _record(**{name: "no", "content": "Some words."}).text == "Some words."


@pytest.mark.parametrize(
    ("fields", "field", "value"),
    [
        ({"headline": "T"}, "title", "T"),
        ({"Publication date": "04-Mar-24"}, "date", "2024-03-04"),
        ({"Date of publication": "4 March 1999"}, "date", "1999-03-04"),
        ({"author": "Unknown"}, "author", None),
        ({"author": ["N/A"], "byline": "By Jane Doe"}, "author", "Jane Doe"),
        ({"outlet": "unknown", "source": "Reuters"}, "outlet", "Reuters"),
        ({"author": "Unknown Mortal Orchestra"}, "author", "Unknown Mortal Orchestra"),
        ({"Headline": "T", "name": "no"}, "title", "T"),
        ({"title": {"rendered": "T"}}, "title", "T"),
        ({"headline": {"main": "T", "kicker": "no"}}, "title", "T"),
        ({"source": {"id": None, "name": "BBC News"}}, "outlet", "BBC News"),
        ({"source": "https://www.bbc.co.uk/1", "source-hostname": "BBC"}, "outlet", "BBC"),
        ({"publication": "The Times"}, "outlet", "The Times"),
        ({"site_name": "Ukrinform", "domain": "ukrinform.net"}, "outlet", "Ukrinform"),
        ({"publisher": {"@type": "Organization", "name": "Reuters"}}, "outlet", "Reuters"),
        ({"website": "https://www.kyivindependent.com/about"}, "outlet", "kyivindependent.com"),
        ({"authors": ["One", "Two", "One"]}, "author", "One, Two"),
        ({"authors": "['One', 'Two']"}, "author", "One, Two"),
        ({"author": [{"name": "One"}, {"name": "Two"}]}, "author", "One, Two"),
        ({"byline": "By One and Two"}, "author", "One and Two"),
        ({"creator": "One"}, "author", "One"),
        ({"publishedAt": "2022-03-05T10:00:00Z"}, "date", "2022-03-05T10:00:00+00:00"),
        ({"pubDate": "Sat, 05 Mar 2022 10:20:30 +0200"}, "date", "2022-03-05T10:20:30+02:00"),
        ({"date_publish": "2022-03-05 10:20:30"}, "date", "2022-03-05T10:20:30"),
        ({"date": "unknown", "published": "5 March 2022"}, "date", "2022-03-05"),
        ({"date": {"$date": "2022-03-05T10:00:00Z"}}, "date", "2022-03-05T10:00:00+00:00"),
        ({"created_at": {"$date": {"$numberLong": "1646475630000"}}}, "date", "2022-03-05T10:20:30+00:00"),
        ({"timestamp": 1646475630}, "date", "2022-03-05T10:20:30+00:00"),
        ({"link": "https://example.org/1"}, "url", "https://example.org/1"),
        ({"href": "example.org/1"}, "url", "example.org/1"),
        ({"source": "https://example.org/1"}, "url", "https://example.org/1"),
        ({"source": "Reuters"}, "url", None),
        ({"lang": "uk"}, "language", "uk"),
        ({"language": "en-GB"}, "language", "en"),
        ({"language": "English"}, "language", "en"),
        ({"news_agency": "AFP"}, "agency", "AFP"),
    ],
)
def test_metadata_are_found_by_their_usual_names(
    fields: dict[str, Any], field: str, value: str | None
) -> None:
    assert getattr(_record(text="Some words.", **fields).meta, field) == value


@pytest.mark.parametrize(
    "fields", [{"_id": {"$oid": "5f"}}, {"guid": "5f"}, {"uuid": "5f"}, {"doc_id": "5f"}]
)
def test_an_id_is_found_by_its_usual_names(fields: dict[str, Any]) -> None:
    article = _record(text="Some words.", **fields)
    assert (article.id, article.stated_id) == ("5f", True)


def test_a_name_of_ours_wins_over_others() -> None:
    article = _record(
        content="no", text="yes", TEXT="no", headline="no", title="yes", Title="no", source="no", outlet="yes"
    )
    assert (article.text, article.meta.title, article.meta.outlet) == ("yes", "yes", "yes")


def test_an_empty_field_gives_way_to_another() -> None:
    article = _record(text=" ", content="words", title="", headline="T")
    assert (article.text, article.meta.title) == ("words", "T")


def test_what_the_user_says_wins_over_all() -> None:
    article = _record(
        {"text": "data.words", "outlet": "source.name", "title": "a.b"},
        text="no",
        data={"words": "yes"},
        source={"name": "BBC", "title": "no"},
        title="no",
        **{"a.b": "T"},
    )
    assert (article.text, article.meta.outlet, article.meta.title) == ("yes", "BBC", "T")


def test_what_the_user_calls_a_field_may_differ_in_case() -> None:
    mapping = {"text": "data.words", "title": "kopf ", "outlet": "A.B"}
    article = _record(mapping, Data={"WORDS": "yes", "words2": "no"}, Kopf="T", **{"a.b": "BBC"})
    assert (article.text, article.meta.title, article.meta.outlet) == ("yes", "T", "BBC")
    exact = _record({"text": "Words"}, words="no", Words="yes")
    assert exact.text == "yes"
    assert [a.text for a in _articles("news.csv", "Foo,Bar\n1,words\n", {"text": "bar"})] == ["words"]


def test_what_the_user_says_of_other_inputs_does_no_harm() -> None:
    assert _record({"text": "content", "title": "x.y"}, text="words", title="T", x="z").text == "words"


@pytest.mark.parametrize("wrapper", ["_source", "fields", "attributes", "document"])
def test_fields_inside_an_object_are_found(wrapper: str) -> None:
    article = _record(_id="q1", **{wrapper: {"title": "T", "body": "words"}})
    assert (article.id, article.text, article.meta.title) == ("q1", "words", "T")


def test_a_text_in_parts_is_joined() -> None:
    assert _record(text=["One.", "Two."]).text == "One.\nTwo."
    parts = ["Read ", {"type": "link", "text": "this"}, " now."]
    assert _record(text=parts).text == "Read this now."


def test_a_summary_stands_in_for_the_text_if_it_is_long() -> None:
    assert _record(title="T", description=_LONG).text == _LONG
    assert "no field" in _failure(title="T", description="Short.").reason
    assert _record(description=_LONG, content="words").text == "words"


def test_a_record_without_text_says_what_it_has() -> None:
    reason = _failure(title="T", **{f"column {n}": n for n in range(20)}).reason
    assert (
        '"text"' in reason
        and "title, column 0" in reason
        and "and 6 more" in reason
        and "--map text=" in reason
    )
    assert '"words"' in _failure({"text": "words"}, title="T").reason


def test_names_that_cannot_be_shown_are_not() -> None:
    reason = _failure(**{"a\x1b[31m\u202eb": "x", "\n": "y"}).reason
    assert reason.isprintable()


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("<p>One.</p><p>Two &amp; three.</p>", "One.\nTwo & three."),
        ("One.<br>Two.", "One.\nTwo."),
        ("One <a href='x'>link</a>.\n\nTwo.", "One link.\nTwo."),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\nTwo."),
        ("No markup: a < b.\n\nTwo.", "No markup: a < b.\n\nTwo."),
    ],
)
def test_markup_is_taken_off_a_content(text: str, stored: str) -> None:
    assert _record(content=text).text == stored


def test_markup_is_taken_off_a_text_that_is_nothing_else() -> None:
    assert _record(text="<p>One.</p>\n<p>Two.</p>").text == "One.\nTwo."


def test_a_whole_page_is_read_as_one() -> None:
    page = f"<!doctype html><html><head><title>T</title></head><body><article><p>{_LONG}</p></article></body></html>"
    article = _record(html=page, url="https://example.org/1", outlet="Own")
    assert _LONG.strip() in article.text and "<" not in article.text
    assert article.meta.outlet == "Own"
    assert article.kinds is None or len(article.kinds) == len(article.text.split("\n"))


# -- JSON lines


def test_bad_lines_are_named_and_the_rest_goes_on() -> None:
    lines = [
        b'\xef\xbb\xbf{"text": "first"}',
        b"{not json}",
        b'["text"]',
        b'{"title": "no text"}',
        b'{"text": 5}',
        b'{"text": "  \\n"}',
        b"",
        b"[" * 100_000,
        b'{"text": "n", "date": ' + b"1" * 5000 + b"}",
        b'{"text": ' + b'{"text":' * 400 + b"1" + b"}" * 401,
        b'{"text": "last"}',
    ]
    items = _read("news.jsonl", b"\r\n".join(lines))
    assert [item.text for item in items if isinstance(item, Raw)] == ["first", "last"]
    errors = {item.place: item.reason for item in items if isinstance(item, Failure)}
    assert list(errors) == [f"line {n}" for n in (2, 3, 4, 5, 6, 8, 9, 10)]
    assert "not JSON" in errors["line 2"] and "object" in errors["line 3"]
    assert '"text"' in errors["line 4"] and '"text"' in errors["line 5"] and "empty" in errors["line 6"]
    assert "deep" in errors["line 8"] and "number" in errors["line 9"]


def test_a_line_in_another_encoding_is_read_in_it() -> None:
    text = "Жителі області їдуть до Києва."
    line = json.dumps({"text": text}, ensure_ascii=False)
    assert [a.text for a in _articles("news.jsonl", line.encode("cp1251") + b'\n{"text": "b"}')] == [
        text,
        "b",
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("name", ["news.jsonl", "news.json"])
def test_a_byte_order_mark_is_obeyed(name: str, encoding: str) -> None:
    lines = '{"text": "Київ\u2028 один"}\n{"text": "два"}\n'
    assert [a.text for a in _articles(name, lines.encode(encoding))] == ["Київ\u2028 один", "два"]


def test_a_line_in_no_encoding_is_told_with_its_place() -> None:
    (failure,) = _read("news.jsonl", b'{"text": "' + bytes(range(0x80, 0x100)) + b'"}')
    assert isinstance(failure, Failure) and "UTF-8 at byte 10" in failure.reason


@pytest.mark.parametrize("name", ["news.jsonl", "news.json"])
def test_an_article_too_long_is_passed_over_and_the_next_is_read(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "MAX_BYTES", 1000)
    long = json.dumps({"text": "x" * 5000})
    items = _read(name, f'{{"text": "a"}}\n{long}\n{{"text": "the last line has no line feed"}}')
    assert [type(item) for item in items] == [Raw, Failure, Raw]
    assert isinstance(items[1], Failure) and items[1].place == "line 2" and "longer" in items[1].reason
    assert isinstance(items[2], Raw) and items[2].place == "line 3"


def test_line_ends_inside_strings_and_odd_separators_split_nothing() -> None:
    text = "a\u2028b\u2029c\x85d"
    line = json.dumps({"text": text}, ensure_ascii=False)
    # A bare carriage return ends no line of JSON lines: what follows is on the same line.
    assert [type(item) for item in _read("news.ndjson", line + '\r{"text": "x"}')] == [Failure]
    assert _articles("news.ndjson", line)[0].text == text


@pytest.mark.parametrize("name", ["news.jsonl", "news.json", "news.csv"])
@pytest.mark.parametrize("content", [b"", b"\n\n  \n"])
def test_an_empty_file_is_told(name: str, content: bytes) -> None:
    assert "empty" in _refusal(name, content).reason


def test_splitting_lines_looks_at_nothing_in_them() -> None:
    split = formats.splitter(".jsonl")
    assert split is not None
    source = Source("a.jsonl", "/a", ".jsonl", lambda: io.BytesIO(b"{broken\n{also\n"))
    assert [p.data for p in split(source, Options()) if isinstance(p, Piece)] == [b"{broken\n", b"{also\n"]


@pytest.mark.parametrize(
    "content",
    [
        '{\n "text": "one"\n}\n{\n "text": "two"\n}',
        '[\n{"text": "one"},\n{"text": "two"}]',
        '[{"text": "one"}, {"text": "two"}]',
    ],
)
def test_json_under_the_name_of_json_lines_is_read(content: str) -> None:
    assert [a.text for a in _articles("news.jsonl", content)] == ["one", "two"]


# -- JSON


def test_one_object_is_one_article() -> None:
    (article,) = _articles("news.json", '{\n "text": "one",\n "tags": [{"name": "x"}]\n}\n')
    assert (article.text, article.place) == ("one", None)


@pytest.mark.parametrize(
    "around",
    [
        "%s",
        '{"articles": %s}',
        '{"status": "ok", "totalResults": 2, "articles": %s, "next": null}',
        '{"responseHeader": {"status": 0}, "response": {"numFound": 2, "docs": %s}}',
        '{"took": 3, "hits": {"total": {"value": 2}, "hits": %s}}',
        '{"data": {"results": %s}}',
        '{"@graph": %s}',
        '{"authors": [{"name": "x"}], "items": %s}',
        '{"articles": %s',
    ],
)
def test_lists_of_articles_are_found(around: str) -> None:
    listed = json.dumps([{"title": "A", "body": 'one [1] {2} \\ " quoted'}, {"title": "B", "body": "two"}])
    items = _read("news.json", around.replace("%s", listed))
    assert [(a.text, a.place) for a in items if isinstance(a, Raw)] == [
        ('one [1] {2} \\ " quoted', "item 1"),
        ("two", "item 2"),
    ]


def test_lists_that_are_no_articles_are_part_of_one() -> None:
    record = {
        "title": "T",
        "data": [1, {"a": 2}],
        "items": [{"name": "x"}],
        "content": [{"type": "p", "text": "One."}],
    }
    (article,) = _articles("news.json", json.dumps(record))
    assert (article.text, article.meta.title) == ("One.", "T")
    later = {"text": "One.", "articles": [{"title": "Related", "text": "Other."}]}
    assert [a.text for a in _articles("news.json", json.dumps(later))] == ["One."]


def test_bad_items_are_named_and_the_rest_goes_on() -> None:
    items = _read("news.json", '[{"text": "a"}, 5, {"text" "b"}, "c", ["d"], {"title": "e"}, {"text": "f"}]')
    assert [item.place for item in items] == [f"item {n}" for n in range(1, 8)]
    assert [type(item) for item in items] == [Raw, *[Failure] * 5, Raw]


def test_a_list_cut_off_gives_what_is_whole() -> None:
    items = _read("news.json", '{"articles": [{"title": "A", "text": "a"}, {"title": "B", "text": "b')
    assert isinstance(items[0], Raw) and items[0].text == "a"
    assert isinstance(items[1], Failure) and "ends inside" in items[1].reason and len(items) == 2


@pytest.mark.parametrize("content", ["callback({})", "words", "]", "}{", '"text"', "5"])
def test_what_is_no_json_is_told(content: str) -> None:
    items = _read("news.json", content)
    assert items and all(isinstance(item, Failure) for item in items)


def test_json_without_articles_is_given_up_soon() -> None:
    assert "no articles" in _refusal("news.json", json.dumps(list(range(10_000)))).reason
    assert "empty" in _refusal("news.json", "[]").reason


def test_deep_json_is_no_harm() -> None:
    for content in ("[" * 500_000, '{"data":' * 500_000, '{"a":' * 500_000 + "1" + "}" * 500_000):
        items = _read("news.json", content)
        assert len(items) == 1 and isinstance(items[0], Failure)


def test_a_long_list_is_read_as_a_stream() -> None:
    data = b"[" + b",".join(b'{"text": "%s"}' % (b"x" * 10_000) for _ in range(500)) + b"]"
    stream = io.BytesIO(data)
    opened = iter([io.BytesIO(data), stream])
    split = formats.splitter(".json")
    assert split is not None
    items = split(Source("a.json", "/a", ".json", lambda: next(opened), len(data)), Options())
    for _ in range(3):
        next(items)
    assert stream.tell() < len(data) / 2


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(
    st.lists(st.dictionaries(st.text(), _JSON, max_size=4), min_size=1, max_size=5),
    st.integers(1, 9),
    st.booleans(),
)
def test_items_are_cut_out_exactly(values: list[dict[str, Any]], chunk: int, ascii_only: bool) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(chunk, size) if size and size > 0 else chunk)

    data = json.dumps(values, ensure_ascii=ascii_only, indent=1 if ascii_only else None).encode(
        "utf-8", "replace"
    )
    split = formats.splitter(".json")
    assert split is not None
    items = list(split(Source("a.json", "/a", ".json", lambda: Slow(data), len(data)), Options()))
    assert [json.loads(item.data) for item in items if isinstance(item, Piece)] == json.loads(data)


@given(st.binary(max_size=200), st.sampled_from(["a.json", "a.jsonl", "a.csv", "a.tsv"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        _read(name, data)
    except InputError as error:
        assert error.reason and "\n" not in error.reason


# -- tables


def _table(rows: list[list[str]], **dialect: Any) -> str:
    stream = io.StringIO()
    csv.writer(stream, **dialect).writerows(rows)
    return stream.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_table_gives_one_article_a_row(delimiter: str, encoding: str) -> None:
    rows = [
        ["Title", "Full Text", "Date"],
        ["Перша, новина; дня|", 'Жителі області\nїдуть до "Києва".', "05.03.2022"],
        ["", "", ""],
        ["Друга новина", "Місто утримують.\tІ далі.", "2022-03-06"],
    ]
    articles = _articles("news.csv", _table(rows, delimiter=delimiter).encode(encoding))
    assert [(a.meta.title, a.text, a.meta.date, a.place) for a in articles] == [
        ("Перша, новина; дня|", 'Жителі області\nїдуть до "Києва".', "2022-03-05", "row 2"),
        ("Друга новина", "Місто утримують.\tІ далі.", "2022-03-06", "row 4"),
    ]


def test_a_line_that_names_the_delimiter_is_obeyed() -> None:
    assert [a.text for a in _articles("news.csv", "sep=;\r\ntitle;text\r\nA;b, c\r\n")] == ["b, c"]


def test_a_table_of_texts_alone_is_read() -> None:
    assert [a.text for a in _articles("news.csv", 'text\n"One, two."\nThree.\n')] == ["One, two.", "Three."]


def test_a_table_without_a_column_for_texts_is_refused_at_once() -> None:
    error = _refusal("news.csv", "foo,bar\n" + "1,2\n" * 1000)
    assert "foo, bar" in error.reason and "--map text=" in error.reason
    assert [a.text for a in _articles("news.csv", "foo,bar\n1,words\n", {"text": "bar"})] == ["words"]


def test_a_table_without_rows_is_told() -> None:
    assert "without rows" in _refusal("news.csv", "title,text\n").reason


def test_a_row_with_too_many_fields_is_told_and_the_rest_goes_on() -> None:
    items = _read("news.csv", "title,text\nA,one\nB,two, three\nC,four,\n")
    assert [item.text if isinstance(item, Raw) else item.place for item in items] == ["one", "row 3", "four"]


def test_an_open_quotation_mark_does_not_swallow_the_rest() -> None:
    items = _read("news.csv", 'title,text\nA,one\nB,"two\nC,three\nE,five\n')
    assert [item.text if isinstance(item, Raw) else item.place for item in items] == [
        "one",
        "row 3",
        "three",
        "five",
    ]


def test_marks_in_the_middle_of_a_field_are_kept() -> None:
    assert [a.text for a in _articles("news.csv", 'title,text\nA,the 5" gun\nB,two\n')] == [
        'the 5" gun',
        "two",
    ]


def test_a_table_made_of_open_marks_ends() -> None:
    items = _read("news.csv", "title,text\n" + 'A,"b\n' * 3001)
    assert 1 <= len(items) <= 3001 and any(isinstance(item, Failure) for item in items)


def test_a_field_may_be_long() -> None:
    text = "words " * 100_000
    assert _articles("news.csv", _table([["text"], [text]]))[0].text == text


def test_a_cell_in_another_encoding_is_read_in_it() -> None:
    rows = "title,text\n" + f"A,{'words ' * 1000}\n" * 200
    data = rows.encode() + 'Б,"Жителі області їдуть."\n'.encode("cp1251") + "В,Місто утримують.\n".encode()
    split = formats.splitter(".csv")
    assert split is not None
    items = list(split(Source("a.csv", "/a", ".csv", lambda: io.BytesIO(data)), Options()))
    texts = [json.loads(item.data)["text"] for item in items[-2:] if isinstance(item, Piece)]
    assert texts == ["Жителі області їдуть.", "Місто утримують."]


@pytest.mark.parametrize("name", ["news.jsonl", "news.json"])
def test_a_binary_file_called_json_is_told_once(name: str) -> None:
    assert "binary" in _refusal(name, bytes(range(256)) * 100).reason


def test_lines_behind_the_zeros_that_a_crash_left_are_read() -> None:
    found = _read("news.jsonl", b"\0" * 5000 + b"\n" + json.dumps({"text": _LONG}).encode())
    assert [type(one) for one in found] == [Failure, Raw]


def test_a_binary_table_is_refused() -> None:
    assert "binary" in _refusal("news.csv", bytes(range(256)) * 10).reason


_CELLS = st.text(st.characters(codec="utf-8")).filter(lambda cell: cell not in fields.MISSING)


@given(st.lists(st.tuples(_CELLS, _CELLS), max_size=5))
def test_whatever_is_written_to_a_table_is_read_from_it(rows: list[tuple[str, str]]) -> None:
    data = _table(
        [["title", "content", "n"], *([title, text, "x"] for title, text in rows)], quoting=csv.QUOTE_ALL
    )
    split = formats.splitter(".csv")
    assert split is not None
    try:
        items = list(split(Source("a.csv", "/a", ".csv", lambda: io.BytesIO(data.encode())), Options()))
    except InputError as error:
        assert not rows or "binary" in error.reason
        return
    assert [json.loads(item.data).get("content", "") for item in items if isinstance(item, Piece)] == [
        t for _, t in rows
    ]


@pytest.mark.parametrize(
    "content",
    [
        {
            "meta": {"n": 2},
            "dump": [{"headline": "A", "body": "One two."}, {"headline": "B", "body": "Three four."}],
        },
        {"a": {"title": "A", "text": "One two."}, "b": {"title": "B", "text": "Three four."}},
        {"title": {"0": "A", "1": "B"}, "text": {"0": "One two.", "1": "Three four."}},
        {"columns": ["title", "text"], "index": [0, 1], "data": [["A", "One two."], ["B", "Three four."]]},
        {"x": {"y": {"1": {"title": "A", "text": "One two."}, "2": {"title": "B", "text": "Three four."}}}},
    ],
    ids=["any name", "by id", "columns", "split", "deep"],
)
def test_articles_are_found_however_json_holds_them(content: dict[str, Any]) -> None:
    found = _articles("a.json", json.dumps(content))
    assert [(raw.meta.title, raw.text) for raw in found] == [("A", "One two."), ("B", "Three four.")]


def test_an_article_is_not_taken_for_a_list_of_what_it_names() -> None:
    record = {"related": [{"title": "B", "text": "Three."}], "title": "A", "text": "One."}
    assert [raw.text for raw in _articles("a.json", json.dumps(record))] == ["One."]


@pytest.mark.parametrize(
    "lines",
    [
        '{"title": "A", "text": "One, } two.",}\n{"title": "B", "text": "Three."},\n',
        '\ufeff{"title": "A", "text": "One, } two."}\r\n\r\n{"title": "B", "text": "Three.", "author": NaN}\r\n',
    ],
)
def test_slips_of_programs_that_write_json_are_forgiven(lines: str) -> None:
    found = _articles("a.jsonl", lines)
    assert [(raw.meta.title, raw.text) for raw in found] == [("A", "One, } two."), ("B", "Three.")]
    assert found[1].meta.author is None


def test_raw_tabs_in_strings_are_text() -> None:
    assert _articles("a.jsonl", '{"text": "One\ttwo."}\n')[0].text == "One\ttwo."


def test_a_json_feed_names_its_outlet() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Feed",
        "items": [
            {"id": "1", "title": "A", "content_html": "<p>One.</p>"},
            {"id": "2", "content_text": "Two."},
        ],
    }
    (piece, *_) = _pieces("a.json", json.dumps(feed))
    assert piece.hints.outlet == "The Feed"
    assert [raw.text for raw in _articles("a.json", json.dumps(feed))] == ["One.", "Two."]


def test_a_telegram_channel_is_the_outlet_and_its_pictures_no_failures() -> None:
    posts = [
        {"id": 1, "type": "service", "action": "create_channel", "date_unixtime": "1646733600", "text": ""},
        {
            "id": 2,
            "type": "message",
            "date_unixtime": "1646733600",
            "from": "News",
            "text": ["One. ", {"text": "x"}],
        },
        {"id": 3, "type": "message", "date_unixtime": "1646733600", "photo": "p.jpg", "text": ""},
    ]
    export = json.dumps({"name": "News", "type": "public_channel", "id": 7, "messages": posts})
    (raw,) = _articles("result.json", export)
    assert (raw.text, raw.meta.author) == ("One. x", None)
    (piece,) = _pieces("result.json", export)
    assert piece.hints.outlet == "News"


@pytest.mark.parametrize("nothing", ["nan", "None", "NaT", "<NA>"])
def test_what_programs_write_for_nothing_is_nothing(nothing: str) -> None:
    (raw,) = _articles("a.csv", f"title,author,date,text\n{nothing},{nothing},{nothing},One.\n")
    assert (raw.meta.title, raw.meta.author, raw.meta.date) == (None, None, None)
    (failure,) = _read("a.csv", f"title,text\nA,{nothing}\n")
    assert isinstance(failure, Failure)


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ('title, text\nA, "One, two"\n', "One, two"),
        ('title,text\nA,"He said \\"no, two\\" again"\n', 'He said "no, two" again'),
        ('title,text\nA,"He said ""no"" \\"\n', 'He said "no" \\'),
        ('title,text\nA,"C:\\new"\n', "C:\\new"),
    ],
)
def test_tables_that_depart_from_the_standard(table: str, text: str) -> None:
    assert _articles("a.csv", table)[0].text == text


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("By Jane Doe", "Jane Doe"),
        (["By Jane Doe", "Staff"], "Jane Doe"),
        ("Byron Doe", "Byron Doe"),
        (["Staff"], "Staff"),
    ],
)
def test_who_wrote_it_is_a_name(stated: Any, author: str) -> None:
    assert _record(text="One.", author=stated).meta.author == author

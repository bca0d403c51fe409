"""File formats: what comes out of a file unchanged, and the one clear line where nothing can."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.errors import InputError
from warreader.index.ingest import formats
from warreader.index.ingest.formats import (
    Raw,
    decode,
    files_under,
    iso_date,
    kept_id,
    normalise,
    printable_id,
    read,
)


def _write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _articles(path: Path) -> list[Raw]:
    items = list(read(path))
    assert all(isinstance(item, Raw) for item in items), items
    return [item for item in items if isinstance(item, Raw)]


def _line(tmp_path: Path, **fields: Any) -> Raw:
    (article,) = _articles(_write(tmp_path, "news.jsonl", json.dumps({"text": "Some words."} | fields)))
    return article


def _refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        list(read(path))
    assert "\n" not in caught.value.reason and caught.value.reason
    return caught.value


# -- text ----------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["txt", "TXT", "text", "md", "markdown", ""])
def test_a_text_file_is_one_article_named_after_it(tmp_path: Path, suffix: str) -> None:
    name = f"my article.{suffix}" if suffix else "my article"
    (article,) = _articles(_write(tmp_path, name, "One line.\n\nAnother\u2028 line.\n"))
    assert article == Raw(
        "my_article", "One line.\n\nAnother\u2028 line.\n", article.meta, None, stated_id=False
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfwith a mark", "with a mark"),
        ("with a mark".encode("utf-16"), "with a mark"),
        (b"\xfe\xff" + "Київ".encode("utf-16-be"), "Київ"),
        (b"one\r\ntwo\rthree\n\r\n", "one\ntwo\nthree\n\n"),
        (
            "one\x0btwo\x0cthree\x1cfour\x85five\u2028six\u2029seven".encode(),
            "one\x0btwo\x0cthree\x1cfour\x85five\u2028six\u2029seven",
        ),
        (b"a few \x00 and \x1b[31m " + b"words " * 20, "a few \x00 and \x1b[31m " + "words " * 20),
        (b" leading and trailing space \n\n", " leading and trailing space \n\n"),
    ],
)
def test_text_is_kept_but_for_encoding_and_line_ends(tmp_path: Path, content: bytes, text: str) -> None:
    (article,) = _articles(_write(tmp_path, "a.txt", content))
    assert article.text == text


@given(st.text())
def test_normalising_changes_line_ends_and_lone_surrogates_only(text: str) -> None:
    stored = normalise(text)
    assert "\r" not in stored
    stored.encode()
    assert normalise(stored) == stored
    if "\r" not in text:
        assert len(stored) == len(text)
        assert all(a == b or b == "\ufffd" for a, b in zip(text, stored, strict=True))


@pytest.mark.parametrize(
    ("content", "reason", "place"),
    [
        (b"", "empty", None),
        (b" \n\t\r\n ", "empty", None),
        (b"caf\xe9 in the old encoding", "UTF-8.*iconv", "byte 3"),
        (b"\xef\xbb\xbfcaf\xe9 in the old encoding", "UTF-8.*iconv", "byte 6"),
        (b"\xff\xfea\x00b", "UTF-16.*UTF-8", "byte 4"),
        (b"\xff\xfea\x00\x00\xd8b\x00", "UTF-16.*UTF-8", "byte 4"),
        (bytes(range(256)) * 8, "binary", None),
        ("no byte order mark here".encode("utf-16-le"), "binary", None),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(
    tmp_path: Path, content: bytes, reason: str, place: str | None
) -> None:
    error = _refusal(_write(tmp_path, "a.txt", content))
    assert error.place == place
    assert re.search(reason, error.reason)


@given(st.binary())
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        normalise(decode(data)).encode()
    except InputError as error:
        assert error.reason


def test_a_file_too_long_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.truncate(formats.MAX_BYTES + 1)
    assert "larger than 64 MB" in _refusal(path).reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.txt", "words")
    path.chmod(0)
    assert "permission" in _refusal(path).reason.lower()


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    assert "can't be read (No such file" in _refusal(tmp_path / "gone.txt").reason


@pytest.mark.parametrize("name", ["pipe.txt", "pipe.jsonl", "pipe"])
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert "pipe" in _refusal(tmp_path / name).reason


def test_a_kind_of_file_that_is_not_known_is_told(tmp_path: Path) -> None:
    error = _refusal(_write(tmp_path, "page.pdf", b"%PDF-1.7"))
    assert ".pdf" in error.reason and ".jsonl" in error.reason


# -- JSON lines ----------------------------------------------------------------


def test_json_lines_give_one_article_each_with_its_fields(tmp_path: Path) -> None:
    fields = {
        "id": "x1",
        "text": "Words.\r\nMore.",
        "title": " A \n title ",
        "outlet": "Ukrinform",
        "author": "The desk",
        "date": "2022-03-05",
        "url": "https://example.org/1",
        "language": "en",
        "unknown": {"is": "ignored"},
    }
    (article,) = _articles(_write(tmp_path, "news.jsonl", json.dumps(fields) + "\n\n"))
    assert (article.id, article.stated_id, article.place) == ("x1", True, "line 1")
    assert article.text == "Words.\nMore."
    meta = article.meta
    assert (meta.title, meta.outlet, meta.author) == ("A title", "Ukrinform", "The desk")
    assert (meta.date, meta.url, meta.language) == ("2022-03-05", "https://example.org/1", "en")


def test_bad_lines_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [
        b'\xef\xbb\xbf{"text": "first"}',
        b"{not json}",
        b'["text"]',
        b'{"title": "no text"}',
        b'{"text": 5}',
        b'{"text": "  \\n"}',
        b'{"text": "caf\xe9"}',
        b"",
        b"[" * 100_000,
        b'{"text": "n", "date": ' + b"1" * 5000 + b"}",
        b'{"text": "last"}',
    ]
    items = list(read(_write(tmp_path, "news.jsonl", b"\r\n".join(lines))))
    assert [item.text for item in items if isinstance(item, Raw)] == ["first", "last"]
    errors = {item.place: item.reason for item in items if isinstance(item, InputError)}
    assert list(errors) == [f"line {n}" for n in (2, 3, 4, 5, 6, 7, 9, 10)]
    assert "not JSON" in errors["line 2"] and "object" in errors["line 3"]
    assert '"text"' in errors["line 4"] and '"text"' in errors["line 5"] and "empty" in errors["line 6"]
    assert "UTF-8 at byte 13" in errors["line 7"]
    assert "deep" in errors["line 9"] and "number" in errors["line 10"]


def test_a_line_too_long_is_passed_over_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "MAX_BYTES", 1000)
    long = json.dumps({"text": "x" * 5000})
    last = '{"text": "the last line has no line feed"}'
    items = list(read(_write(tmp_path, "news.jsonl", f'{{"text": "a"}}\n{long}\n{last}')))
    assert [type(item) for item in items] == [Raw, InputError, Raw]
    assert isinstance(items[1], InputError) and items[1].place == "line 2" and "longer" in items[1].reason
    assert isinstance(items[2], Raw) and items[2].place == "line 3"


def test_line_ends_inside_strings_and_odd_separators_split_nothing(tmp_path: Path) -> None:
    text = "a\u2028b\u2029c\x85d"
    path = _write(tmp_path, "news.ndjson", json.dumps({"text": text}, ensure_ascii=False) + '\r{"text": "x"}')
    # A bare carriage return ends no line of JSON lines: what follows is on the same line.
    assert [type(item) for item in read(path)] == [InputError]
    path.write_text(json.dumps({"text": text}, ensure_ascii=False), "utf-8")
    assert _articles(path)[0].text == text


@pytest.mark.parametrize("content", [b"", b"\n\n  \n"])
def test_an_empty_file_of_lines_is_told(tmp_path: Path, content: bytes) -> None:
    assert "empty" in _refusal(_write(tmp_path, "news.jsonl", content)).reason


def test_lone_surrogates_are_replaced_one_for_one(tmp_path: Path) -> None:
    article = _line(tmp_path, text="a\ud800b 😀", title="\udfff", id="i\ud800")
    assert article.text == "a\ufffdb 😀" and article.meta.title == "\ufffd"
    assert article.id.encode()


@pytest.mark.parametrize("value", [None, True, [], {}, ["a"]])
def test_fields_of_other_kinds_are_unknown(tmp_path: Path, value: object) -> None:
    article = _line(tmp_path, title=value, outlet=value, date=value, id=value)
    assert article.meta.title is article.meta.outlet is article.meta.date is None
    assert not article.stated_id


def test_numbers_are_taken_as_written(tmp_path: Path) -> None:
    article = _line(tmp_path, id=17, title=1984, date=2022)
    assert (article.id, article.stated_id) == ("17", True)
    assert (article.meta.title, article.meta.date) == ("1984", "2022")


@pytest.mark.parametrize(
    "name",
    ["17", "a b", "https://example.org/a?b=c&d=é#f", "Київ/1", " spaced ", "x" * 900, "..", "-o", "#"],
    ids=range(9),
)
def test_a_stated_id_is_kept_as_it_is(tmp_path: Path, name: str) -> None:
    article = _line(tmp_path, id=name)
    assert (article.id, article.stated_id) == (name, True)


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_blank_id_is_none(tmp_path: Path, name: str) -> None:
    assert not _line(tmp_path, id=name).stated_id


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_ids_can_be_shown_and_stay_apart(one: str, two: str) -> None:
    assert kept_id(one).isprintable() and printable_id(one).isprintable()
    if one != two:
        assert kept_id(one) != kept_id(two)


def test_ids_too_long_stay_apart() -> None:
    one, two = kept_id("x" * 5000 + "1"), kept_id("x" * 5000 + "2")
    assert one != two and len(one) < 300


def test_a_line_without_an_id_has_the_same_one_however_often_it_is_read(tmp_path: Path) -> None:
    lines = '{"text": "one"}\n{"text": "two"}\n'
    first = [article.id for article in _articles(_write(tmp_path, "news.jsonl", lines))]
    assert len(set(first)) == 2 and all(name.startswith("news-") for name in first)
    moved = '{"text": "two"}\n\n{"text": "one"}\n'
    assert [a.id for a in _articles(_write(tmp_path, "news.jsonl", moved))] == first[::-1]
    other = '{"text": "one", "url": "https://example.org"}\n'
    assert _articles(_write(tmp_path, "news.jsonl", other))[0].id not in first


# -- dates ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "stored"),
    [
        ("2022", "2022"),
        ("2022-03", "2022-03"),
        ("2022-03-05", "2022-03-05"),
        ("20220305", "2022-03-05"),
        ("2022-03-05T10:20:30", "2022-03-05T10:20:30"),
        ("2022-03-05T10:20:30Z", "2022-03-05T10:20:30+00:00"),
        ("2022-03-05 10:20", "2022-03-05T10:20:00"),
        ("Sat, 05 Mar 2022 10:20:30 +0200", "2022-03-05T10:20:30+02:00"),
        ("2022-13", None),
        ("2022-02-30", None),
        ("٢٠٢٢", None),
        ("yesterday", None),
        ("Sat, 05 Mar 99999999999999999999 10:20:30 +0200", None),
        ("Sat, 05 Mar 2022 10:20:30 +99999999999999", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_become_iso_8601_or_unknown(stated: str | None, stored: str | None) -> None:
    assert iso_date(stated) == stored


@given(
    st.one_of(
        st.text(), st.from_regex(r"[0-9]{1,5}[-/. ]?[0-9]{0,3}[-T/. ]?[0-9:.+Z -]{0,12}", fullmatch=True)
    )
)
def test_no_date_raises_and_each_is_iso(stated: str) -> None:
    found = iso_date(stated)
    if found is not None and len(found) > 7:
        datetime.fromisoformat(found)


# -- folders -------------------------------------------------------------------


def test_files_come_in_order_of_name_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a/z.txt", ".hidden/x.txt", "c.txt", ".dot.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        _write(tmp_path, name, "x")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    found = [str(path.relative_to(tmp_path)) for path in files_under(tmp_path)]
    assert found == ["c.txt", "a/z.txt", "b/1.txt", "b/2.txt"]

"""Web crawls: which records are read, what they are packed in, and damaged files."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.article import Failure, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import formats, http, warc
from warreader.index.ingest.pieces import MAX_BYTES, Options, Piece, Source

PAGE = b"<html><body><p>The bridge was closed on Monday.</p></body></html>"


def _http(body: bytes = PAGE, status: str = "200 OK", **fields: str) -> bytes:
    stated = {"Content-Type": "text/html; charset=utf-8"} | {
        k.replace("_", "-"): v for k, v in fields.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in stated.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def _record(
    block: bytes,
    kind: str = "response",
    url: str = "https://example.org/bridge.html",
    length: int | None = None,
    **fields: str,
) -> bytes:
    stated = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": "2024-05-01T10:00:00Z"}
    if kind in ("response", "request", "revisit"):
        stated["Content-Type"] = f"application/http; msgtype={kind}"
    stated |= {name.replace("_", "-"): value for name, value in fields.items()}
    stated["Content-Length"] = str(len(block) if length is None else length)
    head = "".join(f"{name}: {value}\r\n" for name, value in stated.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def _split(
    data: bytes, opened: Callable[[], BinaryIO] | None = None, hints: Metadata | None = None
) -> list[Piece | Failure]:
    source = Source(
        "c.warc", "/c.warc", ".warc", opened or (lambda: io.BytesIO(data)), len(data), hints or Metadata()
    )
    return list(warc.split(source, Options()))


def _pieces(data: bytes) -> list[Piece]:
    items = _split(data)
    assert not [item for item in items if isinstance(item, Failure)]
    return [item for item in items if isinstance(item, Piece)]


class _Pipe(io.RawIOBase):
    """A stream that can't be moved in and gives little at a time."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._inner.read(min(len(buffer), 7))
        buffer[: len(data)] = data
        return len(data)


def _pipe(data: bytes) -> BinaryIO:
    return io.BufferedReader(_Pipe(data))


def test_a_page_comes_with_its_address_and_not_with_the_crawls_date() -> None:
    (piece,) = _pieces(_record(_http()))
    assert piece.form == "html"
    assert piece.place == piece.hints.url == "https://example.org/bridge.html"
    assert piece.hints.date is None
    assert piece.stem == "bridge"
    assert piece.origin == "/c.warc#https://example.org/bridge.html"
    assert PAGE in piece.data


def test_what_is_known_of_the_source_is_kept_beside_the_address() -> None:
    (piece,) = _split(_record(_http()), hints=Metadata(outlet="Example", url="https://example.org/crawl"))
    assert isinstance(piece, Piece)
    assert (piece.hints.outlet, piece.hints.url) == ("Example", "https://example.org/bridge.html")


def test_a_status_that_no_server_sends_is_told_and_the_others_are_read() -> None:
    url = "https://example.org/"
    long, page = _record(_http(status="2" * 6000), url=url + "long"), _record(_http())
    failure, piece = _split(long + page)
    assert isinstance(failure, Failure) and failure.place == url + "long" and "HTTP answer" in failure.reason
    assert isinstance(piece, Piece) and PAGE in piece.data


def test_only_what_was_fetched_with_success_and_can_be_read_is_taken() -> None:
    url = "https://example.org/"
    data = b"".join(
        [
            _record(b"software: x\r\n", "warcinfo", ""),
            _record(b"GET / HTTP/1.1\r\n\r\n", "request"),
            _record(_http(status="404 Not Found"), url=url + "gone"),
            _record(_http(status="301 Moved", Location="/"), url=url + "moved"),
            _record(_http(b"\x89PNG", Content_Type="image/png"), url=url + "a.png"),
            _record(_http(b"{}", Content_Type="application/json"), url=url + "api"),
            _record(_http(b"x=1", Content_Type="text/javascript", Content_Encoding="br"), url=url + "a.js"),
            _record(_http(b"User-agent: *", Content_Type="text/plain"), url=url + "robots.txt"),
            _record(_http(), "revisit"),
            _record(b"example.org. 60 IN A 1.2.3.4", "resource", "dns:example.org", Content_Type="text/dns"),
            _record(b"log", "resource", "metadata://tool/log.txt", Content_Type="text/plain"),
            _record(_http(b"%PDF-1.4", Content_Type="application/pdf"), url=url + "a.pdf"),
            _record(_http(b"<rss/>", Content_Type="application/rss+xml"), url=url + "feed"),
            _record(_http(b"<?xml version='1.0'?><feed/>", Content_Type="text/xml"), url=url + "atom"),
            _record(_http(PAGE, Content_Type=""), url=url + "unstated"),
            _record(b"Words of the page.", "conversion", url + "wet", Content_Type="text/plain"),
            _record(PAGE, "resource", url + "saved", Content_Type="text/html"),
        ]
    )
    found = [(piece.form, (piece.place or "").removeprefix(url)) for piece in _pieces(data)]
    assert found == [
        ("pdf", "a.pdf"),
        ("feed", "feed"),
        ("feed", "atom"),
        ("html", "unstated"),
        ("plain", "wet"),
        ("html", "saved"),
    ]


def test_gzip_by_record_and_whole_read_alike() -> None:
    records = [_record(_http(), url=f"https://example.org/{number}") for number in range(5)]
    plain = [(piece.place, piece.data) for piece in _pieces(b"".join(records))]
    assert len(plain) == 5
    whole = b"".join(records)
    for data in (whole, b"".join(map(gzip.compress, records)), gzip.compress(whole)):
        assert [(piece.place, piece.data) for piece in _pieces(data)] == plain
        piped = _split(b"", partial(_pipe, data))
        assert [(item.place, item.data) for item in piped if isinstance(item, Piece)] == plain


def test_progress_is_in_bytes_of_the_file() -> None:
    records = [_record(_http(), url=f"https://example.org/{number}") for number in range(5)]
    data = b"".join(records)
    ats = [piece.at for piece in _pieces(data)]
    assert ats == sorted(ats)
    assert len(data) - 10 < ats[-1] <= len(data)


@pytest.mark.parametrize(
    ("fields", "pack"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress),
        ({"Content-Encoding": "deflate"}, zlib.compress),
        ({"Content-Encoding": "deflate"}, lambda data: zlib.compress(data)[2:-4]),
        (
            {"Transfer-Encoding": "chunked"},
            lambda data: b"%x;x=y\r\n%s\r\n3\r\nend\r\n0\r\n\r\n" % (len(data), data),
        ),
        ({"Content-Encoding": "gzip"}, lambda data: data),
        ({"Transfer-Encoding": "chunked"}, lambda data: data),
    ],
)
def test_bodies_are_unpacked_and_those_that_were_stored_unpacked_are_taken_as_they_are(
    fields: dict[str, str], pack: Callable[[bytes], bytes]
) -> None:
    stated = {name.replace("-", "_"): value for name, value in fields.items()}
    (piece,) = _pieces(_record(_http(pack(PAGE), **stated)))
    assert PAGE in piece.data


def test_a_packing_that_cannot_be_undone_is_a_failure_and_the_rest_follows() -> None:
    first, second = _split(_record(_http(b"\0\1", Content_Encoding="zstd")) + _record(_http()))
    assert isinstance(first, Failure)
    assert "zstd" in first.reason
    assert first.place == "https://example.org/bridge.html"
    assert isinstance(second, Piece)


def test_a_charset_that_the_header_names_is_kept_by_making_it_utf8() -> None:
    page = "<p>Міст закрили</p>"
    (piece,) = _pieces(_record(_http(page.encode("cp1251"), Content_Type="text/html; charset=windows-1251")))
    assert piece.data.decode("utf-8-sig") == page
    (piece,) = _pieces(_record(_http(page.encode(), Content_Type="text/html; charset=us-ascii")))
    assert piece.data == page.encode("utf-8-sig")


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode-escape", "hex", "no-such-thing"])
def test_a_charset_that_no_text_is_in_is_not_followed(charset: str) -> None:
    """Some of them take the square of a text's length, and what is split has no time limit."""
    page = b"<p>a-" + b"b" * 2000 + b"</p>"
    (piece,) = _pieces(_record(_http(page, Content_Type=f"text/html; charset={charset}")))
    assert piece.data == page


def test_a_bomb_is_a_failure() -> None:
    body = zlib.compressobj(9, wbits=31)
    packed = b"".join(body.compress(bytes(2**20)) for _ in range(MAX_BYTES // 2**20 + 2)) + body.flush()
    first, second = _split(_record(_http(packed, Content_Encoding="gzip")) + _record(_http()))
    assert isinstance(first, Failure)
    assert "longer than" in first.reason
    assert isinstance(second, Piece)


def test_a_damaged_member_loses_only_itself() -> None:
    members = [gzip.compress(_record(_http(), url=f"https://example.org/{number}")) for number in range(4)]
    broken = members[1][:40] + b"\xff\xff\xff\xff" + members[1][44:]
    items = _split(members[0] + broken + members[2] + members[3])
    places = [item.place for item in items]
    assert places == [
        "https://example.org/0",
        f"byte {len(members[0])}",
        "https://example.org/2",
        "https://example.org/3",
    ]
    assert "next record" in str(items[1])


@pytest.mark.parametrize("wrong", [-30, 30, 100_000])
def test_a_record_with_a_wrong_length_does_not_lose_the_next(wrong: int) -> None:
    block = _http()
    data = _record(block, url="https://example.org/1", length=len(block) + wrong)
    data += _record(_http(), url="https://example.org/2") + _record(_http(), url="https://example.org/3")
    items = _split(data)
    assert {"https://example.org/2", "https://example.org/3"} <= {item.place for item in items}
    assert [item for item in items if isinstance(item, Failure)]


def test_a_file_that_is_cut_off_gives_what_is_there_and_says_where() -> None:
    records = [_record(_http(), url=f"https://example.org/{number}") for number in range(3)]
    for data in (b"".join(records), b"".join(map(gzip.compress, records))):
        items = _split(data[:-60])
        assert [item.place for item in items][:2] == ["https://example.org/0", "https://example.org/1"]
        assert isinstance(items[-1], Failure)
        assert "cut off" in items[-1].reason


@pytest.mark.parametrize(
    "data", [b"", b"nothing of the kind", gzip.compress(b"nor this"), b"\x1f\x8b\x08broken"]
)
def test_what_is_no_crawl_is_said(data: bytes) -> None:
    with pytest.raises(InputError):
        _split(data)


def test_a_crawl_without_anything_to_read_is_said() -> None:
    with pytest.raises(InputError, match="no pages"):
        _split(_record(_http(b"\x89PNG", Content_Type="image/png")))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 1200), st.booleans())
def test_garbage_gives_pieces_failures_or_one_line(noise: bytes, at: int, packed: bool) -> None:
    records = [_record(_http(Transfer_Encoding="chunked", Content_Encoding="gzip")) for _ in range(3)]
    whole = b"".join(map(gzip.compress, records)) if packed else b"".join(records)
    for data in (noise, whole[:at] + noise + whole[at:], whole[:at]):
        try:
            _split(data)
        except InputError as error:
            assert "\n" not in str(error)


@given(
    st.binary(max_size=300),
    st.sampled_from(["gzip", "deflate", "br", "identity", "gzip, deflate", ""]),
    st.booleans(),
)
def test_any_answer_is_unpacked_or_refused(body: bytes, coding: str, chunked: bool) -> None:
    fields = {"content-encoding": coding} | ({"transfer-encoding": "chunked"} if chunked else {})
    try:
        http.content(http.Answer(200, fields, body))
    except InputError as error:
        assert "\n" not in str(error)


def test_a_length_that_is_too_great_takes_no_other_record_in() -> None:
    data = _record(_http(), length=9999) + _record(
        _http(PAGE.replace(b"bridge", b"road")), url="https://example.org/2"
    )
    first, told, second = _split(data)
    assert isinstance(first, Piece) and isinstance(told, Failure) and isinstance(second, Piece)
    assert first.data.removeprefix(b"\xef\xbb\xbf") == PAGE


def test_text_extracts_are_known_by_their_names_and_each_is_its_own_article() -> None:
    record = partial(_record, b"The bridge was closed on Monday.", "conversion", Content_Type="text/plain")
    data = b"".join(gzip.compress(record(url=f"https://example.org/{name}")) for name in ("a", "b"))
    for suffix in (formats.suffix_of("CC-MAIN-1.warc.wet.gz"), ".gz"):
        source = Source("x.warc.wet.gz", "/x.warc.wet.gz", suffix, lambda: io.BytesIO(data), len(data))
        split = formats.splitter(suffix)
        assert split is not None
        assert [item.stem for item in split(source, Options()) if isinstance(item, Piece)] == ["a", "b"]

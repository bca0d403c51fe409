"""Addresses and standard input: what is fetched, what is refused, and what each is taken for."""

from __future__ import annotations

import gzip
import io
import socket
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from warreader.index.article import Failure
from warreader.index.errors import InputError
from warreader.index.ingest import border, formats, http, web
from warreader.index.ingest.pieces import Options, Piece, Source, addresses_in

PAGE = "<html><body><p>Міст закрили.</p></body></html>"

_ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/page": (200, {"Content-Type": "text/html; charset=windows-1251"}, PAGE.encode("cp1251")),
    "/packed": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(PAGE.encode())),
    "/a.jsonl": (200, {"Content-Type": "text/plain"}, b'{"text": "One."}\n'),
    "/unstated": (200, {}, b"%PDF-1.4"),
    "/feed": (200, {"Content-Type": "application/xml"}, b"<?xml version='1.0'?><rss></rss>"),
    "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    "/to/page": (302, {"Location": "/page"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/403": (403, {}, b""),
    "/404": (404, {}, b""),
    "/429": (429, {}, b""),
    "/500": (500, {}, b""),
    "/418": (418, {}, b""),
    "/429/wait": (429, {"Retry-After": "600"}, b""),
    "/503/wait": (503, {"Retry-After": "Fri, 27 Nov 2026 10:00:00 GMT"}, b""),
    "/203": (203, {"Content-Type": "text/html"}, PAGE.encode()),
    "/said-to-be-latin": (200, {"Content-Type": "text/html; charset=iso-8859-1"}, PAGE.encode()),
    "/pdf-as-page": (200, {"Content-Type": "text/html"}, b"%PDF-1.4"),
    "/page-as.pdf": (200, {"Content-Type": "application/pdf"}, b"<!doctype html><p>Not here."),
    "/described": (200, {"Content-Type": "application/ld+json"}, b'[{"text": "One."}]'),
    "/refresh": (
        200,
        {"Content-Type": "text/html"},
        b'<meta http-equiv="refresh" content="0; url=/page?a=1&amp;b=2">',
    ),
    "/refresh/packed": (
        200,
        {"Content-Type": "text/html", "Content-Encoding": "gzip"},
        gzip.compress(b"<META content='0;URL=\"/page\"' name=x HTTP-EQUIV=Refresh>"),
    ),
    "/refresh/long": (
        200,
        {"Content-Type": "text/html", "Content-Encoding": "gzip"},
        gzip.compress(b'<meta http-equiv="refresh" content="0; url=/page">' + b"<p>A live page." * 5_000),
    ),
    "/page?a=1&b=2": (200, {"Content-Type": "text/html"}, PAGE.encode()),
    "/refresh/itself": (
        200,
        {"Content-Type": "text/html"},
        b'<meta http-equiv="refresh" content="5; url=/refresh/itself"><p>A ticker.',
    ),
    "/empty": (204, {}, b""),
}


class _Handler(BaseHTTPRequestHandler):
    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["User-Agent"]))
        if self.path == "/chunked":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in (PAGE.encode()[:20], PAGE.encode()[20:], b""):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            return
        if self.path == "/cookies":
            sent = self.headers["Cookie"] == "seen=yes"
            self.send_response(200 if sent else 302)
            for name, value in {
                "Content-Type": "text/html",
                "Set-Cookie": "seen=yes; Path=/",
                "Location": "/cookies",
            }.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0" if not sent else str(len(PAGE.encode())))
            self.end_headers()
            self.wfile.write(PAGE.encode() if sent else b"")
            return
        if self.path == "/inside":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/page")  # type: ignore[attr-defined]
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path == "/broken":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort")
            self.close_connection = True
            return
        status, fields, body = _ANSWERS[self.path]
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: ARG002
        return None


class _Site:
    def __init__(self, port: int) -> None:
        self.root = f"http://127.0.0.1:{port}"
        self.asked: list[tuple[str, str | None]] = []

    def split(self, path: str, form: str | None = None) -> list[Piece | Failure]:
        source = web.source(self.root + path)
        splitter = formats.splitter(source.suffix)
        assert splitter is not None
        return list(splitter(source, Options(form=form)))

    def piece(self, path: str) -> Piece:
        (piece,) = self.split(path)
        assert isinstance(piece, Piece)
        return piece

    def error(self, path: str) -> str:
        with pytest.raises(InputError) as caught:
            self.split(path)
        assert "\n" not in str(caught.value)
        return str(caught.value)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Site]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(web, "PAUSE_SECONDS", 0.0)
    handler = type("Handler", (_Handler,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    found = _Site(server.server_port)
    found.asked = handler.asked  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def test_nothing_is_fetched_before_it_is_read_and_then_once(site: _Site) -> None:
    web.source(site.root + "/page")
    assert site.asked == []
    site.split("/page")
    ((path, agent),) = site.asked
    assert path == "/page"
    assert agent is not None
    assert agent.startswith("warreader/")


def test_a_page_with_the_charset_of_its_header(site: _Site) -> None:
    piece = site.piece("/page")
    assert piece.form == "html"
    assert piece.data.decode("utf-8-sig") == PAGE
    assert piece.file == piece.origin == piece.hints.url == site.root + "/page"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/packed", "html"),
        ("/chunked", "html"),
        ("/a.jsonl", "record"),
        ("/unstated", "pdf"),
        ("/feed", "feed"),
        ("/203", "html"),
        ("/pdf-as-page", "pdf"),
        ("/page-as.pdf", "html"),
        ("/described", "record"),
        ("/cookies", "html"),
        ("/refresh/itself", "html"),
    ],
)
def test_what_it_is_comes_from_its_type_its_name_or_its_first_bytes(
    site: _Site, path: str, form: str
) -> None:
    assert site.piece(path).form == form


def test_what_is_utf8_is_read_as_such_whatever_the_header_says(site: _Site) -> None:
    assert site.piece("/said-to-be-latin").data.decode("utf-8-sig") == PAGE


def test_a_page_that_only_leads_on_is_followed(site: _Site) -> None:
    assert site.piece("/refresh").hints.url == site.root + "/page?a=1&b=2"


def test_only_a_short_page_leads_on_however_it_is_packed(site: _Site) -> None:
    assert site.piece("/refresh/packed").hints.url == site.root + "/page"
    assert site.piece("/refresh/long").hints.url == site.root + "/refresh/long"


@pytest.mark.parametrize(
    "part",
    [
        "<meta ",
        "<meta http-equiv=refresh content=' ",
        "<meta a='b=",
        "a ",
        "=",
        "<meta http-equiv=refresh ",
        " 0;url",
    ],
)
def test_a_page_made_to_be_searched_for_long_is_not(site: _Site, part: str) -> None:
    before = time.process_time()
    for begun in ("", "<meta http-equiv=refresh content=", "<meta http-equiv=refresh content='0;url"):
        page = (begun + part * (20_000 // len(part)))[:19_990]
        for ended in ("", ">", "'>"):
            answer = http.Answer(200, {"content-type": "text/html"}, (page + ended).encode())
            web._refresh(answer, site.root)
    assert time.process_time() - before < 2


def test_a_site_does_not_lead_into_the_user_s_own_network(
    site: _Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = iter([False, True])
    monkeypatch.setattr(border, "is_inside", lambda _: next(passed))
    assert "localhost, which is in your own network" in site.error("/inside")
    assert [path for path, _ in site.asked] == ["/inside"]


def test_what_a_host_stands_for_is_asked_anew_at_every_step(
    site: _Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same name as before, which its owner has stand for another address by then."""
    passed = iter([False, True])
    monkeypatch.setattr(border, "is_inside", lambda _: next(passed))
    assert "127.0.0.1, which is in your own network" in site.error("/to/page")
    assert [path for path, _ in site.asked] == ["/to/page"]


def test_what_counts_is_the_address_that_is_connected_to(site: _Site) -> None:
    """Whatever the name says: here one that is looked up as an address on the web, and then as one inside."""
    wanted = border.Border()
    wanted.pass_through("news.example", ["93.184.216.34"])
    with wanted.pool() as pool, pytest.raises(InputError, match="in your own network"):
        pool.request("GET", site.root + "/page", retries=False)
    assert site.asked == []


def test_who_is_led_on_within_the_own_network_was_there_before(site: _Site) -> None:
    assert site.piece("/to/page").hints.url == site.root + "/page"
    assert site.piece("/inside").hints.url == site.root.replace("127.0.0.1", "localhost") + "/page"


def test_through_a_proxy_names_are_looked_up(site: _Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        web, "addresses", lambda host: {"news.example": ["93.184.216.34"]}.get(host, ["10.0.0.1"])
    )
    monkeypatch.setattr(web, "_proxy", lambda _: site.root)
    address = "http://news.example/"
    _ANSWERS[address] = (302, {"Location": "http://router.example/"}, b"")
    try:
        with pytest.raises(InputError, match=r"router[.]example, which is in your own network"):
            list(web.split(web.source(address), Options()))
    finally:
        del _ANSWERS[address]
    assert [path for path, _ in site.asked] == [address]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "::ffff:10.1.2.3",
        "64:ff9b::10.1.2.3",
        "2002:a01:203::1",
        "0.0.0.0",
    ],
)
def test_which_addresses_are_inside(address: str) -> None:
    assert border.is_inside(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::93.184.216.34"]
)
def test_which_addresses_are_outside(address: str) -> None:
    assert not border.is_inside(address)


def test_a_host_that_is_not_has_no_addresses() -> None:
    assert border.addresses("no-such-host.invalid") == set()
    assert border.addresses("127.0.0.1") == {"127.0.0.1"}


def test_between_two_pages_a_host_is_left_in_peace(site: _Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(web, "PAUSE_SECONDS", 100.0)
    monkeypatch.setattr(web, "_last", {})
    monkeypatch.setattr(time, "sleep", slept.append)
    site.piece("/page")
    site.piece("/203")
    (rest,) = slept
    assert 0 < rest <= 100


def test_what_the_user_says_it_is_goes_first(site: _Site) -> None:
    (piece,) = site.split("/picture", ".txt")
    assert isinstance(piece, Piece)
    assert piece.form == "plain"


def test_the_url_is_where_redirects_led(site: _Site) -> None:
    piece = site.piece("/to/page")
    assert piece.hints.url == site.root + "/page"
    assert piece.origin == site.root + "/to/page"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/403", "refuses"),
        ("/404", "no such page"),
        ("/429", "too many requests"),
        ("/429/wait", "try again in 10 minutes"),
        ("/500", "fault of its own"),
        ("/503/wait", "try again after Fri, 27 Nov"),
        ("/418", "418"),
        ("/empty", "204"),
        ("/loop", "redirects"),
        ("/file", "leads to, no http"),
        ("/picture", "image/png"),
        ("/broken", "broke"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_line_with_a_remedy(site: _Site, path: str, told: str) -> None:
    assert told in site.error(path)


def test_too_large_is_said(site: _Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_BYTES", 10)
    assert "larger" in site.error("/page")


def test_a_site_that_is_silent_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "READ_SECONDS", 0.1)
    monkeypatch.setenv("no_proxy", "*")
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = web.source(f"http://127.0.0.1:{server.getsockname()[1]}/")
        with pytest.raises(InputError, match="nothing for"):
            list(web.split(source, Options()))


def test_a_site_that_drips_is_left(site: _Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "WHOLE_SECONDS", -1.0)
    assert "not all there" in site.error("/page")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://127.0.0.1:1/", "can't be reached; check the address"),
        ("http://no-such-host.invalid/", "no host|can't be reached"),
        ("https://", "no http"),
        ("http://[::1/", "no http"),
        ("http://x" + "y" * 300 + ".org/", "no http|no host|broke"),
        ("ftp://example.org/a", "no http"),
    ],
)
def test_addresses_that_lead_nowhere(address: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(InputError, match=told):
        list(web.split(web.source(address), Options()))


# standard input


class _Pipe(io.RawIOBase):
    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._inner.read(min(len(buffer), 1000))
        buffer[: len(data)] = data
        return len(data)


def _piped(data: bytes, form: str | None = None) -> Source:
    return web.standard_input(io.BufferedReader(_Pipe(data)), form)


def _split(source: Source) -> list[Piece | Failure]:
    splitter = formats.splitter(source.suffix)
    assert splitter is not None
    return list(splitter(source, Options()))


def test_standard_input_is_taken_for_what_it_begins_with() -> None:
    lines = b"".join(b'{"text": "Line %d."}\n' % number for number in range(1000))
    source = _piped(lines)
    assert (source.name, source.origin) == ("standard input", "stdin")
    assert len(_split(source)) == 1000


def test_a_table_is_known_by_the_names_of_its_columns() -> None:
    table = b'"Publication date";"Full Story"\n"8 March 2022";"The bridge; it was closed."\n'
    assert _piped(table).suffix == ".csv"
    for prose in (
        b"Date, text, and a bridge\nThe bridge, it was said, was closed.\n",
        b"Text, no title\n\nThe bridge was closed.\n",
        b"Title, text\n",
        b"The text; a date\n\nThe bridge was closed; it was said.\n",
    ):
        assert _piped(prose).suffix == ".txt"


def test_the_user_says_what_standard_input_is() -> None:
    (piece,) = _split(_piped(b"{not json}", ".txt"))
    assert isinstance(piece, Piece)
    assert (piece.form, piece.data) == ("plain", b"{not json}")


def test_a_zip_file_on_standard_input() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "One. " * 2000)
        archive.writestr("b.txt", "Two.")
    assert len(_split(_piped(packed.getvalue()))) == 2


def test_standard_input_is_read_once_and_stays_open() -> None:
    words = b"some words " * 200_000
    stream = io.BufferedReader(_Pipe(words))
    source = web.standard_input(stream, None)
    for size in (10, 100_000, -1):
        with source.open() as opened:
            assert opened.read(size) == (words if size < 0 else words[:size])
    assert not stream.closed
    with pytest.raises(InputError, match="only once"):
        source.open()


# lists of addresses


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (
            b"https://example.org/a\n\n# more\r\nHTTP://example.org/b?c=d\n",
            ["https://example.org/a", "HTTP://example.org/b?c=d"],
        ),
        (b"https://example.org/a said the minister", []),
        (b"https://example.org/a\nIt was Monday.", []),
        (b"# nothing", []),
        (b"", []),
    ],
)
def test_a_text_of_addresses_alone_is_a_list(text: bytes, addresses: list[str]) -> None:
    assert addresses_in(text) == addresses


def test_nothing_heavy_is_loaded_with_the_module() -> None:
    assert "urllib3" not in web.__dict__
    assert sys.modules["warreader.index.ingest.web"] is web

"""Web archives: the page in them is read as the page itself would be."""

from __future__ import annotations

import io
from base64 import encodebytes
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.article import Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import mhtml
from warreader.index.ingest.pieces import Options, Piece, Raw, Source

_TEXT = (
    "Одно длинное предложение сообщает, что случилось, где и когда это было, и кто об этом сказал, чтобы никто не "
    "принял его за кнопку или ссылку на странице."
)


def _part(page: str, charset: str, location: str | None = None, cid: str | None = None) -> MIMENonMultipart:
    part = MIMENonMultipart("text", "html")
    part["Content-Transfer-Encoding"] = "base64"
    if location:
        part["Content-Location"] = location
    if cid:
        part["Content-ID"] = cid
    part.set_payload(encodebytes(page.encode(charset)).decode("ascii"))
    return part


def _archive(*parts: MIMENonMultipart | MIMEApplication, start: str | None = None) -> bytes:
    archive = MIMEMultipart("related")
    if start:
        archive.set_param("start", start)
    archive["Subject"] = "A saved page"
    for part in parts:
        archive.attach(part)
    return archive.as_bytes()


def _read(data: bytes) -> Raw:
    source = Source("page.mhtml", "/page.mhtml", ".mhtml", lambda: io.BytesIO(data))
    (piece,) = mhtml.split(source, Options())
    assert isinstance(piece, Piece)
    (raw,) = mhtml.parse(piece)
    return raw


def _page(text: str, head: str = "") -> str:
    title = "<title>Заголовок статьи</title>"
    return f"<html><head>{head}{title}</head><body><p>{text}</p><p>{text} Ещё раз.</p></body></html>"


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
def test_the_page_is_decoded_and_knows_where_it_is_from(charset: str) -> None:
    """Whatever its encoding; the address is the part's location, the pictures are left alone."""
    head = f'<meta charset="{charset}">'
    picture = MIMEApplication(b"\x89PNG" * 1000)
    raw = _read(_archive(_part(_page(_TEXT, head), charset, "https://paper.example/a/1"), picture))
    assert _TEXT in raw.text.split("\n")
    assert raw.meta.url == "https://paper.example/a/1"
    assert raw.meta.title == "Заголовок статьи"
    assert raw.id == "page"
    assert raw.kinds is not None
    assert len(raw.kinds) == len(raw.text.split("\n"))


def test_quoted_printable_as_browsers_write_it() -> None:
    """Soft line ends inside tags and words."""
    message = EmailMessage()
    message.set_content(_page(_TEXT), subtype="html", cte="quoted-printable")
    assert _TEXT in _read(message.as_bytes()).text


def test_the_root_that_is_named_goes_before_the_first_part() -> None:
    """``start`` names the page by its Content-ID."""
    other = _part(_page("Другая страница. " + _TEXT), "utf-8", cid="<frame@x>")
    root = _part(_page(_TEXT), "utf-8", cid="<root@x>")
    assert "Другая" not in _read(_archive(other, root, start="<root@x>")).text


def test_a_page_of_frames_comes_to_the_frame_that_has_most_to_say() -> None:
    """The frameset itself has no text."""
    frames = "<html><frameset cols='1,2'><frame src='a'><frame src='b'></frameset></html>"
    menu = "<html><body><p>A menu of one short line.</p></body></html>"
    raw = _read(_archive(_part(frames, "utf-8"), _part(menu, "utf-8"), _part(_page(_TEXT), "utf-8")))
    assert _TEXT in raw.text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MIME-Version: 1.0\nContent-Type: text/plain\n\nno page",
        _archive(MIMEApplication(b"x")),
        _archive(_part("<html><body></body></html>", "utf-8")),
        b"MIME-Version: 1.0\n"
        + b"".join(
            b'Content-Type: multipart/related; boundary="b%d"\n\n--b%d\n' % (at, at) for at in range(3000)
        ),
    ],
    ids=["empty", "plain", "no page", "empty page", "nested"],
)
def test_what_holds_no_page_is_told_in_one_line(data: bytes) -> None:
    """Never a traceback."""
    with pytest.raises(InputError) as caught:
        _read(data)
    assert "\n" not in caught.value.reason


def test_an_archive_cut_off_is_read_as_far_as_it_goes() -> None:
    """The text before the cut."""
    data = _archive(_part(_page(_TEXT) + "<p>Конец.</p>" * 300, "utf-8"))
    assert _TEXT in _read(data[: len(data) // 2]).text


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing is raised but InputError."""
    head = (
        b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\nContent-Type: text/html\n'
    )
    for attempt in (data, head + data):
        try:
            _read(attempt)
        except InputError:
            continue


def test_the_hint_stands_in_for_a_location_that_is_no_address() -> None:
    """Such as the file on the disk that the page was saved from."""
    data = _archive(_part(_page(_TEXT), "utf-8", "file:///C:/page.html"))
    piece = Piece("mhtml", data, "a", None, "a", "a", Metadata(url="https://paper.example/b"))
    (raw,) = mhtml.parse(piece)
    assert raw.meta.url == "https://paper.example/b"

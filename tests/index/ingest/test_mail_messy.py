"""Mail as it really comes: cut off, mislabelled, passed on, hidden previews, and what merely looks like a mailbox."""

from __future__ import annotations

import base64
import io

import pytest

from warreader.index.article import Failure, LineKind
from warreader.index.errors import InputError
from warreader.index.ingest import mail, preparing
from warreader.index.ingest.pieces import Options, Piece, Raw, Source

PARAGRAPH = (
    "The bridge was closed to all traffic on Monday after engineers found cracks in two of its four piers, "
    "the regional administration said in a statement."
)
HEAD = "From: Reader <reader@example.org>\nTo: desk@example.org\nSubject: {}\nDate: Tue, 15 Mar 2022 10:00:00 +0200\n"


def _source(data: bytes, suffix: str) -> Source:
    return Source(f"box{suffix}", f"/mail/box{suffix}", suffix, lambda: io.BytesIO(data), len(data))


def _one(data: bytes | str, suffix: str = ".eml") -> Raw:
    data = data.encode() if isinstance(data, str) else data
    (piece,) = mail.split_eml(_source(data, suffix), Options())
    assert isinstance(piece, Piece)
    (raw,) = mail.parse(piece)
    return raw


def _html(body: str, subject: str = "Bridge closed") -> str:
    kind = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8"
    return f"{HEAD.format(subject)}{kind}\n\n<html><body>{body}</body></html>"


@pytest.mark.parametrize("lead", [b"\n\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_what_stands_above_the_headers_is_passed_over(lead: bytes) -> None:
    raw = _one(lead + (HEAD.format("Bridge closed") + "\n" + PARAGRAPH).encode())
    assert (raw.meta.title, raw.text) == ("Bridge closed", PARAGRAPH)


def test_apple_mail_writes_the_length_above_and_a_list_below() -> None:
    message = (HEAD.format("Bridge closed") + "\n" + PARAGRAPH).encode()
    raw = _one(
        str(len(message)).encode().ljust(11) + b"\n" + message + b"<?xml version='1.0'?><plist/>", ".emlx"
    )
    assert raw.text == PARAGRAPH


def test_a_part_cut_off_in_base64_is_read_as_far_as_it_goes() -> None:
    packed = base64.b64encode(PARAGRAPH.encode()).decode()[:-7]
    raw = _one(
        f"{HEAD.format('x')}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{packed}\n"
    )
    assert raw.text and PARAGRAPH.startswith(raw.text) and len(raw.text) > len(PARAGRAPH) - 10


def test_parts_are_found_by_the_boundary_that_parts_them() -> None:
    raw = _one(
        f'{HEAD.format("x")}MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="one"\n\n--other\n'
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{PARAGRAPH[:40]}=\n"
        f"{PARAGRAPH[40:]}\n--other--\n"
    )
    assert raw.text.strip() == PARAGRAPH


def test_what_a_newsletter_hides_is_no_text() -> None:
    filler = "&#847;&zwnj;&nbsp;" * 20
    raw = _one(
        _html(
            f"<div style='display:none;max-height:0'>A preview of the day.</div><div>{filler}</div>"
            f"<span style='mso-hide:all'>Again.</span><h1>Bridge closed</h1><p>{PARAGRAPH}</p>"
        )
    )
    assert raw.text == f"Bridge closed\n{PARAGRAPH}"


@pytest.mark.parametrize(("name", "told"), [("winmail.dat", "winmail.dat"), ("list.xls", "list.xls")])
def test_a_message_with_nothing_but_unread_attachments_says_so(name: str, told: str) -> None:
    data = (
        f'{HEAD.format("x")}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\n\n--b\n'
        f'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="{name}"\n\nxx\n--b--\n'
    )
    with pytest.raises(InputError) as caught:
        _one(data)
    assert told in caught.value.reason


def test_prose_that_begins_like_a_mailbox_line_parts_no_messages() -> None:
    text = (
        "The road was closed.\n\nFrom the bridge nothing was left.\nNote: it is closed.\n\n"
        "From Monday at 10:15 it is open, as it was in 2022\nand before.\n"
    )
    data = f"From a@example.org Tue Mar  8 10:00:00 2022\n{HEAD.format('x')}\n{text}\n".encode()
    (piece,) = mail.split_mbox(_source(data * 1, ".mbox"), Options())
    assert isinstance(piece, Piece)
    (raw,) = mail.parse(piece)
    assert "nothing was left" in raw.text and "and before" in raw.text


FORWARDS = {
    "gmail": (
        "Fwd: Bridge closed",
        "FYI\n\n---------- Forwarded message ---------\nFrom: The Daily Example <mail@news.example.com>\n"
        "Date: Tue, Mar 8, 2022 at 6:00 AM\nSubject: Bridge closed\nTo: <reader@example.org>\n\n\n",
    ),
    "apple": (
        "Fwd: Bridge closed",
        "Begin forwarded message:\n\nFrom: The Daily Example <mail@news.example.com>\nSubject: Bridge closed\n"
        "Date: 8 March 2022 at 06:00:00 GMT\nTo: reader@example.org\n\n",
    ),
    "outlook": (
        "FW: Bridge closed",
        "From: The Daily Example <mail@news.example.com>\nSent: Tuesday, March 8, 2022 6:00 AM\n"
        "To: reader@example.org\nSubject: Bridge closed\n\n",
    ),
    "russian": (
        "Fwd: Мост",
        "-------- Пересылаемое сообщение --------\nОт кого: The Daily Example <mail@news.example.com>\n"
        "Дата: вт, 8 мар. 2022 г. в 06:00\nТема: Bridge closed\n\n",
    ),
}


@pytest.mark.parametrize("program", FORWARDS)
def test_what_is_passed_on_is_by_who_wrote_it(program: str) -> None:
    subject, above = FORWARDS[program]
    raw = _one(
        f"{HEAD.format(subject)}Content-Type: text/plain; charset=utf-8\n\n{above}{PARAGRAPH}\n".encode()
    )
    assert (raw.meta.title, raw.meta.author, raw.meta.outlet) == ("Bridge closed", "The Daily Example", None)
    assert (raw.meta.date or "").startswith("2022-03-08T06:00")
    lines = raw.text.split("\n")
    assert raw.kinds is not None and raw.kinds[lines.index(PARAGRAPH)] is None
    told = {line for line, kind in zip(lines, raw.kinds, strict=True) if kind is LineKind.FURNITURE}
    assert any("The Daily Example" in line for line in told) and any("Bridge closed" in line for line in told)


def test_a_newsletter_passed_on_is_its_outlets() -> None:
    subject, above = FORWARDS["gmail"]
    raw = _one(f"{HEAD.format(subject)}\n{above}{PARAGRAPH}\n\nUnsubscribe: https://example.com/u\n")
    assert (raw.meta.outlet, raw.meta.author) == ("The Daily Example", None)


def test_a_reply_is_by_who_replies() -> None:
    above = "-----Original Message-----\nFrom: Jane\nSent: Monday\nSubject: Bridge closed\n\n"
    raw = _one(f"{HEAD.format('Re: Bridge closed')}\nIt is.\n\n{above}{PARAGRAPH}\n")
    assert (raw.meta.author, raw.kinds) == ("Reader", None)


def test_little_known_of_a_message_makes_no_page_of_it() -> None:
    """A head that is told apart leaves short paragraphs the text that they are."""
    subject, above = FORWARDS["gmail"]
    data = f"{HEAD.format(subject)}\n{above}The bridge is closed.\n\nNobody knows why\n".encode()
    (piece,) = mail.split_eml(_source(data, ".eml"), Options())
    assert isinstance(piece, Piece)
    (article,) = preparing.prepare(piece)
    assert not isinstance(article, Failure)
    kinds = {article.text[line.start : line.end]: line.kind for line in article.lines}
    assert kinds["The bridge is closed."] is LineKind.BODY and kinds["Nobody knows why"] is LineKind.BODY

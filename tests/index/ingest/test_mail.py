"""Mail: what a message says of itself, which of its parts is read, what is attached, and broken ones."""

from __future__ import annotations

import email.policy
import io
import time
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.article import Failure
from warreader.index.errors import InputError
from warreader.index.ingest import formats, mail, mail_fields, wrapped
from warreader.index.ingest.pieces import MAX_BYTES, Options, Piece, Raw, Source

PARAGRAPH = (
    "The bridge was closed to all traffic on Monday after engineers found cracks in two of its four piers, "
    "the regional administration said in a statement."
)


def _message(**headers: str) -> EmailMessage:
    message = EmailMessage(policy=email.policy.SMTPUTF8)
    message["From"] = "Morning Desk <desk@example.org>"
    message["Subject"] = "Bridge closed"
    message["Date"] = "Mon, 14 Mar 2022 08:30:00 +0200"
    message["Message-ID"] = "<one@example.org>"
    for name, value in headers.items():
        field = name.replace("_", "-")
        del message[field]
        message[field] = value
    return message


def _source(data: bytes, suffix: str = ".eml") -> Source:
    return Source(f"box{suffix}", f"/mail/box{suffix}", suffix, lambda: io.BytesIO(data), len(data))


def _read(message: EmailMessage | bytes) -> list[Raw]:
    data = message if isinstance(message, bytes) else message.as_bytes()
    (piece,) = mail.split_eml(_source(data), Options())
    assert isinstance(piece, Piece)
    return list(mail.parse(piece))


def _one(message: EmailMessage | bytes) -> Raw:
    (raw,) = _read(message)
    return raw


def test_headers_become_metadata() -> None:
    message = _message(Archived_At="<https://lists.example.org/m/1>")
    message.set_content(PARAGRAPH)
    raw = _one(message)
    assert raw.id == "one@example.org"
    assert raw.stated_id
    assert raw.meta.title == "Bridge closed"
    assert (raw.meta.author, raw.meta.outlet) == ("Morning Desk", None)
    assert raw.meta.date == "2022-03-14T08:30:00+02:00"
    assert raw.meta.url == "https://lists.example.org/m/1"


@pytest.mark.parametrize(
    ("headers", "author", "outlet"),
    [
        ({"List_Unsubscribe": "<https://example.org/u>"}, None, "Morning Desk"),
        ({"List_Id": "Desk News <news.example.org>"}, None, "Morning Desk"),
        (
            {"List_Id": "Bridges <b.example.org>", "List_Post": "<mailto:b@example.org>"},
            "Morning Desk",
            "Bridges",
        ),
        ({"List_Id": "<n.example.org>", "From": "desk@example.org"}, None, "example.org"),
        ({"From": "desk@example.org"}, "desk@example.org", None),
    ],
)
def test_a_newsletters_sender_is_its_outlet(
    headers: dict[str, str], author: str | None, outlet: str | None
) -> None:
    message = _message(**headers)
    message.set_content(PARAGRAPH)
    assert (_one(message).meta.author, _one(message).meta.outlet) == (author, outlet)


def test_html_is_taken_where_it_says_as_much_and_every_block_is_a_line() -> None:
    cell = "<table><tr><td><table><tr><td><p>{}</p></td></tr></table></td></tr></table>"
    message = _message()
    message.set_content(
        "A first block.\n\nhttps://example.org/track?id=" + "0" * 500 + "\n\nA second block.\n"
    )
    message.add_alternative(cell.format("A first block.") + cell.format("A second block."), subtype="html")
    assert _one(message).text.split("\n") == ["A first block.", "A second block."]


def test_plain_text_is_taken_where_html_says_next_to_nothing() -> None:
    message = _message()
    message.set_content(PARAGRAPH)
    message.add_alternative("<p>Please see the text version.</p>", subtype="html")
    assert _one(message).text.strip() == PARAGRAPH


def test_the_view_in_browser_link_is_the_url() -> None:
    message = _message()
    message.set_content(
        f'<a href="https://example.org/n/7?a=1&amp;b=2">View <b>in browser</b></a><p>{PARAGRAPH}</p>', "html"
    )
    assert _one(message).meta.url == "https://example.org/n/7?a=1&b=2"
    message = _message()
    message.set_content(f'<a href="https://example.org/story">{PARAGRAPH}</a>', "html")
    assert _one(message).meta.url is None
    message = _message()
    message.set_content(f"View this post on the web at https://example.org/p/7\n\n{PARAGRAPH}")
    assert _one(message).meta.url == "https://example.org/p/7"


def test_links_made_to_do_harm_take_no_endless_time() -> None:
    message = _message()
    message.set_content(f"<p>{PARAGRAPH}</p>" + ("<a " + "href=https://" * 400) * 30, "html")
    start = time.process_time()
    assert PARAGRAPH.split(".")[0] in _one(message).text
    assert time.process_time() - start < 10


def test_wrapped_paragraphs_are_joined_and_lists_are_not() -> None:
    message = _message()
    message.set_content(
        "The bridge was closed to all traffic on Monday after engineers found\n"
        "cracks in two of its four piers, the regional administration said in\n"
        "a statement.\n\n- one\n- two\n"
    )
    assert _one(message).text.strip().split("\n") == [PARAGRAPH, "", "- one", "- two"]


def test_flowed_text_is_put_together() -> None:
    head = b"From: a@example.org\nContent-Type: text/plain; format=flowed\n\n"
    assert _one(head + b"The bridge \nwas closed.\n> quoted \n> words\n-- \nsigned\n").text.strip() == (
        "The bridge was closed.\n> quoted words\n--\nsigned"
    )


def test_wrong_and_unknown_charsets_still_give_the_words() -> None:
    words = "Міст закрили для руху в понеділок після того, як інженери знайшли тріщини в опорах."
    for charset, encoding in (
        ("windows-1251", "cp1251"),
        ("x-unknown", "utf-8"),
        ("us-ascii", "cp1251"),
        ("punycode", "utf-8"),
        ("hex", "utf-8"),
    ):
        data = (
            f"From: a@example.org\nContent-Type: text/plain; charset={charset}\n\n".encode()
            + words.encode(encoding)
        )
        assert _one(data).text.strip() == words


def test_headers_in_raw_bytes_and_encoded_words() -> None:
    data = "From: =?koi8-r?B?7c/T1A==?= <a@example.org>\nSubject: Міст закрито\n\ntext of it\n".encode()
    raw = _one(data)
    assert raw.meta.title == "Міст закрито"
    assert raw.meta.author == "Мост"
    assert _one(b"Subject: =?punycode?Q?a-bbbb?=\n\ntext\n").meta.title == "a-bbbb"


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("Mon, 14 Mar 2022 08:30:00 GMT", "2022-03-14T08:30:00+00:00"),
        ("2022-03-14 08:30:00", "2022-03-14T08:30:00"),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Mon, 14 Mar 2999 08:30:00 GMT", None),
        ("yesterday", None),
    ],
)
def test_dates_that_cannot_be_are_none(stated: str, date: str | None) -> None:
    assert _one(f"From: a@example.org\nDate: {stated}\n\nsome text\n".encode()).meta.date == date


def test_a_wrong_date_is_replaced_by_the_first_servers() -> None:
    data = (
        b"Received: by second; Mon, 14 Mar 2022 08:31:00 +0000\n"
        b"Received: by first; Mon, 14 Mar 2022 08:30:00 +0000\n"
        b"From: a@example.org\nDate: none\n\nsome text\n"
    )
    assert _one(data).meta.date == "2022-03-14T08:30:00+00:00"


def test_a_forwarded_message_is_an_article_of_its_own() -> None:
    inner = _message(Message_ID="<two@example.org>", Subject="Forwarded")
    inner.set_content(PARAGRAPH)
    outer = _message()
    outer.set_content("See below, please.")
    outer.add_attachment(inner)
    assert [(raw.id, raw.meta.title) for raw in _read(outer)] == [
        ("one@example.org", "Bridge closed"),
        ("two@example.org", "Forwarded"),
    ]


def test_attached_documents_are_articles_with_ids_of_their_own() -> None:
    message = _message()
    message.set_content("See the report.")
    message.add_attachment((PARAGRAPH * 3).encode(), maintype="text", subtype="plain", filename="report.txt")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    message.add_attachment(b"--\nsent from here", maintype="text", subtype="plain", filename="ATT0.txt")
    first, second = _read(message)
    assert first.id == "one@example.org"
    assert (second.id, second.stated_id, second.text) == ("one@example.org/report", True, PARAGRAPH * 3)


def test_an_attachment_that_cannot_be_read_is_told_after_all_others() -> None:
    message = _message()
    message.set_content(PARAGRAPH)
    message.add_attachment(b"PK junk", maintype="application", subtype="zip", filename="broken.docx")
    message.add_attachment((PARAGRAPH * 3).encode(), maintype="text", subtype="plain", filename="report.txt")
    (piece,) = mail.split_eml(_source(message.as_bytes()), Options())
    assert isinstance(piece, Piece)
    found: list[Raw] = []
    with pytest.raises(InputError, match="damaged") as caught:
        found.extend(_collected(mail.parse(piece), found))
    assert [raw.id for raw in found] == ["one@example.org", "one@example.org/report"]
    assert caught.value.place == "attachment broken.docx"


def _collected(raws: Iterator[Raw], found: list[Raw]) -> list[Raw]:
    for raw in raws:
        found.append(raw)
    return []


def test_what_is_no_message_is_said_in_one_line() -> None:
    for data, told in (
        (b"", "no headers"),
        (b"just some words\n", "no headers"),
        (b"From: a@example.org\n\n", "without text"),
    ):
        with pytest.raises(InputError, match=told) as caught:
            _read(data)
        assert "\n" not in str(caught.value)


def _mbox(*messages: bytes, quote: bool = True) -> bytes:
    lines = []
    for message in messages:
        body = message.replace(b"\nFrom ", b"\n>From ") if quote else message
        lines.append(b"From desk@example.org Mon Mar 14 08:30:00 2022\n" + body + b"\n")
    return b"".join(lines)


def _boxed(data: bytes) -> list[Piece | Failure]:
    return list(mail.split_mbox(_source(data, ".mbox"), Options()))


def _texts(data: bytes) -> list[str]:
    pieces = [item for item in _boxed(data) if isinstance(item, Piece)]
    return [raw.text.strip() for piece in pieces for raw in mail.parse(piece)]


def test_a_mailbox_is_split_into_its_messages_and_quoted_lines_are_unquoted() -> None:
    first = b"From: a@example.org\n\nFrom the bridge, smoke.\n\nFrom here on: nothing\n>From afar\n"
    second = b"From: b@example.org\n\nSecond.\n"
    data = _mbox(first.replace(b"\n>From ", b"\n>>From "), second)
    assert _texts(data) == ["From the bridge, smoke.\n\nFrom here on: nothing\n>From afar", "Second."]
    places = [(item.place, item.at) for item in _boxed(data) if isinstance(item, Piece)]
    assert [place for place, _ in places] == ["message 1", "message 2"]
    assert places[-1][1] == len(data)


def test_an_unquoted_from_in_a_text_does_not_split_it() -> None:
    data = _mbox(
        b"From: a@example.org\n\nOne.\n\nFrom Monday on the bridge is closed,\nthey said.\n", quote=False
    )
    assert len(_texts(data)) == 1


def test_mailboxes_without_blank_lines_or_with_windows_line_ends() -> None:
    data = _mbox(b"From: a@example.org\n\nOne.", b"From: b@example.org\n\nTwo.\n")
    assert _texts(data) == ["One.", "Two."]
    assert _texts(data.replace(b"\n", b"\r\n")) == ["One.", "Two."]


def test_a_message_that_is_too_long_is_a_failure_and_the_rest_follows() -> None:
    long = b"From: a@example.org\n\n" + b"x" * 80 * 1024 + b"\n"
    data = _mbox(long + (b"y" * 1023 + b"\n") * (MAX_BYTES // 1024), b"From: b@example.org\n\nTwo.\n")
    first, second = _boxed(data)
    assert isinstance(first, Failure)
    assert first.place == "message 1"
    assert isinstance(second, Piece)


def test_no_mailbox_is_said() -> None:
    with pytest.raises(InputError, match="no message"):
        _boxed(b"nothing of the kind\n")


def test_messages_without_ids_in_a_mailbox_are_told_apart_and_stay_the_same() -> None:
    data = _mbox(b"From: a@example.org\n\nOne.\n", b"From: a@example.org\n\nTwo.\n")
    ids = [raw.id for item in _boxed(data) if isinstance(item, Piece) for raw in mail.parse(item)]
    assert len(set(ids)) == 2
    assert ids == [raw.id for item in _boxed(data) if isinstance(item, Piece) for raw in mail.parse(item)]


def test_a_zip_that_is_attached_is_left_alone() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", PARAGRAPH)
    message = _message()
    message.set_content(PARAGRAPH)
    message.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="a.zip")
    assert len(_read(message)) == 1


def test_deep_nesting_ends_in_one_line() -> None:
    data = b"From: a@example.org\n\nthe innermost\n"
    for number in range(40):
        boundary = b"b%d" % number
        data = (
            b'From: a@example.org\nContent-Type: multipart/mixed; boundary="' + boundary + b'"\n\n--' + boundary
            + b"\nContent-Type: message/rfc822\n\n" + data + b"\n--" + boundary + b"--\n"
        )  # fmt: skip
    with pytest.raises(InputError, match="deep"):
        _read(data)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"Subject: Much\n" + b"X-Of: it\n" * 100_001 + b"\nText.\n", "lines above its text"),
        (b"Subject: Much\n" + b" more\r\n" * 100_001 + b"\r\nText.\r\n", "lines above its text"),
        (b"Subject: Much\r" + b"X-Of: it\r" * 100_001 + b"\rText.\r", "lines above its text"),
        (b"Subject: Much\n\n" + b"\n" * 3_000_000 + b"Text.\n", "3,000,000 lines"),
    ],
    ids=["fields", "continued", "old", "empty"],
)
def test_a_message_of_more_lines_than_any_has_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        mail_fields.message(data)


def test_a_message_of_many_lines_is_read() -> None:
    read = mail_fields.message(b"Subject: Much\n" + b"X-Of: it\n" * 1_000 + b"\n" + b"Text.\n" * 100_000)
    assert read["subject"] == "Much" and len(read.keys()) == 1_001


def test_a_message_of_a_hundred_thousand_parts_is_refused() -> None:
    """Each took a thousand bytes of memory and more, of five in the file."""
    head = b"From: a@example.org\nContent-Type: multipart/mixed; boundary=q\n\n"
    assert "words" in _one(head + b"--q\n\nwords\n" * 1_000 + b"--q--\n").text
    with pytest.raises(InputError, match="parts"):
        _read(head + b"--q\n\nwords\n" * 100_000 + b"--q--\n")


def test_long_headers_and_many_lines_take_no_square_of_their_length() -> None:
    parameters = "".join(f"a*{number}=x; " for number in range(200_000))
    lines = "some words of sixty characters or so that fill the whole line\n" * 200_000
    data = f"From: a@example.org\nContent-Type: text/plain; {parameters}\n\n{lines}".encode()
    started = time.process_time()
    assert _one(data).text.split() == lines.split()
    assert time.process_time() - started < 10


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 600))
def test_garbage_gives_articles_or_one_line(noise: bytes, at: int) -> None:
    message = _message(List_Id="x <y>")
    message.set_content(PARAGRAPH)
    message.add_alternative(f"<p>{PARAGRAPH}</p>", subtype="html")
    whole = message.as_bytes()
    for data in (noise, whole[:at], whole[:at] + noise + whole[at:]):
        try:
            for raw in _read(data):
                raw.text.encode()
        except InputError as error:
            assert "\n" not in str(error)
        try:
            _boxed(b"From x\n" + data)
        except InputError as error:
            assert "\n" not in str(error)


@given(st.text())
def test_unwrapping_only_turns_line_ends_into_spaces(text: str) -> None:
    assert wrapped.unwrapped(text).split() == text.split()


def test_a_mail_is_known_by_its_header_however_much_servers_put_before_it() -> None:
    seal = "ARC-Seal: i=1; a=rsa-sha256;\r\n" + "        b=abcdefgh\r\n" * 100
    head = f"Delivered-To: a@example.org\r\nReceived: by x\r\n{seal}"
    kind = 'Content-Type: multipart/related; boundary="b"\r\n'
    assert formats.sniff(head.encode()) == ".eml"
    assert formats.sniff((head + kind).encode()) == ".eml"
    saved = "From: <Saved by a browser>\r\nSubject: Bridge\r\nDate: Mon, 14 Mar 2022\r\nMIME-Version: 1.0\r\n"
    assert formats.sniff((saved + kind).encode()) == ".mhtml"
    assert formats.sniff(b"Subject: a list\nof: words\n") == ".txt"

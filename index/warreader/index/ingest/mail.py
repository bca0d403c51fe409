"""Mail: single messages (``.eml``) and mailboxes (``.mbox``).

A message is an article; so is every message that was forwarded as an attachment, and
every attached document that is read as a file.

Headers are read with :data:`email.policy.compat32`, not ``default``: the latter's header
parser needs time that grows with the square of a header's length, and raises errors of
many kinds at broken ones.
"""

from __future__ import annotations

import binascii
import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from html import unescape
from io import BytesIO
from typing import BinaryIO, cast

from warreader.index.article import Failure, LineKind, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import charsets, formats, html, mail_fields, plain
from warreader.index.ingest.mail_fields import Mail
from warreader.index.ingest.mail_forwarded import FORWARDS, forwarded
from warreader.index.ingest.pieces import MAX_BYTES, Options, Piece, Raw, Source, filled
from warreader.index.ingest.wrapped import unflowed, unwrapped

_DEEPEST = 20
"""Levels of parts in parts, and of messages in messages, that are looked into."""

_LONGEST_LINE = 1024 * 1024
_SHORTEST_ATTACHMENT = 200
"""Code points; shorter attached texts are signatures, disclaimers, mail programs' leavings."""

_DOCUMENTS = {
    "text/html": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "multipart/related": ".mhtml",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_READ = frozenset(_DOCUMENTS.values()) | {".htm", ".xhtml", ".mht", ".text", ".markdown", ".eml"}

_SEPARATOR = re.compile(rb"From .*\d\d:\d\d(?::\d\d)?.* \d{4}\b")
# Prose may begin with "From", and go on with a word and a colon.
_FIELD = re.compile(
    rb"(?:[!-9;-~][!-,.-9;-~]*+-[!-9;-~]*+|from|to|cc|bcc|date|subject|sender|received|status|lines|path|xref|newsgroups|"
    rb"organi[sz]ation|references|precedence|importance|priority|keywords|comments|approved)[ \t]*:|>From ",
    re.IGNORECASE,
)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
# The tag first and what it leads to in it: together they would try each beginning of the one with each of the other.
_LINK = re.compile(r"<a\s([^<>]{1,6000}+)>(.{0,300}?)</a", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r"\bhref\s*+=\s*+[\"']?(https?://[^\s\"'<>]{1,4000})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,500}>")
_IN_BROWSER = re.compile(
    r"\b(?:view|read|open|see)\b.{0,40}\b(?:browser|online|on the web|web version|on web)\b"
    r"|\bweb version\b|\bonline version\b|открыть в браузере|веб-версия|переглянути .{0,20}браузері",
    re.IGNORECASE,
)
_FOOT = 200_000
"""Code points at either end of a message among which its own address is looked for."""


def split_eml(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """One message, one piece."""
    del options
    yield source.piece("mail", source.read())


def split_mbox(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """A mailbox's messages, read as a stream; one that is too large is a failure, the rest follows.

    mboxrd's and mboxo's quoted ``>From`` lines are unquoted.

    Raises:
        InputError: it holds no message.
    """
    del options
    number = 0
    with source.open() as stream:
        for number, (data, at) in enumerate(_messages(stream), 1):
            place = f"message {number}"
            if data is None:
                reason = f"longer than {MAX_BYTES // 2**20} MB; save its text without the attachments"
                yield Failure(source.name, place, reason)
            else:
                unquoted = _QUOTED_FROM.sub(rb"\1", data) if b">From " in data else data
                yield source.piece("mail", unquoted, place, at)
    if not number:
        raise InputError('no message in it; a mailbox begins with a line "From ..."')


def _messages(stream: BinaryIO) -> Iterator[tuple[bytes | None, int]]:
    """Each message's bytes (``None``: too many) without its ``From`` line, and the bytes read up to its end."""
    held: list[bytes] | None = None
    size = at = 0
    blank = True
    candidate = b""
    for line in iter(partial(stream.readline, _LONGEST_LINE), b""):
        if candidate:
            if _FIELD.match(line):
                if held is not None:
                    yield (b"".join(held) if size <= MAX_BYTES else None), at
                held, size = [], 0
            elif held is not None:
                held.append(candidate)
            at += len(candidate)
            candidate = b""
        if line.startswith(b"From ") and (blank or _SEPARATOR.match(line)):
            candidate = line
            continue
        at += len(line)
        blank = line in (b"\n", b"\r\n")
        if held is not None:
            size += len(line)
            if size <= MAX_BYTES:
                held.append(line)
            else:
                held.clear()
    if held is not None:
        yield (b"".join([*held, candidate]) if size <= MAX_BYTES else None), at


def parse(piece: Piece) -> Iterator[Raw]:
    """The message, then the messages and documents attached to it.

    Raises:
        InputError: it is no message, holds no text, or (after all that could be read) an
            attachment can't be read.
    """
    message = mail_fields.message(piece.data)
    if not message.keys():
        raise InputError("not a mail message: it has no headers; if it is a text, name it .txt")
    yield from _read(message, piece, 0)


def _read(message: Mail, piece: Piece, depth: int) -> Iterator[Raw]:
    body = _Body()
    body.add(message, 0)
    text = plain.normalise("\n\n".join(block for block in body.blocks if block.strip()))
    meta = _metadata(message, body)
    raw_id, stated = _id(message, piece, text)
    if text.strip():
        lines = text.split("\n")
        prefix = FORWARDS.match(meta.title or "")
        kinds: tuple[LineKind | None, ...] | None = None
        if inner := forwarded(lines, told=prefix is not None):
            subject = (meta.title or "")[prefix.end() if prefix else 0 :] or None
            # Who passed it on wrote none of it.
            meta = filled(inner.meta, Metadata(title=subject, date=meta.date, url=meta.url))
            kinds = tuple(
                LineKind.FURNITURE if at in inner.head and lines[at].strip() else None
                for at in range(len(lines))
            )
        yield Raw(raw_id, text, meta, stated_id=stated, kinds=kinds)
    problems = []
    if not text.strip() and not any(map(_may_be_read, body.attached)):
        problems.append(InputError(_nothing_in(body)))
    for number, part in enumerate(body.attached, 1):
        try:
            yield from _attached(part, number, raw_id, piece, depth)
        except InputError as error:
            problems.append(error)
    if problems:
        raise problems[0]


def _may_be_read(part: Mail) -> bool:
    return part.get_content_type() == "message/rfc822" or bool(_suffix(part))


def _nothing_in(body: _Body) -> str:
    """What a message holds, of which nothing is read."""
    names = [_filename(part) or part.get_content_type() for part in body.attached]
    if any(name.lower() == "winmail.dat" for name in names):
        return "a message in Outlook's own form (winmail.dat), which isn't read; open it there and save it as .txt"
    if names:
        return (
            f"a message without text; what is attached ({', '.join(names)[:100]}) is of no kind that is read"
        )
    return "a message without text; pictures in it are not read"


def _suffix(part: Mail) -> str:
    """What an attachment is read as; empty where it isn't."""
    suffix = formats.suffix_of(_filename(part) or "")
    return suffix if suffix in _READ else _DOCUMENTS.get(part.get_content_type(), "")


def _attached(part: Mail, number: int, owner: str, piece: Piece, depth: int) -> Iterator[Raw]:
    """The articles of an attachment; none where it is of no kind that is read."""
    if depth >= _DEEPEST:
        raise InputError(
            f"messages in messages, more than {_DEEPEST} deep; save the inner ones by themselves"
        )
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        if isinstance(inner, list) and inner:
            yield from _read(cast(Mail, inner[0]), piece, depth + 1)
        return
    name = _filename(part) or f"attachment {number}"
    suffix = _suffix(part)
    data = _payload(part)
    if not suffix or not data or len(data) > MAX_BYTES:
        return
    if suffix == ".eml":
        yield from _read(mail_fields.message(data), piece, depth + 1)
        return
    source = Source(f"{piece.file}/{name}", piece.origin, suffix, lambda: BytesIO(data), len(data))
    try:
        yield from _documents(source, owner, name)
    except InputError as error:
        raise InputError(error.reason, f"attachment {name}") from error


def _documents(source: Source, owner: str, name: str) -> Iterator[Raw]:
    splitter = formats.splitter(source.suffix)
    if splitter is None:
        return
    for item in splitter(source, Options()):
        if isinstance(item, Failure):
            raise InputError(item.reason, item.place)
        for raw in formats.parser(item.form)(item):
            if source.suffix in (".txt", ".html") and len(raw.text) < _SHORTEST_ATTACHMENT:
                continue
            # Two messages' "report.pdf" are no versions of one another.
            article_id = plain.kept_id(f"{owner}/{raw.id}")
            yield replace(raw, id=article_id, stated_id=True, place=f"attachment {name}")


class _Body:
    """A message's text, block by block, and what is attached to it."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.attached: list[Mail] = []
        self.link: str | None = None

    def add(self, part: Mail, depth: int) -> None:
        """Take in a part and the parts in it."""
        kind = part.get_content_type()
        if depth and (kind == "message/rfc822" or _is_attachment(part)):
            self.attached.append(part)
        elif part.is_multipart():
            children = [cast(Mail, child) for child in part.get_payload()]
            if depth >= _DEEPEST:
                return
            if kind == "multipart/alternative":
                self._add_alternative(children, depth + 1)
            else:
                for child in children:
                    self.add(child, depth + 1)
        elif kind == "text/html":
            self.blocks.append(self._flattened(part))
        elif kind in ("text/plain", "text/enriched") or not depth:
            self.blocks.append(self._plain(part))

    def _add_alternative(self, children: list[Mail], depth: int) -> None:
        """The fuller one. HTML where it says as much: its lines are whole paragraphs."""
        variants: list[_Body] = []
        for child in children:
            variant = _Body()
            variant.add(child, depth)
            self.attached.extend(variant.attached)
            self.link = self.link or variant.link
            variants.append(variant)
        sizes = [_size(variant.blocks) for variant in variants]
        fullest = max(sizes, default=0)
        for variant, size in reversed(list(zip(variants, sizes, strict=True))):
            if size and size >= 0.8 * fullest:
                self.blocks.extend(variant.blocks)
                return

    def _plain(self, part: Mail) -> str:
        text = plain.normalise(_text(part))
        self.link = self.link or _link_in_text(text)
        if str(part.get_param("format", "")).lower() == "flowed":
            return unflowed(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")
        return unwrapped(text)

    def _flattened(self, part: Mail) -> str:
        markup = _text(part)
        self.link = self.link or _link_in_markup(markup)
        try:
            return html.flatten(markup, shown=True)
        except InputError:
            return ""


def _size(blocks: list[str]) -> int:
    """Code points that say something: addresses are left out, plain versions of newsletters are full of them."""
    return sum(len("".join(_ADDRESS.sub("", block).split())) for block in blocks)


def _is_attachment(part: Mail) -> bool:
    if part.is_multipart():
        return False
    named = _filename(part) is not None and part.get_content_type() not in ("text/plain", "text/html")
    return named or part.get_content_disposition() == "attachment"


def _filename(part: Mail) -> str | None:
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError):
        return None
    if not name:
        return None
    last = mail_fields.decoded(name).replace("\\", "/").rpartition("/")[2]
    return plain.printable_id(last) or None


def _payload(part: Mail) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        data = None
    cut = str(part.get("content-transfer-encoding", "")).strip().lower() == "base64" and _unarmoured(part)
    return cut or (data if isinstance(data, bytes) else b"")


def _unarmoured(part: Mail) -> bytes | None:
    """A part in base64, as far as it goes where it was cut off in the middle of a sign."""
    held = part.get_payload()
    letters = _NO_BASE64.sub("", held) if isinstance(held, str) else ""
    return binascii.a2b_base64(letters[: len(letters) // 4 * 4]) if len(letters) % 4 else None


def _text(part: Mail) -> str:
    """A part's text; a charset that is unknown or wrong is found out as a text file's is."""
    data = _payload(part)
    if name := charsets.known(str(part.get_content_charset() or "ascii")):
        with contextlib.suppress(ValueError):
            return data.decode(name)
    try:
        return plain.decode(data)
    except InputError:
        return data.decode("utf-8", "replace")


def _link_in_markup(markup: str) -> str | None:
    for part in (markup[:_FOOT], markup[_FOOT:][-_FOOT:]):
        for attributes, label in _LINK.findall(part):
            if _IN_BROWSER.search(" ".join(_TAG.sub(" ", label).split())) and (
                led := _HREF.search(attributes)
            ):
                return unescape(led[1])
    return None


def _link_in_text(text: str) -> str | None:
    for part in (text[:_FOOT], text[_FOOT:][-_FOOT:]):
        for found in _ADDRESS.finditer(part):
            before = part[max(0, found.start() - 80) : found.start()]
            if _IN_BROWSER.search(" ".join(before.split())):
                return found.group().rstrip(".,;:)]>")
    return None


def _metadata(message: Mail, body: _Body) -> Metadata:
    name, address = mail_fields.sender(message)
    listed, phrase = mail_fields.mailing_list(message)
    # On a list that can be written to, the sender is a person; on one that can't, the list itself.
    posted = mail_fields.header(message, "list-post")
    discussion = bool(posted) and (posted or "").upper() != "NO"
    outlet = None
    if listed:
        outlet = phrase if discussion else name or phrase or (address or "").rpartition("@")[2] or None
    author = None if listed and not discussion else name or address
    archived = _ADDRESS.search(mail_fields.raw(message, "archived-at") or "")
    return Metadata(
        title=mail_fields.header(message, "subject"),
        outlet=outlet,
        author=author,
        date=mail_fields.date(message),
        url=archived.group() if archived else body.link,
    )


def _id(message: Mail, piece: Piece, text: str) -> tuple[str, bool]:
    stated = (mail_fields.raw(message, "message-id") or "").strip("<> ")
    if stated:
        return plain.kept_id(stated), True
    stem = plain.printable_id(piece.stem) or "mail"
    if piece.place is None:
        return stem, False
    subject = mail_fields.raw(message, "subject") or ""
    digest = hashlib.sha256(f"{subject}\0{text}".encode()).hexdigest()
    return f"{stem}-{digest[:12]}", False

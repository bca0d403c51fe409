"""Rich text (``.rtf``), in which news archives export and old programs save: a paragraph a line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from warreader.index.article import Failure, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import plain, properties
from warreader.index.ingest.pieces import Options, Piece, Raw, Source, filled

_BEGIN = b"{\\rtf"
_CODEPAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_LARGEST = 16 * 1024 * 1024
"""Bytes without pictures; striprtf goes through them sign by sign."""
# Pictures written out in hexadecimal, and the fields behind links, which striprtf would write after their words.
_PICTURE = re.compile(rb"\\(?:pict|objdata)\b[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+")
_LINK = re.compile(rb"HYPERLINK\b", re.IGNORECASE)
_STATED = re.compile(rb"\{\\(?:\*\\)?(title|author)\b((?:[^{}\\]|\\[^{}]){0,2000})\}")
_LOOKED_AT = 200_000
"""Bytes from the beginning among which what the file states of itself is found."""


def split(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """One document, one piece."""
    del options
    yield source.piece("rtf", source.read())


def parse(piece: Piece) -> Iterator[Raw]:
    """The document's text. Headers, footers, footnotes and comments are left out, and so are the file's own dates.

    Raises:
        InputError: it is no rich text, too long, or without text.
    """
    data = piece.data.lstrip()
    if not data.startswith(_BEGIN):
        raise InputError("no rich text, whatever it is called; open it in its program and save it again")
    data = _LINK.sub(b"LINK", _PICTURE.sub(b"", data))
    if len(data) > _LARGEST:
        raise InputError(f"more than {_LARGEST // 2**20} MB of text; split it into its articles")
    encoding = _encoding(data)
    lines = [line.strip().rstrip("|").rstrip() for line in _text(data, encoding).split("\n")]
    text = plain.normalise("\n".join(lines).strip("\n"))
    if not text.strip():
        raise InputError(
            "no text in this document; if it holds scanned pages, save them as PDF and OCR them first"
        )
    head = _STATED.findall(data[:_LOOKED_AT])
    stated = {name.decode(): _text(b"{\\rtf1 " + value + b"}", encoding) for name, value in head}
    meta, kinds = plain.stated(text, paragraphs=True)
    title, author = properties.title(stated.get("title", "")), properties.author(stated.get("author", ""))
    meta = filled(meta, Metadata(title=title, author=author))
    told = tuple(map(kinds.get, range(text.count("\n") + 1))) if kinds else None
    yield Raw(plain.printable_id(piece.stem) or "document", text, meta, kinds=told)


def _encoding(data: bytes) -> str:
    found = _CODEPAGE.search(data[:1000])
    name = f"cp{found[1].decode()}" if found else "cp1252"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def _text(data: bytes, encoding: str) -> str:
    from striprtf.striprtf import rtf_to_text

    try:
        found = str(rtf_to_text(data.decode(encoding, "replace"), encoding=encoding, errors="replace"))
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise InputError("rich text that is damaged; open it in its program and save it again") from error
    # Signs beyond the first 65,536 are written as two halves.
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")

"""Web archives of one page (``.mhtml``, ``.mht``): MIME messages whose parts are the page and what it shows.

As Chromium, Edge, Opera and Internet Explorer write them after RFC 2557.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from warreader.index.article import Failure
from warreader.index.errors import InputError
from warreader.index.ingest import html, plain
from warreader.index.ingest.pieces import Options, Piece, Raw, Source

if TYPE_CHECKING:
    from email.message import Message

_PAGES = frozenset(["text/html", "application/xhtml+xml"])
_MOST_FRAMES = 50
"""Frames that are looked at where the page itself has no text."""


def split(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """The whole file is one page."""
    del options
    yield source.piece("mhtml", source.read())


def parse(piece: Piece) -> Iterator[Raw]:
    """The article of the archived page: of its root or, if there is none in that, of the frame that has most to say.

    Raises:
        InputError: there is no page in the archive, or no article in the page.
    """
    pages = _pages(piece.data)
    if not pages:
        raise InputError("no web page in this archive; save it again as a complete page")
    try:
        found = _extract(pages[0], piece)
    except InputError:
        framed = _of_frames(pages[1:], piece)
        if framed is None:
            raise
        found = framed
    yield Raw(plain.printable_id(piece.stem) or "article", found.text, found.meta, kinds=found.kinds)


def _pages(data: bytes) -> list[Message]:
    """The parts that are HTML, the page itself first."""
    from email import message_from_bytes, policy

    try:
        # Some begin with empty lines or a mark, after which no header would be found.
        archive = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=policy.compat32)
        pages = [part for part in archive.walk() if part.get_content_type() in _PAGES]
    except (RecursionError, ValueError, LookupError) as error:
        raise InputError("its parts can't be told apart; save the page again") from error
    start = str(archive.get_param("start") or "").strip()
    if start:
        # The root's Content-ID, where the archive names it.
        pages.sort(key=lambda part: str(part.get("Content-ID") or "").strip() != start)
    return pages


def _of_frames(frames: Sequence[Message], piece: Piece) -> html.Extracted | None:
    found: list[html.Extracted] = []
    for frame in frames[:_MOST_FRAMES]:
        try:
            found.append(_extract(frame, piece))
        except InputError:
            continue
    return max(found, key=lambda page: len(page.text), default=None)


def _extract(part: Message, piece: Piece) -> html.Extracted:
    body = part.get_payload(decode=True)
    address = "".join(str(part.get("Content-Location") or "").split())
    url = address if address.startswith(("http://", "https://")) else piece.hints.url
    return html.extract(body if isinstance(body, bytes) else b"", url=url, charset=part.get_content_charset())

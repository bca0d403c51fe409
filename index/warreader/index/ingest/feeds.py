"""Saved feeds (RSS, Atom, RDF), an entry an article; other XML goes to its own reader."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from warreader.index.article import Failure, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import charsets, fragments, outlets, plain, xml_articles
from warreader.index.ingest.fields import language
from warreader.index.ingest.pieces import Options, Piece, Raw, Source

if TYPE_CHECKING:
    from feedparser import FeedParserDict

_ENTITY = re.compile(
    rb"""<!ENTITY\s+(?:%\s+)?[^\s"'<>]+\s+(?:(?:SYSTEM|PUBLIC)\s+)?"""
    rb"""(?:(?:"[^"]*"|'[^']*')\s*){1,2}(?:NDATA\s+[^\s<>]+\s*)?>"""
)
_HALVES = re.compile(rb"(?:&#(?:[xX]0{0,4}[dD][89a-fA-F][0-9a-fA-F]{2}|0{0,4}5[5-7][0-9]{3});)+")
"""References to halves of a character, and to few others: 55000 to 57999."""
_DECLARED = re.compile(rb"^\s*<\?xml[^<>]*\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|RDF)\s*>", re.IGNORECASE)
_FEED = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|RDF)\b")


def split(source: Source, options: Options) -> Iterator[Piece | Failure]:  # noqa: ARG001
    """The whole file, as its entries share what the feed says of itself."""
    yield source.piece("feed", source.read())


def parse(piece: Piece) -> Iterator[Raw]:
    """The entries of a feed, those that are nothing but a headline with that as their text.

    XML that is no feed is looked through for articles: NITF, NewsML-G2, and
    elements with the fields of records.
    """
    data = _without_entities(piece.data)
    if not data.strip():
        raise InputError("an empty file, nothing to read in it")
    if not _FEED.search(data[:65_536]):
        yield from xml_articles.parse(piece, data)
        return
    import feedparser

    # Of the markup only the words are kept, so that it need not be made safe first.
    feed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries:
        if feed.bozo:
            raise InputError("a feed that is damaged or cut off, without a whole entry; save it again")
        raise InputError("a feed without entries, nothing to read in it")
    empty = 0
    for entry in feed.entries:
        raw = _article(piece, feed.feed, entry)
        if raw is None:
            empty += 1
        else:
            yield raw
    if not _CLOSED.search(data):
        raise InputError("the feed is cut off, its last entry may be incomplete; save it again")
    if empty:
        raise InputError(f"{empty} of its {len(feed.entries)} entries have neither text nor title")


def _whole(references: re.Match[bytes]) -> bytes:
    """References to both halves of a character as one to it: no XML, but some systems write emoji so."""
    numbers = [one.rstrip(b";") for one in references[0].split(b"&#")[1:]]
    units = [int(one[1:], 16) if one[:1] in b"xX" else int(one) for one in numbers]
    text = b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le", "replace")
    return "".join(f"&#{ord(char)};" for char in text).encode()


def _without_entities(data: bytes) -> bytes:
    """The XML in an encoding of bytes and without the entities it declares: they would be multiplied, or fetched."""
    if marked := plain.encoding_by_mark(data):
        text = data.decode(marked, "replace").removeprefix("\ufeff")
        data = _DECLARED.sub(b"", text.encode("utf-8", "replace"))
    elif plain.is_binary(data):
        raise InputError("a binary file, not XML; save it as XML or as text")
    elif _is_mislabelled(data):
        data = _DECLARED.sub(b"", charsets.decode(data).encode("utf-8", "replace"))
    data = _HALVES.sub(_whole, data)
    if b"<!ENTITY" in data:
        data = _ENTITY.sub(b"", data)
        if b"<!ENTITY" in data:
            raise InputError("declares entities in a way that is not safe to read; save it without them")
    return data


def _is_mislabelled(data: bytes) -> bool:
    """Whether it is said, or by saying nothing meant, to be in UTF-8 and isn't; or to be in what no text is in."""
    declared = _DECLARED.match(data)
    stated = _ENCODING.search(declared[0]) if declared else None
    name = charsets.known(stated[1].decode("ascii", "replace")) if stated else "utf-8"
    if name not in ("utf-8", "ascii"):
        return name is None
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return False


def _article(piece: Piece, feed: FeedParserDict, entry: FeedParserDict) -> Raw | None:
    title = _line(entry.get("title"))
    text, kinds = _text(entry)
    text = plain.normalise(text or title or "")
    if not text.strip():
        return None
    home = _absolute(feed.get("link"), piece.hints.url)
    link = _absolute(entry.get("link"), home)
    source = _line((entry.get("source") or {}).get("title"))
    if source and title and title.endswith(f" - {source}"):
        # As feeds that gather from others write whose it is.
        title = title.removesuffix(f" - {source}").strip() or None
    meta = Metadata(
        title=title,
        outlet=source or outlets.of_feed(_line(feed.get("title")) or "", home or link or ""),
        author=_authors(entry),
        date=_date(entry),
        url=link,
        language=language(_language(feed, entry)),
    )
    # The feed's own id keeps an entry's versions together; an address is nothing to be called by.
    stated = entry.get("id")
    if isinstance(stated, str) and stated.strip() and stated != link:
        return Raw(plain.kept_id(stated), text, meta, piece.place, stated_id=True, kinds=kinds)
    return Raw(plain.made_id(piece.stem, meta, text), text, meta, piece.place, kinds=kinds)


def _absolute(link: Any, base: str | None) -> str | None:
    """An address made whole."""
    try:
        return urljoin(base or "", link.strip()) or None if isinstance(link, str) else None
    except ValueError:
        return None


def _text(entry: FeedParserDict) -> fragments.Lined:
    """The longest of what the entry holds: the whole text goes before a summary, wherever it stands."""
    parts = [(part.get("value"), part.get("type")) for part in entry.get("content", [])]
    detail = entry.get("summary_detail") or {}
    parts.append((detail.get("value") or entry.get("summary"), detail.get("type")))
    texts = [_readable(value, kind) for value, kind in parts if isinstance(value, str)]
    return max(texts, key=lambda found: len(found[0]), default=("", None))


def _readable(value: str, kind: str | None) -> fragments.Lined:
    return (value, None) if kind == "text/plain" and "<" not in value else fragments.lined(value)


def _line(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    if "<" in value or "&" in value:
        value = fragments.lines(value)
    return " ".join(value.split()) or None


def _authors(entry: FeedParserDict) -> str | None:
    names = [_line(author.get("name")) for author in entry.get("authors", [])]
    return ", ".join(dict.fromkeys(name for name in names if name)) or _line(entry.get("author"))


def _date(entry: FeedParserDict) -> str | None:
    for name in ("published", "created", "updated"):
        if name in entry:
            if found := plain.iso_date(entry[name]):
                return found
            if moment := entry.get(f"{name}_parsed"):
                return datetime.fromtimestamp(timegm(moment), UTC).isoformat()
    return None


def _language(feed: FeedParserDict, entry: FeedParserDict) -> str | None:
    inside = (part.get("language") for part in entry.get("content", []))
    return next((stated for stated in (*inside, feed.get("language")) if stated), None)

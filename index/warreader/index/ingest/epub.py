"""E-books (``.epub``, W3C EPUB 3.3 and 2): a chapter, an article."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from warreader.index.article import Failure, LineKind, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import html, plain
from warreader.index.ingest.markup import Block
from warreader.index.ingest.pieces import Options, Piece, Raw, Source
from warreader.index.ingest.zipped import Parts

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINER = "META-INF/container.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Fonts may be obfuscated; that is no protection of the text."""
_HEADINGS = tuple(
    re.compile(rf"<{name}\b[^<>]{{0,500}}>(.{{1,1000}}?)</{name}\s*>", re.IGNORECASE | re.DOTALL)
    for name in ("h1", "h2", "h3", "title")
)
_TAG = re.compile(r"<[^<>]{0,500}>")
_LONGEST_TITLE = 300
_LINK = re.compile(r"<a\b[^<>]{0,2000}>(.{0,1000}?)</a\s*>", re.IGNORECASE | re.DOTALL)
_CONTENTS = 0.5
"""Share of a part's words in links from which it is a table of contents."""
_NEAR_TOP = 6
# What programs that make books of news sites write under each article, and name themselves as.
_FETCHED = re.compile(r"\bdownloaded by calibre from\s+(https?://\S+)")
_PROGRAM = re.compile(r"calibre\b.*", re.IGNORECASE)


def split(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """One book, one piece."""
    del options
    yield source.piece("epub", source.read())


def parse(piece: Piece) -> Iterator[Raw]:
    """The chapters in reading order. A cover, a table of contents, a page of pictures is none.

    Raises:
        InputError: it is damaged, protected, no e-book, or without text; or (after all that
            could be read) a chapter can't be read.
    """
    parts = Parts(piece.data, "an e-book")
    if _CONTAINER not in parts.names:
        raise InputError("a zip file, but no e-book; if it holds articles, name it .zip")
    if _protected(parts):
        raise InputError("an e-book with copy protection; its text can't be read here")
    package_name = _package(parts)
    package = parts.xml(package_name)
    folder = posixpath.dirname(package_name)
    book = _metadata(package)
    titles = _titles(parts, package, folder)
    problem: InputError | None = None
    number = 0
    for name in _spine(package, folder):
        try:
            markup = plain.decode(parts.read(name))
            blocks = html.pieces(markup)
        except InputError as error:
            problem = problem or InputError(error.reason, f"part {name}")
            continue
        text = plain.normalise("\n".join(block.text for block in blocks))
        if not text.strip() or _is_contents(markup, text):
            continue
        number += 1
        title = titles.get(name) or _heading(markup) or f"{book.title or piece.stem}, chapter {number}"
        chapter_id = f"{plain.printable_id(piece.stem) or 'book'}-chapter-{number}"
        fetched = _FETCHED.search(text)
        url = fetched[1] if fetched else None
        meta = Metadata(title, book.outlet, book.author, book.date, url, book.language)
        yield Raw(chapter_id, text, meta, f"chapter {number}", kinds=_kinds(blocks, title))
    if problem is not None:
        raise problem
    if not number:
        raise InputError("no text in this e-book; if it holds scanned pages, OCR them first")


def _is_contents(markup: str, text: str) -> bool:
    """Whether a part is nothing but links, a table of contents that isn't marked as one."""
    links = [len(_TAG.sub("", link)) for link in _LINK.findall(markup)]
    return len(links) > 1 and sum(links) > _CONTENTS * len(text)


def _kinds(blocks: Sequence[Block], title: str) -> tuple[LineKind | None, ...] | None:
    """The kinds of a part's lines that its markup tells."""
    kinds: list[LineKind | None] = [LineKind.CAPTION if one.tag == "figcaption" else None for one in blocks]
    headings = [at for at, one in enumerate(blocks[:_NEAR_TOP]) if one.tag in ("h1", "h2", "h3")]
    if headings:
        first = next((at for at in headings if blocks[at].text == title), headings[0])
        kinds[first] = LineKind.HEADLINE
    for at, one in enumerate(blocks):
        if _FETCHED.search(one.text):
            kinds[at] = LineKind.FURNITURE
    return tuple(kinds) if any(kinds) else None


def _protected(parts: Parts) -> bool:
    if "META-INF/rights.xml" in parts.names or "META-INF/license.lcpl" in parts.names:
        return True
    if "META-INF/encryption.xml" not in parts.names:
        return False
    methods = parts.xml("META-INF/encryption.xml").iter("{*}EncryptionMethod")
    return any((method.get("Algorithm") or "") not in _FONTS for method in methods)


def _package(parts: Parts) -> str:
    for root in parts.xml(_CONTAINER).iter("{*}rootfile"):
        name = unquote(root.get("full-path") or "")
        if name in parts.names:
            return name
    raise parts.broken()


def _inside(folder: str, link: str) -> str:
    """The part that a link in a part of this folder leads to, without its fragment."""
    return posixpath.normpath(posixpath.join(folder, unquote(link.partition("#")[0])))


def _spine(package: _Element, folder: str) -> Iterator[str]:
    pages = {
        item.get("id"): _inside(folder, item.get("href") or "")
        for item in package.iter("{*}item")
        if item.get("media-type") in _PAGES and "nav" not in (item.get("properties") or "").split()
    }
    seen: set[str] = set()
    for reference in package.iter("{*}itemref"):
        name = pages.get(reference.get("idref"))
        if name is not None and name not in seen:
            seen.add(name)
            yield name


def _titles(parts: Parts, package: _Element, folder: str) -> dict[str, str]:
    """Chapter titles as the table of contents has them, by part; the first of several in a part."""
    found: dict[str, str] = {}
    for item in package.iter("{*}item"):
        is_nav = "nav" in (item.get("properties") or "").split()
        if not is_nav and item.get("media-type") != "application/x-dtbncx+xml":
            continue
        name = _inside(folder, item.get("href") or "")
        try:
            root = parts.xml(name)
        except InputError:
            continue
        links = _nav_links(root) if is_nav else _ncx_links(root)
        for link, label in links:
            title = " ".join(label.split())[:_LONGEST_TITLE]
            if title:
                found.setdefault(_inside(posixpath.dirname(name), link), title)
    return found


def _nav_links(root: _Element) -> Iterator[tuple[str, str]]:
    for link in root.iter("{*}a"):
        yield link.get("href") or "", "".join(str(text) for text in link.itertext())


def _ncx_links(root: _Element) -> Iterator[tuple[str, str]]:
    for point in root.iter("{*}navPoint"):
        content = point.find("{*}content")
        if content is not None:
            yield content.get("src") or "", point.findtext("{*}navLabel/{*}text") or ""


def _heading(markup: str) -> str | None:
    for heading in _HEADINGS:
        if found := heading.search(markup):
            title = " ".join(unescape(_TAG.sub(" ", found[1])).split())
            if title:
                return title[:_LONGEST_TITLE]
    return None


def _metadata(package: _Element) -> Metadata:
    def first(name: str) -> str | None:
        return next((" ".join(e.text.split()) for e in package.iter(f"{{*}}{name}") if e.text), None) or None

    publisher, creator = first("publisher"), first("creator")
    publisher = None if publisher and _PROGRAM.match(publisher) else publisher
    # A newspaper made into a book is written by itself, or by the program.
    if creator and (_PROGRAM.match(creator) or creator in (publisher, first("title"))):
        creator = None
    language = (first("language") or "").replace("_", "-").partition("-")[0].lower()
    return Metadata(
        title=first("title"),
        outlet=publisher,
        author=creator,
        date=plain.iso_date(first("date")),
        language=language if len(language) == 2 else None,
    )

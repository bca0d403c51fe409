"""Articles in XML that is no feed: NITF, NewsML-G2, XHTML, and whatever has elements called as records' fields are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from warreader.index import safe_xml
from warreader.index.errors import InputError
from warreader.index.ingest import fields, records
from warreader.index.ingest.pieces import Piece, Raw

if TYPE_CHECKING:
    from lxml.etree import _Element

_PARAGRAPHS = frozenset({"p", "para", "paragraph", "hl2", "li", "tr", "pre", *(f"h{n}" for n in range(1, 7))})


def parse(piece: Piece, data: bytes) -> Iterator[Raw]:
    """The articles in an XML document.

    Args:
        piece: the document.
        data: its bytes, without entities of its own.

    Raises:
        InputError: it is broken, or holds none.
    """
    root = safe_xml.root(data)
    name = safe_xml.name(root)
    if name == "html":
        from warreader.index.ingest import html

        yield from html.parse(piece)
        return
    if name in {"urlset", "sitemapindex"}:
        raise InputError("a sitemap, which holds addresses and no texts; save the pages it lists")
    items = [element for element in root.iter() if safe_xml.name(element) == "newsItem"]
    documents = [element for element in root.iter() if safe_xml.name(element) == "nitf"]
    found = 0
    for record in (
        [_news_item(item) for item in items]
        or [_nitf(document) for document in documents]
        or [_record(element) for element in _records(root)]
    ):
        if fields.has_text(fields.named(record, piece.mapping)):
            found += 1
            yield records.article(record, piece)
    if not found:
        raise InputError(
            f"XML of a kind that is not known here (<{name[:40]}>); known are feeds, NITF, NewsML-G2, and elements "
            "with a <text>; convert it to JSON lines"
        )


def _first(element: _Element, *path: str) -> _Element | None:
    """The first descendant that is reached over elements with these names, whatever lies between."""
    for name in path:
        following = next((inner for inner in element.iterdescendants() if safe_xml.name(inner) == name), None)
        if following is None:
            return None
        element = following
    return element


def _words(element: _Element | None) -> str | None:
    return None if element is None else " ".join("".join(element.itertext()).split()) or None


def _lines(element: _Element) -> str:
    """The text under an element, a paragraph a line; without paragraphs, as it is written."""
    inner = [part for part in element.iter() if part is not element and safe_xml.name(part) in _PARAGRAPHS]
    outer = [
        part
        for part in inner
        if not any(safe_xml.name(above) in _PARAGRAPHS for above in _between(part, element))
    ]
    if not outer:
        return "".join(element.itertext())
    return "\n".join(words for part in outer if (words := _words(part)))


def _between(part: _Element, element: _Element) -> Iterator[_Element]:
    for above in part.iterancestors():
        if above is element:
            return
        yield above


# News Industry Text Format: https://iptc.org/standards/nitf/


def _nitf(document: _Element) -> dict[str, Any]:
    content = _first(document, "body.content")
    issued = _first(document, "date.issue")
    published = _first(document, "pubdata")
    identity = _first(document, "doc-id")
    byline = _first(document, "byline")
    person = None if byline is None else _first(byline, "person")
    return {
        "id": None if identity is None else identity.get("id-string"),
        "title": _words(_first(document, "hl1")) or _words(_first(document, "title")),
        "byline": _words(byline if person is None else person),
        "date": None if issued is None else issued.get("norm"),
        "outlet": None if published is None else published.get("name"),
        "agency": _words(_first(document, "distributor")),
        "text": None if content is None else _lines(content),
    }


# NewsML-G2: https://iptc.org/standards/newsml-g2/


def _news_item(item: _Element) -> dict[str, Any]:
    inside = _first(item, "inlineXML")
    document = None if inside is None else _first(inside, "nitf")
    record: dict[str, Any] = {} if document is None else _nitf(document)
    if inside is None:
        inside = _first(item, "inlineData")
    body = None if inside is None else _first(inside, "body")
    provider = _first(item, "provider")
    spoken = _first(item, "contentMeta", "language")
    stated = {
        "id": item.get("guid"),
        "title": _words(_first(item, "headline")) or _words(_first(item, "contentMeta", "title")),
        "byline": _words(_first(item, "by")),
        "date": next(
            (
                found
                for name in ("firstCreated", "contentCreated", "versionCreated")
                if (found := _words(_first(item, name)))
            ),
            None,
        ),
        "outlet": _provided(provider),
        "language": None if spoken is None else spoken.get("tag"),
        "text": None if inside is None else _lines(inside if body is None else body),
    }
    return record | {name: value for name, value in stated.items() if value and not record.get(name)}


def _provided(provider: _Element | None) -> str | None:
    return None if provider is None else _words(_first(provider, "name")) or provider.get("literal")


# Elements that are called as fields of records are


def _records(element: _Element) -> list[_Element]:
    """The innermost elements with a text and something else that is known of an article."""
    inner = [found for child in element if isinstance(child.tag, str) for found in _records(child)]
    if inner:
        return inner
    names = {fields.plain_name(safe_xml.name(child)) for child in element if isinstance(child.tag, str)}
    names |= {fields.plain_name(str(name)) for name in element.attrib}
    told = [
        not names.isdisjoint(fields.NAMES[ours])
        for ours in ("title", "date", "url", "author", "outlet", "id")
    ]
    return [element] if not names.isdisjoint(fields.NAMES["text"]) and any(told) else []


def _record(element: _Element) -> dict[str, Any]:
    record: dict[str, Any] = {str(name).rpartition("}")[2]: value for name, value in element.attrib.items()}
    for child in element:
        if isinstance(child.tag, str):
            value = _lines(child).strip()
            if value and not record.get(safe_xml.name(child)):
                record[safe_xml.name(child)] = value
    return record

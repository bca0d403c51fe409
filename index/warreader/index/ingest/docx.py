"""Word documents (``.docx``, ISO/IEC 29500): paragraphs, headings and table cells, a paragraph a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from warreader.index.article import Failure, LineKind, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import plain, properties
from warreader.index.ingest.pieces import Options, Piece, Raw, Source, filled
from warreader.index.ingest.zipped import Parts

if TYPE_CHECKING:
    from lxml.etree import _Element

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_MAIN = (f"{_OFFICE}/officeDocument", f"{_STRICT_OFFICE}/officeDocument")
_WORDS = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_CORE = "docProps/core.xml"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_OLE = b"\xd0\xcf\x11\xe0"


def split(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """One document, one piece."""
    del options
    yield source.piece("docx", source.read())


def parse(piece: Piece) -> Iterator[Raw]:
    """The document's text. Headers, footers, footnotes, comments and deleted text are left out.

    The dates it states are those of the file, not of a publication: none is taken.

    Raises:
        InputError: it is damaged, encrypted, no Word document, or without text.
    """
    if piece.data.startswith(_OLE):
        raise InputError(
            "an old Word file (.doc) or one with a password; save it as .docx without a password"
        )
    parts = Parts(piece.data, "a Word document")
    root = parts.xml(_main_part(parts))
    # What programs that don't know text boxes show in their place: the same text again.
    for spare in list(root.iter("{*}Fallback")):
        if (parent := spare.getparent()) is not None:
            parent.remove(spare)
    lines, kinds = _lines(root)
    if not any(line.strip() for line in lines):
        raise InputError(
            "no text in this document; if it holds scanned pages, save them as PDF and OCR them first"
        )
    text = "\n".join(lines)
    above, told = plain.stated(text, paragraphs=True)
    # What is written in it goes before its properties, which programs fill in by themselves.
    meta = filled(above, _metadata(parts))
    if meta.title is None:
        titles = (line for line, kind in zip(lines, kinds, strict=True) if kind is LineKind.HEADLINE)
        meta = replace(meta, title=next(titles, None))
    known = tuple(told.get(at, kind) for at, kind in enumerate(kinds))
    yield Raw(plain.printable_id(piece.stem) or "document", text, meta, kinds=known)


def _lines(root: _Element) -> tuple[list[str], list[LineKind | None]]:
    """The lines of the body, and what each is where its paragraph says so; a row of a table may be one line."""
    lines: list[str] = []
    kinds: list[LineKind | None] = []
    on_one_line: set[_Element | None] = set()
    for paragraph in root.iter(*(f"{prefix}{name}" for prefix in _WORDS for name in ("p", "tr"))):
        if paragraph.tag.endswith("}tr"):
            if (row := _row(paragraph)) is not None:
                lines.append(row)
                kinds.append(None)
                on_one_line.add(paragraph)
            continue
        if next(paragraph.iterancestors("{*}tr"), None) in on_one_line:
            continue
        text = plain.normalise(_text(paragraph)).strip("\n")
        # A line break inside a paragraph is one of the text.
        for line in text.split("\n"):
            lines.append(line)
            kinds.append(_kind(paragraph) if line.strip() else None)
    return lines, kinds


def _row(row: _Element) -> str | None:
    """A table's row on one line; ``None`` where it isn't of cells with a paragraph each, as where whole pages are."""
    cells = [[_text(p).strip() for p in cell.iter("{*}p")] for cell in row.iterchildren("{*}tc")]
    held = [[text for text in cell if text] for cell in cells]
    if len(held) < 2 or row.find(".//{*}tbl") is not None or any(len(cell) > 1 for cell in held):
        return None
    return " | ".join(" ".join(cell[0].split()) for cell in held if cell)


def _main_part(parts: Parts) -> str:
    if "_rels/.rels" in parts.names:
        for link in parts.xml("_rels/.rels").iter("{*}Relationship"):
            target = (link.get("Target") or "").lstrip("/")
            if link.get("Type") in _MAIN and target in parts.names:
                return target
    if "word/document.xml" in parts.names:
        return "word/document.xml"
    raise InputError("a zip file, but no Word document; if it holds articles, name it .zip")


def _text(paragraph: _Element) -> str:
    """A paragraph's own text, without that of paragraphs inside it (text boxes), which come by themselves."""
    found: list[str] = []
    waiting = [child for child in reversed(paragraph) if isinstance(child.tag, str)]
    while waiting:
        element = waiting.pop()
        name = element.tag.rpartition("}")[2]
        if name == "t":
            found.append(element.text or "")
        elif name == "tab":
            found.append("\t")
        elif name in ("br", "cr"):
            found.append("\n")
        elif name == "noBreakHyphen":
            found.append("\u2011")
        elif name not in ("p", "del", "moveFrom", "pPr", "rPr", "instrText", "delText"):
            waiting.extend(child for child in reversed(element) if isinstance(child.tag, str))
    return "".join(found)


def _kind(paragraph: _Element) -> LineKind | None:
    style = paragraph.find("{*}pPr/{*}pStyle")
    if style is None:
        return None
    name = next((value for key, value in style.items() if key.endswith("}val")), "").lower()
    if name == "title":
        return LineKind.HEADLINE
    return LineKind.CAPTION if name == "caption" else None


def _metadata(parts: Parts) -> Metadata:
    if _CORE not in parts.names:
        return Metadata()
    try:
        root = parts.xml(_CORE)
    except InputError:
        return Metadata()
    title, author = (root.findtext(f"{_DUBLIN}{name}") or "" for name in ("title", "creator"))
    return Metadata(title=properties.title(title), author=properties.author(author))

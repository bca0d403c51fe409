"""REFI-QDA: code books (``.qdc``) both ways, projects (``.qdpx``) out (https://www.qdasoftware.org, version 1.0).
:mod:`.projects` reads projects.

What other programs for qualitative analysis make of it: articles are plain text sources, with outlet,
author, date and address as variables; tags are the tree of codes; every annotation of a span is a
selection in code points, with its tags as codings and its note as its description. Notes on an article
as a whole are the source's description, as are those on an entity, after its name.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from warreader.index import safe_xml
from warreader.index.annotations.export import Citation
from warreader.index.annotations.model import Annotation, Code, above, tag_key, tag_name
from warreader.index.errors import InputError
from warreader.index.stamps import now

if TYPE_CHECKING:
    from lxml.etree import _Element

_CODEBOOK = "urn:QDA-XML:codebook:1.0"
_PROJECT = "urn:QDA-XML:project:1.0"
_SPACE = uuid.UUID("6f1c9c0e-6a52-4c57-9c53-0e3c7cf1d2ad")
"""Names in it become the identifiers of what has none, the same at every export."""

PALETTE = (
    "#E6B422", "#3A9D5D", "#3B82C4", "#C0508F", "#D2603A", "#7D5FC0", "#2BA7A0", "#B8464B",
    "#8C9C2D", "#5C6FD6", "#C98A2B", "#4FA3D1", "#A05CA8", "#6E8F4E", "#D17B9B", "#7A7A7A",
)  # fmt: skip
"""The colours that colours by number are exchanged as, counted round."""

# XML 1.0, production 2: all else can't stand in it, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"
NAMELESS = "reader"
"""The user whom annotations of nobody in particular are of, in what we write."""
_FILE_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_SLASH = "\u2215"
"""Stands for a slash in a name from elsewhere, where it parts no levels."""


def guid(name: str) -> str:
    """An identifier of a thing: its own where its name is a UUID's, else one made of the name."""
    try:
        return str(uuid.UUID(name.removeprefix("urn:uuid:")))
    except ValueError:
        return str(uuid.uuid5(_SPACE, name))


def _text(value: str) -> str:
    # A bare carriage return would be read as a line feed.
    return escape(_UNWRITABLE.sub(_REPLACEMENT, value), {"\r": "&#13;"})


def _attributes(**values: object) -> str:
    entities = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
    return "".join(
        f" {name}={quoteattr(_UNWRITABLE.sub(_REPLACEMENT, str(value)), entities)}"
        for name, value in values.items()
        if value is not None
    )


# code books


@dataclass
class _Node:
    name: str
    code: Code | None = None
    used: bool = False
    below: list[_Node] = field(default_factory=list)


def _tree(codes: Iterable[Code], tags: Iterable[str]) -> tuple[list[_Node], dict[str, _Node]]:
    """Codes and tags as a tree: its roots, and all of it by :func:`tag_key`."""
    nodes: dict[str, _Node] = {}
    roots: list[_Node] = []

    def node(name: str) -> _Node:
        key = tag_key(name)
        if key not in nodes:
            nodes[key] = _Node(name)
            over = above(name)
            (node(over[0]).below if over else roots).append(nodes[key])
        return nodes[key]

    for code in codes:
        node(code.name).code = code
    for tag in tags:
        node(tag).used = True
    return roots, nodes


def _code_guid(node: _Node) -> str:
    return guid(node.code.id if node.code is not None else f"tag:{tag_key(node.name)}")


def _codes(roots: Sequence[_Node], nodes: Mapping[str, _Node]) -> Iterator[str]:
    labels: dict[str, int] = {}
    for one in nodes.values():
        label = one.name.rpartition("/")[2].casefold()
        labels[label] = labels.get(label, 0) + 1

    def write(node: _Node, depth: int) -> Iterator[str]:
        label = node.name.rpartition("/")[2]
        # Some programs know a code by its name alone: the last level, where no other ends so.
        name = label if labels[label.casefold()] == 1 else node.name
        color = node.code.color if node.code is not None else None
        shade = None if color is None else PALETTE[color % len(PALETTE)]
        indent = "  " * depth
        codable = "true" if node.used or node.code is not None or not node.below else "false"
        attributes = _attributes(guid=_code_guid(node), name=name, isCodable=codable, color=shade)
        description = node.code.description if node.code is not None else ""
        if not description and not node.below:
            yield f"{indent}<Code{attributes}/>"
            return
        yield f"{indent}<Code{attributes}>"
        if description:
            yield f"{indent}  <Description>{_text(description)}</Description>"
        for one in node.below:
            yield from write(one, depth + 1)
        yield f"{indent}</Code>"

    for root in roots:
        yield from write(root, 2)


def to_qdc(codes: Iterable[Code], tags: Iterable[str] = ()) -> Iterator[str]:
    """The lines of a code book.

    Args:
        codes: its entries.
        tags: further tags that are in use.
    """
    roots, nodes = _tree(codes, tags)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<CodeBook xmlns="{_CODEBOOK}" origin="warreader">'
    yield "  <Codes>"
    yield from _codes(roots, nodes)
    yield "  </Codes>"
    yield "  <Sets/>"
    yield "</CodeBook>"


def read_qdc(data: bytes) -> list[Code]:
    """The entries of a code book, or of the one in a project's XML.

    Colours become the nearest of :data:`PALETTE`. What stands only above others and says nothing
    is not an entry.

    Raises:
        InputError: it is no code book; ``place`` is the line.
    """
    return read_codes(parse(data), {})


def read_codes(root: _Element, paths: dict[str, str]) -> list[Code]:
    """As :func:`read_qdc`, of XML that is parsed.

    Args:
        paths: told the tag that each code is here, by the code's guid in small letters.
    """
    if safe_xml.name(root) not in ("CodeBook", "Project") or "QDA-XML" not in str(root.tag):
        raise InputError(
            f"no REFI-QDA code book: its root is <{safe_xml.name(root)}>", f"line {root.sourceline}"
        )
    found: dict[str, Code] = {}
    for codes in root.iter("{*}Codes"):
        for child in children(codes, "Code"):
            _read_code(child, "", found, paths)
    return list(found.values())


_DEEPEST = 60


def _read_code(
    element: _Element, parent: str, found: dict[str, Code], paths: dict[str, str], depth: int = 0
) -> None:
    place = f"line {element.sourceline}"
    name = element.get("name")
    if not name or not name.strip():
        raise InputError("a code without a name", place)
    if depth > _DEEPEST:
        raise InputError("codes nested too deep", place)
    # A name that holds its own path is one that we wrote.
    whole = bool(parent) and tag_key(name).startswith(f"{tag_key(parent)}/")
    label = name if whole else name.replace("/", _SLASH)
    try:
        path = tag_name(label if whole or not parent else f"{parent}/{label}")
        identity = uuid.UUID((element.get("guid") or "").strip("{}")).urn
        paths[identity.removeprefix("urn:uuid:")] = path
    except ValueError as error:
        reason = str(error) if "tag" in str(error) else "a code without a guid"
        raise InputError(reason, place) from error
    below = list(children(element, "Code"))
    description = next((child.text or "" for child in children(element, "Description")), "").strip()
    color = _nearest(element.get("color"), place)
    codable = element.get("isCodable", "true").strip() not in ("false", "0")
    if codable or description or color is not None or not below:
        found.setdefault(tag_key(path), Code(identity, path, color, description))
    for child in below:
        _read_code(child, path, found, paths, depth + 1)


def _nearest(shade: str | None, place: str) -> int | None:
    if shade is None or not shade.strip():
        return None
    if not re.fullmatch(r"#(?:[0-9A-Fa-f]{3}){1,2}", shade.strip()):
        raise InputError(f"{shade[:20]!r} is no colour such as #3A9D5D", place)
    wanted = _rgb(shade.strip())

    def farness(number: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(wanted, _rgb(PALETTE[number]), strict=True))

    return min(range(len(PALETTE)), key=farness)


def _rgb(shade: str) -> tuple[int, ...]:
    digits = shade[1:] if len(shade) == 7 else "".join(2 * digit for digit in shade[1:])
    return tuple(int(digits[at : at + 2], 16) for at in (0, 2, 4))


def parse(data: bytes) -> _Element:
    """The root of XML that brings no document type of its own.

    Raises:
        InputError: it does, or is no XML; ``place`` is the line.
    """
    root = safe_xml.root(data)
    if root.getroottree().docinfo.internalDTD is not None:
        raise InputError("XML with a document type of its own is not read: it may define entities", "line 1")
    return root


def children(element: _Element, name: str) -> Iterator[_Element]:
    """The elements right below one that are called so, in any namespace."""
    return (child for child in element if isinstance(child.tag, str) and safe_xml.name(child) == name)


# projects


def write_qdpx(
    target: Path,
    annotations: Iterable[Annotation],
    codes: Iterable[Code],
    cite: Callable[[str], Citation],
    text_of: Callable[[str], str | None],
) -> None:
    """Write a project with the annotated articles as its sources.

    Annotations whose article is gone are left out: their words stand nowhere.

    Args:
        target: the file.
        cite: the citation of an article by its id.
        text_of: an article's stored text by its id, ``None`` where it is gone.
    """
    by_article: dict[str, list[Annotation]] = {}
    for annotation in annotations:
        by_article.setdefault(annotation.article, []).append(annotation)
    texts = {article: text for article in by_article if (text := text_of(article)) is not None}
    kept = {article: by_article[article] for article in texts}
    tags = dict.fromkeys(tag for made in kept.values() for one in made for tag in one.tags)
    project = _Project(codes, tags, kept, cite)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", "\n".join(project.lines()) + "\n")
        for article, text in texts.items():
            archive.writestr(f"Sources/{source_guid(article)}.txt", text.encode("utf-8", "replace"))


def source_guid(article: str) -> str:
    """By what an article is known in projects that we write."""
    return guid(f"article:{article}")


_VARIABLES = ("Outlet", "Author", "Date", "URL")


class _Project:
    """The XML of a project."""

    def __init__(
        self,
        codes: Iterable[Code],
        tags: Iterable[str],
        by_article: Mapping[str, Sequence[Annotation]],
        cite: Callable[[str], Citation],
    ) -> None:
        self._roots, self._nodes = _tree(codes, tags)
        self._by_article = by_article
        self._cite = cite
        creators = {one.creator or NAMELESS for made in by_article.values() for one in made}
        creators |= {_whose(made) for made in by_article.values()}
        self._users = {name: guid(f"user:{name}") for name in sorted(creators or {NAMELESS})}
        self._names: set[str] = set()

    def lines(self) -> Iterator[str]:
        """Line by line."""
        yield '<?xml version="1.0" encoding="utf-8"?>'
        stamp = _seconds(now())
        head = _attributes(name="warreader", origin="warreader", creationDateTime=stamp, xmlns=_PROJECT)
        yield f"<Project{head}>"
        yield "  <Users>"
        for name, identity in self._users.items():
            yield f"    <User{_attributes(guid=identity, name=name)}/>"
        yield "  </Users>"
        if self._roots:
            yield "  <CodeBook>\n    <Codes>"
            yield from _codes(self._roots, self._nodes)
            yield "    </Codes>\n  </CodeBook>"
        yield "  <Variables>"
        for name in _VARIABLES:
            yield f"    <Variable{_attributes(guid=_variable(name), name=name, typeOfVariable='Text')}/>"
        yield "  </Variables>"
        if self._by_article:
            yield "  <Sources>"
            for article, made in self._by_article.items():
                yield from self._source(article, made)
            yield "  </Sources>"
        yield "</Project>"

    def _source(self, article: str, made: Sequence[Annotation]) -> Iterator[str]:
        cited = self._cite(article)
        identity = source_guid(article)
        whole = [one for one in made if one.span is None]
        attributes = _attributes(
            guid=identity,
            name=self._source_name(cited),
            plainTextPath=f"internal://{identity}.txt",
            creatingUser=self._users[_whose(made)],
            creationDateTime=_seconds(min(one.created for one in whole or made)),
        )
        yield f"    <TextSource{attributes}>"
        notes = [f"{one.entity}: {one.note}" if one.entity else one.note for one in whole if one.note]
        if notes:
            text = "\n\n".join(notes)
            yield f"      <Description>{_text(text)}</Description>"
        for one in made:
            if one.span is not None:
                yield from self._selection(one)
        for tag, tagged in {tag_key(tag): (tag, one) for one in whole for tag in one.tags}.values():
            yield from self._coding(tagged, tag, 6)
        for name, value in zip(_VARIABLES, (cited.outlet, cited.author, cited.date, cited.url), strict=True):
            if value:
                yield "      <VariableValue>"
                yield f"        <VariableRef{_attributes(targetGUID=_variable(name))}/>"
                yield f"        <TextValue>{_text(value)}</TextValue>"
                yield "      </VariableValue>"
        yield "    </TextSource>"

    def _source_name(self, cited: Citation) -> str:
        """What a source is called: a name that a file can have, and no other source has."""
        told = " · ".join(part for part in (cited.title, cited.outlet, (cited.date or "")[:10]) if part)
        plain = "".join(c for c in _FILE_NAME.sub(" ", told) if unicodedata.category(c) not in ("Cc", "Cf"))
        name = " ".join(plain.split())[:100].strip(". ") or "article"
        free, number = name, 1
        while free.casefold() in self._names:
            number += 1
            free = f"{name} {number}"
        self._names.add(free.casefold())
        return free

    def _selection(self, one: Annotation) -> Iterator[str]:
        user = self._users[one.creator or NAMELESS]
        attributes = _attributes(
            guid=guid(one.id),
            name=" ".join(one.exact.split())[:60],
            startPosition=one.start,
            endPosition=one.end,
            creatingUser=user,
            creationDateTime=_seconds(one.created),
            modifyingUser=user,
            modifiedDateTime=_seconds(one.modified),
        )
        yield f"      <PlainTextSelection{attributes}>"
        if one.note:
            yield f"        <Description>{_text(one.note)}</Description>"
        for tag in one.tags:
            yield from self._coding(one, tag, 8)
        yield "      </PlainTextSelection>"

    def _coding(self, one: Annotation, tag: str, indent: int) -> Iterator[str]:
        attributes = _attributes(
            guid=guid(f"coding:{one.id}:{tag_key(tag)}"),
            creatingUser=self._users[one.creator or NAMELESS],
            creationDateTime=_seconds(one.created),
        )
        code = _attributes(targetGUID=_code_guid(self._nodes[tag_key(tag)]))
        yield f"{' ' * indent}<Coding{attributes}><CodeRef{code}/></Coding>"


def _whose(made: Sequence[Annotation]) -> str:
    """Whose a source is: theirs who made what is on the article as a whole, nobody's where several did."""
    whole = {one.creator or NAMELESS for one in made if one.span is None}
    creators = whole or {made[0].creator or NAMELESS}
    return creators.pop() if len(creators) == 1 else NAMELESS


def _variable(name: str) -> str:
    return guid(f"variable:{name}")


def _seconds(stamp: str) -> str:
    """A stamp without fractions, which some programs can't read."""
    return f"{stamp[:19]}Z"

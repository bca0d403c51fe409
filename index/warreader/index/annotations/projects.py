"""REFI-QDA projects (``.qdpx``) from other programs, and our own: their code book, and what is marked in their texts.

A selection is given in code points of a text that the project carries (QDA-XML 1.0, ``PlainTextSelection``). Which
article here that text is, its address tells, where a variable holds it, or its words (:mod:`.settling`).
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warreader.index import safe_xml
from warreader.index.annotations import refi
from warreader.index.annotations.foreign import Foreign, moment
from warreader.index.annotations.model import CONTEXT, Code, tag_names
from warreader.index.annotations.refi import children
from warreader.index.errors import InputError
from warreader.index.text import storable

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 64 << 20
"""Bytes of a project's XML, and of all its texts together, that are unpacked at most."""

_SELECTIONS = frozenset(("PictureSelection", "PDFSelection", "AudioSelection", "VideoSelection"))
_ADDRESSES = ("url", "uri", "link", "address", "doi")
"""What variables that hold a text's address are called, in any case."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text of a project.

    Args:
        ours: what says which article it is, where warreader wrote the project; see :func:`.refi.source_guid`.
    """

    name: str
    text: str
    address: str | None = None
    ours: str | None = None


@dataclass(slots=True)
class Project:
    """What a project holds.

    Args:
        marks: each names its text by the key it has in ``sources``.
        elsewhere: how many selections are in what is no text here: pictures, sound, pages, texts not carried along.
        torn: selections and notes that can't be read, and why.
    """

    codes: Sequence[Code]
    marks: list[Foreign] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    elsewhere: int = 0
    torn: list[str] = field(default_factory=list)


def read_project(archive: zipfile.ZipFile) -> Project:
    """The code book and the marks of a project.

    Raises:
        InputError: it is none, or malformed; ``place`` is the line of its XML.
    """
    name = next((one for one in archive.namelist() if one.lower().endswith(".qde")), None)
    if name is None:
        raise InputError("a zip file, but no REFI-QDA project: it holds no .qde")
    xml = _unpacked(archive, name, LARGEST)
    if xml is None:
        raise InputError(f"its {name} is larger than {LARGEST >> 20} MB; export the code book alone (.qdc)")
    root = refi.parse(xml)
    paths: dict[str, str] = {}
    codes = refi.read_codes(root, paths)
    return _Reading(archive, root, Project(codes), paths).done()


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes | None:
    with archive.open(name) as member:
        data = member.read(most + 1)
    return data if len(data) <= most else None


class _Reading:
    """The work on one project."""

    def __init__(
        self, archive: zipfile.ZipFile, root: _Element, project: Project, paths: Mapping[str, str]
    ) -> None:
        self._archive = archive
        self._root = root
        self._project = project
        self._paths = paths
        self._room = LARGEST
        self._members = {one.casefold(): one for one in archive.namelist()}
        self._ours = root.get("origin") == "warreader"
        self._users = {_guid(one): one.get("name") or "" for one in root.iter("{*}User")}
        self._notes = {_guid(one): one for one in root.iter("{*}Note")}
        self._read_notes: dict[str, str] = {}
        self._addresses = {
            _guid(one) for one in root.iter("{*}Variable") if (one.get("name") or "").casefold() in _ADDRESSES
        }

    def done(self) -> Project:
        for sources in self._root.iter("{*}Sources"):
            for element in sources:
                self._source(element)
        return self._project

    def _source(self, element: _Element) -> None:
        """A text, or what holds texts: the words of a PDF, the transcript of a recording."""
        held = [element, *element.iter("{*}Representation"), *element.iter("{*}Transcript")]
        self._project.elsewhere += sum(safe_xml.name(one) in _SELECTIONS for one in element.iter())
        for number, one in enumerate(held):
            selections = [child for child in one if safe_xml.name(child) == "PlainTextSelection"]
            notes, tags = self._said(one) if number == 0 else ("", ())
            if not selections and not notes and not tags:
                continue
            text = self._text(one)
            if text is None:
                self._project.elsewhere += len(selections) + bool(notes or tags)
                continue
            # Not by its guid: a broken project may have two of one.
            key = f"text {len(self._project.sources)}"
            name = storable(element.get("name") or "a text without a name")
            ours = _guid(element) if self._ours else None
            self._project.sources[key] = Source(name, _plain_ends(text), self._address(element), ours)
            if notes or tags:
                whole = uuid.uuid5(uuid.NAMESPACE_URL, f"refi-qda:{_guid(element)}").urn
                self._project.marks.append(self._mark(element, whole, key, None, notes, tags))
            for selection in selections:
                self._selection(selection, key, text, name)

    def _text(self, element: _Element) -> str | None:
        """The text itself; ``None`` where the project doesn't carry it, or it is too large."""
        for child in children(element, "PlainTextContent"):
            return storable(child.text or "")
        scheme, _, path = (element.get("plainTextPath") or "").partition("://")
        name = self._members.get(f"sources/{path}".casefold()) or self._members.get(path.casefold())
        if scheme.lower() != "internal" or name is None:
            return None
        data = _unpacked(self._archive, name, self._room)
        if data is None:
            return None
        self._room -= len(data)
        try:
            return storable(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return None

    def _address(self, element: _Element) -> str | None:
        for value in children(element, "VariableValue"):
            named = {_guid(ref, "targetGUID") for ref in children(value, "VariableRef")}
            if named & self._addresses:
                text = next((one.text for one in children(value, "TextValue")), None)
                return storable(text.strip()) if text and text.strip() else None
        return None

    def _selection(self, element: _Element, key: str, text: str, name: str) -> None:
        try:
            start, end = int(element.get("startPosition", "")), int(element.get("endPosition", ""))
            identity = uuid.UUID(_guid(element)).urn
        except ValueError:
            self._torn(element, "a selection without a place, or without a guid")
            return
        at = start, end
        if 0 <= start < end and not self._ours:
            # Counted otherwise, a place at the end lies beyond it.
            at = _code_points(text, start, end, element.get("name") or "")
        if not 0 <= at[0] < at[1] <= len(text):
            self._torn(element, f"from {start} to {end} there are no words in “{name}”")
            return
        self._project.marks.append(self._mark(element, identity, key, (text, *at), *self._said(element)))

    def _torn(self, element: _Element, why: str) -> None:
        self._project.torn.append(f"line {element.sourceline}: {why}")

    def _mark(
        self, element: _Element, identity: str, key: str, place: tuple[str, int, int] | None, note: str,
        tags: tuple[str, ...],
    ) -> Foreign:  # fmt: skip
        exact, prefix, suffix, start = None, "", "", None
        if place is not None:
            text, start, end = place
            exact = _plain_ends(text[start:end])
            prefix = _plain_ends(text[max(0, start - CONTEXT) : start])
            suffix = _plain_ends(text[end : end + CONTEXT])
            # Of what was two signs there one is left.
            start -= text.count("\r\n", 0, start)
        created = _moment(element.get("creationDateTime"))
        modified = _moment(element.get("modifiedDateTime"))
        user = self._users.get(_guid(element, "creatingUser"))
        # Who gave no name is called so in what we write.
        creator = None if self._ours and user == refi.NAMELESS else user
        return Foreign(
            identity, key, exact, prefix, suffix, start, note, tags, created, modified,
            storable(creator) if creator else None,
        )  # fmt: skip

    def _said(self, element: _Element) -> tuple[str, tuple[str, ...]]:
        """The notes on what is marked, and its tags."""
        notes = [child.text or "" for child in children(element, "Description")]
        tags: list[str] = []
        for coding in children(element, "Coding"):
            tags += (self._paths.get(_guid(ref, "targetGUID"), "") for ref in children(coding, "CodeRef"))
            notes += self._noted(coding)
        notes += self._noted(element)
        return "\n\n".join(storable(note).strip() for note in notes if note.strip()), tag_names(
            filter(None, tags)
        )

    def _noted(self, element: _Element) -> Iterator[str]:
        for ref in children(element, "NoteRef"):
            guid = _guid(ref, "targetGUID")
            note = self._notes.get(guid)
            if note is None:
                continue
            # What many refer to is unpacked once.
            if guid not in self._read_notes:
                text = self._text(note)
                if text is None:
                    self._torn(note, "a note whose text the project doesn't carry")
                self._read_notes[guid] = text or ""
            if text := self._read_notes[guid]:
                yield text


def _guid(element: _Element, attribute: str = "guid") -> str:
    return (element.get(attribute) or "").strip().strip("{}").lower()


def _plain_ends(text: str) -> str:
    """The text with line ends as ours are stored; other programs may count each as two."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _moment(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return moment(value)
    except ValueError:
        # It orders changes, no more: what is marked counts as made now.
        return None


def _code_points(text: str, start: int, end: int, name: str) -> tuple[int, int]:
    """A place in code points. Some programs count in UTF-16; the name they give, the first words, tells."""
    told = " ".join(name.split()).rstrip(".…")
    if not told or text.isascii() or " ".join(text[start:end].split()).startswith(told):
        return start, end
    # No sign counts less than once there: what is meant lies in so much of the text.
    data = text[:end].encode("utf-16-le", "surrogatepass")
    if len(data) == 2 * min(end, len(text)):
        return start, end
    before, words = data[: 2 * start], data[2 * start : 2 * end]
    counted = len(before.decode("utf-16-le", "replace"))
    marked = words.decode("utf-16-le", "replace")
    if " ".join(marked.split()).startswith(told):
        return counted, counted + len(marked)
    return start, end

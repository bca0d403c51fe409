"""Reading a file of annotations or tags of whatever kind: what it is, its content tells."""

from __future__ import annotations

import json
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from warreader.index.annotations import foreign, table
from warreader.index.annotations.importing import addresses, read_jsonl
from warreader.index.annotations.model import Annotation, Code
from warreader.index.annotations.projects import Source
from warreader.index.annotations.settling import settle
from warreader.index.errors import InputError
from warreader.index.gestures import ahead

if TYPE_CHECKING:
    from warreader.index.library import Library

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What Python's own reader of zip files raises for one that is damaged, locked or packed in a way it doesn't know."""

_TAKEN = (
    "import takes annotations as JSON lines, W3C or CSV, REFI-QDA code books and projects (.qdc, .qdpx), "
    "and Hypothesis' exports (JSON, CSV)"
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PAGE = re.compile(rb"<(?:!doctype\s+)?html\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Merged:
    """What taking in a file did.

    Args:
        missing: what was left out, by its article's address or, of a project, by the text's name.
        replies: those of other programs, which were left out, too.
        elsewhere: what a project marks in anything but texts.
        tags: those of a project's code book; the other counts have them, too.
        ahead: what is dated in the future.
        waiting: what is kept for articles that are not here.
        torn: rows of a table, or marks of a project, that were left out, and why.
    """

    added: int
    unchanged: int
    updated: int
    missing: Counter[str] = field(default_factory=Counter)
    replies: int = 0
    elsewhere: int = 0
    tags: int = 0
    ahead: int = 0
    waiting: int = 0
    torn: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a file holds: annotations, entries of a code book, or, if a project, both."""

    annotations: Sequence[Annotation | foreign.Foreign | table.Row] = ()
    codes: Sequence[Code] = ()
    replies: int = 0
    elsewhere: int = 0
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Those of articles, by their ids where the annotations come from."""
    torn: Sequence[str] = ()
    """Rows of a table that could not be read, and why."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    project: bool = False

    def merge(self, library: Library) -> Merged:
        """Take it in, as one gesture; twice adds nothing twice."""
        if self.codes and not self.project:
            return Merged(*library.annotations.book.merge(self.codes))
        settled = settle(self.annotations, library, self.addresses, self.sources)
        if self.project:
            with library.annotations.line_of_gestures.gesture("imported a project"):
                done = self._merge(settled.annotations, library)
                # Of a tag that is in use an entry that says nothing tells nothing new.
                telling = [
                    code
                    for code in self.codes
                    if code.description or code.color is not None or not library.annotations.knows(code.name)
                ]
                tags = library.annotations.book.merge(telling)
        else:
            tags, done = (0, 0, 0), self._merge(settled.annotations, library)
        added, unchanged, updated = (both[0] + both[1] for both in zip(tags, done, strict=True))
        return Merged(
            added,
            unchanged,
            updated,
            missing=settled.missing,
            replies=self.replies,
            elsewhere=self.elsewhere,
            tags=sum(tags),
            ahead=ahead(settled.annotations),
            waiting=settled.waiting,
            torn=self.torn,
        )

    @staticmethod
    def _merge(annotations: Sequence[Annotation], library: Library) -> tuple[int, int, int]:
        return library.annotations.merge(
            annotations, here=lambda article: library.articles.key(article) is not None
        )


def read(data: bytes) -> Incoming:
    """What a file's bytes hold; nothing is changed by reading.

    Raises:
        InputError: it is malformed, or nothing of the kind; ``place`` says where.
        UnicodeDecodeError: it is no UTF-8.
    """
    if data[:2] == b"PK":
        return _project(data)
    if data[:2] in _UTF_16 and (text := data.decode("utf-16", "replace").lstrip())[:1] != "<":
        # A table that a spreadsheet wrote as "Unicode text".
        data = text.encode("utf-8", "replace")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" or data[:2] in _UTF_16:
        from warreader.index.annotations.refi import read_qdc

        if _PAGE.search(data[:4_000]):
            raise InputError(f"a page to be read; {_TAKEN}")
        return Incoming(codes=read_qdc(data))
    text = data.decode("utf-8-sig")
    if foreign.is_hypothesis_csv(text):
        return Incoming(*_with_replies(foreign.read_hypothesis_csv(text)))
    if table.is_table(text):
        rows, known, torn = table.read_table(text)
        return Incoming(rows, addresses=known, torn=torn)
    whole = _json(text)
    if foreign.is_hypothesis(whole):
        return Incoming(*_with_replies(foreign.read_hypothesis(whole)))
    if _w3c(text, whole):
        return Incoming(foreign.read_w3c_any(text), addresses=addresses(text))
    if text.lstrip()[:1] not in ("{", ""):
        raise InputError(f"neither JSON nor XML; {_TAKEN}")
    if _holds_articles(text):
        raise InputError("articles, not annotations; take them in with: warreader add FILE")
    return Incoming(read_jsonl(text.split("\n")), addresses=addresses(text))


def _holds_articles(text: str) -> bool:
    """Whether the first record has a text and names no article that it would be on."""
    first = _json(text.lstrip().split("\n", 1)[0])
    return isinstance(first, dict) and isinstance(first.get("text"), str) and "article" not in first


def _with_replies(read: tuple[list[foreign.Foreign], int]) -> tuple[list[foreign.Foreign], tuple[()], int]:
    return read[0], (), read[1]


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _w3c(text: str, whole: object) -> bool:
    if isinstance(whole, list) or (isinstance(whole, dict) and ("@context" in whole or "items" in whole)):
        return True
    # One annotation a line, or a page that is broken.
    return (
        '"@context"' in text.lstrip().split("\n", 1)[0] or text.lstrip()[:1] == "[" or text.startswith("{\n")
    )


def _project(data: bytes) -> Incoming:
    from warreader.index.annotations.projects import read_project

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            project = read_project(archive)
    except _BROKEN as error:
        raise InputError(f"a broken project ({' '.join(str(error).split())}); export it again") from error
    return Incoming(
        project.marks,
        codes=project.codes,
        elsewhere=project.elsewhere,
        torn=project.torn,
        sources=project.sources,
        project=True,
    )

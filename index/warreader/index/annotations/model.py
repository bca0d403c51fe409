"""What an annotation is: the reader's own mark on a span of an article, or on the article as a whole.

The model is the W3C Web Annotation Data Model (https://www.w3.org/TR/annotation-model/)
in all but storage: a target with a TextPositionSelector (``start``, ``end``) and a
TextQuoteSelector (``exact``, ``prefix``, ``suffix``), bodies (``note``, ``tags``), a motivation.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from warreader.index.article import Span
from warreader.index.text import excerpt, hidden, storable

CONTEXT = 32
"""Code points of prefix and suffix kept with a quote."""

TAG_LENGTH = 200
"""The longest tag name, in code points."""

Motivation = Literal["highlighting", "tagging", "commenting"]

Subject = Literal["annotation", "correction", "ruling", "code"]
"""What a change is of; ``code`` is an entry of the code book."""

MATCH = "match"
"""What an annotation is about that concerns its words wherever they stand."""

ENTITY = "entity:"
"""What stands before an entity's id where an annotation is about that entity."""

# Joiners shape emoji and several scripts: they are part of a name.
_JOINERS = frozenset("\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation.

    ``start`` and ``end`` are code points into the article's stored text, or both
    ``None`` for the article as a whole, whose ``exact``, ``prefix`` and ``suffix`` are
    empty. ``created`` and ``modified`` are UTC, ISO 8601 with microseconds and ``Z``.

    ``about`` says what it concerns beyond its place: :data:`MATCH`, these words in every
    article that has them; :data:`ENTITY` and an id, an entity, as named in the article it
    was made in; ``None`` nothing else.
    """

    id: str
    article: str
    start: int | None
    end: int | None
    exact: str
    prefix: str
    suffix: str
    note: str
    tags: tuple[str, ...]
    created: str
    modified: str
    creator: str | None = None
    about: str | None = None

    @property
    def entity(self) -> str | None:
        """Id of the entity it is about."""
        return self.about.removeprefix(ENTITY) if self.about and self.about.startswith(ENTITY) else None

    @property
    def span(self) -> Span | None:
        """Where it stands, or ``None`` for the article as a whole."""
        return None if self.start is None or self.end is None else Span(self.start, self.end)

    @property
    def motivation(self) -> Motivation:
        """Why it was made, in W3C's words: a note comments, tags alone tag, neither highlights."""
        if self.note:
            return "commenting"
        return "tagging" if self.tags else "highlighting"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in use. ``count`` is of annotations, ``color`` an index into the theme's tag colours or none."""

    name: str
    count: int
    color: int | None


@dataclass(frozen=True, slots=True)
class Code:
    """An entry of the code book: what is said of a tag, whether or not anything has it.

    ``id`` stays through renaming; ``color`` is an index into the theme's tag colours or none.
    """

    id: str
    name: str
    color: int | None = None
    description: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What an undo or redo did.

    ``words`` say it on a status line. ``article``, ``annotation`` and ``span`` are those of
    the first annotation touched, ``count`` how many were. Where ``subject`` says so it was a
    correction, ``annotation`` its id, and ``span`` that of the line, if of one; or a ruling, or an
    entry of the code book, ``article`` then empty where it is about none.
    """

    action: Literal["undo", "redo"]
    words: str
    article: str
    annotation: str
    span: Span | None
    count: int
    subject: Subject = "annotation"


@dataclass(frozen=True, slots=True)
class Revision:
    """One step of an annotation's history; without ``before`` its making, without ``after`` its deletion.

    ``who`` is the name the reader goes by, ``None`` where none was known.
    """

    at: str
    action: Literal["do", "undo", "redo"]
    before: Annotation | None
    after: Annotation | None
    who: str | None = None


@dataclass(frozen=True, slots=True)
class Selector:
    """The anchor of an annotation: place and quote."""

    start: int | None
    end: int | None
    exact: str
    prefix: str
    suffix: str


def select(text: str, start: int | None, end: int | None) -> Selector:
    """The anchor of ``text[start:end]``, or of the whole article where both are ``None``.

    Raises:
        ValueError: the span is empty, out of the text, half given, or not storable.
    """
    if start is None and end is None:
        return Selector(None, None, "", "", "")
    if start is None or end is None:
        raise ValueError("a span needs both a start and an end; give neither for the whole article")
    if start == end:
        raise ValueError(f"the span {start}-{end} is empty; select at least one character")
    if not 0 <= start < end <= len(text):
        raise ValueError(f"the span {start}-{end} does not lie in the text of {len(text)} characters")
    exact = text[start:end]
    prefix, suffix = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    if any(storable(part) != part for part in (exact, prefix, suffix)):
        raise ValueError(
            f"the text at {start}-{end} holds half a character (a lone surrogate); ingest it again"
        )
    return Selector(start, end, exact, prefix, suffix)


def tag_name(name: str) -> str:
    """The name as it is stored: trimmed, white space folded, without control or invisible characters.

    Levels of a hierarchical name stand between slashes; white space around a slash and
    empty levels are dropped.

    Raises:
        ValueError: nothing visible is left, or the name is too long.
    """
    visible = "".join(c for c in name if c.isspace() or c in _JOINERS or not hidden(c))
    levels = (" ".join(level.split()) for level in visible.split("/"))
    folded = "/".join(level for level in levels if level.strip("\u200c\u200d "))
    if not folded:
        raise ValueError("a tag needs at least one visible character")
    if len(folded) > TAG_LENGTH:
        raise ValueError(f"a tag of {len(folded)} characters is too long; at most {TAG_LENGTH}")
    return folded


def tag_key(name: str) -> str:
    """What tags are compared by: canonical caseless matching, Unicode 15 section 3.13, D145."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def above(name: str) -> list[str]:
    """The tags above one in the tree, the nearest first: ``a/b``, ``a`` for ``a/b/c``."""
    levels = name.split("/")
    return ["/".join(levels[:count]) for count in range(len(levels) - 1, 0, -1)]


def tag_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names as stored, each once, in the order given.

    Raises:
        ValueError: one is no tag name.
    """
    seen: dict[str, str] = {}
    for name in map(tag_name, names):
        seen.setdefault(tag_key(name), name)
    return tuple(seen.values())


def describe(annotation: Annotation) -> str:
    """The annotation in a few words: what it is and what it stands on."""
    noun = {"commenting": "note", "tagging": "tag", "highlighting": "highlight"}[annotation.motivation]
    if annotation.entity is not None:
        return f"{noun} on {excerpt(annotation.entity)}"
    if annotation.span is None:
        return f"{noun} on the article"
    return f"{noun} on “{excerpt(annotation.exact)}”"

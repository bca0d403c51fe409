"""Fields written above a text, a line each: "Title: Bridge closed", "Date: 8 March 2022", "URL: https://..."."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from warreader.index.article import LineKind, Metadata
from warreader.index.ingest import fields

_FIELD = re.compile(r"[*_]{0,2}([^\W\d_][\w ./-]{0,24}?)[*_]{0,2}\s*:[*_]{0,2}\s*\|?\s*(.*)")
"""Perhaps emphasised, as in Markdown; a mail's may be a table's, of which the cells are parted by bars."""
_ADDRESS = re.compile(r"<?(https?://[^\s<>]{4,2000})>?")
_MOST = 30
_LONGEST_TITLE = 250
"""Code points of a line over the fields that may be the headline."""
_TOLD = ("title", "outlet", "author", "date", "url", "language")
_SINGLED_OUT = ("title", "date", "url")
"""Fields one of which is among those above an article; a text may begin with a few names and colons by itself."""
_ALONE = frozenset(
    "title headline date url заголовок дата titel überschrift datum titre título titulo fecha tytuł".split()  # noqa: SIM905
)
"""Names that no text begins with by itself: one such field is enough, before an empty line."""
_LONGEST_NAME = 80
_WORDS = frozenset("name user time day by from subject website site channel host brand".split())  # noqa: SIM905
"""Names with which a paragraph may begin."""
_LESS = frozenset(
    "section words wordcount length page pages copyright tags tag keywords category categories country edition city "  # noqa: SIM905
    "id topic topics type rubric rights accessed retrieved downloaded lastmodified modified updated file".split()
)
_OVER = ("date", "url")
"""Fields one of which is among those under a headline, and among those below a text."""
_PAIRS = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "«": "»", "[": "]"}
_CUT_OFF = re.compile(r"\s+[|–—-]\s")
"""What parts a headline from the outlet's name that pages hang on their titles."""
_KINDS = {"title": LineKind.HEADLINE, "author": LineKind.BYLINE}


@dataclass(frozen=True, slots=True)
class Head:
    """What the fields above a text state, and of each of their lines (by its number) what it is."""

    meta: Metadata
    kinds: dict[int, LineKind]


@dataclass(slots=True)
class _Block:
    """Fields that follow each other."""

    stated: dict[str, str] = field(default_factory=dict)
    kinds: dict[int, LineKind] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    """Which fields of ours have a value."""
    parted: bool = False
    """Whether an empty line follows."""
    addressed: bool = False
    """Whether it begins with an address that no name stands before."""
    end: int = 0
    """The first line after it that is none of its own and not empty."""

    def take(self, at: int, name: str, ours: str, value: str) -> None:
        self.kinds[at] = _KINDS.get(ours, LineKind.FURNITURE)
        if value:
            self.found.add(ours)
            self.stated.setdefault(name, _unquoted(value))

    def told(self) -> int:
        """How many fields of an article it states."""
        return len(self.found.intersection(_TOLD))

    def head(self) -> Head:
        return Head(fields.metadata(fields.named(self.stated)), self.kinds)


def above(lines: Sequence[str], *, paragraphs: bool = False) -> Head | None:
    """The fields that a text begins with, perhaps under its headline; ``None`` where it begins otherwise.

    Two of an article's at least, or one that is unmistakable: before an empty line, or a headline that is repeated
    below it. A headline that stands below the fields once more is the headline, and the field is none.

    Args:
        lines: of the text.
        paragraphs: whether they are paragraphs, between which no empty line has to stand.
    """
    block = _block(lines, 0)
    if not block.kinds:
        return _under_headline(lines)
    repeated = _repeats(lines, block)
    if repeated is not None:
        block.kinds |= {
            at: LineKind.FURNITURE for at, kind in block.kinds.items() if kind is LineKind.HEADLINE
        }
        block.kinds[repeated] = LineKind.HEADLINE
    alone = (block.parted or paragraphs or repeated is not None) and not _ALONE.isdisjoint(
        map(fields.plain_name, block.stated)
    )
    alone = alone or (block.addressed and block.end < len(lines))
    if block.found.isdisjoint(_SINGLED_OUT) or block.told() < (1 if alone else 2):
        return None
    return block.head()


def below(lines: Sequence[str]) -> Head | None:
    """The fields that a text ends with: its address, and where it was taken from; ``None`` where it has none."""
    last = _Block()
    at = len(lines) - 1
    while at > 0 and not lines[at].strip():
        at -= 1
    while at > 0 and lines[at].strip() and len(last.kinds) < _MOST:
        read = _field(lines[at])
        if read is None or read[1] == "title":
            return None
        last.take(at, *read)
        at -= 1
    if at <= 0 or "url" not in last.found or last.told() < 2:
        return None
    return last.head()


def _block(lines: Sequence[str], start: int) -> _Block:
    """The fields from a line on, empty lines before and between them left aside."""
    block = _Block()
    at = start
    paired = spaced = False
    while at < min(len(lines), start + _MOST):
        if not lines[at].strip():
            block.parted = block.parted or bool(block.stated)
            at += 1
            continue
        read = _field(lines[at])
        # Past an empty line only where the second field stands past one too: a text may begin with such a line.
        spaced = spaced or (block.parted and len(block.kinds) == 1)
        if read is None or (block.parted and not (spaced and _is_apart(*read))):
            break
        block.parted = False
        name, ours, value = read
        if not block.kinds:
            block.addressed = _ADDRESS.fullmatch(lines[at].strip()) is not None
            paired = not value
        block.take(at, name, ours, value)
        if paired and not value and (under := _value_under(lines, at)):
            # The names stand on lines of their own.
            block.kinds[at] = LineKind.FURNITURE
            at += 1
            block.take(at, name, ours, under)
        at += 1
    block.end = at
    return block


def _under_headline(lines: Sequence[str]) -> Head | None:
    """Fields under the headline that a text begins with."""
    at = next((at for at, line in enumerate(lines[:_MOST]) if line.strip()), None)
    if at is None or len(title := lines[at].strip()) > _LONGEST_TITLE:
        return None
    block = _block(lines, at + 1)
    if "title" in block.found or block.found.isdisjoint(_OVER) or block.told() < 2:
        return None
    block.take(at, "title", "title", title.strip("#*_ "))
    return block.head()


def _field(line: str) -> tuple[str, str, str] | None:
    """A field's name as written, which of ours it is (``less`` for one that is nothing to us) and its value."""
    line = line.strip()
    if address := _ADDRESS.fullmatch(line):
        return "url", "url", address[1]
    match = _FIELD.fullmatch(line)
    ours = _ours(match[1]) if match else None
    return (match[1], ours, match[2].strip().strip("*_").strip()) if match and ours else None


def _is_apart(name: str, ours: str, value: str) -> bool:
    """Whether a field can stand by itself between empty lines."""
    prose = len(value) > _LONGEST_NAME or value.endswith((".", "!", "?"))
    return (
        ours != "less" and len(value) <= _LONGEST_TITLE and not (prose and fields.plain_name(name) in _WORDS)
    )


def _value_under(lines: Sequence[str], at: int) -> str | None:
    """The line under a field's name, where it can be its value."""
    under = lines[at + 1].strip() if at + 1 < len(lines) else ""
    return under if under and len(under) <= _LONGEST_TITLE and _named(under) is None else None


def _named(line: str) -> str | None:
    match = _FIELD.fullmatch(line)
    return _ours(match[1]) if match else None


def _repeats(lines: Sequence[str], block: _Block) -> int | None:
    """The line after the fields, if it is the headline that they state; the outlet's name may be hung on theirs."""
    title = next((v for name, v in block.stated.items() if _ours(name) == "title"), None)
    if title is None or block.end >= len(lines):
        return None
    under = _folded(lines[block.end].strip().strip("#*_ "))
    cut = (title[: match.start()] for match in _CUT_OFF.finditer(title))
    return block.end if under and under in map(_folded, (title, *cut)) else None


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()


def _unquoted(value: str) -> str:
    """A value without the marks around the whole of it."""
    if value.startswith("[") and "]" not in value:
        # A list broken off, as in front matter written by hand.
        return value[1:]
    closing = _PAIRS.get(value[:1])
    inner = value[1:-1]
    if closing and len(value) > 1 and value[-1] == closing and value[0] not in inner and closing not in inner:
        return inner.strip()
    return value


def _ours(name: str) -> str | None:
    """Which field of ours a name means; one that is nothing to us is ``less``, others are ``None``."""
    plain = fields.plain_name(name)
    known = next((ours for ours in _TOLD if plain in fields.NAMES[ours]), None)
    return known or ("less" if plain in _LESS else None)

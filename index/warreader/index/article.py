"""The vocabulary as plain frozen data.

Every ``start`` and ``end`` in this package is a Unicode code point offset into
the article's stored text, start inclusive, end exclusive. Stored text never
changes after ingest, so an offset once handed out stays true.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from warreader.index.counting import many


class LineKind(StrEnum):
    """What a line of an article is."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    BODY = "body"
    CAPTION = "caption"
    FURNITURE = "furniture"


KEPT: frozenset[LineKind] = frozenset(
    {LineKind.HEADLINE, LineKind.STANDFIRST, LineKind.BYLINE, LineKind.BODY}
)
"""Line kinds that entities, quotations and matches are taken from."""


class Label(StrEnum):
    """Kinds of entity."""

    PERSON = "PERSON"
    GPE = "GPE"
    LOC = "LOC"
    ORG = "ORG"
    NORP = "NORP"
    UNIT = "UNIT"
    EVENT = "EVENT"
    WEAPON = "WEAPON"
    DATE = "DATE"
    NUMBER = "NUMBER"


class QuotationKind(StrEnum):
    """How reported words are marked: in marks, a fragment in marks, without marks, or words merely set apart."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"
    SCARE = "scare"


class MatchKind(StrEnum):
    """How alike the members of a match are."""

    EXACT = "exact"
    TRUNCATED = "truncated"
    REWORDED = "reworded"


class Tier(StrEnum):
    """How sure a match is: taken as it is, or shown as possible only."""

    SURE = "sure"
    POSSIBLE = "possible"


class Scope(StrEnum):
    """Whether a match joins several articles or places within one."""

    CROSS = "cross"
    INTRA = "intra"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of stored text."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, offset: int) -> bool:
        """Whether the offset lies inside."""
        return self.start <= offset < self.end

    def of(self, text: str) -> str:
        """The stretch itself."""
        return text[self.start : self.end]


class Line(NamedTuple):  # made by the hundred: as a dataclass it would cost four times as much
    """One line of stored text without its line end; an empty line has ``start == end``."""

    start: int
    end: int
    kind: LineKind

    @property
    def kept(self) -> bool:
        """Whether analysis reads this line (neither furniture nor caption)."""
        return self.kind in KEPT


_LETTERS = {
    "h": LineKind.HEADLINE,
    "s": LineKind.STANDFIRST,
    "y": LineKind.BYLINE,
    "b": LineKind.BODY,
    "c": LineKind.CAPTION,
    "f": LineKind.FURNITURE,
}
_LETTER_OF = {kind: letter for letter, kind in _LETTERS.items()}


def lettered(lines: Iterable[Line]) -> str:
    """Line kinds as they are stored: one letter a line."""
    return "".join([_LETTER_OF[line.kind] for line in lines])


def lines_of(text: str, letters: str) -> tuple[Line, ...]:
    """The lines of a stored text, of which ``letters`` holds the kinds.

    Raises:
        ValueError: there are not as many letters as lines, or one means nothing.
    """
    found = []
    start = 0
    for piece, letter in zip(text.split("\n"), letters, strict=True):
        kind = _LETTERS.get(letter)
        if kind is None:
            raise ValueError(f"no line kind {letter!r}")
        found.append(Line(start, start + len(piece), kind))
        start += len(piece) + 1
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article beside its text; ``None`` is unknown.

    ``date`` is ISO 8601, ``language`` an ISO 639-1 code, ``agency`` who supplied
    the text to the outlet ("Reuters").
    """

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    date: str | None = None
    url: str | None = None
    language: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One news text from one outlet. ``key`` is the row in ``library.sqlite``, ``id`` the name users see.

    ``version_of`` is the id of the first of its versions where it is a later
    one; ``latest`` is false once a newer one has come.
    """

    key: int
    id: str
    meta: Metadata
    source: str
    text: str
    lines: tuple[Line, ...]
    version_of: str | None = None
    latest: bool = True

    @property
    def title(self) -> str:
        """The title, or the id where none is known."""
        return self.meta.title or self.id


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that names an entity. ``entity`` is the entity's id; ``reason`` says why it was joined to it."""

    article: str
    start: int
    end: int
    text: str
    label: Label
    entity: str
    reason: str = ""

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Entity:
    """The thing named, joined across articles. ``articles`` and ``mentions`` are counts in the scope asked for."""

    id: str
    name: str
    label: Label
    aliases: tuple[str, ...]
    articles: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it: the span that says so and, where resolved, the entity's id and name."""

    start: int
    end: int
    text: str
    entity: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """The word that reports speech ("said")."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A span of reported words, marks included.

    ``segments`` are its parts where it runs over paragraphs, or where who says it
    stands within. ``inferred`` is
    true when the speaker was carried over from before rather than stated,
    ``ruled`` when the reader set speaker or bounds right. A speaker whom the
    article doesn't name has an empty span, at the quotation's start.
    """

    id: str
    article: str
    start: int
    end: int
    text: str
    kind: QuotationKind
    cue: Cue | None = None
    speaker: Speaker | None = None
    segments: tuple[Span, ...] = ()
    inferred: bool = False
    ruled: bool = False

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class MatchMember:
    """One place of a match; ``quotation`` is the id of the quotation it lies in, ``speaker`` who the article names."""

    article: str
    start: int
    end: int
    text: str
    quotation: str | None = None
    speaker: str | None = None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Match:
    """The same words in two or more places, in order of date (unknown dates last).

    ``reason`` says why the places stand together where it isn't their words that show it, as when the
    reader joined them; else it is empty.
    """

    id: str
    kind: MatchKind
    score: float
    scope: Scope
    members: tuple[MatchMember, ...]
    tier: Tier = Tier.SURE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of text around hits; ``hits`` are offsets into the article's stored text.

    ``opens`` where a sentence or line begins with it, so that nothing was cut off before; ``closes`` where a line
    ends with it.
    """

    start: int
    end: int
    text: str
    hits: tuple[Span, ...]
    opens: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One article that answers a query. ``key`` is its row in ``library.sqlite``."""

    id: str
    title: str
    outlet: str | None
    date: str | None
    score: float
    snippets: tuple[Snippet, ...] = ()
    key: int = 0


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a query.

    ``understood`` is the query as it was read, in words of the query language.
    ``problem`` says what went wrong in it and where (``problem_at``, a code
    point offset into the query), or is ``None``. ``also`` tells names in the
    query and the other names that were looked for with them, ``meant`` is a
    query that would find more where a word of this one is probably a slip.
    ``unfinished`` where its last word was still being typed, and found as a
    beginning too. Where nothing is found though several things are wanted, ``lacking``
    are those that no article has; where each is found, ``without`` is the one without which
    most articles answer, and how many do.
    """

    query: str
    hits: tuple[SearchHit, ...]
    total: int
    understood: str
    problem: str | None = None
    problem_at: int | None = None
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()
    meant: str | None = None
    unfinished: bool = False
    lacking: tuple[str, ...] = ()
    without: tuple[str, int] | None = None

    @property
    def why_none(self) -> str:
        """Why nothing was found, in words; empty where nothing is to be said."""
        if self.lacking:
            return f"none has {' or '.join(self.lacking)}"
        if self.without is not None:
            part, number = self.without
            return f"without {part}: {many(number, 'article')}"
        return ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of long work.

    ``stage`` is what is being done, ``done`` of ``total`` units (``add``: bytes
    of input; else articles); ``total`` 0 is unknown. ``stored`` counts the
    articles stored so far, ``rate`` is articles a second, ``left`` the seconds
    that are left at this pace; ``None`` where nothing can be said yet.
    """

    stage: str
    done: int = 0
    total: int = 0
    article: str | None = None
    detail: str = ""
    stored: int = 0
    rate: float | None = None
    left: float | None = None


def silent(_: Progress) -> None:
    """Tells nobody of a step."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read: its file, where in it, and why with the remedy, in one line."""

    file: str
    place: str | None
    reason: str

    def __str__(self) -> str:
        return f"{self.file}{f', {self.place}' if self.place else ''}: {self.reason}"


@dataclass(slots=True)
class AddReport:
    """What an ingest run did: ids of articles added and updated, names of duplicates skipped, failures.

    ``updated`` are articles of which a new version came, by the new version's
    id. ``left_out`` counts what in folders is not read, by suffix, and
    links to folders. ``held`` are the ids that the duplicates have here, in the same order; ``None`` where a file
    that was read before gave articles that are kept as those of others.
    ``stopped`` is true where the user stopped the run before its end.
    """

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    held: list[str | None] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    stopped: bool = False

"""All variants of a quotation side by side: the words that differ, who is said to have said it, whose report it is.

Attribution is shown with its evidence, never judged on its own: extraction errs. Only where two articles give the same
words, in marks and beside a verb of saying, to different persons by name, and neither names the other's with them, is
that told as a conflict.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from sqlite3 import Connection

from rapidfuzz.fuzz import ratio

from warreader.index.article import (
    Label,
    LineKind,
    Match,
    MatchMember,
    Quotation,
    QuotationKind,
    Scope,
    Span,
    Tier,
    lines_of,
)
from warreader.index.matching.differences import Piece, PieceKind, difference, with_asides
from warreader.index.moments import moment, surely_first
from warreader.index.quotations.quotations import Quotations
from warreader.index.quotations.vocabulary import CUES
from warreader.index.storage import Database
from warreader.index.stories.stories import Stories
from warreader.index.text import fold, sentences, words

MOST_EVIDENCE = 400
"""Code points of the passage that shows an attribution, to either side of its cue."""

MOST_OF = 0.8
"""Share of a quotation that two articles must both print for their attributions to be of the same words."""

ALIKE = 75
"""Likeness (0 to 100) of two family names from which on they may be one, spelled differently."""

FULL = 2
"""Words of a name, from which on it tells who is meant."""

LEAST = 8
"""Words of a quotation that two persons don't say by chance."""

BESIDE = 2
"""Code points, as of a comma and a space, between what stands side by side."""

_PRONOUNS = frozenset(["he", "she", "they", "it", "we", "i", "you", "him", "her", "them", "who"])
_SPEAKING_FOR = frozenset(["for", "to", "with"])
_SUFFIXES = frozenset(["jr", "sr", "junior", "senior", "ii", "iii"])


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who an article says said it.

    ``speaker`` is the words that name them (``None``: nobody is named), ``entity`` and ``name`` whom they
    were resolved to. ``verb`` is the cue as it stands ("claimed"), ``stem`` its dictionary form where it is a
    known one ("claim"). ``inferred``: carried over from before, not stated here. ``named``: the words are a name,
    not a pronoun or a role. ``evidence`` is the stretch of the article that shows it, quotation included.
    """

    speaker: str | None
    entity: str | None
    name: str | None
    verb: str | None
    stem: str | None
    inferred: bool
    named: bool
    evidence: Span
    passage: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One place of a match, in full.

    ``start`` and ``end`` are the bounds in the article of what is compared: the whole quotation where the place lies
    in one, so that what the others cut is seen. ``shared`` is the part that the match holds. ``pieces`` lay it over
    the variant compared with (:attr:`Comparison.against`). ``report`` numbers (from 0) the groups of articles that
    print the same text. ``first`` is true of the earliest alone, and only where no other article may have been earlier.
    ``paragraph`` counts lines with text from 1 to the one where it starts, 0 where that is a headline.
    """

    article: str
    title: str
    outlet: str | None
    date: str | None
    url: str | None
    paragraph: int
    start: int
    end: int
    text: str
    shared: Span
    quotation: Quotation | None
    attribution: Attribution | None
    report: int
    pieces: tuple[Piece, ...]
    first: bool = False

    @property
    def shared_text(self) -> str:
        """The words of the part that the match holds."""
        return self.text[self.shared.start - self.start : self.shared.end - self.start]

    @property
    def dropped(self) -> str:
        """What was cut: the words of the other variant that are missing here."""
        return " … ".join(piece.old.strip() for piece in self.pieces if piece.kind is PieceKind.DROPPED)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The variants of a match, in order of date, each against the variant number ``against``.

    ``reports`` holds the numbers of variants in articles that print the same text, largest first to be folded to
    one; a report that one article prints alone is a group of one. ``conflict`` names the persons where articles
    name different ones as speaker; else it is empty.
    """

    match: Match
    against: int
    variants: tuple[Variant, ...]
    reports: tuple[tuple[int, ...], ...]
    conflict: tuple[str, ...]


def compare(database: Database, match: Match, against: int = 0) -> Comparison:
    """Lay the members of a match over one another.

    Args:
        database: the library's database.
        match: what to compare.
        against: number of the member that the others are compared with; by default the earliest.

    Raises:
        IndexError: there is no such member.
    """
    shelf = _Shelf(database, match)
    base = match.members[against]
    base_text = shelf.bounds(base).of(shelf.text(base))
    reports = shelf.reports(match.members)
    report_of = {number: at for at, group in enumerate(reports) for number in group}
    variants = []
    for number, member in enumerate(match.members):
        bounds = shelf.bounds(member)
        pieces = with_asides(difference(base_text, bounds.of(shelf.text(member))))
        found = shelf.variant(member, report_of[number], pieces)
        variants.append(replace(found, first=number == 0 and shelf.begins(member)))
    return Comparison(match, against, tuple(variants), reports, shelf.conflict(match, variants))


def conflict(database: Database, match: Match) -> tuple[str, ...]:
    """The persons whom articles name as speaker of the very same words, each another: see :class:`Comparison`."""
    if len({member.speaker for member in match.members} - {None}) < 2:
        return ()
    shelf = _Shelf(database, match)
    return shelf.conflict(match, [shelf.variant(member, 0, ()) for member in match.members])


class _Shelf:
    """The articles of one match and what is stored about their quotations, each read once."""

    def __init__(self, database: Database, match: Match) -> None:
        self._database = database
        ids = json.dumps(sorted({member.article for member in match.members}))
        self.rows = {
            row["id"]: row
            for row in self._connection.execute(
                f"SELECT key, id, title, outlet, date, url, text, kinds, {moment()} AS moment FROM article"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (ids,),
            )
        }
        wanted = sorted({member.quotation for member in match.members if member.quotation})
        quotations = Quotations(database)
        self._quotations = {found.id: found for name in wanted if (found := quotations.get(name))}

    def begins(self, member: MatchMember) -> bool:
        """Whether its article certainly appeared before all others of the match."""
        others = [row["moment"] for article, row in self.rows.items() if article != member.article]
        return surely_first(self.rows[member.article]["moment"], others)

    @property
    def _connection(self) -> Connection:
        return self._database.connection

    def text(self, member: MatchMember) -> str:
        """The stored text of the article a member stands in."""
        return str(self.rows[member.article]["text"])

    def quotation(self, member: MatchMember) -> Quotation | None:
        """The quotation a member lies in."""
        return self._quotations.get(member.quotation or "")

    def bounds(self, member: MatchMember) -> Span:
        """The member with the whole of its quotation."""
        quotation = self.quotation(member)
        if quotation is None:
            return member.span
        return Span(min(member.start, quotation.start), max(member.end, quotation.end))

    def variant(self, member: MatchMember, report: int, pieces: tuple[Piece, ...]) -> Variant:
        """A member in full."""
        bounds, row = self.bounds(member), self.rows[member.article]
        return Variant(
            article=member.article,
            title=row["title"] or member.article,
            outlet=row["outlet"],
            date=row["date"],
            url=row["url"],
            paragraph=_paragraph(row["text"], row["kinds"], bounds.start),
            start=bounds.start,
            end=bounds.end,
            text=bounds.of(self.text(member)),
            shared=member.span,
            quotation=self.quotation(member),
            attribution=self.attribution(member),
            report=report,
            pieces=pieces,
        )

    def attribution(self, member: MatchMember) -> Attribution | None:
        """Who said it here, or ``None`` where the article says nothing of it."""
        quotation = self.quotation(member)
        if quotation is None or (quotation.speaker is None and quotation.cue is None):
            return None
        speaker, cue = quotation.speaker, quotation.cue
        evidence = _evidence(self.text(member), quotation)
        return Attribution(
            speaker=speaker.text if speaker else None,
            entity=speaker.entity if speaker else None,
            name=speaker.name if speaker else None,
            verb=cue.text if cue else None,
            stem=CUES.get(fold(cue.text)) if cue else None,
            inferred=quotation.inferred,
            named=bool(speaker and speaker.name and _names(speaker.text, speaker.name)),
            evidence=evidence,
            passage=evidence.of(self.text(member)),
        )

    def reports(self, members: Sequence[MatchMember]) -> tuple[tuple[int, ...], ...]:
        """Numbers of the members whose articles print the same text, the largest group first."""
        keys = {self.rows[member.article]["key"] for member in members}
        group_of: dict[int, int] = {}
        for number, group in enumerate(Stories(self._database).groups_among(keys)):
            group_of.update(dict.fromkeys(group, -1 - number))
        found: dict[int, list[int]] = {}
        for number, member in enumerate(members):
            key = self.rows[member.article]["key"]
            found.setdefault(group_of.get(key, key), []).append(number)
        return tuple(sorted(map(tuple, found.values()), key=lambda group: (-len(group), group)))

    def conflict(self, match: Match, variants: Sequence[Variant]) -> tuple[str, ...]:
        """Names of the persons who are each said, by name, to have said it, where there is more than one."""
        if match.tier is not Tier.SURE or match.scope is not Scope.CROSS:
            return ()
        claims = [claim for variant in variants if (claim := _Claim.of(variant)) is not None]
        entities = {claim.entity for claim in claims}
        if len(entities) < 2:
            return ()
        rows = self._connection.execute(
            "SELECT id FROM entity WHERE label = ? AND id IN (SELECT value FROM json_each(?))",
            (Label.PERSON.value, json.dumps(sorted(entities))),
        )
        persons = {row["id"] for row in rows}
        claims = [claim for claim in claims if claim.entity in persons]
        apart = {
            name for one, two in combinations(claims, 2) if one.against(two) for name in (one.name, two.name)
        }
        return tuple(sorted(apart))


@dataclass(frozen=True, slots=True)
class _Claim:
    """What an article says of who said it, where it says so by name, and of the very words that are compared."""

    article: str
    entity: str
    name: str
    family: str
    words: frozenset[str]
    said: frozenset[str]
    named: frozenset[str]

    @classmethod
    def of(cls, variant: Variant) -> _Claim | None:
        """A variant's, or ``None`` where its attribution may be anything but that."""
        told, quotation = variant.attribution, variant.quotation
        if told is None or quotation is None or told.entity is None or told.name is None or told.inferred:
            return None
        if quotation.kind is QuotationKind.INDIRECT or told.stem is None or not told.named:
            return None
        if not _side_by_side(quotation):
            return None
        name, mention = _family(told.name), _folded(told.speaker or "")
        if not name or _family(told.speaker or "") != name or not _PRONOUNS.isdisjoint(mention):
            return None
        # Half a name may be another's ("Graham", "Franklin"), and a spokesman for somebody is nobody by name.
        if len(_folded(told.name)) < FULL or not _SPEAKING_FOR.isdisjoint(mention):
            return None
        # Who quotes somebody says more than the quotation, and a few words two may say.
        if len(variant.shared) < MOST_OF * len(quotation.span) or len(_folded(variant.text)) < LEAST:
            return None
        return cls(
            variant.article,
            told.entity,
            told.name,
            name[-1],
            frozenset(_folded(told.name)),
            frozenset(_folded(variant.text)),
            frozenset(word.removesuffix("'s") for word in _folded(told.passage)),
        )

    def against(self, other: _Claim) -> bool:
        """Whether both can't be right: two persons, neither of them named where the other is said to have said it."""
        if self.entity == other.entity or self.article == other.article:
            return False
        # "Chuck Schumer" and "Charles Schumer", "Rogers" and "Rodgers" are one, in all likelihood.
        if (
            not self.words.isdisjoint(other.words)
            or ratio(self.family, other.family) >= ALIKE
            or self.family in other.named
            or other.family in self.named
        ):
            return False
        return len(self.said & other.said) >= MOST_OF * max(len(self.said), len(other.said))


def _paragraph(text: str, kinds: str, at: int) -> int:
    """The number of the line with text that holds a place; 0 in a headline."""
    before = text[:at].split("\n")
    (line,) = lines_of("", kinds[len(before) - 1])
    return 0 if line.kind is LineKind.HEADLINE else 1 + sum(1 for one in before[:-1] if one.strip())


def _side_by_side(quotation: Quotation) -> bool:
    """Whether quotation, speaker and cue stand beside one another, in whatever order, with nothing between."""
    spans = [Span(it.start, it.end) for it in (quotation.speaker, quotation.cue) if it is not None]
    ordered = sorted([quotation.span, *spans])
    return len(ordered) == 3 and all(
        0 <= after.start - before.end <= BESIDE for before, after in pairwise(ordered)
    )


def _family(name: str) -> tuple[str, ...]:
    """The last word of a name, as it is compared, in a tuple; of none, nothing."""
    found = [word for word in _folded(name) if word not in _SUFFIXES]
    return tuple(found[-1:])


def _evidence(text: str, quotation: Quotation) -> Span:
    """From the first to the last of quotation, cue and speaker, with the sentences they stand in, within reason."""
    spans = [quotation.span]
    spans += [Span(it.start, it.end) for it in (quotation.cue, quotation.speaker) if it is not None]
    anchor = quotation.cue or quotation.speaker or quotation
    start = max(min(span.start for span in spans), anchor.start - MOST_EVIDENCE)
    end = min(max(span.end for span in spans), anchor.end + MOST_EVIDENCE)
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    around = Span(line_start, line_end if line_end >= 0 else len(text))
    touched = [
        one for one in sentences(text, around.start, around.end) if one.start < end and one.end > start
    ]
    if touched:
        start = max(min(start, touched[0].start), anchor.start - MOST_EVIDENCE)
        end = min(max(end, touched[-1].end), anchor.end + MOST_EVIDENCE)
    return Span(start, end)


def _names(mention: str, name: str) -> bool:
    """Whether the words that name the speaker are (part of) the entity's name."""
    return bool((set(_folded(mention)) & set(_folded(name))) - _PRONOUNS)


def _folded(text: str) -> list[str]:
    return [fold(span.of(text)) for span in words(text)]

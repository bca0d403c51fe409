"""All variants of a quotation side by side: the words that differ, who is said to have said it, whose report it is.

Attribution is shown with its evidence, never judged on its own: extraction errs. Only where two articles name
different persons is that told as a conflict.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from warreader.index.article import Label, Match, MatchMember, Quotation, Span
from warreader.index.matching.differences import Piece, PieceKind, difference
from warreader.index.quotations.quotations import Quotations
from warreader.index.quotations.vocabulary import CUES
from warreader.index.storage import Database
from warreader.index.stories.stories import Stories
from warreader.index.text import fold, sentences, words

MOST_EVIDENCE = 400
"""Code points of the passage that shows an attribution, to either side of its cue."""

_PRONOUNS = frozenset(["he", "she", "they", "it", "we", "i", "you", "him", "her", "them", "who"])


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
    print the same text.
    """

    article: str
    title: str
    outlet: str | None
    date: str | None
    start: int
    end: int
    text: str
    shared: Span
    quotation: Quotation | None
    attribution: Attribution | None
    report: int
    pieces: tuple[Piece, ...]

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
        text = bounds.of(shelf.text(member))
        row = shelf.rows[member.article]
        variants.append(
            Variant(
                article=member.article,
                title=row["title"] or member.article,
                outlet=row["outlet"],
                date=row["date"],
                start=bounds.start,
                end=bounds.end,
                text=text,
                shared=member.span,
                quotation=shelf.quotation(member),
                attribution=shelf.attribution(member),
                report=report_of[number],
                pieces=difference(base_text, text),
            )
        )
    return Comparison(match, against, tuple(variants), reports, shelf.conflict(variants))


class _Shelf:
    """The articles of one match and what is stored about their quotations, each read once."""

    def __init__(self, database: Database, match: Match) -> None:
        self._database = database
        ids = json.dumps(sorted({member.article for member in match.members}))
        self.rows = {
            row["id"]: row
            for row in self._connection.execute(
                "SELECT key, id, title, outlet, date, text FROM article"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (ids,),
            )
        }
        wanted = sorted({member.quotation for member in match.members if member.quotation})
        quotations = Quotations(database)
        self._quotations = {found.id: found for name in wanted if (found := quotations.get(name))}

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

    def conflict(self, variants: Sequence[Variant]) -> tuple[str, ...]:
        """Names of the persons who are each said, by name, to have said it, where there is more than one."""
        said = {
            one.entity: one.name or ""
            for variant in variants
            if (one := variant.attribution) and one.entity and one.named and not one.inferred
        }
        if len(said) < 2:
            return ()
        rows = self._connection.execute(
            "SELECT id FROM entity WHERE label = ? AND id IN (SELECT value FROM json_each(?))",
            (Label.PERSON.value, json.dumps(sorted(said))),
        ).fetchall()
        persons = sorted({said[row["id"]] for row in rows})
        # "Sullivan" beside "Jake Sullivan" is one person named twice, not two.
        apart = [
            name
            for name in persons
            if not any(name != other and set(_folded(name)) < set(_folded(other)) for other in persons)
        ]
        return tuple(apart) if len(apart) > 1 else ()


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

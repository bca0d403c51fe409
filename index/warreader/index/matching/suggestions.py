"""Statements that may be the same, told in other words: shown as suggestions, never counted as matches.

Two papers that paraphrase a speech share no run of words, nor does a headline with the sentence it sums up. What they
share is the speaker, the days, and the rare words of the matter; those are compared by their stems.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from sqlite3 import Connection

from warreader.index.article import LineKind, MatchMember, Quotation, Span, Speaker, lines_of
from warreader.index.matching.meaning import Likeness
from warreader.index.matching.resemblance import (
    LEAST,
    LEAST_BELOW,
    LEAST_BESIDE,
    LEAST_UNKNOWN,
    TELLING,
    alike,
    resemblance,
)
from warreader.index.matching.sides import day
from warreader.index.matching.stems import share_of, stems
from warreader.index.quotations.quotations import Quotations
from warreader.index.storage import Database
from warreader.index.text import sentences

SOME = 2
"""Shared words that a part of a statement must have itself."""

BESIDE = 250
"""Code points between a statement and words that two articles print, up to which it leads to them or comes of them."""

SAID_AGAIN = 2
"""Days between two articles up to which a speaker's statement in other words is the same one: of some more, it is what
they say of another day."""

NEAR = 1500
"""Code points between a headline and what tells it again."""

BETWEEN = 40
"""Code points of a paper's own words between two parts of one statement."""

MOST_CALLED = 0.6
"""Share of what two speakers are called that is the same, from which on those are one who are not known by name."""

MOST_COUNTED = 60
"""Quotations of an article up to which it is counted how many of them are told again."""

MOST = 20
"""Suggestions at most."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that may say the same: a quotation, or a headline of the same article.

    ``score`` orders them, from 0 to 1; ``shared`` are its words that both have.
    """

    place: MatchMember
    score: float
    shared: tuple[str, ...]


def suggestions(
    database: Database, quotation_id: str, known: Iterable[MatchMember], likeness: Likeness | None = None
) -> list[Suggestion]:
    """What may be a quotation in other words: of the same speaker within days, and in its own article; likest first.

    Args:
        database: the library's database.
        quotation_id: of the quotation.
        known: where it is matched: what stands in these sentences is left out.
        likeness: of two statements in meaning; with it, one rare stem in common may be enough.
    """
    asked = Quotations(database).get(quotation_id)
    if asked is None:
        return []
    left_out = _Matched(database, [*known, _place(asked)])
    sharing = _sharing(database.connection, asked.article).get(_entity(asked), {})
    others = {
        *sharing,
        *_of_these_days(database.connection, asked),
    }
    found = [
        *_elsewhere(database, asked, others, sharing, left_out, likeness),
        *_within(_Told(database, asked.article), asked, left_out),
    ]
    found.sort(key=lambda one: (-one.score, one.place.article, one.place.start))
    return found[:MOST]


def retold(
    database: Database, article_id: str, known: Mapping[str, Collection[MatchMember]]
) -> dict[str, int]:
    """By quotation id how many places may be it in other words, for those of an article that have any.

    Counted are those in the article itself and in those that print words of the same speaker with it; what speakers say
    elsewhere in these days is left to :func:`suggestions`, which takes longer.

    Args:
        database: the library's database.
        article_id: of the article.
        known: by quotation id where it is matched.
    """
    told = _Told(database, article_id)
    if len(told.quotations) > MOST_COUNTED:
        return {}
    sharing = _sharing(database.connection, article_id)
    counts: dict[str, int] = {}
    for asked in told.quotations:
        left_out = _Matched(database, [*known.get(asked.id, ()), _place(asked)])
        others = sharing.get(_entity(asked), {})
        found = [*_within(told, asked, left_out), *_elsewhere(database, asked, others, others, left_out)]
        if found:
            counts[asked.id] = min(MOST, len(found))
    return counts


def _entity(quotation: Quotation) -> str | None:
    return quotation.speaker.entity if quotation.speaker else None


def _elsewhere(
    database: Database,
    asked: Quotation,
    others: Iterable[str],
    sharing: Mapping[str, Collection[tuple[Span, Span]]],
    left_out: _Matched,
    likeness: Likeness | None = None,
) -> Iterator[Suggestion]:
    """What the same speaker says in other articles; ``sharing`` are those that print words of theirs with this one."""
    if (entity := _entity(asked)) is None:
        return
    for article in sorted(others):
        for other in Quotations(database).of(article):
            if _entity(other) != entity:
                continue
            beside = any(_beside(asked, other, *both) for both in sharing.get(article, ()))
            one = (
                resemblance(asked.text, other.text, LEAST_BESIDE, name=1.0)
                if beside
                else resemblance(asked.text, other.text)
            )
            if one is None and likeness is not None:
                one = alike(asked.text, other.text, likeness)
            place = _place(other)
            if one is not None and not left_out.holds(place):
                yield Suggestion(place, *one)


def _of_these_days(connection: Connection, asked: Quotation) -> list[str]:
    """Other articles that appeared within days and in which the speaker says something."""
    row = connection.execute("SELECT key, date FROM article WHERE id = ?", (asked.article,)).fetchone()
    date = day(row["date"])
    if asked.speaker is None or date is None or not stems(asked.text, TELLING):
        return []
    first, last = date - timedelta(SAID_AGAIN), date + timedelta(SAID_AGAIN + 1)
    rows = connection.execute(
        # Few articles are of these days, while a speaker may have said thousands of things.
        "SELECT DISTINCT a.id FROM article AS a CROSS JOIN quotation AS q ON q.article = a.key"
        " WHERE a.date >= ? AND a.date < ? AND a.latest = 1 AND a.key <> ?"
        " AND q.entity = (SELECT key FROM entity WHERE id = ?)",
        (first.isoformat(), last.isoformat(), row["key"], asked.speaker.entity),
    )
    return [row["id"] for row in rows]


def _sharing(connection: Connection, article: str) -> dict[str | None, dict[str, list[tuple[Span, Span]]]]:
    """By speaker (entity) the other articles of these days that print words which this one prints too, both as theirs,
    and where: here and there."""
    said = "JOIN quotation AS {0}_said ON {0}_said.key = {0}.quotation AND {0}_said.article = {0}.article"
    rows = connection.execute(
        "SELECT DISTINCT entity.id, article.id, here.start, here.end, there.start, there.end"
        " FROM cluster_place AS here"
        f" {said.format('here')} JOIN cluster_place AS there ON there.cluster = here.cluster"
        f" {said.format('there')} AND there_said.entity = here_said.entity"
        " JOIN article AS own ON own.key = here.article JOIN article ON article.key = there.article"
        " JOIN entity ON entity.key = here_said.entity"
        " WHERE own.id = ? AND there.article <> here.article AND coalesce("
        "abs(julianday(substr(own.date, 1, 10)) - julianday(substr(article.date, 1, 10))), 0) <= ?",
        (article, SAID_AGAIN),
    )
    found: dict[str | None, dict[str, list[tuple[Span, Span]]]] = {}
    for entity, other, *at in rows:
        both = Span(*at[:2]), Span(*at[2:])
        found.setdefault(entity, {}).setdefault(other, []).append(both)
    return found


def _beside(asked: Quotation, other: Quotation, here: Span, there: Span) -> bool:
    """Whether two statements lead to the same words, or come of them, each in its article."""
    before = (here.start - asked.end, there.start - other.end)
    after = (asked.start - here.end, other.start - there.end)
    return any(all(0 <= gap <= BESIDE for gap in gaps) for gaps in (before, after))


class _Matched:
    """Where a quotation stands, by itself and in its matches, with all of the sentences.

    What a paper says around the words, in the same sentence, is how it brings them, not the statement once more.
    """

    def __init__(self, database: Database, members: Iterable[MatchMember]) -> None:
        self._database = database
        self._members: dict[str, list[MatchMember]] = {}
        for member in members:
            self._members.setdefault(member.article, []).append(member)
        self._ids = {member.quotation for held in self._members.values() for member in held}
        self._spans: dict[str, list[Span]] = {}

    def holds(self, place: MatchMember) -> bool:
        """Whether a place lies in one of them, or touches it."""
        if place.article not in self._members:
            return False
        if place.quotation in self._ids:
            return True
        if place.article not in self._spans:
            self._spans[place.article] = [*self._sentences(place.article)]
        return any(span.overlaps(place.span) for span in self._spans[place.article])

    def _sentences(self, article: str) -> Iterator[Span]:
        row = self._database.connection.execute(
            "SELECT text FROM article WHERE id = ?", (article,)
        ).fetchone()
        text = str(row["text"]) if row else ""
        for member in self._members[article] if text else ():
            line_start, line_end = text.rfind("\n", 0, member.start) + 1, text.find("\n", member.end)
            around = sentences(text, line_start, line_end if line_end >= 0 else len(text))
            touched = [one for one in around if one.start < member.end and one.end > member.start]
            ends = [member.span, *touched]
            yield Span(min(one.start for one in ends), max(one.end for one in ends))


class _Told:
    """What an article tells of what was said: its quotations and its headlines, each with who said it."""

    def __init__(self, database: Database, article_id: str) -> None:
        self.quotations = Quotations(database).of(article_id)
        said = [(_place(quotation), quotation.speaker) for quotation in self.quotations]
        self.whole, self._one = _whole(said)
        self.places: list[tuple[MatchMember, Speaker | None]] = said
        row = database.connection.execute(
            "SELECT text, kinds FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        self._headlines: list[Span] = []
        for line in lines_of(row["text"], row["kinds"]) if row else ():
            if line.kind is LineKind.HEADLINE and line.end > line.start:
                text = row["text"][line.start : line.end]
                self.places.append((MatchMember(article_id, line.start, line.end, text), None))
                self._headlines.append(Span(line.start, line.end))
        self._having: dict[str, list[int]] = {}
        for number, (place, _) in enumerate(self.places):
            for root in stems(self.text(place), TELLING):
                self._having.setdefault(root, []).append(number)

    def text(self, place: MatchMember) -> str:
        """The words of a place, with all of the statement it is a part of."""
        return self.whole.get(place.quotation or "", place.text)

    def of_one(self, one: str, other: str | None) -> bool:
        """Whether two quotations (ids) are parts of one statement, or fragments of such parts."""
        return one in self._one and self._one[one] == self._one.get(other or "")

    def headed(self, place: Span) -> bool:
        """Whether a place lies in a headline, which calls those who speak what it has room for."""
        return any(line.overlaps(place) for line in self._headlines)

    def like(self, text: str) -> Iterator[tuple[MatchMember, Speaker | None]]:
        """The places that have a telling word of a text."""
        numbers = {number for root in stems(text, TELLING) for number in self._having.get(root, ())}
        return (self.places[number] for number in sorted(numbers))


def _within(told: _Told, asked: Quotation, left_out: _Matched) -> Iterator[Suggestion]:
    """What stands in the same article, unless someone else is said to have said it."""
    text = told.whole.get(asked.id, asked.text)
    headed = told.headed(asked.span)
    for other, speaker in told.like(text):
        either = headed or told.headed(other.span)
        same = _same(asked.speaker, speaker, called=not either)
        theirs = told.text(other)
        if same is False or theirs == text or told.of_one(asked.id, other.quotation):
            continue
        if either and abs(other.start - asked.start) > NEAR:
            continue
        one = resemblance(text, theirs, LEAST_BELOW if either else LEAST if same else LEAST_UNKNOWN)
        if one is None:
            continue
        # Of a statement in parts, those are like it that have some of the words themselves.
        shared = stems(" ".join(one.shared), TELLING).keys()
        least = min(SOME, len(shared))
        parts = [stems(part, TELLING).keys() for part in (asked.text, other.text)]
        # Of two that are told in parts it is the first parts that are alike, and the second.
        astray = text != asked.text and theirs != other.text and parts[0].isdisjoint(parts[1])
        if all(len(shared & part) >= least for part in parts) and not astray and not left_out.holds(other):
            yield Suggestion(other, *one)


def _whole(said: Iterable[tuple[MatchMember, Speaker | None]]) -> tuple[dict[str, str], dict[str, str]]:
    """By quotation id the text of the statement it is a part of, where the paper's own words cut one in two, and the
    first part's id; that also for fragments within a part.

    Parts of one statement hang on one mention of who says it, with no more than a few words between.
    """
    parts: dict[tuple[int, int], list[MatchMember]] = {}
    for place, speaker in said:
        if speaker is not None:
            parts.setdefault((speaker.start, speaker.end), []).append(place)
    found: dict[str, str] = {}
    first: dict[str, str] = {}
    for group in parts.values():
        group.sort(key=lambda place: (place.start, -place.end))
        run: list[MatchMember] = []
        for place in group:
            within = bool(run) and place.start < run[-1].end
            if not within:
                if run and place.start - run[-1].end > BETWEEN:
                    run = []
                run.append(place)
                text = " ".join(part.text for part in run)
                found |= {part.quotation: text for part in run if part.quotation}
            if place.quotation:
                first[place.quotation] = run[0].quotation or ""
    return found, first


def _place(quotation: Quotation) -> MatchMember:
    speaker = quotation.speaker
    return MatchMember(
        quotation.article,
        quotation.start,
        quotation.end,
        quotation.text,
        quotation.id,
        (speaker.name or speaker.text) if speaker else None,
    )


def _same(one: Speaker | None, two: Speaker | None, *, called: bool) -> bool | None:
    """Whether both are the same, by who they are or else, if that counts, by what they are ``called``.

    ``None``: it is not known, as of "he".
    """
    if one is None or two is None:
        return None
    if one.entity and two.entity:
        return one.entity == two.entity
    first, second = stems(one.text, TELLING), stems(two.text, TELLING)
    if not called or not first or not second:
        return None
    # The governor of a country and its fishermen are all called after it.
    return share_of(first, second, first.keys() & second.keys()) >= MOST_CALLED

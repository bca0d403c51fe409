"""Whether words that two articles share are one statement, or a formula that is used anew on each occasion.

A statement is carried by others within days, and whoever names its speaker names the same person. Officials, armies
and lawyers say the same words of each strike, call and case, and so does everybody who acts "out of an abundance of
caution". Such runs stand in a library on many occasions, or in two articles weeks apart; the words alone don't tell.
Papers, too, tell what happened before in the same words with each report. Long runs are left alone: nobody says thirty
words twice by chance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

import numpy as np

from warreader.index.article import Label, MatchKind, QuotationKind, Span, Tier
from warreader.index.matching.comparing import NAMED, NEAR_DAYS, SHORT, Place
from warreader.index.matching.fingerprints import LEAST_WHOLE
from warreader.index.matching.sides import Side
from warreader.index.matching.wording import CAPITAL
from warreader.index.quotations import vocabulary as v
from warreader.index.text import fold, words

CARRIED = 3
"""Days within which papers carry what was said; what lies farther apart are two occasions."""

LONG = 30
"""Equal words that no formula has."""

FEW = 10
"""The same for articles far apart in time."""

WORN = 20
"""Equal words from which on what one person says in much the same words weeks later is the same."""

ANEW = 2
"""Days after which an outlet that prints somewhat other words of a speaker than it did tells what was said anew."""

TELLING = 16.0
"""Weight from which on a short run is no phrase, if it is told again within days, or in marks on both sides."""

OCCASIONS = 3
"""Occasions on which a short run stands in the library, from which on it is a phrase."""

BRIEFINGS = 4
"""The same for a run that bodies and their spokesmen say."""

BACKGROUND = 5
"""The same for words without marks on either side, whoever says them: what papers tell again with each report."""

SOME = 9
"""Fingerprints of a possible run by which it is known how often its words are told."""

LATER = 180
"""Days after which a body that says the same says it of something else."""

MONTH = 30
"""Days after which a short run in other words is another statement, unless one person says both."""

MOST_LETTERS = 3
"""Capitals of a name that is surely an abbreviation."""

_BODIES = frozenset([Label.ORG.value, Label.UNIT.value, Label.GPE.value, Label.NORP.value])


PHRASE = 0.8
"""Share of a quotation that a run must be, on one side at least, to be more than a phrase of it."""

SMALL = 0.5
"""Share of a quotation below which a short run is but a phrase of it, whoever says it."""

VERBATIM = 10
"""Words that are the same in marks on both sides from which on it is more, if they are rare enough together, however
much else was said."""

LEAST_TOLD = 8
"""Words of a run that is reported on one side only, or is a small part on both, which are more than a phrase."""

LEAST_ALONE = 6
"""Words of a quotation of which neither side tells who said it that are more than a name for something."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who is said to say something: their entity's key, the last word of their name, and what they are.

    ``told``: the words are reported at all; ``known``: by somebody, or with a verb of saying.
    """

    entity: int | None = None
    family: str = ""
    person: bool = False
    body: bool = False
    told: bool = False
    known: bool = False

    def same(self, other: Voice) -> bool:
        """Whether both are one person by name."""
        if self.entity is not None and other.entity is not None:
            return self.person and self.entity == other.entity
        return bool(self.family) and self.family == other.family and not (self.body or other.body)

    def another(self, other: Voice) -> bool:
        """Whether both are persons by name, and not the same."""
        if not (self.person and other.person and self.family and other.family):
            return False
        return self.entity != other.entity and self.family != other.family


def beyond_doubt(place: Place) -> bool:
    """Whether no more is asked of what was found: it is sure, and no formula is so long."""
    return place.tier is Tier.SURE and place.words >= LONG


def judged(voices: Voices, sides: tuple[Side, Side], place: Place, prints: tuple[int, ...]) -> Place | None:
    """What was found, as it is told: possible only where it may be a formula, ``None`` where it is but a phrase.

    Args:
        voices: who says what.
        sides: the article of the quotation and the other, in the order of ``place``.
        place: where they share it.
        prints: the fingerprints they share there.
    """
    own, other = sides
    tier = place.tier
    if beyond_doubt(place):
        return place._replace(worn=tier)
    said = voices.of(own.key, place.own), voices.of(other.key, place.other)
    known = own.published is not None and other.published is not None
    days = abs((own.published - other.published).days) if own.published and other.published else 0
    same = said[0].same(said[1])
    if tier is Tier.SURE and _formula(sides, place, said, days, same=same):
        tier = Tier.POSSIBLE
    occasions = 0
    if known and prints and tier is Tier.SURE:
        occasions = _once_said(place, said, days, same=same)
    elif known and prints:
        occasions = _once_told(sides, place, said, days, same=same)
    hangs = place.words < SHORT and bool(prints)
    if tier is Tier.SURE and not occasions and not hangs:
        return place._replace(worn=tier)
    phrase = _phrase(sides, place, said, days, same=same)
    if phrase and tier is Tier.POSSIBLE:
        return None
    less = None if phrase else Tier.POSSIBLE
    worn = tier if not hangs else less if place.worn is not None else None
    often = tier if not occasions else less if tier is Tier.SURE else None
    kept = prints if hangs or tier is Tier.SURE else prints[:SOME]
    return place._replace(
        tier=tier,
        worn=worn,
        often=often,
        occasions=occasions,
        prints=kept if occasions or worn is not tier else (),
    )


def _once_said(place: Place, voices: tuple[Voice, Voice], days: int, *, same: bool) -> int:
    """On how many occasions a run that would be sure must stand in the library to be a formula; 0: it is none."""
    # What one person says on each occasion is seldom twice in the same words.
    if same and place.kind is not MatchKind.REWORDED:
        return 0
    if place.words < SHORT:
        return OCCASIONS
    return BRIEFINGS if _official(voices) and days > CARRIED else 0


def _once_told(
    sides: tuple[Side, Side], place: Place, voices: tuple[Voice, Voice], days: int, *, same: bool
) -> int:
    """On how many occasions a possible run must stand in it to be a formula or papers' background; 0: it is none."""
    own, other = sides
    if place.words >= LONG:
        return 0
    marked = own.told(place.own_words)[1], other.told(place.other_words)[1]
    if place.kind is MatchKind.EXACT and all(marked):
        return 0
    named = any(voice.family and not voice.body for voice in voices)
    anew = (_official(voices) and not named) or place.kind is MatchKind.REWORDED or not all(marked)
    if anew and days > CARRIED and not same:
        return OCCASIONS
    return 0 if any(marked) else BACKGROUND


def _official(voices: tuple[Voice, Voice]) -> bool:
    """Whether bodies and their spokesmen say it."""
    one, two = voices
    return (one.body or two.body) and not (one.person or two.person)


def _formula(
    sides: tuple[Side, Side], place: Place, voices: tuple[Voice, Voice], days: int, *, same: bool
) -> bool:
    """Whether two that lie so far apart in time are more likely a formula than one statement."""
    own, other = sides
    if place.words >= LONG:
        return False
    if place.kind is MatchKind.REWORDED:
        if days > NEAR_DAYS and not (same and place.words >= WORN):
            return True
        if days >= ANEW and place.words < WORN and own.outlet == other.outlet is not None:
            return True
    if _official(voices) and days > LATER:
        return True
    if same or place.words >= SHORT or days <= CARRIED:
        return False
    return _weight(own, place) < TELLING or (days > NEAR_DAYS and place.words < FEW)


def _phrase(
    sides: tuple[Side, Side], place: Place, voices: tuple[Voice, Voice], days: int, *, same: bool
) -> bool:
    """Whether what was found, where it is possible only, is but a phrase that both use.

    Of what either side reports it is a part, and what was left out is not the same; or it is a name for something, or
    an army's formula; or another person's. What is the whole of what both have in marks is more.
    """
    own, other = sides
    one, two = voices
    (most, marked), (there, marked_there) = own.told(place.own_words), other.told(place.other_words)
    run = place.own_words
    enough = own.lengths[run.end] - own.lengths[run.start] >= LEAST_WHOLE
    named = np.count_nonzero(own.places.flags[run.start : run.end] & CAPITAL) >= NAMED * len(run)
    # One outlet's own are names, too, of its shows and its authors' books.
    worth = own.outlet != other.outlet or (enough and not named)
    if place.kind is MatchKind.EXACT and marked and marked_there and worth:
        return False
    if place.kind is not MatchKind.EXACT and one.another(two):
        return True
    if place.words < LEAST_TOLD and max(most, there) < SMALL:
        return True
    if not (one.told and two.told) and place.words < LEAST_TOLD:
        return True
    if not (one.known or two.known) and (own.outlet == other.outlet is not None or place.words < LEAST_ALONE):
        return True
    if not enough and place.kind is not MatchKind.EXACT and not (same and days <= CARRIED):
        return True
    if same:
        return False
    if place.words < LEAST_TOLD and named:
        return True
    reworded = place.kind is MatchKind.REWORDED
    if reworded and place.words < SHORT and days > MONTH:
        return True
    if marked and marked_there:
        if reworded and days > CARRIED and one.body and two.body:
            return True
        if place.words >= VERBATIM and not reworded and _weight(own, place) >= TELLING:
            return False
    return max(most, there) < PHRASE


def _weight(side: Side, place: Place) -> float:
    """How rare the equal words are together."""
    run = place.own_words
    summed = side.summed_over(run.start, run.end)
    return (summed[-1] - summed[0]) * place.words / len(run)


_Rank = tuple[int, bool, int]
"""What of the quotations that stand at a place is the least of the one that tells: what it shares of it, negative;
whether it has no marks; where it begins."""


class Voices:
    """Who says what stands in articles, each quotation looked up once, those of many places together.

    Args:
        connection: of the library.
    """

    def __init__(self, connection: Connection) -> None:
        self._cursor = connection.cursor()
        self._cursor.row_factory = None
        self._at: dict[tuple[int, Span], Voice] = {}
        self._known: dict[int, Voice] = {}
        self._texts: dict[int, str] = {}

    def of(self, article: int, span: Span) -> Voice:
        """Who says what stands at a place, by the quotation that shares most of it, one in marks first."""
        if (article, span) not in self._at:
            self.read([(article, span)])
        return self._at[article, span]

    def read(self, places: Iterable[tuple[int, Span]]) -> None:
        """Find who says what stands at several places."""
        asked = [place for place in dict.fromkeys(places) if place not in self._at]
        if not asked:
            return
        self._at.update(dict.fromkeys(asked, Voice()))
        rows = self._cursor.execute(
            "SELECT asked.key, start, end, kind, article, q.key, q.entity, cue_start, speaker_start, speaker_end,"
            " named, label FROM json_each(?) AS asked CROSS JOIN quotation q ON article = json_extract(value, '$[0]')"
            " AND start < json_extract(value, '$[2]') AND end > json_extract(value, '$[1]')"
            " LEFT JOIN entity e ON e.key = q.entity",
            (json.dumps([(article, span.start, span.end) for article, span in asked]),),
        )
        best: dict[int, tuple[_Rank, Sequence[Any]]] = {}
        for number, start, end, kind, *told in rows:
            span = asked[number][1]
            shared = min(end, span.end) - max(start, span.start)
            rank = -shared, kind == QuotationKind.INDIRECT.value, start
            if number not in best or rank < best[number][0]:
                best[number] = rank, told
        for number, (_, (article, key, *voice)) in best.items():
            if key not in self._known:
                self._known[key] = self._voice(article, voice)
            self._at[asked[number]] = self._known[key]

    def _voice(self, article: int, told: Sequence[Any]) -> Voice:
        """The voice of a quotation, from its entity, its cue, its speaker's place and name, and what that is."""
        entity, cue, start, end, named, label = told
        name = named or ""
        if named is None and start is not None:
            name = self._text(article)[start:end]
        last = next((found.of(name) for found in reversed(list(words(name)))), "")
        low = fold(last).removesuffix("'s")
        person = label == Label.PERSON.value
        # "IDF" is nobody's family, as "COLLINS" in a transcript is.
        short = 1 < len(last) <= MOST_LETTERS and last.isupper()
        body = label in _BODIES or (not person and (short or low in v.BODIES or low in v.SPOKESPEOPLE))
        family = low if last[:1].isupper() and low not in v.PRONOUNS else ""
        known = cue is not None or start is not None
        return Voice(entity, family, person, body, told=True, known=known)

    def _text(self, article: int) -> str:
        if article not in self._texts:
            row = self._cursor.execute("SELECT text FROM article WHERE key = ?", (article,)).fetchone()
            self._texts[article] = row[0]
        return self._texts[article]


def apart(days: Sequence[int]) -> int:
    """How many groups of days in order there are, each more than :data:`CARRIED` from the next."""
    return sum(1 for at, one in enumerate(days) if not at or one - days[at - 1] > CARRIED)

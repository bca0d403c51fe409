"""What an article says of the persons it names: their roles, and whether they are "he" or "she"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from warreader.index.article import Label, Mention, Span
from warreader.index.entities.lexicon import lexicon
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.given_names import FEMALE, MALE
from warreader.index.quotations.roles import described, ranked
from warreader.index.quotations.tokens import Token

ALONE = 700
"""Code points before a role in which no other person may be named, where nobody's role is known."""

_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_AGE_AFTER = re.compile(r",? \(?(?:aged )?(\d{1,3})(?=[,.)])")
_AGE_BEFORE = re.compile(r"(\d{1,3})-year-old\b[^.,;!?\n]*$")


_SEATS = {
    "org:kremlin": "place:russia",
    "org:white_house": "place:united_states",
    "org:pentagon": "place:united_states",
    "org:state_department": "place:united_states",
    "org:downing_street": "place:united_kingdom",
    "org:foreign_office": "place:united_kingdom",
    "org:idf": "place:israel",
}
"""Bodies by which a state is meant: the Kremlin spokesman is a Russian one."""


@dataclass(frozen=True, slots=True)
class Known:
    """Where a person is named with a role: the mention, and the words of the role in lower case."""

    mention: Mention
    words: frozenset[str]


@dataclass(slots=True)
class _Person:
    """What an article tells of one person: roles with their rank, now and before; states and offices of the roles."""

    roles: set[str] = field(default_factory=set)
    past: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    offices: set[str] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)
    ages: set[str] = field(default_factory=set)


class _Ids:
    """The ids of an article's entities of some kinds, by where they are named."""

    def __init__(self, text: str, mentions: Sequence[Mention], labels: Collection[Label]) -> None:
        # A pro-Israel president is of another state.
        self._mentions = [
            one for one in mentions if one.label in labels and text[one.start - 1 : one.start] != "-"
        ]
        self._starts = [one.start for one in self._mentions]

    def ids(self, span: Span) -> set[str]:
        """Those named within a span."""
        first, last = (bisect_left(self._starts, at) for at in (span.start, span.end))
        return {one.entity for one in self._mentions[first:last]}


class Persons:
    """The persons of one article, by their mentions in the order of the text."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self._known: list[Known] = []
        self._lands = _Ids(text, mentions, (Label.GPE, Label.NORP, Label.ORG))
        self._bodies = _Ids(text, mentions, (Label.ORG, Label.UNIT))
        self._named = [one for one in mentions if one.label is Label.PERSON]
        self._named_starts = [one.start for one in self._named]
        self._ends: list[int] = []
        """Where what is said beside each mention ends."""
        self._persons: defaultdict[str, _Person] = defaultdict(_Person)
        self._pronoun: dict[str, str] = {}
        ends = [0, *(one.end for one in self._named)]
        starts = [*(one.start for one in self._named[1:]), len(text)]
        for mention, after, before in zip(self._named, ends, starts, strict=False):
            self._read(text, mention, after, before)
        self._starts = [known.mention.start for known in self._known]

    def _read(self, text: str, mention: Mention, after: int, before: int) -> None:
        """Note what stands beside one mention, between the persons named before and after it."""
        told = described(text, mention.span, after, before)
        self._ends.append(told.span.end)
        person = self._persons[mention.entity]
        if state := lexicon().statesmen.get(mention.entity):
            person.states.add(state)
        if told.roles:
            self._known.append(Known(mention, told.words))
            (person.past if told.former else person.roles).update(told.roles)
            person.states |= self.states_in(told.span)
            person.bodies |= self._bodies.ids(told.span)
            person.offices |= told.words & v.PORTFOLIOS
        age = _AGE_AFTER.match(text, mention.end) or _AGE_BEFORE.search(text, after, mention.start)
        if age is not None:
            person.ages.add(age[1])
        pronoun = _pronoun(text, mention, told.roles)
        if pronoun is not None:
            self._pronoun.setdefault(mention.entity, pronoun)

    def fits(self, entity: str | None, pronoun: str) -> bool:
        """Whether an entity may be this "he" or "she"; where nothing is known it may."""
        said = self._pronoun.get(entity) if entity is not None else None
        return said is None or pronoun not in ("he", "she") or said == pronoun

    def states_in(self, span: Span) -> set[str]:
        """The ids of the states that a span names, their people or the seat of their government."""
        peoples = lexicon().peoples
        return {peoples.get(one) or _SEATS.get(one, one) for one in self._lands.ids(span)} & _states()

    def may_be(self, entity: str | None, phrase: Sequence[Token], role: str) -> bool:
        """Whether one may be called by a phrase, "the former US foreign minister": only where the article gives
        that role, or one much like it, and neither another state nor another office.

        Args:
            entity: whose mentions with roles tell.
            phrase: the words.
            role: its head, in lower case.
        """
        person = self._persons.get(entity) if entity is not None else None
        if person is None or not self.fits(entity, "he" if role in v.HE else "she" if role in v.SHE else ""):
            return False
        if role.endswith("-year-old"):
            return role.partition("-")[0] in person.ages
        span = Span(phrase[0].start, phrase[-1].end)
        states = self.states_in(span)
        words = [token.low for token in phrase]
        if states and person.bodies and not person.states:
            # The Israeli spokesman is not the UN's.
            return False
        bodies = set() if states else self._bodies.ids(span)
        offices = v.PORTFOLIOS.intersection(words)
        for asked, own in ((states, person.states), (bodies, person.bodies), (offices, person.offices)):
            if asked and own and asked.isdisjoint(own):
                return False
        held = person.roles if v.FORMER.isdisjoint(words) else person.past
        (asked_role,) = ranked(words, (role,))
        if asked_role in held:
            return True
        # Under another role only who is of that state or body: the Hezbollah leader is no UN chief.
        return not held.isdisjoint(v.ALIKE_ROLES.get(asked_role, ())) and all(
            not asked or asked & own for asked, own in ((states, person.states), (bodies, person.bodies))
        )

    def by_role(self, phrase: Sequence[Token], role: str, before: int, memory: int) -> Known | None:
        """Whom "the Russian president" stands for: of those named before with such a role, who shares most of its
        words, the latest first.
        """
        asked = {token.low for token in phrase if token.word} - v.DETERMINERS
        ranking = [
            (role in one.words, len(asked & one.words), one.mention.start, number)
            for number, one in self._with_role(phrase, role, before, memory)
        ]
        if not ranking:
            return None
        meant = self._known[max(ranking)[3]]
        # Of one named since no role is told: it may be theirs as well, unless the phrase says whose.
        told = not meant.words.isdisjoint(asked - {role, "prime", "first", "vice", "deputy"})
        untold = self._untold(self.last_named(meant.mention.entity, before), before)
        return meant if told or not untold else None

    def _with_role(
        self, phrase: Sequence[Token], role: str, before: int, memory: int
    ) -> Iterator[tuple[int, Known]]:
        first, last = (bisect_left(self._starts, at) for at in (before - memory, before))
        for number in range(first, last):
            if self.may_be(self._known[number].mention.entity, phrase, role):
                yield number, self._known[number]

    def _untold(self, after: int, before: int) -> bool:
        """Whether a person is named between two offsets of whom no role is known."""
        first, last = (bisect_left(self._named_starts, at) for at in (after, before))
        return any(
            not (self._persons[one.entity].roles or self._persons[one.entity].past)
            for one in self._named[first:last]
        )

    def alone(self, entity: str | None, phrase: Sequence[Token], role: str, before: int, memory: int) -> bool:
        """Whether one of whom no role is told may have this one, for want of others: the only person named for some
        sentences, or a known statesman where nobody is named as the president.
        """
        person = self._persons.get(entity) if entity is not None else None
        if person is None or person.roles or person.past or person.ages or role in v.VAGUE_ROLES:
            return False
        if entity in lexicon().statesmen:
            span = Span(phrase[0].start, phrase[-1].end)
            states = self.states_in(span)
            return (
                role in v.STATE_ROLES
                and v.FORMER.isdisjoint(token.low for token in phrase)
                and states <= person.states
                and bool(states or not self._bodies.ids(span))
                and next(self._with_role(phrase, role, before, memory), None) is None
            )
        if role in v.STATE_ROLES or entity in lexicon().forms:
            return False
        first, last = (bisect_left(self._named_starts, at) for at in (before - ALONE, before))
        return {one.entity for one in self._named[first:last]} == {entity}

    def last_named(self, entity: str | None, before: int) -> int:
        """Where the last mention of one that starts before an offset ends, with what is said beside it; 0 where none
        does.
        """
        for number in range(bisect_left(self._named_starts, before) - 1, -1, -1):
            if self._named[number].entity == entity:
                return self._ends[number]
        return 0


@lru_cache(maxsize=1)
def _states() -> frozenset[str]:
    return frozenset(lexicon().peoples.values())


def _pronoun(text: str, mention: Mention, words: frozenset[str]) -> str | None:
    title = text[max(0, mention.start - 6) : mention.start].rsplit(None, 1)
    near = {*words, title[-1].lower().rstrip(".") if title else ""}
    if near & v.SHE:
        return "she"
    if near & v.HE:
        return "he"
    name = _WORD.findall(text[mention.start : mention.end])
    if len(name) < 2:
        return None
    first = name[0].lower()
    return "she" if first in FEMALE else "he" if first in MALE else None

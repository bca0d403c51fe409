"""What an article says of the persons it names: their roles, and whether they are "he" or "she"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from warreader.index.article import Label, Mention, Span
from warreader.index.entities.lexicon import lexicon
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.given_names import FEMALE, MALE
from warreader.index.quotations.tokens import Token

BEFORE = 80
"""Code points before a name in which its role stands: Kremlin spokesman Dmitry Peskov."""

AFTER = 60
"""The same after a name and a comma: Andriy Kostin, the prosecutor general."""

_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_FORMER = re.compile(r"\b(?:former|ex|ousted|late)\b", re.IGNORECASE)
_BORDER = re.compile(r"[.,;:!?\n“”\"()]\s*")


@dataclass(frozen=True, slots=True)
class Known:
    """Where a person is named with a role: the mention, the span that role and name stand in, the words of the role
    in lower case, and of what states it is.
    """

    mention: Mention
    span: Span
    words: frozenset[str]
    states: frozenset[str]


class Persons:
    """The persons of one article, by their mentions in the order of the text."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self._known: list[Known] = []
        self._lands = [one for one in mentions if one.label in (Label.GPE, Label.NORP)]
        self._land_starts = [one.start for one in self._lands]
        self._states: dict[str, set[str]] = {}
        self._former: set[str] = set()
        self._offices: dict[str, set[str]] = {}
        self._roles: dict[str, set[str]] = {}
        self._pronoun: dict[str, str] = {}
        for mention in mentions:
            if mention.label is not Label.PERSON:
                continue
            words, around = _role_words(text, mention)
            if words & v.ROLES:
                states = self.states_in(around)
                self._known.append(Known(mention, around, words, states))
                self._roles.setdefault(mention.entity, set()).update(_ranked(words, words & v.ROLES))
                self._states.setdefault(mention.entity, set()).update(states)
                self._offices.setdefault(mention.entity, set()).update(words & v.PORTFOLIOS)
                if _FORMER.search(around.of(text)):
                    self._former.add(mention.entity)
            pronoun = _pronoun(text, mention, words)
            if pronoun is not None:
                self._pronoun.setdefault(mention.entity, pronoun)
        self._starts = [known.mention.start for known in self._known]

    def fits(self, entity: str | None, pronoun: str) -> bool:
        """Whether an entity may be this "he" or "she"; where nothing is known it may."""
        said = self._pronoun.get(entity) if entity is not None else None
        return said is None or pronoun not in ("he", "she") or said == pronoun

    def holds(self, entity: str | None, role: str) -> bool:
        """Whether an entity is known by a role, or by one that is much like it."""
        roles = self._roles.get(entity, set()) if entity is not None else set()
        return role in roles or f"vice {role}" in roles or self.alike(entity, role)

    def states_in(self, span: Span) -> frozenset[str]:
        """The ids of the states that are named in a span, by their own names or their people's."""
        near = self._lands[
            bisect_left(self._land_starts, span.start) : bisect_left(self._land_starts, span.end)
        ]
        if not near:
            return frozenset()
        peoples = lexicon().peoples
        return frozenset(state for one in near if (state := peoples.get(one.entity, one.entity)) in _states())

    def may_be(self, entity: str | None, phrase: Sequence[Token], role: str) -> bool:
        """Whether one may be called by a phrase, "the former US foreign minister", as far as the article tells.

        Args:
            entity: whose mentions with roles tell.
            phrase: the words.
            role: its head, in lower case.
        """
        if entity is None or not (roles := self._roles.get(entity)):
            return role not in v.KIN
        if role.endswith("-year-old"):
            return True
        states = self.states_in(Span(phrase[0].start, phrase[-1].end))
        words = {token.low for token in phrase}
        for asked, own in ((states, self._states[entity]), (words & v.PORTFOLIOS, self._offices[entity])):
            if asked and own and not asked & own:
                return False
        if _ranked(words, {role}) <= roles:
            return not words & v.FORMER or entity in self._former
        if self.alike(entity, role):
            return True
        return role in v.GENERAL_ROLES and role not in v.KIN and not (states and not self._states[entity])

    def alike(self, entity: str | None, role: str) -> bool:
        """Whether one is known by a role that is much like another."""
        roles = self._roles.get(entity, set()) if entity is not None else set()
        if role == "leader" and roles & v.LEADERS:
            return True
        return any(role in group and roles & group for group in v.ALIKE_ROLES)

    def by_role(self, phrase: Iterable[Token], head: str, before: int, memory: int) -> Known | None:
        """Whom "the Russian president" stands for: of those named before with this role, who shares most of its
        words, the latest first.
        """
        tokens = list(phrase)
        asked = {token.low for token in tokens if token.word} - v.DETERMINERS
        known = self._known[bisect_left(self._starts, before - memory) : bisect_left(self._starts, before)]
        ranked = [
            (len(asked & one.words), one.mention.start, number)
            for number, one in enumerate(known)
            if head in one.words and self.may_be(one.mention.entity, tokens, head)
        ]
        return known[max(ranked)[2]] if ranked else None


def _ranked(words: Set[str], roles: Set[str]) -> set[str]:
    """Roles with their rank: the vice president is no president."""
    return {f"vice {role}" for role in roles} if words & {"vice", "deputy"} else {*roles}


@lru_cache(maxsize=1)
def _states() -> frozenset[str]:
    return frozenset(lexicon().peoples.values())


def _role_words(text: str, mention: Mention) -> tuple[frozenset[str], Span]:
    """The words before a name that tell who it is, and those set off after it; and the span that all stand in."""
    words = {word.lower() for word in _WORD.findall(mention.span.of(text))} & v.ROLES
    first, last = mention.start, mention.end
    reading = True
    before = _BORDER.split(text[max(0, mention.start - BEFORE) : mention.start])[-1]
    for found in reversed([*_WORD.finditer(before)]):
        word = found[0]
        low = word.lower().rstrip(".")
        if low in v.OFFICES and not word[0].isupper():
            # The US national security adviser: the state stands before what the office is for.
            reading = False
            words.add(low)
        elif not reading and word[0].islower():
            break
        elif low.endswith(("'s", "’s")):
            words.add(low[:-2])
        elif word[0].isupper() or low in v.ROLES:
            words.add(low)
        elif low not in ("of", "for", "the", "and"):
            break
        first = mention.start - len(before) + found.start()
    after = text[mention.end : mention.end + AFTER]
    if after.startswith(", "):
        aside = [word.lower() for word in _WORD.findall(_BORDER.split(after[2:])[0])]
        if aside and (aside[0] in v.DETERMINERS | v.ROLES | v.OFFICES):
            words.update(word for word in aside if word not in v.DETERMINERS)
            last += len(_BORDER.split(after[2:])[0]) + 2
    return frozenset(words), Span(first, last)


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

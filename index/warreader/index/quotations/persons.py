"""What an article says of the persons it names: their roles, and whether they are "he" or "she"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from warreader.index.article import Label, Mention
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.given_names import FEMALE, MALE
from warreader.index.quotations.tokens import Token

BEFORE = 80
"""Code points before a name in which its role stands: Kremlin spokesman Dmitry Peskov."""

AFTER = 60
"""The same after a name and a comma: Andriy Kostin, the prosecutor general."""

_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_BORDER = re.compile(r"[.,;:!?\n“”\"()]\s*")


@dataclass(frozen=True, slots=True)
class Known:
    """Where a person is named with a role: the mention, and the words of the role in lower case."""

    mention: Mention
    words: frozenset[str]


class Persons:
    """The persons of one article, by their mentions in the order of the text."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self._known: list[Known] = []
        self._roles: dict[str, set[str]] = {}
        self._pronoun: dict[str, str] = {}
        for mention in mentions:
            if mention.label is not Label.PERSON:
                continue
            words = _role_words(text, mention)
            if words & v.ROLES:
                self._known.append(Known(mention, words))
                self._roles.setdefault(mention.entity, set()).update(words & v.ROLES)
            pronoun = _pronoun(text, mention, words)
            if pronoun is not None:
                self._pronoun.setdefault(mention.entity, pronoun)
        self._starts = [known.mention.start for known in self._known]

    def fits(self, entity: str | None, pronoun: str) -> bool:
        """Whether an entity may be this "he" or "she"; where nothing is known it may."""
        said = self._pronoun.get(entity) if entity is not None else None
        return said is None or pronoun not in ("he", "she") or said == pronoun

    def holds(self, entity: str | None, role: str) -> bool | None:
        """Whether an entity is known by a role; ``None`` where it is known by none at all."""
        roles = self._roles.get(entity) if entity is not None else None
        return role in roles if roles else None

    def by_role(self, phrase: Iterable[Token], before: int, memory: int) -> Known | None:
        """Whom "the Russian president" stands for: of those named before with this role, who shares most of its
        words, the latest first.
        """
        tokens = list(phrase)
        head = tokens[-1].low
        asked = {token.low for token in tokens if token.word} - v.DETERMINERS
        known = self._known[bisect_left(self._starts, before - memory) : bisect_left(self._starts, before)]
        ranked = [
            (len(asked & one.words), one.mention.start, number)
            for number, one in enumerate(known)
            if head in one.words
        ]
        return known[max(ranked)[2]] if ranked else None


def _role_words(text: str, mention: Mention) -> frozenset[str]:
    """The words before a name that tell who it is, and those set off after it."""
    words: set[str] = set()
    before = _BORDER.split(text[max(0, mention.start - BEFORE) : mention.start])[-1]
    for word in reversed(_WORD.findall(before)):
        low = word.lower().rstrip(".")
        if low.endswith(("'s", "’s")):
            words.add(low[:-2])
        elif word[0].isupper() or low in v.ROLES:
            words.add(low)
        elif low not in ("of", "for", "the", "and"):
            break
    after = text[mention.end : mention.end + AFTER]
    if after.startswith(", "):
        aside = [word.lower() for word in _WORD.findall(_BORDER.split(after[2:])[0])]
        if aside and (aside[0] in v.DETERMINERS or aside[0] in v.ROLES):
            words.update(word for word in aside if word not in v.DETERMINERS)
    return frozenset(words)


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

"""What the words beside a person's name say of it: "Kremlin spokesman", "the prosecutor general", "who is a doctor"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from warreader.index.article import Span
from warreader.index.quotations import vocabulary as v

BEFORE = 100
"""Code points before a name in which its role stands: Kremlin spokesman Dmitry Peskov."""

AFTER = 80
"""The same after a name: Andriy Kostin, who was the prosecutor general."""

_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_BORDER = re.compile(r"[.,;:!?\n“”\"()]\s*")
_POINTS = re.compile(r"\b(?:[A-Z]\.){2,}|\b[A-Z][a-z]{1,4}\.(?= )")
_LEADS = re.compile(r",? who (?:is|was|became|serves as|served as) | (?:is|was|became) (?=(?:the|an?) )|, ")
_PARTY = re.compile(r",? \(?([RD])-[A-Z]")
_SHORTENED = {
    "gen": "general", "lt": "lieutenant", "col": "colonel", "capt": "captain", "maj": "major", "sgt": "sergeant",
    "sen": "senator", "rep": "representative", "gov": "governor", "prof": "professor", "amb": "ambassador",
}  # fmt: skip
GENERAL_AFTER = frozenset(["secretary", "attorney", "director", "inspector", "prosecutor", "consul"])
"""Roles after which "general" is none of its own: the secretary general."""
_SECOND = frozenset(["vice", "deputy"])

RANK_REACH = 3
"""Words before a role among which its rank stands: the deputy defence minister."""

_LINKS = frozenset(["of", "for", "the", "and"])
"""Small words within a role: minister of state for trade."""


class _Part(NamedTuple):
    """Words on one side of a name, in lower case, and those of them that are its roles."""

    span: Span
    words: Sequence[str]
    roles: Iterable[str]


@dataclass(frozen=True, slots=True)
class Described:
    """What stands beside one mention of a person.

    Attributes:
        span: from the first of these words to the last, the name among them.
        words: all of them, in lower case.
        roles: those that the person has, with their rank: in "the president's vice chairman" it is "vice chairman".
        former: whether somebody had them before.
    """

    span: Span
    words: frozenset[str]
    roles: frozenset[str]
    former: bool


def described(text: str, span: Span, after: int, before: int) -> Described:
    """Read what stands beside a name.

    Args:
        text: the article's.
        span: the name.
        after: where the person named before it ends: what stands there is said of that one.
        before: where the next one is named.
    """
    own = [word.lower() for word in _WORD.findall(span.of(text))]
    found = [_Part(span, own, v.ROLES.intersection(own))]
    found += filter(
        None, (_title(text, span, after), _named_after(text, span, after), _aside(text, span, before))
    )
    return Described(
        Span(min(part.span.start for part in found), max(part.span.end for part in found)),
        frozenset(word for part in found for word in part.words),
        frozenset(role for part in found for role in ranked(part.words, part.roles)),
        any(not v.FORMER.isdisjoint(part.words) for part in found),
    )


def ranked(words: Sequence[str], roles: Iterable[str]) -> set[str]:
    """Roles with their rank: the vice president is no president, the prime minister more than a minister."""
    held = set()
    for role in roles:
        at = next((at for at, word in enumerate(words) if word == role), 0)
        if not _SECOND.isdisjoint(words[max(0, at - RANK_REACH) : at]):
            role = f"vice {role}"
        elif role == "minister" and words[at - 1] in ("prime", "first"):
            role = f"{words[at - 1]} minister"
        held.add(role)
    return held


def _title(text: str, span: Span, after: int) -> _Part | None:
    """The words right before a name: the US national security adviser Ann Lee."""
    near = text[max(after, span.start - BEFORE) : span.start]
    # The points of Gen. and U.S. end no sentence.
    near = _BORDER.split(_POINTS.sub(lambda short: short[0].replace(".", "’"), near))[-1]
    words: list[str] = []
    first = span.start
    in_office = False
    for found in reversed([*_WORD.finditer(near)]):
        low = _plain(found[0])
        if low[-1] in v.OFFICES | v.FORMER and found[0].islower():
            # The state stands before what an office is for.
            in_office = True
        elif found[0][0].islower() and (in_office or not (low[-1] in v.ROLES or found[0] in _LINKS)):
            break
        if words and words[0] == "and" and low[-1] not in v.OFFICES:
            # Israel and President Lee.
            return _Part(Span(first, span.start), words[1:], _title_roles(words[1:]))
        words[:0] = low
        first = span.start - len(near) + found.start()
    return _Part(Span(first, span.start), words, _title_roles(words)) if words else None


def _title_roles(words: Sequence[str]) -> Set[str]:
    """The roles in the words before a name: a spokesman for President Lee, the head of the general staff Ann Lee."""
    for at in range(len(words) - 1, -1, -1):
        if words[at] in v.PREPOSITIONS:
            return _heads(words[at + 1 :]) if words[-1] in v.ROLES else _heads(words[:at])
    return _heads(words)


def _named_after(text: str, span: Span, after: int) -> _Part | None:
    """A role, a comma and the name, set off: Israel's foreign minister, Ann Lee, said."""
    near = text[max(after, span.start - BEFORE) : span.start]
    if not near.endswith(", ") or text[span.end : span.end + 1] not in (",", ".", ";", ")"):
        return None
    near = _BORDER.split(near[:-2])[-1]
    found = [*_WORD.finditer(near)]
    for at in range(len(found) - 1, -1, -1):
        low = found[at][0].lower()
        if low in v.DETERMINERS or low.endswith(("'s", "’s")):
            roles, length = _phrase_roles([one[0] for one in found[at + 1 :]])
            if roles and at + 1 + length == len(found):
                words = [word for one in found[at:] for word in _plain(one[0])]
                return _Part(Span(span.start - 2 - len(near) + found[at].start(), span.start), words, roles)
    return None


def _aside(text: str, span: Span, before: int) -> _Part | None:
    """What is set off after a name, or said of it: Ann Lee, the prosecutor general; Ann Lee, who is a doctor."""
    if party := _PARTY.match(text, span.end):
        role = "republican" if party[1] == "R" else "democrat"
        return _Part(span, ("lawmaker", role), ("lawmaker", role))
    lead = _LEADS.match(text, span.end)
    if lead is None:
        return None
    aside = _BORDER.split(text[lead.end() : span.end + AFTER])[0]
    found = [*_WORD.finditer(aside)]
    if not found:
        return None
    opening = found[0][0].lower()
    opens = opening in v.DETERMINERS | v.ROLES | v.OFFICES | v.FORMER or opening.endswith(("'s", "’s"))
    phrase = next((at for at, one in enumerate(found) if one[0] in v.PREPOSITIONS), len(found))
    # In "with Lee, President Clarke said" the next person has the role.
    if not opens or lead.end() + (found[phrase - 1].end() if phrase else 0) > before:
        return None
    roles, length = _phrase_roles([one[0] for one in found])
    words = [word for one in found[:length] for word in _plain(one[0]) if word not in v.DETERMINERS]
    return _Part(Span(span.end, lead.end() + found[length - 1].end()), words, roles) if roles else None


def _phrase_roles(phrase: Sequence[str]) -> tuple[Set[str], int]:
    """The roles at the head of a noun phrase, none where a verb follows (the minister told), and where it ends."""
    words: list[str] = []
    head = end = 0
    for at, word in enumerate(phrase):
        low = word.lower()
        if head == 0 and (low in v.PREPOSITIONS or low in v.RELATIVES):
            head = at
        if at and (low in v.AUXILIARIES or low in v.CUES or low in v.RELATIVES):
            if head == 0 and words[-1] in v.ROLES and low not in v.RELATIVES:
                return frozenset(), 0
            break
        if head == 0:
            words += _plain(word)
        end = at + 1
    return _heads(words), end


def _heads(words: Sequence[str]) -> Set[str]:
    """Roles in a noun phrase, but for its owner's and those that are a part of another: the secretary general."""
    owner = max((at for at, word in enumerate(words) if word == "'s"), default=-1)
    return {
        word
        for before, word in zip(["", *words[owner + 1 :]], words[owner + 1 :], strict=False)
        if word in v.ROLES and not (word == "general" and before in GENERAL_AFTER)
    }


def _plain(word: str) -> list[str]:
    """A word in lower case, a hyphened one in parts, a shortened rank in full, a possessive ending apart."""
    low = word.lower().replace("’", "'").rstrip(".")
    ending = ["'s"] if low.endswith("'s") else []
    parts = low.removesuffix("'s").rstrip("'").split("-")
    return [_SHORTENED.get(part, part) for part in parts if part] + ending or [low]

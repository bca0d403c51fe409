"""What a ruling is, which there are, and what data each needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from warreader.index.article import Label
from warreader.index.errors import UsageError
from warreader.index.text import storable

LONGEST = 2_000
"""Code points that a text in a ruling may have, save a quote."""
LONGEST_QUOTE = 200_000
_FARTHEST = 2**53

UNDATED = ""
"""When a ruling was made that doesn't tell; it gets its moment when it is taken in."""

Check = Callable[[object], object]
"""Gives a value as it is stored, or raises ``ValueError`` with what it should be."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """One ruling.

    Args:
        kind: what it is about: ``entity``, ``match``, ``quotation``.
        verb: what is ruled; see :data:`VERBS`.
        data: what it needs, as JSON holds it.
        modified: UTC, ISO 8601 with microseconds and ``Z``; :data:`UNDATED` in one that was written by hand.
        creator: who ruled, ``None``: not known.
    """

    kind: str
    verb: str
    data: Mapping[str, Any]
    modified: str
    creator: str | None = None

    @property
    def id(self) -> str:
        """The same for every ruling about the same thing, here and elsewhere."""
        about = {name: _named(self.data.get(name)) for name in VERBS[self.kind][self.verb].about}
        named = json.dumps([self.kind, self.verb, about], sort_keys=True)
        return f"urn:warreader:ruling:{hashlib.sha256(named.encode()).hexdigest()[:32]}"

    @property
    def article(self) -> str | None:
        """The id of the article it is about, of the first one where of several, ``None`` where of none."""
        for value in self.data.values():
            for held in value if isinstance(value, list) else [value]:
                if isinstance(held, Mapping) and "article" in held:
                    return str(held["article"])
        named = self.data.get("article")
        return None if named is None else str(named)


def _named(value: Any) -> Any:
    # By which key an entity was found may differ between versions; what is meant does not.
    if isinstance(value, Mapping):
        return {name: held for name, held in value.items() if name != "match"}
    return value


# Checks of values.


def text(value: object) -> str:
    """A text that says something."""
    if not isinstance(value, str):
        raise ValueError("is not a text (put numbers and dates in quotation marks)")
    if not value.strip():
        raise ValueError("is empty")
    if storable(value) != value:
        raise ValueError("holds half a character (a lone surrogate)")
    if len(value) > LONGEST:
        raise ValueError(f"is longer than {LONGEST:,} characters")
    return value


def offset(value: object) -> int:
    """A code point offset into a stored text."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _FARTHEST:
        raise ValueError("is not an offset: a whole number from 0")
    return value


def label(value: object) -> str:
    """A kind of entity."""
    if value not in list(Label):
        raise ValueError(f"is none of: {', '.join(Label)}")
    return Label(str(value)).value


def place(value: object) -> dict[str, Any]:
    """A stretch of an article: ``article`` (id), ``start`` and ``end`` (code points), ``exact`` (the words)."""
    fields = _fields(value, {"article": text, "start": offset, "end": offset, "exact": _quote})
    if fields["start"] >= fields["end"] or fields["end"] - fields["start"] != len(fields["exact"]):
        raise ValueError("is no place: end - start is not the length of exact")
    return fields


def _quote(value: object) -> str:
    if not isinstance(value, str) or not value or storable(value) != value or len(value) > LONGEST_QUOTE:
        raise ValueError("is not a quote: a text that is not empty")
    return value


def two_places(value: object) -> list[dict[str, Any]]:
    """Two places, whichever was named first."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("is not a list of two places")
    places = [place(one) for one in value]
    return sorted(places, key=lambda one: (one["article"], one["start"], one["end"]))


def entity(value: object) -> dict[str, Any]:
    """An entity: ``name`` and ``label``; ``match``, the key it was known by; or ``own``: one the reader set apart."""
    return _fields(value, {"name": text, "label": label}, {"match": text, "own": yes})


def yes(value: object) -> bool:
    """True, or left out."""
    if value is not True:
        raise ValueError("is not true; leave it out otherwise")
    return True


def _fields(value: object, needed: Mapping[str, Check], further: Mapping[str, Check] = {}) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"is not an object with {', '.join(needed)}")
    found: dict[str, Any] = {}
    for name, check in {**needed, **further}.items():
        held = value.get(name)
        if held is None:
            if name in needed:
                raise ValueError(f"has no {name}")
            continue
        try:
            found[name] = check(held)
        except ValueError as error:
            raise ValueError(f"has a wrong {name}: it {error}") from error
    return found


@dataclass(frozen=True, slots=True)
class Verb:
    """What a ruling needs: what it is about, what it says, and what it may leave out."""

    about: Mapping[str, Check]
    says: Mapping[str, Check] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()


_FORM = {"form": text, "article": text, "start": offset, "of": entity}
"""A form of a name: everywhere, in one article, or (with start) one mention; ``of``: only where it names that."""
_ANYWHERE = frozenset({"article", "start", "of"})

VERBS: Mapping[str, Mapping[str, Verb]] = {
    "entity": {
        "rename": Verb({"entity": entity}, {"name": text}),
        "kind": Verb({"entity": entity}, {"label": label}),
        "merge": Verb({"entity": entity}, {"into": entity}),
        "pin": Verb(_FORM, {"entity": entity}, _ANYWHERE),
        "split": Verb(_FORM, {"entity": entity}, _ANYWHERE),
        "ignore": Verb(_FORM, {}, _ANYWHERE),
    },
    "match": {
        "reject": Verb({"places": two_places}, {"out": place}, frozenset({"out"})),
        "join": Verb({"places": two_places}),
    },
    "quotation": {
        "speaker": Verb({"place": place}, {"speaker": text, "entity": entity}, frozenset({"speaker", "entity"})),
        "bound": Verb({"place": place}, {"start": offset, "end": offset}),
        "reject": Verb({"place": place}),
    },
}  # fmt: skip
"""By kind and verb what a ruling needs. A speaker left out altogether: nobody is known to have said it."""


def checked(kind: str, verb: str, data: Mapping[str, object]) -> dict[str, Any]:
    """The data of a ruling as it is stored; fields that it doesn't know are left out.

    Raises:
        UsageError: there is no such ruling, or the data is not what it needs; one line.
    """
    if kind not in VERBS:
        raise UsageError(f"no ruling on {kind[:60]!r}; there are rulings on: {', '.join(VERBS)}")
    if verb not in VERBS[kind]:
        raise UsageError(f"no ruling {verb[:60]!r} on {kind}; choose one of: {', '.join(VERBS[kind])}")
    needed = VERBS[kind][verb]
    found: dict[str, Any] = {}
    for name, check in {**needed.about, **needed.says}.items():
        value = data.get(name)
        if value is None:
            if name not in needed.optional:
                raise UsageError(f"{kind} {verb}: {name} is missing")
            continue
        try:
            found[name] = check(value)
        except ValueError as error:
            raise UsageError(f"{kind} {verb}: {name} {error}") from error
    return found

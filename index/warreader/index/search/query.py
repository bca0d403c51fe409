"""The query language: the tree of a query, and how it is written. :mod:`.parsing` reads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

TEXT_FIELDS = frozenset({"title", "outlet", "author"})
EXACT_FIELDS = frozenset({"outlet", "author"})
"""Fields of which a value after ``=`` is the whole."""

SOURCE_FIELDS = frozenset({"person", "place", "org", "unit", "said", "quote", "tag", "note", "is", "added"})
NAMED_FIELDS = frozenset({"person", "place", "org", "unit", "said"})
"""Fields of entities: a name in quotation marks is the whole name."""

FIELDS = TEXT_FIELDS | SOURCE_FIELDS | {"date"}
STATES = ("unread", "starred", "annotated", "older")


class How(StrEnum):
    """How words are to be found: as a word (by stem), a phrase, a prefix, with small differences, or just so.

    What is to be found exactly (``=word``, ``="some words"``) is found in this form only, under no other name.
    """

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"
    FUZZY = "fuzzy"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Words:
    """Words to find in the text (``field`` empty) or in ``title``, ``outlet`` or ``author``.

    ``typing`` is true for the last word of a query still being typed, which is found as a prefix too; of a phrase
    (``"war cri*"``) also where that is asked for.
    ``weight`` is that of its scores.
    """

    text: str
    how: How = How.WORD
    field: str = ""
    typing: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Dates:
    """Articles dated from ``first`` to ``last``: years, months or days as ISO 8601, both included."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Sourced:
    """A field that the library answers rather than the index: entities, quotations, tags, reading state.

    ``exact`` where the value is the whole name: of an entity (``person:"Joe Biden"``), an outlet or
    author (``outlet:="CNN"``).
    """

    field: str
    value: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """All but these."""

    child: Node


@dataclass(frozen=True, slots=True)
class All:
    """Articles that answer every child."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Articles that answer at least one child."""

    children: tuple[Node, ...]


Leaf: TypeAlias = Words | Dates | Sourced
Node: TypeAlias = Words | Dates | Sourced | Not | All | Any


class Placed(NamedTuple):
    """Words of the query, from one code point of it to another."""

    start: int
    end: int
    words: Words


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as it was read. ``node`` is ``None`` where nothing was understood.

    ``problem`` is the first thing that went wrong, ``problem_at`` its code point in the query.
    ``words`` are the plain words and phrases that are looked for in the text, and where they stand.
    """

    node: Node | None
    problem: str | None = None
    problem_at: int | None = None
    words: tuple[Placed, ...] = ()

    @property
    def understood(self) -> str:
        """The query in words of the query language; reading it again gives the same tree.

        A word that is still being typed gets a ``*``, which finds it as a beginning alone.
        """
        return "" if self.node is None else render(self.node)


def render(node: Node) -> str:
    """The tree in the query language."""
    match node:
        case Words(field=field):
            return f"{field}:{_shown(node)}" if field else _shown(node)
        case Dates(first, last):
            return f"date:{first}" if first == last else f"date:{first}..{last}"
        case Sourced(field, value, exact):
            if field == "is" or (field in NAMED_FIELDS and not exact):
                return f"{field}:{value}"
            return f'{field}:="{value}"' if field in TEXT_FIELDS else f'{field}:"{value}"'
        case Not(child):
            return f"NOT {_inner(child)}"
        case All(children):
            return " AND ".join(map(_inner, children))
        case Any(children):
            return " OR ".join(map(_inner, children))


def _shown(words: Words) -> str:
    text, how = words.text, words.how
    if how is How.EXACT:
        return f'="{text}"' if " " in text else f"={text}"
    # Of one letter very many words are the beginning: it is found as it stands.
    begun = "*" if words.typing and (how is How.PHRASE or len(text) > 1) else ""
    if how is How.PHRASE:
        return f'"{text}{begun}"'
    return text + {"prefix": "*", "fuzzy": "~"}.get(how, begun)


def leaves(node: Node, *, negated: bool = True) -> list[Leaf]:
    """The leaves in order; with ``negated`` false, without those under a NOT."""
    match node:
        case Not(child):
            return leaves(child, negated=negated) if negated else []
        case All(children) | Any(children):
            return [leaf for child in children for leaf in leaves(child, negated=negated)]
        case _:
            return [node]


def _inner(node: Node) -> str:
    return f"({render(node)})" if isinstance(node, All | Any) else render(node)

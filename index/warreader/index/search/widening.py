"""Finding what is named by another of its names: ``Kyiv`` finds ``Kiev`` too, a little lower, and says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from warreader.index.search.query import All, Any, How, Node, Words

WEIGHT = 0.6
"""Weight of another name, beside the name that was asked for."""

LONGEST = 4
"""Names have at most so many words."""

MOST = 5
"""So many other names are looked for."""

OtherNames = Callable[[str], Sequence[str]]
"""Other names of what a name stands for, those in most articles first."""


@dataclass(frozen=True, slots=True)
class Also:
    """A name in the query, and the other names that are found with it."""

    name: str
    others: tuple[str, ...]


def widened(node: Node, others: OtherNames) -> tuple[Node, tuple[Also, ...]]:
    """The query with other names beside those in it, and which they are.

    Only plain words are names here: what is quoted, exact or not wanted stays as it is.
    """
    said: dict[str, Also] = {}
    return _widened(node, others, said), tuple(said.values())


def _widened(node: Node, others: OtherNames, said: dict[str, Also]) -> Node:
    match node:
        case Words():
            return _named((node,), others, said) or node
        case Any(children):
            return Any(tuple(_widened(child, others, said) for child in children))
        case All(children):
            return All(tuple(_in_turn(children, others, said)))
        case _:
            return node


def _in_turn(children: Sequence[Node], others: OtherNames, said: dict[str, Also]) -> list[Node]:
    """Words that follow one another may be one name, the longest first."""
    found: list[Node] = []
    at = 0
    while at < len(children):
        for length in range(min(LONGEST, len(children) - at), 0, -1):
            run = [child for child in children[at : at + length] if _is_plain(child)]
            if len(run) == length and (named := _named(run, others, said)) is not None:
                found.append(named)
                at += length
                break
        else:
            child = children[at]
            found.append(child if isinstance(child, Words) else _widened(child, others, said))
            at += 1
    return found


def _is_plain(node: Node) -> bool:
    return isinstance(node, Words) and node.how is How.WORD and not node.field


def _named(run: Sequence[Node], others: OtherNames, said: dict[str, Also]) -> Node | None:
    words = [node for node in run if isinstance(node, Words) and _is_plain(node)]
    name = " ".join(word.text for word in words)
    found = tuple(others(name))[:MOST] if words else ()
    if not found:
        return None
    said[name] = Also(name, found)
    asked: Node = words[0] if len(words) == 1 else All(tuple(words))
    return Any((asked, *(_other(name) for name in found)))


def _other(name: str) -> Words:
    how = How.PHRASE if len(name.split()) > 1 or not name.isalpha() else How.WORD
    return Words(name, how, weight=WEIGHT)

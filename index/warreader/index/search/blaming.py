"""Why a query of several words finds nothing: which of them stands in no article, or without which one some answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from warreader.index.search.query import All, Node, Not, Words, render

_MOST = 12
"""Of a query that wants more no blame is looked for: nobody could mend it by that."""


class Blame(NamedTuple):
    """Why nothing is found.

    ``lacking`` is what is wanted and no article has. Where there is no such thing, ``without`` is that without which
    most articles answer, and how many do.
    """

    lacking: tuple[str, ...] = ()
    without: tuple[str, int] | None = None


def blame(node: Node, count: Callable[[Node], int]) -> Blame:
    """Who is to blame for that a query finds nothing; nobody, where it is not several things wanted together.

    Args:
        count: counts the articles that answer a part of the query.
    """
    if not isinstance(node, All) or len(node.children) > _MOST:
        return Blame()
    lacking = [child for child in node.children if not isinstance(child, Not) and not count(child)]
    if lacking:
        return Blame(tuple(map(_written, lacking)))
    left = [_without(node, at) for at in range(len(node.children))]
    counts = [count(rest) for rest in left]
    most = max(counts)
    return Blame(without=(_written(node.children[counts.index(most)]), most)) if most else Blame()


def _without(node: All, at: int) -> Node:
    rest = (*node.children[:at], *node.children[at + 1 :])
    return rest[0] if len(rest) == 1 else All(rest)


def _written(node: Node) -> str:
    """A part of a query as it is told: a word in quotation marks that are none of the query language."""
    shown = render(node)
    return f"“{shown}”" if isinstance(node, Words) and not node.field and '"' not in shown else shown

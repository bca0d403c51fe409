"""Changing a query as a reader would: what is asked for stays text that can be read and changed."""

from __future__ import annotations

from warreader.index.search.parsing import parse
from warreader.index.search.query import All, Node, render


def narrowed(query: str, clause: str, *, exclude: bool = False) -> str:
    """The query with a clause more (or, with ``exclude``, without what answers it).

    Done again it is taken back; a clause that says the opposite is replaced.

    Args:
        query: as typed; what can't be read in it is left out if the clause wouldn't hold otherwise.
        clause: in the query language, a single word, phrase or field.
    """
    wanted = f"-{clause}" if exclude else clause
    opposite = clause if exclude else f"-{clause}"
    kept = query.rstrip()
    if (without := _without(kept, wanted)) is not None:
        return without
    if (without := _without(kept, opposite)) is not None:
        kept = without
    before, added = parse(kept).node, parse(wanted).node
    if before is None or added is None:
        return wanted if before is None else kept
    joined = _joined(before, added)
    for text in (f"{kept} {wanted}", f"({kept}) {wanted}", f"({parse(kept).understood}) {wanted}"):
        read = parse(text)
        if read.node == joined and (read.problem is None or text.startswith(kept)):
            return text
    return f"{parse(kept).understood} {wanted}"


def holds(query: str, clause: str) -> bool:
    """Whether the query asks for this clause at its top, or for what doesn't answer it where it begins with ``-``."""
    node, wanted = parse(query).node, parse(clause).node
    return wanted is not None and wanted in (node.children if isinstance(node, All) else (node,))


def _without(query: str, clause: str) -> str | None:
    """The query without a clause that stands in it as it is; ``None`` where there is none or it isn't at the top."""
    if not holds(query, clause):
        return None
    node, gone = parse(query).node, parse(clause).node
    rest = tuple(child for child in node.children if child != gone) if isinstance(node, All) else ()
    at = query.rfind(clause)
    if at >= 0:
        left = f"{query[:at].rstrip()} {query[at + len(clause) :].lstrip()}".strip()
        if _parts(parse(left).node) == rest:
            return left
    return render(All(rest) if len(rest) > 1 else rest[0]) if rest else ""


def _parts(node: Node | None) -> tuple[Node, ...]:
    return () if node is None else node.children if isinstance(node, All) else (node,)


def _joined(before: Node, added: Node) -> Node:
    parts = before.children if isinstance(before, All) else (before,)
    return All((*parts, added))

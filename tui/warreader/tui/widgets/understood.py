"""The lines below the search box: how the query was understood, or what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from warreader.index.api import many
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.api import Order, SearchResult

_MOST = 3
"""Lines at most that say how a query was understood."""


class Understood(Static):
    """How a query was understood, in as many lines as that needs."""

    DEFAULT_CSS = """
    Understood { height: 1; padding: 0 1; color: $text-muted; }
    Understood.-lower { margin-top: 1; }
    Understood.-problem { color: $text-warning; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__("", id=id, markup=False)
        self._lines = 1

    def explain(self, result: SearchResult, width: int, *, order: Order | None, folding: bool) -> None:
        """Write what a query found and how it was understood.

        Args:
            width: cells there are for a line.
            order: the order of the results; ``None`` is by relevance.
            folding: whether copies of a story are one result.
        """
        self.set_class(result.problem is not None, "-problem")
        told = Content(_told(result, order, folding=folding))
        # What is wrong is told whole, as its remedy stands at the end.
        most = 2 * _MOST if result.problem else _MOST
        lines = min(most, len(told.wrap(max(1, width))))
        if lines != self._lines:
            self._lines = self.styles.height = lines
        # Of the same height, it moves nothing else: the screen need not be laid out for it.
        self.update(told, layout=False)


def in_words(order: Order) -> str:
    """An order as it is told."""
    return f"{order.value} first" if order in ("newest", "oldest") else f"by {order.value}"


def _told(result: SearchResult, order: Order | None, *, folding: bool) -> str:
    """What was understood, or what went wrong, in words."""
    parts = [many(result.total, "article")]
    if order is not None and order != "relevance":
        parts.append(in_words(order))
    if folding:
        parts.append("copies folded")
    if result.problem is not None:
        where = f" (at {result.problem_at + 1})" if result.problem_at is not None else ""
        return f"{plain(result.problem, 200)}{where} · {' · '.join(parts)}"
    if why := result.why_none:
        parts.append(plain(why, 120))
    if result.meant is not None:
        parts.append(f"did you mean {plain(result.meant, 60)}?")
    parts.append(plain(result.understood, 120))
    parts += [f"{plain(name, 40)}: also {plain(', '.join(others), 60)}" for name, others in result.also]
    return " · ".join(parts)

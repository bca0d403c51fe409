"""What the results have in common, below them: each value narrows the query, or is left out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from warreader.index.api import Facet, FacetValue

_TITLES = {
    "outlet": "Outlet",
    "date": "Date",
    "person": "People",
    "place": "Places",
    "org": "Orgs",
    "unit": "Units",
    "tag": "Tags",
}
_TITLE_WIDTH = 8
_MORE = "more"


class FacetPane(RowList):
    """Outlets, dates, names and tags of the results with their counts, a row each.

    A row's id is the facet's field and the clause of the query, parted by a space.
    """

    DEFAULT_CSS = """
    FacetPane { height: 40%; min-height: 4; border-top: solid $border-blurred; border-title-color: $text-muted; }
    .-small FacetPane { height: 60%; }
    FacetPane:focus { border-top: solid $border; border-title-color: $foreground; }
    """

    class Narrow(Message):
        """The query is to be narrowed to a value, or to go without it."""

        def __init__(self, clause: str, *, exclude: bool) -> None:
            super().__init__()
            self.clause = clause
            self.exclude = exclude

    class More(Message):
        """More values of a facet are wanted."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    def __init__(self, theme: ReaderTheme, *, id: str) -> None:
        super().__init__(self._value_row, id=id)
        self.theme = theme
        self._values: dict[str, FacetValue] = {}
        self._first: dict[str, str] = {}
        self._left: dict[str, int] = {}
        self._query = ""

    def show(self, facets: Sequence[Facet], query: str) -> None:
        """Show the facets of the results of a query."""
        anew = query != self._query and not self.has_focus
        self._query = query
        self._values = {}
        self._first = {}
        self._left = {}
        ids: list[str] = []
        for facet in facets:
            for value in facet.values:
                row_id = f"{facet.field} {value.clause}"
                if row_id in self._values:
                    continue
                self._first.setdefault(facet.field, row_id)
                self._values[row_id] = value
                ids.append(row_id)
            if (left := facet.total - len(facet.values)) > 0:
                self._left[f"{facet.field} {_MORE}"] = left
                ids.append(f"{facet.field} {_MORE}")
        self.border_title = "6 enter narrows · - leaves out" if ids else ""
        self.fill(ids, lines=1)
        if anew:
            # Of another query's values none was gone to: kept in sight, the row of before would hide the first.
            self.action_first()

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours."""
        self.theme = theme
        self.redraw_all()

    def choose(self, *, exclude: bool = False) -> None:
        """Narrow the query to the highlighted value, or leave it out; or show more values."""
        row_id = self.highlighted_id
        if row_id is None:
            return
        if row_id in self._left:
            self.post_message(self.More(row_id.partition(" ")[0]))
        else:
            self.post_message(self.Narrow(self._values[row_id].clause, exclude=exclude))

    def _value_row(self, row_id: str, width: int, lines: int) -> list[Content]:  # noqa: ARG002
        field = row_id.partition(" ")[0]
        if row_id in self._left:
            return [Content.assemble(" " * _TITLE_WIDTH, (f"… {self._left[row_id]:,} more", "dim"))]
        # Here, as in all that is painted first: the search's modules take as long to import as Textual's.
        from warreader.index.api import query_holds

        value = self._values[row_id]
        title = _TITLES.get(field, field) if self._first[field] == row_id else ""
        count = f"{value.articles:,}"
        sign, style = "", ""
        if query_holds(self._query, value.clause):
            sign, style = "✓ ", "bold"
        room = max(4, width - _TITLE_WIDTH - len(count) - 1)
        name = Content.styled(sign + plain(value.name, 80), style).truncate(room, ellipsis=True)
        pad = " " * max(1, width - _TITLE_WIDTH - name.cell_length - len(count))
        return [Content.assemble((f"{title:<{_TITLE_WIDTH}}", "dim"), name, pad, (count, "dim"))]

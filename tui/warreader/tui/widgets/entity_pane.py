"""Who and what the open article, the results or the whole library name: by kind, with counts, all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import takewhile
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from warreader.index.api import HeldRoll, Label, Listed, Roll, folded_fits
from warreader.tui.page import Page
from warreader.tui.themes import ReaderTheme
from warreader.tui.threads import threaded
from warreader.tui.widgets.entity_rows import EntityRows, FormRow, Heading, Row, Rows
from warreader.tui.widgets.frame import write_below
from warreader.tui.widgets.lists import FilterBox, plain
from warreader.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from warreader.index.api import Library

KINDS: dict[Label, str] = {
    Label.PERSON: "People",
    Label.GPE: "States and towns",
    Label.LOC: "Places",
    Label.ORG: "Organisations",
    Label.UNIT: "Units",
    Label.NORP: "Peoples and groups",
    Label.EVENT: "Events",
    Label.WEAPON: "Weapons",
    Label.DATE: "Dates",
    Label.NUMBER: "Numbers",
}
_CLOSED = frozenset({Label.DATE, Label.NUMBER})

_AT_ONCE = 2_000
"""Names of an article that are listed there and then; of more the list comes from a thread."""


class EntityScope(StrEnum):
    """What the pane lists the entities of."""

    ARTICLE = "article"
    RESULTS = "results"
    LIBRARY = "library"


_IN = {
    EntityScope.ARTICLE: "in this article; enter, then w looks further",
    EntityScope.RESULTS: "in the results; enter, then w looks further",
    EntityScope.LIBRARY: "in the library",
}
"""Where no name was found, and where else to look."""


class EntityPane(Vertical):
    """The entities of a scope. What a library or its results name is fetched off the event loop."""

    DEFAULT_CSS = """
    EntityPane { height: 1fr; background: $background; }
    EntityPane Input { border: none; height: 1; padding: 0 1; background: $surface; }
    EntityPane Input:focus { border: none; background: $panel; }
    EntityPane #entity-filter { display: none; }
    EntityPane #entity-none { height: auto; padding: 0 1; color: $text-muted; display: none; }
    """

    class Follow(Message):
        """The next place of an entity is wanted."""

        def __init__(self, entity: Listed) -> None:
            super().__init__()
            self.entity = entity

    def __init__(self, library: Library, theme: ReaderTheme, *, id: str) -> None:
        super().__init__(id=id)
        self.theme = theme
        self.scope = EntityScope.ARTICLE
        self._library = library
        self._page: Page | None = None
        self._query: str | None = None
        self._shown = Rows(HeldRoll(()), set(_CLOSED))
        self._shut = set(_CLOSED)
        self.pending = False
        self._working = False

    def compose(self) -> ComposeResult:
        """The filter, the list."""
        yield FilterBox(placeholder="names that begin so", id="entity-filter", select_on_focus=False)
        yield Static("", id="entity-none", markup=False)
        yield EntityRows(self._draw, id="entity-rows")

    # parts

    @property
    def rows(self) -> EntityRows:
        """The list."""
        return self.query_one(EntityRows)

    @property
    def box(self) -> Input:
        """The filter box."""
        return self.query_one("#entity-filter", Input)

    @property
    def typed(self) -> str:
        """What is typed to filter by."""
        return self.box.value.strip()

    @property
    def current(self) -> Row | None:
        """The highlighted row."""
        place = self.rows.highlighted
        return None if place is None else self._shown.at(place)

    @property
    def roll(self) -> Roll:
        """What is listed."""
        return self._shown.roll

    @property
    def entity(self) -> Listed | None:
        """The highlighted entity, or the one whose form is highlighted."""
        row = self.current
        return row.entity if isinstance(row, FormRow) else row if isinstance(row, Listed) else None

    @property
    def form(self) -> str | None:
        """The highlighted form of it."""
        row = self.current
        return row.form if isinstance(row, FormRow) else None

    # what is listed

    def show(self, page: Page | None) -> None:
        """Another article is open, or none, or what is derived from it is there."""
        same = page is not None and self._page is not None and self._page.article.id == page.article.id
        self._page = page
        if self.scope is EntityScope.ARTICLE:
            # Who follows an entity from article to article finds it under the cursor in each.
            self._list_article(keep=same or self.rows.has_focus)

    def results_are(self, query: str | None) -> None:
        """The results of another query are listed, or of none."""
        self._query = query
        if self.scope is EntityScope.RESULTS:
            if query is None:
                self.scope = EntityScope.LIBRARY
            self.refresh_list()

    def refresh_list(self) -> None:
        """List anew: the scope, the filter or the library changed."""
        if self.scope is EntityScope.ARTICLE:
            self._list_article(keep=True)
        else:
            self.pending = True
            self._fetch(self.scope, self._query, self.typed)

    def show_working(self, working: bool) -> None:
        """Whether something goes on in the background: an article without names may have some yet."""
        if working is not self._working:
            self._working = working
            self._tell()

    def renew(self) -> None:
        """The library changed."""
        if self.scope is not EntityScope.ARTICLE:
            self.refresh_list()

    def _list_article(self, *, keep: bool) -> None:
        if self._page is None:
            self._take(EntityScope.ARTICLE, self.typed, self._rows_of(HeldRoll(())))
        elif len(self._page.entities) > _AT_ONCE:
            self.pending = True
            self._fetch_article(self._page, self.typed, keep)
        else:
            # Shown with the text, not a moment after it.
            self._take(
                EntityScope.ARTICLE, self.typed, self._rows_of(_listed(self._page, self.typed)), keep=keep
            )

    def _rows_of(self, roll: Roll) -> Rows:
        return Rows(roll, set(self._shut))

    @threaded("entities", exclusive=True)
    def _fetch_article(self, page: Page, typed: str, keep: bool) -> None:
        worker = get_current_worker()
        rows = self._rows_of(_listed(page, typed, unless=lambda: worker.is_cancelled))
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take_article, page, typed, rows, keep)

    def _take_article(self, page: Page, typed: str, rows: Rows, keep: bool) -> None:
        if page is self._page:
            self._take(EntityScope.ARTICLE, typed, rows, keep=keep)

    @threaded("entities", exclusive=True)
    def _fetch(self, scope: EntityScope, query: str | None, typed: str) -> None:
        worker = get_current_worker()
        lists = self._library.entities.lists

        def give(roll: Roll) -> None:
            if not worker.is_cancelled:
                rows = self._rows_of(roll)
                rows.warm()
                self.app.call_from_thread(self._take, scope, typed, rows)

        if scope is EntityScope.RESULTS and query is not None:
            answer = self._library.search.answer(query, as_you_type=True)
            if not worker.is_cancelled:
                give(lists.named_in(answer.json, typed))
            return
        roll = lists.library(typed, glance=True)
        give(roll)
        if not roll.complete and not worker.is_cancelled:
            give(lists.library(typed))

    def _take(self, scope: EntityScope, typed: str, rows: Rows, *, keep: bool = True) -> None:
        # An older answer may come after the box or the scope has changed.
        if scope is not self.scope or typed != self.typed:
            return
        self.pending = False
        held = self.entity if keep else None
        self._shown = rows
        at = rows.find(held.id) if held is not None else None
        first = next((place for place in range(min(2, len(rows))) if isinstance(rows.at(place), Listed)), 0)
        self.rows.show_many(len(rows), at=first if at is None else at)
        self._tell()
        if scope is EntityScope.LIBRARY and not typed:
            self.call_after_refresh(self._warm)

    @threaded("warm", exclusive=True)
    def _warm(self) -> None:
        """A filter is likely next."""
        self._library.entities.lists.warm()

    def _tell(self) -> None:
        counts = self._shown.roll.counts
        total = sum(counts.values())
        told = f"{total:,}" + ("" if self._shown.roll.complete else "+")
        of = f" · {self.scope.value}" if self.scope is not EntityScope.ARTICLE else ""
        write_below(self, Content(f"{told}{of}"))
        none = self.query_one("#entity-none", Static)
        none.display = not total
        if not total:
            yet = "no names yet" if self._working and self.scope is EntityScope.ARTICLE else "no names"
            none.update(
                f"no name begins with “{plain(self.typed, 30)}” {_IN[self.scope]}" if self.typed else yet
            )

    # drawing

    def _draw(self, row_id: str, width: int, lines: int) -> Sequence[Content]:  # noqa: ARG002
        row = self._shown.at(int(row_id))
        if row is None:
            return [Content("")]
        if isinstance(row, Heading):
            sign = "▾" if row.open else "▸"
            more = "" if self._shown.roll.complete else "+"
            return [
                Content.assemble(
                    f"{sign} ", (KINDS[row.label], "bold"), (f"  {row.count:,}{more}", self.theme.dimmed)
                )
            ]
        if isinstance(row, FormRow):
            return [
                _spread(Content(f"    {plain(row.form, 60)}"), f"{row.mentions:,}", width, self.theme.dimmed)
            ]
        name = Content.assemble("  ", (plain(row.name, 60), self.theme.entity[row.label]))
        return [_spread(name, self._counts(row), width, self.theme.dimmed)]

    def _counts(self, row: Listed) -> str:
        if self.scope is EntityScope.ARTICLE:
            return f"{row.mentions:,}" + (f" · {row.articles:,} articles" if row.articles > 1 else "")
        return f"{row.articles:,} {'article' if row.articles == 1 else 'articles'} · {row.mentions:,}"

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours."""
        self.theme = theme
        self.rows.redraw_all()

    # keys

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        row = self.current
        if isinstance(row, Heading):
            self._toggle(row.label)
        elif (entity := self.entity) is not None:
            self.post_message(self.Follow(entity))

    @on(RowList.Highlighted)
    def _highlighted(self, event: RowList.Highlighted) -> None:
        event.stop()

    def _toggle(self, label: Label) -> None:
        place = self.rows.highlighted
        heading = self._shown.heading_of(place or 0)
        self._shut ^= {label}
        self._shown.toggle(label)
        self.rows.show_many(len(self._shown), at=heading)

    def action_scope(self) -> None:
        """From the article to the results, to the library, and round."""
        scopes = [scope for scope in EntityScope if scope is not EntityScope.RESULTS or self._query]
        self.scope = scopes[(scopes.index(self.scope) + 1) % len(scopes)]
        self.refresh_list()

    def action_filter(self) -> None:
        """To the filter box; what is typed there takes the place of what was typed before."""
        self.box.display = True
        self.box.focus()
        self.box.select_all()

    def clear_filter(self) -> bool:
        """Drop the filter; false if there was none."""
        had = bool(self.box.value) or self.box.has_focus
        self.rows.focus()
        self.box.display = False
        self.box.value = ""
        return had

    def action_open(self) -> None:
        """Show under which names an entity appears; open a kind."""
        row, place = self.current, self.rows.highlighted
        if isinstance(row, Heading) and not row.open:
            self._toggle(row.label)
        elif isinstance(row, Listed) and place is not None:
            index = self._shown.index_of(place)
            if index is not None and not self._shown.is_open(index):
                self._forms(row, self._shown, index)

    @threaded("forms")
    def _forms(self, entity: Listed, rows: Rows, index: tuple[Label, int]) -> None:
        page = self._page
        here = page.article.id if page is not None and self.scope is EntityScope.ARTICLE else None
        forms = [
            FormRow(entity, form, count)
            for form, count in self._library.entities.pivots.forms(entity.id, here)
        ]
        self.app.call_from_thread(self._opened, rows, index, forms)

    def _opened(self, rows: Rows, index: tuple[Label, int], forms: Sequence[FormRow]) -> None:
        if rows is self._shown:
            held = self.rows.highlighted
            rows.open(index, forms)
            self.rows.show_many(len(rows), at=held)

    def action_shut(self) -> None:
        """Show these names no more; close a kind."""
        row, place = self.current, self.rows.highlighted
        if place is None or row is None:
            return
        index = self._shown.index_of(place)
        if isinstance(row, Heading):
            if row.open:
                self._toggle(row.label)
        elif index is not None and self._shown.is_open(index):
            self._shown.close(index)
            self.rows.show_many(len(self._shown), at=self._shown.place_of(index))
        else:
            self.rows.show_many(len(self._shown), at=self._shown.heading_of(place))

    @on(Input.Changed, "#entity-filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.refresh_list()

    @on(Input.Submitted, "#entity-filter")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.rows.focus()

    def key_down(self) -> None:
        """From the box into the list."""
        if self.box.has_focus:
            self.rows.focus()


def _listed(page: Page, typed: str, unless: Callable[[], bool] = lambda: False) -> HeldRoll:
    """The names of an article that begin so; some of them, where they are wanted no more meanwhile."""
    return HeldRoll(
        [
            (entity.id, entity.name, entity.label.value, page.everywhere.get(entity.id, 1), entity.mentions)
            for entity in takewhile(lambda _: not unless(), page.entities)
            if folded_fits((entity.name, *entity.aliases), typed)
        ]
    )


def _spread(left: Content, right: str, width: int, style: str) -> Content:
    """Two things at the two ends of a line; the left one is cut where both have no room."""
    room = max(1, width - len(right) - 1)
    if left.cell_length > room:
        left = left.truncate(room, ellipsis=True)
    return Content.assemble(left, " " * max(1, width - left.cell_length - len(right)), (right, style))

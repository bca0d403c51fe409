"""Where a search is typed: the box, what it may go on with, and how it was understood."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from warreader.index.api import Library, SearchResult
from warreader.tui.themes import ReaderTheme
from warreader.tui.threads import in_thread
from warreader.tui.widgets.query_box import Offers, QueryBox
from warreader.tui.widgets.understood import Understood

if TYPE_CHECKING:
    from warreader.index.api import Completion, Order


class SearchBox(Vertical):
    """A query while it is typed. Whose it is searches for it, and says what was found.

    Attributes:
        waiting: a result is to be opened once the word that was being typed is a whole one.
    """

    DEFAULT_CSS = """
    SearchBox { height: auto; }
    SearchBox Input { border: none; height: 1; padding: 0 1; background: $surface; }
    SearchBox Input:focus { border: none; background: $panel; }
    """

    class Typed(Message):
        """A query is to be searched for; ``completed``, it was typed before and all its words are whole ones now."""

        def __init__(self, *, completed: bool) -> None:
            super().__init__()
            self.completed = completed

    class Submitted(Message):
        """A result is to be opened."""

    class Down(Message):
        """What was found is to be gone to."""

    class Chosen(Message):
        """A whole query was chosen from those offered."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query = query

    class Failed(Message):
        """What was typed could not be completed."""

    def __init__(self, library: Library, theme: ReaderTheme, *, id: str) -> None:
        super().__init__(id=id)
        self.waiting = False
        self._library = library
        self._theme = theme
        self._completed: str | None = None
        self._standing: Sequence[Completion] = ()

    def compose(self) -> ComposeResult:
        """The box, what may follow, what was understood."""
        offers = Offers(self._theme, id="offers")
        yield QueryBox(self._theme, offers, id="query")
        yield offers
        understood = Understood(id="understood")
        understood.display = False
        yield understood

    @property
    def box(self) -> QueryBox:
        """What is typed in."""
        return self.query_one("#query", QueryBox)

    @property
    def value(self) -> str:
        """What was typed."""
        return self.box.value

    @property
    def offers(self) -> Offers:
        """What the query may go on with."""
        return self.query_one("#offers", Offers)

    @property
    def _understood(self) -> Understood:
        return self.query_one("#understood", Understood)

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours."""
        self.box.restyle(theme)
        self.offers.theme = theme

    def clear(self) -> None:
        """Have nothing in it."""
        self.box.value = ""
        self.offers.show(())

    def put(self, query: str) -> None:
        """Put a whole query into the box; no word of it is still being typed."""
        self.box.value = query.rstrip() + " "
        self.box.cursor_position = len(self.box.value)

    def answer(self, result: SearchResult | None) -> None:
        """Take what was found, to be explained; ``None`` where there is no query."""
        self._understood.display = result is not None
        self.box.point_at(result.problem_at if result is not None and result.problem else None)

    def explain(self, result: SearchResult, width: int, *, order: Order | None, folding: bool) -> None:
        """Write what a query found and how it was understood: see :meth:`Understood.explain`."""
        self._understood.explain(result, width, order=order, folding=folding)

    # what the query may go on with

    def offer(self, query: str, offers: Sequence[Completion], meant: str | None) -> None:
        """Offer what a query may go on with, and first of all one that was probably meant in its place."""
        if query != self.value or not self.box.has_focus:
            return
        if meant is not None:
            from warreader.index.api import Completion, CompletionKind

            whole = Completion(meant, 0, len(query), CompletionKind.QUERY, "did you mean")
            self.offers.show([whole, *offers], listed=False, keep=True)
        else:
            self.offers.show(offers, keep=True)
        # The list lies over the line's place, which stays.
        self._understood.set_class(self.offers.has_class("-list"), "-lower")

    def stand(self, standing: Sequence[Completion]) -> None:
        """Take saved searches and queries asked before, to be offered in the empty box."""
        self._standing = standing
        self.offer_standing()

    def offer_standing(self) -> None:
        """In the empty box, offer what was searched for before."""
        if self.box.has_focus and not self.value.strip():
            self.offers.show(self._standing, listed=True)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """In the empty box what was searched for before is offered."""
        if event.widget is self.box:
            self.offer_standing()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Elsewhere nothing is offered."""
        if event.widget is self.box:
            self.offers.show(())
            self._understood.remove_class("-lower")

    @on(Offers.Taken)
    def _taken(self, event: Offers.Taken) -> None:
        event.stop()
        self.box.focus()
        self.box.take()

    @on(QueryBox.Step)
    def _step(self, event: QueryBox.Step) -> None:
        event.stop()
        if event.by > 0:
            self.post_message(self.Down())

    @on(QueryBox.Chosen)
    def _chosen(self, event: QueryBox.Chosen) -> None:
        event.stop()
        self.post_message(self.Chosen(event.query))

    # what is typed, and its last word

    def is_whole(self, query: str) -> bool:
        """Whether a query is the one that all words of are whole ones, since a result was to be opened."""
        return query == self._completed

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        completed = event.value == self._completed
        if not completed:
            self.waiting = False
        self.post_message(self.Typed(completed=completed))

    @on(Input.Submitted, "#query")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.offers.chosen is not None:
            self.box.take()
        else:
            self.post_message(self.Submitted())

    def complete(self, chosen: str | None) -> None:
        """Have the word that was being typed be a whole one from now on: the query in the box says so.

        Args:
            chosen: id of the article that is to be found by it; without, any.
        """
        self.waiting = True
        in_thread(self, partial(self._settle, self.value, chosen), group="complete", exclusive=True)

    def _settle(self, query: str, chosen: str | None) -> None:
        settled = None
        try:
            settled = self._library.search.settled(query, chosen)
        finally:
            self.app.call_from_thread(self._complete, query, settled)

    def _complete(self, query: str, settled: str | None) -> None:
        if not self.waiting or query != self.value:
            return
        if settled is None:
            self.post_message(self.Failed())
            return
        self._completed = f"{settled} "
        if self._completed == self.value:
            self.post_message(self.Typed(completed=True))
        else:
            self.box.value = self._completed
            self.box.cursor_position = len(self._completed)

"""What is lit in the text, and following it: through the article, into the next one, to where else words stand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from warreader.index.api import Match, Quotation, Span
from warreader.tui.page import Lit, lit_entity, lit_matches
from warreader.tui.reading.layers import Painted
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.tui.screens.reader import ReaderScreen

FIRST, LAST, BEST = "first", "last", "best"
"""Where to land in an article that is opened for what is lit; ``best`` is the place that its row shows."""


class Lighting:
    """The places lit now, and the one the cursor was brought to."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self.lit: Lit | None = None
        self._current: Span | None = None
        self._entity: str | None = None
        self._coming: tuple[str, int] | None = None

    @property
    def _here(self) -> list[Span]:
        page = self._screen.page
        return self.lit.known(page.article.id) if self.lit and page else []

    def describe(self) -> str:
        """What is lit, for the status line: which of how many places here, in how many articles."""
        if self.lit is None:
            return ""
        page = self._screen.page
        place = self.lit.place(page.article.id, self._current) if page and self._current else None
        at = "–" if place is None else place + 1
        articles = f" in {len(self.lit.order)} articles" if len(self.lit.order) > 1 else ""
        if page is not None and page.article.id in self.lit.bare:
            # By its outlet, date or the like: no word of the text.
            return f"found: {plain(self.lit.title, 40)}{articles}"
        return f"lit: {plain(self.lit.title, 40)} {at}/{len(self._here)}{articles}"

    def light(self, lit: Lit | None, *, entity: str | None = None) -> None:
        """Light places; ``None`` puts them out. ``entity`` says that they are one entity's mentions."""
        self.lit = lit
        self._current = None
        self._entity = entity
        self._coming = None
        page = self._screen.page
        if lit is not None and page is not None:
            lit.spans(page.article.id)
        self.paint()
        self._screen.refresh_status()

    def expect(self, lit: Lit | None) -> None:
        """What is to be lit once the article being opened is there."""
        self.lit = lit
        self._current = None
        self._entity = None
        self._coming = None

    def land(self, at: int | str) -> int:
        """The offset to open the article at; ``first`` and ``last`` are places of what is lit."""
        here = self._here
        if isinstance(at, str):
            self._current = (here[0] if at == FIRST else here[-1]) if here else None
            return self._current.start if self._current else 0
        self._current = next((span for span in here if span.start == at), None)
        return at

    def at(self, offset: int) -> Span | None:
        """The lit place at an offset, else the next one, else the first."""
        around = (span for span in self._here if span.end > offset)
        return next(around, self._here[0] if self._here else None)

    def leave_out(self, article_id: str) -> None:
        """Lead to an article no more: it is gone."""
        if self.lit is not None and article_id in self.lit.order:
            self.lit.grow([one for one in self.lit.order if one != article_id])

    def paint(self) -> None:
        """Put it over the text."""
        page = self._screen.page
        self._screen.view.set_layer("hits", self.lit.layer(page.article.id) if self.lit and page else ())
        self.point_at(self._current)

    def point_at(self, span: Span | None) -> None:
        """Paint one span as the one meant, without lighting others."""
        current = [Painted(span.start, span.end, "hit.current")] if span else []
        self._screen.view.set_layer("current", current)

    # stepping

    def _go(self, span: Span) -> None:
        self._current = span
        self._screen.say("")
        self._screen.view.stop_selecting()
        self._screen.view.go(span.start, centre=True)
        self.paint()
        self._screen.refresh_status()

    def step(self, *, forward: bool) -> None:
        """To the next place; past the end, into the next article; past the last, round."""
        screen = self._screen
        if self.lit is None or screen.page is None:
            screen.say("nothing is lit; / searches, enter on a name lights it")
            return
        article_id = screen.page.article.id
        offset = self._current.start if self._current is not None else screen.view.cursor
        if self._current is None and forward:
            # A place that begins under the cursor counts as the next one.
            offset -= 1
        here = self._here
        if (span := self.lit.step(article_id, offset, forward=forward)) is not None:
            self._go(span)
        elif (other := self.lit.beyond(article_id, forward=forward)) is not None:
            screen.travel.open(other, at=FIRST if forward else LAST)
        elif here:
            self._go(here[0 if forward else -1])
            screen.say("round the end")
        else:
            screen.say("no place left")

    # following

    def follow(self) -> None:
        """What ``enter`` does in the text: a quotation to its other articles, a name to its next mention."""
        screen = self._screen
        if screen.page is None:
            return
        page, cursor = screen.page, screen.view.cursor
        mention, quotation = page.mention_at(cursor), page.quotation_at(cursor)
        going_on = mention is not None and self.lit is not None and mention.entity == self._entity
        if quotation is not None and page.counts.get(quotation.id) and not going_on:
            self.follow_quotation(quotation)
        elif mention is not None:
            self.follow_entity(mention.entity, mention.text)
        elif found := page.matches_at(Span(cursor, cursor + 1)):
            self._follow_match(found[0])
        elif quotation is not None:
            screen.say("these words stand in no other article")
        elif not page.whole:
            screen.say("the names and quotations of this long article are being read")
        else:
            screen.say("nothing to follow here; names and quotations can be followed")

    def follow_entity(self, entity_id: str, name: str) -> None:
        """Light an entity and go to its next mention; from its pane, first to the first one here."""
        if self._entity == entity_id and self.lit is not None:
            self.step(forward=True)
        elif self._coming is not None and self._coming[0] == entity_id:
            # Its articles are being read: the steps asked for meanwhile follow.
            self._coming = (entity_id, self._coming[1] + 1)
        else:
            self._coming = (entity_id, 0)
            page = self._screen.page
            find = partial(self._find_entity, entity_id, name, page.article.id if page else None)
            in_thread(self._screen, find, group="light", exclusive=True, opens=True)

    def give_up(self) -> None:
        """Light nothing of what is still being read."""
        self._coming = None

    def _find_entity(self, entity_id: str, name: str, here: str | None) -> None:
        lit = None
        try:
            lit = lit_entity(self._screen.library, entity_id, name)
            if here is not None:
                lit.spans(here)
        finally:
            self._screen.app.call_from_thread(self._found_entity, entity_id, lit)

    def _found_entity(self, entity_id: str, lit: Lit | None) -> None:
        # Another light may have been asked for meanwhile.
        if self._coming is None or self._coming[0] != entity_id:
            return
        _, further = self._coming
        self._coming = None
        if lit is None:
            return
        self.light(lit, entity=entity_id)
        here = self._here
        if self._screen.active == "text":
            self._current = next((span for span in here if span.contains(self._screen.view.cursor)), None)
            further += 1
        elif here:
            self._go(here[0])
        else:
            further += 1
        for _ in range(further):
            self.step(forward=True)
        if not self._screen.view.display:
            # The list is alone on the screen: where it leads would not be seen. There, enter goes on.
            self._screen.focus_pane("text")

    def follow_quotation(self, quotation: Quotation) -> None:
        """Go to the next other article that carries a quotation's words."""
        screen = self._screen
        found = screen.page.matches_at(quotation.span) if screen.page else []
        if found:
            self._follow_match(found[0])
        else:
            screen.focus_pane("text")
            screen.view.go(quotation.start, centre=True)
            screen.say("these words stand in no other article")

    def _follow_match(self, match: Match) -> None:
        screen = self._screen
        if screen.page is None:
            return
        lit = lit_matches([match])
        other = lit.beyond(screen.page.article.id, forward=True)
        self.light(lit)
        screen.focus_pane("text")
        if other is not None:
            screen.travel.open(other, at=FIRST)

"""Going from article to article: opening, the list's order, back and forward, places kept."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from warreader.index.api import LibraryBusyError, NotFoundError
from warreader.tui.page import Lit, Page, best_place, load, text_alone
from warreader.tui.reading.layout import Layout
from warreader.tui.screens.lighting import BEST, FIRST
from warreader.tui.screens.listing import LAST_READ
from warreader.tui.threads import in_thread

if TYPE_CHECKING:
    from warreader.tui.screens.annotated import Own
    from warreader.tui.screens.reader import ReaderScreen

PAGE = "page"
"""The group of the work that opens an article."""

_AT_SIGHT = frozenset({"entities", "quotations"})
"""What is derived of an article, and shown, before the others have come so far."""
_SHOWN = _AT_SIGHT | {"matches"}
_PATIENCE = 2.0
"""Seconds that leaving waits for another process that writes to the library: a place is no more worth."""
_LONG = 200_000
"""Code points from which an article's text is shown before what is derived from it is fetched: half a second later."""
_LATE = 0.3
"""Seconds after which it is told that an article, a very long one, is being opened."""
_LOOKS = 0.5
_LOOKS_FOR_MATCHES = 3.0
"""Seconds between two looks whether it is there."""


class Travel:
    """Opens articles off the event loop, and remembers the way."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self._history: list[tuple[str, int]] = []
        self._place = -1
        self._wanted: str | None = None
        self._told = False

    def start(self) -> None:
        """Open the article read last, or the first one."""
        known = self._screen.listing.summaries
        last = self._screen.listing.last_read
        if known:
            self.open(last if last is not None and last in known else next(iter(known)))
        elif not self._screen.expecting:
            self._screen.say("no articles yet; A adds some, or: warreader add PATH")

    def open(self, article_id: str, *, at: int | str | None = None, remember: bool = True) -> None:
        """Open an article.

        Args:
            article_id: which.
            at: an offset, or ``first``, ``last`` or ``best`` place of what is lit; else where it was left.
            remember: put it into the history of what was read.
        """
        self.keep_place()
        self._wanted = article_id
        fetch = partial(self._fetch, article_id, at, remember, self._screen.lighting.lit)
        in_thread(self._screen, fetch, group=PAGE, exclusive=True, opens=True)
        self._screen.set_timer(_LATE, partial(self._tell_late, article_id))

    def _tell_late(self, article_id: str) -> None:
        if self._wanted == article_id:
            self._told = True
            self._screen.say("opening… esc gives up")

    def give_up(self) -> bool:
        """Stay where the reader is, if an article is still being opened; false if none is."""
        opening, self._wanted = self._wanted is not None, None
        if opening:
            self._screen.say("not opened")
        return opening

    def _fetch(self, article_id: str, at: int | str | None, remember: bool, lit: Lit | None) -> None:
        library, app = self._screen.library, self._screen.app
        try:
            article = library.articles.get(article_id)
            page = text_alone(article) if len(article.text) > _LONG else load(library, article_id)
        except NotFoundError as error:
            app.call_from_thread(self._missed, str(error))
            return
        if lit is not None:
            spans = lit.spans(article_id)
            if at == BEST:
                best = best_place(article, spans)
                at = best.start if best is not None else FIRST
        if at is None:
            at = library.articles.position(article_id)
        own = self._screen.annotated.read(page.article)
        layout = self._screen.view.lay_out(page.article)
        app.call_from_thread(self._arrive, page, layout, own, at, remember)

    def _missed(self, reason: str) -> None:
        self._wanted = None
        self._screen.say(reason)

    def _arrive(self, page: Page, layout: Layout, own: Own | None, at: int | str, remember: bool) -> None:
        screen = self._screen
        article_id = page.article.id
        if article_id != self._wanted:
            # Another one was asked for before this one came.
            return
        self._wanted = None
        if self._told:
            self._told = False
            screen.say("")
        screen.page = page
        offset = screen.lighting.land(at)
        screen.view.open(page.article, layout=layout)
        screen.show_page(page)
        screen.view.go(offset, centre=True)
        if remember and (self._place < 0 or self._history[self._place][0] != article_id):
            del self._history[self._place + 1 :]
            self._history.append((article_id, offset))
            self._place = len(self._history) - 1
        if page.whole:
            self._watch(article_id)
        else:
            self.reload()
        # Only what came to the screen was read, not what was passed over on the way.
        screen.keep(partial(self._note_read, article_id), instead=("read", article_id))
        screen.show_read(article_id)
        screen.annotated.refresh(own)
        screen.lighting.paint()
        screen.refresh_status()

    def _note_read(self, article_id: str) -> None:
        self._screen.library.articles.mark(article_id, read=True)
        self._screen.library.set_setting(LAST_READ, article_id)

    def leave(self) -> None:
        """Before the app ends: keep the article and the place in it, unless that has to be waited for too long."""
        if self._screen.library.read_only:
            return
        if self._screen.keeping.finish(_PATIENCE) and self._screen.page is not None:
            article_id = self._screen.page.article.id
            with suppress(LibraryBusyError), self._screen.library.patience(_PATIENCE):
                self._note_read(article_id)
                self._screen.library.articles.mark(article_id, position=self._screen.view.cursor)

    def _watch(self, article_id: str, waited: frozenset[str] = frozenset()) -> None:
        """Where something is still to be derived of the open article, have it come first, and show it then."""
        screen = self._screen
        if screen.page is None or screen.page.article.id != article_id:
            return
        key = screen.page.article.key

        def look() -> None:
            waits = _SHOWN & screen.library.derivation.waits(key)
            if waits & _AT_SIGHT and not waited:
                screen.library.look_at(article_id)
            screen.app.call_from_thread(self._seen, article_id, waits, waited)

        in_thread(screen, look, group="watch")

    def _seen(self, article_id: str, waits: frozenset[str], waited: frozenset[str]) -> None:
        if self._screen.page is None or self._screen.page.article.id != article_id:
            return
        if waits != waited and waited:
            self.reload()
        if waits and self._screen.library.read_only:
            self._screen.wait_for(waits & _AT_SIGHT, for_ever=True)
        elif waits:
            self._screen.wait_for(waits & _AT_SIGHT)
            seconds = _LOOKS if waits & _AT_SIGHT else _LOOKS_FOR_MATCHES
            self._screen.set_timer(seconds, partial(self._watch, article_id, waits))

    def keep_place(self) -> None:
        """Remember how far the open article was read."""
        page, cursor = self._screen.page, self._screen.view.cursor
        if page is None:
            return
        article_id = page.article.id
        if 0 <= self._place < len(self._history) and self._history[self._place][0] == article_id:
            self._history[self._place] = (article_id, cursor)
        keep = partial(self._screen.library.articles.mark, article_id, position=cursor)
        self._screen.keep(keep, instead=("position", article_id))

    def reload(self, *, at: int | None = None) -> None:
        """Fetch again what is derived from the open article; text and cursor stay.

        Args:
            at: an offset to go to then, unless it is folded away.
        """
        if self._screen.page is not None:
            fetch = partial(self._refetch, self._screen.page.article.id, at)
            in_thread(self._screen, fetch, group=PAGE, exclusive=True)

    def _refetch(self, article_id: str, at: int | None) -> None:
        screen = self._screen
        try:
            page = load(screen.library, article_id)
        except NotFoundError:
            gone = "this article was taken out of the library; it is shown as it was"
            screen.app.call_from_thread(screen.say, gone)
            return
        shown = screen.page
        relined = shown is None or page.article.lines != shown.article.lines
        layout = screen.view.lay_out(page.article) if relined else None
        screen.app.call_from_thread(self._renewed, page, layout, at)

    def _renewed(self, page: Page, layout: Layout | None, at: int | None) -> None:
        screen = self._screen
        before = screen.page
        # Another article may have been opened meanwhile.
        if before is None or before.article.id != page.article.id:
            return
        if layout is not None:
            screen.view.reline(page.article, layout)
        if at is not None and not screen.view.hides(at):
            screen.view.go(at, centre=True)
        screen.show_page(page)
        if not before.whole:
            self._watch(page.article.id)
        # Of a text that came alone, they were looked for when it came.
        if before.whole and len(page.versions) != len(before.versions):
            screen.annotated.refresh()

    def step(self, by: int) -> None:
        """Open the next or previous article of the list or the results."""
        screen = self._screen
        order = screen.articles.order
        current = self._wanted or (screen.page.article.id if screen.page else None)
        at = order.index(current) + by if current in order else 0
        if 0 <= at < len(order):
            lit = screen.lighting.lit
            searched = lit is not None and lit is screen.articles.lit
            self.open(order[at], at=BEST if searched else FIRST if lit else None)
        else:
            screen.say("the last article in the list" if by > 0 else "the first article in the list")

    def forget(self, article_id: str) -> None:
        """Lead back to an article no more."""
        before = sum(1 for one, _ in self._history[: self._place + 1] if one == article_id)
        self._history = [one for one in self._history if one[0] != article_id]
        self._place -= before

    def move(self, by: int) -> None:
        """Back or forward in what was read."""
        if not 0 <= self._place + by < len(self._history):
            self._screen.say("nothing further back" if by < 0 else "nothing further on")
            return
        self.keep_place()
        self._place += by
        article_id, offset = self._history[self._place]
        self.open(article_id, at=offset, remember=False)

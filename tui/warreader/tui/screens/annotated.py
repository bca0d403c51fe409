"""What is shown of the annotations on the open article: in the text, in its margin, under the cursor."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from warreader.index.api import NotFoundError, Span, WarreaderError
from warreader.tui.reading.layers import Layer, Painted
from warreader.tui.threads import in_thread

if TYPE_CHECKING:
    from warreader.index.api import Annotation, Annotations, Article, Carried
    from warreader.tui.screens.reader import ReaderScreen

    Own = tuple[int, str, Sequence[Annotation], Mapping[str, Span]]
    """The number of the store's state; the id of an article; the annotations made on it; where those that stand do,
    by id."""


@dataclass(frozen=True, slots=True)
class One:
    """What has become of one annotation.

    Args:
        id: its own.
        annotation: as it is now, ``None`` where it is gone.
        generation: the number of the store's state, just after.
    """

    id: str
    annotation: Annotation | None
    generation: int


class Annotated:
    """The annotations on the open article, as they are shown."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self._generation = 0
        self.spans: dict[str, Span] = {}
        """Where they stand, by id."""
        self._here: dict[str, Annotation] = {}
        self._colours: dict[str, int] = {}
        self._painted = Layer()
        self._carried: tuple[str | None, Sequence[Carried]] = (None, ())
        self.chosen: str | None = None
        """Id of the one chosen of several under the cursor."""

    @property
    def _store(self) -> Annotations:
        return self._screen.library.annotations

    def read(self, article: Article) -> Own | None:
        """An article's own annotations, read in the thread that opens it; ``None`` where they can't be read."""
        try:
            return self._read(article)
        except (WarreaderError, sqlite3.Error):
            # The article is shown all the same. Showing them reads them again, and tells.
            return None

    def _read(self, article: Article) -> Own:
        from warreader.index.api import stands

        # The number first: what is written while they are read shows in it.
        generation, own = self._store.generation(), self._store.of(article.id)
        placed = ((one.id, one.span) for one in own if stands(one, article.text))
        return generation, article.id, own, {held: span for held, span in placed if span is not None}

    def refresh(self, own: Own | None = None) -> None:
        """Fetch again and show on text, margin, list and notes pane.

        Args:
            own: those of the open article, where they were read already (:meth:`read`).
        """
        self._generation = self._store.generation()
        screen = self._screen
        self._show(own)
        if screen.page is None:
            screen.annotating.noting.refresh()
        else:
            fetch = partial(self._fetch_carried, screen.page.article, self.carried)
            in_thread(screen, fetch, group="carried", exclusive=True)

    def _fetch_carried(self, article: Article, shown: Sequence[Carried]) -> None:
        from warreader.index.api import annotations_of

        try:
            found = annotations_of(self._screen.library, article.id)
        except NotFoundError:
            return
        others = tuple(
            one
            for one in found
            if one.annotation.article != article.id or one.orphan or one.span != one.annotation.span
        )
        own = self.read(article) if others != shown else None
        self._screen.app.call_from_thread(self._take_carried, article.id, others, own)

    def _take_carried(self, article_id: str, carried: Sequence[Carried], own: Own | None) -> None:
        page = self._screen.page
        if page is None or page.article.id != article_id:
            return
        shown, self._carried = self.carried, (article_id, carried)
        if carried != shown:
            self._show(own)
        self._screen.annotating.noting.refresh()

    @property
    def carried(self) -> Sequence[Carried]:
        """Annotations made elsewhere that the open article shows or has lost."""
        page = self._screen.page
        return self._carried[1] if page is not None and self._carried[0] == page.article.id else ()

    def _show(self, read: Own | None = None) -> None:
        page = self._screen.page
        own: Sequence[Annotation] = ()
        spans: Mapping[str, Span] = {}
        if page is not None:
            # What was read is as things stand only if nothing was written since.
            if read is None or read[:2] != (self._store.generation(), page.article.id):
                read = self._read(page.article)
            _, _, own, spans = read
        self._here = {one.id: one for one in (*own, *(one.annotation for one in self.carried))}
        self.spans = dict(spans)
        self.spans |= {one.annotation.id: one.span for one in self.carried if one.span is not None}
        self._colours = self._store.book.colours()
        painted = {held: self._paint(self._here[held], span) for held, span in self.spans.items()}
        self._painted = Layer(span for span, _ in painted.values())
        self._screen.view.set_layer("highlights", self._painted)
        self._screen.view.set_marks({span.start: sign for span, sign in painted.values()})

    def _paint(self, annotation: Annotation, span: Span) -> tuple[Painted, str]:
        """An annotation as it is painted, and the style of its sign in the margin."""
        paint = self._screen.paint
        number = self._colour(annotation)
        sign = f"mark.{number % len(paint.theme.highlights)}"
        return Painted(span.start, span.end, paint.highlight(number)), sign

    def show_one(self, one: One) -> None:
        """Show what has become of one annotation: among thousands it costs what it costs alone."""
        was = self._here.get(one.id)
        if was is not None and was == one.annotation:
            return
        if not self._is_plain(was, one):
            if (page := self._screen.page) is None:
                self.refresh()
            else:
                # All are read, in a thread; what is pressed meanwhile may be meant for this one.
                in_thread(self._screen, partial(self._fetch_own, page.article), group="own", opens=True)
            return
        self._generation = one.generation
        view, come = self._screen.view, one.annotation
        gone = painted = None
        if was is not None:
            del self._here[one.id]
            if (span := self.spans.pop(one.id, None)) is not None:
                gone, _ = self._paint(was, span)
                view.set_mark(span.start, self._sign_at(span.start))
        if come is not None:
            self._here[come.id] = come
            if come.span is not None:
                self.spans[come.id] = come.span
                painted, _ = self._paint(come, come.span)
                view.set_mark(come.span.start, self._sign_at(come.span.start))
        if gone is not None or painted is not None:
            self._painted = self._painted.changed(gone, painted)
            view.set_layer("highlights", self._painted)
        # The panes follow when the text is painted.
        self._screen.call_after_refresh(self._screen.annotating.noting.refresh)

    def _sign_at(self, start: int) -> str | None:
        """The sign of those that begin there: of the longest, as in the text, which is painted over the others."""
        here = [held for held, span in self.spans.items() if span.start == start]
        if not here:
            return None
        last = max(here, key=lambda held: (self.spans[held].end, self._here[held].created, held))
        return self._paint(self._here[last], self.spans[last])[1]

    def _is_plain(self, was: Annotation | None, one: One) -> bool:
        """Whether nothing else changed, and it is, or was, on the open article, or words of it, and on no other."""
        from warreader.index.api import stands

        page = self._screen.page
        return (
            page is not None
            and one.generation == self._generation + 1
            and any((was, one.annotation))
            and all(
                each.article == page.article.id and each.about is None and stands(each, page.article.text)
                for each in (was, one.annotation)
                if each is not None
            )
        )

    def place(self, annotation: Annotation) -> int | None:
        """Where an annotation stands in the open article, or ``None``; at its top if it concerns it as a whole."""
        if (span := self.spans.get(annotation.id)) is not None:
            return span.start
        return 0 if annotation.id in self._here and annotation.span is None else None

    def seen(self, generation: int) -> None:
        """Show what another process changed meanwhile, if that is later than what is shown."""
        screen = self._screen
        # What is just being written here is shown when it is.
        if generation <= self._generation or screen.gestures.busy:
            return
        if screen.page is None:
            self.refresh()
        else:
            in_thread(screen, partial(self._fetch_own, screen.page.article), group="own", exclusive=True)

    def _fetch_own(self, article: Article) -> None:
        own = self.read(article)
        self._screen.app.call_from_thread(self.refresh, own)

    def _colour(self, annotation: Annotation) -> int:
        """The colour of the first tag: the one chosen for it or above it, else one that its name always gets."""
        if not annotation.tags:
            return 0
        chosen = None
        if self._colours:
            from warreader.index.api import inherited_colour

            chosen = inherited_colour(annotation.tags[0], self._colours)
        return chosen if chosen is not None else 1 + sum(annotation.tags[0].casefold().encode()) % 97

    def is_marked(self, span: Span, tags: Sequence[str]) -> bool:
        """Whether the open article has an annotation of its own on just this span, with all of these tags."""
        page = self._screen.page
        here = page.article.id if page is not None else None
        standing = (self._here[key] for key, stands in self.spans.items() if stands == span)
        return any(
            held.article == here and not held.about and set(tags) <= set(held.tags) for held in standing
        )

    def around_cursor(self) -> list[Annotation]:
        """The annotations under the cursor, the innermost first."""
        cursor = self._screen.view.cursor
        around = [
            (len(span), -span.start, held) for held, span in self.spans.items() if span.contains(cursor)
        ]
        return [self._here[held] for _, _, held in sorted(around)]

    def at_cursor(self) -> Annotation | None:
        """The annotation meant: in the notes pane the highlighted one, else the one chosen under the cursor.

        Where none was chosen it is the innermost.
        """
        screen = self._screen
        if screen.active == "notes":
            return screen.notes.current()
        around = self.around_cursor()
        chosen = (one for one in around if one.id == self.chosen)
        return next(chosen, around[0] if around else None)

"""What is shown of the annotations on the open article: in the text, in its margin, under the cursor."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from warreader.index.api import NotFoundError, Span, WarreaderError
from warreader.tui.reading.layers import Painted
from warreader.tui.threads import in_thread

if TYPE_CHECKING:
    from warreader.index.api import Annotation, Annotations, Article, Carried
    from warreader.tui.screens.reader import ReaderScreen

    Own = tuple[int, Sequence[Annotation], Mapping[str, Span]]
    """The number of the store's state; the annotations made on an article; where those that stand do, by id."""


class Annotated:
    """The annotations on the open article, as they are shown."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self._generation = 0
        self.spans: dict[str, Span] = {}
        """Where they stand, by id."""
        self._here: dict[str, Annotation] = {}
        self._colours: dict[str, int] = {}
        self._painted: list[Painted] = []
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
        return generation, own, {held: span for held, span in placed if span is not None}

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
            if read is None or read[0] != self._store.generation():
                read = self._read(page.article)
            _, own, spans = read
        self._here = {one.id: one for one in (*own, *(one.annotation for one in self.carried))}
        self.spans = dict(spans)
        self.spans |= {one.annotation.id: one.span for one in self.carried if one.span is not None}
        self._colours = self._store.book.colours()
        self._painted = []
        marks = {}
        for held, span in self.spans.items():
            marks[span.start] = self._paint(self._here[held], span)
        self._screen.view.set_layer("highlights", self._painted)
        self._screen.view.set_marks(marks)

    def _paint(self, annotation: Annotation, span: Span) -> str:
        """Add an annotation to what is painted; the style of its sign in the margin."""
        paint = self._screen.paint
        number = self._colour(annotation)
        self._painted.append(Painted(span.start, span.end, paint.highlight(number)))
        return f"mark.{number % len(paint.theme.highlights)}"

    def show_one(self, annotation: Annotation, generation: int) -> None:
        """Show one annotation just made: among thousands it costs what it costs alone.

        Args:
            generation: the store's, just after.
        """
        page, span = self._screen.page, annotation.span
        alone = generation == self._generation + 1
        if not alone or page is None or span is None or page.article.id != annotation.article:
            self.refresh()
            return
        self._generation = generation
        self._here[annotation.id] = annotation
        self.spans[annotation.id] = span
        sign = self._paint(annotation, span)
        self._screen.view.set_layer("highlights", self._painted)
        self._screen.view.add_mark(span.start, sign)
        # The panes follow when the text is painted.
        self._screen.call_after_refresh(self._screen.annotating.noting.refresh)

    def place(self, annotation: Annotation) -> int | None:
        """Where an annotation stands in the open article, or ``None``; at its top if it concerns it as a whole."""
        if (span := self.spans.get(annotation.id)) is not None:
            return span.start
        return 0 if annotation.id in self._here and annotation.span is None else None

    def seen(self, generation: int) -> None:
        """Show what another process changed meanwhile, if that is no longer the one that is shown."""
        if generation != self._generation:
            self.refresh()

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

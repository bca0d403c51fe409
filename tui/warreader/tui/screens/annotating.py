"""Annotating: the reader's notes, tags and marks on the open article, and what their keys do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from warreader.index.api import NotFoundError, Span, WarreaderError
from warreader.tui.reading.layers import Painted
from warreader.tui.screens.asking import Asking, Subject, of
from warreader.tui.screens.marking import Marking
from warreader.tui.screens.noting import Noting
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.api import Annotation, Annotations, Article, Carried, Gesture
    from warreader.tui.screens.reader import ReaderScreen

    Own = tuple[int, Sequence[Annotation], Mapping[str, Span]]
    """The number of the store's state; the annotations made on an article; where those that stand do, by id."""

SELECT_FIRST = "select first: v and motions, s the sentence, Q the quotation, or drag"


class Annotating:
    """What is shown of the annotations on the open article, and the gestures that change single ones."""

    def __init__(self, screen: ReaderScreen, creator: str | None = None) -> None:
        self._screen = screen
        self._gestures = screen.gestures
        self._marking: Span | None = None
        self.creator = creator
        self._generation = 0
        self.current_tag: str | None = None
        self._undone: tuple[str | None, str] | None = None
        self.spans: dict[str, Span] = {}
        self._here: dict[str, Annotation] = {}
        self._colours: dict[str, int] = {}
        self._painted: list[Painted] = []
        self._carried: tuple[str | None, Sequence[Carried]] = (None, ())
        self.noting = Noting(screen, self)
        self.marking = Marking(screen, self)
        self.asking = Asking(screen, self)

    @property
    def store(self) -> Annotations:
        """The annotations."""
        return self._screen.library.annotations

    def start(self) -> None:
        """Go on with the tag used last. Not done at once: the first paint comes before the database."""
        self.current_tag = next(iter(self.store.recent_tags(1)), None)
        self.store.who = self.creator

    def do(self, what: str) -> None:
        """Obey one of :meth:`commands`."""
        self.commands()[what]()

    def commands(self) -> dict[str, Callable[[], None]]:
        """What ``annotation(...)`` does in the list of commands."""
        return {
            "article": self.noting.annotate_article,
            "entity": self.noting.annotate_entity,
            "words": self.noting.annotate_words,
            "edit": self.noting.edit,
            "show": self.noting.show_in_full,
            "filter": self.noting.filter,
            "codes": self.noting.code_book,
            "results": self.noting.tag_results,
            "all": self.marking.mark_all,
            "cycle": self.marking.cycle,
            "lit": self.marking.select_lit,
            "start_back": partial(self.marking.move_boundary, "start", forward=False),
            "start": partial(self.marking.move_boundary, "start", forward=True),
            "end_back": partial(self.marking.move_boundary, "end", forward=False),
            "end": partial(self.marking.move_boundary, "end", forward=True),
        }

    # showing

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
        generation, own = self.store.generation(), self.store.of(article.id)
        placed = ((one.id, one.span) for one in own if stands(one, article.text))
        return generation, own, {held: span for held, span in placed if span is not None}

    def refresh(self, own: Own | None = None) -> None:
        """Fetch again and show on text, margin, list and notes pane.

        Args:
            own: those of the open article, where they were read already (:meth:`read`).
        """
        self._generation = self.store.generation()
        screen = self._screen
        self._show(own)
        if screen.page is None:
            self.noting.refresh()
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
        self.noting.refresh()

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
            if read is None or read[0] != self.store.generation():
                read = self._read(page.article)
            _, own, spans = read
        self._here = {one.id: one for one in (*own, *(one.annotation for one in self.carried))}
        self.spans = dict(spans)
        self.spans |= {one.annotation.id: one.span for one in self.carried if one.span is not None}
        self._colours = self.store.book.colours()
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

    def _show_one(self, annotation: Annotation, generation: int) -> None:
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
        self._screen.call_after_refresh(self.noting.refresh)

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
        chosen = (one for one in around if one.id == self.marking.chosen)
        return next(chosen, around[0] if around else None)

    # gestures

    def annotate(self) -> None:
        """Open the dialogue on what a side pane highlights, on the selection, or the annotation at the cursor."""
        active = self._screen.active
        span = self._screen.view.selected
        if active == "entities":
            self.noting.annotate_entity()
        elif active == "quotations":
            self.noting.annotate_words()
        elif active == "articles" and span is None:
            self.noting.annotate_article()
        else:
            if span is None and self._gestures.refuses():
                return
            held = self.at_cursor() if span is None or active == "notes" else None
            if held is not None:
                self.asking.ask(of(held))
            elif span is not None and self._screen.page is not None:
                self.asking.ask(Subject(span.of(self._screen.page.article.text), span=span))
            else:
                self._screen.say(SELECT_FIRST)

    def mark(self) -> None:
        """Mark the selection with the current tag, at once."""
        span = self._screen.view.selected
        if span is None:
            self._screen.say(SELECT_FIRST)
        elif self._marking == span and self._gestures.busy:
            # Pressed again out of impatience.
            self._gestures.refuses()
        else:
            self._marking = span
            self._give(span, (self.current_tag,) if self.current_tag else ())

    def _give(self, span: Span, tags: Sequence[str]) -> None:
        """Mark the selection with tags, unless the very same is marked so already: it would count twice."""
        page = self._screen.page
        here = page.article.id if page is not None else None
        for key, stands in self.spans.items():
            held = self._here[key]
            if stands == span and held.article == here and not held.about and set(tags) <= set(held.tags):
                self._screen.view.stop_selecting()
                self._screen.say(" ".join(["marked already", *(f"#{plain(tag, 40)}" for tag in tags)]))
                return
        self.add(span, "", tags)

    def pick_tag(self, done: Callable[[str], None]) -> None:
        """Have a tag picked or made; it becomes the current one."""
        from warreader.tui.screens.typing_ahead import TagPicker

        def picked(tag: str | None) -> None:
            if tag is not None:
                self.current_tag = tag
                done(tag)

        known = dict.fromkeys(self.store.book.names(), 0) | {t.name: t.count for t in self.store.tags()}
        self._screen.app.push_screen(TagPicker(self.store.recent_tags(), known), picked)

    def tag(self) -> None:
        """Pick a tag: for the selection, the annotation under the cursor, or just to be the current one."""
        span = self._screen.view.selected
        if span is None and self._gestures.refuses():
            return
        held = self.at_cursor() if span is None else None

        def done(tag: str) -> None:
            if span is not None:
                self._give(span, (tag,))
            elif held is not None:
                self.change(held, "tagged", (tag,), tags=tuple(dict.fromkeys((*held.tags, tag))))
            else:
                self._screen.say(f"m marks with #{plain(tag, 40)} now")

        self.pick_tag(done)

    def add(
        self,
        span: Span | None,
        note: str,
        tags: Sequence[str],
        *,
        about: str | None = None,
        article: str | None = None,
        written: Callable[[], None] | None = None,
        missed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Annotate, and show it.

        Args:
            span: where, ``None`` for an article as a whole.
            about: see :class:`warreader.index.annotations.model.Annotation`.
            article: id of the article, the open one unless told.
            written: called when it is stored.
            missed: called with the error where it can't be.
        """
        page = self._screen.page
        article_id = article or (page.article.id if page is not None else None)
        if article_id is None:
            return
        shown = page.article.text if page is not None and page.article.id == article_id else None
        start, end = (span.start, span.end) if span is not None else (None, None)

        def work() -> tuple[Annotation, int]:
            text = "" if span is None else shown
            if text is None:
                text = self._screen.library.articles.text(article_id) or ""
            made = self.store.add(article_id, text, start, end, note, tags, self.creator, about)
            return made, self.store.generation()

        def done(result: tuple[Annotation, int]) -> None:
            if written is not None:
                written()
            if span in (None, self._screen.view.selected):
                self._screen.view.stop_selecting()
            made, generation = result
            if about is None:
                self._show_one(made, generation)
            else:
                self.refresh()
            self.saved("annotated" if note else "marked", made.tags)

        self._gestures.write(work, done, missed)

    def change(
        self,
        held: Annotation,
        what: str,
        named: Sequence[str] = (),
        *,
        written: Callable[[], None] | None = None,
        missed: Callable[[Exception], None] | None = None,
        **changes: Any,
    ) -> None:
        """Change an annotation, and show it.

        Args:
            what: was done, in words.
            named: tags to be told, the first of which is gone on with.
            written: called when it is stored.
            missed: called with the error where it can't be.
            changes: see :meth:`warreader.index.annotations.annotations.Annotations.update`.
        """

        def done(_: Annotation) -> None:
            if written is not None:
                written()
            self.refresh()
            self.saved(what, named)

        self._gestures.write(partial(self.store.update, held.id, **changes), done, missed or self._gone)

    def _gone(self, error: Exception) -> None:
        if isinstance(error, NotFoundError):
            self._screen.say("deleted meanwhile by another reader")
            self.refresh()

    def saved(self, what: str, tags: Sequence[str] = ()) -> None:
        """Say what was done, and go on with its first tag."""
        if tags:
            self.current_tag = tags[0]
        self._screen.say(" ".join([what, *(f"#{plain(tag, 40)}" for tag in tags)]) + " · u undoes")

    def delete(self) -> None:
        """Delete the annotation under the cursor, or the highlighted one in the notes pane."""
        if self._gestures.refuses():
            return
        held = self.at_cursor()
        if held is None:
            self._screen.say("no annotation under the cursor; ] goes to the next")
            return

        def done(_: None) -> None:
            self._screen.say("annotation deleted · u undoes")
            self.refresh()

        self._gestures.write(partial(self.store.delete, held.id), done, self._gone)

    def undo(self) -> None:
        """Take back the last gesture."""
        self._travel_history(self.store.undo, "nothing to undo")

    def redo(self) -> None:
        """Do it again."""
        self._travel_history(self.store.redo, "nothing to redo")

    def _travel_history(self, step: Callable[[], Gesture | None], nothing: str) -> None:
        if self._gestures.refuses():
            return
        tag, undone, store = self.current_tag, self._undone, self.store

        def work() -> tuple[Gesture | None, str | None]:
            """What was done, and the tag to go on with."""
            known = tag is not None and store.knows(tag)
            change = step()
            if tag is not None and known and not store.knows(tag):
                # It would be made again with the next mark: the latest in use takes its place.
                return change, next(iter(store.recent_tags(1)), None)
            back = undone is not None and undone[0] == tag and store.knows(undone[1])
            return change, undone[1] if undone is not None and back else tag

        def done(result: tuple[Gesture | None, str | None]) -> None:
            change, other = result
            # Another may have been picked meanwhile.
            if self.current_tag == tag != other:
                came_back = undone is not None and undone == (tag, other)
                self.current_tag, self._undone = other, None if came_back or tag is None else (other, tag)
            self._report(nothing, change)

        self._gestures.write(work, done)

    def _report(self, nothing: str, change: Gesture | None) -> None:
        if change is None:
            self._screen.say(nothing)
            return
        self.refresh()
        self._screen.say(plain(change.words, 120))
        page = self._screen.page
        if change.subject in ("correction", "ruling"):
            here = page is not None and change.article == page.article.id
            self._screen.correcting.changed(change.span if here else None)
        elif page is not None and change.article == page.article.id and change.span is not None:
            self._screen.view.go(change.span.start, centre=True)

    def step(self, *, forward: bool) -> None:
        """To the next or previous annotation of the article."""
        cursor = self._screen.view.cursor
        starts = sorted(span.start for span in self.spans.values())
        found = [s for s in starts if s > cursor] if forward else [s for s in reversed(starts) if s < cursor]
        if found:
            self._screen.view.go(found[0], centre=True)
        else:
            self._screen.say("no further annotation in this article; 5 lists all")

"""Annotating: what the keys for notes, tags and marks do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from warreader.index.article import Span
from warreader.index.errors import NotFoundError, WarreaderError
from warreader.tui.reading.layers import Painted
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.annotations.annotations import Annotations
    from warreader.index.annotations.following import Carried
    from warreader.index.annotations.model import Annotation, Change
    from warreader.tui.screens.dialogs import NoteAndTags
    from warreader.tui.screens.reader import ReaderScreen


class Annotating:
    """The reader's annotations on the open article, and the gestures that change them."""

    def __init__(self, screen: ReaderScreen, creator: str | None = None) -> None:
        self._screen = screen
        self._creator = creator
        self._generation = 0
        self.current_tag: str | None = None
        self._spans: dict[str, Span] = {}
        self._here: dict[str, Annotation] = {}
        self._carried: tuple[str | None, Sequence[Carried]] = (None, ())

    @property
    def _store(self) -> Annotations:
        return self._screen.library.annotations

    def start(self) -> None:
        """Go on with the tag used last. Not done at once: the first paint comes before the database."""
        self.current_tag = next(iter(self._store.recent_tags(1)), None)

    # showing

    def refresh(self) -> None:
        """Fetch again and show on text, margin, list and notes pane."""
        self._generation = self._store.generation()
        screen = self._screen
        self._show()
        if screen.page is not None:
            fetch = partial(self._fetch_carried, screen.page.article.id)
            screen.run_worker(fetch, thread=True, exclusive=True, group="carried", exit_on_error=False)

    def _fetch_carried(self, article_id: str) -> None:
        from warreader.index.annotations.following import annotations_of

        try:
            found = annotations_of(self._screen.library, article_id)
        except NotFoundError:
            return
        others = [one for one in found if one.annotation.article != article_id]
        self._screen.app.call_from_thread(self._take_carried, article_id, others)

    def _take_carried(self, article_id: str, carried: Sequence[Carried]) -> None:
        page = self._screen.page
        if page is not None and page.article.id == article_id and self._carried != (article_id, carried):
            self._carried = (article_id, carried)
            self._show()

    def _show(self) -> None:
        screen = self._screen
        current = screen.page.article.id if screen.page else None
        carried = self._carried[1] if self._carried[0] == current else ()
        everything = self._store.all()
        own = [one for one in everything if one.article == current]
        self._here = {one.id: one for one in (*own, *(one.annotation for one in carried))}
        self._spans = {one.id: one.span for one in own if one.span is not None}
        self._spans |= {one.annotation.id: one.span for one in carried if one.span is not None}
        colours = {tag.name.casefold(): tag.color for tag in self._store.tags()}
        painted, marks = [], {}
        for held, span in self._spans.items():
            number = self._colour(self._here[held], colours)
            painted.append(Painted(span.start, span.end, screen.paint.highlight(number)))
            marks[span.start] = f"mark.{number % len(screen.paint.theme.highlights)}"
        screen.view.set_layer("highlights", painted)
        screen.view.set_marks(marks)
        screen.show_notes(everything, carried)

    def place(self, annotation: Annotation) -> int | None:
        """Where an annotation stands in the open article, or ``None``; at its top if it concerns it as a whole."""
        if (span := self._spans.get(annotation.id)) is not None:
            return span.start
        return 0 if annotation.id in self._here and annotation.span is None else None

    def look(self) -> None:
        """Show what another process changed meanwhile."""
        if self._store.generation() != self._generation:
            self.refresh()

    @staticmethod
    def _colour(annotation: Annotation, colours: dict[str, int | None]) -> int:
        """The colour of the first tag: the one chosen for it, else one that its name always gets."""
        if not annotation.tags:
            return 0
        name = annotation.tags[0].casefold()
        chosen = colours.get(name)
        return chosen if chosen is not None else 1 + sum(name.encode()) % 97

    def at_cursor(self) -> Annotation | None:
        """The innermost annotation under the cursor; in the notes pane the highlighted one."""
        screen = self._screen
        if screen.active == "notes":
            return screen.notes.current()
        around = [
            (len(span), -span.start, held)
            for held, span in self._spans.items()
            if span.contains(screen.view.cursor)
        ]
        return self._here[min(around)[2]] if around else None

    # gestures

    def annotate(self) -> None:
        """Open the dialogue on the selection, else on the annotation under the cursor."""
        from warreader.tui.screens.dialogs import AnnotateDialog

        span = self._screen.view.selected
        held = self.at_cursor() if span is None or self._screen.active == "notes" else None
        if held is None and span is None:
            self._screen.say("select first: v and motions, s the sentence, Q the quotation, or drag")
            return
        text = self._screen.page.article.text if self._screen.page else ""
        quoted = held.exact if held is not None else span.of(text) if span is not None else ""
        tags = held.tags if held is not None else ()

        def done(result: NoteAndTags | None) -> None:
            if result is None:
                return
            if held is not None:
                self._store.update(held.id, note=result.note, tags=result.tags)
                self._saved("annotation changed", result.tags)
            elif span is not None:
                self._add(span, result.note, result.tags)

        known = [tag.name for tag in self._store.tags(recent=True)]
        self._screen.app.push_screen(AnnotateDialog(quoted, held.note if held else "", tags, known), done)

    def mark(self) -> None:
        """Mark the selection with the current tag, at once."""
        span = self._screen.view.selected
        if span is None:
            self._screen.say("select first: v and motions, s the sentence, Q the quotation, or drag")
            return
        self._add(span, "", (self.current_tag,) if self.current_tag else ())

    def tag(self) -> None:
        """Pick a tag: for the selection, the annotation under the cursor, or just to be the current one."""
        from warreader.tui.screens.dialogs import TagPicker

        span = self._screen.view.selected
        held = self.at_cursor() if span is None else None

        def done(tag: str | None) -> None:
            if tag is None:
                return
            self.current_tag = tag
            if span is not None:
                self._add(span, "", (tag,))
            elif held is not None:
                self._store.update(held.id, tags=tuple(dict.fromkeys((*held.tags, tag))))
                self._saved("tagged", (tag,))
            else:
                self._screen.say(f"m marks with #{plain(tag, 40)} now")

        known = {tag.name: tag.count for tag in self._store.tags()}
        self._screen.app.push_screen(TagPicker(self._store.recent_tags(), known), done)

    def _add(self, span: Span, note: str, tags: Sequence[str]) -> None:
        page = self._screen.page
        if page is None:
            return
        try:
            self._store.add(
                page.article.id,
                page.article.text,
                span.start,
                span.end,
                note=note,
                tags=tags,
                creator=self._creator,
            )
        except ValueError as error:
            self._screen.say(str(error))
            return
        self._screen.view.stop_selecting()
        self._saved("annotated" if note else "marked", tags)

    def _saved(self, what: str, tags: Sequence[str]) -> None:
        if tags:
            self.current_tag = tags[0]
        self.refresh()
        self._screen.say(" ".join([what, *(f"#{plain(tag, 40)}" for tag in tags)]) + " · u undoes")

    def delete(self) -> None:
        """Delete the annotation under the cursor, or the highlighted one in the notes pane."""
        held = self.at_cursor()
        if held is None:
            self._screen.say("no annotation under the cursor; ] goes to the next")
            return
        self._store.delete(held.id)
        self.refresh()
        self._screen.say("annotation deleted · u undoes")

    def undo(self) -> None:
        """Take back the last gesture."""
        self._travel_history(self._store.undo, "nothing to undo")

    def redo(self) -> None:
        """Do it again."""
        self._travel_history(self._store.redo, "nothing to redo")

    def _travel_history(self, step: Callable[[], Change | None], nothing: str) -> None:
        # In a thread: what corrections change in the library may have to wait for a run of adding.
        self._screen.run_worker(partial(self._step_history, step, nothing), thread=True, group="undo")

    def _step_history(self, step: Callable[[], Change | None], nothing: str) -> None:
        screen = self._screen
        try:
            change = step()
        except WarreaderError as error:
            screen.app.call_from_thread(screen.say, plain(str(error), 200))
            return
        screen.app.call_from_thread(self._report, change, nothing)

    def _report(self, change: Change | None, nothing: str) -> None:
        if change is None:
            self._screen.say(nothing)
            return
        self.refresh()
        self._screen.say(plain(change.words, 120))
        page = self._screen.page
        if change.subject != "annotation":
            here = page is not None and change.article == page.article.id
            self._screen.correcting.changed(change.span if here else None)
        elif page is not None and change.article == page.article.id and change.span is not None:
            self._screen.view.go(change.span.start, centre=True)

    def step(self, *, forward: bool) -> None:
        """To the next or previous annotation of the article."""
        cursor = self._screen.view.cursor
        starts = sorted(span.start for span in self._spans.values())
        found = [s for s in starts if s > cursor] if forward else [s for s in reversed(starts) if s < cursor]
        if found:
            self._screen.view.go(found[0], centre=True)
        else:
            self._screen.say("no further annotation in this article; 5 lists all")

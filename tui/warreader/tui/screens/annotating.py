"""Annotating: what the keys for notes, tags and marks do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from warreader.index.api import NotFoundError, Span
from warreader.tui.screens.annotated import One
from warreader.tui.screens.asking import Asking, Subject, of
from warreader.tui.screens.current_tag import CurrentTag
from warreader.tui.screens.marking import Marking
from warreader.tui.screens.noting import Noting
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.api import Annotation, Annotations, Gesture
    from warreader.tui.screens.annotated import Own
    from warreader.tui.screens.reader import ReaderScreen

SELECT_FIRST = "select first: v and motions, s the sentence, Q the quotation, or drag"


class Annotating:
    """The gestures that make and change single annotations."""

    def __init__(self, screen: ReaderScreen, creator: str | None = None) -> None:
        self._screen = screen
        self._shown = screen.annotated
        self._gestures = screen.gestures
        self._marking: Span | None = None
        self.creator = creator
        self.tag_in_use = CurrentTag(screen)
        self.noting = Noting(screen, self)
        self.marking = Marking(screen, self)
        self.asking = Asking(screen, self)

    @property
    def store(self) -> Annotations:
        """The annotations."""
        return self._screen.library.annotations

    @property
    def current_tag(self) -> str | None:
        """The tag that marks get without being asked."""
        return self.tag_in_use.name

    @current_tag.setter
    def current_tag(self, name: str | None) -> None:
        self.tag_in_use.name = name

    def start(self) -> None:
        """Go on with the tag used last. Not done at once: the first paint comes before the database."""
        self.tag_in_use.start()
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
            held = self._shown.at_cursor() if span is None or active == "notes" else None
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
        if self._shown.is_marked(span, tags):
            self._screen.view.stop_selecting()
            self._screen.say(" ".join(["marked already", *(f"#{plain(tag, 40)}" for tag in tags)]))
            return
        self.add(span, "", tags)

    def pick_tag(self, done: Callable[[str], None], about: str = "") -> None:
        """Have a tag picked or made; it becomes the current one.

        Args:
            about: what is to have it, where that is not in sight.
        """
        from warreader.tui.screens.typing_ahead import TagPicker

        def picked(tag: str | None) -> None:
            if tag is not None:
                self.current_tag = tag
                done(tag)

        known = dict.fromkeys(self.store.book.names(), 0) | {t.name: t.count for t in self.store.tags()}
        self._screen.app.push_screen(TagPicker(self.store.recent_tags(), known, about), picked)

    def tag(self) -> None:
        """Pick a tag: for the selection, the annotation under the cursor, or just to be the current one."""
        span = self._screen.view.selected
        if span is None and self._gestures.refuses():
            return
        held = self._shown.at_cursor() if span is None else None

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

        def work() -> One:
            text = "" if span is None else shown
            if text is None:
                text = self._screen.library.articles.text(article_id) or ""
            made = self.store.add(article_id, text, start, end, note, tags, self.creator, about)
            return One(made.id, made, self.store.generation())

        def done(one: One) -> None:
            if written is not None:
                written()
            if span in (None, self._screen.view.selected):
                self._screen.view.stop_selecting()
            self._shown.show_one(one)
            self.saved("annotated" if note else "marked", one.annotation.tags if one.annotation else ())

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

        def work() -> One:
            changed = self.store.update(held.id, **changes)
            return One(held.id, changed, self.store.generation())

        def done(one: One) -> None:
            if written is not None:
                written()
            self._shown.show_one(one)
            self.saved(what, named)

        self._gestures.write(work, done, missed or self._gone)

    def _gone(self, error: Exception) -> None:
        if isinstance(error, NotFoundError):
            self._screen.say("deleted meanwhile by another reader")
            self._shown.refresh()

    def saved(self, what: str, tags: Sequence[str] = ()) -> None:
        """Say what was done, and go on with its first tag."""
        if tags:
            self.current_tag = tags[0]
        self._screen.say(" ".join([what, *(f"#{plain(tag, 40)}" for tag in tags)]) + " · u undoes")

    def delete(self) -> None:
        """Delete the annotation under the cursor, or the highlighted one in the notes pane."""
        if self._gestures.refuses():
            return
        held = self._shown.at_cursor()
        if held is None:
            self._screen.say("no annotation under the cursor; ] goes to the next")
            return

        def work() -> One:
            self.store.delete(held.id)
            return One(held.id, None, self.store.generation())

        def done(one: One) -> None:
            self._screen.say("annotation deleted · u undoes")
            self._shown.show_one(one)

        self._gestures.write(work, done, self._gone)

    def undo(self) -> None:
        """Take back the last gesture."""
        self._travel_history(self.store.undo, "nothing to undo")

    def redo(self) -> None:
        """Do it again."""
        self._travel_history(self.store.redo, "nothing to redo")

    def _travel_history(self, step: Callable[[], Gesture | None], nothing: str) -> None:
        if self._gestures.refuses():
            return

        page = self._screen.page

        def stepped() -> tuple[Gesture | None, One | Own | None]:
            change = step()
            if change is not None and change.subject == "annotation" and change.count == 1:
                return change, self._one(change.annotation)
            return change, self._shown.read(page.article) if change is not None and page is not None else None

        def done(result: tuple[tuple[Gesture | None, One | Own | None], Callable[[], None]]) -> None:
            (change, read), settle = result
            settle()
            self._report(nothing, change, read)

        self._gestures.write(self.tag_in_use.following(stepped), done)

    def _one(self, annotation_id: str) -> One:
        """What an annotation is now."""
        try:
            annotation = self.store.get(annotation_id)
        except NotFoundError:
            annotation = None
        return One(annotation_id, annotation, self.store.generation())

    def _report(self, nothing: str, change: Gesture | None, read: One | Own | None) -> None:
        if change is None:
            self._screen.say(nothing)
            return
        if isinstance(read, One):
            self._shown.show_one(read)
        else:
            self._shown.refresh(read)
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
        starts = sorted(span.start for span in self._shown.spans.values())
        found = [s for s in starts if s > cursor] if forward else [s for s in reversed(starts) if s < cursor]
        if found:
            self._screen.view.go(found[0], centre=True)
        else:
            self._screen.say("no further annotation in this article; 5 lists all")

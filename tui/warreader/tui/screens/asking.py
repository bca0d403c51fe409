"""Note and tags in one dialogue: it stays until they are written, and nothing typed is lost where they can't be."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.widgets import Input

from warreader.index.api import NotFoundError, Span
from warreader.tui.screens.gestures import in_one_line
from warreader.tui.threads import InTurn, in_thread
from warreader.tui.unsaved import Unsaved, UnsavedNotes

if TYPE_CHECKING:
    from warreader.index.api import Annotation
    from warreader.tui.app import WarreaderApp
    from warreader.tui.editor import Draft
    from warreader.tui.screens.annotate_dialog import AnnotateDialog
    from warreader.tui.screens.annotating import Annotating
    from warreader.tui.screens.reader import ReaderScreen

_QUIET, _LOOK = 0.5, 0.1
"""Seconds without a key after which a dialogue may come unasked, and between two looks whether it may."""
_RECENT = 200
"""Tags that are offered by when they were used; all others by name."""
_GONE = "deleted meanwhile by another reader; saved again it is made anew"


@dataclass(frozen=True, slots=True)
class Subject:
    """What note and tags are on.

    Args:
        quoted: in words.
        held: the annotation to change; ``None``: a new one.
        span: where it stands, ``None`` for an article as a whole.
        about: see :class:`warreader.index.annotations.model.Annotation`.
        article: id of the article, the open one unless told.
    """

    quoted: str
    held: Annotation | None = None
    span: Span | None = None
    about: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class NoteAndTags:
    """What the annotation dialogue was left with."""

    note: str
    tags: tuple[str, ...]


def of(held: Annotation, quoted: str = "") -> Subject:
    """An annotation there is, with what to make it of should it be gone by then."""
    words = held.exact or quoted or ("the whole article" if held.entity is None else held.entity)
    return Subject(words, held, held.span, held.about, held.article)


class Asking:
    """Opens the dialogue and writes what it is left with."""

    def __init__(self, screen: ReaderScreen, annotating: Annotating) -> None:
        self._screen = screen
        self._annotating = annotating
        self._kept = False
        self._in_turn = InTurn(screen)
        self._unsaved = (
            None
            if screen.unsaved is None or screen.library.read_only
            else UnsavedNotes(screen.unsaved, screen.library.folder)
        )

    # what is typed, should the reader be killed

    def start(self) -> None:
        """Ask again for a note that was being written when a reader of this library was killed.

        Keys that are pressed meanwhile are meant for the reader: nobody waits for what comes unasked.
        """
        if self._unsaved is not None:
            in_thread(self._screen, partial(self._take, self._unsaved), group="unsaved")

    def _take(self, notes: UnsavedNotes) -> None:
        found = notes.take()
        if found is not None:
            self._screen.app.call_from_thread(self._resume, found)

    def _resume(self, found: Unsaved) -> None:
        screen = self._screen
        app = cast("WarreaderApp", screen.app)
        if app.screen is not screen or isinstance(app.focused, Input) or not app.in_order.quiet(_QUIET):
            # Not into the midst of what is being typed.
            screen.set_timer(_LOOK, partial(self._resume, found))
            return
        self._kept = True
        if self._unsaved is not None:
            self._in_turn.do(self._unsaved.asked_again)
        store = self._annotating.store
        span = None if found.start is None or found.end is None else Span(found.start, found.end)
        held = None
        if found.held is not None:
            with contextlib.suppress(NotFoundError):
                held = store.get(found.held)
        typed = NoteAndTags(found.note, found.tags)
        there = [held] if held is not None else store.of(found.article) if found.article is not None else []
        if any((one.note, one.tags, one.span) == (found.note, found.tags, span) for one in there):
            # It was written, and the reader killed before that was known.
            self._forget()
            return
        subject = Subject(found.quoted, held, span, found.about, found.article)
        self.ask(subject, typed, "not saved when the reader ended; ctrl+s saves it now", unasked=True)

    def _keep(self, subject: Subject, typed: NoteAndTags | None) -> None:
        if typed is None or self._unsaved is None:
            self._forget()
            return
        self._kept = True
        span, held = subject.span, subject.held
        unsaved = Unsaved(
            typed.note,
            typed.tags,
            subject.quoted,
            subject.article,
            None if span is None else span.start,
            None if span is None else span.end,
            subject.about,
            None if held is None else held.id,
        )
        self._in_turn.do(partial(self._unsaved.keep, unsaved), instead="note")

    def _forget(self, _: object = None) -> None:
        if self._kept and self._unsaved is not None:
            self._kept = False
            self._in_turn.do(self._unsaved.forget, instead="note")

    def finish(self) -> None:
        """Before the reader ends: a note that was saved is not asked for again. Not on the event loop."""
        self._in_turn.finish(1.0)

    def close(self) -> None:
        """Begin nothing any more."""
        self._in_turn.close()

    # asking

    def ask(
        self,
        subject: Subject,
        typed: NoteAndTags | None = None,
        problem: str = "",
        draft: Draft | None = None,
        *,
        unasked: bool = False,
    ) -> None:
        """Ask for note and tags.

        Args:
            typed: what stands there at first, unless it is what the annotation has.
            problem: why it is asked again.
            draft: what an editor left of the note, to be kept until it is written.
            unasked: no key led to it.
        """
        from warreader.tui.screens.annotate_dialog import AnnotateDialog

        store, held = self._annotating.store, subject.held
        if subject.article is None and self._screen.page is not None:
            # Another one may be open when it is written.
            subject = replace(subject, article=self._screen.page.article.id)
        before = NoteAndTags(held.note, held.tags) if held is not None else NoteAndTags("", ())

        def save(result: NoteAndTags) -> None:
            self._write(subject, result, dialog)

        # Of those that begin as is typed the one used last is offered.
        known = [*store.recent_tags(_RECENT), *store.book.names()]
        dialog = AnnotateDialog(
            subject.quoted,
            before if typed is None else typed,
            list(dict.fromkeys(known)),
            save,
            problem,
            draft,
            before,
            partial(self._keep, subject),
        )
        dialog.unasked = unasked
        self._screen.app.push_screen(dialog, self._forget)

    def _write(self, subject: Subject, result: NoteAndTags, dialog: AnnotateDialog) -> None:
        missed = partial(self._missed, subject, result, dialog)

        def written() -> None:
            if dialog.draft is not None:
                dialog.draft.discard()
            dialog.written()

        if (held := subject.held) is None:
            self._annotating.add(
                subject.span,
                result.note,
                result.tags,
                about=subject.about,
                article=subject.article,
                written=written,
                missed=missed,
            )
        else:
            self._annotating.change(
                held,
                "annotation changed",
                result.tags,
                note=result.note,
                tags=result.tags,
                written=written,
                missed=missed,
            )

    def _missed(
        self, subject: Subject, result: NoteAndTags, dialog: AnnotateDialog, error: Exception
    ) -> None:
        told = in_one_line(error)
        if isinstance(error, NotFoundError) and subject.held is not None:
            told = _GONE
            subject = replace(subject, held=None)
        # In the place of the one that waited: what is saved then may have to be made anew.
        dialog.written()
        self.ask(subject, result, told, dialog.draft)

"""Note and tags in one dialogue: it stays until they are written, and nothing typed is lost where they can't be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from warreader.index.api import NotFoundError, Span
from warreader.tui.screens.gestures import in_one_line

if TYPE_CHECKING:
    from warreader.index.api import Annotation
    from warreader.tui.editor import Draft
    from warreader.tui.screens.annotating import Annotating
    from warreader.tui.screens.dialogs import AnnotateDialog, NoteAndTags
    from warreader.tui.screens.reader import ReaderScreen

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


def of(held: Annotation, quoted: str = "") -> Subject:
    """An annotation there is, with what to make it of should it be gone by then."""
    words = held.exact or quoted or ("the whole article" if held.entity is None else held.entity)
    return Subject(words, held, held.span, held.about, held.article)


class Asking:
    """Opens the dialogue and writes what it is left with."""

    def __init__(self, screen: ReaderScreen, annotating: Annotating) -> None:
        self._screen = screen
        self._annotating = annotating

    def ask(
        self,
        subject: Subject,
        typed: NoteAndTags | None = None,
        problem: str = "",
        draft: Draft | None = None,
    ) -> None:
        """Ask for note and tags.

        Args:
            typed: what stands there at first, unless it is what the annotation has.
            problem: why it is asked again.
            draft: what an editor left of the note, to be kept until it is written.
        """
        from warreader.tui.screens.dialogs import AnnotateDialog, NoteAndTags

        store, held = self._annotating.store, subject.held
        if subject.article is None and self._screen.page is not None:
            # Another one may be open when it is written.
            subject = replace(subject, article=self._screen.page.article.id)
        if typed is None:
            typed = NoteAndTags(held.note, held.tags) if held is not None else NoteAndTags("", ())

        def save(result: NoteAndTags) -> None:
            self._write(subject, result, dialog)

        known = [*(tag.name for tag in store.tags(recent=True)), *store.book.names()]
        dialog = AnnotateDialog(subject.quoted, typed, list(dict.fromkeys(known)), save, problem, draft)
        self._screen.app.push_screen(dialog)

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

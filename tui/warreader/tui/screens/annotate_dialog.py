"""The dialogue for note and tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from warreader.tui.screens.asking import NoteAndTags
from warreader.tui.screens.modal import Modal
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.steady import SteadyInput, SteadyTextArea

if TYPE_CHECKING:
    from warreader.tui.editor import Draft

_LATE = 0.4
"""Seconds after which it is told that writing takes long."""
KEPT_AFTER = 1.0
"""Seconds after which what was typed is kept, should the reader be killed."""


def parse_tags(text: str) -> tuple[str, ...]:
    """Tags as typed, separated by commas; a leading ``#`` is dropped."""
    tags = (tag.strip().lstrip("#").strip() for tag in text.split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


class AnnotateDialog(Modal[None]):
    """Note and tags for one span, in one dialogue. It stays until it is told that they are written.

    Args:
        quoted: what they are on.
        typed: what stands there at first.
        known: tags to be offered.
        save: begins to write.
        problem: why it was not written before.
        draft: what an editor left of the note.
        before: what is stored, where something else stands there at first.
        keep: called now and then with what stands there, ``None`` where that is what is stored.
    """

    DEFAULT_CSS = """
    AnnotateDialog > Vertical { width: 72; max-width: 96%; height: auto; max-height: 90%; }
    AnnotateDialog #quoted { height: auto; max-height: 5; color: $text-muted; margin-bottom: 1; }
    AnnotateDialog TextArea { height: 7; border: tall $border-blurred; background: $background; }
    AnnotateDialog TextArea:focus { border: tall $border; }
    AnnotateDialog Input { border: tall $border-blurred; background: $background; }
    AnnotateDialog Input:focus { border: tall $border; }
    AnnotateDialog #problem { height: auto; color: $text-warning; display: none; }
    AnnotateDialog .hint { height: 1; }
    """
    BINDINGS = [  # noqa: RUF012
        Binding("escape", "cancel", "Cancel"),
        # Not a priority key: it must not overtake letters typed just before it.
        Binding("ctrl+s", "save", "Save"),
        Binding("ctrl+e", "editor", "Editor", priority=True),
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(
        self,
        quoted: str,
        typed: NoteAndTags,
        known: Sequence[str],
        save: Callable[[NoteAndTags], None],
        problem: str = "",
        draft: Draft | None = None,
        before: NoteAndTags | None = None,
        keep: Callable[[NoteAndTags | None], None] = lambda _: None,
    ) -> None:
        super().__init__()
        self.draft = draft
        """What an editor left of the note: kept until it is written."""
        self._quoted = quoted
        self._typed = typed
        self._before = typed if before is None else before
        self._keep_typed = keep
        self._due: Timer | None = None
        self._known = known
        self._save = save
        self._problem = problem
        self._saving = False
        self._written = False
        self._warned = False

    def compose(self) -> ComposeResult:
        """Quotation, note, tags."""
        with Vertical() as frame:
            frame.border_title = "Annotate"
            yield Static(f"▎{plain(self._quoted, 300)}", id="quoted", markup=False)
            tags = SteadyInput(
                # What is typed next is a tag of its own.
                "".join(f"{tag}, " for tag in self._typed.tags),
                placeholder="separated by commas",
                id="tags",
                suggester=_LastTag(self._known),
                select_on_focus=False,
            )
            tags.border_title = "Tags"
            yield tags
            note = SteadyTextArea(self._typed.note, id="note", tab_behavior="focus")
            note.border_title = "Note"
            yield note
            yield Static("", id="problem", markup=False)
            yield Static("", classes="hint")

    def on_mount(self) -> None:
        """Tags first: the commoner case is one word and enter."""
        self.query_one("#tags", Input).focus()
        if self._problem:
            self._tell(self._problem)
        if self._typed != self._before:
            self._go_on()

    def _tell(self, problem: str) -> None:
        told = self.query_one("#problem", Static)
        told.update(problem)
        told.display = True

    def on_descendant_focus(self) -> None:
        """What enter and tab do depends on the box."""
        if not self._saving:
            saves, other = (
                ("ctrl+s", "tags") if self.query_one("#note").has_focus else ("enter, ctrl+s", "note")
            )
            self.query_one(".hint", Static).update(
                f"{saves} save · tab {other} · ctrl+e editor · esc drops it"
            )

    @on(Input.Submitted)
    def action_save(self) -> None:
        """Have what stands there written."""
        if self._saving:
            return
        self._saving = True
        self.set_timer(_LATE, self._wait)
        self._save(self._now)

    @property
    def _now(self) -> NoteAndTags:
        """What stands there."""
        note, tags = self.query_one("#note", TextArea).text, self.query_one("#tags", Input).value
        return NoteAndTags(note.strip(), parse_tags(tags))

    def _wait(self) -> None:
        """What is being written is not changed any more."""
        self._tell("waiting to write: another process is writing to the annotations")
        self.query_one("#note", TextArea).read_only = True
        self.query_one("#tags", Input).disabled = True
        self.query_one(".hint", Static).update("esc closes; it is written all the same")

    def written(self) -> None:
        """There is nothing to keep any more: leave."""
        self._written = True
        if self.is_active:
            self.dismiss(None)

    def on_screen_resume(self) -> None:
        """Something may have stood over it when it was written."""
        if self._written:
            self.dismiss(None)

    def _keep(self, draft: Draft | None) -> None:
        if self.draft is not None:
            self.draft.discard()
        self.draft = draft

    def action_editor(self) -> None:
        """Write the note in the user's editor; what it leaves stands here then."""
        from textual.app import SuspendNotSupported

        from warreader.tui.editor import EditorError, edit_in

        note = self.query_one("#note", TextArea)
        if self._saving:
            return
        try:
            draft = edit_in(self.app, note.text)
            if draft.text != note.text:
                self._keep(draft)
                note.text = draft.text
        except SuspendNotSupported:
            self.notify("this terminal can't give way to an editor", severity="warning", markup=False)
        except EditorError as error:
            self.notify(plain(str(error), 300), severity="error", markup=False)
        note.focus()

    def action_cancel(self) -> None:
        """Leave without; of what was written anew only at the second time, for nothing brings it back."""
        if self._saving or self._warned or (self._now == self._before and self.draft is None):
            if not self._saving:
                self._keep(None)
            self.dismiss(None)
            return
        self._warned = True
        self._tell("esc again drops what you wrote; ctrl+s saves it")

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _go_on(self) -> None:
        if self._warned:
            self._warned = False
            self.query_one("#problem").display = False
        if self._due is None:
            self._due = self.set_timer(KEPT_AFTER, self._keep_what_stands)

    def parting(self) -> None:
        """What was typed last is kept at once, not in a second."""
        if self._due is not None:
            self._due.stop()
            self._keep_what_stands()

    def _keep_what_stands(self) -> None:
        self._due = None
        if not self.left:
            self._keep_typed(None if self._now == self._before else self._now)


class _LastTag(SuggestFromList):
    """Completes the last of several tags."""

    async def get_suggestion(self, value: str) -> str | None:
        """The whole box with its last tag completed."""
        done, comma, last = value.rpartition(",")
        lead = last[: len(last) - len(last.lstrip())]
        found = await super().get_suggestion(last.strip()) if last.strip() else None
        return f"{done}{comma}{lead}{found}" if found else None

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(known, case_sensitive=False)

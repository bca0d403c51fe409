"""The reader's notes over all articles: filtered as is typed, each row read when it comes to the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from warreader.tui.commands import DEFAULT_KEYS, bindings
from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.lists import FilterBox, plain
from warreader.tui.widgets.row_list import RowList, fitted

if TYPE_CHECKING:
    from warreader.index.api import Annotation, Carried

_LINES = 3
_AHEAD = 60
"""Rows read at a time around one that comes to the screen."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What the pane lists.

    Args:
        keys: of the annotations, in order.
        here: how many of them, from the first, belong to the open article.
        total: how many there are unfiltered.
        current: id of the open article.
        carried: annotations that the open article shows though they were made elsewhere, or that it has lost,
            by annotation id.
        names: names of entities that notes are about, by entity id.
        places: the place of each key.
    """

    keys: Sequence[str] = ()
    here: int = 0
    total: int = 0
    current: str | None = None
    carried: Mapping[str, Carried] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)


class NoteRows(RowList):
    """The list, with the key for what it lists."""

    BINDINGS = bindings("notes", DEFAULT_KEYS)
    key_scopes = ("notes", "list", "global")

    class Scope(Message):
        """The notes of something else are wanted."""

    def action_scope(self) -> None:
        """Of all articles, or of the results."""
        self.post_message(self.Scope())


class NotesPane(Vertical):
    """The filter over the list of notes.

    Args:
        read: reads the annotations of some keys.
        about: title and outlet of an article by its id.
    """

    DEFAULT_CSS = """
    NotesPane { height: 1fr; }
    NotesPane Input { border: none; height: 1; padding: 0 1; background: $surface; }
    NotesPane Input:focus { border: none; background: $panel; }
    NotesPane #no-notes { padding: 0 1; height: auto; color: $text-muted; }
    """

    class Go(Message):
        """An annotation is to be gone to."""

        def __init__(self, annotation: Annotation) -> None:
            super().__init__()
            self.annotation = annotation

    class Filtered(Message):
        """Another filter was typed, or the notes of something else are wanted."""

    class Unasked(Message):
        """The results were wanted, but nothing is searched for."""

    def __init__(
        self,
        theme: ReaderTheme,
        read: Callable[[Sequence[str]], Mapping[str, Annotation]],
        about: Callable[[str], tuple[str, str | None]],
        *,
        id: str,
    ) -> None:
        super().__init__(id=id)
        self.theme = theme
        self._read = read
        self._about = about
        self._notes = Notes()
        self._query: str | None = None
        self._of_results = False
        self._known: dict[str, Annotation] = {}

    def compose(self) -> ComposeResult:
        """The filter, the list."""
        yield FilterBox(placeholder="g f filters: words #tag outlet: date:", id="notes-filter")
        yield Static("", id="no-notes", markup=False)
        yield NoteRows(self._row, id="notes-rows")

    @property
    def rows(self) -> RowList:
        """The list."""
        return self.query_one("#notes-rows", RowList)

    @property
    def box(self) -> Input:
        """The filter."""
        return self.query_one("#notes-filter", Input)

    @property
    def asked(self) -> str | None:
        """The search whose results' notes are listed; ``None`` where all are."""
        return self._query if self._of_results else None

    def results_are(self, query: str | None) -> None:
        """The results of another query are listed, or of none."""
        self._query = query
        if self._of_results:
            self._of_results = query is not None
            self.post_message(self.Filtered())

    @on(NoteRows.Scope)
    def _scope(self, event: NoteRows.Scope) -> None:
        event.stop()
        if not self._of_results and self._query is None:
            self.post_message(self.Unasked())
        else:
            self._of_results = not self._of_results
            self.post_message(self.Filtered())

    def show(self, notes: Notes) -> None:
        """List notes; the highlighted one stays if it is there."""
        self._notes = notes
        self._known.clear()
        self.rows.fill(notes.keys, lines=_LINES, places=notes.places)
        empty = self.query_one("#no-notes", Static)
        empty.display = not notes.keys
        filtered = bool(self.box.value.strip())
        if filtered:
            empty.update("no note answers this; esc drops the filter")
        elif self._of_results and notes.total:
            empty.update("no notes on the articles found; w lists all")
        else:
            empty.update("no notes yet: select with v, s or Q, then press a")
        some = filtered or self._of_results
        count = f"{len(notes.keys):,} of {notes.total:,}" if some else f"{notes.total:,}"
        self.border_subtitle = Content(f"{count} · results" if self._of_results else count)

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours."""
        self.theme = theme
        self.rows.redraw_all()

    def current(self) -> Annotation | None:
        """The highlighted annotation."""
        key = self.rows.highlighted_id
        return self._annotation(key) if key is not None else None

    def _annotation(self, key: str) -> Annotation | None:
        if key not in self._known:
            place = self._notes.places.get(key, 0)
            wanted = self._notes.keys[max(0, place - _AHEAD // 3) : place + _AHEAD]
            if len(self._known) > 20 * _AHEAD:
                self._known.clear()
            self._known |= self._read(wanted)
        return self._known.get(key)

    def _row(self, row_id: str, width: int, lines: int) -> list[Content]:
        annotation = self._annotation(row_id)
        if annotation is None:
            return [Content.styled("deleted meanwhile", "dim")]
        tags = " ".join(f"#{plain(tag, 40)}" for tag in annotation.tags)
        note = plain(annotation.note, 3 * width)
        quoted = self._quoted(annotation, 3 * width)
        head = Content.assemble((f"{tags} " if tags else "", f"bold {self.theme.accent}"), note)
        last = self._where(annotation).truncate(width, ellipsis=True)
        if not head.plain.strip():
            return [*fitted(Content(quoted), width, lines - 1), last][:lines]
        body = [*fitted(head, width, 1), *fitted(Content.styled(quoted, "dim"), width, 1)]
        return [*body, last]

    def _quoted(self, annotation: Annotation, limit: int) -> str:
        if annotation.entity is not None:
            return f"on {plain(self._notes.names.get(annotation.entity, annotation.entity), 60)}"
        if annotation.span is None:
            return "the whole article"
        mark = "⇄" if annotation.about else "▎"
        return f"{mark}{plain(annotation.exact, limit)}"

    def _where(self, annotation: Annotation) -> Content:
        told = ""
        if (carried := self._notes.carried.get(annotation.id)) is not None:
            if carried.shared:
                told = "these words, in another article"
            else:
                told = "not in this version" if carried.orphan else "made on another version"
        title, outlet = self._about(annotation.article)
        if annotation.article == self._notes.current:
            title, outlet = "this article", None
        where = plain(" · ".join(part for part in (outlet, title) if part), 120)
        if told:
            return Content.styled(told, f"italic {self.theme.warning}")
        return Content.styled(where, f"{self.theme.dimmed}")

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if (annotation := self.current()) is not None:
            self.post_message(self.Go(annotation))

    @on(RowList.Highlighted)
    def _highlighted(self, event: RowList.Highlighted) -> None:
        event.stop()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Filtered())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.rows.focus()

"""The article: one selection in it for mouse and keyboard, and the motions of the cursor."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.geometry import Offset
from textual.selection import Selection

from warreader.index.api import Article, Span
from warreader.tui.commands import DEFAULT_KEYS, bindings
from warreader.tui.reading import motions
from warreader.tui.reading.layout import Layout
from warreader.tui.reading.paint import Paint
from warreader.tui.widgets.laid_out_text import LaidOutText


class ArticleView(LaidOutText):
    """Shows one article. Offsets in and out are code points into its stored text.

    The selection lives where Textual keeps it, in ``Screen.selections``, in
    lines and columns of the document; mouse and keyboard both write it there.
    """

    BINDINGS = bindings("text", DEFAULT_KEYS)
    DEFAULT_CSS = """
    ArticleView { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    """

    def __init__(self, paint: Paint, *, folded: bool = True, id: str | None = None) -> None:
        super().__init__(paint, folded=folded, id=id)
        self._anchor: int | None = None

    def open(self, article: Article, *, layout: Layout | None = None) -> None:
        """Show an article from its top; see :meth:`LaidOutText.open`. Nothing is selected then."""
        self.stop_selecting()
        super().open(article, layout=layout)

    def close(self) -> None:
        """Show nothing."""
        self.stop_selecting()
        super().close()

    def _moved(self) -> None:
        if self._anchor is not None:
            self._write_selection()
        super()._moved()

    # selection

    @property
    def selecting(self) -> bool:
        """Whether motions stretch the selection."""
        return self._anchor is not None

    @property
    def selected(self) -> Span | None:
        """The selected span, whoever selected it."""
        if not self.is_attached or self._layout is None:
            return None
        selection = self.text_selection
        if selection is None:
            return None
        start = 0 if selection.start is None else self._from_document(selection.start)
        end = len(self._layout.text) if selection.end is None else self._from_document(selection.end)
        return Span(start, end) if start < end else None

    def _from_document(self, place: Offset) -> int:
        assert self._layout is not None
        lines = self._layout.lines
        if place.y >= len(lines):
            return len(self._layout.text)
        line = lines[max(0, place.y)]
        return min(line.start + max(0, place.x), line.end)

    def _to_document(self, offset: int) -> Offset:
        assert self._layout is not None
        number = self._layout.line_of(offset)
        return Offset(offset - self._layout.lines[number].start, number)

    def select(self, span: Span, *, anchor: bool = True) -> None:
        """Select a span; the cursor goes to its last character and motions go on stretching it."""
        if self._layout is None or not span:
            return
        self._anchor = span.start if anchor else None
        self.cursor = motions.left(self._layout.text, span.end)
        self._goal = None
        self._set_selection(span)
        self.reveal(span.start)
        self.reveal(self.cursor)
        self.post_message(self.Moved(self))

    def _set_selection(self, span: Span) -> None:
        selection = Selection.from_offsets(self._to_document(span.start), self._to_document(span.end))
        self.screen.selections = {self: selection}

    def _write_selection(self) -> None:
        assert self._layout is not None and self._anchor is not None
        low, high = sorted((self._anchor, self.cursor))
        self._set_selection(Span(low, motions.right(self._layout.text, high)))

    def stop_selecting(self) -> None:
        """Leave selecting and clear the selection."""
        self._anchor = None
        if self.is_attached and self.text_selection is not None:
            self.screen.clear_selection()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:  # noqa: ARG002
        """The selected text as stored, not as wrapped."""
        span = self.selected
        if self.article is None or span is None:
            return None
        return span.of(self.article.text), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Textual tells of a new selection, also the mouse's."""
        if selection is None:
            self._anchor = None
        self._strips.clear()
        super().selection_updated(selection)
        self.post_message(self.Moved(self))

    # commands

    def action_move(self, motion: str) -> None:
        """Move the cursor."""
        layout = self._layout
        if layout is None:
            return
        if self._anchor is None and self.text_selection is not None:
            self.screen.clear_selection()
        height = max(1, self.scrollable_content_region.height)
        rows = {
            "down": 1,
            "up": -1,
            "page": height - 2,
            "page_up": 2 - height,
            "half_page": height // 2,
            "half_page_up": -height // 2,
        }
        if motion in rows:
            self._move_rows(layout, rows[motion] or 1)
            return
        target = motions.MOTIONS[motion](layout, self.cursor)
        self.cursor = motions.settle(layout, target, forward=target >= self.cursor)
        self._goal = None
        self.reveal(self.cursor)
        self._moved()

    def _move_rows(self, layout: Layout, count: int) -> None:
        if self._goal is None:
            self._goal = layout.cell_of(self.cursor)
        number = layout.row_of(self.cursor) + count
        number = max(0, min(number, len(layout.rows) - 1))
        if layout.rows[number].space:
            number += 1 if count > 0 else -1
        target = layout.offset_at(number, self._goal)
        self.cursor = motions.settle(layout, target, forward=count > 0)
        if abs(count) > 1:
            self.scroll_to(y=self.scroll_offset.y + count, animate=False, immediate=True)
        elif number == 0:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.reveal(self.cursor)
        self._moved()

    def action_select(self) -> None:
        """Start selecting at the cursor, or stop."""
        if self._anchor is not None:
            self.stop_selecting()
        else:
            self._anchor = self.cursor
            self._write_selection()
        self.post_message(self.Moved(self))

    def action_other_end(self) -> None:
        """Swap the cursor with the selection's other end."""
        if self._anchor is not None:
            self._anchor, self.cursor = self.cursor, self._anchor
            self.reveal(self.cursor)
            self._moved()

    def action_select_sentence(self) -> None:
        """Select the sentence under the cursor; with one selected already, the next one too."""
        self._stretch(motions.sentence_from)

    def action_select_paragraph(self) -> None:
        """Select the paragraph under the cursor; with one selected already, the next one too."""
        self._stretch(motions.paragraph_from)

    def _stretch(self, unit_from: Callable[[Layout, int], Span | None]) -> None:
        if self._layout is None:
            return
        held = self.selected if self._anchor is not None else None
        found = unit_from(self._layout, self.cursor if held is None else held.end)
        if found is not None:
            self.select(found if held is None else Span(min(held.start, found.start), found.end))

    # mouse

    def on_click(self, event: events.Click) -> None:
        """One click puts the cursor there, two select the word, three the sentence."""
        event.prevent_default()
        _, place = self.screen.get_widget_and_offset_at(event.screen_x, event.screen_y)
        if self._layout is None or place is None:
            return
        self.cursor = self._from_document(place)
        self._goal = None
        if event.chain == 2:
            self.select(motions.word_at(self._layout, self.cursor), anchor=False)
        elif event.chain == 3:
            self.action_select_sentence()
        else:
            self._moved()

"""The article: wrapped once, painted row by row, one selection for mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from rich.style import Style
from textual import events
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from warreader.index.api import Article, Span
from warreader.tui.commands import DEFAULT_KEYS, bindings
from warreader.tui.reading import motions
from warreader.tui.reading.drawing import Drawing, row_width
from warreader.tui.reading.layers import Layer, Painted
from warreader.tui.reading.layout import Layout
from warreader.tui.reading.paint import Paint
from warreader.tui.threads import in_thread

LAYERS = ("quotations", "entities", "highlights", "hits", "current")
"""The layers from the lowest to the highest; later ones paint over earlier ones."""

_KEPT_STRIPS = 400
_MANY_SPANS = 2_000
_LONG = 100_000
"""Code points from which a text is laid out in a thread: it takes 5 ms."""


class ArticleView(ScrollView, can_focus=True):
    """Shows one article. Offsets in and out are code points into its stored text.

    The selection lives where Textual keeps it, in ``Screen.selections``, in
    lines and columns of the document; mouse and keyboard both write it there.
    """

    BINDINGS = bindings("text", DEFAULT_KEYS)
    DEFAULT_CSS = """
    ArticleView { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    """

    class Moved(Message):
        """The cursor moved, or the selection changed."""

        def __init__(self, view: ArticleView) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> ArticleView:
            """The view."""
            return self.view

    def __init__(self, paint: Paint, *, folded: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self.article: Article | None = None
        self.cursor = 0
        self.hidden_layers: set[str] = set()
        self._paint = paint
        self._folded = folded
        self._layers: dict[str, Layer] = {name: Layer() for name in LAYERS}
        self._marks: dict[int, str] = {}
        self._mark_offsets: Mapping[int, str] = {}
        self._layout: Layout | None = None
        self._anchor: int | None = None
        self._goal: int | None = None
        self._unseen = False
        self._cursor_rows: set[int] = set()
        self._base: Style | None = None
        self._drawn_on = Style.null()
        self._strips: dict[int, Strip] = {}

    # what is shown

    def lay_out(self, article: Article) -> Layout:
        """Lay an article out for the width there is. Changes nothing: a long one may be done in a thread."""
        return Layout(article.text, article.lines, self._row_width(), folded=self._folded)

    def open(self, article: Article, *, layout: Layout | None = None) -> None:
        """Show an article from its top; layers start empty.

        Args:
            article: what to show.
            layout: of :meth:`lay_out`, if it was done before.
        """
        self.article = article
        self._layers = {name: Layer() for name in LAYERS}
        self._mark_offsets = {}
        self.stop_selecting()
        self.cursor = 0
        self._use(layout or self.lay_out(article))
        if not self._fits:
            self._lay_out_again()
        self.go(0, top=True)

    def reline(self, article: Article, layout: Layout) -> None:
        """Show the same text with other line kinds: cursor, place and layers stay.

        Args:
            article: the open one.
            layout: of :meth:`lay_out`.
        """
        self.article = article
        self._use_in_place(layout)
        if not self._fits:
            self._lay_out_again()

    def _use_in_place(self, layout: Layout) -> None:
        """Use another layout of the text that is shown, whose first row stays where it was if it can."""
        top = self._top()
        self._use(layout)
        if top is not None:
            self.scroll_to(y=layout.row_of(top), animate=False, immediate=True)
        self.reveal(self.cursor)
        self._repaint()

    def _top(self) -> int | None:
        """The offset at which the screen begins."""
        if self._layout is None or not self._layout.rows:
            return None
        rows = self._layout.rows
        return rows[min(self.scroll_offset.y, len(rows) - 1)].start

    def paint_with(self, paint: Paint) -> None:
        """Change the colours."""
        self._paint = paint
        self._repaint()

    def set_layer(self, name: str, spans: Layer | Iterable[Painted]) -> None:
        """Replace the spans of a layer. Rows that it leaves as they are are not drawn anew."""
        before, after = self._layers[name], spans if isinstance(spans, Layer) else Layer(spans)
        self._layers[name] = after
        layout = self._layout
        if layout is None or before is after or before.spans == after.spans:
            return
        if len(before.spans) + len(after.spans) > _MANY_SPANS:
            # To draw what is on the screen costs less than to find out which rows differ.
            self._repaint()
            return
        rows: set[int] = set()
        for span in {*before.spans} ^ {*after.spans}:
            rows.update(range(layout.row_of(span.start), layout.row_of(span.end - 1) + 1))
        for number in rows:
            self._strips.pop(number, None)
            self._refresh_row(number)

    def _refresh_row(self, number: int) -> None:
        if 0 <= number - self.scroll_offset.y < self.scrollable_content_region.height:
            self.refresh_line(number)

    def set_marks(self, marks: Mapping[int, str]) -> None:
        """Put signs into the margin: offset to the style of its sign."""
        self._mark_offsets = dict(marks)
        self._marks = {}
        if self._layout is not None:
            for offset, style in marks.items():
                self._marks.setdefault(self._layout.row_of(offset), style)
        self._repaint()

    def add_mark(self, offset: int, style: str) -> None:
        """Put one more sign into the margin."""
        self._mark_offsets = {**self._mark_offsets, offset: style}
        if self._layout is not None:
            self._marks.setdefault(self._layout.row_of(offset), style)
        self._repaint()

    def toggle_layer(self, name: str) -> bool:
        """Show or hide a layer; true if it is shown now."""
        self.hidden_layers ^= {name}
        self._repaint()
        return name not in self.hidden_layers

    @property
    def folded(self) -> bool:
        """Whether furniture is folded away."""
        return self._folded

    def hides(self, offset: int) -> bool:
        """Whether an offset lies in furniture that is folded away."""
        return self._layout is not None and self._layout.hides(offset)

    def fold(self, folded: bool) -> None:
        """Fold or show furniture, the cursor staying where it is if it can."""
        self._folded = folded
        self._lay_out_again(lambda: self.go(self.cursor))

    # layout

    @property
    def _fits(self) -> bool:
        """Whether the text is laid out for the width there is, folded as it is to be."""
        layout = self._layout
        return layout is not None and (layout.width, layout.folded) == (self._row_width(), self._folded)

    def _lay_out_again(self, then: Callable[[], None] | None = None) -> None:
        """Lay out for the width there is; a long text in a thread, the rows there are being shown meanwhile.

        Args:
            then: what to do when that is done; of a long text, unless it is to be laid out otherwise by then.
        """
        article = self.article
        if article is None:
            return
        if len(article.text) <= _LONG:
            self._laid_out(article, self.lay_out(article), then)
            return

        def work() -> None:
            layout = self.lay_out(article)
            self.app.call_from_thread(self._laid_out, article, layout, then)

        in_thread(self, work, group="layout", exclusive=True)

    def _laid_out(self, article: Article, layout: Layout, then: Callable[[], None] | None) -> None:
        if article is not self.article or (layout.width, layout.folded) != (self._row_width(), self._folded):
            # Whoever changed that has had it laid out anew.
            return
        self._use_in_place(layout)
        if then is not None:
            then()

    def _use(self, layout: Layout) -> None:
        self._layout = layout
        self.virtual_size = Size(self.scrollable_content_region.width, len(layout.rows))
        self.set_marks(self._mark_offsets)

    def on_resize(self) -> None:
        """Wrap again where the width changed, keeping the place."""
        self._strips.clear()
        if self.article is None or self._layout is None:
            return
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._layout.rows))
        if not self._fits:
            self._lay_out_again()
        if self.scrollable_content_region.height > 0:
            unseen, self._unseen = self._unseen, False
            self.reveal(self.cursor, centre=unseen)

    def _row_width(self) -> int:
        return row_width(self.scrollable_content_region.width)

    # painting

    def _repaint(self) -> None:
        """What the rows show has changed."""
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Colours may have changed."""
        self._base = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One row of the screen. Rows are kept as drawn, but for those that the cursor is in."""
        width = self.scrollable_content_region.width
        if self._base is None and (base := self.rich_style) != self._drawn_on:
            self._strips.clear()
            self._drawn_on = base
        self._base = base = self._drawn_on
        layout = self._layout
        number = y + self.scroll_offset.y
        if layout is None or number >= len(layout.rows) or layout.rows[number].space:
            return Strip.blank(width, base)
        if self.has_focus and layout.rows[number].holds(self.cursor):
            self._cursor_rows.add(number)
            return self._draw(layout, number, width, base)
        if (strip := self._strips.get(number)) is None:
            if len(self._strips) >= _KEPT_STRIPS:
                self._strips.clear()
            strip = self._strips[number] = self._draw(layout, number, width, base)
        return strip

    def _draw(self, layout: Layout, number: int, width: int, base: Style) -> Strip:
        layers = [self._layers[name] for name in LAYERS if name not in self.hidden_layers]
        if (selection := self.selected) is not None:
            layers.append(Layer([Painted(selection.start, selection.end, "selection")]))
        cursor = self.cursor if self.has_focus else None
        drawing = Drawing(layout, width, base, self._paint, layers, cursor)
        return drawing.row(number, self._marks.get(number))

    # places

    def go(self, offset: int, *, top: bool = False, centre: bool = False) -> None:
        """Put the cursor at an offset, unfolding furniture that hides it, and show it."""
        if self._layout is None:
            return
        offset = max(0, min(offset, len(self._layout.text)))
        if self._layout.hides(offset):
            if offset == 0:
                offset = motions.settle(self._layout, offset, forward=True)
            else:
                self._folded = False
                self._lay_out_again(lambda: self.go(offset, centre=centre))
        self.cursor = offset
        self._goal = None
        if top:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.reveal(offset, centre=centre)
        if not self._is_shown(offset):
            # A text just opened can't be scrolled before its height is known.
            self.call_after_refresh(self.reveal, offset, centre=centre)
        self._moved()

    def reveal(self, offset: int, *, centre: bool = False) -> None:
        """Scroll so that an offset is on the screen, in the middle if it was not or if asked."""
        if self._layout is None:
            return
        number = self._layout.row_of(offset)
        height = self.scrollable_content_region.height
        first = self.scroll_offset.y
        if height <= 0:
            # Not on the screen yet: the first size it gets brings it there.
            self._unseen = True
            return
        if centre and not first + 2 <= number < first + height - 3:
            self.scroll_to(y=max(0, number - height // 3), animate=False, immediate=True)
        elif number < first:
            self.scroll_to(y=number, animate=False, immediate=True)
        elif number >= first + height:
            self.scroll_to(y=number - height + 1, animate=False, immediate=True)

    def _is_shown(self, offset: int) -> bool:
        assert self._layout is not None
        row = self._layout.row_of(offset) - self.scroll_offset.y
        return 0 <= row < self.scrollable_content_region.height

    def _moved(self) -> None:
        if self._anchor is not None:
            self._write_selection()
        if self._layout is not None:
            for number in {*self._cursor_rows, self._layout.row_of(self.cursor)}:
                self._refresh_row(number)
            self._cursor_rows.clear()
        self.post_message(self.Moved(self))

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

"""A text on the screen: wrapped once, painted row by row as it comes into sight, a cursor in it."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping

from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from warreader.index.api import Article, Span
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


class LaidOutText(ScrollView, can_focus=True):
    """Shows a text. Offsets in and out are code points into what is stored."""

    class Moved(Message):
        """The cursor moved, or the selection changed."""

        def __init__(self, view: LaidOutText) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> LaidOutText:
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
        self._mark_offsets: list[int] = []
        self._last_mark = False
        self._layout: Layout | None = None
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
        self._marks, self._mark_offsets = {}, []
        self.cursor = 0
        self._use(layout or self.lay_out(article))
        if not self._fits:
            self._lay_out_again()
        self.go(0, top=True)

    def close(self) -> None:
        """Show nothing."""
        self.article = self._layout = None
        self._layers = {name: Layer() for name in LAYERS}
        self._marks, self._mark_offsets = {}, []
        self.cursor = 0
        self.virtual_size = Size(0, 0)
        self._repaint()

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

    def set_marks(self, marks: Mapping[int, str], *, last: bool = False) -> None:
        """Put signs into the margin: offset to the style of its sign.

        Args:
            last: of several in a row the last one's is shown, not the first one's.
        """
        self._last_mark = last
        self._marks, self._mark_offsets = dict(marks), sorted(marks)
        self._repaint()

    def set_mark(self, offset: int, style: str | None) -> None:
        """Put one more sign into the margin, or take one away."""
        if self._marks.pop(offset, None) is not None:
            del self._mark_offsets[bisect_left(self._mark_offsets, offset)]
        if style is not None:
            self._marks[offset] = style
            insort(self._mark_offsets, offset)
        self._repaint()

    def _mark_of(self, number: int) -> str | None:
        """The sign of a row: of one mark in it. Looked for as rows are drawn, as thousands may have one."""
        starts = self._layout.starts if self._layout is not None else []
        # What comes before the first row is the first row's.
        begin = bisect_left(self._mark_offsets, starts[number]) if number else 0
        end = len(self._mark_offsets)
        if number + 1 < len(starts):
            end = bisect_left(self._mark_offsets, starts[number + 1])
        return self._marks[self._mark_offsets[end - 1 if self._last_mark else begin]] if begin < end else None

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
        self._repaint()

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
        return drawing.row(number, self._mark_of(number))

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
        if self._layout is not None:
            for number in {*self._cursor_rows, self._layout.row_of(self.cursor)}:
                self._refresh_row(number)
            self._cursor_rows.clear()
        self.post_message(self.Moved(self))

    # selection

    @property
    def selected(self) -> Span | None:
        """What is selected, to be painted so; here nothing is."""
        return None

"""A list of rows of one height, each drawn when it comes to the screen: forty thousand cost what forty do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from warreader.index.api import Places
from warreader.tui.commands import DEFAULT_KEYS, bindings

Draw = Callable[[str, int, int], Sequence[Content]]
"""Draws a row: its id, the cells it has, the lines it has; gives one content a line."""

_KEPT_STRIPS = 400
_NEIGHBOURS = 500


def fitted(content: Content, width: int, most: int) -> list[Content]:
    """Content wrapped to ``width`` cells in at most ``most`` lines, the last ending in ``…`` where some is left."""
    if most < 1:
        return []
    lines = content.wrap(max(1, width))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], (lines[most - 1].rstrip() + "…").truncate(width, ellipsis=True)]


class OfRow(Message):
    """Something about one row of a list."""

    def __init__(self, rows: RowList, row_id: str) -> None:
        super().__init__()
        self.rows = rows
        self.row_id = row_id

    @property
    def control(self) -> RowList:
        """The list."""
        return self.rows


class RowList(ScrollView, can_focus=True):
    """Rows with ids. The highlighted row and the place of the scroll stay, by id, when the rows change.

    Args:
        draw: draws a row, when it comes to the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("list", DEFAULT_KEYS),
        Binding("down", "cursor_down", show=False),
        Binding("up", "cursor_up", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("enter", "select", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-list--row", "row-list--highlighted", "row-list--hover"}
    DEFAULT_CSS = """
    RowList {
        height: 1fr; background: $background; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
    }
    RowList > .row-list--row { color: $foreground; }
    RowList > .row-list--hover { background: $block-hover-background; }
    RowList > .row-list--highlighted {
        color: $block-cursor-blurred-foreground; background: $block-cursor-blurred-background;
        text-style: $block-cursor-blurred-text-style;
    }
    RowList:focus > .row-list--highlighted {
        color: $block-cursor-foreground; background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    """

    LOOKED_AROUND_IN: ClassVar[bool] = False
    """Whether to choose a row leads away, so that a click alone only goes to it."""

    class Highlighted(OfRow):
        """Another row was moved to."""

    class Chosen(OfRow):
        """A row was chosen: enter, or a click."""

    def __init__(self, draw: Draw, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._ids: Sequence[str] = ()
        self._places: Mapping[str, int] = {}
        self._lines = 2
        self._at: int | None = None
        self._hover: int | None = None
        self._clicked: str | None = None
        self._strips: dict[tuple[str, int, int], list[Strip]] = {}
        self._styles: dict[tuple[str, bool], tuple[int, Style]] = {}
        self._known_styles: dict[Style, int] = {}

    # rows

    def fill(self, ids: Sequence[str], *, lines: int = 2, places: Mapping[str, int] | None = None) -> None:
        """Replace all rows.

        Args:
            ids: one a row, each once.
            lines: the height of every row.
            places: the place of each, from 0, where that is known.
        """
        anchor, above = self._anchor()
        old, before = self._ids, self._at
        self._ids = ids
        self._places = Places(ids) if places is None else places
        self._lines = lines
        self._strips.clear()
        self._hover = None
        self._at = self._nearest(old, before) if ids else None
        self._size_up()
        if anchor is not None and anchor in self._places:
            self._scroll(self._top(self._places[anchor]) - above)
        self.refresh()

    def _nearest(self, old: Sequence[str], before: int | None) -> int:
        """Where the row highlighted before is now; of one that is gone, its next neighbour that is not."""
        if before is None:
            return 0
        row_id = old[before]
        if before < len(self._ids) and self._ids[before] == row_id:
            return before
        if (place := self._places.get(row_id)) is not None:
            return place
        around = (*old[before : before + _NEIGHBOURS], *reversed(old[max(0, before - _NEIGHBOURS) : before]))
        farness = {row_id: far for far, row_id in reversed([*enumerate(around)])}
        there = ((farness[row_id], place) for place, row_id in enumerate(self._ids) if row_id in farness)
        return min(there, default=(0, 0))[1]

    def _anchor(self) -> tuple[str | None, int]:
        """The row whose place on the screen is to stay, and how many screen lines it stands below the top."""
        top = self.scroll_offset.y
        if not self._ids or (top == 0 and not self._at):
            return None, 0
        seen = self._at is not None and top <= self._top(self._at) < top + self._height
        row = self._at if seen and self._at is not None else min(self._place_at(top), len(self._ids) - 1)
        return self._ids[row], self._top(row) - top

    def redraw(self, row_id: str) -> None:
        """What one row shows has changed."""
        if row_id not in self._places:
            return
        for key in [key for key in self._strips if key[0] == row_id]:
            del self._strips[key]
        self._refresh_row(self._places[row_id])

    def redraw_all(self) -> None:
        """What the rows show has changed, the rows themselves have not."""
        self._strips.clear()
        self.refresh()

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._ids)

    @property
    def shown_ids(self) -> Sequence[str]:
        """Ids of the rows on the screen, from the top."""
        return self.ids_around(0)

    def ids_around(self, more: int) -> Sequence[str]:
        """Ids of the rows on the screen, and of so many before and after them."""
        top = self.scroll_offset.y
        first, last = self._place_at(top), self._place_at(top + self._height - 1)
        return self._ids[max(0, first - more) : last + 1 + more]

    @property
    def highlighted(self) -> int | None:
        """The highlighted row's place, from 0."""
        return self._at

    @property
    def highlighted_id(self) -> str | None:
        """The id of the highlighted row."""
        return self._ids[self._at] if self._at is not None else None

    def highlight(self, row_id: str) -> bool:
        """Highlight a row by its id; false if there is none."""
        if row_id not in self._places:
            return False
        self._go(self._places[row_id])
        return True

    # moving

    def _go(self, place: int) -> None:
        if not self._ids:
            return
        place = max(0, min(place, len(self._ids) - 1))
        before, self._at = self._at, place
        if before is not None:
            self._refresh_row(before)
        self._refresh_row(place)
        self._reveal()
        if before != place:
            self.post_message(self.Highlighted(self, self._ids[place]))

    def _reveal(self) -> None:
        if self._at is None or self._height <= 0:
            return
        top, first, lines = self.scroll_offset.y, self._top(self._at), self._height_of(self._at)
        if first < top:
            self._scroll(first)
        elif first + lines > top + self._height:
            # Of a row higher than the list its beginning is shown.
            self._scroll(max(0, min(first, first + lines - self._height)))

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=y, animate=False, immediate=True, force=True)
        if self.scroll_offset.y != y:
            # Rows just filled in can't be scrolled to before the screen knows their height.
            self.call_after_refresh(self.scroll_to, y=y, animate=False, immediate=True, force=True)

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    def _by_page(self, sign: int) -> None:
        at = self._at or 0
        there = self._place_at(max(0, self._top(at) + sign * self._height))
        self._go(max(there, at + 1) if sign > 0 else min(there, at - 1))

    def action_cursor_down(self) -> None:
        """One row down."""
        self._go(0 if self._at is None else self._at + 1)

    def action_cursor_up(self) -> None:
        """One row up."""
        self._go((self._at or 0) - 1)

    def action_page_down(self) -> None:
        """One page down."""
        self._by_page(1)

    def action_page_up(self) -> None:
        """One page up."""
        self._by_page(-1)

    def action_first(self) -> None:
        """To the first row."""
        self._go(0)

    def action_last(self) -> None:
        """To the last row."""
        self._go(len(self._ids) - 1)

    def action_select(self) -> None:
        """Choose the highlighted row."""
        if (row_id := self.highlighted_id) is not None:
            self.post_message(self.Chosen(self, row_id))

    # mouse

    def _row_at(self, event: events.MouseEvent) -> int | None:
        place = event.get_content_offset(self)
        if place is None or not self._ids:
            return None
        row = self._place_at(place.y + self.scroll_offset.y)
        return row if 0 <= row < len(self._ids) else None

    def on_click(self, event: events.Click) -> None:
        """A click chooses; in a list in which one looks around, the second on a row does."""
        if (row := self._row_at(event)) is None:
            return
        again = self._ids[row] == self._clicked
        self._clicked = self._ids[row]
        self._go(row)
        if again or event.chain > 1 or not self.LOOKED_AROUND_IN:
            self.action_select()

    def on_blur(self) -> None:
        """Who comes back begins anew."""
        self._clicked = None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which row the mouse is over."""
        self._hover_over(self._row_at(event))

    def on_leave(self) -> None:
        """The mouse has gone."""
        self._hover_over(None)

    def _hover_over(self, row: int | None) -> None:
        if row != self._hover:
            for place in (self._hover, row):
                if place is not None:
                    self._refresh_row(place)
            self._hover = row

    # painting

    def _top(self, place: int) -> int:
        """The line at which a row begins, counted from the first row's."""
        return place * self._lines

    def _height_of(self, place: int) -> int:  # noqa: ARG002
        """How many lines a row has."""
        return self._lines

    def _place_at(self, line: int) -> int:
        """The place of the row that has a line; below the last row, a place past it."""
        return line // self._lines

    def _size_up(self) -> None:
        size = Size(self.scrollable_content_region.width, self._top(len(self._ids)))
        height = self.size.height
        scrolls = size.height > height
        if height and size.width == self.virtual_size.width and scrolls == self.show_vertical_scrollbar:
            # The scrollbar stays or stays away: the screen need not be laid out anew, which takes its time.
            self.set_reactive(RowList.virtual_size, size)
            if scrolls:
                self.vertical_scrollbar.window_virtual_size = size.height
            if self.scroll_y > self.max_scroll_y:
                self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True, force=True)
        else:
            self.virtual_size = size

    def on_resize(self) -> None:
        """Rows are drawn for the width there is."""
        self._size_up()
        self._reveal()

    def notify_style_update(self) -> None:
        """Colours may have changed: rows drawn in others are not shown again."""
        self._styles.clear()
        super().notify_style_update()

    def _style(self, state: str) -> tuple[int, Style]:
        """How rows of a state look, and the number of that look."""
        key = (state, self.has_focus)
        if key not in self._styles:
            style = self.get_visual_style(*dict.fromkeys(("row-list--row", f"row-list--{state}")))
            number = self._known_styles.setdefault(style, len(self._known_styles))
            self._styles[key] = number, style
        return self._styles[key]

    def _refresh_row(self, place: int) -> None:
        first, lines = self._top(place), self._height_of(place)
        if self.scroll_offset.y - lines < first < self.scroll_offset.y + self.size.height:
            self.refresh_lines(first, lines)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        line = y + self.scroll_offset.y
        row = self._place_at(line)
        if row >= len(self._ids) or width < 1:
            return Strip.blank(width, self.rich_style)
        return self._row(row, width)[line - self._top(row)]

    def _row(self, place: int, width: int) -> list[Strip]:
        state = "highlighted" if place == self._at else "hover" if place == self._hover else "row"
        look, style = self._style(state)
        key = (self._ids[place], look, width)
        if (strips := self._strips.get(key)) is None:
            if len(self._strips) >= _KEPT_STRIPS:
                self._strips.clear()
            strips = self._strips[key] = self._paint(place, style, width)
        return strips

    def _paint(self, place: int, style: Style, width: int) -> list[Strip]:
        ground: RichStyle = style.rich_style
        room, lines = max(1, width - 2), self._height_of(place)
        strips = []
        styled = self.app.stylesheet.parse_style
        for content in self._draw(self._ids[place], room, lines)[:lines]:
            # A row is one line each: text that holds line ends was made plain before. As nothing is left to wrap
            # or align, Textual's own way there, fifteen times as long, is not taken.
            drawn = content.render(style, "", styled)
            body = Strip([Segment(text, one.rich_style) for text, one in drawn if text])
            pad = Strip.blank(1, ground)
            strips.append(Strip.join([pad, body.adjust_cell_length(room, ground), pad]))
        return strips + [Strip.blank(width, ground)] * (lines - len(strips))

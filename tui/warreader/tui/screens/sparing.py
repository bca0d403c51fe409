"""What of a screen is drawn when a part of it changes: that part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual._compositor import ChopsUpdate, Compositor, CompositorMap, LayoutUpdate, ReflowResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

_Span = tuple[int, int]
"""Columns of a line: the first, and the one after the last."""


class SparingCompositor(Compositor):
    """Draws what is to be painted anew and is in sight, of each widget no more lines than that takes.

    Textual's own draws all widgets in the rectangle around all that changed, each of them whole, what lies behind
    others too, and cuts every line wherever a widget begins or ends: for a letter typed in the box, what was found and
    a line of status that is the whole screen, three times over.
    """

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay all out; who has another size by that is told so here.

        Told by the screen it would ask for all to be laid out once more, as what scrolls may have to: whether it has a
        scroll bar takes room.
        """
        changed = super().reflow(parent, size)
        for widget, place in self._full_map.items():
            if not _scrolls(widget):
                widget._size_updated(
                    place.region.size, place.virtual_size, place.container_size, layout=False
                )
        return changed

    @property
    def full_map(self) -> CompositorMap:
        """Where all widgets are, worked out anew where something scrolled; what moved meanwhile is to be painted.

        Textual's own keeps the new places, so that the next layout finds nothing moved and paints nothing: what was
        hidden stays on the screen, and what went in its place isn't seen.
        """
        if self.root is None or not self._full_map_invalidated:
            return super().full_map
        before = self._full_map if self._visible_map is None else self._visible_map
        places = super().full_map
        moved = (place.clip.intersection(place.region) for _, place in places.items() ^ before.items())
        self._dirty_regions.update(region for region in moved if region)
        return places

    def render_partial_update(self) -> ChopsUpdate | None:
        """An update of what changed; ``None`` where nothing did."""
        changed = self._dirty_regions.copy()
        self._dirty_regions.clear()
        if not changed:
            return None
        spans = [span for span in self._regions_to_spans(changed) if 0 <= span[0] < self.size.height]
        wanted: dict[int, list[_Span]] = {}
        for y, begin, end in spans:
            wanted.setdefault(y, []).append((begin, end))
        drawn = self._drawn(wanted)
        ends = [[x + strip.cell_length for x, strip in line.items()] for line in drawn]
        return ChopsUpdate(drawn, spans, ends) if spans else None

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """An update of all; for a picture, which is to be simplified, as Textual makes it."""
        if simplify:
            return super().render_full_update(simplify)
        self._dirty_regions.clear()
        screen = self.size.region
        drawn = self._drawn({y: [screen.column_span] for y in screen.line_range})
        return LayoutUpdate([line.values() for line in drawn], screen)

    def _drawn(self, wanted: Mapping[int, Sequence[_Span]]) -> Sequence[Mapping[int, Strip]]:
        """Of every line of the screen its pieces by the column they begin at, from left to right.

        Args:
            wanted: by line, the columns that are to be painted. A piece that has any of them is drawn whole.
        """
        width, height = self.size
        free = {y: [(0, width)] for y in wanted}
        drawn: list[dict[int, Strip]] = [{} for _ in range(height)]
        # From the front to the back: what one covers needs none of those behind it.
        for widget, (region, clip) in self.visible_widgets.items():
            left, top, wide, high = region.intersection(clip)
            pieces = list(_taken(free, wanted, range(top, top + high), (left, left + wide)))
            if pieces:
                first, last = pieces[0][0], pieces[-1][0]
                lines = Region(left - region.x, first - region.y, wide, last - first + 1)
                strips = widget.render_lines(lines)
                for y, begin, end in pieces:
                    drawn[y][begin] = strips[y - first].crop(begin - left, end - left)
        return [dict(sorted(line.items())) for line in drawn]


def _scrolls(widget: Widget) -> bool:
    """Whether a widget may get a scroll bar of its own."""
    shows = widget.styles.overflow_x, widget.styles.overflow_y
    return isinstance(widget, ScrollView) or (widget.is_scrollable and shows != ("hidden", "hidden"))


def _taken(
    free: dict[int, list[_Span]],
    wanted: Mapping[int, Sequence[_Span]],
    lines: Iterable[int],
    columns: _Span,
) -> Iterable[tuple[int, int, int]]:
    """The pieces of lines that a widget is seen in and that are wanted; what it covers is not free any more."""
    left, right = columns
    for y in lines:
        if (gaps := free.get(y)) is None:
            continue
        rest: list[_Span] = []
        for gap in gaps:
            begin, end = max(gap[0], left), min(gap[1], right)
            if begin >= end:
                rest.append(gap)
                continue
            if gap[0] < begin:
                rest.append((gap[0], begin))
            if end < gap[1]:
                rest.append((end, gap[1]))
            if any(begin < last and first < end for first, last in wanted[y]):
                yield y, begin, end
        if rest:
            free[y] = rest
        else:
            del free[y]

"""What changed from one version of an article to the next: one text, with what came and what went marked in it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warreader.index.api import Article, ChangeKind, Line, LineKind, Metadata, TextChange, line_spans
from warreader.tui.reading.layers import Painted
from warreader.tui.reading.layout import Layout
from warreader.tui.reading.paint import Paint
from warreader.tui.screens.modal import Modal
from warreader.tui.threads import in_thread
from warreader.tui.widgets.article_view import ArticleView

_STYLE = {
    ChangeKind.ADDED: "diff.added",
    ChangeKind.DROPPED: "diff.dropped",
    ChangeKind.MOVED: "diff.moved",
}
_TOLD = (ChangeKind.CHANGED, ChangeKind.ADDED, ChangeKind.DROPPED, ChangeKind.MOVED)


@dataclass(frozen=True, slots=True)
class Merged:
    """Two versions as one text.

    Args:
        text: the later version with what was dropped left in; a blank line between paragraphs.
        painted: what differs, offsets into ``text``.
        starts: where the changed paragraphs differ first, rising.
        places: for each of these the offset in the later version.
        counts: how many paragraphs became what.
    """

    text: str
    painted: Sequence[Painted]
    starts: Sequence[int]
    places: Sequence[int]
    counts: Counter[ChangeKind]


class _Merging:
    """Puts the pieces one after the other."""

    def __init__(self, old: str, new: str) -> None:
        self._old = old
        self._new = new
        self._pieces: list[str] = []
        self._length = 0
        self.painted: list[Painted] = []

    @property
    def length(self) -> int:
        """Code points so far."""
        return self._length

    @property
    def text(self) -> str:
        """All so far."""
        return "".join(self._pieces)

    def put(self, text: str, kind: ChangeKind = ChangeKind.KEPT) -> None:
        """One more piece."""
        if text and kind in _STYLE:
            self.painted.append(Painted(self._length, self._length + len(text), _STYLE[kind]))
        self._pieces.append(text)
        self._length += len(text)

    def words(self, change: TextChange) -> int:
        """A changed paragraph, word by word; where it differs first."""
        first = None
        here, there = (span.start if span else 0 for span in (change.old, change.new))
        for part in change.parts:
            gap = "" if part.new is None else self._new[there : part.new.start]
            if part.old is not None and part.kind in (ChangeKind.DROPPED, ChangeKind.CHANGED):
                self.put(self._old[here : part.old.start])
                first = self._length if first is None else first
                self.put(part.old.of(self._old), ChangeKind.DROPPED)
                gap = gap or (" " if part.new is not None else "")
            if part.new is not None:
                self.put(gap)
                kept = part.kind is ChangeKind.KEPT
                if not kept and first is None:
                    first = self._length
                self.put(part.new.of(self._new), ChangeKind.KEPT if kept else ChangeKind.ADDED)
            here = part.old.end if part.old is not None else here
            there = part.new.end if part.new is not None else there
        if change.new is not None:
            self.put(self._new[there : change.new.end])
        return self._length if first is None else first


def merged(old: str, new: str, changes: Iterable[TextChange]) -> Merged:
    """Both versions as one text. Linear in their length: call it off the event loop.

    Args:
        old: stored text of the earlier version.
        new: stored text of the later one.
        changes: of :func:`warreader.index.versions.difference`.
    """
    merging = _Merging(old, new)
    starts, places = [], []
    counts: Counter[ChangeKind] = Counter()
    reached = 0
    for change in changes:
        if merging.length:
            merging.put("\n\n")
        start = merging.length
        if change.kind is ChangeKind.CHANGED:
            start = merging.words(change)
        elif change.new is not None:
            merging.put(change.new.of(new), change.kind)
        elif change.old is not None:
            merging.put(change.old.of(old), change.kind)
        reached = change.new.start if change.new is not None else reached
        counts[change.kind] += 1
        if change.kind is not ChangeKind.KEPT:
            starts.append(start)
            places.append(reached)
        reached = change.new.end if change.new is not None else reached
    return Merged(merging.text, merging.painted, starts, places, counts)


class ChangesScreen(Modal[int | None]):
    """The later version with its changes marked; leaves with the offset in it to go to.

    Args:
        title: which versions.
        both: them as one text.
        paint: the colours.
    """

    LIGHT = True
    DEFAULT_CSS = """
    ChangesScreen > Vertical { width: 96%; max-width: 120; height: 92%; padding: 0; background: $background; }
    ChangesScreen ArticleView { height: 1fr; width: 1fr; background: $background; }
    ChangesScreen .hint { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,V", "cancel", "Close"),
        Binding("n,right_square_bracket", "step(1)", "Next change"),
        Binding("N,left_square_bracket", "step(-1)", "Previous change"),
    ]

    def __init__(self, title: str, both: Merged, paint: Paint) -> None:
        super().__init__()
        self._title = title
        self._both = both
        self._paint = paint

    def compose(self) -> ComposeResult:
        """The text, what its marks mean."""
        with Vertical():
            yield ArticleView(self._paint, folded=False, id="both")
            yield Static(self._legend(), classes="hint")

    def _legend(self) -> Content:
        styles = self._paint.theme
        return Content.assemble(
            ("added", f"underline {styles.success}"),
            "  ",
            ("dropped", f"strike {styles.error}"),
            "  ",
            ("moved", f"italic {styles.accent}"),
            "  ·  n N step · enter goes there · esc closes",
        )

    @property
    def box(self) -> Vertical:
        """Text and legend, with which versions they are of."""
        return self.query_one(Vertical)

    @property
    def view(self) -> ArticleView:
        """The text."""
        return self.query_one(ArticleView)

    def on_mount(self) -> None:
        """Lay the text out off the event loop, as soon as it is known how wide."""
        self.box.border_title = Content(self._title)
        self.view.focus()
        self.call_after_refresh(self._open)

    def _open(self) -> None:
        text = self._both.text
        lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
        article = Article(0, "", Metadata(), "", text, lines)
        in_thread(self, lambda: self._lay_out(article))

    def _lay_out(self, article: Article) -> None:
        layout = self.view.lay_out(article)
        self.app.call_from_thread(self._show, article, layout)

    def _show(self, article: Article, layout: Layout) -> None:
        self.view.open(article, layout=layout)
        self.view.set_layer("hits", self._both.painted)
        marks = {span.start: f"mark.{span.style}" for span in reversed(self._both.painted)}
        self.view.set_marks(marks, last=True)
        if self._both.starts:
            self.view.go(self._both.starts[0], centre=True)

    @on(ArticleView.Moved)
    def _moved(self) -> None:
        counts = [f"{self._both.counts[kind]:,} {kind.value}" for kind in _TOLD if self._both.counts[kind]]
        if not counts:
            counts.append("no word of it changed")
        elif (at := self._at()) is not None:
            counts.append(f"{at + 1}/{len(self._both.starts)}")
        self.box.border_subtitle = Content(" · ".join(counts))

    def _at(self) -> int | None:
        """Which change the cursor stands at or after."""
        at = bisect_left(self._both.starts, self.view.cursor + 1) - 1
        return at if at >= 0 else None

    def action_step(self, by: int) -> None:
        """To the next or previous change."""
        cursor = self.view.cursor
        starts = self._both.starts
        found = [s for s in starts if s > cursor] if by > 0 else [s for s in reversed(starts) if s < cursor]
        if found:
            self.view.go(found[0], centre=True)

    def action_follow(self) -> None:
        """Open the later version at the change."""
        at = self._at()
        self.dismiss(self._both.places[at] if at is not None else 0)

    def action_cancel(self) -> None:
        """Back."""
        self.dismiss(None)

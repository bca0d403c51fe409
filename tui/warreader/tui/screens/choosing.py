"""Choosing an entity by typing ahead, and what an entity says: small screens over the reader."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.worker import get_current_worker

from warreader.index.api import HeldRoll, Listed, Roll
from warreader.tui.screens.modal import Modal
from warreader.tui.screens.typing_ahead import AheadPicker
from warreader.tui.threads import threaded
from warreader.tui.widgets.entity_pane import KINDS
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.row_list import RowList, fitted

if TYPE_CHECKING:
    from warreader.index.api import Label, Library, Saying
    from warreader.tui.themes import ReaderTheme

_EACH = 60
"""Of each kind so many are offered; who is not among them is found by typing further."""


class EntityPicker(AheadPicker[Listed]):
    """Leaves with the entity chosen.

    Args:
        title: over the box.
        but: id of an entity that can't be chosen.
        label: entities of this kind come first.
        begin: what to list before anything is typed: names that begin so.
        companions_of: id of an entity; before anything is typed, those named together with it are listed.
        like: a name; before anything is typed, of its kind those that are written most like it come first.
    """

    DEFAULT_CSS = """
    EntityPicker > Vertical { height: 22; }
    """

    def __init__(
        self,
        library: Library,
        theme: ReaderTheme,
        title: str,
        *,
        but: str,
        label: Label | None = None,
        begin: str = "",
        companions_of: str | None = None,
        like: str = "",
    ) -> None:
        super().__init__(title, hint="enter chooses · esc closes")
        self._library = library
        self._theme = theme
        self._but = but
        self._label = label
        self._begin = begin
        self._companions_of = companions_of
        self._like = like
        self._found: dict[str, Listed] = {}
        self._fits: str | None = None

    @property
    def behind(self) -> bool:
        """Whether the names listed are those of what was typed before."""
        return self._fits != self.typed

    @threaded(exclusive=True)
    def offer(self, typed: str) -> None:
        """What is near at hand at first."""
        worker = get_current_worker()
        roll: Roll
        if not typed and self._companions_of is not None:
            roll = self._library.entities.pivots.together(self._companions_of)
        elif not (typed or self._begin):
            roll = HeldRoll(())
        else:
            roll = self._library.entities.lists.library(typed or self._begin)
        labels = sorted(roll.counts, key=lambda label: label is not self._label)
        found = [one for label in labels for one in roll.stretch(label, 0, _EACH) if one.id != self._but]
        if self._companions_of is not None and not typed:
            found.sort(key=lambda one: -one.articles)
        elif not typed and self._like:
            own = sum(one.label is self._label for one in found)
            found[:own] = sorted(found[:own], key=lambda one: -_alike(one.name, self._like))
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take, typed, found)

    def _take(self, typed: str, found: Sequence[Listed]) -> None:
        if typed == self.typed:
            self._fits = typed
            self._found = {one.id: one for one in found}
            self.fill((one.id, self._row(one)) for one in found)

    def _row(self, one: Listed) -> Content:
        several = "article" if one.articles == 1 else "articles"
        return Content.assemble(
            (plain(one.name, 40), self._theme.entity[one.label]),
            (f"  {KINDS[one.label].lower()} · {one.articles:,} {several}", "dim"),
        )

    def chosen(self, row: str) -> Listed:
        """The entity of a row."""
        return self._found[row]


def _alike(name: str, other: str) -> float:
    return SequenceMatcher(None, name.casefold(), other.casefold()).ratio()


class Sayings(Modal["Saying | None"]):
    """What an entity says, over all articles, the latest first; leaves with the one to open."""

    LIGHT = True
    DEFAULT_CSS = """
    Sayings > Vertical { width: 110; max-width: 98%; height: 90%; padding: 0; }
    Sayings RowList { background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "cancel", "Close")]

    def __init__(self, library: Library, name: str, found: Sequence[Saying]) -> None:
        super().__init__()
        self._library = library
        self._called = name
        self._found = found
        self._text: tuple[str, str] = ("", "")

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical() as frame:
            frame.border_title = Content(f"Said by {plain(self._called, 60)}")
            frame.border_subtitle = f"{len(self._found):,} · enter opens · esc closes"
            yield RowList(self._draw, id="sayings")

    def on_mount(self) -> None:
        """Fill it."""
        rows = self.query_one(RowList)
        rows.fill([str(number) for number in range(len(self._found))], lines=4)
        rows.focus()

    def _draw(self, row_id: str, width: int, lines: int) -> Sequence[Content]:
        saying = self._found[int(row_id)]
        if self._text[0] != saying.article:
            self._text = (saying.article, self._library.articles.text(saying.article) or "")
        known = (saying.outlet, (saying.date or "")[:10], saying.title)
        about = [plain(part, 60) for part in known if part]
        words = fitted(Content(plain(saying.span.of(self._text[1]), 400)), width, lines - 2)
        return [*words, Content.styled(" · ".join(about), "dim").truncate(width, ellipsis=True), Content("")]

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.dismiss(self._found[int(event.row_id)])

    def action_cancel(self) -> None:
        """Leave without."""
        self.dismiss(None)

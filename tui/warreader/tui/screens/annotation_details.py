"""One annotation in full: its quote, its note as Markdown, its tags, and how it came about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Markdown, Static

from warreader.index.api import visible
from warreader.tui.screens.modal import Modal
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.api import Annotation, Citation, Revision


class AnnotationScreen(Modal[None]):
    """Shows it; changes nothing."""

    LIGHT = True
    DEFAULT_CSS = """
    AnnotationScreen > VerticalScroll {
        width: 92; max-width: 96%; height: auto; max-height: 92%;
        padding: 0 2; scrollbar-size-vertical: 1;
    }
    AnnotationScreen Static { height: auto; }
    AnnotationScreen .dim { color: $text-muted; }
    AnnotationScreen #exact { margin: 1 0; }
    AnnotationScreen Markdown { margin: 0; padding: 0; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,I,enter", "dismiss", "Close"),
        Binding("j", "scroll('down')", show=False),
        Binding("k", "scroll('up')", show=False),
        Binding("space", "scroll('page_down')", show=False),
    ]

    def __init__(self, annotation: Annotation, citation: Citation, history: Sequence[Revision]) -> None:
        super().__init__()
        self._annotation = annotation
        self._citation = citation
        self._history = history

    def compose(self) -> ComposeResult:
        """Where it stands, what it says, how it came about."""
        one, cited = self._annotation, self._citation
        with VerticalScroll() as frame:
            frame.border_title = "Annotation"
            frame.border_subtitle = "esc closes"
            source = (cited.title, cited.outlet, (cited.date or "")[:10])
            yield Static(" · ".join(plain(part, 80) for part in source if part), classes="dim", markup=False)
            yield Static(self._quoted(), id="exact", markup=False)
            if one.tags:
                tags = "  ".join(f"#{plain(tag, 80)}" for tag in one.tags)
                yield Static(Content.styled(tags, "bold"), markup=False)
            if one.note:
                # Nothing in a note opens a page: it may have been imported.
                yield Markdown(visible(one.note), open_links=False)
            yield Static("\n".join(self._told()), classes="dim", markup=False)

    def _quoted(self) -> str:
        one = self._annotation
        if one.entity is not None:
            return f"on {plain(one.entity, 80)}, wherever named"
        if one.span is None:
            return "on the article as a whole"
        return f"▎{visible(one.exact[:2000])}{'…' if len(one.exact) > 2000 else ''}"

    def _told(self) -> Iterator[str]:
        for step in self._history:
            what = {"undo": "undone", "redo": "redone"}.get(step.action) or (
                "made" if step.before is None else "deleted" if step.after is None else _changed(step)
            )
            who = f" by {plain(step.who, 40)}" if step.who else ""
            yield f"{step.at[:16].replace('T', ' ')} UTC  {what}{who}"

    def action_scroll(self, where: str) -> None:
        """Scroll the page."""
        frame = self.query_one(VerticalScroll)
        {"down": frame.action_scroll_down, "up": frame.action_scroll_up, "page_down": frame.action_page_down}[
            where
        ]()


def _changed(step: Revision) -> str:
    """What a change changed, in words."""
    before, after = step.before, step.after
    if before is None or after is None:
        return "changed"
    parts = [
        name
        for name, differs in (
            ("note", before.note != after.note),
            ("tags", before.tags != after.tags),
            ("boundaries", before.span != after.span),
        )
        if differs
    ]
    return f"{' and '.join(parts)} changed" if parts else "changed"

"""Beside the article: who and what it names, its quotations, and the reader's notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import NodeID, TreeNode

from warreader.index.article import Entity, Label, Quotation, QuotationKind
from warreader.tui.commands import DEFAULT_KEYS, bindings
from warreader.tui.page import Page
from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.lists import Rows, plain

if TYPE_CHECKING:
    pass


_KINDS: dict[Label, str] = {
    Label.PERSON: "People",
    Label.GPE: "States and towns",
    Label.LOC: "Places",
    Label.ORG: "Organisations",
    Label.UNIT: "Units",
    Label.NORP: "Peoples and groups",
    Label.EVENT: "Events",
    Label.WEAPON: "Weapons",
    Label.DATE: "Dates",
    Label.NUMBER: "Numbers",
}
_SHOWN_KINDS = {
    QuotationKind.MIXED: "mixed",
    QuotationKind.INDIRECT: "indirect",
    QuotationKind.SCARE: "scare quotes",
}
_CLOSED = {Label.DATE, Label.NUMBER}


class EntityPane(Tree[Entity]):
    """The entities of the article by kind, with mentions here and articles everywhere."""

    BINDINGS = bindings("list", DEFAULT_KEYS)
    DEFAULT_CSS = """
    EntityPane { height: 1fr; background: $background; scrollbar-size-vertical: 1; padding: 0; }
    EntityPane:focus { background-tint: $foreground 0%; }
    """

    class Follow(Message):
        """The next place of an entity is wanted."""

        def __init__(self, entity: Entity) -> None:
            super().__init__()
            self.entity = entity

    def __init__(self, theme: ReaderTheme, *, id: str) -> None:
        super().__init__("entities", id=id)
        self.theme = theme
        self.show_root = False
        self.guide_depth = 2
        self.auto_expand = True
        self._page: Page | None = None
        self._kinds: dict[NodeID, Label] = {}

    def show(self, page: Page) -> None:
        """List a page's entities; the same entity stays highlighted if it is there."""
        same = self._page is not None and self._page.article.id == page.article.id
        # Who follows an entity from article to article finds it under the cursor in each.
        cursor = self.cursor_node if same or self.has_focus else None
        held = cursor.data.id if cursor is not None and cursor.data is not None else None
        closed = (
            {self._kinds[node.id] for node in self.root.children if not node.is_expanded} if same else _CLOSED
        )
        self._page = page
        self._kinds = {}
        self.clear()
        target: TreeNode[Entity] | None = None
        for label, title in _KINDS.items():
            of_kind = [entity for entity in page.entities if entity.label is label]
            if not of_kind:
                continue
            heading = Text.assemble((title, "bold"), (f"  {len(of_kind)}", self.theme.dimmed))
            kind = self.root.add(heading, expand=label not in closed)
            self._kinds[kind.id] = label
            for entity in of_kind:
                node = kind.add_leaf(self._row(page, entity), data=entity)
                if target is None or entity.id == held:
                    target = node
        if target is not None:
            self.call_after_refresh(self.move_cursor, target)

    def _row(self, page: Page, entity: Entity) -> Text:
        articles = page.everywhere.get(entity.id, 1)
        others = f" · {articles} articles" if articles > 1 else ""
        return Text.assemble(
            (plain(entity.name, 60), self.theme.entity[entity.label]),
            (f"  {entity.mentions}{others}", self.theme.dimmed),
        )

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours."""
        self.theme = theme
        if self._page is not None:
            self.show(self._page)

    @on(Tree.NodeSelected)
    def _selected(self, event: Tree.NodeSelected[Entity]) -> None:
        event.stop()
        node: TreeNode[Entity] = event.node
        if node.data is not None:
            self.post_message(self.Follow(node.data))

    def action_first(self) -> None:
        """To the top."""
        self.action_scroll_home()

    def action_last(self) -> None:
        """To the end."""
        self.action_scroll_end()


class QuotationPane(Rows):
    """The article's quotations; one that stands in other articles carries their count."""

    class Preview(Message):
        """A quotation was moved to."""

        def __init__(self, quotation: Quotation) -> None:
            super().__init__()
            self.quotation = quotation

    class Follow(Message):
        """A quotation is to be followed to where else it stands."""

        def __init__(self, quotation: Quotation) -> None:
            super().__init__()
            self.quotation = quotation

    def __init__(self, theme: ReaderTheme, *, id: str) -> None:
        super().__init__(id=id)
        self.theme = theme
        self._page: Page | None = None
        self._quotations: dict[str, Quotation] = {}

    def show(self, page: Page) -> None:
        """List a page's quotations."""
        self._page = page
        self._quotations = {quotation.id: quotation for quotation in page.quotations}
        self.fill((quotation.id, self._row(page, quotation)) for quotation in page.quotations)

    def restyle(self, theme: ReaderTheme) -> None:
        """Take another theme's colours."""
        self.theme = theme
        if self._page is not None:
            self.show(self._page)

    def _row(self, page: Page, quotation: Quotation) -> Content:
        count = page.counts.get(quotation.id, 0)
        who = quotation.speaker.name or quotation.speaker.text if quotation.speaker else ""
        about = " · ".join(
            part
            for part in (
                plain(who, 40) + ("?" if who and quotation.inferred else ""),
                plain(quotation.cue.text, 20) if quotation.cue else "",
                _SHOWN_KINDS.get(quotation.kind, ""),
            )
            if part
        )
        return Content.assemble(
            (f"⇄{count} " if count else "", f"bold {self.theme.accent}"),
            plain(quotation.text, 110),
            ("\n" + about if about else "", "dim"),
        )

    def current(self) -> Quotation | None:
        """The highlighted quotation."""
        return self._quotations.get(self.highlighted_id or "")

    @on(Rows.OptionHighlighted)
    def _highlighted(self, event: Rows.OptionHighlighted) -> None:
        event.stop()
        if self.has_focus and (quotation := self.current()) is not None:
            self.post_message(self.Preview(quotation))

    @on(Rows.OptionSelected)
    def _selected(self, event: Rows.OptionSelected) -> None:
        event.stop()
        if (quotation := self.current()) is not None:
            self.post_message(self.Follow(quotation))

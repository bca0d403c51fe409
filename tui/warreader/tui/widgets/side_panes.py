"""Beside the article: its quotations, and the reader's notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.message import Message

from warreader.index.article import Quotation, QuotationKind
from warreader.tui.page import Page
from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.lists import Rows, plain

if TYPE_CHECKING:
    pass


_SHOWN_KINDS = {
    QuotationKind.MIXED: "mixed",
    QuotationKind.INDIRECT: "indirect",
    QuotationKind.SCARE: "scare quotes",
}


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

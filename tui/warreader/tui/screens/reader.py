"""The reader's one main screen: articles, text, and beside it entities, quotations and notes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input

from warreader.index.api import Article, Library, LineKind, many
from warreader.tui.commands import DEFAULT_KEYS, bindings
from warreader.tui.page import Page
from warreader.tui.reading.layers import Painted
from warreader.tui.reading.paint import Paint
from warreader.tui.screens.annotated import Annotated
from warreader.tui.screens.annotating import Annotating
from warreader.tui.screens.columns import PANES, Columns
from warreader.tui.screens.comparing import Comparing
from warreader.tui.screens.correcting import Correcting
from warreader.tui.screens.gestures import Gestures
from warreader.tui.screens.lighting import BEST, Lighting
from warreader.tui.screens.listing import Listing
from warreader.tui.screens.naming import Naming
from warreader.tui.screens.obeying import Obeying
from warreader.tui.screens.relatives import Relatives
from warreader.tui.screens.removing import Removing
from warreader.tui.screens.searching import Searching
from warreader.tui.screens.travel import Travel
from warreader.tui.screens.watching import Watching
from warreader.tui.threads import InTurn
from warreader.tui.widgets.article_view import ArticleView
from warreader.tui.widgets.articles_pane import ArticlesPane
from warreader.tui.widgets.entity_pane import EntityPane
from warreader.tui.widgets.frame import write_below
from warreader.tui.widgets.key_line import KeyLine
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.notes_pane import NotesPane
from warreader.tui.widgets.query_box import QueryBox
from warreader.tui.widgets.side_panes import QuotationPane
from warreader.tui.widgets.status_line import Standing, StatusLine

if TYPE_CHECKING:
    from pathlib import Path

    from warreader.index.api import Annotation

_BEING_FOUND, _NEVER_FOUND = Content("being found"), Content("not looked for yet")

_BEGINNING = 60
_HEADLINE = 3
"""Rows by which a text has gone up when its headline is out of sight."""
"""Code points of a title by which it is known again."""


class ReaderScreen(Obeying):
    """Shows the library and answers the keys. What it shows comes from :class:`Library` alone."""

    class Started(Message):
        """The panes are there and take keys."""

    class Corrected(Message):
        """The reader corrected something that names, quotations and search follow from."""

    class Removed(Message):
        """The reader wants an article taken out of the library."""

        def __init__(self, article_id: str) -> None:
            super().__init__()
            self.article_id = article_id

    AUTO_FOCUS = "#text"

    # As Textual's own, but for the repainting of the whole screen: the two widgets concerned repaint themselves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    BINDINGS = bindings("global", DEFAULT_KEYS)
    DEFAULT_CSS = """
    ReaderScreen { background: $background; layers: base; }
    #columns { height: 1fr; }
    .pane { border: round $border-blurred; border-title-color: $text-muted; border-subtitle-color: $text-muted; }
    .pane:focus, .pane:focus-within {
        border: round $border; border-title-color: $foreground; border-title-style: bold;
    }
    #articles-pane { width: 38; }
    #text { width: 1fr; }
    #side { width: 44; }
    ReaderScreen.-two #articles-pane { width: 34; }
    ReaderScreen.-two #side { width: 38; }
    ReaderScreen.-alone #articles-pane, ReaderScreen.-alone #side { width: 1fr; }
    """

    def __init__(
        self,
        library: Library,
        paint: Paint,
        *,
        fold: bool = True,
        creator: str | None = None,
        expecting: bool = False,
        unsaved: Path | None = None,
    ) -> None:
        super().__init__()
        self.expecting = expecting
        self.unsaved = unsaved
        """The folder for what is typed and not saved yet."""
        self.library = library
        self.paint = paint
        self.page: Page | None = None
        self._fold = fold
        self._creator = creator
        self.columns = Columns(self)
        self.listing = Listing(self)
        self.keeping = InTurn(self)
        self.gestures = Gestures(self)
        self._message = ""
        self._writing = ""
        self._progress = "", ""
        self._unseen = ""

    def compose(self) -> ComposeResult:
        """Three columns, a line of status, the keys."""
        theme = self.paint.theme
        with Horizontal(id="columns"):
            yield ArticlesPane(self.library, theme, id="articles-pane")
            yield ArticleView(self.paint, folded=self._fold, id="text")
            with Vertical(id="side"):
                yield EntityPane(self.library, theme, id="entities")
                yield QuotationPane(self.library, theme, self.listing.told, id="quotations")
                yield NotesPane(theme, self._read_notes, self.listing.told, id="notes")
        yield StatusLine(id="status")
        yield KeyLine()

    def on_mount(self) -> None:
        """Name the panes; the contents follow after the first paint."""
        self.annotated = Annotated(self)
        self.annotating = Annotating(self, self._creator)
        self.lighting = Lighting(self)
        self.travel = Travel(self)
        self.searching = Searching(self)
        self.correcting = Correcting(self)
        self.comparing = Comparing(self)
        self.relatives = Relatives(self)
        self.removing = Removing(self)
        self.naming = Naming(self)
        for name, title in (
            ("articles", "Articles"),
            ("entities", "Entities"),
            ("quotations", "Quotations"),
            ("notes", "Notes"),
        ):
            pane = self.pane(name)
            pane.add_class("pane")
            pane.border_title = Content(f"{PANES.index(name) + 1} {title}")
        self.view.add_class("pane")
        self.watch(self.view, "scroll_y", self._entitle, init=False)
        # Before the first layout, so that there is but one.
        self.columns.arrange()
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.annotating.start()
        self.annotating.asking.start()
        self.searching.start()
        self.listing.refresh()
        self.set_interval(0.5, Watching(self).look)
        self.post_message(self.Started())

    def listed(self) -> None:
        """The list has come: open an article if none is."""
        self.refresh_status()
        self.searching.refresh()
        if self.page is None:
            if self.listing:
                self._message = ""
            self.travel.start()

    def on_resize(self) -> None:
        """Arrange the columns for the new size."""
        self.columns.arrange()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The mouse may have gone to another pane."""
        self.columns.follow_focus(event.widget)
        self.refresh_status()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """In a text field its letter is typed: the footer is not to promise a search."""
        return not (action == "search" and isinstance(self.focused, Input))

    # status

    def say(self, message: str) -> None:
        """Say something on the status line, until the next key."""
        self._message = message
        self.refresh_status()

    def hush(self) -> None:
        """A key was pressed: what was said before is done with."""
        if self._message:
            self.say("")

    def set_writing(self, text: str) -> None:
        """Keep in sight what the reader's own work waits for, where nothing else is said."""
        if text != self._writing:
            self._writing = text
            self.refresh_status()

    def set_progress(self, text: str, glance: str = "") -> None:
        """Show what goes on in the background, and in few words where there is little room."""
        self._progress = text, glance
        self.entities.show_working(bool(text))
        self.refresh_status()

    def set_unseen(self, text: str) -> None:
        """Keep in sight what went wrong in the background, until it was looked at."""
        self._unseen = text
        self.refresh_status()

    def refresh_status(self) -> None:
        """Write the status line: mode, what is lit and where in it, the message; at the right the library."""
        mode = "SELECT" if self.view.selecting else ""
        tag = self.annotating.current_tag
        self.query_one(StatusLine).show(
            (mode, self.lighting.describe(), self._message or self._writing),
            Standing(
                self._unseen,
                *self._progress,
                f"#{plain(tag, 24)}" if tag else "",
                many(len(self.listing), "article"),
                "read-only" if self.library.read_only else "",
            ),
        )

    def keep(self, write: Callable[[], object], *, instead: Hashable = None) -> None:
        """Have the library remember something nobody asked it to, in a thread; one that is only read does not."""
        if not self.library.read_only:
            self.keeping.do(write, instead=instead)

    # articles

    def _read_notes(self, keys: Sequence[str]) -> Mapping[str, Annotation]:
        return self.annotating.noting.read(keys)

    def show_read(self, article_id: str) -> None:
        """Show in the list that an article is open, and read."""
        self.listing.change(article_id, read=True)
        self.articles.highlight(article_id)

    def show_page(self, page: Page) -> None:
        """Put what is derived from the open article on the panes and over its text."""
        self.page = page
        self._entitle()
        self.view.border_subtitle = Content(" · ".join(self.relatives.told(page)))
        self.view.set_layer("quotations", page.quotation_layer)
        self.view.set_layer("entities", page.entity_layer)
        self.entities.show(page)
        self.quotations.show(page)
        if not page.whole:
            self.wait_for(("entities", "quotations"))

    def close_page(self) -> None:
        """Show no article: the last one is gone."""
        self.page = None
        self.view.close()
        self.view.border_title = Content("2 Text")
        self.view.border_subtitle = Content("")
        self.entities.show(None)
        self.quotations.show(None)
        self.annotated.refresh()
        self.refresh_status()

    def _entitle(self) -> None:
        """Say over the text what is read, with its title where that stands nowhere in sight."""
        if self.page is None:
            return
        article = self.page.article
        meta = article.meta
        # Many an outlet names itself as the author.
        parts = dict.fromkeys((meta.outlet, meta.author, (meta.date or "")[:10]))
        about = [plain(part, 40) for part in parts if part]
        if not about:
            about = [plain(article.title, 70)]
        elif self.view.scroll_y >= _HEADLINE or not _tells_its_title(article):
            # Where there is one column nothing else tells it.
            about.insert(0, plain(article.title, 48))
        self.view.border_title = Content(f"2 {' · '.join(about)}")

    def wait_for(self, waits: Collection[str], *, for_ever: bool = False) -> None:
        """Say on a pane that what it is to list is not there yet, not that there is none.

        Args:
            for_ever: nobody looks for it.
        """
        for name in waits:
            write_below(self.pane(name), _NEVER_FOUND if for_ever else _BEING_FOUND)

    def renew(self) -> None:
        """Show what came in the background: articles in the list, and what was derived from the open one."""
        self.listing.refresh()
        self.articles.count_again()
        self.entities.renew()
        self.quotations.renew()
        if self.page is not None:
            self.travel.reload()

    # panes' messages

    @on(ArticlesPane.Open)
    def _open(self, message: ArticlesPane.Open) -> None:
        if message.asked is not None:
            # Looked up in the thread: opening the index may take a while.
            asked = message.asked
            self.keep(lambda: self.library.search.searches.remember(asked))
        self.lighting.expect(message.lit)
        self.focus_pane("text")
        same = self.page is not None and self.page.article.id == message.article_id and message.lit is None
        if not same:
            self.travel.open(message.article_id, at=BEST if message.lit else None)

    @on(ArticlesPane.Searched)
    def _searched(self, message: ArticlesPane.Searched) -> None:
        self.lighting.light(message.lit)
        query = self.articles.asked if message.lit is not None else None
        self.entities.results_are(query)
        self.quotations.results_are(query)
        self.notes.results_are(query)

    @on(ArticlesPane.Grew)
    def _grew(self) -> None:
        self.lighting.paint()
        self.refresh_status()

    @on(EntityPane.Follow)
    def _entity(self, message: EntityPane.Follow) -> None:
        self.lighting.follow_entity(message.entity.id, message.entity.name)

    @on(QuotationPane.Preview)
    def _preview(self, message: QuotationPane.Preview) -> None:
        self.view.go(message.quotation.start, centre=True)
        self.view.set_layer(
            "current", [Painted(message.quotation.start, message.quotation.end, "hit.current")]
        )

    @on(QuotationPane.Follow)
    def _quotation(self, message: QuotationPane.Follow) -> None:
        self.lighting.follow_quotation(message.quotation)

    @on(QuotationPane.Go)
    def _go_to_quotation(self, message: QuotationPane.Go) -> None:
        quotation = message.quotation
        self.focus_pane("text")
        if self.page is not None and self.page.article.id == quotation.article:
            self.view.go(quotation.start, centre=True)
        else:
            self.travel.open(quotation.article, at=quotation.start)

    @on(QuotationPane.Unasked)
    def _no_results(self) -> None:
        self.say("no search: / searches, g q lists the quotations of the library")

    @on(NotesPane.Unasked)
    def _no_results_noted(self) -> None:
        self.say("no search: / searches")

    @on(NotesPane.Go)
    def _note(self, message: NotesPane.Go) -> None:
        annotation = message.annotation
        self.focus_pane("text")
        if (place := self.annotated.place(annotation)) is not None:
            self.view.go(place, centre=True)
        else:
            self.travel.open(annotation.article, at=annotation.start or 0)

    @on(NotesPane.Filtered)
    def _filtered(self) -> None:
        self.annotating.noting.refresh()

    @on(ArticleView.Moved)
    def _moved(self) -> None:
        self.refresh_status()

    @on(QueryBox.Leave)
    def _leave_box(self) -> None:
        self.columns.step(1)

    def restyle(self, paint: Paint) -> None:
        """Take another theme's colours."""
        self.paint = paint
        self.view.paint_with(paint)
        for pane in (self.articles, self.entities, self.quotations, self.notes):
            pane.restyle(paint.theme)
        self.annotated.refresh()

    def leave(self) -> None:
        """Before the app ends: keep the place, unless that has to be waited for too long. Not on the event loop."""
        self.gestures.flush()
        self.annotating.asking.finish()
        self.travel.leave()

    def on_unmount(self) -> None:
        """Nothing is begun any more."""
        self.gestures.close()
        self.keeping.close()
        self.annotating.asking.close()


def _tells_its_title(article: Article) -> bool:
    """Whether an article's text has a headline, or begins as its title does."""
    if any(line.kind is LineKind.HEADLINE for line in article.lines):
        return True
    title, text = (plain(told, _BEGINNING).rstrip("…").casefold() for told in (article.title, article.text))
    return text.startswith(title)

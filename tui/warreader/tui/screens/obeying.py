"""What the reader screen does at a command: mostly a line, which says who is asked."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget
from textual.widgets import Input

from warreader.index.api import cite
from warreader.tui.screens.modal import Behind
from warreader.tui.widgets.article_view import ArticleView
from warreader.tui.widgets.articles_pane import ArticlesPane
from warreader.tui.widgets.entity_pane import EntityPane
from warreader.tui.widgets.notes_pane import NotesPane
from warreader.tui.widgets.side_panes import QuotationPane

if TYPE_CHECKING:
    from warreader.index.api import Library
    from warreader.tui.page import Page
    from warreader.tui.screens.annotated import Annotated
    from warreader.tui.screens.annotating import Annotating
    from warreader.tui.screens.columns import Columns
    from warreader.tui.screens.comparing import Comparing
    from warreader.tui.screens.correcting import Correcting
    from warreader.tui.screens.gestures import Gestures
    from warreader.tui.screens.lighting import Lighting
    from warreader.tui.screens.listing import Listing
    from warreader.tui.screens.naming import Naming
    from warreader.tui.screens.relatives import Relatives
    from warreader.tui.screens.removing import Removing
    from warreader.tui.screens.searching import Searching
    from warreader.tui.screens.travel import Travel
    from warreader.tui.threads import InTurn


class Obeying(Behind[None]):
    """The parts of the reader screen, and the actions that commands name. Putting the parts together is left open."""

    library: Library
    page: Page | None
    keeping: InTurn
    gestures: Gestures
    columns: Columns
    listing: Listing
    annotated: Annotated
    annotating: Annotating
    lighting: Lighting
    travel: Travel
    searching: Searching
    correcting: Correcting
    comparing: Comparing
    relatives: Relatives
    removing: Removing
    naming: Naming

    @abstractmethod
    def say(self, message: str) -> None:
        """Say something on the status line, until the next key."""

    @property
    def behind(self) -> bool:
        """Whether what ``enter`` would choose from is about to be replaced by what was asked for."""
        return self.active == "entities" and self.entities.pending

    @property
    def finding(self) -> bool:
        """Whether an answer is to open what it finds."""
        return self.articles.finding

    # panes

    @property
    def view(self) -> ArticleView:
        """The article."""
        return self.query_one("#text", ArticleView)

    @property
    def articles(self) -> ArticlesPane:
        """The list of articles or results."""
        return self.query_one("#articles-pane", ArticlesPane)

    @property
    def entities(self) -> EntityPane:
        """The entities."""
        return self.query_one("#entities", EntityPane)

    @property
    def quotations(self) -> QuotationPane:
        """The quotations."""
        return self.query_one("#quotations", QuotationPane)

    @property
    def notes(self) -> NotesPane:
        """The notes."""
        return self.query_one("#notes", NotesPane)

    def pane(self, name: str) -> Widget:
        """A pane by its name."""
        return self.query_one("#articles-pane" if name == "articles" else f"#{name}")

    @property
    def active(self) -> str:
        """The name of the active pane."""
        return self.columns.active

    def focus_pane(self, name: str) -> None:
        """Go to a pane, showing it if it is hidden."""
        self.columns.focus(name)

    def action_pane(self, name: str) -> None:
        """Go to a pane; from the text, to the quotation under the cursor in theirs."""
        if name == "quotations" and self.active == "text" and self.page is not None:
            here = self.page.quotation_at(self.view.cursor)
            if here is not None:
                self.quotations.highlight(here.id)
        self.columns.focus(name)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self.columns.step(1)

    def action_previous_pane(self) -> None:
        """Go to the previous pane."""
        self.columns.step(-1)

    def action_maximise(self) -> None:
        """Show the active pane alone, or all again."""
        self.columns.maximise()

    # articles

    def action_next_article(self) -> None:
        """Open the next article in the list."""
        self.travel.step(1)

    def action_previous_article(self) -> None:
        """Open the previous one."""
        self.travel.step(-1)

    def action_back(self) -> None:
        """Back in what was read."""
        self.travel.move(-1)

    def action_forward(self) -> None:
        """Forward in what was read."""
        self.travel.move(1)

    @property
    def chosen(self) -> str | None:
        """Id of the article that a command means: in the list the highlighted one, else the open one."""
        listed = self.articles.rows.highlighted_id if self.active == "articles" else None
        return listed or (self.page.article.id if self.page else None)

    def action_toggle_read(self) -> None:
        """Read or unread."""
        self._toggle("read")

    def action_toggle_star(self) -> None:
        """Star or no star."""
        self._toggle("starred")

    def _toggle(self, name: str) -> None:
        article_id = self.chosen
        summary = self.listing.summaries.get(article_id or "")
        if summary is None or article_id is None:
            return
        value = not getattr(summary, name)
        # In a thread: while articles are added it may have to wait.
        self.keeping.do(partial(self.library.articles.mark, article_id, **{name: value}))
        self.listing.change(article_id, **{name: value})
        self.say({"read": ("unread", "read"), "starred": ("star taken off", "starred")}[name][value])

    def action_remove(self) -> None:
        """Take it out of the library."""
        self.removing.ask()

    def action_details(self, edit: bool = False) -> None:
        """What is known about the article."""
        self.correcting.details(edit=edit)

    def action_line_kind(self) -> None:
        """Correct what the lines under the cursor or selection are."""
        self.correcting.line_kind()

    def action_versions(self) -> None:
        """What changed from version to version of this article."""
        self.relatives.versions()

    def action_copies(self) -> None:
        """Where else the same story stands."""
        self.relatives.copies()

    # searching, and what is lit

    def action_search(self) -> None:
        """Go to the search box."""
        self.focus_pane("articles")
        self.set_focus(self.articles.box)
        self.articles.box.select_all()

    def action_escape(self) -> None:
        """Give up what is being opened; else close the innermost: selection, search, light, maximised pane."""
        if self.travel.give_up():
            return
        self.workers.cancel_group(self, "everywhere")
        self.annotating.marking.stop()
        if self.active == "notes" and self.notes.box.value:
            self.notes.box.value = ""
            self.notes.rows.focus()
        elif self.active == "notes" and self.focused is self.notes.box:
            self.notes.rows.focus()
        elif self.articles.facets.has_focus:
            self.articles.rows.focus()
        elif self.focused is self.entities.box or (self.active == "entities" and self.entities.typed):
            self.entities.clear_filter()
        elif isinstance(self.focused, Input) or (self.active == "articles" and self.articles.box.value):
            self.articles.clear()
            self.focus_pane("text" if isinstance(self.focused, Input) else "articles")
        elif self.view.selected is not None or self.view.selecting:
            self.view.stop_selecting()
        elif self.lighting.lit is not None:
            self.lighting.light(None)
            if self.articles.box.value:
                # One esc too many would cost the results that are being read.
                self.say("the results stay: esc again drops them")
                return
        elif self.articles.box.value:
            self.articles.clear()
        elif self.columns.maximised:
            self.columns.maximise()
        elif self.active != "text":
            self.focus_pane("text")
        self.say("")

    def action_search_order(self) -> None:
        """The next order of results."""
        self.searching.order()

    def action_facets(self) -> None:
        """To the facets, and away from them."""
        self.searching.facets()

    def action_exclude(self) -> None:
        """Search without the highlighted value."""
        self.searching.exclude()

    def action_fold_copies(self) -> None:
        """Copies of a story as one result, or each."""
        self.searching.fold()

    def action_take_meant(self) -> None:
        """Search for what was probably meant."""
        self.searching.take_meant()

    def action_save_search(self) -> None:
        """Keep the search under a name."""
        self.searching.save()

    def action_saved_searches(self) -> None:
        """Saved searches, and those made before."""
        self.searching.saved()

    def action_next_lit(self) -> None:
        """Next place of what is lit; past the end, into the next article."""
        self.lighting.step(forward=True)

    def action_previous_lit(self) -> None:
        """Previous place."""
        self.lighting.step(forward=False)

    def action_follow(self) -> None:
        """Follow what is under the cursor: a quotation to its other articles, a name to its next mention."""
        self.lighting.follow()

    def action_name(self) -> None:
        """The card of the name under the cursor."""
        self.naming.card()

    # annotations

    def action_annotate(self) -> None:
        """Note and tags."""
        self.annotating.annotate()

    def action_annotation(self, what: str) -> None:
        """Obey a further command on annotations."""
        self.annotating.do(what)

    def action_mark(self) -> None:
        """Mark with the current tag."""
        self.annotating.mark()

    def action_tag(self) -> None:
        """Pick a tag."""
        self.annotating.tag()

    def action_delete_annotation(self) -> None:
        """Delete the annotation under the cursor."""
        self.annotating.delete()

    def action_undo(self) -> None:
        """Undo."""
        self.annotating.undo()

    def action_redo(self) -> None:
        """Redo."""
        self.annotating.redo()

    def action_next_annotation(self) -> None:
        """To the next annotation."""
        self.annotating.step(forward=True)

    def action_previous_annotation(self) -> None:
        """To the previous annotation."""
        self.annotating.step(forward=False)

    # quotations

    def action_select_quotation(self) -> None:
        """Select the quotation under the cursor."""
        quotation = self.page.quotation_at(self.view.cursor) if self.page else None
        if quotation is None:
            self.say("no quotation under the cursor")
        else:
            self.view.select(quotation.span)

    def action_compare(self) -> None:
        """All versions of a quotation."""
        self.comparing.compare()

    def action_suggestions(self) -> None:
        """Statements that may be this one in other words."""
        self.comparing.suggest()

    def action_library_quotations(self) -> None:
        """The quotations of the whole library."""
        self.comparing.everywhere()

    def action_join_quotations(self) -> None:
        """Join two quotations."""
        self.comparing.join()

    def action_quotation_speaker(self) -> None:
        """Correct who said it."""
        self.comparing.speaker()

    def action_quotation_bounds(self) -> None:
        """Set a quotation's bounds, or mark one."""
        self.comparing.bounds()

    def action_reject_quotation(self) -> None:
        """This is no quotation."""
        self.comparing.reject()

    # the text

    def action_copy(self) -> None:
        """Copy the selection with its citation."""
        span = self.view.selected
        if span is None or self.page is None:
            self.say("select first: v and motions, s the sentence, Q the quotation, or drag")
            return
        citation = cite(self.library, self.page.article.id)
        source = ", ".join(
            part for part in (citation.title, citation.outlet, citation.date, citation.url) if part
        )
        self.app.copy_to_clipboard(f"{span.of(self.page.article.text)}\n— {source}\n")
        self.say("copied with its citation")

    def action_furniture(self) -> None:
        """Fold or show furniture."""
        self.view.fold(not self.view.folded)
        self.say("furniture folded" if self.view.folded else "furniture shown")

    def action_layer(self, name: str) -> None:
        """Show or hide a layer."""
        shown = self.view.toggle_layer(name)
        if name == "hits":
            self.view.toggle_layer("current")
        self.say(f"{name} {'shown' if shown else 'hidden'}")

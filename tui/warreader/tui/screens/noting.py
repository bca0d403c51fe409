"""The notes pane, and annotations that are on no selection: of articles, entities, words wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len

from warreader.index.api import NotFoundError, Span, cite, many, parse_filter
from warreader.tui.screens.asking import NoteAndTags, Subject, of
from warreader.tui.screens.gestures import in_one_line
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.notes_pane import Notes

if TYPE_CHECKING:
    from warreader.index.api import Annotation, Carried
    from warreader.tui.editor import Draft
    from warreader.tui.screens.annotating import Annotating
    from warreader.tui.screens.reader import ReaderScreen

_ASIDE = 14
"""Cells of the status line that a message shares with the mode."""


class Noting:
    """Lists the notes off the event loop, and asks for those that no selection is needed for."""

    def __init__(self, screen: ReaderScreen, annotating: Annotating) -> None:
        self._screen = screen
        self._annotating = annotating

    # the pane

    def refresh(self) -> None:
        """List the notes that the filter leaves, and count them."""
        screen = self._screen
        page = screen.page
        fetch = partial(
            self._fetch,
            screen.notes.box.value,
            screen.notes.asked,
            page.article.id if page is not None else None,
            tuple(self._screen.annotated.carried),
            dict(self._screen.annotated.spans),
        )
        in_thread(screen, fetch, group="notes", exclusive=True)

    def _fetch(
        self,
        typed: str,
        query: str | None,
        current: str | None,
        carried: Sequence[Carried],
        spans: Mapping[str, Span],
    ) -> None:
        screen = self._screen
        listing = screen.library.annotations.listing
        wanted = parse_filter(typed)
        articles = wanted.articles(screen.listing.summaries.values())
        counts = listing.by_article()
        if query is not None:
            search = screen.library.search
            found = set(search.ids(search.answer(query, as_you_type=True).keys))
            articles = {one for one in counts if one in found and (articles is None or one in articles)}
        here, rest = listing.keys(wanted, articles, current)
        if carried:
            elsewhere = {key for one in carried if (key := listing.key(one.annotation.id)) is not None}
            shown = elsewhere.intersection(rest)
            here += [key for key in elsewhere if key in shown]
            rest = [key for key in rest if key not in shown]
        here = _by_place(listing.some(here), spans)
        entities = screen.library.entities
        names = {
            named.id: named.name for one in listing.entities() if (named := entities.get(one)) is not None
        }
        keys = [*here, *rest]
        notes = Notes(
            keys,
            len(here),
            sum(counts.values()),
            current,
            {one.annotation.id: one for one in carried},
            names,
            {key: place for place, key in enumerate(keys)},
        )
        screen.app.call_from_thread(self._take, typed, query, notes, counts)

    def _take(self, typed: str, query: str | None, notes: Notes, counts: Mapping[str, int]) -> None:
        screen = self._screen
        page = screen.page
        # An older answer may come after the filter, the results or the article have changed.
        same = (typed, query) == (screen.notes.box.value, screen.notes.asked)
        if same and notes.current == (page.article.id if page else None):
            screen.notes.show(notes)
            screen.listing.show_noted(counts)

    def read(self, keys: Sequence[str]) -> Mapping[str, Annotation]:
        """The annotations of some keys."""
        return self._screen.library.annotations.listing.some(keys)

    def filter(self) -> None:
        """Go to the filter of the notes pane."""
        self._screen.focus_pane("notes")
        self._screen.set_focus(self._screen.notes.box)

    def filter_by(self, typed: str) -> None:
        """List the notes that a filter leaves."""
        self._screen.focus_pane("notes")
        self._screen.notes.box.value = typed

    # annotating without a selection

    def annotate_article(self) -> None:
        """Note and tags for an article as a whole: in the list the highlighted one, else the open one."""
        article_id = self._screen.chosen
        if article_id is None:
            self._screen.say("no article is open")
            return
        held = next(
            (one for one in self._annotating.store.of(article_id) if one.span is None and one.about is None),
            None,
        )
        title = self._screen.listing.title(article_id)
        self._ask(held, Subject(f"the whole article: {title}", article=article_id))

    def annotate_entity(self) -> None:
        """Note and tags for an entity: in its pane the highlighted one, else the one under the cursor."""
        from warreader.index.api import ABOUT_ENTITY

        screen = self._screen
        page = screen.page
        if page is None:
            return
        if screen.active == "entities":
            listed = screen.entities.entity
            wanted = listed.id if listed is not None else None
        else:
            mention = page.mention_at(screen.view.cursor)
            wanted = mention.entity if mention is not None else None
        entity = screen.library.entities.get(wanted) if wanted is not None else None
        if entity is None:
            screen.say("no name under the cursor; 3 lists all names of the article")
            return
        about = f"{ABOUT_ENTITY}{entity.id}"
        held = next(iter(self._annotating.store.listing.about(about)), None)
        self._ask(held, Subject(f"on {entity.name}, wherever named", about=about))

    def annotate_words(self) -> None:
        """Note and tags for words wherever they stand: the quotation under the cursor, or the selection."""
        from warreader.index.api import ABOUT_MATCH

        screen = self._screen
        page = screen.page
        if page is None:
            return
        span = screen.view.selected if screen.active != "quotations" else None
        if span is None:
            quotation = (
                screen.quotations.current()
                if screen.active == "quotations"
                else page.quotation_at(screen.view.cursor)
            )
            span = quotation.span if quotation is not None else None
        if span is None:
            screen.say("no quotation under the cursor; select the words, or 4 lists all quotations")
            return
        here = self._annotating.store.at(page.article.id, span.start)
        held = next((one for one in here if one.about == ABOUT_MATCH and one.span == span), None)
        words = f"wherever it stands: {span.of(page.article.text)}"
        self._ask(held, Subject(words, span=span, about=ABOUT_MATCH))

    def _ask(self, held: Annotation | None, new: Subject) -> None:
        self._annotating.asking.ask(new if held is None else of(held, new.quoted))

    # longer notes

    def edit(self) -> None:
        """Write the note of the annotation under the cursor, or of a new one on the selection, in the editor."""
        from textual.app import SuspendNotSupported

        from warreader.tui.editor import EditorError, edit_in

        screen = self._screen
        span = screen.view.selected if screen.active != "notes" else None
        if span is None and screen.gestures.refuses():
            return
        held = self._screen.annotated.at_cursor() if span is None else None
        if span is None and held is None:
            screen.say("select first, or go to an annotation; E then writes its note in your editor")
            return
        before = held.note if held is not None else ""
        try:
            draft = edit_in(screen.app, before)
        except SuspendNotSupported:
            screen.say("this terminal can't give way to an editor; a opens the note here")
            return
        except EditorError as error:
            told = plain(str(error), 300)
            screen.say(told)
            if cell_len(told) > screen.size.width - _ASIDE:
                # On the line its end is cut, and with it where the note is kept.
                screen.app.notify(told, severity="warning", timeout=15, markup=False)
            return
        after, written = draft.text, draft.discard
        if after == before:
            written()
            screen.say("the note is unchanged")
        elif held is not None:
            missed = partial(self._not_written, of(held), NoteAndTags(after, held.tags), draft)
            self._annotating.change(held, "note changed", note=after, written=written, missed=missed)
        elif span is not None and screen.page is not None:
            tag = self._annotating.current_tag
            subject = Subject(span.of(screen.page.article.text), span=span, article=screen.page.article.id)
            typed = NoteAndTags(after, (tag,) if tag else ())
            missed = partial(self._not_written, subject, typed, draft)
            self._annotating.add(span, after, typed.tags, written=written, missed=missed)

    def _not_written(self, subject: Subject, typed: NoteAndTags, draft: Draft, error: Exception) -> None:
        """The editor is closed by then: what was written in it stands in the dialogue."""
        if isinstance(error, NotFoundError):
            subject = replace(subject, held=None)
        self._annotating.asking.ask(subject, typed, in_one_line(error), draft)

    def show_in_full(self) -> None:
        """The annotation under the cursor with its whole note and its history."""
        from warreader.tui.screens.annotation_details import AnnotationScreen

        held = self._screen.annotated.at_cursor()
        if held is None:
            self._screen.say("no annotation under the cursor; ] goes to the next")
            return
        citation = cite(self._screen.library, held.article)
        history = self._annotating.store.history(held.id)
        self._screen.app.push_screen(AnnotationScreen(held, citation, history))

    # tags

    def code_book(self) -> None:
        """The tree of tags."""
        from warreader.tui.screens.code_book import CodeBookScreen

        def done(tag: str | None) -> None:
            self._screen.annotated.refresh()
            if tag is not None:
                self.filter_by(f'tag:"{tag}"')

        screen = self._screen
        screen.app.push_screen(
            CodeBookScreen(
                self._annotating.store, screen.paint, screen.gestures, self._annotating.tag_in_use
            ),
            done,
        )

    def tag_results(self) -> None:
        """Give all articles that answer the search a tag, each as a whole."""
        screen = self._screen
        query = screen.articles.asked
        lit = screen.lighting.lit
        order = None if query or lit is None else list(lit.order)
        if not query and not order:
            screen.say("search first; then this tags all articles found")
            return
        number = screen.articles.total if order is None else len(order)
        if not number:
            screen.say("no article is found that could be tagged")
            return

        def done(tag: str) -> None:
            give = partial(self._tag_results, query or "", order, tag)
            screen.gestures.write(give, partial(self._results_tagged, tag), slow=True)

        all_found = f"all {number:,} articles" if number > 1 else "the article"
        self._annotating.pick_tag(done, f"for {all_found} found, each as a whole")

    def _tag_results(self, query: str, order: Sequence[str] | None, tag: str) -> tuple[int, int]:
        """How many were tagged, of how many."""
        from warreader.index.api import tag_articles

        library = self._screen.library
        if order is None:
            found = library.search.search(
                query, limit=max(1, len(library.articles)), as_you_type=True, snippets=False
            )
            order = [hit.id for hit in found.hits]
        return tag_articles(self._annotating.store, order, tag, self._annotating.creator), len(order)

    def _results_tagged(self, tag: str, counts: tuple[int, int]) -> None:
        made, total = counts
        self._screen.annotated.refresh()
        if made:
            self._annotating.saved(f"tagged {made:,} of {many(total, 'article')}", (tag,))
        else:
            self._screen.say(f"all {total:,} have #{plain(tag, 40)} already")


def _by_place(held: Mapping[str, Annotation], spans: Mapping[str, Span]) -> list[str]:
    """The keys of annotations as they stand in an article; those whose words it has no more come last.

    Args:
        held: the annotations by key.
        spans: where those of the article stand, by their ids.
    """

    def place(key: str) -> tuple[bool, int, int]:
        lost = held[key].id not in spans and held[key].span is not None
        span = spans.get(held[key].id) or held[key].span
        return lost, span.start if span else -1, int(key)

    return sorted(held, key=place)

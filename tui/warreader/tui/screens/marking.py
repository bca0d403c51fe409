"""Marking faster than one by one: all the same words, boundaries by a word, one annotation under another."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from warreader.index.api import Span, many
from warreader.tui.reading.boundaries import Edge, moved
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.tui.screens.annotated import Own
    from warreader.tui.screens.annotating import Annotating
    from warreader.tui.screens.reader import ReaderScreen

_TOLD_EVERY = 0.3
"""Seconds from one word about long work to the next."""

Places = list[tuple[str, str, list[Span]]]
"""Id and stored text of an article, and spans in it."""


class Marking:
    """Gestures on many places, and on the annotation chosen under the cursor."""

    def __init__(self, screen: ReaderScreen, annotating: Annotating) -> None:
        self._screen = screen
        self._annotating = annotating
        self._stopped = False

    def select_lit(self) -> None:
        """Select the lit place under the cursor, else the next one."""
        screen = self._screen
        span = screen.lighting.at(screen.view.cursor)
        if span is None:
            screen.say("nothing is lit in this article; / searches, enter on a name lights it")
        else:
            screen.view.select(span)

    def cycle(self) -> None:
        """Choose the next of the annotations under the cursor, from the innermost outwards."""
        screen, annotated = self._screen, self._screen.annotated
        around = annotated.around_cursor()
        if not around:
            screen.say("no annotation under the cursor; ] goes to the next")
            return
        ids = [one.id for one in around]
        # The innermost is meant until another is chosen.
        at = (ids.index(annotated.chosen) if annotated.chosen in ids else 0) + 1 if len(ids) > 1 else 0
        meant = around[at % len(around)]
        annotated.chosen = meant.id
        screen.lighting.point_at(annotated.spans[meant.id])
        tags = " ".join(f"#{plain(tag, 40)}" for tag in meant.tags)
        told = " ".join(part for part in (tags, plain(meant.note, 60)) if part) or "highlight"
        screen.say(f"{ids.index(meant.id) + 1} of {len(ids)}: {told}")

    def move_boundary(self, edge: Edge, *, forward: bool) -> None:
        """Move the start or end of the selection, or of the annotation under the cursor, by a word."""
        screen = self._screen
        page = screen.page
        if page is None:
            return
        text = page.article.text
        if (selected := screen.view.selected) is not None:
            if (span := moved(text, selected, edge, forward=forward)) is not None:
                screen.view.select(span)
            return
        if screen.gestures.refuses():
            return
        held = self._screen.annotated.at_cursor()
        if held is None or held.span is None or held.id not in self._screen.annotated.spans:
            screen.say("select first, or go to an annotation; then , . move its start, < > its end")
        elif held.article != page.article.id:
            screen.say("it was made on another text; its boundaries can be moved there")
        elif (span := moved(text, held.span, edge, forward=forward)) is not None:
            self._annotating.change(
                held,
                f"now “{plain(span.of(text), 60)}”",
                written=partial(self._moved, held.id, page.article.id, span, edge),
                text=text,
                start=span.start,
                end=span.end,
            )

    def _moved(self, annotation_id: str, article_id: str, span: Span, edge: Edge) -> None:
        self._screen.annotated.chosen = annotation_id
        screen = self._screen
        here = screen.page is not None and screen.page.article.id == article_id
        if here and not span.contains(screen.view.cursor):
            screen.view.go(span.start if edge == "start" else span.end - 1)

    # the same words everywhere

    def mark_all(self) -> None:
        """Mark all places of the selected words with the current tag: first they are counted, then it asks."""
        screen = self._screen
        page = screen.page
        span = screen.view.selected
        if span is None and (held := self._screen.annotated.at_cursor()) is not None:
            span = self._screen.annotated.spans.get(held.id)
        if span is None or page is None:
            screen.say("select the words first; M marks all places that have them")
            return
        words = span.of(page.article.text)
        screen.say("counting … esc stops")
        count = partial(self._count, words, page.article.id)
        in_thread(screen, count, group="everywhere", exclusive=True, opens=True)

    def _count(self, words: str, article_id: str) -> None:
        from textual.worker import get_current_worker

        from warreader.index.api import everywhere, places_of

        screen = self._screen
        worker = get_current_worker()
        article = screen.library.articles.get(article_id)
        own = places_of(words, article.text, article.lines) or places_of(words, article.text)
        here = (article.id, article.text, own)
        others: Places = []
        count = 0
        said = time.monotonic()
        for found in everywhere(screen.library, words, stop=lambda: worker.is_cancelled):
            if found[0] == article_id:
                continue
            others.append(found)
            count += len(found[2])
            if time.monotonic() - said > _TOLD_EVERY:
                said = time.monotonic()
                told = f"counting … {many(count, 'place')} in {many(len(others), 'article')} · esc stops"
                screen.app.call_from_thread(screen.say, told)
        if not worker.is_cancelled:
            screen.app.call_from_thread(self._ask, words, here, others)

    def _ask(self, words: str, here: tuple[str, str, list[Span]], others: Places) -> None:
        from warreader.tui.screens.picking import Picker

        screen = self._screen
        screen.say("")
        tag = self._annotating.current_tag
        total = len(here[2]) + sum(len(spans) for _, _, spans in others)
        rows = [("here", Content(f"a  in this article: {many(len(here[2]), 'place')}"))]
        if others:
            articles = many(len(others) + bool(here[2]), "article")
            rows.append(("all", Content(f"A  in all articles: {many(total, 'place')} in {articles}")))

        def done(choice: str | None) -> None:
            if choice is None:
                return
            places = [here, *(others if choice == "all" else ())]
            self._mark(places, (tag,) if tag else ())

        title = f"Mark all “{plain(words, 40)}”" + (f" with #{plain(tag, 30)}" if tag else "")
        keys = {"a": "here", "A": "all"} if others else {"a": "here"}
        screen.app.push_screen(Picker(title, rows, keys=keys), done)

    def stop(self) -> None:
        """Mark none of the places that are being marked."""
        self._stopped = True

    def _mark(self, places: Places, tags: tuple[str, ...]) -> None:
        from warreader.index.api import mark_all

        screen = self._screen
        said = time.monotonic()
        self._stopped = False

        def told(done: int, count: int) -> bool:
            nonlocal said
            if time.monotonic() - said > _TOLD_EVERY:
                said = time.monotonic()
                message = f"marking … {done:,} of {many(count, 'place')} · esc stops, and marks none"
                # Not waited for: the annotations are locked, and the screen may be about to write too.
                screen.call_later(screen.say, message)
            return not self._stopped

        page = screen.page

        def work() -> tuple[int, Own | None]:
            made = mark_all(self._annotating.store, places, tags, self._annotating.creator, told)
            return made, screen.annotated.read(page.article) if page is not None else None

        screen.gestures.write(work, partial(self._marked, tags), slow=True)

    def _marked(self, tags: tuple[str, ...], result: tuple[int, Own | None]) -> None:
        made, own = result
        if self._stopped and not made:
            self._screen.say("stopped; none is marked")
            return
        self._screen.view.stop_selecting()
        self._screen.annotated.refresh(own)
        if made:
            self._annotating.saved(f"marked {many(made, 'place')}", tags)
        else:
            self._screen.say("all of them were marked so already")

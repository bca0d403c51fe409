"""Correcting: the article's details and what its lines are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from warreader.index.api import Article, LineKind, Span, WarreaderError, many
from warreader.tui.screens.details import FIELDS, Fact
from warreader.tui.threads import in_thread
from warreader.tui.widgets.article_rows import same_story
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.api import Correction, Library
    from warreader.tui.screens.reader import ReaderScreen

_KEYS = {
    "h": LineKind.HEADLINE,
    "s": LineKind.STANDFIRST,
    "y": LineKind.BYLINE,
    "b": LineKind.BODY,
    "c": LineKind.CAPTION,
    "f": LineKind.FURNITURE,
}
_FOUND = "as found"
_MEANING = {
    LineKind.HEADLINE: "the article's title",
    LineKind.STANDFIRST: "the summary under it",
    LineKind.BYLINE: "who wrote it, when",
    LineKind.BODY: "the text itself",
    LineKind.CAPTION: "under a picture",
    LineKind.FURNITURE: "share buttons, related links",
}


def facts(library: Library, article_id: str) -> list[Fact]:
    """All that is known about an article. Asks the library: call it off the event loop.

    Raises:
        NotFoundError: there is no such article.
    """
    article = library.articles.get(article_id)
    corrected = {one.field: one.was for one in library.corrections.of(article_id)}
    found = [
        Fact(name, getattr(article.meta, field), field, field in corrected, corrected.get(field))
        for field, name in FIELDS
    ]
    kinds = Counter(line.kind for line in article.lines if line.end > line.start)
    lines = ", ".join(f"{kinds[kind]:,} {kind.value}" for kind in LineKind if kinds[kind])
    versions = library.articles.versions(article_id)
    place = next((number for number, one in enumerate(versions, 1) if one.id == article_id), 1)
    story = library.stories.of(article_id)
    copies = same_story(len(story.members), story.outlets) if story else ""
    words = len(article.text.split())
    return [
        *found,
        Fact("Source file", article.source or None),
        Fact("Id", article.id),
        Fact("Length", f"{many(words, 'word')}, {many(len(article.text), 'character')}"),
        Fact("Lines", lines or "none"),
        Fact("Versions", f"{place} of {len(versions)}" if len(versions) > 1 else "only this one"),
        Fact("Copies", copies or "none known"),
    ]


def lines_under(article: Article, place: Span) -> list[int]:
    """Starts of the lines with text that a span touches; an empty span touches the line it stands in."""
    touched = [
        line
        for line in article.lines
        if (line.start < place.end and line.end > place.start)
        or (place.start == place.end and line.start <= place.start <= line.end)
    ]
    return [line.start for line in touched if article.text[line.start : line.end].strip()]


class Correcting:
    """What the keys for details and line kinds do."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen

    # details

    def details(self, *, edit: bool = False) -> None:
        """Show what is known about the chosen article."""
        article_id = self._screen.chosen
        if article_id is None:
            self._screen.say("no article is open")
            return
        fetch = partial(self._fetch, article_id, edit)
        in_thread(self._screen, fetch, group="details", exclusive=True, opens=True)

    def _fetch(self, article_id: str, edit: bool) -> None:
        screen = self._screen
        try:
            known = facts(screen.library, article_id)
        except WarreaderError as error:
            screen.app.call_from_thread(screen.say, plain(str(error), 200))
            return
        screen.app.call_from_thread(self._open, article_id, known, edit)

    def _open(self, article_id: str, known: Sequence[Fact], edit: bool) -> None:
        from warreader.tui.screens.details import DetailsDialog

        save, take_back = partial(self._save, article_id), partial(self._take_back, article_id)
        self._screen.app.push_screen(DetailsDialog(known, save, take_back, edit=edit))

    def _save(
        self,
        article_id: str,
        field: str,
        value: str | None,
        stored: Callable[[Sequence[Fact]], None],
        missed: Callable[[Exception], None],
    ) -> None:
        work = partial(self._screen.library.corrections.set_meta, article_id, field, value)
        self._write(
            article_id, work, f"corrected the {dict(FIELDS)[field].lower()} · u undoes", stored, missed
        )

    def _take_back(
        self,
        article_id: str,
        field: str,
        stored: Callable[[Sequence[Fact]], None],
        missed: Callable[[Exception], None],
    ) -> None:
        corrections = self._screen.library.corrections

        def work() -> None:
            corrections.withdraw(one for one in corrections.of(article_id) if one.field == field)

        self._write(article_id, work, "as it was found · u undoes", stored, missed)

    def _write(
        self,
        article_id: str,
        work: Callable[[], object],
        told: str,
        stored: Callable[[Sequence[Fact]], None],
        missed: Callable[[Exception], None],
    ) -> None:
        screen = self._screen

        def fetch() -> None:
            screen.app.call_from_thread(stored, facts(screen.library, article_id))

        def done(_: object) -> None:
            self.changed()
            # Said in any case: what stood there may be why it was no date the first time.
            screen.say(told)
            in_thread(screen, fetch, group="details", exclusive=True)

        screen.gestures.write(work, done, missed)

    # line kinds

    def line_kind(self) -> None:
        """Pick what the lines under the cursor or selection are."""
        screen = self._screen
        if screen.page is None:
            screen.say("no article is open")
            return
        article = screen.page.article
        if screen.view.selected is None and screen.view.hides(screen.view.cursor):
            screen.say("folded here; f shows the lines, F then says what one is")
            return
        starts = lines_under(article, screen.view.selected or Span(screen.view.cursor, screen.view.cursor))
        if not starts:
            screen.say("no text in this line")
            return
        wanted = set(starts)
        current = Counter(line.kind for line in article.lines if line.start in wanted).most_common(1)[0][0]
        fetch = partial(self._fetch_lines, article.id, starts, current)
        in_thread(screen, fetch, group="lines", exclusive=True, opens=True)

    def _fetch_lines(self, article_id: str, starts: Sequence[int], current: LineKind) -> None:
        screen = self._screen
        try:
            corrected = screen.library.corrections.of_lines(article_id, starts)
        except WarreaderError as error:
            screen.app.call_from_thread(screen.say, plain(str(error), 200))
            return
        screen.app.call_from_thread(self._pick, article_id, starts, current, corrected)

    def _pick(
        self, article_id: str, starts: Sequence[int], current: LineKind, corrected: Sequence[Correction]
    ) -> None:
        from warreader.tui.screens.picking import Picker

        rows = [
            (
                kind.value,
                Content.assemble(
                    (f"{key} ", "bold"),
                    (f"{kind.value:<11}", "bold" if kind is current else ""),
                    ("● now" if kind is current else _MEANING[kind], "dim"),
                ),
            )
            for key, kind in _KEYS.items()
        ]
        keys = {key: kind.value for key, kind in _KEYS.items()}
        if corrected:
            keys["x"] = _FOUND
            found = ", ".join(dict.fromkeys(one.was or "" for one in corrected))
            rows.append((_FOUND, Content.assemble(("x ", "bold"), "as it was found ", (found, "dim"))))

        def done(picked: str | None) -> None:
            if picked == _FOUND:
                work = partial(self._screen.library.corrections.withdraw, corrected)
                self._screen.gestures.write(work, partial(self._stored, "as it was found · u undoes"))
            elif picked is not None and (LineKind(picked) is not current or len(starts) > 1):
                self._store(article_id, starts, LineKind(picked))

        many = f"{len(starts)} lines are" if len(starts) > 1 else "this line is"
        picker = Picker(f"What {many}", rows, current=current.value, keys=keys)
        self._screen.app.push_screen(picker, done)

    def _store(self, article_id: str, starts: Sequence[int], kind: LineKind) -> None:
        work = partial(self._screen.library.corrections.set_line_kinds, article_id, starts, kind)
        many = f"{len(starts)} lines are" if len(starts) > 1 else "the line is"
        self._screen.gestures.write(work, partial(self._stored, f"{many} {kind.value} now · u undoes"))

    def _stored(self, told: str, _: object) -> None:
        self._screen.view.stop_selecting()
        self.changed()
        self._screen.say(told)

    def changed(self, span: Span | None = None) -> None:
        """A correction was made or taken back: show it, and have what follows from it derived again.

        Args:
            span: where it stands in the open article, to go there.
        """
        screen = self._screen
        screen.listing.refresh()
        screen.travel.reload(at=None if span is None else span.start)
        screen.post_message(screen.Corrected())

"""Quotations as the reader works with them: comparing their versions, and setting right who said what, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content

from warreader.index.api import Label, Match, Quotation, Scope, Span, WarreaderError
from warreader.tui.page import Lit, lit_matches
from warreader.tui.screens.lighting import FIRST
from warreader.tui.screens.versions import Place, Versions, place_of
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.api import Suggestion
    from warreader.tui.screens.compare import CompareScreen
    from warreader.tui.screens.reader import ReaderScreen

_MARKS = "“”„‟\"'‘’«»"
_MOVE = ", . move its start, < > its end; B then sets them"
_SPEAKERS = frozenset({Label.PERSON, Label.ORG, Label.GPE, Label.UNIT, Label.NORP})


class Comparing:
    """What the keys for quotations do."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self._held: Place | None = None
        self._suggested: Place | None = None
        self._versions = Versions(screen, speaker=self._ask_speaker, retold=self._suggest)
        self._asked = ("", "repeated")

    # comparing

    def compare(self) -> None:
        """All versions of the quotation under the cursor, or highlighted in its pane."""
        screen = self._screen
        page = screen.page
        if page is None:
            return
        quotation = self._quotation()
        cursor = screen.view.cursor
        found = page.matches_at(quotation.span if quotation else Span(cursor, cursor + 1))
        if not found:
            retold = page.retold.get(quotation.id) if quotation is not None else None
            more = " · g o: in other words" if retold else "; ⇄ marks quotations that do"
            screen.say(f"these words stand in no other article{more}")
            return
        self.open(found[0])

    def open(self, match: Match) -> None:
        """Compare the members of a match."""
        self._versions.open(match)

    # other words

    def suggest(self) -> None:
        """Statements of the same speaker that may be this one in other words."""
        if (quotation := self._quotation()) is None:
            self._screen.say("no quotation here")
            return
        self._suggest(quotation)

    def _suggest(self, quotation: Quotation, over: CompareScreen | None = None) -> None:
        # A library's worth of what one speaker said takes its time.
        (self._screen.say if over is None else over.tell)("looking for it in other words…")
        fetch = partial(self._find_suggestions, quotation, over)
        in_thread(self._screen, fetch, group="suggest", exclusive=True, opens=True)

    def _find_suggestions(self, quotation: Quotation, over: CompareScreen | None) -> None:
        app = self._screen.app
        try:
            found = self._screen.library.matches.suggestions(quotation.id)
        except WarreaderError as error:
            app.call_from_thread(
                partial(app.notify, plain(str(error), 400), severity="error", timeout=12, markup=False)
            )
            return
        more = None if found else self._screen.library.matches.more_suggestions()
        app.call_from_thread(self._offer, quotation, found, over, more)

    def _offer(
        self,
        quotation: Quotation,
        found: Sequence[Suggestion],
        over: CompareScreen | None = None,
        more: str | None = None,
    ) -> None:
        from warreader.tui.screens.picking import Picker

        screen = self._screen
        (screen.say if over is None else over.tell)("")
        if not found:
            told = "nothing like it by the same speaker in these days"
            if more is not None:
                told = f"{told}. A sentence model finds more: {plain(more, 300)}"
            if over is not None or more is not None:
                screen.app.notify(told, timeout=10, markup=False)
            else:
                screen.say(told)
            return

        def done(picked: str | None) -> None:
            if picked is not None:
                if over is not None:
                    over.dismiss(None)
                place = found[int(picked)].place
                # Held, so that one key joins both where they are the same.
                self._held = place_of(quotation.article, quotation.span, quotation.text)
                self._suggested = place_of(place.article, place.span, place.text)
                screen.focus_pane("text")
                screen.travel.open(place.article, at=place.start)
                screen.say("= joins this with the quotation you came from")

        rows = [(str(number), self._suggestion_row(one)) for number, one in enumerate(found)]
        hint = "suggestions only, likest first · enter goes there, = then joins both · esc closes"
        picker = Picker(f"In other words? “{plain(quotation.text.strip(_MARKS), 50)}”", rows, hint=hint)
        screen.app.push_screen(picker, done)

    def _suggestion_row(self, one: Suggestion) -> Content:
        place = one.place
        about = [
            plain(self._screen.listing.title(place.article), 60),
            f"both: {plain(', '.join(one.shared[:6]), 60)}" if one.shared else "",
        ]
        return Content.assemble(
            plain(place.text, 200), "\n", (" · ".join(part for part in about if part), "dim")
        )

    # the whole library

    def everywhere(self) -> None:
        """The quotations of the whole library."""
        from warreader.tui.screens.everywhere import EverywhereScreen, Go
        from warreader.tui.screens.everywhere_rows import Rows

        screen = self._screen
        rows = Rows(screen.library, screen.paint.theme, screen.listing.title)

        def done(go: Go | None) -> None:
            self._asked = (shown.typed, shown.view)
            self._versions.over = None
            if go is not None and go.article is not None:
                self._go(go.article, go.at, go.other)

        shown = EverywhereScreen(
            rows.of,
            self._versions.open_by_id,
            self._versions.step,
            typed=self._asked[0],
            view=self._asked[1],
        )
        self._versions.over = shown
        screen.app.push_screen(shown, done)

    def _go(self, article: str, at: int, other: str | None) -> None:
        """Open an article; with another one, light the words that both share."""
        screen = self._screen
        screen.focus_pane("text")
        if other is None:
            screen.travel.open(article, at=at)
        else:
            in_thread(screen, partial(self._light_shared, article, other), group="compare", opens=True)

    def _light_shared(self, article: str, other: str) -> None:
        screen = self._screen
        both = [
            match
            for match in screen.library.matches.of(article, Scope.CROSS)
            if other in {member.article for member in match.members}
        ]
        screen.app.call_from_thread(self._open_lit, article, lit_matches(both, (article, other)))

    def _open_lit(self, article: str, lit: Lit) -> None:
        self._screen.lighting.expect(lit)
        self._screen.travel.open(article, at=FIRST)

    # joining

    def join(self) -> None:
        """Hold the quotation or selection here; the next one chosen is joined with it."""
        screen = self._screen
        place = self._chosen_place()
        if place is None:
            screen.say("no quotation here and nothing selected")
        elif self._held is None or self._held == place:
            self._held = None if self._held == place else place
            told = f"go to the same words elsewhere and press the key again: “{plain(place['exact'], 40)}”"
            screen.say(told if self._held else "not joined")
        else:
            held, self._held = self._held, None
            self._rule("match", "join", "joined two quotations", None, places=[held, place])

    # setting right

    def speaker(self) -> None:
        """Correct who said the quotation here."""
        if (quotation := self._quotation()) is None:
            self._screen.say("no quotation here; select one and set its bounds first")
        else:
            place = place_of(quotation.article, quotation.span, quotation.text)
            self._ask_speaker(place, quotation.text, None)

    def _ask_speaker(self, place: Place, quoted: str, then: Callable[[], None] | None) -> None:
        fetch = partial(self._known_speakers, place, quoted, then)
        in_thread(self._screen, fetch, group="speaker", exclusive=True, opens=True)

    def _known_speakers(self, place: Place, quoted: str, then: Callable[[], None] | None) -> None:
        screen = self._screen
        found = screen.library.entities.entities(place["article"])
        known = [(one.name, one.label) for one in found if one.label in _SPEAKERS]
        screen.app.call_from_thread(self._pick_speaker, place, quoted, known, then)

    def _pick_speaker(
        self,
        place: Place,
        quoted: str,
        known: Sequence[tuple[str, Label]],
        then: Callable[[], None] | None,
    ) -> None:
        from warreader.tui.screens.speaking import SpeakerPicker

        def done(picked: tuple[str, Label | None] | None) -> None:
            if picked is None:
                return
            name, label = picked
            data: dict[str, object] = {"speaker": name} if name else {}
            if label is not None:
                data["entity"] = {"name": name, "label": label.value}
            words = f"gave a quotation to {plain(name, 40)}" if name else "took a quotation's speaker away"
            self._rule("quotation", "speaker", words, then, place=place, **data)

        self._screen.app.push_screen(SpeakerPicker(quoted, known), done)

    def bounds(self) -> None:
        """Set the bounds of the quotation that the selection touches; where there is none, it is one now.

        Without a selection the quotation meant is selected first, for its bounds to be moved.
        """
        screen = self._screen
        page, selected = screen.page, screen.view.selected if screen.active != "quotations" else None
        if page is None:
            return
        if selected is None and (meant := self._quotation()) is not None:
            screen.focus_pane("text")
            screen.view.select(meant.span)
            screen.say(_MOVE)
            return
        if selected is None or not page.article.text[selected.start : selected.end].strip():
            screen.say("no quotation here; select one first: v and motions, or s the sentence")
            return
        text = page.article.text
        start, end = selected.start, selected.end
        while text[start].isspace():
            start += 1
        while text[end - 1].isspace():
            end -= 1
        touched = [one for one in page.quotations if one.span.overlaps(Span(start, end))]
        old = max(touched, key=lambda one: min(one.end, end) - max(one.start, start), default=None)
        span = old.span if old else Span(start, end)
        if old is not None and span == Span(start, end):
            screen.say(f"these are its bounds; {_MOVE}")
            return
        where = place_of(page.article.id, span, span.of(text))
        told = "set a quotation's bounds" if old else "marked a quotation"
        self._rule("quotation", "bound", told, None, place=where, start=start, end=end)

    def reject(self) -> None:
        """What is under the cursor is no quotation."""
        if (quotation := self._quotation()) is None:
            self._screen.say("no quotation here")
            return
        where = place_of(quotation.article, quotation.span, quotation.text)
        self._rule("quotation", "reject", "this is no quotation", None, place=where)

    def _rule(self, kind: str, verb: str, words: str, then: Callable[[], None] | None, **data: Any) -> None:
        rule = partial(self._screen.library.rulings.put, kind, verb, words=words, **data)
        self._screen.gestures.write(rule, partial(self._ruled, words, then))

    def _ruled(self, words: str, then: Callable[[], None] | None, _: object) -> None:
        self._screen.view.stop_selecting()
        self._screen.correcting.changed()
        self._screen.say(f"{words} · u undoes")
        if then is not None:
            then()

    # what is meant

    def _quotation(self) -> Quotation | None:
        screen = self._screen
        if screen.active == "quotations":
            return screen.quotations.current()
        return screen.page.quotation_at(screen.view.cursor) if screen.page else None

    def _chosen_place(self) -> Place | None:
        """The selection, else the quotation meant."""
        screen = self._screen
        page, selected = screen.page, screen.view.selected
        if page is not None and selected is not None and screen.active == "text":
            return place_of(page.article.id, selected, selected.of(page.article.text))
        if (quotation := self._quotation()) is not None:
            return place_of(quotation.article, quotation.span, quotation.text)
        # A headline that was suggested is no quotation, and joined all the same.
        there = self._suggested
        if page is not None and there is not None and there["article"] == page.article.id:
            return there if there["start"] <= screen.view.cursor < there["end"] else None
        return None

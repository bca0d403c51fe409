"""Opening the comparison of a quotation's versions, and what the keys there do to the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from warreader.index.api import Match, MatchMember, Quotation, Span
from warreader.tui.page import lit_matches
from warreader.tui.screens.gestures import in_one_line
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.api import Comparison, Gesture, Variant
    from warreader.tui.screens.compare import CompareScreen
    from warreader.tui.screens.everywhere import EverywhereScreen
    from warreader.tui.screens.reader import ReaderScreen

Place = dict[str, Any]


def place_of(article_id: str, span: Span, text: str) -> Place:
    """A stretch of an article, as rulings name it."""
    return {"article": article_id, "start": span.start, "end": span.end, "exact": text}


class Versions:
    """Compares the places of a match.

    Args:
        screen: the reader.
        speaker: asks who said what stands at a place, and calls back when that was stored.
        retold: lists what may be a quotation in other words, over the comparison.

    ``over`` is the list of the library's quotations where one is open.
    """

    def __init__(
        self,
        screen: ReaderScreen,
        *,
        speaker: Callable[[Place, str, Callable[[], None]], None],
        retold: Callable[[Quotation, CompareScreen], None],
    ) -> None:
        self._screen = screen
        self._speaker = speaker
        self._retold = retold
        self.over: EverywhereScreen | None = None

    def open(self, match: Match) -> None:
        """Compare the members of a match."""
        in_thread(self._screen, partial(self._fetch, match), group="compare", exclusive=True, opens=True)

    def open_by_id(self, match_id: str) -> None:
        """Compare those of the match with an id, over the list of the library's quotations."""
        in_thread(
            self._screen, partial(self._fetch_by_id, match_id), group="compare", exclusive=True, opens=True
        )

    def _fetch_by_id(self, match_id: str) -> None:
        match = self._screen.library.matches.get(match_id)
        if match is None:
            self._screen.app.call_from_thread(self._gone)
        else:
            self._fetch(match)

    def _fetch(self, match: Match) -> None:
        screen = self._screen
        comparison = screen.library.matches.compare(match)
        if comparison is None or len(comparison.variants) < 2:
            screen.app.call_from_thread(self._gone)
            return
        screen.app.call_from_thread(self._push, comparison)

    def _gone(self) -> None:
        told = "these words no longer stand in another article"
        if self.over is not None:
            self.over.tell(told)
            self.over.renew()
        else:
            self._screen.say(told)

    def _push(self, comparison: Comparison) -> None:
        from warreader.tui.screens.compare import CompareScreen

        screen = self._screen

        def done(variant: Variant | None) -> None:
            if variant is not None:
                if self.over is not None:
                    self.over.dismiss(None)
                screen.lighting.expect(lit_matches([shown.match]))
                screen.focus_pane("text")
                screen.travel.open(variant.article, at=variant.shared.start)

        shown = CompareScreen(
            comparison,
            screen.paint.theme,
            again=partial(self._again, comparison.match),
            take_out=lambda gone, base: self._take_out(shown, gone, base),
            speaker=lambda variant: self._speaker(_place(variant), variant.text, shown.renew),
            retold=lambda quotation: self._retold(quotation, shown),
            step=lambda which: self.step(which, shown),
        )
        screen.app.push_screen(shown, done)

    def _again(self, match: Match, base: Variant) -> Comparison | None:
        """What holds a version now: a ruling may have changed it. In a thread."""
        matches = self._screen.library.matches
        for one in matches.of(base.article, match.scope):
            held = [number for number, member in enumerate(one.members) if _is(member, base)]
            if held and one.tier is match.tier and len(one.members) > 1:
                return matches.compare(one, held[0])
        return None

    def _take_out(self, shown: CompareScreen, gone: Sequence[Variant], base: Variant) -> None:
        many = "a version" if len(gone) == 1 else f"{len(gone)} versions"
        shown.tell(f"taking {many} out…")
        words = f"took {many} out"

        def done(_: None) -> None:
            self._changed(shown, f"{words} · u undoes", base)

        def missed(error: Exception) -> None:
            shown.stays(gone)
            shown.tell(in_one_line(error))

        self._screen.gestures.write(partial(self._store, words, gone, base), done, missed)

    def _store(self, words: str, gone: Sequence[Variant], base: Variant) -> None:
        library = self._screen.library
        kept = place_of(base.article, base.shared, base.shared_text)
        with library.annotations.gesture(words):
            for one in gone:
                out = place_of(one.article, one.shared, one.shared_text)
                library.rulings.put("match", "reject", words=words, places=[kept, out], out=out)

    def step(self, which: str, shown: CompareScreen | None = None) -> None:
        """Take the last change back, or make it again, in a comparison or in the list of the library's quotations."""
        tell = (
            shown.tell if shown is not None else self.over.tell if self.over is not None else self._screen.say
        )
        store = self._screen.library.annotations
        tell("taking it back…" if which == "undo" else "once more…")

        def done(change: Gesture | None) -> None:
            if change is None:
                tell(f"nothing to {which}")
            else:
                self._changed(shown, plain(change.words, 120), None)

        def missed(error: Exception) -> None:
            tell(in_one_line(error))

        self._screen.gestures.write(store.undo if which == "undo" else store.redo, done, missed)

    def _changed(self, shown: CompareScreen | None, words: str, base: Variant | None) -> None:
        screen = self._screen
        if shown is not None:
            shown.tell(words)
            shown.renew(base)
        # Whoever closed the comparison meanwhile hears it from the reader.
        screen.say(words)
        screen.annotated.refresh()
        screen.correcting.changed()
        if self.over is not None:
            self.over.renew(words)


def _is(member: MatchMember, variant: Variant) -> bool:
    return member.article == variant.article and member.span.overlaps(variant.shared)


def _place(variant: Variant) -> Place:
    if (quotation := variant.quotation) is not None:
        return place_of(variant.article, quotation.span, quotation.text)
    return place_of(variant.article, Span(variant.start, variant.end), variant.text)

"""What the screen of the library's quotations lists. Asks the library: off the event loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual.content import Content

from warreader.index.api import fold, many
from warreader.tui.counting import known_outlets
from warreader.tui.screens.everywhere import Go, Listed, Row, Wanted
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.api import Alike, Asked, Carrier, Library, Quotation, Repeated, Tally
    from warreader.tui.themes import ReaderTheme

MOST = 500
"""Rows that are listed; what is asked for narrows further ones down."""

_BAR = 12
_NAME = 30
"""Cells, so that a row has its counts on eighty columns."""


def counted(shown: int, total: int, one: str) -> str:
    """How many there are, and how many of them are listed where that is not all: "200 of 1,750 speakers"."""
    some = f"{shown:,} of " if shown < total else ""
    return f"{some}{many(total, one)}"


class Rows:
    """Makes the rows.

    Args:
        library: what is asked.
        theme: for colours.
        title: names an article by its id.
    """

    def __init__(self, library: Library, theme: ReaderTheme, title: Callable[[str], str]) -> None:
        self._library = library
        self._theme = theme
        self._title = title

    def of(self, view: str, wanted: Wanted) -> Listed:
        """The rows of a view for what is wanted."""
        from warreader.index.api import Asked

        speakers = [entity.id for entity in self._library.entities.find(wanted.said)] if wanted.said else []
        if wanted.said and not speakers:
            return Listed({}, f"nobody called “{plain(wanted.said, 40)}” is named in the library")
        outlet = self._outlet(wanted.outlet)
        if wanted.outlet and not outlet:
            return Listed({}, f"no outlet called “{plain(wanted.outlet, 40)}”")
        asked = Asked(wanted.words, entities=tuple(speakers), outlet=outlet, month=wanted.date)
        if view == "repeated":
            return self._repeated(asked)
        if view == "alike":
            return self._alike(asked)
        if view == "all":
            found = self._library.quotations.find(asked, limit=MOST)
            rows = {one.id: self._quotation(one) for one in found}
            total = self._library.quotations.count(asked)
            return Listed(rows, f"{counted(len(rows), total, 'quotation')}, newest first")
        return self._tallies(view, asked, wanted)

    def _outlet(self, typed: str) -> str:
        """The outlet with most quotations whose name holds what was typed, its whole name before others."""
        from warreader.index.api import Asked

        if not typed:
            return ""
        known = [tally.id for tally in self._library.quotations.outlets(Asked(), limit=10_000)]
        held = [name for name in known if fold(typed) in fold(name)]
        return next((name for name in held if fold(name) == fold(typed)), held[0] if held else "")

    def _repeated(self, asked: Asked) -> Listed:
        found = self._library.matches.repeated(
            speaker=asked.entities,
            outlet=asked.outlet or None,
            month=asked.month or None,
            words=asked.words,
            limit=MOST,
        )
        rows = {one.match: self._repetition(one) for one in found.rows}
        told = f"{counted(len(rows), found.total, 'quotation')} in several articles"
        if not rows and asked != type(asked)():
            total = self._library.quotations.count(asked)
            return Listed(rows, f"{told}; 2 lists {counted(total, total, 'quotation')} that fit")
        return Listed(rows, f"{told}, those in most reports first")

    def _repetition(self, one: Repeated) -> Row:
        copies = f" in {many(one.reports, 'report')}" if one.reports < one.articles else ""
        about = [
            f"⇄{many(one.articles, 'article')}{copies}",
            known_outlets(one.outlets, all_known=not one.unplaced),
            " / ".join(plain(name, 30) for _, name in one.speakers[:3]) or "nobody is named",
            # Of two of one day without a time nobody knows which was the first.
            f"{'first' if one.certain else 'in'} {_carrier(one.first)}",
        ]
        return Content(plain(one.text, 320)), self._told(about), Go(match=one.match)

    def _alike(self, asked: Asked) -> Listed:
        pairs = self._library.matches.alike(
            speaker=asked.entities,
            outlet=asked.outlet or None,
            month=asked.month or None,
            words=asked.words,
            # To count all takes too long; one more tells that these are not all.
            limit=MOST + 1,
        )
        rows = {f"{pair.one.article}\n{pair.two.article}": self._pair(pair) for pair in pairs[:MOST]}
        some = f"the first {MOST} pairs" if len(pairs) > MOST else counted(len(rows), len(rows), "pair")
        return Listed(rows, f"{some} of articles that share most quoted words, copies of one report aside")

    def _pair(self, pair: Alike) -> Row:
        head = Content(f"{plain(pair.one.title, 180)}\n{plain(pair.two.title, 180)}")
        times = many(pair.quotations, "place")
        about = [f"{many(pair.words, 'word')} in {times}", _carrier(pair.one), _carrier(pair.two)]
        return head, self._told(about), Go(article=pair.one.article, other=pair.two.article)

    def _quotation(self, one: Quotation) -> Row:
        who = (one.speaker.name or one.speaker.text) if one.speaker else ""
        about = [
            plain(who, 40) + ("?" if who and one.inferred else ""),
            plain(one.cue.text, 20) if one.cue else "",
            "" if one.kind.value == "direct" else one.kind.value,
            plain(self._title(one.article), 70),
        ]
        return Content(plain(one.text, 320)), self._told(about), Go(article=one.article, at=one.start)

    def _tallies(self, view: str, asked: Asked, wanted: Wanted) -> Listed:
        quotations = self._library.quotations
        count = {"speakers": quotations.speakers, "outlets": quotations.outlets, "months": quotations.months}[
            view
        ]
        found = count(asked)
        most = max((tally.quotations for tally in found), default=1)
        rows = {tally.id: self._tally(tally, view, wanted, most) for tally in found}
        one = view.removesuffix("s")
        total = quotations.tallied(one, asked)
        order = "in order of time" if view == "months" else "by how many quotations"
        return Listed(rows, f"{counted(len(rows), total, one)}, {order}; enter narrows to one")

    def _tally(self, tally: Tally, view: str, wanted: Wanted, most: int) -> Row:
        bar = "▇" * max(1, round(_BAR * tally.quotations / most))
        head = Content.assemble(
            f"{plain(tally.name, _NAME):<{_NAME}} ",
            (f"{bar:<{_BAR}}", self._theme.accent),
            f"{tally.quotations:>7,}",
        )
        about = f"in {many(tally.articles, 'article')}"
        return head, self._told([about]), wanted.narrowed(view, tally.name)

    @staticmethod
    def _told(parts: Iterable[str]) -> Content:
        return Content.styled(" · ".join(part for part in parts if part), "dim")


def _carrier(one: Carrier) -> str:
    return " ".join(filter(None, (plain(one.outlet or "", 30), (one.date or "")[:10]))) or plain(
        one.title, 40
    )

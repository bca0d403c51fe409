"""All versions of a quotation under one another: the words that differ, who is said to have said it, whose report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warreader.index.api import Attribution, Comparison, Match, Quotation, Variant, many
from warreader.tui.screens.heads import heads
from warreader.tui.screens.laying import Part, changes, in_one_line, kept_words, laid_over
from warreader.tui.screens.modal import Modal
from warreader.tui.themes import ReaderTheme
from warreader.tui.threads import in_thread
from warreader.tui.widgets.block_list import BlockList
from warreader.tui.widgets.lists import plain

_WIDE = 116
_HINT = (
    "struck: only in the version compared with · underlined: only here · italic: moved · o in other words · y copy\n"
    "enter goes there · b compare with it · w reprints · d differences · e evidence · p speaker · X take out · u undo"
)
_SHORT_HINT = (
    "struck: cut · underlined: added · italic: moved · enter goes there · y copy\n"
    "b base · w reprints · d short · e evidence · p who · X out · o retold"
)
_UNDATED = "date not known"
_MARKED_HINT = "[-cut-] {+added or moved+}"


class CompareScreen(Modal[Variant | None]):
    """The versions of one match in order of date, each against one of them; leaves with one to go to.

    Args:
        comparison: the versions.
        theme: for colours.
        again: compares anew with a version; called off the event loop.
        take_out: rules that some versions are not the words of another, beside which the rest stays.
        speaker: asks who said a version.
        retold: lists what may be a quotation in other words.
        step: takes back the last change (``undo``), or makes it again (``redo``).
    """

    # Opaque: a screen that shines through is painted each time, and costs more than this one.
    DEFAULT_CSS = """
    CompareScreen { background: $surface; }
    CompareScreen #conflict { height: 1; color: $warning; text-style: bold; }
    CompareScreen BlockList { background: $surface; }
    CompareScreen .hint { height: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,c", "cancel", "Close"),
        Binding("b", "base", "Compare with this one"),
        Binding("w", "copies", "Copies of one report"),
        Binding("d", "differences", "Differences only"),
        Binding("e", "evidence", "Evidence"),
        Binding("X", "take_out", "Not the same words"),
        Binding("p", "speaker", "Who said it"),
        Binding("o", "retold", "In other words"),
        Binding("y", "copy", "Copy all as text, with addresses", id="copy"),
        Binding("u", "step('undo')", "Undo", id="undo"),
        Binding("ctrl+r", "step('redo')", "Redo", id="redo"),
    ]

    def __init__(
        self,
        comparison: Comparison,
        theme: ReaderTheme,
        *,
        again: Callable[[Variant], Comparison | None],
        take_out: Callable[[Sequence[Variant], Variant], None],
        speaker: Callable[[Variant], None],
        retold: Callable[[Quotation], None],
        step: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._comparison = comparison
        self._theme = theme
        self._again = again
        self._take_out = take_out
        self._speaker = speaker
        self._retold = retold
        self._step = step
        self._title = ""
        self._leaving: set[str] = set()
        self._numbers: Mapping[str, int] = {}
        self._heads: Mapping[int, str] = {}
        self._folded = True
        self._brief = False
        self._evident = False

    def compose(self) -> ComposeResult:
        """One row a version."""
        with Vertical():
            yield Static("", id="conflict", markup=False)
            yield BlockList(id="versions")
            yield Static("", classes="hint", markup=False)

    @property
    def rows(self) -> BlockList:
        """The versions."""
        return self.query_one(BlockList)

    def on_mount(self) -> None:
        """Fill and focus."""
        self._show()
        self.rows.focus()

    @property
    def match(self) -> Match:
        """What is compared."""
        return self._comparison.match

    def tell(self, words: str) -> None:
        """Say below the versions what goes on, or what was done; until something else is said."""
        if self.is_attached:
            self.query_one(Vertical).border_subtitle = Content(plain(words, max(20, self.app.size.width - 8)))

    def show(self, comparison: Comparison | None, against: Variant) -> None:
        """Another comparison, with another version or after a ruling; where nothing is left to compare, the one."""
        if not self.is_attached:
            return
        if comparison is None:
            alone = replace(against, report=0)
            comparison = Comparison(self.match, 0, (alone,), ((0,),), ())
        self._comparison = comparison
        self._leaving.intersection_update(map(_id, comparison.variants))
        self._show()

    def _show(self) -> None:
        comparison = self._comparison
        variants = comparison.variants
        articles = len({variant.article for variant in variants})
        if len(variants) == 1:
            parts = ["These words stand in no other article"]
        else:
            parts = [f"The same words in {many(articles, 'article')}"]
        if len(comparison.reports) < articles:
            parts.append(many(len(comparison.reports), "report"))
        parts += [
            comparison.match.kind.value,
            *([comparison.match.reason] if comparison.match.reason else []),
        ]
        self._title = plain(" · ".join(parts), 110)
        self.query_one(Vertical).border_title = Content(self._title)
        conflict = self.query_one("#conflict", Static)
        conflict.display = bool(comparison.conflict)
        named = ", ".join(plain(name, 40) for name in comparison.conflict)
        conflict.update(f"Different speakers are named: {named}")
        shown = self._shown()
        self._heads = dict(zip(shown, heads([variants[number] for number in shown]), strict=True))
        self._numbers = {_id(variants[number]): number for number in shown}
        self.rows.show({row_id: self._row(number) for row_id, number in self._numbers.items()})
        hint = _HINT if self.app.size.width >= _WIDE else _SHORT_HINT
        if self.app.no_color:
            keys = hint.splitlines()[1].removeprefix("enter goes there · ")
            hint = f"{_MARKED_HINT} · enter goes there · y copy\n{keys}"
        self.query_one(".hint", Static).update(hint)

    def _shown(self) -> Sequence[int]:
        """Numbers of the versions to show: of copies of one report the first, and the one compared with.

        Where an article has the words at several places, it is the one that has most of them.
        """
        comparison = self._comparison
        if not self._folded:
            return range(len(comparison.variants))
        return sorted({comparison.against, *map(self._fullest, comparison.reports)})

    def _fullest(self, group: Sequence[int]) -> int:
        """Which of the versions of one report stands for all."""
        variants = self._comparison.variants
        places = [number for number in group if variants[number].article == variants[min(group)].article]
        return max(places, key=lambda number: (kept_words(variants[number].pieces), -number))

    def _row(self, number: int) -> Content:
        variant = self._comparison.variants[number]
        parts: list[str | Part] = [
            (f"{self._heads[number]}\n", f"bold {self._theme.accent}"),
            *self._attribution(variant.attribution),
            (f" · {self._marks(number)}\n", "dim"),
        ]
        if number == self._comparison.against:
            parts.append(in_one_line(variant.text))
        else:
            parts += laid_over(variant.pieces, self._theme, brief=self._brief, marked=self.app.no_color)
        if self._evident and variant.attribution is not None:
            parts.append((f"\n▎{plain(variant.attribution.passage, 900)}", "dim"))
        if copies := self._copies(number):
            parts.append((f"\n{copies}", f"italic {self._theme.dimmed}"))
        return Content.assemble(*parts, "\n")

    def _marks(self, number: int) -> str:
        variant = self._comparison.variants[number]
        marks = ["first"] if variant.first else []
        marks.append("compared with" if number == self._comparison.against else changes(variant.pieces))
        if _id(variant) in self._leaving:
            marks.append("being taken out")
        return " · ".join(marks)

    def _attribution(self, said: Attribution | None, *, whole: bool = False) -> list[Part]:
        if said is None:
            return [("nobody is named here", "dim italic")]
        name, form, cue = (0, 0, 0) if whole else (50, 40, 30)
        told = plain(said.name or said.speaker or "nobody is named", name)
        if said.name and said.speaker and said.speaker != said.name:
            told += f" (“{plain(said.speaker, form)}”)"
        verb = f" — {plain(said.verb, cue)}" if said.verb else ""
        carried = " · carried over from before" if said.inferred else ""
        clash = said.name in self._comparison.conflict
        return [(f"{told}{verb}{carried}", f"bold {self._theme.warning}" if clash else "italic")]

    def _copies(self, number: int) -> str:
        """The further places in the article, and articles that print this report, where those are folded."""
        comparison = self._comparison
        group = comparison.reports[comparison.variants[number].report]
        own = comparison.variants[number].article
        variants = [comparison.variants[other] for other in group if other not in self._heads]
        if not self._folded or not variants:
            return ""
        told = []
        if places := sum(1 for one in variants if one.article == own):
            told.append(f"{many(places, 'more place')} in this article")
        others = [one for one in variants if one.article != own]
        names = list(dict.fromkeys(plain(other.outlet or other.title, 30) for other in others))
        if names:
            more = f" and {len(names) - 6} more" if len(names) > 6 else ""
            told.append(f"the same report also in {', '.join(names[:6])}{more}")
        return " · ".join(told)

    # keys

    @property
    def _current(self) -> int | None:
        return self._numbers.get(self.rows.highlighted_id or "")

    @on(BlockList.Chosen)
    def _chosen(self, event: BlockList.Chosen) -> None:
        self.dismiss(self._comparison.variants[self._numbers[event.row_id]])

    def action_base(self) -> None:
        """Compare all with the highlighted version."""
        if (number := self._current) is not None:
            self.renew(self._comparison.variants[number])

    def renew(self, against: Variant | None = None) -> None:
        """Compare anew, off the event loop."""
        wanted = self._comparison.variants[self._comparison.against] if against is None else against
        if self.is_attached:
            in_thread(self, partial(self._fetch, wanted), group="compare", exclusive=True)

    def _fetch(self, against: Variant) -> None:
        self.app.call_from_thread(self.show, self._again(against), against)

    def action_copies(self) -> None:
        """Fold or unfold the copies of one report."""
        if all(len(report) == 1 for report in self._comparison.reports):
            self.tell("no version is a reprint of another")
            return
        self._folded = not self._folded
        self._show()

    def action_differences(self) -> None:
        """Show long stretches that are the same in short, or whole."""
        before = self._words()
        self._brief = not self._brief
        self._show()
        if self._words() == before:
            self._brief = False
            self.tell(
                "no long stretch is the same: nothing to leave out"
                if len(self._numbers) > 1
                else "only one version is shown; w shows its reprints"
            )
        else:
            self.tell("[…] stands for what is the same; d shows it again" if self._brief else "")

    def _words(self) -> list[str]:
        """What each version shows."""
        return [self._row(number).plain for number in self._numbers.values()]

    def action_evidence(self) -> None:
        """Show or hide the passages that name the speakers."""
        if not any(self._comparison.variants[number].attribution for number in self._numbers.values()):
            self.tell("nobody is named: there is no evidence to show")
            return
        self._evident = not self._evident
        self._show()

    def action_take_out(self) -> None:
        """Rule that these are not the words of the others: the version leaves, with the copies it stands for."""
        if (number := self._current) is None:
            return
        variants = self._comparison.variants
        report = self._comparison.reports[variants[number].report] if self._folded else (number,)
        gone = [variants[one] for one in report]
        left = [one for one in variants if one not in gone and _id(one) not in self._leaving]
        if not left:
            self.tell("there is no other version to take it away from")
            return
        base = variants[self._comparison.against]
        self._leaving.update(map(_id, gone))
        self._show()
        self._take_out(gone, base if base in left else left[0])

    def stays(self, variants: Sequence[Variant]) -> None:
        """What was to be taken out could not be."""
        self._leaving.difference_update(map(_id, variants))
        if self.is_attached:
            self._show()

    def action_step(self, which: str) -> None:
        """Take the last change back, or make it again."""
        self._step(which)

    def action_copy(self) -> None:
        """Copy what is shown as plain text: each version in its own words, with its title whole and its address."""
        told = [self._title]
        for number in self._numbers.values():
            variant = self._comparison.variants[number]
            source = filter(None, ((variant.date or "")[:10] or _UNDATED, variant.outlet, variant.title))
            said = "".join(text for text, _ in self._attribution(variant.attribution, whole=True))
            lines = (
                plain(", ".join(source)),
                f"{said} · {self._marks(number)}",
                in_one_line(variant.text),
                self._copies(number),
                plain(variant.url or ""),
            )
            told.append("\n".join(filter(None, lines)))
        self.app.copy_to_clipboard("\n\n".join(told) + "\n")
        self.tell(f"copied {many(len(told) - 1, 'version')} as text")

    def action_speaker(self) -> None:
        """Correct who said it."""
        if (number := self._current) is not None:
            self._speaker(self._comparison.variants[number])

    def action_retold(self) -> None:
        """List what may be the highlighted version in other words: suggestions, no versions."""
        number = self._current
        quotation = None if number is None else self._comparison.variants[number].quotation
        if quotation is None:
            self.tell("no quotation there")
            return
        self._retold(quotation)

    def action_cancel(self) -> None:
        """Back to the article."""
        self.dismiss(None)


def _id(variant: Variant) -> str:
    """By what a version is known among others, before and after rulings."""
    return f"{variant.article}:{variant.shared.start}-{variant.shared.end}"

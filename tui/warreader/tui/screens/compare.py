"""All versions of a quotation under one another: the words that differ, who is said to have said it, whose report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warreader.index.article import Quotation
from warreader.index.matching.comparison import Attribution, Comparison, Variant
from warreader.index.matching.differences import Piece, PieceKind
from warreader.tui.screens.modal import Modal
from warreader.tui.themes import ReaderTheme
from warreader.tui.threads import in_thread
from warreader.tui.widgets.block_list import BlockList
from warreader.tui.widgets.lists import plain, plain_inline

_Part = tuple[str, str]

_WIDE = 116
_HINT = (
    "struck: only in the version compared with · underlined: only here · italic: moved · o in other words\n"
    "enter goes there · b compare with this · w copies · d differences · e evidence · p speaker · X not the same"
)
_SHORT_HINT = (
    "struck: cut · underlined: added · italic: moved · enter goes there\n"
    "b base · w copies · d short · e evidence · p speaker · X reject · o retold"
)
_WHOLE = 18
"""Words that stand the same in both are shown whole up to this many, where only differences are shown."""
_AROUND = 6
"""Else so many of them on either side."""


class CompareScreen(Modal[int | None]):
    """The versions of one match in order of date, each against one of them; leaves with the number of one to go to.

    Args:
        comparison: the versions.
        again: compares anew with the version of a number; off the event loop.
        reject: rules that the words of a version are not those it is compared with; off the event loop.
        speaker: asks who said a version.
        theme: for colours.
    """

    # Opaque: a screen that shines through is painted each time, and costs more than this one.
    CSS = """
    CompareScreen { background: $surface; }
    CompareScreen > Vertical { background: $surface; border: round $border; padding: 0 1; }
    CompareScreen #conflict { height: 1; color: $warning; text-style: bold; }
    CompareScreen BlockList { background: $surface; }
    CompareScreen .hint { height: 2; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,c", "cancel", "Close"),
        Binding("b", "base", "Compare with this one"),
        Binding("w", "copies", "Copies of one report"),
        Binding("d", "differences", "Differences only"),
        Binding("e", "evidence", "Evidence"),
        Binding("X", "reject", "Not the same words"),
        Binding("p", "speaker", "Who said it"),
        Binding("o", "retold", "In other words"),
    ]

    def __init__(
        self,
        comparison: Comparison,
        theme: ReaderTheme,
        *,
        again: Callable[[int], Comparison | None],
        reject: Callable[[Variant, Variant], None],
        speaker: Callable[[Variant], None],
        retold: Callable[[Quotation], None],
    ) -> None:
        super().__init__()
        self._comparison = comparison
        self._theme = theme
        self._again = again
        self._reject = reject
        self._speaker = speaker
        self._retold = retold
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

    def show(self, comparison: Comparison | None) -> None:
        """Another comparison: with another version, or after a ruling. Closes where nothing is left to compare."""
        if not self.is_attached:
            return
        if comparison is None:
            self.dismiss(None)
            return
        self._comparison = comparison
        self._show()

    def _show(self) -> None:
        comparison = self._comparison
        variants = comparison.variants
        articles = len({variant.article for variant in variants})
        parts = [f"The same words in {articles} articles"]
        if len(comparison.reports) < articles:
            parts.append(f"{len(comparison.reports)} reports")
        parts += [
            comparison.match.kind.value,
            *([comparison.match.reason] if comparison.match.reason else []),
        ]
        self.query_one(Vertical).border_title = Content(plain(" · ".join(parts), 110))
        conflict = self.query_one("#conflict", Static)
        conflict.display = bool(comparison.conflict)
        named = ", ".join(plain(name, 40) for name in comparison.conflict)
        conflict.update(f"Different speakers are named: {named}")
        self.rows.show({str(number): self._row(number) for number in self._shown()})
        wide = self.app.size.width >= _WIDE
        self.query_one(".hint", Static).update(_HINT if wide else _SHORT_HINT)

    def _shown(self) -> Sequence[int]:
        """Numbers of the versions to show: of copies of one report the first, and the one compared with."""
        comparison = self._comparison
        if not self._folded:
            return range(len(comparison.variants))
        first = {min(group) for group in comparison.reports} | {comparison.against}
        return sorted(first)

    def _row(self, number: int) -> Content:
        variant = self._comparison.variants[number]
        is_base = number == self._comparison.against
        head = [(variant.date or "")[:10] or "date not known", plain(variant.outlet or "", 30)]
        head.append(plain(variant.title, 80))
        marks = ["first"] if variant.first else []
        marks.append("compared with" if is_base else changes(variant.pieces))
        parts: list[str | _Part] = [
            (f"{' · '.join(filter(None, head))}\n", f"bold {self._theme.accent}"),
            *self._attribution(variant.attribution),
            (f" · {' · '.join(marks)}\n", "dim"),
        ]
        if is_base:
            parts.append(plain_inline(variant.text))
        else:
            parts += _laid_over(variant.pieces, self._theme, brief=self._brief)
        if self._evident and variant.attribution is not None:
            parts.append((f"\n▎{plain(variant.attribution.passage, 900)}", "dim"))
        if copies := self._copies(number):
            parts.append((f"\n{copies}", f"italic {self._theme.dimmed}"))
        return Content.assemble(*parts, "\n")

    def _attribution(self, said: Attribution | None) -> list[_Part]:
        if said is None:
            return [("nobody is named here", "dim italic")]
        told = plain(said.name or said.speaker or "nobody is named", 50)
        if said.name and said.speaker and said.speaker != said.name:
            told += f" (“{plain(said.speaker, 40)}”)"
        verb = f" — {plain(said.verb, 30)}" if said.verb else ""
        carried = " · carried over from before" if said.inferred else ""
        clash = said.name in self._comparison.conflict
        return [(f"{told}{verb}{carried}", f"bold {self._theme.warning}" if clash else "italic")]

    def _copies(self, number: int) -> str:
        """The further articles that print this report, where copies are folded."""
        comparison = self._comparison
        group = comparison.reports[comparison.variants[number].report]
        own = comparison.variants[number].article
        others = [v for v in (comparison.variants[other] for other in group) if v.article != own]
        if not self._folded or not others:
            return ""
        names = list(dict.fromkeys(plain(other.outlet or other.title, 30) for other in others))
        told = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        return f"the same report also in {told}"

    # keys

    @property
    def _current(self) -> int | None:
        held = self.rows.highlighted_id
        return None if held is None else int(held)

    @on(BlockList.Chosen)
    def _chosen(self, event: BlockList.Chosen) -> None:
        self.dismiss(int(event.row_id))

    def action_base(self) -> None:
        """Compare all with the highlighted version."""
        if (number := self._current) is not None:
            self.renew(number)

    def renew(self, against: int | None = None) -> None:
        """Compare anew, off the event loop."""
        wanted = self._comparison.against if against is None else against
        in_thread(self, partial(self._fetch, wanted), group="compare", exclusive=True)

    def _fetch(self, against: int) -> None:
        self.app.call_from_thread(self.show, self._again(against))

    def action_copies(self) -> None:
        """Fold or unfold the copies of one report."""
        self._folded = not self._folded
        self._show()

    def action_differences(self) -> None:
        """Show long stretches that are the same in short, or whole."""
        self._brief = not self._brief
        self._show()

    def action_evidence(self) -> None:
        """Show or hide the passages that name the speakers."""
        self._evident = not self._evident
        self._show()

    def action_reject(self) -> None:
        """Rule that these are not the words it is compared with."""
        number, against = self._current, self._comparison.against
        if number is None or number == against:
            self.notify("choose the version that doesn't belong here", markup=False)
            return
        variants = self._comparison.variants
        self._reject(variants[against], variants[number])

    def action_speaker(self) -> None:
        """Correct who said it."""
        if (number := self._current) is not None:
            self._speaker(self._comparison.variants[number])

    def action_retold(self) -> None:
        """List what may be the highlighted version in other words: suggestions, no versions."""
        number = self._current
        quotation = None if number is None else self._comparison.variants[number].quotation
        if quotation is None:
            self.notify("no quotation there", markup=False)
            return
        self._retold(quotation)

    def action_cancel(self) -> None:
        """Back to the article."""
        self.dismiss(None)


def changes(pieces: Sequence[Piece]) -> str:
    """What became of the words, counted: "5 cut, 2 added"."""
    counts = dict.fromkeys(("cut", "added", "changed", "moved"), 0)
    for piece in pieces:
        old, new = len(piece.old.split()), len(piece.new.split())
        if piece.kind is PieceKind.DROPPED:
            counts["cut"] += old
        elif piece.kind is PieceKind.ADDED:
            counts["added"] += new
        elif piece.kind is PieceKind.CHANGED:
            counts["changed"] += max(old, new)
        elif piece.kind is PieceKind.MOVED:
            counts["moved"] += new
    told = [f"{count} {name}" for name, count in counts.items() if count]
    return ", ".join(told) if told else "word for word"


def _laid_over(pieces: Sequence[Piece], theme: ReaderTheme, *, brief: bool) -> list[str | _Part]:
    gone, come = f"strike {theme.error}", f"underline {theme.success}"
    found: list[str | _Part] = []
    for piece in pieces:
        if piece.kind is PieceKind.SAME:
            found.append(plain_inline(_shortened(piece.new) if brief else piece.new))
            continue
        if piece.kind in (PieceKind.DROPPED, PieceKind.CHANGED, PieceKind.LEFT):
            # The struck words end before the space: what follows stands apart from them.
            old = plain_inline(piece.old)
            if found and not _text_of(found[-1])[-1:].isspace():
                # The text goes on after them without: "pay for it," and what another outlet left out.
                found.append(" ")
            found += [(old.rstrip(), gone), old[len(old.rstrip()) :] or " "]
        if piece.kind in (PieceKind.ADDED, PieceKind.CHANGED, PieceKind.MOVED):
            new = plain_inline(piece.new)
            style = f"italic underline {theme.accent}" if piece.kind is PieceKind.MOVED else come
            found += [(new.rstrip(), style), new[len(new.rstrip()) :]]
    return found


def _text_of(part: str | _Part) -> str:
    return part if isinstance(part, str) else part[0]


def _shortened(text: str) -> str:
    """A long stretch with its middle left out."""
    words = text.split(" ")
    if len(words) <= _WHOLE:
        return text
    return " ".join([*words[:_AROUND], "[…]", *words[-_AROUND:]])

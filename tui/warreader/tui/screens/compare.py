"""All versions of a quotation under one another, with the words that differ."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from warreader.index.article import Match, MatchMember
from warreader.index.text import fold, words
from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.lists import Rows, plain, plain_inline


class CompareScreen(ModalScreen[int | None]):
    """The versions of one match in order of date, each against the first; enter goes to one."""

    CSS = """
    CompareScreen { align: center middle; background: $background 60%; }
    CompareScreen > Vertical {
        width: 96%; max-width: 110; height: auto; max-height: 92%;
        background: $surface; border: round $border; padding: 0 1;
    }
    CompareScreen Rows { background: $surface; border: none; height: auto; max-height: 30; }
    CompareScreen .hint { height: 1; color: $text-muted; }
    """
    BINDINGS = [Binding("escape,q,c", "cancel", "Close")]  # noqa: RUF012

    def __init__(self, match: Match, title: Callable[[str], str], theme: ReaderTheme) -> None:
        super().__init__()
        self._match = match
        self._title = title
        self._theme = theme

    def compose(self) -> ComposeResult:
        """One row a version."""
        with Vertical() as frame:
            articles = len({member.article for member in self._match.members})
            frame.border_title = f"The same words in {articles} articles · {self._match.kind.value}"
            yield Rows(id="versions")
            yield Static(
                "struck: only in the first · underlined: not in the first · enter goes there · esc closes",
                classes="hint",
            )

    def on_mount(self) -> None:
        """Fill and focus."""
        first = self._match.members[0]
        rows = self.query_one(Rows)
        rows.fill(
            (str(number), self._row(first, member)) for number, member in enumerate(self._match.members)
        )
        rows.focus()

    def _row(self, first: MatchMember, member: MatchMember) -> Content:
        said = f" · {plain(member.speaker, 40)}" if member.speaker else ""
        title = plain(self._title(member.article), 90)
        return Content.assemble(
            (f"{title}{said}\n", f"bold {self._theme.accent}"),
            *(plain_inline(member.text) if member is first else "",),
            *([] if member is first else self._difference(first.text, member.text)),
            "\n",
        )

    def _difference(self, old: str, new: str) -> list[str | tuple[str, str]]:
        return [
            (
                plain_inline(text),
                {
                    "same": "",
                    "dropped": f"strike {self._theme.error}",
                    "added": f"underline {self._theme.success}",
                }[kind],
            )
            for kind, text in difference(old, new)
        ]

    @on(Rows.OptionSelected)
    def _chosen(self, event: Rows.OptionSelected) -> None:
        self.dismiss(int(event.option_id or 0))

    def action_cancel(self) -> None:
        """Back to the article."""
        self.dismiss(None)


def difference(old: str, new: str) -> Sequence[tuple[str, str]]:
    """The words of ``new`` against those of ``old``: pieces with ``same``, ``dropped`` or ``added``.

    Case and the kind of quotation marks don't count as differences.
    """
    old_words, new_words = list(words(old)), list(words(new))
    matcher = difflib.SequenceMatcher(
        None, [fold(w.of(old)) for w in old_words], [fold(w.of(new)) for w in new_words], autojunk=False
    )
    pieces: list[tuple[str, str]] = []
    at = 0
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if i2 > i1 and tag != "equal":
            pieces.append(("dropped", old[old_words[i1].start : old_words[i2 - 1].end] + " "))
        if j2 > j1:
            end = new_words[j2 - 1].end
            start = new_words[j1].start
            pieces.append(("same", new[at:start]))
            pieces.append(("same" if tag == "equal" else "added", new[start:end]))
            at = end
    pieces.append(("same", new[at:]))
    return [piece for piece in pieces if piece[1]]

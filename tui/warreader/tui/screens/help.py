"""All keys on one page, or those of the dialogue that it is opened over."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from warreader.tui.commands import COMMANDS, SCOPES, Command, shown
from warreader.tui.screens.modal import Modal

KeyGroups = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Titles, and keys with what they do."""


def dialogues() -> Sequence[tuple[str, type[Modal[Any]]]]:
    """The dialogues whose keys are told, as they have them themselves. Imports them, which is slow."""
    from warreader.tui.screens.annotate_dialog import AnnotateDialog
    from warreader.tui.screens.changes import ChangesScreen
    from warreader.tui.screens.code_book import CodeBookScreen
    from warreader.tui.screens.compare import CompareScreen
    from warreader.tui.screens.everywhere import EverywhereScreen
    from warreader.tui.screens.saved_searches import SavedSearches

    return (
        ("In the comparison", CompareScreen),
        ("In the quotations of the library", EverywhereScreen),
        ("In the changes of an article", ChangesScreen),
        ("In the code book", CodeBookScreen),
        ("In the saved searches", SavedSearches),
        ("While annotating", AnnotateDialog),
    )


class KeyTable(Static):
    """Keys at the left, what they do at the right, further lines of it under its first."""

    _KEYS = 16

    def __init__(self, groups: KeyGroups) -> None:
        self._groups = groups
        self._width = 0
        super().__init__(self._table(66), markup=False)

    def on_resize(self) -> None:
        """Wrap for the width there is."""
        if self.size.width != self._width:
            self._width = self.size.width
            # Laid out at this width already, it would keep the height of what it held before.
            table = self._table(max(20, self._width - self._KEYS - 2))
            self.call_after_refresh(self.update, table)

    def _table(self, room: int) -> Content:
        parts: list[str | tuple[str, str]] = []
        for title, rows in self._groups:
            parts.append((f"\n{title}\n", "bold $accent"))
            for keys, told in rows:
                parts.append((f"{keys:>{self._KEYS}}  ", "bold"))
                parts.append(("\n" + " " * (self._KEYS + 2)).join(textwrap.wrap(told, room)) + "\n")
        return Content.assemble(*parts)


class HelpScreen(Modal[None]):
    """All keys, from the list of commands.

    Args:
        keys: those of each command.
        over: the dialogue that it is opened over, whose keys alone are told.
        here: where the focus is, innermost first, as keys know it: what holds there alone is told first.
    """

    LIGHT = True
    DEFAULT_CSS = """
    HelpScreen > VerticalScroll {
        width: 92; max-width: 96%; height: 90%;
        padding: 0 2; scrollbar-size-vertical: 1;
    }
    HelpScreen > .-few { height: auto; max-height: 90%; }
    """
    BINDINGS = [  # noqa: RUF012
        Binding("escape,q", "dismiss", "Close"),
        Binding("question_mark", "dismiss", "Close", id="help", show=False),
        Binding("j", "scroll('down')", show=False),
        Binding("k", "scroll('up')", show=False),
        Binding("space,ctrl+d", "scroll('page_down')", show=False),
        Binding("ctrl+u", "scroll('page_up')", show=False),
        # The first of two is there already; the second changes nothing.
        Binding("g", "scroll('home')", show=False),
        Binding("G", "scroll('end')", show=False),
    ]

    def __init__(
        self, keys: Mapping[str, tuple[str, ...]], over: Modal[Any] | None = None, here: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._here = [scope for scope in here if scope != "global"]
        self._keys = keys
        self._over = over

    def compose(self) -> ComposeResult:
        """One line a command, by where its keys hold."""
        with VerticalScroll(classes="" if self._over is None else "-few") as frame:
            frame.border_title = "Keys"
            frame.border_subtitle = "esc closes"
            yield KeyTable(self._groups())

    def _groups(self) -> KeyGroups:
        if self._over is not None:
            return self._of_dialogue(self._over)
        groups: list[tuple[str, Sequence[tuple[str, str]]]] = []
        for scope, title in sorted(SCOPES.items(), key=lambda one: self._farness(one[0])):
            rows = [
                (self._pressed(command), command.help)
                for command in COMMANDS
                if command.scope == scope and self._keys[command.id]
            ]
            groups.append((title, rows))
        stay = [
            (f"{title} (these keys stay)", [self._told(one) for one in screen.BINDINGS if _is_shown(one)])
            for title, screen in dialogues()
        ]
        return [*groups, *stay, ("While searching", _QUERIES)]

    def _farness(self, scope: str) -> int:
        return self._here.index(scope) if scope in self._here else len(self._here)

    def _of_dialogue(self, over: Modal[Any]) -> KeyGroups:
        own = [binding for binding in over.BINDINGS if _is_shown(binding)]
        groups = [("Here", [self._told(binding) for binding in own])]
        if over.query("Rows, RowList"):
            moves = [one for one in COMMANDS if one.id.startswith("list.") and self._keys[one.id]]
            groups.append((SCOPES["list"], [(self._pressed(one), one.help) for one in moves]))
        return groups

    def _pressed(self, command: Command) -> str:
        return " ".join(shown(key) for key in self._keys[command.id])

    def _told(self, binding: Binding) -> tuple[str, str]:
        # A command of the reader's that holds there too goes by the key it was given.
        keys = self._keys.get(binding.id or "", tuple(binding.key.split(",")))
        return " ".join(shown(key) for key in keys), binding.description

    def action_scroll(self, where: str) -> None:
        """Scroll the page."""
        frame = self.query_one(VerticalScroll)
        {
            "down": frame.action_scroll_down,
            "up": frame.action_scroll_up,
            "page_down": frame.action_page_down,
            "page_up": frame.action_page_up,
            "home": frame.action_scroll_home,
            "end": frame.action_scroll_end,
        }[where]()


def _is_shown(binding: BindingType) -> TypeGuard[Binding]:
    return isinstance(binding, Binding) and binding.show and bool(binding.description)


_QUERIES = (
    ("putin syria", "articles with both words"),
    ('"war crimes"', "the phrase"),
    ("kursk OR sumy", "either"),
    ("putin -syria", "without; also NOT syria"),
    ("prison*", "words that begin so; the word being typed is read so too, also f-16, until a space comes"),
    ("title:troops", "in the title; likewise outlet: author: date:2022-03"),
    ("person:zelensky", "names it, under any of its names; likewise place: org: unit:"),
    ("said:putin", 'quotes him; quote:"..." searches inside quotations'),
    ("added:today", "came today; likewise added:2026-11-26, added:2026-11-01.."),
    ("tag:check", "what you tagged; likewise note: is:unread is:starred is:annotated"),
)

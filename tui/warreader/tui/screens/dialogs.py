"""Small dialogues over the reader: note and tags, tag picker, themes, keys."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from warreader.tui.commands import COMMANDS, SCOPES, Command, shown
from warreader.tui.screens.modal import Modal
from warreader.tui.widgets.lists import Rows, plain
from warreader.tui.widgets.steady import SteadyInput, SteadyTextArea

if TYPE_CHECKING:
    from warreader.tui.editor import Draft

_FRAME = """
    align: center middle;
    background: $background 60%;
"""


_LATE = 0.4
"""Seconds after which it is told that writing takes long."""
KEPT_AFTER = 1.0
"""Seconds after which what was typed is kept, should the reader be killed."""


KeyGroups = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Titles, and keys with what they do."""


@dataclass(frozen=True, slots=True)
class NoteAndTags:
    """What the annotation dialogue was left with."""

    note: str
    tags: tuple[str, ...]


def parse_tags(text: str) -> tuple[str, ...]:
    """Tags as typed, separated by commas; a leading ``#`` is dropped."""
    tags = (tag.strip().lstrip("#").strip() for tag in text.split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


class AnnotateDialog(Modal[None]):
    """Note and tags for one span, in one dialogue. It stays until it is told that they are written.

    Args:
        quoted: what they are on.
        typed: what stands there at first.
        known: tags to be offered.
        save: begins to write.
        problem: why it was not written before.
        draft: what an editor left of the note.
        before: what is stored, where something else stands there at first.
        keep: called now and then with what stands there, ``None`` where that is what is stored.
    """

    DEFAULT_CSS = f"""
    AnnotateDialog {{ {_FRAME} }}
    AnnotateDialog > Vertical {{
        width: 72; max-width: 96%; height: auto; max-height: 90%;
        background: $surface; border: round $border; padding: 0 1;
    }}
    AnnotateDialog #quoted {{ height: auto; max-height: 5; color: $text-muted; margin-bottom: 1; }}
    AnnotateDialog TextArea {{ height: 7; border: tall $border-blurred; background: $background; }}
    AnnotateDialog TextArea:focus {{ border: tall $border; }}
    AnnotateDialog Input {{ border: tall $border-blurred; background: $background; }}
    AnnotateDialog Input:focus {{ border: tall $border; }}
    AnnotateDialog #problem {{ height: auto; color: $text-warning; display: none; }}
    AnnotateDialog .hint {{ height: 1; color: $text-muted; }}
    """
    BINDINGS = [  # noqa: RUF012
        Binding("escape", "cancel", "Cancel"),
        # Not a priority key: it must not overtake letters typed just before it.
        Binding("ctrl+s", "save", "Save"),
        Binding("ctrl+e", "editor", "Editor", priority=True),
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(
        self,
        quoted: str,
        typed: NoteAndTags,
        known: Sequence[str],
        save: Callable[[NoteAndTags], None],
        problem: str = "",
        draft: Draft | None = None,
        before: NoteAndTags | None = None,
        keep: Callable[[NoteAndTags | None], None] = lambda _: None,
    ) -> None:
        super().__init__()
        self.draft = draft
        """What an editor left of the note: kept until it is written."""
        self._quoted = quoted
        self._typed = typed
        self._before = typed if before is None else before
        self._keep_typed = keep
        self._due: Timer | None = None
        self._known = known
        self._save = save
        self._problem = problem
        self._saving = False
        self._written = False
        self._warned = False

    def compose(self) -> ComposeResult:
        """Quotation, note, tags."""
        with Vertical() as frame:
            frame.border_title = "Annotate"
            yield Static(f"▎{plain(self._quoted, 300)}", id="quoted", markup=False)
            tags = SteadyInput(
                # What is typed next is a tag of its own.
                "".join(f"{tag}, " for tag in self._typed.tags),
                placeholder="separated by commas",
                id="tags",
                suggester=_LastTag(self._known),
                select_on_focus=False,
            )
            tags.border_title = "Tags"
            yield tags
            note = SteadyTextArea(self._typed.note, id="note", tab_behavior="focus")
            note.border_title = "Note"
            yield note
            yield Static("", id="problem", markup=False)
            yield Static("", classes="hint")

    def on_mount(self) -> None:
        """Tags first: the commoner case is one word and enter."""
        self.query_one("#tags", Input).focus()
        if self._problem:
            self._tell(self._problem)
        if self._typed != self._before:
            self._go_on()

    def _tell(self, problem: str) -> None:
        told = self.query_one("#problem", Static)
        told.update(problem)
        told.display = True

    def on_descendant_focus(self) -> None:
        """What enter and tab do depends on the box."""
        if not self._saving:
            saves, other = (
                ("ctrl+s", "tags") if self.query_one("#note").has_focus else ("enter, ctrl+s", "note")
            )
            self.query_one(".hint", Static).update(
                f"{saves} save · tab {other} · ctrl+e editor · esc drops it"
            )

    @on(Input.Submitted)
    def action_save(self) -> None:
        """Have what stands there written."""
        if self._saving:
            return
        self._saving = True
        self.set_timer(_LATE, self._wait)
        self._save(self._now)

    @property
    def _now(self) -> NoteAndTags:
        """What stands there."""
        note, tags = self.query_one("#note", TextArea).text, self.query_one("#tags", Input).value
        return NoteAndTags(note.strip(), parse_tags(tags))

    def _wait(self) -> None:
        """What is being written is not changed any more."""
        self._tell("waiting to write: another process is writing to the annotations")
        self.query_one("#note", TextArea).read_only = True
        self.query_one("#tags", Input).disabled = True
        self.query_one(".hint", Static).update("esc closes; it is written all the same")

    def written(self) -> None:
        """There is nothing to keep any more: leave."""
        self._written = True
        if self.is_active:
            self.dismiss(None)

    def on_screen_resume(self) -> None:
        """Something may have stood over it when it was written."""
        if self._written:
            self.dismiss(None)

    def _keep(self, draft: Draft | None) -> None:
        if self.draft is not None:
            self.draft.discard()
        self.draft = draft

    def action_editor(self) -> None:
        """Write the note in the user's editor; what it leaves stands here then."""
        from textual.app import SuspendNotSupported

        from warreader.tui.editor import EditorError, edit_in

        note = self.query_one("#note", TextArea)
        if self._saving:
            return
        try:
            draft = edit_in(self.app, note.text)
            if draft.text != note.text:
                self._keep(draft)
                note.text = draft.text
        except SuspendNotSupported:
            self.notify("this terminal can't give way to an editor", severity="warning", markup=False)
        except EditorError as error:
            self.notify(plain(str(error), 300), severity="error", markup=False)
        note.focus()

    def action_cancel(self) -> None:
        """Leave without; of what was written anew only at the second time, for nothing brings it back."""
        if self._saving or self._warned or (self._now == self._before and self.draft is None):
            if not self._saving:
                self._keep(None)
            self.dismiss(None)
            return
        self._warned = True
        self._tell("esc again drops what you wrote; ctrl+s saves it")

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _go_on(self) -> None:
        if self._warned:
            self._warned = False
            self.query_one("#problem").display = False
        if self._due is None:
            self._due = self.set_timer(KEPT_AFTER, self._keep_what_stands)

    def _keep_what_stands(self) -> None:
        self._due = None
        if not self.left:
            self._keep_typed(None if self._now == self._before else self._now)


class _LastTag(SuggestFromList):
    """Completes the last of several tags."""

    async def get_suggestion(self, value: str) -> str | None:
        """The whole box with its last tag completed."""
        done, comma, last = value.rpartition(",")
        lead = last[: len(last) - len(last.lstrip())]
        found = await super().get_suggestion(last.strip()) if last.strip() else None
        return f"{done}{comma}{lead}{found}" if found else None

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(known, case_sensitive=False)


class ThemeRows(Rows):
    """A click shows a theme, a second one keeps it."""

    LOOKED_AROUND_IN = True


class ThemePicker(Modal[str | None]):
    """Choose a theme; each is shown as it is moved to."""

    LIGHT = True
    DEFAULT_CSS = """
    ThemePicker { align: right middle; background: transparent; }
    ThemePicker > Vertical {
        width: 36; max-width: 96%; height: auto; max-height: 90%;
        background: $surface; border: round $border; padding: 0 1; margin: 0 2;
    }
    ThemePicker Rows { background: $surface; height: auto; max-height: 20; }
    ThemePicker .hint { height: 1; color: $text-muted; }
    """
    BINDINGS = [Binding("escape,T,q", "cancel", "Cancel")]  # noqa: RUF012

    def __init__(
        self, themes: Sequence[tuple[str, str]], current: str, preview: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._themes = themes
        self._current = current
        self._preview = preview

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical() as frame:
            frame.border_title = "Theme"
            yield ThemeRows(id="themes")
            yield Static("enter keeps it · esc goes back", classes="hint")

    def on_mount(self) -> None:
        """Start at the theme in force."""
        rows = self.query_one(Rows)
        rows.fill((name, Content(plain(title, 30))) for name, title in self._themes)
        rows.highlight(self._current)
        rows.focus()

    @on(Rows.OptionHighlighted)
    def _moved(self, event: Rows.OptionHighlighted) -> None:
        if event.option_id is not None and event.option_list.has_focus:
            self._preview(event.option_id)

    @on(Rows.OptionSelected)
    def _chosen(self, event: Rows.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_cancel(self) -> None:
        """Back to the theme there was."""
        self._preview(self._current)
        self.dismiss(None)


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
    """

    LIGHT = True
    DEFAULT_CSS = f"""
    HelpScreen {{ {_FRAME} }}
    HelpScreen > VerticalScroll {{
        width: 92; max-width: 96%; height: 90%;
        background: $surface; border: round $border; padding: 0 2; scrollbar-size-vertical: 1;
    }}
    HelpScreen > .-few {{ height: auto; max-height: 90%; }}
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

    def __init__(self, keys: Mapping[str, tuple[str, ...]], over: Modal[Any] | None = None) -> None:
        super().__init__()
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
        for scope, title in SCOPES.items():
            rows = [
                (self._pressed(command), command.help)
                for command in COMMANDS
                if command.scope == scope and self._keys[command.id]
            ]
            groups.append((title, rows))
        return [*groups, *self._dialogues(), ("While searching", _QUERIES)]

    def _of_dialogue(self, over: Modal[Any]) -> KeyGroups:
        own = [binding for binding in over.BINDINGS if _is_shown(binding)]
        groups = [("Here", [self._told(binding) for binding in own])]
        if over.query("Rows, RowList"):
            # Two keys one after the other mean something in the reader alone.
            moves = [
                (" ".join(shown(key) for key in self._keys[one.id] if " " not in key), one.help)
                for one in COMMANDS
                if one.id.startswith("list.")
            ]
            groups.append((SCOPES["list"], [(keys, told) for keys, told in moves if keys]))
        return groups

    def _pressed(self, command: Command) -> str:
        return " ".join(shown(key) for key in self._keys[command.id])

    def _dialogues(self) -> KeyGroups:
        """What the dialogues answer to, as they have it themselves."""
        from warreader.tui.screens.changes import ChangesScreen
        from warreader.tui.screens.code_book import CodeBookScreen
        from warreader.tui.screens.compare import CompareScreen
        from warreader.tui.screens.everywhere import EverywhereScreen
        from warreader.tui.screens.saved_searches import SavedSearches

        screens: Sequence[tuple[str, type[Modal[Any]]]] = (
            ("In the comparison", CompareScreen),
            ("In the quotations of the library", EverywhereScreen),
            ("In the changes of an article", ChangesScreen),
            ("In the code book", CodeBookScreen),
            ("In the saved searches", SavedSearches),
            ("While annotating", AnnotateDialog),
        )
        return [
            (f"{title} (these keys stay)", [self._told(one) for one in screen.BINDINGS if _is_shown(one)])
            for title, screen in screens
        ]

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
    ("prison*", "words that begin so"),
    ("title:troops", "in the title; likewise outlet: author: date:2022-03"),
    ("person:zelensky", "names it, under any of its names; likewise place: org: unit:"),
    ("said:putin", 'quotes him; quote:"..." searches inside quotations'),
    ("tag:check", "what you tagged; likewise note: is:unread is:starred is:annotated"),
)

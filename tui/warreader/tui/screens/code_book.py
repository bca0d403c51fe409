"""The code book: all tags as a tree, with colours, counts and descriptions; changing them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from warreader.index.api import many, renamed_tag
from warreader.tui.reading.paint import Paint
from warreader.tui.screens.gestures import Gestures, in_one_line
from warreader.tui.screens.modal import Modal
from warreader.tui.screens.prompt import Prompt
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain
from warreader.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from warreader.index.api import Annotations, CodeEntry
    from warreader.tui.screens.current_tag import CurrentTag

_HINT = (
    "enter its notes · n new · r rename, move, join · c colour\ne describe · x delete · u undo · esc closes"
)


class CodeRows(RowList):
    """The tree, in which one looks around: a second click asks for a tag's notes."""

    LOOKED_AROUND_IN = True


class CodeBookScreen(Modal[str | None]):
    """Shows the tree; leaves with the tag whose notes are wanted, or ``None``."""

    LIGHT = True
    DEFAULT_CSS = """
    CodeBookScreen > Vertical { width: 92; max-width: 96%; height: 32; max-height: 92%; }
    CodeBookScreen RowList { background: $surface; }
    CodeBookScreen #meaning { height: auto; max-height: 6; color: $foreground; border-top: solid $border-blurred; }
    CodeBookScreen .hint { height: auto; }
    CodeBookScreen #told { height: auto; color: $text-warning; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,C", "close", "Close"),
        Binding("n", "new", "New"),
        Binding("r", "rename", "Rename"),
        Binding("c", "colour", "Colour"),
        Binding("e", "describe", "Describe"),
        Binding("x,d", "delete", "Delete"),
        Binding("u", "step('undo')", "Undo"),
        Binding("ctrl+r", "step('redo')", "Redo"),
    ]

    def __init__(self, store: Annotations, paint: Paint, gestures: Gestures, tag_in_use: CurrentTag) -> None:
        super().__init__()
        self._tag_in_use = tag_in_use
        self._gestures = gestures
        self._store = store
        self._paint = paint
        self._entries: dict[str, CodeEntry] = {}

    def compose(self) -> ComposeResult:
        """The tree, what the highlighted tag means, the keys."""
        with Vertical() as frame:
            frame.border_title = "Code book"
            yield CodeRows(self._row, id="codes")
            yield Static("", id="meaning", markup=False)
            yield Static("", id="told", markup=False)
            yield Static(_HINT, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Fetch the tree off the event loop."""
        self.query_one("#told", Static).display = False
        self.query_one(RowList).focus()
        self._fetch()

    def _fetch(self, then: str | None = None) -> None:
        in_thread(self, partial(self._read, then), group="codes", exclusive=True)

    def _read(self, then: str | None) -> None:
        entries = self._store.book.entries()
        self.app.call_from_thread(self._take, entries, then)

    def _take(self, entries: Sequence[CodeEntry], then: str | None) -> None:
        self._entries = {entry.name: entry for entry in entries}
        rows = self.query_one(RowList)
        rows.fill(list(self._entries), lines=1)
        if then is not None:
            rows.highlight(then)
        self.query_one(Vertical).border_subtitle = f"{len(entries):,}"
        self._mean()
        if not entries:
            self._tell("no tags yet: t in the reader gives one, n here makes one")

    def _row(self, row_id: str, width: int, lines: int) -> list[Content]:
        entry = self._entries.get(row_id)
        if entry is None:
            return []
        count = (
            f"{entry.own:,}" if entry.total == entry.own else f"{entry.own:,} · {entry.total:,} with below"
        )
        name = f"{'  ' * min(entry.level, 8)}{plain(entry.label, 60)}"
        sign = "●" if entry.chosen else "○" if entry.color is not None else "·"
        about = plain(entry.description, 80)
        row = Content.assemble(
            (f"{sign} ", self._style(entry)),
            name,
            (f"  {count}", "dim"),
            (f"  {about}" if about else "", "dim"),
        )
        return [row.truncate(width, ellipsis=True)][:lines]

    def _style(self, entry: CodeEntry) -> Style | str:
        if entry.color is None:
            return "dim"
        colours = self._paint.theme.highlights
        rich = self._paint.combine((f"mark.{entry.color % len(colours)}",))
        return Style.from_rich_style(rich)

    @on(RowList.Highlighted)
    def _moved(self, event: RowList.Highlighted) -> None:
        event.stop()
        self._tell("")
        self._mean()

    def _mean(self) -> None:
        entry = self._current
        meaning = self.query_one("#meaning", Static)
        meaning.display = entry is not None
        if entry is not None:
            meaning.update(
                f"{plain(entry.name, 200)}\n{plain(entry.description, 600) or 'not described; e does'}"
            )

    @property
    def _current(self) -> CodeEntry | None:
        return self._entries.get(self.query_one(RowList).highlighted_id or "")

    def _tell(self, what: str) -> None:
        told = self.query_one("#told", Static)
        told.display = bool(what)
        told.update(what)

    # changing

    def _change(
        self,
        work: Callable[[], str],
        then: str | None = None,
        renamed: Callable[[str], str] | None = lambda tag: tag,
    ) -> None:
        """Change the book off the event loop: a tag may be on a hundred thousand annotations.

        Args:
            then: the tag to go to.
            renamed: what a tag is called after it; ``None``: it undoes or redoes.
        """

        def done(result: tuple[str, Callable[[], None]]) -> None:
            told, settle = result
            settle()
            if self.is_attached:
                self._fetch(then)
                self._tell(told)

        def missed(error: Exception) -> None:
            if self.is_attached:
                self._tell(in_one_line(error))

        self._tell("…")
        self._gestures.write(self._tag_in_use.following(work, renamed), done, missed, slow=True)

    def _ask(self, prompt: Prompt, answered: Callable[[str], None]) -> None:
        def done(value: str | None) -> None:
            if value is not None:
                answered(value)

        self.app.push_screen(prompt, done)

    def action_new(self) -> None:
        """Enter a tag, below the highlighted one where its path is left standing."""
        entry = self._current
        prompt = Prompt(
            "New tag",
            f"{entry.name}/" if entry else "",
            hint="levels stand between slashes: evidence/video\nclear what stands there for a tag at the top",
        )

        def enter(name: str) -> None:
            self._change(lambda: f"entered {self._store.book.describe(name).name}", name)

        self._ask(prompt, enter)

    def action_rename(self) -> None:
        """Give the tag and all below it another path."""
        if (entry := self._current) is None:
            return
        old = entry.name

        def rename(name: str) -> None:
            joined = (
                "joined to" if name.casefold() in map(str.casefold, set(self._entries) - {old}) else "now"
            )

            def work() -> str:
                count = self._store.book.rename(old, name)
                return f"{plain(old, 60)} is {joined} {plain(name, 60)}, on {many(count, 'annotation')} · u undoes"

            self._change(work, name, lambda tag: renamed_tag(tag, old, name))

        self._ask(
            Prompt(
                "Rename, move or join",
                old,
                hint="all below comes along; the name of another tag joins the two",
            ),
            rename,
        )

    def action_describe(self) -> None:
        """Say what the tag means."""
        if (entry := self._current) is None:
            return
        name = entry.name

        def describe(text: str) -> None:
            def work() -> str:
                self._store.book.describe(name, description=text)
                return "described · u undoes"

            self._change(work)

        self._ask(Prompt(f"What does {plain(name, 40)} mean?", entry.description, empty=True), describe)

    def action_colour(self) -> None:
        """Give the tag the next colour of the theme; after the last, none of its own."""
        if (entry := self._current) is None:
            return
        name, count = entry.name, len(self._paint.theme.highlights)
        wanted = 0 if not entry.chosen or entry.color is None else entry.color % count + 1
        color = wanted if wanted < count else None

        def work() -> str:
            self._store.book.describe(name, color=color)
            return (
                "no colour of its own"
                if color is None
                else f"colour {color + 1} of {count}, also for all below"
            )

        self._change(work)

    def action_delete(self) -> None:
        """Take the tag and all below it off every annotation."""
        if (entry := self._current) is None:
            return
        name = entry.name

        def work() -> str:
            count = self._store.book.delete(name)
            return f"{plain(name, 60)} deleted, it was on {many(count, 'annotation')} · u undoes"

        self._change(work)

    def action_step(self, which: str) -> None:
        """Undo or redo the last gesture."""

        def work() -> str:
            change = self._store.undo() if which == "undo" else self._store.redo()
            return plain(change.words, 160) if change is not None else f"nothing to {which}"

        self._change(work, renamed=None)

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.dismiss(event.row_id)

    def action_close(self) -> None:
        """Back to the reader."""
        self.dismiss(None)

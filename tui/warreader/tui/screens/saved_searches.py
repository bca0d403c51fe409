"""The saved searches with their counts, and the queries asked before."""

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

from warreader.index.api import SavedSearch, Searches, StandingSearch
from warreader.tui.screens.modal import Modal
from warreader.tui.screens.prompt import Prompt
from warreader.tui.widgets.lists import Rows, plain


class SavedSearches(Modal[str | None]):
    """Leaves with the query to ask.

    Args:
        searches: keeps them.
        keep: has something written in its turn, since another process may be writing and be waited for;
            ``None`` where nothing can be kept.
        standing: the saved ones, with their counts.
        recent: queries asked before.
    """

    LIGHT = True
    DEFAULT_CSS = """
    SavedSearches > Vertical { width: 76; max-width: 96%; height: auto; max-height: 90%; }
    SavedSearches Rows { background: $surface; height: auto; max-height: 24; }
    SavedSearches .hint { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", "Close"),
        Binding("n", "latest", "Only what is new"),
        Binding("x,delete", "delete", "Delete"),
        Binding("e", "rename", "Rename"),
    ]

    def __init__(
        self,
        searches: Searches,
        keep: Callable[[Callable[[], object]], None] | None,
        standing: Sequence[StandingSearch],
        recent: Sequence[str],
    ) -> None:
        super().__init__()
        self._searches = searches
        self._keep = keep or (lambda _: None)
        self._fixed = keep is None
        self._standing = list(standing)
        self._recent = list(recent)

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical() as frame:
            frame.border_title = Content("Saved and recent searches")
            yield Rows(id="searches")
            yield Static("", classes="hint", markup=False)

    def on_mount(self) -> None:
        """List them."""
        self._list()
        self.query_one(Rows).focus()
        self._offer()

    @on(Rows.OptionHighlighted)
    def _offer(self) -> None:
        """Say what can be done with the highlighted one."""
        saved, recent = self._highlighted()
        told = ["enter searches"] if saved is not None or recent >= 0 else []
        if any(one.latest for one in self._standing if one.saved == saved):
            told.append("n only what is new")
        if told and not self._fixed:
            told += ["x deletes", "e renames"] if saved is not None else ["x forgets it"]
        self.query_one(".hint", Static).update(" · ".join([*told, "esc closes"]))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Where nothing can be kept nothing is changed."""
        return not (self._fixed and action in ("delete", "rename"))

    def _list(self) -> None:
        rows: list[tuple[str | None, Content]] = []
        if self._standing:
            rows.append((None, Content.styled("Saved", "bold")))
        for one in self._standing:
            new = (f"  +{one.new:,} new", "bold $accent") if one.new else ""
            query = f"\n  {plain(one.saved.query, 140)}" if one.saved.query != one.saved.name else ""
            row = Content.assemble(f"★ {plain(one.saved.name, 60)}  {one.total:,}", new, (query, "dim"))
            rows.append((f"saved {one.saved.key}", row))
        if self._recent:
            rows.append((None, Content.styled("Searched for before", "bold")))
        rows += [(f"recent {at}", Content(f"  {plain(query, 140)}")) for at, query in enumerate(self._recent)]
        if not rows:
            rows.append((None, Content("nothing yet: / searches, ctrl+s keeps a search")))
        self.query_one(Rows).fill(rows)

    def _highlighted(self) -> tuple[SavedSearch | None, int]:
        kind, _, number = (self.query_one(Rows).highlighted_id or "").partition(" ")
        saved = [one.saved for one in self._standing if kind == "saved" and one.saved.key == int(number)]
        return (saved[0] if saved else None), (int(number) if kind == "recent" else -1)

    @on(Rows.OptionSelected)
    def _chosen(self, event: Rows.OptionSelected) -> None:
        event.stop()
        saved, recent = self._highlighted()
        if saved is not None:
            self._look(saved, saved.query)
        elif recent >= 0:
            self.dismiss(self._recent[recent])

    def action_latest(self) -> None:
        """Ask the highlighted one for what came since it was looked at."""
        saved, _ = self._highlighted()
        latest = next((one.latest for one in self._standing if one.saved == saved), None)
        if saved is not None and latest is not None:
            self._look(saved, latest)
        elif saved is not None:
            self.query_one(".hint", Static).update("nothing is new · enter searches · esc closes")

    def _look(self, saved: SavedSearch, query: str) -> None:
        self._keep(partial(self._searches.look, saved.key))
        self.dismiss(query)

    def action_delete(self) -> None:
        """Keep or remember the highlighted one no longer."""
        saved, recent = self._highlighted()
        if saved is not None:
            self._keep(partial(self._searches.delete, saved.key))
            self._standing = [one for one in self._standing if one.saved.key != saved.key]
        elif recent >= 0:
            self._keep(partial(self._searches.forget, self._recent.pop(recent)))
        self._list()
        self._offer()

    def action_rename(self) -> None:
        """Give the highlighted saved search another name."""
        saved, _ = self._highlighted()
        if saved is None:
            return

        def done(name: str | None) -> None:
            if name is not None:
                self._keep(partial(self._rename, saved, name))

        self.app.push_screen(Prompt("Rename", saved.name, about=saved.query, anew=True), done)

    def _rename(self, saved: SavedSearch, name: str) -> None:
        taken = not self._searches.rename(saved.key, name)
        self.app.call_from_thread(self._renamed, name if taken else None, self._searches.saved())

    def _renamed(self, taken: str | None, known: Sequence[SavedSearch]) -> None:
        if taken is not None:
            self.notify(f"{plain(taken, 60)}: another search has this name", severity="warning", markup=False)
        named = {one.key: one for one in known}
        self._standing = [
            StandingSearch(named[one.saved.key], one.total, one.new)
            for one in self._standing
            if one.saved.key in named
        ]
        if self.is_attached:
            self._list()

    def action_cancel(self) -> None:
        """Leave without."""
        self.dismiss(None)

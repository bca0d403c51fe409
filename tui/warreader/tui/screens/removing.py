"""Taking an article out of the library: asked first; what shows it goes on to the next one when it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warreader.index.api import Article, NotFoundError, many
from warreader.tui.screens.modal import Modal
from warreader.tui.threads import in_thread
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.tui.screens.reader import ReaderScreen


class Sure(Modal[bool | None]):
    """Asks whether an article is to go: ``y`` alone says so, no key that means something in the reader.

    Args:
        article: which.
        kept: what stays, in sentences.
    """

    LIGHT = True
    DEFAULT_CSS = """
    Sure > Vertical { width: 68; max-width: 96%; height: auto; max-height: 96%; }
    Sure .about { height: auto; color: $text-muted; }
    Sure #title { height: auto; max-height: 4; text-style: bold; }
    Sure #kept { height: auto; margin: 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "sure", "Remove it"),
        Binding("n,escape,q", "cancel", "Keep it"),
    ]

    def __init__(self, article: Article, kept: Sequence[str]) -> None:
        super().__init__()
        self._article = article
        self._kept = kept

    def compose(self) -> ComposeResult:
        """What goes, and what stays."""
        meta = self._article.meta
        about = [plain(part, 60) for part in (meta.outlet, (meta.date or "")[:10]) if part]
        with Vertical() as frame:
            frame.border_title = Content("Remove this article from the library?")
            yield Static(plain(self._article.title, 240), id="title", markup=False)
            if about:
                yield Static(" · ".join(about), classes="about", markup=False)
            yield Static("\n".join(self._kept), id="kept", markup=False)
            yield Static("y removes it · n or esc keeps it", classes="hint", markup=False)

    def action_sure(self) -> None:
        """Remove it."""
        self.dismiss(True)


def kept_of(notes: int, versions: int) -> list[str]:
    """What stays of an article that is removed, and what can't be undone.

    Args:
        notes: the reader's notes on it.
        versions: its other versions.
    """
    told = ["All that was derived of it goes too. This can't be undone."]
    if notes:
        them = "stand" if notes > 1 else "stands"
        told.append(
            f"{many(notes, 'note')} on it {'are' if notes > 1 else 'is'} kept, and {them} again if it is added again."
        )
    if versions:
        told.append(f"{many(versions, 'other version')} of it {'stay' if versions > 1 else 'stays'}.")
    return [
        *told,
        "Its file is not touched. It is read again when it has changed, or by: warreader add --again FILE",
    ]


class Removing:
    """What the key for it does."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen
        self._leaving: dict[str, tuple[str, Sequence[str]]] = {}
        """By the id of an article that is being removed its title, and who is next to it, the nearest first."""

    def ask(self) -> None:
        """Ask whether the chosen article is to be removed."""
        article_id = self._screen.chosen
        if article_id is None:
            self._screen.say("no article is open")
        else:
            in_thread(
                self._screen, partial(self._fetch, article_id), group="removing", exclusive=True, opens=True
            )

    def _fetch(self, article_id: str) -> None:
        screen = self._screen
        library = screen.library
        try:
            article = library.articles.get(article_id)
        except NotFoundError:
            screen.app.call_from_thread(screen.say, "this article was taken out of the library already")
            return
        notes = library.annotations.count(article=article_id)
        others = len(library.articles.versions(article_id)) - 1
        screen.app.call_from_thread(self._ask, article, kept_of(notes, max(0, others)))

    def _ask(self, article: Article, kept: Sequence[str]) -> None:
        def done(sure: bool | None) -> None:
            if sure:
                order = list(self._screen.articles.order)
                at = order.index(article.id) if article.id in order else 0
                self._leaving[article.id] = article.title, [*order[at + 1 :], *reversed(order[:at])]
                self._screen.post_message(self._screen.Removed(article.id))

        self._screen.app.push_screen(Sure(article, kept), done)

    def done(self, article_ids: Iterable[str]) -> None:
        """They are gone: whatever leads to them, or shows them, goes on without."""
        for article_id in article_ids:
            self._gone(article_id)

    def _gone(self, article_id: str) -> None:
        screen = self._screen
        title, beside = self._leaving.pop(article_id, ("", ()))
        near = next((one for one in beside if one in screen.listing.summaries and one != article_id), None)
        screen.travel.forget(article_id)
        screen.lighting.leave_out(article_id)
        screen.listing.refresh()
        screen.articles.again(near=near)
        screen.entities.renew()
        screen.quotations.renew()
        if screen.page is not None and screen.page.article.id == article_id:
            if near is not None:
                screen.travel.open(near)
            else:
                screen.close_page()
        screen.annotating.noting.refresh()
        screen.say(f"removed: {plain(title, 60)}" if title else "the article was removed")

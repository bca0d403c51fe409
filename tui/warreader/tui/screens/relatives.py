"""Other articles that belong to this one: its earlier and later versions, and copies of the same story."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from warreader.index.api import Summary, many
from warreader.tui.counting import known_outlets
from warreader.tui.threads import in_thread
from warreader.tui.widgets.article_rows import same_story
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.index.api import Copy
    from warreader.tui.page import Page
    from warreader.tui.screens.changes import Merged
    from warreader.tui.screens.reader import ReaderScreen


class Relatives:
    """What the keys for versions and copies do."""

    def __init__(self, screen: ReaderScreen) -> None:
        self._screen = screen

    def told(self, page: Page) -> list[str]:
        """What there is, for the article's header."""
        found = []
        if len(page.versions) > 1:
            number = self._number(page)
            found.append(f"version {number} of {len(page.versions)}")
        if page.story is not None:
            found.append(same_story(len(page.story.members), page.story.outlets))
        return [part for part in found if part]

    @staticmethod
    def _number(page: Page) -> int:
        ids = [version.id for version in page.versions]
        return ids.index(page.article.id) + 1 if page.article.id in ids else len(ids)

    # versions

    def versions(self) -> None:
        """Compare a version with the one before it; of more than two, ask which."""
        screen = self._screen
        page = screen.page
        if page is None:
            screen.say("no article is open")
        elif len(page.versions) < 2:
            screen.say("there is only this version of it")
        elif len(page.versions) == 2:
            self._compare(page, 1)
        else:
            self._pick_version(page)

    def _pick_version(self, page: Page) -> None:
        from warreader.tui.screens.picking import Picker

        def done(picked: str | None) -> None:
            if picked is not None:
                self._compare(page, int(picked))

        rows = [
            (str(place), self._version_row(page, place)) for place in range(len(page.versions) - 1, 0, -1)
        ]
        current = str(max(1, self._number(page) - 1))
        self._screen.app.push_screen(
            Picker(
                f"{len(page.versions)} versions",
                rows,
                current=current,
                hint="enter shows what changed from the version before · esc closes",
            ),
            done,
        )

    def _version_row(self, page: Page, place: int) -> Content:
        version = page.versions[place]
        more = version.length - page.versions[place - 1].length
        longer = f"{more:+,} character{'' if abs(more) == 1 else 's'}"
        about = [f"{place} → {place + 1}", _when(version), longer]
        if version.id == page.article.id:
            about.append("open")
        return Content.assemble(
            (plain(version.title, 70), "bold"), "\n", (" · ".join(part for part in about if part), "dim")
        )

    def _compare(self, page: Page, place: int) -> None:
        """Show what version ``place`` (from 0) changed in the one before."""
        older, newer = page.versions[place - 1], page.versions[place]
        fetch = partial(self._fetch, older, newer, place)
        in_thread(self._screen, fetch, group="versions", exclusive=True, opens=True)

    def _fetch(self, older: Summary, newer: Summary, place: int) -> None:
        from warreader.index.api import difference
        from warreader.tui.screens.changes import merged

        articles, app = self._screen.library.articles, self._screen.app
        old, new = articles.text(older.id), articles.text(newer.id)
        if old is None or new is None:
            app.call_from_thread(self._screen.say, "this version is no longer in the library")
            return
        both = merged(old, new, difference(old, new))
        title = f"Version {place} → {place + 1} · {_when(older)} → {_when(newer)}"
        app.call_from_thread(self._show, title, both, newer.id)

    def _show(self, title: str, both: Merged, newer: str) -> None:
        from warreader.tui.screens.changes import ChangesScreen

        screen = self._screen

        def done(offset: int | None) -> None:
            if offset is not None:
                screen.focus_pane("text")
                screen.travel.open(newer, at=offset)

        screen.app.push_screen(ChangesScreen(title, both, screen.paint), done)

    # copies

    def copies(self) -> None:
        """Pick one of the articles in which the same story stands."""
        from warreader.tui.screens.picking import Picker

        screen = self._screen
        page = screen.page
        if page is None or page.story is None:
            screen.say("no article is open" if page is None else "no copies of this story are known")
            return

        def done(picked: str | None) -> None:
            if picked is not None:
                screen.focus_pane("text")
                screen.travel.open(picked)

        members = page.story.members
        rows = [(member.article, self._copy_row(page, member)) for member in members]
        outlets = known_outlets(page.story.outlets, all_known=all(member.outlet for member in members))
        screen.app.push_screen(
            Picker(
                ", ".join(filter(None, (f"Same story: {many(len(rows), 'article')}", outlets))),
                rows,
                current=page.article.id,
                hint="the share is of the shorter text's words · enter opens · esc closes",
            ),
            done,
        )

    @staticmethod
    def _copy_row(page: Page, member: Copy) -> Content:
        here = member.article == page.article.id
        about = [
            plain(member.outlet, 40) if member.outlet else "outlet not known",
            (member.date or "")[:10] or "date not known",
            "open" if here else f"{member.share:.0%} in common",
        ]
        return Content.assemble((plain(member.title, 70), "bold"), "\n", (" · ".join(about), "dim"))


def _when(version: Summary) -> str:
    """When a version is of: its own date, else when it came into the library."""
    if version.date:
        return plain(version.date[:16].replace("T", " "), 20)
    return f"added {plain(version.added[:10], 20)}" if version.added else "date not known"

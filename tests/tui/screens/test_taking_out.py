"""Removing an article while reading: asked for, done in the background, and everything goes on without it."""

from __future__ import annotations

import pytest
from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import WIDE, opened, press, reader, settle, until, write
from textual.pilot import Pilot
from textual.widgets import Static

from warreader.index.library import Library
from warreader.tui import jobs
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.removing import Sure

_run = jobs.run


@pytest.fixture
def app(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> WarreaderApp:
    """The app with its real background process."""
    made = make_app()
    monkeypatch.setattr(jobs, "run", _run)
    return made


def said(app: WarreaderApp) -> str:
    return str(reader(app).query_one("#said", Static).content)


def asked(app: WarreaderApp) -> str:
    return "\n".join(str(one.content) for one in app.screen.query(Static))


def at_reader(app: WarreaderApp) -> bool:
    return app.screen is app.reader


async def gone(pilot: Pilot[None], app: WarreaderApp, article_id: str) -> None:
    told = ("removed: ", "no articles yet")
    listed = reader(app).listing
    await until(pilot, lambda: article_id not in listed.summaries and any(one in said(app) for one in told))
    await settle(pilot)


async def test_it_is_asked_by_name_and_what_stays_is_told(app: WarreaderApp) -> None:
    library = app.library
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        page = reader(app).page
        assert page is not None
        library.annotations.add(page.article.id, page.article.text, 0, 8, "check this")
        await press(pilot, "D")
        assert isinstance(app.screen, Sure)
        told = asked(app)
        assert page.article.title in told
        assert "1 note on it is kept, and stands again" in told and "can't be undone" in told
        await press(pilot, "enter", "D")
        assert isinstance(app.screen, Sure), "no key that is pressed often says yes"
        await press(pilot, "n")
        assert at_reader(app) and len(library.articles) == 5


async def test_the_open_article_gives_way_to_the_next(app: WarreaderApp, library: Library) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        first, second, third = reader(app).articles.order[:3]
        library.annotations.add(second, library.articles.get(second).text, 0, 8, "check this")
        await press(pilot, "J", "D", "y")
        await gone(pilot, app, second)
        assert opened(app) == third
        assert reader(app).articles.rows.highlighted_id == third
        await press(pilot, "H")
        assert opened(app) == first, "the way back leads past what is gone"
        assert second not in library.articles.ids() and len(library.articles) == 4
        assert library.annotations.count(article=second) == 1
        assert not library.behind


async def test_in_the_list_the_highlighted_one_goes_and_the_open_one_stays(app: WarreaderApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        order = list(reader(app).articles.order)
        await press(pilot, "1", "G", "D", "y")
        await gone(pilot, app, order[-1])
        assert opened(app) == order[0]
        assert reader(app).articles.rows.highlighted_id == order[-2]


async def test_results_are_without_it(app: WarreaderApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "putin ")
        await press(pilot, "enter", "1")
        found = list(reader(app).articles.order)
        assert len(found) > 2
        await press(pilot, "j", "D", "y")
        await gone(pilot, app, found[1])
        assert list(reader(app).articles.order) == [found[0], *found[2:]]
        assert reader(app).articles.rows.highlighted_id == found[2]
        lit = reader(app).lighting.lit
        assert lit is not None and found[1] not in lit.order


async def test_the_last_one_leaves_an_empty_reader(app: WarreaderApp, library: Library) -> None:
    library.remove([one for one in SEEDS.values() if one != SEEDS["001"]])
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert opened(app) == SEEDS["001"]
        await press(pilot, "D", "y")
        await gone(pilot, app, SEEDS["001"])
        assert reader(app).page is None and reader(app).view.article is None
        assert reader(app).quotations.option_count == 0 and not len(reader(app).entities.roll.counts)
        # What asks about the open article says that there is none.
        await press(pilot, "j", "n", "c", "D")
        assert said(app) == "no article is open"


async def test_where_nothing_can_be_kept_nothing_is_removed(make_app: MakeApp, library: Library) -> None:
    folder = library.folder
    library.close()
    with Library(folder, read_only=True) as reading:
        app = make_app(opened=reading)
        async with app.run_test(size=WIDE) as pilot:
            await settle(pilot)
            await press(pilot, "D")
            assert at_reader(app) and "only read" in said(app)

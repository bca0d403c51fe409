"""The list of notes: on all articles, or on the articles found."""

from __future__ import annotations

from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import WIDE, press, reader, settle, write

from warreader.index.library import Library
from warreader.tui.app import WarreaderApp


def listed(app: WarreaderApp) -> set[str]:
    pane = reader(app).notes
    return {held.article for key in pane.rows._ids if (held := pane._annotation(key)) is not None}


async def test_the_key_goes_from_all_notes_to_those_on_the_results(
    make_app: MakeApp, library: Library
) -> None:
    for name in ("000", "002", "004"):
        text = library.articles.text(SEEDS[name]) or ""
        library.annotations.add(SEEDS[name], text, 0, 5, tags=["t"])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "5", "w")
        assert len(listed(app)) == 3  # nothing is searched for
        await press(pilot, "slash")
        await write(pilot, "clarke")
        await press(pilot, "enter", "5", "w")
        assert listed(app) == {SEEDS["000"]}
        assert str(reader(app).notes.border_subtitle) == "1 of 3 · results"
        await press(pilot, "slash")
        await write(pilot, "shoigu")
        await settle(pilot)
        assert SEEDS["002"] in listed(app)
        await press(pilot, "escape")
        await settle(pilot)
        assert len(listed(app)) == 3

"""What others do with the library is looked for again and again, whatever goes wrong with one look."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from tests.tui.conftest import MakeApp
from tests.tui.screens.test_story import reader, settle

from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.watching import Watching


async def test_a_look_that_failed_is_told_once_and_made_again(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    answers: Iterator[bool] = iter(())
    told: list[Exception] = []
    seen = Library.changes

    def changes(self: Library) -> tuple[int, int]:
        if next(answers, False):
            raise sqlite3.OperationalError("disk I/O error")
        return seen(self)

    # The reader's own looks, each half second, would take this one's answers.
    monkeypatch.setattr("warreader.tui.screens.reader.Watching", lambda _: SimpleNamespace(look=lambda: None))
    monkeypatch.setattr(Library, "changes", changes)
    monkeypatch.setattr(WarreaderApp, "fault", lambda _, error: told.append(error))
    async with app.run_test() as pilot:
        await settle(pilot)
        watching = Watching(reader(app))
        answers = iter([True, True, False, True, True])
        for so_far in (1, 1, 1, 2, 2):
            watching.look()
            await settle(pilot)
            assert len(told) == so_far
    assert next(answers, None) is None


async def test_an_open_article_that_was_taken_out_stays_and_is_told(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await settle(pilot)
        page = reader(app).page
        assert page is not None
        reader(app).library.articles.remove(page.article.id)
        reader(app).travel.reload()
        await settle(pilot)
        assert reader(app).page is page
        assert "taken out of the library" in str(reader(app).query_one("#said").render())

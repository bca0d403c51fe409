"""Details and line kinds, corrected where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import opened, press, reader, settle, write
from textual.pilot import Pilot
from textual.widgets import Input, Static

from warreader.index.article import Article, Line, LineKind, Metadata, Span
from warreader.index.library import Library
from warreader.tui import jobs
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.correcting import lines_under
from warreader.tui.screens.details import DetailsDialog, FactRow
from warreader.tui.screens.picking import Picker
from warreader.tui.widgets.status_line import StatusLine

WIDE = (160, 45)


def shown(pilot: Pilot[Any]) -> dict[str, str]:
    """The dialogue as it stands: name to value."""
    return {
        row.fact.name: str(row.query_one(".value", Static).content) for row in pilot.app.screen.query(FactRow)
    }


def at_reader(app: WarreaderApp) -> bool:
    return app.screen is app.reader


def problem(pilot: Pilot[Any]) -> str:
    line = pilot.app.screen.query_one("#problem", Static)
    return str(line.content) if line.display else ""


async def test_details_tell_what_is_known_and_what_is_not(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "i")
        assert isinstance(app.screen, DetailsDialog)
        facts = shown(pilot)
        assert facts["Title"].startswith("Is CHINA") and facts["Id"] == SEEDS["000"]
        assert facts["Agency"] == "not known"
        assert "furniture" in facts["Lines"] and "words" in facts["Length"]
        assert facts["Versions"] == "only this one" and facts["Copies"] == "none known"
        await press(pilot, "escape")
        assert at_reader(app)


async def test_a_field_is_corrected_in_place_and_undone(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        before = library.articles.get(SEEDS["000"]).meta.outlet
        await press(pilot, "i", "j", "e")
        assert isinstance(app.focused, Input)
        app.focused.value = ""
        await write(pilot, "the mirror")
        await press(pilot, "enter")
        assert library.articles.get(SEEDS["000"]).meta.outlet == "the mirror"
        assert shown(pilot)["Outlet"].startswith("the mirror") and "corrected" in shown(pilot)["Outlet"]
        assert isinstance(app.focused, FactRow)
        await press(pilot, "escape")
        assert reader(app).listing.summaries[SEEDS["000"]].outlet == "the mirror"
        assert "the mirror" in str(reader(app).view.border_title)
        await press(pilot, "u")
        assert library.articles.get(SEEDS["000"]).meta.outlet == before
        assert reader(app).listing.summaries[SEEDS["000"]].outlet == before


async def test_a_wrong_date_is_told_at_once_in_one_line(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        date = library.articles.get(SEEDS["000"]).meta.date
        await press(pilot, "i", "j", "j", "j", "j", "enter")
        assert isinstance(app.focused, Input)
        app.focused.value = "yesterday"
        await press(pilot, "enter")
        assert "date" in problem(pilot) and "\n" not in problem(pilot)
        assert library.articles.get(SEEDS["000"]).meta.date == date
        # still being edited: the right one is typed over it
        assert isinstance(app.focused, Input)
        app.focused.value = "2025-04-09"
        await press(pilot, "enter")
        assert problem(pilot) == ""
        assert library.articles.get(SEEDS["000"]).meta.date == "2025-04-09"
        status = str(reader(app).query_one(StatusLine).query_one("#said", Static).content)
        assert "corrected the date · u undoes" in status and "yesterday" not in status


async def test_esc_leaves_the_field_as_it_was_then_the_dialogue(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        title = library.articles.get(SEEDS["000"]).meta.title
        await press(pilot, "i", "e")
        await write(pilot, "something else")
        await press(pilot, "escape")
        assert isinstance(app.screen, DetailsDialog) and isinstance(app.focused, FactRow)
        assert shown(pilot)["Title"] == title
        await press(pilot, "escape")
        assert at_reader(app)
        assert library.articles.get(SEEDS["000"]).meta.title == title


async def test_what_follows_from_the_article_is_not_edited(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "i", *["j"] * 20, "e")
        assert "can't be changed" in problem(pilot)
        assert not isinstance(app.focused, Input)


async def test_e_in_the_list_edits_the_highlighted_article(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "1", "j", "j", "e")
        assert isinstance(app.screen, DetailsDialog) and isinstance(app.focused, Input)
        assert shown(pilot)["Id"] == SEEDS["002"]
        assert opened(app) == SEEDS["000"]


TEXT = "Headline\n\nFirst line\nSecond line\n   \nThird"


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (Span(0, 0), ["Headline"]),
        (Span(12, 12), ["First line"]),
        (Span(9, 9), []),
        (Span(12, 25), ["First line", "Second line"]),
        (Span(0, len(TEXT)), ["Headline", "First line", "Second line", "Third"]),
        (Span(len(TEXT), len(TEXT)), ["Third"]),
        # up to a line's end, not into the next
        (Span(10, 21), ["First line"]),
    ],
)
def test_lines_under_a_place(place: Span, found: Sequence[str]) -> None:
    lines, start = [], 0
    for piece in TEXT.split("\n"):
        lines.append(Line(start, start + len(piece), LineKind.BODY))
        start += len(piece) + 1
    article = Article(1, "a", Metadata(), "", TEXT, tuple(lines))
    assert [TEXT[start:].split("\n")[0] for start in lines_under(article, place)] == found


async def test_a_line_is_made_furniture_and_undone(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Sequence[str]] = []

    async def run(_folder: Any, inputs: Sequence[str], *_: Any) -> None:
        started.append(list(inputs))

    app = make_app()
    monkeypatch.setattr(jobs, "run", run)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        view = reader(app).view
        assert reader(app).page is not None
        at = reader(app).page.article.text.index("SHOCKING evidence")  # type: ignore[union-attr]

        def kind() -> LineKind:
            lines = library.articles.get(SEEDS["000"]).lines
            return next(line.kind for line in lines if line.start <= at <= line.end)

        before = kind()
        assert before is not LineKind.FURNITURE
        view.go(at)
        rows = view.virtual_size.height
        await press(pilot, "F")
        assert isinstance(app.screen, Picker)
        await press(pilot, "f")
        assert at_reader(app)
        assert kind() is LineKind.FURNITURE
        # shown at once: furniture is folded; derived again in the background: a run without inputs
        assert view.virtual_size.height < rows
        assert started == [[]]
        await press(pilot, "u")
        assert kind() is before
        assert view.virtual_size.height == rows
        assert started == [[], []]


async def test_the_lines_of_a_selection_are_one_gesture(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        page, view = reader(app).page, reader(app).view
        assert page is not None
        first, last = (page.article.text.index(words) for words in ("SHOCKING evidence", "Zelensky claimed"))
        view.select(Span(first, last + 8))
        await press(pilot, "F", "c")
        lines = library.articles.get(SEEDS["000"]).lines
        changed = [line for line in lines if line.start in (first, last)]
        assert [line.kind for line in changed] == [LineKind.CAPTION] * 2
        assert view.selected is None
        await press(pilot, "u")
        assert library.articles.get(SEEDS["000"]).lines == page.article.lines


async def test_esc_in_the_picker_changes_nothing(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = library.articles.get(SEEDS["000"]).lines
        await press(pilot, "F", "escape", "F", "enter")
        assert at_reader(app)
        assert library.articles.get(SEEDS["000"]).lines == lines


async def test_of_folded_lines_none_is_meant(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        page = reader(app).page
        assert page is not None
        reader(app).view.go(page.article.text.index("SHOCKING evidence"))
        await press(pilot, "F", "f", "F")
        assert at_reader(app)
        assert "f shows the lines" in str(reader(app).query_one("#said", Static).content)


async def test_a_list_that_cannot_be_read_is_told_and_kept(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)

        def broken() -> None:
            raise OSError("disk image is malformed")

        monkeypatch.setattr(library.articles, "listing", broken)
        reader(app).listing.refresh()
        await settle(pilot)
        assert "warreader check" in str(reader(app).query_one("#said", Static).content)
        assert len(reader(app).listing) == 5
        faults = tmp_path / "faults.txt"
        assert "disk image is malformed" in faults.read_text("utf-8")
        faults.unlink()


async def test_a_corrected_field_is_taken_back_where_it_stands(make_app: MakeApp, library: Library) -> None:
    outlet = library.articles.get(SEEDS["000"]).meta.outlet
    library.corrections.set_meta(SEEDS["000"], "outlet", "the mirror")
    library.corrections.set_meta(SEEDS["000"], "author", "Somebody")
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "i", "x")
        assert "not corrected" in problem(pilot)
        await press(pilot, "j")
        assert f"was: {outlet or 'not known'}" in shown(pilot)["Outlet"]
        await press(pilot, "x")
        await settle(pilot)
        assert problem(pilot) == "" and "corrected" not in shown(pilot)["Outlet"]
        assert library.articles.get(SEEDS["000"]).meta.outlet == outlet
        assert library.articles.get(SEEDS["000"]).meta.author == "Somebody"
        await press(pilot, "escape", "u")
        assert library.articles.get(SEEDS["000"]).meta.outlet == "the mirror"


async def test_corrected_lines_are_taken_back_where_they_stand(make_app: MakeApp, library: Library) -> None:
    article = library.articles.get(SEEDS["000"])
    at = article.text.index("SHOCKING evidence")
    line = next(line for line in article.lines if line.start <= at <= line.end)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        reader(app).view.go(at)
        await press(pilot, "F")
        assert isinstance(app.screen, Picker) and "as it was found" not in _rows(app)
        await press(pilot, "c")
        await settle(pilot)
        assert [one.was for one in library.corrections.of_lines(article.id, (line.start,))] == [
            line.kind.value
        ]
        await press(pilot, "F")
        assert f"as it was found {line.kind.value}" in _rows(app)
        await press(pilot, "x")
        await settle(pilot)
        assert library.articles.get(SEEDS["000"]).lines == article.lines and library.corrections.all() == []
        await press(pilot, "u")
        assert len(library.corrections.all()) == 1


def _rows(app: WarreaderApp) -> str:
    assert isinstance(app.screen, Picker)
    return "\n".join(content.plain for _, content in app.screen._rows)

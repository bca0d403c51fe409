"""The quotations of the whole library: listed, narrowed, compared, gone to."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.tui.conftest import MakeApp
from tests.tui.screens.test_story import WIDE, opened, press, reader, settle, under_cursor, write
from tests.tui.test_in_order import burst
from textual.pilot import Pilot
from textual.widgets import Input, Static

from warreader.index.library import Library
from warreader.index.quotations.spoken import Asked
from warreader.tui.app import WarreaderApp
from warreader.tui.screens import everywhere_rows
from warreader.tui.screens.compare import CompareScreen
from warreader.tui.screens.everywhere import EverywhereScreen, Listed, Wanted
from warreader.tui.screens.everywhere_rows import Rows, counted
from warreader.tui.themes import Themes
from warreader.tui.widgets.row_list import RowList


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", Wanted()),
        ("foreign country", Wanted("foreign country")),
        ('"foreign country"', Wanted("foreign country")),
        ("said:putin", Wanted(said="putin")),
        (
            'said:"Vladimir Putin" outlet:BBC date:2022-03 a war',
            Wanted("a war", "Vladimir Putin", "BBC", "2022-03"),
        ),
        ("who said: nothing", Wanted("who said: nothing")),
    ],
)
def test_what_is_typed_is_read(typed: str, wanted: Wanted) -> None:
    assert Wanted.read(typed) == wanted


@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted("a b"), Wanted("a", "Vladimir Putin", "BBC News", "2022"), Wanted(said="Li")]
)
def test_what_is_wanted_is_written_so_that_it_is_read(wanted: Wanted) -> None:
    assert Wanted.read(str(wanted)) == wanted


def screen_of(app: WarreaderApp) -> EverywhereScreen:
    assert isinstance(app.screen, EverywhereScreen)
    return app.screen


def at_reader(app: WarreaderApp) -> bool:
    return app.screen is reader(app)


def rows_of(app: WarreaderApp) -> list[str]:
    shown = screen_of(app)
    rows = shown.query_one(RowList)
    return [
        "\n".join(line.plain for line in shown._draw(row_id, 120, shown._height(row_id, 120)))
        for row_id in rows._ids
    ]


async def start(pilot: Pilot[None], *keys: str) -> None:
    await settle(pilot)
    await press(pilot, "g", "q", *keys)


async def test_the_most_repeated_come_first_and_are_compared(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot)
        known = {match.id for match in library.matches.all()}
        rows = rows_of(app)
        assert rows and all("⇄2 articles" in row for row in rows)
        assert set(screen_of(app).query_one(RowList)._ids) <= known
        await press(pilot, "enter")
        assert type(app.screen) is CompareScreen
        await press(pilot, "escape")
        screen_of(app)
        # Going to a version closes both.
        await press(pilot, "enter", "j", "enter")
        assert at_reader(app)
        assert reader(app).active == "text"


@pytest.mark.parametrize("size", [(160, 45), (60, 20)])
async def test_no_row_is_followed_by_an_empty_line(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await start(pilot, "2")
        rows = screen_of(app).query_one(RowList)
        lines = [rows.render_line(y).text.strip() for y in range(rows.size.height)]
        heights = {rows._height_of(place) for place in range(len(rows._ids))}
    assert all(lines)
    assert heights == {2, 3}


async def test_versions_are_compared_by_the_key_for_it(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot, "c")
        assert type(app.screen) is CompareScreen
        await press(pilot, "escape", "3", "c")
        told = str(screen_of(app).query_one("#told", Static).render())
        assert told == "no quotation here that stands in several articles"


async def test_words_are_looked_for_in_all_quotations(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot, "2", "slash")
        await write(pilot, "foreign country")
        assert screen_of(app).view == "all"
        rows = rows_of(app)
        assert rows and all("foreign country" in " ".join(row.lower().split()) for row in rows)
        expected = [one for one in library.quotations.all() if "foreign country" in one.text.lower()]
        assert len(rows) == len(expected)
        await press(pilot, "enter", "enter")
        assert at_reader(app)
        page = reader(app).page
        assert page is not None
        assert page.quotation_at(reader(app).view.cursor) is not None


async def test_a_speaker_narrows(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot, "3")
        names = [row.split("  ")[0].strip() for row in rows_of(app)]
        assert "Michael Clarke" in names
        await press(pilot, *(["j"] * names.index("Michael Clarke")), "enter")
        assert screen_of(app).view == "repeated"
        assert screen_of(app).query_one(Input).value == 'said:"Michael Clarke"'
        assert all("Clarke" in row for row in rows_of(app))
        await press(pilot, "2")
        (clarke,) = [one.id for one in library.entities.find("Michael Clarke")]
        said = [
            one
            for one in library.quotations.all()
            if one.speaker is not None and one.speaker.entity == clarke and one.kind.value != "scare"
        ]
        assert len(rows_of(app)) == len(said)
        # What was asked for is still there the next time.
        await press(pilot, "q", "g", "q")
        assert screen_of(app).view == "all"
        assert screen_of(app).query_one(Input).value == 'said:"Michael Clarke"'


def told(app: WarreaderApp) -> str:
    return str(screen_of(app).query_one("#told", Static).render())


NUCLEAR = {
    "one": "Reactor\n\n“No nuclear plant in this country will ever again be left without guards,” said Ann Lee.",
    "two": "Guards\n\n“No nuclear plant in this country will ever again be left without guards,” Ann Lee said.",
    "three": "Harbour\n\n“The harbour slept through that long and terrible night of sirens,” said Bob Ray.",
    "four": "Sirens\n\n“The harbour slept through that long and terrible night of sirens,” Bob Ray said.",
}


async def test_of_outlets_only_what_is_known_is_told(
    make_app: MakeApp, library: Library, tmp_path: Path
) -> None:
    outlets = {"one": "", "two": "", "three": "Herald", "four": ""}
    for name, text in NUCLEAR.items():
        outlet = f"Title: {name}\nOutlet: {outlets[name]}\n\n" if outlets[name] else ""
        (tmp_path / f"{name}.txt").write_text(f"{outlet}{text}", "utf-8")
    library.add([tmp_path / f"{name}.txt" for name in NUCLEAR])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot)
        rows = [" ".join(row.split()) for row in rows_of(app)]
        (harbour,) = [row for row in rows if "harbour" in row]
        assert "⇄2 articles · 1 known outlet · " in harbour
        (nuclear,) = [row for row in rows if "nuclear" in row]
        assert "⇄2 articles · Ann Lee" in nuclear


async def test_words_narrow_every_view(make_app: MakeApp, library: Library, tmp_path: Path) -> None:
    for name, text in NUCLEAR.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    library.add([tmp_path / f"{name}.txt" for name in NUCLEAR])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot, "slash")
        await write(pilot, "nuclear plants")
        # Whoever types stays in the view.
        assert screen_of(app).view == "repeated"
        assert len(rows_of(app)) == 1 and "No nuclear plant" in rows_of(app)[0]
        assert told(app).startswith("1 quotation in several")
        await press(pilot, "enter", "2")
        assert len(rows_of(app)) == 2 and told(app).startswith("2 quotations,")
        await press(pilot, "3")
        assert [row.split("  ")[0] for row in rows_of(app)] == ["Ann Lee"]
        assert told(app).startswith("1 speaker, by")
        await press(pilot, "6")
        assert len(rows_of(app)) == 1 and "Reactor" in rows_of(app)[0]
        # What is typed next takes the place of what is there.
        await press(pilot, "1", "slash")
        await write(pilot, "harbour")
        assert screen_of(app).query_one(Input).value == "harbour"
        assert len(rows_of(app)) == 1 and "The harbour" in rows_of(app)[0]
        await press(pilot, "slash")
        await write(pilot, "foreign country guards")
        assert rows_of(app) == [] and "0 quotations in several articles; 2 lists 0 quotations" in told(app)


@pytest.mark.parametrize(
    ("shown", "total", "written"),
    [(200, 1750, "200 of 1,750 speakers"), (1, 1, "1 speaker"), (0, 0, "0 speakers"), (3, 3, "3 speakers")],
)
def test_what_is_cut_off_is_told_as_such(shown: int, total: int, written: str) -> None:
    assert counted(shown, total, "speaker") == written


def test_speakers_beyond_those_listed_are_counted(library: Library) -> None:
    asked = Asked()
    assert library.quotations.tallied("speaker", asked) == len(
        library.quotations.speakers(asked, limit=10_000)
    )
    assert (
        len(library.quotations.speakers(asked, limit=2)) == 2 < library.quotations.tallied("speaker", asked)
    )


async def test_what_was_taken_out_is_listed_so_on_coming_back(
    make_app: MakeApp, library: Library, tmp_path: Path
) -> None:
    for name, text in NUCLEAR.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    library.add([tmp_path / f"{name}.txt" for name in NUCLEAR])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot, "slash")
        await write(pilot, "harbour")
        await press(pilot, "enter", "enter", "X", "escape")
        assert rows_of(app) == []
        assert "u undoes · 0 quotations in several articles; 2 lists 2" in told(app)
        await press(pilot, "u")
        assert len(rows_of(app)) == 1 and "undone" in told(app)
        await press(pilot, "ctrl+r")
        assert rows_of(app) == []


async def test_nothing_to_undo_is_said_in_the_list(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot, "u")
        assert told(app) == "nothing to undo"


async def test_enter_chooses_from_the_list_that_was_asked_for_last(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = everywhere_rows.Rows.of

    def slowly(*args: Any) -> Listed:
        time.sleep(0.1)
        return listed(*args)

    monkeypatch.setattr(everywhere_rows.Rows, "of", slowly)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot, "2")
        first = screen_of(app)
        await burst(pilot, "1<enter>")
        # The first view's rows are compared; those of the second would have closed it.
        assert type(app.screen) is CompareScreen
        await burst(pilot, "<escape>q")
        assert at_reader(app) and first.left
        await burst(pilot, "gq/nobody says such a thing<enter><enter>")
        assert rows_of(app) == []


async def test_an_answer_that_comes_while_it_is_left_is_dropped(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    shown = EverywhereScreen._show
    monkeypatch.setattr(EverywhereScreen, "_show", lambda *args: answers.append(args))
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot)
        there = screen_of(app)
        there.action_cancel()
        # Its parts go one by one while it counts as attached.
        shown(*answers[0])
        await there.query("#told").remove()
        shown(*answers[0])
        there.tell("late")
        there.renew()


@pytest.mark.parametrize("size", [WIDE, (80, 24)])
async def test_views_are_clicked(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await start(pilot)
        words = str(screen_of(app).query_one("#views", Static).render())
        for title, view in (
            ("2 All", "all"),
            ("6 Art", "alike"),
            ("4 Out", "outlets"),
            ("1 Rep", "repeated"),
        ):
            await pilot.click("#views", offset=(words.index(title) + 3, 0))
            await settle(pilot)
            assert screen_of(app).view == view and rows_of(app)
        await pilot.click(RowList, offset=(6, 1))
        await settle(pilot)
        assert type(app.screen) is CompareScreen


async def test_pairs_of_articles_are_opened_with_their_words_lit(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot, "6")
        assert rows_of(app)
        await press(pilot, "enter")
        assert at_reader(app)
        first = opened(app)
        lit = reader(app).lighting.lit
        assert lit is not None and len(lit.order) == 2 and lit.spans(first)
        assert under_cursor(app, 1)


async def test_of_a_pair_both_titles_are_seen_where_it_is_narrow(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(60, 24)) as pilot:
        await start(pilot, "6")
        rows = app.screen.query_one(RowList)
        one, two, about = [rows.render_line(y).text.strip() for y in range(3)]
        assert one.startswith("Is CHINA") and two.startswith("In a major") and "57 words" in about
        assert all(line.endswith("…") and not line.endswith("……") for line in (one, two))


async def test_who_is_not_named_is_told(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, "slash")
        await write(pilot, "said:nobodyatall")
        assert "nobody called" in str(screen_of(app).query_one("#told", Static).render())
        await press(pilot, "escape", "escape", "escape")
        assert at_reader(app)


async def test_views_go_round(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await start(pilot)
        seen = []
        for _ in range(6):
            seen.append(screen_of(app).view)
            await press(pilot, "tab")
        assert seen == ["repeated", "all", "speakers", "outlets", "months", "alike"]
        assert screen_of(app).view == "repeated"


def test_the_first_is_told_where_it_is_certain(library: Library) -> None:
    """Of an article without a date, or of the same day as another, nobody knows whether it was the first."""
    rows = Rows(library, Themes().get("ink"), lambda article: article)
    found = library.matches.repeated().rows[0]
    dated = replace(found, certain=True, first=replace(found.first, outlet="Daily", date="2022-03-04"))
    undated = replace(found, certain=False, first=replace(found.first, outlet="Daily", date=None))
    assert "first Daily 2022-03-04" in str(rows._repetition(dated)[1])
    told = str(rows._repetition(undated)[1])
    assert "first" not in told and "in Daily" in told

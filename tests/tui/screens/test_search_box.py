"""Searching as a reader does it: what is offered, facets, orders, copies, kept searches."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import opened, press, reader, settle, until, write
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static

from warreader.index.api import SearchResult
from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.prompt import Prompt
from warreader.tui.screens.saved_searches import SavedSearches
from warreader.tui.widgets.article_lists import ResultList
from warreader.tui.widgets.lists import Rows

WIDE = (160, 45)


async def typed(pilot: Pilot[None], query: str) -> None:
    await press(pilot, "slash")
    await write(pilot, query)


def understood(app: WarreaderApp) -> str:
    return str(reader(app).articles.query_one("#understood", Static).render())


async def test_what_is_offered_is_taken_by_tab_or_right(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await typed(pilot, "outl")
        box = reader(app).articles.box
        await press(pilot, "tab")
        assert box.value == "outlet:" and app.focused is box
        box.value = "zelens"
        box.cursor_position = 6
        await settle(pilot)
        await press(pilot, "right")
        assert box.value == 'person:"Volodymyr Zelensky" '
        # In the middle of the text the key only moves.
        await press(pilot, "home", "right")
        assert box.cursor_position == 1 and box.value == 'person:"Volodymyr Zelensky" '
        # With nothing offered, tab goes on as everywhere.
        await press(pilot, "tab")
        assert reader(app).active == "text"


async def test_values_are_chosen_from_a_list(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await typed(pilot, "is:")
        await press(pilot, "down", "down", "enter")
        assert reader(app).articles.box.value == "is:starred "
        await press(pilot, "escape")
        await typed(pilot, "putin")
        # Of words there is no list: down goes into the results.
        await press(pilot, "down")
        assert app.focused is reader(app).articles.rows


async def test_what_is_pasted_is_one_line_without_control_characters(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await typed(pilot, "putin")
        box = reader(app).articles.box
        app.post_message(events.Paste(" \x1b[31mchina\n\tand\r\nthe rest "))
        await settle(pilot)
        assert box.value.startswith("putin") and box.value.endswith("[31mchina and the rest")
        assert not set(box.value) & set("\x1b\n\r\t")
        app.post_message(events.Paste("ukraine war " * 5_000))
        await settle(pilot)
        assert len(box.value) < 5_000
        box.select_all()
        app.post_message(events.Paste("clarke"))
        await settle(pilot)
        assert box.value == "clarke" and "2 articles" in understood(app)


async def test_ordinary_typing_is_never_taken(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        text = 'person:zel -date:2022 "a b" OUWDRY6-+'
        await pilot.press("slash")
        await write(pilot, text)
        assert reader(app).articles.box.value == text


async def test_a_word_is_whole_once_enter_was_pressed(make_app: MakeApp, library: Library) -> None:
    """Until then it may be the beginning of one, and what was understood says so."""
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await typed(pilot, "war")
        begun = set(pane.order)
        assert "war*" in understood(app) and pane.lit is not None and pane.lit.title == "war*"
        await press(pilot, "enter")
        whole = {hit.id for hit in library.search.search("war").hits}
        assert pane.box.value == "war " and set(pane.order) == whole and whole <= begun
        assert understood(app).endswith("war") and pane.lit.title == "war"
        lit = reader(app).lighting
        assert reader(app).active == "text" and lit.describe().startswith("lit: war 1/")
        assert library.search.searches.recent() == ["war"]
        spans = library.search.spans("war", opened(app))
        assert spans and lit.lit is not None and lit.lit.spans(opened(app)) == spans
        # A space more is typed by nobody: another word follows.
        await press(pilot, "slash", "end")
        await write(pilot, "crim")
        assert pane.box.value == "war crim" and "war AND crim*" in understood(app)


async def test_enter_before_the_answer_opens_what_the_whole_word_finds(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to what was typed may come after enter, and before it is known what its last word is."""
    search, asked, answered = library.search, threading.Event(), threading.Event()
    settled, found = search.settled, search.search

    def late(query: str, chosen: str | None = None) -> str:
        asked.set()
        assert answered.wait(30)
        return settled(query, chosen)

    def slow(query: str, *rest: Any, **named: Any) -> SearchResult:
        if query == "war":
            assert asked.wait(30)
        return found(query, *rest, **named)

    monkeypatch.setattr(search, "settled", late)
    monkeypatch.setattr(search, "search", slow)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await pilot.press("slash", "w", "a", "r", "enter")
        await until(pilot, lambda: pane.lit is not None and pane.lit.title == "war*")
        await pilot.pause()
        answered.set()
        await settle(pilot)
        assert pane.box.value == "war " and understood(app).endswith("war")
        assert pane.lit is not None and pane.lit.title == "war"
        assert reader(app).active == "text" and reader(app).lighting.describe().startswith("lit: war 1/")


async def test_the_beginning_of_a_word_that_is_none_stays_one(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await typed(pilot, "zelens")
        found = list(pane.order)
        await press(pilot, "enter")
        assert found and pane.box.value == "zelens* " and set(pane.order) == set(found)
        assert opened(app) == found[0] and library.search.searches.recent() == ["zelens*"]


async def test_what_is_opened_from_the_list_is_what_was_chosen(make_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "art.txt").write_text("Of museums\n\nThe art of the steppe is shown.\n", "utf-8")
    (tmp_path / "guns.txt").write_text("Of guns\n\nArtillery fell silent.\n", "utf-8")
    with Library(tmp_path / "own") as own:
        own.add([tmp_path / "art.txt", tmp_path / "guns.txt"])
        guns = next(one.id for one in own.articles.summaries() if one.title == "Of guns")
        app = make_app(opened=own)
        async with app.run_test(size=WIDE) as pilot:
            await settle(pilot)
            pane = reader(app).articles
            await typed(pilot, "art")
            assert len(pane.order) == 2
            await press(pilot, "down")
            assert pane.rows.highlight(guns)
            await press(pilot, "enter")
            # It has only the beginning: that was meant.
            assert opened(app) == guns and pane.box.value == "art* "
            assert reader(app).lighting.describe().startswith("lit: art* 1/1")
            await press(pilot, "escape", "escape")
            await typed(pilot, "art")
            await press(pilot, "enter")
            assert opened(app) != guns and pane.box.value == "art " and len(pane.order) == 1


async def test_a_slip_is_seen_and_set_right(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await typed(pilot, "zelenksy")
        assert "did you mean zelensky?" in understood(app)
        await press(pilot, "tab")
        assert reader(app).articles.box.value == "zelensky "
        assert reader(app).articles.order
        await press(pilot, "escape")
        await typed(pilot, "putinn")
        await press(pilot, "down", "Y")
        assert reader(app).articles.box.value == "putin "


async def test_the_frame_counts_what_is_listed(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        assert str(pane.border_subtitle) == "5"
        await typed(pilot, "clarke")
        assert str(pane.border_subtitle) == "2 of 5"
        await press(pilot, "escape", "escape")
        assert str(pane.border_subtitle) == "5"


async def test_where_a_query_goes_wrong_is_marked(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await typed(pilot, "putin is:odd")
        box = reader(app).articles.box
        assert box._query_highlighter.problem_at == 6
        assert "means nothing here" in understood(app)
        styles = [span for span in box._value.spans if "underline" in str(span.style)]
        assert [(span.start, span.end) for span in styles] == [(6, 12)]
        await press(pilot, "escape")
        assert box._query_highlighter.problem_at is None


async def test_facets_narrow_and_leave_out(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await typed(pilot, "puti")
        assert pane.facets.display and pane.facets.row_count
        total = len(pane.order)
        await press(pilot, "down", "6")
        assert app.focused is pane.facets
        row, count = next(
            (row, value.articles)
            for row, value in pane.facets._values.items()
            if row.startswith("person ") and value.articles < total
        )
        person = pane.facets._values[row].clause
        pane.facets.highlight(row)
        await press(pilot, "minus")
        # What was still being typed is narrowed as the beginning of a word that it was.
        assert pane.box.value == f"puti* -{person} "
        assert len(pane.order) == total - count
        pane.facets.highlight(next(row for row in pane.facets._ids if row.startswith("place ")))
        clause = (pane.facets.highlighted_id or "").partition(" ")[2]
        await press(pilot, "enter")
        assert pane.box.value == f"puti* -{person} {clause} "
        await press(pilot, "enter")
        assert pane.box.value == f"puti* -{person} "
        await press(pilot, "6")
        assert not pane.facets.display and app.focused is pane.rows
        await press(pilot, "6")
        assert app.focused is pane.facets


async def test_more_values_of_a_facet(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await typed(pilot, "putin")
        await press(pilot, "down", "6")
        before = pane.facets.row_count
        assert pane.facets.highlight("person more")
        await press(pilot, "enter")
        assert pane.facets.row_count > before and "person more" not in pane.facets._ids


async def test_facets_of_another_query_begin_with_its_first(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await typed(pilot, "russi")
        facets = reader(app).articles.facets
        await press(pilot, "down", "6", "end")
        assert facets.highlighted == facets.row_count - 1 > 5
        await press(pilot, "slash")
        reader(app).articles.box.value = "russia"
        await settle(pilot)
        assert facets.row_count and facets.highlighted == 0 and facets.scroll_offset.y == 0


async def test_facets_where_it_is_small(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await typed(pilot, "putin")
        assert not pane.facets.display
        await press(pilot, "down", "6")
        assert app.focused is pane.facets and pane.facets.row_count and pane.facets.size.height >= 4
        await press(pilot, "escape")
        assert app.focused is pane.rows and pane.box.value
        await press(pilot, "escape")
        assert pane.box.value == "" and not pane.facets.display


async def test_results_that_came_while_they_were_out_of_sight_have_their_snippets(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await typed(pilot, "putin")
        await press(pilot, "enter")
        place = reader(app).lighting.describe()
        assert place.startswith("lit: putin ") and "–" not in place and not pane.rows.region
        await press(pilot, "1")
        results = pane.query_one(ResultList)
        await until(pilot, lambda: bool(results.snippets) and not results.bare())
        # The facets are counted; what is lit stays.
        await press(pilot, "6")
        await until(pilot, lambda: pane.facets.row_count > 0)
        assert reader(app).lighting.describe() == place


async def test_orders_go_round_and_are_kept(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await typed(pilot, "putin")
        await press(pilot, "down")
        best = list(pane.order)
        await press(pilot, "O")
        assert "newest first" in understood(app)
        dates = [reader(app).listing.summaries[one].date or "" for one in pane.order]
        assert dates == sorted(dates, reverse=True) and sorted(pane.order) == sorted(best)
        await press(pilot, "O", "O", "O")
        assert "by title" in understood(app)
    assert library.setting("search.order") == "title"
    again = make_app()
    async with again.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await typed(pilot, "putin")
        assert "by title" in understood(again)
        await press(pilot, "down", "O")
        assert list(reader(again).articles.order) == best


async def test_copies_are_folded_on_demand(make_app: MakeApp, tmp_path: Path) -> None:
    body = "\n\n".join(
        f"Paragraph {n} of the agency's report on shelling near the river town." for n in range(9)
    )
    for outlet in ("one", "two", "three"):
        (tmp_path / f"{outlet}.md").write_text(
            f"---\ntitle: Shelling\noutlet: Outlet {outlet}\ndate: 2022-03-0{len(outlet)}\n---\n{body}\n",
            "utf-8",
        )
    (tmp_path / "other.md").write_text("---\ntitle: Other\n---\nShelling was heard elsewhere.\n", "utf-8")
    with Library(tmp_path / "own") as library:
        library.add([tmp_path])
        app = make_app(opened=library)
        async with app.run_test(size=WIDE) as pilot:
            await settle(pilot)
            pane = reader(app).articles
            await typed(pilot, "shelling")
            assert len(pane.order) == 4
            await press(pilot, "down", "U")
            assert len(pane.order) == 2 and "copies folded" in understood(app)
            assert "+2 copies" in [pane.query_one(ResultList).listed.folded.told(one) for one in pane.order]
            await press(pilot, "U")
            assert len(pane.order) == 4


async def test_results_show_what_was_read_and_starred(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await typed(pilot, "putin")
        await press(pilot, "down")
        results = pane.query_one(ResultList)
        before = results.render_line(0).text.strip()
        await press(pilot, "asterisk", "r")
        after = results.render_line(0).text.strip()
        assert after != before and after.startswith("★ ") and ("●" in after) != ("●" in before)
        # The results are what is read through.
        await press(pilot, "enter")
        for article in pane.order[1:]:
            await press(pilot, "J")
            page = reader(app).page
            assert page is not None and page.article.id == article


def lists_searches(app: WarreaderApp) -> bool:
    """Whether the saved searches are on the screen, one of them highlighted."""
    return isinstance(app.screen, SavedSearches) and app.screen.query_one(Rows).highlighted_id is not None


def asks_a_name(app: WarreaderApp) -> bool:
    """Whether a name can be typed."""
    return isinstance(app.screen, Prompt) and isinstance(app.focused, Input)


def offered(app: WarreaderApp) -> str:
    """What the list of searches says can be done."""
    return str(app.screen.query_one(".hint", Static).content)


async def test_where_no_search_is_kept_nothing_is_offered_to_be_done_with_it(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "R")
        assert isinstance(app.screen, SavedSearches) and offered(app) == "esc closes"
        await press(pilot, "escape")
        await typed(pilot, "putin")
        await press(pilot, "enter")
        await press(pilot, "R")
        assert offered(app) == "enter searches · x forgets it · esc closes"
        await press(pilot, "x")
        assert offered(app) == "esc closes"


async def test_a_search_is_kept_with_what_is_new(make_app: MakeApp, library: Library, tmp_path: Path) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await typed(pilot, "putin")
        total = len(pane.order)
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, Prompt)
        app.screen.query_one(Input).value = "The president"
        await press(pilot, "enter")
        (tmp_path / "new.txt").write_text("Putin spoke again.\n\nIt was short.\n", "utf-8")
        library.add([tmp_path / "new.txt"])
        reader(app).listing.refresh()
        await settle(pilot)
        await press(pilot, "escape", "slash")
        # In the empty box it is offered, with its counts.
        await until(pilot, lambda: f"{total + 1} +1 new" in str(pane.search_box.offers.render()))
        assert "★ The president" in str(pane.search_box.offers.render())
        await press(pilot, "escape", "R")
        await until(pilot, lambda: lists_searches(app))
        await press(pilot, "enter")
        await until(pilot, lambda: pane.box.value == "putin " and len(pane.order) == total + 1)
        await until(pilot, lambda: app.focused is pane.rows)
        assert [one.new for one in library.search.searches.standing()] == [0]
        await press(pilot, "R")
        await until(pilot, lambda: lists_searches(app))
        await press(pilot, "e")
        await until(pilot, lambda: asks_a_name(app))
        app.screen.query_one(Input).value = "Him"
        await press(pilot, "enter")
        await until(pilot, lambda: [one.name for one in library.search.searches.saved()] == ["Him"])
        await until(pilot, lambda: lists_searches(app))
        await press(pilot, "x")
        await until(pilot, lambda: library.search.searches.saved() == [])


async def test_of_a_search_that_is_kept_what_is_new_is_listed_alone(
    make_app: MakeApp, library: Library, tmp_path: Path
) -> None:
    # What the library holds came a day before what comes now.
    with library._database.transaction() as connection:
        connection.execute("UPDATE article SET added = datetime(added, '-1 day') || '+00:00'")
    library.search.searches.save("putin")
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        await press(pilot, "R")
        await until(pilot, lambda: lists_searches(app))
        assert offered(app) == "enter searches · x deletes · e renames · esc closes"
        await press(pilot, "n")
        assert lists_searches(app) and offered(app).startswith("nothing is new")
        await press(pilot, "escape")
        (tmp_path / "new.txt").write_text("Putin spoke again.\n\nIt was short.\n", "utf-8")
        library.add([tmp_path / "new.txt"])
        await press(pilot, "R")
        await until(pilot, lambda: lists_searches(app))
        assert "n only what is new" in offered(app)
        await press(pilot, "n")
        await until(pilot, lambda: len(pane.order) == 1 and "putin" in pane.box.value)
        assert pane.box.value.startswith("added:") and list(pane.order) == ["new"]
        await until(pilot, lambda: [one.new for one in library.search.searches.standing()] == [0])


async def test_queries_are_remembered_when_a_result_is_opened(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await typed(pilot, "shoigu")
        await press(pilot, "escape")
        assert library.search.searches.recent() == []
        await typed(pilot, "clarke")
        await press(pilot, "enter", "1", "escape")
        assert library.search.searches.recent() == ["clarke"]
        reader(app).searching.refresh()
        await settle(pilot)
        await press(pilot, "slash", "down", "enter")
        assert reader(app).articles.box.value == "clarke "
        assert set(reader(app).articles.order) == {SEEDS["000"], SEEDS["001"]}


async def test_a_result_is_opened_where_most_of_what_was_sought_stands(
    make_app: MakeApp, tmp_path: Path
) -> None:
    filler = "Nothing of note was heard on the quay for days, as all who live there tell.\n\n" * 6
    first = f"Ferry crimes\n\nThe ferry came late.\n\n{filler}"
    second = "No war was named. The ferry was hit, and a court will hear of war crimes soon.\n\n"
    (tmp_path / "a.txt").write_text(f"{first}{second}{filler}The ferry left.\n", "utf-8")
    (tmp_path / "b.txt").write_text(f"War crimes\n\nOf a ferry and of war crimes.\n\n{filler}", "utf-8")
    with Library(tmp_path / "own") as library:
        library.add([tmp_path / "a.txt", tmp_path / "b.txt"])
        app = make_app(opened=library)
        async with app.run_test(size=WIDE) as pilot:
            await settle(pilot)
            await typed(pilot, '"war crimes" ferry ')
            pane = reader(app).articles
            place = next(at for at, one in enumerate(pane.order) if len(library.articles.get(one).text) > 900)
            await press(pilot, "down", *["j"] * place, "enter")
            text = library.articles.get(opened(app)).text
            assert reader(app).view.cursor == text.index("war crimes")
            assert reader(app).lighting.describe().startswith('lit: "war crimes" ferry 4/5')
            await press(pilot, "N")
            assert reader(app).view.cursor == text.index("ferry was hit")
            await press(pilot, "n", "n")
            assert reader(app).view.cursor == text.index("ferry left")
            # From result to result it is the same, on the way through all places it is not.
            await press(pilot, "K" if place else "J")
            other = library.articles.get(opened(app)).text
            assert reader(app).view.cursor == other.index("war crimes")
            await press(pilot, "J" if place else "K")
            assert reader(app).view.cursor == text.index("war crimes")


async def test_which_word_is_to_blame_that_nothing_is_found_is_told(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "putin xylophone ")
        assert understood(app).startswith("0 articles · none has “xylophone”")


async def test_what_was_understood_takes_the_lines_it_needs(make_app: MakeApp) -> None:
    """Two in a narrow column, one where the window is then alone with the list."""
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "chinese prisoners ukraine forces")
        understood = app.reader.query_one("#understood")
        assert understood.size.height > 1
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert understood.size.height == 1


async def test_of_a_query_that_does_not_fit_what_matters_is_shown(make_app: MakeApp) -> None:
    """While it is typed, where one types; else its beginning, and that it goes on."""
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        pane = app.reader.articles

        def shown() -> str:
            return pane.box.render_line(0).text

        await pilot.press("slash")
        pane.run("ukraine war " + "outlet:somebody " * 4, to_list=True)
        await pilot.pause()
        assert shown().startswith("ukraine war ") and shown().endswith("…")
        await pilot.press("slash")
        await pilot.pause()
        assert pane.box.has_focus and pane.box.cursor_at_end
        assert shown().startswith("…") and shown().rstrip().endswith("outlet:somebody")
        await pilot.press("home")
        await pilot.pause()
        assert shown().startswith("ukraine war ") and shown().endswith("…")

"""The list of names: its scopes, its filter, its forms; and the card of a name."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import WIDE, opened, press, reader, settle, under_cursor, write
from textual.pilot import Pilot
from textual.widgets import Static

from warreader.index.api import folded_fits
from warreader.index.article import Entity, Label
from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.choosing import EntityPicker, Sayings
from warreader.tui.screens.entity_card import EntityCard, sparkline
from warreader.tui.screens.prompt import Prompt
from warreader.tui.widgets import entity_pane
from warreader.tui.widgets.entity_pane import EntityPane, EntityScope
from warreader.tui.widgets.entity_rows import FormRow, Heading


async def at_names(pilot: Pilot[None], app: WarreaderApp, seed: str = "002") -> EntityPane:
    await settle(pilot)
    reader(app).travel.open(SEEDS[seed])
    await settle(pilot)
    await press(pilot, "3")
    return reader(app).entities


async def go_to(pilot: Pilot[None], pane: EntityPane, name: str) -> None:
    await press(pilot, "g", "g")
    for _ in range(pane.rows.row_count):
        if pane.entity is not None and name in pane.entity.name:
            return
        await pilot.press("j")
    raise AssertionError(f"{name} is not listed")


def scope(pane: EntityPane) -> EntityScope:
    return pane.scope


def listed(pane: EntityPane) -> list[str]:
    rows = [pane._shown.at(place) for place in range(pane.rows.row_count)]
    return [
        getattr(row, "name", "") or getattr(row, "form", "") or f"[{getattr(row, 'label', '')}]"
        for row in rows
    ]


async def test_one_key_goes_from_article_to_library_and_counts_follow(
    make_app: MakeApp, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        pane = await at_names(pilot, app)
        here = listed(pane)
        assert scope(pane) is EntityScope.ARTICLE
        await press(pilot, "w")
        assert scope(pane) is EntityScope.LIBRARY
        assert len(listed(pane)) > len(here)
        people = [entity for entity in library.entities.entities() if entity.label is Label.PERSON]
        assert pane._shown.roll.counts[Label.PERSON] == len(people)
        await go_to(pilot, pane, "Putin")
        assert pane.entity is not None
        assert pane.entity.articles == 5
        await press(pilot, "w")
        assert scope(pane) is EntityScope.ARTICLE


async def test_the_results_of_a_search_are_a_scope(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        pane = await at_names(pilot, app)
        await press(pilot, "slash")
        await write(pilot, "clarke")
        await press(pilot, "enter", "3", "w")
        assert scope(pane) is EntityScope.RESULTS
        await go_to(pilot, pane, "Clarke")
        assert pane.entity is not None
        assert pane.entity.articles == 2
        reader(app).articles.clear()
        await settle(pilot)
        assert scope(pane) is EntityScope.LIBRARY


async def test_the_filter_looks_at_all_names(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        pane = await at_names(pilot, app)
        await press(pilot, "w", "o")
        await write(pilot, "zel")
        assert listed(pane) == ["[PERSON]", "Volodymyr Zelensky"]
        await press(pilot, "enter", "g", "g", "j", "l")
        assert isinstance(pane._shown.at(2), FormRow)
        await press(pilot, "escape")
        assert not pane.typed
        assert len(listed(pane)) > 20
        await press(pilot, "o")
        await write(pilot, "qqq")
        assert listed(pane) == []
        assert "qqq" in str(pane.query_one("#entity-none", Static).render())
        assert "in the library" in str(pane.query_one("#entity-none", Static).render())
        # What is typed next is another filter, not more of this one.
        await press(pilot, "enter", "o")
        await write(pilot, "zel")
        assert pane.box.value == "zel" and "Volodymyr Zelensky" in listed(pane)


async def test_where_an_article_has_no_such_name_it_is_said_where_else_to_look(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        pane = await at_names(pilot, app, "000")
        await press(pilot, "o")
        await write(pilot, "vilkul")
        told = str(pane.query_one("#entity-none", Static).render())
        assert "in this article; enter, then w looks further" in told
        await press(pilot, "enter", "w")
        assert listed(pane) == ["[PERSON]", "Oleksandr Vilkul"]


async def test_of_names_to_join_the_one_written_most_like_it_comes_first(
    make_app: MakeApp, library: Library, tmp_path: Path
) -> None:
    more = tmp_path / "more.txt"
    more.write_text(
        "Units\n\nThe 99th Brigade held. The 99th Brigade stood. The Grey Herons Brigade came and the Grey Heron"
        " Brigade left, the 98th Brigade and the 97th Brigade too. The 98th Brigade fought on.\n",
        "utf-8",
    )
    added = library.add([more]).added
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        reader(app).travel.open(added[0])
        await settle(pilot)
        await press(pilot, "3")
        await go_to(pilot, reader(app).entities, "Grey Herons")
        await press(pilot, "d", "m")
        assert isinstance(app.screen, EntityPicker)
        await press(pilot, "enter")
        named = {mention.text: mention.entity for mention in library.entities.mentions(added[0])}
        assert named["Grey Herons Brigade"] == named["Grey Heron Brigade"]


async def test_of_an_article_that_names_thousands_the_list_comes_from_a_thread(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: set[bool] = set()

    def fits(names: Sequence[str], typed: str) -> bool:
        where.add(threading.current_thread() is threading.main_thread())
        return folded_fits(names, typed)

    monkeypatch.setattr(entity_pane, "folded_fits", fits)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        pane = await at_names(pilot, app)
        page = reader(app).page
        assert page is not None
        made = [
            Entity(f"e{one}", f"Village {one}", Label.GPE, (f"Hamlet {one}",), 1, 1) for one in range(2500)
        ]
        where.clear()
        pane.show(replace(page, entities=made))
        await settle(pilot)
        assert pane.rows.row_count == 2501 and where == {False}
        await press(pilot, "o")
        await write(pilot, "hamlet 1234")
        assert listed(pane) == ["[GPE]", "Village 1234"] and where == {False}
        # One that names a few has them at once, whatever is still being listed.
        pane.box.value = ""
        pane.show(page)
        assert "Vladimir Putin" in listed(pane)
        await settle(pilot)
        assert "Vladimir Putin" in listed(pane) and not pane.pending


async def test_forms_open_and_close_and_kinds_too(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        pane = await at_names(pilot, app)
        await press(pilot, "w")
        await go_to(pilot, pane, "Putin")
        before = listed(pane)
        place = pane.rows.highlighted
        await press(pilot, "l")
        forms = {row.form: row.mentions for row in map(pane._shown.at, range(99)) if isinstance(row, FormRow)}
        assert {"Putin", "Vladimir Putin"} <= set(forms)
        assert pane.entity is not None
        assert sum(forms.values()) == pane.entity.mentions
        await press(pilot, "j")
        assert pane.form in forms
        await press(pilot, "h")
        assert listed(pane) == before
        assert pane.rows.highlighted == place
        await press(pilot, "h")
        assert isinstance(pane.current, Heading)
        await press(pilot, "h")
        assert pane.rows.row_count < len(before)
        await press(pilot, "enter")
        assert listed(pane) == before


async def test_the_card_shows_reasons_and_leads_to_the_articles(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        pane = await at_names(pilot, app)
        await go_to(pilot, pane, "Putin")
        await press(pilot, "d")
        card = app.screen
        assert isinstance(card, EntityCard)
        assert "5 articles" in str(card.query_one("#counts", Static).render())
        assert {join.form for join in card._joins} >= {"Putin", "Vladimir Putin"}
        assert all(join.reason for join in card._joins)
        await pilot.press("a")
        await pilot.pause(0.12)
        await settle(pilot)
        assert reader(app).articles.box.value == 'person:"Vladimir Putin" '
        assert set(reader(app).articles.order) == set(SEEDS.values())


async def test_with_another_picks_a_companion(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        pane = await at_names(pilot, app)
        await go_to(pilot, pane, "Putin")
        await press(pilot, "d", "w")
        assert isinstance(app.screen, EntityPicker)
        await write(pilot, "clarke")
        await pilot.press("enter")
        await pilot.pause(0.12)
        await settle(pilot)
        assert reader(app).articles.box.value == 'person:"Vladimir Putin" person:"Michael Clarke" '
        assert len(reader(app).articles.order) == 2


async def test_what_it_says_is_listed_and_opened(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        pane = await at_names(pilot, app, "000")
        await go_to(pilot, pane, "Clarke")
        await press(pilot, "d", "s")
        sayings = app.screen
        assert isinstance(sayings, Sayings)
        wanted = sayings._found[0]
        await press(pilot, "enter")
        assert opened(app) == wanted.article
        assert reader(app).view.cursor == wanted.span.start


async def test_two_keys_join_two_and_u_takes_it_back(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        pane = await at_names(pilot, app, "000")
        await go_to(pilot, pane, "Clarke")
        clarke = pane.entity
        assert clarke is not None
        await press(pilot, "d", "m")
        assert isinstance(app.screen, EntityPicker)
        await write(pilot, "putin")
        await press(pilot, "enter")
        assert library.entities.get(clarke.id) is None
        assert {m.entity for m in library.entities.mentions(SEEDS["000"]) if "Clarke" in m.text} == {
            "person:vladimir_putin"
        }
        assert not any("Clarke" in name for name in listed(pane))
        await press(pilot, "u")
        back = library.entities.get(clarke.id)
        assert back is not None
        assert back.mentions == sum(
            row.mentions for row in [library.entities.get(clarke.id)] if row is not None
        )
        assert any("Clarke" in name for name in listed(pane))


async def test_a_kind_is_set_and_a_name_given_from_the_text(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_names(pilot, app, "000")
        mention = next(m for m in library.entities.mentions(SEEDS["000"]) if m.text == "Michael Clarke")
        reader(app).focus_pane("text")
        reader(app).view.go(mention.start)
        await press(pilot, "d", "t", "3")
        entity = library.entities.get(mention.entity)
        assert entity is not None
        assert entity.label is Label.ORG
        await press(pilot, "u")
        entity = library.entities.get(mention.entity)
        assert entity is not None
        assert entity.label is Label.PERSON
        reader(app).view.go(mention.start)
        await press(pilot, "d", "r")
        assert isinstance(app.screen, Prompt)
        await press(pilot, "ctrl+u")
        await write(pilot, "M. Clarke")
        await press(pilot, "enter")
        entity = library.entities.get(mention.entity)
        assert entity is not None
        assert "M. Clarke" in entity.name


async def test_what_is_no_name_here_stays_one_elsewhere(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_names(pilot, app, "000")
        mention = next(m for m in library.entities.mentions(SEEDS["000"]) if m.text == "Putin")
        elsewhere = len(library.entities.mentions(SEEDS["001"]))
        reader(app).focus_pane("text")
        reader(app).view.go(mention.start)
        assert under_cursor(app, 5) == "Putin"
        await press(pilot, "d", "h", "x")
        assert not any(m.text == "Putin" for m in library.entities.mentions(SEEDS["000"]))
        assert len(library.entities.mentions(SEEDS["001"])) == elsewhere
        await press(pilot, "u")
        assert any(m.text == "Putin" for m in library.entities.mentions(SEEDS["000"]))


async def test_where_no_name_is_that_is_said(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_names(pilot, app, "000")
        await press(pilot, "g", "g", "d")
        assert not isinstance(app.screen, EntityCard)


def test_a_sparkline_stands_for_real_months() -> None:
    months = [(f"2022-{month:02}", count) for month, count in ((1, 1), (2, 0), (3, 8), (4, 4))]
    assert sparkline(months, 60) == ("▁ █▄", 1)
    assert sparkline(months, 2) == ("▁█", 2)
    assert sparkline([], 60) == ("", 0)
    long = [(f"{1990 + at // 12}-{at % 12 + 1:02}", 1) for at in range(400)]
    line, each = sparkline(long, 60)
    assert len(line) <= 60
    assert each == 7


async def test_a_long_filter_shows_its_end(make_app: MakeApp) -> None:
    """The box scrolls with what is typed, though a letter lays nothing out."""
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause()
        await pilot.press("3", "o", *"abcdefghij" * 6)
        await pilot.pause()
        box = app.reader.entities.box
        assert box.scroll_offset.x == len(box.value) + 1 - box.content_size.width
        await pilot.press("home")
        await pilot.pause()
        assert box.scroll_offset.x == 0

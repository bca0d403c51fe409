"""Keys sent all at once do what they do one by one."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_annotating import at, made, said
from tests.tui.screens.test_story import opened, settle
from warreader.index.errors import NotFoundError
from warreader.index.library import Library
from warreader.tui import in_order, page
from warreader.tui.app import WarreaderApp
from warreader.tui.screens import travel
from warreader.tui.screens.annotate_dialog import AnnotateDialog
from warreader.tui.screens.asking import Subject
from warreader.tui.screens.everywhere import EverywhereScreen
from warreader.tui.screens.help import HelpScreen
from warreader.tui.screens.saved_searches import SavedSearches
from warreader.tui.screens.searching import Searching
from warreader.tui.screens.theme_picker import ThemePicker

WIDE = (160, 45)


def keys(text: str) -> Iterator[events.Key]:
    """Keys as a terminal sends them; words in <> are names of keys."""
    names = {" ": "space", "]": "right_square_bracket", "/": "slash", "?": "question_mark", ",": "comma"}
    while text:
        if text[0] == "<":
            name, text = text[1:].split(">", 1)
            yield events.Key(name, "\r" if name == "enter" else None)
        else:
            yield events.Key(names.get(text[0], text[0]), text[0])
            text = text[1:]


def send(app: App[Any], text: str) -> None:
    """Have them all come before one of them is obeyed."""
    for key in keys(text):
        app.post_message(key)


async def burst(pilot: Pilot[None], text: str) -> None:
    await settle(pilot)
    send(pilot.app, text)
    await settle(pilot)


async def test_enter_opens_and_what_follows_is_a_command(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await burst(pilot, "/ukraine<enter>nnn")
        assert app.reader.articles.box.value == "ukraine ", "a word that is ended"
        assert app.reader.active == "text"
        assert app.reader.lighting.lit is not None
        places = app.reader.lighting.lit.spans(opened(app))
        assert app.reader.view.cursor in [span.start for span in places]
        fast = (opened(app), app.reader.view.cursor)
        one_by_one = make_app()
    async with one_by_one.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for part in ("/", "ukraine", "<enter>", "n", "n", "n"):
            await burst(pilot, part)
        assert (opened(one_by_one), one_by_one.reader.view.cursor) == fast


async def test_of_a_tag_typed_ahead_only_the_tag_is_stored(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        await burst(pilot, "safasttag<enter>")
        assert [one.tags for one in made(library)] == [("fasttag",)]
        # On the annotation made: to the next there is none, deleted, and back again.
        await burst(pilot, "]xu")
        assert [one.tags for one in made(library)] == [("fasttag",)]
        await burst(pilot, "u")
        assert made(library) == []
        await burst(pilot, "safasttag<enter>]xuu")
        assert made(library) == []
        assert app.screen is app.reader


async def test_text_typed_before_its_dialogue_is_there_is_no_command(
    make_app: MakeApp, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        await burst(pilot, "saquestions, quiet<tab>muXx q?<ctrl+s>")
        (one,) = made(library)
        assert one.tags == ("questions", "quiet")
        assert one.note == "muXx q?"
        assert app.is_running and app.screen is app.reader


async def test_a_letter_meant_for_a_dialogue_after_three_articles_waits_for_it(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*args: Any) -> page.Page:
        time.sleep(0.15)
        return page.load(*args)

    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.reader.travel.open(SEEDS["000"])
        await settle(pilot)
        monkeypatch.setattr(travel, "load", slowly)
        order = list(app.reader.articles.order)
        await burst(pilot, "JJJsaqmx<enter>")
        (one,) = made(library)
        assert one.article == order[order.index(SEEDS["000"]) + 3]
        assert one.tags == ("qmx",)


async def test_a_digit_that_leaves_the_tag_picker_takes_no_letter_with_it(
    make_app: MakeApp, library: Library
) -> None:
    text = library.articles.text(SEEDS["001"]) or ""
    library.annotations.add(SEEDS["001"], text, 0, 5, tags=["one"])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        await burst(pilot, "t1sm")
        assert made(library)[-1].tags == ("one",)
        assert made(library)[-1].exact.startswith("The scene was")


async def test_dialogues_opened_and_left_in_one_go(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        theme = app.theme
        await burst(pilot, "?jj<escape>Tj<escape>4")
        assert app.theme == theme
        assert app.screen is app.reader and app.reader.active == "quotations"
        await burst(pilot, "?")
        assert isinstance(app.screen, HelpScreen)
        await burst(pilot, "qTj<enter>3")
        assert app.screen is app.reader and app.reader.active == "entities"
        assert app.theme != theme


async def test_a_dialogue_that_a_thread_opens_is_waited_for(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await burst(pilot, "R<escape>gq2<escape>gq/putin<escape>")
        assert isinstance(app.screen, EverywhereScreen)
        assert app.screen.query_one(Input).value == "putin"
        assert app.screen.view == "all"


async def test_the_palette_takes_what_is_typed_ahead(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await burst(pilot, "<ctrl+p>choose a theme<enter>j<escape>")
        assert app.screen is app.reader


async def test_a_command_that_opens_nothing_holds_nothing(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        began = time.monotonic()
        await burst(pilot, "a45")
        assert app.reader.active == "notes"
        # Nothing selected: nothing to wait for, so no patience was needed.
        assert time.monotonic() - began < in_order.PATIENCE


async def test_what_is_typed_for_something_that_takes_long_is_never_a_command(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long: escape gives it up, and with it what was typed for it; then it does not open by itself either."""
    monkeypatch.setattr(in_order, "PATIENCE", 0.1)
    monkeypatch.setattr(in_order, "_LATE", 0.2)
    ready = threading.Event()
    fetch = Searching._fetch_all

    def slowly(searching: Searching) -> None:
        ready.wait(30)
        fetch(searching)

    monkeypatch.setattr(Searching, "_fetch_all", slowly)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        send(app, "Rq5")
        while "2 keys wait" not in said(app):
            await pilot.pause(0.02)
        await pilot.pause(0.5)
        assert app.is_running and app.reader.active == "text"
        send(app, "<escape>4")
        while app.reader.active != "quotations":
            await pilot.pause(0.02)
        ready.set()
        await settle(pilot)
        assert app.screen is app.reader
        # Asked for again, it opens.
        await burst(pilot, "R")
        assert isinstance(app.screen, SavedSearches)


async def test_a_way_out_sent_together_with_what_it_leaves_comes_in_its_turn(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await burst(pilot, "R<escape>gq<escape>5")
        assert app.screen is app.reader and app.reader.active == "notes"


async def test_a_loop_that_stood_still_has_no_key_overtake_what_was_to_come(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time in which nothing could be handled is no time in which nothing came."""
    monkeypatch.setattr(in_order, "PATIENCE", 0.5)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        ask = app.reader.annotating.asking.ask

        def slowly(subject: Subject) -> None:
            time.sleep(0.8)
            ask(subject)

        monkeypatch.setattr(app.reader.annotating.asking, "ask", slowly)
        await burst(pilot, "saqx<enter>")
        assert [one.tags for one in made(library)] == [("qx",)]


async def test_an_error_in_what_was_begun_releases_the_keys(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any) -> page.Page:
        raise NotFoundError("gone")

    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        monkeypatch.setattr(travel, "load", missing)
        await burst(pilot, "J5")
        assert app.reader.active == "notes"


async def test_a_paste_keeps_its_place_among_keys(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        for event in (*keys("sa"), events.Paste("pasted"), *keys("typed<tab>x"), events.Paste("y\nz")):
            app.post_message(event)
        send(app, "w<ctrl+s>]")
        await settle(pilot)
        (one,) = made(library)
        assert one.tags == ("pastedtyped",)
        assert one.note == "xy\nzw"


async def test_keys_pressed_before_the_reader_is_there_are_obeyed_in_order(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        send(app, "/putin<enter>n5")
        await settle(pilot)
        await asyncio.sleep(0)
        assert app.reader.active == "notes"
        assert app.reader.articles.box.value == "putin "


def on(app: WarreaderApp) -> type[Screen[Any]]:
    return type(app.screen)


async def test_what_is_typed_into_a_field_arrives_whole(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        await burst(pilot, "sa<tab>" + "the quick brown fox " * 10)
        assert on(app) is AnnotateDialog
        assert app.screen.query_one(TextArea).text == "the quick brown fox " * 10
        await burst(pilot, "<escape><escape>T")
        assert on(app) is ThemePicker


async def test_what_is_pasted_over_the_text_is_no_command(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        cursor = app.reader.view.cursor
        app.post_message(events.Paste("jjj sm q\nu"))
        await settle(pilot)
        assert app.reader.view.cursor == cursor and made(library) == []
        assert "what is pasted goes into a box" in said(app)


async def test_an_article_that_takes_long_is_told_of_and_given_up(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = threading.Event()

    def slowly(*args: Any) -> page.Page:
        ready.wait(30)
        return page.load(*args)

    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        before = opened(app)
        monkeypatch.setattr(travel, "load", slowly)
        send(app, "J")
        while "opening…" not in said(app):
            await pilot.pause(0.02)
        send(app, "<escape>5")
        while app.reader.active != "notes":
            await pilot.pause(0.02)
        ready.set()
        await settle(pilot)
        assert opened(app) == before
        ready.clear()
        send(app, "2J")
        while "opening…" not in said(app):
            await pilot.pause(0.02)
        ready.set()
        await settle(pilot)
        assert opened(app) != before and "opening…" not in said(app)


async def test_a_letter_meant_for_the_kinds_of_a_line_waits_for_them(
    make_app: MakeApp, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.reader.travel.open(SEEDS["001"])
        await settle(pilot)
        await burst(pilot, "Fc")
        assert app.screen is app.reader
        (one,) = library.corrections.of(SEEDS["001"])
        assert one.value == "caption"


async def test_esc_and_a_letter_that_came_together_are_two_keys_where_no_word_is_moved_by(
    make_app: MakeApp,
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        app.reader.travel.open(SEEDS["001"])
        await settle(pilot)
        view, box = app.reader.view, app.reader.articles.box
        folded = view.folded
        # Selecting is left, and furniture shown.
        await burst(pilot, "2v")
        assert view.selecting
        app.post_message(events.Key("ctrl+right", "\x1bf"))
        send(app, "J")
        await settle(pilot)
        assert not view.selecting and view.folded != folded
        assert opened(app) != SEEDS["001"], "what was typed after it comes after it"
        # Where one types, at the end of what is typed: the box is left.
        await burst(pilot, "/clarke syria")
        app.post_message(events.Key("ctrl+right", "\x1bf"))
        await settle(pilot)
        assert not box.has_focus and view.folded == folded
        # In the midst of it, it moves by a word.
        await burst(pilot, "/clarke syria<home>")
        app.post_message(events.Key("ctrl+right", "\x1bf"))
        await settle(pilot)
        assert box.has_focus and box.cursor_position == len("clarke ") and view.folded == folded

"""Single things the reader screen does."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import opened, press, reader, settle, under_cursor, until, write
from textual.geometry import Offset
from textual.widgets import Static

from warreader.index.library import Library
from warreader.tui.config import Config
from warreader.tui.screens.columns import arrange


@pytest.mark.parametrize(
    ("width", "height", "active", "shown"),
    [
        (160, 45, "text", {"articles", "text", "entities", "quotations", "notes"}),
        (160, 30, "text", {"articles", "text", "entities"}),
        (100, 30, "text", {"articles", "text"}),
        (80, 24, "text", {"text"}),
        (80, 24, "notes", {"notes"}),
    ],
)
def test_columns(width: int, height: int, active: str, shown: set[str]) -> None:
    found = arrange(width, height, active, "entities", "articles", maximised=False)
    assert {pane for pane, visible in found.visible.items() if visible} == shown


async def test_two_columns_give_the_second_to_what_is_used(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        screen = reader(app)
        assert screen.articles.display and screen.view.display and not screen.query_one("#side").display
        await press(pilot, "3")
        assert not screen.articles.display and screen.view.display and screen.entities.display
        await press(pilot, "z")
        assert not screen.view.display and screen.entities.display
        await press(pilot, "z", "1")
        assert screen.articles.display and not screen.entities.display


async def test_tab_goes_through_all_panes(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        seen = [reader(app).active]
        for _ in range(5):
            await press(pilot, "tab")
            seen.append(reader(app).active)
            assert app.focused is not None and app.focused.display
        assert seen == ["text", "entities", "quotations", "notes", "articles", "text"]
        await press(pilot, "shift+tab")
        assert reader(app).active == "articles"


async def test_articles_by_keys_and_back(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        assert opened(app) == SEEDS["000"]
        await press(pilot, "J", "J")
        assert opened(app) == SEEDS["002"]
        await press(pilot, "K")
        assert opened(app) == SEEDS["001"]
        await press(pilot, "H", "H")
        assert opened(app) == SEEDS["001"]
        await press(pilot, "H")
        assert opened(app) == SEEDS["000"]
        await press(pilot, "L")
        assert opened(app) == SEEDS["001"]
        await press(pilot, "1", "G", "enter")
        assert opened(app) == SEEDS["004"]
        assert reader(app).active == "text"


async def test_keys_pressed_fast_are_all_obeyed(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await pilot.press("J", "J", "J")
        await settle(pilot)
        assert opened(app) == SEEDS["003"]
        await pilot.press("slash", *"chronicle", "enter")
        await settle(pilot)
        await settle(pilot)
        assert opened(app) == SEEDS["002"]
        assert under_cursor(app, 9) == "Chronicle"


async def test_two_key_sequence_and_motions(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        view = reader(app).view
        await press(pilot, "G")
        end = view.cursor
        assert end > 6000
        await press(pilot, "g", "g")
        assert view.cursor == 0
        await press(pilot, "j", "j", "w")
        assert 0 < view.cursor < end


async def test_keyboard_and_mouse_select_the_same_way(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        view = reader(app).view
        page = reader(app).page
        assert page is not None
        text = page.article.text
        view.go(text.index("Putin"))
        await press(pilot, "v", "e")
        assert view.selected is not None and view.selected.of(text) == "Putin’s"
        await press(pilot, "o", "h")
        assert view.selected.of(text) == " Putin’s"
        await press(pilot, "escape")
        assert view.selected is None
        # a drag over the first row: the border and the margin take three cells
        assert view.scroll_offset.y == 0
        inside = Offset(3, 1)
        await pilot.mouse_down("#text", offset=inside)
        await pilot.hover("#text", offset=inside + Offset(8, 0))
        await pilot.mouse_up("#text", offset=inside + Offset(8, 0))
        await settle(pilot)
        assert view.selected is not None
        assert text.startswith(view.selected.of(text)) and view.selected.of(text) == text[:9]
        assert app.screen.get_selected_text() == text[:9]


async def test_a_selection_over_wrapped_rows_is_stored_text(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        view, page = reader(app).view, reader(app).page
        assert page is not None
        view.go(page.article.text.index("Zelensky claimed"))
        await press(pilot, "v", "dollar_sign", "y")
        line = (
            "Zelensky claimed that Kyiv found six Chinese nationals fighting in the Donetsk\xa0region"
            " of\xa0Ukraine\xa0and took"
        )
        assert app.clipboard.startswith(line)
        assert "\n— Is CHINA sending troops" in app.clipboard


async def test_furniture_folds_and_unfolds(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        view = reader(app).view
        rows = view.virtual_size.height
        await press(pilot, "f")
        assert view.virtual_size.height > rows
        await press(pilot, "f")
        assert view.virtual_size.height == rows


async def test_layers_can_be_switched(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        view = reader(app).view

        def styles() -> set[str]:
            return {str(segment.style) for y in range(20) for segment in view.render_line(y) if segment.style}

        before = styles()
        await press(pilot, "f3")
        without = styles()
        assert before - without, "names must look different from text without them"
        await press(pilot, "f3")
        assert styles() == before


async def test_star_and_unread_are_kept(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk", "r")
        (summary,) = [s for s in library.articles.summaries() if s.id == SEEDS["000"]]
        assert summary.starred and not summary.read
        await press(pilot, "slash")
        await write(pilot, "is:starred")
        assert reader(app).articles.order == [SEEDS["000"]]


async def test_a_star_does_not_wait_for_another_process_that_writes(
    make_app: MakeApp, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        article_id = opened(app)
        with closing(sqlite3.connect(library.folder / "library.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for key in ("asterisk", "asterisk", "asterisk"):
                await pilot.press(key)
            await pilot.pause()
            assert reader(app).listing.summaries[article_id].starred
            assert not library.articles.listing()[article_id].starred
            other.execute("ROLLBACK")
        await settle(pilot)
        assert library.articles.listing()[article_id].starred


async def test_leaving_does_not_wait_long_for_another_process_that_writes(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warreader.tui.screens.travel._PATIENCE", 0.05)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        with closing(sqlite3.connect(library.folder / "library.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.wait_for(app.action_quit(), 20)
            other.execute("ROLLBACK")
    assert app.return_code == 0


async def test_whether_something_changed_is_not_asked_on_the_event_loop(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking: list[int] = []
    changes = Library.changes

    def noted(self: Library) -> tuple[int, int]:
        asking.append(threading.get_ident())
        return changes(self)

    monkeypatch.setattr(Library, "changes", noted)
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(asking) > 2)
        assert threading.get_ident() not in asking


async def test_a_query_that_cannot_be_read_says_so(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "putin OR")
        understood = reader(app).articles.query_one("#understood")
        assert understood.display and understood.has_class("-problem")
        assert reader(app).articles.order


async def test_keys_of_the_settings_hold(make_app: MakeApp) -> None:
    config = Config(keys={"article.next": ("f7",), "cursor.first": ("comma comma",)})
    app = make_app(config=config)
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "J")
        assert opened(app) == SEEDS["000"]
        await press(pilot, "f7")
        assert opened(app) == SEEDS["001"]
        await press(pilot, "G", "comma", "comma")
        assert reader(app).view.cursor == 0


async def test_a_theme_is_shown_while_choosing_and_kept(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "T", "down")
        preview = app.theme
        assert preview != "ink"
        await press(pilot, "escape")
        assert app.theme == "ink"
        await press(pilot, "T", "down", "enter")
        assert app.theme == preview
        assert reader(app).paint.theme.name == preview


async def test_help_and_palette_know_every_command(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark")
        assert type(app.screen).__name__ == "HelpScreen"
        await press(pilot, "escape")
        titles = {command.title for command in app.get_system_commands(app.reader)}
        assert {"Search", "Annotate", "Compare versions", "Select sentence"} <= titles
        await press(pilot, "ctrl+p")
        await write(pilot, "star")
        await press(pilot, "escape")
        assert under_cursor(app, 2) == "Is"


EVERY_KEY = "j space G g g 1 2 3 enter 4 j enter 5 z z f v w m escape x u n N J K H L c y r asterisk".split()  # noqa: SIM905


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (90, 12), (240, 80)])
async def test_no_size_is_too_small_or_large(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press(*EVERY_KEY)
        await pilot.resize_terminal(100, 30)
        await settle(pilot)
        assert reader(app).page is not None and app.is_running


async def test_an_empty_library_says_how_to_fill_it(make_app: MakeApp, tmp_path: Path) -> None:
    with Library(tmp_path / "empty") as library:
        app = make_app(opened=library)
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            said = str(reader(app).query_one("#said", Static).content)
            assert "warreader add" in said
            await pilot.press(*EVERY_KEY)
            await settle(pilot)
            assert app.is_running


async def test_what_another_process_notes_is_shown(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        with Library(library.folder) as other:
            text = other.articles.text(SEEDS["000"]) or ""
            other.annotations.add(SEEDS["000"], text, 0, 8, note="seen elsewhere")

        def note() -> str | None:
            current = reader(app).notes.current()
            return current.note if current is not None else None

        await until(pilot, lambda: note() == "seen elsewhere")


async def test_a_name_followed_twice_while_its_articles_are_read_goes_two_places_on(
    make_app: MakeApp, library: Library
) -> None:
    """The list of an entity's articles is read in a thread: what is pressed meanwhile counts."""
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        screen = reader(app)
        screen.travel.open(SEEDS["002"])
        await settle(pilot)
        page = screen.page
        assert page is not None
        entity = max(page.entities, key=lambda one: one.mentions)
        spans = library.entities.pivots.spans(entity.id, SEEDS["002"])
        screen.focus_pane("entities")
        for _ in range(2):
            screen.lighting.follow_entity(entity.id, entity.name)
        assert screen.lighting.lit is None  # nothing was read on the event loop
        await settle(pilot)
        assert screen.view.cursor == spans[1].start


async def test_what_is_open_is_worked_out_first_and_shown_when_it_is_there(
    make_app: MakeApp, tmp_path: Path
) -> None:
    news = tmp_path / "news.jsonl"
    texts = (f"“The bridge at {place} holds,” the mayor of {place} said." for place in ("Lviv", "Sumy"))
    news.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    with Library(tmp_path / "underived") as library:
        library.add([news], derive=False)
        app = make_app(opened=library)
        async with app.run_test(size=(160, 45)) as pilot:
            await settle(pilot)
            pane = app.reader.quotations
            assert str(pane.border_subtitle) == "being found"
            page = app.reader.page
            assert page is not None
            assert (library.folder / "wanted.txt").read_text("utf-8") == page.article.id
            library.update()
            assert not (library.folder / "wanted.txt").exists()
            await until(pilot, lambda: "1" in str(pane.border_subtitle))
            assert str(pane.border_subtitle).startswith("1")
            assert "being found" not in str(app.reader.entities.border_subtitle)


async def test_what_another_process_adds_is_listed(
    make_app: MakeApp, library: Library, tmp_path: Path
) -> None:
    (tmp_path / "late.txt").write_text("A bridge near Kupiansk fell.\n", "utf-8")
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        assert "late" not in app.reader.articles.order
        with Library(library.folder) as other:
            await asyncio.to_thread(other.add, [tmp_path / "late.txt"])
        await until(pilot, lambda: "late" in app.reader.articles.order)


async def test_facets_count_the_names_that_are_found_meanwhile(make_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("Shells hit Kharkiv, Vladimir Putin said.\n", "utf-8")
    with Library(tmp_path / "underived") as library:
        library.add([tmp_path / "news.txt"], derive=False)
        app = make_app(opened=library)
        async with app.run_test(size=(160, 45)) as pilot:
            await settle(pilot)
            await press(pilot, "slash")
            await write(pilot, "shells")
            await pilot.pause(0.2)
            await settle(pilot)
            facets = app.reader.articles.facets

            def shown() -> str:
                return "\n".join(facets.render_line(y).text for y in range(facets.size.height))

            assert "Kharkiv" not in shown()
            await asyncio.to_thread(library.update)
            await until(pilot, lambda: "Kharkiv" in shown())
            assert "Kharkiv" in shown() and "Vladimir Putin" in shown()


async def test_esc_takes_the_light_away_first_and_the_results_at_the_second_time(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "clarke")
        await press(pilot, "enter")
        await settle(pilot)
        screen = reader(app)
        assert screen.lighting.lit is not None
        await press(pilot, "escape")
        assert screen.lighting.lit is None
        assert screen.articles.box.value == "clarke "
        await press(pilot, "escape")
        assert screen.articles.box.value == ""


async def test_a_title_that_is_out_of_sight_stands_over_the_text(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "J")
        page = reader(app).page
        assert page is not None and page.article.meta.outlet is not None
        beginning = page.article.title[:20]
        assert beginning not in str(reader(app).view.border_title)
        await press(pilot, "G")
        told = str(reader(app).view.border_title)
        assert beginning in told and page.article.meta.outlet in told
        await press(pilot, "g", "g")
        assert beginning not in str(reader(app).view.border_title)


async def test_what_was_found_by_no_word_is_not_called_lit(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "is:unread")
        await press(pilot, "enter")
        assert reader(app).lighting.describe().startswith("found: is:unread")
        await press(pilot, "slash")
        await write(pilot, " clarke")
        await press(pilot, "enter")
        assert reader(app).lighting.describe().startswith("lit: clarke 1/")


async def test_without_names_it_is_said_whether_they_may_come_yet(make_app: MakeApp, tmp_path: Path) -> None:
    text = tmp_path / "plain.txt"
    text.write_text("It rained on all of them and then it rained some more.")
    with Library(tmp_path / "plain") as library:
        library.add([text])
        app = make_app(opened=library)
        async with app.run_test(size=(160, 45)) as pilot:
            await settle(pilot)
            none = reader(app).entities.query_one("#entity-none", Static)
            reader(app).set_progress("finding names 1/2", "names")
            assert str(none.render()) == "no names yet"
            reader(app).set_progress("")
            assert str(none.render()) == "no names"
            shown = str(reader(app).query_one("#state", Static).render())
            assert "1 article" in shown and "1 articles" not in shown

"""Annotating by keyboard: many at once, boundaries, overlaps, longer notes, the list of notes."""

from __future__ import annotations

import contextlib
import random
import tempfile
import threading
from pathlib import Path

import pytest
from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import opened, press, reader, settle, write
from textual.pilot import Pilot
from textual.widgets import Input, Static

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.model import Annotation
from warreader.index.article import Article
from warreader.index.errors import LibraryError
from warreader.index.library import Library
from warreader.tui import editor
from warreader.tui.app import WarreaderApp
from warreader.tui.reading.layout import Layout
from warreader.tui.screens.annotate_dialog import AnnotateDialog
from warreader.tui.screens.annotation_details import AnnotationScreen
from warreader.tui.screens.code_book import CodeRows
from warreader.tui.screens.picking import Picker
from warreader.tui.screens.typing_ahead import TagPicker, _farness, _fits
from warreader.tui.widgets.lists import Rows
from warreader.tui.widgets.status_line import StatusLine

WIDE = (160, 45)


async def at(pilot: Pilot[None], app: WarreaderApp, article: str, words: str) -> str:
    """Open an article with the cursor on some words; its text."""
    reader(app).travel.open(SEEDS[article])
    await settle(pilot)
    page = reader(app).page
    assert page is not None
    reader(app).view.go(page.article.text.index(words))
    return page.article.text


def said(app: WarreaderApp) -> str:
    return str(reader(app).query_one("#said", Static).content)


def made(library: Library) -> list[Annotation]:
    return sorted(library.annotations.all(), key=lambda one: one.created)


async def test_a_sentence_with_a_tag_there_is_takes_three_keys(make_app: MakeApp, library: Library) -> None:
    text = library.articles.text(SEEDS["001"]) or ""
    library.annotations.add(SEEDS["001"], text, 0, 5, tags=["one"])
    library.annotations.add(SEEDS["001"], text, 0, 5, tags=["two"])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        await press(pilot, "s", "m")
        assert (made(library)[-1].tags, made(library)[-1].exact[:9]) == (("two",), "The scene")
        await press(pilot, "s", "t", "2")
        assert made(library)[-1].tags == ("one",)


async def test_what_is_marked_so_already_is_not_marked_twice(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        await press(pilot, "s", "m", "s", "m")
        assert len(made(library)) == 1 and said(app) == "marked already"
        assert reader(app).view.selected is None
        await press(pilot, "s", "t", "e", "enter")
        assert [one.tags for one in made(library)] == [(), ("e",)]
        await press(pilot, "s", "m")
        assert len(made(library)) == 2 and said(app) == "marked already #e"
        # Other words, or a note of one's own, are another thing.
        await press(pilot, "P", "m")
        assert len(made(library)) == 3
        await press(pilot, "s", "a", "x", "enter")
        assert made(library)[-1].tags == ("x",)


async def test_all_places_of_the_same_words_are_marked_and_unmarked_at_once(
    make_app: MakeApp, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        text = await at(pilot, app, "001", "Clarke")
        await press(pilot, "v", "e", "M")
        assert isinstance(app.screen, Picker)
        await press(pilot, "escape")
        assert made(library) == []
        await press(pilot, "M", "A")
        marked = made(library)
        assert {one.article for one in marked} == {SEEDS["000"], SEEDS["001"]}
        assert {one.exact for one in marked} == {"Clarke"}
        assert f"marked {len(marked)} places" in said(app)
        await press(pilot, "u")
        assert made(library) == []
        reader(app).view.go(text.index("Clarke"))
        await press(pilot, "v", "e", "M", "a")
        assert {one.article for one in made(library)} == {SEEDS["001"]}
        count = len(made(library))
        await press(pilot, "M", "a")
        assert len(made(library)) == count and "already" in said(app)


async def test_of_two_that_begin_at_one_letter_the_longer_has_the_sign_whatever_is_made_last(
    make_app: MakeApp, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        await press(pilot, "s", "t", "a", "enter")
        await at(pilot, app, "001", "The scene was harrowing")
        await press(pilot, "v", "e", "t", "b", "enter")
        long, short = sorted(made(library), key=lambda one: -(one.end or 0))
        assert (
            long.start is not None
            and long.start == short.start
            and (long.tags, short.tags) == (("a",), ("b",))
        )
        view, start = reader(app).view, long.start
        shown = dict(view._marks)
        reader(app).annotated.refresh()
        await settle(pilot)
        assert view._marks == shown
        library.annotations.delete(long.id)
        reader(app).annotated.refresh()
        await settle(pilot)
        assert view._marks[start] != shown[start]


async def test_boundaries_move_by_a_word(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        text = await at(pilot, app, "001", "The scene was harrowing")
        await press(pilot, "s", "full_stop", "less_than_sign")
        selected = reader(app).view.selected
        assert selected is not None
        assert selected.of(text) == "scene was harrowing with bodies scattered amidst the grass"
        await press(pilot, "less_than_sign", "comma")
        selected = reader(app).view.selected
        assert selected is not None
        assert selected.of(text) == "The scene was harrowing with bodies scattered amidst the"
        await press(pilot, "m", "full_stop")
        assert made(library)[0].exact == "scene was harrowing with bodies scattered amidst the"
        await press(pilot, "greater_than_sign")
        assert made(library)[0].exact == "scene was harrowing with bodies scattered amidst the grass"
        await press(pilot, "u", "u")
        assert made(library)[0].exact == "The scene was harrowing with bodies scattered amidst the"


async def test_overlapping_annotations_are_gone_through(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        text = await at(pilot, app, "001", "The scene was harrowing")
        start = text.index("The scene was harrowing")
        for length, note in ((9, "inner"), (30, "middle"), (50, "outer")):
            library.annotations.add(SEEDS["001"], text, start, start + length, note=note)
        reader(app).annotated.refresh()
        await settle(pilot)

        def meant() -> str:
            held = reader(app).annotated.at_cursor()
            assert held is not None
            return held.note

        assert meant() == "inner"
        seen = []
        for _ in range(3):
            await press(pilot, "semicolon")
            seen.append(meant())
        assert seen == ["middle", "outer", "inner"]
        assert "1 of 3: inner" in said(app)
        await press(pilot, "semicolon", "x")
        assert [one.note for one in made(library)] == ["inner", "outer"]


async def test_paragraph_and_hit_are_selected(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        text = await at(pilot, app, "001", "The scene was harrowing")
        await press(pilot, "P")
        one = reader(app).view.selected
        assert one is not None and "\n" not in one.of(text) and "The scene" in one.of(text)
        await press(pilot, "P")
        two = reader(app).view.selected
        assert two is not None and two.start == one.start and two.end > one.end
        await press(pilot, "escape", "slash")
        await write(pilot, "clarke")
        await press(pilot, "enter", "g", "n")
        selected = reader(app).view.selected
        page = reader(app).page
        assert selected is not None and page is not None
        assert selected.of(page.article.text) == "Clarke"


async def test_what_was_written_is_dropped_only_when_told_twice(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "2", "s", "a", "escape")
        # Nothing was written.
        assert not isinstance(app.screen, AnnotateDialog)
        await press(pilot, "a")
        await write(pilot, "claim")
        await press(pilot, "escape")
        assert isinstance(app.screen, AnnotateDialog) and app.screen.query_one("#problem").display
        # Who goes on writing is asked anew.
        await write(pilot, "s")
        assert not app.screen.query_one("#problem").display
        await press(pilot, "escape", "escape")
        assert not isinstance(app.screen, AnnotateDialog) and not made(library)
        await press(pilot, "a")
        await write(pilot, "claim")
        await press(pilot, "escape", "ctrl+s")
        assert [one.tags for one in made(library)] == [("claim",)]


async def test_notes_on_article_entity_and_words(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "000", "“The Chinese would pretend")
        await press(pilot, "l", "l", "g", "w")
        assert isinstance(app.screen, AnnotateDialog)
        await write(pilot, "claim")
        await press(pilot, "enter", "g", "a")
        await write(pilot, "read")
        await press(pilot, "enter", "3", "a")
        assert isinstance(app.screen, AnnotateDialog)
        await write(pilot, "who")
        await press(pilot, "enter")
        words, article, entity = made(library)
        assert (words.about, words.tags) == ("match", ("claim",))
        assert (article.span, article.about, article.article) == (None, None, SEEDS["000"])
        assert entity.entity is not None and entity.span is None
        # the note on the words shows where they stand in the other article
        reader(app).travel.open(SEEDS["001"])
        await settle(pilot)
        place = reader(app).annotated.place(words)
        page = reader(app).page
        assert place is not None and page is not None
        assert "The Chinese would" in page.article.text[place : place + 25]
        shown = "\n".join(reader(app).notes.rows.render_line(y).text for y in range(3))
        assert "#claim" in shown and "in another article" in shown
        # once more the same key changes the note there is
        await press(pilot, "2", "1", "g", "a", "escape")
        reader(app).travel.open(SEEDS["000"])
        await settle(pilot)
        await press(pilot, "2", "g", "a")
        assert app.screen.query_one("#tags", Input).value == "read, "
        await press(pilot, "x", "y", "enter")
        held = made(library)
        assert ("read", "xy") in [note.tags for note in held], "not readxy"


def editing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, app: WarreaderApp) -> None:
    path = tmp_path / "editor.sh"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(path))
    monkeypatch.setattr(app, "suspend", contextlib.nullcontext)
    drafts = tmp_path / "drafts"
    drafts.mkdir(exist_ok=True)
    monkeypatch.setattr(tempfile, "tempdir", str(drafts))


async def test_a_note_is_written_in_the_editor(
    make_app: MakeApp, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        editing(monkeypatch, tmp_path, "printf '# Title\\n\\nlong\\n' > \"$1\"", app)
        await press(pilot, "s", "E")
        assert made(library)[0].note == "# Title\n\nlong"
        assert list((tmp_path / "drafts").iterdir()) == [], "written, and not kept beside"
        before = made(library)
        editing(monkeypatch, tmp_path, "true", app)
        monkeypatch.setattr(editor, "AT_ONCE", 0.0)
        await press(pilot, "E")
        assert made(library) == before and "unchanged" in said(app)
        assert list((tmp_path / "drafts").iterdir()) == []
        editing(monkeypatch, tmp_path, 'echo more >> "$1"; exit 3', app)
        await press(pilot, "E")
        assert made(library) == before and "code 3" in said(app) and "kept in" in said(app)
        monkeypatch.setenv("VISUAL", "/nowhere/editor")
        await press(pilot, "E")
        assert made(library) == before and "can't be run" in said(app)
        await press(pilot, "I")
        assert isinstance(app.screen, AnnotationScreen)
        await press(pilot, "escape")
        # in the dialogue too
        editing(monkeypatch, tmp_path, "printf 'short\\n' > \"$1\"", app)
        await press(pilot, "a", "ctrl+e", "ctrl+s")
        assert made(library)[0].note == "short"
        assert len(list((tmp_path / "drafts").iterdir())) == 1, "of the one that ended with 3"


async def test_what_is_written_in_an_editor_that_came_back_at_once_is_kept(
    make_app: MakeApp, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    async with app.run_test(size=(200, 45)) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        editing(monkeypatch, tmp_path, "true", app)
        monkeypatch.setattr(editor, "AT_ONCE", 600.0)
        await press(pilot, "s", "E")
        (kept,) = (tmp_path / "drafts").glob("*/note.md")
        assert made(library) == []
        assert "came back at once" in said(app)
        assert kept.is_file()
        # one that waited is believed, however fast it was
        editing(monkeypatch, tmp_path, "printf 'short\\n' > \"$1\"", app)
        await press(pilot, "E")
        assert [one.note for one in made(library)] == ["short"]


async def test_where_an_editor_left_the_note_is_read_where_it_is_narrow(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        editing(monkeypatch, tmp_path, 'echo more >> "$1"; exit 3', app)
        await press(pilot, "s", "E")
        (kept,) = (tmp_path / "drafts").glob("*/note.md")
        assert any(str(kept) in one.message for one in app._notifications)


async def test_a_note_from_the_editor_stays_in_its_file_until_it_is_written(
    make_app: MakeApp, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        editing(monkeypatch, tmp_path, "printf 'from afar\\n' > \"$1\"", app)
        monkeypatch.setattr(editor, "AT_ONCE", 0.0)
        with monkeypatch.context() as full:
            full.setattr(type(library.annotations), "add", _full)
            await press(pilot, "s", "E")
            assert isinstance(app.screen, AnnotateDialog)
            (kept,) = (tmp_path / "drafts").glob("*/note.md")
            await press(pilot, "escape")
            assert isinstance(app.screen, AnnotateDialog), "what was written is not dropped by one esc"
            await press(pilot, "ctrl+s")
            assert isinstance(app.screen, AnnotateDialog) and kept.read_text("utf-8") == "from afar\n"
        await press(pilot, "ctrl+s")
        assert [one.note for one in made(library)] == ["from afar"]
        assert not kept.exists()
        await press(pilot, "a", "ctrl+e")
        assert len(list((tmp_path / "drafts").iterdir())) == 0, "unchanged"
        editing(monkeypatch, tmp_path, "printf 'dropped\\n' > \"$1\"", app)
        await press(pilot, "ctrl+e")
        assert len(list((tmp_path / "drafts").iterdir())) == 1
        await press(pilot, "escape", "escape")
        assert list((tmp_path / "drafts").iterdir()) == []


def _full(*_: object, **__: object) -> None:
    raise LibraryError("the disk is full")


async def test_all_results_of_a_search_get_a_tag_at_once(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "clarke")
        await press(pilot, "enter", "g", "t")
        assert isinstance(app.screen, TagPicker)
        assert app.screen.query_one("Vertical").outer_size == (48, 18)
        assert (
            str(app.screen.query_one("#about", Static).content) == "for all 2 articles found, each as a whole"
        )
        await write(pilot, "about clarke")
        await press(pilot, "enter")
        assert {one.article for one in made(library)} == {SEEDS["000"], SEEDS["001"]}
        assert all(one.span is None and one.tags == ("about clarke",) for one in made(library))
        await press(pilot, "slash")
        await write(pilot, 'tag:"about clarke"')
        assert set(reader(app).articles.order) == {SEEDS["000"], SEEDS["001"]}
        await press(pilot, "escape", "u")
        assert made(library) == []


async def test_where_nothing_is_found_no_tag_is_asked_for(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "xylophone ")
        await press(pilot, "down", "g", "t")
        assert not isinstance(app.screen, TagPicker)
        assert "no article is found" in str(reader(app).query_one("#said", Static).content)


async def test_a_tag_that_undo_took_away_is_not_gone_on_with(make_app: MakeApp, library: Library) -> None:
    text = library.articles.text(SEEDS["001"]) or ""
    library.annotations.add(SEEDS["001"], text, 0, 5, tags=["before"])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        await press(pilot, "slash")
        await write(pilot, "clarke")
        await press(pilot, "enter", "g", "t")
        await write(pilot, "about clarke")
        await press(pilot, "enter")
        assert reader(app).annotating.current_tag == "about clarke"
        await press(pilot, "u")
        assert reader(app).annotating.current_tag == "before"
        assert "#before" in str(reader(app).query_one(StatusLine).query_one("#state", Static).content)
        await press(pilot, "s", "a")
        await write(pilot, "fresh")
        await press(pilot, "enter")
        assert made(library)[-1].tags == ("fresh",)
        # What is done once more is gone on with again.
        await press(pilot, "u", "ctrl+r")
        assert reader(app).annotating.current_tag == "fresh"
        await press(pilot, "s", "P", "m", "u")
        assert reader(app).annotating.current_tag == "fresh"
        await press(pilot, "u", "s", "m")
        assert made(library)[-1].tags == ("before",)
        # One that is only picked was never there to be taken away; one in use elsewhere still is.
        reader(app).view.go(8)
        await press(pilot, "t")
        await write(pilot, "picked")
        await press(pilot, "enter", "u")
        assert reader(app).annotating.current_tag == "picked"
        await press(pilot, "t", "b", "enter", "s", "m", "u")
        assert reader(app).annotating.current_tag == "before"


async def test_notes_are_read_off_the_event_loop_when_an_article_is_opened(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = library.articles.text(SEEDS["001"]) or ""
    held = library.annotations.add(SEEDS["001"], text, 0, 5, "a note")
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        here = threading.current_thread()
        asked: list[threading.Thread] = []
        read = type(library.annotations).of

        def of(store: Annotations, article_id: str) -> list[Annotation]:
            asked.append(threading.current_thread())
            return read(store, article_id)

        monkeypatch.setattr(type(library.annotations), "of", of)
        await at(pilot, app, "001", "The scene was harrowing")
        assert list(reader(app).annotated.spans) == [held.id]
        assert asked and here not in asked


async def test_a_note_made_while_an_article_is_opened_is_shown_with_it(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = library.articles.text(SEEDS["001"]) or ""
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        view, late = reader(app).view, []
        lay_out = view.lay_out

        def laid_out(article: Article) -> Layout:
            late.append(library.annotations.add(SEEDS["001"], text, 0, 5, "late").id)
            return lay_out(article)

        monkeypatch.setattr(view, "lay_out", laid_out)
        await at(pilot, app, "001", "The scene was harrowing")
        assert list(reader(app).annotated.spans) == late


async def test_notes_are_filtered(make_app: MakeApp, library: Library) -> None:
    for name, note, tag in (("000", "first", "a"), ("001", "second", "b/c"), ("001", "third", "b")):
        text = library.articles.text(SEEDS[name]) or ""
        library.annotations.add(SEEDS[name], text, 0, 8, note=note, tags=[tag])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        notes = reader(app).notes
        assert str(notes.border_subtitle) == "3"
        await press(pilot, "g", "f")
        await write(pilot, "tag:b")
        assert str(notes.border_subtitle) == "2 of 3"
        await write(pilot, " third")
        assert str(notes.border_subtitle) == "1 of 3"
        await press(pilot, "enter", "enter")
        assert opened(app) == SEEDS["001"]
        await press(pilot, "5", "escape")
        assert str(notes.border_subtitle) == "3" and notes.box.value == ""


async def test_the_code_book(make_app: MakeApp, library: Library) -> None:
    text = library.articles.text(SEEDS["000"]) or ""
    library.annotations.add(SEEDS["000"], text, 0, 8, tags=["claim", "evidence/video"])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "C", "j", "c", "e")
        await write(pilot, "what shows it")
        await press(pilot, "enter")
        codes = {code.name: (code.color, code.description) for code in library.annotations.book.codes()}
        assert codes == {"evidence": (0, "what shows it")}
        await press(pilot, "r", *["backspace"] * 8)
        await write(pilot, "proof")
        await press(pilot, "enter")
        assert made(library)[0].tags == ("claim", "proof/video")
        await press(pilot, "x")
        assert made(library)[0].tags == ("claim",)
        await press(pilot, "u")
        assert made(library)[0].tags == ("claim", "proof/video")
        await press(pilot, "n", *["backspace"] * 30)
        await write(pilot, "weapon/drone")
        await press(pilot, "enter")
        assert "weapon/drone" in library.annotations.book.names()
        await press(pilot, "home", "enter")
        assert reader(app).notes.box.value == 'tag:"claim"'
        await press(pilot, "escape", "2", "t")
        await write(pilot, "we/dr")
        await press(pilot, "enter")
        assert reader(app).annotating.current_tag == "weapon/drone"


async def test_one_of_very_many_notes_is_shown_and_taken_away_without_reading_all(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = library.articles.text(SEEDS["001"]) or ""
    draw = random.Random(3)
    with library.annotations.gesture("many"):
        for number in range(150):
            start = draw.randrange(len(text) - 60)
            tags = [f"tag {number % 7}"] if number % 3 else []
            library.annotations.add(SEEDS["001"], text, start, start + draw.randint(1, 50), tags=tags)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        shown, view = reader(app).annotated, reader(app).view

        def as_it_looks() -> tuple[object, ...]:
            assert view._layout is not None
            rows = range(len(view._layout.rows))
            return view._layers["highlights"].spans, [view._mark_of(row) for row in rows], dict(shown.spans)

        asked: list[str] = []
        of = library.annotations.of

        def noted(article: str) -> list[Annotation]:
            asked.append(article)
            return of(article)

        monkeypatch.setattr(library.annotations, "of", noted)
        for number in range(12):
            one = sorted(shown.spans, key=shown.spans.__getitem__)[number * 11]
            view.go(shown.spans[one].start)
            shown.chosen = one
            keys = [
                ("x",),
                ("x", "u"),
                ("x", "u", "ctrl+r"),
                ("t", "t", "a", "g", "space", "6", "enter"),
                ("greater_than_sign",),
            ]
            await press(pilot, *keys[number % len(keys)])
        await press(pilot, "u", "u", "ctrl+r")
        one_by_one = as_it_looks()
        # It looks as if all were read anew.
        assert asked == []
        shown.refresh()
        assert asked and as_it_looks() == one_by_one
        held = {one.id: one.span for one in of(SEEDS["001"])}
        assert one_by_one[2] == held


async def test_the_current_tag_follows_what_is_done_in_the_code_book(
    make_app: MakeApp, library: Library
) -> None:
    text = library.articles.text(SEEDS["001"]) or ""
    library.annotations.add(SEEDS["001"], text, 0, 5, tags=["claim"])
    library.annotations.add(SEEDS["001"], text, 0, 5, tags=["evidence/video"])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert reader(app).annotating.current_tag == "evidence/video"

        async def rename(old: str, new: str) -> None:
            await press(pilot, "C")
            app.screen.query_one(CodeRows).highlight(old)
            await press(pilot, "r", *["backspace"] * 30)
            await write(pilot, new)
            await press(pilot, "enter", "escape")

        await rename("claim", "said")
        assert reader(app).annotating.current_tag == "evidence/video"
        await rename("evidence", "Proof")
        assert "#Proof/video" in str(reader(app).query_one(StatusLine).query_one("#state", Static).content)
        await at(pilot, app, "001", "The scene was harrowing")
        await press(pilot, "s", "m")
        assert made(library)[-1].tags == ("Proof/video",)
        # Undone, in the reader or in the book, it goes by its old name again, and done once more by the new one.
        await press(pilot, "u", "u")
        assert reader(app).annotating.current_tag == "evidence/video"
        await press(pilot, "C", "ctrl+r", "escape")
        assert reader(app).annotating.current_tag == "Proof/video"
        await press(pilot, "C", "u", "escape")
        assert reader(app).annotating.current_tag == "evidence/video"
        # Joined to another it is that one; deleted, the latest in use takes its place.
        await rename("evidence/video", "said")
        assert reader(app).annotating.current_tag == "said"
        await press(pilot, "C", "u")
        assert reader(app).annotating.current_tag == "evidence/video"
        app.screen.query_one(CodeRows).highlight("evidence")
        await press(pilot, "x", "escape")
        assert {one.tags for one in made(library)} == {(), ("said",)}
        assert reader(app).annotating.current_tag == "said"
        await press(pilot, "s", "m")
        assert made(library)[-1].tags == ("said",)


def test_what_the_picker_finds() -> None:
    assert _fits("ev/vi", "evidence/video") and _fits("vid", "evidence/video") and _fits("", "x")
    assert not _fits("vi/ev", "evidence/video") and not _fits("photo", "evidence/video")
    assert [_farness("vi", tag) for tag in ("video", "evidence/video", "evil/devil")] == [0, 1, 2]


async def test_an_annotation_that_does_not_stand_is_not_painted_elsewhere(
    make_app: MakeApp, library: Library
) -> None:
    held = library.annotations.add(SEEDS["000"], "Words that this article has not.", 0, 12)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert opened(app) == SEEDS["000"]
        assert held.id not in reader(app).annotated.spans
        shown = "\n".join(reader(app).notes.rows.render_line(y).text for y in range(3))
        assert "not in this version" in shown


async def test_of_very_many_tags_those_that_fit_best_are_offered(make_app: MakeApp, library: Library) -> None:
    for number in range(300):
        library.annotations.book.describe(f"topic {number:03}")
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "t")
        rows = app.screen.query_one(Rows)
        assert rows.option_count < 300
        assert "100 tags more" in str(rows.get_option_at_index(rows.option_count - 1).prompt)
        await write(pilot, "topic 299")
        assert rows.option_count == 1
        await press(pilot, "enter")
        assert app.reader.annotating.current_tag == "topic 299"


async def test_what_is_shown_after_a_gesture_is_not_read_on_the_event_loop(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    read: list[str] = []
    of = type(library.annotations).of

    def watched(self: Annotations, article: str) -> list[Annotation]:
        read.append(threading.current_thread().name)
        return of(self, article)

    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", "The scene was harrowing")
        loop = threading.current_thread().name
        # What a key is to change is asked for where the key is obeyed, what it changed is not.
        await press(pilot, "g", "a")
        await write(pilot, "whole")
        monkeypatch.setattr(type(library.annotations), "of", watched)
        await press(pilot, "enter")
        assert [one.tags for one in made(library)] == [("whole",)]
        assert reader(app).annotated.place(made(library)[0]) == 0
        await press(pilot, "u")
        assert made(library) == []
        await press(pilot, "s", "g", "w")
        await write(pilot, "everywhere")
        await press(pilot, "enter")
        (note,) = made(library)
        assert reader(app).annotated.spans[note.id] == note.span
        await press(pilot, "u")
        assert note.id not in reader(app).annotated.spans
        assert read and loop not in read

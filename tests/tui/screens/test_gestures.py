"""What the reader does is written in order, and nothing is lost where it can't be: neither the reader nor the note."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_annotating import WIDE, at, made, said
from tests.tui.screens.test_story import opened, press, reader, settle, until
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from warreader.index import storage
from warreader.index.errors import LibraryError
from warreader.index.library import Library
from warreader.index.upkeep import FOLLOWERS
from warreader.tui.app import WarreaderApp
from warreader.tui.screens import gestures
from warreader.tui.screens.annotate_dialog import AnnotateDialog
from warreader.tui.screens.reader import ReaderScreen

Keep = Callable[[], contextlib.AbstractContextManager[None]]
WORDS = "The scene was harrowing"


def locked(file: Path) -> Keep:
    @contextlib.contextmanager
    def keep() -> Iterator[None]:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    return keep


@pytest.fixture
def kept(folder: Path) -> Keep:
    """Keeps the annotations locked, as another process does."""
    return locked(folder / "annotations.sqlite")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader gives up soon."""
    monkeypatch.setattr(storage, "BUSY_SECONDS", 0.2)


async def annotated(pilot: Pilot[None], app: WarreaderApp, library: Library) -> str:
    """A sentence with a note, the cursor on it; its words."""
    text = library.articles.text(SEEDS["001"]) or ""
    start = text.index(WORDS)
    library.annotations.add(SEEDS["001"], text, start, start + len(WORDS), note="mine", tags=["one"])
    await settle(pilot)
    await at(pilot, app, "001", WORDS)
    await settle(pilot)
    return text


def on_reader(app: WarreaderApp) -> bool:
    return isinstance(app.screen, ReaderScreen)


def problem(app: WarreaderApp) -> str:
    # Between two dialogues none is there.
    told = next(iter(app.screen.query("#problem").results(Static)), None)
    return str(told.content) if told is not None and told.display else ""


def is_open(app: WarreaderApp, article: str) -> bool:
    return opened(app) == article


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "keys", [("m",), ("s", "t", "1"), ("x",), ("greater_than_sign",), ("t", "1"), ("u",)]
)
async def test_what_cannot_be_written_is_told_and_done_when_it_can(
    make_app: MakeApp, library: Library, kept: Keep, keys: tuple[str, ...]
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await annotated(pilot, app, library)
        library.annotations.add(SEEDS["000"], "words", 0, 5, tags=["two"])
        await settle(pilot)
        if keys == ("m",):
            await press(pilot, "s")
        before = made(library)
        selected = reader(app).view.selected
        with kept():
            await press(pilot, *keys)
            assert "another process" in said(app) and on_reader(app)
            assert made(library) == before
            if selected is not None:
                assert reader(app).view.selected == selected
        await press(pilot, *(keys[-2:] if keys[0] == "s" else keys))
        assert made(library) != before
        assert "another process" not in said(app)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("keys", [("a",), ("s", "a"), ("g", "a")])
async def test_a_note_that_cannot_be_written_stays_in_the_dialogue(
    make_app: MakeApp, library: Library, kept: Keep, keys: tuple[str, ...]
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await annotated(pilot, app, library)
        before = made(library)
        await press(pilot, *keys)
        app.screen.query_one("#tags", Input).value = "war crime"
        app.screen.query_one("#note", TextArea).text = "what I saw"
        with kept():
            await press(pilot, "enter")
            await settle(pilot)
            assert isinstance(app.screen, AnnotateDialog) and "another process" in problem(app)
            assert made(library) == before
        assert app.screen.query_one("#tags", Input).value == "war crime, "
        assert app.screen.query_one("#note", TextArea).text == "what I saw"
        await press(pilot, "enter")
        await settle(pilot)
        assert on_reader(app)
        assert [("war crime",), "what I saw"] in [[one.tags, one.note] for one in made(library)]
        assert len(made(library)) == len(before) + (keys != ("a",))


async def test_the_dialogue_waits_and_closes_when_it_is_written(
    make_app: MakeApp, library: Library, kept: Keep
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", WORDS)
        await press(pilot, "s", "a")
        app.screen.query_one("#note", TextArea).text = "what I saw"
        with kept():
            await pilot.press("enter", "enter")
            await until(pilot, lambda: "waiting to write" in problem(app))
            assert app.screen.query_one("#note", TextArea).read_only
        await until(pilot, lambda: on_reader(app))
        await settle(pilot)
        assert [one.note for one in made(library)] == ["what I saw"]
        assert reader(app).view.selected is None


async def test_a_dialogue_left_while_it_waits_comes_back_where_it_could_not_be_written(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def full(*_: object) -> None:
        go.wait(20)
        raise LibraryError("annotations.sqlite: not written (disk full); check space and permissions")

    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", WORDS)
        await press(pilot, "s", "a")
        app.screen.query_one("#note", TextArea).text = "what I saw"
        with monkeypatch.context() as patched:
            patched.setattr(library.annotations, "add", full)
            await pilot.press("enter", "escape")
            await until(pilot, lambda: on_reader(app))
            go.set()
            await until(pilot, lambda: isinstance(app.screen, AnnotateDialog))
            await settle(pilot)
        assert "disk full" in problem(app)
        assert app.screen.query_one("#note", TextArea).text == "what I saw"
        await press(pilot, "enter")
        await settle(pilot)
        assert [one.note for one in made(library)] == ["what I saw"]


async def test_a_note_on_what_another_reader_deleted_is_made_anew(
    make_app: MakeApp, library: Library, folder: Path
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await annotated(pilot, app, library)
        await press(pilot, "a")
        app.screen.query_one("#note", TextArea).text = "written for an hour"
        with Library(folder) as other:
            other.annotations.delete(made(library)[0].id)
        await press(pilot, "enter")
        await settle(pilot)
        assert isinstance(app.screen, AnnotateDialog) and "deleted meanwhile" in problem(app)
        await press(pilot, "enter")
        await settle(pilot)
        (one,) = made(library)
        assert (one.note, one.exact, one.tags) == ("written for an hour", WORDS, ("one",))


async def test_a_tag_that_is_none_is_told_in_the_dialogue(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await annotated(pilot, app, library)
        await press(pilot, "a")
        app.screen.query_one("#tags", Input).value = "x" * 201
        await press(pilot, "enter")
        await settle(pilot)
        assert isinstance(app.screen, AnnotateDialog) and "200" in problem(app)
        app.screen.query_one("#tags", Input).value = "x" * 200
        await press(pilot, "enter")
        await settle(pilot)
        assert on_reader(app) and made(library)[0].tags == ("x" * 200,)


async def test_keys_typed_fast_mean_what_they_would_mean_slowly(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = library.annotations.add

    def slowly(*given: object, **more: object) -> object:
        threading.Event().wait(0.1)
        return add(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(library.annotations, "add", slowly)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", WORDS)
        await pilot.press("s", "m", "x", "u")
        await settle(pilot)
        (one,) = made(library)
        steps = [(step.action, step.after is not None) for step in library.annotations.history(one.id)]
        assert steps == [("do", True), ("do", False), ("undo", True)]
        assert "undone: deleted" in said(app)
        await pilot.press("right_curly_bracket", "s", "m", "m", "greater_than_sign", "u")
        await settle(pilot)
        assert len(made(library)) == 2, "one mark for two strokes, its boundary moved and put back"


async def test_while_one_waits_others_follow_in_order_and_what_may_mean_it_is_refused(
    make_app: MakeApp, library: Library, kept: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gestures, "_HOLD", 0.05)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await annotated(pilot, app, library)
        before = made(library)
        with kept():
            await pilot.press("s", "m")
            await until(pilot, lambda: "waiting to write" in said(app))
            for key in ("x", "u", "ctrl+r", "m"):
                await pilot.press(key)
                assert "not yet" in said(app)
            cursor = reader(app).view.cursor
            await pilot.press("escape", "j", "j")
            assert reader(app).view.cursor != cursor, "the keys go on"
            await pilot.press("s", "m")
            assert made(library) == before
        await settle(pilot)
        new = made(library)[1:]
        assert len(new) == 2 and new[0].exact.startswith(WORDS) and new[1].exact != new[0].exact
        assert "waiting" not in said(app)


async def test_leaving_waits_for_what_is_being_written(
    make_app: MakeApp, library: Library, kept: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gestures, "_HOLD", 0.05)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", WORDS)
        with kept():
            await pilot.press("s", "m", "q")
            await until(pilot, lambda: "then the reader is left" in said(app))
            await pilot.press("q")
            assert app.is_running and made(library) == []
        await until(pilot, lambda: app._exit)
    assert [one.exact[:9] for one in made(library)] == ["The scene"]


async def test_what_could_not_be_written_keeps_the_reader_from_leaving(
    make_app: MakeApp, library: Library, kept: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "BUSY_SECONDS", 2.0)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", WORDS)
        with kept():
            await press(pilot, "s", "a")
            app.screen.query_one("#note", TextArea).text = "what I saw"
            await pilot.press("enter", "ctrl+q")
            await until(pilot, lambda: "another process" in problem(app) and not reader(app).gestures.busy)
            await settle(pilot)
            assert not app._exit and app.screen.query_one("#note", TextArea).text == "what I saw"
        await press(pilot, "enter")
        await settle(pilot)
        await pilot.press("q")
        await until(pilot, lambda: app._exit)
    assert [one.note for one in made(library)] == ["what I saw"]


async def test_a_mark_does_not_wait_for_what_follows_from_a_ruling(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    real = FOLLOWERS["entity"]

    def late(library: Library) -> None:
        go.wait(20)
        real(library)

    monkeypatch.setitem(FOLLOWERS, "entity", late)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "001", WORDS)
        entity = library.entities.entities(SEEDS["001"])[0]
        rename = library.entity_corrections.rename
        reader(app).naming._store(lambda: rename(entity.id, "Somebody else"))
        await pilot.press("s", "m")
        await until(pilot, lambda: len(made(library)) == 1)
        assert "marked" in said(app)
        assert getattr(library.entities.get(entity.id), "name", "") == entity.name
        go.set()
        await until(pilot, lambda: "renamed" in said(app))
        assert getattr(library.entities.get(entity.id), "name", "") == "Somebody else"
        # The mark was the later of the two.
        await press(pilot, "u", "u")
        assert made(library) == [] and library.rulings.all() == []


async def test_articles_open_while_the_library_is_locked(
    make_app: MakeApp, folder: Path, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await at(pilot, app, "000", "the")
        order = list(reader(app).articles.order)
        with locked(folder / "library.sqlite")():
            for turn in range(12):
                await pilot.press("J" if turn % 8 < 4 else "K")
                wanted = order[(turn % 8) + 1] if turn % 8 < 4 else order[7 - turn % 8]
                await until(pilot, partial(is_open, app, wanted))
        await settle(pilot)
        assert library.setting("reader.last") == opened(app)

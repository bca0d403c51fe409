"""What is typed in the note dialogue is there again when the reader was killed over it."""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.tui.conftest import MakeApp
from tests.tui.screens.test_annotating import at, made
from tests.tui.screens.test_story import WIDE, press, reader, settle, until, write
from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.screens import annotate_dialog, asking
from warreader.tui.screens.annotate_dialog import AnnotateDialog
from warreader.tui.unsaved import Unsaved, UnsavedNotes

NOTE = Unsaved("a note", ("one", "two"), "the words", "id", 3, 9)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate_dialog, "KEPT_AFTER", 0.01)


def kept(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "unsaved").glob("*"))


async def typing(pilot: Pilot[None], app: WarreaderApp, tmp_path: Path) -> None:
    await settle(pilot)
    await at(pilot, app, "001", "The scene was harrowing")
    await press(pilot, "s", "a")
    await write(pilot, "evidence")
    await press(pilot, "tab")
    await write(pilot, "ten minutes")
    await until(pilot, lambda: any("ten minutes" in file.read_text("utf-8") for file in kept(tmp_path)))


async def test_a_note_is_asked_for_again(make_app: MakeApp, library: Library, tmp_path: Path) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await typing(pilot, app, tmp_path)
    # The reader ended with the dialogue open; no name of it is left but on the disk.
    assert made(library) == []
    again = make_app()
    async with again.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: isinstance(again.screen, AnnotateDialog))
        await settle(pilot)
        assert again.screen.query_one("#note", TextArea).text == "ten minutes"
        assert again.screen.query_one("#tags", Input).value == "evidence, "
        await press(pilot, "escape")
        assert isinstance(again.screen, AnnotateDialog), "not dropped by one esc"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: not kept(tmp_path))
        (note,) = made(library)
        assert (note.note, note.tags, note.exact[:9]) == ("ten minutes", ("evidence",), "The scene")
    last = make_app()
    async with last.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert last.screen is reader(last)


async def test_what_is_typed_before_the_dialogue_is_there_does_not_go_into_the_note(
    make_app: MakeApp, library: Library, tmp_path: Path
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await typing(pilot, app, tmp_path)
    again = make_app()
    async with again.run_test(size=WIDE) as pilot:
        # Somebody who knows what is wanted types at once, and on: it goes where it always goes.
        await pilot.press("slash", *"clarke")
        await until(pilot, lambda: again.in_order.idle and reader(again).articles.box.value == "clarke")
        await pilot.pause(1.0)
        assert again.screen is reader(again)
        early = Key("x", "x")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(again.screen, AnnotateDialog))
        # Pressed before it could be seen, come when it is there.
        again.post_message(early)
        await settle(pilot)
        dialog = again.screen
        assert (dialog.query_one("#note", TextArea).text, dialog.query_one("#tags", Input).value) == (
            "ten minutes",
            "evidence, ",
        )
        await press(pilot, "x")
        assert dialog.query_one("#tags", Input).value == "evidence, x"
        await press(pilot, "backspace", "ctrl+s")
        await until(pilot, lambda: not kept(tmp_path))
        assert [one.note for one in made(library)] == ["ten minutes"]


async def test_another_note_may_be_written_before_the_one_that_was_left_is_asked_for(
    make_app: MakeApp, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await typing(pilot, app, tmp_path)
    # However slow the machine is, nobody rests between these keys.
    quiet = asking._QUIET
    monkeypatch.setattr(asking, "_QUIET", 3_600.0)
    again = make_app()
    async with again.run_test(size=WIDE) as pilot:
        await pilot.press("slash", *"clarke")
        await until(pilot, lambda: again.in_order.idle)
        await pilot.press("enter", "s", "a", *"other", "tab", *"another")
        await until(pilot, lambda: any("another" in file.read_text("utf-8") for file in kept(tmp_path)))
        assert any("ten minutes" in file.read_text("utf-8") for file in kept(tmp_path))
        await press(pilot, "ctrl+s")
        monkeypatch.setattr(asking, "_QUIET", quiet)
        await until(pilot, lambda: isinstance(again.screen, AnnotateDialog))
        await settle(pilot)
        assert again.screen.query_one("#tags", Input).value == "evidence, "
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: not kept(tmp_path))
        assert sorted(one.note for one in made(library)) == ["another", "ten minutes"]


@pytest.mark.parametrize("keys", [["ctrl+s"], ["escape", "escape"]])
async def test_what_was_saved_or_dropped_is_not_kept(
    make_app: MakeApp, tmp_path: Path, keys: list[str]
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await typing(pilot, app, tmp_path)
        await press(pilot, *keys)
        assert app.screen is reader(app)
        await until(pilot, lambda: not kept(tmp_path))


async def test_what_was_written_before_the_reader_was_killed_is_not_asked_for(
    make_app: MakeApp, library: Library, tmp_path: Path
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await typing(pilot, app, tmp_path)
        (file,) = kept(tmp_path)
        before = file.read_text("utf-8")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: not kept(tmp_path))
    file.write_text(before, "utf-8")
    again = make_app()
    async with again.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: not kept(tmp_path))
        assert again.screen is reader(again) and len(made(library)) == 1


def test_it_is_for_its_writer_alone_and_taken_once(tmp_path: Path) -> None:
    notes = UnsavedNotes(tmp_path / "unsaved", tmp_path)
    assert notes.take() is None
    notes.keep(NOTE)
    (file,) = kept(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.rename(file.with_name("999999999.json"))
    assert notes.take() == NOTE
    # Its own from now on, beside what is written meanwhile, until it is asked for again and forgotten.
    assert [one.name for one in kept(tmp_path)] == [f"{os.getpid()}.left.json"]
    notes.keep(replace(NOTE, note="another"))
    notes.forget()
    assert notes.take() == NOTE
    notes.asked_again()
    assert [one.stem for one in kept(tmp_path)] == [str(os.getpid())]
    notes.forget()
    assert notes.take() is None and kept(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there nothing is taken")
def test_what_is_of_others_or_damaged_is_left(tmp_path: Path) -> None:
    UnsavedNotes(tmp_path / "unsaved", tmp_path / "another").keep(NOTE)
    (own,) = kept(tmp_path)
    of_another = json.loads(own.read_text("utf-8"))
    own.unlink()
    notes = UnsavedNotes(own.parent, tmp_path)
    (own.parent / "999999999.json").write_text(json.dumps(of_another), "utf-8")
    here = of_another | {"library": str(tmp_path.resolve())}
    # Another reader is still at it.
    (own.parent / f"{os.getppid()}.json").write_text(json.dumps(here), "utf-8")
    for number, broken in enumerate(
        ("", "[1]", "{}", '{"library": 3', json.dumps(here | {"x": 1}), "[" * 99_999)
    ):
        (own.parent / f"99999990{number}.json").write_text(broken, "utf-8")
    before = sorted(kept(tmp_path))
    assert notes.take() is None and sorted(kept(tmp_path)) == before
    # Where nothing can be kept, writing goes on.
    blocked = tmp_path / "file"
    blocked.touch()
    unkept = UnsavedNotes(blocked, tmp_path)
    unkept.keep(NOTE)
    unkept.forget()
    assert unkept.take() is None

"""Undo, redo, gestures and what is remembered."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.model import Annotation
from warreader.index.article import Span

TEXT = "Shelling hit the station at dawn, officials said. “We counted 30 craters,” the mayor said."


def opened(folder: Path) -> Annotations:
    return Annotations(folder / "annotations.sqlite")


def test_undo_and_redo_say_what_they_did_across_restarts(tmp_path: Path) -> None:
    store = opened(tmp_path)
    made = store.add("a", TEXT, 0, 8, note="n")
    store.close()
    store = opened(tmp_path)
    undone = store.undo()
    assert undone is not None
    assert undone.words == "undone: added note on “Shelling”"
    assert (undone.action, undone.article, undone.annotation) == ("undo", "a", made.id)
    assert (undone.span, undone.count) == (Span(0, 8), 1)
    assert store.undo() is None
    store.close()
    store = opened(tmp_path)
    redone = store.redo()
    assert redone is not None
    assert redone.words == "redone: added note on “Shelling”"
    assert store.all() == [made]
    assert store.redo() is None
    store.close()


def test_redo_goes_forward_in_the_order_things_were_done(tmp_path: Path) -> None:
    store = opened(tmp_path)
    made = store.add("a", TEXT, 0, 8)
    noted = store.update(made.id, note="first")
    last = store.update(made.id, note="second")
    for _ in range(3):
        store.undo()
    states = []
    while store.redo() is not None:
        states.append(store.get(made.id))
    assert states == [made, noted, last]
    store.close()


def test_changes_of_one_annotation_in_one_gesture_are_undone_backwards(tmp_path: Path) -> None:
    store = opened(tmp_path)
    made = store.add("a", TEXT, 0, 8)
    with store.gesture("twice"):
        store.update(made.id, note="first")
        last = store.update(made.id, note="second")
    store.undo()
    assert store.all() == [made]
    store.redo()
    assert store.all() == [last]
    store.close()


def test_a_gesture_is_undone_whole(tmp_path: Path) -> None:
    store = opened(tmp_path)
    kept = store.add("a", TEXT, 0, 8)
    with store.gesture("marked three"):
        for start in (1, 2, 3):
            store.add("a", TEXT, start, 9)
        store.update(kept.id, note="seen")
    after = store.all()
    change = store.undo()
    assert change is not None
    assert (change.words, change.count) == ("undone: marked three", 4)
    assert store.all() == [kept]
    store.redo()
    assert store.all() == after
    store.close()


def test_a_gesture_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(ValueError, match="span"), store.gesture("broken"):
        store.add("a", TEXT, 0, 8, tags=["t"])
        store.add("a", TEXT, 8, 8)
    assert store.all() == []
    assert store.tags() == []
    assert store.undo() is None
    store.close()


def test_undo_inside_a_gesture_is_refused(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store.gesture("odd"):
        store.add("a", TEXT, 0, 8)
        with pytest.raises(RuntimeError):
            store.undo()
    assert store.count() == 1
    store.close()


def test_a_new_gesture_ends_redo_but_the_history_stays(tmp_path: Path) -> None:
    store = opened(tmp_path)
    made = store.add("a", TEXT, 0, 8)
    store.update(made.id, note="lost path")
    store.undo()
    store.update(made.id, note="new path")
    assert store.redo() is None
    steps = store.history(made.id)
    assert [step.action for step in steps] == ["do", "do", "undo", "do"]
    assert [step.after.note for step in steps if step.after] == ["", "lost path", "", "new path"]
    assert steps[0].before is None
    store.undo()
    store.undo()
    assert store.all() == []
    assert store.undo() is None
    store.close()


def test_undo_takes_back_the_latest_gesture_of_any_reader(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    first = one.add("a", TEXT, 0, 8)
    other.add("b", TEXT, 0, 8)
    change = one.undo()
    assert change is not None
    assert change.article == "b"
    assert other.all() == [first]
    one.close()
    other.close()


def test_status_words_hold_no_control_characters(tmp_path: Path) -> None:
    store = opened(tmp_path)
    hostile = "\x1b[2J\u202egnp\n\x00" + "a" * 300
    store.add("a", hostile, 0, len(hostile))
    change = store.undo()
    assert change is not None
    assert change.words.isprintable()
    assert len(change.words) < 80
    store.close()


class Model(RuleBasedStateMachine):
    """The store against two lists of whole states: those behind, and those ahead."""

    ids = Bundle("ids")
    tag_lists = st.lists(st.sampled_from(["war", "War", "crime", "crime/war", "Å", "A\u030a"]), max_size=3)
    notes = st.sampled_from(["", "one", "two\nlines", "“three”"])

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = opened(Path(self.folder.name))
        # Durable writes only slow this down: nothing is killed here.
        self.store._database.connection.execute("PRAGMA synchronous=OFF")
        self.now: dict[str, Annotation] = {}
        self.behind: list[dict[str, Annotation]] = []
        self.ahead: list[dict[str, Annotation]] = []

    def did(self, after: dict[str, Annotation]) -> None:
        if after != self.now:
            self.behind.append(self.now)
            self.ahead.clear()
            self.now = after

    @rule(target=ids, start=st.integers(0, 40), length=st.integers(1, 40), note=notes, tags=tag_lists)
    def add(self, start: int, length: int, note: str, tags: list[str]) -> str:
        made = self.store.add("a", TEXT, start, start + length, note, tags)
        assert (made.start, made.end, made.note) == (start, start + length, note)
        self.did({**self.now, made.id: made})
        return made.id

    @rule(annotation=ids, note=st.none() | notes, tags=st.none() | tag_lists, moved=st.booleans())
    def update(self, annotation: str, note: str | None, tags: list[str] | None, moved: bool) -> None:
        if annotation not in self.now:
            return
        before = self.now[annotation]
        where = {"text": TEXT, "start": 3, "end": 11} if moved else {}
        after = self.store.update(annotation, note=note, tags=tags, **where)  # type: ignore[arg-type]
        expected = replace(before, note=before.note if note is None else note)
        if moved:
            expected = replace(
                expected, start=3, end=11, exact=TEXT[3:11], prefix=TEXT[:3], suffix=TEXT[11:43]
            )
        assert replace(after, tags=(), modified="") == replace(expected, tags=(), modified="")
        if tags is None:
            assert after.tags == before.tags
        self.did({**self.now, annotation: after})

    @rule(annotation=consumes(ids))
    def delete(self, annotation: str) -> None:
        if annotation in self.now:
            self.store.delete(annotation)
            self.did({key: value for key, value in self.now.items() if key != annotation})

    @rule(note=notes)
    def note_all(self, note: str) -> None:
        with self.store.gesture("noted all"):
            after = {key: self.store.update(key, note=note) for key in self.now}
        self.did(after)

    @rule(new=st.sampled_from(["war", "WAR", "peace"]))
    def rename(self, new: str) -> None:
        if any(tag.name.lower() == "war" for tag in self.store.tags()):
            self.store.book.rename("war", new)
            self.did({one.id: one for one in self.store.all()})

    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(times):
            assert (self.store.undo() is None) == (not self.behind)
            if self.behind:
                self.ahead.append(self.now)
                self.now = self.behind.pop()

    @rule(times=st.integers(1, 4))
    def redo(self, times: int) -> None:
        for _ in range(times):
            assert (self.store.redo() is None) == (not self.ahead)
            if self.ahead:
                self.behind.append(self.now)
                self.now = self.ahead.pop()

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = opened(Path(self.folder.name))
        self.store._database.connection.execute("PRAGMA synchronous=OFF")

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        assert {one.id: one for one in self.store.all()} == self.now

    @invariant()
    def anchors_hold(self) -> None:
        assert self.store.check(lambda _: TEXT) == []

    @invariant()
    def history_ends_in_the_present(self) -> None:
        for key, annotation in self.now.items():
            last = self.store.history(key)[-1].after
            # A tag respelled through another annotation is not a change of this one.
            assert last is not None
            assert replace(last, tags=()) == replace(annotation, tags=())

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


Model.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestModel = Model.TestCase

"""The tree of tags: what it shows, and changing it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.model import Code
from warreader.index.errors import NotFoundError

TEXT = "Shelling hit the station at dawn, officials said. The market burned until noon."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Annotations]:
    opened = Annotations(tmp_path / "annotations.sqlite")
    yield opened
    opened.close()


def tree(store: Annotations) -> list[tuple[str, int, int]]:
    return [(entry.name, entry.own, entry.total) for entry in store.book.entries()]


def test_the_tree_holds_what_is_used_what_is_entered_and_what_stands_above(store: Annotations) -> None:
    store.add("a", TEXT, 0, 8, tags=["evidence/video", "evidence"])
    store.add("b", TEXT, 0, 8, tags=["evidence/photo/drone"])
    store.book.describe("weapon", description="named in the text")
    assert tree(store) == [
        ("evidence", 1, 2),
        ("evidence/photo", 0, 1),
        ("evidence/photo/drone", 1, 1),
        ("evidence/video", 1, 1),
        ("weapon", 0, 0),
    ]
    drone = store.book.entries()[2]
    assert (drone.label, drone.level) == ("drone", 2)
    assert store.book.names() == ["evidence", "evidence/photo/drone", "evidence/video", "weapon"]


def test_a_colour_holds_below_and_can_be_undone(store: Annotations) -> None:
    store.add("a", TEXT, 0, 8, tags=["evidence/video"])
    generation = store.generation()
    store.book.describe("Evidence", color=2)
    assert store.generation() != generation
    assert [(entry.color, entry.chosen) for entry in store.book.entries()] == [(2, True), (2, False)]
    assert store.tags()[0].color == 2
    store.book.describe("evidence/video", color=4)
    assert store.tags()[0].color == 4
    undone = store.undo()
    assert undone is not None and undone.subject == "code" and undone.article == ""
    assert store.tags()[0].color == 2
    store.undo()
    assert store.tags()[0].color is None
    store.redo()
    assert store.tags()[0].color == 2
    store.book.describe("evidence", color=None)
    assert store.tags()[0].color is None
    with pytest.raises(ValueError, match="colour"):
        store.book.describe("x", color=-1)


def test_saying_the_same_again_is_no_gesture(store: Annotations) -> None:
    store.book.describe("x", description="one", color=1)
    store.book.describe("X", description=" one ")
    store.undo()
    assert store.book.codes() == []


def test_renaming_takes_what_is_below_along(store: Annotations) -> None:
    one = store.add("a", TEXT, 0, 8, tags=["claim", "claim/video", "claims"])
    store.book.describe("claim/video", description="moving pictures")
    before = store.book.codes()
    assert store.book.rename("CLAIM", "said/claim") == 1
    assert store.get(one.id).tags == ("said/claim", "said/claim/video", "claims")
    assert [(code.name, code.description, code.id) for code in store.book.codes()] == [
        ("said/claim/video", "moving pictures", before[0].id)
    ]
    store.undo()
    assert store.get(one.id) == one and store.book.codes() == before


def test_renaming_onto_another_tag_joins_them(store: Annotations) -> None:
    one = store.add("a", TEXT, 0, 8, tags=["claim", "x"])
    two = store.add("b", TEXT, 0, 8, tags=["Claims", "claim"])
    store.book.describe("claim", color=3, description="ours")
    store.book.describe("claims", description="theirs")
    assert store.book.rename("claim", "claims") == 2
    assert store.get(one.id).tags == ("Claims", "x")
    assert store.get(two.id).tags == ("Claims",)
    (code,) = store.book.codes()
    assert (code.color, code.description) == (3, "theirs")
    store.undo()
    assert store.all() == [one, two]
    assert [(code.name, code.color) for code in store.book.codes()] == [("claim", 3), ("Claims", None)]
    with pytest.raises(NotFoundError):
        store.book.rename("absent", "y")


@pytest.mark.parametrize(("old", "new"), [("a", "a/b"), ("a/b", "a"), ("a", "A"), ("a/b", "b")])
def test_moving_up_and_down_the_tree(store: Annotations, old: str, new: str) -> None:
    store.add("x", TEXT, 0, 8, tags=["a", "a/b", "a/b/c"])
    for name in ("a", "a/b", "a/b/c"):
        store.book.describe(name, description=name)
    before = store.all(), store.book.codes()
    store.book.rename(old, new)
    assert (store.all(), store.book.codes()) != before
    after = store.all(), store.book.codes()
    store.undo()
    assert (store.all(), store.book.codes()) == before
    store.redo()
    assert (store.all(), store.book.codes()) == after


def test_respelling_can_be_undone(store: Annotations) -> None:
    made = [store.add(article, TEXT, 0, 8, tags=["kyiv"]) for article in "ab"]
    store.book.rename("kyiv", "Kyiv")
    assert [one.tags for one in store.all()] == [("Kyiv",)] * 2
    renamed = store.all()
    store.undo()
    assert store.all() == made
    store.redo()
    assert store.all() == renamed


def test_a_name_that_becomes_too_long_changes_nothing(store: Annotations) -> None:
    one = store.add("a", TEXT, 0, 8, tags=["a", f"a/{'b' * 190}"])
    with pytest.raises(ValueError, match="too long"):
        store.book.rename("a", "long name that is long")
    assert store.all() == [one]
    assert store.redo() is None


def test_deleting_leaves_the_annotations(store: Annotations) -> None:
    one = store.add("a", TEXT, 0, 8, tags=["evidence/video", "x"])
    two = store.add("b", TEXT, 0, 8, note="why", tags=["evidence"])
    store.book.describe("evidence/photo", color=1)
    assert store.book.delete("evidence") == 2
    assert [(found.tags, found.note) for found in store.all()] == [(("x",), ""), ((), "why")]
    assert tree(store) == [("x", 1, 1)]
    store.undo()
    assert store.all() == [one, two]
    assert [code.name for code in store.book.codes()] == ["evidence/photo"]


def test_a_book_is_taken_in_once(store: Annotations) -> None:
    store.book.describe("claim", description="ours")
    book = [Code("urn:one", "Claim", 2, "theirs"), Code("urn:two", "weapon/drone", None, "flies")]
    assert store.book.merge(book) == (1, 0, 1)
    assert store.book.merge(book) == (0, 2, 0)
    assert [(code.name, code.color, code.description) for code in store.book.codes()] == [
        ("claim", 2, "theirs"),
        ("weapon/drone", None, "flies"),
    ]
    store.undo()
    assert [(code.name, code.color) for code in store.book.codes()] == [("claim", None)]


@given(st.lists(st.sampled_from(["a", "b", "a/b", "b/a", "a/b/c", "é", "E\u0301"]), min_size=1, max_size=5))
def test_totals_count_each_annotation_once(tmp_path_factory: pytest.TempPathFactory, tags: list[str]) -> None:
    store = Annotations(tmp_path_factory.mktemp("book") / "annotations.sqlite")
    store.add("x", TEXT, 0, 8, tags=tags)
    for entry in store.book.entries():
        assert entry.total == 1 and entry.own <= entry.total
    store.close()


def test_history_says_who(store: Annotations) -> None:
    made = store.add("a", TEXT, 0, 8)
    store.who = "reader one"
    store.update(made.id, note="seen")
    store.undo()
    assert [(step.action, step.who) for step in store.history(made.id)] == [
        ("do", None),
        ("do", "reader one"),
        ("undo", "reader one"),
    ]

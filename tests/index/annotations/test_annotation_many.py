"""Marking many places at one gesture."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.many import mark_all, places_of

TEXT = "Mud. More mud, and mud again."


def test_marking_tells_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    with closing(Annotations(tmp_path / "annotations.sqlite")) as store:
        places = [(name, TEXT, places_of("mud", TEXT)) for name in ("a", "b", "c")]
        told = []

        def stop(done: int, of: int) -> bool:
            told.append((done, of))
            return done < 4

        assert mark_all(store, places, ("t",), told=stop) == 0
        assert told == [(2, 6), (4, 6)]
        assert store.all() == []
        assert store.undo() is None
        assert mark_all(store, places, ("t",)) == 6
        assert len(store.all()) == 6
        store.undo()
        assert store.all() == []

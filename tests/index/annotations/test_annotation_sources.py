"""Tags and notes as fields of the query language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from warreader.index.annotations.sources import AnnotationSource
from warreader.index.article import Span
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database


def test_each_thread_gets_the_answer_to_its_own_question(tmp_path: Path) -> None:
    database = Database(tmp_path / "library.sqlite", LIBRARY_MIGRATIONS)
    asked: list[str] = []

    class Switched(AnnotationSource):
        """Another thread asks whenever the last answer was just kept."""

        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name == "_last" and isinstance(value, tuple) and value[0] == "mine":
                self._of("theirs")

    def places(value: str) -> Mapping[str, Sequence[Span]]:
        asked.append(value)
        return {value: [Span(0, 1)]}

    source = Switched(database, places, lambda: 1)
    assert set(source._of("mine")) == {"mine"}
    assert asked == ["mine", "theirs"]
    database.close()

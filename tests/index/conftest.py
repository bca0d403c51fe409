"""What tests of several parts of the core share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from warreader.index.library import Library

Made = Callable[..., Library]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    """Makes libraries of the records given, each its own, with nothing derived yet."""
    libraries: list[Library] = []

    def make(*records: dict[str, str]) -> Library:
        file = tmp_path / f"articles{len(libraries)}.jsonl"
        file.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
        library = Library(tmp_path / f"library{len(libraries)}")
        libraries.append(library)
        library.add([file], derive=False)
        return library

    yield make
    for library in libraries:
        library.close()

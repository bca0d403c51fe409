"""What all tests share: a library of the five seeds, made once, copied for each test that changes it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is.
settings.register_profile("warreader", deadline=None)
settings.load_profile("warreader")

# One terminal for all: what is painted must not depend on who runs the tests.
os.environ.update(COLORTERM="truecolor", TERM="xterm-256color", TEXTUAL_ANIMATIONS="none")
for _name in ("NO_COLOR", "FORCE_COLOR", "WARREADER_LIBRARY", "WARREADER_CONFIG"):
    os.environ.pop(_name, None)
# Keep every test out of the user's own library, settings and state.
_home = tempfile.mkdtemp(prefix="warreader-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"):
    os.environ[_name] = f"{_home}/{_name.lower()}"

from warreader.index.library import Library  # noqa: E402
from warreader.index.resources import seeds_folder  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library of the five seeds, with all that is derived. Not to be changed."""
    folder = tmp_path_factory.mktemp("seeded")
    with Library(folder) as library:
        report = library.add([seeds_folder()])
    assert len(report.added) == 5
    return folder


@pytest.fixture
def folder(seeded: Path, tmp_path: Path) -> Path:
    """A copy of the seeded library, to be changed at will."""
    return Path(shutil.copytree(seeded, tmp_path / "library"))


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    """An open library of the five seeds."""
    with Library(folder) as opened:
        yield opened


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes go by their number: archives made anew hold the time, and two processes must name one test alike."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None

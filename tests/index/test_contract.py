"""What the packages promise each other: the core knows no screen, and starting costs little."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.conftest import ROOT

import warreader.index


def _loaded_by(script: str) -> set[str]:
    """Names of the modules that are loaded after a script ran in a process of its own."""
    script += "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(ran.stdout.splitlines()[-1]))


def _under(names: set[str], *packages: str) -> set[str]:
    return {name for name in names if name.split(".")[0] in packages}


def _core() -> list[str]:
    path = [str(Path(folder)) for folder in warreader.index.__path__]
    found = [module.name for module in pkgutil.walk_packages(path, "warreader.index.")]
    assert "warreader.index.search.search" in found and "warreader.index.matching.matches" in found
    return found


def test_the_core_imports_no_screen() -> None:
    loaded = _loaded_by(f"import importlib\nfor name in {_core()!r}: importlib.import_module(name)")
    assert set(_core()) <= loaded
    assert not _under(loaded, "textual", "rich")
    assert not {name for name in loaded if name.startswith("warreader.tui")}


def test_the_command_line_starts_without_what_it_may_not_need() -> None:
    loaded = _loaded_by("import warreader.tui.cli")
    assert "warreader.tui.cli" in loaded
    assert not _under(loaded, "textual", "rich", "whoosh", "yaml", "sqlite3", "asyncio", "rapidfuzz")


def test_opening_a_library_loads_no_search_engine() -> None:
    loaded = _loaded_by(
        "import tempfile, pathlib\nfrom warreader.index.library import Library\n"
        "with Library(pathlib.Path(tempfile.mkdtemp())) as library: library.articles.summaries()"
    )
    assert "warreader.index.library" in loaded
    assert not _under(loaded, "textual", "rich", "whoosh", "yaml", "rapidfuzz")


def test_warreader_is_a_namespace_of_two_packages() -> None:
    assert not list(ROOT.glob("*/warreader/__init__.py"))
    spec = find_spec("warreader")
    assert spec is not None and spec.origin is None
    for part in ("index/warreader/index", "tui/warreader/tui"):
        assert (ROOT / part / "py.typed").is_file() and (ROOT / part / "__init__.py").is_file()

"""How the parts of the program hang together: no package needs one that needs it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import warreader.index
import warreader.tui
from warreader.index import api

CORE = Path(next(iter(warreader.index.__path__)))
APP = Path(next(iter(warreader.tui.__path__)))


def _imports(file: Path) -> Iterator[str]:
    """Full names of the modules of ours that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("warreader."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("warreader."):
            for alias in node.names:
                named = f"{node.module}.{alias.name}"
                yield named if _is_module(named) else str(node.module)


def _is_module(name: str) -> bool:
    _, root, *parts = name.split(".")
    place = {"index": CORE, "tui": APP}[root].joinpath(*parts)
    return place.is_dir() or place.with_suffix(".py").is_file()


def _needs() -> dict[str, set[str]]:
    """By package of the core, those that its modules import."""
    packages = {path.name for path in CORE.iterdir() if (path / "__init__.py").is_file()}
    assert {"search", "ingest", "annotations"} <= packages
    needs: dict[str, set[str]] = {}
    for name in packages:
        found = {used.split(".")[2] for file in (CORE / name).rglob("*.py") for used in _imports(file)}
        needs[name] = found & packages - {name}
    return needs


def test_packages_of_the_core_need_each_other_one_way_only() -> None:
    left = _needs()
    # What is needed can be laid out in one order.
    while free := [name for name, found in left.items() if not found]:
        for name in free:
            del left[name]
        for found in left.values():
            found -= set(free)
    assert left == {}, "packages that need each other, directly or through others"


def _app_files() -> list[Path]:
    files = list(APP.rglob("*.py"))
    assert APP / "app.py" in files and APP / "screens" / "reader.py" in files
    return files


def test_the_app_takes_from_the_core_what_its_door_holds_out_and_nothing_else() -> None:
    taken = {
        (str(file.relative_to(APP)), used)
        for file in _app_files()
        for used in _imports(file)
        if used.startswith("warreader.index") and used != "warreader.index.api"
    }
    assert not taken, "import it from warreader.index.api, and have it hold out what is missing there"


def test_the_app_opens_no_files_of_the_library() -> None:
    """Errors of SQLite it may know; how a database or an index is opened it may not."""
    for file in _app_files():
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert not any(alias.name.startswith("whoosh") for alias in node.names), file
            elif isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith(("whoosh", "sqlite3")), file
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert node.value.id != "sqlite3" or node.attr == "Error", file


def test_the_door_holds_out_what_it_names_and_what_is_taken() -> None:
    named = {
        (whole, "", alias.name)
        if _is_module(whole := f"{node.module}.{alias.name}")
        else (str(node.module), alias.name, alias.asname or alias.name)
        for node in ast.walk(ast.parse((CORE / "api.py").read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("warreader.index")
        for alias in node.names
    }
    held_out = set(api._WHERE)
    assert {(module, name, shown) for shown, (module, name) in api._WHERE.items()} == named
    code = "import warreader.index.api as api\nfor name in {names!r}: assert getattr(api, name) is not None"
    for names in (["jsonable"], sorted(held_out)):
        subprocess.run([sys.executable, "-c", code.format(names=names)], check=True, timeout=60)
    taken = {
        alias.name
        for file in _app_files()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "warreader.index.api"
        for alias in node.names
    }
    assert taken == held_out, "what nobody takes needs not be held out"


def test_the_door_loads_only_what_is_asked_for() -> None:
    code = "import sys, warreader.index.api as api; api.Library; print('warreader.index.search.search' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "False"
    with pytest.raises(AttributeError, match="no attribute 'Database'"):
        getattr(api, "Database")  # noqa: B009

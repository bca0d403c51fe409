"""How the parts of the program hang together: no package needs one that needs it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import warreader.index
import warreader.tui

CORE = Path(next(iter(warreader.index.__path__)))
APP = Path(next(iter(warreader.tui.__path__)))

KNOWN = {("entities", "quotations"), ("quotations", "search")}
"""Pairs of packages that still need each other. It gets shorter, never longer."""


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
    needs = _needs()
    # Those known aside, what is needed can be laid out in one order.
    for one, other in KNOWN:
        assert other in needs[one] and one in needs[other], (
            f"{one} and {other} are apart: take them off KNOWN"
        )
    left = {
        name: {used for used in found if tuple(sorted((name, used))) not in KNOWN}
        for name, found in needs.items()
    }
    while free := [name for name, found in left.items() if not found]:
        for name in free:
            del left[name]
        for found in left.values():
            found -= set(free)
    assert left == {}, "packages that need each other, directly or through others"

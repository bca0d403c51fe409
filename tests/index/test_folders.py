"""Where libraries are kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warreader.index.folders import config_folder, default_folder, folder_for


def test_the_same_paths_in_any_order_have_one_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "one", tmp_path / "Новини про війну"
    for path in (one, two):
        path.mkdir()
    kept = folder_for([one, two])
    assert kept == folder_for([two, one]) == folder_for([two, one, tmp_path / "one" / ".." / "one"])
    monkeypatch.chdir(tmp_path)
    assert kept == folder_for([Path("one"), Path("Новини про війну")])
    assert len({kept, folder_for([one]), folder_for([two]), folder_for([tmp_path])}) == 4


def test_any_path_has_a_library_with_a_plain_name(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (Path("/"), loop, tmp_path / os.fsdecode(b"\xff\x1b\n"), tmp_path / ("名" * 80)):
        name = folder_for([path]).name
        assert name.isprintable() and len(name.encode()) < 250


def test_the_default_library_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plain = default_folder()
    assert plain.name == "default" and plain.parent.name == "warreader"
    monkeypatch.setenv("WARREADER_LIBRARY", str(tmp_path / "named"))
    assert default_folder() == tmp_path / "named"
    monkeypatch.setenv("WARREADER_LIBRARY", "")
    assert default_folder() == plain


def test_settings_are_kept_where_the_environment_says_or_the_platform(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WARREADER_CONFIG", "~/named")
    assert config_folder() == tmp_path / "named"
    monkeypatch.delenv("WARREADER_CONFIG")
    assert config_folder().name == "warreader"

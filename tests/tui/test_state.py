"""The theme chosen last, remembered between runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from warreader.tui.state import remember_theme, starting_theme, state_file


def test_a_theme_chosen_is_the_one_to_start_with(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "state.json"
    assert starting_theme("ink", file) == "ink"
    remember_theme("paper", "ink", file)
    assert starting_theme("ink", file) == "paper"
    remember_theme("чорна", "ink", file)
    assert starting_theme("ink", file) == "чорна"
    assert [path.name for path in file.parent.iterdir()] == ["state.json"]


def test_settings_changed_since_win_over_the_choice(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    remember_theme("paper", "ink", file)
    assert starting_theme("dusk", file) == "dusk"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"null",
        b'{"theme": "paper"}',
        b'{"configured": "ink", "theme": 5}',
        b"\xff",
        b"[" * 9999,
    ],
    ids=range(9),
)
def test_a_state_that_can_not_be_read_is_that_of_a_first_run(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "state.json"
    file.write_bytes(content)
    assert starting_theme("ink", file) == "ink"
    remember_theme("paper", "ink", file)
    assert starting_theme("ink", file) == "paper"


def test_a_place_that_can_not_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    remember_theme("paper", "ink", tmp_path / "file" / "state.json")
    (tmp_path / "state.json").mkdir()
    remember_theme("paper", "ink", tmp_path / "state.json")
    assert starting_theme("ink", tmp_path / "state.json") == "ink"


def test_it_is_kept_where_the_platform_keeps_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    remember_theme("paper", "ink")
    assert state_file().is_file()
    assert starting_theme("ink") == "paper"

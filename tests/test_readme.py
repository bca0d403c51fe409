"""What the README promises holds: its queries are read, its settings load, its keys and commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warreader.index.rulings.records import read as read_rulings
from warreader.index.search.parsing import parse
from warreader.tui.arguments import COMMANDS as CLI_COMMANDS
from warreader.tui.commands import COMMANDS, known, shown
from warreader.tui.config import load_config
from warreader.tui.themes import Themes, load_theme

README = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")


def section(title: str) -> str:
    """The text under a heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE)
    assert found is not None, title
    return found.group(1)


def cells(title: str, column: int) -> list[str]:
    """The code spans in one column of a section's table."""
    rows = [line.strip("|").split(" | ") for line in section(title).split("\n") if line.startswith("| `")]
    return [code for row in rows for code in re.findall(r"`([^`]+)`", row[column])]


def test_every_query_shown_is_read_without_complaint() -> None:
    queries = cells("Search", 0)
    assert len(queries) > 15
    for query in queries:
        # A field is shown without its value where the one before says what kind of value it takes.
        asked = f"{query}x" if query.endswith(":") else query
        assert parse(asked).problem is None, query


def test_every_key_shown_exists() -> None:
    known_keys = {shown(key).casefold() for command in COMMANDS for key in command.keys}
    for text in (*cells("Keys", 0), *cells("Keys", 2)):
        # "g g" is one after the other; the motions are many in one cell.
        for key in [text] if text.casefold() in known_keys else text.split(" "):
            assert key.casefold() in known_keys, key


def test_every_command_is_shown_and_exists() -> None:
    named = {code.split(" ")[1] for code in cells("Commands", 0) if " " in code} - {"PATH..."}
    assert named == set(CLI_COMMANDS)


def test_the_settings_shown_load(tmp_path: Path) -> None:
    sample, theme = re.findall(r"```yaml\n(.*?)```", section("Settings and themes"), re.DOTALL)
    (tmp_path / "config.yaml").write_text(sample, "utf-8")
    (tmp_path / "sea.yaml").write_text(theme, "utf-8")
    assert load_theme(tmp_path / "sea.yaml")[1] == []
    config, problems = load_config(tmp_path, known(), Themes().names())
    assert problems == []
    assert config.theme == "sepia" and config.keys["article.next"] == ("plus",)


def test_the_themes_shown_are_those_shipped() -> None:
    (line,) = re.findall(r"^theme: .*# (.*), or your own$", README, re.MULTILINE)
    assert set(line.split(", ")) == set(Themes().names())


@pytest.mark.parametrize("link", re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README))
def test_pictures_are_there(link: str) -> None:
    assert (Path(__file__).resolve().parents[1] / link).is_file()


def test_the_rulings_shown_are_read() -> None:
    (sample,) = re.findall(r"```yaml\n(.*?)```", section("Setting names right"), re.DOTALL)
    assert [ruling.verb for ruling in read_rulings(sample)] == ["rename", "ignore"]

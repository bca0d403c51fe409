"""What the README promises holds: its queries are read, its settings load, its keys and commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warreader.index.rulings.records import read as read_rulings
from warreader.index.search.parsing import parse
from warreader.tui.arguments import COMMANDS as CLI_COMMANDS
from warreader.tui.commands import COMMANDS, DEFAULT_KEYS, known, shown
from warreader.tui.config import load_config
from warreader.tui.screens.help import HelpScreen
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


def keys_told(text: str) -> list[str]:
    """The keys of a code span as the reader names them."""
    known_keys = {shown(key) for command in COMMANDS for key in command.keys}
    text = re.sub(r"\bF(?=\d)", "f", text)
    # "g g" is one after the other; the motions are many in one cell.
    return [text] if text in known_keys else text.split(" ")


MEANT = """
/ search.open  n lit.next  N lit.previous  enter follow  esc close  J article.next  K article.previous  1 pane.articles
5 pane.notes  tab pane.next  z pane.maximise  6 search.facets  O search.order  R search.saved  ctrl+s search.save
U search.fold  Y search.meant  H history.back  L history.forward  f furniture  v select  s select.sentence
Q select.quotation  a annotate  m mark  t tag  x annotation.delete  u undo  ctrl+r redo  ] annotation.next
[ annotation.previous  M mark.all  C codes  P select.paragraph  g_n select.lit  , boundary.start_back  . boundary.start
< boundary.end_back  > boundary.end  E note.edit  I annotation.show  ; annotation.cycle  g_f notes.filter
g_a annotate.article  g_e annotate.entity  g_w annotate.words  g_t results.tag  c compare  y copy  p quotation.speaker
B quotation.bounds  X quotation.reject  = quotation.join  g_q quotations.everywhere  g_o quotation.suggestions  d name
i details  F line.kind  V versions  S copies  A add  ! add.failures  r article.read  * article.star  T themes
D article.remove  f3 layer.entities  f6 layer.hits  q quit  ctrl+z suspend  j cursor.down  k cursor.up
space cursor.page  ctrl+d cursor.half_page  ctrl+u cursor.half_page_up  g_g cursor.first  G cursor.last  h cursor.left
l cursor.right  w cursor.word  b cursor.word_back  e cursor.word_end
0 cursor.line_start  $ cursor.line_end  { cursor.paragraph_back
} cursor.paragraph  o select.other_end
""".split()  # noqa: SIM905
"""What each key of the README does, in the text or everywhere."""


def test_every_key_shown_does_what_is_told_of_it_and_stands_in_the_help() -> None:
    meant = {key.replace("_", " "): command for key, command in zip(MEANT[::2], MEANT[1::2], strict=True)}
    commands = {command.id: command for command in COMMANDS}
    rows = [row for _, group in HelpScreen(DEFAULT_KEYS)._groups() for row in group]
    told = {key for text in (*cells("Keys", 0), *cells("Keys", 2)) for key in keys_told(text)}
    assert told == meant.keys()
    for key, name in meant.items():
        command = commands[name]
        assert key in [shown(one) for one in command.keys], (key, name)
        assert any(key in keys and what == command.help for keys, what in rows), (key, name)


def test_every_command_with_a_key_is_shown() -> None:
    told = {key for text in re.findall(r"`([^`]+)`", section("Keys")) for key in (text, *keys_told(text))}
    # Of "1 … 5" and "F3 … F6" the first and the last are named.
    told |= {"2", "3", "4", "f4", "f5"}
    # What every program has, arrows and pages, is not told.
    usual = {"box.right", "box.down", "box.up", "pane.previous", "cursor.page_up"}
    for command in COMMANDS:
        if command.keys and command.id not in usual:
            assert told & {shown(key) for key in command.keys}, command.id


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

"""Settings: every slip is told with its line, and the rest of the file holds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.tui.config import (
    Config,
    Furniture,
    Layers,
    keys_with,
    load_config,
)
from warreader.tui.keynames import normal_key
from warreader.tui.yamlfile import Problem

KNOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    "search.open": ("global", ("slash",)),
    "mark": ("global", ("m",)),
    "undo": ("global", ("u",)),
    "redo": ("global", ("ctrl+r",)),
    "cursor.down": ("text", ("j", "down")),
    "cursor.first": ("text", ("g g", "home")),
    "select": ("text", ("v",)),
    "list.down": ("list", ("j",)),
    "list.first": ("list", ("g g",)),
}
THEMES = ("ink", "paper", "sepia")


def load(folder: Path, content: str) -> tuple[Config, list[Problem]]:
    (folder / "config.yaml").write_text(content, encoding="utf-8")
    return load_config(folder, KNOWN, THEMES)


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, problems
    return problems[0]


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_config(tmp_path, KNOWN, THEMES) == (Config(), [])
    assert load_config(tmp_path / "absent", None) == (Config(), [])


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").symlink_to(tmp_path / "gone.yaml")
    config, problems = load_config(tmp_path, KNOWN)
    assert config == Config()
    assert "No such file" in only(problems).message


def test_all_settings_are_read(tmp_path: Path) -> None:
    config, problems = load(
        tmp_path,
        "theme: sepia\ncreator: desk 3\nfurniture: show\nlayers: {entities: no, hits: false}\n"
        'keys:\n  mark: ["M", "ctrl+k"]\n  undo: []\n  cursor.first: "0"\n  redo: 7\n',
    )
    assert problems == []
    assert config.theme == "sepia"
    assert config.creator == "desk 3"
    assert config.furniture is Furniture.SHOW
    assert config.layers == Layers(entities=False, hits=False)
    assert config.keys == {"mark": ("M", "ctrl+k"), "undo": (), "cursor.first": ("0",), "redo": ("7",)}


def test_no_creator_may_be_written(tmp_path: Path) -> None:
    for value in ("null", "", "'  '"):
        config, problems = load(tmp_path, f"creator: {value}\n")
        assert config.creator is None
        assert problems == []


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("furniture: show\nthem: ink\n", 2, 'did you mean "theme"'),
        ("furniture: show\ntheme: spia\n", 2, 'did you mean "sepia"'),
        ("furniture: show\ntheme: [ink]\n", 2, "a list"),
        ("furniture: show\ncreator: {a: b}\n", 2, "names and values"),
        ("furniture: show\nlayers: {names: true}\n", 2, "no layer"),
        ("furniture: show\nlayers:\n  hits: 3\n", 3, "true or false"),
        ("furniture: show\nkeys: j\n", 2, "name: value"),
        ("furniture: show\nkeys:\n  mrak: j\n", 3, 'did you mean "mark"'),
        ("furniture: show\nkeys:\n  mark: entr\n", 3, 'did you mean "enter"'),
        ("furniture: show\nkeys:\n  mark: ctrl+foo\n", 3, "no key"),
        ("furniture: show\nkeys:\n  mark: g g g\n", 3, "at most two"),
        ("furniture: show\nkeys:\n  mark: ~\n", 3, "quotes"),
        ("furniture: show\nkeys:\n  mark: {a: b}\n", 3, "list"),
        ("furniture: show\nfurniture: fold\n", 2, "twice"),
    ],
)
def test_a_slip_is_told_with_its_line_and_the_rest_holds(
    tmp_path: Path, content: str, line: int, words: str
) -> None:
    config, problems = load(tmp_path, content)
    problem = only(problems)
    assert problem.line == line
    assert words in problem.message
    assert str(problem).startswith(f"{tmp_path / 'config.yaml'}:{line}: ")
    assert config == Config(furniture=Furniture.SHOW)


def test_furniture_is_folded_or_shown(tmp_path: Path) -> None:
    config, problems = load(tmp_path, "theme: paper\nfurniture: hide\n")
    assert (config.theme, config.furniture) == ("paper", Furniture.FOLD)
    assert "fold or show" in only(problems).message


def test_of_several_keys_the_good_ones_hold(tmp_path: Path) -> None:
    config, problems = load(tmp_path, "keys:\n  mark:\n    - M\n    - nokey\n    - f2\n")
    assert config.keys == {"mark": ("M", "f2")}
    assert only(problems).line == 4


def test_a_file_that_is_no_yaml_leaves_the_defaults(tmp_path: Path) -> None:
    config, problems = load(tmp_path, "theme: sepia\nkeys:\n\tmark: M\n")
    assert config == Config()
    assert only(problems).line == 3


# Clashes


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        ("keys:\n  mark: u\n", 2, 'mark: "u" is taken by undo'),
        ("keys:\n  select: u\n", 2, '"u" is taken by undo'),
        ("keys:\n  mark: j\n", 2, '"j" is taken by cursor.down'),
        ("keys:\n  select: j\n", 2, '"j" is taken by cursor.down'),
        ("keys:\n  mark: /\n", 2, '"/" is taken by search.open'),
        ("keys:\n  select: g\n", 2, "begin alike"),
        ("keys:\n  select: v g\n  mark: v\n", 3, "begin alike"),
        ("keys:\n  select: X\n  mark: X\n", 3, '"X" is taken by select'),
        ("keys:\n  mark: ctrl+i\n  select: tab\n", 3, '"tab" is taken by mark'),
    ],
)
def test_a_clash_is_told_with_the_line_of_the_later(
    tmp_path: Path, content: str, line: int, told: str
) -> None:
    config, problems = load(tmp_path, content)
    problem = only(problems)
    assert problem.line == line
    assert told in problem.message
    assert told.split(":")[0] not in config.keys
    assert_no_clash(keys_with(config.keys, KNOWN))


def test_no_clash_between_places_that_are_apart(tmp_path: Path) -> None:
    config, problems = load(tmp_path, "keys:\n  select: x\n  list.down: [x, down]\n")
    assert problems == []
    assert config.keys == {"select": ("x",), "list.down": ("x", "down")}


def test_two_commands_may_swap_their_keys(tmp_path: Path) -> None:
    config, problems = load(tmp_path, "keys:\n  mark: u\n  undo: m\n")
    assert problems == []
    assert config.keys == {"mark": ("u",), "undo": ("m",)}


def test_two_sequences_may_begin_alike(tmp_path: Path) -> None:
    config, problems = load(tmp_path, "keys:\n  select: g s\n")
    assert problems == []
    assert config.keys == {"select": ("g s",)}


def test_a_key_that_falls_back_to_its_default_can_clash_in_turn(tmp_path: Path) -> None:
    # "mark" can't have "u" and goes back to "m", which "redo" had taken while it was free.
    config, problems = load(tmp_path, "keys:\n  redo: m\n  mark: u\n")
    assert [problem.line for problem in problems] == [2, 3]
    assert config.keys == {}
    assert_no_clash(keys_with(config.keys, KNOWN))


def test_only_the_clashing_one_of_several_keys_goes(tmp_path: Path) -> None:
    config, problems = load(tmp_path, "keys:\n  mark: [u, M]\n")
    assert config.keys == {"mark": ("M",)}
    assert only(problems).line == 2


def test_without_known_commands_names_of_keys_are_still_checked(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("keys:\n  any.thing: x\n  other: nokey\n", encoding="utf-8")
    config, problems = load_config(tmp_path)
    assert config.keys == {"any.thing": ("x",)}
    assert only(problems).line == 3


def assert_no_clash(keys: dict[str, tuple[str, ...]]) -> None:
    for one, other in ((one, other) for one in keys for other in keys if one < other):
        scopes = {KNOWN[one][0], KNOWN[other][0]}
        if len(scopes) == 1 or "global" in scopes:
            for key in keys[one]:
                assert key not in keys[other]
                assert not any(f"{key} " == long[: len(key) + 1] for long in keys[other])
                assert not any(key.startswith(f"{short} ") for short in keys[other])


KEYS = st.sampled_from(
    ["j", "u", "m", "/", "v", "g", "g g", "g s", "v g", "home", "down", "ctrl+r", "nokey", "x"]
)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(sorted(KNOWN)), st.lists(KEYS, max_size=3), max_size=6))
def test_whatever_is_set_the_keys_in_force_never_clash(
    tmp_path_factory: pytest.TempPathFactory, wanted: dict[str, list[str]]
) -> None:
    lines = "".join(f"  {command}: {keys}\n" for command, keys in wanted.items())
    config, _ = load(tmp_path_factory.getbasetemp(), f"keys:\n{lines}")
    assert_no_clash(keys_with(config.keys, KNOWN))


def test_keys_with_fills_in_the_defaults() -> None:
    keys = keys_with({"mark": ("*", "f2"), "undo": (), "unknown": ("x",)}, KNOWN)
    assert set(keys) == set(KNOWN)
    assert keys["mark"] == ("asterisk", "f2")
    assert keys["undo"] == ()
    assert keys["cursor.first"] == ("g g", "home")


def test_the_shipped_commands_have_keys_that_are_keys_and_dont_clash() -> None:
    from warreader.tui.commands import known

    commands = known()
    assert keys_with({}, commands) == {command: keys for command, (_, keys) in commands.items()}


def test_a_hostile_file_is_handled_at_once(tmp_path: Path) -> None:
    many = ", ".join(f'"{chr(0x4E00 + number)}"' for number in range(900))
    started = time.perf_counter()
    _, problems = load(tmp_path, f"keys:\n  mark: [{many}]\n  undo: [{many}]\n")
    assert time.perf_counter() - started < 2
    assert sum("more than 10" in problem.message for problem in problems) == 2
    started = time.perf_counter()
    load(tmp_path, "keys:\n" + "".join(f"  unknown.command.{number}: x\n" for number in range(2000)))
    load(tmp_path, "theme: " + "a" * 200_000 + "\nkeys:\n  mark: " + "ctrl+" * 40_000 + "\n")
    assert time.perf_counter() - started < 2


# Names of keys


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("/", "slash"),
        ("slash", "slash"),
        (",", "comma"),
        ("*", "asterisk"),
        ("~", "tilde"),
        ("-", "minus"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("j", "j"),
        ("J", "J"),
        ("shift+j", "J"),
        ("ї", "ї"),
        ("«", "left_pointing_double_angle_quotation_mark"),
        ("№", "numero_sign"),
        ("0", "0"),
        (" ", "space"),
        ("esc", "escape"),
        ("Enter", "enter"),
        ("PgDn", "pagedown"),
        ("Ctrl+D", "ctrl+d"),
        ("shift+tab", "shift+tab"),
        ("shift+ctrl+left", "ctrl+shift+left"),
        ("ctrl+m", "enter"),
        ("f12", "f12"),
        ("g g", "g g"),
        ("g  /", "g slash"),
    ],
)
def test_a_key_has_one_name(written: str, name: str) -> None:
    assert normal_key(written) == name
    assert normal_key(name) == name


@pytest.mark.parametrize(
    "written",
    ["", "   ", "jj", "fire", "f25", "ctrl+", "hold+j", "shift+/", "g g g", "\0", "\x1b", "<any>", "\u0301"],
)
def test_what_is_no_key_has_no_name(written: str) -> None:
    assert normal_key(written) is None


@pytest.mark.parametrize(
    "pressed", ["a", "Q", "slash", "question_mark", "ctrl+d", "shift+tab", "pagedown", "f3"]
)
async def test_the_names_are_those_that_textual_answers_to(pressed: str) -> None:
    from textual.app import App
    from textual.binding import Binding

    class Pressed(App[None]):
        BINDINGS = [Binding(pressed, "note", priority=True)]  # noqa: RUF012
        noted = 0

        def action_note(self) -> None:
            self.noted += 1

    app = Pressed()
    async with app.run_test() as pilot:
        await pilot.press(pressed)
    assert normal_key(pressed) == pressed
    assert app.noted == 1


@given(st.text(max_size=80))
def test_any_text_is_a_key_or_none(text: str) -> None:
    name = normal_key(text)
    assert name is None or normal_key(name) == name


@given(st.binary(max_size=300))
def test_arbitrary_bytes_leave_a_whole_config(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "config.yaml").write_bytes(data)
    config, problems = load_config(folder, KNOWN, THEMES)
    assert config.theme in THEMES
    assert all(str(problem).isprintable() for problem in problems)

"""YAML files written by hand: whatever is in them becomes lines of text, never a traceback."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.tui import yamlfile
from warreader.tui.yamlfile import Mapping, Problem


def read(tmp_path: Path, content: str | bytes) -> tuple[Mapping | None, list[Problem]]:
    file = tmp_path / "file.yaml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    problems: list[Problem] = []
    return yamlfile.load(file, problems), problems


def refused(tmp_path: Path, content: str | bytes) -> Problem:
    top, problems = read(tmp_path, content)
    assert top is None
    assert len(problems) == 1
    return problems[0]


def test_values_know_their_lines(tmp_path: Path) -> None:
    top, problems = read(tmp_path, '# a comment\ntitle: Words\nlist:\n  - "one"\n  - two\nsub:\n  on: true\n')
    assert top is not None
    assert problems == []
    assert top.text("title") == "Words"
    assert top.line_of("title") == 2
    assert top.texts("list") == [(4, "one"), (5, "two")]
    assert top.mapping("sub").flag("on") is True
    assert top.mapping("sub").line_of("on") == 7


def test_a_problem_is_one_line_with_its_place() -> None:
    assert str(Problem(Path("a/b.yaml"), 7, "wrong: do this")) == "a/b.yaml:7: wrong: do this"
    assert str(Problem(Path("a/b.yaml"), None, "wrong: do this")) == "a/b.yaml: wrong: do this"
    assert str(Problem(Path("a\nb.yaml"), 1, "wrong")) == "a\\nb.yaml:1: wrong"


@pytest.mark.parametrize("content", ["", "\n\n", "# only words\n", "---\n", "~", "\ufeff"])
def test_a_file_without_values_is_an_empty_mapping(tmp_path: Path, content: str) -> None:
    top, problems = read(tmp_path, content)
    assert top is not None
    assert list(top) == []
    assert problems == []


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("a: 1\n- b\n", 2, "quotes"),
        ("just words", 1, "name: value"),
        ("- a\n- b\n", 1, "name: value"),
        ("a: b\nc:\n\td: e\n", 3, "tab"),
        ("a: 'never closed\n", 1, "quote"),
        ("a: 1\nb: &x [1]\n", 2, "anchors"),
        ("a: 1\n\nb: *x\n", 3, "aliases"),
        ("a: b\n---\na: c\n", 2, "document"),
        ("a: b\nc: \x07\n", 2, "U+0007"),
        ("a: " + "[" * 100, 1, "deep"),
    ],
)
def test_what_is_no_mapping_is_refused_with_its_line(
    tmp_path: Path, content: str, line: int, word: str
) -> None:
    problem = refused(tmp_path, content)
    assert word in problem.message
    assert problem.line == line


def test_too_many_values_are_refused(tmp_path: Path) -> None:
    problem = refused(tmp_path, "a:\n" + "  - 1\n" * 6000)
    assert "too many" in problem.message
    assert problem.line is not None
    assert 4900 < problem.line < 5001


def test_bytes_that_are_no_utf8_are_refused_with_their_line(tmp_path: Path) -> None:
    problem = refused(tmp_path, b"a: b\nc: \xff\xfe\n")
    assert problem.line == 2
    assert "UTF-8" in problem.message
    assert "UTF-8" in refused(tmp_path, "a: b".encode("utf-16")).message


def test_a_bomb_of_aliases_is_refused_at_once(tmp_path: Path) -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for one, two in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{two}: &{two} [{','.join([f'*{one}'] * 9)}]\n"
    started = time.perf_counter()
    assert refused(tmp_path, bomb).line == 1
    assert time.perf_counter() - started < 1


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    assert "1,000,000" in refused(tmp_path, "#" * 1_000_001).message


def test_a_file_that_cant_be_read_is_reported(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert yamlfile.load(tmp_path / "absent.yaml", problems) is None
    assert yamlfile.load(tmp_path, problems) is None
    assert yamlfile.load(Path("a\0b.yaml"), problems) is None
    assert [problem.line for problem in problems] == [None] * 3
    assert "No such file" in problems[0].message
    assert "not a file" in problems[1].message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    problems: list[Problem] = []
    assert yamlfile.load(pipe, problems) is None
    assert "not a file" in problems[0].message


def test_a_name_set_twice_is_reported_and_the_first_holds(tmp_path: Path) -> None:
    top, problems = read(tmp_path, "a: one\nb: two\na: three\n")
    assert top is not None
    assert top.text("a") == "one"
    assert [(problem.line, "line 1" in problem.message) for problem in problems] == [(3, True)]


def test_names_that_are_no_text_are_reported(tmp_path: Path) -> None:
    top, problems = read(tmp_path, "a: b\n? [x, y]\n: c\n")
    assert top is not None
    assert list(top) == ["a"]
    assert [problem.line for problem in problems] == [2]


def test_an_unknown_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    top, problems = read(tmp_path, "titel: x\nzzz: y\n")
    assert top is not None
    top.only(("title", "dark"), "setting")
    assert 'did you mean "title"' in str(problems[0])
    assert "known: dark, title" in str(problems[1])


def test_many_unknown_names_are_summed_up(tmp_path: Path) -> None:
    top, problems = read(tmp_path, "".join(f"name{number}: x\n" for number in range(100)))
    assert top is not None
    top.only(("title",), "setting")
    assert len(problems) == yamlfile.MAX_REPORTS + 1
    assert "80 more" in problems[-1].message


def test_a_colour_without_quotes_is_explained(tmp_path: Path) -> None:
    top, problems = read(tmp_path, "colour: #1b1e24\n")
    assert top is not None
    assert top.text("colour") is None
    assert "quotes" in problems[0].message
    assert problems[0].line == 1


@pytest.mark.parametrize(
    "value", ["12", "1.5", "true", "[a]", "{a: b}", "2022-02-24", "!!python/name:os.x y"]
)
def test_a_text_of_another_type_is_reported(tmp_path: Path, value: str) -> None:
    top, problems = read(tmp_path, f"x: 1\na: {value}\n")
    assert top is not None
    assert top.text("a") is None
    assert [problem.line for problem in problems] == [2]


@pytest.mark.parametrize("value", ["12", "maybe", "[true]", '"true"', "!!bool perhaps"])
def test_a_flag_of_another_type_is_reported(tmp_path: Path, value: str) -> None:
    top, problems = read(tmp_path, f"a: {value}\n")
    assert top is not None
    assert top.flag("a") is None
    assert "true or false" in problems[0].message


def test_a_section_of_another_type_is_reported_and_empty(tmp_path: Path) -> None:
    top, problems = read(tmp_path, "a: word\nb: [1]\nc:\n")
    assert top is not None
    assert [len(top.mapping(name)) for name in "abcd"] == [0, 0, 0, 0]
    assert [problem.line for problem in problems] == [1, 2]


def test_digits_count_as_text_in_lists(tmp_path: Path) -> None:
    top, problems = read(tmp_path, "a: 1\nb: [1, 'x']\nc: []\nd: {}\ne: ~\n")
    assert top is not None
    assert top.texts("a") == [(1, "1")]
    assert top.texts("b") == [(2, "1"), (2, "x")]
    assert top.texts("c") == []
    assert problems == []
    assert top.texts("d") is None
    assert top.texts("e") is None
    assert [problem.line for problem in problems] == [4, 5]


def everything(top: Mapping, depth: int = 0) -> None:
    for name in list(top):
        top.text(name)
        top.flag(name)
        top.texts(name)
        if depth < yamlfile.MAX_DEPTH:
            everything(top.mapping(name), depth + 1)
    top.only(("title",), "setting")


@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_arbitrary_bytes_never_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    top, problems = read(tmp_path_factory.getbasetemp(), data)
    assert (top is None) <= bool(problems)
    if top is not None:
        everything(top)
    assert all(len(str(problem).splitlines()) == 1 and str(problem).isprintable() for problem in problems)


@given(st.text(alphabet="ab:-[]{}\"'#&*!|>%@`?,~ \n\t0", max_size=80))
def test_marks_of_yaml_never_raise(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    top, problems = read(tmp_path_factory.getbasetemp(), text)
    if top is not None:
        everything(top)
    assert all(len(str(problem).splitlines()) == 1 for problem in problems)


@pytest.mark.parametrize("unit", ["a", "“", "A ", "a: ", "[", "{", "- ", '"', "- a\n", "a: b\n", "!", "? "])
def test_long_lines_are_handled_at_once(tmp_path: Path, unit: str) -> None:
    started = time.perf_counter()
    top, _ = read(tmp_path, unit * 200_000)
    if top is not None:
        everything(top)
    assert time.perf_counter() - started < 2

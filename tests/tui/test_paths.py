"""What is typed to be added: completed as in a shell, checked at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.errors import UsageError
from warreader.index.ingest.pieces import is_address
from warreader.tui.paths import complete, named


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("saved pages", "saved mail", "Export.jsonl", ".hidden"):
        path = tmp_path / name
        if "." in name:
            path.write_text("x", "utf-8")
        else:
            path.mkdir()
    return tmp_path


def test_one_name_is_completed_whole_a_folder_with_its_slash(folder: Path) -> None:
    (folder / "saved pages" / "one.html").write_text("x", "utf-8")
    assert complete(f"{folder}/saved p").text == f"{folder}/saved pages/"
    assert complete(f"{folder}/saved pages/").text == f"{folder}/saved pages/one.html"
    assert complete(f"{folder}/saved pages/one.html").text == f"{folder}/saved pages/one.html"


def test_several_names_are_completed_as_far_as_they_agree(folder: Path) -> None:
    found = complete(f"{folder}/sa")
    assert found.text == f"{folder}/saved "
    assert list(found.names) == ["saved mail/", "saved pages/"]


def test_case_matters_only_where_it_helps(folder: Path) -> None:
    assert complete(f"{folder}/exp").text == f"{folder}/Export.jsonl"


def test_hidden_names_want_their_dot(folder: Path) -> None:
    assert list(complete(f"{folder}/").names) == ["Export.jsonl", "saved mail/", "saved pages/"]
    assert complete(f"{folder}/.h").text == f"{folder}/.hidden"


def test_what_leads_nowhere_stays_as_it_is(folder: Path) -> None:
    for text in (f"{folder}/nothing", "/no/such/folder/x", "https://example.org/", "", "a\0b"):
        assert complete(text).text == text or text == ""


def test_a_path_is_made_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert named("Export.jsonl") == str(folder / "Export.jsonl")
    assert named(f"'{folder}/saved pages'") == str(folder / "saved pages")
    assert named(" https://example.org/a ") == "https://example.org/a"
    monkeypatch.setenv("HOME", str(folder))
    assert named("~/saved mail") == str(folder / "saved mail")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "type the path"),
        ("missing.jsonl", "no such file"),
        ("https://", "no address"),
        ("http://a b", "no address"),
    ],
)
def test_what_cannot_be_added_is_told_in_one_line(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        named(text)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=40))
def test_anything_typed_is_completed_or_left(text: str) -> None:
    found = complete(text).text
    assert found == text or found.casefold().startswith(text.rpartition("/")[0].casefold())
    assert is_address("HTTPS://x.org")

"""Lists of names that users keep: what is read, what is told, what it changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Label, Line, LineKind
from warreader.index.entities.entities import own_folders
from warreader.index.entities.lexicon import lexicon, with_own
from warreader.index.entities.own_names import fingerprint, read
from warreader.index.entities.recogniser import Recogniser
from warreader.index.entities.resolver import resolve
from warreader.index.library import Library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "names").mkdir()
    return tmp_path / "names"


def test_forms_of_one_name_are_one_entity(folder: Path) -> None:
    (folder / "mine.yaml").write_text(
        "PERSON:\n  - [Iryna Example, Irusia]\nUNIT:\n  - Grey Herons\n", encoding="utf-8"
    )
    own = read([folder])
    assert own.problems == []
    assert own.files == {folder / "mine.yaml": 2}
    text = "Then Irusia came, and the Grey Herons with her. Iryna Example waved."
    known = with_own(lexicon(), own.names)
    found = Recogniser(known).recognise(text, [Line(0, len(text), LineKind.BODY)])
    resolved = resolve(text, found, known)
    assert [(text[r.found.start : r.found.end], r.identity.name, r.identity.label) for r in resolved] == [
        ("Irusia", "Iryna Example", Label.PERSON),
        ("Grey Herons", "Grey Herons", Label.UNIT),
        ("Iryna Example", "Iryna Example", Label.PERSON),
    ]


def test_more_forms_of_a_listed_name_go_to_its_entity(folder: Path) -> None:
    (folder / "a.yml").write_text("GPE: [[Kyiv, Kyjiw]]\n", encoding="utf-8")
    known = with_own(lexicon(), read([folder]).names)
    assert known.names["Kyjiw"].id == lexicon().names["Kyiv"].id


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("PERSON:\n  - Good Name\n  - {a: b}\n", 3, "a name is text"),
        ("PERSON:\n  - Good Name\nTOWN:\n  - X\n", 3, "no such kind"),
        ("PERSON:\n  - Good Name\nUNIT: Herons\n", 3, "wants a list"),
        ("PERSON:\n  - Good Name\n  - 2022\n", 3, "put it in quotes"),
        ("PERSON:\n  - Good Name\n  - ''\n", 3, "empty name"),
        ("PERSON:\n  - Good Name\n  - []\n", 3, "empty list"),
        ("PERSON:\n  - Good Name\n  - !!python/object/apply:os.system [x]\n  - {}\n", 4, "a name is text"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_the_rest_is_used(
    folder: Path, content: str, line: int, said: str
) -> None:
    path = folder / "list.yaml"
    path.write_text(content, encoding="utf-8")
    own = read([folder])
    assert own.names[0].forms == ("Good Name",)
    assert any(problem.startswith(f"{path}:{line}: ") and said in problem for problem in own.problems)


def test_a_broken_file_does_not_keep_another_from_being_read(folder: Path) -> None:
    (folder / "a.yaml").write_text("PERSON:\n\t- x\n", encoding="utf-8")
    (folder / "b.yaml").write_bytes(b"PERSON: [\xff]")
    (folder / "c.yaml").write_text("PERSON: [Good Name]\n", encoding="utf-8")
    (folder / "d.yaml").write_text("[" * 3000, encoding="utf-8")
    own = read([folder])
    assert [name.forms for name in own.names] == [("Good Name",)]
    assert [problem.split(":")[0] for problem in own.problems] == [str(folder / f"{n}.yaml") for n in "abd"]


@given(st.text(max_size=200))
def test_any_text_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    folder = tmp_path_factory.mktemp("names")
    (folder / "x.yaml").write_bytes(content.encode("utf-8", "surrogatepass"))
    own = read([folder])
    assert own.problems or own.files


def test_a_changed_list_has_names_found_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARREADER_CONFIG", str(tmp_path / "config"))
    article = tmp_path / "a.txt"
    article.write_text("Troops moved.\n\nThen the grey herons attacked the town at night, he said.\n")
    with Library(tmp_path / "library") as library:
        library.add([article])
        assert not library.behind
    lists = tmp_path / "library" / "names"
    lists.mkdir()
    (lists / "x.yaml").write_text("UNIT: [grey herons]\n", encoding="utf-8")
    assert fingerprint([lists]) != 0
    with Library(tmp_path / "library") as library:
        assert library.behind
        library.update()
        assert not library.behind
        assert [entity.name for entity in library.entities.entities(label=Label.UNIT)] == ["grey herons"]


def test_a_reader_sees_what_another_process_found_by_a_changed_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARREADER_CONFIG", str(tmp_path / "config"))
    article = tmp_path / "a.txt"
    article.write_text("Troops moved.\n\nThen the grey herons attacked the town at night, he said.\n")
    lists = tmp_path / "library" / "names"
    with Library(tmp_path / "library") as reader:
        reader.add([article])
        key = reader.articles.summaries()[0].key
        assert reader.derivation.waits(key) == set()
        lists.mkdir()
        for content in ("UNIT: [grey herons]\n", "ORG: [grey herons]\n"):
            (lists / "x.yaml").write_text(content, encoding="utf-8")
            # Until somebody works on it, nothing is waited for.
            assert reader.derivation.waits(key) == set()
            with Library(tmp_path / "library") as other:
                other.derivation._note()
                assert "entities" in reader.derivation.waits(key)
                other.update()
            assert reader.derivation.waits(key) == set()
        assert [entity.name for entity in reader.entities.entities(label=Label.ORG)] == ["grey herons"]
        # What the reader itself does next is by the list as it is then.
        (lists / "x.yaml").write_text("PERSON: [grey herons]\n", encoding="utf-8")
        assert reader.behind
        reader.update()
        assert not reader.behind and reader.derivation.waits(key) == set()
        assert [entity.name for entity in reader.entities.entities(label=Label.PERSON)] == ["grey herons"]


def test_lists_lie_with_the_settings_wherever_these_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WARREADER_CONFIG", "~/settings")
    assert own_folders(tmp_path / "library") == (
        tmp_path / "library" / "names",
        tmp_path / "settings" / "names",
    )


def test_a_folder_that_cannot_be_looked_into_is_told_and_keeps_nobody_from_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = tmp_path / "library" / "names"
    lists.mkdir(parents=True)
    plain = Path.iterdir

    def refused(self: Path) -> Iterator[Path]:
        if self == lists:
            raise PermissionError(13, "Permission denied", str(self))
        return plain(self)

    monkeypatch.setattr(Path, "iterdir", refused)
    with Library(tmp_path / "library") as library:
        assert library.entities.own_names().problems == [
            f"{lists}: can't be read (Permission denied); check its permissions"
        ]
        assert not library.behind

"""A trained model's word: merging it, asking for it, keeping it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Label, Line, LineKind
from warreader.index.entities import model, model_process
from warreader.index.entities.merging import Said
from warreader.index.entities.model import ModelProcess, cut
from warreader.index.entities.recogniser import Recogniser
from warreader.index.errors import ModelError
from warreader.index.ingest.lines import classify
from warreader.index.library import Library


def names(text: str, *marked: tuple[str, str]) -> list[tuple[str, str]]:
    said = [Said(text.index(form), text.index(form) + len(form), label) for form, label in marked]
    found = Recogniser().recognise(text, [Line(0, len(text), LineKind.BODY)], said)
    return [(text[f.start : f.end], str(f.label)) for f in found if f.label not in (Label.DATE, Label.NUMBER)]


def test_a_model_tells_the_kind_of_an_unknown_name() -> None:
    text = "Shares fell after Zorbaxa spoke of losses."
    assert names(text, ("Zorbaxa", "ORG")) == [("Zorbaxa", "ORG")]
    assert names(text) != names(text, ("Zorbaxa", "ORG"))


def test_lists_and_forms_go_before_the_model() -> None:
    text = "In Kyiv the 3rd Assault Brigade met Bakhmut men."
    assert names(text, ("Kyiv", "PERSON"), ("Assault Brigade", "ORG"), ("Bakhmut", "ORG")) == [
        ("Kyiv", "GPE"),
        ("3rd Assault Brigade", "UNIT"),
        ("Bakhmut", "GPE"),
    ]


def test_a_longer_span_of_the_model_holds_the_listed_name() -> None:
    text = "He works for the Kharkiv Zoo Keepers in town."
    assert names(text, ("the Kharkiv Zoo Keepers", "ORG")) == [("Kharkiv Zoo Keepers", "ORG")]


def test_articles_marks_and_possessives_are_no_part_of_a_name() -> None:
    text = "It was the Zorbaxa’s doing."
    assert names(text, ("the Zorbaxa’s", "ORG")) == [("Zorbaxa", "ORG")]


_SPAN = st.tuples(
    st.integers(0, 90), st.integers(1, 30), st.sampled_from(["PERSON", "ORG", "GPE", "LAW", "X"])
)


@given(st.text(alphabet=st.sampled_from("AbKyiv ’s.\n-Putin"), max_size=100), st.lists(_SPAN, max_size=8))
def test_whatever_a_model_says_spans_stay_apart_and_inside_lines(
    text: str, marks: list[tuple[int, int, str]]
) -> None:
    said = [Said(a, min(a + n, len(text)), label) for a, n, label in marks if a < len(text)]
    lines = classify(text)
    end = 0
    for found in Recogniser().recognise(text, lines, said):
        assert end <= found.start < found.end
        end = found.end
        assert any(line.kept and line.start <= found.start and found.end <= line.end for line in lines)


@given(st.text(alphabet=st.sampled_from("ab \n"), max_size=20000))
def test_pieces_are_the_text(text: str) -> None:
    pieces = list(cut(text))
    assert all(text[start : start + len(piece)] == piece for start, piece in pieces)
    assert sum(len(piece.split()) for _, piece in pieces) >= len(text.split())
    assert all(0 < len(piece) <= 4000 for _, piece in pieces)


def test_none_is_asked_where_none_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "_found", lambda _: False)
    monkeypatch.delenv("WARREADER_MODEL", raising=False)
    assert model.chosen() is None
    monkeypatch.setenv("WARREADER_MODEL", "nosuch")
    with pytest.raises(ModelError, match=r"nosuch.*pip install"):
        model.chosen()
    monkeypatch.setenv("WARREADER_MODEL", "off")
    assert model.chosen() is None


@pytest.mark.parametrize("text", ["Text.", "Д" * 50_000], ids=["short", "more than a pipe holds"])
def test_a_process_that_fails_is_told_in_one_line(text: str) -> None:
    with pytest.raises(ModelError) as raised, ModelProcess("no_such_pipeline") as process:
        process.read([text])
    assert "Broken pipe" not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "pip install" in str(raised.value)


@pytest.mark.parametrize("described", ["{", "[]", '{"lang": "en"}', "\xff"])
def test_a_folder_that_holds_no_pipeline_is_told(tmp_path: Path, described: str) -> None:
    (tmp_path / "meta.json").write_bytes(described.encode("latin-1"))
    with pytest.raises(ModelError, match=r"meta\.json: does not describe a spaCy pipeline"):
        model.identity(str(tmp_path))


def test_the_process_answers_a_line_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Pipeline:
        def pipe(self, texts: Sequence[str], batch_size: int) -> Any:
            assert batch_size > 1
            for text in texts:
                mark = SimpleNamespace(start_char=0, end_char=len(text), label_="ORG")
                yield SimpleNamespace(ents=[mark])

    monkeypatch.setattr(model_process, "load", lambda _: Pipeline())
    monkeypatch.setattr("os.nice", lambda _: 0)
    monkeypatch.setattr(sys, "stdin", iter(['["Acme", "Zorbaxa"]\n']))
    assert model_process.main("any") == 0
    assert json.loads(capsys.readouterr().out) == {"said": [[[0, 4, "ORG"]], [[0, 7, "ORG"]]]}


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("WARREADER_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("WARREADER_MODEL", "off")
    article = tmp_path / "a.txt"
    article.write_text("News of the day\n\nShares fell after Zorbaxa spoke of losses in the town, he said.\n")
    with Library(tmp_path / "library") as library:
        library.add([article])
        yield library


def test_what_a_model_said_is_kept_by_text_and_model(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def read(_: ModelProcess, texts: Sequence[str]) -> list[list[Said]]:
        asked.extend(texts)
        return [[Said(text.index("Zorbaxa"), text.index("Zorbaxa") + 7, "ORG")] for text in texts]

    def labels() -> set[Label]:
        return {entity.label for entity in library.entities.entities() if entity.name == "Zorbaxa"}

    before = labels()
    monkeypatch.setenv("WARREADER_MODEL", "some_model")
    monkeypatch.setattr(model, "_found", lambda _: True)
    monkeypatch.setattr(ModelProcess, "read", read)
    assert library.model.waits
    library.update(model=False)
    assert labels() == before
    library.update()
    assert labels() == {Label.ORG} != before
    assert not library.model.waits
    assert not library.behind
    library.update()
    assert len(asked) == 1
    with library._database.transaction() as connection:
        connection.execute("DELETE FROM derived")
    library.update()
    assert len(asked) == 1
    assert labels() == {Label.ORG}


def test_a_spacy_pipeline_is_read(tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    spacy = pytest.importorskip("spacy")
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "Zorbaxa"}])
    pipeline.to_disk(tmp_path / "pipeline")
    monkeypatch.setenv("WARREADER_MODEL", str(tmp_path / "pipeline"))
    library.update()
    assert [e.label for e in library.entities.entities() if e.name == "Zorbaxa"] == [Label.ORG]

"""A sentence model's word on how alike statements are.

The model beside this file knows six words, two and more of which mean the same; it takes ids and a mask and gives a
vector a word, as those do that are published.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from warreader.index.matching import meaning
from warreader.index.matching.meaning import MeaningError, likeness

MODEL = Path(__file__).parent / "sentences"


@pytest.fixture(autouse=True)
def _none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARREADER_SENTENCES", str(tmp_path / "none"))


def test_without_a_model_there_is_no_likeness_and_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    assert likeness() is None
    assert str(tmp_path / "none") in meaning.remedy() and "\n" not in meaning.remedy()


def test_where_nothing_is_installed_that_is_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert likeness() is None
    assert 'pip install "warreader[sentences]"' in meaning.remedy()


@pytest.fixture
def installed() -> None:
    """An extra: not everybody who runs the tests has it."""
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")


@pytest.mark.usefixtures("installed")
def test_words_of_one_meaning_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARREADER_SENTENCES", str(MODEL))
    alike = likeness()
    assert alike is not None
    assert alike("attack", "assault") == pytest.approx(1, abs=1e-4)
    assert alike("grain harvest", "crop") == pytest.approx(1, abs=1e-4)
    assert alike("attack", "harvest") < 0.1
    # Padding, which the tokenizer asks for, is no part of what is said.
    assert 0.6 < alike("attack harvest", "attack") < 0.8
    assert alike("", "attack") == 0


def test_a_model_may_be_unwanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARREADER_SENTENCES", "off")
    assert likeness() is None and meaning.off()


@pytest.mark.usefixtures("installed")
def test_what_is_no_model_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "model.onnx").write_bytes(b"<html>Not found</html>")
    shutil.copy(MODEL / "tokenizer.json", broken)
    monkeypatch.setenv("WARREADER_SENTENCES", str(broken))
    with pytest.raises(MeaningError) as told:
        likeness()
    assert (
        str(told.value).startswith(str(broken)) and "off" in str(told.value) and "\n" not in str(told.value)
    )

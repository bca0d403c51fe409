"""The second look of the speech model, and what is known of words for it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.article import Line, LineKind
from warreader.index.quotations.clauses import Clauses
from warreader.index.quotations.extraction import read_lines
from warreader.index.quotations.indirect import reported
from warreader.index.quotations.kinds import CUE, INSIDE, OPEN, OUTSIDE, SOURCE
from warreader.index.quotations.speech_features import UNTOLD
from warreader.index.quotations.speech_model import FILE, SpeechModel, Told
from warreader.index.quotations.train_words import likelihoods
from warreader.index.text import line_spans

TEXT = (
    "Clarke said the bridge had been hit twice, but that nobody was hurt.\n"
    "The minister hopes to open the road, according to two aides.\n"
    "It rained on Friday."
)


@pytest.fixture(scope="module")
def one_look(tmp_path_factory: pytest.TempPathFactory) -> SpeechModel:
    """The shipped model without its second look."""
    file = tmp_path_factory.mktemp("model") / "one.npz"
    with np.load(FILE, allow_pickle=False) as held:
        arrays = {name: held[name] for name in held.files if not name.startswith("again_")}
    np.savez(file, allow_pickle=False, **arrays)
    return SpeechModel(file)


@lru_cache(maxsize=1)
def _shipped() -> SpeechModel:
    return SpeechModel(FILE)


@pytest.fixture
def shipped() -> SpeechModel:
    """The shipped model."""
    return _shipped()


def read(text: str) -> list[Clauses]:
    return read_lines(text, [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)])


def told(model: SpeechModel, text: str) -> list[list[Told]]:
    lines = read(text)
    return model.tell(lines, [list(reported(part)) for part in lines])


def test_a_model_without_a_second_look_tells_contents(one_look: SpeechModel) -> None:
    assert [len(found) for found in told(one_look, TEXT)] == [1, 1, 0]


def test_the_first_look_is_the_same_with_a_second_one_after_it(
    one_look: SpeechModel, shipped: SpeechModel
) -> None:
    lines = read(TEXT)
    ruled = [list(reported(part)) for part in lines]
    kinds, scores = one_look.looked(lines, ruled)
    others, other_scores = shipped.looked(lines, ruled)
    assert np.array_equal(kinds, others)
    assert np.array_equal(scores, other_scores)
    sure = [[one.sure for one in found] for found in told(shipped, TEXT)]
    assert sure != [[one.sure for one in found] for found in told(one_look, TEXT)]


def test_nothing_is_told_of_no_words(shipped: SpeechModel) -> None:
    assert told(shipped, "") == []
    assert told(shipped, "…\n\n—") == [[], []]


words = st.sampled_from(
    ["Clarke", "said", "that", "the", "road", ",", "hopes", "to", "open", "was", "“hit”", ".", "but", "plans"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(words, min_size=1, max_size=14).map(" ".join), min_size=1, max_size=5))
def test_contents_stand_in_order_within_sentences_whatever_the_words(lines: list[str]) -> None:
    text = "\n".join(lines)
    for part, found in zip(read(text), told(_shipped(), text), strict=True):
        reached = 0
        for one in found:
            assert reached <= one.first < one.last
            assert part.sentence_of[one.first] == part.sentence_of[one.last - 1]
            reached = one.last


def test_a_word_is_as_likely_a_cue_as_words_in_the_same_surroundings() -> None:
    points = np.array([[1, 0.1], [1, 0], [0.9, 0], [0, 1], [0.1, 1], [0, 0.9]], dtype=np.float32)
    known = ["said", "told", "averred", "bridge", "road", "harbour"]
    once = ["clarke", "said", "bridge", "road", "", "mills", "told", "road"]
    kinds = np.array([SOURCE, CUE, OPEN, INSIDE, OUTSIDE, SOURCE, CUE, OPEN])
    likely = likelihoods([(once, kinds)] * 20, known, points)
    cue = {word: steps[0] for word, steps in likely.items()}
    assert cue["averred"] > UNTOLD[0] > cue["harbour"]
    assert cue["said"] > cue["averred"]


def test_the_shipped_file_knows_what_its_words_are_likely_to_do() -> None:
    assert Path(FILE).stat().st_size < 2_000_000
    with np.load(FILE, allow_pickle=False) as held:
        assert held["likely"].shape == (len(held["classes"]), len(UNTOLD))

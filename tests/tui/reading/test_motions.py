from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Line, LineKind
from warreader.index.text import line_spans
from warreader.tui.reading.layout import Layout
from warreader.tui.reading.motions import (
    MOTIONS,
    left,
    paragraph_from,
    right,
    sentence_from,
    settle,
    word_at,
)

TEXT = "Kyiv's mayor said: “No.”\n\nThe war goes on. Nobody sleeps.\nend"


def lay_out(text: str) -> Layout:
    return Layout(text, [Line(s.start, s.end, LineKind.BODY) for s in line_spans(text)], 40, folded=False)


@pytest.mark.parametrize(
    ("motion", "start", "lands"),
    [
        ("word", 0, "mayor said"),
        ("word", TEXT.index("said"), ": “No"),
        ("word_back", TEXT.index("said"), "mayor said"),
        ("word_end", 0, "s mayor said"),
        ("line_start", TEXT.index("goes"), "The war"),
        ("line_end", TEXT.index("goes"), ".\nend"),
        ("paragraph", 0, "The war"),
        ("paragraph", TEXT.index("The war"), "end"),
        ("paragraph_back", TEXT.index("goes"), "The war"),
        ("paragraph_back", TEXT.index("The war"), "Kyiv"),
        ("first", 30, "Kyiv"),
    ],
)
def test_motion(motion: str, start: int, lands: str) -> None:
    assert TEXT[MOTIONS[motion](lay_out(TEXT), start) :].startswith(lands)


def test_last_is_the_last_character() -> None:
    assert MOTIONS["last"](lay_out(TEXT), 0) == len(TEXT) - 1


@given(
    st.text(
        st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("ab .\n\u0301\u200d👩“")),
        max_size=80,
    ),
    st.data(),
)
def test_motions_stay_inside_and_settle(text: str, data: st.DataObject) -> None:
    layout = lay_out(text)
    offset = data.draw(st.integers(0, len(text)))
    for motion, move in MOTIONS.items():
        target = move(layout, offset)
        assert 0 <= target <= len(text), motion
        assert 0 <= settle(layout, target, forward=True) <= len(text)
    assert left(text, offset) <= offset <= right(text, offset) or offset == len(text)


def test_a_combining_mark_moves_with_its_letter() -> None:
    assert right("e\u0301x", 0) == 2
    assert left("e\u0301x", 2) == 0


@pytest.mark.parametrize(
    ("at", "sentence", "paragraph"),
    [
        ("Nobody", "Nobody sleeps.", "The war goes on. Nobody sleeps."),
        ("\nThe war", "The war goes on.", "The war goes on. Nobody sleeps."),
        ("\nend", "end", "end"),
    ],
)
def test_the_sentence_and_the_paragraph_at_an_offset_or_after_it(
    at: str, sentence: str, paragraph: str
) -> None:
    offset = TEXT.index(at)
    found, around = sentence_from(lay_out(TEXT), offset), paragraph_from(lay_out(TEXT), offset)
    assert found is not None and found.of(TEXT) == sentence
    assert around is not None and around.of(TEXT) == paragraph


def test_after_the_last_there_is_none() -> None:
    assert sentence_from(lay_out(TEXT), len(TEXT)) is None
    assert paragraph_from(lay_out(TEXT), len(TEXT)) is None


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [("a dog runs", 0, "a"), ("a dog runs", 3, "dog"), ("dog", 2, "dog"), ("dog! ", 3, "!"), ("", 0, "")],
)
def test_the_word_at_an_offset(text: str, at: int, word: str) -> None:
    assert word_at(lay_out(text), at).of(text) == word

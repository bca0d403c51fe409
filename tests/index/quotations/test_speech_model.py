"""The shipped speech model, and what it is told of tokens."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.article import Line, LineKind
from warreader.index.quotations.clauses import Clauses
from warreader.index.quotations.extraction import read_lines
from warreader.index.quotations.indirect import reported
from warreader.index.quotations.speech_features import CUE, QUOTED, ROLE, SHAPE, STOP, WORD, see
from warreader.index.quotations.speech_model import FILE, LONGEST, SpeechModel, Told
from warreader.index.text import line_spans

TEXT = (
    "Clarke said the bridge had been hit twice, but that nobody was hurt.\n"
    "The minister hopes to open the road, according to two aides.\n"
    "It rained on Friday."
)


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


def test_contents_are_told_with_who_says_them_and_by_what_word(shipped: SpeechModel) -> None:
    found = told(shipped, TEXT)
    assert [bool(contents) for contents in found] == [True, True, False]
    said = found[0][0]
    tokens = read(TEXT)[0].tokens
    assert said.cue is not None
    assert said.source is not None
    assert [token.low for token in tokens[slice(*said.cue)]] == ["said"]
    assert [token.low for token in tokens[slice(*said.source)]] == ["clarke"]
    assert said.sure > 0


def test_nothing_is_told_of_no_words(shipped: SpeechModel) -> None:
    assert told(shipped, "") == []
    assert told(shipped, "…\n\n—") == [[], []]


def test_what_is_no_sentence_is_left_alone_and_the_next_is_not(shipped: SpeechModel) -> None:
    long = "Clarke said " + "that the road and " * LONGEST + "the bridge were open."
    assert [len(found) for found in told(shipped, long + "\n" + TEXT)] == [
        0,
        *map(len, told(shipped, TEXT)),
    ]


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


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(words, min_size=1, max_size=14).map(" ".join), min_size=2, max_size=5))
def test_a_line_tells_the_same_alone(lines: list[str]) -> None:
    together = told(_shipped(), "\n".join(lines))
    assert together == [found for line in lines for found in told(_shipped(), line)]


def test_columns_tell_words_marks_stops_and_what_the_rules_hold(shipped: SpeechModel) -> None:
    lines = read("Clarke said the “old road” was open, Xqzvy.")
    seen = see(shipped.lexicon, lines, [list(reported(part)) for part in lines])
    tokens = lines[0].tokens
    row = {token.low: column for token, column in zip(tokens, seen.columns.T, strict=True) if token.word}
    assert row["said"][CUE] == max(seen.columns[CUE])
    assert row["said"][ROLE] >= 2
    assert row["clarke"][ROLE] == 1
    assert row["xqzvy"][WORD] == 0
    assert row["the"][WORD] == shipped.lexicon.number("the") > 0
    assert row["clarke"][SHAPE] != shipped.lexicon.columns(read("clarke"))[SHAPE][0]
    quoted = [column for token, column in zip(tokens, seen.columns.T, strict=True) if token.quoted]
    assert [(column[QUOTED], column[WORD]) for column in quoted] == [(1, 0)]
    comma = next(column for token, column in zip(tokens, seen.columns.T, strict=True) if token.low == ",")
    assert comma[STOP] == 1


def test_only_sentences_in_which_something_may_report_are_looked_at(shipped: SpeechModel) -> None:
    lines = read("It rained on Friday. Clarke said it would rain again.")
    seen = see(shipped.lexicon, lines, [list(reported(part)) for part in lines], LONGEST)
    first = lines[0].sentences[1].first
    assert seen.wanted.tolist() == list(range(first, len(lines[0].tokens)))


def test_the_shipped_file_is_small() -> None:
    assert FILE.stat().st_size < 3_000_000

"""Text helpers: folding and showing keep every offset, sentences and words stay within their bounds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Line, LineKind, Span
from warreader.index.text import (
    blank_lines,
    fold,
    fold_marks,
    legible,
    line_spans,
    sentences,
    visible,
    with_marks,
    without_controls,
    words,
)

_TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(" \n\t.!?…“”\"'’«»-—İß\x00\x1b\u2028\u202e")))


def _of(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@given(_TEXTS)
def test_without_controls_all_that_is_printed_stays(text: str) -> None:
    left = without_controls(text)
    assert without_controls(left) == left
    assert not any((c < " " or "\x7f" <= c < "\xa0") and c not in "\n\t" for c in left)
    if "\x1b" not in text and "\x9b" not in text:
        assert [c for c in left if c.isprintable()] == [c for c in text if c.isprintable()]


@pytest.mark.parametrize("piece", ["\x1b", "\x1b[", "\x1b[1", "\x1b]", "\x1b]0;", "\x9b0 "])
def test_controls_without_an_end_are_passed_once(piece: str) -> None:
    began = time.process_time()
    without_controls(piece * 200_000)
    assert time.process_time() - began < 5


@given(_TEXTS)
def test_folding_and_showing_keep_the_length(text: str) -> None:
    assert len(fold(text)) == len(fold_marks(text)) == len(visible(text)) == len(text)


@given(_TEXTS)
def test_folding_works_code_point_by_code_point(text: str) -> None:
    # What is found in folded text stands at the same place in the text itself, wherever it is cut; the one
    # letter whose lower case depends on its neighbours is the Greek sigma.
    text = text.replace("Σ", "σ")
    assert fold(text) == "".join(map(fold, text))
    assert fold_marks(text) == "".join(map(fold_marks, text))


def test_folding_makes_variants_alike() -> None:
    assert fold("“Don’t”\u00a0STOP—now") == '"don\'t" stop-now'
    assert fold_marks("“Don’t”\u00a0STOP—now") == '"Don\'t" STOP-now'
    assert fold("İzmir") == "İzmir"


@given(_TEXTS)
def test_what_is_shown_can_not_steer_a_terminal(text: str) -> None:
    shown = visible(text)
    assert not any(c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0) for c in shown)
    assert not set(shown) & set("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
    assert visible(shown) == shown
    assert shown.count("\n") == text.count("\n")


def test_shown_signs_say_what_they_stand_for() -> None:
    assert visible("a\x1b[31m\tb\x7f\x00\r") == "a␛[31m b␡␀␍"
    assert visible("\udcff\u202e") == "\ufffd\ufffd"


@given(_TEXTS)
def test_sentences_lie_inside_lines_trimmed_and_in_order(text: str) -> None:
    at = 0
    for span in sentences(text):
        stretch = span.of(text)
        assert at <= span.start < span.end
        assert stretch == stretch.strip() and "\n" not in stretch
        at = span.end


@given(_TEXTS)
def test_sentences_leave_nothing_but_space_out(text: str) -> None:
    left = list(text)
    for span in sentences(text):
        left[span.start : span.end] = " " * len(span)
    assert not "".join(left).strip()


@given(_TEXTS, st.integers(0, 40), st.integers(0, 40))
def test_sentences_and_words_keep_to_the_bounds(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    for span in (*sentences(text, start, end), *words(text, start, end)):
        assert start <= span.start < span.end <= end


def test_sentences_end_at_their_stops() -> None:
    assert _of("He left. She stayed! Why? “Go.” They went… Then nothing") == [
        "He left.",
        "She stayed!",
        "Why?",
        "“Go.”",
        "They went…",
        "Then nothing",
    ]
    assert _of("他走了。她留下了！") == ["他走了。", "她留下了！"]


@pytest.mark.parametrize(
    "text",
    [
        "Officials told Mr. Putin of the loss.",
        "Lt. Gen. Smith and Dr. No agreed.",
        "U.S. officials and the U.K. Government said so.",
        "It cost 3.5 million in Feb. 2022.",
        "The blast at 5 p.m. Tuesday was heard in St. Petersburg.",
    ],
)
def test_abbreviations_end_no_sentence(text: str) -> None:
    assert _of(text) == [text]


def test_a_sentence_goes_on_where_a_small_letter_follows() -> None:
    assert _of("“Stop!” he said. He left.") == ["“Stop!” he said.", "He left."]


@pytest.mark.parametrize(
    "text",
    [
        "В г. Киев прибыл И. П. Ковалев с делегацией.",
        "Ул. Садовая закрыта... пока не высохнет краска.",
        "Am 24. Februar zog die 3. Brigade in das Dorf.",
    ],
)
def test_stops_that_end_no_sentence_in_other_languages(text: str) -> None:
    assert _of(text) == [text]


def test_a_mark_before_a_stop_is_no_initial() -> None:
    assert len(_of("Elle lit « Le Soir ». Il pleut.")) == 2


def test_a_year_ends_a_russian_sentence() -> None:
    assert len(_of("Мост построили в 2010 г. Дорогу открыли позже.")) == 2


def test_the_pronoun_ends_a_sentence_though_it_is_one_letter() -> None:
    assert _of("It was I. Nobody else.") == ["It was I.", "Nobody else."]


def test_words_hold_their_apostrophes() -> None:
    text = "Ukraine’s don't 'quoted' snake_case 40-mile Київ 基輔"
    assert [span.of(text) for span in words(text)] == [
        "Ukraine’s",
        "don't",
        "quoted",
        "snake",
        "case",
        "40",
        "mile",
        "Київ",
        "基輔",
    ]


@given(_TEXTS)
def test_lines_split_at_line_feeds_only(text: str) -> None:
    spans = list(line_spans(text))
    assert [span.of(text) for span in spans] == text.split("\n")
    assert "\n".join(span.of(text) for span in spans) == text


@given(_TEXTS, st.data())
def test_blanked_lines_keep_the_length_and_the_other_lines(text: str, data: st.DataObject) -> None:
    kinds = st.sampled_from(LineKind)
    lines = tuple(Line(s.start, s.end, data.draw(kinds)) for s in line_spans(text))
    blanked = blank_lines(text, lines, drop=frozenset({LineKind.FURNITURE}))
    assert len(blanked) == len(text)
    for line in lines:
        kept = text[line.start : line.end]
        wanted = " " * len(kept) if line.kind is LineKind.FURNITURE else kept
        assert blanked[line.start : line.end] == wanted


@pytest.mark.parametrize(
    "unit", ["a", "“", "A ", "said ", ".", ". ", "A.", "a. ", "!”", "'", "a'", "。", " ", "\n", "\x00", "́"]
)
def test_a_huge_line_costs_no_more_than_its_length(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    for _ in sentences(text):
        pass
    for _ in words(text):
        pass
    fold(text)
    visible(text)
    assert time.process_time() - began < 2


def test_spans_know_what_they_hold() -> None:
    span = Span(2, 4)
    assert len(span) == 2 and span.of("abcdef") == "cd"
    assert span.contains(2) and not span.contains(4)
    assert span.overlaps(Span(3, 9)) and not span.overlaps(Span(4, 9)) and not span.overlaps(Span(0, 2))


_WRITTEN = st.text(st.sampled_from("ab s’‘“”–—….,â€éö"))


@given(_WRITTEN, st.sampled_from(["latin-1", "cp1252"]))
def test_marks_read_in_a_wrong_encoding_are_legible_in_their_place(text: str, encoding: str) -> None:
    # Where a letter has no byte in the encoding, as most readers have it.
    misread = "".join(
        c
        if c not in "’‘“”–—…"
        else "".join(
            bytes([b]).decode(encoding, "ignore") or bytes([b]).decode("latin-1") for b in c.encode()
        )
        for c in text
    )
    if "â€" in text:
        return
    read = legible(misread)
    assert len(read) == len(misread)
    assert "".join(read.split()) == "".join(text.split())


@given(_TEXTS)
def test_a_text_without_such_marks_is_left_as_it_is(text: str) -> None:
    assert legible(text) == text


def test_a_span_takes_the_marks_at_its_ends_whole() -> None:
    text = "She said: â\x80\x9cWe wonâ\x80\x99t.â\x80\x9d So be it."
    read = legible(text)
    assert read == "She said:   “We won  ’t.”   So be it."
    inner = Span(read.index("“"), read.index("”") + 1)
    assert with_marks(text, read, inner).of(text) == "â\x80\x9cWe wonâ\x80\x99t.â\x80\x9d"
    word = Span(read.index("We"), read.index("We") + 2)
    assert with_marks(text, read, word) == word

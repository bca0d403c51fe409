"""Finding a quote again in a text that was changed."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from warreader.index.annotations.anchoring import Anchoring
from warreader.index.annotations.model import Annotation, select
from warreader.index.article import Span
from warreader.index.text import fold_marks, words

TEXT = (
    "Shelling killed 30 people near the station at dawn, officials said.\n"
    "“We counted 1,300 craters,” the mayor said. Police found 30 shells at the market.\n"
)


def reanchor(annotation: Annotation, new_text: str, made_on: str | None = None) -> Span | None:
    return Anchoring(new_text).place(annotation, None if made_on is None else Anchoring(made_on))


def mark(text: str, start: int, end: int) -> Annotation:
    at = select(text, start, end)
    moment = "2022-03-01T09:30:00.000000Z"
    return Annotation("urn:x", "a", at.start, at.end, at.exact, at.prefix, at.suffix, "", (), moment, moment)


def quoted(words: str, after: str = "") -> Annotation:
    start = TEXT.index(words, TEXT.index(after))
    return mark(TEXT, start, start + len(words))


def found(annotation: Annotation, text: str) -> str | None:
    span = reanchor(annotation, text)
    return None if span is None else span.of(text)


def test_a_quote_moves_with_what_stands_before_it() -> None:
    moved = "UPDATED: a correction was made.\n" + TEXT
    start = moved.index("30 shells")
    assert reanchor(quoted("30", "Police"), moved) == Span(start, start + 2)


def test_marks_and_white_space_may_change() -> None:
    other = TEXT.replace("“", '"').replace("”", '"').replace("craters,", "craters ,").replace(" ", "\u00a0")
    assert found(quoted("“We counted 1,300 craters,” the mayor"), other) == (
        '"We\u00a0counted\u00a01,300\u00a0craters\u00a0,"\u00a0the\u00a0mayor'
    )


@pytest.mark.parametrize(
    ("words", "old", "new"),
    [
        ("killed 30 people near the station", "30 people", "80 people"),
        ("1,300 craters", "1,300", "11,300"),
        ("300 craters", "1,300", "2,300"),
        ("the mayor said", "the mayor said", "the mayors aid"),
        ("Police found 30 shells at the market", "Police", "police"),
        ("30 shells", "30 shells", "3.30 shells"),
    ],
)
def test_a_lookalike_is_not_taken(words: str, old: str, new: str) -> None:
    assert reanchor(quoted(words), TEXT.replace(old, new)) is None
    assert found(quoted(words), TEXT) == words


def test_a_short_quote_in_foreign_surroundings_is_not_taken() -> None:
    assert reanchor(quoted("30", "Police"), "The team won 30 games.") is None
    # The words before agree at length, those after do not: another sentence of the same kind.
    storm = "Winds reached 140 mph, the equivalent of a Category 4 hurricane, before it turned north."
    start = storm.index("Category")
    other = "NEW Winds reached 80 mph, the equivalent of a Category 1 Atlantic hurricane."
    assert reanchor(mark(storm, start, start + 8), other) is None
    assert reanchor(mark(storm, start, start + 8), "NEW " + storm) == Span(start + 4, start + 12)


def test_a_long_quote_that_stands_once_needs_context_on_one_side() -> None:
    quote = "near the station at dawn"
    assert found(quoted(quote), f"It happened {quote}, officials said yesterday.") == quote
    assert found(quoted(quote), f"It happened {quote} yesterday.") is None


def test_a_long_quote_that_stands_once_in_both_texts_needs_no_context() -> None:
    quote = "near the station at dawn"
    new = f"It happened {quote} yesterday."
    span = reanchor(quoted(quote), new, TEXT)
    assert span is not None and span.of(new) == quote


def test_equal_places_are_not_told_apart() -> None:
    assert reanchor(quoted("near the station at dawn"), "x near the station at dawn. " * 2) is None
    assert reanchor(quoted("near the station at dawn"), "NEW\n" + TEXT * 2) is None
    assert reanchor(quoted("near the station at dawn"), "NEW\n" + TEXT) is not None


def test_the_article_as_a_whole_has_no_place() -> None:
    moment = "2022-03-01T09:30:00.000000Z"
    assert reanchor(Annotation("urn:x", "a", None, None, "", "", "", "n", (), moment, moment), TEXT) is None


pieces = st.sampled_from(
    ["30 killed", "80 killed", "said.", "“No,”", "the mayor", "30", "\n", "界", "1,300", "art", "party"]
)
stories = st.lists(pieces, min_size=1, max_size=25).map(" ".join)


@given(stories, st.data())
def test_an_unchanged_text_keeps_every_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(text[start:end].strip())
    assert reanchor(mark(text, start, end), text) == Span(start, end)


@given(stories, stories, st.data())
def test_what_is_found_has_the_same_words(text: str, other: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    annotation = mark(text, start, end)
    span = reanchor(annotation, other)
    if span is not None:
        assert [one.of(other) for one in words(other, span.start, span.end)] == [
            one.of(text) for one in words(text, start, end)
        ]
        assert "".join(fold_marks(span.of(other)).split()) == "".join(fold_marks(annotation.exact).split())


@given(stories, st.data())
def test_a_unique_place_follows_what_is_put_before_it(text: str, data: st.DataObject) -> None:
    body = f"{text} Inspectors photographed the northern warehouse on Tuesday. {text}"
    start = body.index("photographed")
    annotation = mark(body, start, start + len("photographed"))
    before = data.draw(stories)
    assert reanchor(annotation, before + "\n" + body) == Span(
        start + len(before) + 1, start + len(before) + 13
    )


@pytest.mark.parametrize("piece", ["a", "“", "A ", "said ", "a ", ",", "1,"])
def test_huge_lines_are_done_with_soon(piece: str) -> None:
    text = (piece * 200_000)[:200_000]
    began = time.perf_counter()
    for start, end in ((0, 1), (100, 100_100), (1000, 1020)):
        if text[start:end].strip():
            reanchor(mark(text, start, end), text[7:] + "x")
    assert time.perf_counter() - began < 6


_TIMES = ("2022-03-01T09:30:00.000000Z", "2022-03-01T09:30:00.000000Z")


def _around(text: str, start: int, length: int) -> tuple[str, str]:
    return text[max(0, start - 32) : start], text[start + length : start + length + 32]


def test_a_place_that_was_another_one_before_does_not_count() -> None:
    said = "They came at night and took what they wanted from the houses"
    old = f"Opening words here. {said}, he wrote. In between stood more. {said}! she cried out."
    # The first of the two is changed: the second is no variant of it.
    first = old.replace("what they wanted from the houses, he", "all they wanted from the houses, he", 1)
    start = old.index(said)
    made = Annotation(
        "urn:x", "a", start, start + len(said), said, *_around(old, start, len(said)), "", (), *_TIMES
    )
    assert reanchor(made, first, old) is None
    # Unchanged, each is found where it went.
    moved = f"A new line.\n{old}"
    assert reanchor(made, moved, old) == Span(start + 12, start + 12 + len(said))


def test_a_word_alone_in_both_texts_needs_context_on_one_side_only() -> None:
    old = "The institution made the exams optional. Several smaller colleges followed its lead."
    new = "The institution made the exams optional. Many others followed."
    start = old.index("optional")
    made = Annotation("urn:x", "a", start, start + 8, "optional", *_around(old, start, 8), "", (), *_TIMES)
    assert reanchor(made, new) is None
    assert reanchor(made, new, old) == Span(start, start + 8)

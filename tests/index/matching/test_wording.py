"""Words as matching compares them: as a regular expression would find them, only sooner."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Line, LineKind
from warreader.index.matching.wording import CAPITAL, SHORTENED, Wording, length, read
from warreader.index.text import fold, line_spans

_WORD = re.compile(r"\d+(?:[., ]\d{3}(?!\d))+|\d+|[^\W\d_]+(?:'[^\W\d_]+)*")


def found(text: str, lines: list[Line]) -> list[tuple[int, int]]:
    """Where words are, by the expression."""
    return [m.span() for line in lines if line.kept for m in _WORD.finditer(fold(text), line.start, line.end)]


def whole(text: str) -> list[Line]:
    """All lines, kept."""
    return [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]


def bounds(wording: Wording) -> list[tuple[int, int]]:
    """Where the words that were read are."""
    return list(zip(wording.starts, wording.ends, strict=True))


@given(
    st.text(st.sampled_from("aZé1٣²,.'’ʼ \u00a0\u202f-_\n😀𝟘𝐀ß\ud800") | st.characters(), max_size=60),
    st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_as_the_expression_finds_them(text: str, kept: list[bool]) -> None:
    kinds = (LineKind.BODY if one else LineKind.CAPTION for one in kept)
    lines = [Line(line.start, line.end, kind) for line, kind in zip(whole(text), kinds, strict=False)]
    wording = read(text, lines)
    assert bounds(wording) == found(text, lines)
    assert [one & CAPITAL > 0 for one in wording.flags] == [text[start].isupper() for start in wording.starts]
    shortened = [fold(text[a:b]).endswith("'s") and b - a > 3 for a, b in bounds(wording)]
    assert [one & SHORTENED > 0 for one in wording.flags] == shortened


def test_numbers_and_possessives() -> None:
    text = "Kyiv's 16\u00a0000 men, 1,200,000.5 or 12,34 and 4th don’t 1,2345"
    wording = read(text, whole(text))
    assert wording.words == (
        ["kyiv", "16000", "men", "1200000", "5", "or", "12", "34", "and", "4", "th", "don't", "1", "2345"]
    )
    assert wording.flags == bytes([CAPITAL | SHORTENED]) + bytes(13)
    numbers, flags = wording.numbers(), np.frombuffer(wording.flags, np.uint8)
    assert length(numbers, flags) == len(numbers) + 2  # Kyiv's, don't


def test_nothing() -> None:
    assert read("", []).words == read("—", whole("—")).words == []

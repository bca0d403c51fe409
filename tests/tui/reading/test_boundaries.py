"""Moving a boundary by a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Span
from warreader.tui.reading.boundaries import Edge, moved

TEXT = "One two, three (four) five."


@pytest.mark.parametrize(
    ("words", "edge", "forward", "wanted"),
    [
        ("two", "end", True, "two, three"),
        ("two, three", "end", False, "two"),
        ("two", "start", False, "One two"),
        ("One two", "start", True, "two"),
        ("thr", "end", True, "three"),
        ("two", "end", False, None),
        ("two", "start", True, None),
        ("One", "start", False, None),
        ("five", "end", True, None),
    ],
)
def test_moved(words: str, edge: Edge, forward: bool, wanted: str | None) -> None:
    start = TEXT.index(words)
    span = moved(TEXT, Span(start, start + len(words)), edge, forward=forward)
    assert (span.of(TEXT) if span else None) == wanted


@given(st.text(max_size=80), st.data(), st.sampled_from(["start", "end"]), st.booleans())
def test_never_empty_and_only_one_boundary_moves(
    text: str, data: st.DataObject, edge: Edge, forward: bool
) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    before = Span(start, data.draw(st.integers(start + 1, len(text))))
    after = moved(text, before, edge, forward=forward)
    if after is not None:
        assert 0 <= after.start < after.end <= len(text) and after != before
        assert after.end == before.end if edge == "start" else after.start == before.start
        grows = (edge == "end") == forward
        assert (len(after) > len(before)) == grows

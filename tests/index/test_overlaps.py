from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warreader.index.overlaps import Overlaps

SPANS = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda span: (span[0], span[0] + span[1]))


@given(st.lists(SPANS, max_size=30).map(sorted), SPANS)
def test_just_those_that_share_a_code_point(spans: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    start, end = asked
    wanted = [at for at, (first, last) in enumerate(spans) if max(first, start) < min(last, end)]
    assert Overlaps(spans).of(start, end) == wanted

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warreader.tui.reading.layers import Layer, Painted, stretches

SPANS = st.lists(
    st.builds(
        lambda start, length, style: Painted(start, start + length, style),
        st.integers(0, 60),
        st.integers(0, 20),
        st.sampled_from("abc"),
    )
)


def test_layers_overlap_in_order() -> None:
    low, high = Layer([Painted(0, 6, "quotation")]), Layer([Painted(4, 8, "hit")])
    assert list(stretches(0, 10, [low, high])) == [
        (0, 4, ("quotation",)),
        (4, 6, ("quotation", "hit")),
        (6, 8, ("hit",)),
        (8, 10, ()),
    ]


@given(SPANS, SPANS, st.integers(0, 60), st.integers(1, 30))
def test_every_code_point_gets_just_its_styles(
    one: list[Painted], two: list[Painted], start: int, length: int
) -> None:
    end = start + length
    pieces = list(stretches(start, end, [Layer(one), Layer(two)]))
    assert [piece[0] for piece in pieces] + [end] == [start] + [piece[1] for piece in pieces]
    for begin, stop, styles in pieces:
        for offset in range(begin, stop):
            wanted = sorted(s.style for s in one + two if s.start <= offset < s.end)
            assert sorted(styles) == wanted

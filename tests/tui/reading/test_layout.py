from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from warreader.index.article import Line, LineKind
from warreader.index.text import line_spans, visible
from warreader.tui.reading.layout import Layout, is_joined, wrap

WILD = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("  \t\x1b\x00\u202e\u200d\u0301“”キ停👨👩🏽\u0646\u2028"),
    ),
    max_size=200,
)


def lay_out(
    text: str, width: int, *, folded: bool = False, furniture: frozenset[int] = frozenset()
) -> Layout:
    lines = [
        Line(s.start, s.end, LineKind.FURNITURE if n in furniture else LineKind.BODY)
        for n, s in enumerate(line_spans(text))
    ]
    return Layout(text, lines, width, folded=folded)


def test_breaks_after_spaces() -> None:
    assert wrap("one two three four", 9) == [8, 14]


def test_a_word_longer_than_the_row_is_cut() -> None:
    assert wrap("x" * 25, 10) == [10, 20]


def test_wide_characters_count_two_cells() -> None:
    assert wrap("停戦交渉継続", 6) == [3]


def test_no_break_inside_a_joined_sequence() -> None:
    family = "👨\u200d👩\u200d👧"
    line = "x" * 9 + family + "y" * 9
    assert all(not is_joined(line, cut) for cut in wrap(line, 10))


@given(WILD, st.integers(2, 60))
def test_rows_cover_the_text_once(text: str, width: int) -> None:
    layout = lay_out(text, width)
    shown = [row for row in layout.rows if not row.space]
    joined = ""
    for number in range(len(layout.lines)):
        joined += "".join(text[row.start : row.end] for row in shown if row.line == number)
        joined += "\n" if number < len(layout.lines) - 1 else ""
        assert joined == text[: len(joined)]
    assert joined == text


@given(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x4FF, exclude_categories=["Cs", "Mn", "Cc", "Cf"])
    ),
    st.integers(4, 40),
)
def test_no_row_is_wider_than_allowed_but_for_a_space(text: str, width: int) -> None:
    layout = lay_out(text, width)
    for row in layout.rows:
        assert cell_len(layout.shown(row.start, row.end).rstrip()) <= width + 1


@given(WILD, st.integers(2, 40))
def test_every_offset_is_in_its_row(text: str, width: int) -> None:
    layout = lay_out(text, width)
    for offset in range(len(text) + 1):
        row = layout.rows[layout.row_of(offset)]
        assert not row.space
        assert row.start <= offset <= max(row.end, row.start)


@given(WILD)
def test_what_is_shown_is_as_long_as_what_is_stored(text: str) -> None:
    assert len(visible(text)) == len(text)
    assert not set(visible(text)) & set("\x1b\x00\x9b\u202e\u2066\u2028\x7f\r")


def test_furniture_is_folded_into_one_row() -> None:
    text = "Headline\n\nFacebook\nTwitter\n\nWhatsApp\n\nBody text."
    layout = lay_out(text, 40, folded=True, furniture=frozenset({2, 3, 5}))
    folds = [row for row in layout.rows if row.folded]
    assert [row.folded for row in folds] == [3]
    assert layout.hides(text.index("Twitter"))
    assert not layout.hides(text.index("Body"))


def test_paragraphs_without_a_blank_line_get_air() -> None:
    layout = lay_out("First sentence.\nSecond sentence.", 40)
    assert [row.space for row in layout.rows] == [False, True, False]
    layout = lay_out("First sentence.\n\nSecond sentence.", 40)
    assert not any(row.space for row in layout.rows)


def test_a_line_of_200000_characters_wraps_quickly_and_whole() -> None:
    for line in ("a" * 200_000, "“é " * 66_667, "停" * 200_000, "e\u0301" * 100_000):
        breaks = wrap(line, 80)
        assert breaks == sorted(set(breaks))
        assert all(0 < cut < len(line) for cut in breaks)


@given(st.text(st.sampled_from("停戦、ア。a \u3099\u0301é\t"), max_size=120), st.integers(2, 30))
@example("停停\u0301a", 4)
def test_wide_text_wraps_alike_whatever_is_among_it(text: str, width: int) -> None:
    """A row of ideographs alone is cut by counting: where looking at each one would."""
    start = 0
    for cut in [*wrap(text, width), len(text)]:
        row = text[start:cut]
        assert cell_len(visible(row).rstrip()) <= width + 1
        assert cut == len(text) or not is_joined(text, cut)
        # Nothing that would have fitted was left out.
        if cut < len(text) and not text[cut].isspace() and "停" <= text[cut] <= "鿿" and row[-1:] == "停":
            assert cell_len(visible(row)) + 2 > width
        start = cut


def test_a_stretch_of_a_text_wraps_as_it_would_alone() -> None:
    text = "the first line\nthe second, longer line of a text\nthe third"
    assert [cut - 15 for cut in wrap(text, 10, 15, 48)] == wrap(text[15:48], 10)


def test_text_without_end_is_cut_into_rows_that_can_be_drawn() -> None:
    """Spaces, and marks that take no room, by the hundred thousand."""
    for line in (" " * 100_000, "\u00a0 停" * 30_000, "e" + "\u0301" * 100_000, "\u200b" * 100_000):
        cuts = [0, *wrap(line, 80), len(line)]
        assert max(stop - start for start, stop in pairwise(cuts)) <= 2_000

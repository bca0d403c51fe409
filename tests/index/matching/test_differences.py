"""Two wordings laid over each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.matching.differences import Piece, PieceKind, difference, with_asides

WORDS = st.lists(
    st.sampled_from(["bridge", "the", "of", "Hospital", "hospital,", "16\u00a0000", "“", ".", "\n"])
)


def told(old: str, new: str) -> list[tuple[str, str, str]]:
    """Kind and words of what differs."""
    return [
        (p.kind.value, p.old.strip(), p.new.strip())
        for p in difference(old, new)
        if p.kind is not PieceKind.SAME
    ]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("“We will win this war.”", '"We will win this WAR,"', []),
        ("We will surely win this war", "We will win this war", [("dropped", "surely", "")]),
        ("We will win this war", "We will win this terrible war", [("added", "", "terrible")]),
        ("We will win this war", "We will lose this war", [("changed", "win", "lose")]),
        (
            "On Monday night the bridge fell and nobody was hurt",
            "The bridge fell and nobody was hurt on Monday night",
            [("left", "On Monday night", ""), ("moved", "", "on Monday night")],
        ),
        ("", "Here now", [("added", "", "Here now")]),
        ("Here now", "", [("dropped", "Here now", "")]),
        ("…", "—", []),
        ("", "", []),
    ],
)
def test_what_is_told(old: str, new: str, wanted: list[tuple[str, str, str]]) -> None:
    assert told(old, new) == wanted


def test_a_common_word_left_by_chance_is_part_of_the_change() -> None:
    old = "The minister praised soldiers and farmers of every province yesterday"
    new = "The minister blamed generals and bankers of every province yesterday"
    assert told(old, new) == [("changed", "praised soldiers and farmers", "blamed generals and bankers")]


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_the_pieces_are_both_texts(old: str, new: str) -> None:
    pieces = difference(old, new)
    assert "".join(piece.old for piece in pieces) == old
    assert "".join(piece.new for piece in pieces) == new
    sides = {PieceKind.ADDED: (False, True), PieceKind.DROPPED: (True, False)}
    for piece in pieces:
        if piece.kind in sides:
            assert (bool(piece.old), bool(piece.new)) == sides[piece.kind]


def test_a_text_against_itself_is_the_same() -> None:
    text = "He said: “Some 16\u00a0000 volunteers crossed.”\n\n“Nobody stopped them.”"
    assert {piece.kind for piece in difference(text, text)} == {PieceKind.SAME}


def test_a_mark_that_opens_belongs_to_the_word_after_it() -> None:
    (same, added) = difference("It is over.", "It is over. “Go home.”")
    assert (same.new, added.new) == ("It is over. ", "“Go home.”")


@pytest.mark.parametrize(("begin", "end"), [("“", "”"), ('"', '"'), ("‘", "’")])
def test_what_a_paper_says_itself_between_two_stretches_in_marks_is_an_aside(begin: str, end: str) -> None:
    whole = f"{begin}It is over. The bridge fell.{end}"
    parted = f"{begin}It is over,{end} she said. {begin}The bridge fell.{end}"
    pieces = with_asides(difference(whole, parted))
    assert [(p.kind, p.new.strip()) for p in pieces if p.kind is not PieceKind.SAME] == [
        (PieceKind.ASIDE, "she said.")
    ]
    pieces = with_asides(difference(parted, whole))
    assert [(p.kind, p.old.strip()) for p in pieces if p.kind is not PieceKind.SAME] == [
        (PieceKind.ASIDE, "she said.")
    ]
    # What stands within the marks is no aside.
    longer = f"{begin}It is over, she said. The bridge fell.{end}"
    assert PieceKind.ASIDE not in {p.kind for p in with_asides(difference(whole, longer))}


def test_pieces_compare_by_value() -> None:
    assert difference("One two", "One two") == (Piece(PieceKind.SAME, "One two", "One two"),)

"""Lines written from right to left, in the order in which they are read, from where their letters stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.ingest.right_to_left import Letter, read


def _set(seen: str, *, turned: int = 0) -> list[Letter]:
    """A line's letters as they stand, from left to right, in the order in which PDFium gives them.

    ``turned`` words come as they are seen, the others as they are read; blanks have no width.
    """
    places = {at: (letter, 10.0 * at, 10.0 * at + 9) for at, letter in enumerate(seen)}
    words: list[list[int]] = [[]]
    for at, letter in enumerate(seen):
        if letter == " ":
            words.append([])
        else:
            words[-1].append(at)
    found: list[Letter] = []
    for number, word in enumerate(reversed(words)):
        found += [places[at] for at in (word if number < turned else reversed(word))]
        found.append((" ", 0.0, 0.0))
    return found[:-1]


def test_what_comes_as_it_is_read_is_left_alone() -> None:
    assert read(_set("مالس قاروأ"[::-1])) is None
    assert read(_set("plain words", turned=2)) is None
    assert read([]) is None


@pytest.mark.parametrize("turned", [1, 2, 3])
def test_words_that_come_as_they_are_seen_are_turned(turned: int) -> None:
    line = "قال المرصد السوري"
    assert read(_set(line[::-1], turned=turned)) == line


def test_numbers_and_other_scripts_within_keep_their_order() -> None:
    assert read(_set("ed 2013 يف لصو", turned=9)) == "وصل في 2013 ed"


def test_what_closes_a_sentence_stands_at_its_end() -> None:
    assert read(_set("دلبلا يف حالس.", turned=9)) == "سلاح في البلد."


def test_brackets_open_and_close_in_turn() -> None:
    assert read(_set("(دارغ( ضرأ", turned=9)) == "أرض (غراد)"


@given(st.lists(st.tuples(st.characters(), st.floats(0, 600), st.floats(0, 600))))
def test_no_letters_break_it_or_are_lost(letters: list[Letter]) -> None:
    if (found := read(letters)) is not None:
        kept = [text for text, left, right in letters if not text.isspace() or left < right]
        assert len(found.replace(" ", "")) == len("".join(kept).replace(" ", ""))

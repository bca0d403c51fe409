"""What changed between two versions of an article."""

from __future__ import annotations

import random
import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Span
from warreader.index.versions import Change, ChangeKind, difference

KEPT, ADDED, DROPPED, CHANGED, MOVED = ChangeKind


def words(span: Span | None, text: str) -> str | None:
    return None if span is None else span.of(text)


def told(old: str, new: str) -> list[tuple[str, str | None, str | None]]:
    return [
        (change.kind.value, words(change.old, old), words(change.new, new)) for change in difference(old, new)
    ]


def test_a_paragraph_added_dropped_and_kept() -> None:
    assert told("One was hit.\nTwo fled.\nEnd.", "One was hit.\nEnd.\nMore came later.") == [
        ("kept", "One was hit.", "One was hit."),
        ("dropped", "Two fled.", None),
        ("kept", "End.", "End."),
        ("added", None, "More came later."),
    ]


def test_a_changed_paragraph_shows_the_words_that_changed() -> None:
    old, new = (
        "At least 30 were killed, officials said.",
        "At least 80 were killed on Monday, officials said.",
    )
    (change,) = difference(old, new)
    assert change.kind is CHANGED
    assert told_parts(change, old, new) == [
        ("kept", "At least", "At least"),
        ("changed", "30", "80"),
        ("kept", "were killed", "were killed"),
        ("added", None, "on Monday"),
        ("kept", ", officials said.", ", officials said."),
    ]


def told_parts(change: Change, old: str, new: str) -> list[tuple[str, str | None, str | None]]:
    return [(part.kind.value, words(part.old, old), words(part.new, new)) for part in change.parts]


def test_a_paragraph_that_moved_is_neither_dropped_nor_added() -> None:
    first, rest = "The bridge was hit at dawn.", ["Aid came at noon.", "Roads were shut.", "Trains ran late."]
    old, new = "\n".join([first, *rest]), "\n".join([*rest, first])
    assert ("moved", first, first) in told(old, new)
    assert {kind for kind, _, _ in told(old, new)} == {"kept", "moved"}


def test_marks_dashes_spaces_and_blank_lines_are_no_change() -> None:
    old, new = "“We fled,” she said – twice.\nEnd.", '\n"We fled,"\u00a0she  said - twice.\n\n\nEnd.\n'
    assert [change.kind for change in difference(old, new)] == [KEPT, KEPT]


def test_a_short_line_that_recurs_is_not_told_as_moved() -> None:
    assert {change.kind for change in difference("Share\nA b c.\nD e f.", "A b c.\nD e f.\nShare")} == {
        KEPT, ADDED, DROPPED,
    }  # fmt: skip


def test_rewritten_paragraphs_are_paired_with_what_they_were() -> None:
    old = "Shells fell on the northern suburb overnight.\nThe mayor asked residents to stay indoors."
    new = (
        "Shells fell on the northern suburb before dawn.\nSchools were closed across the region.\n"
        "The mayor asked all residents to stay indoors."
    )
    assert [change.kind for change in difference(old, new)] == [CHANGED, ADDED, CHANGED]


def test_two_long_versions_are_compared_at_once() -> None:
    chance = random.Random(1)
    words = [f"w{number}" for number in range(5000)]
    old = [" ".join(chance.choices(words, k=12)) for _ in range(10_000)]
    new = list(old)
    for _ in range(1500):
        at = chance.randrange(len(new))
        new[at] = f"{new[at]} more"
        new.insert(chance.randrange(len(new)), new.pop(chance.randrange(len(new))))
    equal = "Share\nTweet this\n" * 5000
    for one, other in (
        ("\n".join(old), "\n".join(new)),
        (equal, f"x\n{equal[:-20]}y"),
        (equal, "\n".join(old)),
    ):
        begun = time.process_time()
        difference(one, other)
        # Twenty times what it takes: it must not grow with the square of the lines.
        assert time.process_time() - begun < 5


_TEXT = st.lists(
    st.sampled_from(
        [
            "The bridge was hit at dawn.",
            "The bridge was hit at noon.",
            "Share",
            "",
            " Share ",
            "“No,” he said.",
        ]
    ),
    max_size=12,
).map("\n".join)


@given(_TEXT, _TEXT)
def test_every_line_of_both_is_told_once_and_in_order(old: str, new: str) -> None:
    changes = difference(old, new)
    for text, spans in (
        (old, sorted(change.old for change in changes if change.old)),
        (new, [change.new for change in changes if change.new]),
    ):
        assert [span.of(text) for span in spans] == [
            line.strip() for line in text.split("\n") if line.strip()
        ]
        assert all(one.end < other.start for one, other in pairwise(spans))
    for change in changes:
        assert (change.old is None) == (change.kind is ADDED)
        assert (change.new is None) == (change.kind is DROPPED)
        assert bool(change.parts) == (change.kind is CHANGED)
    _rebuild(old, new, changes)


def _rebuild(old: str, new: str, changes: list[Change]) -> None:
    """The parts of a changed paragraph cover its words, on both sides, in order."""
    for change in changes:
        for text, whole, parts in (
            (old, change.old, [part.old for part in change.parts if part.old]),
            (new, change.new, [part.new for part in change.parts if part.new]),
        ):
            if change.kind is CHANGED and whole is not None:
                assert "".join("".join(span.of(text).split()) for span in parts) == "".join(
                    whole.of(text).split()
                )


@given(_TEXT)
def test_a_text_is_kept_by_itself(text: str) -> None:
    assert {change.kind for change in difference(text, text)} <= {KEPT}


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    for change in difference(old, new):
        for span, text in ((change.old, old), (change.new, new)):
            assert span is None or 0 <= span.start < span.end <= len(text)

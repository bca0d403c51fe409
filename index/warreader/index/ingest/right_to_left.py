"""The order in which letters written from right to left are read, from where they stand on a page.

PDFium gives some words of such a line as they are seen, from left to right, and others as they are read; a quotation
mark at a line's end may come first. Where they stand tells: from the right to the left, but for what is written
otherwise within (Unicode Standard Annex 9, in its simplest case: a line in one direction with runs in the other).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import combining

LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
"""Of the scripts written so, for a set in a regular expression; with their digits, which are written the other way."""

FIRST = LETTERS[0]
"""The lowest code point among them."""

_DIGIT = "0-9\u0660-\u0669\u06f0-\u06f9"
_LETTER = re.compile(f"(?![{_DIGIT}])[{LETTERS}]")
_ACROSS = re.compile(
    # Words of other scripts with all that stands between them, or a number with its marks.
    f"(?:[{_DIGIT}][^{LETTERS}\\s]*)?[A-Za-z\u00c0-\u04ff](?:(?:[^{LETTERS}]|[{_DIGIT}])*[A-Za-z\u00c0-\u04ff{_DIGIT}])?"
    f"|[{_DIGIT}](?:[{_DIGIT}.,:/%\u066a-\u066c+-]*[{_DIGIT}%])?"
)
_OPENING = dict(zip(")]}»›", "([{«‹", strict=True))
_CLOSING = {opening: closing for closing, opening in _OPENING.items()}
_ENDS = re.compile('["”»]?[.!,\u060c\u061b\u061f](?=["“« ]?[^\\W\\d_])')
"""What closes a sentence, at a line's beginning."""
_LEAST = 0.3
"""Points: what is nearer than that has no blank between."""

Letter = tuple[str, float, float]
"""A letter, or several of one sign, and where it begins and ends from left to right."""


def read(letters: Sequence[Letter]) -> str | None:
    """The letters of a line as they are read; ``None`` where they come so already.

    Args:
        letters: as PDFium gives them. Its own blanks have no width, and stand anywhere: as many of the widest gaps
            are taken for them.
    """
    if not _seen(letters):
        return None
    drawn = [letter for letter in letters if not letter[0].isspace() or letter[1] < letter[2]]
    # Marks above letters stand apart for PDFium.
    apart = sum(
        before[0].isspace() and before[1] == before[2] and combining(after[0][0]) != 0
        for before, after in pairwise(letters)
    )
    drawn.sort(key=lambda letter: -(letter[1] + letter[2]))
    gaps = [
        before[1] - after[2] if not (before[0].isspace() or after[0].isspace()) else 0.0
        for before, after in pairwise(drawn)
    ]
    blanks = len(letters) - len(drawn) - apart
    widest = sorted(gaps, reverse=True)[:blanks]
    least = max(widest[-1], _LEAST) if widest else float("inf")
    found = [
        f"{text} " if gap >= least else text for (text, _, _), gap in zip(drawn, [*gaps, 0.0], strict=True)
    ]
    text = _ACROSS.sub(lambda match: match[0][::-1], "".join(found))
    if ends := _ENDS.match(text):
        # Of a line set as if it were written from left to right, as pages do that don't say otherwise.
        text = text[ends.end() :] + ends[0][::-1]
    return _bracketed(text)


def _seen(letters: Sequence[Letter]) -> bool:
    """Whether some word of a line written from right to left comes as it is seen, from left to right."""
    own = [_LETTER.match(text) is not None for text, _, _ in letters]
    if 2 * sum(own) <= sum(text.isalpha() for text, _, _ in letters):
        return False
    return any(
        own[at] and own[at + 1] and before[1] + before[2] < after[1] + after[2]
        for at, (before, after) in enumerate(pairwise(letters))
    )


def _bracketed(text: str) -> str:
    """With brackets that open and close in turn: which of two is meant is lost where both look alike."""
    open_: list[str] = []
    found = []
    for letter in text:
        if (opening := _OPENING.get(letter, letter)) in _CLOSING:
            if opening in open_:
                open_.remove(opening)
                letter = _CLOSING[opening]
            else:
                open_.append(opening)
                letter = opening
        found.append(letter)
    return "".join(found)

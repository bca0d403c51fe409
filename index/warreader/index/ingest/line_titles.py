"""What an article's stated title tells of its lines: which is the headline, and that no other is."""

from __future__ import annotations

from collections.abc import Sequence

from warreader.index.article import KEPT, Line, LineKind
from warreader.index.ingest.line_stops import STOP_WORDS
from warreader.index.ingest.outlets import bare_words

_NEAR_TOP = 60
"""Lines that are not blank, among the first of which the headline stands."""
_LEAST = 15
"""Letters and digits of a title that a line is known by."""
_BEGUN, _TOLD = 24, 10
"""Code points of a line's beginning, and letters of that, by which it may be the title."""
_STANDFIRST, _SENTENCE = 3, 8
"""Lines at the top among which a standfirst stands, and words of the shortest."""
_ALIKE = 0.3
"""Share of telling words from which two headlines may be of one article, each worded for its place."""


def by_title(
    text: str, lines: Sequence[Line], title: str | None, told: Sequence[LineKind | None] | None = None
) -> tuple[Line, ...]:
    """The lines with the one that is the title as the headline.

    Where none is, a line stays the headline only if it shares words with the title: an extracted text often begins
    with a picture's caption or a standfirst.

    Args:
        text: stored text.
        lines: its lines with the kinds that were found.
        title: as it was stated with the article; ``None`` leaves everything as it is.
        told: for each line its kind where markup told it; such lines stay as they are.
    """
    plain = bare_words(title or "")
    if title is None or len(plain) < _LEAST:
        return tuple(lines)
    filled = [at for at, line in enumerate(lines) if line.start < line.end][:_NEAR_TOP]
    same = next((at for at in filled if _is_title(text, lines[at], plain)), None)
    changed = list(lines)
    for at in filled:
        if told is not None and told[at] is not None:
            continue
        if at == same:
            changed[at] = Line(lines[at].start, lines[at].end, LineKind.HEADLINE)
        elif lines[at].kind is LineKind.HEADLINE:
            said = text[lines[at].start : lines[at].end]
            if same is not None or not _alike(said, title):
                above = at in filled[:_STANDFIRST] and len(said.split()) >= _SENTENCE and said[:1].isupper()
                kind = LineKind.STANDFIRST if above else LineKind.BODY
                changed[at] = Line(lines[at].start, lines[at].end, kind)
    return tuple(changed)


def _is_title(text: str, line: Line, plain: str) -> bool:
    if line.end - line.start > 2 * len(plain) + 20 or line.kind not in KEPT:
        return False
    # Most lines differ in their first letters already; of bare words a "the" at the beginning is left out.
    begun = text[line.start : line.start + _BEGUN]
    first = next(filter(str.isalnum, begun), "").casefold()[:1]
    if first and first != plain[0] and first != "t":
        return False
    begun = bare_words(begun)
    if not plain.startswith(begun[:_TOLD]):
        return False
    own = bare_words(text[line.start : line.end])
    return own == plain or (len(own) >= _LEAST and (plain.startswith(own) or own.startswith(plain)))


def _alike(one: str, other: str) -> bool:
    first, second = _telling(one), _telling(other)
    return len(first & second) >= _ALIKE * max(1, min(len(first), len(second)))


def _telling(words: str) -> set[str]:
    found = (bare_words(word) for word in words.split())
    return {word for word in found if len(word) > 2 and word not in STOP_WORDS}

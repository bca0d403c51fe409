"""Lines that belong together: a paragraph that was filled to a width, or broken where its links and italics stood.

What a line is shows in the paragraph, not in the piece of it that a program put on a line of its own:
each piece is then what the whole is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from warreader.index.article import LineKind

_NARROWEST, _WIDEST = 40, 110
"""Columns at which programs fill paragraphs."""
_GOES_ON = frozenset(",.;:)]…%’”")
"""Marks that no line begins with, unless it goes on from the one before."""
_ENDS = frozenset(".!?…:。！？|>»›•")
_OPEN = frozenset(
    ["the", "a", "an", "and", "or", "of", "to", "in", "on", "at", "for", "from", "with", "as", "that", "than", "who"]
)  # fmt: skip
"""Words after which a sentence must go on."""
_REFERENCE = re.compile(r"\[\d+\]: ")
_LINK = re.compile(r"\]\[\d+\]|\]\([^)\s]*\)")
"""Where a link leads, in Markdown."""


_MARKDOWN = ("](", "][", "**")
_HEADS = frozenset("#>")
"""Marks without one of which a text has none of Markdown's."""


@dataclass(slots=True)
class Units:
    """A text's units, in order.

    Args:
        lines: each as one line, without white space at its ends, and without Markdown's marks.
        places: the number of its first line in the text.
        lasts: the number of its last.
        told: what was told of it.
    """

    lines: list[str]
    places: list[int]
    lasts: list[int]
    told: list[LineKind | None]

    @property
    def gaps(self) -> list[int]:
        """How many lines further down than the end of the one before each begins."""
        return [1, *(one - last for one, last in zip(self.places[1:], self.lasts, strict=False))][
            : len(self.lines)
        ]

    def over(self, kinds: Sequence[LineKind], lines: list[LineKind]) -> None:
        """Set the kind of each of a text's lines that are in a unit to that of the unit."""
        for kind, first, last in zip(kinds, self.places, self.lasts, strict=True):
            lines[first] = kind
            for at in range(first + 1, last + 1):
                lines[at] = kind


def units(lines: Sequence[str], told: Sequence[LineKind | None] | None = None) -> Units:
    """The units of a text.

    Args:
        lines: all of the text's, without white space at their ends.
        told: of each what markup said; one of which it said something is a unit of its own.
    """
    places = [at for at, line in enumerate(lines) if line]
    filled = [lines[at] for at in places]
    known: list[LineKind | None] = [None] * len(places) if told is None else [told[at] for at in places]
    joined = {at for at in _joined(filled, places) if known[at] is None and known[at - 1] is None}
    if _has_marks("\n".join(filled)) or not _HEADS.isdisjoint(map(itemgetter(0), filled)):
        filled = list(map(bare, filled))
    if not joined:
        return Units(filled, places, places, known)
    first = [at for at in range(len(places)) if at not in joined]
    ends = [*first[1:], len(places)]
    return Units(
        [" ".join(filled[one:end]) for one, end in zip(first, ends, strict=True)],
        [places[at] for at in first],
        [places[end - 1] for end in ends],
        [known[at] for at in first],
    )


def _has_marks(text: str) -> bool:
    # One character is looked for many times as quickly as two.
    return ("]" in text or "*" in text) and any(map(text.__contains__, _MARKDOWN))


def bare(line: str) -> str:
    """A line without Markdown's marks; one that is nothing else stays."""
    shown = line
    if "](" in line or "][" in line:
        shown = _LINK.sub("", line).replace("[", "")
    if line[0] in "#>" or "**" in line:
        shown = shown.replace("**", "").lstrip("#> ")
    return shown.strip() or line


def _joined(lines: Sequence[str], places: Sequence[int]) -> list[int]:
    """Lines that go on from the one before."""
    following = [at for at in range(1, len(lines)) if places[at] == places[at - 1] + 1]
    low = [at for at in following if lines[at][0].islower() or lines[at][0] in _GOES_ON]
    if not low and len(following) < 4:
        return []
    filled = _filled(lines, following)
    if filled:
        return sorted({*filled, *_addresses(lines, following)})
    broken = [at for at in low if _is_broken(lines[at - 1], lines[at])]
    broken += [at for at in following if _is_open(lines[at - 1])]
    return broken


def _addresses(lines: Sequence[str], following: Sequence[int]) -> Iterator[int]:
    """Lines in which the target of a Markdown reference goes on, broken at the width like all else."""
    inside = -1
    for at in following:
        if _REFERENCE.match(lines[at - 1]):
            inside = at
        if inside == at and " " not in lines[at] and not _REFERENCE.match(lines[at]):
            yield at
            inside = at + 1


def _is_broken(before: str, line: str) -> bool:
    """Whether a sentence goes on in a line that begins with a small letter or a closing mark."""
    if before[-1] in _ENDS or line.startswith("by "):
        return False
    return " " in before and (line[0] in _GOES_ON or " " in line)


def _is_open(before: str) -> bool:
    """Whether a line ends in a word after which its sentence must go on."""
    if not before[-1].islower() and before[-1] != ",":
        return False
    words = before.rsplit(None, 1)
    return len(words) == 2 and len(before) > 20 and words[1] in _OPEN


def _filled(lines: Sequence[str], following: Sequence[int]) -> list[int]:
    """Lines that go on where paragraphs were filled to a width: the one before had no room for their first word."""
    lengths = sorted(map(len, lines))
    width = lengths[int(0.98 * (len(lengths) - 1))]
    if not _NARROWEST <= width <= _WIDEST or lengths[-1] > 4 * width:
        return []
    found = [
        at
        for at in following
        if 0.6 * width < len(lines[at - 1])
        and len(lines[at - 1]) + 1 + len(lines[at].split(None, 1)[0]) > width
    ]
    low = sum(lines[at].lstrip("> #*")[:1].islower() for at in found)
    broken = sum(lines[at - 1][-1] not in _ENDS for at in found)
    long = sum(length > 0.75 * width for length in lengths)
    # Where nearly all long lines end for want of room, and most of what follows goes on in mid-sentence.
    filled = len(found) >= 4 and 2 * len(found) >= long and min(low, broken) > 0.35 * len(found)
    return found if filled else []

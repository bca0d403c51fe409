"""Lines that are told only by the block they stand in: cells of a table, readers' comments, lists of other articles.

A cell on a line of its own looks like an entry of a menu, and a reader's comment like the article, as does
what another article begins with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

_NUMBER = re.compile(r"[|\s]*[+-]?\d[\d.,:/-]*\s?(?:%|[^\W\d]{1,2}|°)?[|\s]*")
"""A cell that holds a number and its unit; not one in brackets, as stand behind a menu's entries, nor a price."""
_CELL = 70
"""Code points of the longest cell."""
_APART = 5
"""Lines from one number to the next."""
_LEAST = 12
"""Lines of the smallest table."""
_HEADING = 10
"""Lines between a table's first number and the text above it: a title, and the columns'."""

_COUNTED = re.compile(r"(?:.{1,30} )?\(\d[\d.,]{0,6}\)")
"""How many articles stand behind an entry of a menu."""
_COUNTED_APART, _COUNTS = 4, 8
"""Lines from one such entry to the next, and how many make a menu."""

_COMMENTER = re.compile(
    r".{1,60}\b(?:says|said|wrote|replied|commented)(?: on\b.{0,60})?:|"
    r".{0,60}\b(?:\d+|an?|one|two) (?:day|week|month|year)s? ago\b.{0,24}|"
    r"rating: [+-]?\d+ (?:votes?|points?)|.{0,30}\b\d+ (?:likes?|upvotes?|points?)(?: \W?)?|"
    r".{1,60} on \w{3,9} \d{1,2}, \d{4} at \d{1,2}:\d\d ?[ap]m.{0,12}|reply(?: to .{1,40})?",
    re.IGNORECASE,
)
"""Who commented and when, and what others thought of it; hours are left out, as live reports count them too."""
_BETWEEN = 20
"""Lines of one comment."""
_FEW = 4
"""Comments that make a thread of them."""

_YEAR, _CLOCK = re.compile(r"\b(?:19|20)\d\d\b"), re.compile(r"\d:\d\d|\d ?[ap]\.?m\b", re.IGNORECASE)
_ITEM, _ITEMS = 5, 4
"""Lines of one article in a list of others, and how many such make a list."""
_TITLE = 150
"""Code points of the longest title, or name, over a date."""


def tables(lines: Sequence[str], above: Callable[[int], bool]) -> Iterator[range]:
    """Where tables stand, a cell a line.

    Args:
        lines: the text's, none empty.
        above: whether a line is running text of the article, under which a table is its own.
    """
    numbers = [at for at, line in enumerate(lines) if len(line) <= _CELL and _NUMBER.fullmatch(line)]
    for run in _runs(numbers, lambda one, other: other - one <= _APART + 1 and _cells(lines[one:other])):
        first, last = run[0], run[-1]
        if last - first + 1 < _LEAST or 4 * len(run) < last - first + 1:
            continue
        text = next((at for at in range(first - 1, max(-1, first - 1 - _HEADING), -1) if above(at)), -1)
        # A text that is little else is a table, too, whatever an extractor left of its head.
        if text >= 0 or 2 * (last - first) > len(lines):
            end = last + 1
            while end < min(len(lines), last + _APART) and _cells([lines[end]]):
                end += 1
            yield range(text + 1, end)


def counts(lines: Sequence[str]) -> Iterator[range]:
    """Where entries of a menu stand with how much is behind each: the months of an archive, a cloud of tags."""
    said = [at for at, line in enumerate(lines) if line[-1] == ")" and _COUNTED.fullmatch(line)]
    for run in _runs(said, lambda one, other: other - one <= _COUNTED_APART and _cells(lines[one:other])):
        if len(run) >= _COUNTS:
            yield range(run[0], run[-1] + 1)


def comments(lines: Sequence[str], among: Iterable[int]) -> int:
    """Where the comments of readers begin that go on to the end, or nearly; the number of lines if there are none.

    Args:
        lines: the text's, none empty.
        among: the lines that may say who commented and when, in order.
    """
    said = [
        at
        for at in among
        if len(lines[at]) <= 100 and _may_be_one(lines[at]) and _COMMENTER.fullmatch(lines[at])
    ]
    if len(said) < _FEW:
        return len(lines)
    threads = [run for run in _runs(said, lambda one, other: other - one <= _BETWEEN) if len(run) >= _FEW]
    return threads[0][0] if threads else len(lines)


def listed(lines: Sequence[str], dated: Iterable[int], prose: Callable[[int], bool]) -> Iterator[range]:
    """Where other articles are listed, each by its title, its author perhaps, its day and how it begins.

    Reports that go on by the hour say the time, and in a chronicle a day stands under the sentence before.

    Args:
        lines: the text's, none empty.
        dated: the lines that are dates, in order.
        prose: whether a line is running text.
    """
    under = [
        at
        for at in dated
        if _YEAR.search(lines[at]) and not _CLOCK.search(lines[at]) and at and _may_be_title(lines[at - 1])
    ]

    def near(one: int, other: int) -> bool:
        return other - one <= _ITEM and sum(map(prose, range(one + 1, other))) <= 1

    for run in _runs(under, near):
        if len(run) >= _ITEMS:
            first = run[0] - 1
            if first and _may_be_title(lines[first - 1]):
                first -= 1
            yield range(first, min(len(lines), run[-1] + 2))


def _may_be_title(line: str) -> bool:
    words = line.split(None, 2)
    return (
        len(words) >= 2
        and len(line) <= _TITLE
        and line.rstrip("\"'”’»)")[-1:] not in ".!…:"
        and words[0][0].isalpha()
    )


def _may_be_one(line: str) -> bool:
    """Whether it is worth a pattern's time."""
    return line[-1] in ":smSM" or " ago" in line or line[:5].lower() in {"reply", "ratin"}


def _cells(lines: Sequence[str]) -> bool:
    return all(len(line) <= _CELL for line in lines)


def _runs(places: Sequence[int], near: Callable[[int, int], bool]) -> Iterator[list[int]]:
    run: list[int] = []
    for at in places:
        if run and not near(run[-1], at):
            yield run
            run = []
        run.append(at)
    if run:
        yield run

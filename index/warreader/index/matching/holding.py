"""Which matches of an article hold which of its quotations."""

from __future__ import annotations

from collections.abc import Sequence

from warreader.index.article import Match, Quotation, Span
from warreader.index.overlaps import Overlaps


class Holding:
    """The matches of an article, to be asked for those in which a quotation of it has a place.

    A live report has thousands of both: each quotation looks at the places that overlap it, not at all.

    Args:
        article_id: of the article.
        matches: its matches.
    """

    def __init__(self, article_id: str, matches: Sequence[Match]) -> None:
        self._matches = matches
        self._places = sorted(
            (member.start, member.end, number)
            for number, match in enumerate(matches)
            for member in match.members
            if member.article == article_id
        )
        self._overlaps = Overlaps((start, end) for start, end, _ in self._places)

    def of(self, quotation: Quotation) -> list[Match]:
        """Those in which a quotation has a place of its own, or one that takes up half of the shorter."""
        near = (self._places[at] for at in self._overlaps.of(quotation.start, quotation.end))
        held = {number for start, end, number in near if _half_of_shorter(Span(start, end), quotation.span)}
        return [self._matches[number] for number in sorted(held)]


def _half_of_shorter(one: Span, two: Span) -> bool:
    shared = min(one.end, two.end) - max(one.start, two.start)
    return 2 * shared >= min(len(one), len(two))

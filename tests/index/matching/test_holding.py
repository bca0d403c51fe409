from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Match, MatchKind, MatchMember, Quotation, QuotationKind, Scope
from warreader.index.matching.holding import Holding

SPANS = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda span: (span[0], span[0] + span[1]))
PLACES = st.lists(st.tuples(st.sampled_from("ab"), SPANS), min_size=1, max_size=3)


def match(number: int, places: list[tuple[str, tuple[int, int]]]) -> Match:
    members = tuple(MatchMember(article, start, end, "x" * (end - start)) for article, (start, end) in places)
    return Match(f"m{number}", MatchKind.EXACT, 1.0, Scope.CROSS, members)


@given(st.lists(PLACES, max_size=12), SPANS)
def test_a_match_holds_a_quotation_by_half_of_the_shorter(
    matches: list[list[tuple[str, tuple[int, int]]]], span: tuple[int, int]
) -> None:
    def holds(places: list[tuple[str, tuple[int, int]]]) -> bool:
        for article, (start, end) in places:
            shared = min(end, span[1]) - max(start, span[0])
            if article == "a" and shared > 0 and 2 * shared >= min(end - start, span[1] - span[0]):
                return True
        return False

    found = [match(number, places) for number, places in enumerate(matches)]
    quotation = Quotation("q", "a", *span, "x" * (span[1] - span[0]), QuotationKind.DIRECT)
    wanted = [one for one, places in zip(found, matches, strict=True) if holds(places)]
    assert Holding("a", found).of(quotation) == wanted

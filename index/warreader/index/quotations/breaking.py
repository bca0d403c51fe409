"""Contents that a report between commas breaks in two: If it fell, Clarke said, the road would be open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from warreader.index.article import Span
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Sentence, Style
from warreader.index.quotations.phrases import clausal, finite
from warreader.index.quotations.tokens import Token

if TYPE_CHECKING:
    from warreader.index.quotations.indirect import Reported

LONGEST_HEAD = 150
"""Tokens that may stand before a report that breaks a content in two."""

ADJUNCT_REACH = 8
"""Words on when and where between a report and its second comma: he said in an interview on Friday."""

LEAST_TAIL = 2
"""Words that must follow the second comma."""

_BREAKING = (Style.PLAIN, Style.INVERTED, Style.ACCORDING)
_JOINS = frozenset(["and", "but", "so", "yet", "still", "however", "meanwhile"])
_GOING_ON = v.CONJUNCTIONS | {"that", "which", "to"}
"""What follows a report that stands after marks, where it tells no more of who spoke."""

_OF_SPEAKER = frozenset(["who", "whose", "whom", "according"])
_MANNER = frozenset(
    [
        "speaking",
        "smiling",
        "laughing",
        "pointing",
        "referring",
        "shaking",
        "nodding",
        "standing",
        "sitting",
        "gesturing",
        "wiping",
        "grinning",
        "sighing",
        "shrugging",
        "holding",
        "looking",
        "quoting",
        "appearing",
    ]
)
"""How it was said: nothing of what was said begins with these."""

_IN_WHAT = v.OCCASIONS | {"condition", "behalf"}


def head(tokens: Sequence[Token], sentence: Sentence, report: Report) -> tuple[int, int] | None:
    """The words of a sentence before a report that stands between commas; none of them in marks."""
    if report.subject is None or not report.strong or report.style not in _BREAKING:
        return None
    first, last = sentence.first, report.first - 1
    set_off = last > first and tokens[last].low == "," and closing(tokens, sentence, report) is not None
    if not set_off or last - first > LONGEST_HEAD or any(token.quoted for token in tokens[first:last]):
        return None
    while first < last and (tokens[first].low in _JOINS or not tokens[first].word):
        first += 1
    return (first, last) if first < last else None


def closing(tokens: Sequence[Token], sentence: Sentence, report: Report) -> int | None:
    """The comma after a report; between them may stand when and where it was said, if it plainly was."""
    at = report.last
    if at >= sentence.last:
        return None
    if tokens[at].low == ",":
        return at
    low = tokens[at].low
    leads = low in v.PREPOSITIONS or low in v.DAYS or low in ("this", "last", "late", "early")
    if report.style is not Style.PLAIN or report.verb not in v.BARE or not leads:
        return None
    for at in range(report.last, min(sentence.last, report.last + ADJUNCT_REACH + 1)):
        if tokens[at].low == ",":
            return at
        if not tokens[at].word or finite(tokens, at, report.last):
            return None
    return None


def broken(tokens: Sequence[Token], sentence: Sentence, report: Report, limit: int) -> tuple[int, int] | None:
    """What follows a report that breaks a clause: The bridge, Clarke said, was hit; last week, he said, it rained."""
    before, comma = head(tokens, sentence, report), closing(tokens, sentence, report)
    if before is None or comma is None or comma + 1 >= limit:
        return None
    first = comma + 1
    if not tokens[first].word or tokens[first].low.endswith("ing") or clausal(tokens, *before):
        return None
    goes_on = any(finite(tokens, k, first - 1) for k in range(first, limit))
    return (first, limit) if goes_on else None


def whole(part: Clauses, found: Sequence[Reported]) -> Iterator[Reported]:
    """The contents of a line, in order and none inside another, each with both its parts where a report breaks it."""
    reached, at = -1, 0
    while at < len(found):
        one = found[at]
        at += 1
        after = found[at] if at < len(found) else None
        sentence = part.sentences[part.sentence_of[one.first]]
        joined = with_head(part.tokens, sentence, replace(one, head=None))
        if joined.head is None or joined.head.start < reached:
            joined = one if one.head is None else replace(one, head=None)
            # Both parts may have been found, each by itself.
            same = after is not None and after.report.cue == one.report.cue and one.last <= one.report.first
            if after is None or same or after.first >= sentence.last:
                joined = with_tail(part.tokens, sentence, joined)
                at += same and after is not None and _covered(part.tokens, sentence, joined, after)
        yield joined
        reached = joined.span.end


def _covered(tokens: Sequence[Token], sentence: Sentence, one: Reported, after: Reported) -> bool:
    """Whether the next content of a report is now part of the one before it, or only tells how it was said."""
    if one.head is not None:
        return True
    comma = closing(tokens, sentence, one.report)
    if comma is None or after.first not in (comma + 1, comma + 2):
        return False
    return not tokens[comma + 1].quoted and _on_saying(tokens, comma + 1, after.last)


def with_head(tokens: Sequence[Token], sentence: Sentence, found: Reported) -> Reported:
    """A content with what stands of it before the report that breaks it."""
    comma = closing(tokens, sentence, found.report)
    if comma is None or found.first not in (comma + 1, comma + 2):
        return found
    if found.first == comma + 2:
        # It is a risk, she said, that: the clause hangs on the head.
        if tokens[comma + 1].low != "that":
            return found
        found = replace(found, first=comma + 1, span=Span(tokens[comma + 1].start, found.span.end))
    before = head(tokens, sentence, found.report)
    if before is None:
        return found
    return replace(found, head=Span(tokens[before[0]].start, tokens[before[1] - 1].end))


def with_tail(tokens: Sequence[Token], sentence: Sentence, found: Reported) -> Reported:
    """A content that stands before its report with what goes on of it after that."""
    rest = tail(tokens, sentence, found)
    if rest is None:
        return found
    span = Span(tokens[rest[0]].start, tokens[rest[1] - 1].end)
    return replace(found, head=found.span, span=span, first=rest[0], last=rest[1])


def tail(tokens: Sequence[Token], sentence: Sentence, found: Reported) -> tuple[int, int] | None:
    """What goes on of a content after the report that breaks it, where the content stands before it."""
    report = found.report
    comma = closing(tokens, sentence, report)
    if (
        comma is None
        or found.last > report.first
        or found.last < report.first - 1
        or report.style is not Style.PLAIN
        or report.subject is None
        or not report.strong
        or report.verb not in v.CLAUSAL
    ):
        return None
    first, last = comma + 1, sentence.last
    while last > first and not tokens[last - 1].word and not tokens[last - 1].quoted:
        last -= 1
    if last - first < LEAST_TAIL or not tokens[first].word:
        return None
    if _on_saying(tokens, first, last) or _of_another(sentence, first, last):
        return None
    marked = any(token.quoted for token in tokens[found.first : found.last])
    if marked and tokens[first].low not in _GOING_ON:
        # "...," Clarke said, a soldier from Kharkiv.
        return None
    return first, last


def _on_saying(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether what follows a report tells who spoke, how or where."""
    low = tokens[first].low
    if low in _OF_SPEAKER or low in _MANNER:
        return True
    if low == "as" and first + 1 < last and tokens[first + 1].capital:
        # As Kyiv braced for more: what went on meanwhile.
        return True
    occasion = low in v.PREPOSITIONS and any(
        tokens[k].low in _IN_WHAT for k in range(first, min(last, first + ADJUNCT_REACH))
    )
    his = low in ("his", "her", "their") and not clausal(tokens, first, last)
    return occasion or his


def _of_another(sentence: Sentence, first: int, last: int) -> bool:
    """Whether another report begins what follows one, or stands in it."""
    return any(
        (other.strong and first <= other.first < last) or first <= other.cue[0] <= first + 2
        for other in sentence.reports
    )

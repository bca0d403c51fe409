"""What the rules and the model find of reported speech without marks, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log, log1p

from warreader.index.article import Span
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Sentence, Style
from warreader.index.quotations.indirect import Reported, reported, trimmed, untailed
from warreader.index.quotations.speech_model import SpeechModel, Told, shipped

LEAST = 0.4
"""How likely a content must be one, by :func:`likely`, to be kept."""

LEAST_WORDS = 4
"""Words of a content that only the model holds for one."""

CLOSE = 0.75
"""Share of words from which what a rule bounds and what the model bounds are one content: the rule's bounds
hold then.
"""

DENIED_REACH = 3
"""Tokens before a cue in which a negation denies it."""


_GOES_ON = (v.PREPOSITIONS | v.CONJUNCTIONS) - {"and", "or", "but", "nor"}
"""Words before which no content ends."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The indirect quotations of each line, in order, none inside another; and by where they begin the stretches
    in marks that the model holds for somebody's words, with their line and, where it has a cue and a speaker, its
    report (``None``: nothing is known of them).
    """

    indirect: list[list[Reported]]
    content: dict[int, tuple[Clauses, Report | None]] | None


def weigh(lines: Sequence[Clauses]) -> Weighed:
    """What is reported in these lines without marks."""
    ruled = [list(reported(part)) for part in lines]
    model = shipped()
    return Weighed(ruled, None) if model is None else weighed(lines, ruled, model)


def weighed(lines: Sequence[Clauses], ruled: Sequence[Sequence[Reported]], model: SpeechModel) -> Weighed:
    """What the model holds for content, with the rules' bounds where both mean the same."""
    told = model.tell(lines, ruled)
    content = {
        token.start: (part, _report(part, one)[0] if one.cue and one.source else None)
        for part, ones in zip(lines, told, strict=True)
        for one in ones
        for token in part.tokens[one.first : one.last]
        if token.quoted
    }
    indirect = [_line(part, rules, ones) for part, rules, ones in zip(lines, ruled, told, strict=True)]
    return Weighed(indirect, content)


def _line(part: Clauses, rules: Sequence[Reported], told: Sequence[Told]) -> list[Reported]:
    found: list[Reported] = []
    for one in told:
        held = _held(part, rules, one)
        if held is not None and (not found or held.first >= found[-1].last):
            found.append(held)
    # A plain "said that" is one even where the model, made on the news of one country, doubts it.
    found += [rule for rule in rules if rule.report.strong and not any(_overlap(rule, one) for one in found)]
    return sorted(found, key=lambda one: one.first)


def _held(part: Clauses, rules: Sequence[Reported], one: Told) -> Reported | None:
    """A content that the model holds, with a rule's bounds where they are much the same, or end earlier."""
    if one.cue is None:
        return None
    report, known = _report(part, one)
    bounds = trimmed(part.tokens, *_bounds(part, one, report))
    if report.negated or bounds is None or likely(one, report, known=known) < LEAST:
        return None
    if report.subject is not None and _share_of(bounds, report.subject) == 1:
        # An aside of the speaker's, taken for what is said.
        return None
    for rule in rules:
        earlier = rule.first == bounds[0] and rule.last < bounds[1]
        if earlier or _share(bounds, (rule.first, rule.last)) >= CLOSE:
            return rule
    inner = part.tokens[bounds[0] : bounds[1]]
    if sum(token.word for token in inner) < LEAST_WORDS and not any(token.quoted for token in inner):
        return None
    return Reported(Span(inner[0].start, inner[-1].end), report, *bounds)


def likely(one: Told, report: Report, *, known: bool) -> float:
    """How likely half of a content's words are rightly one: logistic regression over held-out articles.

    Args:
        one: the content as the model has it.
        report: its cue and speaker.
        known: whether the rules know the cue too.
    """
    named = report.subject is not None
    odds = 0.9 * log1p(max(0.0, one.sure)) + 0.2 * log(one.last - one.first) - 2.9
    odds += 0.6 * named + 0.55 * known + 0.3 * (known and named) + 0.35 * (known and report.strong)
    return 1 / (1 + exp(-odds))


def _overlap(one: Reported, other: Reported) -> bool:
    return one.first < other.last and other.first < one.last


def _bounds(part: Clauses, one: Told, report: Report) -> tuple[int, int]:
    """A content from its clause's head to its end: the model may begin or end within a phrase."""
    tokens, sentence = part.tokens, part.sentences[part.sentence_of[one.first]]
    if one.last <= report.first:
        # What stands before its report begins the sentence.
        return sentence.first, one.last
    last = one.last
    if last < sentence.last and tokens[last].low in _GOES_ON:
        while last < sentence.last and (tokens[last].word or tokens[last].quoted):
            last += 1
    return untailed(tokens, sentence, _after_that(part, one), last)


def _after_that(part: Clauses, one: Told) -> int:
    first = one.first
    while first < one.last and (
        part.tokens[first].low == "that" or not (part.tokens[first].word or part.tokens[first].quoted)
    ):
        first += 1
    # "that" alone, or before a verb, is what was said: "that is wrong".
    after = part.tokens[first].low if first < one.last else ""
    return one.first if first >= one.last or after in v.AUXILIARIES else first


def _share(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0]))


def _share_of(one: tuple[int, int], other: tuple[int, int]) -> float:
    """How much of one is in the other."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0])) / (one[1] - one[0])


def _report(part: Clauses, one: Told) -> tuple[Report, bool]:
    """The rules' reading of the cue with its subject, or one from what the model says; whether it is the rules'."""
    assert one.cue is not None
    first, last = one.cue
    sentence = part.sentences[part.sentence_of[first]]
    for report in sentence.reports:
        if report.cue[0] < last and first < report.cue[1]:
            if report.subject is None and one.source is not None:
                report = replace(report, subject=one.source)
            content = (one.first, one.last)
            if (
                report.subject is not None
                and _share_of(report.subject, content) > 0
                and one.source is not None
            ):
                report = replace(report, subject=one.source)
            denied = report.negated or _denied(part, sentence, first, last)
            return replace(report, negated=denied), True
    style = Style.INVERTED if one.source is not None and one.source[0] > first else Style.PLAIN
    while first < last - 1 and part.tokens[first].low in v.AUXILIARIES | v.ADVERBS:
        first += 1
    while last > first + 1 and not part.tokens[last - 1].word:
        last -= 1
    verb = part.tokens[last - 1].low
    denied = _denied(part, sentence, first, last)
    return Report(verb, (first, last), one.source, None, style, negated=denied), False


def _denied(part: Clauses, sentence: Sentence, first: int, last: int) -> bool:
    lows = [token.low for token in part.tokens[max(sentence.first, first - DENIED_REACH) : last]]
    return any(low in v.NEGATIONS for low in lows)

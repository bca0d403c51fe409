"""What the rules and the model find of reported speech without marks, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from warreader.index.article import Span
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Sentence, Style
from warreader.index.quotations.indirect import Reported, reported, trimmed
from warreader.index.quotations.speech_model import SpeechModel, Told, shipped

SURE = 0.0
"""How sure the model must be of a content, in natural logarithms of odds."""

CLOSE = 0.75
"""Share of words from which what a rule bounds and what the model bounds are one content: the rule's bounds
hold then.
"""

DENIED_REACH = 3
"""Tokens before a cue in which a negation denies it."""


def unmarked(lines: Sequence[Clauses]) -> list[list[Reported]]:
    """The indirect quotations of each line, in order; none inside another."""
    ruled = [list(reported(part)) for part in lines]
    model = shipped()
    return ruled if model is None else weighed(lines, ruled, model)


def weighed(
    lines: Sequence[Clauses], ruled: Sequence[Sequence[Reported]], model: SpeechModel
) -> list[list[Reported]]:
    """What the model holds for content, with the rules' bounds where both mean the same."""
    return [
        list(_line(part, rules, told))
        for part, rules, told in zip(lines, ruled, model.tell(lines, ruled), strict=True)
    ]


def _line(part: Clauses, rules: Sequence[Reported], told: Sequence[Told]) -> Iterator[Reported]:
    reached = -1
    for one in told:
        if one.cue is None or one.sure < SURE:
            continue
        report = _report(part, one)
        first = _after_that(part, one)
        bounds = trimmed(part.tokens, first, one.last)
        if report.negated or bounds is None or bounds[0] < reached:
            continue
        twin = next((rule for rule in rules if _share(bounds, (rule.first, rule.last)) >= CLOSE), None)
        if twin is not None and twin.first >= reached:
            reached = twin.last
            yield twin
            continue
        reached = bounds[1]
        span = Span(part.tokens[bounds[0]].start, part.tokens[bounds[1] - 1].end)
        yield Reported(span, report, *bounds)


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


def _report(part: Clauses, one: Told) -> Report:
    """The rules' reading of the cue with its subject, or one from what the model says."""
    assert one.cue is not None
    first, last = one.cue
    sentence = part.sentences[part.sentence_of[first]]
    for report in sentence.reports:
        if report.cue[0] < last and first < report.cue[1]:
            if report.subject is None and one.source is not None:
                report = replace(report, subject=one.source)
            return replace(report, negated=report.negated or _denied(part, sentence, first, last))
    style = Style.INVERTED if one.source is not None and one.source[0] > first else Style.PLAIN
    while first < last - 1 and part.tokens[first].low in v.AUXILIARIES | v.ADVERBS:
        first += 1
    while last > first + 1 and not part.tokens[last - 1].word:
        last -= 1
    return Report(
        part.tokens[last - 1].low,
        (first, last),
        one.source,
        None,
        style,
        negated=_denied(part, sentence, first, last),
    )


def _denied(part: Clauses, sentence: Sentence, first: int, last: int) -> bool:
    lows = [token.low for token in part.tokens[max(sentence.first, first - DENIED_REACH) : last]]
    return any(low in v.NEGATIONS for low in lows)

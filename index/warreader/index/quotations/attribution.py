"""Ties each stretch in marks to the report that governs it: after it, before it, or further on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from warreader.index.article import LineKind
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Style
from warreader.index.quotations.phrases import finite
from warreader.index.quotations.tokens import Token

BEFORE_REACH = 45
"""Tokens between a governing cue and the marks after it."""

WEAK_REACH = 6
"""The same for a cue that governs only what stands close by: called it a "special operation"."""

AFTER_REACH = 3
"""Tokens between the marks and the first word of a report after them."""


LABEL_REACH = 8
"""Tokens of a name set off with a colon."""

LONG_SUBJECT = 8
"""Tokens that a subject after the marks may have before those that a report takes for it."""

NEIGHBOURS = 12
"""Reports looked at on either side of the marks."""


_NEVER_VERBS = v.AUXILIARIES | v.PREPOSITIONS | v.CONJUNCTIONS | v.DETERMINERS | v.PRONOUNS | v.ADVERBS


def _cue_at(report: Report) -> int:
    return report.cue[0]


@dataclass(frozen=True, slots=True)
class Place:
    """A segment in marks as a token of its line. ``ending`` is the last character before the closing mark,
    ``before`` the line before.
    """

    clauses: Clauses
    at: int
    ending: str
    before: Clauses | None = None


def governing(first: Place, last: Place) -> tuple[Clauses, Report] | None:
    """The report that governs the quotation from segment ``first`` to segment ``last``, with its line."""
    # «..., — сказал Иванов. — ...»: the report may stand within.
    within = ((_after, first),) if first.at != last.at and first.clauses is last.clauses else ()
    for find, place in (*within, (_after, last), (_before, first), (_further, last), (_set_off, last)):
        report = find(place)
        if report is not None:
            return place.clauses, report
    return _led_in(first)


def _led_in(place: Place) -> tuple[Clauses, Report] | None:
    """A report that ends the line before with a colon: "She went on to say:"."""
    before = place.before
    if place.at != 0 or before is None or before.tokens[-1].low != ":":
        return None
    reports = [report for report in before.sentences[-1].reports[-NEIGHBOURS:] if not report.negated]
    strong = [report for report in reports if report.strong]
    return (before, (strong or reports)[-1]) if reports else None


def _after(place: Place) -> Report | None:
    tokens, at = place.clauses.tokens, place.at + 1
    if at >= len(tokens):
        return None
    start = at
    while (
        start < len(tokens)
        and start - at < AFTER_REACH
        and not tokens[start].word
        and not tokens[start].quoted
    ):
        if tokens[start].low in (".", ";", ":"):
            return None
        start += 1
    if start >= len(tokens) or not tokens[start].word or opens_remark(tokens, start):
        return None
    comma = start > at or place.ending in ",?!—-…"
    reports = place.clauses.sentences[place.clauses.sentence_of[start]].reports
    nearest = bisect_left(reports, start, key=_cue_at)
    for report in reports[nearest : nearest + NEIGHBOURS]:
        if not report.strong or report.negated or report.style is Style.AGENT:
            continue
        relayed = tokens[report.cue[0]].low in v.QUOTED
        if tokens[report.cue[1] - 1].low.endswith("ing") and not relayed:
            continue
        if report.first > start + 2 and not _leads_up(tokens, start, report.first):
            continue
        if report.style is Style.INVERTED and report.cue[0] == start:
            return report
        if report.style is Style.PLAIN and report.subject and start <= report.subject[0]:
            if report.cue[1] <= report.subject[0]:
                continue
            if comma or (
                place.ending == "." and not tokens[start].capital and tokens[start].low in v.PRONOUNS
            ):
                return report
            if place.ending not in "." and not tokens[start].capital:
                return report
    return None


def opens_remark(tokens: Sequence[Token], at: int) -> bool:
    """Whether a token begins what is told of the words before it, by whomever: which Hamas denied, a claim that ..."""
    if tokens[at].low in v.REMARKED:
        return True
    noun = tokens[at + 1].low if at + 1 < len(tokens) else ""
    return tokens[at].low in v.DETERMINERS and noun in v.ASSERTIONS


def _leads_up(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether only the head of a long subject stands in between: 40-year-old builder and father Ann Lee said."""
    if end - start > LONG_SUBJECT:
        return False
    never = v.PRONOUNS | v.PREPOSITIONS
    return all(
        token.word and token.low not in never and token.low not in v.CUES and not finite(tokens, at, start)
        for at, token in enumerate(tokens[start:end], start)
    )


def _before(place: Place) -> Report | None:
    clauses, at = place.clauses, place.at
    reports = clauses.sentences[clauses.sentence_of[at]].reports
    before = bisect_left(reports, at, key=_cue_at)
    for report in reversed(reports[max(0, before - NEIGHBOURS) : before]):
        if report.last > at or report.negated or report.style is Style.PASSIVE:
            continue
        gap = at - report.last
        if report.style is Style.AGENT:
            if gap <= WEAK_REACH:
                return report
            continue
        if not report.strong and report.style is not Style.ACCORDING:
            close = (
                gap <= WEAK_REACH
                if report.verb in v.NAMING
                else gap <= 1 or _only_that(clauses.tokens, report.last, at)
            )
            if not close:
                continue
        if gap > BEFORE_REACH or _closed(clauses.tokens, report, at):
            continue
        return report
    return None


def _only_that(tokens: Sequence[Token], start: int, end: int) -> bool:
    return all(tokens[k].low in ("that", ",", ":", "as") for k in range(start, end))


def _closed(tokens: Sequence[Token], report: Report, at: int) -> bool:
    """Whether a report belongs to a quotation before it and its clause ends before ``at``."""
    if report.style is not Style.INVERTED:
        return False
    return any(tokens[k].low in (".", ";") for k in range(report.last, at))


def _further(place: Place) -> Report | None:
    """A report later in the sentence of a fragment: ..., Clarke said."""
    clauses, at = place.clauses, place.at
    reports = clauses.sentences[clauses.sentence_of[at]].reports
    after = bisect_left(reports, at, key=_cue_at)
    for report in reports[after : after + NEIGHBOURS]:
        if report.first <= at or report.first - at > BEFORE_REACH or report.negated or report.subject is None:
            continue
        if report.style is Style.ACCORDING:
            return report
        tail = report.style in (Style.PLAIN, Style.INVERTED) and clauses.tokens[report.first - 1].low == ","
        if tail and report.strong and not any(clauses.tokens[k].quoted for k in range(at + 1, report.first)):
            return report
    return None


def _set_off(place: Place) -> Report | None:
    """What is told, by whatever verb, of words that open a sentence and end in a comma: "...," Clarke hums."""
    clauses, start = place.clauses, place.at + 1
    tokens, sentence = clauses.tokens, clauses.sentences[clauses.sentence_of[place.at]]
    if place.at != sentence.first or place.ending != ",":
        return None
    end = start
    while end < sentence.last and tokens[end].word and tokens[end].capital:
        end += 1
    if not start < end < min(sentence.last - 1, start + LONG_SUBJECT):
        return None
    verb = tokens[end].low
    # "Committee members Ann Lee and Jo Clarke said" has no verb there yet.
    told = verb.endswith("ed") or (verb.endswith("s") and not tokens[end + 1].capital)
    told = told and tokens[end].word and verb not in _NEVER_VERBS
    return Report(verb, (end, end + 1), (start, end), None, Style.PLAIN) if told else None


def label(place: Place) -> tuple[int, int] | None:
    """The name in ``Zelensky: “...”`` (transcripts, headlines) or, in headlines, ``‘...’: Zelensky``."""
    clauses, at = place.clauses, place.at
    tokens = clauses.tokens
    sentence = clauses.sentences[clauses.sentence_of[at]]
    before = tokens[sentence.first : at] if at - sentence.first <= LABEL_REACH else ()
    if len(before) >= 2 and before[-1].low == ":" and _is_name(before[:-1]):
        return (sentence.first, at - 1)
    after = tokens[at + 1 : sentence.last] if sentence.last - at <= LABEL_REACH else ()
    if clauses.kind is LineKind.HEADLINE and len(after) >= 2 and after[0].low in (":", "-", "–", "—"):
        name = after[1:]
        if _is_name(name):
            return (at + 2, sentence.last)
    return None


def names_speaker(label: str) -> bool:
    """Whether words before a colon may name who speaks."""
    lows = label.lower().split()
    return not any(low in v.NO_LABELS or low.removesuffix("s") in v.NO_LABELS for low in lows)


def _is_name(tokens: Sequence[Token]) -> bool:
    """Whether words may name a speaker, not a subject: Ann Lee, not "Border talks"."""
    small = ("of", "the", "de", "van", "von", "al")
    named = all(token.word and (token.capital or token.low in small) for token in tokens)
    return named and tokens[0].capital and names_speaker(" ".join(token.low for token in tokens))

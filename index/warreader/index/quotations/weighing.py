"""What the rules and the model find of reported speech without marks, put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log1p

from warreader.index.article import Span
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Sentence, Style
from warreader.index.quotations.forms import (
    OFTEN_CUE,
    SURE_CUE,
    addressed,
    can_report,
    form,
    phoned,
    relative,
)
from warreader.index.quotations.indirect import Reported, broken_head, reported, trimmed, untailed
from warreader.index.quotations.phrases import finite
from warreader.index.quotations.refusals import Reading, refused
from warreader.index.quotations.speech_features import Lexicon
from warreader.index.quotations.speech_model import SpeechModel, Told, shipped

LEAST = 0.12
"""How likely a content must be one, by :func:`likely`, to be kept."""

LEAST_WORDS = 2
"""Words of a content whose bounds only the model holds for right: pledged to go."""

LEAST_UNKNOWN = 4
"""The same where no rule knows its cue."""

CLOSE = 0.75
"""Share of words from which what a rule bounds and what the model bounds are one content: the rule's bounds
hold then.
"""

DENIED_REACH = 3
"""Tokens before a cue in which a negation denies it."""


_GOES_ON = (v.PREPOSITIONS | v.CONJUNCTIONS) - {"and", "or", "but", "nor"}
"""Words before which no content ends."""

_NOBODY = frozenset(["none", "nobody", "neither", "short"])
"""Words shortly before a cue that deny it: none of them asked, stopped short of blaming."""

_OBLIQUE = v.PREPOSITIONS | {"after", "before", "as"}
_LEADS = frozenset(
    ["when", "after", "before", "if", "unless", "while", "although", "though", "once", "since", "because"]
)
_BEFORE_NOUN = v.DETERMINERS | v.PREPOSITIONS
_LED_BY = v.AUXILIARIES | v.ADVERBS
_PAUSES = frozenset(",;:—–-")


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
        token.start: (part, _heard(part, one, model.lexicon))
        for part, ones in zip(lines, told, strict=True)
        for one in ones
        for token in part.tokens[one.first : one.last]
        if token.quoted
    }
    indirect = [
        _line(part, rules, ones, model.lexicon) for part, rules, ones in zip(lines, ruled, told, strict=True)
    ]
    return Weighed(indirect, content)


def _heard(part: Clauses, one: Told, lexicon: Lexicon) -> Report | None:
    """The report of a content that the model holds for one, if it has a source and a cue that is plain enough."""
    if one.cue is None or one.source is None:
        return None
    report, known = _report(part, one)
    return report if known or _often(part, report, lexicon) >= OFTEN_CUE else None


def _line(part: Clauses, rules: Sequence[Reported], told: Sequence[Told], lexicon: Lexicon) -> list[Reported]:
    by_sentence: defaultdict[int, list[Reported]] = defaultdict(list)
    for rule in rules:
        by_sentence[part.sentence_of[rule.first]].append(rule)
    found: list[Reported] = []
    for one in told:
        held = _held(part, by_sentence[part.sentence_of[one.first]], one, lexicon)
        if held is not None and (not found or held.first >= found[-1].last):
            reached = part.tokens[found[-1].last - 1].end if found else -1
            head = broken_head(part.tokens, part.sentences[part.sentence_of[held.first]], held)
            found.append(replace(held, head=head if head and head.start >= reached else None))
    # A plain "said that" is one even where the model, made on the news of one country, doubts it.
    taken = bytearray(len(part.tokens))
    for held in found:
        taken[held.first : held.last] = b"\1" * (held.last - held.first)
    found += [
        rule
        for rule in rules
        if not any(taken[rule.first : rule.last])
        and _plain(part, rule)
        and not refused(Reading(part, rule.report, rule.first, rule.last, True))
    ]
    return sorted(found, key=lambda one: one.first)


def _held(part: Clauses, rules: Sequence[Reported], one: Told, lexicon: Lexicon) -> Reported | None:
    """A content that the model holds, with a rule's bounds where they are much the same, or end earlier."""
    if one.cue is None:
        return None
    report, known = _report(part, one)
    if known and _relayed(part, report) and one.first < report.last < one.last:
        one = replace(one, first=report.last)
    bounds = trimmed(part.tokens, *_bounds(part, one, report))
    if report.negated or bounds is None:
        return None
    if refused(Reading(part, report, *bounds, known)):
        return None
    bounds = _agreed(part, rules, report, bounds)
    rule = next((rule for rule in rules if _same(rule, bounds)), None)
    found = rule or Reported(
        Span(part.tokens[bounds[0]].start, part.tokens[bounds[1] - 1].end), report, *bounds
    )
    bounds = found.first, found.last
    if (
        phoned(part, *bounds, found.report)
        or addressed(part, *bounds, found.report)
        or relative(part, found.first, found.report)
    ):
        return None
    if not can_report(
        found.report,
        form(part, found.first, found.last, found.report.verb),
        known,
        _often(part, report, lexicon),
    ):
        return None
    evidence = Evidence.of(part, found, lexicon, sure=one.sure, known=known, ruled=rule is not None)
    if likely(evidence) < LEAST:
        return None
    inner = part.tokens[bounds[0] : bounds[1]]
    least = LEAST_WORDS if known else LEAST_UNKNOWN
    few = sum(token.word for token in inner) < least and not any(token.quoted for token in inner)
    return None if few and rule is None else found


def _often(part: Clauses, report: Report, lexicon: Lexicon) -> int:
    """How often a cue's words report; what stands before a noun, "the reported arrest", as good as never."""
    first, last = report.cue
    tokens = part.tokens
    before = tokens[first - 1].low if first else ""
    if last == first + 1 and tokens[first].low.endswith(("ed", "ing")) and before in _BEFORE_NOUN:
        return 0
    return max(lexicon.reports(token.low) for token in tokens[first:last])


def _agreed(
    part: Clauses, rules: Sequence[Reported], report: Report, bounds: tuple[int, int]
) -> tuple[int, int]:
    """The bounds, with what a rule knows better of the same report: where its content begins."""
    rule = next((rule for rule in rules if rule.report.cue == report.cue), None)
    if rule is None:
        return bounds
    if rule.head is not None and part.tokens[bounds[1] - 1].end <= rule.head.end:
        return rule.first, rule.last
    if report.style is Style.ACCORDING:
        # On which side of the source it stands, too: according to Clarke, the head of the agency.
        return rule.first, rule.last
    if not (rule.first < bounds[1] and bounds[0] < rule.last):
        return bounds
    # The model may take who was told, or when, for a part of what was said.
    aside = (
        part.tokens[rule.first - 1].low == "that"
        or report.verb in v.HEARD
        or part.tokens[bounds[0]].low in v.DAYS
    )
    later = report.cue[1] <= bounds[0] < rule.first
    return (rule.first, bounds[1]) if later and aside else bounds


def _plain(part: Clauses, rule: Reported) -> bool:
    """Whether the form alone says that a content is one: a clause, or what its verb asks for, and a speaker."""
    tokens, report = part.tokens, rule.report
    if rule.head is not None:
        return True
    opening, before = tokens[rule.first].low, tokens[rule.first - 1].low if rule.first else ""
    if not report.strong or opening in v.AUXILIARIES or (report.verb in v.OFTEN_NOUNS and before != "that"):
        return False
    if report.subject is None and report.style is not Style.PARTICIPLE:
        return False
    clause = report.style is Style.ACCORDING or any(
        finite(tokens, at, rule.first) for at in range(rule.first, rule.last)
    )
    if clause or report.subject is None:
        return clause and opening not in v.DAYS
    asked = opening == "to" or before in v.TOPIC.get(report.verb, ())
    return asked or (report.verb in v.GERUND and opening.endswith("ing")) or tokens[rule.first].quoted


def _same(rule: Reported, bounds: tuple[int, int]) -> bool:
    earlier = rule.first == bounds[0] and rule.last < bounds[1]
    return earlier or _share(bounds, (rule.first, rule.last)) >= CLOSE


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a content.

    Args:
        sure: as the model has it.
        named: somebody is known to say it.
        known: the rules know its cue too.
        ruled: it has a rule's bounds.
        reports: how often the cue's words report, 0-6.
        marker: "that" or "to" opens it, or some of it stands in marks.
        before: it stands before its cue.
        ends: a clause ends where it does.
        oblique: it begins with a preposition.
        bare: it is, by its form, no clause.
    """

    sure: float
    named: bool
    known: bool
    ruled: bool
    reports: int
    marker: bool
    before: bool
    ends: bool
    oblique: bool
    bare: bool

    @staticmethod
    def of(
        part: Clauses, found: Reported, lexicon: Lexicon, *, sure: float, known: bool, ruled: bool
    ) -> Evidence:
        """The evidence for a content in its line."""
        tokens, report = part.tokens, found.report
        sentence = part.sentences[part.sentence_of[found.first]]
        opening = tokens[max(0, found.first - 1) : found.first + 1]
        inner = tokens[found.first : found.last]
        return Evidence(
            sure,
            report.subject is not None,
            known,
            ruled,
            max(lexicon.reports(token.low) for token in tokens[report.cue[0] : report.cue[1]]),
            any(token.low in v.OPENING for token in opening)
            or inner[0].low == "to"
            or any(token.quoted for token in inner),
            found.last <= report.cue[0],
            found.last >= sentence.last - 1 or tokens[found.last].low in _PAUSES,
            inner[0].low in _OBLIQUE,
            not any(finite(tokens, at, found.first) for at in range(found.first, found.last)),
        )


def likely(evidence: Evidence) -> float:
    """How likely a content is rightly one: logistic regression over held-out articles, whether its words are
    much the same as an annotator's. Words that seldom report are trusted less than there: other news has
    other words, and puts them to other uses.
    """
    e = evidence
    odds = 0.77 * log1p(max(0.0, e.sure))
    odds += 0.42 * e.named + 0.21 * e.known + 0.97 * e.ruled + 0.22 * max(0, e.reports - 2)
    odds += 0.31 * e.marker + 0.97 * e.ends - 0.77 * e.before - 0.47 * e.oblique - 3.66
    if not e.known and e.reports < SURE_CUE:
        odds -= 0.6 + 0.5 * (e.bare and not e.marker)
    return 1 / (1 + exp(-odds))


def _bounds(part: Clauses, one: Told, report: Report) -> tuple[int, int]:
    """A content from its clause's head to its end: the model may begin or end within a phrase."""
    tokens, sentence = part.tokens, part.sentences[part.sentence_of[one.first]]
    if one.last <= report.first:
        # What stands before its report begins the sentence, if no other report does.
        other = any(found.first < one.first and found.last <= one.first for found in sentence.reports)
        return one.first if other else sentence.first, one.last
    last = _before_next_verb(part, one, report)
    if last < sentence.last and tokens[last].low in _GOES_ON:
        while last < sentence.last and (tokens[last].word or tokens[last].quoted):
            last += 1
    last = _before_main_clause(part, report, one.first, last)
    last = _both(part, one.first, last, sentence)
    first = _after_that(part, one)
    led = tokens[first].low in _LEADS and all(token.low != "," for token in tokens[first:last])
    if led and last < sentence.last and tokens[last].low == ",":
        # "when the curfew came, the event ended": the main clause is still to come.
        last = sentence.last
    return untailed(tokens, sentence, first, last)


def _both(part: Clauses, first: int, last: int, sentence: Sentence) -> int:
    """The end of "not only the soldiers | , but also their commanders"."""
    lows = [token.low for token in part.tokens[first : sentence.last]]
    end = last - first
    if lows[end : end + 2] != [",", "but"] and lows[end : end + 1] != ["but"]:
        return last
    only = any(lows[at] == "not" and lows[at + 1] in ("just", "only") for at in range(end - 1))
    return sentence.last if only else last


def _before_next_verb(part: Clauses, one: Told, report: Report) -> int:
    """The end of an object before another verb of the speaker's: condemned the attack | and moved to freeze assets."""
    tokens = part.tokens
    if report.verb not in v.PHRASAL or one.first < report.cue[1]:
        return one.last
    for at in range(one.first + 1, one.last - 1):
        if finite(tokens, at, one.first) or tokens[at].quoted:
            break
        following = tokens[at + 1].low
        if tokens[at].low == "and" and (following in v.FINITE or following.endswith("ed")):
            return at
    return one.last


def _before_main_clause(part: Clauses, report: Report, first: int, last: int) -> int:
    """The end of a content in a clause that leads in: While he has called for peace, | it has gone on."""
    tokens, sentence = part.tokens, part.sentences[part.sentence_of[first]]
    if first < report.cue[1] or tokens[sentence.first].low not in _LEADS or report.verb not in v.PHRASAL:
        return last
    if any(tokens[k].low == "," for k in range(sentence.first, first)):
        return last
    return next((k for k in range(first + 1, last) if tokens[k].low == ","), last)


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
            if report.style is Style.PASSIVE and one.source is not None and one.source[0] < first:
                # "They were told that": not who says it.
                one = replace(one, source=None)
            if report.subject is None and one.source is not None:
                report = report._replace(subject=one.source)
            content = (one.first, one.last)
            if (
                report.subject is not None
                and not _relayed(part, report)
                and _share_of(report.subject, content) > 0
                and one.source is not None
            ):
                report = report._replace(subject=one.source)
            denied = report.negated or _denied(part, sentence, first, last)
            return report._replace(negated=denied), True
    style = Style.INVERTED if one.source is not None and one.source[0] > first else Style.PLAIN
    while first < last - 1 and part.tokens[first].low in _LED_BY:
        first += 1
    while last > first + 1 and not part.tokens[last - 1].word:
        last -= 1
    verb = part.tokens[last - 1].low
    denied = _denied(part, sentence, first, last)
    return Report(verb, (first, last), one.source, None, style, negated=denied), False


def _relayed(part: Clauses, report: Report) -> bool:
    """Whether a cue takes in who said it, so that the words up to its end are not theirs: condemned by the UN as."""
    return report.style is Style.AGENT or part.tokens[report.cue[0]].low in v.QUOTED - {"citing"}


def _denied(part: Clauses, sentence: Sentence, first: int, last: int) -> bool:
    lows = [token.low for token in part.tokens[max(sentence.first, first - DENIED_REACH) : last]]
    return any(low in v.NEGATIONS or low in _NOBODY for low in lows)

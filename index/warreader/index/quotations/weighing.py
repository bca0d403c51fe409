"""What the rules and the model find of reported speech without marks, put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from warreader.index.article import Span
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.bounding import bounds_of
from warreader.index.quotations.breaking import whole
from warreader.index.quotations.clauses import Clauses, Report, Sentence, Style
from warreader.index.quotations.coverage import of_war
from warreader.index.quotations.evidence import Around, Evidence, Weights, heard
from warreader.index.quotations.evidence import shipped as shipped_weights
from warreader.index.quotations.forms import (
    OFTEN_CUE,
    Form,
    addressed,
    only_named,
    phoned,
    relative,
)
from warreader.index.quotations.indirect import (
    Reported,
    reported,
    trimmed,
)
from warreader.index.quotations.phrases import clausal
from warreader.index.quotations.refusals import Reading, refused
from warreader.index.quotations.speech_features import Lexicon
from warreader.index.quotations.speech_model import SpeechModel, Told, shipped

LEAST, LEAST_SURE = 0.25, 0.5
"""How likely a content must be one to be kept, by :mod:`.evidence`; and in war coverage, where the models are less at
home, where only a rule has it, and where nobody says it: less finds more, but what it finds more there is mostly none.
"""

LEAST_WORDS = 3
"""Words a content must have whose cue the rules don't know."""

CLOSE = 0.75
"""Share of words from which what a rule bounds and what the model bounds are one content: the rule's bounds
hold then.
"""

DENIED_REACH = 3
"""Tokens before a cue in which a negation denies it."""

ACCUSED_REACH = 12
"""Tokens of who is accused of something."""

_DENYING = v.NEGATIONS | {"none", "nobody", "neither", "short"}
"""Words shortly before a cue that deny it: none of them asked, stopped short of blaming."""

_WHEN = v.DAYS | v.WEEKDAYS | v.PARTS_OF_DAY | {"this", "last", "week", "month", "year", "earlier", "later"}
_BEFORE_NOUN = v.DETERMINERS | v.PREPOSITIONS
_LED_BY = v.AUXILIARIES | v.ADVERBS


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
    model, weights = shipped(), shipped_weights()
    return Weighed(ruled, None) if model is None or weights is None else weighed(lines, ruled, model, weights)


def weighed(
    lines: Sequence[Clauses], ruled: Sequence[Sequence[Reported]], model: SpeechModel, weights: Weights
) -> Weighed:
    """What the model holds for content, with the rules' bounds where both mean the same."""
    told = model.tell(lines, ruled)
    content = {
        token.start: (part, _heard(part, one, model.lexicon))
        for part, ones in zip(lines, told, strict=True)
        for one in ones
        for token in part.tokens[one.first : one.last]
        if token.quoted
    }
    speaking, war = heard(lines), of_war(lines)
    indirect = [
        _line(part, ones, Around(model.lexicon, speaking, war, rules), weights)
        for part, rules, ones in zip(lines, ruled, told, strict=True)
    ]
    return Weighed(indirect, content)


def _heard(part: Clauses, one: Told, lexicon: Lexicon) -> Report | None:
    """The report of a content that the model holds for one, if it has a source and a cue that is plain enough."""
    if one.cue is None or one.source is None:
        return None
    report, known = _report(part, one)
    return report if known or _often(part, report, lexicon) >= OFTEN_CUE else None


def _line(part: Clauses, told: Sequence[Told], around: Around, weights: Weights) -> list[Reported]:
    found: list[Reported] = []
    for held, evidence in told_readings(part, told, around):
        least = LEAST_SURE if around.war or _by_nobody(part, held.report, evidence) else LEAST
        enough = accuses(part, held) or weights.likely(evidence) >= least
        if enough and (not found or held.first >= found[-1].last):
            found.append(held)
    taken = bytearray(len(part.tokens))
    for held in found:
        taken[held.first : held.last] = b"\1" * (held.last - held.first)
    elsewhere = [rule for rule in around.rules if not any(taken[rule.first : rule.last])]
    for rule, evidence in ruled_readings(part, elsewhere, around):
        # A plain "said that" is one even where the model, made on the news of one country, doubts it.
        if plain(part, rule) or weights.likely(evidence) >= LEAST_SURE:
            found.append(rule)
    return list(whole(part, sorted(found, key=lambda one: one.first)))


def _by_nobody(part: Clauses, report: Report, evidence: Evidence) -> bool:
    """Whether a report hardly has who says it: jokes about it were told; Report 4 begins."""
    opens = report.cue[0] == part.sentences[part.sentence_of[report.cue[0]]].first
    if opens and report.subject is None and report.style is Style.COORDINATE:
        # It coordinates with nothing: a noun, or somebody is told to.
        return True
    if evidence.able:
        return False
    _, last, shape = evidence.verb
    return not evidence.known and shape is Form.CLAUSE and last in v.PREPOSITIONS


def told_readings(part: Clauses, told: Sequence[Told], around: Around) -> Iterator[tuple[Reported, Evidence]]:
    """What the model holds for contents in a line and no rule refuses, with what speaks for each."""
    by_sentence: defaultdict[int, list[Reported]] = defaultdict(list)
    for rule in around.rules:
        by_sentence[part.sentence_of[rule.first]].append(rule)
    for one in told:
        held = _held(part, one, around._replace(rules=by_sentence[part.sentence_of[one.first]]))
        if held is not None:
            yield held


def ruled_readings(
    part: Clauses, rules: Sequence[Reported], around: Around
) -> Iterator[tuple[Reported, Evidence]]:
    """What the rules have for contents in a line and none refuses, with what speaks for each without the model."""
    for rule in rules:
        if not refused(Reading(part, rule.report, rule.first, rule.last, True)):
            often = _often(part, rule.report, around.lexicon)
            # Looked for among all of a long line's, each would cost as much as there are.
            alone = around._replace(rules=(rule,))
            evidence = Evidence.of(part, rule, alone, None, known=True, often=often)
            may = evidence.able and _may(part, rule, evidence)
            if may or plain(part, rule):
                yield rule, evidence


def _held(part: Clauses, one: Told, around: Around) -> tuple[Reported, Evidence] | None:
    """A content that the model holds, with a rule's bounds where they are much the same, or end earlier."""
    if one.cue is None:
        return None
    report, known = _report(part, one)
    if report.negated:
        return None
    if known and _relayed(part, report) and one.first < report.last < one.last:
        one = replace(one, first=report.last)
    bounds = trimmed(part.tokens, *bounds_of(part, one, report))
    if bounds is None:
        return None
    if refused(Reading(part, report, *bounds, known)):
        return None
    bounds = _agreed(part, around.rules, report, bounds)
    rule = next((rule for rule in around.rules if _same(rule, bounds)), None)
    found = rule or Reported(
        Span(part.tokens[bounds[0]].start, part.tokens[bounds[1] - 1].end), report, *bounds
    )
    bounds = found.first, found.last
    if rule is None and _relays(part, around.rules, found):
        return None
    if (
        phoned(part, *bounds, found.report)
        or addressed(part, *bounds, found.report)
        or relative(part, found.first, found.report)
    ):
        return None
    if not known and _before_noun(part, report.cue):
        return None
    often = _often(part, report, around.lexicon)
    evidence = Evidence.of(part, found, around, one, known=known, often=often)
    return (found, evidence) if _may(part, found, evidence) else None


def _may(part: Clauses, found: Reported, evidence: Evidence) -> bool:
    """Whether its form lets a content be one."""
    bounds, shape = (found.first, found.last), evidence.verb.shape
    nobody = found.report.subject is None and found.report.style is Style.PASSIVE
    if nobody and evidence.known and not evidence.able:
        # Is expected to arrive.
        return False
    words = [token.low for token in part.tokens[slice(*bounds)] if token.word]
    if not any(token.quoted for token in part.tokens[slice(*bounds)]):
        if all(low in _WHEN for low in words) or (len(words) < LEAST_WORDS and not evidence.known):
            return False
        if shape is Form.PHRASE and words[0] in _WHEN:
            # Said last month in Abu Dhabi.
            return False
    return not only_named(part, *bounds, found.report, shape)


def _often(part: Clauses, report: Report, lexicon: Lexicon) -> int:
    """How often a cue's words report; what stands before a noun as good as never."""
    if _before_noun(part, report.cue):
        return 0
    return max(lexicon.reports(token.low) for token in part.tokens[slice(*report.cue)])


def _before_noun(part: Clauses, cue: tuple[int, int]) -> bool:
    """Whether a cue only tells more of a noun: the reported arrest."""
    first, last = cue
    before = part.tokens[first - 1].low if first else ""
    return last == first + 1 and part.tokens[first].low.endswith(("ed", "ing")) and before in _BEFORE_NOUN


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


def _relays(part: Clauses, rules: Sequence[Reported], found: Reported) -> bool:
    """Whether a content is that somebody said something, and that is plain: Clarke said that it rained, according to
    the agency. Then his words are told, not hers.
    """
    if found.report.style is not Style.ACCORDING:
        return False
    return any(
        found.first <= rule.report.first and rule.last <= found.last and plain(part, rule) for rule in rules
    )


def plain(part: Clauses, rule: Reported) -> bool:
    """Whether the form alone says that a content is one: a clause, or what its verb asks for, and a speaker."""
    tokens, report = part.tokens, rule.report
    if rule.head is not None:
        return True
    opening, before = tokens[rule.first].low, tokens[rule.first - 1].low if rule.first else ""
    if not report.strong or opening in v.AUXILIARIES or (report.verb in v.OFTEN_NOUNS and before != "that"):
        return False
    if report.subject is None and report.style is not Style.PARTICIPLE:
        return False
    clause = report.style is Style.ACCORDING or clausal(tokens, rule.first, rule.last)
    if clause or report.subject is None:
        return clause and opening not in v.DAYS
    asked = opening == "to" or before in v.TOPIC.get(report.verb, ())
    return asked or (report.verb in v.GERUND and opening.endswith("ing")) or tokens[rule.first].quoted


def accuses(part: Clauses, held: Reported) -> bool:
    """Whether the form alone says that a content is what somebody accuses another of: of shelling the port."""
    report = held.report
    if report.verb != "accuse" or report.subject is None or held.first != report.cue[1]:
        return False
    for at in range(held.first + 1, min(held.last - 1, held.first + ACCUSED_REACH)):
        if part.tokens[at].low == "of" and part.tokens[at + 1].low.endswith("ing"):
            return True
    return False


def _same(rule: Reported, bounds: tuple[int, int]) -> bool:
    earlier = rule.first == bounds[0] and rule.last < bounds[1]
    return earlier or _share(bounds, (rule.first, rule.last)) >= CLOSE


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
    if one.source is not None and (who := _without_adverbs(part, one.source)) != one.source:
        one = replace(one, source=who)
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


def _without_adverbs(part: Clauses, source: tuple[int, int]) -> tuple[int, int]:
    """A source without what its verb has before it: Clarke repeatedly | pushed."""
    first, last = source
    while last - first > 1:
        token = part.tokens[last - 1]
        adverb = token.low in v.ADVERBS or (token.low.endswith("ly") and not token.capital)
        if token.quoted or (token.word and not adverb):
            break
        last -= 1
    return first, last


def _relayed(part: Clauses, report: Report) -> bool:
    """Whether a cue takes in who said it, so that the words up to its end are not theirs: condemned by the UN as."""
    return report.style is Style.AGENT or part.tokens[report.cue[0]].low in v.QUOTED - {"citing"}


def _denied(part: Clauses, sentence: Sentence, first: int, last: int) -> bool:
    around = part.tokens[max(sentence.first, first - DENIED_REACH) : last]
    return not _DENYING.isdisjoint([token.low for token in around])

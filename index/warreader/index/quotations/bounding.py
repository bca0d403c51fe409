"""Where a content begins and ends: what the speech model tells, mended by what a clause needs."""

from __future__ import annotations

from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Sentence
from warreader.index.quotations.indirect import occasion_end, untailed
from warreader.index.quotations.phrases import finite
from warreader.index.quotations.speech_model import Told

_GOES_ON = (v.PREPOSITIONS | v.CONJUNCTIONS) - frozenset(
    ["and", "or", "but", "nor", "after", "before", "when", "while", "since", "because"]
)
"""Words before which no content ends, but where they begin when or in what it was said: in a statement, on Friday."""

_LEADS = frozenset(
    ["when", "after", "before", "if", "unless", "while", "although", "though", "once", "since", "because"]
)
_ASIDE = frozenset([",", "–", "—", "--", "-"])


def bounds_of(part: Clauses, one: Told, report: Report) -> tuple[int, int]:
    """A content from its clause's head to its end: the model may begin or end within a phrase."""
    tokens, sentence = part.tokens, part.sentences[part.sentence_of[one.first]]
    if one.last <= report.first:
        # What stands before its report begins the sentence, if no other report does.
        other = any(found.first < one.first and found.last <= one.first for found in sentence.reports)
        return one.first if other else sentence.first, one.last
    last = _before_next_verb(part, one, report)
    if last < sentence.last and tokens[last].low in _GOES_ON and not _occasion(part, last, sentence):
        while last < sentence.last and (tokens[last].word or tokens[last].quoted):
            last += 1
    last = _before_main_clause(part, report, one.first, last)
    last = _both(part, one.first, last, sentence)
    first = _after_that(part, one)
    led = tokens[first].low in _LEADS and all(token.low != "," for token in tokens[first:last])
    if led and last < sentence.last and tokens[last].low == ",":
        # "when the curfew came, the event ended": the main clause is still to come.
        last = sentence.last
    elif _unfinished(part, first, last, sentence):
        last = sentence.last
    return untailed(tokens, sentence, first, last)


def _occasion(part: Clauses, at: int, sentence: Sentence) -> bool:
    """Whether it is told there in what something was said: in a statement. A day may be when it happened."""
    tokens = part.tokens
    if occasion_end(tokens, at, sentence.last) is None:
        return False
    return all(tokens[k].low not in v.WEEKDAYS for k in range(at, min(at + 2, sentence.last)))


def _unfinished(part: Clauses, first: int, last: int, sentence: Sentence) -> bool:
    """Whether a clause that "that" opens has no verb yet: said that in June | , he had left."""
    tokens = part.tokens
    if (
        first == 0
        or tokens[first - 1].low != "that"
        or last >= sentence.last
        or tokens[last].low not in _ASIDE
    ):
        return False
    return not any(tokens[at].quoted or finite(tokens, at, first) for at in range(first, last))


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

"""The form of a reported content, and whether what reports it can report in that form.

"Announced the loan" tells what was said, "found a place" doesn't; "it is feared that" does, "is expected to
arrive" doesn't. What the model, made on the politics of one country, holds for speech is held against this.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Style
from warreader.index.quotations.phrases import clausal
from warreader.index.quotations.tokens import Token

SURE_CUE = 5
"""How often a word that no rule knows must report, 0-6, to be taken as one that the rules know."""

OFTEN_CUE = 2
"""The same where the content's first word says that it is one: that, whether, how; or where marks do."""

FAIRLY_OFTEN = 4
"""The same where a clause or no verb stands in the content."""


class Form(Enum):
    """How a content is made."""

    OPENED = "opened"  # that he would go, whether to go
    TO = "to"  # to go
    CLAUSE = "clause"  # he would go
    MARKS = "marks"  # no verb, but words in marks
    PHRASE = "phrase"  # the loan


_LEAST_OFTEN = {
    Form.OPENED: OFTEN_CUE, Form.MARKS: FAIRLY_OFTEN, Form.PHRASE: FAIRLY_OFTEN,
    Form.TO: SURE_CUE, Form.CLAUSE: FAIRLY_OFTEN,
}  # fmt: skip

_CALLED_AWAY = frozenset(["up", "off", "in", "back", "out", "into"])
"""Words after "called" with which it says nothing: called up reservists."""

_POINTING = v.PRONOUNS | v.OBJECT_PRONOUNS | {"each", "other", "this", "that", "these", "those"}
"""Words that only point to what was said: blaming each other."""

LONGEST_CUE = 5
"""Tokens of a cue that no rule knows."""


def form(part: Clauses, first: int, last: int, verb: str) -> Form:
    """The form of the content of a verb in these tokens of a line."""
    tokens = part.tokens
    low = tokens[first].low
    if low in v.OPENING or (first and tokens[first - 1].low in v.OPENING):
        return Form.OPENED
    if low == "to":
        return Form.TO
    if verb in v.PERCEIVING:
        clause = _states(tokens, first, last)
    else:
        clause = clausal(tokens, first, last)
    if clause:
        return Form.CLAUSE
    return Form.MARKS if any(token.quoted for token in tokens[first:last]) else Form.PHRASE


def _states(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether words say something of what they begin with: found emails were lost, not: found emails that were lost."""
    for at in range(first, last):
        if tokens[at].low in v.FINITE and not (tokens[at].capital and at > first):
            return True
        if at > first and (tokens[at].low in v.RELATIVES or tokens[at].low == "that"):
            break
    return False


def phoned(part: Clauses, first: int, last: int, report: Report) -> bool:
    """Whether "called" has an object and nothing more: called both candidates."""
    if report.verb != "call" or first < report.cue[1]:
        return False
    if part.tokens[report.cue[1]].low in _CALLED_AWAY:
        return True
    around = part.tokens[max(0, first - 1) : last]
    return not any(token.quoted or token.low in ("for", "on", "to", "as", "a", "an") for token in around)


def addressed(part: Clauses, first: int, last: int, report: Report) -> bool:
    """Whether a verb has only whom or what it is about after it: spoke to the paper, sees a chance."""
    tokens = part.tokens[first:last]
    if first < report.cue[1] or any(token.low in ("as", "that") or token.quoted for token in tokens):
        return report.verb == "speak" and part.tokens[report.cue[1]].low in ("to", "with")
    if report.verb == "see":
        return not _states(part.tokens, first, last)
    return report.verb == "speak" or all(token.low in _POINTING for token in tokens)


def relative(part: Clauses, first: int, report: Report) -> bool:
    """Whether "that" tells more of a noun, not what was said: fired missiles that killed, in a report that could."""
    tokens = part.tokens
    if first < 2 or tokens[first - 1].low != "that":
        return False
    verb_at_once = report.cue[1] == first - 1 and tokens[report.cue[1] - 1].low in v.CUES
    return not verb_at_once and (tokens[first].low in v.AUXILIARIES or tokens[first].low.endswith("ed"))


def can_report(report: Report, shape: Form, known: bool, often: int) -> bool:
    """Whether a report can have a content of this form; how likely it has, is weighed (:mod:`.evidence`).

    Args:
        report: with its subject where there is one.
        shape: the content's form.
        known: the rules know its verb.
        often: how often the cue's words report, 0-6, see :class:`.speech_features.Lexicon`.
    """
    nobody = report.subject is None
    if not known and report.cue[1] - report.cue[0] > LONGEST_CUE:
        return False
    if not known:
        return often >= _LEAST_OFTEN[shape] and (not nobody or (shape is Form.OPENED and often >= SURE_CUE))
    if nobody and report.style is Style.PASSIVE:
        # Was charged with, is expected to: nobody says it here.
        return shape is Form.OPENED
    if shape is Form.TO:
        return report.verb in v.TO
    return (
        not nobody or shape is not Form.PHRASE or report.style is Style.ACCORDING or report.verb in v.PHRASAL
    )


def only_named(part: Clauses, first: int, last: int, report: Report, shape: Form) -> bool:
    """Whether an object is no more than whom or what is acted on: named him minister, quoted
    Clarke as saying, found a place, the footage
    showed a crater. Polls that show a rise tell it.
    """
    tokens = part.tokens
    if tokens[last - 1].low == "saying":
        return True
    if shape is not Form.PHRASE or report.verb in v.PHRASAL or first < report.cue[1]:
        return False
    whom = tokens[first].low
    if whom in v.OBJECT_PRONOUNS or whom.endswith(("self", "selves")):
        return True
    if report.verb in v.PERCEIVING and report.verb != "show":
        return True
    subject = tokens[report.subject[0] : report.subject[1]] if report.subject else ()
    return report.verb == "show" and any(token.low in v.PICTURES for token in subject)

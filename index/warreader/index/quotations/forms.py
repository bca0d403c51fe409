"""The form of a reported content, and whether what reports it can report in that form.

"Announced the loan" tells what was said, "found a place" doesn't; "it is feared that" does, "is expected to
arrive" doesn't. What the model, made on the politics of one country, holds for speech is held against this.
"""

from __future__ import annotations

from enum import Enum

from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Style
from warreader.index.quotations.phrases import finite

SURE_CUE = 5
"""How often a word that no rule knows must report, 0-6, to be taken as one that the rules know."""

OFTEN_CUE = 2
"""The same where the content's first word says that it is one: that, whether, how."""

FAIRLY_OFTEN = 4
"""The same where no verb stands in the content."""


class Form(Enum):
    """How a content is made."""

    OPENED = "opened"  # that he would go, whether to go
    TO = "to"  # to go
    CLAUSE = "clause"  # he would go
    MARKS = "marks"  # no verb, but words in marks
    PHRASE = "phrase"  # the loan


_LEAST_OFTEN = {
    Form.OPENED: OFTEN_CUE, Form.MARKS: FAIRLY_OFTEN, Form.PHRASE: FAIRLY_OFTEN, Form.TO: SURE_CUE, Form.CLAUSE: SURE_CUE
}  # fmt: skip


def form(part: Clauses, first: int, last: int) -> Form:
    """The form of the content in these tokens of a line."""
    tokens = part.tokens
    low = tokens[first].low
    if low in v.OPENING or (first and tokens[first - 1].low in v.OPENING):
        return Form.OPENED
    if low == "to":
        return Form.TO
    if any(finite(tokens, at, first) for at in range(first, last)):
        return Form.CLAUSE
    return Form.MARKS if any(token.quoted for token in tokens[first:last]) else Form.PHRASE


def can_report(report: Report, shape: Form, known: bool, often: int) -> bool:
    """Whether a report can have a content of this form.

    Args:
        report: with its subject where there is one.
        shape: the content's form.
        known: the rules know its verb.
        often: how often the cue's words report, 0-6, see :class:`.speech_features.Lexicon`.
    """
    nobody = report.subject is None
    if not known:
        return often >= _LEAST_OFTEN[shape] and (not nobody or (shape is Form.OPENED and often >= SURE_CUE))
    if nobody and report.style is Style.PASSIVE:
        # Was charged with, is expected to: nobody says it here.
        return shape is Form.OPENED
    if shape is Form.TO:
        return report.verb in v.TO
    if shape is Form.PHRASE:
        return report.style is Style.ACCORDING or report.verb in v.PHRASAL
    return True

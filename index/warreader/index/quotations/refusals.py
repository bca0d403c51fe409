"""Readings of a report that are none, whatever speaks for them: a table of rules on its form, each with what it is
there for. What is only seldom right is no matter for a rule but is weighed (:mod:`.evidence`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from warreader.index.article import LineKind
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Style
from warreader.index.quotations.phrases import clausal, finite

LONG_CUE = 4
"""Words of a cue, with the one before, beyond which a "to" anywhere in it makes it what somebody means to do."""

_MEANWHILE = frozenset(["as", "after", "before", "while", "amid", "during", "following", "despite", "until"])
_ASKING = v.AUXILIARIES | {"who", "what", "when", "where", "why", "how"}


class Reading(NamedTuple):
    """A content of a report, as token numbers of its line; ``known`` where the rules know its cue."""

    part: Clauses
    report: Report
    first: int
    last: int
    known: bool

    @property
    def before(self) -> bool:
        """Whether it stands before its cue."""
        return self.last <= self.report.cue[0]

    def low(self, at: int) -> str:
        """A token of the line in lower case; nothing beyond it."""
        return self.part.tokens[at].low if 0 <= at < len(self.part.tokens) else ""

    def marks(self, at: int) -> bool:
        """Whether a token is a stretch in marks."""
        return 0 <= at < len(self.part.tokens) and self.part.tokens[at].quoted

    @property
    def cue_words(self) -> list[str]:
        """The cue with the word before it."""
        return [self.low(at) for at in range(max(0, self.report.cue[0] - 1), self.report.cue[1])]


def _on_the_speaker(one: Reading) -> bool:
    """Clarke, who heads the group, said."""
    subject = one.report.subject
    if subject is None:
        return False
    within = subject[0] <= one.first and one.last <= subject[1]
    # The move angered Democrats, who said: the clause around whom the relative one tells of.
    relative = one.low(one.last) == "," and one.low(one.last + 1) in ("who", "which")
    within = within or (one.before and relative and one.last + 2 >= one.report.cue[0])
    return within or (subject[1] <= one.first and one.last <= one.report.cue[0])


def _asked_by_another(one: Reading) -> bool:
    """Asked if he would go, he said."""
    cue = one.report.cue[0]
    opens = cue == one.part.sentences[one.part.sentence_of[cue]].first
    led = one.low(cue - 1) in ("when", "if", "once", "though")
    return one.report.subject is None and (opens or led) and one.low(cue).endswith("ed")


def _said_after(one: Reading) -> bool:
    """In a statement, officials wrote that; ..., saying that."""
    turned = one.report.style in (Style.PARTICIPLE, Style.COORDINATE, Style.PASSIVE)
    return one.before and (turned or one.low(one.report.cue[1]) == "that")


def _who_is_cited(one: Reading) -> bool:
    """..., quoting Lee; ..., citing its experts at the site; "...," says 20-year-old Lee."""
    report = one.report
    relays = report.verb == "quote" or one.low(report.cue[1] - 1) == "citing"
    turned = report.subject is None and one.marks(report.cue[0] - 1)
    return one.first == report.cue[1] and (relays or turned)


def _said_before(one: Reading) -> bool:
    """ "...," Clarke said April 15 at a rally."""
    report = one.report
    plain = report.style in (Style.PLAIN, Style.INVERTED)
    of = one.part.sentence_of
    # "We stay." He said he had no choice: the marks end the sentence before.
    same = report.first > 0 and of[report.first - 1] == of[report.first]
    after_marks = plain and same and one.marks(report.first - 1) and one.first >= report.last
    return after_marks and one.low(one.first - 1) != "that"


def _meanwhile(one: Reading) -> bool:
    """..., the ministry said as troops moved; said Sunday as troops moved."""
    at = one.first
    while at < one.last and one.low(at) in v.DAYS:
        at += 1
    return one.first == one.report.cue[1] and one.low(at) in _MEANWHILE


def _manner(one: Reading) -> bool:
    """She says, laughing. What has a verb is what is said: the road, he said, leading north is closed."""
    paused = one.first > one.report.last and one.low(one.report.last) == ","
    if not paused or not one.low(one.first).endswith("ing"):
        return False
    return not clausal(one.part.tokens, one.first, one.last)


def _accused(one: Reading) -> bool:
    """The men accused of causing the fire: nobody says it here. By Israel, somebody does."""
    after = one.report.cue[1]
    return one.report.verb == "accuse" and after < one.first and one.low(after) == "of"


def _no_clause(one: Reading) -> bool:
    """After last week's talks, he said: a phrase before its cue leads in. A source is plain enough without a verb."""
    if not one.before or one.report.style is Style.ACCORDING:
        return False
    return not clausal(one.part.tokens, one.first, one.last)


def _not_said(one: Reading) -> bool:
    """Declined to say, has to prove: nothing was said, or not yet. The rules know no such cues."""
    words = one.cue_words
    means = "to" in words[: 2 if len(words) <= LONG_CUE else -1]
    return not one.known and (means or any(low in v.SILENT for low in words))


def _supposed(one: Reading) -> bool:
    """Unless a person knows what it was; did he tell anyone about it?"""
    if one.first < one.report.last:
        return False
    sentence = one.part.sentences[one.part.sentence_of[one.report.cue[0]]]
    asks = one.low(sentence.last - 1) == "?" and one.low(sentence.first) in _ASKING
    return asks or any(one.low(one.report.first - by) in ("if", "unless") for by in (0, 1))


def _reader(one: Reading) -> bool:
    """You understand that you can opt out: the page speaks to who reads it."""
    subject = one.report.subject
    return subject is not None and subject[1] - subject[0] == 1 and one.low(subject[0]) == "you"


def _by_nobody(one: Reading) -> bool:
    """No group has claimed the attack; neither side said so."""
    subject = one.report.subject
    return subject is not None and one.low(subject[0]) in ("no", "neither", "nobody")


def _author(one: Reading) -> bool:
    """I think that it rains: a column's own view, which nobody is quoted with. What I said is."""
    subject = one.report.subject
    alone = subject is not None and subject[1] - subject[0] == 1 and one.low(subject[0]) == "i"
    return alone and not one.report.strong and one.first >= one.report.last


def _more_of_the_sentence(one: Reading) -> bool:
    """His visit, set for May, according to the ministry, comes after: only a part of it has that source."""
    if not one.before or one.report.style is not Style.ACCORDING or one.low(one.report.last) != ",":
        return False
    tokens, opening = one.part.tokens, one.low(one.first)
    if opening in v.PREPOSITIONS or opening in v.ADVERBS or opening in v.DAYS or opening in v.CONJUNCTIONS:
        # In March, according to the ministry, it rained: the rest has that source too.
        return False
    last = one.part.sentences[one.part.sentence_of[one.report.cue[0]]].last
    if any(tokens[at].quoted or finite(tokens, at, one.first) for at in range(one.first, one.last)):
        return False
    return any(finite(tokens, at, one.report.last) for at in range(one.report.last + 1, last))


def _shown(one: Reading) -> bool:
    """Shock video shows a tank burn: a headline's own words. What a study shows is somebody's finding."""
    subject = one.report.subject
    headline = one.part.kind is LineKind.HEADLINE
    return (
        headline
        and one.report.verb == "show"
        and subject is not None
        and one.low(subject[1] - 1) in v.PICTURES
    )


def _identified(one: Reading) -> bool:
    """Identified the men, who claim: who they are, not what was said. Identified as soldiers is."""
    if one.low(one.report.cue[1] - 1) not in v.IDENTIFYING or one.first != one.report.cue[1]:
        return False
    lows = {token.low for token in one.part.tokens[one.first : one.last]}
    return not lows.isdisjoint(("who", "which")) and "as" not in lows


def _answered(one: Reading) -> bool:
    """An accusation that Clarke rejected: what somebody answers, not what the accusation says."""
    report, tokens = one.report, one.part.tokens
    if one.low(report.cue[1] - 1) not in v.ASSERTIONS or one.low(report.cue[1]) != "that":
        return False
    answers = next((at for at in range(one.first, one.last) if one.low(at) in v.CONTRADICTING), None)
    if answers is None:
        return False
    # What is denied is named after it: a claim that Clarke denied the charge.
    return (
        answers + 1 == one.last
        or not tokens[answers + 1].word
        or one.low(answers + 1) in v.PREPOSITIONS | {"as"}
    )


def _headline(one: Reading) -> bool:
    """Seeks volunteers: a headline puts words that no rule knows to other uses."""
    return not one.known and one.part.kind is LineKind.HEADLINE


REFUSALS: tuple[Callable[[Reading], bool], ...] = (
    _on_the_speaker,
    _asked_by_another,
    _said_after,
    _who_is_cited,
    _said_before,
    _meanwhile,
    _manner,
    _accused,
    _no_clause,
    _not_said,
    _supposed,
    _reader,
    _by_nobody,
    _author,
    _more_of_the_sentence,
    _shown,
    _identified,
    _answered,
    _headline,
)
"""Every rule; one that holds is enough."""


def refused(one: Reading) -> bool:
    """Whether any rule refuses a reading."""
    # A generator costs as much as the rules.
    for rule in REFUSALS:  # noqa: SIM110
        if rule(one):
            return True
    return False

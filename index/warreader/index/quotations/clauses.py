"""Tokens of a line and the reports in it: who, by which cue, says something.

There is no parser here. A cue word is looked up, and its subject is taken from the words around it: to the
left over auxiliaries and a parenthesis ("Clarke, 71, has also said"), or to the right where the order is
turned ("said Clarke"). All walks are bounded, so a line of any length takes time in proportion to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from warreader.index.article import Line, LineKind, Span
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.phrases import agent, apposed, inverted_subject, quoting, source, subject
from warreader.index.quotations.tokens import Token, sentence_bounds, tokens_of

if TYPE_CHECKING:
    from warreader.index.tongue import Tongue

CHAIN_REACH = 8
"""Words that may stand between subject and cue: "has since also repeatedly"."""

QUOTED_REACH = 16
"""Words between "quoted" and its "as saying"."""

_START = attrgetter("start")
_MAY_REPORT = frozenset(v.CUES) | {"according", "went", "goes"}


class Style(Enum):
    """How cue and subject stand to each other."""

    PLAIN = "plain"  # Clarke said
    INVERTED = "inverted"  # said Clarke
    ACCORDING = "according"  # according to Clarke
    PARTICIPLE = "participle"  # ..., saying
    COORDINATE = "coordinate"  # ... and urged
    PASSIVE = "passive"  # it was reported
    AGENT = "agent"  # it was reported by Clarke


class Report(NamedTuple):
    """A cue with its subject, as indices into a line's tokens (ends exclusive)."""

    verb: str
    cue: tuple[int, int]
    subject: tuple[int, int] | None
    parenthesis: tuple[int, int] | None
    style: Style
    negated: bool = False
    strong: bool = True

    @property
    def first(self) -> int:
        """Index of the first token of cue and subject."""
        return min(self.cue[0], self.subject[0]) if self.subject else self.cue[0]

    @property
    def last(self) -> int:
        """Index after the last token of cue and subject."""
        return max(self.cue[1], self.subject[1]) if self.subject else self.cue[1]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Token indices of one sentence and the reports in it."""

    first: int
    last: int
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Clauses:
    """A kept line taken apart. ``sentence_of`` gives each token's sentence."""

    kind: LineKind
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    sentence_of: tuple[int, ...]


def read_line(text: str, line: Line, quoted: Sequence[Span], tongue: Tongue | None = None) -> Clauses:
    """The tokens, sentences and reports of one line.

    Args:
        text: the stored text.
        line: where to read.
        quoted: the line's segments in marks, in order.
        tongue: of the article's language; ``None`` for English.
    """
    if tongue is not None:
        # English news needs none of it.
        from warreader.index.quotations.tongue_reports import reports_of
    tokens = tokens_of(text, line, quoted, tongue.code if tongue is not None else "en")
    bounds = sentence_bounds(text, line, quoted)
    found: list[Sentence] = []
    sentence_of: list[int] = []
    at = 0
    for bound in bounds:
        first = at
        at = bisect_left(tokens, bound, at, key=_START)
        if at > first:
            sentence_of += [len(found)] * (at - first)
            reports = (
                _reports(tokens, first, at, line.kind)
                if tongue is None
                else reports_of(tokens, first, at, tongue)
            )
            found.append(Sentence(first, at, tuple(reports)))
    return Clauses(line.kind, tuple(tokens), tuple(found), tuple(sentence_of))


def _reports(tokens: Sequence[Token], first: int, last: int, kind: LineKind) -> list[Report]:
    found: list[Report] = []
    previous: Report | None = None
    for at, token in enumerate(tokens[first:last], first):
        if token.low not in _MAY_REPORT:
            continue
        # "the United States": capitals report only where all words have them, or first in a sentence.
        named = token.capital and at > first and kind is not LineKind.HEADLINE
        if not token.word or named or _hyphened(tokens, at, first):
            continue
        report = _report_at(tokens, at, first, last)
        if report is None:
            continue
        if (
            report.subject is None
            and report.style in (Style.PARTICIPLE, Style.COORDINATE)
            and previous is not None
        ):
            # The subject of the verb before it: ..., and urged the West; ..., saying.
            report = Report(
                report.verb,
                report.cue,
                previous.subject,
                previous.parenthesis,
                report.style,
                report.negated,
                report.strong,
            )
        found.append(report)
        if report.subject is not None and report.strong and report.style is not Style.ACCORDING:
            previous = report
    return found


def _hyphened(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether a word is the second part of one that a page broke after its hyphen: self- proclaimed."""
    return at - 2 >= first and tokens[at - 1].low == "-" and tokens[at - 2].end == tokens[at - 1].start


def _report_at(tokens: Sequence[Token], at: int, first: int, last: int) -> Report | None:
    low = tokens[at].low
    verb = v.CUES.get(low)
    if verb is None:
        return _by_phrase(tokens, at, first, last)
    if at > first and any(rule(tokens, at, first, last) for rule in _NO_VERB):
        return None
    if _quotes_on(tokens, at, first, last):
        return None
    by = quoting(tokens, at, first)
    if by is not None:
        return _quoted_as(tokens, by, at, first)
    chain = _chain(tokens, at, first)
    lows = [tokens[k].low for k in range(chain, at)]
    report = Report(
        verb,
        (_cue_start(tokens, chain, at), at + 1),
        None,
        None,
        Style.PARTICIPLE if low.endswith("ing") else Style.COORDINATE,
        any(word in v.NEGATIONS for word in lows),
        low in v.STRONG,
    )
    nearest = next((word for word in reversed(lows) if word not in v.ADVERBS and not word.endswith("ly")), "")
    if nearest in v.BE and not low.endswith("ing"):
        who = agent(tokens, at + 1, last)
        return report._replace(subject=who, style=Style.PASSIVE if who is None else Style.AGENT)
    turned = _turned(tokens, report, at, first, last) if chain == at else None
    if turned is not None:
        return turned
    if low.endswith("ing") and at > first and not tokens[at - 1].word:
        return report
    who, parenthesis = subject(tokens, chain - 1, first)
    if who is None:
        return report
    if low == verb and chain == at and not _agrees(tokens, who, verb):
        return None
    return report._replace(subject=who, parenthesis=parenthesis, style=Style.PLAIN)


def _by_phrase(tokens: Sequence[Token], at: int, first: int, last: int) -> Report | None:
    """A report by more than a verb: according to Clarke, she went on."""
    low = tokens[at].low
    if low == "according" and at + 1 < last and tokens[at + 1].low == "to":
        who = source(tokens, at + 2, last)
        return Report("according", (at, at + 2), who, None, Style.ACCORDING) if who else None
    if low in ("went", "goes") and _only_goes_on(tokens, at, last):
        who, parenthesis = subject(tokens, at - 1, first)
        return Report("continue", (at, at + 2), who, parenthesis, Style.PLAIN) if who else None
    return None


def _turned(tokens: Sequence[Token], report: Report, at: int, first: int, last: int) -> Report | None:
    """A report whose speaker stands after it: said Clarke."""
    asked = report.verb == "ask" and at > first and tokens[at - 1].quoted
    turns = report.strong and (asked or report.verb not in v.NO_INVERSION)
    if not turns or tokens[at].low.endswith("ing") or not _may_invert(tokens, at, first):
        return None
    who = inverted_subject(tokens, at + 1, last)
    if who is None:
        return None
    aside = apposed(tokens, at, first)
    if aside is not None:
        return report._replace(subject=aside[0], parenthesis=aside[1], style=Style.PLAIN)
    return report._replace(subject=who, style=Style.INVERTED)


def _quoted_as(tokens: Sequence[Token], by: int, at: int, first: int) -> Report | None:
    """ "Lee was quoted by Tass as saying", "Tass quoted Lee as saying": the speaker is who was quoted."""
    cue = (by, at + 1)
    if by > first and (tokens[by - 1].low in v.BE or tokens[by - 1].low in v.ADVERBS):
        chain = _chain(tokens, by, first)
        who, parenthesis = subject(tokens, chain - 1, first)
        negated = any(tokens[k].low in v.NEGATIONS for k in range(chain, by))
        return Report("say", cue, who, parenthesis, Style.PLAIN, negated) if who is not None else None
    if by + 1 >= at - 1 or tokens[by + 1].low == "by":
        return None
    return Report("say", cue, (by + 1, at - 1), None, Style.PLAIN)


def _is_noun(tokens: Sequence[Token], at: int, first: int, last: int) -> bool:  # noqa: ARG001
    """Whether a form that may be a noun is one here: the reported arrest, on state orders, many jokes."""
    low, before = tokens[at].low, tokens[at - 1]
    verb = v.CUES[low]
    if before.low in v.BEFORE_NOUN:
        return True
    if low == "think" and at + 1 < last and tokens[at + 1].low in ("tank", "tanks"):
        return True
    if before.low.endswith("'s") and before.low not in v.SHORTENED and low.endswith("ed") and low != "said":
        # His team's alleged attempt.
        return True
    if low == verb and verb in v.OFTEN_NOUNS:
        # Russian state media; they state.
        return not _plural(before.low)
    if low != verb and not low.endswith("s"):
        return False
    if before.low.endswith(("'s", "s'")) and before.low not in v.SHORTENED:
        return True
    # "rejected claims that": a verb has its object after it.
    if before.low.endswith("ed") and before.low in v.CUES:
        return True
    return before.low in v.QUANTIFIERS or (before.low in v.PREPOSITIONS and before.low != "to")


def _listed(tokens: Sequence[Token], at: int, first: int, last: int) -> bool:  # noqa: ARG001
    """Whether a form that may be a noun is one in a list: a phone call and claims of victory."""
    low = tokens[at].low
    if not low.endswith("s") or low == "says" or tokens[at - 1].low not in ("and", "or") or at + 1 >= last:
        return False
    return tokens[at + 1].low in ("of", "about", "from", "by", "in", "over", "against")


def _raised(tokens: Sequence[Token], at: int, first: int, last: int) -> bool:  # noqa: ARG001
    """Whether a form that may be a noun is the object of a participle: ..., stoking fears; by raising questions."""
    before = tokens[at - 1]
    if (
        not tokens[at].low.endswith("s")
        or not before.low.endswith("ing")
        or before.capital
        or len(before.low) < 6
    ):
        return False
    if at - 2 < first or not tokens[at - 2].word:
        return True
    low = tokens[at - 2].low
    return low in v.PREPOSITIONS or low in v.CONJUNCTIONS or low in v.BE or low in v.ADVERBS


def _quotes_on(tokens: Sequence[Token], at: int, first: int, last: int) -> bool:
    """Whether "quoted" has its "as saying" still to come, which reports then."""
    ahead = range(at + 2, min(last, at + 3 + QUOTED_REACH))
    return tokens[at].low in v.QUOTED and any(quoting(tokens, k, first) == at for k in ahead)


def _meant(tokens: Sequence[Token], at: int, first: int, last: int) -> bool:  # noqa: ARG001
    """Whether "to" stands before, and nobody goes on to say it."""
    return (
        tokens[at - 1].low == "to" and quoting(tokens, at, first) is None and not _goes_on(tokens, at, first)
    )


_NO_VERB = (_is_noun, _listed, _raised, _meant)
"""What keeps a form after the first word of a sentence from being a verb that reports."""


def _plural(low: str) -> bool:
    """Whether a subject's last word agrees with a bare verb form: they say, officials say."""
    return low.endswith("s") or low in ("they", "we", "i", "you", "who") or low in v.COLLECTIVES


def _agrees(tokens: Sequence[Token], who: tuple[int, int], verb: str) -> bool:
    """Whether a subject may stand with a bare verb form: officials report, the Poles accuse. The Reuters report is
    none.
    """
    titled = verb not in v.NO_NOUNS and tokens[who[0]].low in v.DETERMINERS and tokens[who[1] - 1].capital
    return _plural(tokens[who[1] - 1].low) and not (titled and who[1] - who[0] == 2)


def _chain(tokens: Sequence[Token], at: int, first: int) -> int:
    """Index of the first auxiliary or adverb before the cue."""
    start = at
    while start > first and at - start < CHAIN_REACH:
        low = tokens[start - 1].low
        if not (
            low in v.AUXILIARIES
            or low in v.ADVERBS
            or low in v.CHAIN
            or low in v.NEGATIONS
            or (low.endswith("ly") and len(low) > 4 and not tokens[start - 1].capital)
        ):
            break
        start -= 1
    return start


def _goes_on(tokens: Sequence[Token], at: int, first: int) -> bool:
    before = tokens[at - 2].low if at - 2 >= first else ""
    return before == "on" or before.startswith("continue")


def _only_goes_on(tokens: Sequence[Token], at: int, last: int) -> bool:
    """ "she went on." without a verb of saying after it."""
    if at + 1 >= last or tokens[at + 1].low != "on":
        return False
    return at + 2 >= last or not tokens[at + 2].word


def _cue_start(tokens: Sequence[Token], chain: int, at: int) -> int:
    """The cue takes in "went on to" and "can be heard", not plain auxiliaries."""
    for k in range(chain, at):
        if tokens[k].low in ("went", "goes", "going", "quoted", "heard", "continued", "continues"):
            return k
    return at


def _may_invert(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Inversion follows a quotation or a comma, or opens the sentence."""
    return at == first or tokens[at - 1].quoted or tokens[at - 1].low in (",", "—", "–", "-", "?", "!")

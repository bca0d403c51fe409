"""What speaks for and against a content being one, and how likely that makes it.

Logistic regression over articles that the speech model was not made on (:mod:`.train_weighing` makes the file):
whether a content's words are much the same as an annotator's. Its form, its cue and what the model says are
single weights; how often what a verb reports was right stands for the verb, alone and with the content's form.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log, log1p
from pathlib import Path
from typing import Any, NamedTuple

from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Sentence, Style
from warreader.index.quotations.forms import SURE_CUE, Form, can_report, form
from warreader.index.quotations.indirect import Reported
from warreader.index.quotations.phrases import clausal
from warreader.index.quotations.speech_features import Lexicon
from warreader.index.quotations.speech_model import Told
from warreader.index.quotations.tokens import Token

FILE = Path(__file__).with_name("weighing_model.json")

SELDOM, SELDOM_BARE = 0.3, 0.3
"""Taken off the odds of a cue that no rule knows and that seldom reports; and again where nothing but its place says
that a content is one. Other news has other words than the model was made on, and puts them to other uses.
"""

MOST_SURE, LEAST_SURE = 3.0, -1.0
"""Bounds of how sure the model is by the word."""

CHAIN = 3
"""Tokens before a cue in which it may be said that something is only meant or may be."""

TRUST = 1.5
"""How many right and how many wrong reports each verb is given beforehand."""

_OBLIQUE = v.PREPOSITIONS | {"after", "before", "as"}
_PAUSES = frozenset(",;:—–-")
_LEADS = v.PREPOSITIONS | {"that", "if", "whether", ",", ":"}
_MODALS = frozenset(["would", "could", "may", "might", "should", "must", "will", "can", "shall"])
_CLASSES: dict[str, str] = {
    **dict.fromkeys(v.PREPOSITIONS, "of"),
    **dict.fromkeys(v.CONJUNCTIONS, "and"),
    **dict.fromkeys(v.AUXILIARIES, "is"),
    **dict.fromkeys(v.ADVERBS | v.DAYS, "now"),
    **dict.fromkeys(v.DETERMINERS, "the"),
    **dict.fromkeys(v.PRONOUNS | v.OBJECT_PRONOUNS, "he"),
    **dict.fromkeys(v.RELATIVES, "who"),
    "that": "that", "to": "to", "and": "and", "but": "but", "as": "as", ",": ",", "(": "(",
}  # fmt: skip
_SELF = frozenset(["i", "we", "you"])
_STEPS = (0, 1, 2, 3, 5, 10, 25)
_FARTHEST, _LONGEST = 4, 5
_APART, _SUBJECT, _HEARD = 3, 6, 2
_SENTENCES = (8, 20, 40)

_LED: dict[str, str] = {
    **dict.fromkeys(v.CONJUNCTIONS, "when"),
    **dict.fromkeys(["if", "whether", "unless"], "if"),
    "that": "that", "and": "and", "but": "but", ",": ",",
}  # fmt: skip
_DENIED = frozenset(["no", "not", "never", "without"])
_OPENED = (Form.OPENED, Form.TO)
_PLAIN = (Style.PLAIN, Style.INVERTED, Style.ACCORDING)


class Verb(NamedTuple):
    """Under what is counted how often reports are right."""

    verb: str
    word: str
    shape: Form

    @property
    def keys(self) -> tuple[str, str, str]:
        """A key for the verb, for the cue's last word, and for the verb with a content's form."""
        return f"v {self.verb}", f"w {self.word}", f"f {self.verb} {self.shape.value}"


class Around(NamedTuple):
    """What is known beside a line.

    Attributes:
        lexicon: of the speech model.
        heard: by the last word of who says it, how often somebody plainly says something in the article.
        war: whether the article is about war.
        rules: what the rules have in the sentence or the line.
    """

    lexicon: Lexicon
    heard: Mapping[str, int]
    war: bool
    rules: Sequence[Reported]


def heard(lines: Sequence[Clauses]) -> Mapping[str, int]:
    """Who plainly says something in an article, by their last word, and how often."""
    return Counter(
        part.tokens[who[1] - 1].low
        for part in lines
        for sentence in part.sentences
        for report in sentence.reports
        if report.strong and not report.negated and report.style in _PLAIN and (who := _named(report))
    )


class _Content(NamedTuple):
    """A content, its sentence and what is counted of its tokens, which much is asked of."""

    inner: Sequence[Token]
    sentence: Sentence
    opening: Sequence[str]  # Its first word and the one before.
    words: int
    capitals: int
    marks: bool

    @staticmethod
    def of(part: Clauses, first: int, last: int) -> _Content:
        inner = part.tokens[first:last]
        _, _, _, words, quoted, capitals = zip(*inner, strict=True)
        sentence = part.sentences[part.sentence_of[first]]
        opening = [token.low for token in part.tokens[max(0, first - 1) : first + 1]]
        return _Content(inner, sentence, opening, sum(words), sum(capitals), any(quoted))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a content.

    Args:
        verb: what reports it, and in which form.
        told: how sure the model is, together and by the word; ``None`` where only a rule has it.
        known: the rules know its cue too.
        reports: how often the cue's words report, 0-6.
        bare: it is, by its form, no clause.
        marker: "that" or "to" opens it, or some of it stands in marks.
        able: what reports it can have a content of this form (:func:`.forms.can_report`).
        signs: names of what else holds, each with a weight.
    """

    verb: Verb
    told: tuple[float, float] | None
    known: bool
    reports: int
    bare: bool
    marker: bool
    able: bool
    signs: tuple[str, ...]

    @staticmethod
    def of(
        part: Clauses, found: Reported, around: Around, told: Told | None, *, known: bool, often: int
    ) -> Evidence:
        """The evidence for a content in its line.

        Args:
            part: the line.
            found: the content and its report.
            around: what is known beside the line.
            told: what the speech model has for it, if anything.
            known: whether the rules know its cue.
            often: how often the cue's words report where they stand, 0-6.
        """
        tokens, report = part.tokens, found.report
        content = _Content.of(part, found.first, found.last)
        shape = form(part, found.first, found.last, report.verb)
        holding = _holding(part, found, content, shape)
        signs = [name for name, holds in holding.items() if holds]
        signs += _measured(part, found, content, shape, known=known, often=often)
        signs += _spoken(part, found, content, shape, around, known=known)
        able = can_report(report, shape, known, often)
        if not able:
            signs += ["unable", f"unable {'known' if known else 'unknown'} {shape.value}"]
        sure = None
        if told is not None:
            by_word = told.sure / (told.last - told.first)
            sure = log1p(max(0.0, told.sure)), min(MOST_SURE, max(LEAST_SURE, by_word))
        return Evidence(
            Verb(report.verb, tokens[report.cue[1] - 1].low, shape),
            sure,
            known,
            max(around.lexicon.reports(token.low) for token in tokens[report.cue[0] : report.cue[1]]),
            not holding["clause"],
            content.marks or content.inner[0].low == "to" or not v.OPENING.isdisjoint(content.opening),
            able,
            tuple(signs),
        )

    def numbers(self, odds: Mapping[str, float]) -> Iterator[tuple[str, float]]:
        """What is weighed beside the signs, by name.

        Args:
            odds: by the keys of :class:`Verb`, logarithm of how often what it reports was right over wrong.
        """
        verb, word, use = self.verb.keys
        yield "verb", odds.get(verb, 0.0)
        yield "word", odds.get(word, 0.0)
        yield "use", odds.get(use, 0.0)
        if word not in odds:
            yield "unheard", 1.0
        if self.told is None:
            yield "ruled alone", 1.0
        else:
            yield "sure", self.told[0]
            yield "sure by word", self.told[1]


def _holding(part: Clauses, found: Reported, content: _Content, shape: Form) -> dict[str, bool]:
    """What holds of a content and its report, by name."""
    tokens, report, sentence = part.tokens, found.report, content.sentence
    at_end = found.last >= sentence.last - 1
    subject = tokens[report.subject[0] : report.subject[1]] if report.subject else ()
    last = tokens[report.cue[1] - 1].low
    alone = subject[0].low if len(subject) == 1 else ""
    asks = tokens[sentence.last - 1].low == "?"
    chain = {token.low for token in tokens[max(sentence.first, report.cue[0] - CHAIN) : report.cue[0]]}
    return {
        "named": bool(subject),
        "before": found.last <= report.cue[0],
        "ends": at_end or tokens[found.last].low in _PAUSES,
        "at end": at_end,
        "oblique": content.inner[0].low in _OBLIQUE,
        "that": "that" in content.opening,
        "capital": bool(subject) and subject[0].capital,
        "pronoun": alone in v.PRONOUNS,
        "self": bool(subject) and subject[0].low in _SELF,
        "ing": last.endswith("ing"),
        "after marks": report.cue[0] > 0 and tokens[report.cue[0] - 1].quoted,
        "asks": asks,
        "means": "to" in chain or tokens[report.cue[0]].low == "to",
        "may": not _MODALS.isdisjoint(chain),
        "pictures": bool(subject) and subject[-1].low in v.PICTURES,
        "strong": report.strong,
        "marks": content.marks,
        "clause": shape is Form.CLAUSE
        # Of other forms of plain verbs it is known already that they have no verb.
        or ((shape in _OPENED or report.verb in v.PERCEIVING) and clausal(tokens, found.first, found.last)),
    }


def _measured(
    part: Clauses, found: Reported, content: _Content, shape: Form, *, known: bool, often: int
) -> list[str]:
    """How long, how far from its cue and beside what a content stands, as names of signs."""
    tokens, report, made = part.tokens, found.report, shape.value
    beyond = tokens[found.last] if found.last < content.sentence.last else None
    lead = tokens[found.first - 1].low if found.first else ""
    gap = min(_FARTHEST, max(-1, found.first - report.cue[1]))
    return [
        f"often {often}",
        f"form {made}",
        f"style {report.style.value}",
        f"{'known' if known else 'unknown'} {made}",
        f"{'named' if _named(report) else 'nobody'} {made}",
        f"words {_STEPS[bisect_right(_STEPS, content.words) - 1]}",
        f"gap {gap}",
        f"cue {min(_LONGEST, report.cue[1] - report.cue[0])}",
        f"line {part.kind.value}",
        f"lead {lead if lead in _LEADS else ''}",
        f"opening {_class(content.inner[0])}",
        f"beyond {_class(beyond) if beyond and beyond.low else ''}",
    ]


def _spoken(
    part: Clauses, found: Reported, content: _Content, shape: Form, around: Around, *, known: bool
) -> list[str]:
    """Who or what is said to say it, how plainly, and where, as names of signs."""
    tokens, report, sentence, made = part.tokens, found.report, content.sentence, shape.value
    agent = _agent(tokens, report)
    strong = "strong" if report.strong else "weak"
    opens = "first" if found.first == sentence.first else "in"
    closes = "last" if found.last >= sentence.last - 1 else "in"
    signs = [
        f"agent {agent}",
        f"{'known' if known else 'unknown'} agent {agent}",
        f"agent {agent} {made}",
        f"tense {_tense(tokens[report.cue[1] - 1].low, report.verb)}",
        f"led {_led(tokens, report.first, sentence.first)}",
        f"rule {_by_rule(found, around.rules)}",
        f"closing {_class(content.inner[-1])}",
        f"capitals {content.capitals * 5 // len(content.inner)}",
        f"sentence {bisect_right(_SENTENCES, sentence.last - sentence.first)}",
        f"where {opens} {closes}",
        f"{strong} {made}",
        f"{strong} {report.style.value}",
    ]
    if (who := _named(report)) is not None:
        often = around.heard.get(tokens[who[1] - 1].low, 0) - (report.strong and known)
        apart = str(min(_APART, report.cue[0] - who[1])) if who[1] <= report.cue[0] else "after"
        signs += [
            f"heard {min(_HEARD, max(0, often))}",
            f"apart {apart}",
            f"subject {min(_SUBJECT, who[1] - who[0])}",
        ]
    if around.war:
        signs += ["war", f"war {'known' if known else 'unknown'}", f"war agent {agent}", f"war {made}"]
    if not _DENIED.isdisjoint([token.low for token in tokens[sentence.first : report.first]]):
        signs.append("denied before")
    return signs


def _named(report: Report) -> tuple[int, int] | None:
    return report.subject if report.subject is not None and report.subject[0] < report.subject[1] else None


def _agent(tokens: Sequence[Token], report: Report) -> str:
    """What kind of speaker a report has: he, a name, a role, a body, a paper, another thing or things, nobody."""
    who = _named(report)
    if who is None:
        return "nobody"
    last = tokens[who[1] - 1]
    low = last.low
    if last.quoted:
        return "marks"
    if who[1] - who[0] == 1 and low in v.PRONOUNS:
        return low
    if low in v.PAPERS:
        return "paper"
    if low in v.ROLES or low.removesuffix("s") in v.ROLES:
        return "role"
    if low in v.BODIES:
        return "body"
    if last.capital:
        return "name"
    return "things" if low.endswith("s") else "thing"


def _tense(last: str, verb: str) -> str:
    if last.endswith("ing"):
        return "ing"
    return "base" if last == verb else "s" if last.endswith("s") else "past"


def _led(tokens: Sequence[Token], at: int, first: int) -> str:
    """What stands before a report: if, when, that, a comma, nothing."""
    if at <= first:
        return ""
    before = tokens[at - 1]
    return "marks" if before.quoted else _LED.get(before.low, "word" if before.word else ".")


def _by_rule(found: Reported, rules: Sequence[Reported]) -> str:
    """Whether a rule has the same content, another of the same cue, or one that shares words."""
    if any(rule.first == found.first and rule.last == found.last for rule in rules):
        return "same"
    if any(rule.report.cue == found.report.cue for rule in rules):
        return "cue"
    return "over" if any(rule.first < found.last and found.first < rule.last for rule in rules) else "none"


def _class(token: Token) -> str:
    """What kind of word a token is, coarsely: a word like it."""
    if token.quoted:
        return "marks"
    if not token.word:
        return _CLASSES.get(token.low, ".")
    known = _CLASSES.get(token.low)
    if known is not None:
        return known
    if token.capital:
        return "Kyiv"
    ending = token.low[-3:]
    return "ing" if ending == "ing" else "ed" if ending.endswith("ed") else "word"


def odds_of(right: int, wrong: int) -> float:
    """What stands in ``odds`` for a verb with so many reports."""
    return log((right + TRUST) / (wrong + TRUST))


class Weights:
    """How likely contents are by what was learnt.

    Args:
        held: as the training program has it: ``begin``, ``weights`` and ``odds`` by name.
    """

    def __init__(self, held: Mapping[str, Any]) -> None:
        self._begin: float = held["begin"]
        self._weights: dict[str, float] = held["weights"]
        self._odds: dict[str, float] = held["odds"]

    def likely(self, one: Evidence) -> float:
        """How likely a content is rightly one."""
        get = self._weights.get
        odds = self._begin
        # A generator over all costs twice as much.
        for name in one.signs:
            odds += get(name, 0.0)
        for name, number in one.numbers(self._odds):
            odds += get(name, 0.0) * number
        if not one.known and one.reports < SURE_CUE:
            odds -= SELDOM + SELDOM_BARE * (one.bare and not one.marker)
        return 1 / (1 + exp(-odds))


@lru_cache(maxsize=1)
def shipped() -> Weights | None:
    """The weights that come with the program, loaded when first asked for."""
    return Weights(json.loads(FILE.read_text("utf-8"))) if FILE.is_file() else None

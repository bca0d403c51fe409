"""Tokens of a line and the reports in it: who, by which cue, says something.

There is no parser here. A cue word is looked up, and its subject is taken from the words around it: to the
left over auxiliaries and a parenthesis ("Clarke, 71, has also said"), or to the right where the order is
turned ("said Clarke"). All walks are bounded, so a line of any length takes time in proportion to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from warreader.index.article import Line, LineKind, Span
from warreader.index.quotations import vocabulary as v
from warreader.index.text import sentences

CHAIN_REACH = 8
"""Words that may stand between subject and cue: "has since also repeatedly"."""

PHRASE_REACH = 16
"""Words a subject may have."""

PARENTHESIS_REACH = 24
"""Words a parenthesis between subject and cue may have."""

_TOKEN = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Gov|Sen|Rep|Gen|Col|Lt|Sgt|Capt|Maj|Adm|St|Jr|Sr)\.(?=\s)"
    r"|(?:[A-Z]\.){2,}|[A-Z]\.(?=\s[A-Z])|\d{1,3}(?:,\d{3})++(?![^\W_])|[^\W_]+(?:['’ʼ.&‑-][^\W_]+)*|[^\w\s]"
)
_HEAD = re.compile(r"[\"“‘'«(\[]*+[^\W\d_]")
_FOLD_APOSTROPHE = str.maketrans("’ʼ", "''")


_Range = tuple[int, int]


class Token(NamedTuple):
    """A word, a punctuation mark, or a whole segment in quotation marks (``quoted``)."""

    start: int
    end: int
    low: str
    word: bool
    quoted: bool
    capital: bool


class Style(Enum):
    """How cue and subject stand to each other."""

    PLAIN = "plain"  # Clarke said
    INVERTED = "inverted"  # said Clarke
    ACCORDING = "according"  # according to Clarke
    PARTICIPLE = "participle"  # ..., saying
    COORDINATE = "coordinate"  # ... and urged
    PASSIVE = "passive"  # it was reported


@dataclass(frozen=True, slots=True)
class Report:
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


def read_line(text: str, line: Line, quoted: Sequence[Span]) -> Clauses:
    """The tokens, sentences and reports of one line; ``quoted`` are its segments in marks, in order."""
    tokens = _tokens(text, line, quoted)
    bounds = _sentence_bounds(text, line, quoted)
    found: list[Sentence] = []
    sentence_of: list[int] = []
    at = 0
    for bound in bounds:
        first = at
        while at < len(tokens) and tokens[at].start < bound:
            at += 1
        if at > first:
            sentence_of += [len(found)] * (at - first)
            found.append(Sentence(first, at, tuple(_reports(tokens, first, at, line.kind))))
    return Clauses(line.kind, tuple(tokens), tuple(found), tuple(sentence_of))


@lru_cache(maxsize=50_000)
def _word(word: str) -> tuple[str, bool, bool]:
    """A token in lower case, whether it is a word, whether it begins with a capital."""
    is_word = word[0].isalnum()
    low = word.lower().translate(_FOLD_APOSTROPHE).rstrip(".") if is_word else word
    return low, is_word, word[0].isupper()


def _tokens(text: str, line: Line, quoted: Sequence[Span]) -> list[Token]:
    tokens: list[Token] = []
    at = line.start
    for span in [*quoted, Span(line.end, line.end)]:
        for match in _TOKEN.finditer(text, at, max(at, span.start)):
            first, last = match.span()
            low, is_word, capital = _word(match.group())
            tokens.append(Token(first, last, low, is_word, False, capital))
        if span.start < span.end:
            tokens.append(Token(span.start, span.end, "", False, True, False))
        at = max(at, span.end)
    return tokens


def _sentence_bounds(text: str, line: Line, quoted: Sequence[Span]) -> list[int]:
    """Where sentences end; a quoted segment is one piece: only its last mark can end a sentence, and one that
    opens with a capital can begin one.
    """
    parts: list[str] = []
    at = line.start
    for span in quoted:
        inner = max(span.start, span.end - 2)
        head = _HEAD.match(text, span.start, inner)
        begin = head.end() if head else span.start
        parts += [text[at:begin], "x" * (inner - begin), text[inner : span.end]]
        at = span.end
    parts.append(text[at : line.end])
    ends = [span.end + line.start for span in sentences("".join(parts))]
    return [*ends[:-1], line.end + 1] if ends else [line.end + 1]


def _reports(tokens: Sequence[Token], first: int, last: int, kind: LineKind) -> list[Report]:
    found: list[Report] = []
    previous: Report | None = None
    for at in range(first, last):
        # "the United States": capitals report only where all words have them, or first in a sentence.
        named = tokens[at].capital and at > first and kind is not LineKind.HEADLINE
        if not tokens[at].word or named:
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


def _report_at(tokens: Sequence[Token], at: int, first: int, last: int) -> Report | None:
    low = tokens[at].low
    if low == "according" and at + 1 < last and tokens[at + 1].low == "to":
        subject = _source(tokens, at + 2, last)
        return Report("according", (at, at + 2), subject, None, Style.ACCORDING) if subject else None
    if low in ("went", "goes") and _only_goes_on(tokens, at, last):
        subject, parenthesis = _subject(tokens, at - 1, first)
        return Report("continue", (at, at + 2), subject, parenthesis, Style.PLAIN) if subject else None
    verb = v.CUES.get(low)
    if verb is None or (at > first and _is_noun(low, verb, tokens[at - 1])):
        return None
    strong = low in v.STRONG
    chain = _chain(tokens, at, first)
    if at > first and tokens[at - 1].low == "to" and not _goes_on(tokens, at, first):
        return None
    lows = [tokens[k].low for k in range(chain, at)]
    negated = any(word in v.NEGATIONS for word in lows)
    cue = (_cue_start(tokens, chain, at), at + 1)
    if lows and lows[-1] in v.BE and not low.endswith("ing"):
        return Report(verb, cue, None, None, Style.PASSIVE, negated, strong)
    if strong and verb not in v.NO_INVERSION and chain == at and _may_invert(tokens, at, first):
        subject = _inverted_subject(tokens, at + 1, last)
        apposed = _apposed(tokens, at, first) if subject is not None else None
        if apposed is not None:
            return Report(verb, cue, *apposed, Style.PLAIN, negated, strong)
        if subject is not None:
            return Report(verb, cue, subject, None, Style.INVERTED, negated, strong)
    participle = low.endswith("ing") and at > first and not tokens[at - 1].word
    subject, parenthesis = (None, None) if participle else _subject(tokens, chain - 1, first)
    if subject is not None and low == verb and chain == at and not _plural(tokens[subject[1] - 1].low):
        return None
    if subject is not None:
        return Report(verb, cue, subject, parenthesis, Style.PLAIN, negated, strong)
    style = Style.PARTICIPLE if low.endswith("ing") else Style.COORDINATE
    return Report(verb, cue, None, None, style, negated, strong)


def _is_noun(low: str, verb: str, before: Token) -> bool:
    """Whether a form that may be a noun is one here: the reported arrest, on state orders, many jokes."""
    if before.low in v.BEFORE_NOUN:
        return True
    if low != verb and not low.endswith("s"):
        return False
    if before.low.endswith(("'s", "s'")) and before.low not in v.SHORTENED:
        return True
    # "rejected claims that": a verb has its object after it.
    if before.low.endswith("ed") and before.low in v.CUES:
        return True
    return before.low in v.QUANTIFIERS or (before.low in v.PREPOSITIONS and before.low != "to")


def _plural(low: str) -> bool:
    """Whether a subject's last word agrees with a bare verb form: they say, officials say."""
    return low.endswith("s") or low in ("they", "we", "i", "you", "who") or low in v.COLLECTIVES


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


def _apposed(tokens: Sequence[Token], at: int, first: int) -> tuple[_Range, _Range | None] | None:
    """The subject of "Ryan, a conservative, insists the party ...": a noun phrase with an aside opens the sentence,
    and no clause stands before the cue that could be what is said.
    """
    if not 4 <= at - first <= PHRASE_REACH + PARENTHESIS_REACH or tokens[at - 1].low != ",":
        return None
    head = first + 1 if tokens[first].low in ("and", "but", "yet", "still", "however") else first
    comma = next((k for k in range(head, min(at - 1, head + PHRASE_REACH)) if not tokens[k].word), at)
    if comma >= at - 1 or comma == head or tokens[comma].low not in (",", "("):
        return None
    opens = tokens[head].capital or tokens[head].low in v.DETERMINERS
    low = tokens[head].low
    if not opens or low in v.PREPOSITIONS or low in v.CONJUNCTIONS or low in v.PRONOUNS or low in v.ADVERBS:
        return None
    if any(finite(tokens, k, head) for k in range(head, comma)):
        return None
    aside = tokens[comma + 1].low
    if aside not in ("who", "which") and any(
        tokens[k].low in v.FINITE and not _relative(tokens, k, comma) for k in range(comma + 1, at - 1)
    ):
        return None
    phrase, parenthesis = _subject(tokens, at - 1, first)
    return ((head, comma), parenthesis if phrase is not None and phrase[1] == comma else None)


def _relative(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether a verb stands in a clause opened by "who" or "which" not far before it."""
    return any(tokens[k].low in ("who", "which", "that", "whose", "where") for k in range(first, at))


def finite(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether a word is, by its form, a verb that makes a clause; ``first`` is where its phrase begins."""
    token = tokens[at]
    if not token.word or (token.capital and at > first):
        return False
    if token.low in v.FINITE or token.low.endswith("n't"):
        return True
    if at == first or not (token.low.endswith("ed") or token.low in v.CUES) or token.low.endswith("ing"):
        return False
    # "the alleged plan", "a state report": a noun's attribute.
    before = tokens[at - 1].low
    return before not in v.DETERMINERS and before not in v.PREPOSITIONS and before not in v.QUANTIFIERS


def _inverted_subject(tokens: Sequence[Token], at: int, last: int) -> tuple[int, int] | None:
    if at >= last or not tokens[at].word:
        return None
    low = tokens[at].low
    opens = (
        tokens[at].capital
        or low in v.DETERMINERS
        or low in v.COLLECTIVES
        or low in v.PRONOUNS
        or low in v.ROLES
    )
    if not opens or low in v.CONJUNCTIONS or low in v.NEVER_SUBJECT:
        return None
    if low in v.PRONOUNS:
        # "he said she would go": a pronoun is the subject here only if the clause ends with it.
        return (at, at + 1) if at + 1 >= last or not tokens[at + 1].word else None
    end = at
    while end < last and end - at < PHRASE_REACH and tokens[end].word:
        word = tokens[end].low
        if word in v.STRONG and not tokens[end].capital:
            break
        if (word in v.CONJUNCTIONS and word != "and") or word in v.AUXILIARIES or word in v.PRONOUNS:
            break
        if word in v.PREPOSITIONS and word not in ("of", "for"):
            break
        if word == "and" and not (end + 1 < last and tokens[end + 1].capital):
            break
        end += 1
    return (at, end) if end > at else None


def _source(tokens: Sequence[Token], at: int, last: int) -> tuple[int, int] | None:
    """The noun phrase after "according to"."""
    if at >= last or not tokens[at].word:
        return None
    end = at
    proper = tokens[at].capital and tokens[at].low not in v.DETERMINERS
    while end < last and end - at < PHRASE_REACH and tokens[end].word:
        low = tokens[end].low
        if low in v.AUXILIARIES or (low in v.CONJUNCTIONS and low != "and"):
            break
        if proper and not tokens[end].capital and low not in v.PREPOSITIONS and low not in ("the", "and"):
            break
        end += 1
    while end > at and (tokens[end - 1].low in v.PREPOSITIONS or tokens[end - 1].low in ("and", "the")):
        end -= 1
    return (at, end) if end > at else None


def _subject(tokens: Sequence[Token], at: int, first: int) -> tuple[_Range | None, _Range | None]:
    """The noun phrase that ends at token ``at``, and a naming parenthesis after it."""
    if at < first:
        return None, None
    if tokens[at].low in ("who", "which") and at > first:
        at -= 1
        if tokens[at].low == "," and at > first:
            at -= 1
        return _phrase(tokens, at, first), None
    if tokens[at].low not in (",", ")", "–", "—"):
        return _phrase(tokens, at, first), None
    opening = "(" if tokens[at].low == ")" else tokens[at].low
    start = at - 1
    while start > first and at - start < PARENTHESIS_REACH and tokens[start].low != opening:
        if tokens[start].quoted:
            return None, None
        start -= 1
    if start <= first or tokens[start].low != opening or at - start < 2:
        return None, None
    phrase = _phrase(tokens, start - 1, first)
    inner = tokens[start + 1]
    naming = (
        inner.word
        and (inner.capital or inner.low in v.DETERMINERS or inner.low in v.ROLES)
        and not (inner.low in v.CONJUNCTIONS or inner.low in v.PREPOSITIONS)
    )
    return phrase, (start + 1, at) if phrase is not None and naming else None


def _phrase(tokens: Sequence[Token], at: int, first: int) -> _Range | None:
    """The noun phrase that ends at token ``at``, walking left to the next border of a clause."""
    if at < first or not tokens[at].word:
        return None
    if tokens[at].low in v.PRONOUNS:
        return (at, at + 1)
    start = at + 1
    while start > first and at + 1 - start < PHRASE_REACH:
        token = tokens[start - 1]
        if token.low == "who" and start <= at and start - 2 >= first and tokens[start - 2].word:
            # "some who spoke to the paper said": who they are stands before.
            return _phrase(tokens, start - 2, first)
        if not token.word or token.low in v.CONJUNCTIONS:
            break
        if token.low in v.PRONOUNS:
            # "she released a statement saying": the clause has its subject.
            return (start - 1, start)
        if token.low in v.STRONG and not token.capital and start - 1 < at:
            return None
        if token.low in v.AUXILIARIES:
            break
        start -= 1
    while start <= at and (tokens[start].low in v.LEADING or _leading_adverb(tokens[start])):
        start += 1
    if start > at or tokens[at].low in v.NEVER_SUBJECT:
        return None
    return (start, at + 1)


def _leading_adverb(token: Token) -> bool:
    return token.low.endswith("ly") and len(token.low) > 4 and token.low not in ("italy", "july", "family")

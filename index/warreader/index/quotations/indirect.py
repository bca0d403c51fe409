"""Reported speech without marks: which words of a sentence are the content of a report."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warreader.index.article import Span
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.attribution import opens_remark
from warreader.index.quotations.breaking import broken, with_head
from warreader.index.quotations.clauses import Clauses, Report, Sentence, Style
from warreader.index.quotations.phrases import clausal, finite
from warreader.index.quotations.tokens import Token

LEAST_WORDS = 2
"""Words a reported content must have at least."""

LEAST_AFTER = 3
"""Words that must follow where a content begins with a stretch in marks: else it is that alone."""

THAT_REACH = 9
"""Words between a cue and its "that": said recently in a video message that."""

TAIL_REACH = 10
"""Words that may follow a report at a sentence's end: he said on Friday in Kyiv."""

TAIL_AFTER = 4
"""Tokens that may follow a report that closes a content: ..., said Clarke on Friday."""

FOLLOWING = 12
"""Reports after one in its sentence that may end its content."""

CLAUSE_REACH = 60
"""Words on either side of "according to" in which a clause's verb is looked for."""

LEAD_REACH = 24
"""Words a phrase that leads into a sentence may have."""

LONGEST_ANSWER = 12
"""Tokens of somebody else's answer at the end of a content."""

_NO_CLAUSE = (v.PREPOSITIONS | v.ADVERBS | v.CONJUNCTIONS | v.AUXILIARIES | {"to"}) - {"if", "after"}

_ASIDES = frozenset(["however", "this", "last", "one", "two", "three", "several"])
"""Words that may begin when or how often something was said: said this week that."""
_GIVING = frozenset(["gave", "offered", "provided", "offers", "gives", "provides", "stopped"])
_NOTHING = frozenset(["no", "few", "little", "neither", "short"])
_TELLING = frozenset(
    ["say", "give", "specify", "elaborate", "provide", "offer", "name", "identify", "comment", "explain"]
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A content clause and the report that governs it. ``first`` and ``last`` bound its tokens in its line.

    ``head`` is what stands of it before a report that breaks it: "The next day, Clarke said, it rained".
    """

    span: Span
    report: Report
    first: int
    last: int
    head: Span | None = None

    @property
    def segments(self) -> tuple[Span, ...]:
        """Its parts, in order."""
        return (self.span,) if self.head is None else (self.head, self.span)


def reported(clauses: Clauses) -> Iterator[Reported]:
    """The indirect quotations of one line, in order; none inside another."""
    for sentence in clauses.sentences:
        reached = -1
        for number, report in enumerate(sentence.reports):
            if report.negated or report.style is Style.PASSIVE or _relays(sentence, number):
                continue
            limit = _limit(clauses.tokens, sentence, number)
            bounds = _content(clauses.tokens, sentence, report, limit)
            if bounds is None or bounds[0] < reached:
                continue
            found = trimmed(clauses.tokens, *untailed(clauses.tokens, sentence, *bounds))
            if found is not None:
                reached = bounds[1]
                first, last = found
                span = Span(clauses.tokens[first].start, clauses.tokens[last - 1].end)
                whole = Reported(span, report, first, last)
                yield with_head(clauses.tokens, sentence, whole)


_JOINS = v.CONJUNCTIONS | v.RELATIVES | v.OPENING | v.PRONOUNS | {"than"}
"""Words after which another verb is a clause's of its own."""
_VERBS = v.FINITE - v.PRONOUNS
_AUXILIARY = v.FINITE & v.AUXILIARIES


def _cue_at(report: Report) -> int:
    return report.cue[0]


def untailed(tokens: Sequence[Token], sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """The bounds of a content without the report that closes its sentence: ..., according to the agency."""
    reports = sentence.reports
    for report in reports[bisect_left(reports, first, key=_cue_at) : bisect_left(reports, last, key=_cue_at)]:
        closes = report.style in (Style.ACCORDING, Style.INVERTED, Style.PLAIN) and report.strong
        far = report.first > first + LEAST_AFTER or any(tokens[k].quoted for k in range(first, report.first))
        inside = far and report.first < last and not report.negated
        set_off = inside and (tokens[report.first - 1].low == "," or tokens[report.first - 1].quoted)
        if set_off and closes and report.subject is not None and report.last + TAIL_AFTER >= last:
            return first, report.first
    last = _before_own_verb(tokens, sentence, first, last)
    return first, _before_answer(tokens, first, _before_silence(tokens, first, last))


def _before_own_verb(tokens: Sequence[Token], sentence: Sentence, first: int, last: int) -> int:
    """The end of a content that a noun opens before what is told of the noun: Fears that it sends troops | have grown.

    Where another clause begins within, the end stays.
    """
    opens = first - 2
    if opens < sentence.first or tokens[first - 1].low != "that" or tokens[opens].low not in v.CUES:
        return last
    led = opens == sentence.first + 1 and tokens[sentence.first].low in v.DETERMINERS
    if not led and opens != sentence.first:
        return last
    verb, apart = "", False
    for at in range(first, last):
        low = tokens[at].low
        if not tokens[at].word or low in _JOINS:
            if verb:
                return last
        elif (
            verb and low in _AUXILIARY and tokens[at - 1].low != "to" and (apart or verb not in v.AUXILIARIES)
        ):
            return at
        elif low in _VERBS and not tokens[at].capital:
            verb, apart = low, False
        else:
            apart = apart or not (low in v.ADVERBS or low in v.NEGATIONS or low.endswith("ly"))
    return last


def _before_answer(tokens: Sequence[Token], first: int, last: int) -> int:
    """The end of a content before somebody else's answer to it: they had hit a depot |, which Kyiv denied."""
    for at in range(last - 2, max(first, last - LONGEST_ANSWER), -1):
        if tokens[at].low == "," and opens_remark(tokens, at + 1):
            answered = any(token.low in v.CONTRADICTING for token in tokens[at + 2 : last])
            return at if answered else last
    return last


def _before_silence(tokens: Sequence[Token], first: int, last: int) -> int:
    """The end of a content before what the speaker did not say: he had left | but gave no details."""
    for at in range(first + LEAST_AFTER, last - 2):
        if tokens[at].low not in ("but", "and"):
            continue
        verb, then = tokens[at + 1].low, tokens[at + 2].low
        silent = (verb in _GIVING and then in _NOTHING) or (verb in v.SILENT and then == "to")
        if silent or (verb == "did" and then == "not" and at + 3 < last and tokens[at + 3].low in _TELLING):
            return at
    return last


def _relays(sentence: Sentence, number: int) -> bool:
    """ "According to the paper, officials said ...": the content is the officials'."""
    report = sentence.reports[number]
    if report.style is not Style.ACCORDING or report.cue[0] > sentence.first + 1:
        return False
    return any(other.first <= report.last + 2 for other in sentence.reports[number + 1 : number + 3])


def _limit(tokens: Sequence[Token], sentence: Sentence, number: int) -> int:
    """Where the content of a report ends at the latest: before the next report of the same subject."""
    own = sentence.reports[number]
    for other in sentence.reports[number + 1 : number + 1 + FOLLOWING]:
        around = other.subject is not None and other.subject[0] < own.cue[0]
        shared = (
            (other.style in (Style.PARTICIPLE, Style.COORDINATE) and other.strong) or other.negated or around
        )
        if not shared or other.cue[0] <= own.last + 1:
            continue
        at = other.cue[0]
        while at > own.last and tokens[at - 1].word and tokens[at - 1].low not in ("and", "but"):
            at -= 1
            if other.cue[0] - at > 4:
                break
        if at > own.last and tokens[at - 1].low in ("and", "but", ","):
            at -= 1
            return at - 1 if tokens[at - 1].low == "," else at
    return sentence.last


def _content(
    tokens: Sequence[Token], sentence: Sentence, report: Report, limit: int
) -> tuple[int, int] | None:
    after = broken(tokens, sentence, report, limit)
    if after is not None:
        return after
    if report.style is Style.ACCORDING:
        return _around_source(tokens, sentence, report)
    if report.subject is None and (
        report.style not in (Style.COORDINATE, Style.PARTICIPLE) or not report.strong
    ):
        return None
    if report.style is Style.INVERTED or _is_tail(tokens, sentence, report):
        return _before(tokens, sentence, report)
    if report.style is Style.AGENT:
        that = report.last
        while that < sentence.last and that - report.last < THAT_REACH and tokens[that].low != "that":
            that += 1
        return (that + 1, limit) if that + 1 < limit and tokens[that].low == "that" else None
    start = _start(tokens, report, sentence.last)
    if start is not None and report.first > sentence.first and tokens[report.first - 1].quoted:
        # "...," Clarke said April 15 at a rally: what was said stands before.
        start = start if tokens[start - 1].low == "that" else None
    return None if start is None or start >= limit else (start, limit)


def _around_source(tokens: Sequence[Token], sentence: Sentence, report: Report) -> tuple[int, int] | None:
    assert report.subject is not None
    after = report.subject[1]
    if after < sentence.last and tokens[after].low == "(":
        # The agency (IAEA), ...
        after = next((k + 1 for k in range(after, sentence.last) if tokens[k].low == ")"), after)
    after = _past_relative(tokens, after, sentence.last)
    first, last = max(sentence.first, report.cue[0] - CLAUSE_REACH), min(sentence.last, after + CLAUSE_REACH)
    before = any(tokens[k].quoted or finite(tokens, k, sentence.first) for k in range(first, report.cue[0]))
    if before or not clausal(tokens, after, last):
        # What follows tells more of the source: ..., according to Clarke, an analyst in Kyiv.
        return (sentence.first, report.cue[0]) if before else _longer(sentence, report, after)
    return (after, sentence.last)


def _past_relative(tokens: Sequence[Token], after: int, last: int) -> int:
    """The end of a clause on the source: according to the ministry, which runs the ports, ..."""
    if after + 1 >= last or tokens[after].low != "," or tokens[after + 1].low not in v.RELATIVES:
        return after
    closing = range(after + 2, min(last, after + 2 + LEAD_REACH))
    return next((k + 1 for k in closing if tokens[k].low == ","), after)


def _longer(sentence: Sentence, report: Report, after: int) -> tuple[int, int]:
    if report.cue[0] - sentence.first > sentence.last - after:
        return (sentence.first, report.cue[0])
    return (after, sentence.last)


def _is_tail(tokens: Sequence[Token], sentence: Sentence, report: Report) -> bool:
    """Whether a report closes its sentence: "..., Clarke said on Friday."."""
    if report.style is not Style.PLAIN or not report.strong or report.first <= sentence.first:
        return False
    if tokens[report.first - 1].low != "," or sentence.last - report.last > TAIL_REACH:
        return False
    rest = tokens[report.last : sentence.last]
    if any(token.quoted for token in rest) or _adjunct(tokens, sentence.first, report.first - 1):
        return False
    if not rest or not rest[0].word:
        return True
    meanwhile = rest[0].low in v.PREPOSITIONS or rest[0].low in ("as", "after", "while")
    return meanwhile and rest[0].low not in v.TOPIC.get(report.verb, ())


def _adjunct(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether what stands before the comma only leads in: "In several videos, troops complained"."""
    head = tokens[first].low
    if last - first > LEAD_REACH:
        return False
    leads = head in v.PREPOSITIONS or head in v.CONJUNCTIONS or head.endswith("ing")
    return leads and not any(tokens[k].low == "," for k in range(first, last))


def _before(tokens: Sequence[Token], sentence: Sentence, report: Report) -> tuple[int, int] | None:
    if report.first <= sentence.first or tokens[report.first - 1].low != ",":
        return None
    return (sentence.first, report.first)


def _start(tokens: Sequence[Token], report: Report, last: int) -> int | None:
    """The first token of the content after a plain cue."""
    verb, after = report.verb, report.cue[1]
    if after >= last:
        return None
    that = _that(tokens, verb, after, last)
    if that is not None:
        return that
    after = _past_adjuncts(tokens, after, last)
    if tokens[after].low == ":" and verb in v.BARE | {"add", "write", "post"} and after + 1 < last:
        # The ministry said in a statement: the bridge is closed.
        return after + 1 if tokens[after + 1].word else None
    low = tokens[after].low
    if not tokens[after].word:
        quoted_start = tokens[after].quoted and verb in v.BARE
        return after if quoted_start else None
    if low == "to" and verb in v.INFINITIVE:
        return after
    if verb == "call" and low == "on":
        return after + 1
    if low in v.TOPIC.get(verb, ()):
        return after if verb == "call" else after + 1
    if verb in v.OBJECT_INFINITIVE and low not in v.PREPOSITIONS:
        return after if _object_then_to(tokens, after, last) else _after_hearer(tokens, verb, after, last)
    if verb in v.GERUND and low.endswith("ing") and low not in ("thing", "during", "nothing", "something"):
        return after
    if verb == "describe" and any(tokens[k].low == "as" for k in range(after, min(last, after + 3))):
        return next(k for k in range(after, last) if tokens[k].low == "as") + 1
    if verb in v.BARE and (low not in _NO_CLAUSE or _counted(tokens, after, last)) and not low.endswith("ly"):
        return after
    return _clause_after_object(tokens, verb, after, last)


def _that(tokens: Sequence[Token], verb: str, after: int, last: int) -> int | None:
    """The token after the "that" of a cue; only when, where or to whom it was said may stand between."""
    if verb not in v.CLAUSAL:
        return None
    low = tokens[after].low
    if low == "that":
        # "said that was wrong": what was said begins with it.
        return after if after + 1 < last and tokens[after + 1].low in v.AUXILIARIES else after + 1
    aside = low in v.PREPOSITIONS or low in v.ADVERBS or low in v.DAYS or low in _ASIDES or low.endswith("ly")
    if not (aside or verb in v.HEARD):
        return None
    for at in range(after, min(last, after + THAT_REACH)):
        if not tokens[at].word or (at > after and finite(tokens, at, after)):
            return None
        if tokens[at].low == "that":
            # "said in a report that could ...": it tells of the report.
            return None if at + 1 < last and tokens[at + 1].low in v.AUXILIARIES else at + 1
    return None


def _past_adjuncts(tokens: Sequence[Token], after: int, last: int) -> int:
    """Where a content may begin past a word or two on when and where: said on Friday it would go, said in a
    statement he had left. Unchanged where what follows is no clause.
    """
    at = after
    while True:
        found = occasion_end(tokens, at, last)
        if found is None or found >= last:
            break
        at = found
    if at < last and tokens[at].low == ":":
        return at
    if at == after or not tokens[at].word:
        return after
    if tokens[at].low in _NO_CLAUSE - v.ADVERBS and not _counted(tokens, at, last):
        return after
    stop = next((k for k in range(at, last) if not tokens[k].word), last)
    return at if clausal(tokens, at, stop) else after


def _counted(tokens: Sequence[Token], at: int, last: int) -> bool:
    """Whether a number follows: said about 40 people had died, said as many as 40, at least 40."""
    pair = (tokens[at].low, tokens[at + 1].low) if at + 1 < last else ("", "")
    if pair in (("as", "many"), ("as", "much"), ("as", "few"), ("at", "least"), ("at", "most")):
        return True
    return tokens[at].low in ("about", "over") and at + 1 < last and tokens[at + 1].low[:1].isdigit()


def occasion_end(tokens: Sequence[Token], at: int, last: int) -> int | None:
    """The end of a phrase of time, place or occasion that begins at a token."""
    head = at + 1 if tokens[at].low in ("on", "in", "late", "early", "last") else at
    if head >= last:
        return None
    low = tokens[head].low
    if low in v.WEEKDAYS or (head == at and low in ("today", "yesterday", "earlier")):
        end = head + 1
        return end + 1 if end < last and tokens[end].low in v.PARTS_OF_DAY else end
    if head == at:
        return None
    if tokens[at].low == "on" and low in v.CHANNELS:
        return head + 2 if low == "social" else head + 1
    if tokens[at].low == "in" and low in v.DETERMINERS:
        for end in range(head + 1, min(last, head + 5)):
            if tokens[end].low in v.OCCASIONS:
                return end + 1
            if not tokens[end].word:
                return None
    return None


def _object_then_to(tokens: Sequence[Token], after: int, last: int) -> bool:
    for at in range(after + 1, min(last, after + 8)):
        if not tokens[at].word:
            return False
        if tokens[at].low == "to":
            return True
    return False


def _after_hearer(tokens: Sequence[Token], verb: str, after: int, last: int) -> int | None:
    """ "told the paper he would go": the clause starts at its pronoun."""
    if verb not in ("tell", "warn"):
        return None
    for at in range(after + 1, min(last, after + 6)):
        if not tokens[at].word:
            return None
        if tokens[at].low in ("he", "she", "they", "it", "there", "we", "i"):
            return at
    return None


def _clause_after_object(tokens: Sequence[Token], verb: str, after: int, last: int) -> int | None:
    """ "warned Putin he would never": a clause opened by a pronoun soon after the cue."""
    return _after_hearer(tokens, verb, after, last) if verb == "warn" else None


def trimmed(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int] | None:
    """The bounds without punctuation at its ends; ``None`` where too little stands without marks."""
    while first < last and not tokens[first].word and not tokens[first].quoted:
        first += 1
    while last > first and not tokens[last - 1].word and not tokens[last - 1].quoted:
        last -= 1
    inner = tokens[first:last]
    free = sum(token.word for token in inner)
    quoted = sum(token.quoted for token in inner)
    if free < LEAST_WORDS or (quoted == 1 and free < LEAST_AFTER and inner[0].quoted):
        return None
    return first, last

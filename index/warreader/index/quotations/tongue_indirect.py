"""Reported speech without marks in other languages than English, by the form of its sentence.

"Иванов сообщил, что ...", "..., сказал Иванов", "Как сообщил Иванов, ...", "По словам Иванова, ...", "Об этом сообщил
Иванов" after what he said; "Lee sagte, ... sei ...", and German sentences that only their verbs show to be somebody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warreader.index.article import LineKind, Span
from warreader.index.quotations.clauses import Clauses, Report, Sentence, Style
from warreader.index.quotations.indirect import trimmed
from warreader.index.quotations.tokens import Token
from warreader.index.tongue import Tongue

THAT_REACH = 14
"""Tokens between a report and its "that"."""

ASIDE_REACH = 16
"""Tokens of an aside that reports: как сообщил глава области Иван Ли, ..."""

TAIL_REACH = 14
"""Tokens that may follow a report which closes its sentence."""

LEAST_AFTER = 4
"""Tokens after a report between commas that make what follows a part of what was said."""

LONGEST_NAME = 60
"""Code points of a stretch in marks within speech that has no marks of its own."""

LONGEST_ASIDE = 14
"""Tokens after a source at the end of a sentence that tell more of it: selon l'AFP, une agence de presse."""

LEAST_WORDS = 3
"""Words of a content that nothing opens."""

CARRIED = 3
"""Sentences after a report through which a German conjunctive goes on with it."""

_DASHES = frozenset("—–-―")
_INFINITIVES = {
    "ru": ("ть", "ти", "чь", "ться", "тись"),
    "uk": ("ти", "тися", "тись"),
    "pl": ("ć", "się"),
    "de": ("en",),
    "fr": ("er", "ir", "re"),
    "es": ("ar", "er", "ir", "se", "lo", "la"),
}
_FRENCH_NOT_THAT = (
    "ainsi plus moins autre autres tel telle même avant après afin alors bien parce dès depuis lors"
)
_SPANISH_NOT_THAT = (
    "más menos así antes después para sin desde hasta esos esas los las el la lo aquellos ya mientras"
)
_NOT_THAT = frozenset(
    f"{_FRENCH_NOT_THAT} tandis sans pour ce celui celle ceux {_SPANISH_NOT_THAT}".split(),
)
"""Words before "que" with which it opens no reported clause."""

_UNLIKE = frozenset(
    ["того", "тем", "так", "тому", "тим", "мере", "время", "мірі", "час", "so", "ebenso", "tak", "tym"]
)
"""Words that make "как" more than an aside: после того, как сообщил."""

INFINITIVE_REACH = 8
"""Tokens within which an infinitive follows a verb that asks for something."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says without marks: its parts, and the report that says so with its line; without one, whoever
    spoke last goes on.
    """

    segments: tuple[Span, ...]
    report: tuple[Clauses, Report] | None


def told(parts: Sequence[Clauses], tongue: Tongue) -> list[Told]:
    """The indirect quotations of an article, in order; none inside another.

    Args:
        parts: its lines taken apart.
        tongue: of its language.
    """
    found: list[Told] = []
    before: tuple[Clauses, Sentence] | None = None
    since = CARRIED
    for part in parts:
        for sentence in part.sentences:
            reader = _Sentence(part, sentence, tongue)
            here = list(reader.told())
            back = reader.about_before()
            if back is not None and before is not None and not (found and _covers(found[-1], *before)):
                whole = _whole(*before)
                if whole is not None:
                    found.append(Told((whole,), (part, back)))
            since = 0 if sentence.reports else since + 1
            if not here and not sentence.reports and since <= CARRIED and reader.conjunctive():
                whole = _whole(part, sentence)
                here = [Told((whole,), None)] if whole is not None else []
                since = 0
            found += here
            before = (part, sentence)
    return found


def _covers(one: Told, part: Clauses, sentence: Sentence) -> bool:
    return one.segments[-1].end > part.tokens[sentence.first].start


def _whole(part: Clauses, sentence: Sentence) -> Span | None:
    """A sentence as a content, if it is one and none of it stands in marks."""
    tokens = part.tokens[sentence.first : sentence.last]
    headline = part.kind is LineKind.HEADLINE and len(part.sentences) == 1
    if headline or sum(token.word for token in tokens) < LEAST_WORDS:
        return None
    if any(_long(token) for token in tokens):
        return None
    return _span(part.tokens, sentence.first, sentence.last)


def _span(tokens: Sequence[Token], first: int, last: int) -> Span | None:
    bounds = trimmed(tokens, first, last)
    return None if bounds is None else Span(tokens[bounds[0]].start, tokens[bounds[1] - 1].end)


def _long(token: Token) -> bool:
    """Whether a stretch in marks is a quotation by itself."""
    return token.quoted and token.end - token.start > LONGEST_NAME


class _Sentence:
    """One sentence and what its reports report."""

    def __init__(self, part: Clauses, sentence: Sentence, tongue: Tongue) -> None:
        self.part, self.tokens, self.tongue = part, part.tokens, tongue
        self.first, self.last, self.reports = sentence.first, sentence.last, sentence.reports

    def low(self, at: int) -> str:
        """A token in lower case; nothing beyond the sentence."""
        return self.tokens[at].low if self.first <= at < self.last else ""

    def told(self) -> Iterator[Told]:
        """The contents of the sentence's reports."""
        reached = self.first
        for number, report in enumerate(self.reports):
            if report.negated or not report.strong:
                continue
            limit = self._limit(number)
            parts = [bounds for bounds in self._content(report, limit) if bounds[0] >= reached]
            if len(parts) > 1 and all(self._small(at) for at in range(*parts[0])):
                parts = parts[1:]
            spans = [span for bounds in parts if (span := _span(self.tokens, *bounds)) is not None]
            if spans:
                reached = max(bounds[1] for bounds in parts)
                yield Told(tuple(spans), (self.part, report))

    def _small(self, at: int) -> bool:
        """Whether a word says nothing by itself: при этом, however."""
        tongue, low = self.tongue, self.low(at)
        small = tongue.adverbs | tongue.days | tongue.prepositions | tongue.conjunctions | tongue.determiners
        return not self.tokens[at].word or low in small or low in ("этом", "того", "тем", "того", "цьому")

    def about_before(self) -> Report | None:
        """The report of a sentence that says who said the one before: Об этом сообщил Иванов."""
        if not self.reports or self.reports[0].negated:
            return None
        if not any(
            all(self.low(self.first + by) == word for by, word in enumerate(phrase))
            for phrase in self.tongue.this
        ):
            return None
        report = self.reports[0]
        that = self._that(report, self.last)
        near = report.cue[0] <= self.first + 6
        return report if near and that is None and report.style is Style.INVERTED else None

    def conjunctive(self) -> bool:
        """Whether the sentence has a verb in a form that only reported speech has."""
        strict = (form for form in self.tongue.conjunctives if form == "seien" or not form.endswith("n"))
        forms = frozenset(strict)
        for at in range(self.first, self.last):
            if self.low(at) in forms and not self.tokens[at].capital:
                around = {self.low(at - 1), self.low(at + 1), self.low(at - 2)}
                return not around & {"als", "denn", "ich", "wenn"} and not self._subordinate(at)
        return False

    def _subordinate(self, at: int) -> bool:
        """Whether a word stands in a clause that hangs on another."""
        while at > self.first and self.tokens[at - 1].word:
            at -= 1
        return at > self.first and self.low(at) in self.tongue.conjunctions | self.tongue.relatives

    def _end(self, report: Report) -> int:
        """Where a report ends, the name after its role with it: a dit le ministre, Jean Lee, que."""
        aside = report.parenthesis
        return aside[1] if aside is not None and aside[0] == report.last + 1 else report.last

    def _limit(self, number: int) -> int:
        """Where a content ends at the latest: before a further verb of the same speaker's, и добавил, что."""
        own = self.reports[number]
        for other in self.reports[number + 1 :]:
            shared = other.subject == own.subject and other.style is Style.COORDINATE
            at = other.cue[0] - 1
            while at > own.last and self.low(at) in self.tongue.adverbs | self.tongue.auxiliaries:
                at -= 1
            shared = shared and self.low(at) in (self.tongue.conjunctions - self.tongue.that) | {","}
            closes = other.style is Style.INVERTED and self.low(other.first - 1) == "," and not other.negated
            if closes and other.first > own.last + LEAST_AFTER and other.subject != own.subject:
                return other.first - 1
            if shared and other.cue[0] > own.last + 2:
                at = other.cue[0]
                while (
                    at > own.last
                    and at > other.cue[0] - 4
                    and self.low(at - 1) in self.tongue.conjunctions | {","}
                ):
                    at -= 1
                return at
        return self.last

    def _content(self, report: Report, limit: int) -> list[tuple[int, int]]:
        if report.style is Style.ACCORDING:
            return self._around_source(report, limit)
        aside = self._aside(report)
        if aside is not None:
            return aside
        that = self._that(report, limit)
        if that is not None:
            return [(that + 1, limit)]
        closing = self._closing(report)
        if closing:
            return closing
        if report.verb == "urge":
            return self._asked(report, limit)
        return self._bare(report, limit)

    def _that(self, report: Report, limit: int) -> int | None:
        """The word that opens what was said; only when, where and to whom may stand before it."""
        commas = self.tongue.code not in ("fr", "es")
        before = next((at for at in (report.first - 1, report.first - 2) if self._quoted(at)), None)
        if report.style is Style.INVERTED and before is not None:
            return None  # "...", said Lee at a meeting that
        for at in range(self._end(report), min(limit, self._end(report) + THAT_REACH)):
            token = self.tokens[at]
            if token.quoted or self.low(at) in (":", ";", *_DASHES, "("):
                return None
            if any(other.cue[0] == at for other in self.reports):
                return None
            if token.low in self.tongue.that:
                if self.low(at - 1) in _NOT_THAT:
                    return None
                if not commas and at > self._end(report) and not self._aside_word(self._end(report)):
                    return None
                if commas and self.low(at - 1) not in (",", "о", "том", "про", "те", "то", "w", "tym"):
                    continue
                return at
            if token.low in self.tongue.relatives and self.low(at - 1) == ",":
                return None
        return None

    def _aside_word(self, at: int) -> bool:
        """Whether a word after a Romance verb tells when or to whom: a dit lundi que, not: a lu la lettre que."""
        tongue, low = self.tongue, self.low(at)
        small = tongue.adverbs | tongue.days | tongue.prepositions | tongue.negations | tongue.pronouns.keys()
        return low in small or not self.tokens[at].word

    def _quoted(self, at: int) -> bool:
        return at >= self.first and self.tokens[at].quoted

    def _opens_aside(self, report: Report) -> int | None:
        """Where "как сообщил Иванов" begins."""
        for at in range(report.first - 1, max(self.first, report.first - 4) - 1, -1):
            if self.low(at) in self.tongue.like:
                opens = at == self.first or not self.tokens[at - 1].word
                opens = opens and self.low(at - 2) not in _UNLIKE
                return at if opens else None
            if not self.tokens[at].word:
                return None
        return None

    def _aside(self, report: Report) -> list[tuple[int, int]] | None:
        start = self._opens_aside(report)
        if start is None:
            return None
        comma = self._next_comma(report.last, start + ASIDE_REACH + 8)
        rest = [(comma + 1, self.last)] if comma is not None and self.last - comma > LEAST_AFTER else []
        ahead = self.tokens[self.first : start - 1] if start > self.first else ()
        if not any(token.word for token in ahead) or any(_long(token) for token in ahead):
            return rest
        head = (self.first, start)
        joins = self.low(self.first) in self.tongue.conjunctions and start - self.first <= 2
        return rest if joins else [head, *rest]

    def _next_comma(self, at: int, limit: int) -> int | None:
        while at < min(self.last, limit):
            if self.low(at) in (",", *_DASHES):
                return at
            if self.low(at) in (";", ":"):
                return None
            at += 1
        return None

    def _around_source(self, report: Report, limit: int) -> list[tuple[int, int]]:
        """What has a source: all of its sentence but the source, or of its clause."""
        start, after = report.first, report.last
        while after < self.last and self.tokens[after].low in ("(",):
            after = next((k + 1 for k in range(after, self.last) if self.low(k) == ")"), self.last)
        if self.low(after) == ",":
            after += 1
            named = self._apposed(after)
            after = named if named is not None else after
        lead = [k for k in range(self.first, start) if self.tokens[k].word or self.tokens[k].quoted]
        if len(lead) < 2:
            return [(after, limit)] if limit > after else []
        another = any(
            other.style is Style.ACCORDING and other.cue[0] > report.cue[0] for other in self.reports
        )
        comma = self.low(after - 1) == ","
        few = self.last - after <= LONGEST_ASIDE and self.low(after) in self.tongue.determiners
        if self.last - after < LEAST_AFTER or another or (comma and (few or not self._states(after))):
            return [(self.first, start)]
        return [(self.first, start), (after, limit)]

    def _apposed(self, at: int) -> int | None:
        """The end of who a source is: по словам главы области, Ивана Ли, ..."""
        end = at
        while end < self.last and self.tokens[end].word and self.tokens[end].capital:
            end += 1
        return end + 1 if end - at > 1 and self.low(end) == "," else None

    def _closing(self, report: Report) -> list[tuple[int, int]]:
        """What stands before a report that closes its sentence, or breaks it in two between commas."""
        before = report.first - 1
        turned = report.style is Style.INVERTED and report.cue[0] == report.first
        if not turned or before <= self.first or self.low(before) not in (",", *_DASHES):
            return []
        head = (self.first, before)
        lows = [token.low for token in self.tokens[self.first : before]]
        if lows.count("(") > lows.count(")"):
            return []
        words = sum(token.word for token in self.tokens[self.first : before])
        if words < LEAST_WORDS:
            return []
        end = self._end(report)
        comma = self._next_comma(end, end + TAIL_REACH)
        if self.tongue.second and self.low(self.first) in self.tongue.conjunctions - {
            "und",
            "aber",
            "denn",
            "doch",
        }:
            # Während Lee lobte, warnte die Ministerin, ...: only what follows is hers.
            return [(comma + 1, self.last)] if comma is not None else []
        if comma is not None and self.last - comma > LEAST_AFTER + 2 and self._states(comma + 1):
            return [head, (comma + 1, self.last)]
        return [head] if self.last - report.last <= 2 * TAIL_REACH else []

    def _states(self, at: int) -> bool:
        """Whether what follows a comma goes on with what was said, and tells no more of who said it."""
        low = self.low(at)
        if any(self.low(k) in self.tongue.roles for k in range(at, at + 3)):
            return False
        if self.tongue.code == "fr" and any(
            self.low(k).endswith(("é", "ée", "és", "ées")) for k in range(at, at + 3)
        ):
            return False
        more = self.tongue.relatives | self.tongue.prepositions | self.tongue.roles
        return low not in more and not low.endswith(("я", "ши", "ant", "ndo", "ąc"))

    def _asked(self, report: Report, limit: int) -> list[tuple[int, int]]:
        """What is asked for in an infinitive: призвал Запад помочь."""
        if self.low(report.cue[0] - 1) in self.tongue.relatives:
            return []
        start = max(report.cue[1], report.last)
        endings = _INFINITIVES.get(self.tongue.code, ())
        for at in range(start, min(limit, start + INFINITIVE_REACH)):
            if not self.tokens[at].word:
                return []
            if len(self.low(at)) > 3 and self.low(at).endswith(endings) and not self.tokens[at].capital:
                return [(start, limit)]
        return []

    def _bare(self, report: Report, limit: int) -> list[tuple[int, int]]:
        """A German clause without "dass": Lee sagte am Montag, die Brücke sei gesperrt."""
        if not self.tongue.second or report.style not in (Style.PLAIN, Style.INVERTED, Style.COORDINATE):
            return []
        comma = self._next_comma(report.last, report.last + THAT_REACH)
        if comma is None or self.low(comma) != "," or limit - comma <= LEAST_AFTER:
            return []
        opens = self.low(comma + 1)
        told_so = any(self.low(k) in self.tongue.conjunctives for k in range(comma + 1, limit))
        if opens in self.tongue.relatives and opens not in ("der", "die", "das", "den", "dem"):
            return []
        return [(comma + 1, limit)] if told_so else []

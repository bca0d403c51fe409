"""Reports in another language than English: a verb of saying with who says it, or a source that is named.

As in English there is no parser: the verb is looked up, and its subject is the noun phrase beside it, whose
borders are told by small words, commas and capitals. Slavic and Romance subjects stand before the verb or, after
what was said, behind it; a German one stands on either side of a verb that is the second part of its clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from warreader.index.quotations.clauses import Report, Style
from warreader.index.quotations.phrases import PARENTHESIS_REACH, Range
from warreader.index.quotations.tokens import Token
from warreader.index.quotations.tongue_phrases import DASHES, PHRASE_REACH, Phrases
from warreader.index.tongue import Tongue

AUXILIARY_REACH = 5
"""Tokens between an auxiliary and its participle; of a German clause, all."""

PARTICLE_REACH = 30
"""Tokens between a German verb and its particle."""

_BEFORE_INVERSION = DASHES | frozenset(",?!…»")
_INSIDE = frozenset(["в", "во", "у", "in", "aus", "von", "bei", "im", "na", "w"])
"""Prepositions before a body that speaks: сообщили в полиции, heißt es in der Erklärung."""


def reports_of(tokens: Sequence[Token], first: int, last: int, tongue: Tongue) -> list[Report]:
    """The reports of one sentence, in order.

    Args:
        tokens: of the line.
        first: index of the sentence's first token.
        last: index after its last.
        tongue: of the article's language.
    """
    return list(_Reader(tokens, first, last, tongue).reports())


class _Reader:
    """One sentence."""

    def __init__(self, tokens: Sequence[Token], first: int, last: int, tongue: Tongue) -> None:
        self.tokens, self.first, self.last, self.tongue = tokens, first, last, tongue
        self.phrases = Phrases(tokens, first, last, tongue)

    def reports(self) -> Iterator[Report]:
        previous: Report | None = None
        at = self.first
        while at < self.last:
            report = self._source(at)
            if report is None and self.tokens[at].word and self.phrases.low(at) in self.tongue.reporting:
                report = self._verb(at)
            if report is not None:
                if report.subject is None and previous is None:
                    that = report.cue[1] + (self.phrases.low(report.cue[1]) == ",")
                    if self.phrases.low(that) not in self.tongue.that:
                        at += 1
                        continue
                elif report.subject is None and previous is not None:
                    report = report._replace(subject=previous.subject, parenthesis=previous.parenthesis)
                elif report.style is not Style.ACCORDING:
                    previous = report
                yield report
                at = max(at, report.cue[1] - 1)
            at += 1

    # Sources: по словам, laut, selon.

    def _source(self, at: int) -> Report | None:
        low = self.phrases.low(at)
        if low in self.tongue.after_source:
            who = self.phrases.back(at - 1, subject=False)
            return Report("according", (at, at + 1), who, None, Style.ACCORDING) if who else None
        if (own := self._own(at)) is not None:
            return own
        for phrase in self.tongue.possessive_sources:
            if self._matches(at, phrase):
                whose = at + phrase.index("*")
                return Report("according", (at, at + len(phrase)), (whose, whose + 1), None, Style.ACCORDING)
        for phrase in self.tongue.sources:
            if phrase[0] == low and self._matches(at, phrase):
                who = self._source_phrase(at + len(phrase))
                if who is not None:
                    return Report("according", (at, at + len(phrase)), who, None, Style.ACCORDING)
        return None

    def _own(self, at: int) -> Report | None:
        """A German source that is the sentence's own subject: Die Armee hat nach eigenen Angaben ..."""
        if self.phrases.low(at) != "nach" or self.phrases.low(at + 1) != "eigenen" or not self.tongue.second:
            return None
        start = self._clause(at)
        who = self.phrases.trimmed(start, self.phrases.noun_phrase(start, at))
        return Report("according", (at, at + 3), who, None, Style.ACCORDING) if who is not None else None

    def _matches(self, at: int, phrase: tuple[str, ...]) -> bool:
        return all(
            self.phrases.low(at + by) in self.tongue.possessives
            if word == "*"
            else self.phrases.low(at + by) == word
            for by, word in enumerate(phrase)
        )

    def _source_phrase(self, at: int) -> Range | None:
        """The noun phrase after a source's preposition: up to a pause, or where nouns are capitalised to a verb."""
        if self.phrases.low(at) in self.tongue.pronouns:
            return (at, at + 1)
        if at < self.last and self.tokens[at].quoted and self.phrases.short(at):
            return (at, at + 1)
        if self.phrases.low(at) in ("se", "s'", "on") or self.phrases.low(at) in self.tongue.auxiliaries:
            return None  # según se conoció
        end = at
        while end < self.last and end - at < PHRASE_REACH:
            token = self.tokens[end]
            if token.quoted:
                end += 1
                continue
            if not token.word or (
                token.low in self.phrases.never and end > at and not self.phrases.joins(end)
            ):
                break
            if token.low in self.tongue.reporting and end > at:
                break
            end += 1
        paused = end >= self.last or not self.tokens[end].word
        if self.tongue.second or (self.tongue.code == "pl" and (not paused or end - at > 4)):
            end = self.phrases.noun_phrase(at, end)
        low = self.phrases.low(at)
        lawful = (
            any(self.phrases.low(k).startswith(self.tongue.laws) for k in (at, at + 1))
            if self.tongue.laws
            else False
        )
        if low in self.tongue.that or lawful or low.isdigit():
            return None
        while at < end and self.phrases.low(at) in self.tongue.linking:
            at += 1
        return self.phrases.trimmed(at, end)

    # Verbs.

    def _verb(self, at: int) -> Report | None:
        tongue, low = self.tongue, self.phrases.low(at)
        if low in tongue.so and low not in tongue.verbs:
            return self._so(at)
        finite, cue = at, (at, at + 1)
        if self.phrases.low(at - 1) in tongue.determiners and not tongue.second:
            return None  # la demande
        if tongue.second and self.phrases.low(at + 1) == "sie" and self.tokens[at + 1].capital:
            return None  # erklären Sie sich: who reads is spoken to
        auxiliary = self._auxiliary(at) if low in tongue.participles else None
        if auxiliary is not None:
            finite = auxiliary
            if auxiliary < at and not tongue.second:
                cue = (auxiliary, at + 1)
        elif low not in tongue.reporting - tongue.participles | tongue.verbs:
            return None
        if auxiliary is not None and any(
            self.phrases.low(k) in ("été", "sido") for k in range(auxiliary, at)
        ):
            return None  # il a été dit
        if low in tongue.particles and not self._particle(at, tongue.particles[low].split("|")):
            return None
        lows = [self.phrases.low(k) for k in range(max(self.first, finite - 2), at)]
        after = [self.phrases.low(k) for k in range(at + 1, at + 4)] if tongue.second else []
        negated = any(one in tongue.negations for one in (*lows, *after)) and low not in ("teilte", "teilten")
        naming = low in tongue.naming and low not in tongue.verbs - tongue.naming
        report = Report(
            "call" if naming else "urge" if low in tongue.asking else "say",
            cue, None, None, Style.COORDINATE, negated, not naming,
        )  # fmt: skip
        return self._with_subject(report, finite)

    def _so(self, at: int) -> Report | None:
        before = self.tokens[at - 1] if at > self.first else None
        if before is None or not (before.quoted or before.low == ","):
            return None
        who = self.phrases.after(at + 1)
        return Report("say", (at, at + 1), who, None, Style.INVERTED) if who is not None else None

    def _auxiliary(self, at: int) -> int | None:
        reach = PHRASE_REACH if self.tongue.second else AUXILIARY_REACH
        for k in range(at - 1, max(self.first, at - reach) - 1, -1):
            if self.phrases.low(k) in self.tongue.auxiliaries:
                return k
            if not self.phrases.word(k) and self.phrases.low(k) not in DASHES:
                break
        return at + 1 if self.tongue.second and self.phrases.low(at + 1) in self.tongue.auxiliaries else None

    def _particle(self, at: int, particles: Sequence[str]) -> bool:
        """Whether a verb's particle is still to come: teilte die Polizei am Montag mit."""
        return any(
            self.phrases.low(k) in particles for k in range(at + 1, min(self.last, at + PARTICLE_REACH))
        )

    def _with_subject(self, report: Report, finite: int) -> Report:
        tongue, at = self.tongue, report.cue[1]
        pronoun = self._hyphened(finite, at)
        if pronoun is not None and self.phrases.low(finite) in ("est", "était"):
            return report  # est-il précisé: nobody
        if pronoun is not None:
            return report._replace(subject=(pronoun, pronoun + 1), style=Style.INVERTED)
        within = self._impersonal(at)
        if within is not None:
            return report._replace(subject=within, style=Style.INVERTED)
        start = self._clause(finite)
        set_off = finite > self.first and (
            self.tokens[finite - 1].quoted or self.phrases.low(finite - 1) in _BEFORE_INVERSION
        )
        plain_first = report.verb == "urge" and self.phrases.low(finite - 1) == ","
        alone = any(self.tokens[k].quoted for k in range(max(self.first, finite - 3), finite))
        if set_off and not plain_first and (who := self.phrases.after(at, alone=alone)) is not None:
            return self._aside(report._replace(subject=who, style=Style.INVERTED))
        if tongue.second:
            return self._second(report, start, finite)
        if self._this(start):
            who = self.phrases.after(at)
            return self._aside(report._replace(subject=who, style=Style.INVERTED)) if who else report
        return self._before_or_after(report, start, finite)

    def _before_or_after(self, report: Report, start: int, finite: int) -> Report:
        who, parenthesis = self.phrases.before(finite)
        if who is not None:
            return report._replace(subject=who, parenthesis=parenthesis, style=Style.PLAIN)
        joined = start == finite and start > self.first and self.phrases.word(start - 1)
        lead = not joined and all(self._adverbial(k) for k in range(start, finite))
        if lead and (after := self.phrases.after(report.cue[1])) is not None:
            return self._aside(report._replace(subject=after, style=Style.INVERTED))
        return report

    def _adverbial(self, at: int) -> bool:
        """Whether a word may stand before a verb whose subject comes after it: в среду заявил Иванов."""
        low = self.phrases.low(at)
        return (
            low in self.phrases.idle
            or low in self.tongue.prepositions
            or low in self.tongue.like
            or low in self.tongue.pronouns
            or low.isdigit()
        ) and low not in self.tongue.that

    def _second(self, report: Report, start: int, finite: int) -> Report:
        """A German subject: before its verb, behind it where something else stands first, or at its clause's head."""
        tongue, head = self.tongue, self.phrases.low(start)
        opener = self.phrases.low(start - 1)
        if finite == start:
            if start > self.first and self.phrases.word(start - 1):
                return report  # ... und sagte
            who, parenthesis = self.phrases.before(finite)
            if who is not None:
                return report._replace(subject=who, parenthesis=parenthesis, style=Style.PLAIN)
            return report
        if opener in tongue.conjunctions - {"und", "aber", "doch", "denn", "oder", "sondern"}:
            who = self.phrases.forward(start, finite)
            return report._replace(subject=who, style=Style.PLAIN) if who else report
        if (
            opener == ","
            and head in tongue.relatives
            and (finite - start == 1 or not self.tokens[start + 1].capital)
        ):
            who = self.phrases.back(start - 2)
            return report._replace(subject=who, style=Style.PLAIN) if who else report
        led = (
            head in tongue.prepositions or head in tongue.adverbs or head in tongue.days or self._this(start)
        )
        if led:
            who = self.phrases.after(report.cue[1] if report.cue[0] == finite else finite + 1)
            return self._aside(report._replace(subject=who, style=Style.PLAIN)) if who else report
        who = self.phrases.forward(start, finite)
        return report._replace(subject=who, style=Style.PLAIN) if who else report

    def _this(self, start: int) -> bool:
        return any(self._matches(start, phrase) for phrase in self.tongue.this)

    def _clause(self, finite: int) -> int:
        """Where the clause of a verb begins."""
        at = finite
        while at > self.first and finite - at < PHRASE_REACH + PARENTHESIS_REACH:
            token = self.tokens[at - 1]
            if token.quoted or not token.word or token.low in self.tongue.conjunctions - self.tongue.like:
                break
            at -= 1
        return at

    def _hyphened(self, finite: int, after: int) -> int | None:
        """The pronoun of "a-t-il déclaré", "dit-il"."""
        for at in (finite + 1, after):
            if self.phrases.low(at) != "-":
                continue
            at += 2 if self.phrases.low(at + 1) == "t" and self.phrases.low(at + 2) == "-" else 0
            if self.phrases.low(at + 1) in self.tongue.pronouns:
                return at + 1
        return None

    def _impersonal(self, at: int) -> Range | None:
        """The body after a verb without a subject: сообщили в полиции, heißt es in der Erklärung."""
        verb = self.phrases.low(at - 1)
        if not verb.endswith(self.tongue.impersonal or (" ",)):
            return None
        at += self.phrases.low(at) in ("es", "сегодня", "сьогодні")
        if self.phrases.low(at) not in _INSIDE or self.phrases.low(at + 1) in self.tongue.days:
            # В заявлении партии отмечается
            start = self._clause(at - 1)
            if not verb.endswith("ся") or self.phrases.low(start) not in (*_INSIDE, "на"):
                return None
            stops = self.tongue.prepositions | self.phrases.idle
            end = next((k for k in range(start + 2, at - 1) if self.phrases.low(k) in stops), at - 1)
            return (start + 1, end) if end > start + 1 else None
        end = at + 1
        while (
            end < self.last
            and end - at < PHRASE_REACH
            and (self.phrases.word(end) or self.tokens[end].quoted)
        ):
            low = self.phrases.low(end)
            if end > at + 1 and (
                low in self.phrases.never or low in self.tongue.prepositions or low in self.phrases.idle
            ):
                break
            end += 1
        return (at + 1, end) if end > at + 1 else None

    def _aside(self, report: Report) -> Report:
        """With the name that follows a role and a comma: said the minister, Ann Lee, on Monday."""
        who = report.subject
        if who is None or self.phrases.low(who[1]) != "," or who[1] < report.cue[0]:
            return report
        if any(self.tokens[k].capital and self.tokens[k - 1].capital for k in range(who[0] + 1, who[1])):
            return report
        end = who[1] + 1
        while self.phrases.word(end) and self.tokens[end].capital:
            end += 1
        named = end - who[1] > 2 and not self.phrases.word(end)
        return report._replace(parenthesis=(who[1] + 1, end)) if named else report

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
from warreader.index.quotations.tongue import Tongue

PHRASE_REACH = 18
"""Tokens of a noun phrase."""

PLAIN_REACH = 6
"""Tokens of one that nothing shows to name somebody: neither a capital, a pronoun nor a role."""

AUXILIARY_REACH = 5
"""Tokens between an auxiliary and its participle; of a German clause, all."""

ALONE_REACH = 3
"""Tokens of a noun phrase after marks that nothing but its place shows to be who speaks."""

LONGEST_NAME = 40
"""Code points of a name in marks."""

PARTICLE_REACH = 30
"""Tokens between a German verb and its particle."""

_DASHES = frozenset("—–-―")
_BEFORE_INVERSION = _DASHES | frozenset(",?!…»")
_FINITE = frozenset(
    ["ist", "sind", "war", "waren", "hat", "hatte", "wird", "wurde", "kann", "soll", "will", "muss"]
)
"""German verbs that no noun phrase runs over."""
_GENITIVE = frozenset(["des", "der", "eines", "einer", "dessen", "deren", "von", "vom", "de", "du", "del"])
"""Words that go on with a noun phrase."""
_HEARERS = ("agentur", "zeitung", "presse", "welle")
"""Ends of German nouns for those who were spoken to: sagte der Nachrichtenagentur."""
_LATER = frozenset(["später", "zuvor", "danach", "vorher", "früher", "darauf"])
_SPANS = frozenset(["semaine", "mois", "année", "an", "veille", "semana", "mes", "año", "soirée"])
_ADJECTIVES = ("ий", "ый", "ой", "ая", "яя", "ій", "ое", "а", "шій")
_AND = frozenset(["и", "й", "і", "та", "und", "et", "y", "e", "i", "oraz"])
_CHANNELS = frozenset(
    [
        "facebook",
        "telegram",
        "twitter",
        "instagram",
        "youtube",
        "x",
        "фейсбуке",
        "телеграме",
        "твиттере",
        "соцсетях",
        "фейсбуці",
        "телеграмі",
        "твіттері",
        "соцмережах",
        "telegram-канале",
        "telegram-каналі",
        "телеграм-каналі",
        "телеграм-канале",
    ]
)
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
        self._never = tongue.conjunctions | tongue.that | tongue.relatives
        self._idle = tongue.adverbs | tongue.days | tongue.negations | tongue.auxiliaries

    def low(self, at: int) -> str:
        """A token in lower case; nothing beyond the sentence."""
        return self.tokens[at].low if self.first <= at < self.last else ""

    def _word(self, at: int) -> bool:
        return self.first <= at < self.last and self.tokens[at].word

    def reports(self) -> Iterator[Report]:
        previous: Report | None = None
        at = self.first
        while at < self.last:
            report = self._source(at)
            if report is None and self.tokens[at].word and self.low(at) in self.tongue.reporting:
                report = self._verb(at)
            if report is not None:
                if report.subject is None and previous is None:
                    that = report.cue[1] + (self.low(report.cue[1]) == ",")
                    if self.low(that) not in self.tongue.that:
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
        low = self.low(at)
        if low in self.tongue.after_source:
            who = self._chunk_back(at - 1, subject=False)
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
        if self.low(at) != "nach" or self.low(at + 1) != "eigenen" or not self.tongue.second:
            return None
        start = self._clause(at)
        who = self._trimmed(start, self._noun_phrase(start, at))
        return Report("according", (at, at + 3), who, None, Style.ACCORDING) if who is not None else None

    def _matches(self, at: int, phrase: tuple[str, ...]) -> bool:
        return all(
            self.low(at + by) in self.tongue.possessives if word == "*" else self.low(at + by) == word
            for by, word in enumerate(phrase)
        )

    def _source_phrase(self, at: int) -> Range | None:
        """The noun phrase after a source's preposition: up to a pause, or where nouns are capitalised to a verb."""
        if self.low(at) in self.tongue.pronouns:
            return (at, at + 1)
        if at < self.last and self.tokens[at].quoted and self._short(at):
            return (at, at + 1)
        if self.low(at) in ("se", "s'", "on") or self.low(at) in self.tongue.auxiliaries:
            return None  # según se conoció
        end = at
        while end < self.last and end - at < PHRASE_REACH:
            token = self.tokens[end]
            if token.quoted:
                end += 1
                continue
            if not token.word or (token.low in self._never and end > at and not self._joins(end)):
                break
            if token.low in self.tongue.reporting and end > at:
                break
            end += 1
        paused = end >= self.last or not self.tokens[end].word
        if self.tongue.second or (self.tongue.code == "pl" and (not paused or end - at > 4)):
            end = self._noun_phrase(at, end)
        low = self.low(at)
        lawful = (
            any(self.low(k).startswith(self.tongue.laws) for k in (at, at + 1)) if self.tongue.laws else False
        )
        if low in self.tongue.that or lawful or low.isdigit():
            return None
        while at < end and self.low(at) in self.tongue.linking:
            at += 1
        return self._trimmed(at, end)

    def _joins(self, at: int) -> bool:
        """Whether an "and" joins two nouns of one phrase."""
        return self.low(at) in _AND and self._word(at + 1) and self.low(at + 1) not in self._idle

    def _noun_phrase(self, at: int, last: int) -> int:
        """The end of a phrase of determiners, adjectives and capitalised nouns."""
        end = at
        seen = False
        while end < last:
            token = self.tokens[end]
            if token.quoted and not self._short(end):
                break
            if token.quoted or token.capital:
                seen = True
            elif token.low in self.tongue.linking or token.low in self.tongue.determiners:
                if seen and not (token.low in _GENITIVE and self._leads_to_noun(end, last)):
                    break
            elif seen or token.low in self.tongue.prepositions:
                break
            end += 1
        return end

    def _leads_to_noun(self, at: int, last: int) -> bool:
        """Whether a determiner soon has its noun: der ukrainischen Armee."""
        return any(self.tokens[k].capital or self.tokens[k].quoted for k in range(at + 1, min(last, at + 4)))

    # Verbs.

    def _verb(self, at: int) -> Report | None:
        tongue, low = self.tongue, self.low(at)
        if low in tongue.so and low not in tongue.verbs:
            return self._so(at)
        finite, cue = at, (at, at + 1)
        if self.low(at - 1) in tongue.determiners and not tongue.second:
            return None  # la demande
        if tongue.second and self.low(at + 1) == "sie" and self.tokens[at + 1].capital:
            return None  # erklären Sie sich: who reads is spoken to
        auxiliary = self._auxiliary(at) if low in tongue.participles else None
        if auxiliary is not None:
            finite = auxiliary
            if auxiliary < at and not tongue.second:
                cue = (auxiliary, at + 1)
        elif low not in tongue.reporting - tongue.participles | tongue.verbs:
            return None
        if auxiliary is not None and any(self.low(k) in ("été", "sido") for k in range(auxiliary, at)):
            return None  # il a été dit
        if low in tongue.particles and not self._particle(at, tongue.particles[low].split("|")):
            return None
        lows = [self.low(k) for k in range(max(self.first, finite - 2), at)]
        after = [self.low(k) for k in range(at + 1, at + 4)] if tongue.second else []
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
        who = self._after(at + 1)
        return Report("say", (at, at + 1), who, None, Style.INVERTED) if who is not None else None

    def _auxiliary(self, at: int) -> int | None:
        reach = PHRASE_REACH if self.tongue.second else AUXILIARY_REACH
        for k in range(at - 1, max(self.first, at - reach) - 1, -1):
            if self.low(k) in self.tongue.auxiliaries:
                return k
            if not self._word(k) and self.low(k) not in _DASHES:
                break
        return at + 1 if self.tongue.second and self.low(at + 1) in self.tongue.auxiliaries else None

    def _particle(self, at: int, particles: Sequence[str]) -> bool:
        """Whether a verb's particle is still to come: teilte die Polizei am Montag mit."""
        return any(self.low(k) in particles for k in range(at + 1, min(self.last, at + PARTICLE_REACH)))

    def _with_subject(self, report: Report, finite: int) -> Report:
        tongue, at = self.tongue, report.cue[1]
        pronoun = self._hyphened(finite, at)
        if pronoun is not None and self.low(finite) in ("est", "était"):
            return report  # est-il précisé: nobody
        if pronoun is not None:
            return report._replace(subject=(pronoun, pronoun + 1), style=Style.INVERTED)
        within = self._impersonal(at)
        if within is not None:
            return report._replace(subject=within, style=Style.INVERTED)
        start = self._clause(finite)
        set_off = finite > self.first and (
            self.tokens[finite - 1].quoted or self.low(finite - 1) in _BEFORE_INVERSION
        )
        plain_first = report.verb == "urge" and self.low(finite - 1) == ","
        alone = any(self.tokens[k].quoted for k in range(max(self.first, finite - 3), finite))
        if set_off and not plain_first and (who := self._after(at, alone=alone)) is not None:
            return self._aside(report._replace(subject=who, style=Style.INVERTED))
        if tongue.second:
            return self._second(report, start, finite)
        if self._this(start):
            who = self._after(at)
            return self._aside(report._replace(subject=who, style=Style.INVERTED)) if who else report
        return self._before_or_after(report, start, finite)

    def _before_or_after(self, report: Report, start: int, finite: int) -> Report:
        who, parenthesis = self._before(finite)
        if who is not None:
            return report._replace(subject=who, parenthesis=parenthesis, style=Style.PLAIN)
        joined = start == finite and start > self.first and self._word(start - 1)
        lead = not joined and all(self._adverbial(k) for k in range(start, finite))
        if lead and (after := self._after(report.cue[1])) is not None:
            return self._aside(report._replace(subject=after, style=Style.INVERTED))
        return report

    def _adverbial(self, at: int) -> bool:
        """Whether a word may stand before a verb whose subject comes after it: в среду заявил Иванов."""
        low = self.low(at)
        return (
            low in self._idle
            or low in self.tongue.prepositions
            or low in self.tongue.like
            or low in self.tongue.pronouns
            or low.isdigit()
        ) and low not in self.tongue.that

    def _second(self, report: Report, start: int, finite: int) -> Report:
        """A German subject: before its verb, behind it where something else stands first, or at its clause's head."""
        tongue, head = self.tongue, self.low(start)
        opener = self.low(start - 1)
        if finite == start:
            if start > self.first and self._word(start - 1):
                return report  # ... und sagte
            who, parenthesis = self._before(finite)
            if who is not None:
                return report._replace(subject=who, parenthesis=parenthesis, style=Style.PLAIN)
            return report
        if opener in tongue.conjunctions - {"und", "aber", "doch", "denn", "oder", "sondern"}:
            who = self._forward(start, finite)
            return report._replace(subject=who, style=Style.PLAIN) if who else report
        if (
            opener == ","
            and head in tongue.relatives
            and (finite - start == 1 or not self.tokens[start + 1].capital)
        ):
            who = self._chunk_back(start - 2)
            return report._replace(subject=who, style=Style.PLAIN) if who else report
        led = (
            head in tongue.prepositions or head in tongue.adverbs or head in tongue.days or self._this(start)
        )
        if led:
            who = self._after(report.cue[1] if report.cue[0] == finite else finite + 1)
            return self._aside(report._replace(subject=who, style=Style.PLAIN)) if who else report
        who = self._forward(start, finite)
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
            if self.low(at) != "-":
                continue
            at += 2 if self.low(at + 1) == "t" and self.low(at + 2) == "-" else 0
            if self.low(at + 1) in self.tongue.pronouns:
                return at + 1
        return None

    def _impersonal(self, at: int) -> Range | None:
        """The body after a verb without a subject: сообщили в полиции, heißt es in der Erklärung."""
        verb = self.low(at - 1)
        if not verb.endswith(self.tongue.impersonal or (" ",)):
            return None
        at += self.low(at) in ("es", "сегодня", "сьогодні")
        if self.low(at) not in _INSIDE or self.low(at + 1) in self.tongue.days:
            # В заявлении партии отмечается
            start = self._clause(at - 1)
            if not verb.endswith("ся") or self.low(start) not in (*_INSIDE, "на"):
                return None
            stops = self.tongue.prepositions | self._idle
            end = next((k for k in range(start + 2, at - 1) if self.low(k) in stops), at - 1)
            return (start + 1, end) if end > start + 1 else None
        end = at + 1
        while end < self.last and end - at < PHRASE_REACH and (self._word(end) or self.tokens[end].quoted):
            low = self.low(end)
            if end > at + 1 and (low in self._never or low in self.tongue.prepositions or low in self._idle):
                break
            end += 1
        return (at + 1, end) if end > at + 1 else None

    def _aside(self, report: Report) -> Report:
        """With the name that follows a role and a comma: said the minister, Ann Lee, on Monday."""
        who = report.subject
        if who is None or self.low(who[1]) != "," or who[1] < report.cue[0]:
            return report
        if any(self.tokens[k].capital and self.tokens[k - 1].capital for k in range(who[0] + 1, who[1])):
            return report
        end = who[1] + 1
        while self._word(end) and self.tokens[end].capital:
            end += 1
        named = end - who[1] > 2 and not self._word(end)
        return report._replace(parenthesis=(who[1] + 1, end)) if named else report

    # Noun phrases.

    def _after(self, at: int, *, alone: bool = False) -> Range | None:
        """The subject after its verb; ``alone`` where a noun by itself, up to a pause, is one: признался хоккеист."""
        tongue = self.tongue
        while self._word(at) and (self.low(at) in self._idle or (skip := self._when(at))):
            at += 1 if self.low(at) in self._idle else skip
        if not self._word(at):
            short = at < self.last and self.tokens[at].quoted and self._short(at)
            return (at, at + 1) if short and alone else None
        if self.low(at) == "es" and tongue.second and self._word(at + 1) and self.tokens[at + 1].capital:
            at += 1
        low = self.low(at)
        if low in tongue.pronouns:
            # Klicken Sie: who reads is spoken to.
            formal = tongue.second and low == "sie" and self.tokens[at].capital
            return None if formal else (at, at + 1)
        if low in self._never - tongue.determiners or low in tongue.prepositions:
            return None
        opened = low in tongue.determiners
        end = at
        while end < self.last and end - at < PHRASE_REACH:
            token = self.tokens[end]
            if token.quoted:
                if end == at or not (self._word(end + 1) and self.tokens[end + 1].capital):
                    end += end > at and self._short(end)
                    break
            elif not token.word or (end > at and self._ends_phrase(end, at, opened)):
                break
            end += 1
        named = self._named(at, end)
        paused = end >= self.last or not self.tokens[end].word
        if named is None and alone and paused and 0 < end - at <= ALONE_REACH and tongue.cased:
            return (at, end)
        return named

    def _short(self, at: int) -> bool:
        return self.tokens[at].end - self.tokens[at].start < LONGEST_NAME

    def _when(self, at: int) -> int:
        """How many words tell when or where, between a verb and its subject: заявил в среду глава, 8 февраля."""
        if self.low(at) in self.tongue.determiners and self.low(at + 1) in _SPANS:
            return 2 + self.low(at + 2).startswith(("derni", "passé", "pasad"))
        if self.low(at) in self.tongue.prepositions:
            return 2 * (self.low(at + 1) in self.tongue.days or self.low(at + 1) in _CHANNELS)
        return 2 * (self.low(at).isdigit() and self.low(at + 1) in self.tongue.days)

    def _ends_phrase(self, at: int, first: int, opened: bool) -> bool:
        token, tongue = self.tokens[at], self.tongue
        low = token.low
        if low in tongue.linking:
            return False
        if low in tongue.determiners:
            # sagte Klitschko | der Zeitung; sagte der Sprecher der Polizei.
            full = at - first > 2 and self.tokens[at - 1].capital and self.tokens[at - 2].capital
            return tongue.second and (not opened or full)
        if low in self._never:
            joins = self._joins(at)
            return not (joins and self.tokens[at + 1].capital and self.tokens[at - 1].capital)
        if low in tongue.prepositions:
            # один из жителей
            one = at == first + 1 and self.low(first) in ("один", "одна", "одне", "jeden", "jedna")
            return not one and not self._names_beyond(at)
        if tongue.second and not token.capital and low not in tongue.adverbs:
            # Adjectives of a genitive go on; other small words end the phrase.
            return any(self.tokens[k].capital for k in range(first, at)) and not (
                low.endswith(("en", "er", "e")) and self.low(at - 1) in tongue.determiners
            )
        return low in self._idle or low in tongue.pronouns or low in tongue.reporting

    def _names_beyond(self, at: int) -> bool:
        """Whether a full name comes after a preposition within a phrase: глава МВД по Москве Иван Ли."""
        if not self.tongue.cased or self.tongue.determiners & {"le", "el"}:
            return False
        for k in range(at + 2, min(self.last - 1, at + 8)):
            if not self._word(k) or self.low(k) in self.tongue.prepositions:
                return False
            one, other = self.tokens[k], self.tokens[k + 1]
            if one.capital and other.capital and other.word and not one.low.isascii():
                return not self.tokens[k - 1].capital or k - 1 > at + 1
        return False

    def _named(self, at: int, end: int) -> Range | None:
        """The phrase, if anything shows that it names who speaks; up to its last capital."""
        tongue = self.tongue
        if end <= at:
            return None
        capitals = [
            k
            for k in range(at, end)
            if self.tokens[k].capital or self.tokens[k].quoted or self.low(k)[:3] in ("al-", "el-")
        ]
        low = self.low(at)
        if tongue.second and (low == "dem" or (low == "der" and self.low(at + 1).endswith(_HEARERS))):
            return None
        at = self._past_hearer(at, end)
        capitals = [k for k in capitals if k >= at]
        if capitals and not (tongue.cased and low in tongue.determiners):
            # глава Белого | дома
            whole = self.low(capitals[-1]).endswith(("ого", "ої", "их", "ых")) and capitals[-1] + 1 < end
            return (at, capitals[-1] + 1 + whole)
        if low in tongue.determiners and end - at > 1:
            return self._trimmed(at, min(end, at + 2 * PLAIN_REACH))
        if any(self.low(k) in tongue.roles for k in range(at, end)) or low in (
            "один",
            "одна",
            "jeden",
            "jedna",
        ):
            return (at, min(end, at + PLAIN_REACH))
        return None

    def _past_hearer(self, at: int, end: int) -> int:
        """Where the speaker begins after who was told: сообщила БЕЛТА | научный сотрудник, рассказал газете | глава."""
        if not self.tongue.cased or self.tongue.determiners & {"le", "el"}:
            return at
        role = next((k for k in range(at, min(end, at + 4)) if self.low(k) in self.tongue.roles), at)
        if role == at or self.low(at).endswith(_ADJECTIVES):
            return at
        return role - 1 if role - 1 > at and self.low(role - 1).endswith(_ADJECTIVES[:5]) else role

    def _before(self, finite: int) -> tuple[Range | None, Range | None]:
        """The subject before its verb, and a naming parenthesis after it."""
        at = finite - 1
        while at >= self.first and self._word(at) and self.low(at) in self._idle - self.tongue.days:
            at -= 1
        if at < self.first:
            return None, None
        token = self.tokens[at]
        if token.low in self.tongue.relatives and self.low(at - 1) == ",":
            return self._chunk_back(at - 2), None
        if not token.word and not token.quoted:
            if token.low not in (",", ")", *_DASHES):
                return None, None
            opening = self._opening(at)
            if opening is None:
                return None, None
            inner = self.tokens[opening + 1]
            small = inner.low in self.tongue.determiners or inner.low in self.tongue.roles
            naming = inner.word and (inner.capital or small) and token.low != ")"
            return self._chunk_back(opening - 1), (opening + 1, at) if naming else None
        return self._chunk_back(at), None

    def _opening(self, at: int) -> int | None:
        """Where an aside that ends at ``at`` begins."""
        mark = "(" if self.low(at) == ")" else self.low(at)
        for k in range(at - 1, max(self.first, at - PARENTHESIS_REACH), -1):
            if self.tokens[k].quoted or self.low(k) in self.tongue.that:
                return None
            if self.low(k) == mark:
                return k if at - k > 1 and k > self.first else None
        return None

    def _chunk_back(self, at: int, *, subject: bool = True) -> Range | None:
        """The noun phrase that ends at ``at``, before a pronoun where it isn't a ``subject``."""
        tongue = self.tongue
        if at < self.first:
            return None
        if self.low(at) in tongue.pronouns:
            return (at, at + 1)
        start = at + 1
        while start > self.first and at + 1 - start < PHRASE_REACH:
            token = self.tokens[start - 1]
            small = token.low in self._never - tongue.determiners - tongue.linking
            # la Société du gaz et des eaux
            small = small and not (token.low in _AND and self.low(start) in tongue.linking)
            if not (token.word or token.quoted) or small or token.low in tongue.reporting:
                break
            if (token.low,) in tongue.sources:
                break
            if tongue.second and (token.low in tongue.auxiliaries or token.low in _FINITE):
                break
            if token.low in tongue.pronouns and start <= at:
                if subject:
                    return (start - 1, start)
                break
            start -= 1
        return self._subject_of(start, at + 1)

    def _subject_of(self, start: int, end: int) -> Range | None:
        """The subject among words before a verb, some of which tell when and where."""
        tongue = self.tongue
        while start < end and (self.low(start) in self._idle or self.low(start).isdigit()):
            start += 1
        if start >= end:
            return None
        prepositions = [k for k in range(start, end) if self.low(k) in tongue.prepositions]
        if not prepositions:
            return self._trimmed(start, end)
        if prepositions[0] > start:
            named = end - start > 1 and self.tokens[end - 1].capital and self.tokens[end - 2].capital
            return self._trimmed(start, end if named and tongue.cased else prepositions[0])
        last = prepositions[-1]
        for k in range(last + 2, end):
            here, before = self.tokens[k], self.tokens[k - 1]
            if (
                here.low in tongue.roles
                or (here.capital and not before.capital)
                or here.low in tongue.determiners
            ):
                return self._trimmed(k, end)
        return None

    def _forward(self, start: int, end: int) -> Range | None:
        """A German subject at the head of its clause, up to what tells when and where."""
        if self.low(start) in self.tongue.pronouns:
            return (start, start + 1)
        at = start
        while (
            at < end
            and self.low(at) not in self.tongue.prepositions
            and self.low(at) not in self.tongue.adverbs
        ):
            at += 1
        return self._trimmed(start, at)

    def _trimmed(self, start: int, end: int) -> Range | None:
        small = self._idle | self.tongue.like | self.tongue.conjunctions
        while start < end and (
            self.low(start) in small or not (self._word(start) or self.tokens[start].quoted)
        ):
            start += 1
        while end > start and (
            self.low(end - 1) in self._idle
            or self.low(end - 1) in self.tongue.prepositions
            or self.low(end - 1) in self.tongue.linking
            or self.low(end - 1) in self.tongue.determiners
            or self.low(end - 1).isdigit()
            or not (self._word(end - 1) or self.tokens[end - 1].quoted)
        ):
            end -= 1
        if end <= start or not any(self._word(k) or self.tokens[k].quoted for k in range(start, end)):
            return None
        return (start, end)

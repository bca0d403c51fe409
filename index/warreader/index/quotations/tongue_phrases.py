"""Noun phrases in other languages than English, by the words at their borders: the subject before a verb or after it,
and what a source is.
"""

from __future__ import annotations

from collections.abc import Sequence

from warreader.index.quotations.phrases import PARENTHESIS_REACH, Range
from warreader.index.quotations.tokens import Token
from warreader.index.tongue import Tongue

PHRASE_REACH = 18
"""Tokens of a noun phrase."""

PLAIN_REACH = 6
"""Tokens of one that nothing shows to name somebody: neither a capital, a pronoun nor a role."""

ALONE_REACH = 3
"""Tokens of a noun phrase after marks that nothing but its place shows to be who speaks."""

LONGEST_NAME = 40
"""Code points of a name in marks."""

DASHES = frozenset("—–-―")
_FINITE = frozenset(
    ["ist", "sind", "war", "waren", "hat", "hatte", "wird", "wurde", "kann", "soll", "will", "muss"]
)
"""German verbs that no noun phrase runs over."""
_GENITIVE = frozenset(["des", "der", "eines", "einer", "dessen", "deren", "von", "vom", "de", "du", "del"])
"""Words that go on with a noun phrase."""
_HEARERS = ("agentur", "zeitung", "presse", "welle")
"""Ends of German nouns for those who were spoken to: sagte der Nachrichtenagentur."""
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


class Phrases:
    """The noun phrases of one sentence.

    Args:
        tokens: of its line.
        first: index of the sentence's first token.
        last: index after its last.
        tongue: of the article's language.
    """

    def __init__(self, tokens: Sequence[Token], first: int, last: int, tongue: Tongue) -> None:
        self.tokens, self.first, self.last, self.tongue = tokens, first, last, tongue
        self.never = tongue.conjunctions | tongue.that | tongue.relatives
        self.idle = tongue.adverbs | tongue.days | tongue.negations | tongue.auxiliaries

    def low(self, at: int) -> str:
        """A token in lower case; nothing beyond the sentence."""
        return self.tokens[at].low if self.first <= at < self.last else ""

    def word(self, at: int) -> bool:
        """Whether a token of the sentence is a word."""
        return self.first <= at < self.last and self.tokens[at].word

    def joins(self, at: int) -> bool:
        """Whether an "and" joins two nouns of one phrase."""
        return self.low(at) in _AND and self.word(at + 1) and self.low(at + 1) not in self.idle

    def noun_phrase(self, at: int, last: int) -> int:
        """The end of a phrase of determiners, adjectives and capitalised nouns."""
        end = at
        seen = False
        while end < last:
            token = self.tokens[end]
            if token.quoted and not self.short(end):
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

    def after(self, at: int, *, alone: bool = False) -> Range | None:
        """The subject after its verb; ``alone`` where a noun by itself, up to a pause, is one: признался хоккеист."""
        tongue = self.tongue
        while self.word(at) and (self.low(at) in self.idle or (skip := self._when(at))):
            at += 1 if self.low(at) in self.idle else skip
        if not self.word(at):
            short = at < self.last and self.tokens[at].quoted and self.short(at)
            return (at, at + 1) if short and alone else None
        if self.low(at) == "es" and tongue.second and self.word(at + 1) and self.tokens[at + 1].capital:
            at += 1
        low = self.low(at)
        if low in tongue.pronouns:
            # Klicken Sie: who reads is spoken to.
            formal = tongue.second and low == "sie" and self.tokens[at].capital
            return None if formal else (at, at + 1)
        if low in self.never - tongue.determiners or low in tongue.prepositions:
            return None
        opened = low in tongue.determiners
        end = at
        while end < self.last and end - at < PHRASE_REACH:
            token = self.tokens[end]
            if token.quoted:
                if end == at or not (self.word(end + 1) and self.tokens[end + 1].capital):
                    end += end > at and self.short(end)
                    break
            elif not token.word or (end > at and self._ends_phrase(end, at, opened)):
                break
            end += 1
        named = self._named(at, end)
        paused = end >= self.last or not self.tokens[end].word
        if named is None and alone and paused and 0 < end - at <= ALONE_REACH and tongue.cased:
            return (at, end)
        return named

    def short(self, at: int) -> bool:
        """Whether a stretch in marks is as short as a name."""
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
        if low in self.never:
            joins = self.joins(at)
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
        return low in self.idle or low in tongue.pronouns or low in tongue.reporting

    def _names_beyond(self, at: int) -> bool:
        """Whether a full name comes after a preposition within a phrase: глава МВД по Москве Иван Ли."""
        if not self.tongue.cased or self.tongue.determiners & {"le", "el"}:
            return False
        for k in range(at + 2, min(self.last - 1, at + 8)):
            if not self.word(k) or self.low(k) in self.tongue.prepositions:
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
            return self.trimmed(at, min(end, at + 2 * PLAIN_REACH))
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

    def before(self, finite: int) -> tuple[Range | None, Range | None]:
        """The subject before its verb, and a naming parenthesis after it."""
        at = finite - 1
        while at >= self.first and self.word(at) and self.low(at) in self.idle - self.tongue.days:
            at -= 1
        if at < self.first:
            return None, None
        token = self.tokens[at]
        if token.low in self.tongue.relatives and self.low(at - 1) == ",":
            return self.back(at - 2), None
        if not token.word and not token.quoted:
            if token.low not in (",", ")", *DASHES):
                return None, None
            opening = self._opening(at)
            if opening is None:
                return None, None
            inner = self.tokens[opening + 1]
            small = inner.low in self.tongue.determiners or inner.low in self.tongue.roles
            naming = inner.word and (inner.capital or small) and token.low != ")"
            return self.back(opening - 1), (opening + 1, at) if naming else None
        return self.back(at), None

    def _opening(self, at: int) -> int | None:
        """Where an aside that ends at ``at`` begins."""
        mark = "(" if self.low(at) == ")" else self.low(at)
        for k in range(at - 1, max(self.first, at - PARENTHESIS_REACH), -1):
            if self.tokens[k].quoted or self.low(k) in self.tongue.that:
                return None
            if self.low(k) == mark:
                return k if at - k > 1 and k > self.first else None
        return None

    def back(self, at: int, *, subject: bool = True) -> Range | None:
        """The noun phrase that ends at ``at``, before a pronoun where it isn't a ``subject``."""
        tongue = self.tongue
        if at < self.first:
            return None
        if self.low(at) in tongue.pronouns:
            return (at, at + 1)
        start = at + 1
        while start > self.first and at + 1 - start < PHRASE_REACH:
            token = self.tokens[start - 1]
            small = token.low in self.never - tongue.determiners - tongue.linking
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
        while start < end and (self.low(start) in self.idle or self.low(start).isdigit()):
            start += 1
        if start >= end:
            return None
        prepositions = [k for k in range(start, end) if self.low(k) in tongue.prepositions]
        if not prepositions:
            return self.trimmed(start, end)
        if prepositions[0] > start:
            named = end - start > 1 and self.tokens[end - 1].capital and self.tokens[end - 2].capital
            return self.trimmed(start, end if named and tongue.cased else prepositions[0])
        last = prepositions[-1]
        for k in range(last + 2, end):
            here, before = self.tokens[k], self.tokens[k - 1]
            if (
                here.low in tongue.roles
                or (here.capital and not before.capital)
                or here.low in tongue.determiners
            ):
                return self.trimmed(k, end)
        return None

    def forward(self, start: int, end: int) -> Range | None:
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
        return self.trimmed(start, at)

    def trimmed(self, start: int, end: int) -> Range | None:
        small = self.idle | self.tongue.like | self.tongue.conjunctions
        while start < end and (
            self.low(start) in small or not (self.word(start) or self.tokens[start].quoted)
        ):
            start += 1
        while end > start and (
            self.low(end - 1) in self.idle
            or self.low(end - 1) in self.tongue.prepositions
            or self.low(end - 1) in self.tongue.linking
            or self.low(end - 1) in self.tongue.determiners
            or self.low(end - 1).isdigit()
            or not (self.word(end - 1) or self.tokens[end - 1].quoted)
        ):
            end -= 1
        if end <= start or not any(self.word(k) or self.tokens[k].quoted for k in range(start, end)):
            return None
        return (start, end)

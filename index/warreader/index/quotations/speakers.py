"""Which entity a speaker's words stand for.

A name in the speaker's span wins; "he" and "the military expert" stand for whoever spoke last, or for the
person the sentences before are about when that one came later.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from warreader.index.article import Label, Mention, Span
from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.clauses import Clauses, Report, Sentence, Style
from warreader.index.quotations.persons import Persons
from warreader.index.quotations.phrases import who
from warreader.index.quotations.roles import GENERAL_AFTER
from warreader.index.quotations.tokens import Token
from warreader.index.tongue import Tongue

MEMORY = 4000
"""Code points after which a speaker not heard again is no longer taken to be "he"."""

SUBJECT_REACH = 14
"""Tokens from a sentence's head within which its subject is named."""

SENTENCES_BACK = 6
"""Sentences searched for the person a pronoun stands for."""

HEARD = 6
"""Speakers kept in memory: one who is named after "he" isn't him."""

_GENITIVE = frozenset(["des", "de", "d'", "du", "del"])
"""What a name that only tells whose hangs on, beside prepositions."""

_SPEAKING = (Label.ORG, Label.UNIT, Label.GPE, Label.NORP)


@dataclass(frozen=True, slots=True)
class Heard:
    """A speaker as last named: the span that names them, the entity, and where they were last heard."""

    span: Span
    entity: str | None
    person: bool
    at: int


@dataclass(frozen=True, slots=True)
class Said:
    """A speaker's span and entity for one quotation."""

    span: Span
    entity: str | None


_NO_VERBS = frozenset(["during", "following", "regarding", "concerning", "including", "according"])
"""Words in -ing after which nobody is told apart: said the minister during a visit."""


_ATTRIBUTED = re.compile(
    r" (?:administration|campaign|team|government|presidency|era|camp|family|case|trial|ally|allies|aides?|officials?|"
    r"supporters?|voters?|transition|investigation|probe|report|plan|doctrine|appointees?|nominees?|lawyers?)\b"
)
"""What makes a name before it an attribute: the Clarke administration withdrew."""


_WHOSE = frozenset(["for", "to", "of", "from", "with"])
_IDLE = (
    v.PREPOSITIONS
    | v.ADVERBS
    | v.CONJUNCTIONS
    | v.DETERMINERS
    | v.PRONOUNS
    | v.AUXILIARIES
    | v.DAYS
    | frozenset(["meanwhile", "nevertheless", "however", "though", "both", "all", "alone"])
)
"""Words after a name that make no other noun of it: Clarke meanwhile, Clarke himself."""


class Speakers:
    """Follows an article from its head and remembers who spoke last. Ask in the order of the text."""

    def __init__(
        self,
        text: str,
        clauses: Sequence[Clauses],
        mentions: Sequence[Mention],
        known: Tongue | None = None,
    ) -> None:
        self._text = text
        self._tongue = known
        self._prepositions = (
            v.PREPOSITIONS
            if known is None
            else known.prepositions | known.linking | known.determiners & _GENITIVE
        )
        quoted = [token for part in clauses for token in part.tokens if token.quoted]
        starts = [token.start for token in quoted]

        def outside(mention: Mention) -> bool:
            """Whoever is named only inside a quotation doesn't speak it."""
            at = bisect_right(starts, mention.start) - 1
            return at < 0 or mention.start >= quoted[at].end

        self._mentions = sorted(filter(outside, mentions), key=lambda mention: (mention.start, mention.end))
        self._starts = [mention.start for mention in self._mentions]
        self._who = Persons(text, self._mentions)
        self._sentences = [(part, sentence) for part in clauses for sentence in part.sentences]
        self._sentence_starts = [part.tokens[sentence.first].start for part, sentence in self._sentences]
        self._heard: deque[Heard] = deque(maxlen=HEARD)

    @property
    def last(self) -> Heard | None:
        """Who was heard last."""
        return self._heard[-1] if self._heard else None

    @last.setter
    def last(self, heard: Heard) -> None:
        self._heard.append(heard)

    def of_report(self, clauses: Clauses, report: Report, *, within: bool = False) -> Said | None:
        """The speaker a report names; remembered as the last one heard.

        Args:
            clauses: the line it stands in.
            report: what says so.
            within: it is part of what somebody else says, who goes on after it.
        """
        heard = self._heard.copy()
        said = self._of_report(clauses, report)
        if within or self._shouted(clauses):
            self._heard = heard
        return said

    def _shouted(self, clauses: Clauses) -> bool:
        """Whether a line is in capitals, as a link to another article set into the text is: nobody in it goes on."""
        tokens = clauses.tokens
        return len(tokens) > 2 and self._text[tokens[0].start : tokens[-1].end].isupper()

    def _of_report(self, clauses: Clauses, report: Report) -> Said | None:
        tokens = clauses.tokens
        if report.subject is None:
            return self._of_sentence(Span(tokens[report.cue[0]].start, tokens[report.cue[1] - 1].end), report)
        first, last = report.subject
        if self._tongue is None:
            first, last = who(tokens, first, last)
        if self._tongue is not None and self._tongue.pronouns.get(tokens[first].low) == "nobody":
            return None
        phrase = Span(tokens[first].start, tokens[last - 1].end)
        named = self._named(phrase)
        wide = phrase
        # The words of a subject that was weighed anew may lie beyond the parenthesis of the one before.
        if report.parenthesis is not None and report.parenthesis[0] >= last:
            aside = Span(tokens[report.parenthesis[0]].start, tokens[report.parenthesis[1] - 1].end)
            closed = self._text.startswith(")", aside.end) and "(" in self._text[phrase.end : aside.end]
            wide = Span(phrase.start, aside.end + closed)
            if named is None or named.label is not Label.PERSON:
                by_aside = self._named(aside)
                named = by_aside if by_aside is not None and by_aside.label is Label.PERSON else named
        elif named is None and tokens[first].low in v.DETERMINERS:
            named = self._apposed(clauses, first)
            wide = Span(named.start, wide.end) if named is not None else wide
        return self._resolve(tokens[first:last], wide, named)

    def _apposed(self, clauses: Clauses, first: int) -> Mention | None:
        """Whom a phrase after a comma describes: Ann Lee, a resident of the town told the paper."""
        tokens = clauses.tokens
        if (
            first < 2
            or tokens[first - 1].low != ","
            or clauses.sentence_of[first - 2] != clauses.sentence_of[first]
        ):
            return None
        at = bisect_left(self._starts, tokens[first - 2].start + 1)
        return next(
            (
                mention
                for mention in reversed(self._mentions[max(0, at - 4) : at])
                if mention.label is Label.PERSON
                and mention.end == tokens[first - 2].end
                and not self._oblique(
                    mention, tokens[clauses.sentences[clauses.sentence_of[first]].first].start
                )
            ),
            None,
        )

    def _of_sentence(self, cue: Span, report: Report) -> Said | None:
        """ "Carson named it on his page, writing": the person the sentence is about."""
        heard = self._same_sentence(cue) if report.style in (Style.PARTICIPLE, Style.COORDINATE) else None
        if heard is None:
            return None
        self.last = heard
        return Said(heard.span, heard.entity)

    def of_phrase(self, tokens: Sequence[Token]) -> Said:
        """The speaker a bare phrase names: "Zelensky:" before a quotation."""
        span = Span(tokens[0].start, tokens[-1].end)
        return self._resolve(tokens, span, self._named(span))

    def of_span(self, span: Span) -> Said:
        """The speaker that a label or a signature names."""
        named = self._named(span)
        entity = named.entity if named is not None else None
        self.last = Heard(span, entity, named is None or named.label is Label.PERSON, span.start)
        return Said(span, entity)

    def carried(self, at: int) -> Said | None:
        """Who goes on speaking at ``at`` where nothing says so."""
        heard = self.last
        if heard is None or at - heard.at > MEMORY:
            return None
        self.last = replace(heard, at=at)
        return Said(heard.span, heard.entity)

    def _resolve(self, tokens: Sequence[Token], span: Span, named: Mention | None) -> Said:
        if named is not None:
            heard = Heard(span, named.entity, named.label is Label.PERSON, span.start)
        elif (stands_for := self._stands_for(tokens, span)) is not None:
            heard = replace(stands_for, at=span.start)
        else:
            heard = Heard(span, None, tokens[-1].low in v.ROLES, span.start)
        self.last = heard
        return Said(span, heard.entity)

    def _stands_for(self, tokens: Sequence[Token], span: Span) -> Heard | None:
        low = tokens[-1].low
        if self._tongue is None and len(tokens) > 1 and low in v.PRONOUNS and tokens[-2].low not in v.ADVERBS:
            # Those who, which I, through a spokesman he.
            return None
        if self._tongue is not None:
            low = self._tongue.pronouns.get(low) or self._tongue.possessives.get(low) or low
            if len(tokens) <= 2 and low in self._tongue.roles:
                return self._recent(span, "")
        if low in v.CONTRACTED:
            low = low[: low.index("'")]
        if low in v.SINGULAR_PERSON:
            return self._same_sentence(span, low) or self._recent(span, low)
        if low in ("they", "it", "we", "i"):
            heard = self.last
            usable = heard is not None and heard.person == (low == "i") and span.start - heard.at <= MEMORY
            return heard if usable else None
        definite = tokens[0].low in ("the", "this", "that") and len(tokens) > 1
        if any(token.low in ("any", "every", "each", "no") for token in tokens[1:]):
            return None
        if tokens[-1].capital and low not in v.CAPITAL_ROLES:
            # The Hollywood Reporter.
            return None
        if (of := next((at for at, token in enumerate(tokens) if token.low == "of"), 0)) > 1:
            low = tokens[of - 1].low if self._is_office(tokens[of + 1 :]) else ""
        if low == "general" and definite and tokens[-2].low in GENERAL_AFTER:
            low = tokens[-2].low
        if definite and (low in v.ROLES or low.endswith("-year-old")) and not self._described(span.end):
            return self._by_role(tokens, low, span)
        return None

    def _is_office(self, tokens: Sequence[Token]) -> bool:
        """Whether an office is of this: secretary of state, president of France; not head of a daughter's school."""
        if not 0 < len(tokens) <= 2:
            return False
        where = Span(tokens[0].start, tokens[-1].end)
        return tokens[-1].low in v.OFFICES or bool(self._who.states_in(where))

    def _described(self, end: int) -> bool:
        """Whether what follows tells which one it is: the judge who sentenced him, the man calling for peace."""
        after = self._text[end : end + 24].split()
        if not after or after[0] in _NO_VERBS:
            return False
        return after[0] in ("who", "whose", "with") or after[0].endswith("ing")

    def _by_role(self, tokens: Sequence[Token], head: str, span: Span) -> Heard | None:
        """ "The minister": the last speaker if they are one, else who else is; nobody where nothing tells."""
        last = self.last
        if last is not None and last.entity is None and last.span.of(self._text).lower().endswith(head):
            # "A senior official said ... the official said".
            return last if span.start - last.at <= MEMORY else None
        meant = self._recent(span, "he" if head in v.HE else "she" if head in v.SHE else "")
        if meant is None or not self._who.may_be(meant.entity, tokens, head):
            named = self._who.by_role(tokens, head, span.start, MEMORY)
            if named is not None and not any(token.low.endswith("'s") for token in tokens):
                meant = Heard(named.mention.span, named.mention.entity, True, span.start)
            elif meant is None or not self._who.alone(meant.entity, tokens, head, span.start, MEMORY):
                return None
        since = self._who.last_named(meant.entity, span.start)
        # "A US official had this to say ... the official said": one who has no name, not who spoke before.
        return None if self._introduced(head, since, span.start) else meant

    def _introduced(self, role: str, after: int, before: int) -> bool:
        """Whether somebody without a name is brought in by a role between two offsets."""
        text = self._text[max(after, before - MEMORY) : before]
        role = rf"\b(?i:an?|one|another) (?:[\w’'.-]+ ){{0,4}}{re.escape(role)}\b(?! [A-Z])"
        return re.search(role, text) is not None

    def _recent(self, span: Span, pronoun: str) -> Heard | None:
        """The last speaker, or the person a later sentence is about."""
        heard = next((one for one in reversed(self._heard) if one.at <= span.start), None)
        if heard is not None and (
            (not heard.person and heard.entity is not None)
            or span.start - heard.at > MEMORY
            or not self._who.fits(heard.entity, pronoun)
        ):
            heard = None
        subject = self._subject_before(span.start, heard.at if heard else span.start - MEMORY, pronoun)
        return subject or heard

    def _same_sentence(self, span: Span, pronoun: str = "") -> Heard | None:
        at = bisect_right(self._sentence_starts, span.start) - 1
        if at < 0:
            return None
        start = self._sentence_starts[at]
        teller = self._teller(*self._sentences[at], span.start)
        for mention in [*([teller] if teller is not None else ()), *self._persons(start, span.start)]:
            if self._acts(mention, start, pronoun) and not self._set_off(mention, span.start):
                return Heard(mention.span, mention.entity, True, span.start)
        return None

    def _subject_before(self, position: int, after: int, pronoun: str) -> Heard | None:
        """The person the nearest sentence before ``position`` opens with, if named after ``after``."""
        at = bisect_left(self._sentence_starts, position) - 1
        for number in range(at, max(-1, at - SENTENCES_BACK), -1):
            part, sentence = self._sentences[number]
            start = self._sentence_starts[number]
            if start <= after:
                break
            if self._shouted(part):
                continue
            head = part.tokens[sentence.first : min(sentence.last, sentence.first + SUBJECT_REACH)]
            verb = next((t.start for t in head if t.low in v.CUES or t.low in v.AUXILIARIES), head[-1].end)
            for mention in self._persons(start, min(position, verb)):
                if self._acts(mention, start, pronoun) and not self._set_off(mention, position):
                    return Heard(mention.span, mention.entity, True, position)
            teller = self._teller(part, sentence, position)
            if teller is not None and self._acts(teller, start, pronoun):
                return Heard(teller.span, teller.entity, True, position)
        return None

    def _teller(self, part: Clauses, sentence: Sentence, position: int) -> Mention | None:
        """The person who says at the end of a sentence what it says: It rains, Ann Lee told the paper."""
        for report in reversed(sentence.reports):
            if report.subject is not None and part.tokens[report.cue[0]].start < position:
                first, last = report.subject
                named = self._named(Span(part.tokens[first].start, part.tokens[last - 1].end))
                return named if named is not None and named.label is Label.PERSON else None
        return None

    def _set_off(self, mention: Mention, position: int) -> bool:
        """Whether who says so is told in between, right after a name: Lee, he said, will go."""
        return self._text[mention.end : position] == ", "

    def _persons(self, start: int, end: int) -> list[Mention]:
        found = self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [mention for mention in found if mention.label is Label.PERSON and mention.end <= end]

    def _acts(self, mention: Mention, sentence_start: int, pronoun: str) -> bool:
        return not self._oblique(mention, sentence_start) and self._who.fits(mention.entity, pronoun)

    def _oblique(self, mention: Mention, sentence_start: int) -> bool:
        """Whether the mention is an owner, a picture's author or hangs on a preposition: not who acts."""
        after = self._text[mention.end : mention.end + 2]
        if after[:1] == "/" or _ATTRIBUTED.match(self._text, mention.end):
            return True
        if after[:1] in ("'", "’") and (after[1:] or " ") in "sS ":
            return True
        before = self._text[max(sentence_start, mention.start - 24) : mention.start].split()
        return bool(before) and before[-1].lower() in self._prepositions and before[-1].lower() != "by"

    def _modifies(self, mention: Mention, span: Span) -> bool:
        """Whether a name only says whose a source is: one Clarke campaign source, a spokesperson for Sir Ann Lee."""
        before = self._text[span.start : mention.start].lower().split()
        led = next((at for at, word in enumerate(before) if word in _WHOSE), len(before))
        if 0 < led < len(before) - 1 and not before[led - 1].endswith(","):
            # The secretary of state Ann Lee is she herself, an adviser to President Lee is not.
            last = before[-1].rstrip(".")
            if last in v.ROLES or last in v.TITLES or last in v.HE or last in v.SHE:
                return "," not in self._text[span.start : mention.start]
        rest = self._text[mention.end : span.end].split()
        if not rest or self._text[mention.end] != " " or not all(w.isalpha() and w.islower() for w in rest):
            return False
        return not any(word in _IDLE or word.endswith("ly") for word in rest)

    def _named(self, span: Span) -> Mention | None:
        """The mention that a speaker's phrase is about: a person, else the body or place it ends with."""
        low = bisect_left(self._starts, span.start - 200)
        inside = [
            m for m in self._mentions[low : bisect_left(self._starts, span.end)] if m.span.overlaps(span)
        ]
        for mention in reversed(inside):
            if mention.label is Label.PERSON and not (
                self._oblique(mention, span.start) or self._modifies(mention, span)
            ):
                return mention
        others = [m for m in inside if m.label in _SPEAKING and not self._oblique(m, span.start)]
        ending = [m for m in others if m.end >= span.end]
        if ending:
            return min(ending, key=lambda m: (_SPEAKING.index(m.label), m.start))
        bodies = [m for m in others if m.label is Label.ORG and m.start <= span.start + 4]
        return bodies[0] if bodies and len(bodies[0].span) * 2 > len(span) else None

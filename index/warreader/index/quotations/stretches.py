"""A stretch in marks as it stands in its sentence: whole clauses, a fragment, a title, a heading, a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from warreader.index.article import QuotationKind, Span
from warreader.index.quotations.attribution import Place, label
from warreader.index.quotations.clauses import Report, Style
from warreader.index.quotations.marks import Marked
from warreader.index.quotations.titles import BEFORE, is_title
from warreader.index.tongue import Tongue

LONGEST_NAME = 4
"""Words that a name in marks may have where only a verb of saying stands near."""

LONGEST_HEADING = 8
"""Words that a line in single marks may have to be a heading within an article."""

_OPENERS = "“\"‘'«»„「『`([… \xa0\u202f"
_FINAL = ".,!?…—–-;"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch in marks, with its places in the first and last line that it stands in.

    Attributes:
        text: the article's.
        words: how many it has.
        tongue: the article's language, ``None`` for English.
    """

    text: str
    marked: Marked
    first: Place
    last: Place
    words: int
    tongue: Tongue | None

    @classmethod
    def at(cls, text: str, group: Marked, places: Mapping[int, Place], tongue: Tongue | None) -> Stretch:
        """A stretch by the places of its segments."""
        first, last = places[group.segments[0].start], places[group.segments[-1].start]
        words = sum(len(text[span.start : span.end].split()) for span in group.segments)
        return cls(text, group, first, last, words, tongue)

    @property
    def span(self) -> Span:
        """From its first mark to its last."""
        return self.marked.span

    @property
    def segments(self) -> tuple[Span, ...]:
        """Its parts, one a paragraph."""
        return self.marked.segments

    @property
    def led_in(self) -> bool:
        """Whether a colon stands before."""
        return self.first.at > 0 and self.first.clauses.tokens[self.first.at - 1].low == ":"

    @property
    def opens_sentence(self) -> bool:
        """Whether its sentence begins with it."""
        clauses = self.first.clauses
        return self.first.at == clauses.sentences[clauses.sentence_of[self.first.at]].first

    def shares_sentence(self, start: int) -> bool:
        """Whether what begins there, earlier in the text, stands in its sentence."""
        clauses = self.first.clauses
        sentence = clauses.sentences[clauses.sentence_of[self.first.at]]
        return clauses.tokens[sentence.first].start <= start

    def kind(self, direct_before: int | None = None) -> QuotationKind:
        """Direct where whole clauses stand in the marks: from a capital to a stop, or led in by a colon.

        Args:
            direct_before: where the quotation before begins, if that is direct.
        """
        inner = self.text[self.span.start : min(self.span.end, self.span.start + 12)].lstrip(_OPENERS)
        capital = (
            inner[:1].isupper()
            or inner[:1].isdigit()
            or (bool(inner) and inner[0].isalpha() and not inner[0].islower())
        )
        stops = self.last.ending in _FINAL
        if (
            len(self.segments) > 1
            or (capital and stops and self.words >= 2)
            or (self.led_in and (capital or stops) and self.words >= 3)
        ):
            return QuotationKind.DIRECT
        before = self.first.clauses.tokens[self.first.at - 1].low if self.first.at else ""
        # “We go on”, he said: some papers put the comma outside.
        set_off = capital and self.words >= 3 and self.opens_sentence and self._followed
        resumes = direct_before is not None and self.shares_sentence(direct_before)
        resumed = set_off or (stops and before == "," and self.words >= 3 and resumes)
        if resumed or (capital and self.words >= 5 and (before == "," or self.opens_sentence)):
            return QuotationKind.DIRECT
        return QuotationKind.MIXED

    @property
    def _followed(self) -> bool:
        tokens, at = self.last.clauses.tokens, self.last.at + 1
        return at < len(tokens) and tokens[at].low in ((",", ".") if self.tongue is None else ",.—–-")

    @property
    def names_work(self) -> bool:
        """Whether it is the title of a work."""
        clauses, at = self.first.clauses, self.first.at
        sentence = clauses.sentences[clauses.sentence_of[at]]
        before = clauses.tokens[max(sentence.first, at - BEFORE) : at]
        after = clauses.tokens[at + 1 : min(sentence.last, at + 3)]
        return is_title(self.span.of(self.text), before, after)

    @property
    def is_heading(self) -> bool:
        """Whether a line holds nothing but a few words in single marks: where speech stands in double ones it is a
        heading within the article, taken from what is said below.
        """
        alone = self.marked.single and len(self.first.clauses.tokens) == 1
        return alone and self.words <= LONGEST_HEADING

    @property
    def speaker_label(self) -> tuple[int, int] | None:
        """The tokens before a colon that name who speaks, if they do."""
        name = label(self.first)
        if name is None or self.tongue is None:
            return name
        lows = {token.low for token in self.first.clauses.tokens[slice(*name)]}
        return (
            None
            if lows <= self.tongue.adverbs | self.tongue.conjunctions | self.tongue.prepositions
            else name
        )

    def names(self, report: Report) -> bool:
        """Whether marks hold what somebody or something is called: сообщает телеканал «Звезда»."""
        if self.words > LONGEST_NAME or report.verb == "call":
            return False
        inner = self.span.of(self.text).strip("".join(_OPENERS))
        tokens, at = self.first.clauses.tokens, self.first.at
        before = tokens[at - 1] if at else None
        that = self.tongue.that if self.tongue is not None else frozenset()
        listed = at > 1 and tokens[at - 2].quoted
        opened = before is not None and ((not before.word and not listed) or before.low in that)
        return inner[:1].isupper() and not opened

    def follows(self, report: Report) -> bool:
        """Whether nothing but a comma, a colon or "that" stands between a sure report and the marks."""
        sure = report.style is Style.ACCORDING or (
            report.strong and report.style in (Style.PLAIN, Style.INVERTED)
        )
        between = self.first.clauses.tokens[report.last : self.first.at]
        return (
            sure
            and report.last <= self.first.at
            and all(token.low in (",", ":", "that") for token in between)
        )

"""Quotations in one article: direct, mixed, indirect and scare, each with cue and speaker where stated."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from warreader.index.article import Line, Mention, QuotationKind, Span
from warreader.index.quotations.attribution import Place, governing, label
from warreader.index.quotations.clauses import Clauses, Report, Style, read_line
from warreader.index.quotations.indirect import Reported
from warreader.index.quotations.marks import Marked, marked, without_narrator
from warreader.index.quotations.speakers import Said, Speakers
from warreader.index.quotations.titles import BEFORE, is_title
from warreader.index.quotations.turns import Turn, turns
from warreader.index.quotations.weighing import weigh
from warreader.index.tongue import Tongue, tongue

if TYPE_CHECKING:
    from warreader.index.quotations.tongue_indirect import Told

SAME_PARAGRAPH_REACH = 240
"""Code points from one quotation to the next in its paragraph within which the speaker goes on."""

LONG_FRAGMENT = 8
"""Words from which marks hold speech rather than a label."""

LONGEST_NAME = 4
"""Words that a name in marks may have where only a verb of saying stands near."""

LONGEST_HEADING = 8
"""Words that a line in single marks may have to be a heading within an article."""

_OPENERS = "“\"‘'«»„「『`([… \xa0\u202f"
_FINAL = ".,!?…—–-;"


@dataclass(frozen=True, slots=True)
class Extracted:
    """A quotation as found. Spans are code points into the text, marks included."""

    kind: QuotationKind
    start: int
    end: int
    segments: tuple[Span, ...]
    cue: Span | None = None
    speaker: Span | None = None
    entity: str | None = None
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    """A stretch in marks with its places in the first and last line."""

    marked: Marked
    first: Place
    last: Place
    words: int


def extract(
    text: str, lines: Sequence[Line], mentions: Sequence[Mention] = (), language: str | None = None
) -> list[Extracted]:
    """All quotations of an article, in order of their start.

    Args:
        text: the stored text.
        lines: its lines; only kept ones are read, and a quotation may run on across the others.
        mentions: the article's mentions; without them speakers have spans but no entity.
        language: ISO 639-1; ``None`` where it is unknown, and then English.

    Returns:
        Quotations, sorted by start, then longest first. A fragment in marks may lie inside an indirect one.
    """
    known = tongue(language)
    groups = marked(text, lines)
    if known is not None:
        groups = [without_narrator(text, group, known.verbs) for group in groups]
    read = _read(text, lines, sorted(span for group in groups for span in group.segments), known)
    clauses = [part for _, part in read]
    spoken = turns(text, [line for line, _ in read], clauses)
    within = _within(spoken)
    places = _places(text, clauses)
    speakers = Speakers(text, clauses, mentions, known)
    items = [
        _item(text, group, places) for group in groups if not any(within(span) for span in group.segments)
    ]
    if known is not None:
        return _abroad(text, clauses, speakers, known, items, spoken)
    weighed = weigh(clauses)
    indirect = [
        (part, one)
        for part, found in zip(clauses, weighed.indirect, strict=True)
        for one in found
        if not within(one.span)
    ]
    return _Pass(text, speakers, weighed.content).run(items, indirect, spoken)


def _abroad(
    text: str,
    clauses: list[Clauses],
    speakers: Speakers,
    known: Tongue,
    items: list[_Item],
    spoken: list[Turn],
) -> list[Extracted]:
    """The quotations of an article in another language than English."""
    from warreader.index.quotations.tongue_indirect import told

    within = _within(spoken)
    indirect = [one for one in told(clauses, known) if not any(within(span) for span in one.segments)]
    return _Pass(text, speakers, None, known).run(items, indirect, spoken)


def _within(spoken: Sequence[Turn]) -> Callable[[Span], bool]:
    """Whether a span touches what is said in a turn: the words there are all the speaker's."""
    segments = sorted(span for turn in spoken for span in turn.segments)

    def within(span: Span) -> bool:
        at = bisect_left(segments, span.end, key=lambda segment: segment.start)
        return at > 0 and segments[at - 1].end > span.start

    return within


def read_lines(text: str, lines: Sequence[Line]) -> list[Clauses]:
    """The kept lines of an article taken apart, with what stands in marks as one token."""
    quoted = sorted(span for group in marked(text, lines) for span in group.segments)
    return [part for _, part in _read(text, lines, quoted)]


def _read(
    text: str, lines: Sequence[Line], segments: list[Span], known: Tongue | None = None
) -> list[tuple[Line, Clauses]]:
    starts = [span.start for span in segments]
    read: list[tuple[Line, Clauses]] = []
    for line in lines:
        if not line.kept or line.start >= line.end:
            continue
        quoted = segments[bisect_left(starts, line.start) : bisect_left(starts, line.end)]
        part = read_line(text, line, quoted, known)
        if part.sentences:
            read.append((line, part))
    return read


def _places(text: str, clauses: Sequence[Clauses]) -> dict[int, Place]:
    """Segment start -> where it stands."""
    return {
        token.start: Place(part, at, _ending(text, token.start, token.end), before)
        for before, part in zip([None, *clauses], clauses, strict=False)
        for at, token in enumerate(part.tokens)
        if token.quoted
    }


def _ending(text: str, start: int, end: int) -> str:
    content = text[max(start, end - 4) : end].rstrip("”\"’'»«」』‘“ ")
    return content[-1:] or " "


def _item(text: str, group: Marked, places: dict[int, Place]) -> _Item:
    first, last = places[group.segments[0].start], places[group.segments[-1].start]
    words = sum(len(text[span.start : span.end].split()) for span in group.segments)
    return _Item(group, first, last, words)


class _Pass:
    """One walk over an article's quotations in the order of the text."""

    def __init__(
        self,
        text: str,
        speakers: Speakers,
        content: dict[int, tuple[Clauses, Report | None]] | None,
        known: Tongue | None = None,
    ) -> None:
        self._text = text
        self._tongue = known
        self._speakers = speakers
        self._content = content
        self._doubles = False
        self._found: list[Extracted] = []
        self._previous: Extracted | None = None
        self._spoken: dict[int, Said | None] = {}
        self._reported = 0
        """Where what somebody named is reported to have said ends."""

    def run(
        self, items: list[_Item], indirect: Sequence[tuple[Clauses, Reported] | Told], spoken: list[Turn]
    ) -> list[Extracted]:
        """Speakers are remembered in the order in which the text names them, whatever reports them."""
        self._doubles = sum(not item.marked.single for item in items) * 2 > len(items)
        events: list[tuple[int, int, _Item | Turn | Told | tuple[Clauses, Reported]]] = [
            (turn.segments[0].start, 1, turn) for turn in spoken
        ]
        for item in items:
            stated = governing(item.first, item.last)
            events.append((max(item.marked.span.start, _cue(*stated).start if stated else 0), 1, item))
        for one in indirect:
            if isinstance(one, tuple):
                events.append((one[0].tokens[one[1].report.cue[0]].start, 0, one))
            else:
                events.append((_cue(*one.report).start if one.report else one.segments[0].start, 0, one))
        for _, _, event in sorted(events, key=lambda entry: entry[:2]):
            if isinstance(event, _Item):
                self._marked(event)
            elif isinstance(event, Turn):
                self._turn(event)
            elif isinstance(event, tuple):
                self._indirect(*event)
            else:
                self._told(event)
        return sorted(self._found, key=lambda found: (found.start, -found.end))

    def _said(self, part: Clauses, report: Report) -> Said | None:
        """Each report is resolved once: a fragment and the clause around it have one speaker."""
        key = part.tokens[report.cue[0]].start
        if key not in self._spoken:
            self._spoken[key] = self._speakers.of_report(part, report, within=key < self._reported)
        return self._spoken[key]

    def _indirect(self, part: Clauses, found: Reported) -> None:
        said = self._said(part, found.report)
        span = found.span
        cue = _cue(part, found.report)
        within = said is not None and said.span.overlaps(span)
        if within and found.report.style is not Style.ACCORDING:
            # Nobody is part of what he says. After the cue it is the wrong speaker: saying Israel had...
            # Before it, it is the subject taken for what is said: Mr Xiang, who is in his sixties, says.
            if span.end <= cue.start:
                return
            said = None
        if cue.start < span.start and said is not None and said.entity is not None:
            self._reported = max(self._reported, span.end)
        self._found.append(_extracted(QuotationKind.INDIRECT, found.segments, cue, said))

    def _told(self, one: Told) -> None:
        """Speech without marks in another language than English."""
        if one.report is None:
            said, cue = self._speakers.carried(one.segments[0].start), None
            if said is None:
                return
        else:
            said, cue = self._said(*one.report), _cue(*one.report)
            if one.report[1].subject is None:
                # Sostuvo que: whoever spoke last.
                said = self._speakers.carried(cue.start)
        inferred = said is not None and (one.report is None or one.report[1].subject is None)
        self._found.append(_extracted(QuotationKind.INDIRECT, one.segments, cue, said, inferred=inferred))

    def _turn(self, turn: Turn) -> None:
        said, cue = None, None
        if turn.said is not None:
            said, cue = self._said(*turn.said), _cue(*turn.said)
        elif turn.named is not None:
            said = self._speakers.of_span(turn.named)
        self._found.append(_extracted(QuotationKind.DIRECT, turn.segments, cue, said))

    def _marked(self, item: _Item) -> None:
        stated = governing(item.first, item.last)
        if self._title(item) or self._heading(item):
            found = _extracted(QuotationKind.SCARE, item.marked.segments, None, None)
        elif stated is not None:
            kind = self._kind(item, stated=True)
            if kind is QuotationKind.MIXED and (
                self._names(item, stated[1])
                if self._tongue is not None
                else self._doubted(item) and not self._next_to(item, stated[1])
            ):
                found = _extracted(QuotationKind.SCARE, item.marked.segments, None, None)
            else:
                found = _extracted(kind, item.marked.segments, _cue(*stated), self._said(*stated))
        elif (name := self._label(item)) is not None:
            said = self._speakers.of_phrase(item.first.clauses.tokens[name[0] : name[1]])
            found = _extracted(self._kind(item, stated=True), item.marked.segments, None, said)
        else:
            found = self._unstated(item)
            heard = self._heard(item) if found.inferred else None
            if heard is not None:
                # The model has a speaker where the rules only carry the last one on.
                found = _extracted(found.kind, found.segments, _cue(*heard), self._said(*heard))
        self._found.append(found)
        if found.kind is not QuotationKind.SCARE:
            self._previous = found

    def _title(self, item: _Item) -> bool:
        clauses, at = item.first.clauses, item.first.at
        sentence = clauses.sentences[clauses.sentence_of[at]]
        before = clauses.tokens[max(sentence.first, at - BEFORE) : at]
        after = clauses.tokens[at + 1 : min(sentence.last, at + 3)]
        return is_title(item.marked.span.of(self._text), before, after)

    def _heading(self, item: _Item) -> bool:
        """Whether a line holds nothing but a few words in single marks, where speech stands in double ones: a
        heading within the article, taken from what is said below.
        """
        alone = item.marked.single and len(item.first.clauses.tokens) == 1
        return alone and self._doubles and item.words <= LONGEST_HEADING

    def _heard(self, item: _Item) -> tuple[Clauses, Report] | None:
        for span in item.marked.segments:
            part, report = (self._content or {}).get(span.start, (None, None))
            if part is not None and report is not None and not report.negated:
                return part, report
        return None

    def _doubted(self, item: _Item) -> bool:
        """Whether the model holds a stretch in marks for nobody's words."""
        return self._content is not None and all(
            span.start not in self._content for span in item.marked.segments
        )

    def _label(self, item: _Item) -> tuple[int, int] | None:
        name = label(item.first)
        if name is None or self._tongue is None:
            return name
        lows = {token.low for token in item.first.clauses.tokens[slice(*name)]}
        return (
            None
            if lows <= self._tongue.adverbs | self._tongue.conjunctions | self._tongue.prepositions
            else name
        )

    def _names(self, item: _Item, report: Report) -> bool:
        """Whether marks hold what somebody or something is called: сообщает телеканал «Звезда»."""
        if item.words > LONGEST_NAME or report.verb == "call":
            return False
        inner = self._text[item.marked.span.start : item.marked.span.end].strip("".join(_OPENERS))
        before = item.first.clauses.tokens[item.first.at - 1] if item.first.at else None
        that = self._tongue.that if self._tongue is not None else frozenset()
        tokens, at = item.first.clauses.tokens, item.first.at
        listed = at > 1 and tokens[at - 2].quoted
        opened = before is not None and ((not before.word and not listed) or before.low in that)
        return inner[:1].isupper() and not opened

    @staticmethod
    def _next_to(item: _Item, report: Report) -> bool:
        """Whether nothing but a comma, a colon or "that" stands between a sure report and the marks."""
        sure = report.style is Style.ACCORDING or (
            report.strong and report.style in (Style.PLAIN, Style.INVERTED)
        )
        between = item.first.clauses.tokens[report.last : item.first.at]
        return (
            sure
            and report.last <= item.first.at
            and all(token.low in (",", ":", "that") for token in between)
        )

    def _unstated(self, item: _Item) -> Extracted:
        """No report is stated: the speaker of the quotation before goes on, or these are only marks."""
        span, segments = item.marked.span, item.marked.segments
        if self._tongue is not None and not self._tongue.verbs:
            # A language without rules: somebody's words, as far as can be seen, but whose isn't known.
            spoken = item.words >= LONG_FRAGMENT or self._led_in(item)
            return _extracted(QuotationKind.DIRECT if spoken else QuotationKind.SCARE, segments, None, None)
        goes_on = self._goes_on(item)
        if goes_on is not None:
            self._speakers.carried(span.start)
            return replace(
                goes_on,
                kind=self._kind(item, stated=True),
                start=span.start,
                end=span.end,
                segments=segments,
                inferred=True,
            )
        clause = self._kind(item, stated=True) is QuotationKind.DIRECT
        if (self._opens_sentence(item) and clause) or item.words >= LONG_FRAGMENT:
            said = self._speakers.carried(span.start)
            kind = QuotationKind.DIRECT if clause else QuotationKind.MIXED if said else QuotationKind.SCARE
            return _extracted(kind, segments, None, said, inferred=said is not None)
        return _extracted(QuotationKind.SCARE, segments, None, None)

    def _goes_on(self, item: _Item) -> Extracted | None:
        """The quotation before in this paragraph, if its report reaches on: "A," he said. "B."."""
        previous = self._previous
        if previous is None or previous.cue is None or item.words < 2:
            return None
        start = item.marked.span.start
        end = max(previous.end, previous.cue.end)
        if not 0 <= start - end <= SAME_PARAGRAPH_REACH or "\n" in self._text[previous.end : start]:
            return None
        return previous if self._opens_sentence(item) or self._same_sentence(item, previous) else None

    @staticmethod
    def _led_in(item: _Item) -> bool:
        return item.first.at > 0 and item.first.clauses.tokens[item.first.at - 1].low == ":"

    @staticmethod
    def _opens_sentence(item: _Item) -> bool:
        clauses = item.first.clauses
        return item.first.at == clauses.sentences[clauses.sentence_of[item.first.at]].first

    @staticmethod
    def _same_sentence(item: _Item, previous: Extracted) -> bool:
        clauses = item.first.clauses
        sentence = clauses.sentences[clauses.sentence_of[item.first.at]]
        return clauses.tokens[sentence.first].start <= previous.start

    def _kind(self, item: _Item, *, stated: bool) -> QuotationKind:
        """Direct where whole clauses stand in the marks: from a capital to a stop, or led in by a colon."""
        span = item.marked.span
        inner = self._text[span.start : min(span.end, span.start + 12)].lstrip(_OPENERS)
        capital = (
            inner[:1].isupper()
            or inner[:1].isdigit()
            or (bool(inner) and inner[0].isalpha() and not inner[0].islower())
        )
        stops = item.last.ending in _FINAL
        led = self._led_in(item)
        several = len(item.marked.segments) > 1
        if (
            several
            or (capital and stops and item.words >= 2)
            or (led and (capital or stops) and item.words >= 3)
        ):
            return QuotationKind.DIRECT
        before = item.first.clauses.tokens[item.first.at - 1].low if item.first.at else ""
        # “We go on”, he said: some papers put the comma outside.
        set_off = capital and item.words >= 3 and self._opens_sentence(item) and self._followed(item)
        resumed = set_off or (stops and before == "," and item.words >= 3 and self._resumes(item))
        if resumed or (capital and item.words >= 5 and (before == "," or self._opens_sentence(item))):
            return QuotationKind.DIRECT
        return QuotationKind.MIXED if stated else QuotationKind.SCARE

    def _followed(self, item: _Item) -> bool:
        tokens, at = item.last.clauses.tokens, item.last.at + 1
        return at < len(tokens) and tokens[at].low in ((",", ".") if self._tongue is None else ",.—–-")

    def _resumes(self, item: _Item) -> bool:
        previous = self._previous
        return (
            previous is not None
            and previous.kind is QuotationKind.DIRECT
            and self._same_sentence(item, previous)
        )


def _cue(part: Clauses, report: Report) -> Span:
    return Span(part.tokens[report.cue[0]].start, part.tokens[report.cue[1] - 1].end)


def _extracted(
    kind: QuotationKind,
    segments: tuple[Span, ...],
    cue: Span | None,
    said: Said | None,
    *,
    inferred: bool = False,
) -> Extracted:
    speaker, entity = (said.span, said.entity) if said else (None, None)
    return Extracted(kind, segments[0].start, segments[-1].end, segments, cue, speaker, entity, inferred)

"""Quotations in one article: direct, mixed, indirect and scare, each with cue and speaker where stated."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from warreader.index.article import Line, LineKind, Mention, QuotationKind, Span
from warreader.index.quotations.attribution import Place, governing
from warreader.index.quotations.clauses import Clauses, Report, Style, read_line
from warreader.index.quotations.indirect import Reported
from warreader.index.quotations.marks import marked, without_narrator
from warreader.index.quotations.speakers import Said, Speakers
from warreader.index.quotations.stretches import Stretch
from warreader.index.quotations.turns import Turn, turns
from warreader.index.quotations.weighing import weigh
from warreader.index.tongue import Tongue, tongue

if TYPE_CHECKING:
    from warreader.index.quotations.tongue_indirect import Told

SAME_PARAGRAPH_REACH = 240
"""Code points from one quotation to the next in its paragraph within which the speaker goes on."""

LONG_FRAGMENT = 8
"""Words from which marks hold speech rather than a label."""

_TITLE = re.compile(
    r"[*_]{0,2}(?:title|headline|заголовок|назва|titel|überschrift|titre|t[íi]tulo|tytuł)[*_]{0,2}\s*:[*_]{0,2}\s*(?=\S)",
    re.IGNORECASE,
)


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
    lines = [_unlabelled(text, line) for line in lines]
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
        Stretch.at(text, group, places, known)
        for group in groups
        if not any(within(span) for span in group.segments)
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


def _unlabelled(text: str, line: Line) -> Line:
    """A headline without the field's name that stands before it in the file: nobody called Title says it."""
    found = _TITLE.match(text, line.start, line.end) if line.kind is LineKind.HEADLINE else None
    return line if found is None else line._replace(start=found.end())


def _abroad(
    text: str,
    clauses: list[Clauses],
    speakers: Speakers,
    known: Tongue,
    items: list[Stretch],
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
        self, items: list[Stretch], indirect: Sequence[tuple[Clauses, Reported] | Told], spoken: list[Turn]
    ) -> list[Extracted]:
        """Speakers are remembered in the order in which the text names them, whatever reports them."""
        self._doubles = sum(not item.marked.single for item in items) * 2 > len(items)
        events: list[tuple[int, int, Stretch | Turn | Told | tuple[Clauses, Reported]]] = [
            (turn.segments[0].start, 1, turn) for turn in spoken
        ]
        for item in items:
            stated = governing(item.first, item.last)
            events.append((max(item.span.start, _cue(*stated).start if stated else 0), 1, item))
        for one in indirect:
            if isinstance(one, tuple):
                events.append((one[0].tokens[one[1].report.cue[0]].start, 0, one))
            else:
                events.append((_cue(*one.report).start if one.report else one.segments[0].start, 0, one))
        for _, _, event in sorted(events, key=lambda entry: entry[:2]):
            if isinstance(event, Stretch):
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

    def _marked(self, item: Stretch) -> None:
        stated = governing(item.first, item.last)
        if item.names_work or (self._doubles and item.is_heading):
            found = _extracted(QuotationKind.SCARE, item.segments, None, None)
        elif stated is not None:
            kind = self._kind(item)
            if kind is QuotationKind.MIXED and (
                item.names(stated[1])
                if self._tongue is not None
                else self._doubted(item) and not item.follows(stated[1])
            ):
                found = _extracted(QuotationKind.SCARE, item.segments, None, None)
            else:
                found = _extracted(kind, item.segments, _cue(*stated), self._said(*stated))
        elif (name := item.speaker_label) is not None:
            said = self._speakers.of_phrase(item.first.clauses.tokens[name[0] : name[1]])
            found = _extracted(self._kind(item), item.segments, None, said)
        else:
            found = self._unstated(item)
            heard = self._heard(item) if found.inferred else None
            if heard is not None:
                # The model has a speaker where the rules only carry the last one on.
                found = _extracted(found.kind, found.segments, _cue(*heard), self._said(*heard))
        self._found.append(found)
        if found.kind is not QuotationKind.SCARE:
            self._previous = found

    def _heard(self, item: Stretch) -> tuple[Clauses, Report] | None:
        for span in item.segments:
            part, report = (self._content or {}).get(span.start, (None, None))
            if part is not None and report is not None and not report.negated:
                return part, report
        return None

    def _doubted(self, item: Stretch) -> bool:
        """Whether the model holds a stretch in marks for nobody's words."""
        return self._content is not None and all(span.start not in self._content for span in item.segments)

    def _unstated(self, item: Stretch) -> Extracted:
        """No report is stated: the speaker of the quotation before goes on, or these are only marks."""
        span, segments = item.span, item.segments
        if self._tongue is not None and not self._tongue.verbs:
            # A language without rules: somebody's words, as far as can be seen, but whose isn't known.
            spoken = item.words >= LONG_FRAGMENT or item.led_in
            return _extracted(QuotationKind.DIRECT if spoken else QuotationKind.SCARE, segments, None, None)
        goes_on = self._goes_on(item)
        if goes_on is not None:
            self._speakers.carried(span.start)
            return replace(
                goes_on,
                kind=self._kind(item),
                start=span.start,
                end=span.end,
                segments=segments,
                inferred=True,
            )
        clause = self._kind(item) is QuotationKind.DIRECT
        if (item.opens_sentence and clause) or item.words >= LONG_FRAGMENT:
            said = self._speakers.carried(span.start)
            kind = QuotationKind.DIRECT if clause else QuotationKind.MIXED if said else QuotationKind.SCARE
            return _extracted(kind, segments, None, said, inferred=said is not None)
        return _extracted(QuotationKind.SCARE, segments, None, None)

    def _goes_on(self, item: Stretch) -> Extracted | None:
        """The quotation before in this paragraph, if its report reaches on: "A," he said. "B."."""
        previous = self._previous
        if previous is None or previous.cue is None or item.words < 2:
            return None
        start = item.span.start
        end = max(previous.end, previous.cue.end)
        if not 0 <= start - end <= SAME_PARAGRAPH_REACH or "\n" in self._text[previous.end : start]:
            return None
        return previous if item.opens_sentence or item.shares_sentence(previous.start) else None

    def _kind(self, item: Stretch) -> QuotationKind:
        previous = self._previous
        direct = previous is not None and previous.kind is QuotationKind.DIRECT
        return item.kind(previous.start if previous is not None and direct else None)


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

"""Speech that no quotation marks hold: turns of an interview, dialogue after dashes, posts with their signature,
what stands under "Clarke wrote on Telegram:".

Each is told by the form of its line and of the lines around it, never by one line's look alone: a list has
dashes too, and a box of facts has labels.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from warreader.index.article import Line, LineKind, Span
from warreader.index.quotations.attribution import names_speaker
from warreader.index.quotations.clauses import Clauses, Report, Style
from warreader.index.quotations.phrases import finite
from warreader.index.quotations.tokens import Token

LONGEST_ANSWER = 8
"""Lines after a label that its turn may have where a further label follows."""

LONGEST_SIGNATURE = 160
"""Code points in which who signs a post is looked for."""

LONGEST_POST = 600
"""Code points of a signed post."""

_NAME = r"[A-ZÀ-ÞА-ЯЄІЇҐ][\w'’.-]*+"
_LABEL = re.compile(
    rf"[\"“«]?\s*(?P<name>Q|A|(?:{_NAME})(?:\s(?:of|de|van|von|der|al|the|{_NAME})){{0,4}}+)\s?:(?=[\s\u2060]*[^\s\u2060])"
)
_INLINE = re.compile(
    r"(?:(?<=[.!?…”\"’)\]]\s)|(?<=[.!?…”\"’)\]]\s\s))(?P<name>[A-Z][A-Z'’.-]+(?:\s[A-Z][A-Z'’.-]+){0,3}+):\s"
)
_ADDRESS = re.compile(r"(?:https?://|pic\.twitter\.com/|t\.co/)\S")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++(?=\s|$)")
_SIGNED = re.compile(
    r"\s*(?:—|–|--|―)\s*(?P<name>[^\n@()]{2,50}?)\s*\(@\w{1,20}\)(?:\s*,?\s*[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})?\s*$"
)
_DASHES = frozenset("—–-―")
_MARKS = '"“«'
_STOPS = '.!?…”"’»'
_PERSONS = frozenset(
    [
        "i",
        "we",
        "you",
        "my",
        "our",
        "your",
        "me",
        "us",
        "i'm",
        "we're",
        "you're",
        "i've",
        "we've",
        "you've",
        "let's",
    ]
)
_BLOCK = frozenset(
    ["say", "write", "post", "tweet", "add", "state", "declare", "read", "tell", "reply", "respond"]
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody says without marks: its segments, one a line; the line and tokens that name who, or the
    report that does.
    """

    segments: tuple[Span, ...]
    said: tuple[Clauses, Report] | None = None
    named: Span | None = None


def turns(text: str, lines: Sequence[Line], read: Sequence[Clauses]) -> list[Turn]:
    """The turns of an article in the order of the text; none overlaps another.

    Args:
        text: the stored text.
        lines: the kept lines that are read, one for each of ``read``.
        read: those lines taken apart.
    """
    found: list[Turn] = []
    taken: set[int] = set()
    takers = (
        _transcript(text, lines, read), _dialogue(text, lines, read), _posts(text, lines), _blocks(text, lines, read)
    )  # fmt: skip
    for turn, numbers in chain.from_iterable(takers):
        if not taken & numbers:
            taken |= numbers
            found.append(turn)
    return sorted(found, key=lambda turn: turn.segments[0])


_Found = Iterator[tuple[Turn, set[int]]]


# Interviews and transcripts.


def _transcript(text: str, lines: Sequence[Line], read: Sequence[Clauses]) -> _Found:
    """Turns by their labels, where at least two labels come again or the classical Q and A do."""
    labels = [_label(text, line) for line in lines]
    counts = Counter(label["name"] for label in labels if label is not None)
    again = {name for name, count in counts.items() if count > 1}
    if len(again) < 2 and not {"Q", "A"} <= set(counts):
        yield from _within_lines(text, lines)
        return
    usual = _usual(counts, again)
    known = [label if label is not None and label["name"] in usual else None for label in labels]
    turned = [(number, label) for number, label in enumerate(known) if label is not None]
    if 2 * sum(_addressed(read[number].tokens) for number, _ in turned) < len(turned):
        return
    for number, label in turned:
        last = next((n for n in range(number + 1, len(lines)) if known[n] is not None), number + 1)
        ends = last if last < len(lines) and last - number <= LONGEST_ANSWER else number + 1
        first = _trimmed(text, label.end(), lines[number].end - (text[label.start()] in _MARKS))
        spans = [first, *(_trimmed(text, line.start, line.end) for line in lines[number + 1 : ends])]
        segments = tuple(span for span in spans if span is not None)
        if segments:
            named = None if label["name"] in ("Q", "A") else Span(*label.span("name"))
            yield Turn(segments, named=named), set(range(number, ends))


def _usual(counts: Counter[str], again: set[str]) -> set[str]:
    """The labels of a transcript: those that come again, and further ones of the same look."""
    capitals = all(name.isupper() for name in again)
    return {name for name in counts if name in again or (capitals and name.isupper())}


def _label(text: str, line: Line) -> re.Match[str] | None:
    if line.kind is not LineKind.BODY or text.find(":", line.start, line.end) < 0:
        return None
    match = _LABEL.match(text, line.start, line.end)
    return match if match is not None and names_speaker(match["name"]) else None


def _within_lines(text: str, lines: Sequence[Line]) -> _Found:
    """Turns that stand in one paragraph: ... MALOY: Got it. TURK: Report back."""
    for number, line in enumerate(lines):
        if text.count(":", line.start, line.end) < 2:
            continue
        found = [
            match for match in _INLINE.finditer(text, line.start, line.end) if names_speaker(match["name"])
        ]
        counts = Counter(match["name"] for match in found)
        if len(counts) < 2 or max(counts.values()) < 2:
            continue
        for match, follower in zip(found, [*found[1:], None], strict=True):
            # Where the last turn ends can't be told: its first sentence it is.
            end = follower.start() if follower is not None else _first_stop(text, match.end(), line.end)
            span = _trimmed(text, match.end(), end)
            if span is not None:
                yield Turn((span,), named=Span(*match.span("name"))), {number} if match is found[0] else set()


def _first_stop(text: str, start: int, end: int) -> int:
    stop = _STOP.search(text, start, end)
    return stop.end() if stop is not None else end


# Dialogue.


def _dialogue(text: str, lines: Sequence[Line], read: Sequence[Clauses]) -> _Found:
    """Speech after a dash: with a report set off by dashes ("— We stay, — said Lee"), or in a run of such lines."""
    dashed = [
        line.kind is LineKind.BODY and _dashed(text, part) for line, part in zip(lines, read, strict=True)
    ]
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and dashed[end]:
            end += 1
        if end == at:
            at += 1
            continue
        parts = [_said_after_dash(part) for part in read[at:end]]
        reported = any(report is not None for _, report in parts)
        spoken = [_speech_like(text, part) for part in read[at:end]]
        dialogue = end - at > 1 and (all(spoken) or (reported and any(spoken)))
        for number, (spans, report) in enumerate(parts, at):
            trimmed = (_trimmed(text, *span) for span in spans)
            segments = tuple(span for span in trimmed if span is not None)
            if segments and (dialogue or report is not None):
                yield Turn(segments, said=(read[number], report) if report else None), {number}
        at = end


def _dashed(text: str, part: Clauses) -> bool:
    first = part.tokens[0]
    return first.low in _DASHES and text[first.end : first.end + 1].isspace()


def _speech_like(text: str, part: Clauses) -> bool:
    """Whether a line after a dash is a whole sentence somebody says to another: not an item of a list."""
    tokens = part.tokens
    ends = text[tokens[-1].start : tokens[-1].end][-1:] in _STOPS
    return len(tokens) > 2 and tokens[1].capital and ends and _addressed(tokens)


def _addressed(tokens: Sequence[Token]) -> bool:
    """Whether somebody speaks to somebody in these words: I, you, a question; or they stand in marks."""
    return any(token.low in _PERSONS or token.low == "?" or token.quoted for token in tokens)


def _said_after_dash(part: Clauses) -> tuple[list[tuple[int, int]], Report | None]:
    """The stretches of a line after a dash that are said, and the report between them."""
    tokens = part.tokens
    dashes = [k for k in range(1, len(tokens)) if _set_off(tokens, k)]
    borders = [0, *dashes, len(tokens)]
    reports = {r.first: r for s in part.sentences for r in s.reports if r.strong and not r.negated}
    spans: list[tuple[int, int]] = []
    stated: Report | None = None
    told = False
    for left, right in pairwise(borders):
        if left + 1 >= right:
            continue
        report = reports.get(left + 1)
        if (
            report is not None
            and left
            and report.subject is not None
            and report.style in (Style.PLAIN, Style.INVERTED)
        ):
            stated, told = stated or report, True
        elif told and tokens[left - 1].low not in ".!?,":
            # The narrator goes on.
            continue
        else:
            spans.append((tokens[left + 1].start, tokens[right - 1].end))
    if stated is None:
        stated = _last_report(part)
        if stated is not None:
            spans = [(tokens[1].start, tokens[stated.first - 1].end)]
    return spans, stated


def _set_off(tokens: Sequence[Token], at: int) -> bool:
    if tokens[at].low not in _DASHES or at + 1 >= len(tokens):
        return False
    # Russian papers write ",—" without a space.
    before = tokens[at - 1].end < tokens[at].start or tokens[at - 1].low in (",", ".", "?", "!", "…")
    return before and tokens[at].end < tokens[at + 1].start


def _last_report(part: Clauses) -> Report | None:
    """A report that closes the line: "— Then we stay, Clarke replied."."""
    if not part.sentences or not part.sentences[-1].reports:
        return None
    report = part.sentences[-1].reports[-1]
    before = part.tokens[report.first - 1].low if report.first > 2 else ""
    closes = (
        # "according to officials" closes the item of a list of facts.
        report.style in (Style.PLAIN, Style.INVERTED)
        and report.strong
        and not report.negated
        and report.subject is not None
        and report.last + 4 >= len(part.tokens)
    )
    return report if closes and before in (",", "?", "!") else None


# Posts and block quotations.


def _posts(text: str, lines: Sequence[Line]) -> _Found:
    """A post under which its author stands: ... — Ann Lee (@annlee) March 3, 2022."""
    for number, line in enumerate(lines):
        # Within its last code points only: the pattern may take the square of what it reads.
        match = _SIGNED.search(text, max(line.start, line.end - LONGEST_SIGNATURE), line.end)
        if match is None:
            continue
        named = Span(*match.span("name"))
        body = _trimmed(text, line.start, _before_links(text, line.start, match.start()))
        if body is not None and len(body) <= LONGEST_POST:
            yield Turn((body,), named=named), {number}
        elif body is None and number and lines[number - 1].kind is LineKind.BODY:
            above = _trimmed(text, lines[number - 1].start, lines[number - 1].end)
            if above is not None and len(above) <= LONGEST_POST:
                yield Turn((above,), named=named), {number - 1, number}


def _before_links(text: str, start: int, end: int) -> int:
    """Where the addresses begin that end a post; read from the back, word by word."""
    while True:
        text_end = end
        while text_end > start and text[text_end - 1].isspace():
            text_end -= 1
        word = text_end
        while word > start and not text[word - 1].isspace():
            word -= 1
        address = _ADDRESS.search(text, word, text_end)
        if address is None:
            return end
        end = address.start()
        if end > word:
            return end


def _blocks(text: str, lines: Sequence[Line], read: Sequence[Clauses]) -> _Found:
    """The paragraph under a report that ends with a colon, where it has no marks and no report of its own; or after
    a dash: Lee admitted: / — We stay.
    """
    for number in range(1, len(lines)):
        led, part = read[number - 1], read[number]
        if led.tokens[-1].low != ":" or lines[number].kind is not LineKind.BODY:
            continue
        reports = [
            r for r in led.sentences[-1].reports if r.strong and not r.negated and r.subject is not None
        ]
        if not reports or reports[-1].verb not in _BLOCK or reports[-1].style is Style.PASSIVE:
            continue
        rest = range(reports[-1].last, len(led.tokens) - 1)
        if any(led.tokens[k].quoted or finite(led.tokens, k, rest.start) for k in rest):
            # What was said stands before the colon.
            continue
        first, last = part.tokens[0], part.tokens[-1]
        own = any(
            r.strong and r.style in (Style.PLAIN, Style.INVERTED) for s in part.sentences for r in s.reports
        )
        dashed = first.low == "—" and _dashed(text, part) and len(part.tokens) > 1
        first = part.tokens[1] if dashed else first
        whole = first.capital and last.low in (".", "!", "?", "…") and len(part.tokens) > 4
        verbs = dashed or any(finite(part.tokens, k, 0) for k in range(len(part.tokens)))
        if whole and verbs and not own and not any(token.quoted for token in part.tokens):
            yield Turn((Span(first.start, last.end),), said=(led, reports[-1])), {number}


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without spaces and stray marks at its ends; ``None`` where no word is left."""
    while start < end and (text[start].isspace() or text[start] == "\u2060"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "—–\u2060"):
        end -= 1
    return Span(start, end) if any(character.isalnum() for character in text[start:end]) else None

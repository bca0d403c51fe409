"""What an article's own text states about it: title, outlet, author, date. What it does not state is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from warreader.index.article import Line, LineKind, Metadata
from warreader.index.text import sentences

_TITLE_LENGTH = 100
_LONGEST = 300
"""Code points: a longer byline or credit states nothing that can be read off it."""

_NAME = r"[^\W\d_][\w.'’-]*(?: (?:[^\W\d_][\w.'’-]*|&)){0,4}"
_BY = re.compile(
    rf"(?i:by|written by|author|words by|story by|reported by|posted by|text by):?\s+(?P<author>{_NAME})"
)
_SUPPLIED = re.compile(
    r"(?i:content created and supplied by):\s*(?P<author>[^()\n]{1,60}?)\s*"
    r"(?:\((?i:via)\s+(?P<outlet>[^()\n]{2,60}?)\s*\))?$"
)
_SOURCE = re.compile(
    r"(?i:article source|source|originally published (?:by|in|on|at)|"
    r"first published (?:by|in|on|at)):?\s+(?P<outlet>[^\W\d_][^|\n]{1,59})$"
)
_VIA = re.compile(r"\((?i:via)\s+(?P<outlet>[^\W\d_][^()\n]{1,59}?)\s*\)$")
_DASHED = re.compile(r"[—–-]\s*(?P<outlet>(?:[A-Z][\w&.'’-]*)(?: [A-Z][\w&.'’-]*){0,3})\s*$")
_AUTHOR_OUTLET = re.compile(rf"\s*(?:,| for| \||\bof| -| –| —|/)\s*(?P<outlet>{_NAME})$")
_OUTLET_LINE = re.compile(r"(?:The )?[A-Z][\w&.'’-]*(?: (?:of|and|the|al-)?\s?[A-Z][\w&.'’-]*){0,4}")
_OUTLET_WORD = re.compile(
    r"\b(?:news|times|post|chronicle|herald|tribune|mirror|mail|telegraph|guardian|independent|journal|gazette|press|"
    r"sun|star|express|standard|observer|today|daily|weekly|agency|media|tv|radio|bbc|cnn|afp|ap|reuters|al jazeera|"
    r"associated press|ukrinform|interfax|tass|pravda|politico|bloomberg|sky|nbc|cbs|abc|npr|economist|"
    r"magazine|review)\b",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})\.?"
_DATES = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?P<year>(?:19|20)\d\d)(?!\d)"
    ),
    re.compile(rf"(?<!\w){_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)(?!\d)"),
)
# A page's section hung on the headline: "... mass graves – World News".
_SECTION_SUFFIX = re.compile(
    r"\s+[–—|-]\s+(?:(?:World|UK|US|Europe|Politics|Business|Latest|Breaking|National|International|War) )?"
    r"(?:News|Politics|World|Opinion|Sport|Business|Analysis|Live|Video)$"
)


def metadata(text: str, lines: Sequence[Line]) -> Metadata:
    """Read off what the text itself states.

    Args:
        text: stored text.
        lines: its lines, as :func:`warreader.index.ingest.lines.classify` gives them.

    Returns:
        ``title`` (the headline line), ``outlet``, ``author`` and ``date`` (ISO
        8601) where a line states them plainly; all else is ``None``.
    """
    title = next((_SECTION_SUFFIX.sub("", line) for line in _of(text, lines, LineKind.HEADLINE)), None)
    author: str | None = None
    outlet: str | None = None
    stated: str | None = None
    for line in _of(text, lines, LineKind.BYLINE):
        by, of = _byline(line)
        author, outlet = author or by, outlet or of
        stated = stated or _date(line)
    if outlet is None:
        outlet = _closing_credit(text, lines)
    return Metadata(title=title, outlet=outlet, author=author, date=stated)


def fallback_title(text: str, lines: Sequence[Line]) -> str:
    """A title for an article whose text has no headline.

    Returns:
        The first sentence of the first body line (of the first line that is not
        blank where there is no body), at most 100 code points, cut at a word
        and closed with "…"; empty for a text without words.
    """
    stretches = [line for line in lines if text[line.start : min(line.end, line.start + 2000)].strip()]
    stretches = [line for line in stretches if line.kind is LineKind.BODY] or stretches
    if not stretches:
        return ""
    line = stretches[0]
    head = next(sentences(text, line.start, min(line.end, line.start + 2000)), None)
    words = " ".join(text[head.start : head.end].split()) if head else ""
    if len(words) <= _TITLE_LENGTH:
        return words
    cut = words.rfind(" ", 0, _TITLE_LENGTH)
    return words[: cut if cut > _TITLE_LENGTH // 2 else _TITLE_LENGTH - 1].rstrip(" ,;:–—-") + "…"


def _of(text: str, lines: Sequence[Line], kind: LineKind) -> Iterator[str]:
    for line in lines:
        if (
            line.kind is kind
            and 0 < line.end - line.start <= _LONGEST
            and (found := text[line.start : line.end].strip())
        ):
            yield found


def _byline(line: str) -> tuple[str | None, str | None]:
    """Author and outlet stated by one byline."""
    if match := _SUPPLIED.match(line):
        return match["author"].strip() or None, match["outlet"]
    if match := _SOURCE.match(line):
        return None, match["outlet"].strip(" .")
    via = _VIA.search(line)
    outlet = via["outlet"].strip() if via else None
    if match := _BY.match(line):
        return _author(line, match, outlet)
    if outlet is None and _OUTLET_LINE.fullmatch(line) and _OUTLET_WORD.search(line):
        outlet = line.strip("() .")
    return None, outlet


def _author(line: str, match: re.Match[str], outlet: str | None) -> tuple[str | None, str | None]:
    author = match["author"].strip(" .")
    if (
        outlet is None
        and (after := _AUTHOR_OUTLET.match(line, match.end()))
        and _OUTLET_WORD.search(after["outlet"])
    ):
        outlet = after["outlet"].strip()
    if _OUTLET_WORD.search(author):
        return None, outlet or author
    return author if author[:1].isupper() else None, outlet


def _closing_credit(text: str, lines: Sequence[Line]) -> str | None:
    """The outlet in "... from Ukraine. — BBC News", the way syndicated stories close."""
    body = [line for line in lines if line.kind is LineKind.BODY and text[line.start : line.end].strip()]
    if not body:
        return None
    tail = text[max(body[-1].start, body[-1].end - 60) : body[-1].end].rstrip()
    match = _DASHED.search(tail)
    if (
        match
        and _OUTLET_WORD.search(match["outlet"])
        and tail[: match.start()].rstrip().endswith((".", "”", '"', "!"))
    ):
        return match["outlet"]
    return None


def _date(line: str) -> str | None:
    for pattern in _DATES:
        if match := pattern.search(line):
            groups = match.groupdict()
            month = int(groups["number"]) if groups.get("number") else _month(groups["month"])
            try:
                return date(int(groups["year"]), month, int(groups["day"])).isoformat()
            except ValueError:
                continue
    return None


def _month(name: str) -> int:
    return next((at for at, month in enumerate(_MONTHS, 1) if month == name.lower()[:3]), 0)

"""Text handling shared by search, entities, quotations and matching. Offsets are code points."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from warreader.index.article import Line, Span

# Curly and straight marks, no-break spaces and odd hyphens are written for one another;
# every replacement is one code point for one, so offsets hold.
_FOLDED = {
    **dict.fromkeys(map(ord, "‘’‚‛′ʼ＇`´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»＂"), '"'),
    **dict.fromkeys(
        map(
            ord,
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t",
        ),
        " ",
    ),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
}
_MARKS = tuple((chr(code), folded) for code, folded in _FOLDED.items())

# The bytes of these marks in UTF-8, each read as a letter of Latin-1 or of Windows.
_MISREAD = {
    "\x98": "  ‘",
    "\x99": "’  ",
    "\x9c": "  “",
    "\x9d": "”  ",
    "\x93": " – ",
    "\x94": " — ",
    "\xa6": "…  ",
}
_MISREAD |= {"˜": "  ‘", "™": "’  ", "œ": "  “", "“": " – ", "”": " — "}
_MISREAD_MARK = re.compile(f"â[\x80€]([{''.join(_MISREAD)}])")

_SEQUENCE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*+[ -/]*+[@-~]|(?:\x1b[\\]PX^_])[^\x07\x1b\n]*+(?:\x07|\x1b\\\\)"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gov",
        "sen",
        "rep",
        "gen",
        "col",
        "lt",
        "sgt",
        "capt",
        "maj",
        "adm",
        "cmdr",
        "st",
        "jr",
        "sr",
        "inc",
        "corp",
        "co",
        "ltd",
        "vs",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "no",
        "rev",
        "hon",
        "mt",
        "ft",
        "art",
        "etc",
        # German, French, Polish, Russian and Ukrainian.
        *(
            "bzw",
            "nr",
            "str",
            "mio",
            "mrd",
            "usw",
            "ggf",
            "evtl",
            "geb",
            "sog",
            "mme",
            "mlle",
            "np",
            "tzw",
            "płk",
        ),
        *("ул", "им", "гг", "ред", "просп", "обл", "вул", "ім", "див", "напр", "проф", "акад", "св", "пл"),
    ]
)
_ORDINAL = re.compile(
    r"\b(?:der|die|das|dem|den|des|im|vom|zum|zur|beim|seit|bis|ab) \d{1,2}\.(?=\s)"
    r"|\b\d{1,2}\.(?=\s(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b)"
)
"""A German ordinal number, whose stop ends nothing: am 24. Februar, die 3. Brigade."""
# Possessive and anchored, so that a run of a hundred thousand stops is read once.
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"”’'»)\]]*+(?=\s+(?:[—–] )?[\"“‘'«(\[—–-]*[^\W_a-z])"
    r"|(?<![。！？])[。！？]++[」』”]*"
)
_LETTER = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")


def storable(text: str) -> str:
    """The text with lone surrogates, which UTF-8 can't hold, shown as U+FFFD: as SQLite takes it.

    An argument's bytes that are no UTF-8 come as such.
    """
    return _SURROGATE.sub("\ufffd", text)


def without_controls(text: str) -> str:
    """The text as one types it: without escape sequences (ECMA-48, 5.4 and 5.6) and control characters, but for
    line ends, each of which becomes ``\\n``, and tabs."""
    if text.isprintable():
        return text
    return _CONTROL.sub("", _SEQUENCE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def _placeholders() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(32) if code != 10}
    table[9] = " "
    table[0x7F] = "␡"
    hidden = [
        *range(0x80, 0xA0),  # C1: some terminals obey them
        0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A),  # bidi marks, overrides, isolates
        0x2028, 0x2029, 0xFEFF,
        *range(0xD800, 0xE000),
        *range(0xE0000, 0xE0080),  # tag characters: invisible text
    ]  # fmt: skip
    table.update(dict.fromkeys(hidden, "\ufffd"))
    return table


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_VISIBLE = _placeholders()


def visible(text: str) -> str:
    """The text fit to be shown: whatever could steer a terminal or hide text is a sign one can see.

    Same length, so offsets hold. Line feeds stay; a tab becomes one space.
    """
    # Almost all text is, and to ask takes a tenth of the time.
    return text if text.isprintable() else text.translate(_VISIBLE)


def hidden(char: str) -> bool:
    """Whether a character shows nothing, or steers what is shown; tag characters are parts of flags."""
    return unicodedata.category(char) in _INVISIBLE and not "\U000e0020" <= char <= "\U000e007f"


def excerpt(text: str, length: int = 40) -> str:
    """The beginning of a text on one line, for a message, without control and direction characters."""
    # Beyond a few times the length nothing can be shown; a span may be a whole article.
    head = text[: 4 * length]
    line = " ".join((head if head.isprintable() else "".join(" " if hidden(c) else c for c in head)).split())
    return f"{line[: length - 1]}…" if len(line) > length or len(text) > 4 * length else line


def fold_marks(text: str) -> str:
    """The text with typographic variants written one way; same length, so offsets hold."""
    if text.isascii():
        return text.translate(_FOLDED)
    # Beyond ASCII a table is asked for each letter; looking for each mark is ten times as quick.
    for mark, folded in _MARKS:
        if mark in text:
            text = text.replace(mark, folded)
    return text


def legible(text: str) -> str:
    """The text with marks that were read in a wrong encoding, "Iâ€™m", as they were written; same length: blanks make
    up for what is too much, on the side where the mark is open."""
    if "â" not in text:
        return text
    return _MISREAD_MARK.sub(_as_written, text)


def _as_written(misread: re.Match[str]) -> str:
    mark = _MISREAD[misread[1]]
    # Within a word it is an apostrophe and closes nothing.
    inside = mark[0] == "’" and misread.string[misread.end() : misread.end() + 1].isalnum()
    return mark[1:] + mark[0] if inside else mark


def with_marks(text: str, read: str, span: Span) -> Span:
    """A span of what :func:`legible` made of a text, the marks it begins and ends with taken whole."""
    start, end = span.start, span.end
    if text[start] != read[start]:
        start -= 2
    if text[end - 1] != read[end - 1]:
        end += 2
    return Span(max(0, start), min(end, len(text)))


def fold(text: str) -> str:
    """The text with marks folded and lower-cased; same length, so offsets hold."""
    folded = fold_marks(text)
    lowered = folded.lower()
    if len(lowered) == len(text):
        return lowered
    # A few capitals (İ) lower to two code points; those stay as they are.
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Spans of the words in ``text[start:end]``; an apostrophe inside a word is part of it."""
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        yield Span(match.start(), match.end())


def _is_abbreviation(text: str, start: int, dot: int) -> bool:
    tail = text[max(start, dot - 12) : dot].split()
    if not tail:
        return False
    word = tail[-1].lstrip("(\"“‘'").lower()
    if word == "x" and tail[-2:-1] and tail[-2].lower() in ("on", "to", "via"):
        return False  # What was posted on X, no initial.
    if word in _ABBREVIATIONS or (word != "i" and re.fullmatch(r"(?:[a-z]\.)*[a-z]", word) is not None):
        return True
    if word.isdigit():
        return _ORDINAL.search(text, max(start, dot - 8), dot + 12) is not None
    if word.isascii() or len(word) > 1 or word == "я" or not word.isalpha():
        return False
    # Initials, and г. Киев; but "в 2022 г." may end a sentence.
    return tail[-1][-1].isupper() or not (tail[-2:-1] and tail[-2].isdigit())


def _goes_on(text: str, end: int) -> bool:
    """Whether what follows a stop begins with a small letter of another alphabet than the Latin one."""
    following = _LETTER.search(text, end, end + 8)
    return following is not None and following.group().islower()


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Spans of the sentences in ``text[start:end]``, trimmed; none crosses a line end."""
    limit = len(text) if end is None else end
    line_start = start
    while line_start < limit:
        line_end = text.find("\n", line_start, limit)
        line_end = limit if line_end < 0 else line_end
        begin = line_start
        for match in _SENTENCE_END.finditer(text, line_start, line_end):
            if match.group() == "." and _is_abbreviation(text, begin, match.start()):
                continue
            if _goes_on(text, match.end()):
                continue
            if (span := _trimmed(text, begin, match.end())) is not None:
                yield span
            begin = match.end()
        if (span := _trimmed(text, begin, line_end)) is not None:
            yield span
        line_start = line_end + 1


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if end > start else None


def line_spans(text: str) -> Iterator[Span]:
    r"""Spans of the lines, split at ``\n`` only: no other code point ends a line of stored text."""
    start = 0
    while True:
        end = text.find("\n", start)
        if end < 0:
            yield Span(start, len(text))
            return
        yield Span(start, end)
        start = end + 1


def blank_lines(text: str, lines: tuple[Line, ...], *, drop: frozenset[str]) -> str:
    """The text with all lines of the kinds in ``drop`` replaced by spaces; same length, so offsets hold."""
    parts: list[str] = []
    for line in lines:
        parts.append(" " * (line.end - line.start) if line.kind in drop else text[line.start : line.end])
    return "\n".join(parts)

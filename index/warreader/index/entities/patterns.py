"""Mentions that are told by their form: dates, numbers, numbered military units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from warreader.index.article import Label

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_ONLY_MONTH = r"(?:January|February|April|June|July|August|September|October|November|December)"
_DAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_PART = r"(?:morning|evening|afternoon|night)"
_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
)
_WORD_TITLE = re.sub(r"\b[a-z]", lambda initial: initial.group().upper(), _WORD)
_COUNT = rf"(?:\d{{1,3}}(?:[\d,.]{{0,9}}\d)?|{_WORD})"
_TIME = r"(?:second|minute|hour|day|week|month|year|decade|century)"
_TIMES = r"(?:seconds|minutes|hours|days|weeks|months|years|decades|centuries)"

_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?\b|"
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? (?:19|20)\d\d)?(?![\d,]*\d)|{_MONTH} (?:of )?(?:19|20)\d\d\b|"
    rf"{_MONTH} (?:last|this|next) year\b|(?:(?:[Ee]arly|[Ll]ate|[Mm]id)[- ])?{_ONLY_MONTH}\b|"
    r"[Ii]n (?P<may>March|May)\b(?! \d)|"
    rf"(?:[Ee]arlier |[Ll]ater )?(?:[Ll]ast|[Tt]his|[Nn]ext) (?:{_TIME}|{_DAY}|{_MONTH}|summer|winter|"
    r"spring|autumn|fall)"
    rf"(?: {_PART})?\b|(?:[Tt]he )?(?P<past>(?:recent|past|previous|coming|last) (?:{_COUNT} |few )?{_TIMES})\b|"
    rf"{_DAY}(?: {_PART})?\b|(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b|"
    r"(?:19|20)\d\d(?:-\d\d-\d\d|[-–/]\d\d(?:\d\d)?)?(?![\w,.]*\d|[ \u00a0]?(?:people|troops|soldiers|men|%))\b|"
    r"(?:19|20)?\d0s\b|"
    rf"{_COUNT}[- ]{_TIME}s?[- ]old\b|aged (?P<age>{_COUNT})\b|"
    rf"(?:{_COUNT}|[Aa] few|[Ss]everal|[Aa]n?|[Mm]any) {_TIME}s? (?:ago|earlier|later|before)\b|"
    rf"{_TIMES} (?:ago|earlier|later)\b|(?:{_COUNT}|[Aa] few|[Ss]everal)[- ]{_TIME}s?\b|"
    rf"(?:[Ff]or|[Oo]ver|[Ii]n|[Ww]ithin) (?P<span>{_TIMES})\b|(?:current|same) (?:year|month|week|day)\b|"
    r"\d{1,2}(?::\d\d)? ?(?:[ap]\.?m\.?|GMT|EST|EDT)(?!\w))"
)
_NUMBER = re.compile(
    rf"(?<![\w.,/-])(?:[$€£] ?)?(?:(?:[Tt]ens|[Hh]undreds|[Dd]ozens|[Ss]cores) of (?:thousands|millions)|"
    r"\d{1,3}(?:, ?\d{3}){1,5}(?!\d)|\d{1,3}(?:[\u00a0\u202f ]\d{3}){1,5}(?!\d)|"
    r"\d{1,12}(?:[.,]\d{1,9})?(?:[-–]\d[\d,.]{0,12}\d)?|"
    rf"\b(?:{_WORD}|{_WORD_TITLE}|[Dd]ozens|[Hh]undreds|[Tt]housands|[Mm]illions)\b)"
    r"(?: ?(?:%|percent\b|per cent\b|hundred\b|thousand\b|million\b|billion\b|trillion\b|bn\b|m\b))?(?![\w/]|-\w)"
)
_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,3}(?:st|nd|rd|th))\b"
)
_KIND = (
    r"(?:[Bb]rigades?|[Rr]egiments?|[Dd]ivisions?|[Bb]attalions?|[Aa]rmy|[Cc]orps|[Ss]quadrons?|Fleet|Flotilla|"
    r"Expeditionary Unit|Fighter Wing|Air Wing)"
)
_SMALL = r"(?:[Cc]ompany|[Pp]latoon)"
_ARM = (
    r"(?:[Ss]eparate|[Ii]solated|[Gg]uards?|[Mm]otori[sz]ed|[Mm]echani[sz]ed|[Rr]ifle|[Ii]nfantry|[Tt]ank|[Aa]rmou?red|"
    r"[Aa]irborne|[Aa]ir|[Aa]ssault|[Mm]arine|[Nn]aval|[Cc]oastal|[Dd]efen[cs]e|[Aa]rtillery|[Mm]issile|[Ss]pecial|"
    r"[Oo]perations?|[Pp]urpose|[Mm]ountain|[Tt]erritorial|[Cc]ombined|[Aa]rms|[Cc]ombined[- ][Aa]rms|[Rr]eserve|"
    r"[Pp]residential|"
    r"[Jj]aeger|[Jj]äger|[Bb]order|[Dd]etachment|[Aa]rmy|[Mm]otor|[Ii]ndependent|[Cc]avalry|[Pp]arachute|[Ee]ngineer|[Ff]ighter|"
    r"[Aa]viation|[Rr]econnaissance|[Cc]ombat|[Ss]pecial[- ][Pp]urpose|Red Banner|[Uu]nmanned|[Ss]ystems|[Ff]orces|"
    r"[Hh]eavy|[Ll]ight|[Rr]apid|[Rr]eaction|[Rr]esponse|[Ss]upport|[Ll]ogistics|[Vv]olunteer|[Rr]ocket|[Dd]rone|[Ss]trike|"
    r"[Cc]ommando|[Pp]aratroopers?|[Aa]nti-[Aa]ircraft|[Aa]nti-[Tt]ank|[Hh]owitzer|[Ss]ignals?|[Mm]edical|[Tt]raining|"
    r"[Ee]xpeditionary|[Ii]ntelligence|[Pp]olice|[Ss]hock|[Ff]ield|[Oo]perational|[Nn]ational)"
)
_NAMED = r"[A-Z][a-z]{3,20}"
_NUMBERED = r"\b(?:\d{1,4}(?:st|nd|rd|th)|First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|[IVX]{1,4}) "
_UNIT = re.compile(
    rf"{_NUMBERED}(?:(?:{_ARM}|{_NAMED})[ -]){{0,7}}{_KIND}\b|{_NUMBERED}(?:{_ARM}[ -]){{0,7}}{_SMALL}\b"
)
_UNIT_WORD = re.compile(
    r"rigade|egiment|ivision|attalion|Army|army|orps|quadron|Fleet|Flotilla|Expeditionary|Wing|ompany|latoon"
)
_DIGIT_OR_COUNT = re.compile(
    rf"\d|\b(?:{_WORD}|{_WORD_TITLE}|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"[Dd]ozens|[Hh]undreds|[Tt]housands|[Mm]illions|[Tt]ens|[Ss]cores)\b"
)


_DATELINE = re.compile(
    r"(?P<place>[A-Z][A-Z.'’]*(?:[ -][A-Z][A-Z.'’]*){0,3})(?:, ?[A-Z][\w.]*(?: [A-Z][\w.]*){0,2})?"
    r" ?\((?:AP|Reuters|REUTERS|AFP|UPI|TASS|Xinhua|dpa|CNN|Bloomberg|TNS|AAP|PTI)\) ?[-–—]"
)
"""What a report of an agency begins with: "SANTA FE, N.M. (AP) — "."""


def dateline(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the place stands that a line begins with in capitals, an agency in brackets and a dash after it."""
    match = _DATELINE.match(text, start, min(end, start + 120))
    return match.span("place") if match and len(match["place"]) > 2 else None


def find(text: str, start: int, end: int) -> Iterator[tuple[int, int, Label]]:
    """Units, dates and numbers in ``text[start:end]``, units first; spans of different kinds may overlap."""
    if _UNIT_WORD.search(text, start, end):
        for match in _UNIT.finditer(text, start, end):
            yield match.start(), match.end(), Label.UNIT
    for match in _DATE.finditer(text, start, end):
        inner = next((name for name in ("may", "past", "age", "span") if match[name]), None)
        if inner == "age":
            inner = None
        first, last = match.span(inner) if inner else match.span()
        yield first, last, Label.DATE
    if not _DIGIT_OR_COUNT.search(text, start, end):
        return
    for match in _NUMBER.finditer(text, start, end):
        yield match.start(), match.end(), Label.NUMBER
    for match in _ORDINAL.finditer(text, start, end):
        yield match.start(), match.end(), Label.NUMBER

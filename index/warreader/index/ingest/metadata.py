"""What an article's own text states about it: title, outlet, author, date, agency.

What it does not state plainly is unknown: a wrong outlet is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from warreader.index.article import Line, LineKind, Metadata
from warreader.index.ingest.dates import MONTHS, iso_date
from warreader.index.text import sentences

_TITLE_LENGTH = 100
_LONGEST = 300
"""Code points: a longer byline or credit states nothing that can be read off it."""

_WORD = re.compile(r"[^\W_]")
_PARTICLE = r"(?:and|&|de|del|der|den|da|di|du|la|le|van|von|al|el|bin|ibn|ben|af|av|y)"
_PART = r"[^\W\d_][\w.'’-]*"
_NAME = rf"{_PART}(?: (?:{_PARTICLE} ){{0,2}}{_PART},?){{0,12}}"
_BY = re.compile(
    rf"\(?(?i:by|written by|authors?|words by|story by|reported by|posted by|text by|von|par|por|autor(?:in)?|"
    rf"автори?|авторы|текст|text|texte|texto):?(?:\s+[—–-])?\s+(?P<author>{_NAME})"
)
_SUPPLIED = re.compile(
    r"(?i:content created and supplied by):\s*(?P<author>[^()\n]{1,60}?)\s*"
    r"(?:\((?i:via)\s+(?P<outlet>[^()\n]{2,60}?)\s*\))?$"
)
_SOURCE = re.compile(r"(?i:article source):?\s+(?P<outlet>[^\W\d_][^|\n]{1,59})$")
_SUPPLIER = re.compile(
    r"(?i:(?:this (?:article|story|post) (?:was |is )?)?(?:originally|first) (?:published|appeared|posted) (?:by|in)|"
    r"source):?"
    r"\s+(?P<agency>[^\W\d_][^|\n.]{1,59})"
)
_VIA = re.compile(r"\((?i:via)\s+(?P<outlet>[^\W\d_][^()\n]{1,59}?)\s*\)$")
_AFTER_AUTHOR = re.compile(
    r"\s*(?:,| for| \||\bof| -| –| —|/|\()\s*(?P<whose>[^\W\d_][^|,()\n]{1,59}?)\)?\s*(?:$|[,|])"
)
_OUTLET_LINE = re.compile(r"(?:The )?[A-Z][\w&.'’-]*(?: (?:of|and|the|al-)?\s?[A-Z][\w&.'’-]*){0,4}")
_MONTH_NAMES = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?"
)
_AFTER_NAMES = (
    r"published|updated|posted|staff|reporters?|correspondents?|korrespondent(?:in)?|redakteur(?:in)?|editors?|writers?|"
    r"columnists?|contributors?|contributing|political|diplomatic|executive|business|minutes?|follow|twitter|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
_NAME_ENDS = re.compile(
    rf"(?<![^ ])(?:(?i:{_AFTER_NAMES})\b|"
    r"(?i:senior|chief|special|read|last|our|on)(?= )|"
    rf"(?!{_PARTICLE} |(?:al|el|ad|as|an|ul)-)[a-z])|(?<=[^\W\d_]{{3}})\.(?= )|"
    # Markup that is gone leaves no blank.
    rf"(?<=[a-z]{{2}})(?=(?!(?-i:[a-z]))(?i:{_AFTER_NAMES}|{_MONTH_NAMES}|fox|bbc|cnn)\b)"
)
"""What follows a name in a byline and is no part of it."""
_MONTH_ENDS = re.compile(rf",? (?:on|{_MONTH_NAMES})[.,]?$", re.IGNORECASE)
"""A month under a name, if a day follows it."""
_OWNER = re.compile(
    r"\b(?:media|interactive|universal|nbcuniversal|communications?|broadcasting|networks?|newspapers|group|holdings?|"
    r"publishing|publications|publishers|digital|entertainment|uk|usa|corporation|space|partners|services|company|"
    r"magazines|ventures|agency|gmbh|s\.?a\.?)\b",
    re.IGNORECASE,
)
"""What owners of outlets are called, who hold the rights and are not what the outlet is called."""
_OUTLET_WORD = re.compile(
    r"\b(?:news|times|post|chronicle|herald|tribune|mirror|mail|telegraph|guardian|independent|journal|gazette|press|"
    r"sun|star|express|standard|observer|today|daily|weekly|agency|media|tv|radio|bbc|cnn|al jazeera|"
    r"pravda|politico|sky|nbc|cbs|abc|npr|economist|magazine|review)\b",
    re.IGNORECASE,
)
_AGENCIES = {
    "associated press": "The Associated Press", "ap": "The Associated Press", "reuters": "Reuters", "afp": "AFP",
    "agence france-presse": "AFP", "agence france presse": "AFP", "dpa": "dpa", "pa": "PA", "pa media": "PA",
    "press association": "PA", "efe": "EFE", "ansa": "ANSA", "tass": "TASS", "ria novosti": "RIA Novosti",
    "interfax": "Interfax", "interfax-ukraine": "Interfax-Ukraine", "ukrinform": "Ukrinform", "unian": "UNIAN",
    "xinhua": "Xinhua", "anadolu": "Anadolu", "anadolu agency": "Anadolu", "kyodo": "Kyodo", "kyodo news": "Kyodo",
    "yonhap": "Yonhap", "upi": "UPI", "bloomberg": "Bloomberg", "bloomberg news": "Bloomberg", "pti": "PTI",
    "ani": "ANI", "aap": "AAP", "belta": "BelTA", "cnn": "CNN", "tns": "TNS", "irna": "IRNA", "sana": "SANA",
    "ukrainska pravda": "Ukrainska Pravda",
}  # fmt: skip
"""Who supplies texts to outlets, by the names they sign with."""
_SIGNED_FOR = re.compile(
    r"(?P<name>[A-Z]\S+(?: \S+){1,3}) (?:The )?(?P<agency>Associated Press|Reuters|AFP|Bloomberg News)"
)
_DATELINE = re.compile(
    r"(?P<place>(?:[A-Z][\w.'’-]*+,?+(?: |/)?(?:(?:of|the|de|al|and|\d{1,2}\.?,?) ?)?){0,8})"
    r"(?:\((?P<round>[A-Za-z][A-Za-z -]{1,24})\)|/(?P<slashed>[A-Z]{2,12})/)\.?\s*(?P<dash>[-–—:]|\Z)?"
)
"""The beginning of a first paragraph: "KYIV, Ukraine (AP) — "."""
_BARE_DATELINE = re.compile(
    r"(?:[A-Z][\w.'’-]*(?:,? [A-Z][\w.'’-]*){0,4},? )?"
    r"(?P<agency>CNN|AP|AFP|Reuters|REUTERS|UPI|ANSA|EFE|dpa) [—–] (?=\W?\w)"
)
"""The same as some sites' own texts have it: "CNN — ", "Kyiv, Ukraine CNN — "."""
_CLOSING = re.compile(
    r"[.!?…][\"”'’)]*\s*(?:[—–-]{1,2}\s*(?P<dashed>[A-Z][\w&.'’-]*(?: [A-Z][\w&.'’-]*){0,3})|"
    r"\((?P<round>[A-Z][\w -]{1,24})\))\.?\s*$"
)
"""The end of a last paragraph: "... from Ukraine. — BBC News"."""
_INBOX = re.compile(
    r"\bfrom (?:the )?(?P<outlet>[A-Z][\w&.'’-]*(?: [A-Z][\w&.'’-]*){0,4}),? "
    r"(?:direct|straight|delivered|right|every|in your|to your)\b"
)
_TEAM = re.compile(
    r"(?P<outlet>[A-Z][\w&.'’-]*(?: [A-Z&][\w&.'’-]*){0,3}) (?:Editorial )?(?:Team|Staff|Desk|Newsroom)"
)
_COPYRIGHT = re.compile(
    r"(?:Copyright|COPYRIGHT|©|\([cC]\))[\s©(cC)]{0,6}(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?,?\s+)?(?:by )?"
    r"(?P<outlet>[A-Z][\w&.'’-]*(?: (?:of |and |the )?[A-Z][\w&'’-]*){0,5})"
)
_SYNDICATE = re.compile(r"\b(?:agency|syndicate|writers group|features)$", re.IGNORECASE)
_KNOWN_AS = {"Cable News Network": "CNN"}
"""Companies that sign otherwise than their outlets are called."""
_COMPANY = re.compile(r",? (?:LLC|L\.L\.C|Inc|Ltd|Limited|Corp|Corporation|Company|Co|Plc|GmbH|All)\b.*$")
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_DATES = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?: of| de)? {_MONTH},?(?: de)? (?P<year>(?:19|20)\d\d)(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)/(?P<number>\d\d)/(?P<day>\d\d)(?!\d)"),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>(?:19|20)\d\d)(?!\d)"),
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?(?:[年년]|\.)\s?(?P<number>\d{1,2})\s?(?:[月월]|\.)\s?(?P<day>\d{1,2})(?!\d)"
    ),
    re.compile(rf"(?<!\w){_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)(?!\d)"),
)
_HEAD = 2
"""Lines of body above which a bare date still belongs to the head of the article."""
_NEAR = 3
"""Lines above a headline that may still be about it."""
_PUBLISHED = re.compile(r"\W*(?:first |last )?(?:published|posted|updated|modified|date\b)", re.IGNORECASE)
_UPDATED = re.compile(r"\W*(?:last )?(?:updated|modified)\b", re.IGNORECASE)
# A page's section hung on the headline: "... mass graves – World News".
_SECTION_SUFFIX = re.compile(
    r"(?<!\s)\s++[–—|-]\s++(?:(?:World|UK|US|Europe|Politics|Business|Latest|Breaking|National|International|War) )?"
    r"(?:News|Politics|World|Opinion|Sport|Business|Analysis|Live|Video)$"
)


@dataclass(slots=True)
class _Signed:
    """What a byline states."""

    author: str | None = None
    outlet: str | None = None
    agency: str | None = None


def metadata(text: str, lines: Sequence[Line]) -> Metadata:
    """Read off what the text itself states.

    Args:
        text: stored text.
        lines: its lines, as :func:`warreader.index.ingest.lines.classify` gives them.

    Returns:
        ``title`` (the headline line), ``outlet``, ``author``, ``date`` (ISO 8601,
        of publication; of the last change where only that is stated) and
        ``agency`` where a line states them plainly; all else is ``None``.
    """
    reading = _Reading(text, lines)
    for line in lines:
        if line.start < line.end:
            reading.take(line)
    return reading.result()


class _Reading:
    """What the lines of a text have stated so far, taken one after another."""

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self._text = text
        self._from = _above_headline(lines)
        self._found = _Signed()
        self._title: str | None = None
        self._dates: list[tuple[bool, str]] = []
        """Each with whether it is of a change."""
        self._body: list[Line] = []
        self._above: Line | None = None

    def take(self, line: Line) -> None:
        """Read a line that isn't blank."""
        above, self._above = self._above, line
        if line.kind is LineKind.FURNITURE and above is not None:
            _add(self._found, _author_box(_begun(self._text, above), _begun(self._text, line)))
        if line.kind is LineKind.BODY:
            self._body.append(line)
        elif line.end - line.start <= _LONGEST and (
            said := self._text[line.start : line.end].strip().strip("*_")
        ):
            self._read(line, said)
            if line.kind is LineKind.FURNITURE and above is not None and above.kind is LineKind.BYLINE:
                self._signed_on(said)

    def _signed_on(self, said: str) -> None:
        """Take a line that is a day and nothing else, under a byline at the head, for the article's."""
        if len(self._body) <= _HEAD and (day := iso_date(said)) and len(day) > len("2022-03"):
            self._dates.append((False, day))

    def _read(self, line: Line, said: str) -> None:
        if line.kind is LineKind.HEADLINE:
            self._title = self._title or _SECTION_SUFFIX.sub("", said)
        elif line.kind is LineKind.FURNITURE:
            _add(self._found, _self_named(said))
        elif line.kind is LineKind.BYLINE and line.start >= self._from:
            _add(self._found, _byline(said))
            # A date far down, by itself, is part of a list and not the article's.
            near = len(self._body) <= _HEAD or _PUBLISHED.match(said)
            if near and (stated := day_in(said)):
                self._dates.append((_UPDATED.match(said) is not None, stated))

    def result(self) -> Metadata:
        """All that was stated, with what stands at the body's beginning and end."""
        text, body, found = self._text, self._body, self._found
        if body and not found.outlet:
            # A text on one line has the notice at its end.
            tail = text[max(body[-1].start, body[-1].end - _LONGEST) : body[-1].end]
            _add(found, _self_named(tail[begin:] if (begin := tail.rfind("©")) >= 0 else ""))
        return Metadata(
            title=self._title,
            outlet=found.outlet,
            author=found.author,
            date=min(self._dates, key=lambda one: one[0])[1] if self._dates else None,
            agency=found.agency or _dateline(text, body[:3]) or _closing_credit(text, body),
        )


def _begun(text: str, line: Line) -> str:
    return text[line.start : min(line.end, line.start + _LONGEST)].strip()


def _above_headline(lines: Sequence[Line]) -> int:
    """From where on lines may sign the article: far above its headline are menus, and today's date."""
    filled = [line for line in lines if line.start < line.end]
    at = next((at for at, line in enumerate(filled) if line.kind is LineKind.HEADLINE), 0)
    return filled[max(0, at - _NEAR)].start if filled else 0


def _add(found: _Signed, more: _Signed) -> None:
    found.author = found.author or more.author
    found.outlet = found.outlet or more.outlet
    found.agency = found.agency or more.agency


def fallback_title(text: str, lines: Sequence[Line]) -> str:
    """A title for an article whose text has no headline.

    Returns:
        The first sentence of the first body line (of the first line that is not
        blank where there is no body), at most 100 code points, cut at a word
        and closed with "…"; empty for a text without words.
    """
    stretches = [line for line in lines if _WORD.search(text, line.start, min(line.end, line.start + 2000))]
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


def _agency(name: str) -> str | None:
    """The agency that signs with this name."""
    return _AGENCIES.get(name.strip(" .()").lower().removeprefix("the "))


def _byline(line: str) -> _Signed:
    """What one byline states."""
    if match := _SUPPLIED.match(line):
        return _Signed(match["author"].strip() or None, match["outlet"])
    if match := _SOURCE.match(line):
        name = match["outlet"].strip(" .")
        return _Signed(outlet=name)
    if match := _SUPPLIER.match(line):
        name = match["agency"].strip()
        return _Signed(agency=_agency(name) or (name if _OUTLET_LINE.fullmatch(name) else None))
    via = _VIA.search(line)
    outlet = via["outlet"].strip() if via else None
    if match := _BY.match(line):
        return _author(line, match, outlet)
    if agency := _agency(line):
        return _Signed(agency=agency)
    if outlet is None and _OUTLET_LINE.fullmatch(line) and _OUTLET_WORD.search(line):
        outlet = line.strip("() .")
    return _Signed(outlet=outlet)


def _author(line: str, match: re.Match[str], outlet: str | None) -> _Signed:
    """Author, and whose author: "By Lyse Doucet, BBC News"."""
    name, end = match["author"], match.end()
    begin = match.start("author")
    cut = _NAME_ENDS.search(name)
    if cut is None and line[match.end() : match.end() + 2].strip()[:1].isdigit():
        cut = _MONTH_ENDS.search(name)
    if cut:
        name, end = name[: cut.start()], begin + cut.start()
    names: list[str] = []
    found = _Signed(outlet=outlet)
    for part in map(str.strip, name.split(",")):
        if found.outlet and found.outlet != outlet:
            break  # from where: "By Lyse Doucet, BBC News, Kyiv"
        if agency := _agency(part):
            found.agency = agency
        elif signed := _SIGNED_FOR.fullmatch(part):
            names.append(signed["name"])
            found.agency = found.agency or _agency(signed["agency"])
        elif _OUTLET_WORD.search(part) or (names and part.startswith("The ")):
            # Cut off at a role, it is a desk and no outlet ("BBC Washington correspondent").
            found.outlet = found.outlet or (part if not cut else None)
        elif part and not (names and cut):
            names.append(part)
    if (after := _AFTER_AUTHOR.match(line, end)) and not found.outlet:
        whose = after["whose"].strip()
        found.agency = found.agency or _agency(whose)
        if not found.agency and _OUTLET_LINE.fullmatch(whose) and _OUTLET_WORD.search(whose):
            found.outlet = whose
    author = ", ".join(_once(one) for one in names).strip(" .")
    if " " not in author:
        # Menus sort "By Category"; whoever signs with one name is not worth taking those for people.
        author = ""
    # "By the Numbers" heads a list.
    found.author = author if author[:1].isupper() and not author.startswith("The ") else None
    return found


def _once(name: str) -> str:
    """A name that stands twice, under the picture and beside it, once."""
    words = name.split()
    half = len(words) // 2
    return " ".join(words[:half]) if half and words[:half] == words[half:] else name


def _self_named(line: str) -> _Signed:
    """The outlet, or the agency, that a newsletter line or a copyright notice names as itself."""
    match = _INBOX.search(line) if "inbox" in line else None
    if match is None and ("opyright" in line or "©" in line):
        match = _COPYRIGHT.search(line)
    if match is None:
        return _Signed()
    name = _COMPANY.sub("", match["outlet"]).strip(" .")
    name = _KNOWN_AS.get(name, name)
    name = name.partition(". ")[0].removeprefix("Copyright ")
    if agency := _agency(name) or (name if _SYNDICATE.search(name) else None):
        return _Signed(outlet=name) if name in _KNOWN_AS.values() else _Signed(agency=agency)
    own = _OUTLET_WORD.search(name) and not _OWNER.search(name)
    return _Signed(outlet=name if own else None)


def _author_box(name: str, about: str) -> _Signed:
    """The outlet in a box of two lines: "The Chronicle Team", and under it "The Chronicle is ...", of itself."""
    match = _TEAM.fullmatch(name)
    if match is None:
        return _Signed()
    outlet = match["outlet"]
    own = outlet.removeprefix("The ").split(" ")[0]
    speaks = re.match(rf"(?:The )?{re.escape(own)}\b.{{0,60}}? is (?:an?|the)\b", about)
    return _Signed(outlet=outlet) if speaks else _Signed()


def _dateline(text: str, body: Sequence[Line]) -> str | None:
    """The agency in "KYIV, Ukraine (AP) — "."""
    for line in body:
        head = text[line.start : min(line.end, line.start + 120)].lstrip()
        if (" — " in head or " – " in head) and (bare := _BARE_DATELINE.match(head)):
            return _agency(bare["agency"])
        match = _DATELINE.match(head) if "(" in head or "/" in head else None
        if match and (agency := _agency(match["round"] or match["slashed"])):
            place = match["place"].strip()
            if match["dash"] or not place or place.partition(" ")[0].strip(",.").isupper():
                return agency
    return None


def _closing_credit(text: str, body: Sequence[Line]) -> str | None:
    """Who supplied the text, the way syndicated stories close: "... from Ukraine. — BBC News"."""
    for line in reversed(body[-2:]):
        tail = text[max(line.start, line.end - 60) : line.end].rstrip()
        if match := _CLOSING.search(tail):
            name = match["dashed"] or match["round"]
            if agency := _agency(name):
                return agency
            if match["dashed"] and _OUTLET_WORD.search(name):
                return str(name)
    return None


def day_in(line: str) -> str | None:
    """The first date in a line that names its day, month and year beyond doubt, as ISO 8601."""
    for pattern in _DATES:
        for match in pattern.finditer(line):
            groups = match.groupdict()
            month = int(groups["number"]) if groups.get("number") else MONTHS.get(groups["month"].lower(), 0)
            try:
                return date(int(groups["year"]), month, int(groups["day"])).isoformat()
            except ValueError:
                continue
    return None

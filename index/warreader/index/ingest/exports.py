"""Articles out of what news archives export: many in one document, each between a head and a foot of fields.

Known are Factiva (headings or two-letter codes; closed by "Document NYTF000020230206ej2600001"), Nexis Uni and
LexisNexis (closed by "End of Document") and the older LexisNexis ("3 of 50 DOCUMENTS" above each).

An article's text is its lines as they stand in the document, head and foot with them; what a field states
becomes metadata, and the field's line is furniture. A cover page and a list of contents belong to no article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from warreader.index.article import LineKind, Metadata
from warreader.index.ingest import fields, plain
from warreader.index.ingest.dates import iso_date
from warreader.index.ingest.pieces import Raw, filled

_FACTIVA = re.compile(r"(?:AN\s+)?Document ([A-Z0-9]{6,20}(?:19|20)\d{6}[a-z0-9]{6,14})")
_CODED = re.compile(
    r"(SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CO|IN|NS|RE|IPD|IPC|PUB|AN|ART|RF|CLM|CT)(?:\s+|$)"
)
_LEXIS = "End of Document"
_NUMBERED = re.compile(r"(?:Document )?\d{1,4} of \d{1,4}(?: DOCUMENTS?)?")
_COUNTED = re.compile(r"\d[\d,]* words", re.IGNORECASE)
_RIGHTS = re.compile(r"(?:copyright\b|©|\(c\))", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}:\d\d(?: ?[AP]M)?(?: [A-Z]{2,4})?", re.IGNORECASE)
_NAMES = re.compile(
    r"(?:[Bb][Yy] )?[^\W\d_][\w.'’-]*(?:,? (?:and |de |van |von |al-)?[^\W\d_][\w.'’-]*){1,8}"
)
_STATED = re.compile(
    r"(section|length|byline|dateline|highlight|graphic|load-date|language|publication-type|journal code|subject|"
    r"organization|company|industry|person|geographic|country|state|city|notes|correction-date|series|type|url|"
    r"publication type|ticker|document-type|name|body|classification|distribution)\s*(?::\s*(.*))?",
    re.IGNORECASE,
)
_WHERE = re.compile(r"(?<=[\w.]),? in [A-Z][\w.'’-]*(?:,? [A-Z][\w.'’-]*){0,3}$")
"""From where somebody reports."""
_ROLE = re.compile(
    r"(?:(?<!\s)\s++)?+[,;] (?:[\w.&'’-]++ ){0,4}?"
    r"(?:(?:staff|special|foreign|contributing)\b.*|(?:correspondent|reporter|editor|writer)s?)$",
    re.IGNORECASE,
)
"""As what somebody writes: "Jane Doe, Example Post Staff Writer"."""
_FOOT = frozenset(
    "load-date language publication-type subject organization company industry person geographic country "  # noqa: SIM905
    "classification ticker document-type".split()
)
_ABOVE = frozenset("section length byline dateline highlight body graphic series".split())  # noqa: SIM905
_COVER = re.compile(
    r"(?:\| ?)?About LexisNexis\b.*|Search Type:.*|Narrowed by:|Content Type\W+Narrowed by|"
    r"[\w ]{2,30} \| (?:sources|content type|publication type|timeline|language|source type)\b[^:]*:.*",
    re.IGNORECASE,
)
_FEWEST, _CODES = 4, 5
"""Lines of the shortest article, and codes of the fewest fields that it has."""
_REST = 300
"""Code points behind the last article that are more than a page number."""
_HEAD = 16
"""Lines that are not blank among which an article's head stands."""


def parted(raw: Raw) -> Iterator[Raw]:
    """The articles of a document that an archive exported; any other document as it is."""
    text = raw.text
    if "Document " not in text and _LEXIS not in text and "DOCUMENTS" not in text:
        yield raw
        return
    lines = text.split("\n")
    kinds = raw.kinds or (None,) * len(lines)
    stretches = _stretches(list(map(str.strip, lines)))
    found = [one for stretch in stretches if (one := _Found(lines, kinds, stretch)).filled]
    read = [one.read() for one in found]
    if not any(read):
        yield raw
        return
    shared = replace(raw.meta, title=None, author=None, url=None, date=None)
    for one in found:
        meta = filled(one.meta, shared)
        own = "\n".join(one.lines)
        number = one.number or plain.made_id(raw.id, meta, own)
        yield Raw(number, own, meta, raw.place, stated_id=bool(one.number), kinds=tuple(one.kinds))


def _stretches(lines: Sequence[str]) -> list[range]:
    """From where to where each article stands, the line that closes it with it."""
    ends = [at + 1 for at, line in enumerate(lines) if line == _LEXIS or _FACTIVA.fullmatch(line)]
    if ends:
        # Whatever stands behind the last: an article, or what the archive says of the search.
        rest = [line for line in lines[ends[-1] :] if line]
        if sum(map(len, rest)) >= _REST and not rest[0].startswith("Search Summary"):
            ends.append(len(lines))
        ends[-1] = len(lines)
        return [range(begin, end) for begin, end in zip([0, *ends], ends, strict=False)]
    begins = [at for at, line in enumerate(lines) if _NUMBERED.fullmatch(line)]
    if not any("DOCUMENTS" in lines[at] for at in begins):
        return []
    if sum(map(len, lines[: begins[0]])) >= _REST:
        begins.insert(0, 0)
    begins[0] = 0
    return [range(begin, end) for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True)]


class _Found:
    """One article of an export, its fields read as they come.

    Args:
        whole: the document's lines.
        kinds: what markup told of each.
        stretch: where the article stands.
    """

    def __init__(self, whole: Sequence[str], kinds: Sequence[LineKind | None], stretch: range) -> None:
        own = _without_cover(whole, stretch)
        self.lines = [whole[at] for at in own]
        self.kinds = [kinds[at] for at in own]
        # Of a PDF's pages their heads and feet are known, and stand between any two lines.
        self.filled = [
            at
            for at, line in enumerate(self.lines)
            if line.strip() and (self.kinds[at] is not LineKind.FURNITURE or _closes(line.strip()))
        ]
        self.meta = Metadata()
        self.number: str | None = None

    def read(self) -> bool:
        """Read head and foot; false where there are none."""
        self._closed()
        if len(self.filled) < _FEWEST:
            return False
        coded = sum(_CODED.match(self._said(at)) is not None for at in self.filled)
        if coded >= _CODES and _CODED.match(self._said(self.filled[0])):
            self._coded()
            return True
        return self._factiva() if self.number else self._lexis()

    def _closed(self) -> None:
        """Set aside the line that closes the article, and what stands beyond; or above its number."""
        for place, at in enumerate(self.filled):
            match = _FACTIVA.fullmatch(self._said(at))
            if match or self._said(at) == _LEXIS:
                self.number = match[1] if match else None
                self.filled, beyond = self.filled[:place], self.filled[place:]
                break
            if _NUMBERED.fullmatch(self._said(at)) and (not place or "DOCUMENTS" in self._said(at)):
                self.filled, beyond = self.filled[place + 1 :], self.filled[: place + 1]
                break
        else:
            return
        for at in beyond:
            self._set(at)

    def _said(self, at: int) -> str:
        return self.lines[at].strip()

    def _set(self, at: int, kind: LineKind = LineKind.FURNITURE) -> None:
        self.kinds[at] = kind

    def _state(self, **stated: str | None) -> None:
        self.meta = replace(self.meta, **{name: value for name, value in stated.items() if value})

    # Factiva.

    def _coded(self) -> None:
        """Fields behind two letters, on their own line or on the field's."""
        code, texts = "", dict[str, list[str]]()
        for at in self.filled:
            said = self._said(at)
            match = _CODED.match(said)
            value = said[match.end() :] if match else said
            code = match[1] if match else code
            if value:
                texts.setdefault(code, []).append(value)
            kind = {"HD": LineKind.HEADLINE, "BY": LineKind.BYLINE}.get(code)
            if code not in ("LP", "TD", "HD") or not value:
                self._set(at, kind if kind and value else LineKind.FURNITURE)
            elif kind:
                self._set(at, kind)

        def one(name: str) -> str | None:
            return " ".join(texts.get(name, ())) or None

        self._state(
            title=one("HD"),
            author=_without_by(one("BY")),
            date=iso_date(one("PD") or ""),
            outlet=one("SN"),
            language=fields.language(one("LA")),
        )

    def _factiva(self) -> bool:
        """Title, byline, words, date, source, code, language, rights: a line each, without names."""
        head = self.filled[:_HEAD]
        count = next((at for at in head if _COUNTED.fullmatch(self._said(at))), None)
        if count is None:
            return False
        above = [at for at in head if at < count]
        below = [at for at in head if at > count]
        self._titled(above)
        self._set(count)
        dated = next((at for at in below[:3] if _is_date(self._said(at))), None)
        if dated is None:
            return True
        self._state(date=iso_date(self._said(dated)))
        after = [at for at in below if at > dated and not _TIME.fullmatch(self._said(at))]
        rights = next((at for at in after if _RIGHTS.match(self._said(at))), None)
        spoken = next((at for at in after if _language(self._said(at))), None)
        last = rights if rights is not None else spoken
        if after:
            self._state(outlet=self._said(after[0]))
        if spoken is not None:
            self._state(language=_language(self._said(spoken)))
        for at in below:
            if at <= (last if last is not None else after[0] if after else dated):
                self._set(at)
        return True

    def _titled(self, above: Sequence[int]) -> None:
        """A title over perhaps several lines, and who wrote it."""
        signed = above[-1] if len(above) > 1 and _is_names(self._said(above[-1])) else None
        title = [at for at in above if at != signed]
        # What stands above the title is the section that it was printed in.
        while len(title) > 1 and len(self._said(title[0]).split()) <= 2:
            self._set(title.pop(0))
        for at in title[:1]:
            self._set(at, LineKind.HEADLINE)
        for at in title[1:]:
            self._set(at, LineKind.STANDFIRST)
        if title:
            self._state(title=self._said(title[0]))
        if signed is not None:
            self._set(signed, LineKind.BYLINE)
            self._state(author=_without_by(self._said(signed)))

    # LexisNexis.

    def _lexis(self) -> bool:
        """Title, outlet and date, then fields with names, the text, and more fields."""
        own = self.filled
        stated = {at: match for at in own if (match := _STATED.fullmatch(self._said(at)))}
        first = next((at for at in own[:_HEAD] if at in stated and stated[at][1].lower() in _ABOVE), None)
        if first is None:
            return False
        self._lexis_head([at for at in own if at < first])
        text = next((at for at in own if at in stated and stated[at][1].lower() == "body"), None)
        foot = next(
            (at for at in own if at > first and at in stated and stated[at][1].lower() in _FOOT), None
        )
        for at in own:
            above = at < text if text is not None else at in stated
            if at >= first and (above or at == text or (foot is not None and at >= foot)):
                self._set(at)
                if at in stated:
                    self._named(at, stated[at][1].lower(), stated[at][2])
        return True

    def _lexis_head(self, head: Sequence[int]) -> None:
        dated = next((at for at in head if _is_date(self._said(at))), None)
        rights = next((at for at in head if _RIGHTS.match(self._said(at))), None)
        others = [at for at in head if at not in (dated, rights)]
        for at in head:
            self._set(at)
        if dated is not None:
            self._state(date=iso_date(_day_of(self._said(dated))))
        # Once the outlet stood first, and the title under the date.
        title = next(
            (at for at in others if dated is not None and at > dated and self._is_title(at, rights)), None
        )
        outlet = next((at for at in others if at != title), None)
        if title is None and others:
            title, outlet = others[0], others[1] if len(others) > 1 else None
        if title is not None:
            self._set(title, LineKind.HEADLINE)
            self._state(title=self._said(title))
        if outlet is not None:
            self._state(outlet=self._said(outlet))

    def _is_title(self, at: int, rights: int | None) -> bool:
        """Whether a line under the date can be the title rather than the edition."""
        said = self._said(at)
        return (rights is None or at > rights or len(said.split()) > 3) and "Edition" not in said

    def _named(self, at: int, name: str, value: str | None) -> None:
        if name == "byline" and value:
            self._set(at, LineKind.BYLINE)
            self._state(author=_without_by(value))
        elif name == "highlight" and value:
            self._set(at, LineKind.STANDFIRST)
        elif name == "language" and value:
            self._state(language=fields.language(value.partition(";")[0].strip().lower()))


def _closes(line: str) -> bool:
    return line == _LEXIS or bool(_FACTIVA.fullmatch(line) or _NUMBERED.fullmatch(line))


def _without_cover(lines: Sequence[str], stretch: range) -> range:
    """A stretch without the cover page and the blank lines above its article."""
    begin = stretch.start
    for at in stretch:
        if _COVER.fullmatch(lines[at].strip()):
            begin = at + 1
    while begin < stretch.stop and not lines[begin].strip():
        begin += 1
    return range(begin, stretch.stop)


def _language(line: str) -> str | None:
    """The language that a line names."""
    found = fields.language(line) if len(line) > 2 else None
    return found if found != line else None


def _day_of(line: str) -> str:
    """A date without what Lexis adds: the day of the week and the hour."""
    match = re.match(r"[^\W\d_]+ \d{1,2}, \d{4}|\d{1,2} [^\W\d_]+ \d{4}", line)
    return match[0] if match else line


def _is_date(line: str) -> bool:
    return len(line) <= 60 and any(map(str.isdigit, line)) and iso_date(_day_of(line)) is not None


def _is_names(line: str) -> bool:
    return (
        _NAMES.fullmatch(line) is not None
        and (line[:3].lower() == "by " or sum(map(str.istitle, line.replace(",", "").split())) >= 2)
        and len(line.split()) <= 8
        and not any(map(str.isdigit, line))
    )


def _without_by(value: str | None) -> str | None:
    if not value:
        return None
    return _ROLE.sub("", _WHERE.sub("", re.sub(r"^[Bb][Yy]:? ", "", value))).strip() or None

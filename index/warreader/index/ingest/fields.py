"""What the fields of records are called, and what is in them: from the names people use to ours."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from warreader.index.article import Metadata
from warreader.index.ingest.dates import iso_date

Named = Mapping[str, Any]
"""A record by the plain forms of its field names: see :func:`named`."""

NAMES: dict[str, tuple[str, ...]] = {
    field: tuple(names.split())
    for field, names in {
        "id": "id _id guid uuid docid documentid articleid newsid storyid postid itemid recordid @id",
        "text": "text fulltext maintext articlebody articletext bodytext body content contenttext contenthtml "
        "bodyhtml plaintext rawtext cleantext textcontent storytext newstext newscontent articlecontent "
        "story article contents transcript fullcontent posttext html message "
        "текст текстстатьи текстстатті texte artikeltext volltext texto tekst treść",
        "title": "title headline articletitle newstitle headlinetext webtitle fulltitle titletext "
        "pagetitle storytitle newsheadline articleheadline titleofarticle "
        "subject name заголовок название назва titel überschrift titre título titulo tytuł",
        "outlet": "outlet sourcename publishername publisher publication publicationname newspaper newspapername "
        "sitename site website source media medianame mediaoutlet outletname newssource newsoutlet "
        "provider channel feedtitle publicationtitle sourcetitle newsoutletname mediasource "
        "journal brand sourcedomain sourcehostname hostname domain host "
        "источник джерело издание видання сми змі quelle medium zeitung fuente medio źródło",
        "author": "author authors byline bylines creator creators dccreator writer writers journalist "
        "journalists reporter reporters authorname authornames articleauthor articleauthors writtenby "
        "by user from автор авторы автори verfasser autor auteur autora",
        "date": "date datepublished publisheddate publicationdate publishdate datepublish published publishedat "
        "publishedon publishedtime publishtime pubdate pubtime publicationtime firstpublished "
        "firstpublicationdate firstpublishedat dateofpublication publicationdatetime publisheddatetime "
        "publicationday webpublicationdate datetimepub datetime dategmt "
        "articledate newsdate postdate posted postedat dateposted createdat created datecreated "
        "createdtime releasedate isodate seendate timestamp time day дата датапубликации "
        "датапублікації datum veröffentlicht erschienen fecha fechadepublicación",
        "url": "url link href permalink canonical canonicalurl canonicallink articleurl articlelink weburl "
        "pageurl newsurl storyurl storylink newslink webaddress internetaddress articleaddress "
        "sourceurl originalurl uri mainentityofpage source guid @id id "
        "ссылка посилання адрес адреса lien enlace adresse",
        "language": "language lang inlanguage locale langcode languagecode articlelanguage sourcelang "
        "язык мова sprache langue idioma język",
        "agency": "agency newsagency wireservice wire",
    }.items()
}
"""Plain names of each field of ours, the likeliest first; its own name comes before all others.

English ones, and those of tables in the languages whose dates are read."""

SHORT = ("description", "summary", "abstract", "excerpt", "leadparagraph", "snippet", "lead", "standfirst")
"""What stands in for a text where there is none, if it is long enough to be one."""

LONG_ENOUGH = 200
"""Code points from which a summary may be the text."""

# What wraps the fields of an article: Elasticsearch, the Guardian, JSON:API, GraphQL and their like.
_WRAPPERS = ("source", "fields", "attributes", "properties", "document", "doc", "article", "node", "data")
# Where an object holds its value: WordPress, the New York Times, MongoDB, XML turned into JSON, schema.org.
_INSIDE = ("name", "rendered", "title", "main", "text", "value", "$oid", "$date", "$numberLong", "#text",
           "@value", "original", "url", "@id", "uri", "screen_name", "username")  # fmt: skip
_SURROGATE = re.compile("[\ud800-\udfff]")
_ADDRESS = re.compile(r"(?:https?:)?//[^\s/]+\.[^\s]+", re.IGNORECASE)
_PERHAPS = frozenset({"source", "guid", "@id", "id", "uri"})
_BY = re.compile(r"^(?:written |posted |words )?by:?\s+", re.IGNORECASE)
_NOBODY = re.compile(r"(?:staff|admin|editors?|guest|unknown|web ?desk|news ?desk|newsroom)", re.IGNORECASE)
MISSING = frozenset(
    ["nan", "NaN", "NaT", "None", "null", "NULL", "<NA>", "N/A", "n/a", "#N/A", "(null)", "undefined"]
)
"""What programs write where nothing is known."""
_UNLIKE = re.compile(r"[\W_]+")
_WHOLE = r"(?:full|entire|whole|complete|clean(?:ed)?)"
_QUALIFIED = rf"(?:{_WHOLE}|main|raw|plain|extracted|news|post|page|item|report|story|article|doc(?:ument)?)"
_HOLDS = r"(?:text|body|contents?|transcript)"
_TEXT_NAME = re.compile(
    rf"(?:{_QUALIFIED}|{_HOLDS})*{_HOLDS}(?:of(?:the)?{_QUALIFIED}+)?|{_WHOLE}{_QUALIFIED}*(?:story|article)"
)
"""Names put together of words for a text, in whatever order people have thought of: "Full Story", "text of article"."""
_NOT_STATED = re.compile(
    r"unknown(?: author| source)?|no (?:author|source|byline)|not (?:available|found|known|given|stated|specified)|"
    r"n\.?/?a\.?|none|null|nan|[\W_]*",
    re.IGNORECASE,
)
"""What stands for an author or an outlet where nobody knows one."""
_LANGUAGES = {
    "english": "en", "eng": "en", "ukrainian": "uk", "ukr": "uk", "russian": "ru", "rus": "ru", "german": "de",
    "deu": "de", "ger": "de", "french": "fr", "fra": "fr", "fre": "fr", "spanish": "es", "spa": "es", "polish": "pl",
    "pol": "pl", "italian": "it", "ita": "it", "portuguese": "pt", "por": "pt", "arabic": "ar", "ara": "ar",
    "hebrew": "he", "heb": "he", "turkish": "tr", "tur": "tr", "chinese": "zh", "zho": "zh", "chi": "zh",
    "japanese": "ja", "jpn": "ja", "korean": "ko", "kor": "ko", "persian": "fa", "fas": "fa", "dutch": "nl",
    "nld": "nl", "romanian": "ro", "ron": "ro", "czech": "cs", "ces": "cs", "hungarian": "hu", "hun": "hu",
}  # fmt: skip


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A field's name without case and punctuation; a leading ``@`` stays.

    A name that can only be a text's, and is none of those in :data:`NAMES`, becomes ``fullcontent``.
    """
    plain = ("@" if name.startswith("@") else "") + _UNLIKE.sub("", name).lower()
    return "fullcontent" if plain not in NAMES["text"] and _TEXT_NAME.fullmatch(plain) else plain


def named(record: Mapping[Any, Any], mapping: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The record's fields by their plain names, those of ours by ours.

    A name of ours written exactly wins over others that are the same but for
    case and punctuation; what ``mapping`` says (from a name of ours to a field's
    name, perhaps a dotted path into objects) wins over both.
    """
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(name, str):
            plain = plain_name(name)
            if plain not in found or plain == name or found[plain] in (None, ""):
                found[plain] = value
    if "text" not in found:
        _unwrap(found)
    for ours, theirs in (mapping or {}).items():
        if (value := _at(record, theirs)) is not None:
            found[ours] = value
    return found


def _unwrap(found: dict[str, Any]) -> None:
    """Add the fields of an object that wraps the article, unless the article is known by its own."""
    if any(isinstance(found.get(name), str) for name in NAMES["text"]):
        return
    for wrapper in _WRAPPERS:
        inner = found.get(wrapper)
        if isinstance(inner, dict) and has_text(within := named(inner)):
            del found[wrapper]
            for name, value in within.items():
                found.setdefault(name, value)
            return


def has_text(record: Named) -> bool:
    """Whether one of its fields is called what texts are called and holds something."""
    return any(record.get(name) for name in NAMES["text"])


def _at(record: Mapping[Any, Any], path: str) -> Any:
    """What stands under a name, or where a dotted path leads; ``None`` for nothing."""
    if path in record:
        return record[path]
    if (like := same_name(path, record)) is not None:
        return record[like]
    value: Any = record
    for step in path.split("."):
        if isinstance(value, list) and value:
            value = value[int(step) if step.isdecimal() and int(step) < len(value) else 0]
            if step.isdecimal():
                continue
        if not isinstance(value, Mapping):
            return None
        name = step if step in value else same_name(step, value)
        if name is None:
            return None
        value = value[name]
    return value


def same_name(wanted: str, names: Iterable[Any]) -> str | None:
    """The first of the names that is the wanted one but for case, or for blanks at its ends."""
    folded = wanted.strip().casefold()
    return next((name for name in names if isinstance(name, str) and name.strip().casefold() == folded), None)


def text_of(record: Named) -> tuple[str, str] | None:
    """The field that holds the text, and the text as it is; ``None`` where there is none.

    A text may be a list of parts, strings or objects with a ``text`` (Telegram's export).
    """
    blank = None
    for name in NAMES["text"]:
        text = _joined(record.get(name))
        if text is not None:
            if text.strip():
                return name, text
            blank = blank or (name, text)
    for name in SHORT:
        text = _joined(record.get(name))
        if text is not None and len(text.strip()) >= LONG_ENOUGH:
            return name, text
    return blank


def _joined(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return next(
            (
                v
                for name in ("rendered", "html", "text", "value", "#text")
                if isinstance(v := value.get(name), str)
            ),
            None,
        )
    if isinstance(value, list) and value:
        parts = [part if isinstance(part, str) else _joined(part) for part in value]
        if all(part is not None for part in parts):
            # Strings among objects are one running text with links; either alone are paragraphs.
            running = len({isinstance(part, str) for part in value}) == 2
            return ("" if running else "\n").join(part for part in parts if part is not None)
    return None


def metadata(record: Named) -> Metadata:
    """What the record states of the article, as far as it can be read."""
    return Metadata(
        title=next(_values(record, "title"), None),
        outlet=_outlet(record),
        author=_author(record),
        date=next((found for value in _values(record, "date") if (found := iso_date(value))), None),
        url=_url(record),
        language=language(next(_values(record, "language"), None)),
        agency=next(_values(record, "agency"), None),
    )


def stated_id(record: Named) -> str | None:
    """The id the record states, as it is written; ``None`` for none."""
    for name in NAMES["id"]:
        value = record.get(name)
        if isinstance(value, dict):
            value = next((v for key in ("$oid", "$numberLong", "#text") if (v := value.get(key))), None)
        if isinstance(value, int | str) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return None


def _values(record: Named, field: str) -> Iterator[str]:
    for name in NAMES[field]:
        if name in record and (value := single(record[name])):
            yield value


def single(value: Any) -> str | None:
    """A field's value on one line: a string or number, the first of a list, what an object is named."""
    if isinstance(value, str):
        if _SURROGATE.search(value):
            value = _SURROGATE.sub("\ufffd", value)
        line = " ".join(value.split())
        return None if line in MISSING else line or None
    if isinstance(value, bool) or value != value:
        return None
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return next((found for item in value[:3] if (found := single(item))), None)
    if isinstance(value, dict):
        return next((found for name in _INSIDE if name in value and (found := single(value[name]))), None)
    return None


def _url(record: Named) -> str | None:
    for name in NAMES["url"]:
        value = single(record[name]) if name in record else None
        # What is called a source or an id may be an address, and may be anything else.
        if value and (name == "url" or _ADDRESS.match(value) or (name not in _PERHAPS and " " not in value)):
            return value
    return None


def _outlet(record: Named) -> str | None:
    """The outlet's name; where only its address is known, the host."""
    host = None
    for name in NAMES["outlet"]:
        value = single(record[name]) if name in record else None
        if value and _NOT_STATED.fullmatch(value):
            continue
        if value and name == "outlet":
            return value
        if value and not _ADDRESS.match(value):
            return value.removeprefix("www.")
        if value and host is None and name not in {"source"}:
            host = _host(value)
    return host


def _host(address: str) -> str | None:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _author(record: Named) -> str | None:
    for name in NAMES["author"]:
        value = record.get(name)
        if isinstance(value, str) and value.startswith(("['", '["')):
            value = _listed(value)
        if isinstance(value, list):
            people = [_BY.sub("", person, count=1) for item in value[:20] if (person := single(item))]
            named = [person for person in people if not _NOBODY.fullmatch(person)] or people
            found = ", ".join(dict.fromkeys(named)) or None
        else:
            found = _BY.sub("", stated, count=1) if (stated := single(value)) else None
        if found and not _NOT_STATED.fullmatch(found) and not (name != "author" and _ADDRESS.match(found)):
            return found
    return None


def _listed(value: str) -> Any:
    """A list as a table's cell holds it, written out by Python or as JSON."""
    try:
        return ast.literal_eval(value) if len(value) < 10_000 else value
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return value


def language(stated: str | None) -> str | None:
    """ISO 639-1 where the tag or name is known, else as stated."""
    if stated is None:
        return None
    head = re.split(r"[-_]", stated.lower(), maxsplit=1)[0]
    return head if len(head) == 2 and head.isascii() else _LANGUAGES.get(head, stated)

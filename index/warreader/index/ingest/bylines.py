"""Names in what pages state of their authors, and what else is put there."""

from __future__ import annotations

import re
from collections.abc import Iterable

from warreader.index.ingest import outlets
from warreader.index.ingest.outlets import bare_words

_SUFFIX = re.compile(r"\.[a-z]{2,4}$", re.IGNORECASE)
_BRACKETED = re.compile(r"(?:(?<!\s)\s++)?+[(\[][^()\[\]]*+[)\]]")
_BY = re.compile(
    r"(?:(?:posted|written|reported|story|words|text|analysis) )?"
    r"(?:by|par|por|von|autor(?:in)?|автор|texte|texto|tekst|текст):? ",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(
    r"(?:(?:(?<!\s)\s++)?+(?:[;|•·]|, (?=[^,]++(?:,|$))|,(?=\S))|"
    r"(?<!\s)\s++(?:&|and|und|et|e|y|og|och|и|і|та)\s)\s*+"
)
_ROLE = re.compile(
    r"(?:(?:\w+ ){0,4}(?:editor|correspondent|reporter|writer|journalist|columnist|producer|analyst|bureau|chief|"
    r"contributor|presenter|author)s?(?: (?:in|at|for|of)\b.*)?)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r".*(?:https?:|www\.|@|\.(?:com|net|org|ua|ru|uk)\b).*|(?:admin\w*|editor|web ?editor|staff|webmaster|root|author|"
    r"authors|user\d*|redaktion|redakcja|redacción|rédaction|редакция|редакція|null|none|n/a|unknown|guest|by|"
    r"undefined|x+|\W*|\d*)",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^and |(?:^|(?<!\s)\s++)(?:(?:last )?(?:updated|published|posted|modified)|view (?:author|all|profile|bio|orcid)|"
    r"link copied|more (?:stories|by|from|articles)|get author|see (?:full )?bio|read (?:time|more)|lesedauer|"
    r"follow(?:ing)?|share|email|photographs? by|illustration by|\d+ min(?:ute)?s?|"
    # Many people are called May or April, nobody December.
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|march|april|august)\.?(?= \d)|"
    r"(?:january|february|september|october|november|december|sept|oct|nov|dec)\.?(?=$| \d))(?!\w).*$|"
    r"(?<=\w)\s++(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:,.*)?$",
    re.IGNORECASE,
)
"""What markup that is gone leaves hanging on a name."""
AGENCY = re.compile(
    r"(?:the )?(?:reuters|associated press|ap|ap news|agence france[- ]presse|afp|deutsche presse-agentur|dpa|"
    r"pa media|press association|pa|efe|agencia efe|ansa|tass|тасс|ria novosti|риа новости|interfax(?:[- ]ukraine)?|"
    r"интерфакс(?:-украина)?|інтерфакс-україна|ukrinform|укринформ|укрінформ|unian|уніан|униан|xinhua|"
    r"anadolu(?: agency| ajansı)?|upi|united press international|kyodo(?: news)?|yonhap(?: news agency)?|bloomberg|"
    r"belga|pap|čtk|ctk|mti|ntb|ritzau|tt|anp|lusa|keystone-sda|sda|aap|australian associated press|"
    r"canadian press|ians|pti|ani|press trust of india)(?: in [\w ,]{2,40})?",
    re.IGNORECASE,
)


def people(names: Iterable[str]) -> list[str]:
    """The names among these, each once: no role, login or address, and nothing that hangs on a name."""
    people: dict[str, str] = {}
    for name in names:
        for part in _BETWEEN_NAMES.split(_BY.sub("", _BRACKETED.sub("", name), count=1)):
            person = _NO_NAME.sub("", part.strip(" ,.-–—|")).strip(" ,.-–—|")
            if 1 < len(person) <= 60 and not (_NOBODY.fullmatch(person) or _ROLE.fullmatch(person)):
                people.setdefault(bare_words(person), person)
    return list(people.values())


def is_named(name: str, outlet: str) -> bool:
    """Whether a name is the outlet's, with or without the end of its address."""
    return bare_words(name) in {bare_words(outlet), bare_words(_SUFFIX.sub("", outlet))}


def without_outlet(author: str, outlet: str | None) -> str:
    """A name without the outlet's behind it ("Jane Doe, Example News", "Jane Doe Example News")."""
    head, comma, tail = author.rpartition(", ")
    if comma and outlet and outlets.is_one_of(tail, {bare_words(outlet)}):
        return head
    words = author.split()
    for at in range(2, len(words)):
        if outlet and bare_words(" ".join(words[at:])) == bare_words(outlet):
            return " ".join(words[:at]).rstrip(",")
    return author

"""From the bytes of a page to its characters, whatever it says, or doesn't say, of its encoding."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What pages mean by these names: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    # The same but for the letters that Ukrainian has beyond the Russian ones.
    "koi8-r": "koi8-u",
    # The rest of the UTF family would be told by its mark or its zeros; UTF-7 hides markup.
    "utf-7": "utf-8",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
    "utf-32": "utf-8",
}
_OF_OTHER_USE = frozenset(["idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"])
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\s[^<>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_LOOKED_AT = 16_384
"""Bytes from a page's beginning in which it may declare its encoding; from its words, to guess it by."""

# One byte a character, so any bytes can be read as any of these: only the words tell whether it was right.
_SINGLE = re.compile(r"cp125\d|cp874|cp866|iso8859|koi8|mac")
_MARKUP = re.compile(rb"<(script|style)\b[^<]*(?:<(?!/\1)[^<]*)*|<[^<>]*>?", re.I)
_FOREIGN = re.compile(rb"[\x20-\x7e]{0,20}[\x80-\xff][\x20-\x7e\x80-\xff]*")
_LANGUAGE = re.compile(rb"""<html\b[^<>]{0,300}?\blang\s*=\s*["']?([a-z]{2})""", re.I)
_LATIN = {**dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl"), "cp1250"), "tr": "cp1254"}
_PLAIN = re.compile(rb"[A-Za-z]")
_CYRILLIC = re.compile("[а-яіїєґў]")
_CYRILLIC_CAPITAL = re.compile("[А-ЯІЇЄҐЎ]")
_GUESSES = ("cp1251", "koi8-u", "cp866", "mac-cyrillic", "iso8859-5")


def decode(data: bytes, charset: str | None = None) -> str:
    """The characters of a page or of a part of one. What can't be read is U+FFFD; nothing is raised.

    A byte order mark decides; then whether the bytes are UTF-8, which others are
    only by rare chance; then what is declared, unless its words show that it can't
    be true; then a guess by the words.

    Args:
        data: the bytes.
        charset: stated from outside (HTTP, MIME); it goes before what the page itself declares.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    if b"\0" in data[:200] and (wide := _zeros(data[:200])):
        return data.decode(wide, "replace")
    declared = [name for name in (codec_of(charset), _stated(data)) if name]
    if (unicode := _utf8(data, declared)) is not None:
        return unicode
    for name in declared:
        try:
            text = data.decode(name)
        except UnicodeDecodeError as error:
            # A page cut off, or with a slip or two, is still what it says; one in another encoding fails throughout.
            text = data.decode(name, "replace")
            if text.count("\ufffd") > 5 + len(data) // 2000 and error.start < len(data) - 4:
                continue
        if not _SINGLE.match(name) or _likely(name, data):
            return text
    return data.decode(_guess(data) or (declared or ["cp1252"])[0], "replace")


def known(charset: str | None) -> str | None:
    """Python's name for a declared encoding; ``None`` for one it doesn't know, or that no text to be read is in.

    Whatever comes from outside is decoded by no other: ``punycode`` takes the square of a text's length.
    """
    try:
        name = codecs.lookup((charset or "").strip("\"' \t")).name
        if name not in _MEANT:
            b"    ".decode(name)
    except (LookupError, ValueError):
        # Unknown, or no encoding of text ("hex", "rot13").
        return None
    return None if name in _OF_OTHER_USE else name


def codec_of(charset: str | None) -> str | None:
    """As :func:`known`, corrected to what pages mean by it."""
    name = known(charset)
    return None if name is None else _MEANT.get(name, name)


def _zeros(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its markup is zero."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) * 4 < max(even, odd) and max(even, odd) > len(head) // 4:
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def _stated(data: bytes) -> str | None:
    for match in _DECLARED.finditer(data[:_LOOKED_AT]):
        if name := codec_of(match[1].decode("ascii", "replace")):
            return name
    return None


def _utf8(data: bytes, declared: list[str]) -> str | None:
    """As UTF-8, if that is what it is; a few bytes gone wrong don't make it another encoding."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        beyond = len(data) - len(text)  # at least one byte more for each character that is not ASCII
        return text if wrong * 50 < beyond or (wrong <= 1 and declared[:1] == ["utf-8"]) else None
    # ASCII bytes alone may be shifted to another script and back (ISO-2022-JP, HZ).
    shifted = text.isascii() and any(name.startswith(("iso2022", "hz")) for name in declared)
    return None if shifted else text


def _likely(name: str, data: bytes) -> bool:
    """Whether the words read well so: small letters are many, capitals and signs among them few."""
    sample = _sample(data).decode(name, "replace")
    foreign = [character for character in sample if character > "\x7f"]
    if len(foreign) < 8:
        return True
    small, capital = len(_CYRILLIC.findall(sample)), len(_CYRILLIC_CAPITAL.findall(sample))
    if small + capital > len(foreign) / 2:
        return small > capital
    if name in {"cp1252", "cp1250", "cp1254", "cp1257", "iso8859-2", "iso8859-15", "mac-roman"}:
        return _is_latin(_sample(data))
    return True


def _is_latin(sample: bytes) -> bool:
    """Latin script has its accents among plain letters; any other read as Latin is nothing but accents."""
    plain = len(_PLAIN.findall(sample))
    return plain > (len(sample) - plain) / 2


def _guess(data: bytes) -> str | None:
    """The encoding that makes the best words of it."""
    sample = _sample(data)
    if not sample:
        return None
    scores = {name: _score(sample.decode(name, "replace")) for name in _GUESSES}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > 0.5:
        return best
    if _is_latin(sample):
        language = _LANGUAGE.search(data[:_LOOKED_AT])
        return _LATIN.get(language[1].decode("ascii").lower(), "cp1252") if language else "cp1252"
    from charset_normalizer import from_bytes

    found = from_bytes(sample, steps=5, chunk_size=512).best()
    return None if found is None else codec_of(found.encoding)


def _score(text: str) -> float:
    """How far it reads as Cyrillic: the share of frequent small letters, less that of rare ones and of signs."""
    foreign = [character for character in text if character > "\x7f"]
    frequent = sum(character in "оеаинтсрвлкмдпі" for character in foreign)
    common = sum(character in "уяызбьгчйхжшюїєАБВГДЕЗИКЛМНОПРСТУФХЧ«»—–’" for character in foreign)
    return (2 * frequent + common) / len(foreign) - 1 if len(foreign) >= 8 else 0.0


def _sample(data: bytes) -> bytes:
    """Words of the page that hold bytes beyond ASCII, without its markup."""
    text = _MARKUP.sub(b" ", data[: 40 * _LOOKED_AT])
    return b" ".join(match.group() for match in _FOREIGN.finditer(text))[:_LOOKED_AT]

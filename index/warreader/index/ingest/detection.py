"""Which encoding a text without a mark or declaration is in, told by its letters."""

from __future__ import annotations

import re

_SAMPLE = 20_000
"""Bytes of words that are looked at."""

_WORDS = re.compile(rb"(?<![\x21-\x7e\x80-\xff])[\x21-\x7e]*+[\x80-\xff][\x21-\x7e\x80-\xff]*+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ASCII_LETTER = re.compile(r"[A-Za-z]")
_SHIFTED = re.compile("[а-яёіїєґα-ω][А-ЯЁІЇЄҐΑ-Ω]")

# Marks and signs that news is written with, whatever its language.
_MARKS = "“”„‘’‚«»–—…•·°§©®€£№\xa0"
_CYRILLIC = ("оеаинтсрвлкмдпуяызбіьгчйхжшюїєщцфэ", "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯІЇЄҐґёЁўЎъЪьЫЙ")
_CENTRAL = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰöüäÖÜÄâăîÂĂÎţşŢŞđĐôľĺŕ"
_WESTERN = "éèàùâêîôûçëïüäöÜÄÖßáíóúñåæøœÉÈÀÇÁÍÓÚÑÅÆØŒãõÃÕìòÊÎÔºª"
# Encoding, letters seen often, letters seen seldom; where two fit alike, the first is taken.
_SINGLE = (
    ("cp1252", _WESTERN, ""),
    ("cp1251", *_CYRILLIC),
    ("koi8-u", *_CYRILLIC),
    ("cp866", *_CYRILLIC),
    ("mac-cyrillic", *_CYRILLIC),
    ("iso8859-5", *_CYRILLIC),
    ("cp1254", "çğıöşüÇĞİÖŞÜâîû", ""),
    ("cp1250", _CENTRAL, ""),
    ("iso8859-2", _CENTRAL, ""),
    ("cp1253", "αεηιουνσςτρκπλμάέήίόύώγδθφχω", "βζξψΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏϊϋΐΰ"),
    ("cp1255", "יוהלארמבתשנכעדקפחגסטצזםןךףץ", ""),
    ("cp1256", "الينمورتبةعدسفهكقحجشطصخضذثزغظىءآأإؤئ", "پچژگکیی،؟ًٌٍَُِّْ"),
)
_LATIN = frozenset({"cp1252", "cp1250", "iso8859-2", "cp1254"})
_DOUBLE = ["gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"]
_ENOUGH = 0.5


def guess(data: bytes) -> str | None:
    """The encoding that makes words of the bytes beyond ASCII, as Python names it; ``None`` where none does.

    Each encoding of one byte a letter is tried; the score is the share of
    letters that are frequent in the languages written in it, where words of two
    scripts count against it. What none of these makes words of is left to
    charset-normalizer, for the encodings of East Asia.

    Args:
        data: a text or its beginning; it isn't UTF-8.
    """
    sample = b" ".join(_WORDS.findall(data[: 50 * _SAMPLE]))[:_SAMPLE]
    scores = {name: _score(sample, name, often, seldom) for name, often, seldom in _SINGLE}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > _ENOUGH:
        return best
    from charset_normalizer import from_bytes

    # The sample's end may have cut a character of up to four bytes.
    for end in range(len(sample), max(0, len(sample) - 4), -1):
        if found := from_bytes(sample[:end], cp_isolation=_DOUBLE, enable_fallback=False).best():
            return found.encoding
    return None


def _score(sample: bytes, name: str, often: str, seldom: str) -> float:
    """1 for nothing but frequent letters and marks, below 0 for what nobody writes."""
    text = sample.decode(name, "replace")
    foreign = [character for character in text if character > "\x7f"]
    if not foreign:
        return 0.0
    weights = {
        **dict.fromkeys(seldom, 0.5),
        **dict.fromkeys(_MARKS, 1.0 if name in _LATIN else 0.8),
        **dict.fromkeys(often, 1.0),
    }
    total = sum(weights.get(character, -1.0) for character in foreign)
    # Latin script has its accents among plain letters; no other has plain letters or capitals inside its words.
    odd = 0
    for match in _LETTERS.finditer(text):
        word = match.group()
        plain = len(_ASCII_LETTER.findall(word))
        beyond = len(word) - plain
        if (beyond > 2 + plain) if name in _LATIN else plain or _SHIFTED.search(word):
            odd += beyond
    return (total - 2 * odd) / len(foreign)

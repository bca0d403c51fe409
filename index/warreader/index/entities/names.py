"""Forms of names: what is equal but for spelling, honorific, transliteration."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from warreader.index.text import fold_marks

_KNOWN = 1 << 13
"""Names that are kept in memory as they were worked out: those of some hundred articles."""

LONE = "person lone "
"""What the key of a person begins with who is known by one name only; the name, folded, comes after it."""

_SPACE = re.compile(r"\s+")
_NOT_SLUG = re.compile(r"[^\w]+")
_HONORIFIC = re.compile(
    r"(?:(?:mr|mrs|ms|miss|dr|sir|lord|lady|dame|president|prime minister|minister|captain|capt|colonel|col|"
    r"general|gen|lieutenant|lt|major|maj|sergeant|sgt|admiral|adm|governor|gov|mayor|chancellor|secretary|senator|sen|rep|professor|"
    r"prof|baroness|viscount|countess|king|queen|prince|princess|pope)\.? )+",
    re.IGNORECASE,
)
_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_UNIT_NUMBER = re.compile(r"\d+")
_UNIT_KIND = re.compile(
    r"(brigade|regiment|division|battalion|army|corps|legion|district|fleet|squadron|company|platoon|group)"
)
_ROMAN_OR_WORD = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6",
    "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10",
}  # fmt: skip

# Latin spellings of Russian and Ukrainian sounds written one way. The order matters: longer spellings first.
_SOUNDS = (
    ("shch", "sc"), ("sch", "sc"), ("tch", "c"), ("ch", "c"), ("kh", "h"), ("gh", "h"), ("zh", "z"), ("sh", "s"),
    ("ts", "c"), ("tz", "c"), ("ck", "k"), ("cz", "c"), ("x", "ks"), ("w", "v"), ("ph", "f"), ("yo", "o"), ("io", "o"),
    ("jo", "o"), ("yu", "u"), ("iu", "u"),
    ("ju", "u"), ("ya", "a"), ("ia", "a"), ("ja", "a"), ("iye", "e"), ("ye", "e"),
    ("ie", "e"), ("je", "e"), ("yi", "i"), ("iy", "i"), ("yy", "i"), ("ii", "i"), ("ij", "i"), ("y", "i"), ("j", "i"),
    ("g", "h"), ("q", "k"), ("c", "s"), ("ou", "u"),
)  # fmt: skip
_ARTICLES = frozenset({"al", "el", "as", "ash", "ar", "an", "at", "ad", "az"})
_DOUBLED = re.compile(r"(.)\1+")
_GIVEN = {
    "vladimir": "volodymyr", "aleksandr": "oleksandr", "alexander": "oleksandr", "aleksander": "oleksandr",
    "sergey": "serhii", "sergei": "serhii", "serhiy": "serhii", "dmitry": "dmytro", "dmitri": "dmytro",
    "dmitriy": "dmytro", "andrei": "andrii", "andrey": "andrii", "nikolai": "mykola", "nikolay": "mykola",
    "alexei": "oleksii", "aleksei": "oleksii", "alexey": "oleksii", "yevgeny": "yevhen", "evgeny": "yevhen",
    "valery": "valerii", "mikhail": "mykhailo", "pavel": "pavlo", "oleg": "oleh", "igor": "ihor",
    "denis": "denys", "yuri": "yurii", "yury": "yurii", "yuriy": "yurii", "serhi": "serhii", "sergii": "serhii",
    "mykhaylo": "mykhailo", "oleksiy": "oleksii", "vitaly": "vitalii", "vitaliy": "vitalii", "andriy": "andrii",
    "mohammad": "mohammed", "mohamed": "mohammed", "muhammad": "mohammed", "mohamad": "mohammed",
    "muhammed": "mohammed", "ahmad": "ahmed", "hasan": "hassan", "hussain": "hussein", "hossein": "hussein",
    "husain": "hussein", "hussien": "hussein", "yusuf": "yousef", "youssef": "yousef", "yussef": "yousef",
    "abdallah": "abdullah", "abdulla": "abdullah", "usama": "osama", "khaled": "khalid", "ebrahim": "ibrahim",
    "esmail": "ismail", "mahmud": "mahmoud", "mostafa": "mustafa", "umar": "omar", "qasem": "qassem",
    "kassem": "qassem", "ghassem": "qassem", "abdel": "abdul", "moussa": "musa",
    "mousa": "musa", "joe": "joseph", "mike": "michael", "tony": "anthony", "antony": "anthony",
}  # fmt: skip


@lru_cache(maxsize=_KNOWN)
def fold_name(name: str) -> str:
    """The name without case, accents, typographic variants, leading article and possessive ending."""
    plain = fold_marks(name)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    plain = _SPACE.sub(" ", plain).strip().casefold()
    plain = plain.replace("' s ", "'s ").replace("- ", "-")
    if plain.startswith("the ") and len(plain) > 5:
        plain = plain[4:]
    return plain.removesuffix("'s").removesuffix("'")


def without_marks(folded: str) -> str:
    """A folded name without what some write and some leave out: Fu'ad is Fuad, Robert F. Kennedy Robert F Kennedy."""
    return folded.replace("'", "").replace(".", "")


def without_generation(words: Sequence[str]) -> tuple[str, ...]:
    """The folded words of a person's name without what tells a son from his father: Jr, Sr, III."""
    bare = tuple(words)
    while len(bare) > 1 and bare[-1].rstrip(".") in _GENERATIONS:
        bare = bare[:-1]
    return bare


def slug(name: str) -> str:
    """The name as the last part of an id: lower-case words joined by underscores."""
    return _NOT_SLUG.sub("_", fold_name(name)).strip("_")


def strip_honorific(name: str) -> str:
    """The name without leading honorifics ("Mr Putin" is "Putin"); a bare honorific stays."""
    match = _HONORIFIC.match(name)
    return name[match.end() :] if match and match.end() < len(name) else name


@lru_cache(maxsize=_KNOWN)
def sound_key(name: str) -> str:
    """A key that Latin spellings of one Slavic or Arabic name share: Zelensky, Zelenskyy and Zelenskiy have the same.

    Given names of the two Slavic languages are taken as one (Vladimir, Volodymyr), as are the
    spellings of the common Arabic ones; the Arabic article says nothing (al-Burhan, el-Burhan, Burhan).
    """
    words = without_marks(fold_name(name)).split()
    tokens = [word for word in map(without_article, words) if word] or words
    return " ".join(
        _sound(_GIVEN.get(token, token) if at < len(tokens) - 1 else token) for at, token in enumerate(tokens)
    )


def without_article(word: str) -> str:
    """A folded word of a name without the Arabic article; nothing is left of the article alone."""
    if word in ("al", "el"):
        return ""
    article, hyphen, rest = word.partition("-")
    return rest if hyphen and rest and article in _ARTICLES else word


def _sound(token: str) -> str:
    for written, sound in _SOUNDS:
        token = token.replace(written, sound)
    return _DOUBLED.sub(r"\1", token)


def unit_key(name: str) -> str:
    """What names a military unit: number and kind ("34th separate motorized rifle brigade" is ``34 brigade``)."""
    folded = fold_name(name)
    number, kinds = _UNIT_NUMBER.search(folded), _UNIT_KIND.findall(folded)
    ordinal = (
        number.group()
        if number
        else next((_ROMAN_OR_WORD[w] for w in folded.split() if w in _ROMAN_OR_WORD), "")
    )
    if ordinal and kinds:
        return f"{ordinal} {kinds[-1]}"
    return folded

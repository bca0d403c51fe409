"""Build ``data/known_words.gz``: python -m warreader.index.entities.build_words /usr/share/dict/american-english-small

First and family names of some sixty countries come from the package ``faker`` (40.x, MIT), needed at build time
only; names in Cyrillic are written in Latin letters the ways papers do. Plain English words come from SCOWL
(http://wordlist.aspell.net, free for any use with its notice; the file is that of Debian's ``wamerican-small``). A
word that is also somebody's name is no plain word here, and a word that is also a listed place or body no first name.
"""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from warreader.index.entities.lexicon import lexicon

TARGET = Path(__file__).parent / "data" / "known_words.gz"
HEADER = (
    "# First and family names: faker, MIT licence, Copyright (c) 2012 Daniele Faraglia. Words: SCOWL, Copyright "
    "2000-2018 Kevin Atkinson, free to use, copy, modify, distribute and sell with this notice; no warranty."
)
_LATIN = re.compile(r"[A-Z\u00c0-\u017d][a-z\u00df-\u017e]+(?:[-'][A-Z\u00c0-\u017da-z\u00df-\u017e]+)?")
_CYRILLIC = re.compile(r"[А-ЯЁЄІЇҐЃЅЈЉЊЌЏ][а-яёєіїґѓѕјљњќџ'ʼ’-]+")
_PLAIN = re.compile(r"[a-z]{3,}")
_SHORTEST = 3
_LETTERS = (
    "а:a б:b в:v г:h д:d е:e з:z и:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts "
    "ч:ch ш:sh щ:shch ы:y э:e ј:j ѓ:g ѕ:dz љ:lj њ:nj ќ:k џ:dz ж:zh й:i ё:yo ю:iu я:ia є:ie і:i ї:i ґ:g -:-"
)
_EAST = dict(pair.split(":") for pair in _LETTERS.split()) | dict.fromkeys("ъь'ʼ’", "")
_RUSSIAN = {"г": "g", "и": "i", "й": "y", "ю": "yu", "я": "ya", "і": "i"}
_ENDINGS = (("yi", ("y", "yy", "yi", "iy")), ("iy", ("y", "iy", "i", "ii")), ("ii", ("ii", "iy", "y", "i")))


def sections(words: Path) -> dict[str, list[str]]:
    """The lists by name: ``given``, ``family``, ``plain``."""
    given, family = set(_names("first")), set(_names("last"))
    listed = {name for name, entry in lexicon().names.items() if not entry.doubtful}
    small = {
        word for word in words.read_text("utf-8").split() if _PLAIN.fullmatch(word) and len(word) >= _SHORTEST
    }
    first = {name for name in given if name not in listed and name.lower() not in small}
    plain = {word for word in small if word.title() not in family and word.title() not in given}
    return {
        "given": sorted(first),
        "family": sorted(name for name in family - first if name.lower() not in small and name not in listed),
        "plain": sorted(plain),
    }


def _names(kind: str) -> Iterator[str]:
    import faker.providers.person as providers

    for module in pkgutil.iter_modules(providers.__path__):
        provider = importlib.import_module(f"{providers.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            if attribute.startswith((f"{kind}_name", f"{kind}_romanized")):
                listed = getattr(provider, attribute)
                if isinstance(listed, (list, tuple, dict)):
                    yield from _latin(item[0] if isinstance(item, tuple) else item for item in listed)


def _latin(names: Iterable[object]) -> Iterator[str]:
    for name in names:
        if isinstance(name, str) and len(name) >= _SHORTEST:
            if _LATIN.fullmatch(name):
                yield name
            elif _CYRILLIC.fullmatch(name):
                yield from romanised(name)


def romanised(name: str) -> set[str]:
    """The Ukrainian and the Russian way to write a Cyrillic name in Latin letters, with the endings papers use."""
    found = set()
    for table in (_EAST, _EAST | _RUSSIAN):
        word = "".join(table.get(letter, letter) for letter in name.lower())
        for start, full in (("ie", "ye"), ("iu", "yu"), ("ia", "ya"), ("i", "i")):
            if word.startswith(start):
                word = full + word[len(start) :]
                break
        ends = next((forms for end, forms in _ENDINGS if word.endswith(end)), None)
        for form in {word[:-2] + end for end in ends} if ends else {word}:
            found.add("-".join(part.capitalize() for part in form.split("-")))
    return {form for form in found if _LATIN.fullmatch(form)}


def main(words: Path) -> None:
    """Write the lists."""
    lines = [HEADER, *(f"{name}\t{' '.join(listed)}" for name, listed in sections(words).items()), ""]
    TARGET.write_bytes(gzip.compress("\n".join(lines).encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

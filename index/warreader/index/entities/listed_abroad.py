"""The lists of names in other languages than English, whatever case they stand in."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from warreader.index.article import Label
from warreader.index.entities.cases import CYRILLIC, ENDING, SHORTEST_STEM, latin, nominatives
from warreader.index.entities.lexicon import Lexicon
from warreader.index.entities.names import sound_key

LONGEST_CASE = 4
"""Letters that a case may add to a listed word."""

SHORTEST_SOUND = 6
"""Letters of a name that is looked up by its sound."""


@cache
def tables() -> tuple[dict[str, str], dict[str, str]]:
    """Ids by beginnings in lower case, and by whole words."""
    import yaml

    path = Path(__file__).parent / "data" / "abroad.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stems: dict[str, str] = {}
    words: dict[str, str] = {}
    for identity, forms in yaml.load(path.read_text(encoding="utf-8"), Loader=loader).items():
        for form in forms.split():
            if form.endswith("*"):
                stems.setdefault(form[:-1].lower(), identity)
            else:
                words.setdefault(form, identity)
    return stems, words


def identity_of(word: str) -> str | None:
    """The id that a word has in these lists, in whatever case it stands: Київ, Києва."""
    stems, words = tables()
    low = unicodedata.normalize("NFC", word).lower()
    for cut in range(min(LONGEST_CASE, len(low) - SHORTEST_STEM) + 1):
        if ENDING.match(low[len(low) - cut :]) and (found := stems.get(low[: len(low) - cut])):
            return found
    return words.get(word)


def in_latin(name: str) -> tuple[str, ...]:
    """How a name in Cyrillic letters may be spelt in Latin ones, in small letters."""
    low = unicodedata.normalize("NFC", name).lower()
    return tuple(dict.fromkeys(latin(one) for one in (low, *nominatives(low))))


@cache
def bodies() -> tuple[str, ...]:
    """Beginnings of words that a body's name has, and no person's."""
    _, words = tables()
    return tuple(word for word, identity in words.items() if identity == "bodies")


class Identities:
    """Which listed person a name in another language is.

    Args:
        known: the lists.
    """

    def __init__(self, known: Lexicon) -> None:
        self._known = known

    def of(self, name: str) -> str | None:
        """The id of a listed person, by the sound of the name in Latin letters; where only the last name is known,
        the first has to begin alike.
        """
        words = name.split()
        found = self._sounding(words)
        if found is not None or len(words) < 2:
            return found
        alone = self._sounding(words[-1:])
        if alone is None:
            return None
        first = sound_key(latin(words[0].lower()))[:1]
        return alone if sound_key(self._known.forms[alone][0])[:1] == first else None

    def _sounding(self, words: Sequence[str]) -> str | None:
        sounds = _sounds(self._known)
        if len(words) == 1 and (listed := self._listed_person(words[0])) is not None:
            return listed
        if not CYRILLIC.search("".join(words)):
            spelt = [" ".join(words)]
        else:
            lasts = (words[-1].lower(), *nominatives(words[-1].lower()))
            firsts = (words[0].lower(), *nominatives(words[0].lower())) if len(words) > 1 else ("",)
            spelt = [f"{latin(first)} {latin(last)}".strip() for last in lasts for first in firsts]
        for name in spelt:
            entry = self._known.known(name, frozenset({Label.PERSON}))
            # A short name sounds like many others.
            sound = sound_key(name)
            found = (
                entry.id if entry is not None else sounds.get(sound) if len(sound) >= SHORTEST_SOUND else None
            )
            if found:
                return found
        return None

    def _listed_person(self, word: str) -> str | None:
        found = identity_of(word)
        return found if found is not None and found.startswith("person:") else None


_KEPT: dict[int, dict[str, str]] = {}


def _sounds(known: Lexicon) -> dict[str, str]:
    """Ids of listed persons by sound key, where it means one person only."""
    if id(known) not in _KEPT:
        found: dict[str, set[str]] = {}
        for identity, forms in known.forms.items():
            if identity.startswith("person:"):
                for form in forms:
                    found.setdefault(sound_key(form), set()).add(identity)
        _KEPT.clear()
        _KEPT[id(known)] = {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1}
    return _KEPT[id(known)]

"""What is known beforehand: hand-written lists of the war's names and places of GeoNames.

Places: GeoNames (https://www.geonames.org), CC BY 4.0. Loaded once a process, on first use.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from warreader.index.article import Label
from warreader.index.entities.names import fold_name, sound_key

_DATA = Path(__file__).parent / "data"
_BIG = 1_000_000
"""Inhabitants above which a GeoNames city is taken for what its name means without further evidence."""


class Entry(NamedTuple):
    """One name: whose it is, and how far to trust it. ``doubtful`` names need evidence in the text."""

    id: str
    label: Label
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names and words.

    Attributes:
        names: entries by name as written (straight apostrophes, single spaces).
        after_the: entries of names that count only after "the".
        longest: for the first word of a name of several words, how many words the longest such name has.
        forms: the forms listed for an id, display name first.
        words: word lists by name.
        lower: words lower-cased that are common, hence no names at a sentence's start.
    """

    names: dict[str, Entry]
    after_the: dict[str, Entry]
    longest: dict[str, int]
    forms: dict[str, tuple[str, ...]]
    words: dict[str, frozenset[str]]
    folded: dict[str, tuple[Entry, ...]]

    def known(self, name: str, labels: frozenset[Label]) -> Entry | None:
        """The entry of a name in any writing that has one of the labels, or ``None``."""
        return next((entry for entry in self.folded.get(fold_name(name), ()) if entry.label in labels), None)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon, loaded on first call."""
    compiled = json.loads((_DATA / "lexicon.json").read_text("utf-8"))
    words = {name: frozenset(listed) for name, listed in compiled["words"].items()}
    names: dict[str, Entry] = {}
    after_the: dict[str, Entry] = {}
    forms: dict[str, tuple[str, ...]] = {}
    folded: dict[str, tuple[Entry, ...]] = {}
    for identity, label, only_after_the, listed in compiled["entities"]:
        entry = Entry(identity, Label(label))
        target = after_the if only_after_the else names
        for form in listed:
            target.setdefault(form, entry)
            key = fold_name(form)
            if entry not in folded.get(key, ()):
                folded[key] = (*folded.get(key, ()), entry)
        forms[identity] = (*forms.get(identity, ()), *listed)
    for identity, population, listed in _places():
        _add_place(names, identity, population, listed, words["doubtful_places"])
    return Lexicon(names, after_the, _longest(names), forms, words, folded)


def _add_place(
    names: dict[str, Entry], identity: str, population: int, listed: list[str], doubtful: frozenset[str]
) -> None:
    # A town whose name is in the hand lists is that place, with all its spellings.
    known = names.get(listed[0])
    if known is not None and known.label is not Label.GPE:
        return
    sure = known is not None or (population >= _BIG and listed[0] not in doubtful)
    entry = Entry(known.id if known else identity, Label.GPE, not sure)
    for name in listed:
        names.setdefault(name, entry if name not in doubtful else entry._replace(doubtful=True))


def _places() -> Iterator[tuple[str, int, list[str]]]:
    table = gzip.decompress((_DATA / "places.tsv.gz").read_bytes()).decode("utf-8")
    for row in table.splitlines()[1:]:
        number, population, listed = row.split("\t")
        yield f"place:geonames_{number}", int(population), listed.split("|")


def _longest(names: dict[str, Entry]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for name in names:
        if " " in name or "-" in name:
            parts = name.replace("-", " ").split(" ")
            # The name's first word may have been cut at its hyphen, or not.
            for first in (parts[0], name.split(" ", 1)[0]):
                if longest.get(first, 1) < len(parts):
                    longest[first] = len(parts)
    return longest


@lru_cache(maxsize=1)
def place_forms() -> dict[str, tuple[str, ...]]:
    """The spellings of GeoNames by place id, for finding a place by another spelling."""
    names = lexicon().names
    forms: dict[str, list[str]] = {}
    for name, entry in names.items():
        if entry.label is Label.GPE:
            forms.setdefault(entry.id, []).append(name)
    return {identity: tuple(listed) for identity, listed in forms.items()}


@lru_cache(maxsize=1)
def place_sounds() -> dict[str, str]:
    """Ids of the hand-listed places by sound key, where the key means one place only."""
    found: dict[str, set[str]] = {}
    for identity, listed in lexicon().forms.items():
        if identity.startswith("place:"):
            for name in listed:
                if len(key := sound_key(name)) >= 6:
                    found.setdefault(key, set()).add(identity)
    return {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1}

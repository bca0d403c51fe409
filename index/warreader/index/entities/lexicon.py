"""What is known beforehand: hand-written lists of the war's names and places of GeoNames.

Places: GeoNames (https://www.geonames.org), CC BY 4.0. Loaded once a process, on first use.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from warreader.index.article import Label
from warreader.index.entities.names import fold_name, sound_key, without_marks

if TYPE_CHECKING:
    from warreader.index.entities.own_names import OwnName

_DATA = Path(__file__).parent / "data"
_BRITISH = re.compile(r"(?<=[a-z]{2})is(?=(?:e|ed|es|er|ers|ing|ation|ations)\Z)")
_BIG = 1_000_000
"""Inhabitants above which a GeoNames city is taken for what its name means without further evidence."""


class Entry(NamedTuple):
    """One name: whose it is, and how far to trust it.

    ``doubtful`` names need evidence in the text; ``id`` is empty where several places have the name.
    """

    id: str
    label: Label
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names and words.

    Attributes:
        names: entries by name as written (straight apostrophes, single spaces).
        after_the: entries of names that count only after "the".
        lengths: for the first word of a name, in how many words names go on from there, longest first.
        forms: the forms listed for an id, display name first.
        words: word lists by name.
        folded: entries by folded name.
        peoples: the state of a people, by their ids.
        statesmen: the state that somebody speaks for, by their ids.
        towns: ids of what GeoNames has as a town of that very name.
    """

    names: dict[str, Entry]
    after_the: dict[str, Entry]
    lengths: dict[str, tuple[int, ...]]
    forms: dict[str, tuple[str, ...]]
    words: dict[str, frozenset[str]]
    folded: dict[str, tuple[Entry, ...]]
    peoples: dict[str, str]
    statesmen: dict[str, str]
    towns: frozenset[str]

    def known(self, name: str, labels: frozenset[Label]) -> Entry | None:
        """The entry of a name in any writing that has one of the labels, or ``None``."""
        folded = fold_name(name)
        found = self.folded.get(folded) or self.folded.get(without_marks(folded), ())
        return next((entry for entry in found if entry.label in labels), None)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon, loaded on first call."""
    compiled = json.loads((_DATA / "lexicon.json").read_text("utf-8"))
    words = {name: frozenset(listed) for name, listed in compiled["words"].items()}
    known = _known_words()
    words |= {
        "first_names": words["given_names"],
        "given_names": words["given_names"] | known["given"],
        "family": known["family"],
        "plain": known["plain"],
    }
    names: dict[str, Entry] = {}
    after_the: dict[str, Entry] = {}
    forms: dict[str, tuple[str, ...]] = {}
    folded: dict[str, tuple[Entry, ...]] = {}
    for identity, label, only_after_the, listed in compiled["entities"]:
        entry = Entry(identity, Label(label))
        target = after_the if only_after_the else names
        for form in listed:
            target.setdefault(form, entry)
            for key in {fold_name(form), without_marks(fold_name(form))}:
                if entry not in folded.get(key, ()):
                    folded[key] = (*folded.get(key, ()), entry)
        forms[identity] = (*forms.get(identity, ()), *listed)
    towns: set[str] = set()
    for identity, population, listed in _places():
        towns.add(_add_place(names, identity, population, listed, words["doubtful_places"]))
    return Lexicon(
        names,
        after_the,
        _lengths((*names, *after_the)),
        forms,
        words,
        folded,
        compiled["peoples"],
        compiled["statesmen"],
        frozenset(towns),
    )


def with_own(known: Lexicon, own: Iterable[OwnName]) -> Lexicon:
    """The lexicon with the names of users' lists, which go before all others."""
    names, forms, folded = dict(known.names), dict(known.forms), dict(known.folded)
    added: list[str] = []
    for one in own:
        listed = names.get(one.forms[0])
        same = listed is not None and listed.label is one.label
        entry = Entry(listed.id if listed is not None and same else one.id, one.label)
        for form in one.forms:
            names[form] = entry
            folded[fold_name(form)] = (entry,)
        forms[entry.id] = (*forms.get(entry.id, ()), *one.forms)
        added += one.forms
    lengths = dict(known.lengths)
    for first, found in _lengths(added).items():
        lengths[first] = tuple(sorted({*found, *lengths.get(first, ())}, reverse=True))
    return replace(known, names=names, forms=forms, folded=folded, lengths=lengths)


def _add_place(
    names: dict[str, Entry], identity: str, population: int, listed: list[str], doubtful: frozenset[str]
) -> str:
    """Add a town; says under which id."""
    listed = [name for name in listed if name == listed[0] or not name[name.rfind(" ") + 1 :].islower()]
    # A town whose name is in the hand lists is that place, with all its spellings.
    known = names.get(listed[0])
    if known is not None and (not known.id or known.id.startswith("place:geonames_")):
        known = None
    if known is not None and known.label is not Label.GPE:
        return identity
    sure = known is not None or (population >= _BIG and listed[0] not in doubtful)
    entry = Entry(known.id if known else identity, Label.GPE, not sure)
    for name in listed:
        first = names.setdefault(name, entry if name not in doubtful else entry._replace(doubtful=True))
        if first.doubtful and first.id != entry.id:
            # Several places have it: which is meant nobody said.
            names[name] = first._replace(id="")
    return entry.id


def _places() -> Iterator[tuple[str, int, list[str]]]:
    table = gzip.decompress((_DATA / "places.tsv.gz").read_bytes()).decode("utf-8")
    for row in table.splitlines()[1:]:
        number, population, listed = row.split("\t")
        yield f"place:geonames_{number}", int(population), listed.split("|")


def _known_words() -> dict[str, frozenset[str]]:
    """First names, family names, plain English words: see :mod:`build_words`. Empty while these are being built."""
    path = _DATA / "known_words.gz"
    if not path.is_file():
        return dict.fromkeys(("given", "family", "plain"), frozenset())
    rows = (row.split("\t") for row in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()[1:])
    return {name: frozenset(listed.split(" ")) for name, listed in rows}


def american(word: str) -> str:
    """A word in small letters as Americans spell it, whose words are listed: organizers."""
    return _BRITISH.sub("iz", word) if "is" in word else word


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for name in names:
        spaced = name.replace(" & ", " ").split(" ")
        first = spaced[0].rstrip(",").removesuffix("'s")
        if "-" not in name:
            lengths.setdefault(first, set()).add(len(spaced))
            continue
        # The words may have been cut at their hyphens, or not.
        for start in (first, first.split("-", 1)[0]):
            lengths.setdefault(start, set()).update(range(len(spaced), len(spaced) + name.count("-") + 1))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


@lru_cache(maxsize=1)
def place_forms() -> dict[str, tuple[str, ...]]:
    """The spellings of GeoNames by place id, for finding a place by another spelling."""
    names = lexicon().names
    forms: dict[str, list[str]] = {}
    for name, entry in names.items():
        if entry.label is Label.GPE and entry.id:
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

"""Listed people whose names are spelt a little otherwise: Hasan Nasrallah, Vladmir Putin, Naim Qassim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

from warreader.index.article import Label
from warreader.index.entities.lexicon import Entry, Lexicon, lexicon
from warreader.index.entities.names import fold_name, sound_key

_SHORTEST = 5
"""Letters: in a shorter word one letter makes another name."""

SOUND = "same sound as a listed name"
NEAR = "a letter from a listed name"


class Spellings:
    """The people of a lexicon by the sound of their names, and by all of them but a word.

    What may be somebody else's name is nobody's of these: James Comer is not James Comey, nor Mike Walsh Mike Waltz,
    as there are families called so; where a first name is spelt otherwise, the family has to be a rare one.
    """

    def __init__(self, known: Lexicon) -> None:
        # There are tens of thousands: what folding leaves but in small letters is not folded.
        self._families = frozenset(
            name.lower() if name.isascii() and name.isalpha() else fold_name(name)
            for name in known.words["family"]
        )
        self._plain = known.words["plain"]
        self._sounds: dict[str, set[tuple[str, Entry]]] = defaultdict(set)
        self._by_last: dict[str, set[tuple[str, Entry]]] = defaultdict(set)
        self._by_first: dict[str, set[tuple[str, Entry]]] = defaultdict(set)
        for name, entries in known.folded.items():
            first, _, last = name.rpartition(" ")
            for entry in entries if first else ():
                if entry.label is Label.PERSON:
                    self._sounds[sound_key(name)].add((last, entry))
                    self._by_last[last].add((first, entry))
                    self._by_first[first].add((last, entry))

    def of(self, name: str) -> tuple[Entry, str] | None:
        """Whose name it is but for its spelling, and why; ``None`` where that may be two people, or somebody else."""
        first, _, last = fold_name(name).rpartition(" ")
        if not first:
            return None
        sounds = self._sounds.get(sound_key(name), ())
        if (one := _only(entry for other, entry in sounds if self._same(last, other))) is not None:
            return one, SOUND
        near = [entry for other, entry in self._by_first.get(first, ()) if self._last(last, other)]
        if last not in self._families:
            near += [
                entry
                for other, entry in self._by_last.get(last, ())
                if _near(first, other) and _initials(first) == _initials(other)
            ]
        one = _only(near)
        return None if one is None else (one, NEAR)

    def _same(self, last: str, other: str) -> bool:
        return last == other or last not in self._families

    def _last(self, last: str, other: str) -> bool:
        return last not in self._families and last not in self._plain and _near(last, other)


def swapped(names: Iterable[tuple[str, Label, bool]]) -> dict[str, str]:
    """Of the names of one article that are another one's but for two letters in each other's place (Lypsti, Lyptsi)
    each with that one: the listed one, else the first.

    Args:
        names: name, kind, whether it is listed.
    """
    alike: dict[tuple[str, int, Label], dict[str, bool]] = defaultdict(dict)
    for name, label, listed in names:
        alike[name[:1], len(name), label].setdefault(name, listed)
    found: dict[str, str] = {}
    for held in alike.values():
        if len(held) > 1 and not all(held.values()):
            for (one, sure), (other, known) in combinations(held.items(), 2):
                if not (sure and known) and _swapped(one, other):
                    found |= {one: other} if known else {other: one}
    return found


def _swapped(one: str, other: str) -> bool:
    # Of numbers and initials another order makes other ones.
    letters = len(one) > _SHORTEST and one.replace(" ", "").isalpha() and not one.isupper()
    return letters and sorted(one) == sorted(other) and _near(one, other)


def _only(entries: Iterable[Entry]) -> Entry | None:
    found = {entry.id: entry for entry in entries}
    return next(iter(found.values())) if len(found) == 1 else None


def _near(one: str, other: str) -> bool:
    """Whether a letter is missing, too many, another or in its neighbour's place: not the first, nor a last a or s,
    which make a woman's name and another family's."""
    from rapidfuzz.distance import OSA

    short, long = sorted((one, other), key=len)
    if one[:1] != other[:1] or len(short) < _SHORTEST or _ends(short, long, ("a", "s")):
        return False
    return OSA.distance(one, other, score_cutoff=1) == 1


def _initials(name: str) -> list[str]:
    """Letters that stand for names: another one is another name's."""
    return [letter for word in name.split() if "." in word for letter in word if letter.isalpha()]


def _ends(short: str, long: str, ends: Sequence[str]) -> bool:
    return any(short + end == long for end in ends)


@lru_cache(maxsize=1)
def spellings() -> Spellings:
    """Those of the lists that come with the program."""
    return Spellings(lexicon())

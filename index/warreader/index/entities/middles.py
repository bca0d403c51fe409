"""Names with a middle name or initial that the same person's are left out of elsewhere: Barack Hussein Obama.

Only where something tells that it is the same person: a listed person is called so without it, the article itself
names them both ways and nobody by another middle name, or it is a father's name, as Slavic ones are (Oleksandrovych).
An initial alone tells nothing across articles: Stephen L. Miller is not Stephen Miller.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from warreader.index.entities.names import fold_name, without_generation
from warreader.index.entities.spans import PARTICLES

_MOST = 2
"""Middle names; more words are no name of one person, or an Arabic one whose parts are left out at will."""
_INITIALS = re.compile(r"(?:[A-Z]\.-?){1,3}|[A-Z]{1,2}")
_FATHERS = re.compile(r"\w{2,}(?:[oe]v[yi]ch|i[vy]?ivna|[oe]vna|ivna|yovych)")


def without_middle(name: str) -> tuple[str, tuple[str, ...]] | None:
    """A folded name without its middle names, and these; ``None`` where it has none, or may be a son's."""
    words = tuple(fold_name(name).split())
    if len(words) < 3 or without_generation(words) != words:
        return None
    last = next((at for at in range(1, len(words)) if words[at] in PARTICLES), len(words) - 1)
    middle = words[1:last]
    if not middle or len(middle) > _MOST:
        return None
    return " ".join((words[0], *words[last:])), middle


def fathers_name_left_out(name: str) -> str:
    """The name without a father's name in the middle."""
    short = without_middle(name)
    if short is None or len(short[1]) != 1 or not _FATHERS.fullmatch(short[1][0]):
        return name
    return short[0]


def both_ways(names: Iterable[str]) -> dict[str, str]:
    """Of the full names of one article those with a middle name, each with the one without it that it also has.

    Where two are told apart by their middle names, neither is meant by the name without.
    """
    held = {fold_name(name): name for name in names}
    middles: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    longer: dict[str, str] = {}
    for name in held.values():
        short = without_middle(name)
        if short is not None and short[0] in held:
            middles[short[0]].add(short[1])
            longer[name] = short[0]
    return {name: held[short] for name, short in longer.items() if len(middles[short]) == 1}


def by_initials(names: Iterable[str]) -> dict[str, str]:
    """Of the full names of one article those with initials for first names, each with the one that it also has in
    full: L.K. Advani, Lal Krishna Advani. Not where two people may be meant.
    """
    short: dict[str, str] = {}
    full: defaultdict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for name in names:
        words = name.split()
        if len(words) < 2:
            continue
        if _INITIALS.fullmatch(words[0]):
            short[name] = "".join(letter for word in words[:-1] for letter in word if letter.isupper())
        elif words[0][0].isupper():
            full[words[0][0], fold_name(words[-1])].append(words)
    found: dict[str, str] = {}
    for name, letters in short.items():
        called = full[letters[:1], fold_name(name.split()[-1])]
        if len(called) == 1 and "".join(word[0] for word in called[0][:-1]).startswith(letters):
            found[name] = " ".join(called[0])
    return found

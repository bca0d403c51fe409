"""The words that the index itself knows: how many articles hold one, which begin so, which are written much alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from warreader.index.search.analyzer import Term, terms
from warreader.index.search.lighting import alike, fuzzy_limit

if TYPE_CHECKING:
    from warreader.index.search.engine import Snapshot

_FIELD = "text"

NAMES = 8
"""A name counts for so many times as many articles: what is searched for is a name more often than not."""

RARE = 2
"""A word that no more articles hold is taken for a slip if another is written much alike and common."""

COMMONER = 10
"""So many times as many articles must hold the other word."""


def holding(snapshot: Snapshot, form: str) -> int:
    """About how many articles hold a word in this very form."""
    found = 0
    for leaf in snapshot.leaves:
        if (field := leaf.field(_FIELD)) is not None:
            found += sum(int(field.frequencies[number]) for number in field.find(form.encode()))
    return found


def holding_term(snapshot: Snapshot, term: Term) -> int:
    """About how many articles hold a word, in the form that most have of those with its stem."""
    found = 0
    for leaf in snapshot.leaves:
        if (field := leaf.field(_FIELD)) is not None:
            numbers = {number for stem in term.stems for number in field.stemmed(stem)}
            found += max((int(field.frequencies[number]) for number in numbers), default=0)
    return found


def begun(snapshot: Snapshot, prefix: str, most: int) -> list[str]:
    """Words that begin so, those that most articles hold first."""
    counts: dict[str, int] = {}
    for leaf in snapshot.leaves:
        if (field := leaf.field(_FIELD)) is None:
            continue
        start, end = field.prefixed(prefix.encode())
        frequencies = np.asarray(field.frequencies[start:end], np.int64)
        for number in np.argsort(-frequencies, kind="stable")[: most * 4].tolist():
            word = field.word(start + number).decode()
            counts[word] = counts.get(word, 0) + int(frequencies[number])
    return sorted(counts, key=lambda word: (-counts[word], word))[:most]


def meant(snapshot: Snapshot, word: str, is_name: Callable[[str], bool]) -> str | None:
    """What was probably meant by a word that no article holds, or next to none: an own word of the index.

    By optimal string alignment distance; among those nearest, the one that most articles hold, names
    counting for more.
    """
    found = terms(word)
    if len(found) != 1 or not word.strip("'’").isalpha():
        return None
    form, held = found[0].forms[0], holding_term(snapshot, found[0])
    if held > RARE or len(form) < 4:
        return None
    best: tuple[int, int, str] | None = None
    for other in alike(form, snapshot.near(_FIELD, form, fuzzy_limit(form))):
        count = holding(snapshot, other)
        if other != form and count > RARE and count >= COMMONER * max(1, held) // 3:
            distance = _distance(form, other)
            nearest = best is None or distance <= best[0]
            weighed = count * NAMES if nearest and is_name(other) else count
            if best is None or (distance, -weighed, other) < best:
                best = (distance, -weighed, other)
    return None if best is None else best[2]


def _distance(one: str, other: str) -> int:
    from rapidfuzz.distance import OSA

    return int(OSA.distance(one, other))

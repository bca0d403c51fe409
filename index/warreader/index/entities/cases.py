"""What cases do to a name, and how a Cyrillic one is spelt in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from warreader.index.entities.names import fold_name

SHORTEST_STEM = 3
"""Letters of a name without its case."""

CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_CASE = re.compile(r"(?:(?:ог|ом|ем)[оу]|[иыі]м[иі]?|ами|ями|[оеё]м|[оеі]й|[оеє]ю|[оеє]ві|[иыії]х|[оіeє]ї)$")
ENDING = re.compile(
    r"(?:[аеиіоуыюяїєйь]{0,2}|[оеёиыіїє]?[мйюх]|[ая](?:ми|х|м)|[ое]в[іи]?|[оеієї]ю|ів"
    r"|[aeyioóuęąs]{0,2}|[oe][mj]|ami|ach|ego|emu|im|ie|ii|n|ns)$"
)
"""What a case may add to a listed word."""

_VOWELS = "аеёиоуыэюяіїєйь"
ADJECTIVE = re.compile(r"(?:[иыіо][йх]|[аяоє][яєе]|[ое][гй]о?|ому|[иыі]м|ую|а)$")
"""What an adjective ends in."""

GENITIVE = re.compile(r"(?:[ое]ї|[ое]й|[ое]го|[ое]му|[иы]х|[иы]ми|[иы]м)$")
"""What is no nominative."""

SURNAME = re.compile(
    r".{2,}(?:[оеё]в|[иі]н|ськ|ск|цк|цьк|енк|[чщ]ук|юк|ук|як|ян|дз|швіл|швил|ич|іч|ець|ер|ман)$"
)
"""What a last name ends in, its case taken off."""

_LETTERS = "абвгґдеєёжзиіїйклмнопрстуфхцчшщыьэюя"
_SOUNDS = "a b v g g d e ie e zh z i i i i k l m n o p r s t u f kh ts ch sh shch y - e iu ia"
_LATIN = {one: other.strip("-") for one, other in zip(_LETTERS, _SOUNDS.split(), strict=True)}


def stem(word: str) -> str:
    """A word in lower case without what a case may have added to it; only Cyrillic words have cases here."""
    low = fold_name(word) if not CYRILLIC.match(word) else word.lower()
    if not CYRILLIC.match(word):
        return low
    cut = _CASE.sub("", low)
    cut = cut.rstrip(_VOWELS) if len(cut.rstrip(_VOWELS)) >= SHORTEST_STEM else cut
    return cut if len(cut) >= SHORTEST_STEM else low


def nominatives(low: str) -> Iterator[str]:
    """What a Cyrillic word may be where no case has changed it."""
    cut = stem(low)
    for ending in ("", "ий", "ый", "ій", "а", "я", "й", "ей", "о", "ь"):
        if cut + ending != low:
            yield cut + ending


def latin(low: str) -> str:
    """A word in lower case as it is spelt in Latin letters."""
    return "".join(_LATIN.get(letter, letter) for letter in low)

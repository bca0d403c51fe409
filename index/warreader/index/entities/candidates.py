"""What one article brings, and deciding its doubtful names by all of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from warreader.index.article import Label
from warreader.index.entities.lexicon import Entry, Lexicon, american

FAINTEST = 0.7
"""Weight that a single word needs to be a name: more than that it has a capital, once."""

INITIALS = 2.5
"""Weight that capitals only have for a body."""

HABIT = 0.75
"""Weight up to which a vote is no more than a habit of the language."""

_BUILT = re.compile(
    r"\w{2,}(?:tions?|sions?|ness|it(?:y|ies)|[ai]bl[ey]|[ai]bility|ically|icals?|olog(?:y|ies)|ships?|hoods?|ments?|ences?|enc(?:y|ies)"
    r"|ative|ctive|ptive|atory|ially|wide|less|fully|isms?|makers?|ogues?)|\w{6,}ing"
)
_TANK = "weapon:tank"
_THINK_TANK = re.compile(r"\bthink[ -]tank\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A mention: ``start`` and ``end`` are code points into the text, ``entity`` is its id in the lexicon, if any,
    ``form`` its name where a case of its language has changed it in the text.
    """

    start: int
    end: int
    label: Label
    entity: str | None = None
    form: str | None = None


@dataclass(slots=True)
class Candidate:
    """A capitalised sequence whose kind the whole article decides."""

    start: int
    end: int
    words: tuple[str, ...]
    votes: tuple[tuple[Label, float], ...]
    initial: bool
    heading: bool
    entry: Entry | None = None


@dataclass(slots=True)
class Reading:
    """What one article has brought so far."""

    text: str
    taken: bytearray
    found: list[Found] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    """Starts of the headlines in which most words are capitalised."""
    arms: set[str] = field(default_factory=set)
    """Initials that the article gives to a weapon."""

    def take(
        self, start: int, end: int, label: Label, entity: str | None = None, form: str | None = None
    ) -> bool:
        """Note a mention unless its place is taken."""
        if start >= end or any(self.taken[start:end]):
            return False
        self.taken[start:end] = b"\1" * (end - start)
        self.found.append(Found(start, end, label, entity, form))
        return True


def decide(run: Reading, known: Lexicon) -> None:
    """Decide the candidates by what the article says of their forms."""
    persons: Counter[str] = Counter()
    _drop_think_tanks(run)
    votes, repeated = _counted(run.candidates)
    inside: Counter[tuple[str, ...]] = Counter()
    low = _lower_words(run.text)
    for candidate in run.candidates:
        inside[candidate.words] += not (candidate.initial or candidate.heading)
    for words, counted in votes.items():
        somebody = len(words) > 1 and counted and max(counted, key=counted.__getitem__) is Label.PERSON
        if somebody and not _of_thing(words, low, known):
            persons.update(
                words[-1:] if words[0] not in known.words["given_names"] else (words[0], words[-1])
            )
    for found in run.found:
        if found.label is Label.PERSON:
            persons.update(run.text[found.start : found.end].split()[-1:])
    for candidate in run.candidates:
        words = candidate.words
        if words not in votes and len(words) == 1 and words[0].isupper():
            # Capitals only, as in a headline: the same name as in running text.
            words = (words[0].title(),)
        label = _label(candidate, words, votes, repeated, inside, persons, low, known)
        if label in (Label.ORG, Label.WEAPON) and len(words) == 1 and words[0].isupper():
            label = Label.WEAPON if _is_weapon(words, run, votes) else Label.ORG
        alone = len(words) == 1
        if label is None or (alone and words[0].lower() in known.words["common"]):
            continue
        listed = (candidate.entry.id or None) if candidate.entry and alone and label is Label.GPE else None
        run.take(candidate.start, candidate.end, label, listed)


def _is_weapon(
    words: tuple[str, ...], run: Reading, votes: dict[tuple[str, ...], dict[Label, float]]
) -> bool:
    """Whether initials are a weapon's, by its name in full or by what follows them: TOW missiles.

    That they are capitals speaks for a body only where nothing else does.
    """
    if words[0] in run.arms:
        return True
    arms = votes[words].get(Label.WEAPON, 0.0)
    if not arms or votes[words].get(Label.PERSON, 0.0) > 0:
        # Who speaks is no weapon.
        return False
    same = (one for one in run.candidates if one.words == words and not one.heading)
    habits = sum((Label.ORG, INITIALS) in one.votes for one in same)
    return arms > votes[words].get(Label.ORG, 0.0) - INITIALS * habits


def _counted(
    candidates: list[Candidate],
) -> tuple[dict[tuple[str, ...], dict[Label, float]], dict[tuple[str, ...], float]]:
    """The votes for each form, added up; and what of it repeats that a lone word is somebody for want of more.

    It outweighs other kinds the more the oftener it stands there, but is no more evidence than it was once.
    """
    votes: dict[tuple[str, ...], dict[Label, float]] = defaultdict(dict)
    habits: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for candidate in candidates:
        if candidate.heading:
            continue
        words = candidate.words
        for voted, weight in candidate.votes:
            votes[words][voted] = votes[words].get(voted, 0.0) + weight
            if len(words) == 1 and voted is Label.PERSON and 0 < weight <= HABIT:
                habits[words].append(weight)
    return votes, {words: sum(weights) - max(weights) for words, weights in habits.items()}


def _drop_think_tanks(run: Reading) -> None:
    """Of an article that names a think tank, and of tanks only "the tank", that is no weapon."""
    tanks = [found for found in run.found if found.entity == _TANK]
    if not tanks or not _THINK_TANK.search(run.text):
        return
    if all(run.text[max(0, found.start - 4) : found.end].lower() == "the tank" for found in tanks):
        run.found = [found for found in run.found if found.entity != _TANK]


def _label(
    candidate: Candidate,
    words: tuple[str, ...],
    votes: dict[tuple[str, ...], dict[Label, float]],
    repeated: dict[tuple[str, ...], float],
    inside: Counter[tuple[str, ...]],
    persons: Counter[str],
    low: frozenset[str],
    known: Lexicon,
) -> Label | None:
    """The label of one candidate, or ``None`` where it is no name."""
    if len(words) == 1 and words[0] in persons:
        return Label.PERSON
    if not votes.get(words):
        return None
    label, weight = max(votes[words].items(), key=lambda pair: pair[1])
    if label is Label.PERSON and len(words) > 1 and _of_thing(words, low, known):
        rest = [(weight, kind) for kind, weight in votes[words].items() if kind in (Label.ORG, Label.LOC)]
        return max(rest)[1] if rest else None
    if len(words) == 1:
        word = words[0].lower()
        if label is Label.PERSON:
            weight -= repeated.get(words, 0.0)
        strong = weight >= 1.0
        derived = _derived(words[0], known)
        ordinary = word in low or american(word) in known.words["plain"] or derived
        nobody = derived and (label is Label.PERSON or word.endswith(("phobia", "phobic")))
        nobody = nobody or (label is Label.PERSON and not strong and _built(words[0], known))
        if weight < FAINTEST or _joined(words[0], known) or nobody:
            # A word that nothing tells to be a name.
            return None
        if candidate.initial and not inside[words] and ordinary and not (weight >= 3.0 and word not in low):
            return None
        if ordinary and not strong:
            return None
    return label


def _of_thing(words: Sequence[str], low: frozenset[str], known: Lexicon) -> bool:
    """Whether what seems somebody's name ends in a word that the article uses as such, so that it is nobody's last
    name: Memphis Zoo, of which "the zoo" is told. Somebody with a first name may be called so: Tom Cotton.
    """
    last = words[-1].lower()
    if last not in low or last not in known.words["plain"]:
        return False
    place = known.names.get(words[0])
    return words[0] not in known.words["given_names"] or (place is not None and place.label is Label.GPE)


def _built(word: str, known: Lexicon) -> bool:
    """Whether a word ends as words are built and names are not: sustainability, celebratory, firefighting."""
    lists = known.words
    return (
        _BUILT.fullmatch(word.lower()) is not None
        and word not in lists["family"]
        and word not in lists["given_names"]
    )


def _joined(word: str, known: Lexicon) -> bool:
    """Whether a hyphened word is made of plain ones: Vice-Presidential."""
    parts = word.lower().split("-")
    return len(parts) > 1 and all(
        part in known.words["plain"] or part in known.words["common"] for part in parts
    )


def _derived(word: str, known: Lexicon) -> bool:
    """Whether a word is made of a plain one or a place's name, and is nobody's: importers, Arizonans."""
    low = word.lower()
    stem = low.removesuffix("s")
    for ending in ("er", "ism", "ist", "phobia", "phobic"):
        base = stem.removesuffix(ending)
        made = base in known.words["plain"] or base + "e" in known.words["plain"] or ending.startswith("phob")
        if base != stem and len(base) > 3 and made and word not in known.words["family"]:
            return True
    for ending in ("ns", "ans", "ians", "ites"):
        entry = known.names.get(word.removesuffix(ending)) if word.endswith(ending) else None
        if entry is not None and entry.label is Label.GPE:
            return True
    return False


@lru_cache(maxsize=4)
def _lower_words(text: str) -> frozenset[str]:
    """The lower-case words of the text."""
    return frozenset(word for word in text.split() if word.isalpha() and word.islower())

"""Which mentions of one article name the same thing, and what is known of it.

In order of trust: a listed name; the honorific left out; a demonym's people; a
unit's number and kind; the sound or a near spelling of a listed person's full
name; a last name given before or after in full; the same sound in Latin letters;
a near spelling of one word within the article. A lone name is never joined to a
full name by its first word, unless that word is a given name that only one
person of the article has: "Li" is not "Li Dafu", since a Chinese family name
comes first and many share it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from warreader.index.article import Label
from warreader.index.entities.lexicon import Entry, Lexicon, lexicon, place_forms, place_sounds
from warreader.index.entities.middles import both_ways, by_initials, fathers_name_left_out, without_middle
from warreader.index.entities.names import (
    LONE,
    fold_name,
    sound_key,
    strip_honorific,
    unit_key,
    without_article,
    without_generation,
)
from warreader.index.entities.recogniser import Found
from warreader.index.entities.spans import PARTICLES
from warreader.index.entities.spellings import spellings, swapped
from warreader.index.entities.told import Told, called, told
from warreader.index.text import legible

_PREFIX = {Label.GPE: "place"}
_KIN: dict[Label, frozenset[Label]] = {
    Label.GPE: frozenset({Label.GPE, Label.LOC}),
    Label.LOC: frozenset({Label.LOC, Label.GPE}),
    Label.ORG: frozenset({Label.ORG, Label.UNIT}),
    Label.UNIT: frozenset({Label.UNIT, Label.ORG}),
}
_SPELT = frozenset({Label.GPE, Label.LOC, Label.ORG, Label.UNIT, Label.WEAPON})
_GENERIC_ENDS = (
    " oblast",
    " region",
    " province",
    " raion",
    " district",
    " krai",
    " city",
    " governorate",
    " county",
)
_APART = (" city", " county")
"""What makes another place of a state or region, or of a far town of the name: Oklahoma City, Nassau County."""
_FIRST_NAME_TITLES = frozenset({"Sir", "Dame", "King", "Queen", "Prince", "Princess", "Pope", "Patriarch"})
_NEAR = 0.9
_SHORTEST_NEAR = 6
"""Letters: in a shorter word one letter makes another name."""
_APART_INITIALS = re.compile(r"(?<=\b[A-Z]\.) (?=[A-Z]\.)")
_SHORTEST_SOUND = 5
"""Letters of a sound: what sounds so in fewer is spelt in too many ways."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a mention names.

    ``id`` is set for listed entities; ``match`` is equal for equal entities.
    ``surname`` is a person's folded last name where the name is full; ``lone``
    marks a person known by one name only.
    """

    match: str
    name: str
    label: Label
    id: str | None = None
    surname: str | None = None
    lone: bool = False

    @property
    def prefix(self) -> str:
        """The first part of its id."""
        return _PREFIX.get(self.label, self.label.value.lower())


@dataclass(frozen=True, slots=True)
class Resolved:
    """A mention with what it names and why."""

    found: Found
    identity: Identity
    reason: str


@dataclass(slots=True)
class _Named:
    """A person with a name of several words, and where the article calls him so: a page may do so thousands of times.

    Args:
        tokens: the name's words, folded, without "Jr".
        son: whether he is named as one.
        starts: in order.
    """

    tokens: tuple[str, ...]
    identity: Identity
    son: bool
    starts: list[int] = field(default_factory=list)

    def farness(self, place: int) -> tuple[bool, int]:
        """Sorts by where they are named: last before a place, else first after it."""
        at = bisect_left(self.starts, place)
        return (False, -self.starts[at - 1]) if at else (True, self.starts[0])

    def last(self, place: int) -> tuple[bool, int]:
        """Sorts by where they are named at the farthest, in the same sense."""
        return (True, self.starts[-1]) if self.starts[-1] > place else (False, -self.starts[0])


def resolve(text: str, mentions: Sequence[Found], known: Lexicon | None = None) -> list[Resolved]:
    """Say of each mention of one article what it names.

    Args:
        text: the article's stored text.
        mentions: in order of ``start``.
    """
    return _Resolver(text, known or lexicon()).resolve(mentions)


def listed(identity: str, label: Label, fallback: str, known: Lexicon) -> Identity:
    """The identity of a listed entity."""
    forms = known.forms.get(identity) or place_forms().get(identity) or (fallback,)
    surname = None
    if label is Label.PERSON and len(tokens := without_generation(fold_name(forms[0]).split())) > 1:
        surname = tokens[-1]
    return Identity(identity, forms[0], label, identity, surname)


class _Resolver:
    def __init__(self, text: str, known: Lexicon) -> None:
        self.text = text
        self.lexicon = known
        self._persons: dict[tuple[tuple[str, ...], Identity], _Named] = {}
        self.short: dict[str, tuple[Identity, str]] = {}
        self._shorter: dict[str, str] = {}
        self._initials: dict[str, str] = {}
        self._called: dict[str, str] = {}
        self._forms: dict[int, str] = {}
        self._spelt: dict[str, Found] = {}
        self._swapped: dict[str, str] = {}

    def resolve(self, mentions: Sequence[Found]) -> list[Resolved]:
        """Full names first, then lone ones: a headline may give the last name alone."""
        resolved: dict[int, Resolved] = {}
        later: list[Found] = []
        said = list(told(self.text, mentions))
        self._introduced(mentions, said)
        last = self._last_names(mentions)
        persons = dict.fromkeys(self._form(found) for found in mentions if found.label is Label.PERSON)
        self._shorter, self._initials = both_ways(persons), by_initials(persons)
        self._spelt = {self._form(found): found for found in mentions if found.label in _SPELT}
        self._swapped = swapped(
            (form, found.label, found.entity is not None) for form, found in self._spelt.items()
        )
        self._called = self._told_of_persons(mentions, said, list(persons)) if said else {}
        for found in mentions:
            form = self._form(found)
            if found.label is Label.PERSON and found.entity is None and (form in last or self._is_lone(form)):
                later.append(found)
                continue
            identity, reason = self._identity(found, form)
            resolved[found.start] = Resolved(found, identity, reason)
            if found.label is Label.PERSON:
                tokens = tuple(fold_name(form).split())
                full = tuple(fold_name(identity.name).split())
                tokens = tokens if len(tokens) > 1 else full
                self._remember(found.start, without_generation(tokens), identity)
        for found in later:
            identity, reason = self._lone(found, self._form(found))
            resolved[found.start] = Resolved(found, identity, reason)
        return [resolved[found.start] for found in mentions]

    def _remember(self, start: int, tokens: tuple[str, ...], identity: Identity) -> None:
        """A person is named here, by a name of these words."""
        if len(tokens) > 1:
            known = self._persons.setdefault((tokens, identity), _Named(tokens, identity, _is_son(identity)))
            known.starts.append(start)

    def _told_of_persons(
        self, mentions: Sequence[Found], said: Sequence[Told], persons: Sequence[str]
    ) -> dict[str, str]:
        """Of people whom the article calls by two names the one with the other, which tells who it is."""
        pairs = [
            (self._form(one.one), self._form(one.other), one)
            for one in said
            if one.other.label is Label.PERSON
        ]
        sure = {self._form(found) for found in mentions if found.label is Label.PERSON and found.entity}
        people = frozenset({Label.PERSON})
        return called(
            pairs, persons, frozenset(sure.union(f for f in persons if self.lexicon.known(f, people)))
        )

    def _introduced(self, mentions: Sequence[Found], said: Sequence[Told]) -> None:
        """Short forms given in parentheses: "National Unity Government (NUG)"; and other names that are told."""
        for long, short in pairwise(mentions):
            if long.label is not short.label or long.label not in (Label.ORG, Label.WEAPON):
                continue
            between, after = self.text[long.end : short.start], self.text[short.end : short.end + 1]
            form = self.text[short.start : short.end]
            if between in (" (", "\u00a0(") and after in (")", ",", ";") and form.isupper():
                whole, name = self._identity(long, self._form(long))[0], self._form(long)
                if short.entity is not None and long.entity is None:
                    whole, name = self._identity(short, form)[0], form
                self.short[form] = (whole, f"short for {self._form(long)}")
                self.short[self._form(long)] = (
                    whole,
                    "full name" if whole.name == name else f"long for {form}",
                )
        for one in said:
            first, other = self._form(one.one), self._form(one.other)
            if one.other.label is Label.PERSON or other in self.short:
                continue
            whole, theirs = self._identity(one.one, first)[0], self._identity(one.other, other)[0]
            if theirs.id is None:
                self.short[other] = whole, f"also known as {first}, the article says"
            elif whole.id is None and first not in self.short:
                self.short[first] = theirs, f"also known as {other}, the article says"

    def _form(self, found: Found) -> str:
        """The name as it is compared; asked for several times."""
        if (form := self._forms.get(found.start)) is None:
            form = self._forms[found.start] = self._compared(found)
        return form

    def _compared(self, found: Found) -> str:
        form = found.form or " ".join(self.text[found.start : found.end].split())
        if "â" in form:
            # A mark that was read in a wrong encoding stands there with the letters that it was read as.
            form = legible(form).replace("  ’", "’")
        if found.label is not Label.PERSON:
            return form
        form = strip_honorific(form)
        return _APART_INITIALS.sub("", form) if ". " in form else form

    def _is_lone(self, form: str) -> bool:
        """Whether a person's form is one name, "Jr" not counted; what is listed so is whole."""
        words = form.split()
        if len(words) == 1:
            return True
        alone = len(without_generation(fold_name(form).split())) == 1
        return alone and self.lexicon.known(form, frozenset({Label.PERSON})) is None

    def _last_names(self, mentions: Sequence[Found]) -> set[str]:
        """Forms of several words that are the last name of somebody the article names in full: Abu Hassan, Le Grand.

        Such begin with a particle, or follow a single given name as no given name does.
        """
        forms = {
            self._form(found) for found in mentions if found.label is Label.PERSON and found.entity is None
        }
        split = {form: without_generation(fold_name(form).split()) for form in forms}
        ends = {
            words[at:]: self._is_given(words[0]) and at == 1
            for words in split.values()
            for at in range(1, len(words) - 1)
        }
        return {
            form
            for form, words in split.items()
            if words in ends and (words[0] in PARTICLES or (ends[words] and not self._is_given(words[0])))
        }

    def _is_given(self, word: str) -> bool:
        return word.title() in self.lexicon.words["given_names"]

    def _identity(self, found: Found, form: str) -> tuple[Identity, str]:
        label = found.label
        if label in (Label.ORG, Label.UNIT, Label.WEAPON) and form in self.short:
            return self.short[form]
        if found.entity is not None:
            return listed(found.entity, label, form, self.lexicon), "listed name"
        if entry := self.lexicon.known(form, _KIN.get(label, frozenset({label}))):
            return listed(entry.id, entry.label, form, self.lexicon), "listed name"
        if label is Label.WEAPON and (entry := self.lexicon.known(f"{form}s", frozenset({label}))):
            return listed(entry.id, label, form, self.lexicon), "one of them"
        if label is Label.PERSON:
            if (whole := self._called.get(form)) is not None:
                return self._same(whole)
            if (whole := self._initials.get(form)) is not None:
                return self._identity(found, whole)[0], f"initials of {whole}"
            if (near := spellings().of(form)) is not None:
                return listed(near[0].id, label, form, self.lexicon), near[1]
            return self._person(form)
        if (other := self._swapped.get(form)) is not None and other not in self._swapped:
            meant = self._identity(self._spelt[other], other)[0]
            return meant, f"{other} with two letters in each other's place"
        if label in (Label.GPE, Label.LOC):
            return self._place(form, label)
        if label is Label.UNIT:
            key = unit_key(form)
            return Identity(f"unit {key}", form, label), "number and kind of unit" if key[
                :1
            ].isdigit() else "name"
        key = fold_name(form).replace("defense", "defence").replace("&", "and")
        return Identity(f"{label.value.lower()} {key}", form, label), "name"

    def _same(self, called: str) -> tuple[Identity, str]:
        """Who somebody is that the article says to be called so, too."""
        somebody = Found(0, 0, Label.PERSON)
        whole = self._lone(somebody, called) if self._is_lone(called) else self._identity(somebody, called)
        return whole[0], f"also known as {called}, the article says"

    def _person(self, form: str) -> tuple[Identity, str]:
        short = without_middle(form)
        if short is not None and (entry := self.lexicon.known(short[0], frozenset({Label.PERSON}))):
            return listed(entry.id, Label.PERSON, form, self.lexicon), "listed name with a middle name"
        called = self._shorter.get(form, form)
        surname = without_generation(fold_name(form).split())[-1]
        key = sound_key(fathers_name_left_out(called))
        reason = "full name" if called == form else f"{called} with a middle name"
        return Identity(f"person {key}", called, Label.PERSON, None, surname), reason

    def _place(self, form: str, label: Label) -> tuple[Identity, str]:
        folded = fold_name(form)
        bare = next((folded.removesuffix(end) for end in _GENERIC_ENDS if folded.endswith(end)), folded)
        apart = folded != bare and folded.endswith(_APART)
        entry = self.lexicon.names.get(form)
        if bare != folded:
            whose = self.lexicon.known(bare, _KIN[label]) or self.lexicon.names.get(form[: len(bare)])
            if apart and (city := self._city(folded, entry, whose)) is not None:
                return listed(city.id, city.label, form, self.lexicon), "name of the city"
            if not apart and whose is not None and whose.id and whose.label in _KIN[label]:
                return listed(whose.id, whose.label, form, self.lexicon), "region and its city are one"
            bare = folded if apart and whose is not None else bare
        key = sound_key(bare)
        if not apart and len(key) >= 6 and (identity := place_sounds().get(key)):
            return listed(identity, label, form, self.lexicon), "same sound in Latin letters"
        shared = entry is not None and not entry.id
        return Identity(
            f"place {key if len(key) >= 6 else folded}", form, label
        ), "name that several places have" if shared else "name"

    def _city(self, folded: str, entry: Entry | None, whose: Entry | None) -> Entry | None:
        """The listed town that "... City" is, where that is sure: Aleppo City is Aleppo.

        Oklahoma City is not the state, nor is Manchester City, a club, the town; a county is neither.

        Args:
            folded: its name.
            entry: what is listed under it.
            whose: what is listed under it without "City".
        """
        if entry is not None and entry.id and entry.label is Label.GPE:
            return entry
        sure = whose is not None and whose.id in self.lexicon.towns and not whose.doubtful
        return whose if sure and folded.endswith(" city") else None

    def _titled(self, found: Found) -> bool:
        """Whether a title goes before that stands with first names ("Sir Keir", "King Charles")."""
        before = self.text[max(0, found.start - 12) : found.start].split()
        return bool(before) and before[-1] in _FIRST_NAME_TITLES

    def _lone(self, found: Found, form: str) -> tuple[Identity, str]:
        """A single name: whose of the article's full names is it?"""
        if (called_so := self._called.get(form)) is not None:
            return self._same(called_so)
        words = fold_name(form).split()
        folded = " ".join(without_generation(words))
        # A son is named as one, and who is not is the father where both are named.
        as_son = words[-1] != folded.split()[-1]
        full = [person for person in self._persons.values() if person.son or not as_son]

        def order(person: _Named) -> tuple[bool, tuple[bool, int]]:
            return person.son, person.farness(found.start)

        whole = tuple(folded.split())
        if so_called := [person for person in full if person.tokens[-len(whole) :] == whole]:
            identity = min(so_called, key=order).identity
            return identity, f"last name of {identity.name}"
        key = sound_key(folded)
        if so_called := [
            person
            for person in full
            if sound_key(person.tokens[-1]) == key and _sounds_enough(key, folded, person.tokens[-1])
        ]:
            identity = min(so_called, key=order).identity
            return identity, f"last name of {identity.name}, spelt otherwise"
        full.sort(key=order)
        if len(folded) >= _SHORTEST_NEAR and (near := _nearest(folded, full)):
            return near, f"near the last name of {near.name}"
        if form in self.lexicon.words["first_names"] or self._titled(found):
            named = [person for person in full if person.tokens[0] == folded]
            if len({person.identity.match for person in named}) == 1:
                identity = max(named, key=lambda person: (person.son, person.last(found.start))).identity
                return identity, f"first name of {identity.name}"
        if entry := self.lexicon.known(form, frozenset({Label.PERSON})):
            return listed(entry.id, Label.PERSON, form, self.lexicon), "listed name"
        folded = " ".join(words)
        return Identity(f"{LONE}{folded}", form, Label.PERSON, lone=True), "name"


def _is_son(identity: Identity) -> bool:
    words = fold_name(identity.name).split()
    return len(without_generation(words)) < len(words)


def _sounds_enough(key: str, one: str, other: str) -> bool:
    """Whether that two last names sound the same tells enough: of short ones not, where they are spelt quite otherwise.

    Moody is not Modi; Sholz is Scholz.
    """
    if len(key) >= _SHORTEST_SOUND:
        return True
    from rapidfuzz.distance import OSA

    return len(key) >= _SHORTEST_SOUND - 1 and OSA.distance(*map(without_article, (one, other))) <= 1


def _nearest(folded: str, full: Sequence[_Named]) -> Identity | None:
    from rapidfuzz.distance import DamerauLevenshtein

    best = max(
        (
            (DamerauLevenshtein.normalized_similarity(folded, person.tokens[-1]), at)
            for at, person in enumerate(full)
        ),
        key=lambda pair: (pair[0], -pair[1]),
        default=(0.0, 0),
    )
    return full[best[1]].identity if best[0] >= _NEAR else None

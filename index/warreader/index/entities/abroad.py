"""Names in other languages than English, by what is sure: full names, roles before them, lists.

The lists and habits that :mod:`.recogniser` reads English by mark every noun of a German text and every first
word of a Russian sentence. Here a name has to be shown to be one: words with capitals beside each other of which the
first is a given name, a capital after a role or beside a verb of saying, and from there on the last name alone. What
cases do to Cyrillic names is taken off before they are compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warreader.index.article import Label, Line
from warreader.index.entities import patterns
from warreader.index.entities.candidates import Found, Reading
from warreader.index.entities.cases import (
    ADJECTIVE,
    CYRILLIC,
    ENDING,
    GENITIVE,
    SHORTEST_STEM,
    SURNAME,
    latin,
    nominatives,
    stem,
)
from warreader.index.entities.lexicon import Lexicon
from warreader.index.entities.listed_abroad import LONGEST_CASE, Identities, bodies, tables
from warreader.index.ingest.dates import MONTHS
from warreader.index.text import fold_marks
from warreader.index.tongue import Tongue, tongue

LONGEST_NAME = 4
"""Words of a person's name."""

_WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ.‑](?=[^\W\d_])[^\W\d_]+)*")
_DATE = re.compile(
    r"\b\d{1,2}\.?\s(?:de\s)?(?:"
    + "|".join(sorted((m for m in MONTHS if len(m) > 3), key=len, reverse=True))
    + r")"
    r"(?:\s(?:de\s)?(?:19|20)\d\d)?(?![^\W_])",
    re.IGNORECASE,
)
_CYRILLIC_TONGUES = frozenset(["ru", "uk", "be", "bg", "sr", "mk", "kk"])
_PARTICLES = frozenset(["von", "van", "der", "den", "zu", "bin", "ben"])
_ROLE_ENDS = (
    "minister", "ministerin", "chef", "chefin", "präsident", "präsidentin", "kanzler", "kanzlerin", "sprecher",
    "sprecherin", "kandidat", "kandidatin", "politiker", "politikerin", "sekretär", "general", "gouverneur",
)  # fmt: skip


@dataclass(slots=True)
class _Word:
    start: int
    end: int
    text: str
    gap: str
    opens: bool

    @property
    def cap(self) -> bool:
        return self.text[0].isupper()

    @property
    def low(self) -> str:
        return self.text.lower()

    @property
    def letters(self) -> bool:
        """Whether capitals only, as in США."""
        return len(self.text) > 1 and self.text.isupper()


def recognise(text: str, lines: Sequence[Line], language: str, known: Lexicon) -> list[Found]:
    """The mentions in order; none overlaps another.

    Args:
        text: stored text.
        lines: its lines; captions and furniture are not read.
        language: ISO 639-1, not English.
        known: the lists.
    """
    spoken = tongue(language)
    if spoken is None:
        raise ValueError("English is read by another recogniser")
    run = Reading(text, bytearray(len(text)))
    return _Reader(run, spoken, known).read([line for line in lines if line.kept and line.end > line.start])


class _Reader:
    """One article."""

    def __init__(self, run: Reading, spoken: Tongue, known: Lexicon) -> None:
        self.run, self.tongue, self.known = run, spoken, known
        self.small = (
            spoken.adverbs | spoken.days | spoken.prepositions | spoken.linking | spoken.conjunctions
            | spoken.determiners | spoken.relatives | spoken.that | spoken.negations | frozenset(spoken.pronouns)
            | frozenset(spoken.possessives)
        )  # fmt: skip
        self.identities = Identities(known)
        self.lower: frozenset[str] = frozenset()
        self.persons: dict[str, Counter[str]] = {}

    def read(self, lines: Sequence[Line]) -> list[Found]:
        """Dates and numbers, then lists and full names, then what the full names let be told."""
        run = self.run
        rows = []
        for line in lines:
            for match in _DATE.finditer(run.text, line.start, line.end):
                run.take(*match.span(), Label.DATE)
            for start, end, label in patterns.find(run.text, line.start, line.end):
                if label in (Label.NUMBER, Label.DATE):
                    run.take(start, end, label)
            rows.append(self._words(line))
        self.lower = frozenset(word.text for row in rows for word in row if word.text.islower())
        runs = [one for row in rows for one in self._runs(row)]
        self._listed(runs)
        full = [(row, span) for row, span in runs if self._person(row, span)]
        for row, (first, last) in full:
            self._note(row[first:last])
        for row, (first, last) in full:
            self._take_person(row, first, last)
        for row, (first, last) in runs:
            for at in range(first, last):
                self._alone(row, at)
        return sorted(run.found, key=lambda found: found.start)

    def _words(self, line: Line) -> list[_Word]:
        found: list[_Word] = []
        text = self.run.text
        last = line.start
        for match in _WORD.finditer(fold_marks(text[line.start : line.end])):
            start, end = line.start + match.start(), line.start + match.end()
            gap = text[last:start]
            opens = not found or any(mark in gap for mark in '.!?…:"«„“»”—–(')
            found.append(_Word(start, end, match.group(), gap, opens))
            last = end
        return found

    def _runs(self, row: list[_Word]) -> Iterator[tuple[list[_Word], tuple[int, int]]]:
        """Words with capitals beside each other."""
        long = [word for word in row if len(word.text) > 3]
        shouted = len(long) > 3 and sum(word.letters for word in long) > len(long) / 2
        at = 0
        while at < len(row) and not shouted:
            end = at
            while end < len(row) and (row[end].cap or self._particle(row, at, end)):
                if end > at and not self._beside(row, end):
                    break
                end += 1
            if end > at:
                yield from ((row, part) for part in self._parted(row, at, end))
            at = max(end, at + 1)

    def _parted(self, row: list[_Word], first: int, last: int) -> Iterator[tuple[int, int]]:
        """A run cut where a second full name begins, as cases allow: сын Виктора Януковича Александр Янукович."""
        if self.tongue.code in _CYRILLIC_TONGUES:
            for at in range(first + 2, last - 1):
                if self._given(row[at]) and not self._given(row[at - 1]):
                    yield first, at
                    first = at
        yield first, last

    def _particle(self, row: list[_Word], first: int, at: int) -> bool:
        """Whether a small word belongs to a name: Ursula von der Leyen."""
        if at <= first or row[at].low not in _PARTICLES or self.tongue.code in _CYRILLIC_TONGUES:
            return False
        after = next((k for k in range(at + 1, min(len(row), at + 3)) if row[k].low not in _PARTICLES), None)
        return after is not None and row[after].cap and self._given(row[first])

    def _beside(self, row: list[_Word], at: int) -> bool:
        gap = row[at].gap
        initial = gap == ". " and len(row[at - 1].text) == 1
        return initial or (len(gap) == 1 and gap.isspace())

    # Lists.

    def _listed(self, runs: Sequence[tuple[list[_Word], tuple[int, int]]]) -> None:
        stems, words = tables()
        none = frozenset(word for word, identity in words.items() if identity == "none")
        for row, (first, last) in runs:
            named = last - first in (2, 3) and self._given(row[first])
            for at in range(first, last):
                word = row[at]
                if word.text in none:
                    self.small |= {word.low}
                    continue
                identity = words.get(word.text)
                low = word.low
                for cut in range(min(LONGEST_CASE, len(low) - SHORTEST_STEM) + 1):
                    known = identity is None and ENDING.match(low[len(low) - cut :])
                    identity = stems.get(low[: len(low) - cut]) if known else identity
                entry = self.known.names.get(word.text)
                if identity is not None and identity.startswith("person:"):
                    continue
                if identity is not None:
                    label = Label.GPE if identity.startswith("place:") else Label.ORG
                    self.run.take(word.start, word.end, label, identity)
                elif named and at > first:
                    continue
                elif self._certain(word) and entry is not None and entry.label in (Label.GPE, Label.ORG):
                    self.run.take(word.start, word.end, entry.label, entry.id or None)
                elif word.letters and len(word.text) < 7 and low not in self.lower and not _roman(word.text):
                    self.run.take(word.start, word.end, Label.ORG)

    def _certain(self, word: _Word) -> bool:
        """Whether a word that lists have is meant by it: not an ordinary one that begins a sentence."""
        entry = self.known.names.get(word.text)
        return entry is not None and not entry.doubtful and not (word.opens and not self.tongue.cased)

    # Persons.

    def _person(self, row: list[_Word], span: tuple[int, int]) -> bool:
        first, last = self._bounds(row, span)
        words = row[first:last]
        if not 2 <= len(words) <= LONGEST_NAME or any(self.run.taken[word.start] for word in words):
            return False
        cyrillic = [CYRILLIC.match(word.text) is not None for word in words]
        if self.tongue.code in _CYRILLIC_TONGUES and not all(cyrillic):
            return False
        if self._given(words[0]):
            return True
        if not self.tongue.cased:
            return len(words) == 2 and self.identities.of(" ".join(word.text for word in words)) is not None
        surname = cyrillic[-1] and SURNAME.fullmatch(stem(words[-1].text)) is not None
        plain = words[0].opens or ADJECTIVE.search(words[0].low) is not None
        evident = self._role(row, first) or self._speaks(row, first, last)
        body = any(word.low.startswith(bodies()) or word.low in self.lower for word in words)
        return (evident and not body and (surname or not plain)) or (surname and not plain)

    def _bounds(self, row: list[_Word], span: tuple[int, int]) -> tuple[int, int]:
        """The bounds of a run without roles, small words and listed names at its head."""
        first, last = span
        while first < last and (
            row[first].low in self.small
            or row[first].low in self.tongue.roles
            or row[first].low.endswith(_ROLE_ENDS)
            or self.run.taken[row[first].start]
            or (row[first].opens and row[first].low in self.lower)
        ):
            first += 1
        given = next((at for at in range(first, last) if self._given(row[at])), None)
        if self.tongue.cased:
            return first if given is None or given == last - 1 else given, last
        # Nouns have capitals too: a name begins with a given one, and one more word ends it.
        if given is None:
            pairs = ((at - 1, at + 1) for at in range(first + 1, last))
            return next(
                (
                    pair
                    for pair in pairs
                    if self.identities.of(f"{row[pair[0]].text} {row[pair[0] + 1].text}")
                ),
                (first, last),
            )
        end = given + 1
        while end < last - 1 and (self._given(row[end]) or row[end].low in _PARTICLES):
            end += 1
        return given, min(last, end + 1)

    def _given(self, word: _Word) -> bool:
        """Whether a word is a first name; one that begins a sentence has no case: Стены is no Стен."""
        names = self.known.words["given_names"]
        if not CYRILLIC.match(word.text):
            return word.text in names
        forms = (word.low,) if word.opens else (word.low, *nominatives(word.low))
        return any(latin(form).capitalize() in names for form in forms)

    def _role(self, row: list[_Word], at: int) -> bool:
        """Whether a role stands before: президент Украины Иван Ли."""
        k = at - 1
        while k > 0 and self.run.taken[row[k].start] and not row[k + 1].gap.strip():
            k -= 1
        if k < 0 or row[k + 1].gap.strip():
            return False
        return row[k].low in self.tongue.roles or row[k].low.endswith(_ROLE_ENDS)

    def _speaks(self, row: list[_Word], first: int, last: int) -> bool:
        said = self.tongue.verbs
        after = last < len(row) and not row[last].gap.strip() and row[last].low in said
        before = first > 0 and not row[first].gap.strip() and row[first - 1].low in said
        return after or before

    def _note(self, words: Sequence[_Word]) -> None:
        name = " ".join(word.text for word in words)
        self.persons.setdefault(stem(words[-1].text), Counter())[name] += 1

    def _take_person(self, row: list[_Word], first: int, last: int) -> None:
        first, last = self._bounds(row, (first, last))
        words = row[first:last]
        forms = self.persons.get(stem(words[-1].text), Counter[str]())
        like = [form for form in forms if stem(form.split()[0]) == stem(words[0].text)]
        form = min(like, key=lambda one: (len(one), -forms[one]), default=None)
        entity = self.identities.of(" ".join(word.text for word in words))
        self.run.take(words[0].start, words[-1].end, Label.PERSON, entity, form)

    def _alone(self, row: list[_Word], at: int) -> None:
        word = row[at]
        if self.run.taken[word.start] or word.low in self.small or word.low in self.tongue.roles:
            return
        forms = self.persons.get(stem(word.text))
        if forms:
            name = min(forms, key=lambda one: (len(one), -forms[one]))
            self.run.take(word.start, word.end, Label.PERSON, self.identities.of(name), name.split()[-1])
            return
        entity = self.identities.of(word.text)
        cyrillic = CYRILLIC.match(word.text) is not None
        like = SURNAME.fullmatch(stem(word.text)) is not None if cyrillic else self.tongue.cased
        # глава Мюнхенської | конференції: a genitive after a role is no name.
        named = not cyrillic or GENITIVE.search(word.low) is None
        role = self._role(row, at) and (like or not self.tongue.cased) and named
        beside = self._speaks(row, at, at + 1) and like and not word.opens
        shown = (role or beside) and word.low not in self.lower and not word.letters
        if (
            entity is not None
            or (shown and self.tongue.code not in _CYRILLIC_TONGUES)
            or (shown and cyrillic)
        ):
            self.run.take(word.start, word.end, Label.PERSON, entity)


def _roman(word: str) -> bool:
    return not word.strip("IVXLC")
